"""Universe to formulas: stable states, forwarding loops, boxes that do not close.

Formulas are pySMT terms over Boolean symbols only.  Choices with two values are
one symbol; others have one symbol for each value, of which exactly one holds.
All prefixes of one network share the symbols of its choices.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, TypeAlias

from pysmt.environment import Environment

from verify.models.choices import Choice
from verify.models.condition import Condition, Value
from verify.models.network import Cell, Network, Standing
from verify.models.route import order_choice
from verify.models.universe import Universe

Formula = Any  # pySMT publishes no types
_Neighbour: TypeAlias = tuple[tuple[tuple[tuple[Condition, Standing], ...], Formula], ...]
"""What a neighbour can hold: for each group, what its routes become (when, which standing) and that it can hold one."""


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
        rules = [rule for cell in universe.cells for rule in self._selects(universe, cell, selected, available)]
        return self.build.And(rules), selected

    def _selects(
        self, universe: Universe, cell: Cell, selected: Sequence[Formula], available: Sequence[Formula]
    ) -> Iterator[Formula]:
        """A route is selected exactly if it is available and nothing preferred is.

        Routes with one standing are blocked by the same routes, and a standing blocks
        as soon as any of its routes is available, so both are said once for all of them.
        """
        standings = universe.standings(cell)
        there = {each: self.build.Or([available[i] for i in group]) for each, group in standings.items()}
        for standing, group in standings.items():
            blocked = self.build.Or([
                self.build.And(there[other], self.condition(universe.network.ranks(cell.table, other, standing)))
                for other in standings
                if other.session != standing.session
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
    """One step of the boxes at one cell, as formulas.

    What a route is compared with depends on its standing alone, so a comparison is
    built once for all routes with the same standing.
    """

    def __init__(
        self, encoder: Encoder, universe: Universe, cell: Cell, can: list[Formula], none: dict[Cell, Formula]
    ) -> None:
        self.encoder, self.universe, self.cell, self.can, self.none = encoder, universe, cell, can, none
        self.build = encoder.build
        self.own: dict[Standing, int] = {}
        self.learned: dict[Standing, tuple[int, ...]] = {}
        for standing, group in universe.standings(cell).items():
            if group[0] in universe.origin_of:
                self.own[standing] = group[0]
            else:
                self.learned[standing] = group
        self.neighbours = {name: self._neighbour(name) for name in dict.fromkeys(s.session for s in self.learned)}
        inhibits = universe.inhibits.get(cell, ())
        condition = encoder.condition
        self.may_refuse = self.build.Or([
            self.build.And(condition(when), self.build.Or([can[i] for i in universe.cells[other]]))
            for other, when in inhibits
        ])
        self.may_accept = self.build.And([
            self.build.Or(self.build.Not(condition(when)), none[other]) for other, when in inhibits
        ])

    def _neighbour(self, name: str) -> _Neighbour:
        """What a neighbour can hold, in groups that this cell cannot tell apart."""
        offers: dict[int, list[tuple[Condition, Standing]]] = {}
        for standing, group in self.learned.items():
            if standing.session == name:
                for feed in (feed for i in group for feed in self.universe.feeds_of.get(i, ())):
                    offers.setdefault(feed.parent, []).append((feed.when, standing))
        alike: dict[tuple[tuple[Condition, Standing], ...], list[Formula]] = {}
        for source in dict.fromkeys(self.universe.cell_of[parent] for parent in offers):
            alike.setdefault((), []).append(self.none[source])
            for parent in self.universe.cells[source]:
                alike.setdefault(tuple(offers.get(parent, ())), []).append(self.can[parent])
        return tuple((offered, self.build.Or(held)) for offered, held in alike.items())

    def can_hold_none(self) -> Formula:
        """No route of its own, and every neighbour can offer nothing (or learned routes are refused)."""
        no_own = [self.build.Not(self._present(i)) for i in self.own.values()]
        silent = [self._can_offer_none_above(name, None) for name in self.neighbours]
        learned = self.build.Or(self.build.And(self.may_accept, *silent), self.may_refuse)
        return self.build.And(*no_own, learned)

    def can_select(self) -> Iterator[tuple[int, Formula]]:
        """For each route, when the cell can select it."""
        for standing, index in self.own.items():
            unbeaten = self._beats_own(standing)
            learned = self.build.Or(self.build.And(self.may_accept, self._unrivalled(standing)), self.may_refuse)
            yield index, self.build.And(self._present(index), unbeaten, learned)
        for standing, group in self.learned.items():
            wins = self.build.And(self.may_accept, self._beats_own(standing), self._unrivalled(standing))
            for index in group:
                arrives = self.build.Or([
                    self.build.And(self.can[feed.parent], self.encoder.condition(feed.when))
                    for feed in self.universe.feeds_of.get(index, ())
                ])
                yield index, self.build.And(arrives, wins)

    def _present(self, index: int) -> Formula:
        return self.encoder.condition(self.universe.origin_of[index].present)

    def _beats_own(self, standing: Standing) -> Formula:
        return self.build.And([
            self.build.Not(self.build.And(self._present(index), self._better(own, standing)))
            for own, index in self.own.items()
            if own != standing
        ])

    def _unrivalled(self, standing: Standing) -> Formula:
        others = [name for name in self.neighbours if name != standing.session]
        return self.build.And([self._can_offer_none_above(name, standing) for name in others])

    def _better(self, left: Standing, right: Standing) -> Formula:
        return self.encoder.condition(self.universe.network.ranks(self.cell.table, left, right))

    def _can_offer_none_above(self, name: str, standing: Standing | None) -> Formula:
        """When a neighbour can hold something that does not keep this cell from a route (None: from none)."""
        return self.build.Or([
            self.build.And(held, self.build.Not(self.build.Or([self._harm(*each, standing) for each in offered])))
            for offered, held in self.neighbours[name]
        ])

    def _harm(self, when: Condition, offered: Standing, standing: Standing | None) -> Formula:
        happens = self.encoder.condition(when)
        return happens if standing is None else self.build.And(happens, self._better(offered, standing))
