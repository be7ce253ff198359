"""All routes that the tables of one network can select for a group of prefixes, each with an example."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from verify.encode import Encoder
from verify.models.choices import Choice, Role
from verify.models.network import Cell, Configuration
from verify.pairing import Row, Side, Undetermined
from verify.verdict import RouteRow

if TYPE_CHECKING:
    from verify.route_pair import Budget
    from verify.solve import Backend

Possible = dict[Cell, dict[Row, RouteRow | None]]


def possible_routes(side: Side, backend: Backend, budget: Budget) -> Possible:
    """For each table, what it shows in some stable state for some choices; nothing where nothing is stable.

    Raises Undetermined, BudgetSpent and LimitReached.
    """
    from verify.solve import Question, fresh_environment

    encoder = Encoder(side.network, fresh_environment())
    build = encoder.build
    stable, selected = encoder.stable(side.problem.universe, "s")
    numbers, asks, rules = count(), {}, [stable]
    for cell in side.cells:
        for static in (True, False):
            for row, formula in side.showing(encoder, selected, cell, static).items():
                asks[cell, row] = Choice(f"asks:{next(numbers)}", Role.ORDER, (False, True), False)
                rules.append(build.Implies(encoder.literal(asks[cell, row], True), formula))
    rules.append(encoder.ground_rules())
    question = Question(side.network, encoder, build.And(rules), backend)
    found: Possible = {}
    first = budget.ask(question, {})
    if first is None:
        return found
    _note(side, first, found)
    for (cell, row), ask in asks.items():
        if row not in found[cell]:
            answer = budget.ask(question, {ask.name: True})
            if answer is not None:
                _note(side, answer, found)
                if row not in found[cell]:
                    raise Undetermined(f"a route of {cell.table} does not show in the simulator")
    return {cell: dict(sorted(rows.items())) for cell, rows in found.items()}


def _note(side: Side, answer: Configuration, found: Possible) -> None:
    """Every row of every table under the values of an answer."""
    shown = side.under(answer)
    for cell in side.cells:
        rows = found.setdefault(cell, {})
        for row in (*sorted(shown.statics(cell)), *shown.routes(cell)):
            if row not in rows:
                rows[row] = shown.told(cell, row)
