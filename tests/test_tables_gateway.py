"""VPN gateways: what their BGP tables learn, prefer, pass on and refuse."""

from __future__ import annotations

import pytest

from tests.tables import (
    AS_1,
    AS_2,
    CLOUD,
    CLOUD_2,
    CUSTOM,
    LOCAL,
    LOCAL_2,
    SITE,
    SITE_2,
    Held,
    Json,
    added,
    cen,
    changed,
    chosen,
    connection,
    far_end,
    gateway,
    held,
    one_gateway,
    settle,
    site,
    two_gateways,
    two_sites,
    two_vpcs,
    vbr,
    vpc,
)


def routes(*entries: Json) -> Json:
    """One gateway whose VPC has these custom routes."""
    return changed(one_gateway(), {"vpcs/vpc-a/routes": list(entries)})


# --- what is learned, and from whom ---------------------------------------------------


def test_a_gateway_learns_site_prefixes_over_its_tunnels() -> None:
    assert held(one_gateway(), "vgw-1", SITE) == Held("VPN_BGP", "dc-1", (AS_1,))


def test_a_gateway_learns_system_routes_from_its_vpc() -> None:
    assert held(one_gateway(), "vgw-1", CLOUD) == Held("CLOUD", "vpc-a")


def test_site_prefixes_reach_the_bgp_table_without_automatic_advertisement() -> None:
    document = changed(one_gateway(), {"vpn_gateways/vgw-1/auto_advertise": False})
    assert held(document, "vgw-1", SITE) == Held("VPN_BGP", "dc-1", (AS_1,))


@pytest.mark.parametrize("automatic", [True, False])
def test_only_automatic_advertisement_takes_routes_to_the_vpc_and_to_the_site(automatic: bool) -> None:
    document = changed(one_gateway(), {"vpn_gateways/vgw-1/auto_advertise": automatic})
    assert (held(document, "vpc-a", SITE) == Held("VPN_BGP", "vgw-1", (AS_1,))) == automatic
    assert (held(document, "dc-1", CLOUD) == Held("bgp", "vgw-1", (LOCAL,))) == automatic
    assert (held(document, "vpc-a", SITE) is None) == (not automatic)


def test_automatic_advertisement_is_off_until_it_is_switched_on() -> None:
    document = changed(one_gateway(), {"vpn_gateways": [{"id": "vgw-1", "vpc": "vpc-a"}]})
    assert held(document, "dc-1", CLOUD) is None


@pytest.mark.parametrize(
    "change",
    [
        {"ipsec_connections/vco-1/bgp_enabled": False},
        {"vpn_gateways/vgw-1/bgp_supported": False},
        {"customer_gateways/cgw-1/asn": None},
        {"ipsec_connections/vco-1/tunnels/0/tunnel_cidr": None},
        {"ipsec_connections/vco-1/tunnels/0/local_bgp_ip": None},
    ],
)
def test_a_session_needs_all_of_its_settings(change: Json) -> None:
    document = changed(one_gateway(), change)
    assert held(document, "vgw-1", SITE) is None
    assert held(document, "dc-1", CLOUD) is None


# --- what a gateway exports ------------------------------------------------------------


@pytest.mark.parametrize("exported", [True, False])
def test_custom_routes_are_exported_by_reading(exported: bool) -> None:
    document = changed(
        routes({"destination": CUSTOM, "next_hop": "blackhole"}),
        {"assume/gateway_exports_custom_routes": exported},
    )
    assert held(document, "dc-1", CUSTOM) == (Held("bgp", "vgw-1", (LOCAL,)) if exported else None)


def test_a_custom_route_that_points_to_a_gateway_is_not_offered_to_that_gateway() -> None:
    document = changed(
        routes({"destination": CUSTOM, "next_hop": "vgw-1"}), {"assume/gateway_exports_custom_routes": True}
    )
    assert held(document, "vgw-1", CUSTOM) is None


@pytest.mark.parametrize("exported", [True, False])
def test_cen_routes_are_exported_by_reading(exported: bool) -> None:
    document = changed(two_vpcs(), {"assume/gateway_exports_cen_routes": exported})
    assert held(document, "dc-1", CLOUD_2) == (Held("bgp", "vgw-1", (LOCAL,)) if exported else None)


def over_circuit() -> Json:
    """vgw-1 to dc-1, and dc-2 on vbr-2, which a router interface joins to vpc-a."""
    return added(
        one_gateway(),
        data_centers=site("dc-2", SITE_2),
        virtual_border_routers=vbr("vbr-2", "vpc-a", {"data_center": "dc-2", "peer_asn": AS_2}),
    )


@pytest.mark.parametrize("exported", [True, False])
def test_routes_of_a_router_interface_are_exported_by_the_same_reading(exported: bool) -> None:
    document = changed(over_circuit(), {"assume/gateway_exports_cen_routes": exported})
    assert held(document, "dc-1", SITE_2) == (Held("bgp", "vgw-1", (LOCAL, AS_2)) if exported else None)


