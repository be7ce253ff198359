"""VPC route tables and VBRs: what they learn, prefer, pass on and refuse."""

from __future__ import annotations

import pytest

from tests.tables import (
    AS_1,
    AS_2,
    CLOUD,
    CLOUD_2,
    CUSTOM,
    LOCAL,
    SITE,
    SITE_2,
    Held,
    Json,
    ReverseOrder,
    added,
    blackhole,
    cen,
    changed,
    chosen,
    circuit,
    document,
    gateway,
    held,
    one_gateway,
    settle,
    site,
    two_circuits,
    two_sites,
    two_vpcs,
    vbr,
    vpc,
    vpn_and_cen,
)
from verify.models.network import Configuration

# --- VPC system route tables -----------------------------------------------------------


def test_a_vpc_has_its_vswitches_as_system_routes() -> None:
    assert held(one_gateway(), "vpc-a", CLOUD) == Held("system", "")


def test_a_vpc_has_the_custom_entries_of_its_system_table() -> None:
    written = changed(one_gateway(), {"vpcs/vpc-a/routes": [blackhole(CUSTOM)]})
    assert held(written, "vpc-a", CUSTOM) == Held("custom", "")


def test_a_system_route_wins_over_a_custom_entry_to_the_same_prefix() -> None:
    written = changed(one_gateway(), {"vpcs/vpc-a/routes": [blackhole(CLOUD)]})
    for kind in (Configuration, ReverseOrder):
        assert settle(written, kind=kind).held("vpc-a", CLOUD) == Held("system", "")
        assert settle(written, kind=kind).next_hop("vpc-a", "172.16.0.1") == ""


def test_entries_of_a_custom_table_are_not_in_the_system_table() -> None:
    written = changed(
        one_gateway(),
        {
            "vpcs/vpc-a/custom_route_tables": [{"id": "rtb-a"}],
            "vpcs/vpc-a/routes": [blackhole(CUSTOM, route_table="rtb-a", publish_to_cen=True)],
            "assume/gateway_exports_custom_routes": True,
        },
    )
    assert held(written, "vpc-a", CUSTOM) is None
    assert held(written, "dc-1", CUSTOM) is None


def test_a_custom_table_learns_and_passes_on_nothing() -> None:
    written = changed(one_gateway(), {"vpcs/vpc-a/custom_route_tables": [{"id": "rtb-a"}]})
    assert "rtb-a" not in settle(written).simulator.network.tables


def test_a_vswitch_on_a_custom_table_is_a_system_route_all_the_same() -> None:
    written = changed(
        one_gateway(),
        {
            "vpcs/vpc-a/custom_route_tables": [{"id": "rtb-a"}],
            "vpcs/vpc-a/vswitches/vsw-a-1/route_table": "rtb-a",
        },
    )
    assert held(written, "dc-1", CLOUD) == Held("bgp", "vgw-1", (LOCAL,))


@pytest.mark.parametrize(
    ("announced", "learned"),
    [("172.16.0.0/24", False), ("172.16.0.128/25", False), ("172.16.0.0/23", True), ("172.16.1.0/24", True)],
)
def test_a_dynamic_route_equal_to_or_inside_a_system_route_is_not_put_into_the_table(
    announced: str, learned: bool
) -> None:
    written = changed(one_gateway(), {"data_centers/dc-1/prefixes": [announced]})
    found = held(written, "vpc-a", announced)
    assert (found == Held("VPN_BGP", "vgw-1", (AS_1,))) == learned


@pytest.mark.parametrize(
    ("announced", "learned"), [(CUSTOM, False), ("10.9.1.0/24", True), ("10.0.0.0/8", True)]
)
def test_only_a_dynamic_route_equal_to_a_custom_one_is_not_put_into_the_table(
    announced: str, learned: bool
) -> None:
    written = changed(
        one_gateway(),
        {"vpcs/vpc-a/routes": [blackhole(CUSTOM)], "data_centers/dc-1/prefixes": [announced]},
    )
    found = held(written, "vpc-a", announced)
    assert (found == Held("VPN_BGP", "vgw-1", (AS_1,))) == learned


