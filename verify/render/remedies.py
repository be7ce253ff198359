"""Under what a property would be proved, as text: the sets by who has to act, those of one kind first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from verify.glossary import WHO
from verify.render.layout import Page
from verify.render.witness import section, value_text
from verify.verdict import Remedies, Remedy

MOST_SHOWN = 12  # sets, where not everything is shown
SHORT = {"vendor": "vendor", "operator": "you", "change": "change"}
TOGETHER = "Only together (vendor: must confirm; you: can decide; change: of the design)"
Line = tuple[str, str]  # what is set to what, and who does so


def remedy_lines(remedies: Remedies | None, page: Page, *, full: bool = False) -> list[str]:
    """The minimal sets of readings, choices and changes that would make the property hold."""
    if remedies is None:
        return []
    shown = remedies.sets if full else remedies.sets[:MOST_SHOWN]
    told: list[str] = []
    for title, texts in grouped_by_who(shown).items():
        told += page.paragraph(f"{title}:", indent=4)
        for text in texts:
            told += page.paragraph(f"- {text}", indent=6, hanging=8)
    told += page.paragraph(extent(remedies, len(shown)), indent=4)
    return section(title_of(remedies), told, page)


def grouped_by_who(sets: Sequence[Sequence[Remedy]]) -> dict[str, list[str]]:
    """The sets as texts, by who has to act; those that need several people last."""
    groups: dict[str, list[str]] = {title: [] for title in (*WHO.values(), TOGETHER)}
    for alternative in sets:
        who = {remedy.who for remedy in alternative}
        title = WHO[next(iter(who))] if len(who) == 1 else TOGETHER
        lines = assignments(alternative)
        texts = [f"{text} ({SHORT[name]})" if len(who) > 1 else text for text, name in lines]
        groups[title].append(" and ".join(texts))
    return {title: texts for title, texts in groups.items() if texts}


def assignments(alternative: Sequence[Remedy]) -> Iterator[Line]:
    """What a set sets; one value for all tunnels of a connection is said once."""
    joined: dict[tuple[str, str, str], list[str]] = {}
    for remedy in alternative:
        path = re.sub(r"\.tunnels\.\d+\.", ".tunnels.*.", remedy.set)
        joined.setdefault((path, value_text(remedy.to), remedy.who), []).append(remedy.set)
    for (path, value, who), places in joined.items():
        yield f"{path if len(places) > 1 else places[0]} = {value}", who


def title_of(remedies: Remedies) -> str:
    if not remedies.sets:
        return "Proved if: nothing found"
    return "Proved if one of these holds" if len(remedies.sets) > 1 else "Proved if"


def extent(remedies: Remedies, shown: int) -> str:
    """Whether these are all sets, and up to which size."""
    more = len(remedies.sets) - shown
    rest = f"And {more} more (-v and JSON show them). " if more else ""
    if not remedies.complete:
        return f"{rest}There may be others: the search stopped at its bound."
    number = "No set" if not remedies.sets else "No other set"
    return f"{rest}{number} of at most {remedies.size} such values is enough by itself."
