"""The properties `no-ineffective-routes` and `isolation`, asked of one destination.

All origins are present here: a flow to what is withdrawn is not expected to arrive.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from verify.concrete import ConcreteProblem
from verify.diagnose import Ending, follow
from verify.encode import Encoder, Formula
from verify.inquiry import Evidence, Inquiry, SolverInquiry
from verify.looping import ASKS, MOST_STATES, lookup
from verify.models.choices import Choice, Role, where
from verify.models.condition import Condition, all_of
from verify.models.intents import Demand, Entry, demands, entries
from verify.models.network import Configuration, Network
from verify.models.opening import all_choices
from verify.models.scenario import Document
from verify.problems import Problem, problem_for
from verify.realise import realise
from verify.simulate import Simulator
from verify.tabulate import decided_by_order, rows


@dataclass(frozen=True)
class Flow:
    """A demand at one of the tables where its packets start; `when` it is made."""

    demand: Demand
    entry: Entry
    when: Condition


@dataclass(frozen=True)
class Task:
    """All flows to one destination, in one network."""

    problem: Problem
    flows: tuple[Flow, ...]
    arrivals: frozenset[str]
    forbidden: bool
    choices: tuple[Choice, ...] = ()  # the open values of the document, some of which only intents mention


def tasks(document: Document, network: Network, forbidden: bool) -> Iterator[Task]:
    """The flows that have to arrive (or must not), by destination."""
    by_destination: dict[object, list[Demand]] = {}
    for demand in demands(document):
        if any(bool(value) != forbidden for value in _values(demand.allowed)):
            key = (demand.destination.label, demand.destination.owner, demand.destination.prefix)
            by_destination.setdefault(key, []).append(demand)
    for group in by_destination.values():
        destination = group[0].destination
        problem = problem_for(network, destination.prefix)
        flows = tuple(
            Flow(demand, entry, _when(demand, forbidden))
            for demand in group
            for entry in entries(document, network, demand.source, destination.prefix)
        )
        owned = _arrivals(network, destination.owner, problem)
        if flows:
            yield Task(problem, flows, owned, forbidden, all_choices(document))


def _values(term: object) -> tuple[object, ...]:
    return term.values if isinstance(term, Choice) else (term,)


def _when(demand: Demand, forbidden: bool) -> Condition:
    asked = where(demand.allowed, lambda value: value is not forbidden)
    return all_of((asked, demand.source.active, demand.destination.active))


def _arrivals(network: Network, owner: str, problem: Problem) -> frozenset[str]:
    """The origins at which a packet to the longest covering prefix that the owner has is delivered."""
    for prefix in problem.covering:
        found = frozenset(
            origin.id
            for origin in network.origins
            if origin.route.prefix == prefix
            and origin.next_hop == ""
            and (origin.table == owner or origin.table.startswith(f"{owner}/"))
        )
        if found:
            return found
    return frozenset()


def inquire(task: Task, backend: object) -> Inquiry:
    """The inquiry whether in some stable state some flow does not arrive (or, if forbidden, does)."""
    from verify.solve import Backend, Question, conjunction, fresh_environment

    assert isinstance(backend, Backend)  # typed loosely so that no solver is loaded before it is needed
    problem = task.problem
    encoder = Encoder(problem.network, fresh_environment())
    mentioned = {name for flow in task.flows for name in flow.when.choices()}
    encoder.choices.update({c.name: c for c in task.choices if c.name in mentioned})
    stable, selected = encoder.stable(problem.universe, "s")
    asks = encoder.literal(ASKS, True)
    wrong = _arriving if task.forbidden else _failing
    violation = encoder.build.Implies(asks, wrong(encoder, task, selected))
    formula = conjunction(encoder, [stable, violation, _all_present(encoder, problem.network)])
    return SolverInquiry(problem, Question(problem.network, encoder, formula, backend), ASKS)


def _all_present(encoder: Encoder, network: Network) -> Formula:
    events = [choice for choice in network.choices.values() if choice.role is Role.EVENT]
    return encoder.build.And([encoder.literal(choice, True) for choice in events])


def _failing(encoder: Encoder, task: Task, selected: list[Formula]) -> Formula:
    """A set of tables from which no packet arrives (each forwards into it, or nowhere) has a flow's start."""
    build, problem = encoder.build, task.problem
    lost = {table: encoder.symbol(f"lost|{table}") for table in problem.network.tables}
    rules = []
    for table in problem.network.tables:
        undecided = build.TRUE()
        for when, next_hop, origin in lookup(encoder, problem, (table, selected)):
            here = build.And(lost[table], undecided, when)
            if origin in task.arrivals:
                rules.append(build.Not(here))
            elif next_hop in lost:
                rules.append(build.Implies(here, lost[next_hop]))
            undecided = build.And(undecided, build.Not(when))
    starts = [
        build.And(encoder.condition(flow.when), lost.get(flow.entry.table, build.TRUE()))
        for flow in task.flows
    ]
    return build.And(*rules, build.Or(starts))


