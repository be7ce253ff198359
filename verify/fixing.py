"""A fix: the cheapest changes, written into the text of the scenario, and verified there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from verify.actions import actions
from verify.check import CheckOptions, check
from verify.comparison import check_alike
from verify.load import Loaded, load
from verify.mending import Mending, cheapest, shortcomings
from verify.models.choices import possible
from verify.models.edits import Edit
from verify.models.intents import demands
from verify.models.open_announcements import with_candidates
from verify.models.prices import Charge, Prices
from verify.models.scenario import Document
from verify.ordering import Ordered, ordered
from verify.phrases import text_of
from verify.rewriting import rewritten
from verify.text_diff import text_diff
from verify.verdict import Result, Verdict

ASSUMED = "everything is proved under what was assumed for this run, which is not written into the file: "
GIVEN_UP = "the file has no intents, and by default this is no longer asked for after the change: "
MOST_NAMED = 5  # of what is no longer asked for
EXPECTATIONS = "expect in the file still names the verdicts of the design before the change"


class Answer(StrEnum):
    """What came out."""

    FIXED = "fixed"
    NOTHING = "nothing-to-fix"
    NONE = "no-fix"  # within the changes that are considered
    STOPPED = "stopped"  # by a limit, before a fix was found


class NotVerified(Exception):
    """A fix after which not everything is proved: a defect of the program."""


@dataclass(frozen=True, slots=True)
class Fix:
    """What was found for one scenario.

    `text` is that of the file after the change.  `after` is the result of checking it,
    None where there is no fix; `order` is None where there are no steps.
    """

    answer: Answer
    name: str
    file: str
    sha256: str
    mending: Mending
    charges: tuple[Charge, ...]
    text: str
    diff: str
    before: Result
    after: Result | None
    order: Ordered | None
    notes: tuple[str, ...] = ()

    @property
    def edits(self) -> tuple[Edit, ...]:
        return self.mending.edits or ()


def fix(file: str, text: str, options: CheckOptions, prices: Prices) -> Fix:
    """The cheapest fix of a scenario that is given with its text; what is assumed of a place stays as it is.

    Raises `InvalidScenario`, what `check` raises, and `NotVerified`.
    """
    loaded = load(file, text)
    before = check(loaded, replace(options, remedies=False))
    options = replace(options, properties=tuple(entry.id for entry in before.properties))
    prices = replace(prices, forbidden=(*prices.forbidden, *(key for key in options.assume if "." in key)))
    mending = cheapest(loaded, options, prices)
    edits = mending.edits
    found = Fix(
        answer=_answer(mending),
        name=before.name,
        file=loaded.file,
        sha256=loaded.sha256,
        mending=mending,
        charges=prices.charges(edits or ()) or (),
        text=text,
        diff="",
        before=before,
        after=before if edits == () else None,
        order=None,
    )
    if not edits:
        return found if edits is None else _verified(found)
    new = rewritten(text, edits)
    mended = load(file, new)
    after = check_alike(mended, options)
    found = _verified(replace(found, text=new, diff=text_diff(text, new, loaded.file), after=after))
    order = ordered(loaded, actions(loaded.root, edits), (before, after), options)
    notes = _notes(loaded.document.expect, after, options)
    return replace(found, order=order, notes=(*_given_up(loaded, mended), *notes))


def _given_up(before: Loaded, after: Loaded) -> tuple[str, ...]:
    """What the default intents asked for before the change and do not after it."""
    was, still = _asked(before.document), _asked(after.document)
    lost = [pair for pair in was if pair not in still]
    if not lost:
        return ()
    owners = {name: {end.owner for pair in was for end in pair if end.label == name} for name in _labels(was)}
    named = [" to ".join(_named(end, owners[end.label]) for end in pair) for pair in lost[:MOST_NAMED]]
    more = [f"{len(lost) - MOST_NAMED} more"] if len(lost) > MOST_NAMED else []
    return (GIVEN_UP + ", ".join((*named, *more)),)


class _End(NamedTuple):
    """A place from or to which traffic goes: two sites may have one prefix."""

    label: str
    owner: str


def _labels(pairs: Iterable[tuple[_End, _End]]) -> set[str]:
    return {end.label for pair in pairs for end in pair}


def _named(end: _End, owners: Collection[str]) -> str:
    return f"{end.label} of {end.owner}" if len(owners) > 1 else end.label


def _asked(document: Document) -> dict[tuple[_End, _End], None]:
    """The ends of the traffic that has to arrive."""
    found = (demand for demand in demands(with_candidates(document)) if True in possible(demand.allowed))
    return {
        (_End(ends[0].label, ends[0].owner), _End(ends[1].label, ends[1].owner)): None
        for ends in ((demand.source, demand.destination) for demand in found)
        if not (ends[0].active.is_false or ends[1].active.is_false)
    }


def _notes(expected: Mapping[str, str], after: Result, options: CheckOptions) -> tuple[str, ...]:
    """What a user has to know who takes the new file."""
    assumed = [f"{key} = {text_of(value)}" for key, value in options.assume.items()]
    if options.max_failures is not None:
        assumed.append(f"max_failures = {options.max_failures}")
    outdated = any(expected.get(entry.id, entry.verdict) != entry.verdict for entry in after.properties)
    notes = (ASSUMED + ", ".join(assumed) if assumed else "", EXPECTATIONS if outdated else "")
    return tuple(note for note in notes if note)


def _answer(mending: Mending) -> Answer:
    if mending.edits is None:
        return Answer.NONE if mending.smallest else Answer.STOPPED
    return Answer.FIXED if mending.edits else Answer.NOTHING


def _verified(found: Fix) -> Fix:
    """The fix, if everything is proved after it; what was vacuous before may still be."""
    if found.after is None:
        return found
    vacuous = [entry.id for entry in found.before.properties if entry.verdict is Verdict.VACUOUS]
    wrong = shortcomings(found.after, vacuous)
    if wrong:
        raise NotVerified(f"the fix does not verify: {', '.join(wrong)}")
    return found
