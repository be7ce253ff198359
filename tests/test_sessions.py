"""Which routers a site has, which sessions end where, and when a session is up."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.tables import (
    AS_1,
    AS_2,
    CLOUD,
    LOCAL,
    SITE,
    SITE_2,
    Held,
    Json,
    added,
    changed,
    circuit,
    connection,
    far_end,
    gateway,
    held,
    one_gateway,
    settle,
    site,
    structures,
    tables_of,
    two_sites,
    vbr,
)
from verify.models.condition import Value

# --- routers that are not listed ------------------------------------------------------


def two_peerings(second: object, **dc_1: object) -> Json:
    """cgw-1 of AS 65001 on vgw-1 and cgw-2 of this ASN on vgw-2, both at dc-1."""
    written = added(
        one_gateway(),
        vpn_gateways=gateway("vgw-2", "vpc-a"),
        customer_gateways=far_end(2, asn=second),
        ipsec_connections=connection(2, "vgw-2", "cgw-2"),
    )
    return changed(written, {f"data_centers/dc-1/{key}": value for key, value in dc_1.items()})


def routers(written: Json, values: Mapping[str, Value] | None = None) -> set[str]:
    """The tables of dc-1."""
    return {table for table in tables_of(written, values) if table.startswith("dc-1")}


def test_a_site_that_is_seen_under_one_asn_has_one_router() -> None:
    assert routers(two_peerings(AS_1)) == {"dc-1"}


def test_a_site_that_is_seen_under_two_asns_has_two_routers() -> None:
    assert routers(two_peerings(AS_2)) == {"dc-1/AS65001", "dc-1/AS65002"}


def test_a_vbr_peer_counts_among_the_asns_of_a_site() -> None:
    peer = {"data_center": "dc-1", "peer_asn": 65003}
    written = added(two_peerings(AS_2), virtual_border_routers=vbr("vbr-1", "vpc-a", peer))
    assert routers(written) == {"dc-1/AS65001", "dc-1/AS65002", "dc-1/AS65003"}


def test_the_routers_of_different_asns_exchange_routes_by_ebgp() -> None:
    settled = settle(two_peerings(AS_2))
    assert Held("bgp", "dc-1/AS65002", (AS_2, LOCAL)) in settled.offers("dc-1/AS65001", CLOUD)
    apart = settle(two_peerings(AS_2, internal_peering=False))
    assert apart.offers("dc-1/AS65001", CLOUD) == [Held("bgp", "vgw-1", (LOCAL,))]


def test_each_router_of_a_site_has_its_prefixes_by_igp() -> None:
    for router in ("dc-1/AS65001", "dc-1/AS65002"):
        assert held(two_peerings(AS_2), router, SITE) == Held("igp", "")


def test_an_open_asn_leaves_one_router_or_two() -> None:
    written = two_peerings({"one_of": [AS_1, AS_2]})
    assert len(structures(written)) == 2
    name = "customer_gateways.cgw-2.asn"
    assert routers(written, {name: AS_1}) == {"dc-1"}
    assert len(routers(written, {name: AS_2})) == 2


def test_asns_that_cannot_be_equal_leave_one_structure() -> None:
    assert len(structures(two_peerings({"one_of": [65003, 65004]}))) == 1
    assert len(structures(two_peerings(AS_2))) == 1


def test_three_open_asns_are_equal_or_differ_in_five_ways() -> None:
    written = added(
        two_peerings("any"),
        vpn_gateways=gateway("vgw-3", "vpc-a"),
        customer_gateways=far_end(3, asn="any"),
        ipsec_connections=connection(3, "vgw-3", "cgw-3"),
    )
    assert len(structures(changed(written, {"customer_gateways/cgw-1/asn": "any"}))) == 5


@pytest.mark.parametrize("asn", [AS_1, AS_2])
def test_an_open_asn_gives_what_the_same_asn_gives_where_it_is_written(asn: int) -> None:
    """The routers are named differently, so what the gateways hold is compared."""
    open_, written = two_peerings({"one_of": [AS_1, AS_2]}), two_peerings(asn)
    values = {"customer_gateways.cgw-2.asn": asn}
    for table in ("vgw-1", "vgw-2"):
        left, right = held(open_, table, SITE, values), held(written, table, SITE)
        assert left is not None
        assert right is not None
        assert (left.source, left.path) == (right.source, right.path)


# --- listed routers -------------------------------------------------------------------


LISTED = [{"id": "r1", "asn": AS_1}, {"id": "r2", "asn": AS_2}]


def ends_of(written: Json) -> tuple[str, str]:
    """The routers from which vgw-1 and vgw-2 learn the site's prefix."""
    settled = settle(written)
    found = [settled.offers(table, SITE)[0].came_from for table in ("vgw-1", "vgw-2")]
    return found[0], found[1]


