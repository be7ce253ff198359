"""Where packets to one address go in a stable state, and which routes take them to where they arrive."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from verify.models.network import CUT_OFF, Cell, Link
from verify.models.route import Route
from verify.simulate import Decision, RouteState, Simulator


@dataclass(frozen=True)
class Forwarding:
    """The forwarding of a stable state for one address.

    `covering` are the prefixes that contain the address, longest first; `arrivals` are
    the origins at which a packet to it has arrived.
    """

    simulator: Simulator
    state: RouteState
    covering: tuple[str, ...]
    arrivals: frozenset[str]

    @cached_property
    def wanted(self) -> tuple[str, ...]:
        """The prefixes under which a packet can arrive, longest first."""
        origins = [o for o in self.simulator.network.origins if o.id in self.arrivals]
        return tuple(prefix for prefix in self.covering if any(o.route.prefix == prefix for o in origins))

    def walk(self, start: str) -> tuple[tuple[str, ...], str]:
        """The tables that a packet passes, and how it ends."""
        path = [start]
        while True:
            here = path[-1]
            if self.is_down(here):
                return tuple(path), "down"
            decision = self.decision(here)
            if decision is None:
                return tuple(path), "none"
            if decision.next_hop not in self.simulator.network.tables:
                delivered = decision.route is not None and decision.route.link in self.arrivals
                ends = {"": "arrived" if delivered else "elsewhere", "discard": "discard", CUT_OFF: "cut off"}
                return tuple(path), ends[decision.next_hop]
            if decision.next_hop in path:
                return (*path, decision.next_hop), "circle"
            path.append(decision.next_hop)

    def decision(self, table: str) -> Decision | None:
        return self.simulator.decision(table, self.covering, self.state)

    def is_down(self, table: str) -> bool:
        return self.simulator.network.tables[table].down.holds(self.simulator.configuration)

    def is_good(self, cell: Cell) -> bool:
        """Whether a table's route for a prefix comes from where packets arrive."""
        table, route, seen = cell.table, self.state.get(cell), {cell.table}
        while route is not None and route.came_from:
            table = route.came_from
            if table in seen:
                return False
            seen.add(table)
            route = self.state.get(Cell(table, cell.prefix))
        if route is None:
            return False
        if route.link in self.arrivals:
            return True
        return is_static(self.simulator, route) and self.walk(table)[1] == "arrived"

    def offers(self, cell: Cell) -> Iterator[tuple[Link, Route]]:
        """The good routes that the neighbours of a table hold."""
        for link in self.simulator.network.links_to(cell.table):
            route = self.state.get(Cell(link.source, cell.prefix))
            if route is not None and self.is_good(Cell(link.source, cell.prefix)):
                yield link, route


def is_static(simulator: Simulator, route: Route) -> bool:
    """Whether a route is a custom entry that points to another table."""
    origin = simulator.network.origin_of(route)
    return origin is not None and origin.next_hop in simulator.network.tables
