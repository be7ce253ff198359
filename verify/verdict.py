"""Results: what a check says, as typed values.

Their JSON form is the published result format; see `verify schema`.
"""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, TypeAlias

from verify.models.condition import Value

Told: TypeAlias = str | tuple[str, ...]
"""What is said of a packet; several ids where these are rules."""

Shown: TypeAlias = Value | tuple[str, ...]
"""The value of an open field; several prefixes where an open announcement stands for several."""


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
class RouteRow:
    """A row of a route table as the console shows it; `state` is selected or a reason why not."""

    table: str
    prefix: str
    source: str
    next_hop: str
    as_path: tuple[int, ...]
    state: str


@dataclass(frozen=True, slots=True)
class Change:
    """The selected route of one table before and after a step; None is no route."""

    table: str
    prefix: str
    before: RouteRow | None
    after: RouteRow | None


@dataclass(frozen=True, slots=True)
class Step:
    """One activation of a run: which table updates, and what changes.

    `late` names the neighbours of which a newer message is still under way when
    the table updates; it is empty when the table knows the present state of all.
    """

    activate: str
    changes: tuple[Change, ...]
    late: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recovery:
    """What fails or is withdrawn and comes back, and the tables that then are not as they were.

    Each change has the route before the event and the one long after it.
    """

    failures: tuple[str, ...]
    withdrawn: tuple[str, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Counterexample:
    """A concrete run that violates a property, replayed by the plain simulator."""

    configuration: Mapping[str, Shown]  # open values made concrete, by path in the document
    readings: dict[str, Value]
    failures: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()  # sentences such as "vgw-1 prefers dc-1/r1 to dc-1/r2"
    prefix: str = ""
    routes: tuple[RouteRow, ...] = ()
    other_routes: tuple[RouteRow, ...] = ()  # the second stable state, where there are several
    recovery: Recovery | None = None  # how the second state follows on the first
    loop: tuple[str, ...] = ()
    stem: tuple[Step, ...] = ()
    cycle: tuple[Step, ...] = ()
    undelivered: Mapping[str, Told] = field(default_factory=dict)
    delivered: Mapping[str, Told] = field(default_factory=dict)  # what arrives although it is forbidden
    broken_rules: tuple[str, ...] = ()
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Example:
    """A run that a proof covers: a stable state in which routes or packets are carried.

    `packet` tells of one that is, by from, to, path, reason and detail.
    """

    configuration: Mapping[str, Shown]
    readings: Mapping[str, Value]
    failures: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    prefix: str = ""
    routes: tuple[RouteRow, ...] = ()
    packet: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Remedy:
    """One assignment of a set under which a property is proved."""

    set: str
    to: Value
    who: str  # vendor (a reading), operator (a choice of theirs) or change (of the configuration)


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
    proved_if: tuple[tuple[Remedy, ...], ...] = ()
    warnings: tuple[str, ...] = ()
    finding: str = ""


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
