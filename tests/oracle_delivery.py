"""Verdicts on traffic by explicit enumeration, address by address.

As `oracle`: the plain simulator under every configuration, and no formulas, regions or
merged problems.  What an intent stands for is read from the document as the program
reads it; where its packets end is followed here.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any

from tests import oracle
from verify.load import load
from verify.models.aggregates import SHORTEST_NETWORK
from verify.models.choices import Role
from verify.models.intents import LOCAL, Demand, End, Entry, demands, entries
from verify.models.network import Configuration, Network, Origin
from verify.models.routing import networks, prefixes
from verify.models.scenario import Document
from verify.simulate import RouteState, Simulator

Json = dict[str, Any]


@dataclass(frozen=True)
class _Question:
    """A demand for one address, and the prefixes that cover it, longest first."""

    demand: Demand
    address: IPv4Network
    covering: tuple[str, ...]


@dataclass(frozen=True)
class _Answer:
    """Of one combination of readings: what is asked, what goes wrong, what has a stable state."""

    asked: dict[bool, bool]  # by whether the traffic is allowed
    wrong: dict[bool, bool]
    rests: dict[tuple[bool, str], bool]


def verdicts(document: Json) -> dict[str, str]:
    """The verdicts on traffic that has to arrive, and on traffic that must not."""
    written = oracle.with_defaults_open(document)
    answers = [_answer(variant) for _, variant in oracle.under_readings(written)]
    return {
        "no-ineffective-routes": _verdict(answers, allowed=True),
        "isolation": _verdict(answers, allowed=False),
    }


def _verdict(answers: Sequence[_Answer], allowed: bool) -> str:
    if not any(answer.asked[allowed] for answer in answers):
        return "vacuous"
    wrong = [answer.wrong[allowed] for answer in answers]
    if any(wrong):
        return "violated" if all(wrong) else "conditional"
    rests: dict[str, bool] = {}
    for answer in answers:
        for (kind, address), rest in answer.rests.items():
            if kind is allowed:
                rests[address] = rests.get(address, False) or rest
    return "proved" if all(rests.values()) else "vacuous"


def _answer(document: Json) -> _Answer:
    found = _Answer({True: False, False: False}, {True: False, False: False}, {})
    for variant in oracle.decided(document):
        loaded = load("oracle.json", json.dumps(variant)).document
        (network,) = networks(loaded)
        for question in _questions(loaded, network):
            allowed = bool(question.demand.allowed)
            for asked, rest, wrong in _behaviour(loaded, network, question):
                key = allowed, str(question.address)
                found.asked[allowed] |= asked
                found.wrong[allowed] |= wrong
                found.rests[key] = found.rests.get(key, False) or rest
    return found


def _questions(document: Document, network: Network) -> Iterator[_Question]:
    known = {IPv4Network(prefix): prefix for prefix in prefixes(network)}
    custom = {route.destination for vpc in document.vpcs for route in vpc.routes}
    for demand in demands(document):
        whole = demand.destination.prefix
        cuts = {int(whole.network_address)}
        for prefix in {*known, *custom}:
            cuts |= {int(prefix.network_address), int(prefix.broadcast_address) + 1}
        for cut in sorted(cuts):
            address = IPv4Network((cut, 32)) if cut < 1 << 32 else None
            if address is None or not address.subnet_of(whole):
                continue
            covering = sorted((p for p in known if address.subnet_of(p)), key=lambda p: -p.prefixlen)
            if not _belongs_to_others(network, demand, address):
                yield _Question(demand, address, tuple(known[p] for p in covering))


def _belongs_to_others(network: Network, demand: Demand, address: IPv4Network) -> bool:
    """Whether an address that has to be reached is a vSwitch's or, under a default route, anybody else's."""
    end = demand.destination
    if not demand.allowed:
        return False
    is_default = end.prefix.prefixlen < SHORTEST_NETWORK
    theirs = [
        IPv4Network(o.route.prefix)
        for o in network.origins
        if not o.next_hop and not _is_at(o, end) and (is_default or o.id.startswith("system:"))
    ]
    return any(address.subnet_of(p) and p != end.prefix and p.subnet_of(end.prefix) for p in (*theirs, LOCAL))


def _is_at(origin: Origin, end: End, *, also: bool = False) -> bool:
    owners = [end.owner, *(end.also if also else ())]
    return any(origin.table == owner or origin.table.startswith(f"{owner}/") for owner in owners if owner)


def _behaviour(
    document: Document, network: Network, question: _Question
) -> Iterator[tuple[bool, bool, bool]]:
    """Under each configuration: whether anything is sent, is stable, goes wrong."""
    demand = question.demand
    goals = {
        o.id: o
        for o in network.origins
        if o.route.prefix in question.covering and not o.next_hop and _is_at(o, demand.destination, also=True)
    }
    starts = list(entries(document, network, demand.source, question.address))
    needed = tuple(prefixes(network)) if network.inhibitions else question.covering

    def look(configuration: Configuration) -> tuple[bool, bool, bool]:
        sent = _sent(network, demand, starts, configuration)
        if demand.allowed and _nothing_there(network, question, goals, configuration):
            sent = []
        if not sent:
            return False, True, False
        every = oracle.Enumeration(network, configuration, needed)
        states = list(every.stable_states())
        ends = (
            arrives(every.simulator, state, question.covering, entry, goals)
            for state in states
            for entry in sent
        )
        return True, bool(states), any(end is not demand.allowed for end in ends)

    events = {name: True for name, choice in network.choices.items() if choice.role is Role.EVENT}
    for _, answer in oracle.leaves(network, look, events):
        yield answer


def _sent(network: Network, demand: Demand, starts: list[Entry], configuration: Configuration) -> list[Entry]:
    """The places at which packets start: none that is down, unless all are."""
    if not (demand.source.active.holds(configuration) and demand.destination.active.holds(configuration)):
        return []
    tables = network.tables
    working = [
        entry
        for entry in starts
        if entry.table not in tables or not tables[entry.table].down.holds(configuration)
    ]
    return working or starts


def _nothing_there(
    network: Network, question: _Question, goals: dict[str, Origin], configuration: Configuration
) -> bool:
    """Whether the prefix under which the address is known only sums up longer ones."""
    for prefix in question.covering:
        here = [origin for origin in goals.values() if origin.route.prefix == prefix]
        if here:
            whole = question.demand.destination.prefix
            if whole != IPv4Network(prefix) and whole.subnet_of(IPv4Network(prefix)):
                return False
            return all(
                origin.aggregate.holds(configuration) or _is_discarded(network, origin, configuration)
                for origin in here
            )
    return False


def _is_discarded(network: Network, origin: Origin, configuration: Configuration) -> bool:
    """Whether its site discards what no longer prefix covers."""
    return any(
        (entry.table, entry.prefix, entry.next_hop) == (origin.table, origin.route.prefix, "discard")
        and entry.when.holds(configuration)
        for entry in network.statics
    )


def arrives(
    simulator: Simulator,
    state: RouteState,
    covering: tuple[str, ...],
    entry: Entry,
    goals: Container[str],
) -> bool:
    """Whether a packet ends at one of the origins where it should."""
    if not entry.table:
        return entry.delivered in goals
    if entry.cut_off.holds(simulator.configuration):
        return False
    here, seen = entry.table, set[str]()
    while here in simulator.network.tables and here not in seen:
        seen.add(here)
        decision = simulator.decision(here, covering, state)
        if decision is None:
            return False
        if decision.next_hop == "":
            return decision.route is not None and decision.route.link in goals
        here = decision.next_hop
    return False
