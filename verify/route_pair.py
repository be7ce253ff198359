"""One group of prefixes in two networks: for which choices do the tables select different routes?

Both networks are asked about in one formula, in which a choice that both have takes the
same value in both, unless one of them cannot take it.  A table differs under such values
when the routes that it selects in the stable states of one network are not those of the
other.  Values under which one of the networks has no stable state are left out.

That a route is in *no* stable state of the other network is more than one formula says.
So a formula proposes values under which two stable states differ; where the networks
turn out to have the same sets of routes there, the states that show it are excluded,
under all values under which they are stable, and the formula is asked again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verify.concrete import State
from verify.encode import Formula
from verify.models.choices import Choice, Role
from verify.models.condition import Condition, Value
from verify.models.network import Cell, Configuration
from verify.pairing import NO_ROUTE, Row, Shown, Side, Undetermined
from verify.shared_choices import AFTER, agreement, encoders_of

if TYPE_CHECKING:
    from verify.solve import Backend, Question

MOST_REFINEMENTS = 200
SIDES = ("before", "after")


class BudgetSpent(Exception):
    """As many questions were asked as one comparison may ask."""


@dataclass
class Budget:
    """How many questions may still be asked."""

    left: int

    def ask(self, question: Question, assumed: Mapping[str, Value]) -> Configuration | None:
        """The answer to a question."""
        if self.left <= 0:
            raise BudgetSpent
        self.left -= 1
        return question.answer(assumed)


@dataclass(frozen=True)
class Difference:
    """Values of the choices under which a table differs, and what it shows before and after."""

    found: Configuration
    before: Shown
    after: Shown


class Pair:
    """The question in which choices two networks differ, for one group of prefixes."""

    def __init__(self, sides: tuple[Side, Side], backend: Backend, budget: Budget) -> None:
        from verify.solve import Question

        self.sides, self.budget = sides, budget
        self._known: list[Difference] = []
        networks = sides[0].network, sides[1].network
        encoders = encoders_of(networks)
        self.apart = encoders[1].apart
        self.encoder, self.build = encoders[0], encoders[0].build
        stable = [e.stable(s.problem.universe, n) for e, s, n in zip(encoders, sides, SIDES, strict=True)]
        self._stable = [formula for formula, _ in stable]
        self._selected = [selected for _, selected in stable]
        self._encoders = encoders
        self.cells = [cell for cell in sides[0].cells if cell.table in networks[1].tables]
        self._routes = {cell: self._showing(cell, static=False) for cell in self.cells}
        self._fixed = {cell: self._showing(cell, static=True) for cell in self.cells}
        rules = [*self._stable, *self._asked()]
        rules += [encoder.ground_rules() for encoder in encoders]
        rules += agreement(encoders)
        encoders[0].choices.update(encoders[1].choices)
        self.question = Question(networks[0], encoders[0], self.build.And(rules), backend)

    # --- formulas -----------------------------------------------------------

    def _showing(self, cell: Cell, *, static: bool) -> list[dict[Row, Formula]]:
        return [
            side.showing(encoder, selected, cell, static)
            for side, encoder, selected in zip(self.sides, self._encoders, self._selected, strict=True)
        ]

    def _asked(self) -> Iterator[Formula]:
        for cell in self.cells:
            unlike = self._unlike(self._routes[cell])
            for name in SIDES:
                yield self.build.Implies(self._ask(cell, name), unlike)
            yield self.build.Implies(self._ask(cell, "static"), self._unlike(self._fixed[cell]))

    def _unlike(self, showing: list[dict[Row, Formula]]) -> Formula:
        before, after = showing
        no = self.build.FALSE()
        alike = [
            self.build.Iff(before.get(row, no), after.get(row, no))
            for row in dict.fromkeys((*before, *after))
        ]
        return self.build.Not(self.build.And(alike))

    def _ask(self, cell: Cell, about: str) -> Formula:
        return self.encoder.literal(_asking(cell, about), True)

    # --- answers ------------------------------------------------------------

    def settles(self) -> bool:
        """Whether some values give both networks a stable state."""
        return self.budget.ask(self.question, {}) is not None

    def difference(self, cell: Cell) -> Difference | None:
        """Values under which a table differs, near to the defaults; None where there are none.

        Values under which another table was seen to differ go before others.  Raises
        Undetermined, BudgetSpent and LimitReached.
        """
        for known in self._known:
            if self.differs(cell, known.found):
                return known
        difference = self._search(cell)
        if difference is not None:
            self._known.append(difference)
        return difference

    def _search(self, cell: Cell) -> Difference | None:
        if any(self._fixed[cell]):
            found = self._answer(cell, "static", {})
            if found is not None:
                return self._nearest(cell, "static", found)
        for number, about in enumerate(SIDES):
            for _ in range(MOST_REFINEMENTS):
                found = self._answer(cell, about, {})
                if found is None:
                    break
                if self.differs(cell, found):
                    return self._nearest(cell, about, found)
                self._refine(cell, number, found)
            else:
                raise Undetermined(f"{cell.table} has several stable states in too many ways")
        return None

    def _answer(self, cell: Cell, about: str, assumed: Mapping[str, Value]) -> Configuration | None:
        return self.budget.ask(self.question, {**assumed, _asking(cell, about).name: True})

    def shown(self, found: Mapping[str, Value]) -> tuple[Shown, Shown]:
        """What the tables of both networks show under the values of an answer."""
        old, new = self.sides
        plain = {name: value for name, value in found.items() if not name.startswith(AFTER)}
        own = {name.removeprefix(AFTER): found[name] for name in found if name.startswith(AFTER)}
        later = {name: value for name, value in plain.items() if name not in self.apart} | own
        return (
            old.under(Configuration(plain, old.network.choices)),
            new.under(Configuration(later, new.network.choices)),
        )

    def differs(self, cell: Cell, found: Mapping[str, Value]) -> bool:
        """Whether a table differs under some values, by what is computed for these alone."""
        before, after = self.shown(found)
        return bool(before.states and after.states) and before.content(cell) != after.content(cell)

    def _refine(self, cell: Cell, number: int, found: Configuration) -> None:
        """Exclude that one side shows what the other shows as well, in a state that is stable there."""
        other = 1 - number
        shown = self.shown(found)[other]
        for row, place in shown.routes(cell).items():
            state = shown.states[place]
            mine = self._routes[cell][number].get(row, self.build.FALSE())
            there = self.build.And(self._holds(other, state), self._path(other, cell, row, state))
            ask = self._ask(cell, SIDES[number])
            self.question.require(self.build.Implies(ask, self.build.Not(self.build.And(mine, there))))

    def _holds(self, number: int, state: State) -> Formula:
        """When a state of one network is stable, as a formula over choices alone."""
        universe, constants = self.sides[number].problem.universe, {}
        for index, symbol in enumerate(self._selected[number]):
            constants[symbol] = self.build.Bool(state.get(universe.cell_of[index]) == index)
        environment = self.encoder.environment
        return environment.substituter.substitute(self._stable[number], constants)

    def _path(self, number: int, cell: Cell, row: Row, state: State) -> Formula:
        """When the route that a table has in a state shows as a row."""
        if row == NO_ROUTE:
            return self.build.TRUE()
        ways = self.sides[number].rows(cell)[row]
        conditions: list[Condition] = [way.when for way in ways if way.index == state[cell]]
        return self.build.Or([self._encoders[number].condition(when) for when in conditions])

    def _nearest(self, cell: Cell, about: str, found: Configuration) -> Difference:
        """The answer with as many choices at their default as can be, one after the other."""
        kept: dict[str, Value] = {}
        for name, choice in self.choices.items():
            if found[name] != choice.default:
                nearer = self._answer(cell, about, {**kept, name: choice.default})
                if nearer is None or not self.differs(cell, nearer):
                    continue
                found = nearer
            kept[name] = choice.default
        return Difference(found, *self.shown(found))

    @property
    def choices(self) -> dict[str, Choice]:
        """The choices of both networks on which an answer can depend."""
        return {name: c for name, c in self.question.choices.items() if not name.startswith("asks:")}


def _asking(cell: Cell, about: str) -> Choice:
    return Choice(f"asks:{about}:{cell.table} {cell.prefix}", Role.ORDER, (False, True), False)
