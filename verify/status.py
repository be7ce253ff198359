"""Exit statuses: what a run of the command tells the shell."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from verify.acceptance import is_accepted
from verify.verdict import Result, Verdict


class ExitStatus(IntEnum):
    """0 as wanted, 1 violated, 2 bad input, 3 undecided, 4 a fault of the program, 130 interrupted."""

    FINE = 0
    VIOLATED = 1
    BAD_INPUT = 2
    UNDECIDED = 3
    INTERNAL = 4
    INTERRUPTED = 130


SEVERITY = (
    ExitStatus.INTERRUPTED,
    ExitStatus.INTERNAL,
    ExitStatus.BAD_INPUT,
    ExitStatus.VIOLATED,
    ExitStatus.UNDECIDED,
    ExitStatus.FINE,
)


def missed(result: Result) -> tuple[str, ...]:
    """The properties that came out otherwise than the scenario expects.

    A scenario that expects anything also expects `proved` of each property that it does not name,
    unless what was found of it is accepted.
    """
    if not result.expectations:
        return ()
    accepted = {entry.id for entry in result.properties if is_accepted(result, entry)}
    named = {entry.property for entry in result.expectations if entry.named}
    unmet = [e.property for e in result.expectations if not e.met and e.property not in accepted - named]
    listed = {entry.property for entry in result.expectations} | accepted
    silent = [p.id for p in result.properties if p.id not in listed and p.verdict is not Verdict.PROVED]
    return (*unmet, *silent)


def exit_status(result: Result) -> ExitStatus:
    """The status of one checked scenario.

    What is accepted does not count.  An acceptance that does not hold counts like an expectation
    that is missed.
    """
    if result.stale:
        return ExitStatus.VIOLATED
    if result.expectations:
        return ExitStatus.VIOLATED if missed(result) else ExitStatus.FINE
    open_findings = {entry.verdict for entry in result.properties if not is_accepted(result, entry)}
    if Verdict.VIOLATED in open_findings:
        return ExitStatus.VIOLATED
    fine = result.properties and open_findings <= {Verdict.PROVED}
    return ExitStatus.FINE if fine else ExitStatus.UNDECIDED


def worst(statuses: Iterable[ExitStatus]) -> ExitStatus:
    """The status that counts for several scenarios."""
    return min(statuses, key=SEVERITY.index, default=ExitStatus.FINE)