def test_a_peering_ends_at_the_router_that_it_names() -> None:
    written = changed(two_peerings(AS_2, routers=LISTED), {"customer_gateways/cgw-2/router": "r1"})
    assert ends_of(written) == ("dc-1/r1", "dc-1/r1")


def test_a_peering_that_names_no_router_ends_at_the_one_with_its_asn() -> None:
    assert ends_of(two_peerings(AS_2, routers=LISTED)) == ("dc-1/r1", "dc-1/r2")


def test_a_peering_under_an_asn_of_no_router_ends_at_the_first_and_shows_that_asn() -> None:
    written = two_peerings(65003, routers=LISTED)
    assert ends_of(written) == ("dc-1/r1", "dc-1/r1")
    assert held(written, "vgw-2", SITE) == Held("VPN_BGP", "dc-1/r1", (65003,))


@pytest.mark.parametrize("asn", [AS_1, AS_2, 65003])
def test_an_open_asn_ends_at_the_router_at_which_the_same_asn_written_ends(asn: int) -> None:
    open_ = two_peerings({"one_of": [AS_1, AS_2, 65003]}, routers=LISTED)
    values = {"customer_gateways.cgw-2.asn": asn}
    assert held(open_, "vgw-2", SITE, values) == held(two_peerings(asn, routers=LISTED), "vgw-2", SITE)


@pytest.mark.parametrize("place", ["router", "peer_asn"])
def test_a_vbr_peer_may_name_its_asn_or_its_router(place: str) -> None:
    peer = {"data_center": "dc-1", place: "r2" if place == "router" else AS_2}
    written = changed(
        circuit(), {"data_centers/dc-1/routers": LISTED, "virtual_border_routers/vbr-1/peers": [peer]}
    )
    assert held(written, "vbr-1", SITE) == Held("bgp", "dc-1/r2", (AS_2,))


# --- failures --------------------------------------------------------------------------


def failing(written: Json, **environment: object) -> Json:
    """The network with an environment in which things fail."""
    return changed(written, {"environment": {"max_failures": 1, **environment}})


@pytest.mark.parametrize("failure", ["failed:tunnel:vco-1/0", "failed:gateway:vgw-1"])
def test_a_failed_tunnel_or_gateway_takes_routes_away_in_both_directions(failure: str) -> None:
    written = failing(one_gateway())
    assert held(written, "vgw-1", SITE, {failure: False}) is not None
    assert held(written, "vgw-1", SITE, {failure: True}) is None
    assert held(written, "dc-1", CLOUD, {failure: True}) is None


def test_a_failed_gateway_takes_no_routes_of_its_vpc_either() -> None:
    assert held(failing(one_gateway()), "vgw-1", CLOUD, {"failed:gateway:vgw-1": True}) is None
    assert held(failing(one_gateway()), "vgw-1", CLOUD, {"failed:tunnel:vco-1/0": True}) is not None


def test_a_failed_vbr_peer_takes_routes_away_in_both_directions() -> None:
    failure = {"failed:vbr_peer:vbr-1/0": True}
    assert held(failing(circuit()), "vbr-1", SITE, failure) is None
    assert held(failing(circuit()), "dc-1", CLOUD, failure) is None
    assert held(failing(circuit()), "vbr-1", CLOUD, failure) is not None


