"""Data centre routers: what they learn, prefer, pass on and refuse."""

from __future__ import annotations

import pytest

from tests.tables import (
    AS_1,
    AS_2,
    CLOUD,
    CLOUD_2,
    LOCAL,
    LOCAL_2,
    SITE,
    Held,
    Json,
    added,
    changed,
    chosen,
    circuit,
    connection,
    far_end,
    gateway,
    held,
    one_gateway,
    settle,
    three_routers,
    two_gateways,
    two_sites,
    vbr,
)

REFLECTED = changed(
    two_gateways(),
    {
        "data_centers/dc-1/readvertises": True,
        "vpn_gateways/vgw-1/readings": {"gateway_exports_cen_routes": True},
        "assume/vpc_prefers": "cen",
    },
)
"""dc-1 passes the vSwitch of vpc-b, which vgw-1 sends it, on to vgw-2 of another local ASN."""


def own_prefix_back(**assume: object) -> Json:
    """10.0.0.0/16 goes up over vgw-1 and comes back over vgw-2, to a site with two ASNs."""
    return changed(
        added(two_gateways(), customer_gateways=far_end(2, asn=AS_2)),
        {
            "data_centers/dc-1/routers": [{"id": "r1", "asn": AS_1}],
            "data_centers/dc-1/peers": [{"peer": "vgw-2", "export": []}],
            "ipsec_connections/vco-2/tunnels/0/customer_gateway": "cgw-2",
            "assume/gateway_exports_other_gateways_routes": True,
            **{f"assume/{name}": value for name, value in assume.items()},
        },
    )


# --- internal against external -----------------------------------------------------


def test_a_router_has_its_own_prefix_by_igp() -> None:
    assert held(one_gateway(), "dc-1", SITE) == Held("igp", "")


def test_a_router_learns_cloud_routes_from_a_gateway() -> None:
    assert held(one_gateway(), "dc-1", CLOUD) == Held("bgp", "vgw-1", (LOCAL,))


def test_a_router_learns_cloud_routes_from_a_vbr() -> None:
    assert held(circuit(), "dc-1", CLOUD) == Held("bgp", "vbr-1", (LOCAL,))


def test_an_internal_route_wins_over_a_copy_where_internal_is_preferred() -> None:
    settled = settle(own_prefix_back())
    assert settled.offers("dc-1/r1", SITE) == [Held("bgp", "vgw-2", (LOCAL_2, AS_1))]
    assert settled.held("dc-1/r1", SITE) == Held("igp", "")


def test_a_copy_wins_over_the_internal_route_where_external_is_preferred() -> None:
    external = changed(
        own_prefix_back(gateway_preserves_as_path=False), {"data_centers/dc-1/prefers": "external"}
    )
    assert settle(external).states == (), "the copy takes away what feeds it"


def test_with_external_preferred_the_own_prefix_stays_while_no_copy_comes_back() -> None:
    document = changed(one_gateway(), {"data_centers/dc-1/prefers": "external"})
    assert held(document, "vgw-1", SITE) == Held("VPN_BGP", "dc-1", (AS_1,))


def test_the_own_prefix_is_announced_only_while_the_internal_route_is_selected() -> None:
    """dc-2 has the same prefix and prefers what dc-1 sends it, so the cloud does not hear of it from dc-2."""
    document = changed(
        two_sites(),
        {"data_centers/dc-2/prefixes": [SITE], "data_centers/dc-2/peers": [{"peer": "dc-1"}]},
    )
    assert chosen(document, "vgw-1", SITE) == {"dc-1", "dc-2"}
    external = changed(document, {"data_centers/dc-2/prefers": "external"})
    assert chosen(external, "vgw-1", SITE) == {"dc-1"}


# --- local_pref, AS_PATH, order ------------------------------------------------------


