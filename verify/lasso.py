"""Flap witnesses: runs that repeat for ever although every table keeps updating.

Candidates are looked for among abstract states; what is returned is a run of the
plain simulator, whose complete state (selected routes, messages under way) is the
same at both ends of the cycle.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, product
from math import prod
from typing import Any, TypeAlias

from verify.concrete import Boxes, ConcreteProblem, Selection, State
from verify.models.network import Cell
from verify.realise import realise
from verify.run import Lasso, Schedule, replayed, resumed
from verify.simulate import Simulator
from verify.unroll import periodic_run

MOST_STATES = 300
MOST_WALK = 6000
FEW_CELLS = 6
Candidate: TypeAlias = tuple[State, Schedule, Schedule]  # a start, a stem and a cycle


def find_lasso(problem: ConcreteProblem, simulator: Simulator, boxes: Boxes) -> Lasso | None:
    """A run that never settles, or None if none was found within fixed bounds.

    Tried in turn, the readable ones first: updates one by one in several orders,
    exhaustive search over all sets of tables that may update together (few states),
    bounded unrolling with delays that differ by session, seeded random sets.
    """
    active = tuple(cell for cell in simulator.cells if len(boxes.get(cell, ())) > 1)
    settled: State = {cell: next(iter(box)) for cell, box in boxes.items() if len(box) == 1}
    search = _Search(problem, active, settled)
    found = _first_replayed(problem, simulator, search.readable())
    if found is None:
        plan = periodic_run(problem, simulator, boxes)
        found = None if plan is None else resumed(simulator, plan)
    return found or _first_replayed(problem, simulator, search.random_walks())


def _first_replayed(
    problem: ConcreteProblem, simulator: Simulator, candidates: Iterator[Candidate]
) -> Lasso | None:
    for start, stem, cycle in candidates:
        whole = _fair(cycle, simulator.cells)
        found = replayed(simulator, realise(problem, start, simulator), stem, whole)
        if found is not None:
            return found
    return None


def _fair(cycle: Schedule, cells: tuple[Cell, ...]) -> Schedule:
    """The cycle, with tables that it leaves out updating along with its first step."""
    left_out = frozenset(cells) - frozenset().union(*cycle)
    return [cycle[0] | left_out, *cycle[1:]]


@dataclass
class _Search:
    """Search for repeating activations among abstract states of the cells that are not settled."""

    problem: ConcreteProblem
    active: tuple[Cell, ...]
    settled: State

    def readable(self) -> Iterator[Candidate]:
        """Short runs: tables that update in turn, or all that a few states allow."""
        for start in self._starts():
            for order in self._orders():
                yield from self._in_turn(start, order)
        if len(self.active) <= FEW_CELLS:
            yield from self._exhaustive()

    def random_walks(self) -> Iterator[Candidate]:
        """Runs of random sets of tables, from random starts."""
        for seed in range(12):
            yield from self._random(seed)

    def _state(self, values: Sequence[Selection]) -> State:
        return {**self.settled, **dict(zip(self.active, values, strict=True))}

    def _starts(self) -> Iterator[State]:
        yield self._state([None] * len(self.active))
        rng = random.Random(0)
        for _ in range(4):
            yield self._state([rng.choice(self._values(cell)) for cell in self.active])

    def _values(self, cell: Cell) -> list[Selection]:
        return [None, *self.problem.universe.cells[cell]]

    def _orders(self) -> Iterator[tuple[Cell, ...]]:
        yield self.active
        yield tuple(reversed(self.active))
        for seed in range(3):
            shuffled = list(self.active)
            random.Random(seed).shuffle(shuffled)
            yield tuple(shuffled)

    def _step(self, state: State, cells: frozenset[Cell]) -> State:
        return {**state, **{cell: self.problem.select(cell, state) for cell in cells}}

    def _key(self, state: State) -> tuple[Selection, ...]:
        return tuple(state[cell] for cell in self.active)

    def _in_turn(self, start: State, order: tuple[Cell, ...]) -> Iterator[Candidate]:
        lap = [frozenset((cell,)) for cell in order]
        state, seen = start, {self._key(start): 0}
        for turn in range(1, 400):
            for cells in lap:
                state = self._step(state, cells)
            key = self._key(state)
            if key in seen:
                if turn - seen[key] > 1 or self._moves(state, lap):
                    yield start, lap * seen[key], lap * (turn - seen[key])
                return
            seen[key] = turn

    def _moves(self, state: State, schedule: Schedule) -> bool:
        here = state
        for cells in schedule:
            after = self._step(here, cells)
            if after != here:
                return True
            here = after
        return False

    def _exhaustive(self) -> Iterator[Candidate]:
        graph = self._graph()
        if graph is None:
            return
        import networkx  # slow to load, and seldom needed

        components = networkx.strongly_connected_components(graph)
        for component in sorted(components, key=lambda c: (len(c), min(map(str, c)))):
            if len(component) < 2:
                continue
            inside = networkx.MultiDiGraph()  # built anew in a fixed order: sets differ between processes
            inside.add_nodes_from(sorted(component, key=str))
            inside.add_edges_from(
                (a, b, {"cells": cells})
                for a, b, cells in sorted(graph.edges(data="cells"), key=_position)
                if a in component and b in component
            )
            cycle_start = min(component, key=str)
            schedule = _covering_walk(inside, cycle_start, self.active, networkx.shortest_path)
            if schedule:
                yield self._state(cycle_start), [], schedule

    def _graph(self) -> Any:
        """All activations of all sets of tables; None where there are too many."""
        import networkx

        space = [self._values(cell) for cell in self.active]
        if prod(len(values) for values in space) > MOST_STATES:
            return None
        subsets = [frozenset(c) for n in range(1, len(self.active) + 1) for c in combinations(self.active, n)]
        graph = networkx.MultiDiGraph()
        for values in product(*space):
            state = self._state(values)
            for cells in subsets:
                after = self._key(self._step(state, cells))
                graph.add_edge(values, after, cells=cells)
        return graph

    def _random(self, seed: int) -> Iterator[Candidate]:
        rng = random.Random(seed)
        start = state = self._state([rng.choice(self._values(cell)) for cell in self.active])
        walked: list[frozenset[Cell]] = []
        seen = {self._key(state): 0}
        for step in range(1, MOST_WALK // max(1, len(self.active))):
            drawn = frozenset(cell for cell in self.active if rng.random() < 0.5)
            cells = drawn or frozenset(self.active[:1])
            state = self._step(state, cells)
            walked.append(cells)
            key = self._key(state)
            first = seen.get(key)
            if first is not None and self._is_cycle(state, walked[first:]):
                yield start, walked[:first], walked[first:]
                return
            seen[key] = step

    def _is_cycle(self, state: State, schedule: Schedule) -> bool:
        """Whether every cell updates in a schedule that leads back to its state, and something moves."""
        return frozenset().union(*schedule) == frozenset(self.active) and self._moves(state, schedule)


def _position(edge: tuple[Any, Any, frozenset[Cell]]) -> tuple[str, str, list[Cell]]:
    """A place for an edge that is the same in every process."""
    return str(edge[0]), str(edge[1]), sorted(edge[2])


def _covering_walk(
    graph: Any, start: tuple[Selection, ...], cells: tuple[Cell, ...], path: Callable[..., list[Any]]
) -> list[frozenset[Cell]]:
    """A closed walk from `start` inside a component in which every cell updates; [] if there is none."""
    here: Any = start
    walk: list[frozenset[Cell]] = []
    edges = list(graph.edges(data="cells"))
    wanted = {cell: next(((a, b, c) for a, b, c in edges if cell in c and a != b), None) for cell in cells}
    for cell in cells:
        chosen = wanted[cell] or next(((a, b, c) for a, b, c in edges if cell in c), None)
        if chosen is None:
            return []
        if any(cell in done for done in walk):
            continue
        for a, b in pairwise(path(graph, here, chosen[0])):
            walk.append(next(c for x, y, c in edges if (x, y) == (a, b)))
        walk.append(chosen[2])
        here = chosen[1]
    for a, b in pairwise(path(graph, here, start)):
        walk.append(next(c for x, y, c in edges if (x, y) == (a, b)))
    return walk
