"""The properties `no-ineffective-routes` and `isolation`, asked of one destination.

All origins are present here: a flow to what is withdrawn is not expected to arrive.
"""

from __future__ import annotations

from typing import Any

from verify.diagnose import Diagnosis, Ending
from verify.encode import Encoder, Formula
from verify.inquiry import Evidence, Inquiry, SolverInquiry
from verify.looping import ASKS, MOST_COMPARED, lookup, real_states, routes_in
from verify.models.choices import Role
from verify.models.network import Configuration
from verify.simulate import RouteState, Simulator
from verify.tabulate import decided_by_order, rows
from verify.traffic import Flow, Start, Task

MOST_NAMED = 3  # of the destinations for which the same is found


def inquire(task: Task, backend: object) -> Inquiry:
    """The inquiry whether in some stable state some flow does not arrive (or, if forbidden, does)."""
    from verify.solve import Backend, Question, conjunction, fresh_environment

    assert isinstance(backend, Backend)  # typed loosely so that no solver is loaded before it is needed
    problem = task.problem
    encoder = Encoder(problem.network, fresh_environment())
    mentioned = {name for start in task.starts for name in start.when.choices()}
    encoder.choices.update({c.name: c for c in task.choices if c.name in mentioned})
    stable, selected = encoder.stable(problem.universe, "s")
    asks = encoder.literal(ASKS, True)
    wrong = _arriving if task.forbidden else _failing
    violation = encoder.build.Implies(asks, wrong(encoder, task, selected))
    formula = conjunction(encoder, [stable, violation, all_present(encoder)])
    return SolverInquiry(problem, Question(problem.network, encoder, formula, backend), ASKS)


def all_present(encoder: Encoder) -> Formula:
    """Every event that anything so far, or a constraint, mentions is that an origin is there."""
    for constraint in encoder.network.constraints:
        encoder.condition(constraint)
    events = [choice for choice in encoder.choices.values() if choice.role is Role.EVENT]
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
    starts = [_begins_in(encoder, start, lost, False) for start in task.starts]
    return build.And(*rules, build.Or(starts))


def _begins_in(encoder: Encoder, start: Start, tables: dict[str, Formula], arriving: bool) -> Formula:
    """When packets start in a set of tables; without a table, when they have arrived, or have not."""
    build = encoder.build
    if not start.table:
        inside = build.Bool(start.arrived is arriving)
        return build.And(encoder.condition(start.when), inside)
    inside = tables.get(start.table, build.Bool(not arriving))
    cut_off = encoder.condition(start.cut_off)
    there = build.And(build.Not(cut_off), inside) if arriving else build.Or(cut_off, inside)
    return build.And(encoder.condition(start.when), there)


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
    starts = [_begins_in(encoder, start, reaches, True) for start in task.starts]
    return build.And(*rules, build.Or(starts))


def find_failure(task: Task, configuration: Configuration) -> Evidence | None:
    """A stable state of the plain simulator in which a flow goes wrong, with few routes, or None.

    Raises Undecided where there are more stable states than are looked at.
    """
    simulator = Simulator(task.problem.network, configuration, task.problem.universe.prefixes)
    found: list[tuple[int, RouteState, Flow, Ending]] = []
    for real in real_states(task.problem, configuration, simulator):
        for flow in task.made(configuration):
            end = ending(task, flow, simulator, real)
            if end.arrived == task.forbidden:
                found.append((routes_in(real), real, flow, end))
                break
        if len(found) >= MOST_COMPARED:
            break
    if not found:
        return None
    _, state, flow, end = min(found, key=lambda each: each[0])
    return _evidence(task, flow, end, (simulator, state))


def ending(task: Task, flow: Flow, simulator: Simulator, state: RouteState) -> Ending:
    """Where the packets of a flow end."""
    entry = flow.entry
    if entry.delivered in task.arrivals:
        return Ending((), True)
    if entry.delivered or not entry.table:
        return _ends_at_once(task, flow)
    if entry.cut_off.holds(simulator.configuration):
        return Ending((), False, "failed", f"the line from its VPC to {entry.table} is down")
    return Diagnosis(simulator, state, task.problem.covering, task.arrivals).follow(entry.table)


def _ends_at_once(task: Task, flow: Flow) -> Ending:
    """A packet that a custom route table drops, or that it delivers in the own VPC by a system route."""
    entry = flow.entry
    if not entry.delivered:
        return Ending((), False, entry.reason, entry.detail)
    origin = next(o for o in task.problem.network.origins if o.id == entry.delivered)
    prefix, wanted = origin.route.prefix, flow.demand.destination.prefix
    table = flow.demand.source.table
    if int(prefix.rpartition("/")[2]) < wanted.prefixlen:
        detail = f"{table} has no entry for {wanted}, only its system route {prefix}"
        return Ending((), False, "custom-table", detail)
    reason = "preferred-route" if prefix == str(wanted) else "more-specific-route"
    return Ending((), False, reason, f"{table} has the system route {prefix}")


def _evidence(task: Task, flow: Flow, ending: Ending, shown: tuple[Simulator, RouteState]) -> Evidence:
    found = _told(task, flow, ending)
    rest = {"prefix": task.problem.covering[0], "routes": rows(*shown), "orders": decided_by_order(*shown)}
    whole = found["to"]
    name = f"{found['from']} to " + (f"{found['part']} (a part of {whole})" if "part" in found else whole)
    likewise = f" (the same can happen to {found['likewise']})" if task.alike else ""
    if task.forbidden:
        way = found.get("path", "inside its VPC")
        summary = f"{name} is delivered although it is not allowed: {way}{likewise}"
        return Evidence("forbidden-delivery", summary, {**rest, "undelivered": {}, "delivered": found})
    fails = f"the answer from {name} does not come back" if flow.demand.answers else f"{name} does not arrive"
    summary = f"{fails}: it ends at {found['at']} ({ending.reason}): {ending.detail}{likewise}"
    return Evidence("undelivered", summary, {**rest, "undelivered": found})


def _told(task: Task, flow: Flow, ending: Ending) -> dict[str, Any]:
    """A flow and its end, without what says nothing."""
    whole = flow.demand.destination.prefix
    others = [str(region) for region in task.alike]
    more = [f"{len(others) - MOST_NAMED} more"] if len(others) > MOST_NAMED else []
    found = {
        "from": flow.entry.shown,
        "to": str(whole),
        "part": "" if task.region == whole else str(task.region),
        "direction": "answer" if flow.demand.answers else "forward",
        "at": ending.path[-1] if ending.path else flow.entry.shown,
        "reason": ending.reason,
        "rules": ending.rules,
        "detail": ending.detail,
        "path": " > ".join(ending.path),
        "likewise": ", ".join([*others[:MOST_NAMED], *more]),
    }
    return {key: value for key, value in found.items() if value}
