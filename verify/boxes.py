"""Boxes that do not close, as a formula.

A box says what a cell may hold: some of its routes, or none.  See `verify.concrete`
for boxes under one configuration, as plain sets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from verify.models.condition import Condition
from verify.models.network import Cell, Standing
from verify.models.universe import Universe

if TYPE_CHECKING:
    from verify.encode import Encoder

Formula: TypeAlias = Any  # pySMT publishes no types
Offer: TypeAlias = tuple[Condition, Standing]
Neighbour: TypeAlias = tuple[tuple[tuple[Offer, ...], Formula], ...]
"""For routes of a neighbour that become the same here: what they become, and that it can hold one."""


@dataclass(frozen=True)
class _Boxes:
    """The symbols that say what is in the boxes: which routes, and at which cells none."""

    can: Sequence[Formula]
    none: Mapping[Cell, Formula]


def open_boxes(encoder: Encoder, universe: Universe, tag: str) -> Formula:
    """Boxes that reproduce themselves and leave some cell more than one value.

    Shrinking boxes end in the largest boxes that one step leaves as they are.
    Any boxes that are contained in their own successor are contained in that
    largest one, because a step is monotone; so shrinking stops with an open
    cell exactly when some such boxes have one.
    """
    build = encoder.build
    boxes = _Boxes(
        [encoder.symbol(f"{tag}|can|{i}") for i in range(len(universe.routes))],
        {cell: encoder.symbol(f"{tag}|none|{cell.table}|{cell.prefix}") for cell in universe.cells},
    )
    rules = []
    many = []
    for cell, routes in universe.cells.items():
        step = _Step(encoder, universe, cell, boxes)
        rules.append(build.Implies(boxes.none[cell], step.can_hold_none()))
        rules += [build.Implies(boxes.can[i], formula) for i, formula in step.can_select()]
        values = [boxes.none[cell], *(boxes.can[i] for i in routes)]
        rules.append(build.Or(values))
        many.append(_two_of(encoder, values))
    return build.And(*rules, build.Or(many))


def _two_of(encoder: Encoder, values: Sequence[Formula]) -> Formula:
    found, seen = [], values[0]
    for value in values[1:]:
        found.append(encoder.build.And(seen, value))
        seen = encoder.build.Or(seen, value)
    return encoder.build.Or(found)


class _Step:
    """One step of the boxes at one cell, as formulas.

    What a route is compared with depends on its standing alone, so a comparison is
    built once for all routes with the same standing.
    """

    def __init__(self, encoder: Encoder, universe: Universe, cell: Cell, boxes: _Boxes) -> None:
        self.encoder, self.universe, self.cell = encoder, universe, cell
        self.build, self.can, self.none = encoder.build, boxes.can, boxes.none
        self.own: dict[Standing, int] = {}
        self.learned: dict[Standing, tuple[int, ...]] = {}
        for standing, group in universe.standings(cell).items():
            if group[0] in universe.origin_of:
                self.own[standing] = group[0]
            else:
                self.learned[standing] = group
        names = dict.fromkeys(standing.session for standing in self.learned)
        self.neighbours = {name: self._neighbour(name) for name in names}
        inhibits = universe.inhibits.get(cell, ())
        condition = encoder.condition
        self.may_refuse = self.build.Or([
            self.build.And(condition(when), self.build.Or([self.can[i] for i in universe.cells[other]]))
            for other, when in inhibits
        ])
        self.may_accept = self.build.And([
            self.build.Or(self.build.Not(condition(when)), self.none[other]) for other, when in inhibits
        ])

    def _neighbour(self, name: str) -> Neighbour:
        """What a neighbour can hold, in groups that this cell cannot tell apart."""
        offers: dict[int, list[Offer]] = {}
        for standing, group in self.learned.items():
            if standing.session == name:
                for feed in (feed for i in group for feed in self.universe.feeds_of.get(i, ())):
                    offers.setdefault(feed.parent, []).append((feed.when, standing))
        alike: dict[tuple[Offer, ...], list[Formula]] = {}
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
            accepted = self.build.And(self.may_accept, self._unrivalled(standing))
            learned = self.build.Or(accepted, self.may_refuse)
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
            self.build.And(held, *(self.build.Not(self._harm(*each, standing)) for each in offered))
            for offered, held in self.neighbours[name]
        ])

    def _harm(self, when: Condition, offered: Standing, standing: Standing | None) -> Formula:
        happens = self.encoder.condition(when)
        return happens if standing is None else self.build.And(happens, self._better(offered, standing))