@pytest.mark.parametrize(
    ("announced", "learned"),
    [("100.64.0.0/10", False), ("100.100.0.0/16", False), ("100.0.0.0/8", True), ("100.128.0.0/16", True)],
)
def test_nothing_of_100_64_is_put_into_the_table(announced: str, learned: bool) -> None:
    written = changed(one_gateway(), {"data_centers/dc-1/prefixes": [announced]})
    assert held(written, "vgw-1", announced) is not None, "a gateway with dual tunnels does receive it"
    assert (held(written, "vpc-a", announced) is not None) == learned


def test_the_shield_of_a_system_route_goes_with_its_vswitch() -> None:
    inside = "172.16.0.128/25"
    written = changed(one_gateway(), {"data_centers/dc-1/prefixes": [inside]})
    assert held(written, "vpc-a", inside, {"present:vsw-a-1": False}) == Held("VPN_BGP", "vgw-1", (AS_1,))


def test_system_routes_shield_against_the_cen_and_router_interfaces_too() -> None:
    inside = "172.16.0.128/25"
    over_cen = changed(circuit(), {"data_centers/dc-1/prefixes": [inside]})
    assert held(over_cen, "cen-1", inside) == Held("vbr", "vbr-1", (AS_1,))
    assert held(over_cen, "vpc-a", inside) is None
    over_interface = changed(circuit("vpc-a"), {"data_centers/dc-1/prefixes": [inside]})
    assert held(over_interface, "vbr-1", inside) == Held("bgp", "dc-1", (AS_1,))
    assert held(over_interface, "vpc-a", inside) is None


@pytest.mark.parametrize(
    ("prefers", "expected"),
    [("vpn", Held("VPN_BGP", "vgw-1", (AS_1,))), ("cen", Held("cen", "cen-1", (AS_2,)))],
)
def test_a_vpc_prefers_the_vpn_or_the_cen_by_reading(prefers: str, expected: Held) -> None:
    assert held(vpn_and_cen(prefers), "vpc-a", SITE) == expected
    assert chosen(vpn_and_cen(prefers), "vpc-a", SITE) == {expected.came_from}, "no order decides"


def test_a_vpc_can_have_a_reading_of_its_own() -> None:
    written = changed(vpn_and_cen("vpn"), {"vpcs/vpc-a/readings": {"vpc_prefers": "cen"}})
    assert held(written, "vpc-a", SITE) == Held("cen", "cen-1", (AS_2,))
    assumed = changed(vpn_and_cen("vpn"), {"assume/vpc_prefers@vpc-a": "cen"})
    assert held(assumed, "vpc-a", SITE) == Held("cen", "cen-1", (AS_2,))


def test_the_length_of_the_as_path_decides_nothing_in_a_vpc() -> None:
    prepending = [{"peer": "vgw-1", "prepend": 5}]
    written = changed(vpn_and_cen("vpn"), {"data_centers/dc-1/peers": prepending})
    assert held(written, "vpc-a", SITE) == Held("VPN_BGP", "vgw-1", (AS_1,) * 6)


def test_routes_of_two_gateways_are_chosen_in_any_order() -> None:
    written = changed(
        added(two_sites(), vpn_gateways=gateway("vgw-2", "vpc-a")),
        {"ipsec_connections/vco-2/vpn_gateway": "vgw-2", "data_centers/dc-2/prefixes": [SITE]},
    )
    assert chosen(written, "vpc-a", SITE) == {"vgw-1", "vgw-2"}


@pytest.mark.parametrize(("rank", "expected"), [("first", "vbr-2"), ("last", "vgw-1")])
def test_the_rank_of_a_router_interface_among_dynamic_sources_is_open(rank: str, expected: str) -> None:
    written = changed(vpn_and_cen("vpn"), {"virtual_border_routers/vbr-2/attached_to": "vpc-a"})
    found = held(written, "vpc-a", SITE, {"vbr_rank:vpc-a": rank})
    assert found is not None
    assert found.came_from == expected


