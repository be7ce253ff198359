"""Results: what a check says, as typed values.

Their JSON form is the published result format; see `verify schema`.
"""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from verify.models.condition import Value
from verify.shown import Change, Counterexample, Example, Recovery, RouteRow, Shown, Step, Told

__all__ = [
    "Acceptance",
    "Change",
    "Counterexample",
    "Example",
    "Expectation",
    "PropertyResult",
    "Recovery",
    "Remedies",
    "Remedy",
    "RestsOn",
    "Result",
    "RouteRow",
    "RuleBreach",
    "RuleStatus",
    "Shown",
    "StaleAcceptance",
    "Step",
    "Told",
    "Verdict",
]


class Verdict(StrEnum):
    """What is known of a property; the order of definition is not an order of strength."""

    PROVED = "proved"  # holds for every reading, open value, order, event and schedule
    CONDITIONAL = "conditional"  # holds for some readings, fails for others
    VIOLATED = "violated"  # fails for some open values whatever the reading
    UNKNOWN = "unknown"  # not decided: a limit, a bound, or no witness
    VACUOUS = "vacuous"  # nothing to hold over: no stable state, nothing carried, contradictory assumptions


@dataclass(frozen=True, slots=True)
class RuleBreach:
    """One group of objects that breaks a rule, and the name by which that can be accepted."""

    finding: str
    objects: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True)
class RuleStatus:
    """What became of one rule in one document.

    `status` is kept, broken, open or not-applicable; `kind` HARD, INV, REC or BEH.
    An open rule is broken for the open values in `breaks_when` (path in the
    document to value).
    """

    id: str
    status: str
    kind: str
    objects: tuple[str, ...]
    message: str
    source: str
    breaks_when: dict[str, Value] = field(default_factory=dict)
    breaches: tuple[RuleBreach, ...] = ()


@dataclass(frozen=True, slots=True)
class Remedy:
    """One assignment of a set under which a property is proved."""

    set: str
    to: Shown
    who: str  # vendor (a reading), operator (a choice of theirs) or change (of the configuration)


@dataclass(frozen=True, slots=True)
class Remedies:
    """Minimal sets under which a property is proved; no remedy of a set can be left out.

    `complete` says that these are all that consist of at most `size` moves; a move sets
    one value, or that of both tunnels of a connection.
    """

    sets: tuple[tuple[Remedy, ...], ...]
    size: int
    complete: bool


@dataclass(frozen=True, slots=True)
class RestsOn:
    """What a proof depends on: ids of assumptions, readings covered, bounds, how it was certified."""

    assumptions: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()  # the open readings over which it was proved
    bounds: dict[str, int] = field(default_factory=dict)
    certificate: str = ""
    notes: tuple[str, ...] = ()  # for example: "some choices have no stable state"


@dataclass(frozen=True, slots=True)
class PropertyResult:
    """The verdict on one property, and its evidence.

    `kind` tells violations apart: broken-rule, forwarding-loop, no-stable-state,
    several-stable-states, unreached-stable-state, count-to-infinity.  For unknown
    and vacuous, `summary` says why.  `finding` is the name by which what was found
    can be accepted; of `documented-rules` each breach of a rule has one instead.
    """

    id: str
    verdict: Verdict
    summary: str
    kind: str = ""
    rests_on: RestsOn | None = None
    example: Example | None = None  # of what was proved
    counterexample: Counterexample | None = None
    further: tuple[Counterexample, ...] = ()  # of other kinds than the first
    remedies: Remedies | None = None
    warnings: tuple[str, ...] = ()
    finding: str = ""

    @builtins.property
    def proved_if(self) -> tuple[tuple[Remedy, ...], ...]:
        """The sets under which the property is proved."""
        return () if self.remedies is None else self.remedies.sets


@dataclass(frozen=True, slots=True)
class Expectation:
    """A verdict that is expected, and whether it came out; `named` if the scenario says it itself."""

    property: str
    expected: str
    found: str
    named: bool = True

    @builtins.property
    def met(self) -> bool:
        return self.expected == self.found


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A finding that somebody answers for, up to and including the day `expires`.

    `file` is "" where the scenario itself says so; line and column are those of the
    entry.  `scenario` restricts an entry of a separate file to the scenario of that name.
    """

    finding: str
    reason: str
    owner: str
    expires: date
    file: str = ""
    line: int = 1
    column: int = 1
    scenario: str = ""


@dataclass(frozen=True, slots=True)
class StaleAcceptance:
    """An acceptance that does not hold: `problem` is expired, unused or repeated, `message` a sentence."""

    acceptance: Acceptance
    problem: str
    message: str


@dataclass(frozen=True, slots=True)
class Result:
    """Everything that one check of one scenario found."""

    name: str
    sha256: str
    verdict: Verdict
    rules: tuple[RuleStatus, ...]
    properties: tuple[PropertyResult, ...]
    not_checked: tuple[tuple[str, str], ...] = ()  # (property id, why)
    warnings: tuple[str, ...] = ()
    expectations: tuple[Expectation, ...] = ()
    accepted: tuple[Acceptance, ...] = ()  # those that hold, for findings of this result
    stale: tuple[StaleAcceptance, ...] = ()
    positions: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # line and column, by id
    stats: dict[str, Any] = field(default_factory=dict)
