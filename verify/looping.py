"""The property `no-routing-loops`, asked of one problem."""

from __future__ import annotations

from itertools import islice

from verify.concrete import ConcreteProblem
from verify.encode import Encoder, Formula
from verify.inquiry import Evidence, ExplicitInquiry, Inquiry, SolverInquiry, is_explicit
from verify.models.choices import Choice, Role
from verify.models.network import Configuration
from verify.problems import Problem
from verify.realise import realise
from verify.simulate import RouteState, Simulator
from verify.tabulate import rows

ASKS = Choice("asks:violation", Role.ORDER, (False, True), True)
MOST_STATES = 20_000


def inquire(problem: Problem, backend: object) -> Inquiry:
    """The inquiry whether some stable state forwards in a circle."""
    from verify.solve import Backend

    assert isinstance(backend, Backend)  # typed loosely so that no solver is loaded before it is needed
    if is_explicit(problem, backend):
        return ExplicitInquiry(
            problem,
            lambda configuration: find_loop(problem, configuration) is not None,
            lambda configuration: any(True for _ in _states(problem, configuration)),
        )
    from verify.solve import Question, conjunction, fresh_environment

    encoder = Encoder(problem.network, fresh_environment())
    stable, selected = encoder.stable(problem.universe, "s")
    asks = encoder.literal(ASKS, True)
    loop = encoder.build.Implies(asks, loop_formula(encoder, problem, selected))
    return SolverInquiry(problem, Question(problem.network, encoder, conjunction(encoder, [stable, loop]), backend), ASKS)


def loop_formula(encoder: Encoder, problem: Problem, selected: list[Formula]) -> Formula:
    """Some non-empty set of tables each of which forwards into the set.

    A functional graph has such a set exactly when it has a cycle.
    """
    build, network, universe = encoder.build, problem.network, problem.universe
    inside = {table: encoder.symbol(f"loop|{table}") for table in network.tables}
    forwards: dict[str, list[Formula]] = {table: [] for table in network.tables}
    for table in network.tables:
        undecided = build.TRUE()
        for prefix in problem.covering:
            for entry in network.statics:
                if entry.table == table and entry.prefix == prefix:
                    when = build.And(undecided, encoder.condition(entry.when))
                    if entry.next_hop in inside:
                        forwards[table].append(build.And(when, inside[entry.next_hop]))
                    undecided = build.And(undecided, build.Not(encoder.condition(entry.when)))
            here = [i for i in universe.cells.get((table, prefix), ())]  # type: ignore[call-overload]  # a Cell is a tuple
            for i in here:
                next_hop = _next_hop(problem, i)
                if next_hop in inside:
                    forwards[table].append(build.And(undecided, selected[i], inside[next_hop]))
            undecided = build.And(undecided, build.Not(build.Or([selected[i] for i in here])))
    rules = [build.Implies(inside[table], build.Or(forwards[table])) for table in network.tables]
    return build.And(build.Or(list(inside.values())), *rules)


def _next_hop(problem: Problem, index: int) -> str:
    origin = problem.universe.origin_of.get(index)
    return problem.universe.routes[index].came_from if origin is None else origin.next_hop


def _states(problem: Problem, configuration: Configuration) -> list[RouteState]:
    concrete = ConcreteProblem(problem.universe, configuration)
    simulator = Simulator(problem.network, configuration, problem.universe.prefixes)
    states = islice(concrete.stable_states(), MOST_STATES)
    return [real for state in states if simulator.is_stable(real := realise(concrete, state, simulator))]


def find_loop(problem: Problem, configuration: Configuration) -> Evidence | None:
    """A stable state of the plain simulator with a forwarding cycle, or None."""
    concrete = ConcreteProblem(problem.universe, configuration)
    simulator = Simulator(problem.network, configuration, problem.universe.prefixes)
    for state in islice(concrete.stable_states(), MOST_STATES):
        real = realise(concrete, state, simulator)
        loop = simulator.loop(problem.covering, real)
        if loop and simulator.is_stable(real):
            return _evidence(simulator, problem, real, loop)
    return None


def _evidence(simulator: Simulator, problem: Problem, state: RouteState, loop: list[str]) -> Evidence:
    prefix = problem.covering[0]
    path = " > ".join(loop)
    return Evidence(
        "forwarding-loop",
        f"packets to {prefix} go round in a circle: {path}",
        {"prefix": prefix, "routes": rows(simulator, state), "loop": tuple(loop)},
    )