@pytest.mark.parametrize("exported", [True, False])
def test_routes_of_another_gateway_of_the_vpc_are_exported_by_reading(exported: bool) -> None:
    document = changed(
        added(two_gateways(), data_centers=site("dc-2"), customer_gateways=far_end(2, "dc-2", AS_2)),
        {
            "ipsec_connections/vco-2/tunnels/0/customer_gateway": "cgw-2",
            "assume/gateway_exports_other_gateways_routes": exported,
        },
    )
    assert held(document, "dc-2", SITE) == (Held("bgp", "vgw-2", (LOCAL_2, AS_1)) if exported else None)


def test_a_gateway_does_not_hear_back_what_it_gave_to_its_vpc() -> None:
    document = changed(one_gateway(), {"assume/gateway_exports_other_gateways_routes": True})
    assert settle(document).offers("vgw-1", SITE) == [Held("VPN_BGP", "dc-1", (AS_1,))]


def test_what_one_connection_learns_is_not_sent_to_another() -> None:
    assert held(two_sites(), "vgw-1", SITE) == Held("VPN_BGP", "dc-1", (AS_1,))
    assert held(two_sites(), "dc-2", SITE) is None
    assert held(two_sites(), "dc-2", CLOUD) == Held("bgp", "vgw-1", (LOCAL,))


# --- the AS_PATH on its way through the cloud -----------------------------------------------


@pytest.mark.parametrize(("kept", "path"), [(True, (LOCAL_2, AS_1)), (False, (LOCAL_2,))])
def test_a_cloud_route_leaves_with_the_as_path_of_its_entry_by_reading(
    kept: bool, path: tuple[int, ...]
) -> None:
    document = changed(
        two_vpcs(),
        {
            "assume/cen_learns_vpn_routes": True,
            "assume/gateway_exports_cen_routes": True,
            "ipsec_connections/vco-2/tunnels/0/local_asn": LOCAL_2,
            "vpn_gateways/vgw-2/readings": {"gateway_preserves_as_path": kept},
        },
    )
    assert held(document, "vpc-b", SITE) == Held("cen", "cen-1", (AS_1,))
    assert held(document, "vgw-2", SITE) == Held("CLOUD", "vpc-b", path[1:])
    assert held(document, "dc-2", SITE) == Held("bgp", "vgw-2", path)


def test_a_session_shows_the_local_asn_of_its_own_tunnel() -> None:
    document = changed(two_sites(), {"ipsec_connections/vco-2/tunnels/0/local_asn": LOCAL_2})
    assert held(document, "dc-1", CLOUD) == Held("bgp", "vgw-1", (LOCAL,))
    assert held(document, "dc-2", CLOUD) == Held("bgp", "vgw-1", (LOCAL_2,))


def returned(local_asn: int, **assume: object) -> Json:
    """dc-1 sends the vSwitch of vpc-b, which vgw-1 gave it as [45104], on to vgw-2."""
    document = changed(
        two_gateways(),
        {
            "data_centers/dc-1/readvertises": True,
            "vpn_gateways/vgw-1/readings": {"gateway_exports_cen_routes": True},
            "ipsec_connections/vco-2/tunnels/0/local_asn": local_asn,
            "assume/vpc_prefers": "cen",
        },
    )
    return changed(document, {f"assume/{name}": value for name, value in assume.items()})


def test_a_gateway_takes_a_path_without_its_local_asn() -> None:
    assert held(returned(LOCAL_2), "vgw-2", CLOUD_2) == Held("VPN_BGP", "dc-1", (AS_1, LOCAL))


def test_a_gateway_refuses_a_path_with_its_local_asn() -> None:
    assert held(returned(LOCAL), "vgw-2", CLOUD_2) is None


@pytest.mark.parametrize(("check", "taken"), [("session", True), ("all", False)])
def test_a_gateway_with_several_local_asns_refuses_by_reading(check: str, taken: bool) -> None:
    """vgw-2 shows 45105 to dc-1, and 45104 on a connection that has nothing to do with it."""
    document = added(
        returned(LOCAL_2, local_as_check=check),
        customer_gateways=far_end(3, "dc-3", AS_2),
        data_centers=site("dc-3"),
        ipsec_connections=connection(3, "vgw-2", "cgw-3"),
    )
    assert (held(document, "vgw-2", CLOUD_2) is not None) == taken


# --- preference ------------------------------------------------------------------------------


def both_ways(prefers: str, prepend: int = 0, kept: bool = True) -> Json:
    """vgw-1 knows 10.0.0.0/16 by BGP from dc-1, and from vpc-a, which took it from a CEN as [65002]."""
    document = added(
        one_gateway(),
        data_centers=site("dc-2", SITE),
        virtual_border_routers=vbr("vbr-2", "cen-1", {"data_center": "dc-2", "peer_asn": AS_2}),
        cens=cen("vpc-a"),
    )
    return changed(
        document,
        {
            "assume/vpc_prefers": "cen",
            "assume/gateway_exports_cen_routes": True,
            "assume/gateway_preserves_as_path": kept,
            "assume/gateway_prefers": prefers,
            "data_centers/dc-1/peers": [{"peer": "vgw-1", "prepend": prepend}],
        },
    )


