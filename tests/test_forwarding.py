"""Where tables send packets: the longest prefix, static entries, black holes, and the loops that follow."""

from __future__ import annotations

import pytest

from tests.tables import (
    CLOUD,
    CLOUD_2,
    LOCAL,
    LOCAL_2,
    SITE,
    SITE_2,
    Held,
    Json,
    changed,
    circuit,
    held,
    one_gateway,
    settle,
    three_routers,
    two_gateways,
    two_sites,
    two_vpcs,
)

HOST, CLOUD_HOST, CLOUD_HOST_2 = "10.0.1.1", "172.16.0.1", "172.16.8.1"


def hop(written: Json, table: str, address: str) -> str:
    """The next hop in the only stable state."""
    settled = settle(written)
    assert len(settled.states) == 1
    return settled.next_hop(table, address)


# --- the longest prefix ----------------------------------------------------------------


def test_a_packet_follows_the_selected_route_from_table_to_table() -> None:
    written = two_vpcs()
    assert hop(written, "vpc-a", HOST) == "vgw-1"
    assert hop(written, "vgw-1", HOST) == "dc-1"
    assert hop(written, "dc-1", CLOUD_HOST) == "vgw-1"
    assert hop(written, "vpc-b", CLOUD_HOST) == "cen-1"
    assert hop(written, "cen-1", CLOUD_HOST) == "vpc-a"


def test_a_packet_has_arrived_at_a_vswitch_and_at_the_site_of_its_prefix() -> None:
    assert hop(one_gateway(), "vpc-a", CLOUD_HOST) == ""
    assert hop(one_gateway(), "dc-1", HOST) == ""


def test_a_packet_that_no_prefix_contains_goes_nowhere() -> None:
    assert hop(one_gateway(), "vpc-a", "10.99.0.1") == "none"
    assert hop(two_vpcs(), "dc-1", CLOUD_HOST_2) == "none"


def test_the_longest_of_several_prefixes_decides() -> None:
    written = changed(two_sites(), {"data_centers/dc-2/prefixes": ["10.0.1.0/24"]})
    assert hop(written, "vgw-1", HOST) == "dc-2"
    assert hop(written, "vgw-1", "10.0.2.1") == "dc-1"


def test_without_the_longer_prefix_the_shorter_one_decides() -> None:
    written = changed(two_sites(), {"data_centers/dc-2/prefixes": ["10.0.1.0/24"]})
    settled = settle(written, {"present:dc-2.10.0.1.0/24": False})
    assert settled.next_hop("vgw-1", HOST) == "dc-1"


def test_a_dynamic_route_inside_a_custom_one_wins_by_its_length() -> None:
    written = changed(one_gateway(), {"vpcs/vpc-a/routes": [{"destination": SITE, "next_hop": "blackhole"}]})
    assert hop(written, "vpc-a", HOST) == "discard"
    inside = changed(written, {"data_centers/dc-1/prefixes": ["10.0.1.0/24"]})
    assert hop(inside, "vpc-a", HOST) == "vgw-1"


def test_the_halves_of_the_default_route_take_everything_that_nothing_else_does() -> None:
    written = changed(one_gateway(), {"data_centers/dc-1/prefixes": ["0.0.0.0/1", "128.0.0.0/1"]})
    assert hop(written, "vpc-a", "8.8.8.8") == "vgw-1"
    assert hop(written, "vpc-a", "203.0.113.1") == "vgw-1"
    assert hop(written, "vpc-a", CLOUD_HOST) == ""


def test_a_packet_from_a_vpc_crosses_a_circuit() -> None:
    assert hop(circuit(), "vpc-a", HOST) == "cen-1"
    assert hop(circuit(), "cen-1", HOST) == "vbr-1"
    assert hop(circuit(), "vbr-1", HOST) == "dc-1"


# --- custom entries of a VPC ----------------------------------------------------------------


