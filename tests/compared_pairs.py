"""What a change does to routes, by going through every configuration; and small changes of documents.

The plain simulator says what the tables hold in every stable state.  Each way of deciding
the choices of one network is put beside each way of deciding those of the other.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from tests.oracle import Enumeration, TooLarge, _Asked, _Partial, leaves
from verify.load import load
from verify.models.condition import Value
from verify.models.network import Cell, Configuration, Network
from verify.models.opening import opened
from verify.models.route import are_orders
from verify.models.routing import networks
from verify.route_changes import _groups
from verify.simulate import RouteState
from verify.tabulate import row
from verify.verdict import RouteRow

Json = dict[str, Any]
Key = tuple[str, str, tuple[int, ...]]
Values = dict[str, Value]
Content = dict[Cell, frozenset[Key]]
MOST_PAIRS = 60_000


def key(found: RouteRow | None) -> Key:
    """What is compared of a row."""
    return ("", "", ()) if found is None else (found.source, found.next_hop, tuple(sorted(found.as_path)))


class BruteForce:
    """The cells that differ under equal choices, and what each can show before and after."""

    def __init__(self, old: Json, new: Json) -> None:
        written = [load("pair.json", json.dumps(each)).written for each in (old, new)]
        self.before = networks(opened(written[0], written[1]))
        self.after = networks(opened(written[1], written[0]))
        self.differ: set[Cell] = set()
        self.can: tuple[dict[Cell, set[Key]], dict[Cell, set[Key]]] = ({}, {})
        for prefixes in _groups((*self.before, *self.after)):
            self._compare(prefixes)

    def _compare(self, prefixes: tuple[str, ...]) -> None:
        sides = [
            [(network, *leaf) for network in side for leaf in leaves(network, _look(network, prefixes))]
            for side in (self.before, self.after)
        ]
        if len(sides[0]) * len(sides[1]) > MOST_PAIRS:
            raise TooLarge("too many pairs")
        for can, side in zip(self.can, sides, strict=True):
            for _, _, content in side:
                for cell, rows in content.items():
                    can.setdefault(cell, set()).update(rows)
        for old, mine, before in sides[0]:
            for new, other, after in sides[1]:
                unlike = {c for c in before if c in after and before[c] != after[c]} - self.differ
                if unlike and _agree((old, new), (mine, other)):
                    self.differ |= unlike


def _look(network: Network, prefixes: tuple[str, ...]) -> Any:
    def look(configuration: Configuration) -> Content:
        every = Enumeration(network, configuration, prefixes)
        states = list(every.stable_states())
        return {cell: _rows(every, states, cell) for cell in every.simulator.cells} if states else {}

    return look


def _rows(every: Enumeration, states: list[RouteState], cell: Cell) -> frozenset[Key]:
    held = [state[cell] for state in states]
    found = {key(None if route is None else row(every.simulator, cell, route, "")) for route in held}
    for entry in every.network.statics:
        if (entry.table, entry.prefix) == cell and entry.when.holds(every.simulator.configuration):
            found.add(("static", entry.next_hop or "local", ()))
    return frozenset(found)


def _agree(pair: tuple[Network, Network], found: tuple[Mapping[str, Value], Mapping[str, Value]]) -> bool:
    """Whether two ways of deciding can be those of one and the same choices."""
    mine, other = found
    shared = [n for n in mine if n in other and not (_allowed(*pair, n, mine[n], other[n]))]
    if shared:
        return False
    merged: list[dict[str, Value]] = []
    for here, first, second in ((pair[0], mine, other), (pair[1], other, mine)):
        extra = {n: v for n, v in second.items() if n not in first and _takes(here, n, v)}
        merged.append({**extra, **first})
    orders = {n: v for each in merged for n, v in each.items() if n.startswith("order:")}
    if not are_orders((*_named(name), bool(value)) for name, value in orders.items()):
        return False
    return _can_be_completed(pair, merged[0], merged[1])


def _can_be_completed(pair: tuple[Network, Network], mine: Values, other: Values) -> bool:
    """Whether the rest can be decided, alike in both networks, so that the constraints of both are kept."""
    pending = [(mine, other)]
    while pending:
        attempt = pending.pop()
        try:
            if all(n.allows(_Partial(v, n.choices)) for n, v in zip(pair, attempt, strict=True)):
                return True
        except _Asked as asked:
            sides = list(zip(pair, attempt, strict=True))
            values = dict.fromkeys(
                v for n, known in sides if asked.name not in known for v in _values(n, asked.name)
            )
            pending += [_extended(sides, asked.name, value) for value in values]
    return False


def _values(network: Network, name: str) -> tuple[Value, ...]:
    return network.choices[name].values if name in network.choices else ()


def _extended(sides: list[tuple[Network, Values]], name: str, value: Value) -> tuple[Values, Values]:
    """Both ways of deciding with one more value, where it is open and can be taken."""
    mine, other = (
        known if name in known or value not in _values(network, name) else {**known, name: value}
        for network, known in sides
    )
    return mine, other


def _allowed(old: Network, new: Network, name: str, mine: Value, other: Value) -> bool:
    return mine == other or not _takes(new, name, mine) or not _takes(old, name, other)


def _takes(network: Network, name: str, value: Value) -> bool:
    if name.startswith("order:"):
        return True
    return name in network.choices and value in network.choices[name].values


def _named(name: str) -> tuple[str, str, str]:
    table, _, pair = name.removeprefix("order:").partition(":")
    first, second = pair.split("<", 1)
    return table, first, second


# --- changes ------------------------------------------------------------------


def changed(document: Json, rng: random.Random) -> Json:
    """The document after one small change."""
    found = deepcopy(document)
    spots = list(_spots(found))
    holder, name, values = rng.choice(spots)
    others = [value for value in values if value != holder.get(name)]
    holder[name] = rng.choice(others)
    return found


def _spots(document: Json) -> Iterator[tuple[Json, str, tuple[Any, ...]]]:
    flags = (False, True, "any")
    for gateway in document["vpn_gateways"]:
        yield gateway, "auto_advertise", flags
        yield gateway, "bgp_route_quota", (0, 1, 50)
    for connection in document["ipsec_connections"]:
        for tunnel in connection["tunnels"]:
            yield tunnel, "local_asn", (45104, 45105, 45106)
    for gateway in document["customer_gateways"]:
        if "data_center" in gateway:
            yield gateway, "asn", (65001, 65002, {"one_of": [65001, 65003]})
    for site in document["data_centers"]:
        yield site, "readvertises", flags
        yield site, "prefers", ("internal", "external", "any")
        yield site, "prefixes", (["10.0.0.0/16"], ["10.0.0.0/16", "10.5.0.0/16"], ["172.16.0.0/16"])
        yield site, "static_routes", ([], [{"destination": "10.0.0.0/16", "next_hop": "discard"}])
    for cen in document.get("cens", ()):
        yield cen, "attachments", ([], [document["vpcs"][0]["id"]])
        yield cen, "overlapping_routing", (False, True)
    yield document["environment"], "withdrawals", (False, True)
    yield document["environment"], "max_failures", (0, 1)
    yield document, "assume", ({}, {**document["assume"], "gateway_prefers": "bgp"})
