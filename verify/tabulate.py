"""Route states as rows of route tables."""

from __future__ import annotations

from verify.models.network import Cell
from verify.models.route import AsTerm, Route
from verify.models.sessions import UNSEEN
from verify.simulate import RouteState, Simulator
from verify.verdict import RouteRow


def rows(simulator: Simulator, state: RouteState) -> tuple[RouteRow, ...]:
    """What every table holds: its selected routes, and what it was offered and did not select."""
    found = []
    for cell in simulator.cells:
        selected = state[cell]
        found += _statics(simulator, cell)
        if selected is not None:
            found.append(row(simulator, cell, selected, "selected"))
        refuses = simulator.refuses(cell, state)
        available = [*simulator.origins.get(cell, ()), *simulator.offers(cell, state)]
        reason = "refused: overlaps another route" if refuses else "not preferred"
        found += [row(simulator, cell, route, reason) for route in available if route != selected]
    return tuple(found)


def _statics(simulator: Simulator, cell: Cell) -> list[RouteRow]:
    """The static entries of a table, which are not learned; they beat a route to the same prefix."""
    return [
        RouteRow(cell.table, cell.prefix, "static", entry.next_hop or "local", (), "goes first")
        for entry in simulator.network.statics
        if (entry.table, entry.prefix) == cell and entry.when.holds(simulator.configuration)
    ]


def decided_by_order(simulator: Simulator, *states: RouteState) -> tuple[str, ...]:
    """The unknown preferences among equal neighbours on which some states depend, as sentences."""
    found = {
        f"{table} prefers {chosen} to {other} when nothing else decides": None
        for state in states
        for cell in simulator.cells
        for table, chosen, other in simulator.tie_breaks(cell, state)
    }
    return tuple(found)


def row(simulator: Simulator, cell: Cell, route: Route, state: str) -> RouteRow:
    """One route as its table shows it."""
    origin = simulator.network.origin_of(route)
    next_hop = route.came_from if origin is None else origin.next_hop or "local"
    path = tuple(_number(simulator, term) for term in route.path)
    return RouteRow(cell.table, cell.prefix, str(route.source), next_hop, path, state)


def _number(simulator: Simulator, term: AsTerm) -> int:
    if isinstance(term, str) and term in simulator.network.choices:
        return int(simulator.configuration[term])
    return int(term) if str(term).isdigit() and int(term) < UNSEEN else 0
