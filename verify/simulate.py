"""The plain simulator: the routing problem with its guards evaluated, and nothing else.

It works on real routes with real AS_PATHs and shares no code with the universe,
the encoder or the boxes; what they claim is re-run here before it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from verify.models.network import Cell, Configuration, Link, Network
from verify.models.route import Route, Rung
from verify.models.universe import comparable
from verify.properties.no_routing_loops import forwarding_cycle

RouteState = dict[Cell, Route | None]


class Decision(NamedTuple):
    """The entry that decides at a table: its next hop, its prefix, its route (None for a static entry)."""

    next_hop: str
    prefix: str
    route: Route | None = None


class Simulator:
    """A network under one configuration."""

    def __init__(self, network: Network, configuration: Configuration, prefixes: Iterable[str]) -> None:
        self.network = network
        self.configuration = configuration
        self.prefixes = tuple(prefixes)
        self._ladders: dict[tuple[str, Route], tuple[int, ...]] = {}
        self._transfers: dict[tuple[str, Route], Route | None] = {}

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Every table with every prefix, in a fixed order."""
        return tuple(Cell(table, prefix) for prefix in self.prefixes for table in self.network.tables)

    @cached_property
    def origins(self) -> dict[Cell, list[Route]]:
        """The routes of its own that each cell has."""
        found: dict[Cell, list[Route]] = {}
        for origin in self.network.origins:
            if origin.route.prefix in self.prefixes and origin.present.holds(self.configuration):
                found.setdefault(Cell(origin.table, origin.route.prefix), []).append(origin.route)
        return found

    @cached_property
    def inhibitors(self) -> dict[Cell, list[Cell]]:
        """With overlapping routing off: the cells whose routes keep learned ones out of a cell."""
        active = {i.table for i in self.network.inhibitions if i.when.holds(self.configuration)}
        return {
            cell: [Cell(cell.table, other) for other in self.prefixes if comparable(cell.prefix, other)]
            for cell in self.cells
            if cell.table in active
        }

    def empty(self) -> RouteState:
        """The state before anything was learned."""
        return dict.fromkeys(self.cells)

    def passes(self, link: Link, route: Route | None) -> Route | None:
        """What a route becomes on a link; None where it does not pass."""
        if route is None:
            return None
        key = (link.id, route)
        if key not in self._transfers:
            arrived = [o.route for o in link.transfer(route) if o.when.holds(self.configuration)]
            self._transfers[key] = arrived[0] if arrived else None
        return self._transfers[key]

    def select(self, cell: Cell, offered: Iterable[Route], refuses: bool = False) -> Route | None:
        """The most preferred of a cell's own routes and what its neighbours offer."""
        available = list(self.origins.get(cell, ()))
        if not refuses:
            available += offered
        best = None
        for route in available:
            if best is None or self._prefers(cell.table, route, best):
                best = route
        return best

    def _prefers(self, table: str, left: Route, right: Route) -> bool:
        a, b = self._rank(table, left), self._rank(table, right)
        if a != b:
            return a < b
        first, second = self.network.session_of(left), self.network.session_of(right)
        return self.network.before(table, first, second).holds(self.configuration)

    def _rank(self, table: str, route: Route) -> tuple[int, ...]:
        key = (table, route)
        if key not in self._ladders:
            rungs = self.network.tables[table].ladder(route)
            self._ladders[key] = tuple(self._level(rung) for rung in rungs)
        return self._ladders[key]

    def _level(self, rung: Rung) -> int:
        if isinstance(rung, int):
            return rung
        return next(rank for when, rank in rung if when.holds(self.configuration))

    def offers(self, cell: Cell, state: RouteState) -> Iterator[Route]:
        """What the neighbours of a cell offer it in a state."""
        for link in self.network.links_to(cell.table):
            route = self.passes(link, state[Cell(link.source, cell.prefix)])
            if route is not None:
                yield route

    def refuses(self, cell: Cell, state: RouteState) -> bool:
        """Whether a cell refuses all learned routes because it has a comparable prefix."""
        return any(state[other] is not None for other in self.inhibitors.get(cell, ()))

    def update(self, cell: Cell, state: RouteState) -> Route | None:
        """What a cell selects when it reads the present state of all its neighbours."""
        return self.select(cell, self.offers(cell, state), self.refuses(cell, state))

    def is_stable(self, state: RouteState) -> bool:
        """Whether every cell holds its most preferred available route."""
        return all(self.update(cell, state) == state[cell] for cell in self.cells)

    def tie_breaks(self, cell: Cell, state: RouteState) -> Iterator[tuple[str, str, str]]:
        """Where only the fixed order of neighbours decided: the table, whom it chose, whom it passed over."""
        selected = state[cell]
        if selected is None or self.refuses(cell, state):
            return
        for route in self.offers(cell, state):
            same_rank = self._rank(cell.table, route) == self._rank(cell.table, selected)
            if same_rank and route.came_from != selected.came_from:
                yield cell.table, selected.came_from, route.came_from

    # --- forwarding ---------------------------------------------------------

    def next_hop(self, table: str, covering: tuple[str, ...], state: RouteState) -> str:
        """Where a table sends a packet to an address: a table, "" (arrived), "discard", or "none".

        `covering` are the prefixes that contain the address, longest first.
        """
        found = self.decision(table, covering, state)
        return "none" if found is None else found.next_hop

    def decision(self, table: str, covering: tuple[str, ...], state: RouteState) -> Decision | None:
        """The entry of a table that decides where a packet goes, or None."""
        if self.network.tables[table].down.holds(self.configuration):
            return None
        statics = [e for e in self.network.statics if e.table == table and e.when.holds(self.configuration)]
        for prefix in covering:
            for entry in statics:
                if entry.prefix == prefix and entry.first.holds(self.configuration):
                    return Decision(entry.next_hop, prefix)
        last: Decision | None = None
        for prefix in covering:
            for entry in statics:
                if entry.prefix == prefix:
                    return Decision(entry.next_hop, prefix)
            route = state.get(Cell(table, prefix))
            if route is None:
                continue
            origin = self.network.origin_of(route)
            if origin is None or not origin.aggregate.holds(self.configuration):
                return Decision(route.came_from if origin is None else origin.next_hop, prefix, route)
            last = last or Decision(origin.next_hop, prefix, route)
        return last

    def loop(self, covering: tuple[str, ...], state: RouteState) -> list[str]:
        """A forwarding cycle for the addresses under some prefixes, or []."""
        return forwarding_cycle(self.network.tables, lambda table: self.next_hop(table, covering, state))
