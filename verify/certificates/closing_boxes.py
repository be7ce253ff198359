"""Checks that boxes close, by the definition of a step and with the standard library alone.

A query has, as JSON:

    choices      for each name the values that it can have
    conditions   [kind, value, parts]: `is` compares a choice with a value; the others count which
                 of their parts, earlier conditions by position, hold: not, all, any, most (`value`)
    constraints  conditions that hold in each configuration
    orders       [table, one, other, choice]: which of two neighbours goes first; never in a circle
    cells        the routes that each can hold
    standings    of each route, all that a cell's preferences observe of it
    better       [standing, standing, condition]: when routes of the first are preferred
    origins      [route, condition]: when a cell has a route of its own
    feeds        [route, route, session, condition]: when the first is learned as the second
    keepers      [cell, cell, condition]: when what the second holds keeps learned routes out of the first

A proof has a run for each configuration, in the order of the product of all values: steps,
each the boxes that change: [cell, routes that it can hold from then on, -1 for none].
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any

from verify.certificates.rejection import demand

NONE = -1
Offered = tuple[str, set[int]]


def check_boxes(query: str, proof: str) -> None:
    """Accept boxes that shrink to one value in each, for every configuration that is allowed."""
    asked, runs = json.loads(query), iter(json.loads(proof)["runs"])
    choices = asked["choices"]
    for values in product(*choices.values()):
        network = _Network(asked, dict(zip(choices, values, strict=True)))
        if network.allowed:
            run = next(runs, None)
            demand(run is not None, "a configuration has no run")
            network.check(run or [])
    demand(next(runs, None) is None, "there are more runs than configurations")


class _Network:
    """What a query says under one configuration."""

    def __init__(self, asked: Mapping[str, Any], configuration: Mapping[str, Any]) -> None:
        self.true: list[bool] = []
        for condition in asked["conditions"]:
            self.true.append(self._holds(condition, configuration))
        holds = self.true.__getitem__
        ranked = _ordered(asked["orders"], configuration)
        self.allowed = all(map(holds, asked["constraints"])) and ranked
        self.cells: list[list[int]] = asked["cells"]
        self.standing: list[int] = asked["standings"]
        self.better = {(left, right) for left, right, when in asked["better"] if holds(when)}
        self.own = {route for route, when in asked["origins"] if holds(when)}
        self.keepers: list[list[int]] = [[] for _ in self.cells]
        for cell, other, when in asked["keepers"]:
            if holds(when):
                self.keepers[cell].append(other)
        home = {route: cell for cell, routes in enumerate(self.cells) for route in routes}
        self.offers: list[dict[tuple[str, int], dict[int, int]]] = [{} for _ in self.cells]
        for parent, child, session, when in asked["feeds"]:
            if holds(when):
                self.offers[home[child]].setdefault((session, home[parent]), {})[parent] = child

    def _holds(self, condition: list[Any], configuration: Mapping[str, Any]) -> bool:
        kind, value, parts = condition
        if kind == "is":
            return bool(configuration[parts[0]] == value)
        count = sum(self.true[part] for part in parts)
        if kind == "most":
            return bool(count <= value)
        return bool({"not": count == 0, "all": count == len(parts), "any": count > 0}[kind])

    def check(self, run: list[Any]) -> None:
        """Accept the steps of one run: each is exactly what follows, and in the end all boxes are closed."""
        boxes = [{NONE, *routes} for routes in self.cells]
        for step in run:
            smaller = [self._selectable(cell, boxes) & box for cell, box in enumerate(boxes)]
            changes = [[cell, sorted(box)] for cell, box in enumerate(smaller) if box != boxes[cell]]
            demand(bool(changes) and step == changes, "a step is not what follows")
            boxes = smaller
        demand(all(len(box) == 1 for box in boxes), "some box does not close")

    def _selectable(self, cell: int, boxes: list[set[int]]) -> set[int]:
        """What a cell can select when each neighbour holds anything in its box, whatever the others hold."""
        own = self.own.intersection(self.cells[cell])
        options = [
            (session, {offers.get(held, NONE) for held in boxes[source]})
            for (session, source), offers in self.offers[cell].items()
        ]
        found: set[int] = set()
        if any(boxes[keeper] - {NONE} for keeper in self.keepers[cell]):
            found |= self._selected(own, [])
        if all(NONE in boxes[keeper] for keeper in self.keepers[cell]):
            found |= self._selected(own, options)
        return found

    def _selected(self, own: set[int], options: list[Offered]) -> set[int]:
        """Of routes of its own and offered ones, those that all other neighbours can leave unbeaten."""
        candidates = [("", route) for route in own]
        candidates += [(name, route) for name, offered in options for route in offered - {NONE}]
        found = {
            route
            for session, route in candidates
            if not any(self._beats(mine, route) for mine in own)
            and all(self._spares(offered, route) for name, offered in options if name != session)
        }
        if not own and all(NONE in offered for _, offered in options):
            found.add(NONE)
        return found

    def _spares(self, offered: set[int], route: int) -> bool:
        """Whether a neighbour can offer something that does not beat a route."""
        return any(other == NONE or not self._beats(other, route) for other in offered)

    def _beats(self, left: int, right: int) -> bool:
        return (self.standing[left], self.standing[right]) in self.better


def _ordered(orders: Iterable[list[str]], configuration: Mapping[str, Any]) -> bool:
    """Whether what the tables rank by pairs never goes in a circle."""
    after: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for table, one, other, name in orders:
        first, second = (one, other) if configuration[name] else (other, one)
        after.setdefault((table, first), set()).add((table, second))
    while ends := [neighbour for neighbour, later in after.items() if not later & after.keys()]:
        for neighbour in ends:
            del after[neighbour]
    return not after