def same_prefix_twice(**peers: object) -> Json:
    """dc-1 hears the vSwitch of vpc-a from vgw-1 and vgw-2."""
    document = changed(two_gateways(), {"ipsec_connections/vco-2/tunnels/0/local_asn": LOCAL})
    policy = [{"peer": name.replace("_", "-"), "local_pref": value} for name, value in peers.items()]
    return changed(document, {"data_centers/dc-1/peers": policy})


def test_equal_routes_of_two_gateways_are_chosen_in_any_order() -> None:
    assert chosen(same_prefix_twice(), "dc-1", CLOUD) == {"vgw-1", "vgw-2"}


def test_the_higher_local_pref_decides() -> None:
    assert chosen(same_prefix_twice(vgw_2=101), "dc-1", CLOUD) == {"vgw-2"}


def test_a_local_pref_below_100_loses_to_a_peer_without_one() -> None:
    assert chosen(same_prefix_twice(vgw_2=99), "dc-1", CLOUD) == {"vgw-1"}


def two_lengths() -> Json:
    """dc-2 hears the prefix of dc-1 from dc-1 itself, and over the VBR through the cloud."""
    return changed(
        added(
            circuit(),
            data_centers=changed(two_sites(), {})["data_centers"][1],
            virtual_border_routers=vbr("vbr-2", "cen-1", {"data_center": "dc-2", "peer_asn": AS_2}),
        ),
        {
            "cens/cen-1/rejects_hybrid_exchange": False,
            "data_centers/dc-2/peers": [{"peer": "dc-1"}, {"peer": "vbr-2"}],
        },
    )


def test_the_shorter_as_path_decides() -> None:
    assert held(two_lengths(), "dc-2", SITE) == Held("bgp", "dc-1", (AS_1,))


def test_local_pref_comes_before_the_as_path() -> None:
    document = changed(two_lengths(), {"data_centers/dc-2/peers/1/local_pref": 200})
    assert held(document, "dc-2", SITE) == Held("bgp", "vbr-2", (LOCAL, AS_1))


def test_internal_against_external_comes_before_local_pref() -> None:
    document = changed(own_prefix_back(), {"data_centers/dc-1/peers/0/local_pref": 200})
    assert held(document, "dc-1/r1", SITE) == Held("igp", "")


def test_an_open_local_pref_is_decided_by_its_value() -> None:
    document = same_prefix_twice(vgw_2={"one_of": [50, 200]})
    name = "data_centers.dc-1.peers.vgw-2.local_pref"
    assert held(document, "dc-1", CLOUD, {name: 50}) == Held("bgp", "vgw-1", (LOCAL,))
    assert held(document, "dc-1", CLOUD, {name: 200}) == Held("bgp", "vgw-2", (LOCAL,))


# --- the routers of one site -----------------------------------------------------------


def test_ibgp_leaves_the_as_path_as_it_is() -> None:
    assert held(three_routers(AS_1, AS_1), "dc-1/r2", CLOUD) == Held("bgp", "dc-1/r1", (LOCAL,))


def test_ebgp_inside_a_site_prepends_the_routers_own_asn() -> None:
    assert held(three_routers(AS_1, AS_2), "dc-1/r2", CLOUD) == Held("bgp", "dc-1/r1", (AS_1, LOCAL))


def test_without_internal_peering_the_other_routers_hear_nothing() -> None:
    document = changed(three_routers(AS_1, AS_1), {"data_centers/dc-1/internal_peering": False})
    assert held(document, "dc-1/r2", CLOUD) is None


@pytest.mark.parametrize(("third", "expected"), [(AS_1, {"dc-1/r1"}), (AS_2, {"dc-1/r1", "dc-1/r2"})])
def test_a_route_learned_by_ibgp_goes_no_further_by_ibgp(third: int, expected: set[str]) -> None:
    settled = settle(three_routers(AS_1, AS_1, third))
    offered = {route.came_from for route in settled.offers("dc-1/r3", CLOUD)}
    assert offered == expected


