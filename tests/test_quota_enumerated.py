"""The guards of quotas against an enumeration that knows nothing of them.

For a few prefixes and a small quota: every set of prefixes that are there, every
choice of those that are kept.  What a problem can see of that, some nested prefixes,
has to be what the guards of a session allow over all values of the choices they name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network
from itertools import chain, combinations, product
from typing import TypeAlias

import pytest

from tests.tables import (
    AS_2,
    Json,
    added,
    changed,
    connection,
    far_end,
    one_gateway,
    site,
    structures,
    two_gateways,
)
from verify.models.condition import TRUE, Condition, Value, all_of, any_of
from verify.models.network import Network
from verify.models.route import Route

Seen: TypeAlias = tuple[frozenset[str], frozenset[str]]
"""Of some prefixes those that are there, and those that are received."""

NESTED = ("10.0.0.0/8", "10.0.0.0/12", "10.0.0.0/16", "10.0.0.0/24")
FLAT = ("10.0.0.0/16", "10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16")
FORKED = ("10.0.0.0/8", "10.0.0.0/16", "10.1.0.0/16", "192.168.0.0/16")
WIDE = ("10.0.0.0/8", *FLAT)  # more in one than a guard looks at
OTHERS = ("another", "a third")
READINGS = ("drop_excess", "close_session", "accept_all")


def subsets(prefixes: Iterable[str]) -> Iterator[frozenset[str]]:
    listed = list(prefixes)
    sizes = range(len(listed) + 1)
    return map(frozenset, chain.from_iterable(combinations(listed, size) for size in sizes))


def received(there: frozenset[str], quota: int, reading: str) -> Iterator[frozenset[str]]:
    """Every set of prefixes that can be received of those that are there."""
    if len(there) <= quota or reading == "accept_all":
        yield there
    elif reading == "close_session":
        yield frozenset()
    else:
        yield from (kept for kept in subsets(there) if len(kept) == quota)


def happens(prefixes: tuple[str, ...], view: frozenset[str], quota: int, reading: str) -> set[Seen]:
    """What a view can see, by enumeration; prefixes that are none are what the peer passes on."""
    return {
        (there & view, kept & view)
        for there in subsets(prefixes)
        for kept in received(there, quota, reading)
    }


def document(
    prefixes: tuple[str, ...], quota: int, reading: str, announced: object = True, base: Json | None = None
) -> Json:
    return changed(
        base or one_gateway(),
        {
            "data_centers/dc-1/prefixes": [{"prefix": p, "announced": announced} for p in prefixes],
            "vpn_gateways/vgw-1/bgp_route_quota": quota,
            "assume/over_quota": reading,
        },
    )


def passes(network: Network, link: str, route: Route) -> Condition:
    """When a link passes a route."""
    (found,) = (each for each in network.links if each.id == link)
    return any_of(outcome.when for outcome in found.transfer(route))


def allowed(network: Network, view: frozenset[str]) -> set[Seen]:
    """What a view can see, by the guards: of what is there and announced."""
    origins = {o.route.prefix: o for o in network.origins if o.table == "dc-1" and o.route.prefix in view}
    guards = {p: passes(network, "vgw-1<vco-1/0", o.route) for p, o in origins.items()}
    sent = {p: all_of((o.present, announced(network, p))) for p, o in origins.items()}
    found: set[Seen] = set()
    for values in assignments(network, [*guards.values(), *sent.values()]):
        there = frozenset(p for p in origins if sent[p].holds(values))
        found.add((there, frozenset(p for p in there if guards[p].holds(values))))
    return found


def announced(network: Network, prefix: str) -> Condition:
    """When the site announces a prefix."""
    flag = network.choices.get(f"data_centers.dc-1.prefixes.{prefix}.announced")
    return TRUE if flag is None else flag.equals(True)


def assignments(network: Network, conditions: list[Condition]) -> Iterator[dict[str, Value]]:
    """Every value of the choices that some conditions name."""
    names = sorted({name for condition in conditions for name in condition.choices()})
    for values in product(*(network.choices[name].values for name in names)):
        yield dict(zip(names, values, strict=True))


def chains(prefixes: tuple[str, ...]) -> list[frozenset[str]]:
    """The sets of prefixes that contain one another."""
    networks = {prefix: IPv4Network(prefix) for prefix in prefixes}
    return [
        view
        for view in subsets(prefixes)
        if view and all(networks[a].overlaps(networks[b]) for a, b in combinations(view, 2))
    ]


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("quota", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("prefixes", [NESTED, FLAT, FORKED, NESTED[:2], NESTED[1:], FLAT[:1]])
def test_guards_allow_what_happens_to_nested_prefixes_and_nothing_else(
    prefixes: tuple[str, ...], quota: int, reading: str
) -> None:
    (network,) = structures(document(prefixes, quota, reading))
    for view in chains(prefixes):
        assert allowed(network, view) == happens(prefixes, view, quota, reading), sorted(view)


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("quota", [1, 2])
@pytest.mark.parametrize("prefixes", [NESTED[1:], FLAT[:3], FORKED])
def test_guards_allow_what_happens_where_it_is_open_what_is_announced(
    prefixes: tuple[str, ...], quota: int, reading: str
) -> None:
    (network,) = structures(document(prefixes, quota, reading, "any"))
    for view in chains(prefixes):
        if len(view) < 3:
            assert allowed(network, view) == happens(prefixes, view, quota, reading), sorted(view)


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("quota", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("prefixes", [WIDE, FLAT, FORKED])
def test_guards_allow_all_that_happens_to_any_prefixes(
    prefixes: tuple[str, ...], quota: int, reading: str
) -> None:
    (network,) = structures(document(prefixes, quota, reading))
    for view in subsets(prefixes):
        if 0 < len(view) < 4:
            assert allowed(network, view) >= happens(prefixes, view, quota, reading), sorted(view)


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("quota", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("prefixes", [NESTED[2:], FLAT[:3], FORKED[:3]])
def test_guards_allow_all_that_happens_where_the_peer_passes_on_two_prefixes_or_fewer(
    prefixes: tuple[str, ...], quota: int, reading: str
) -> None:
    base = changed(two_gateways(), {"data_centers/dc-1/readvertises": True})
    (network,) = structures(document(prefixes, quota, reading, base=base))
    for view in chains(prefixes):
        found = allowed(network, view)
        assert found >= happens(prefixes + OTHERS, view, quota, reading), sorted(view)
        if quota >= len(prefixes + OTHERS):
            assert found == happens(prefixes, view, quota, "accept_all"), sorted(view)


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("quota", [0, 1, 2])
@pytest.mark.parametrize("prefixes", [NESTED[1:], FLAT[:3], FORKED[:3]])
def test_guards_allow_all_that_happens_while_learned_routes_hide_some_prefixes(
    prefixes: tuple[str, ...], quota: int, reading: str
) -> None:
    changes = {"data_centers/dc-1/prefers": "external", "assume/gateway_exports_cen_routes": True}
    base = changed(two_gateways(), changes)
    (network,) = structures(document(prefixes, quota, reading, base=base))
    for view in chains(prefixes):
        found = allowed(network, view)
        for there, sent in product(subsets(prefixes), repeat=2):
            for kept in received(sent, quota, reading) if sent <= there else ():
                alike = (k & sent == kept & view for t, k in found if t == there & view)
                assert any(alike), (sorted(view), sorted(there), sorted(sent), sorted(kept))


@pytest.mark.parametrize("announced", [True, "any"])
@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("quota", [0, 1, 2])
@pytest.mark.parametrize("prefixes", [NESTED[1:], FLAT[:3], FORKED[:3]])
def test_guards_allow_all_that_happens_while_others_stand_in_for_withdrawn_prefixes(
    prefixes: tuple[str, ...], quota: int, reading: str, announced: object
) -> None:
    base = added(
        two_gateways(),
        data_centers=site("dc-2", *prefixes),
        customer_gateways=far_end(2, "dc-2", AS_2),
        ipsec_connections=connection(3, "vgw-2", "cgw-2"),
    )
    to_gateway = {"peer": "vgw-1", "export": ["10.0.0.0/8"]}
    passing = {"data_centers/dc-1/readvertises": True, "data_centers/dc-1/peers": [to_gateway]}
    (network,) = structures(document(prefixes, quota, reading, announced, changed(base, passing)))
    for view in chains(prefixes):
        found = allowed(network, view)
        for there, sent in product(subsets(prefixes), repeat=2):
            for kept in received(sent, quota, reading) if there <= sent else ():
                assert (there & view, kept & there & view) in found, (sorted(view), sorted(there))