def with_entry(destination: str, next_hop: str, **more: object) -> Json:
    """two_vpcs() with a custom entry in vpc-a."""
    entry = {"destination": destination, "next_hop": next_hop, **more}
    return changed(two_vpcs(), {"vpcs/vpc-a/routes": [entry]})


@pytest.mark.parametrize(
    ("next_hop", "expected"), [("blackhole", "discard"), ("vgw-1", "vgw-1"), ("cen-1", "cen-1")]
)
def test_a_custom_entry_sends_packets_to_its_next_hop(next_hop: str, expected: str) -> None:
    assert hop(with_entry("10.9.0.0/16", next_hop), "vpc-a", "10.9.0.1") == expected


def test_a_published_entry_attracts_packets_of_other_vpcs() -> None:
    published = with_entry("10.9.0.0/16", "vgw-1", publish_to_cen=True)
    assert hop(published, "vpc-b", "10.9.0.1") == "cen-1"
    assert hop(published, "cen-1", "10.9.0.1") == "vpc-a"
    assert hop(with_entry("10.9.0.0/16", "vgw-1"), "vpc-b", "10.9.0.1") == "none"


# --- a gateway without BGP ---------------------------------------------------------------------


def static_gateway(destination: str, *announced: str, **assume: object) -> Json:
    """vgw-1 has BGP with dc-1 and none with dc-2; its VPC routes `destination` to it."""
    written = changed(
        two_sites(),
        {
            "vpcs/vpc-a/routes": [{"destination": destination, "next_hop": "vgw-1"}],
            "ipsec_connections/vco-2/bgp_enabled": False,
            "data_centers/dc-1/prefixes": list(announced),
        },
    )
    return changed(written, {f"assume/{name}": value for name, value in assume.items()})


def test_a_connection_without_bgp_takes_what_its_vpc_routes_to_the_gateway() -> None:
    assert hop(static_gateway(SITE_2), "vgw-1", "10.1.0.1") == "dc-2"
    with_bgp = changed(static_gateway(SITE_2), {"ipsec_connections/vco-2/bgp_enabled": True})
    unrouted = changed(static_gateway(SITE_2), {"vpcs/vpc-a/routes": []})
    assert settle(with_bgp).simulator.network.statics == ()
    assert hop(unrouted, "vgw-1", "10.1.0.1") == "none"


def test_an_entry_towards_something_else_is_none_of_the_gateway() -> None:
    written = changed(static_gateway(SITE_2), {"vpcs/vpc-a/routes/0/next_hop": "blackhole"})
    assert hop(written, "vgw-1", "10.1.0.1") == "none"


def test_a_static_entry_of_a_gateway_beats_a_bgp_route_to_the_same_prefix() -> None:
    written = static_gateway(SITE, SITE)
    assert held(written, "vgw-1", SITE) is not None
    assert hop(written, "vgw-1", HOST) == "dc-2"


@pytest.mark.parametrize(("lookup", "expected"), [("longest_prefix", "dc-1"), ("table_order", "dc-2")])
def test_a_longer_bgp_route_against_a_static_entry_is_decided_by_reading(lookup: str, expected: str) -> None:
    written = static_gateway("10.0.0.0/8", SITE, gateway_lookup=lookup)
    assert hop(written, "vgw-1", HOST) == expected
    assert hop(written, "vgw-1", "10.99.0.1") == "dc-2", "no BGP route contains it"


@pytest.mark.parametrize("lookup", ["longest_prefix", "table_order"])
def test_a_longer_static_entry_beats_a_bgp_route_whatever_the_reading(lookup: str) -> None:
    written = static_gateway("10.0.1.0/24", SITE, gateway_lookup=lookup)
    assert hop(written, "vgw-1", HOST) == "dc-2"
    assert hop(written, "vgw-1", "10.0.2.1") == "dc-1"