def test_a_router_prefers_what_it_learned_itself_to_an_ibgp_copy() -> None:
    document = over_two_routers(AS_1, AS_1)
    assert held(document, "dc-1/r1", CLOUD) == Held("bgp", "vgw-1", (LOCAL,))
    assert held(document, "dc-1/r2", CLOUD) == Held("bgp", "vgw-2", (LOCAL,))


def test_ibgp_carries_local_pref_to_the_other_routers() -> None:
    document = changed(over_two_routers(AS_1, AS_1), {"data_centers/dc-1/peers": [
        {"peer": "vgw-2", "local_pref": 200}]})  # fmt: skip
    assert held(document, "dc-1/r1", CLOUD) == Held("bgp", "dc-1/r2", (LOCAL,))


def test_ebgp_inside_a_site_does_not_carry_local_pref() -> None:
    document = changed(over_two_routers(AS_1, AS_2), {"data_centers/dc-1/peers": [
        {"peer": "vgw-2", "local_pref": 200}]})  # fmt: skip
    assert held(document, "dc-1/r1", CLOUD) == Held("bgp", "vgw-1", (LOCAL,))


def over_two_routers(first: int, second: int) -> Json:
    """vgw-1 ends at r1 and vgw-2 at r2."""
    return changed(
        added(
            three_routers(first, second),
            vpn_gateways=gateway("vgw-2", "vpc-a"),
            customer_gateways=far_end(2, asn=second, router="r2"),
            ipsec_connections=connection(2, "vgw-2", "cgw-2"),
        ),
        {},
    )


# --- passing on --------------------------------------------------------------------------


def test_cloud_routes_go_to_another_cloud_peer_only_if_readvertised() -> None:
    assert held(REFLECTED, "vgw-2", CLOUD_2) == Held("VPN_BGP", "dc-1", (AS_1, LOCAL))
    quiet = changed(REFLECTED, {"data_centers/dc-1/readvertises": False})
    assert held(quiet, "vgw-2", CLOUD_2) is None


@pytest.mark.parametrize("readvertises", [True, False])
def test_what_a_colleague_learned_from_the_cloud_goes_to_the_cloud_only_if_readvertised(
    readvertises: bool,
) -> None:
    document = changed(over_two_routers(AS_1, AS_1), {"data_centers/dc-1/readvertises": readvertises})
    document = changed(document, {"data_centers/dc-1/peers": [{"peer": "vgw-2", "import": []}]})
    document = changed(document, {"ipsec_connections/vco-2/tunnels/0/local_asn": LOCAL_2})
    received = [route for route in settle(document).offers("vgw-2", CLOUD) if route.source == "VPN_BGP"]
    assert received == ([Held("VPN_BGP", "dc-1/r2", (AS_1, LOCAL))] if readvertises else [])


def test_a_route_is_never_sent_back_to_the_gateway_that_it_came_from() -> None:
    generous = {"data_centers/dc-1/readvertises": True, "data_centers/dc-1/allowas_in": 9}
    document = changed(one_gateway(), generous)
    sent = settle(document).offers("vgw-1", CLOUD)
    assert [route.came_from for route in sent] == ["vpc-a"]


def test_a_prefix_that_is_not_announced_stays_inside() -> None:
    prefix = {"prefix": SITE, "announced": False}
    document = changed(one_gateway(), {"data_centers/dc-1/prefixes": [prefix]})
    assert held(document, "vgw-1", SITE) is None
    assert held(document, "dc-1", SITE) == Held("igp", "")


@pytest.mark.parametrize(("announced", "expected"), [(True, Held("VPN_BGP", "dc-1", (AS_1,))), (False, None)])
def test_an_open_announcement_is_decided_by_its_value(announced: bool, expected: Held | None) -> None:
    prefix = {"prefix": SITE, "announced": "any"}
    document = changed(one_gateway(), {"data_centers/dc-1/prefixes": [prefix]})
    values = {f"data_centers.dc-1.prefixes.{SITE}.announced": announced}
    assert held(document, "vgw-1", SITE, values) == expected