def _arriving(encoder: Encoder, task: Task, selected: list[Formula]) -> Formula:
    """A walk of at most as many steps as there are tables, from a flow's start to an arrival."""
    build, problem = encoder.build, task.problem
    tables = list(problem.network.tables)
    reaches: dict[str, Formula] = dict.fromkeys(tables, build.FALSE())
    rules: list[Formula] = []
    for step in range(len(tables)):
        further = {}
        for table in tables:
            undecided, ways = build.TRUE(), []
            for when, next_hop, origin in lookup(encoder, problem, (table, selected)):
                if origin in task.arrivals:
                    ways.append(build.And(undecided, when))
                elif next_hop in reaches:
                    ways.append(build.And(undecided, when, reaches[next_hop]))
                undecided = build.And(undecided, build.Not(when))
            symbol = encoder.symbol(f"reaches|{step}|{table}")
            rules.append(build.Iff(symbol, build.Or(ways)))
            further[table] = symbol
        reaches = further
    starts = [
        build.And(encoder.condition(flow.when), reaches[flow.entry.table])
        for flow in task.flows
        if flow.entry.table in reaches
    ]
    return build.And(*rules, build.Or(starts))


def find_failure(task: Task, configuration: Configuration) -> Evidence | None:
    """A stable state of the plain simulator in which a flow goes wrong, or None."""
    problem = task.problem
    concrete = ConcreteProblem(problem.universe, configuration)
    simulator = Simulator(problem.network, configuration, problem.universe.prefixes)
    for state in islice(concrete.stable_states(), MOST_STATES):
        real = realise(concrete, state, simulator)
        if not simulator.is_stable(real):
            continue
        for flow in task.flows:
            if not flow.when.holds(configuration):
                continue
            ending = (
                follow(simulator, real, flow.entry.table, problem.covering, task.arrivals)
                if flow.entry.table
                else Ending(
                    (), False, flow.entry.reason, "its custom route table has no entry that leads there"
                )
            )
            if ending.arrived == task.forbidden:
                evidence = _evidence(task, flow, ending)
                parts = {"routes": rows(simulator, real), "orders": decided_by_order(simulator, real)}
                return replace(evidence, parts={**evidence.parts, **parts})
    return None


def _evidence(task: Task, flow: Flow, ending: Ending) -> Evidence:
    path = " > ".join(ending.path)
    at = ending.path[-1] if ending.path else flow.entry.shown
    flowing = {
        "from": flow.entry.shown,
        "to": str(flow.demand.destination.prefix),
        "at": at,
        "reason": ending.reason,
        "detail": ending.detail,
        "path": path,
    }
    name = f"{flow.entry.shown} to {flow.demand.destination.prefix}"
    if task.forbidden:
        return Evidence(
            "forbidden-delivery",
            f"{name} is delivered although it is not allowed: {path}",
            {"prefix": task.problem.covering[0], "undelivered": {}, "delivered": flowing},
        )
    return Evidence(
        "undelivered",
        f"{name} does not arrive: it ends at {at} ({ending.reason}): {ending.detail}",
        {"prefix": task.problem.covering[0], "undelivered": flowing},
    )