def test_an_entry_of_a_custom_table_brings_the_gateway_a_destination_as_well() -> None:
    entry = {"route_table": "rtb-a", "destination": SITE_2, "next_hop": "vgw-1"}
    tables = {"vpcs/vpc-a/custom_route_tables": [{"id": "rtb-a"}], "vpcs/vpc-a/routes": [entry]}
    written = changed(static_gateway(SITE_2), tables)
    assert hop(written, "vgw-1", "10.1.0.1") == "dc-2"
    assert hop(written, "vpc-a", "10.1.0.1") == "none"


# --- static routes of a site -----------------------------------------------------------------------


def with_static(destination: str, next_hop: str) -> Json:
    """two_gateways(), where dc-1 has a static route."""
    entry = {"destination": destination, "next_hop": next_hop}
    return changed(
        two_gateways(),
        {
            "data_centers/dc-1/static_routes": [entry],
            "data_centers/dc-1/peers": [{"peer": "vgw-1", "local_pref": 200}],
        },
    )


def test_a_static_route_of_a_site_beats_a_bgp_route_to_the_same_prefix() -> None:
    assert hop(with_static(SITE_2, "vgw-2"), "dc-1", CLOUD_HOST) == "vgw-1"
    assert hop(with_static(CLOUD, "vgw-2"), "dc-1", CLOUD_HOST) == "vgw-2"


@pytest.mark.parametrize(
    ("destination", "expected"), [("172.16.0.0/12", "vgw-1"), ("172.16.0.0/25", "vgw-2")]
)
def test_against_a_bgp_route_of_another_length_the_longer_one_wins(destination: str, expected: str) -> None:
    assert hop(with_static(destination, "vgw-2"), "dc-1", CLOUD_HOST) == expected


def test_a_discard_route_drops_what_nothing_longer_takes() -> None:
    written = with_static("172.16.0.0/12", "discard")
    assert hop(written, "dc-1", "172.31.0.1") == "discard"
    assert hop(written, "dc-1", CLOUD_HOST) == "vgw-1"


def test_a_static_route_is_not_announced_and_changes_no_bgp_route() -> None:
    written = with_static(CLOUD, "vgw-2")
    assert held(written, "dc-1", CLOUD) == Held("bgp", "vgw-1", (LOCAL,))
    assert held(with_static(SITE_2, "discard"), "vgw-1", SITE_2) is None


def test_a_static_route_to_a_vbr_sends_packets_there() -> None:
    entry = {"destination": "172.16.0.0/12", "next_hop": "vbr-1"}
    written = changed(circuit(), {"data_centers/dc-1/static_routes": [entry]})
    assert hop(written, "dc-1", "172.31.0.1") == "vbr-1"


def test_only_the_router_that_sees_the_next_hop_has_the_static_route() -> None:
    entry = {"destination": "172.16.0.0/12", "next_hop": "vgw-1"}
    written = changed(three_routers(65001, 65001), {"data_centers/dc-1/static_routes": [entry]})
    assert hop(written, "dc-1/r1", "172.31.0.1") == "vgw-1"
    assert hop(written, "dc-1/r2", "172.31.0.1") == "none"
    everywhere = changed(written, {"data_centers/dc-1/static_routes/0/next_hop": "discard"})
    assert hop(everywhere, "dc-1/r2", "172.31.0.1") == "discard"


def test_a_static_route_works_over_a_connection_without_bgp() -> None:
    entry = {"destination": "172.16.0.0/12", "next_hop": "vgw-1"}
    written = changed(
        one_gateway(),
        {"data_centers/dc-1/static_routes": [entry], "ipsec_connections/vco-1/bgp_enabled": False},
    )
    assert hop(written, "dc-1", CLOUD_HOST) == "vgw-1"


# --- loops ------------------------------------------------------------------------------------------


def reflected(second_asn: int, **assume: object) -> Json:
    """dc-1 hands the vSwitch of vpc-b from vgw-1 on to vgw-2 (or the other way round)."""
    readings = {
        "gateway_exports_cen_routes": True,
        "gateway_exports_other_gateways_routes": True,
        "gateway_preserves_as_path": False,
        **assume,
    }
    return changed(
        two_gateways(),
        {
            "data_centers/dc-1/readvertises": True,
            "ipsec_connections/vco-2/tunnels/0/local_asn": second_asn,
            **{f"assume/{name}": value for name, value in readings.items()},
        },
    )


