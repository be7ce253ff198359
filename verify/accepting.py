"""What is wrong with entries of `accept`, checked on plain JSON values."""

from __future__ import annotations

from collections.abc import Iterator

from verify.faults import Objection, path_of
from verify.glossary import KINDS, PROPERTIES, WHY_UNKNOWN
from verify.models.reasons import REASONS
from verify.models.rulebook import BY_ID as RULES
from verify.models.values import Misfit, Place, describe
from verify.naming import ADVICE, VERDICTS
from verify.references import MOST_SUGGESTIONS, parts
from verify.spelling import nearest

SHAPE = "the name of a finding as a result shows it, such as R14/violated@vgw-1,vgw-2"
SUBJECTS = (*RULES, *(name for name in PROPERTIES if name != "documented-rules"))
KINDS_OF_FINDING = (*KINDS, *WHY_UNKNOWN, *(reason.id for reason in REASONS))


def faulty_acceptances(root: object) -> Iterator[Objection]:
    """Names that no finding can have, and findings that are accepted twice."""
    seen: dict[object, Place] = {}
    for count, (place, item) in enumerate(parts(root, ("accept",))):
        name, about = item.get("finding"), item.get("scenario")
        if not isinstance(name, str):
            continue
        misfit = _wrong_name(name, suggest=count < MOST_SUGGESTIONS)
        if misfit is not None:
            yield Objection((*place, "finding"), misfit)
        first = seen.setdefault((name, about if isinstance(about, str) else ""), place)
        if first != place:
            hint = f"{path_of(first)} has it already"
            yield Objection((*place, "finding"), Misfit(describe(name), "each finding once", hint))


def _wrong_name(name: str, *, suggest: bool) -> Misfit | None:
    """What is wrong with the words of a name; which objects there are only a result knows."""
    subject, *words = name.partition("@")[0].split("/")
    if subject == "documented-rules":
        hint = "each broken rule is a finding of its own"
        return Misfit(describe(name), SHAPE, hint)
    if subject not in SUBJECTS:
        return Misfit(describe(name), SHAPE, _meant(subject, SUBJECTS) if suggest else "")
    verdicts = ("violated", "conditional", ADVICE) if subject in RULES else VERDICTS
    if not words or words[0] not in verdicts:
        given = words[0] if words else ""
        hint = _meant(given, verdicts) if given and suggest else ""
        return Misfit(describe(name), SHAPE, hint or f"after {subject}/ comes {' or '.join(verdicts)}")
    kinds = () if subject in RULES else KINDS_OF_FINDING
    wrong = [word for word in words[1:] if word not in kinds]
    if wrong or len(words) > 2:
        return Misfit(describe(name), SHAPE, _meant(wrong[0], kinds) if wrong and suggest else "")
    return None


def _meant(word: str, known: tuple[str, ...]) -> str:
    close = nearest(word, known) if len(word) <= 200 else None
    return f"did you mean {close}?" if close else ""
