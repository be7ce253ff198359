"""The property `no-routing-loops`, asked of one problem."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from verify.concrete import ConcreteProblem
from verify.encode import Encoder, Formula
from verify.inquiry import Evidence, ExplicitInquiry, Inquiry, SolverInquiry, Undecided, is_explicit
from verify.models.choices import Choice, Role
from verify.models.condition import all_of
from verify.models.network import CUT_OFF, Cell, Configuration
from verify.problems import Problem
from verify.realise import realise
from verify.simulate import RouteState, Simulator
from verify.tabulate import decided_by_order, rows

ASKS = Choice("asks:violation", Role.ORDER, (False, True), True)
MOST_STATES = 20_000
MOST_COMPARED = 32  # states that show a violation, of which the one with the fewest routes is shown


def inquire(problem: Problem, backend: object) -> Inquiry:
    """The inquiry whether some stable state forwards in a circle."""
    from verify.solve import Backend

    assert isinstance(backend, Backend)  # typed loosely so that no solver is loaded before it is needed
    if is_explicit(problem, backend) and (backend.solvers or problem.is_acyclic):
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
    formula = conjunction(encoder, [stable, loop])
    return SolverInquiry(problem, Question(problem.network, encoder, formula, backend), ASKS)


def loop_formula(encoder: Encoder, problem: Problem, selected: list[Formula]) -> Formula:
    """Some non-empty set of tables each of which forwards into the set.

    A functional graph has such a set exactly when it has a cycle.
    """
    build = encoder.build
    inside = {table: encoder.symbol(f"loop|{table}") for table in problem.network.tables}
    rules = [
        build.Implies(inside[table], build.Or(_forwards_inside(encoder, problem, (table, selected), inside)))
        for table in problem.network.tables
    ]
    return build.And(build.Or(list(inside.values())), *rules)


def _forwards_inside(
    encoder: Encoder, problem: Problem, at: tuple[str, list[Formula]], inside: dict[str, Formula]
) -> list[Formula]:
    """The ways in which a table forwards into the set, by the entry that decides, in order of lookup."""
    build = encoder.build
    undecided = build.TRUE()
    found = []
    for when, next_hop, _ in lookup(encoder, problem, at):
        if next_hop in inside:
            found.append(build.And(undecided, when, inside[next_hop]))
        undecided = build.And(undecided, build.Not(when))
    return found


def lookup(
    encoder: Encoder, problem: Problem, at: tuple[str, list[Formula]]
) -> Iterator[tuple[Formula, str, str]]:
    """The entries of a table for the address, in order: when each is there, its next hop, its origin.

    The origin is "" for what was learned and for static entries.  Routes of one
    cell exclude each other, so their order does not matter.
    """
    table, selected = at
    summing: list[tuple[Formula, str, str]] = []
    yield encoder.condition(problem.network.tables[table].down), CUT_OFF, ""
    statics = [entry for entry in problem.network.statics if entry.table == table]
    for prefix in problem.covering:
        for entry in statics:
            if entry.prefix == prefix:
                yield encoder.condition(all_of((entry.when, entry.first))), entry.next_hop, ""
    for prefix in problem.covering:
        for entry in statics:
            if entry.prefix == prefix:
                yield encoder.condition(entry.when), entry.next_hop, ""
        for index in problem.universe.cells.get(Cell(table, prefix), ()):
            origin = problem.universe.origin_of.get(index)
            if origin is None:
                yield selected[index], problem.universe.routes[index].came_from, ""
            else:
                sums = encoder.condition(origin.aggregate)
                yield encoder.build.And(selected[index], encoder.build.Not(sums)), origin.next_hop, origin.id
                if not origin.aggregate.is_false:
                    summing.append((encoder.build.And(selected[index], sums), origin.next_hop, origin.id))
    yield from summing


def _states(problem: Problem, configuration: Configuration) -> list[RouteState]:
    concrete = ConcreteProblem(problem.universe, configuration)
    simulator = Simulator(problem.network, configuration, problem.universe.prefixes)
    states = islice(concrete.stable_states(), MOST_STATES)
    return [real for state in states if simulator.is_stable(real := realise(concrete, state, simulator))]


def find_loop(problem: Problem, configuration: Configuration) -> Evidence | None:
    """A stable state of the plain simulator with a forwarding cycle and few routes, or None.

    Raises Undecided where there are more stable states than are looked at.
    """
    simulator = Simulator(problem.network, configuration, problem.universe.prefixes)
    found: list[tuple[int, int, RouteState, list[str]]] = []
    for real in real_states(problem, configuration, simulator):
        loop = simulator.loop(problem.covering, real)
        if loop:
            found.append((routes_in(real), len(loop), real, loop))
            if len(found) >= MOST_COMPARED:
                break
    if not found:
        return None
    _, _, state, loop = min(found, key=lambda each: each[:2])
    return _evidence(simulator, problem, state, loop)


def real_states(problem: Problem, configuration: Configuration, simulator: Simulator) -> Iterator[RouteState]:
    """The stable states of a configuration, as the simulator confirms them.

    Raises Undecided where there are more of them than are looked at.
    """
    concrete = ConcreteProblem(problem.universe, configuration)
    for count, state in enumerate(concrete.stable_states()):
        if count >= MOST_STATES:
            raise Undecided(f"{problem.covering[0]} has more than {MOST_STATES} stable states")
        real = realise(concrete, state, simulator)
        if simulator.is_stable(real):
            yield real


def routes_in(state: RouteState) -> int:
    """How many routes are selected in a state."""
    return sum(route is not None for route in state.values())


def _evidence(simulator: Simulator, problem: Problem, state: RouteState, loop: list[str]) -> Evidence:
    prefix = problem.covering[0]
    path = " > ".join(loop)
    return Evidence(
        "forwarding-loop",
        f"packets to {prefix} go round in a circle: {path}",
        {
            "prefix": prefix,
            "routes": rows(simulator, state),
            "loop": tuple(loop),
            "orders": decided_by_order(simulator, state),
        },
    )
