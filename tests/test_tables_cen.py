"""CENs: what they learn, prefer and pass on, and what overlapping routing changes."""

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
    Held,
    Json,
    added,
    blackhole,
    cen,
    changed,
    chosen,
    circuit,
    held,
    one_gateway,
    settle,
    site,
    two_circuits,
    two_vpcs,
    vbr,
    vpc,
    vpn_and_cen,
)


def test_a_cen_takes_system_routes_to_the_other_vpcs() -> None:
    assert held(two_vpcs(), "cen-1", CLOUD_2) == Held("system", "vpc-b")
    assert held(two_vpcs(), "vpc-a", CLOUD_2) == Held("cen", "cen-1")


def test_a_cen_offers_nothing_back_to_its_publisher() -> None:
    assert settle(two_vpcs()).offers("vpc-b", CLOUD_2) == []


@pytest.mark.parametrize("published", [True, False])
def test_a_cen_takes_custom_routes_that_are_published(published: bool) -> None:
    written = changed(two_vpcs(), {"vpcs/vpc-b/routes": [blackhole(CUSTOM, publish_to_cen=published)]})
    assert held(written, "cen-1", CUSTOM) == (Held("custom", "vpc-b") if published else None)
    assert held(written, "vpc-a", CUSTOM) == (Held("cen", "cen-1") if published else None)


def test_a_custom_route_is_not_published_unless_that_is_written() -> None:
    written = changed(two_vpcs(), {"vpcs/vpc-b/routes": [blackhole(CUSTOM)]})
    assert held(written, "cen-1", CUSTOM) is None


def test_an_open_publication_is_decided_by_its_value() -> None:
    written = changed(two_vpcs(), {"vpcs/vpc-b/routes": [blackhole(CUSTOM, publish_to_cen="any")]})
    (name,) = (n for n in settle(written).simulator.network.choices if n.endswith("publish_to_cen"))
    assert held(written, "cen-1", CUSTOM, {name: True}) == Held("custom", "vpc-b")
    assert held(written, "cen-1", CUSTOM, {name: False}) is None


def test_a_published_route_that_points_to_the_cen_is_not_offered_to_it() -> None:
    entry = {"destination": CUSTOM, "next_hop": "cen-1", "publish_to_cen": True}
    assert held(changed(two_vpcs(), {"vpcs/vpc-b/routes": [entry]}), "cen-1", CUSTOM) is None


@pytest.mark.parametrize("learns", [True, False])
def test_a_cen_takes_what_a_vpn_gateway_put_into_a_vpc_by_reading(learns: bool) -> None:
    written = changed(two_vpcs(), {"assume/cen_learns_vpn_routes": learns})
    assert held(written, "cen-1", SITE) == (Held("VPN_BGP", "vpc-a", (AS_1,)) if learns else None)
    assert held(written, "vpc-b", SITE) == (Held("cen", "cen-1", (AS_1,)) if learns else None)


def test_a_cen_can_have_a_reading_of_its_own() -> None:
    written = changed(two_vpcs(), {"cens/cen-1/readings": {"cen_learns_vpn_routes": True}})
    assert held(written, "cen-1", SITE) == Held("VPN_BGP", "vpc-a", (AS_1,))


def test_what_a_vpc_learned_from_one_cen_does_not_go_to_another() -> None:
    written = added(two_vpcs(), cens={"id": "cen-2", "attachments": ["vpc-a"]})
    assert held(written, "cen-2", CLOUD) == Held("system", "vpc-a")
    assert held(written, "cen-2", CLOUD_2) is None


def test_a_cen_prefers_system_routes_to_published_custom_ones() -> None:
    entry = blackhole("172.16.8.0/24", publish_to_cen=True)
    written = changed(two_vpcs(), {"vpcs/vpc-a/routes": [entry]})
    assert chosen(written, "cen-1", CLOUD_2) == {"vpc-b"}


