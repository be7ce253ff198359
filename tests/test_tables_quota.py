"""R08 and P05: which routes of a peer above its quota are received, and what counts."""

from __future__ import annotations

import json
from ipaddress import IPv4Network
from typing import Any

import pytest

from tests.tables import (
    AS_1,
    AS_2,
    CLOUD,
    LOCAL,
    LOCAL_2,
    SITE,
    SITE_2,
    Held,
    Json,
    added,
    cen,
    changed,
    choices,
    circuit,
    connection,
    far_end,
    gateway,
    held,
    one_gateway,
    settle,
    site,
    three_routers,
    two_gateways,
    two_sites,
    two_vpcs,
    vbr,
    vpc,
)
from verify.load import load
from verify.models.open_announcements import with_candidates
from verify.models.tables.announcing import announced_count

# --- the quota --------------------------------------------------------------------------------


def over_quota(reading: str, quota: int = 1) -> Json:
    """Two prefixes on a session that takes `quota`."""
    return changed(
        one_gateway(),
        {
            "data_centers/dc-1/prefixes": [SITE, SITE_2],
            "vpn_gateways/vgw-1/bgp_route_quota": quota,
            "assume/over_quota": reading,
        },
    )


def received(document: Json, **dropped: bool) -> set[str]:
    """The prefixes that the gateway receives where some are dropped."""
    values = {f"kept:vco-1/0:{prefix}": False for prefix in (SITE, SITE_2) if dropped.get(prefix[:4])}
    settled = settle(document, values)
    return {prefix for prefix in (SITE, SITE_2) if settled.held("vgw-1", prefix)}


def test_a_peer_within_its_quota_loses_nothing() -> None:
    for reading in ("drop_excess", "close_session", "accept_all"):
        assert received(over_quota(reading, quota=2)) == {SITE, SITE_2}


def test_which_routes_are_dropped_above_the_quota_is_open() -> None:
    document = over_quota("drop_excess")
    assert received(document, **{"10.0": True}) == {SITE_2}
    assert received(document, **{"10.1": True}) == {SITE}


def test_a_session_that_closes_above_the_quota_brings_nothing() -> None:
    assert received(over_quota("close_session")) == set()


def test_all_routes_are_received_above_the_quota_where_the_platform_accepts_them() -> None:
    assert received(over_quota("accept_all")) == {SITE, SITE_2}


def test_the_quota_of_one_session_says_nothing_about_another() -> None:
    document = changed(
        two_sites(),
        {
            "data_centers/dc-1/prefixes": [SITE, "10.2.0.0/16"],
            "vpn_gateways/vgw-1/bgp_route_quota": 1,
            "assume/over_quota": "close_session",
        },
    )
    assert held(document, "vgw-1", SITE) is None
    assert held(document, "vgw-1", SITE_2) is not None


@pytest.mark.parametrize(("quota", "taken"), [(1, False), (2, True)])
def test_an_open_quota_is_decided_by_its_value(quota: int, taken: bool) -> None:
    open_quota = {"vpn_gateways/vgw-1/bgp_route_quota": {"one_of": [1, 2]}}
    document = changed(over_quota("close_session"), open_quota)
    name = "vpn_gateways.vgw-1.bgp_route_quota"
    assert (held(document, "vgw-1", SITE, {name: quota}) is not None) == taken

ENOUGH = "present:so many prefixes of dc-1 that a quota of 1 is kept"


@pytest.mark.parametrize("reading", ["drop_excess", "close_session"])
def test_a_peer_that_withdraws_the_surplus_is_within_its_quota(reading: str) -> None:
    gone = {f"present:dc-1.{SITE_2}": False}
    values = {**gone, ENOUGH: False} if reading == "close_session" else gone
    settled = settle(over_quota(reading), values)
    assert settled.held("vgw-1", SITE) == Held("VPN_BGP", "dc-1", (AS_1,))
    assert settled.held("dc-1", CLOUD) is not None


def test_a_session_is_closed_both_ways_while_as_many_are_there() -> None:
    settled = settle(over_quota("close_session"))
    assert settled.held("vgw-1", SITE) is None
    assert settled.held("dc-1", CLOUD) is None


def test_both_tunnels_of_a_connection_are_closed_together() -> None:
    tunnels = connection(1, "vgw-1", "cgw-1", "cgw-1")["tunnels"]
    document = changed(over_quota("close_session"), {"ipsec_connections/vco-1/tunnels": tunnels})
    named = {name for name in choices(document) if "a quota of" in name}
    assert named == {ENOUGH}
    assert held(document, "vgw-1", SITE) is None
    assert held(document, "vgw-1", SITE, {ENOUGH: False}) is not None