def loops(written: Json, address: str) -> set[tuple[str, ...]]:
    """The loops that a packet from vpc-a runs into, over all stable states."""
    settled = settle(written)
    found = {tuple(settled.loop("vpc-a", address, n)) for n in range(len(settled.states))}
    return found - {()}


def test_a_packet_circles_through_two_gateways_whose_local_asns_differ() -> None:
    through_vgw_2 = ("vpc-a", "vgw-2", "dc-1", "vgw-1", "vpc-a")
    assert through_vgw_2 in loops(reflected(LOCAL_2), CLOUD_HOST_2)


@pytest.mark.parametrize(
    "change",
    [
        {"ipsec_connections/vco-2/tunnels/0/local_asn": LOCAL},
        {"data_centers/dc-1/readvertises": False},
        {"assume/gateway_exports_cen_routes": False, "assume/gateway_exports_other_gateways_routes": False},
    ],
)
def test_no_packet_circles_once_one_cause_is_taken_away(change: Json) -> None:
    assert loops(changed(reflected(LOCAL_2), change), CLOUD_HOST_2) == set()


def test_a_system_route_keeps_packets_to_the_own_vswitch_from_circling() -> None:
    assert loops(reflected(LOCAL_2), CLOUD_HOST) == set()


def test_a_route_that_no_origin_feeds_any_more_can_live_on() -> None:
    withdrawn = {"present:vsw-b-1": False}
    settled = settle(reflected(LOCAL_2), withdrawn)
    found = {settled.held("vpc-a", CLOUD_2, number) for number in range(len(settled.states))}
    assert None in found
    assert len(found) > 1
    equal = settle(reflected(LOCAL), withdrawn)
    assert {equal.held("vpc-a", CLOUD_2, number) for number in range(len(equal.states))} == {None}


def between(**dc_1: object) -> Json:
    """The VPC sends 10.0.0.0/8 to vgw-1, which hands it to dc-1 without BGP."""
    written = changed(
        one_gateway(),
        {
            "vpcs/vpc-a/routes": [{"destination": "10.0.0.0/8", "next_hop": "vgw-1"}],
            "ipsec_connections/vco-1/bgp_enabled": False,
        },
    )
    return changed(written, {f"data_centers/dc-1/{key}": value for key, value in dc_1.items()})


def test_static_routes_of_both_sides_circle_for_addresses_that_nobody_has() -> None:
    back = [{"destination": "10.0.0.0/8", "next_hop": "vgw-1"}]
    assert loops(between(static_routes=back), "10.99.0.1") == {("vgw-1", "dc-1", "vgw-1")}
    assert loops(between(static_routes=back), HOST) == set(), "the site has a longer prefix of its own"


@pytest.mark.parametrize("next_hop", ["discard", None])
def test_a_discard_route_breaks_the_circle_of_static_routes(next_hop: str | None) -> None:
    entries = [{"destination": "10.0.0.0/8", "next_hop": next_hop}] if next_hop else []
    assert loops(between(static_routes=entries), "10.99.0.1") == set()


def test_a_longer_prefix_through_another_site_can_close_a_loop_over_two_prefixes() -> None:
    """dc-1 sends 10.1.0.0/16 to the VPC by a static route, and vgw-1 knows it as part of 10.0.0.0/8 only."""
    written = changed(
        one_gateway(),
        {
            "data_centers/dc-1/prefixes": ["10.0.0.0/8"],
            "data_centers/dc-1/static_routes": [{"destination": SITE_2, "next_hop": "vgw-1"}],
        },
    )
    assert loops(written, "10.1.0.1") == {("vgw-1", "dc-1", "vgw-1")}
    assert loops(written, HOST) == set()