def test_a_cen_prefers_published_custom_routes_to_those_of_a_vbr() -> None:
    entry = blackhole(SITE, publish_to_cen=True)
    assert chosen(changed(circuit(), {"vpcs/vpc-a/routes": [entry]}), "cen-1", SITE) == {"vpc-a"}
    unpublished = changed(circuit(), {"vpcs/vpc-a/routes": [blackhole(SITE)]})
    assert chosen(unpublished, "cen-1", SITE) == {"vbr-1"}


def test_a_cen_prefers_the_routes_of_a_vbr_to_vpn_routes_of_a_vpc() -> None:
    written = changed(vpn_and_cen("vpn"), {"assume/cen_learns_vpn_routes": True})
    prepended = changed(written, {"data_centers/dc-2/peers": [{"peer": "vbr-2", "prepend": 4}]})
    assert held(prepended, "cen-1", SITE) == Held("vbr", "vbr-2", (AS_2,) * 5)


def one_prefix_on_two_circuits(**peers: object) -> Json:
    """dc-1 and dc-2 have the same prefix."""
    return changed(
        two_circuits(),
        {"data_centers/dc-2/prefixes": [SITE], "data_centers/dc-2/peers": [{"peer": "vbr-2", **peers}]},
    )


def test_a_cen_prefers_the_vbr_route_with_the_shorter_as_path() -> None:
    assert chosen(one_prefix_on_two_circuits(prepend=1), "cen-1", SITE) == {"vbr-1"}


def test_a_cen_chooses_among_equal_vbr_routes_in_any_order() -> None:
    assert chosen(one_prefix_on_two_circuits(), "cen-1", SITE) == {"vbr-1", "vbr-2"}


def test_a_cen_does_not_compare_the_as_paths_of_vpn_routes() -> None:
    written = changed(
        two_vpcs(),
        {
            "data_centers/dc-2/prefixes": [SITE],
            "data_centers/dc-2/peers": [{"peer": "vgw-2", "prepend": 3}],
            "assume/cen_learns_vpn_routes": True,
        },
    )
    assert chosen(written, "cen-1", SITE) == {"vpc-a", "vpc-b"}


@pytest.mark.parametrize("rejects", [True, False])
def test_the_default_policy_keeps_the_routes_of_one_vbr_from_another(rejects: bool) -> None:
    written = changed(two_circuits(), {"cens/cen-1/rejects_hybrid_exchange": rejects})
    assert held(written, "vbr-2", SITE) == (None if rejects else Held("CLOUD", "cen-1", (AS_1,)))
    assert held(written, "vpc-a", SITE) == Held("cen", "cen-1", (AS_1,))


@pytest.mark.parametrize("rejects", [True, False])
def test_the_default_policy_keeps_vpn_routes_from_a_vbr(rejects: bool) -> None:
    written = changed(
        added(
            two_vpcs(),
            data_centers=site("dc-3"),
            virtual_border_routers=vbr("vbr-3", "cen-1", {"data_center": "dc-3", "peer_asn": 65003}),
        ),
        {"assume/cen_learns_vpn_routes": True, "cens/cen-1/rejects_hybrid_exchange": rejects},
    )
    assert held(written, "vbr-3", SITE) == (None if rejects else Held("CLOUD", "cen-1", (AS_1,)))
    assert held(written, "vbr-3", CLOUD) == Held("CLOUD", "cen-1")


def test_the_default_policy_is_in_place_unless_it_is_switched_off() -> None:
    assert held(two_circuits(), "dc-2", SITE) is None


def test_published_custom_routes_pass_the_default_policy() -> None:
    written = changed(circuit(), {"vpcs/vpc-a/routes": [blackhole(CUSTOM, publish_to_cen=True)]})
    assert held(written, "dc-1", CUSTOM) == Held("bgp", "vbr-1", (LOCAL,))


# --- overlapping routing --------------------------------------------------------------------


def overlapping(prefix: str, **of_cen: object) -> Json:
    """dc-1 announces `prefix` over a circuit to a CEN with the vSwitch 172.16.8.0/24 of vpc-b."""
    written = added(circuit(), vpcs=vpc("vpc-b", CLOUD_2))
    changes = {f"cens/cen-1/{key}": value for key, value in of_cen.items()}
    attachments = {"cens/cen-1/attachments": ["vpc-a", "vpc-b"], "data_centers/dc-1/prefixes": [prefix]}
    return changed(written, {**attachments, **changes})


