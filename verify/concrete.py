"""A universe under one configuration: plain sets and comparisons, no solver.

Convergence by shrinking boxes (Üresin and Dubois 1990; Daggitt, Gurney and
Griffin 2018): a box gives each cell a set of values that it may hold, None for no
route.  One step keeps what a cell can select when each of its neighbours
independently holds anything in its box.  If the boxes shrink to one value each,
every asynchronous run from every start ends there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from verify.models.network import Cell, Configuration
from verify.models.route import level
from verify.models.universe import Universe

Selection = int | None
Box = frozenset[Selection]
Boxes = dict[Cell, Box]
State = dict[Cell, Selection]


@dataclass(frozen=True)
class Session:
    """What one neighbour offers a cell: its cell, and what each of its routes becomes (None: refused)."""

    name: str
    source: Cell
    offers: Mapping[int, int]


@dataclass(frozen=True)
class ConcreteProblem:
    """A universe with every guard evaluated."""

    universe: Universe
    configuration: Configuration

    @cached_property
    def sessions(self) -> dict[Cell, tuple[Session, ...]]:
        """The neighbours of each cell that can offer it something."""
        return {cell: tuple(self._sessions_of(cell)) for cell in self.universe.cells}

    @cached_property
    def origins(self) -> dict[Cell, tuple[int, ...]]:
        """The routes of its own that each cell has now."""
        return {
            cell: tuple(i for i in routes if i in self.universe.origin_of and self._present(i))
            for cell, routes in self.universe.cells.items()
        }

    @cached_property
    def inhibitors(self) -> dict[Cell, tuple[Cell, ...]]:
        """The cells whose routes keep learned ones out of a cell."""
        return {
            cell: tuple(other for other, when in others if when.holds(self.configuration))
            for cell, others in self.universe.inhibits.items()
        }

    @cached_property
    def _places(self) -> dict[int, tuple[tuple[int, ...], str, bool]]:
        return {}

    @cached_property
    def _before(self) -> dict[tuple[str, str, str], bool]:
        return {}

    def better(self, left: int, right: int) -> bool:
        """Whether a cell strictly prefers one of its routes to another; never, where both are long."""
        (above, first, long), (below, second, both) = self._place(left), self._place(right)
        if long and both:
            return False
        if above != below:
            return above < below
        key = (self.universe.cell_of[left].table, first, second)
        if key not in self._before:
            self._before[key] = self.universe.network.before(*key).holds(self.configuration)
        return self._before[key]

    def _place(self, index: int) -> tuple[tuple[int, ...], str, bool]:
        """A route's rank on each rung, its neighbour, and whether it is long."""
        if index not in self._places:
            universe = self.universe
            standing = universe.network.standing(universe.cell_of[index].table, universe.routes[index])
            levels = tuple(level(rung, self.configuration) for rung in standing.ladder)
            self._places[index] = (levels, standing.session, standing.long)
        return self._places[index]

    def _present(self, index: int) -> bool:
        return self.universe.origin_of[index].present.holds(self.configuration)

    def _sessions_of(self, cell: Cell) -> Iterator[Session]:
        offers: dict[tuple[str, Cell], dict[int, int]] = {}
        for index in self.universe.cells[cell]:
            name = self.universe.network.session_of(self.universe.routes[index])
            for feed in self.universe.feeds_of.get(index, ()):
                if feed.when.holds(self.configuration):
                    source = self.universe.cell_of[feed.parent]
                    offers.setdefault((name, source), {})[feed.parent] = index
        for (name, source), found in offers.items():
            yield Session(name, source, found)

    # --- boxes --------------------------------------------------------------

    def all_boxes(self) -> Boxes:
        """Any route of its universe, or none, at every cell."""
        return {cell: frozenset((None, *routes)) for cell, routes in self.universe.cells.items()}

    def shrink(self, boxes: Boxes) -> Boxes:
        """One step: what each cell can select from these boxes."""
        return {cell: boxes[cell] & self._selectable(cell, boxes) for cell in boxes}

    def limit(self, boxes: Boxes) -> list[Boxes]:
        """The boxes of every step until they change no more."""
        steps = [boxes]
        while (smaller := self.shrink(steps[-1])) != steps[-1]:
            steps.append(smaller)
        return steps

    def _selectable(self, cell: Cell, boxes: Boxes) -> Box:
        options = [
            (s.name, {s.offers.get(x) if x is not None else None for x in boxes[s.source]})
            for s in self.sessions[cell]
        ]
        own = self.origins[cell]
        found: set[Selection] = set()
        inhibitors = self.inhibitors.get(cell, ())
        if any(boxes[other] - {None} for other in inhibitors):
            found |= {mine for mine in own if not any(self.better(j, mine) for j in own)} or {None}
        if all(None in boxes[other] for other in inhibitors):
            found |= set(self._best(own, options))
        return frozenset(found)

    def _best(self, own: tuple[int, ...], options: list[tuple[str, set[Selection]]]) -> Iterator[Selection]:
        rivals = [(name, offered) for name, offered in options if None not in offered]
        if not own and not rivals:
            yield None
        for index in own:
            if self._can_win(index, "", own, rivals):
                yield index
        for name, offered in options:
            for each in offered:
                if each is not None and self._can_win(each, name, own, rivals):
                    yield each

    def _can_win(
        self, index: int, name: str, own: tuple[int, ...], rivals: list[tuple[str, set[Selection]]]
    ) -> bool:
        """Whether a route can be selected; `rivals` are the neighbours that cannot but offer something."""
        if any(self.better(other, index) for other in own if other != index):
            return False
        return all(
            any(o is not None and not self.better(o, index) for o in offered)
            for other, offered in rivals
            if other != name
        )

    # --- stable states ------------------------------------------------------

    def stable_states(self, boxes: Boxes | None = None) -> Iterator[State]:
        """Every stable state, by shrinking and branching; routes that grow without end are in none."""
        start = boxes if boxes is not None else self._without_long_paths()
        pending = [(start, tuple(start))]
        while pending:
            smaller = self._shrunk(*pending.pop())
            if not all(smaller.values()):
                continue
            cell = self._to_branch_on(smaller)
            if cell is None:
                state = {cell: next(iter(box)) for cell, box in smaller.items()}
                if all(self.select(cell, state) == value for cell, value in state.items()):
                    yield state
                continue
            choices = sorted(smaller[cell], key=lambda x: -1 if x is None else x)
            pending += [
                ({**smaller, cell: frozenset((choice,))}, self._readers[cell]) for choice in reversed(choices)
            ]

    @cached_property
    def _readers(self) -> dict[Cell, tuple[Cell, ...]]:
        """The cells that look at each cell."""
        found: dict[Cell, dict[Cell, None]] = {cell: {} for cell in self.universe.cells}
        for cell in self.universe.cells:
            for seen in (*(s.source for s in self.sessions[cell]), *self.inhibitors.get(cell, ())):
                found[seen][cell] = None
        return {cell: tuple(readers) for cell, readers in found.items()}

    def _shrunk(self, boxes: Boxes, stale: tuple[Cell, ...]) -> Boxes:
        """Where shrinking ends, or boxes of which one is empty; only `stale` cells can shrink at first.

        Cells are looked at one by one, and again when one that they see has shrunk; as a
        step is monotone, that ends where steps of all cells at once end.
        """
        found, pending = dict(boxes), dict.fromkeys(stale)
        while pending:
            cell = next(iter(pending))
            del pending[cell]
            smaller = found[cell] & self._selectable(cell, found)
            if smaller != found[cell]:
                found[cell] = smaller
                if not smaller:
                    return found
                pending.update(dict.fromkeys(self._readers[cell]))
        return found

    def _to_branch_on(self, boxes: Boxes) -> Cell | None:
        """Of the cells with several values, one with few values that decides much; None if there is none."""
        undecided = {cell for cell, box in boxes.items() if len(box) > 1}

        def cost(cell: Cell) -> tuple[float, Cell]:
            return len(boxes[cell]) ** (1 / (1 + sum(r in undecided for r in self._readers[cell]))), cell

        return min(undecided, key=cost, default=None)

    def _without_long_paths(self) -> Boxes:
        routes = self.universe.routes
        return {
            cell: frozenset(x for x in box if x is None or not routes[x].long)
            for cell, box in self.all_boxes().items()
        }

    def select(self, cell: Cell, state: State) -> Selection:
        """The most preferred route available to a cell in a state."""
        available = list(self.origins[cell])
        if not any(state[other] is not None for other in self.inhibitors.get(cell, ())):
            for session in self.sessions[cell]:
                held = state[session.source]
                offered = session.offers.get(held) if held is not None else None
                if offered is not None:
                    available.append(offered)
        unbeaten = (i for i in available if not any(self.better(j, i) for j in available if j != i))
        return next(unbeaten, None)