def test_the_slave_takes_over_from_a_failed_master() -> None:
    written = failing(changed(two_sites(), {
        "ipsec_connections": [connection(1, "vgw-1", "cgw-1", "cgw-2")], "data_centers/dc-2/prefixes": [SITE]
    }))  # fmt: skip
    assert held(written, "vgw-1", SITE) == Held("VPN_BGP", "dc-1", (AS_1,))
    assert held(written, "vgw-1", SITE, {"failed:tunnel:vco-1/0": True}) == Held("VPN_BGP", "dc-2", (AS_2,))


def failures(written: Json) -> set[str]:
    """The failures that are possible."""
    return {name for name in structures(written)[0].choices if name.startswith("failed:")}


def test_nothing_fails_unless_the_environment_says_so() -> None:
    assert failures(one_gateway()) == set()
    assert failures(failing(one_gateway())) == {"failed:tunnel:vco-1/0", "failed:gateway:vgw-1"}


def test_only_the_kinds_that_are_listed_fail() -> None:
    assert failures(failing(one_gateway(), may_fail=["tunnel"])) == {"failed:tunnel:vco-1/0"}
    assert failures(failing(circuit(), may_fail=["tunnel"])) == set()


@pytest.mark.parametrize(("most", "allowed"), [(1, False), (2, True)])
def test_no_more_things_fail_than_the_environment_allows(most: int, allowed: bool) -> None:
    network = structures(failing(one_gateway(), max_failures=most))[0]
    both = {"failed:tunnel:vco-1/0": True, "failed:gateway:vgw-1": True}
    assert network.allows(both) == allowed


# --- withdrawals -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prefix", "table", "event"),
    [
        (SITE, "vgw-1", f"present:dc-1.{SITE}"),
        (CLOUD, "dc-1", "present:vsw-a-1"),
        ("10.9.0.0/16", "dc-1", "present:vpc-a.routes.0.10.9.0.0/16"),
    ],
)
def test_site_prefixes_vswitches_and_custom_routes_come_and_go(prefix: str, table: str, event: str) -> None:
    written = changed(
        one_gateway(),
        {
            "vpcs/vpc-a/routes": [{"destination": "10.9.0.0/16", "next_hop": "blackhole"}],
            "assume/gateway_exports_custom_routes": True,
        },
    )
    assert held(written, table, prefix, {event: True}) is not None
    assert held(written, table, prefix, {event: False}) is None
    lasting = changed(written, {"environment": {"withdrawals": False}})
    assert event not in structures(lasting)[0].choices
    assert held(lasting, table, prefix) is not None


# --- sessions between sites ------------------------------------------------------------------


def joined(**policy: object) -> Json:
    """two_sites() with a session between dc-1 and dc-2; the policy is that of dc-1."""
    return changed(two_sites(), {"data_centers/dc-1/peers": [{"peer": "dc-2", **policy}]})


def test_sites_exchange_routes_where_one_names_the_other() -> None:
    assert held(joined(), "dc-1", SITE_2) == Held("bgp", "dc-2", (AS_2,))
    assert held(joined(), "dc-2", SITE) == Held("bgp", "dc-1", (AS_1,))
    assert held(two_sites(), "dc-1", SITE_2) is None


def test_sites_that_name_each_other_have_one_session() -> None:
    written = changed(joined(), {"data_centers/dc-2/peers": [{"peer": "dc-1"}]})
    assert settle(written).offers("dc-1", SITE_2) == [Held("bgp", "dc-2", (AS_2,))]


def test_the_policies_of_both_sites_hold_on_their_session() -> None:
    assert held(joined(export=[]), "dc-2", SITE) is None
    assert held(joined(export=[]), "dc-1", SITE_2) is not None
    assert held(changed(joined(), {"data_centers/dc-1/peers/0/import": []}), "dc-1", SITE_2) is None
    assert held(joined(prepend=2), "dc-2", SITE) == Held("bgp", "dc-1", (AS_1,) * 3)
    importing = changed(joined(), {"data_centers/dc-2/peers": [{"peer": "dc-1", "import": []}]})
    assert held(importing, "dc-2", SITE) is None