OFF: Json = {"overlapping_routing": False}


@pytest.mark.parametrize(
    ("prefix", "refused"), [("172.16.8.0/21", True), ("172.16.8.0/25", True), ("172.16.9.0/24", False)]
)
def test_without_overlapping_routing_a_vpc_refuses_what_is_comparable_to_its_own(
    prefix: str, refused: bool
) -> None:
    settled = settle(overlapping(prefix, **OFF))
    assert all(settled.held("vpc-b", prefix, n) is None for n in range(len(settled.states))) == refused


def test_with_overlapping_routing_a_vpc_takes_what_contains_its_own() -> None:
    found = held(overlapping("172.16.8.0/21", overlapping_routing=True), "vpc-b", "172.16.8.0/21")
    assert found == Held("cen", "cen-1", (AS_1,))


def test_without_overlapping_routing_a_cen_keeps_whichever_of_two_came_first() -> None:
    settled = settle(overlapping("172.16.8.0/21", **OFF))
    seen = {
        (settled.held("cen-1", CLOUD_2, n) is not None, settled.held("cen-1", "172.16.8.0/21", n) is not None)
        for n in range(len(settled.states))
    }
    assert seen == {(True, False), (False, True)}
    on = settle(overlapping("172.16.8.0/21", overlapping_routing=True))
    assert [on.held("cen-1", p) is not None for p in (CLOUD_2, "172.16.8.0/21")] == [True, True]


@pytest.mark.parametrize(
    ("created", "both"), [("2018-06-01", False), ("2019-03-01", False), ("2019-03-02", True), (None, True)]
)
def test_overlapping_routing_is_off_for_a_cen_from_before_2019_03_02(created: str | None, both: bool) -> None:
    of_cen = {} if created is None else {"created": created}
    assert (len(settle(overlapping("172.16.8.0/21", **of_cen)).states) == 1) == both


def test_a_written_value_counts_more_than_the_age_of_a_cen() -> None:
    written = overlapping("172.16.8.0/21", created="2018-06-01", overlapping_routing=True)
    assert len(settle(written).states) == 1


def test_without_overlapping_routing_a_vpc_refuses_vpn_routes_as_well() -> None:
    wide = "172.16.0.0/12"
    written = changed(
        added(one_gateway(), cens=cen("vpc-a")),
        {"data_centers/dc-1/prefixes": [wide], "cens/cen-1/overlapping_routing": False},
    )
    assert held(written, "vpc-a", wide) is None
    assert held(written, "vgw-1", wide) is not None, "the switch is the CEN's, not the gateway's"
    detached = changed(written, {"cens/cen-1/attachments": []})
    assert held(detached, "vpc-a", wide) == Held("VPN_BGP", "vgw-1", (AS_1,))


def test_without_overlapping_routing_a_vpc_keeps_the_vpn_or_the_cen_route_that_came_first() -> None:
    inside = "10.0.1.0/24"
    written = changed(vpn_and_cen("vpn"), {"data_centers/dc-2/prefixes": [inside]})
    assert held(written, "vpc-a", SITE) == Held("VPN_BGP", "vgw-1", (AS_1,))
    assert held(written, "vpc-a", inside) == Held("cen", "cen-1", (AS_2,))
    settled = settle(changed(written, {"cens/cen-1/overlapping_routing": False}))
    seen = {
        tuple(settled.held("vpc-a", prefix, n) is not None for prefix in (SITE, inside))
        for n in range(len(settled.states))
    }
    assert seen == {(True, False), (False, True)}


def test_identical_prefixes_are_no_overlap() -> None:
    written = changed(vpn_and_cen("vpn"), {"cens/cen-1/overlapping_routing": False})
    assert held(written, "vpc-a", SITE) == Held("VPN_BGP", "vgw-1", (AS_1,))
