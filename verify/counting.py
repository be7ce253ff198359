"""Count to infinity: a route without an origin whose AS_PATH grows for ever.

Such a run never repeats a state, so it is not a lasso.  It is recognised by a
period after which the state is the same but for longer AS_PATHs, every changed
path having grown by the same amount each time.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from verify.inquiry import Evidence
from verify.models.choices import Role
from verify.models.network import Cell, Configuration
from verify.models.route import Route
from verify.problems import Problem
from verify.run import Activation
from verify.simulate import RouteState, Simulator
from verify.tabulate import rows

LAPS = 60
PERIODS = 3  # how often the same growth has to be seen


def count_to_infinity(problem: Problem, configuration: Configuration) -> Evidence | None:
    """A growing run after the origins of the configuration were withdrawn, or None if none was found."""
    from verify.flapping import steps

    simulator = Simulator(problem.network, configuration, problem.universe.prefixes)
    for start in _starts(problem, configuration):
        for order in (simulator.cells, tuple(reversed(simulator.cells))):
            cycle = _growing(simulator, start, order)
            if cycle:
                prefix = cycle[0].cell.prefix
                return Evidence(
                    "count-to-infinity",
                    f"{prefix} goes round with an ever longer AS_PATH, and no table ever refuses it",
                    {"prefix": prefix, "routes": rows(simulator, start), "cycle": steps(simulator, cycle)},
                )
    return None


def _starts(problem: Problem, configuration: Configuration) -> Iterator[RouteState]:
    """States that the network has while all its origins are still there."""
    events = {n: c.default for n, c in problem.network.choices.items() if c.role is Role.EVENT}
    before = Configuration({**configuration, **events}, problem.network.choices)
    earlier = Simulator(problem.network, before, problem.universe.prefixes)
    for order in (earlier.cells, tuple(reversed(earlier.cells))):
        state = earlier.empty()
        for _ in range(LAPS):
            for cell in order:
                state[cell] = earlier.update(cell, state)
            yield dict(state)


def _growing(simulator: Simulator, start: RouteState, order: tuple[Cell, ...]) -> tuple[Activation, ...]:
    """The activations of one period of growth, or ()."""
    state, history, laps = dict(start), [dict(start)], []
    for _ in range(LAPS):
        lap = []
        for cell in order:
            after = simulator.update(cell, state)
            lap.append(Activation(cell, state[cell], after, ()))
            state[cell] = after
        laps.append(lap)
        history.append(dict(state))
        if history[-1] == history[-2]:
            return ()
    for period in range(1, LAPS // (PERIODS + 1)):
        ends = [history[-1 - n * period] for n in range(PERIODS + 1)]
        growth = [_growth(older, newer) for newer, older in pairwise(ends)]
        if growth[0] and all(each == growth[0] for each in growth):
            return tuple(step for lap in laps[-period:] for step in lap)
    return ()


def _growth(older: RouteState, newer: RouteState) -> dict[Cell, int] | None:
    """By how much each AS_PATH grew, if nothing else changed; None if something else did."""
    found = {}
    for cell, route in newer.items():
        before = older[cell]
        if route == before:
            continue
        if route is None or before is None or _without_path(route) != _without_path(before):
            return None
        if set(route.path) != set(before.path) or len(route.path) <= len(before.path):
            return None
        found[cell] = len(route.path) - len(before.path)
    return found if len(set(found.values())) <= 1 else None


def _without_path(route: Route) -> Route:
    return route._replace(path=())
