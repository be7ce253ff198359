"""What gateways and VBRs receive: R08, R09, R10, R18, P02, P05."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rule_documents import (
    connection,
    customer,
    document,
    gateway,
    result,
    rule,
    site,
    status,
    tunnel,
    vbr,
    vpc,
    warned,
)
from verify.models.scenario import Document
from verify.verdict import Verdict


def prefixes(count: int) -> tuple[str, ...]:
    return tuple(f"10.{number}.0.0/16" for number in range(count))


def announcing(*entries: Any, **fields: Any) -> Document:
    return document(data_centers=[site(prefixes=entries)], vpn_gateways=[gateway(**fields)])


@pytest.mark.parametrize(
    ("quota", "expected", "warns"),
    [
        (50, "kept", False), (51, "kept", True), (200, "kept", True),
        (201, "broken", False), ("any", "kept", True),
    ],
)
def test_r08_bounds_the_quota(quota: Any, expected: str, warns: bool) -> None:
    checked = announcing("10.0.0.0/16", bgp_route_quota=quota)
    assert (status(checked, "R08"), warned(checked, "R08")) == (expected, warns)


@pytest.mark.parametrize(
    ("count", "quota", "expected"),
    [(50, 50, "kept"), (51, 50, "broken"), (51, 51, "kept"), (200, 200, "kept"), (201, 200, "broken")],
)
def test_r08_counts_what_is_announced(count: int, quota: int, expected: str) -> None:
    checked = announcing(*prefixes(count), bgp_route_quota=quota)
    assert status(checked, "R08") == expected


def test_r08_does_not_count_what_stays_inside() -> None:
    silent = {"prefix": "10.200.0.0/16", "announced": False}
    assert status(announcing(*prefixes(50), silent), "R08") == "kept"


def test_r08_does_not_count_what_the_filter_stops() -> None:
    filtered = site(prefixes=prefixes(51), peers=[{"peer": "vgw-1", "export": ["10.0.0.0/11"]}])
    assert status(document(data_centers=[filtered]), "R08") == "kept"


def test_r08_counts_for_each_peer() -> None:
    both = document(
        customer_gateways=[customer(), customer("cgw-2", "dc-2", 65002)],
        ipsec_connections=[connection(), connection("vco-2", to="cgw-2", block=20)],
        data_centers=[site(prefixes=prefixes(30)), site("dc-2", tuple(f"11.{n}.0.0/16" for n in range(30)))],
    )
    assert status(both, "R08") == "kept"


def test_r08_with_an_open_announcement_depends_on_it() -> None:
    maybe = rule(announcing(*prefixes(50), {"prefix": "10.200.0.0/16", "announced": "any"}), "R08")
    assert maybe.status == "open"
    assert maybe.breaks_when == {"data_centers.dc-1.prefixes.10.200.0.0/16.announced": True}


@pytest.mark.parametrize(
    ("count", "expected"), [([1, 50], "kept"), ([1, 51], "open"), ([51, 60], "broken"), ([51, 51], "broken")]
)
def test_r08_counts_open_prefixes(count: list[int], expected: str) -> None:
    entry = {"within": "10.0.0.0/8", "length": [24, 24], "count": count}
    assert status(announcing(entry), "R08") == expected


def test_r08_proposes_the_largest_quota() -> None:
    judged = result(announcing(*prefixes(51)))
    assert [(r.set, r.to) for r in judged.proved_if[0]] == [("vpn_gateways.vgw-1.bgp_route_quota", 200)]
    silent = [[(r.set, r.to) for r in each] for each in result(announcing(*prefixes(201))).proved_if]
    assert silent == [[("ipsec_connections.vco-1.bgp_enabled", False)]]


@pytest.mark.parametrize(("prefix", "expected"), [("0.0.0.0/0", "broken"), ("0.0.0.0/1", "kept")])
def test_r09_refuses_the_default_route(prefix: str, expected: str) -> None:
    assert status(announcing(prefix), "R09") == expected


def test_r09_is_kept_by_a_default_route_that_stays_inside() -> None:
    assert status(announcing({"prefix": "0.0.0.0/0", "announced": False}), "R09") == "kept"


def test_r09_warns_of_the_two_halves() -> None:
    halves = announcing("0.0.0.0/1", "128.0.0.0/1")
    assert (status(halves, "R09"), warned(halves, "R09")) == ("kept", True)
    assert not warned(announcing("0.0.0.0/1"), "R09")


def test_r09_is_open_for_a_prefix_that_may_be_the_default_route() -> None:
    maybe = rule(announcing({"within": "0.0.0.0/0", "length": [0, 8]}), "R09")
    assert maybe.status == "open"
    assert maybe.breaks_when == {"data_centers.dc-1.prefixes.0.0.0.0/0": "0.0.0.0/0"}


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("100.64.0.0/10", "broken"), ("100.96.0.0/16", "broken"), ("100.127.255.255/32", "broken"),
        ("100.0.0.0/8", "kept"), ("100.128.0.0/16", "kept"), ("100.63.255.0/24", "kept"),
    ],
)
def test_r10_keeps_shared_space_from_single_tunnel_gateways(prefix: str, expected: str) -> None:
    assert status(announcing(prefix, tunnel_support="single", bgp_supported=True), "R10") == expected


def test_r10_does_not_apply_to_dual_tunnel_gateways() -> None:
    assert status(announcing("100.96.0.0/16"), "R10") == "not-applicable"


def two_to_one_site(second: tuple[Any, ...], tunnels: int = 2, **fields: Any) -> Document:
    ends = [tunnel(20 + number, "cgw-2") for number in range(tunnels)]
    return document(
        customer_gateways=[customer(), customer("cgw-2", "dc-2", 65002)],
        ipsec_connections=[connection(), connection("vco-2", tunnels=ends)],
        data_centers=[site(prefixes=("10.1.0.0/16",)), site("dc-2", second)],
        **fields,
    )


def test_r18_different_destinations_keep_it() -> None:
    assert status(two_to_one_site(("10.2.0.0/16",)), "R18") == "kept"


def test_r18_identical_destinations_break_it() -> None:
    checked = two_to_one_site(("10.1.0.0/16",))
    assert rule(checked, "R18").objects == ("vgw-1", "vco-1", "vco-2")
    assert status(checked, "R18") == "broken"
    assert result(checked).verdict is Verdict.VIOLATED


@pytest.mark.parametrize("other", ["10.1.7.0/24", "10.0.0.0/8"])
def test_r18_overlapping_destinations_depend_on_the_reading(other: str) -> None:
    checked = two_to_one_site((other,))
    assert rule(checked, "R18").breaks_when == {"conflict": "overlapping"}
    judged = result(checked)
    assert judged.verdict is Verdict.CONDITIONAL
    assert judged.counterexample is not None
    assert judged.counterexample.readings == {"conflict": "overlapping"}
    assert [(r.set, r.to, r.who) for r in judged.proved_if[0]] == [("conflict", "identical", "vendor")]


@pytest.mark.parametrize(
    ("reading", "verdict"), [("identical", Verdict.PROVED), ("overlapping", Verdict.VIOLATED)]
)
def test_r18_follows_a_pinned_reading(reading: str, verdict: Verdict) -> None:
    pinned = two_to_one_site(("10.1.7.0/24",), assume={"conflict": reading})
    assert result(pinned).verdict is verdict


def test_r18_applies_to_dual_tunnel_connections_only() -> None:
    assert status(two_to_one_site(("10.1.0.0/16",), tunnels=1), "R18") == "not-applicable"


def test_r18_sees_two_connections_to_one_site() -> None:
    checked = document(ipsec_connections=[connection(), connection("vco-2", block=20)])
    assert status(checked, "R18") == "broken"


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("172.16.0.0/24", "broken"), ("172.16.0.128/25", "broken"), ("172.16.0.0/23", "kept"),
        ("10.9.0.0/16", "broken"), ("10.9.1.0/24", "kept"), ("100.64.1.0/24", "broken"),
    ],
)
def test_p02_warns_of_routes_that_the_vpc_refuses(prefix: str, expected: str) -> None:
    route = {"destination": "10.9.0.0/16", "next_hop": "blackhole"}
    checked = document(vpcs=[vpc(routes=[route])], data_centers=[site(prefixes=(prefix,))])
    assert status(checked, "P02") == expected
    assert result(checked).verdict is Verdict.PROVED


def on_circuit(peers: int = 1, count: int = 1, **fields: Any) -> Document:
    listed = tuple({"data_center": "dc-1", "peer_asn": 65001 + number} for number in range(peers))
    return document(
        vpn_gateways=[], ipsec_connections=[], customer_gateways=[],
        virtual_border_routers=[vbr(to="vpc-1", peers=listed, **fields)],
        data_centers=[site(prefixes=prefixes(count))],
    )


@pytest.mark.parametrize(("peers", "expected"), [(8, "kept"), (9, "broken")])
def test_p05_bounds_the_peers(peers: int, expected: str) -> None:
    assert status(on_circuit(peers), "P05") == expected


@pytest.mark.parametrize(
    ("count", "quota", "expected"), [(110, 110, "kept"), (111, 110, "broken"), (111, 111, "kept")]
)
def test_p05_bounds_the_routes(count: int, quota: int, expected: str) -> None:
    assert status(on_circuit(1, count, bgp_route_quota=quota), "P05") == expected
