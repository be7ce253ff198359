"""Queries and proofs without a solver: rankings of what depends on what, and boxes that close.

What they mean is said in `verify.certificates.checker` and `verify.certificates.closing_boxes`.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Iterator
from graphlib import TopologicalSorter
from itertools import pairwise, permutations
from typing import Any, TypeVar

from verify.certificates.closing_boxes import NONE
from verify.concrete import Boxes, ConcreteProblem
from verify.inquiry import ExplicitInquiry
from verify.models.condition import Condition
from verify.models.network import Cell
from verify.models.universe import Universe
from verify.problems import Problem

Json = dict[str, Any]
Node = TypeVar("Node", bound=Hashable)


def as_json(found: Json) -> str:
    """A line for each key, so that files can be compared."""
    lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in found.items())
    return f"{{\n{lines}\n}}\n"


# --- rankings -----------------------------------------------------------------


def forwarding_order(problem: Problem) -> tuple[str, str]:
    """That no next hops can form a circle, as query and proof; they must not."""
    hops = dict.fromkeys(problem.hops())
    return _order("forwards to", [(begin or "arrived", end or "arrived") for begin, end in hops])


def learning_order(problem: Problem) -> tuple[str, str]:
    """That no cell can come to depend on itself, as query and proof; none must.

    Then the cells settle one after the other; that each has one best route needs that
    no route is long, as only two long ones are not ranked.
    """
    arrows = dict.fromkeys(problem.dependencies())
    named = [(f"{begin.table} {begin.prefix}", f"{end.table} {end.prefix}") for begin, end in arrows]
    cells = [f"{cell.table} {cell.prefix}" for cell in problem.universe.cells]
    return _order("depends on", named, cells)


def _order(meaning: str, arrows: list[tuple[str, str]], nodes: Iterable[str] = ()) -> tuple[str, str]:
    numbers: dict[str, int] = {}
    for name in (*nodes, *(name for arrow in arrows for name in arrow)):
        numbers.setdefault(name, len(numbers))
    after: dict[int, set[int]] = {number: set() for number in numbers.values()}
    for begin, end in arrows:
        after[numbers[begin]].add(numbers[end])
    ranks: dict[int, int] = {}
    for node in TopologicalSorter(after).static_order():
        ranks[node] = max((ranks[end] for end in after[node]), default=-1) + 1
    listed = [[number, end] for number, ends in after.items() for end in sorted(ends)]
    query = {"arrow": meaning, "nodes": list(numbers), "arrows": listed}
    return as_json(query), as_json({"ranks": [ranks[number] for number in numbers.values()]})


# --- boxes --------------------------------------------------------------------


def closing_boxes(inquiry: ExplicitInquiry) -> tuple[str, str]:
    """That the boxes close under each of few configurations, as query and proof; they must."""
    universe = inquiry.problem.universe
    numbers = {cell: number for number, cell in enumerate(universe.cells)}
    runs = [
        list(_steps(ConcreteProblem(universe, configuration), numbers))
        for configuration in inquiry.configurations({})
    ]
    values = {name: list(inquiry.values(choice)) for name, choice in inquiry.choices.items()}
    query = _Written(inquiry.problem).query({"choices": values})
    return as_json(query), as_json({"runs": runs})


def _steps(concrete: ConcreteProblem, numbers: dict[Cell, int]) -> Iterator[list[Any]]:
    boxes = concrete.limit(concrete.all_boxes())
    for before, after in pairwise(boxes):
        yield [[numbers[cell], _box(after, cell)] for cell in numbers if after[cell] != before[cell]]


def _box(boxes: Boxes, cell: Cell) -> list[int]:
    return sorted(NONE if route is None else route for route in boxes[cell])


class _Written:
    """A problem as plain data; conditions are numbered as they are met."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.conditions: list[list[Any]] = []
        self._numbers: dict[Condition, int] = {}

    def query(self, begun: Json) -> Json:
        """The whole query, after what is said already."""
        network, universe = self.problem.network, self.problem.universe
        numbers = {cell: number for number, cell in enumerate(universe.cells)}
        groups = [group for cell in universe.cells for group in universe.standings(cell).values()]
        standing_of = {index: number for number, group in enumerate(groups) for index in group}
        written = {
            "cells": [list(routes) for routes in universe.cells.values()],
            "names": [f"{cell.table} {cell.prefix}" for cell in universe.cells],
            "constraints": [self.number(rule) for rule in network.constraints],
            "standings": [standing_of[index] for index in range(len(universe.routes))],
            "better": list(self._better(universe)),
            "origins": [[index, self.number(own.present)] for index, own in universe.origin_of.items()],
            "feeds": [
                [feed.parent, index, network.session_of(universe.routes[index]), self.number(feed.when)]
                for index, found in universe.feeds_of.items()
                for feed in found
            ],
            "keepers": [
                [numbers[cell], numbers[other], self.number(when)]
                for cell, others in universe.inhibits.items()
                for other, when in others
            ],
        }
        names = [name for name in begun["choices"] if name not in network.choices]
        orders = [[*network.order(name), name] for name in names]
        return {**begun, "conditions": self.conditions, "orders": orders, **written}

    def _better(self, universe: Universe) -> Iterator[list[int]]:
        count = 0
        for cell in universe.cells:
            numbered = list(enumerate(universe.standings(cell), start=count))
            count += len(numbered)
            for (one, left), (other, right) in permutations(numbered, 2):
                when = universe.network.ranks(cell.table, left, right)
                if not when.is_false:
                    yield [one, other, self.number(when)]

    def number(self, condition: Condition) -> int:
        """The position of a condition, its parts before it."""
        if condition not in self._numbers:
            kind = {"true": "all", "false": "any"}.get(condition.kind, condition.kind)
            parts: list[Any] = [self.number(part) for part in condition.parts]
            self._numbers[condition] = len(self.conditions)
            self.conditions.append([kind, condition.value, [condition.choice] if kind == "is" else parts])
        return self._numbers[condition]
