"""From numbered routes of a universe back to real ones with real AS_PATHs."""

from __future__ import annotations

from verify.concrete import ConcreteProblem, State
from verify.models.network import Cell
from verify.models.route import Route
from verify.simulate import RouteState, Simulator


def realise(problem: ConcreteProblem, state: State, simulator: Simulator) -> RouteState:
    """The state with every AS_PATH in full; equal to `state` in all that can be observed.

    A path is rebuilt from the neighbour's, so the recursion ends at an origin or
    where the path was lost.  A route whose neighbour does not hold what fed it
    (possible only in a state that is not stable) keeps its numbered form.
    """
    found: RouteState = simulator.empty()
    under_way: set[Cell] = set()

    def real(cell: Cell) -> Route | None:
        index = state.get(cell)
        if index is None:
            return None
        if found[cell] is not None:
            return found[cell]
        numbered = problem.universe.routes[index]
        if index in problem.universe.origin_of or cell in under_way:
            return numbered
        under_way.add(cell)
        link = next(k for k in simulator.network.links_to(cell.table) if k.id == numbered.link)
        arrived = simulator.passes(link, real(Cell(link.source, cell.prefix)))
        under_way.discard(cell)
        return arrived if arrived is not None else numbered

    for cell in state:
        if state[cell] is not None:
            found[cell] = real(cell)
    return found
