"""For which prefixes and tables the selected route can differ between two documents.

Two statements, both over all open values, readings, orders, events and failures.  What a
table *can* select: the routes that it has in some stable state.  Where it *differs*: that
under one and the same choices the routes that it selects, over all stable states, are not
the same in both documents.  Groups of prefixes in which the networks are the same are not
asked about, and those that differ from others in names only are asked about once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, TypeAlias

from verify.announced import networks_of_both
from verify.compared import RouteChange
from verify.models.network import Cell, Network
from verify.models.open_announcements import impossible, unbounded
from verify.models.routing import AmbiguousNames, TooManyStructures
from verify.models.scenario import Document
from verify.models.universe import UniverseTooLarge, universe
from verify.pairing import NO_ROUTE, Row, Side, Undetermined
from verify.possible_routes import Possible, possible_routes
from verify.problems import Problem, Signature, limited, prefix_groups
from verify.route_examples import examples
from verify.route_pair import Budget, BudgetSpent, Pair
from verify.shared_choices import can_meet
from verify.verdict import RouteRow

if TYPE_CHECKING:
    from verify.solve import Backend

MOST_QUESTIONS = 4_000
MOST_PAIRS = 64  # of structures, one of each document
Rows: TypeAlias = dict[Row, RouteRow | None]


@dataclass(frozen=True)
class RouteChanges:
    """The tables whose route can differ, and why the list may lack some ("" where it is complete)."""

    changes: tuple[RouteChange, ...]
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Group:
    """Prefixes that depend on each other, in the networks of both documents."""

    prefixes: tuple[str, ...]
    before: tuple[Side, ...]
    after: tuple[Side, ...]


def route_changes(
    old: Document, new: Document, backend: Callable[[], Backend], most: int = MOST_QUESTIONS
) -> RouteChanges:
    """Every table and prefix whose selected route can differ; both documents are opened beside each other."""
    gaps = [gap for each in (old, new) for gap in (impossible(each), unbounded(each)) if gap]
    try:
        before, after = networks_of_both(old, new)
    except (AmbiguousNames, TooManyStructures) as limit:
        return RouteChanges((), (*gaps, str(limit)))
    if len(before) * len(after) > MOST_PAIRS:
        gap = f"open ASNs give the tables more than {MOST_PAIRS} pairs of structures"
        return RouteChanges((), (*gaps, gap))
    return _Search(before, after, backend, Budget(most), gaps).changes()


@dataclass
class _Search:
    before: tuple[Network, ...]
    after: tuple[Network, ...]
    backend: Callable[[], Backend]
    budget: Budget
    gaps: list[str]

    def changes(self) -> RouteChanges:
        from verify.solve import LimitReached

        known: dict[object, list[RouteChange]] = {}
        for prefixes in _groups((*self.before, *self.after)):
            try:
                group = self._group(prefixes)
                if _is_same(group):
                    continue
                key = _key(group)
                if key in known:
                    known[key] = [_also(each, prefixes) for each in known[key]]
                    continue
                known[key] = list(self._compared(group))
            except BudgetSpent:
                self.gaps.append(f"from {prefixes[0]} on: the bound on the number of questions is reached")
                break
            except (UniverseTooLarge, Undetermined, LimitReached) as limit:
                self.gaps.append(f"{', '.join(prefixes)}: {limit}")
        return RouteChanges(tuple(c for found in known.values() for c in found), tuple(self.gaps))

    @cached_property
    def _structures(self) -> list[tuple[int, int]]:
        """The structures of both documents that the same values of the choices can give."""
        every = product(range(len(self.before)), range(len(self.after)))
        if len(self.before) == len(self.after) == 1:
            return list(every)
        backend = self.backend()
        return [(b, a) for b, a in every if can_meet((self.before[b], self.after[a]), backend)]

    def _group(self, prefixes: tuple[str, ...]) -> _Group:
        def sides(networks: tuple[Network, ...]) -> tuple[Side, ...]:
            return tuple(Side(_problem(network, prefixes)) for network in networks)

        return _Group(prefixes, sides(self.before), sides(self.after))

    def _compared(self, group: _Group) -> Iterator[RouteChange]:
        backend, both = self.backend(), (group.before, group.after)
        can = [[possible_routes(side, backend, self.budget) for side in sides] for sides in both]
        wanted = [(group.before[b], group.after[a]) for b, a in self._structures]
        pairs = [Pair(sides, backend, self.budget) for sides in wanted]
        cells = tuple(dict.fromkeys(cell for sides in both for side in sides for cell in side.cells))
        found = examples([pair for pair in pairs if pair.settles()], cells)
        for cell in cells:
            before, after = (_together(possible, cell) for possible in can)
            if cell not in found and (before.keys() == after.keys() or not _any_route((before, after))):
                continue
            known = [any(cell.table in side.network.tables for side in sides) for sides in both]
            yield RouteChange(
                table=cell.table,
                prefixes=(cell.prefix,),
                before=tuple(before.values()),
                after=tuple(after.values()),
                presence="both" if all(known) else "removed" if known[0] else "added",
                settles=(any(can[0]), any(can[1])),
                example=found.get(cell),
            )


def _any_route(both: tuple[Rows, Rows]) -> bool:
    """Whether a table can have a route at all."""
    return any(row != NO_ROUTE for rows in both for row in rows)


def _together(can: list[Possible], cell: Cell) -> Rows:
    """What a table can show in any of the structures of a document."""
    found: Rows = {}
    for each in can:
        for row, told in each.get(cell, {}).items():
            found.setdefault(row, told)
    return dict(sorted(found.items()))


def _problem(network: Network, prefixes: tuple[str, ...]) -> Problem:
    return limited(Problem(network, universe(network, prefixes), prefixes, (prefixes[0],)))


def _groups(networks: tuple[Network, ...]) -> list[tuple[str, ...]]:
    """Prefixes that depend on each other in some network, in the order in which they are first met."""
    groups: list[tuple[str, ...]] = []
    for group in (group for network in networks for group in prefix_groups(network)):
        touching = [other for other in groups if set(other) & set(group)]
        merged = tuple(dict.fromkeys(p for other in (*touching, group) for p in other))
        place = groups.index(touching[0]) if touching else len(groups)
        groups = [other for other in groups if other not in touching]
        groups.insert(place, merged)
    return groups


def _also(change: RouteChange, prefixes: tuple[str, ...]) -> RouteChange:
    """The change, which is the same for another prefix."""
    return replace(change, prefixes=(*change.prefixes, *prefixes))


# --- what need not be asked ---------------------------------------------------


def _is_same(group: _Group) -> bool:
    """Whether the networks do the same with a group of prefixes, so that nothing has to be asked.

    Structures of one document exclude each other, so pairs of different ones do not matter.
    """
    if len(group.before) != len(group.after):
        return False
    return all(_content(b) == _content(a) for b, a in zip(group.before, group.after, strict=True))


def _content(side: Side) -> tuple[object, ...]:
    """Everything that the routes of a group of prefixes depend on, and everything that is shown of them."""
    found, network = side.problem.universe, side.network
    standings = [network.standing(cell.table, r) for cell, r in zip(found.cell_of, found.routes, strict=True)]
    statics = [entry for entry in network.statics if entry.prefix in found.prefixes]
    conditions = dict.fromkeys(side.problem.conditions())
    names: set[object] = {name for condition in conditions for name in condition.choices()}
    names.update(term for route in found.routes for term in route.path)
    domains = {name: choice for name, choice in network.choices.items() if name in names}
    shape = (found.routes, found.cell_of, found.feeds_of, found.origin_of, found.inhibits)
    return (*shape, standings, statics, network.constraints, domains)


def _key(group: _Group) -> object:
    """Equal for groups that differ in the names of prefixes only; groups of several prefixes stay apart."""
    if len(group.prefixes) > 1:
        return group.prefixes
    sides = [[Signature(side.problem) for side in side_of] for side_of in (group.before, group.after)]
    events = [
        tuple(sorted((mine, a.events[name]) for name, mine in b.events.items() if name in a.events))
        for b in sides[0]
        for a in sides[1]
    ]
    keys = [tuple(each.key() for each in side) for side in sides]
    return (*keys, *events)
