"""The route universe: every route that can ever appear at each table, for some prefixes.

The universe closes the origins under all transfers whose guard is not plainly
false.  It keeps routes apart only by what later steps can observe, so it is
finite even where nothing checks an AS_PATH: a path longer than any that a stable
state can hold is kept as *long*, that is, by the ASNs that it contains.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from ipaddress import IPv4Network
from typing import NamedTuple

from .condition import Condition, any_of
from .network import Cell, Network, Origin, Standing
from .route import AsTerm, Path, Route

MOST_CANDIDATES = 60_000
NOBODY = -1  # stands in an AS_PATH for an ASN that no speaker has


class UniverseTooLarge(Exception):
    """More routes can appear than are looked at; no proof is claimed."""


class Feed(NamedTuple):
    """A route of one table that becomes a route of another when a condition holds."""

    parent: int
    child: int
    when: Condition


@dataclass(frozen=True)
class Universe:
    """All routes that can appear, numbered; cells list theirs.

    `feeds_of[child]` are the ways in which a learned route arrives, `origin_of`
    the origin of one that was not learned.  `inhibits[cell]` are the cells whose
    routes keep learned ones out of this cell, and when.
    """

    network: Network
    prefixes: tuple[str, ...]
    routes: tuple[Route, ...]
    cell_of: tuple[Cell, ...]
    cells: Mapping[Cell, tuple[int, ...]]
    feeds_of: Mapping[int, tuple[Feed, ...]]
    feeds_from: Mapping[int, tuple[Feed, ...]]
    origin_of: Mapping[int, Origin]
    inhibits: Mapping[Cell, tuple[tuple[Cell, Condition], ...]]

    def sessions(self, cell: Cell) -> dict[str, list[int]]:
        """The routes of a cell by the neighbour from which they come, origins each by itself."""
        found: dict[str, list[int]] = {}
        for index in self.cells[cell]:
            found.setdefault(self.network.session_of(self.routes[index]), []).append(index)
        return found

    def standings(self, cell: Cell) -> dict[Standing, tuple[int, ...]]:
        """The routes of a cell in groups that its preferences cannot tell apart."""
        if cell not in self._standings:
            found: dict[Standing, list[int]] = {}
            for index in self.cells[cell]:
                found.setdefault(self.network.standing(cell.table, self.routes[index]), []).append(index)
            self._standings[cell] = {standing: tuple(group) for standing, group in found.items()}
        return self._standings[cell]

    @cached_property
    def _standings(self) -> dict[Cell, dict[Standing, tuple[int, ...]]]:
        return {}

    @property
    def has_long_paths(self) -> bool:
        """Whether some AS_PATH can grow beyond every stable state's."""
        return any(route.long for route in self.routes)


def universe(network: Network, prefixes: Iterable[str]) -> Universe:
    """Close the origins of some prefixes under all transfers.

    Raises UniverseTooLarge beyond `MOST_CANDIDATES` routes.
    """
    wanted = tuple(prefixes)
    routes: list[Route] = []
    index_of: dict[tuple[str, Route], int] = {}
    tables: list[str] = []
    origin_of: dict[int, Origin] = {}
    feeds: dict[tuple[int, int], list[Condition]] = {}

    def number(table: str, route: Route) -> int:
        key = (table, route)
        if key not in index_of:
            if len(routes) >= MOST_CANDIDATES:
                raise UniverseTooLarge(f"more than {MOST_CANDIDATES} routes can appear for {wanted[0]}")
            index_of[key] = len(routes)
            routes.append(route)
            tables.append(table)
        return index_of[key]

    for origin in _origins(network, wanted):
        if not origin.present.is_false:
            origin_of[number(origin.table, origin.route)] = origin
    done = 0
    while done < len(routes):
        for link in network.links_from(tables[done]):
            for outcome in network.outcomes(link, routes[done]):
                child = number(link.target, observable(network, outcome.route))
                feeds.setdefault((done, child), []).append(outcome.when)
        done += 1
    return _assemble(network, wanted, (routes, tables, origin_of), feeds)


def _origins(network: Network, wanted: tuple[str, ...]) -> list[Origin]:
    """The origins of some prefixes, in the order of these, so that like problems are numbered alike."""
    return [origin for prefix in wanted for origin in network.origins if origin.route.prefix == prefix]


def _assemble(
    network: Network,
    wanted: tuple[str, ...],
    numbered: tuple[list[Route], list[str], dict[int, Origin]],
    feeds: dict[tuple[int, int], list[Condition]],
) -> Universe:
    routes, tables, origin_of = numbered
    cell_of = tuple(Cell(table, route.prefix) for table, route in zip(tables, routes, strict=True))
    cells: dict[Cell, list[int]] = {}
    for index, cell in enumerate(cell_of):
        cells.setdefault(cell, []).append(index)
    into: dict[int, list[Feed]] = {}
    out_of: dict[int, list[Feed]] = {}
    for (parent, child), conditions in feeds.items():
        feed = Feed(parent, child, any_of(conditions))
        into.setdefault(child, []).append(feed)
        out_of.setdefault(parent, []).append(feed)
    return Universe(
        network,
        wanted,
        tuple(routes),
        cell_of,
        {cell: tuple(indices) for cell, indices in cells.items()},
        {child: tuple(found) for child, found in into.items()},
        {parent: tuple(found) for parent, found in out_of.items()},
        origin_of,
        _inhibitions(network, cells),
    )


def _inhibitions(
    network: Network, cells: Mapping[Cell, list[int]]
) -> dict[Cell, tuple[tuple[Cell, Condition], ...]]:
    found: dict[Cell, list[tuple[Cell, Condition]]] = {}
    for inhibition in network.inhibitions:
        here = [cell for cell in cells if cell.table == inhibition.table]
        for cell in here:
            for other in here:
                if comparable(cell.prefix, other.prefix):
                    found.setdefault(cell, []).append((other, inhibition.when))
    return {cell: tuple(others) for cell, others in found.items()}


@lru_cache(maxsize=1 << 16)
def comparable(left: str, right: str) -> bool:
    """Whether one of two different prefixes contains the other."""
    return left != right and IPv4Network(left).overlaps(IPv4Network(right))


def observable(network: Network, route: Route) -> Route:
    """A route reduced to what later steps can observe of it."""
    path = network.canonical(route.path)
    if route.long or len(path) > network.length_bound:
        return route._replace(path=_membership(network, path), long=True)
    return route._replace(path=path)


def _membership(network: Network, path: Path) -> Path:
    """The ASNs of a long path, as often as any check can tell, made longer than every path that is not long.

    So a long route ranks where its real path ranks it, behind all that are not long.
    """
    counted: Counter[AsTerm] = Counter(term for term in path if term != NOBODY)
    kept = [term for term in sorted(counted, key=str) for _ in range(min(counted[term], network.count_bound))]
    return (*kept, *(NOBODY for _ in range(network.length_bound + 1 - len(kept))))
