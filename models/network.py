"""The routing problem: tables, links with guards and transfers, origins.

This is the one description of the network that the universe, the encoder and the
simulator read.  It names no solver, and it holds no state: what a route becomes
on a link is a function of the route alone, with a condition for when.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple, TypeAlias, cast

from .choices import Choice
from .condition import FALSE, TRUE, Condition, Value, all_of, any_of
from .open_announcements import Announcement
from .route import Outcome, Path, Route, Rung, are_orders, climbs_above, order_choice

MEMORIES = ("_orders", "_ranked", "_passed")
CUT_OFF = "line down"


def unexplained(_: Route, __: Mapping[str, Value]) -> str:
    """The obstacle on a link of which no reason is known."""
    return "not-passed-on"


class Kind(StrEnum):
    """The kinds of table."""

    ROUTER = "data centre router"
    GATEWAY = "VPN gateway"
    VPC = "VPC system route table"
    CEN = "CEN"
    VBR = "virtual border router"
    NODE = "gadget node"


class Cell(NamedTuple):
    """What a table holds for one prefix."""

    table: str
    prefix: str


Ladder: TypeAlias = tuple[Rung, ...]


class Standing(NamedTuple):
    """What a table's preferences observe of a route: its neighbour, its rungs, whether it is long."""

    session: str
    ladder: Ladder
    long: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A place that holds routes; `ladder` ranks them, most important rung first.

    While `down` holds the device behind it has failed: no link reaches it, it has no
    route of its own, and a packet that is sent to it is lost.
    """

    id: str
    kind: Kind
    ladder: Callable[[Route], Ladder] = field(compare=False)
    down: Condition = FALSE


@dataclass(frozen=True, slots=True)
class Link:
    """A way by which routes pass from one table to another.

    `session` is the neighbour as the receiving table ranks it: links that cannot
    both deliver share one.  `transfer` gives the possible outcomes for a route,
    at most one of which happens in any configuration; none means refused, and
    `obstacle` says why (a code of `models/reasons.py`).
    """

    id: str
    source: str
    target: str
    session: str
    transfer: Callable[[Route], tuple[Outcome, ...]] = field(compare=False)
    obstacle: Callable[[Route, Mapping[str, Value]], str] = field(default=unexplained, compare=False)


@dataclass(frozen=True, slots=True)
class Origin:
    """A route that a table has of its own while `present` holds.

    `next_hop` is "" where a packet has arrived, "discard" for a black hole, `CUT_OFF` where
    the line is down, else a table.  While `aggregate` holds a shorter entry goes first.
    """

    id: str
    table: str
    route: Route
    present: Condition
    next_hop: str = ""
    aggregate: Condition = FALSE


@dataclass(frozen=True, slots=True)
class StaticEntry:
    """A forwarding entry that is not learned and not passed on; beats a route to the same prefix.

    While `first` holds it is looked up before learned routes, so it beats longer ones as well.
    """

    table: str
    prefix: str
    next_hop: str  # a table, "" where a packet has arrived, "discard" or `CUT_OFF`
    when: Condition = TRUE
    first: Condition = FALSE


@dataclass(frozen=True, slots=True)
class Inhibition:
    """While `when` holds, `table` refuses learned routes for a prefix comparable to one that it has."""

    table: str
    when: Condition


class Configuration(dict[str, Value]):
    """A value for each choice; what is left out has its default (an order: as listed)."""

    def __init__(self, values: Mapping[str, Value], choices: Mapping[str, Choice] | None = None) -> None:
        super().__init__(values)
        self.choices = choices or {}

    def __missing__(self, name: str) -> Value:
        if name in self.choices:
            return self.choices[name].default
        if name.startswith("order:"):
            return True
        raise KeyError(name)


@dataclass(frozen=True)
class Network:
    """A routing problem: one structure of tables and links, with everything undecided as choices.

    `constraints` restrict the choices (at most k failures, ASNs that differ).
    `length_bound` is the longest AS_PATH that a stable state can hold and
    `count_bound` the most occurrences of one ASN that any check distinguishes.
    `canonical` reduces an AS_PATH to what later steps can observe.
    """

    tables: Mapping[str, Table]
    links: tuple[Link, ...]
    origins: tuple[Origin, ...]
    choices: Mapping[str, Choice]
    statics: tuple[StaticEntry, ...] = ()
    inhibitions: tuple[Inhibition, ...] = ()
    constraints: tuple[Condition, ...] = ()
    announcements: tuple[Announcement, ...] = ()
    length_bound: int = 1 << 30
    count_bound: int = 1 << 30
    canonical: Callable[[Path], Path] = field(default=lambda path: path, compare=False)
    variant: str = ""

    def __post_init__(self) -> None:
        outgoing: dict[str, list[Link]] = {table: [] for table in self.tables}
        incoming: dict[str, list[Link]] = {table: [] for table in self.tables}
        for link in self.links:
            outgoing[link.source].append(link)
            incoming[link.target].append(link)
        for memory in MEMORIES:
            object.__setattr__(self, memory, {})
        object.__setattr__(self, "_outgoing", outgoing)
        object.__setattr__(self, "_incoming", incoming)
        object.__setattr__(self, "_sessions", {link.id: link.session for link in self.links})
        object.__setattr__(self, "_origins", {origin.id: origin for origin in self.origins})

    def constrained(self, further: tuple[Condition, ...]) -> Network:
        """The network under further constraints; what one remembers the other knows."""
        other = replace(self, constraints=(*self.constraints, *further))
        for memory in MEMORIES:
            object.__setattr__(other, memory, self.__dict__[memory])
        return other

    def links_from(self, table: str) -> list[Link]:
        """The links over which a table passes routes on."""
        return cast(list[Link], self.__dict__["_outgoing"][table])

    def links_to(self, table: str) -> list[Link]:
        """The links over which a table learns routes."""
        return cast(list[Link], self.__dict__["_incoming"][table])

    def outcomes(self, link: Link, route: Route) -> tuple[Outcome, ...]:
        """What a route can become on a link; remembered, as problems of a network have routes in common."""
        known: dict[tuple[str, Route], tuple[Outcome, ...]] = self.__dict__["_passed"]
        if (link.id, route) not in known:
            known[link.id, route] = link.transfer(route)
        return known[link.id, route]

    def origin_of(self, route: Route) -> Origin | None:
        """The origin of a route that was not learned."""
        return cast(Origin | None, self.__dict__["_origins"].get(route.link))

    def session_of(self, route: Route) -> str:
        """The neighbour that a route came from, as the table ranks neighbours."""
        return cast(str, self.__dict__["_sessions"].get(route.link, route.link))

    def standing(self, table: str, route: Route) -> Standing:
        """All that the preferences of a table observe of a route."""
        session, ladder = self.session_of(route), self.tables[table].ladder
        if route.long:  # its path only says which ASNs it contains; the real one is longer than any other
            route = route._replace(path=(0,) * (self.length_bound + 1))
        return Standing(session, ladder(route), route.long)

    def ranks(self, table: str, left: Standing, right: Standing) -> Condition:
        """When `table` strictly prefers routes with one standing to routes with another.

        Two long routes are never ranked here: how long they are is not known.
        """
        if left.long and right.long:
            return FALSE
        known: dict[tuple[str, Standing, Standing], Condition] = self.__dict__["_ranked"]
        key = (table, left, right)
        if key not in known:
            better, tie = climbs_above(left.ladder, right.ladder)
            if not (better.is_true or tie.is_false):
                better = any_of((better, all_of((tie, self.before(table, left.session, right.session)))))
            known[key] = better
        return known[key]

    def before(self, table: str, left: str, right: str) -> Condition:
        """When `table` ranks neighbour `left` before `right`."""
        if left == right:
            return FALSE
        first, second = sorted((left, right))
        choice = order_choice(table, first, second)
        self.__dict__["_orders"][choice.name] = (table, first, second)
        return choice.equals(left == first)

    def order(self, name: str) -> tuple[str, str, str]:
        """The table and the two neighbours that an order choice ranks."""
        return cast(tuple[str, str, str], self.__dict__["_orders"][name])

    def allows(self, configuration: Mapping[str, Value]) -> bool:
        """Whether a configuration keeps the constraints and its orders of neighbours are orders."""
        if not all(constraint.holds(configuration) for constraint in self.constraints):
            return False
        orders = [name for name in configuration if name in self.__dict__["_orders"]]
        return are_orders((*self.order(name), bool(configuration[name])) for name in orders)
