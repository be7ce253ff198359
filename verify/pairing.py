"""One group of prefixes in one network: what each table can hold, as its console shows it.

Two routes count as the same where the console shows the same source, next hop and
AS_PATH, but for the order of the ASNs in the path, which no table observes.  A static
entry of a table is shown beside the route that it beats.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice, product
from math import prod
from typing import TypeAlias

from verify.concrete import ConcreteProblem, State
from verify.encode import Encoder, Formula
from verify.judge import NotReplayed
from verify.models.condition import Condition, Value, all_of
from verify.models.network import Cell, Configuration, Network
from verify.problems import Problem
from verify.realise import realise
from verify.simulate import RouteState, Simulator
from verify.tabulate import row
from verify.verdict import RouteRow

Row: TypeAlias = tuple[str, str, tuple[str, ...]]
"""Source, next hop and the ASNs of the path, sorted."""

NO_ROUTE: Row = ("", "", ())
STATIC = "static"
MOST_STATES = 2_000
MOST_PATHS = 2_000  # that one AS_PATH with open ASNs can be


class Undetermined(Exception):
    """What a table can hold is not known within the bounds of the search."""


@dataclass(frozen=True)
class Way:
    """One way in which a table shows a row: a route of the universe or a static entry, under a condition."""

    index: int | None
    when: Condition


@dataclass(frozen=True)
class Side:
    """A group of prefixes in the network of one of two documents."""

    problem: Problem
    _rows: dict[Cell, dict[Row, list[Way]]] = field(default_factory=dict, compare=False)

    @property
    def network(self) -> Network:
        return self.problem.network

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every table with every prefix of the group."""
        return tuple(Cell(table, p) for p in self.problem.universe.prefixes for table in self.network.tables)

    def rows(self, cell: Cell) -> Mapping[Row, list[Way]]:
        """What a table can show for a prefix, and how; that it has no route is not listed."""
        if cell not in self._rows:
            found: dict[Row, list[Way]] = {}
            for shown, way in (*self._routes(cell), *self._statics(cell)):
                found.setdefault(shown, []).append(way)
            self._rows[cell] = found
        return self._rows[cell]

    def _routes(self, cell: Cell) -> Iterator[tuple[Row, Way]]:
        universe, choices = self.problem.universe, self.network.choices
        for index in universe.cells.get(cell, ()):
            route = universe.routes[index]
            if route.long:
                continue  # in no stable state
            opened = [choices[t] for t in dict.fromkeys(route.path) if isinstance(t, str) and t in choices]
            if prod(len(choice.values) for choice in opened) > MOST_PATHS:
                raise Undetermined(f"an AS_PATH can be one of more than {MOST_PATHS}")
            for values in product(*(choice.values for choice in opened)):
                known = {choice.name: value for choice, value in zip(opened, values, strict=True)}
                when = all_of(choice.equals(known[choice.name]) for choice in opened)
                yield self.row(index, known), Way(index, when)

    def row(self, index: int, values: Mapping[str, Value]) -> Row:
        """A route as it is compared, with values for what is open in its AS_PATH."""
        route, choices = self.problem.universe.routes[index], self.network.choices
        origin = self.problem.universe.origin_of.get(index)
        next_hop = route.came_from if origin is None else origin.next_hop or "local"
        path = sorted(str(values[t] if isinstance(t, str) and t in choices else t) for t in route.path)
        return str(route.source), next_hop, tuple(path)

    def _statics(self, cell: Cell) -> Iterator[tuple[Row, Way]]:
        for entry in self.network.statics:
            if (entry.table, entry.prefix) == cell:
                yield (STATIC, entry.next_hop or "local", ()), Way(None, entry.when)

    # --- under one configuration --------------------------------------------

    def under(self, configuration: Configuration) -> Shown:
        """What the tables show under a configuration."""
        return Shown(self, configuration)

    # --- as formulas --------------------------------------------------------

    def showing(
        self, encoder: Encoder, selected: list[Formula], cell: Cell, static: bool
    ) -> dict[Row, Formula]:
        """When a table shows each row: the routes that exclude each other, or the static entries."""
        build, found = encoder.build, {}
        for shown, ways in self.rows(cell).items():
            if (shown[0] == STATIC) is static:
                found[shown] = build.Or(
                    [
                        build.And(
                            build.TRUE() if way.index is None else selected[way.index],
                            encoder.condition(way.when),
                        )
                        for way in ways
                    ]
                )
        if not static:
            found[NO_ROUTE] = build.Not(build.Or(list(found.values())))
        return found


@dataclass(frozen=True)
class Shown:
    """What the tables of one side show under one configuration, over all of its stable states."""

    side: Side
    configuration: Configuration

    @cached_property
    def _concrete(self) -> ConcreteProblem:
        return ConcreteProblem(self.side.problem.universe, self.configuration)

    @cached_property
    def _simulator(self) -> Simulator:
        prefixes = self.side.problem.universe.prefixes
        return Simulator(self.side.network, self.configuration, prefixes)

    @cached_property
    def states(self) -> list[State]:
        """The stable states."""
        found = list(islice(self._concrete.stable_states(), MOST_STATES + 1))
        if len(found) > MOST_STATES:
            raise Undetermined(f"there are more than {MOST_STATES} stable states")
        return found

    @cached_property
    def _real(self) -> dict[int, RouteState]:
        return {}

    def routes(self, cell: Cell) -> dict[Row, int]:
        """The routes that a table selects in some stable state, with the number of such a state."""
        found: dict[Row, int] = {}
        for number, state in enumerate(self.states):
            index = state.get(cell)
            row_here = NO_ROUTE if index is None else self.side.row(index, self.configuration)
            found.setdefault(row_here, number)
        return found

    def statics(self, cell: Cell) -> frozenset[Row]:
        """The static entries in force."""
        return frozenset(
            shown
            for shown, ways in self.side.rows(cell).items()
            if shown[0] == STATIC and any(way.when.holds(self.configuration) for way in ways)
        )

    def content(self, cell: Cell) -> tuple[frozenset[Row], frozenset[Row]]:
        """What is compared."""
        return frozenset(self.routes(cell)), self.statics(cell)

    def told(self, cell: Cell, shown: Row) -> RouteRow | None:
        """A row with its real AS_PATH, from a state that the simulator confirms; None for no route."""
        if shown[0] == STATIC:
            return RouteRow(cell.table, cell.prefix, STATIC, shown[1], (), "goes first")
        state = self._state(self.routes(cell)[shown])
        route = state.get(cell)
        return None if route is None else row(self._simulator, cell, route, "selected")

    def all_told(self, cell: Cell) -> tuple[RouteRow | None, ...]:
        """Every row of a table, in a fixed order, static entries first."""
        return tuple(self.told(cell, s) for s in (*sorted(self.statics(cell)), *sorted(self.routes(cell))))

    def _state(self, number: int) -> RouteState:
        if number not in self._real:
            real = realise(self._concrete, self.states[number], self._simulator)
            if not self._simulator.is_stable(real):
                raise NotReplayed(f"a state of {self._simulator.prefixes[0]} is not stable in the simulator")
            self._real[number] = real
        return self._real[number]
