"""The traffic that has to arrive, or must not, as tasks: flows to all addresses of one kind.

A demand is about every address of its destination.  Prefixes inside it divide these
into regions that forwarding treats alike, each with the chain of prefixes that cover
it, so there is a task for each; tasks that differ in names only are one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from ipaddress import IPv4Network, collapse_addresses

from verify.emptiness import is_empty
from verify.models import routing
from verify.models.aggregates import SHORTEST_NETWORK
from verify.models.choices import Choice, Role, where
from verify.models.condition import FALSE, Condition, all_of, any_of, negate
from verify.models.intents import LOCAL, Demand, End, Entry, demands, entries, is_at
from verify.models.network import Configuration, Network
from verify.models.opening import all_choices
from verify.models.scenario import Document
from verify.models.universe import universe
from verify.problems import Key, Problem, Signature, limited, prefix_groups

CHOSEN = (Role.OPEN, Role.CHANGE)


@dataclass(frozen=True)
class Flow:
    """A demand at one of the tables where its packets start; `when` it is made."""

    demand: Demand
    entry: Entry
    when: Condition


@dataclass(frozen=True)
class Start:
    """Where packets start, and when any flow starts there; without a table, whether they have arrived."""

    table: str
    arrived: bool
    when: Condition
    cut_off: Condition


@dataclass(frozen=True)
class Task:
    """All flows to the addresses of one region, in one network.

    `arrivals` are the origins at which a packet is delivered.  `alike` are further
    regions for which the answer is the same.
    """

    problem: Problem
    flows: tuple[Flow, ...]
    arrivals: frozenset[str]
    forbidden: bool
    region: IPv4Network
    choices: tuple[Choice, ...] = ()  # the open values of the document, some of which only intents mention
    alike: tuple[IPv4Network, ...] = ()

    @property
    def starts(self) -> tuple[Start, ...]:
        """The flows, those together that start alike."""
        found: dict[tuple[str, bool, Condition], list[Condition]] = {}
        for flow in self.flows:
            arrived = flow.entry.delivered in self.arrivals
            found.setdefault((flow.entry.table, arrived, flow.entry.cut_off), []).append(flow.when)
        return tuple(Start(table, arrived, any_of(w), cut) for (table, arrived, cut), w in found.items())

    def made(self, configuration: Configuration) -> Iterator[Flow]:
        """The flows of a configuration.

        An open value that only intents mention can be left out of it where the flows
        of one start hide it.
        """
        known = {**configuration.choices, **{choice.name: choice for choice in self.choices}}
        whole = Configuration(configuration, known)
        return (flow for flow in self.flows if flow.when.holds(whole))


def tasks(document: Document, network: Network, forbidden: bool) -> tuple[Task, ...]:
    """The flows that have to arrive (or must not), by what they are sent to, without repetitions."""
    groups = list(_by_destination(document, forbidden))
    if not groups:  # a gadget, whose prefix is no address range, has none
        return ()
    found: dict[Key, Task] = {}
    space = _Space(document, network)
    for group in groups:
        destination = group[0].destination
        for region in space.regions(destination, everything=forbidden):
            task = _task(space, group, region, forbidden)
            if not task.flows:
                continue
            key = _key(task)
            same = found.get(key)
            found[key] = task if same is None else replace(same, alike=(*same.alike, region))
    return tuple(found.values())


def _by_destination(document: Document, forbidden: bool) -> Iterator[list[Demand]]:
    groups: dict[tuple[IPv4Network, frozenset[str]], list[Demand]] = {}
    for demand in demands(document):
        if any(bool(value) != forbidden for value in _values(demand.allowed)):
            end = demand.destination
            groups.setdefault((end.prefix, frozenset((end.owner, *end.also))), []).append(demand)
    yield from groups.values()


def _values(term: object) -> tuple[object, ...]:
    return term.values if isinstance(term, Choice) else (term,)


class _Space:
    """The prefixes of a network, and what they make of a destination."""

    def __init__(self, document: Document, network: Network) -> None:
        self.document = document
        self.network = network
        self.choices = all_choices(document)
        self.networks = {prefix: IPv4Network(prefix) for prefix in routing.prefixes(network)}
        self.group_of = {prefix: group for group in prefix_groups(network) for prefix in group}
        tables = (route.destination for vpc in document.vpcs for route in vpc.routes)
        self.known = tuple(dict.fromkeys((*self.networks.values(), *tables)))

    def regions(self, destination: End, everything: bool) -> Iterator[IPv4Network]:
        """Prefixes that stand for the addresses of a destination that no longer prefix covers.

        Those of vSwitches do not count in a larger destination, and of a default route those
        of anybody else, unless `everything` does.
        """
        whole = destination.prefix
        inside = [prefix for prefix in self.known if prefix != whole and prefix.subnet_of(whole)]
        others: list[IPv4Network] = []
        if not everything:
            is_default = whole.prefixlen < SHORTEST_NETWORK
            owned = self._owned_by_others(destination) if is_default else self._of_vswitches(destination)
            others = [prefix for prefix in owned if prefix in inside]
        for region in (whole, *inside):
            longer = [p for p in inside if p != region and p.subnet_of(region)]
            covered = list(collapse_addresses(longer)) == [region]
            if not covered and not any(region.subnet_of(other) for other in others):
                yield region

    def _of_vswitches(self, destination: End) -> Iterator[IPv4Network]:
        yield LOCAL
        for vpc in self.document.vpcs:
            if vpc.id != destination.owner:
                yield from (vswitch.cidr for vswitch in vpc.vswitches)

    def _owned_by_others(self, destination: End) -> Iterator[IPv4Network]:
        yield LOCAL
        for origin in self.network.origins:
            if origin.next_hop == "" and not is_at(origin.table, destination.owner):
                yield self.networks[origin.route.prefix]

    def problem(self, region: IPv4Network) -> Problem:
        """The problem of the addresses of a region."""
        around = [prefix for prefix, found in self.networks.items() if region.subnet_of(found)]
        covering = tuple(sorted(around, key=lambda prefix: -self.networks[prefix].prefixlen))
        needed = dict.fromkeys((*covering, *(o for prefix in covering for o in self.group_of[prefix])))
        whole = universe(self.network, needed)
        return Problem(self.network, whole, covering or (str(region),), (str(region),))

    def arrivals(self, destination: End, problem: Problem) -> frozenset[str]:
        """The origins at which a packet is where it should be, under whichever prefix."""
        owners = [owner for owner in (destination.owner, *destination.also) if owner]
        return frozenset(
            origin.id
            for origin in self.network.origins
            if origin.route.prefix in problem.covering
            and origin.next_hop == ""
            and any(is_at(origin.table, owner) for owner in owners)
        )


def _task(space: _Space, group: list[Demand], region: IPv4Network, forbidden: bool) -> Task:
    problem = space.problem(region)
    arrivals = space.arrivals(group[0].destination, problem)
    nobody = FALSE if forbidden else is_empty(problem, arrivals, group[0].destination.prefix)
    flows = tuple(
        replace(flow, when=when)
        for demand in group
        for flow in _flows(space, demand, region, forbidden)
        if not (when := all_of((flow.when, negate(nobody)))).is_false
    )
    problem = limited(problem, *dict.fromkeys(flow.when for flow in flows))
    return Task(problem, flows, arrivals, forbidden, region, space.choices)


def _flows(space: _Space, demand: Demand, region: IPv4Network, forbidden: bool) -> Iterator[Flow]:
    """The flows of a demand; none starts at a device that is down, unless all at which it can start are."""
    asked = where(demand.allowed, lambda value: value is not forbidden)
    when = all_of((asked, demand.source.active, demand.destination.active))
    found = list(entries(space.document, space.network, demand.source, region))
    tables = space.network.tables
    down = [tables[e.table].down if e.table in tables else FALSE for e in found]
    for entry, mine in zip(found, down, strict=True):
        starts = all_of((when, any_of((negate(mine), all_of(down)))))
        if not starts.is_false:
            yield Flow(demand, entry, starts)


def _key(task: Task) -> Key:
    """Equal for tasks that differ in names only.

    Open values keep their names, also those that only intents mention.
    """
    signature = Signature(task.problem)
    network = task.problem.network
    starts = frozenset(
        (s.table, s.arrived, signature.condition(s.when), signature.condition(s.cut_off), _kept(s, network))
        for s in task.starts
    )
    return (signature.key(), starts, frozenset(signature.text(origin) for origin in task.arrivals))


def _kept(start: Start, network: Network) -> tuple[str, ...]:
    """The open values that a start depends on."""
    mentioned = sorted(start.when.choices())
    known = network.choices
    return tuple(name for name in mentioned if name not in known or known[name].role in CHOSEN)
