"""The property `no-route-flapping`, asked of one problem."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from verify.concrete import Boxes, ConcreteProblem
from verify.counting import count_to_infinity
from verify.encode import Encoder
from verify.inquiry import Evidence, ExplicitInquiry, Inquiry, SolverInquiry, Undecided, is_explicit
from verify.lasso import find_lasso
from verify.looping import ASKS
from verify.models.network import Configuration
from verify.problems import Problem
from verify.realise import realise
from verify.recovery import find_recovery
from verify.run import Activation, Lasso
from verify.simulate import RouteState, Simulator
from verify.tabulate import decided_by_order, row, rows
from verify.verdict import Change, Step


def inquire(problem: Problem, backend: object) -> Inquiry:
    """The inquiry whether the boxes of some configuration stop with more than one value somewhere."""
    from verify.solve import Backend

    assert isinstance(backend, Backend)  # typed loosely so that no solver is loaded before it is needed
    if is_explicit(problem, backend):
        return ExplicitInquiry(problem, lambda c: is_open(final_boxes(problem, c)), lambda _: True)
    from verify.solve import Question, conjunction, fresh_environment

    encoder = Encoder(problem.network, fresh_environment())
    asks = encoder.literal(ASKS, True)
    opened = encoder.build.Implies(asks, encoder.open_boxes(problem.universe, "b"))
    formula = conjunction(encoder, [opened])
    return SolverInquiry(problem, Question(problem.network, encoder, formula, backend), ASKS)


def final_boxes(problem: Problem, configuration: Configuration) -> Boxes:
    """The boxes where shrinking stops."""
    concrete = ConcreteProblem(problem.universe, configuration)
    return concrete.limit(concrete.all_boxes())[-1]


def is_open(boxes: Boxes) -> bool:
    """Whether some cell still has more than one value."""
    return any(len(box) > 1 for box in boxes.values())


def find_flap(problem: Problem, configuration: Configuration) -> Evidence | None:
    """How the configuration flaps, replayed; None where its boxes close.

    Raises Undecided where they stay open and no witness is found.
    """
    concrete = ConcreteProblem(problem.universe, configuration)
    simulator = Simulator(problem.network, configuration, problem.universe.prefixes)
    boxes = concrete.limit(concrete.all_boxes())[-1]
    if not is_open(boxes):
        return None
    states = list(islice(concrete.stable_states(), 2))
    if len(states) == 2:
        return _several(problem, simulator, [realise(concrete, state, simulator) for state in states])
    lasso = find_lasso(concrete, simulator, boxes)
    if lasso is not None:
        return _oscillation(simulator, lasso, bool(states))
    growth = count_to_infinity(problem, configuration)
    if growth is not None:
        return growth
    raise Undecided("tables can stay undecided, but no run that never settles was found")


def certainly_flaps(problem: Problem, configuration: Configuration) -> bool:
    """Whether a configuration with open boxes is known to flap: not one stable state, or a run is found."""
    concrete = ConcreteProblem(problem.universe, configuration)
    if len(list(islice(concrete.stable_states(), 2))) != 1 and not problem.universe.has_long_paths:
        return True
    try:
        return find_flap(problem, configuration) is not None
    except Undecided:
        return False


def _several(problem: Problem, simulator: Simulator, states: list[RouteState]) -> Evidence | None:
    first, second = states
    if not (simulator.is_stable(first) and simulator.is_stable(second)) or first == second:
        return None
    returned = find_recovery(problem, simulator.configuration, states)
    if returned is not None:
        first, second = returned.before, returned.after
    prefix = next(cell.prefix for cell in simulator.cells if first[cell] != second[cell])
    table = next(cell.table for cell in simulator.cells if first[cell] != second[cell])
    return Evidence(
        "several-stable-states",
        f"{prefix} settles in one of several states, as timing has it: {table} differs between them"
        + (f"; {returned.sentence}" if returned else ""),
        {
            "prefix": prefix,
            "routes": rows(simulator, first),
            "other_routes": rows(simulator, second),
            "orders": decided_by_order(simulator, first, second),
            "recovery": None if returned is None else returned.shown,
        },
    )


def _oscillation(simulator: Simulator, lasso: Lasso, settles: bool) -> Evidence:
    moving = [step for step in lasso.cycle if step.before != step.after]
    prefix = moving[0].cell.prefix
    tables = ", ".join(dict.fromkeys(step.cell.table for step in moving))
    kind = "unreached-stable-state" if settles else "no-stable-state"
    ending = "although a stable state exists" if settles else "and no state of it is stable"
    start = "; the run starts with messages under way" if lasso.in_flight else ""
    return Evidence(
        kind,
        f"{prefix} changes for ever at {tables}, {ending}{start}",
        {
            "prefix": prefix,
            "routes": rows(simulator, lasso.start),
            "stem": steps(simulator, lasso.stem),
            "cycle": steps(simulator, lasso.cycle),
            "orders": decided_by_order(simulator, *_states_of(lasso)),
        },
    )


def _states_of(lasso: Lasso) -> Iterator[RouteState]:
    state = dict(lasso.start)
    for step in (*lasso.stem, *lasso.cycle):
        state = {**state, step.cell: step.after}
        yield state


def steps(simulator: Simulator, activations: tuple[Activation, ...]) -> tuple[Step, ...]:
    """Activations as they are shown; those that change nothing are left out."""
    found = []
    for each in activations:
        if each.before == each.after:
            continue
        before = None if each.before is None else row(simulator, each.cell, each.before, "selected")
        after = None if each.after is None else row(simulator, each.cell, each.after, "selected")
        change = Change(each.cell.table, each.cell.prefix, before, after)
        found.append(Step(each.cell.table, (change,), each.late))
    return tuple(found)
