"""Universe to formulas: stable states, forwarding loops, boxes that do not close.

Formulas are pySMT terms over Boolean symbols only.  Choices with two values are
one symbol; others have one symbol for each value, of which exactly one holds.
All prefixes of one network share the symbols of its choices.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from pysmt.environment import Environment

from verify.models.choices import Choice
from verify.models.condition import Condition, Value
from verify.models.network import Cell, Network
from verify.models.route import order_choice
from verify.models.universe import Feed, Universe

Formula = Any  # pySMT publishes no types


@dataclass
class Encoder:
    """Builds the formulas of one network; holds the symbols of its choices."""

    network: Network
    environment: Environment
    choices: dict[str, Choice] = field(default_factory=dict)  # every choice met so far
    _terms: dict[Condition, Formula] = field(default_factory=dict)
    _compared: dict[str, set[tuple[str, str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.build = self.environment.formula_manager

    # --- choices ------------------------------------------------------------

    def symbol(self, name: str) -> Formula:
        """A Boolean symbol."""
        from pysmt.typing import BOOL

        return self.build.Symbol(name, BOOL)

    def literal(self, choice: Choice, value: Value) -> Formula:
        """The formula that a choice has a value; a literal."""
        self.choices.setdefault(choice.name, choice)
        if len(choice.values) == 1:
            return self.build.TRUE()
        if set(choice.values) == {False, True}:
            symbol = self.symbol(choice.name)
            return symbol if value is True else self.build.Not(symbol)
        return self.symbol(f"{choice.name}={value}")

    def condition(self, condition: Condition) -> Formula:
        """The formula of a condition."""
        if condition not in self._terms:
            self._terms[condition] = self._translate(condition)
        return self._terms[condition]

    def _translate(self, condition: Condition) -> Formula:
        match condition.kind:
            case "true":
                return self.build.TRUE()
            case "false":
                return self.build.FALSE()
            case "is":
                return self.literal(self._choice(condition.choice), condition.value)
            case "not":
                return self.build.Not(self.condition(condition.parts[0]))
            case "all":
                return self.build.And([self.condition(part) for part in condition.parts])
        return self.build.Or([self.condition(part) for part in condition.parts])

    def _choice(self, name: str) -> Choice:
        if name in self.network.choices:
            return self.network.choices[name]
        if name in self.choices:
            return self.choices[name]
        table, first, second = self.network.order(name)
        self._compared.setdefault(table, set()).add((first, second))
        return order_choice(table, first, second)

    def ground_rules(self) -> Formula:
        """What holds of the choices: one value each, orders that are orders, the network's constraints.

        To be asked for last, when all formulas that mention choices are built.
        """
        rules = [self.condition(constraint) for constraint in self.network.constraints]
        compared = [(table, set(pairs)) for table, pairs in sorted(self._compared.items())]
        rules += [rule for table, pairs in compared for rule in self._order(table, pairs)]
        for choice in list(self.choices.values()):
            if len(choice.values) > 2 or (len(choice.values) == 2 and set(choice.values) != {False, True}):
                literals = [self.literal(choice, value) for value in choice.values]
                rules.append(self.build.Or(literals))
                rules += [self.build.Or(self.build.Not(a), self.build.Not(b)) for a, b in combinations(literals, 2)]
        return self.build.And(rules)

    def _order(self, table: str, pairs: set[tuple[str, str]]) -> list[Formula]:
        """Transitivity of the order in which a table prefers neighbours that are otherwise equal."""
        names = sorted({name for pair in pairs for name in pair})
        before = {
            (a, b): self.condition(self.network.before(table, a, b)) for a, b in combinations(names, 2)
        }
        rules = []
        for a, b, c in combinations(names, 3):
            ab, bc, ac = before[a, b], before[b, c], before[a, c]
            rules.append(self.build.Or(self.build.Not(ab), self.build.Not(bc), ac))
            rules.append(self.build.Or(ab, bc, self.build.Not(ac)))
        return rules

    # --- stable states ------------------------------------------------------

    def stable(self, universe: Universe, tag: str) -> tuple[Formula, list[Formula]]:
        """Stable states of some prefixes, and the symbols `sel[i]` that say which routes are selected."""
        selected = [self.symbol(f"{tag}|selected|{i}") for i in range(len(universe.routes))]
        refused = {cell: self._inhibited(universe, cell, selected) for cell in universe.inhibits}
        available = [
            self._available(universe, i, selected, refused.get(universe.cell_of[i]))
            for i in range(len(universe.routes))
        ]
        rules = []
        for cell in universe.cells:
            for group, better in self._groups(universe, cell):
                blocked = self.build.Or(
                    [self.build.And(available[j], self.condition(when)) for j, when in better]
                )
                for i in group:
                    rules.append(self.build.Iff(selected[i], self.build.And(available[i], self.build.Not(blocked))))
        return self.build.And(rules), selected

    def _available(
        self, universe: Universe, index: int, selected: Sequence[Formula], refused: Formula | None
    ) -> Formula:
        if universe.routes[index].long:
            return self.build.FALSE()
        if index in universe.origin_of:
            return self.condition(universe.origin_of[index].present)
        arrived = self.build.Or([
            self.build.And(selected[feed.parent], self.condition(feed.when))
            for feed in universe.feeds_of.get(index, ())
        ])
        return arrived if refused is None else self.build.And(arrived, self.build.Not(refused))

    def _inhibited(self, universe: Universe, cell: Cell, held: Sequence[Formula]) -> Formula:
        return self.build.Or([
            self.build.And(self.condition(when), self.build.Or([held[i] for i in universe.cells[other]]))
            for other, when in universe.inhibits[cell]
        ])

    def _groups(
        self, universe: Universe, cell: Cell
    ) -> Iterable[tuple[list[int], list[tuple[int, Condition]]]]:
        """Routes of a cell that rank alike, each group with the routes that may be better and when."""
        network = universe.network
        ladder = network.tables[cell.table].ladder
        grouped: dict[Any, list[int]] = {}
        for index in universe.cells[cell]:
            route = universe.routes[index]
            grouped.setdefault((network.session_of(route), ladder(route), route.long), []).append(index)
        for key, group in grouped.items():
            better: list[tuple[int, Condition]] = []
            for other, others in grouped.items():
                if other[0] != key[0]:
                    when = network.prefers(cell.table, universe.routes[others[0]], universe.routes[group[0]])
                    better += [(j, when) for j in others if not when.is_false]
            yield group, better

    # --- boxes --------------------------------------------------------------

    def open_boxes(self, universe: Universe, tag: str) -> Formula:
        """Boxes that reproduce themselves and leave some cell more than one value.

        Shrinking boxes end in the largest boxes that one step leaves as they are.
        Any boxes that are contained in their own successor are contained in that
        largest one, because a step is monotone; so shrinking stops with an open
        cell exactly when some such boxes have one.
        """
        can = [self.symbol(f"{tag}|can|{i}") for i in range(len(universe.routes))]
        none = {cell: self.symbol(f"{tag}|none|{cell.table}|{cell.prefix}") for cell in universe.cells}
        rules = []
        many = []
        for cell, routes in universe.cells.items():
            step = _BoxStep(self, universe, cell, can, none)
            rules.append(self.build.Implies(none[cell], step.can_hold_none()))
            rules += [self.build.Implies(can[i], formula) for i, formula in step.can_select()]
            values = [none[cell], *(can[i] for i in routes)]
            rules.append(self.build.Or(values))
            many.append(self._two_of(values))
        return self.build.And(*rules, self.build.Or(many))

    def _two_of(self, values: Sequence[Formula]) -> Formula:
        found, seen = [], values[0]
        for value in values[1:]:
            found.append(self.build.And(seen, value))
            seen = self.build.Or(seen, value)
        return self.build.Or(found)


class _BoxStep:
    """One step of the boxes at one cell, as formulas."""

    def __init__(
        self, encoder: Encoder, universe: Universe, cell: Cell, can: list[Formula], none: dict[Cell, Formula]
    ) -> None:
        self.encoder, self.universe, self.cell, self.can, self.none = encoder, universe, cell, can, none
        self.build = encoder.build
        self.sessions = {
            name: routes
            for name, routes in universe.sessions(cell).items()
            if routes[0] not in universe.origin_of
        }
        self.own = [i for i in universe.cells[cell] if i in universe.origin_of]
        inhibits = universe.inhibits.get(cell, ())
        condition = encoder.condition
        self.may_refuse = self.build.Or([
            self.build.And(condition(when), self.build.Or([can[i] for i in universe.cells[other]]))
            for other, when in inhibits
        ])
        self.may_accept = self.build.And([
            self.build.Or(self.build.Not(condition(when)), none[other]) for other, when in inhibits
        ])
        self._kept_back: dict[Any, Formula] = {}

    def can_hold_none(self) -> Formula:
        """No route of its own, and every neighbour can offer nothing (or learned routes are refused)."""
        no_own = [self.build.Not(self._present(i)) for i in self.own]
        silent = [self._can_offer_none_above(name, None) for name in self.sessions]
        learned = self.build.Or(self.build.And(self.may_accept, *silent), self.may_refuse)
        return self.build.And(*no_own, learned)

    def can_select(self) -> Iterable[tuple[int, Formula]]:
        """For each route, when the cell can select it."""
        for index in self.own:
            unbeaten = self._beats_own(index)
            others = [self._can_offer_none_above(name, index) for name in self.sessions]
            learned = self.build.Or(self.build.And(self.may_accept, *others), self.may_refuse)
            yield index, self.build.And(self._present(index), unbeaten, learned)
        for name, routes in self.sessions.items():
            for index in routes:
                arrives = self.build.Or([
                    self.build.And(self.can[feed.parent], self.encoder.condition(feed.when))
                    for feed in self.universe.feeds_of.get(index, ())
                ])
                others = [self._can_offer_none_above(other, index) for other in self.sessions if other != name]
                yield index, self.build.And(self.may_accept, arrives, self._beats_own(index), *others)

    def _present(self, index: int) -> Formula:
        return self.encoder.condition(self.universe.origin_of[index].present)

    def _beats_own(self, index: int) -> Formula:
        return self.build.And([
            self.build.Not(self.build.And(self._present(own), self._better(own, index)))
            for own in self.own
            if own != index
        ])

    def _better(self, left: int, right: int) -> Formula:
        routes = self.universe.routes
        return self.encoder.condition(
            self.universe.network.prefers(self.cell.table, routes[left], routes[right])
        )

    def _can_offer_none_above(self, name: str, index: int | None) -> Formula:
        """When a neighbour can hold something that does not keep this cell from a route (None: from none)."""
        route = None if index is None else self.universe.routes[index]
        ladder = self.universe.network.tables[self.cell.table].ladder
        session = None if route is None else self.universe.network.session_of(route)
        key = (name, None if route is None else (session, ladder(route), route.long))
        if key not in self._kept_back:
            self._kept_back[key] = self._harmless(name, index)
        return self._kept_back[key]

    def _harmless(self, name: str, index: int | None) -> Formula:
        feeds = [f for i in self.sessions[name] for f in self.universe.feeds_of.get(i, ())]
        by_parent: dict[int, list[Feed]] = {}
        for feed in feeds:
            by_parent.setdefault(feed.parent, []).append(feed)
        found = []
        for source in dict.fromkeys(self.universe.cell_of[feed.parent] for feed in feeds):
            found.append(self.none[source])
            for parent in self.universe.cells[source]:
                harm = [self._harm(feed, index) for feed in by_parent.get(parent, ())]
                found.append(self.build.And(self.can[parent], self.build.Not(self.build.Or(harm))))
        return self.build.Or(found) if found else self.build.TRUE()

    def _harm(self, feed: Feed, index: int | None) -> Formula:
        when = self.encoder.condition(feed.when)
        return when if index is None else self.build.And(when, self._better(feed.child, index))
