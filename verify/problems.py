"""The separate problems that a network falls into, and which of them are the same.

Convergence is a question for one prefix (or for prefixes that keep each other
out, with overlapping routing off); loops are a question for one address, that is,
for the chain of prefixes that cover it.  Prefixes that the network cannot tell
apart give the same problem under other names, which is solved once.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from ipaddress import IPv4Network, collapse_addresses
from itertools import combinations
from typing import TypeAlias, TypeVar

from verify.models import routing
from verify.models.choices import Role
from verify.models.condition import Condition
from verify.models.gadget_routing import PREFIX as GADGET_PREFIX
from verify.models.network import Cell, Network
from verify.models.universe import Universe, comparable, universe

Key: TypeAlias = tuple[object, ...]
Prefixes: TypeAlias = tuple[str, ...]
Node = TypeVar("Node", bound=Hashable)


@dataclass(frozen=True)
class Problem:
    """One universe; `covering` are the prefixes that cover an address, longest first.

    `stands_for` names the prefixes (the longest of each chain) that this problem
    represents, its own first.  `limits` are what the counts of open announcements
    say of its candidates; they are among the constraints of its network.
    """

    network: Network
    universe: Universe
    covering: tuple[str, ...]
    stands_for: tuple[str, ...]
    limits: tuple[Condition, ...] = ()

    @cached_property
    def is_acyclic(self) -> bool:
        """Whether nothing here can run in a circle, whatever the configuration.

        Where no cell depends on itself, cells settle one after the other, each on the
        route that it prefers among what its settled neighbours offer; that is one route,
        as only long ones are not ranked.  So there is one stable state, in which every
        run ends.  Where no next hops can form a circle either, no packet runs in one.
        """
        settles = not self.universe.has_long_paths and _is_acyclic(self.dependencies())
        return settles and _is_acyclic(self.hops())

    def conditions(self) -> Iterator[Condition]:
        """Every condition that the problem depends on."""
        universe, network = self.universe, self.network
        yield from network.constraints
        yield from (table.down for table in network.tables.values())
        for found in universe.feeds_of.values():
            yield from (feed.when for feed in found)
        yield from (w for origin in universe.origin_of.values() for w in (origin.present, origin.aggregate))
        yield from (when for others in universe.inhibits.values() for _, when in others)
        yield from (w for e in network.statics if e.prefix in self.covering for w in (e.when, e.first))
        for cell in universe.cells:
            for left, right in combinations(universe.standings(cell), 2):
                if left.session != right.session:
                    yield network.ranks(cell.table, left, right)

    def dependencies(self) -> Iterator[tuple[Cell, Cell]]:
        """Pairs of a cell and one on which it depends."""
        cell_of = self.universe.cell_of
        for found in self.universe.feeds_of.values():
            yield from ((cell_of[feed.child], cell_of[feed.parent]) for feed in found)
        for cell, others in self.universe.inhibits.items():
            yield from ((cell, other) for other, _ in others)

    def hops(self) -> Iterator[tuple[str, str]]:
        """Pairs of a table and one to which it can forward."""
        universe = self.universe
        for cell, route in zip(universe.cell_of, universe.routes, strict=True):
            origin = self.network.origin_of(route)
            yield cell.table, route.came_from if origin is None else origin.next_hop
        statics = (entry for entry in self.network.statics if entry.prefix in self.covering)
        yield from ((entry.table, entry.next_hop) for entry in statics)


def _is_acyclic(arrows: Iterable[tuple[Node, Node]]) -> bool:
    graph: dict[Node, set[Node]] = {}
    for begin, end in arrows:
        graph.setdefault(begin, set()).add(end)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError:
        return False
    return True


def convergence_problems(network: Network) -> tuple[Problem, ...]:
    """One problem for each group of prefixes that depend on each other, without repetitions."""
    groups = prefix_groups(network)
    return _distinct(network, ((group, group) for group in groups))


def address_problems(network: Network) -> tuple[Problem, ...]:
    """One problem for each chain of prefixes that covers an address, without repetitions."""
    return _distinct(network, _chains(network))


def limited(problem: Problem, *further: Condition) -> Problem:
    """The problem, and what the counts of open announcements say of its choices and of those in `further`."""
    network = problem.network
    if not network.announcements:
        return problem
    conditions = {*problem.conditions(), *further}
    mentioned = {name for condition in conditions for name in condition.choices()}
    limits = tuple(limit for each in network.announcements for limit in each.limits(mentioned))
    return replace(problem, network=network.constrained(limits), limits=limits) if limits else problem


def prefix_groups(network: Network) -> list[tuple[str, ...]]:
    """The prefixes of a network, those together that can keep each other out of a table."""
    prefixes = list(routing.prefixes(network))
    if not network.inhibitions:
        return [(prefix,) for prefix in prefixes]
    groups: list[list[str]] = []
    for prefix in prefixes:
        touching = [group for group in groups if any(comparable(prefix, other) for other in group)]
        merged = [other for group in touching for other in group]
        groups = [group for group in groups if group not in touching]
        groups.append([*merged, prefix])
    return [tuple(group) for group in groups]


def _chains(network: Network) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    prefixes = list(routing.prefixes(network))
    if GADGET_PREFIX in prefixes:
        yield (GADGET_PREFIX,), (GADGET_PREFIX,)
        return
    networks = {prefix: IPv4Network(prefix) for prefix in prefixes}
    group_of = {prefix: group for group in prefix_groups(network) for prefix in group}
    for prefix in prefixes:
        here = networks[prefix]
        inside = [n for n in networks.values() if n != here and n.subnet_of(here)]
        if list(collapse_addresses(inside)) == [here]:
            continue  # every address of it has a longer prefix of its own
        covering = sorted(
            (p for p in prefixes if here.subnet_of(networks[p])), key=lambda p: -networks[p].prefixlen
        )
        needed = dict.fromkeys((*covering, *(other for p in covering for other in group_of[p])))
        yield tuple(needed), tuple(covering)


def _distinct(network: Network, wanted: Iterable[tuple[Prefixes, Prefixes]]) -> tuple[Problem, ...]:
    found: dict[Key, Problem] = {}
    for prefixes, covering in wanted:
        problem = limited(Problem(network, universe(network, prefixes), covering, (covering[0],)))
        key = Signature(problem).key()
        if key in found:
            same = found[key]
            problem = replace(same, stands_for=(*same.stands_for, covering[0]))
        found[key] = problem
    return tuple(found.values())


class Signature:
    """What a problem looks like when its prefixes, and what is named after them, lose their names."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        universe = problem.universe
        self.names = {
            prefix: f"#{n}" for n, prefix in enumerate(dict.fromkeys((*problem.covering, *universe.prefixes)))
        }
        self.events: dict[str, str] = {}
        for index, origin in universe.origin_of.items():
            for number, name in enumerate(sorted(origin.present.choices())):
                if problem.network.choices[name].role is not Role.FAILURE:
                    self.events.setdefault(name, f"@{index}.{number}")
        names = "|".join(map(re.escape, sorted(self.names, key=len, reverse=True)))
        self._own_prefix = re.compile(f"(?<![0-9.])(?:{names})(?![0-9])")
        self._conditions: dict[Condition, Key] = {}

    def key(self) -> Key:
        """Equal for problems that differ in names only."""
        universe = self.problem.universe
        routes = tuple(
            (cell.table, self.text(cell.prefix), route.source, route.path, self.text(route.link), route.long)
            for cell, route in zip(universe.cell_of, universe.routes, strict=True)
        )
        feeds = tuple(
            (feed.parent, feed.child, self.condition(feed.when))
            for found in universe.feeds_of.values()
            for feed in found
        )
        origins = tuple(
            (index, origin.next_hop, self.condition(origin.present), self.condition(origin.aggregate))
            for index, origin in universe.origin_of.items()
        )
        statics = tuple(
            (e.table, self.text(e.prefix), e.next_hop, self.condition(e.when), self.condition(e.first))
            for e in self.problem.network.statics
            if e.prefix in self.names
        )
        inhibits = tuple(
            (cell.table, self.text(cell.prefix), self.text(other.prefix), self.condition(when))
            for cell, others in universe.inhibits.items()
            for other, when in others
        )
        covering = tuple(self.text(prefix) for prefix in self.problem.covering)
        limits = tuple(self.condition(limit) for limit in self.problem.limits)
        return (routes, feeds, origins, statics, inhibits, covering, limits)

    def text(self, name: str) -> str:
        """A name with the problem's own prefixes replaced by their positions."""
        return str(self._own_prefix.sub(lambda found: self.names[found.group()], name))

    def condition(self, condition: Condition) -> Key:
        """A condition with names replaced."""
        if condition not in self._conditions:
            self._conditions[condition] = self._condition(condition)
        return self._conditions[condition]

    def _condition(self, condition: Condition) -> Key:
        """Open values keep their names: what is said of one is not true of another that is like it."""
        if condition.kind != "is":
            return (condition.kind, condition.value, *(self.condition(part) for part in condition.parts))
        name = condition.choice
        choice = self.problem.network.choices.get(name)
        domain = () if choice is None else (choice.role, choice.values, choice.default)
        own = choice is not None and choice.role in (Role.OPEN, Role.CHANGE)
        alike = name if own else self.text(name)
        return ("is", self.events.get(name) or alike, condition.value, domain)