# --- VBRs -----------------------------------------------------------------------------------


def test_a_vbr_takes_site_prefixes_to_the_cloud_and_cloud_routes_to_the_site() -> None:
    assert held(circuit(), "vbr-1", SITE) == Held("bgp", "dc-1", (AS_1,))
    assert held(circuit(), "cen-1", SITE) == Held("vbr", "vbr-1", (AS_1,))
    assert held(circuit(), "vpc-a", SITE) == Held("cen", "cen-1", (AS_1,))
    assert held(circuit(), "vbr-1", CLOUD) == Held("CLOUD", "cen-1")
    assert held(circuit(), "dc-1", CLOUD) == Held("bgp", "vbr-1", (LOCAL,))


def test_a_vbr_by_router_interface_exchanges_with_its_vpc() -> None:
    written = circuit("vpc-a")
    assert held(written, "vpc-a", SITE) == Held("vbr", "vbr-1", (AS_1,))
    assert held(written, "vbr-1", CLOUD) == Held("CLOUD", "vpc-a")
    assert held(written, "cen-1", SITE) is None


def test_a_router_interface_carries_all_that_the_vpc_has_selected() -> None:
    entries = [blackhole(CUSTOM), {"destination": "10.8.0.0/16", "next_hop": "vbr-2"}]
    written = changed(
        added(
            two_vpcs(),
            data_centers=site("dc-3"),
            virtual_border_routers=vbr("vbr-2", "vpc-a", {"data_center": "dc-3", "peer_asn": 65003}),
        ),
        {"vpcs/vpc-a/routes": entries},
    )
    assert held(written, "vbr-2", SITE) == Held("CLOUD", "vpc-a", (AS_1,))
    assert held(written, "vbr-2", CLOUD_2) == Held("CLOUD", "vpc-a")
    assert held(written, "vbr-2", CUSTOM) == Held("CLOUD", "vpc-a")
    assert held(written, "vbr-2", "10.8.0.0/16") is None, "its next hop is the VBR"


@pytest.mark.parametrize(("kept", "path"), [(True, (AS_2,)), (False, ())])
def test_a_vbr_by_router_interface_keeps_or_loses_the_as_path_as_well(
    kept: bool, path: tuple[int, ...]
) -> None:
    written = changed(
        added(circuit("vpc-a"), data_centers=site("dc-2", SITE_2)),
        {"virtual_border_routers/vbr-1/as_path_preserved": kept},
    )
    second = vbr("vbr-2", "vpc-a", {"data_center": "dc-2", "peer_asn": AS_2})
    written = added(written, virtual_border_routers=second)
    assert held(written, "vbr-1", SITE_2) == Held("CLOUD", "vpc-a", path)


def test_a_vbr_shows_its_local_asn() -> None:
    written = changed(circuit(), {"virtual_border_routers/vbr-1/local_asn": 64999})
    assert held(written, "dc-1", CLOUD) == Held("bgp", "vbr-1", (64999,))


def test_a_vbr_does_not_pass_on_what_one_of_its_peers_sent_to_another() -> None:
    peers = [{"data_center": "dc-1", "peer_asn": AS_1}, {"data_center": "dc-2", "peer_asn": AS_2}]
    written = changed(
        added(circuit(), data_centers=site("dc-2", SITE_2)), {"virtual_border_routers/vbr-1/peers": peers}
    )
    assert held(written, "vbr-1", SITE) == Held("bgp", "dc-1", (AS_1,))
    assert held(written, "dc-2", SITE) is None
    assert held(written, "dc-2", CLOUD) == Held("bgp", "vbr-1", (LOCAL,))


