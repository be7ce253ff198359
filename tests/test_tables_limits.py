"""What a gateway does not receive: forbidden prefixes, the surplus over a quota, destinations in conflict."""

from __future__ import annotations

import pytest

from tests.tables import (
    AS_1,
    AS_2,
    SITE,
    SITE_2,
    Held,
    Json,
    changed,
    connection,
    held,
    one_gateway,
    settle,
    two_sites,
)

# --- what is never received ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("prefix", "received"), [("0.0.0.0/0", False), ("0.0.0.0/1", True), ("128.0.0.0/1", True)]
)
def test_a_gateway_receives_no_default_route_but_both_of_its_halves(prefix: str, received: bool) -> None:
    document = changed(one_gateway(), {"data_centers/dc-1/prefixes": [prefix]})
    assert (held(document, "vgw-1", prefix) is not None) == received


@pytest.mark.parametrize(
    ("support", "prefix", "received"),
    [
        ("single", "100.64.0.0/10", False),
        ("single", "100.100.0.0/16", False),
        ("single", "100.0.0.0/8", True),
        ("single", "100.128.0.0/16", True),
        ("dual", "100.64.0.0/10", True),
        ("dual", "100.100.0.0/16", True),
    ],
)
def test_an_old_gateway_receives_nothing_of_100_64(support: str, prefix: str, received: bool) -> None:
    document = changed(
        one_gateway(),
        {
            "data_centers/dc-1/prefixes": [prefix],
            "vpn_gateways/vgw-1/tunnel_support": support,
            "vpn_gateways/vgw-1/bgp_supported": True,
        },
    )
    assert (held(document, "vgw-1", prefix) is not None) == received


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


# --- R18 ------------------------------------------------------------------------------------------


def dual_connections(second: str, conflict: str = "identical") -> Json:
    """Two dual-tunnel connections of vgw-1, to dc-1 with 10.0.0.0/16 and to dc-2 with `second`."""
    return changed(
        two_sites(),
        {
            "ipsec_connections": [
                connection(1, "vgw-1", "cgw-1", "cgw-1"),
                connection(2, "vgw-1", "cgw-2", "cgw-2"),
            ],
            "data_centers/dc-2/prefixes": [second],
            "assume/conflict": conflict,
        },
    )


INACTIVE = {f"inactive:vco-1:{SITE}": True, f"inactive:vco-2:{SITE}": True}


def test_destinations_of_two_dual_tunnel_connections_that_conflict_may_be_inactive() -> None:
    assert held(dual_connections(SITE), "vgw-1", SITE, INACTIVE) is None
    first_only = {f"inactive:vco-1:{SITE}": True}
    assert held(dual_connections(SITE), "vgw-1", SITE, first_only) == Held("VPN_BGP", "dc-2", (AS_2,))


def test_destinations_that_do_not_conflict_are_active() -> None:
    assert not any(name.startswith("inactive") for name in choices(dual_connections(SITE_2)))


@pytest.mark.parametrize("single", [("vco-1",), ("vco-2",), ("vco-1", "vco-2")])
def test_a_connection_with_one_tunnel_conflicts_with_none(single: tuple[str, ...]) -> None:
    document = dual_connections(SITE)
    for name in single:
        tunnels = connection(int(name[-1]), "vgw-1", f"cgw-{name[-1]}")["tunnels"]
        document = changed(document, {f"ipsec_connections/{name}/tunnels": tunnels})
    assert not any(name.startswith("inactive") for name in choices(document))


@pytest.mark.parametrize(("conflict", "active"), [("identical", True), ("overlapping", False)])
def test_what_a_conflict_is_follows_a_reading(conflict: str, active: bool) -> None:
    document = dual_connections("10.0.1.0/24", conflict)
    can_be_inactive = f"inactive:vco-1:{SITE}" in choices(document)
    values = {f"inactive:vco-1:{SITE}": True} if can_be_inactive else {}
    assert (held(document, "vgw-1", SITE, values) is not None) == active


def test_nothing_is_inactive_while_the_other_site_has_withdrawn_the_prefix() -> None:
    values = {**INACTIVE, f"present:dc-2.{SITE}": False}
    assert held(dual_connections(SITE), "vgw-1", SITE, values) == Held("VPN_BGP", "dc-1", (AS_1,))


def choices(document: Json) -> set[str]:
    """The names of the choices of the only structure."""
    return set(settle(document).simulator.network.choices)