BY_BGP, BY_CLOUD = Held("VPN_BGP", "dc-1", (AS_1,)), Held("CLOUD", "vpc-a", (AS_2,))


@pytest.mark.parametrize(("prefers", "expected"), [("bgp", BY_BGP), ("cloud", BY_CLOUD), ("as_path", BY_BGP)])
def test_a_prefix_known_both_ways_is_selected_by_reading(prefers: str, expected: Held) -> None:
    assert held(both_ways(prefers), "vgw-1", SITE) == expected
    assert chosen(both_ways(prefers), "vgw-1", SITE) == {expected.came_from}, "no order of neighbours decides"


@pytest.mark.parametrize(
    ("prefers", "source"), [("bgp", "VPN_BGP"), ("cloud", "CLOUD"), ("as_path", "CLOUD")]
)
def test_a_longer_vpn_bgp_route_loses_to_a_cloud_route_by_as_path_only(prefers: str, source: str) -> None:
    found = held(both_ways(prefers, prepend=1), "vgw-1", SITE)
    assert found is not None
    assert found.source == source


def test_by_as_path_a_cloud_route_that_lost_its_path_is_the_shortest() -> None:
    assert held(both_ways("as_path", kept=False), "vgw-1", SITE) == Held("CLOUD", "vpc-a")


def both_tunnels(*far_ends: str, **changes: object) -> Json:
    """A dual-tunnel connection; cgw-1 belongs to dc-1 and cgw-2 to dc-2, which have the same prefix."""
    document = added(
        changed(one_gateway(), {"ipsec_connections": [connection(1, "vgw-1", *far_ends)]}),
        customer_gateways=far_end(2, "dc-2", AS_2),
        data_centers=site("dc-2", SITE),
    )
    return changed(document, changes)


def test_the_shorter_as_path_comes_before_the_role_of_the_tunnel() -> None:
    prepending = {"data_centers/dc-1/peers": [{"peer": "vgw-1", "prepend": 1}]}
    document = both_tunnels("cgw-1", "cgw-2", **prepending)
    assert held(document, "vgw-1", SITE) == Held("VPN_BGP", "dc-2", (AS_2,))


def test_the_master_tunnel_comes_before_the_slave() -> None:
    assert chosen(both_tunnels("cgw-1", "cgw-2"), "vgw-1", SITE) == {"dc-1"}
    assert chosen(both_tunnels("cgw-2", "cgw-1"), "vgw-1", SITE) == {"dc-2"}


def test_written_roles_count_and_not_positions() -> None:
    roles = {
        "ipsec_connections/vco-1/tunnels/0/role": "slave",
        "ipsec_connections/vco-1/tunnels/1/role": "master",
    }
    assert chosen(both_tunnels("cgw-1", "cgw-2", **roles), "vgw-1", SITE) == {"dc-2"}


def test_equal_routes_of_two_single_tunnel_connections_are_chosen_in_any_order() -> None:
    document = changed(two_sites(), {"data_centers/dc-2/prefixes": [SITE]})
    assert chosen(document, "vgw-1", SITE) == {"dc-1", "dc-2"}


# --- gateways as each other's peers --------------------------------------------------------------------


def peering_gateways() -> Json:
    """A connection of vgw-1 whose customer gateway is vgw-2 of vpc-b; nothing else joins the VPCs."""
    return added(
        one_gateway(),
        vpcs=vpc("vpc-b", CLOUD_2),
        vpn_gateways=gateway("vgw-2", "vpc-b"),
        customer_gateways={"id": "cgw-2", "asn": LOCAL_2, "vpn_gateway": "vgw-2"},
        ipsec_connections=connection(2, "vgw-1", "cgw-2"),
    )


def test_a_gateway_gives_its_vpc_to_a_gateway_that_is_its_customer_gateway() -> None:
    assert held(peering_gateways(), "vgw-2", CLOUD) == Held("VPN_BGP", "vgw-1", (LOCAL,))
    assert held(peering_gateways(), "vpc-b", CLOUD) == Held("VPN_BGP", "vgw-2", (LOCAL,))


def test_a_gateway_gives_no_bgp_route_to_a_gateway() -> None:
    assert held(peering_gateways(), "vgw-2", SITE) is None


@pytest.mark.parametrize(
    "change",
    [
        {"ipsec_connections/vco-2/bgp_enabled": False},
        {"vpn_gateways/vgw-2/bgp_supported": False},
        {"vpn_gateways/vgw-1/auto_advertise": False},
        {"customer_gateways/cgw-2/asn": LOCAL},
    ],
)
def test_gateways_exchange_nothing_without_a_session_or_with_one_asn(change: Json) -> None:
    assert held(changed(peering_gateways(), change), "vgw-2", CLOUD) is None