@pytest.mark.parametrize(("local_pref", "expected"), [(100, "vgw-1"), (101, "dc-2")])
def test_local_pref_ranks_another_site_against_the_cloud(local_pref: int, expected: str) -> None:
    found = held(joined(local_pref=local_pref), "dc-1", CLOUD)
    assert found is not None
    assert found.came_from == expected


def test_a_site_gives_another_what_it_learned_from_the_cloud() -> None:
    """Whether it also re-advertises to cloud peers is another matter."""
    assert Held("bgp", "dc-1", (AS_1, LOCAL)) in settle(joined()).offers("dc-2", CLOUD)


@pytest.mark.parametrize("readvertises", [True, False])
def test_a_site_gives_the_cloud_what_another_sent_only_if_it_readvertises(readvertises: bool) -> None:
    written = changed(
        joined(),
        {
            "data_centers/dc-1/readvertises": readvertises,
            "data_centers/dc-2/peers": [{"peer": "vgw-1", "export": []}],
        },
    )
    assert held(written, "vgw-1", SITE_2) == (Held("VPN_BGP", "dc-1", (AS_1, AS_2)) if readvertises else None)


def test_a_prefix_that_is_not_announced_does_not_reach_another_site() -> None:
    prefix = {"prefix": SITE, "announced": False}
    assert held(changed(joined(), {"data_centers/dc-1/prefixes": [prefix]}), "dc-2", SITE) is None


def test_a_site_refuses_its_own_asn_from_another_site() -> None:
    same = changed(joined(), {"customer_gateways/cgw-2/asn": AS_1})
    assert held(same, "dc-2", SITE) is None
    assert held(changed(same, {"data_centers/dc-2/allowas_in": 1}), "dc-2", SITE) is not None


def test_a_site_passes_routes_of_one_site_on_to_a_third() -> None:
    third = site("dc-3", routers=[{"id": "r3", "asn": 65003}], peers=[{"peer": "dc-2"}])
    assert held(added(joined(), data_centers=third), "dc-3/r3", SITE) == Held("bgp", "dc-2", (AS_2, AS_1))


def test_a_session_can_name_a_router_of_the_other_site() -> None:
    written = changed(
        joined(),
        {
            "data_centers/dc-2/routers": [{"id": "r1", "asn": AS_2}, {"id": "r2", "asn": AS_2}],
            "data_centers/dc-1/peers": [{"peer": "r2", "prepend": 1}],
        },
    )
    assert held(written, "dc-2/r2", SITE) == Held("bgp", "dc-1", (AS_1, AS_1))
    assert held(written, "dc-2/r1", SITE) == Held("bgp", "dc-2/r2", (AS_1, AS_1))


# --- several tunnels -------------------------------------------------------------------------


def test_both_tunnels_of_a_connection_carry_routes() -> None:
    written = changed(one_gateway(), {"ipsec_connections": [connection(1, "vgw-1", "cgw-1", "cgw-1")]})
    assert settle(written).offers("vgw-1", SITE) == [Held("VPN_BGP", "dc-1", (AS_1,))] * 2
    assert settle(written).offers("dc-1", CLOUD) == [Held("bgp", "vgw-1", (LOCAL,))] * 2


def test_a_tunnel_without_bgp_settings_leaves_the_other_alone() -> None:
    written = changed(
        one_gateway(),
        {
            "ipsec_connections": [connection(1, "vgw-1", "cgw-1", "cgw-1")],
            "ipsec_connections/vco-1/tunnels/0/tunnel_cidr": None,
        },
    )
    assert settle(written).offers("vgw-1", SITE) == [Held("VPN_BGP", "dc-1", (AS_1,))]
