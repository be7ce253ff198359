"""Runs of the simulator over sessions that deliver in order but with any delay, and how they are replayed."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from verify.models.network import Cell
from verify.models.route import Route
from verify.simulate import RouteState, Simulator

Schedule: TypeAlias = Sequence[frozenset[Cell]]
LAPS = 6


@dataclass(frozen=True)
class Activation:
    """One step of a run: a cell reads its neighbours (some messages late) and selects anew."""

    cell: Cell
    before: Route | None
    after: Route | None
    late: tuple[str, ...]  # neighbours of which a newer message is still under way


@dataclass(frozen=True)
class Lasso:
    """A run that starts in `start`, goes through `stem` and then repeats `cycle` for ever."""

    start: RouteState
    stem: tuple[Activation, ...]
    cycle: tuple[Activation, ...]


@dataclass
class Run:
    """A run of the simulator: selected routes, what each session has delivered and still carries."""

    simulator: Simulator
    selected: RouteState
    views: dict[tuple[str, str], Route | None] = field(default_factory=dict)
    queues: dict[tuple[str, str], deque[Route | None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for link in self.simulator.network.links:
            for prefix in self.simulator.prefixes:
                self.views[link.id, prefix] = self.selected[Cell(link.source, prefix)]
                self.queues[link.id, prefix] = deque()

    def together(self, cells: frozenset[Cell]) -> list[Activation]:
        """Let some cells update at the same time: each reads what was sent before any of them updates."""
        pending = {key: len(queue) for key, queue in self.queues.items()}
        done = []
        for cell in sorted(cells, key=self.simulator.cells.index):
            done.append(self._activate(cell, pending))
        return done

    def _activate(self, cell: Cell, pending: dict[tuple[str, str], int]) -> Activation:
        offered, late = [], []
        for link in self.simulator.network.links_to(cell.table):
            key = (link.id, cell.prefix)
            queue = self.queues[key]
            while pending[key]:
                self.views[key] = queue.popleft()
                pending[key] -= 1
            if queue:
                late.append(link.source)
            route = self.simulator.passes(link, self.views[key])
            if route is not None:
                offered.append(route)
        before = self.selected[cell]
        after = self.simulator.select(cell, offered, self.simulator.refuses(cell, self.selected))
        if after != before:
            self.selected[cell] = after
            for link in self.simulator.network.links_from(cell.table):
                self.queues[link.id, cell.prefix].append(after)
        return Activation(cell, before, after, tuple(dict.fromkeys(late)))

    def snapshot(self) -> tuple[object, ...]:
        """The complete state, comparable."""
        return (
            tuple(self.selected.items()),
            tuple(self.views.items()),
            tuple((key, tuple(queue)) for key, queue in self.queues.items()),
        )


def replayed(simulator: Simulator, start: RouteState, stem: Schedule, cycle: Schedule) -> Lasso | None:
    """The run that a schedule gives, if its complete state comes back and something changes meanwhile."""
    run = Run(simulator, dict(start))
    steps = [step for cells in stem for step in run.together(cells)]
    seen = [run.snapshot()]
    laps: list[list[Activation]] = []
    for _ in range(LAPS):
        laps.append([step for cells in cycle for step in run.together(cells)])
        now = run.snapshot()
        if now in seen:
            first = seen.index(now)
            around = [step for lap in laps[first:] for step in lap]
            if all(step.before == step.after for step in around):
                return None
            lead = [*steps, *(step for lap in laps[:first] for step in lap)]
            return Lasso(start, tuple(lead), tuple(around))
        seen.append(now)
    return None
