"""What is shown of a network: route tables, runs, counterexamples and examples, as typed values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from verify.models.condition import Value

Told: TypeAlias = str | tuple[str, ...]
"""What is said of a packet; several ids where these are rules."""

Shown: TypeAlias = Value | tuple[str, ...]
"""The value of an open field; several prefixes where an open announcement stands for several."""


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
    any_value: tuple[str, ...] = ()  # open values that do not matter, by path in the document
    departures: Mapping[str, int] = field(default_factory=dict)  # how many of each kind
    smallest: bool = False  # whether no violation has fewer departures
    replayed: bool = False
    kind: str = ""  # of the violation, and what happens in one sentence
    summary: str = ""


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
