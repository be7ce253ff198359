"""Fail and recover: does a network that has several stable states come back in another one than it left?

A run of the plain simulator: from a stable state, through something that fails or is
withdrawn and is there again, to a stable state.  A proof of `no-route-flapping` excludes
such runs: with every configuration deciding its one final state, the end of an event
leads back to the state from before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

from verify.inquiry import relevant_choices
from verify.models.choices import Choice, Role
from verify.models.fields import FAILURE_KINDS
from verify.models.network import Cell, Configuration
from verify.problems import Problem
from verify.simulate import RouteState, Simulator
from verify.tabulate import row
from verify.verdict import Change, Recovery, RouteRow

MOST_EVENTS = 200
MOST_TOGETHER = 2  # failures that begin and end at one time
EVENTS = (Role.FAILURE, Role.EVENT)


@dataclass(frozen=True)
class Returned:
    """A stable state before an event, the one after it, and what is shown of that."""

    before: RouteState
    after: RouteState
    shown: Recovery

    @property
    def sentence(self) -> str:
        """What happened, in words."""
        failed = [name.replace(":", " ", 1) for name in self.shown.failures]
        what = " and ".join((*failed, *self.shown.withdrawn))
        goes = ("fail" if len(failed) > 1 else "fails") if failed else "is withdrawn"
        comes = "come" if len(failed) > 1 else "comes"
        return f"when {what} {goes} and {comes} back, {self.shown.changes[0].table} can stay changed"


def find_recovery(
    problem: Problem, configuration: Configuration, states: Sequence[RouteState]
) -> Returned | None:
    """An event after which one of some stable states has become another one, or None if none was found."""
    normal = Simulator(problem.network, configuration, problem.universe.prefixes)
    for event in _events(problem, configuration):
        changed = {choice.name: not choice.default for choice in event}
        during = Configuration({**configuration, **changed}, problem.network.choices)
        if not problem.network.allows(during):
            continue
        simulator = Simulator(problem.network, during, problem.universe.prefixes)
        for before in states:
            for order in (normal.cells, tuple(reversed(normal.cells))):
                meanwhile = settled(simulator, before, order)
                after = None if meanwhile is None else settled(normal, meanwhile, order)
                if after is not None and after != before:
                    return Returned(before, after, _shown(normal, event, (before, after)))
    return None


def settled(simulator: Simulator, start: RouteState, order: Sequence[Cell]) -> RouteState | None:
    """The stable state to which cells come that update in turns, or None where they come to none."""
    state = dict(start)
    for _ in range(2 * len(order) + 1):
        changed = False
        for cell in order:
            route = simulator.update(cell, state)
            changed = changed or route != state[cell]
            state[cell] = route
        if not changed:
            return state
    return None


def _events(problem: Problem, configuration: Configuration) -> Iterator[tuple[Choice, ...]]:
    """What can still fail or be withdrawn: single failures, single withdrawals, failures together."""
    choices = [
        choice
        for choice in relevant_choices(problem).values()
        if choice.role in EVENTS and configuration[choice.name] == choice.default
    ]
    failures, withdrawals = ([c for c in choices if c.role is role] for role in EVENTS)
    failures.sort(key=lambda choice: FAILURE_KINDS.index(choice.name.split(":")[1]))
    together = combinations(failures, MOST_TOGETHER)
    every = chain(((c,) for c in failures), ((c,) for c in withdrawals), together)
    yield from (event for _, event in zip(range(MOST_EVENTS), every, strict=False))


def _shown(
    simulator: Simulator, event: tuple[Choice, ...], states: tuple[RouteState, RouteState]
) -> Recovery:
    before, after = states
    names = {role: tuple(c.name.partition(":")[2] for c in event if c.role is role) for role in EVENTS}
    changes = tuple(
        Change(cell.table, cell.prefix, _row(simulator, cell, before), _row(simulator, cell, after))
        for cell in simulator.cells
        if before[cell] != after[cell]
    )
    return Recovery(names[Role.FAILURE], names[Role.EVENT], changes)


def _row(simulator: Simulator, cell: Cell, state: RouteState) -> RouteRow | None:
    route = state[cell]
    return None if route is None else row(simulator, cell, route, "selected")