# --- filters and prepending --------------------------------------------------------------


@pytest.mark.parametrize(
    ("export", "passes"),
    [([SITE], True), (["10.0.0.0/8"], True), (["10.0.0.0/17"], False), (["11.0.0.0/8"], False), ([], False)],
)
def test_an_export_filter_passes_what_lies_inside_it(export: list[str], passes: bool) -> None:
    document = changed(one_gateway(), {"data_centers/dc-1/peers": [{"peer": "vgw-1", "export": export}]})
    assert (held(document, "vgw-1", SITE) is not None) == passes
    assert held(document, "dc-1", CLOUD) is not None, "what is imported has a filter of its own"


@pytest.mark.parametrize(
    ("accepted", "passes"),
    [([CLOUD], True), (["172.16.0.0/12"], True), (["172.16.0.0/25"], False), ([], False)],
)
def test_an_import_filter_passes_what_lies_inside_it(accepted: list[str], passes: bool) -> None:
    document = changed(one_gateway(), {"data_centers/dc-1/peers": [{"peer": "vgw-1", "import": accepted}]})
    assert (held(document, "dc-1", CLOUD) is not None) == passes
    assert held(document, "vgw-1", SITE) is not None, "what is exported has a filter of its own"


def test_a_filter_towards_one_peer_leaves_the_other_alone() -> None:
    policy = [{"peer": "vgw-2", "export": [], "import": []}]
    document = changed(two_gateways(), {"data_centers/dc-1/peers": policy})
    assert held(document, "vgw-1", SITE) is not None
    assert chosen(document, "dc-1", CLOUD) == {"vgw-1"}


@pytest.mark.parametrize("filters", [{"export": []}, {"import": []}])
def test_filters_hold_towards_a_vbr_too(filters: Json) -> None:
    document = changed(circuit(), {"data_centers/dc-1/peers": [{"peer": "vbr-1", **filters}]})
    assert (held(document, "vbr-1", SITE) is None) == ("export" in filters)
    assert (held(document, "dc-1", CLOUD) is None) == ("import" in filters)


@pytest.mark.parametrize("times", [0, 1, 3])
def test_prepending_repeats_the_asn_that_the_session_shows(times: int) -> None:
    document = changed(one_gateway(), {"data_centers/dc-1/peers": [{"peer": "vgw-1", "prepend": times}]})
    assert held(document, "vgw-1", SITE) == Held("VPN_BGP", "dc-1", (AS_1,) * (1 + times))


def test_prepending_does_not_change_what_the_router_receives() -> None:
    document = changed(one_gateway(), {"data_centers/dc-1/peers": [{"peer": "vgw-1", "prepend": 3}]})
    assert held(document, "dc-1", CLOUD) == Held("bgp", "vgw-1", (LOCAL,))


def test_prepending_holds_towards_a_vbr_too() -> None:
    document = changed(circuit(), {"data_centers/dc-1/peers": [{"peer": "vbr-1", "prepend": 2}]})
    assert held(document, "vbr-1", SITE) == Held("bgp", "dc-1", (AS_1,) * 3)


def test_an_open_prepend_is_decided_by_its_value() -> None:
    document = changed(one_gateway(), {"data_centers/dc-1/peers": [{"peer": "vgw-1", "prepend": "any"}]})
    values = {"data_centers.dc-1.peers.vgw-1.prepend": 2}
    assert held(document, "vgw-1", SITE, values) == Held("VPN_BGP", "dc-1", (AS_1,) * 3)


# --- the own ASN ------------------------------------------------------------------------


