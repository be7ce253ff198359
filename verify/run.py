"""Runs of the simulator over sessions that deliver in order but with any delay, and how they are replayed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
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
    """A run that starts in `start`, goes through `stem` and then repeats `cycle` for ever.

    With `in_flight`, messages are under way when it starts.
    """

    start: RouteState
    stem: tuple[Activation, ...]
    cycle: tuple[Activation, ...]
    in_flight: bool = False


Key: TypeAlias = tuple[str, str]  # a link and a prefix


@dataclass(frozen=True)
class Plan:
    """A periodic run: what each cell holds at each time of a period, and how old what it reads is.

    `held[t]` lists the routes at time t; `age[key][t]` is how many steps before t
    the message was sent that the receiver of a link has read last by then, and
    `updates[t]` are the cells that update at time t.
    """

    held: tuple[RouteState, ...]
    age: dict[Key, tuple[int, ...]]
    updates: tuple[frozenset[Cell], ...]


@dataclass
class Run:
    """A run of the simulator: selected routes, what each session has delivered and still carries.

    Messages carry the time at which they were sent; `clock` is the time of the next step.
    """

    simulator: Simulator
    selected: RouteState
    views: dict[Key, Route | None] = field(default_factory=dict)
    queues: dict[Key, deque[tuple[int, Route | None]]] = field(default_factory=dict)
    clock: int = 0

    def __post_init__(self) -> None:
        for link in self.simulator.network.links:
            for prefix in self.simulator.prefixes:
                self.views[link.id, prefix] = self.selected[Cell(link.source, prefix)]
                self.queues[link.id, prefix] = deque()

    def together(self, cells: frozenset[Cell], age: Mapping[Key, int] | None = None) -> list[Activation]:
        """Let some cells update at once, on messages of at least a given age (1: all sent before)."""
        done = [
            self._activate(cell, {} if age is None else age)
            for cell in sorted(cells, key=self.simulator.cells.index)
        ]
        self.clock += 1
        return done

    def _activate(self, cell: Cell, age: Mapping[Key, int]) -> Activation:
        offered, late = [], []
        for link in self.simulator.network.links_to(cell.table):
            key = (link.id, cell.prefix)
            queue = self.queues[key]
            while queue and queue[0][0] <= self.clock - age.get(key, 1):
                self.views[key] = queue.popleft()[1]
            if any(sent < self.clock for sent, _ in queue):
                late.append(link.source)
            route = self.simulator.passes(link, self.views[key])
            if route is not None:
                offered.append(route)
        before = self.selected[cell]
        after = self.simulator.select(cell, offered, self.simulator.refuses(cell, self.selected))
        if after != before:
            self.selected[cell] = after
            for link in self.simulator.network.links_from(cell.table):
                self.queues[link.id, cell.prefix].append((self.clock, after))
        return Activation(cell, before, after, tuple(dict.fromkeys(late)))

    def snapshot(self) -> tuple[object, ...]:
        """The complete state, comparable between different times."""
        under_way = tuple(
            (key, tuple((sent - self.clock, route) for sent, route in queue))
            for key, queue in self.queues.items()
        )
        return (tuple(self.selected.items()), tuple(self.views.items()), under_way)


def replayed(simulator: Simulator, start: RouteState, stem: Schedule, cycle: Schedule) -> Lasso | None:
    """The run that a schedule gives, if its complete state comes back and something changes meanwhile."""
    run = Run(simulator, dict(start))
    lead = [step for cells in stem for step in run.together(cells)]
    found = _repeats(run, lambda: [step for cells in cycle for step in run.together(cells)])
    return None if found is None else Lasso(start, (*lead, *found[0]), found[1])


def resumed(simulator: Simulator, plan: Plan) -> Lasso | None:
    """The run of a plan, with its messages under way, if it keeps going round."""
    period = len(plan.held)
    start = plan.held[-1]
    run = Run(simulator, dict(start))
    for link in simulator.network.links:
        for prefix in simulator.prefixes:
            key, source = (link.id, prefix), Cell(link.source, prefix)
            read = -1 - plan.age.get(key, (1,) * period)[-1]
            run.views[key] = plan.held[read % period][source]
            for time in range(read + 1, 0):
                if plan.held[time % period][source] != plan.held[(time - 1) % period][source]:
                    run.queues[key].append((time, plan.held[time % period][source]))

    def lap() -> list[Activation]:
        ages = [{key: found[t] for key, found in plan.age.items()} for t in range(period)]
        times = zip(plan.updates, ages, strict=True)
        return [step for cells, age in times for step in run.together(cells, age)]

    found = _repeats(run, lap)
    return None if found is None else Lasso(start, found[0], found[1], in_flight=True)


def _repeats(
    run: Run, lap: Callable[[], list[Activation]]
) -> tuple[tuple[Activation, ...], tuple[Activation, ...]] | None:
    """Laps until the complete state comes back: those before, and those that repeat; None if it does not."""
    seen = [run.snapshot()]
    laps: list[list[Activation]] = []
    for _ in range(LAPS):
        laps.append(lap())
        now = run.snapshot()
        if now in seen:
            first = seen.index(now)
            around = tuple(step for each in laps[first:] for step in each)
            moves = any(step.before != step.after for step in around)
            return (tuple(step for each in laps[:first] for step in each), around) if moves else None
        seen.append(now)
    return None
