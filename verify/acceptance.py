"""Accepted risks: which findings of a result somebody answers for, and which acceptances do not hold.

An acceptance changes no verdict.  It holds for the finding of exactly its name, until its
last day is over; one that holds for nothing is a finding of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

from verify.glossary import PROPERTIES
from verify.spelling import nearest
from verify.verdict import Acceptance, PropertyResult, Result, StaleAcceptance, Verdict

BINDING = ("HARD", "INV")  # kinds of rule that decide
IN_WORDS = {"expired": "has expired", "unused": "is unused", "repeated": "is repeated"}


def settled(
    result: Result, given: Iterable[Acceptance], checked_only: tuple[str, ...], today: date | None
) -> Result:
    """The result with the acceptances that are about it.

    `checked_only` are the properties to which the check was restricted, if it was:
    an acceptance for another one is not looked at.  `today` is the present day in
    UTC where it is None.
    """
    mine = [
        each
        for each in given
        if each.scenario in ("", result.name) and not _out_of_scope(each.finding, checked_only)
    ]
    if not mine:
        return result
    day = today or datetime.now(UTC).date()
    stale = tuple(_stale(mine, set(names_in(result)), day))
    lapsed = [each.acceptance for each in stale]
    return replace(result, accepted=tuple(each for each in mine if each not in lapsed), stale=stale)


def names_in(result: Result) -> Iterator[str]:
    """The names of all findings of a result."""
    for rule in result.rules:
        yield from (breach.finding for breach in rule.breaches)
    yield from (entry.finding for entry in result.properties if entry.finding)


def names_of(result: Result, entry: PropertyResult) -> tuple[str, ...]:
    """The findings that keep a property from being proved; each breach of a binding rule is one."""
    if entry.verdict is Verdict.PROVED:
        return ()
    if entry.id != "documented-rules":
        return (entry.finding,)
    deciding = (rule for rule in result.rules if rule.kind in BINDING)
    return tuple(breach.finding for rule in deciding for breach in rule.breaches)


def acceptance_of(result: Result, finding: str) -> Acceptance | None:
    """The acceptance that holds for a finding, if there is one."""
    return next((each for each in result.accepted if each.finding == finding), None)


def is_accepted(result: Result, entry: PropertyResult) -> bool:
    """Whether a property is not proved, and somebody answers for everything that speaks against it."""
    names = names_of(result, entry)
    known = {each.finding for each in result.accepted}
    return bool(names) and known.issuperset(names)


def in_words(result: Result) -> str:
    """What the acceptances of a result come to, in a few words; "" without any."""
    words = []
    failing = [entry for entry in result.properties if entry.verdict is not Verdict.PROVED]
    accepted = [entry for entry in failing if is_accepted(result, entry)]
    if accepted:
        words.append("accepted" if accepted == failing else f"{len(accepted)} of {len(failing)} accepted")
    words += dict.fromkeys(f"an acceptance {IN_WORDS[each.problem]}" for each in result.stale)
    return ", ".join(words)


def _out_of_scope(finding: str, checked_only: tuple[str, ...]) -> bool:
    subject = finding.partition("/")[0]
    return bool(checked_only) and subject in PROPERTIES and subject not in checked_only


def _hint(unused: Acceptance, names: set[str]) -> str:
    close = nearest(unused.finding, sorted(names))
    if close:
        return f"did you mean {close}?"
    elsewhere = unused.file and not unused.scenario
    return "let the entry name its scenario, or take it out" if elsewhere else "take the entry out"


def _stale(mine: list[Acceptance], names: set[str], day: date) -> Iterator[StaleAcceptance]:
    seen: set[str] = set()
    for each in mine:
        if each.finding in seen:
            message = "the finding is accepted already"
            yield StaleAcceptance(each, "repeated", message)
        elif each.finding not in names:
            yield StaleAcceptance(each, "unused", f"there is no such finding; {_hint(each, names)}")
        elif each.expires < day:
            message = f"it was accepted by {each.owner} until {each.expires}, and today is {day}"
            yield StaleAcceptance(each, "expired", message)
        seen.add(each.finding)
