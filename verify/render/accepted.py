"""Accepted risks as text: the name of each finding, who answers for it, and acceptances that do not hold."""

from __future__ import annotations

from collections.abc import Sequence

from verify.acceptance import BINDING, acceptance_of, is_accepted
from verify.findings import accepted_by
from verify.render.layout import Page
from verify.verdict import PropertyResult, Result

MOST_NAMES = 20  # of one property, where not everything is shown
OTHERS = "Only this finding is accepted. Other violations of the property may hide behind it."


def name_lines(names: Sequence[str], result: Result, page: Page, indent: int = 2) -> list[str]:
    """Each name in a line of its own, to be copied, and below it who accepts the finding."""
    lines = []
    for name in names:
        lines += page.paragraph(f"Finding: {name}", indent, indent + 2)
        acceptance = acceptance_of(result, name)
        if acceptance is not None:
            told = accepted_by(acceptance)
            lines += page.paragraph(told[0].upper() + told[1:], indent + 2, indent + 4)
    return lines


def finding_lines(entry: PropertyResult, result: Result, page: Page, *, full: bool) -> list[str]:
    """The names of what keeps a property from being proved."""
    if entry.id != "documented-rules":
        lines = name_lines((entry.finding,) if entry.finding else (), result, page)
        return [*lines, *page.paragraph(OTHERS, 4)] if is_accepted(result, entry) else lines
    names = [breach.finding for rule in result.rules if rule.kind in BINDING for breach in rule.breaches]
    shown = names if full else names[:MOST_NAMES]
    left = len(names) - len(shown)
    more = page.paragraph(f"and {left} more findings; -v shows them", 2) if left else []
    return [*name_lines(shown, result, page), *more]


def mark(entry: PropertyResult, result: Result) -> str:
    """What stands before the summary of a property that is accepted."""
    return "accepted: " if is_accepted(result, entry) else ""