def test_without_withdrawals_nothing_about_a_closed_session_is_open() -> None:
    document = changed(over_quota("close_session"), {"environment/withdrawals": False})
    assert not any("quota of" in name for name in choices(document))
    assert held(document, "vgw-1", SITE) is None


@pytest.mark.parametrize(
    ("changes", "over"),
    [
        ({}, True),
        ({"data_centers/dc-1/peers": [{"peer": "vgw-1", "export": ["10.0.0.0/16"]}]}, False),
        ({"data_centers/dc-1/peers": [{"peer": "vgw-1", "export": ["10.0.0.0/8"]}]}, True),
        ({"data_centers/dc-1/prefixes": [SITE, {"prefix": SITE_2, "announced": False}]}, False),
    ],
)
def test_only_what_is_announced_past_the_filter_counts(changes: Json, over: bool) -> None:
    document = changed(over_quota("close_session"), changes)
    assert (held(document, "vgw-1", SITE) is None) == over


def test_whether_what_may_be_announced_exceeds_the_quota_is_open() -> None:
    maybe = [SITE, {"prefix": SITE_2, "announced": "any"}]
    document = changed(over_quota("close_session"), {"data_centers/dc-1/prefixes": maybe})
    more = "many:dc-1 announces more prefixes than a quota of 1"
    assert held(document, "vgw-1", SITE) is not None
    assert held(document, "vgw-1", SITE, {more: True}) is None


def one_of(within: str, length: int) -> Json:
    return {"within": within, "length": [length, length]}


@pytest.mark.parametrize(
    ("entries", "allowed", "counts"),
    [
        ([{"within": "10.0.0.0/8", "length": [16, 24], "count": [2, 60]}], None, (2, 60)),
        ([{"within": "10.0.0.0/30", "length": [32, 32], "count": [1, 60]}], None, (1, 4)),
        ([{"within": "10.0.0.0/8", "length": [16, 24], "count": [2, 60]}], ["10.0.0.0/7"], (2, 60)),
        ([{"within": "10.0.0.0/8", "length": [16, 24], "count": [2, 60]}], ["10.1.0.0/16"], (0, 60)),
        ([{"within": "10.0.0.0/8", "length": [16, 24], "count": [2, 60]}], ["11.0.0.0/8"], (0, 0)),
        (["10.0.0.0/16", {"within": "10.0.0.0/8", "length": [16, 16], "count": [2, 3]}], None, (2, 4)),
        (["192.168.0.0/16", {"within": "10.0.0.0/8", "length": [16, 16], "count": [2, 3]}], None, (3, 4)),
        ([one_of("10.0.0.0/8", 9), one_of("10.0.0.0/9", 9)], None, (1, 2)),
        ([one_of("10.0.0.0/8", 9), one_of("11.0.0.0/8", 9)], None, (2, 2)),
    ],
)
def test_an_open_announcement_counts_by_its_count(
    entries: list[Any], allowed: list[str] | None, counts: tuple[int, int]
) -> None:
    written = changed(one_gateway(), {"data_centers/dc-1/prefixes": entries})
    document = load("open.json", json.dumps(written)).document
    networks = None if allowed is None else tuple(map(IPv4Network, allowed))
    for each in (document, with_candidates(document)):
        assert announced_count(each.data_centers[0], networks) == counts


@pytest.mark.parametrize(("quota", "dropped"), [(1, True), (2, False)])
def test_a_virtual_border_router_has_a_quota_too(quota: int, dropped: bool) -> None:
    document = changed(
        circuit(),
        {
            "data_centers/dc-1/prefixes": [SITE, SITE_2],
            "virtual_border_routers/vbr-1/bgp_route_quota": quota,
        },
    )
    name = f"kept:vbr-1/0:{SITE}"
    assert (name in choices(document)) == dropped
    assert held(document, "vbr-1", SITE) is not None
    if dropped:
        assert held(document, "vbr-1", SITE, {name: False}) is None


# --- the quota and what is learned ------------------------------------------------------------


def passing_on() -> Json:
    """dc-1 has one prefix and can pass on to vgw-1, which takes one, what it has from vgw-2."""
    return changed(
        two_gateways(),
        {"vpn_gateways/vgw-1/bgp_route_quota": 1, "data_centers/dc-1/readvertises": True},
    )


LEASED_LINE = {"data_center": "dc-1", "peer_asn": AS_1}
BY_STATE = "many:dc-1 sends vgw-1 more prefixes than a quota of 1"