@pytest.mark.parametrize(("prepend", "expected"), [(0, {"dc-1", "dc-2"}), (1, {"dc-1"})])
def test_a_vbr_prefers_the_shorter_as_path_and_then_any_order(prepend: int, expected: set[str]) -> None:
    peers = [{"data_center": "dc-1", "peer_asn": AS_1}, {"data_center": "dc-2", "peer_asn": AS_2}]
    written = changed(
        added(circuit(), data_centers=site("dc-2", SITE, peers=[{"peer": "vbr-1", "prepend": prepend}])),
        {"virtual_border_routers/vbr-1/peers": peers},
    )
    assert chosen(written, "vbr-1", SITE) == expected


KEPT, LOST = (LOCAL, AS_1), (LOCAL,)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"virtual_border_routers/vbr-2/as_path_preserved": True}, KEPT),
        ({"virtual_border_routers/vbr-2/as_path_preserved": False}, LOST),
        ({"virtual_border_routers/vbr-1/as_path_preserved": False}, KEPT),
        ({"virtual_border_routers/vbr-2/readings": {"vbr_preserves_as_path": False}}, LOST),
        ({"assume/vbr_preserves_as_path": False}, LOST),
        ({"assume/vbr_preserves_as_path@vbr-2": False}, LOST),
        ({"assume/vbr_preserves_as_path@vbr-1": False}, KEPT),
    ],
)
def test_the_vbr_that_sends_a_cloud_route_keeps_or_loses_its_as_path(
    changes: Json, path: tuple[int, ...]
) -> None:
    written = changed(two_circuits(), {"cens/cen-1/rejects_hybrid_exchange": False, **changes})
    assert held(written, "vbr-2", SITE) == Held("CLOUD", "cen-1", path[1:])
    assert held(written, "dc-2", SITE) == Held("bgp", "vbr-2", path)


def returned(prepared: Json) -> Json:
    """dc-1 sends on to vbr-2 what vbr-1 gave it."""
    peer = {"data_center": "dc-1", "peer_asn": AS_1}
    written = changed(prepared, {"virtual_border_routers/vbr-2/peers": [peer]})
    return changed(written, {"data_centers/dc-1/readvertises": True, "data_centers/dc-1/peers": [
        {"peer": "vbr-2", "import": []}]})  # fmt: skip


@pytest.mark.parametrize(("local_asn", "offered"), [(LOCAL, False), (45105, True)])
def test_a_vbr_refuses_a_path_with_its_local_asn(local_asn: int, offered: bool) -> None:
    written = changed(returned(two_circuits()), {"virtual_border_routers/vbr-2/local_asn": local_asn})
    routes = [route for route in settle(written).offers("vbr-2", CLOUD) if route.source == "bgp"]
    assert routes == ([Held("bgp", "dc-1", (AS_1, LOCAL))] if offered else [])


def test_a_vbr_receives_a_default_route() -> None:
    written = changed(circuit(), {"data_centers/dc-1/prefixes": ["0.0.0.0/0"]})
    assert held(written, "vpc-a", "0.0.0.0/0") == Held("cen", "cen-1", (AS_1,))


@pytest.mark.parametrize(("quota", "received"), [(1, False), (2, True)])
def test_a_vbr_has_a_quota_for_each_of_its_peers(quota: int, received: bool) -> None:
    written = changed(
        circuit(),
        {
            "data_centers/dc-1/prefixes": [SITE, SITE_2],
            "virtual_border_routers/vbr-1/bgp_route_quota": quota,
            "assume/over_quota": "close_session",
        },
    )
    assert (held(written, "vbr-1", SITE) is not None) == received


def test_a_vbr_is_listed_by_its_cen_or_names_it() -> None:
    by_cen = document(
        vpcs=[vpc("vpc-a", CLOUD)],
        data_centers=[site("dc-1", SITE)],
        virtual_border_routers=[{"id": "vbr-1", "peers": [{"data_center": "dc-1", "peer_asn": AS_1}]}],
        cens=[cen("vpc-a", "vbr-1")],
    )
    assert held(by_cen, "vpc-a", SITE) == held(circuit(), "vpc-a", SITE) == Held("cen", "cen-1", (AS_1,))