def transit(second: object, **dc_2: object) -> Json:
    """dc-2 hears the prefix of dc-1 over two VBRs, as [45104, 65001]."""
    base = two_lengths()
    peers = [{"data_center": "dc-2", "peer_asn": second}]
    changes = {f"data_centers/dc-2/{key}": value for key, value in {"peers": [], **dc_2}.items()}
    return changed(base, {"virtual_border_routers/vbr-2/peers": peers, **changes})


def test_a_router_takes_a_path_without_its_own_asn() -> None:
    assert held(transit(AS_2), "dc-2", SITE) == Held("bgp", "vbr-2", (LOCAL, AS_1))


def test_a_router_refuses_a_path_with_its_own_asn() -> None:
    assert held(transit(AS_1), "dc-2", SITE) is None


@pytest.mark.parametrize(("allowed", "prepend", "taken"), [(1, 0, True), (1, 1, False), (2, 1, True)])
def test_allowas_in_is_the_number_of_own_asns_that_a_router_takes(
    allowed: int, prepend: int, taken: bool
) -> None:
    document = changed(
        transit(AS_1, allowas_in=allowed),
        {"data_centers/dc-1/peers": [{"peer": "vbr-1", "prepend": prepend}]},
    )
    expected = Held("bgp", "vbr-2", (LOCAL, *(AS_1,) * (1 + prepend))) if taken else None
    assert held(document, "dc-2", SITE) == expected


@pytest.mark.parametrize(("of_site", "of_router", "taken"), [(0, 1, True), (1, 0, False)])
def test_the_allowas_in_of_a_router_replaces_that_of_its_site(
    of_site: int, of_router: int, taken: bool
) -> None:
    routers = [{"id": "r9", "asn": AS_1, "allowas_in": of_router}]
    document = transit(AS_1, allowas_in=of_site, routers=routers)
    assert (held(document, "dc-2/r9", SITE) is not None) == taken


def test_the_allowas_in_of_a_site_does_not_loosen_the_check_of_a_gateway() -> None:
    """A gateway refuses one occurrence of its own ASN, whatever the site allows itself."""
    generous = changed(REFLECTED, {"data_centers/dc-1/allowas_in": 5})
    assert held(generous, "vgw-2", CLOUD_2) is not None
    same = changed(generous, {"ipsec_connections/vco-2/tunnels/0/local_asn": LOCAL})
    assert held(same, "vgw-2", CLOUD_2) is None


def local_as(**assume: object) -> Json:
    """One router of AS 65009 that shows 65001 to vgw-1 and 65002 to vgw-2; its prefix would come back."""
    return changed(
        own_prefix_back(**assume), {"data_centers/dc-1/routers": [{"id": "r1", "asn": 65009}]}
    )


def test_a_router_shows_the_asn_that_the_customer_gateway_names() -> None:
    assert held(local_as(), "vgw-1", SITE) == Held("VPN_BGP", "dc-1/r1", (AS_1,))


def test_a_router_shows_the_asn_that_the_vbr_peer_names() -> None:
    document = changed(circuit(), {"data_centers/dc-1/routers": [{"id": "r1", "asn": 65009}]})
    assert held(document, "vbr-1", SITE) == Held("bgp", "dc-1/r1", (AS_1,))


@pytest.mark.parametrize(("check", "offered"), [("session", True), ("all", False)])
def test_a_router_with_several_asns_refuses_by_reading(check: str, offered: bool) -> None:
    routes = settle(local_as(local_as_check=check)).offers("dc-1/r1", SITE)
    assert bool(routes) == offered
    assert all(route.path == (LOCAL_2, AS_1) for route in routes)


@pytest.mark.parametrize(("check", "taken"), [("session", True), ("all", False)])
def test_the_routers_main_asn_counts_as_its_own_by_the_same_reading(check: str, taken: bool) -> None:
    routers = [{"id": "r9", "asn": AS_1}]
    document = changed(transit(AS_2, routers=routers), {"assume/local_as_check": check})
    assert (held(document, "dc-2/r9", SITE) is not None) == taken