@pytest.mark.parametrize(
    ("more", "changes", "open_number"),
    [
        ({}, {}, False),
        ({}, {"assume/gateway_exports_cen_routes": True}, False),
        ({"vpn_gateways": gateway("vgw-2", "vpc-a")}, {}, False),
        (
            {"vpn_gateways": gateway("vgw-2", "vpc-a")},
            {"assume/gateway_exports_other_gateways_routes": True},
            True,
        ),
        ({"cens": cen("vpc-a")}, {}, False),
        ({"cens": cen("vpc-a")}, {"assume/gateway_exports_cen_routes": True}, True),
        (
            {"cens": cen("vpc-a")},
            {"assume/gateway_exports_cen_routes": True, "vpn_gateways/vgw-1/auto_advertise": False},
            False,
        ),
        ({"virtual_border_routers": vbr("vbr-1", "vpc-a", LEASED_LINE)}, {}, True),
        ({"data_centers": site("dc-2", peers=[{"peer": "dc-1"}])}, {}, True),
        ({"vpcs": vpc("vpc-b", SITE)}, {}, True),
    ],
)
def test_a_learned_route_can_stand_before_an_own_one_where_it_can_come_back(
    more: Json, changes: Json, open_number: bool
) -> None:
    outranked = {"data_centers/dc-1/prefers": "external", **changes}
    document = added(over_quota("close_session"), **more)
    assert (BY_STATE in choices(changed(document, outranked))) == open_number
    assert BY_STATE not in choices(changed(document, changes))


@pytest.mark.parametrize(("announced", "open_number"), [(True, False), ("any", True)])
def test_a_prefix_that_is_not_announced_can_be_passed_on(announced: object, open_number: bool) -> None:
    own = {"prefix": SITE_2, "announced": announced}
    changes = {
        "data_centers/dc-1/prefixes": [SITE, own],
        "data_centers/dc-1/peers": [{"peer": "vgw-1", "export": ["10.0.0.0/8"]}],
        "assume/over_quota": "close_session",
    }
    document = added(
        changed(passing_on(), changes),
        data_centers=site("dc-2", SITE_2),
        customer_gateways=far_end(2, "dc-2", AS_2),
        ipsec_connections=connection(3, "vgw-2", "cgw-2"),
    )
    assert (BY_STATE in choices(document)) == open_number


def may_be_dropped(document: Json) -> bool:
    return f"kept:vco-1/0:{SITE}" in choices(document)


def test_what_a_site_passes_on_fills_its_quota() -> None:
    assert may_be_dropped(passing_on())


@pytest.mark.parametrize(
    "changes",
    [
        {"data_centers/dc-1/readvertises": False},
        {"vpn_gateways/vgw-2/auto_advertise": False},
        {"ipsec_connections/vco-2/bgp_enabled": False},
        {"data_centers/dc-1/peers": [{"peer": "vgw-1", "export": [SITE]}]},
        {"data_centers/dc-1/peers": [{"peer": "vgw-2", "import": [SITE]}]},
        {"vpn_gateways/vgw-1/bgp_route_quota": 3},
    ],
)
def test_what_cannot_be_passed_on_does_not_fill_the_quota(changes: Json) -> None:
    assert not may_be_dropped(changed(passing_on(), changes))


@pytest.mark.parametrize(("local_pref", "dropped"), [(100, False), (50, True)])
def test_two_routers_of_one_gateway_pass_on_its_routes_only_if_they_prefer_each_other(
    local_pref: int, dropped: bool
) -> None:
    document = changed(
        three_routers(AS_1, AS_2, 65003),
        {
            "vpn_gateways/vgw-1/bgp_route_quota": 1,
            "data_centers/dc-1/readvertises": True,
            "data_centers/dc-1/peers": [{"peer": "vgw-1", "local_pref": local_pref}],
        },
    )
    document = added(
        document,
        customer_gateways=far_end(2, "dc-1", AS_2, router="r2"),
        ipsec_connections=connection(2, "vgw-1", "cgw-2"),
    )
    assert may_be_dropped(document) == dropped


@pytest.mark.parametrize(("quota", "reading", "taken"), [
    (2, "close_session", True),
    (1, "close_session", False),
    (1, "accept_all", True),
])
def test_a_gateway_has_a_quota_for_another_gateway(quota: int, reading: str, taken: bool) -> None:
    document = changed(
        two_vpcs(),
        {
            "vpcs/vpc-b/vswitches": [{"id": f"vsw-{n}", "cidr": f"172.18.{n}.0/24"} for n in range(2)],
            "customer_gateways": [far_end(1), {"id": "cgw-2", "asn": LOCAL, "vpn_gateway": "vgw-1"}],
            "ipsec_connections/vco-2/tunnels/0/local_asn": LOCAL_2,
            "vpn_gateways/vgw-1/bgp_route_quota": quota,
            "assume/over_quota": reading,
            "assume/gateway_prefers": "cloud",
        },
    )
    route = held(document, "vgw-1", "172.18.0.0/24")
    assert (route is not None and route.came_from == "vgw-2") == taken
