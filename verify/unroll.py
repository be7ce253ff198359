"""Periodic runs by bounded unrolling, for networks that flap only under delays that differ by session.

A run of period T is written down as what each table holds at each of T times, and
how old the message is that each session has delivered last.  Ages grow by at most
one a step, so messages stay in order.  Cells that others of their table can keep
closed also say when they update, as no message tells them of that; all others
update at every time, for which old messages make up.  A solver looks for such a run
that changes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from verify.concrete import Box, Boxes, ConcreteProblem, Selection, Session
from verify.models.network import Cell
from verify.models.route import Route
from verify.models.universe import observable
from verify.run import Plan
from verify.simulate import Simulator

PERIODS = (2, 3, 4, 6)
MOST_VALUES = 400

Formula = Any  # pySMT publishes no types


def periodic_run(problem: ConcreteProblem, simulator: Simulator, boxes: Boxes) -> Plan | None:
    """A plan with one of a few periods, or None where there is none (or the search would be too large)."""
    from verify.solve import fresh_environment, model_of

    if sum(map(len, boxes.values())) > MOST_VALUES:
        return None
    boxes = {cell: boxes[cell] for cell in simulator.cells if cell in boxes}  # in the order of updates
    for period in PERIODS:
        environment = fresh_environment()
        unrolled = _Unrolled(problem, boxes, period, environment.formula_manager)
        found = model_of(environment, unrolled.formula())
        if found is not None:
            return unrolled.plan(found, simulator)
    return None


def ordered(box: Box) -> list[Selection]:
    """The values of a box in an order that is the same in every process (sets have none)."""
    return sorted(box, key=lambda value: -1 if value is None else value)


@dataclass
class _Unrolled:
    problem: ConcreteProblem
    boxes: Boxes
    period: int
    build: Any
    ages: dict[tuple[Cell, int], list[list[Formula]]] = field(default_factory=dict)

    @cached_property
    def _place(self) -> dict[Cell, int]:
        """Where each cell stands in the order in which cells that update at one time do so."""
        return {cell: place for place, cell in enumerate(self.boxes)}

    def _inhibitors(self, cell: Cell) -> list[Cell]:
        """The other cells that can keep learned routes out of a cell."""
        return [other for other in self.problem.inhibitors.get(cell, ()) if other in self.boxes]

    def updates(self, cell: Cell, time: int) -> Formula:
        """Whether a cell updates at a time."""
        if not self._inhibitors(cell):
            return self.build.TRUE()
        return self._symbol(f"updates|{cell.table}|{cell.prefix}|{time}")

    def _refuses(self, cell: Cell, time: int) -> Formula:
        """Whether another prefix of the table keeps learned routes out of a cell at a time."""
        return self.build.Or([self._has_route(other, cell, time) for other in self._inhibitors(cell)])

    def _has_route(self, other: Cell, cell: Cell, time: int) -> Formula:
        """Whether a cell has a route when another of its table updates: before it at that time, or after."""
        if None not in self.boxes[other]:
            return self.build.TRUE()
        seen = time if self._place[other] < self._place[cell] else time - 1
        return self.build.Not(self.held(other, seen, None))

    def held(self, cell: Cell, time: int, value: Selection) -> Formula:
        return self._symbol(f"{cell.table}|{cell.prefix}|{time % self.period}|{value}")

    def _symbol(self, name: str) -> Formula:
        from pysmt.typing import BOOL

        return self.build.Symbol(name, BOOL)

    def formula(self) -> Formula:
        """Every table holds what it selects from what it has read, and something changes."""
        rules, changes = [], []
        for cell, box in self.boxes.items():
            for number, _ in enumerate(self.problem.sessions[cell]):
                rules += self._in_order(cell, number)
            rules.append(self.build.Or([self.updates(cell, time) for time in range(self.period)]))
            for time in range(self.period):
                values = [self.held(cell, time, value) for value in ordered(box)]
                rules.append(self.build.ExactlyOne(values))
                rules += self._selects(cell, time)
                rules += self._stays(cell, time)
                changes += [
                    self.build.Xor(self.held(cell, time, value), self.held(cell, time + 1, value))
                    for value in ordered(box)
                    if len(box) > 1
                ]
        return self.build.And(*rules, self.build.Or(changes))

    def _stays(self, cell: Cell, time: int) -> list[Formula]:
        """A cell that does not update holds what it held."""
        if not self._inhibitors(cell):
            return []
        stays = [
            self.build.Iff(self.held(cell, time, value), self.held(cell, time - 1, value))
            for value in ordered(self.boxes[cell])
        ]
        return [self.build.Or(self.updates(cell, time), self.build.And(stays))]

    def _in_order(self, cell: Cell, number: int) -> list[Formula]:
        name = f"age|{cell.table}|{cell.prefix}|{number}"
        span = range(1, self.period + 1)
        ages = [[self._symbol(f"{name}|{time}|{age}") for age in span] for time in range(self.period)]
        self.ages[cell, number] = ages
        rules = [self.build.ExactlyOne(each) for each in ages]
        for time in range(self.period):
            before = ages[time - 1]
            for age in range(1, self.period):
                older = [before[earlier] for earlier in range(age - 1, self.period)]
                rules.append(self.build.Implies(ages[time][age], self.build.Or(older)))
        return rules

    def _offered(self, cell: Cell, number: int, session: Session, time: int) -> dict[Selection, Formula]:
        """What a session offers at a time: for each route of the cell, when it is that one."""
        ways: dict[Selection, list[Formula]] = {}
        for value in ordered(self.boxes[session.source]):
            offer = session.offers.get(value) if value is not None else None
            for age, literal in enumerate(self.ages[cell, number][time], start=1):
                way = self.build.And(literal, self.held(session.source, time - age, value))
                ways.setdefault(offer, []).append(way)
        return {offer: self.build.Or(found) for offer, found in ways.items()}

    def _selects(self, cell: Cell, time: int) -> list[Formula]:
        sessions = self.problem.sessions[cell]
        offered = [self._offered(cell, n, session, time) for n, session in enumerate(sessions)]
        refuses = self._refuses(cell, time)
        rules = []
        for value in ordered(self.boxes[cell]):
            learned = self.build.And(self.build.Not(refuses), self._wins(cell, value, offered))
            alone = self.build.And(refuses, self._wins(cell, value, []))
            held = self.build.And(self.updates(cell, time), self.held(cell, time, value))
            rules.append(self.build.Implies(held, self.build.Or(learned, alone)))
        return rules

    def _wins(self, cell: Cell, value: Selection, offered: list[dict[Selection, Formula]]) -> Formula:
        """When a cell selects a value, as a formula of what its sessions offer."""
        own = self.problem.origins[cell]
        if value is None:
            silent = [self.build.Not(f) for o in offered for offer, f in o.items() if offer is not None]
            return self.build.And(silent) if not own else self.build.FALSE()
        ways = [self._unbeaten(value, own, offered)] if value in own else []
        for number, session in enumerate(offered):
            if value in session:
                rest = offered[:number] + offered[number + 1 :]
                ways.append(self.build.And(session[value], self._unbeaten(value, own, rest)))
        return self.build.Or(ways)

    def _unbeaten(
        self, value: Selection, own: tuple[int, ...], offered: list[dict[Selection, Formula]]
    ) -> Formula:
        assert value is not None  # no route is never compared
        if any(self.problem.better(other, value) for other in own if other != value):
            return self.build.FALSE()
        better = self.problem.better
        beaten = [f for o in offered for c, f in o.items() if c is not None and better(c, value)]
        return self.build.Not(self.build.Or(beaten))

    def plan(self, model: Any, simulator: Simulator) -> Plan:
        """The plan that a model describes, with real routes."""
        real = representatives(self.problem)
        held = []
        for time in range(self.period):
            state = simulator.empty()
            for cell, box in self.boxes.items():
                value = next(v for v in ordered(box) if model.get_py_value(self.held(cell, time, v)))
                state[cell] = None if value is None else real[value]
            held.append(state)
        age = {}
        for cell in self.boxes:
            for number, session in enumerate(self.problem.sessions[cell]):
                ages = tuple(
                    next(n for n, literal in enumerate(literals, start=1) if model.get_py_value(literal))
                    for literals in self.ages[cell, number]
                )
                for child in session.offers.values():
                    age[self.problem.universe.routes[child].link, cell.prefix] = ages
        updates = [
            frozenset(
                cell
                for cell in simulator.cells
                if cell not in self.boxes or model.get_py_value(self.updates(cell, time))
            )
            for time in range(self.period)
        ]
        return Plan(tuple(held), age, tuple(updates))


def representatives(problem: ConcreteProblem) -> list[Route]:
    """A real route for each numbered one, by the way in which the universe first came to it."""
    universe = problem.universe
    links = {link.id: link for link in universe.network.links}
    found: list[Route] = []
    for index, route in enumerate(universe.routes):
        if index in universe.origin_of:
            found.append(route)
            continue
        parent = min(feed.parent for feed in universe.feeds_of[index])
        arrived = (o.route for o in links[route.link].transfer(found[parent]))
        same = (r for r in arrived if observable(universe.network, r) == route)
        found.append(next(same, route))
    return found
