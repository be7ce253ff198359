"""Exit statuses: what a run of the command tells the shell."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

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

    A scenario that expects anything also expects `proved` of each property that it does not name.
    """
    if not result.expectations:
        return ()
    named = {entry.property for entry in result.expectations}
    silent = [p.id for p in result.properties if p.id not in named and p.verdict is not Verdict.PROVED]
    return (*(entry.property for entry in result.expectations if not entry.met), *silent)


def exit_status(result: Result) -> ExitStatus:
    """The status of one checked scenario."""
    if result.expectations:
        return ExitStatus.VIOLATED if missed(result) else ExitStatus.FINE
    match result.verdict:
        case Verdict.PROVED:
            return ExitStatus.FINE
        case Verdict.VIOLATED:
            return ExitStatus.VIOLATED
    return ExitStatus.UNDECIDED


def worst(statuses: Iterable[ExitStatus]) -> ExitStatus:
    """The status that counts for several scenarios."""
    return min(statuses, key=SEVERITY.index, default=ExitStatus.FINE)
