"""What an example of a proof has to show: that a route or a packet is carried from one table to another."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from verify.delivery import all_present, ending
from verify.encode import Encoder, Formula
from verify.looping import lookup
from verify.problems import Problem
from verify.simulate import RouteState, Simulator
from verify.traffic import Task

Packet: TypeAlias = dict[str, str]
Carried: TypeAlias = Callable[[Simulator, RouteState], Packet | None]
Wanted: TypeAlias = Callable[[Encoder, list[Formula]], Formula]


class Run(NamedTuple):
    """What counts as carrying something in the states of one problem, in both languages.

    `carried` says whether a state does, and tells of the packet if it is about one;
    `wanted` is the same as a formula.  `possible` is false where it plainly never happens.
    """

    problem: Problem
    carried: Carried
    wanted: Wanted
    possible: bool = True


def learning(problem: Problem) -> Run:
    """Some table holds a route that it has learned."""

    def carried(simulator: Simulator, state: RouteState) -> Packet | None:
        held = (route for route in state.values() if route is not None)
        return {} if any(simulator.network.origin_of(route) is None for route in held) else None

    def wanted(encoder: Encoder, selected: list[Formula]) -> Formula:
        learned = [selected[index] for index in problem.universe.feeds_of]
        return encoder.build.Or(learned)

    return Run(problem, carried, wanted, bool(problem.universe.feeds_of))


def forwarding(problem: Problem) -> Run:
    """Some table sends packets on to another one."""

    def carried(simulator: Simulator, state: RouteState) -> Packet | None:
        for table in simulator.network.tables:
            next_hop = simulator.next_hop(table, problem.covering, state)
            if next_hop in simulator.network.tables:
                return {"to": problem.covering[0], "path": f"{table} > {next_hop}"}
        return None

    def wanted(encoder: Encoder, selected: list[Formula]) -> Formula:
        build, sent = encoder.build, []
        for table in problem.network.tables:
            undecided = build.TRUE()
            for when, next_hop, _ in lookup(encoder, problem, (table, selected)):
                if next_hop in problem.network.tables:
                    sent.append(build.And(undecided, when))
                undecided = build.And(undecided, build.Not(when))
        return build.Or(sent)

    return Run(problem, carried, wanted)


def traffic(task: Task) -> Run:
    """A flow is asked for; in a proof all that are meant to arrive do, and no forbidden one does."""

    def carried(simulator: Simulator, state: RouteState) -> Packet | None:
        for flow in task.made(simulator.configuration):
            end = ending(task, flow, simulator, state)
            told = {
                "from": flow.entry.shown,
                "to": str(task.region),
                "path": " > ".join(end.path),
                "reason": end.reason,
                "detail": end.detail,
            }
            return {key: text for key, text in told.items() if text}
        return None

    def wanted(encoder: Encoder, _: list[Formula]) -> Formula:
        mentioned = {name for flow in task.flows for name in flow.when.choices()}
        encoder.choices.update({c.name: c for c in task.choices if c.name in mentioned})
        asked = encoder.build.Or([encoder.condition(flow.when) for flow in task.flows])
        return encoder.build.And(asked, all_present(encoder))

    return Run(task.problem, carried, wanted)
