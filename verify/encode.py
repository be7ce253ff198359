"""Universe to formulas: stable states, forwarding loops, boxes that do not close.

Formulas are pySMT terms over Boolean symbols only.  Choices with two values are
one symbol; others have one symbol for each value, of which exactly one holds.
All prefixes of one network share the symbols of its choices.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from pysmt.environment import Environment

from verify.boxes import open_boxes
from verify.models.choices import Choice
from verify.models.condition import Condition, Value
from verify.models.network import Cell, Network
from verify.models.route import order_choice
from verify.models.universe import Universe

Formula = Any  # pySMT publishes no types


@dataclass
class Encoder:
    """Builds the formulas of one network; holds the symbols of its choices."""

    network: Network
    environment: Environment
    choices: dict[str, Choice] = field(default_factory=dict)  # every choice met so far
    given: list[Formula] = field(default_factory=list)  # what only says that choices have one value each
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
        if choice.is_flag:
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
            case "most":
                return self._at_most(int(condition.value), [self.condition(p) for p in condition.parts])
        return self.build.Or([self.condition(part) for part in condition.parts])

    def _at_most(self, most: int, parts: list[Formula]) -> Formula:
        """A counter: row by row whether, of the parts so far, more than 0, 1, ... `most` hold."""
        above = [self.build.FALSE()] * (most + 1)
        for part in parts:
            below = [self.build.TRUE(), *above[:-1]]
            above = [
                self.build.Or(before, self.build.And(part, lower))
                for before, lower in zip(above, below, strict=True)
            ]
        return self.build.Not(above[most])

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
            if len(choice.values) > 1 and not choice.is_flag:
                self.given += self._one_of([self.literal(choice, value) for value in choice.values])
        return self.build.And([*rules, *self.given])

    def _one_of(self, literals: list[Formula]) -> Iterator[Formula]:
        """Exactly one of them holds."""
        yield self.build.Or(literals)
        for one, other in combinations(literals, 2):
            yield self.build.Or(self.build.Not(one), self.build.Not(other))

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
        rules = [r for cell in universe.cells for r in self._selects(universe, cell, selected, available)]
        return self.build.And(rules), selected

    def _selects(
        self, universe: Universe, cell: Cell, selected: Sequence[Formula], available: Sequence[Formula]
    ) -> Iterator[Formula]:
        """A route is selected exactly if it is available and nothing preferred is.

        As neighbours are ranked by an order, some route is selected wherever one is
        available; that follows, but is said, for solvers are slow to find it.

        Routes with one standing are blocked by the same routes, and a standing blocks
        as soon as any of its routes is available, so both are said once for all of them.
        """
        standings = universe.standings(cell)
        there = {each: self.build.Or([available[i] for i in group]) for each, group in standings.items()}
        chosen = self.build.Or([selected[i] for group in standings.values() for i in group])
        yield self.build.Implies(self.build.Or(list(there.values())), chosen)
        for standing, group in standings.items():
            rivals = [other for other in standings if other.session != standing.session]
            better = [self.condition(universe.network.ranks(cell.table, each, standing)) for each in rivals]
            blocked = self.build.Or([
                self.build.And(there[rival], when) for rival, when in zip(rivals, better, strict=True)
            ])
            for i in group:
                yield self.build.Iff(selected[i], self.build.And(available[i], self.build.Not(blocked)))

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

    # --- boxes --------------------------------------------------------------

    def open_boxes(self, universe: Universe, tag: str) -> Formula:
        """Boxes that reproduce themselves and leave some cell more than one value; see `verify.boxes`."""
        return open_boxes(self, universe, tag)
