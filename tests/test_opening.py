"""Open values become choices: names, candidates that lose nothing, readings, assumptions."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.load import load
from verify.models.candidates import fresh_values
from verify.models.choices import Choice, Role
from verify.models.fields import FAILURE_KINDS
from verify.models.opening import all_choices, reading_term, with_assumptions
from verify.models.scenario import Document
from verify.models.values import Misfit


def opened(**members: Any) -> Document:
    return load("x.json", text=json.dumps({"version": 1, **members})).document


def site(**members: Any) -> Any:
    return {"id": "dc-1", "internal_peering": True, "readvertises": False, "prefers": "internal", **members}


def choices(document: Document) -> dict[str, tuple[Any, ...]]:
    return {choice.name: choice.values for choice in all_choices(document)}


def test_what_the_documentation_does_not_settle_is_open() -> None:
    document = opened(data_centers=[{"id": "dc-1"}])
    assert choices(document) == {
        "data_centers.dc-1.internal_peering": (False, True),
        "data_centers.dc-1.readvertises": (False, True),
        "data_centers.dc-1.prefers": ("internal", "external"),
    }


def test_a_decided_document_has_no_choice() -> None:
    assert choices(opened(data_centers=[site()])) == {}


def test_only_a_single_tunnel_gateway_may_lack_bgp() -> None:
    gateways = [{"id": "a", "vpc": "v"}, {"id": "b", "vpc": "v", "tunnel_support": "single"}]
    document = opened(vpcs=[{"id": "v"}], vpn_gateways=gateways)
    assert document.vpn_gateways[0].bgp_supported is True
    assert choices(document) == {"vpn_gateways.b.bgp_supported": (False, True)}


@pytest.mark.parametrize(
    ("created", "overlapping"),
    [("2019-03-01", False), ("2019-03-02", True), (None, True)],
)
def test_overlapping_routing_is_off_for_an_old_cen(created: str | None, overlapping: bool) -> None:
    document = opened(cens=[{"id": "c"} | ({"created": created} if created else {})])
    assert document.cens[0].overlapping_routing is overlapping


def test_what_was_left_out_still_counts_as_left_out() -> None:
    document = opened(data_centers=[{"id": "dc-1", "readvertises": "any"}])
    written = document.data_centers[0].model_fields_set
    assert "readvertises" in written
    assert "prefers" not in written


def test_names_carry_ids_and_what_an_element_is_about() -> None:
    tunnels = [{"customer_gateway": "cgw", "local_asn": "any"}] * 2
    peers = [
        {"peer": "vgw", "prepend": "any"},
        {"peer": "vbr", "prepend": "any"},
        {"peer": "vbr", "prepend": "any"},
    ]
    document = opened(
        vpcs=[
            {
                "id": "v",
                "routes": [{"destination": "10.9.0.0/16", "next_hop": "vgw", "publish_to_cen": "any"}],
            }
        ],
        vpn_gateways=[{"id": "vgw", "vpc": "v"}],
        customer_gateways=[{"id": "cgw", "data_center": "dc-1"}],
        ipsec_connections=[{"id": "vco", "vpn_gateway": "vgw", "tunnels": tunnels}],
        data_centers=[site(prefixes=[{"prefix": "10.1.0.0/16", "announced": "any"}], peers=peers)],
        virtual_border_routers=[{"id": "vbr", "attached_to": "v"}],
    )
    assert list(choices(document)) == [
        "vpcs.v.routes.10.9.0.0/16.publish_to_cen",
        "ipsec_connections.vco.tunnels.0.local_asn",
        "ipsec_connections.vco.tunnels.1.local_asn",
        "data_centers.dc-1.prefixes.10.1.0.0/16.announced",
        "data_centers.dc-1.peers.vgw.prepend",
        "data_centers.dc-1.peers.vbr.1.prepend",
        "data_centers.dc-1.peers.vbr.2.prepend",
    ]


def test_the_second_tunnel_is_the_slave() -> None:
    document = opened(
        vpcs=[{"id": "v"}],
        vpn_gateways=[{"id": "vgw", "vpc": "v"}],
        customer_gateways=[{"id": "cgw", "data_center": "dc-1"}],
        ipsec_connections=[{"id": "c", "vpn_gateway": "vgw", "tunnels": [{"customer_gateway": "cgw"}] * 2}],
        data_centers=[site()],
    )
    assert [tunnel.role for tunnel in document.ipsec_connections[0].tunnels] == ["master", "slave"]


def test_a_single_remaining_value_is_decided() -> None:
    document = opened(data_centers=[site(prefers={"one_of": ["external"]}, allowas_in={"between": [2, 2]})])
    assert (document.data_centers[0].prefers, document.data_centers[0].allowas_in) == ("external", 2)


def test_open_asns_have_the_constants_and_a_fresh_one_each() -> None:
    routers = [{"id": "a", "asn": "any"}, {"id": "b", "asn": "any"}, {"id": "c", "asn": 7}]
    values = choices(opened(data_centers=[site(routers=routers)]))["data_centers.dc-1.routers.a.asn"]
    assert {7, 45104} < set(values)
    assert len(set(values) - {7, 45104, 65001}) == 2
    assert 0 not in values


def test_an_asn_that_may_be_0_has_0_among_its_candidates() -> None:
    document = opened(data_centers=[site(routers=[{"id": "a", "asn": {"between": [0, 70000]}}])])
    assert 0 in choices(document)["data_centers.dc-1.routers.a.asn"]


def test_listed_asns_are_kept_and_known_to_the_others() -> None:
    routers = [{"id": "a", "asn": {"one_of": [9, "0.8"]}}, {"id": "b", "asn": "any"}]
    values = choices(opened(data_centers=[site(routers=routers)]))
    assert values["data_centers.dc-1.routers.a.asn"] == (8, 9)
    assert {8, 9} < set(values["data_centers.dc-1.routers.b.asn"])


def test_an_open_quota_has_every_limit_and_every_number_of_routes() -> None:
    gateway = {"id": "g", "vpc": "v", "bgp_route_quota": {"between": [1, 300]}}
    document = opened(
        vpcs=[{"id": "v"}], vpn_gateways=[gateway], data_centers=[site(prefixes=["10.0.0.0/8", "11.0.0.0/8"])]
    )
    values = choices(document)["vpn_gateways.g.bgp_route_quota"]
    assert values == (1, 2, 50, 51, 110, 111, 200, 201, 300)


Relation = Callable[[int, int], Any]
RANGES = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 9)).map(lambda r: (min(r), max(r))), min_size=1, max_size=3
)


def patterns(domains: list[list[int]], constants: set[int], relation: Relation) -> set[tuple[Any, ...]]:
    """How values of the domains can stand to each other and to the constants."""
    fixed = sorted(constants)
    return {
        tuple(relation(left, right) for left in values for right in (*values, *fixed))
        for values in product(*domains)
    }


@settings(derandomize=True, max_examples=150, deadline=None)
@given(RANGES, st.sets(st.integers(0, 9), max_size=3), st.booleans())
def test_candidates_lose_no_pattern(
    ranges: list[tuple[int, int]], constants: set[int], ordered: bool
) -> None:
    """Equality patterns for ASNs, orders with ties for preferences: the same as over the whole ranges."""
    relation: Relation = (lambda a, b: (a > b) - (a < b)) if ordered else (lambda a, b: a == b)
    kept = constants | set(fresh_values(ranges, constants, ordered=ordered))
    whole = [list(range(low, high + 1)) for low, high in ranges]
    few = [[value for value in domain if value in kept] for domain in whole]
    assert patterns(few, constants, relation) == patterns(whole, constants, relation)


CIRCUIT = {
    "vpcs": [{"id": "v"}],
    "data_centers": [site(routers=[{"id": "r", "asn": "any"}])],
    "cens": [{"id": "c", "attachments": ["v"]}],
    "virtual_border_routers": [{"id": "b", "attached_to": "c", "peers": [{"data_center": "dc-1"}]}],
}


def test_both_sides_of_an_attachment_agree() -> None:
    document = opened(**CIRCUIT)
    assert document.cens[0].attachments == ("v", "b")
    listed = opened(cens=[{"id": "c", "attachments": ["b"]}], virtual_border_routers=[{"id": "b"}])
    assert listed.virtual_border_routers[0].attached_to == "c"


def test_a_peer_has_the_asn_of_its_router_also_where_that_is_open() -> None:
    document = opened(**CIRCUIT)
    assert document.virtual_border_routers[0].peers[0].peer_asn == document.data_centers[0].routers[0].asn
    assert list(choices(document)) == ["data_centers.dc-1.routers.r.asn"]


def vbr_reading(document: Document) -> Any:
    return reading_term(document, "vbr_preserves_as_path", document.virtual_border_routers[0])


def circuit(vbr: dict[str, Any], **members: Any) -> Document:
    routers = [{**CIRCUIT["virtual_border_routers"][0], **vbr}]
    return opened(**{**CIRCUIT, "virtual_border_routers": routers, **members})


def test_a_reading_is_open_for_the_platform_and_for_each_vbr() -> None:
    document = opened(**CIRCUIT)
    assert reading_term(document, "conflict").name == "conflict"  # type: ignore[union-attr]  # open
    assert vbr_reading(document).name == "vbr_preserves_as_path@b"
    assert document.virtual_border_routers[0].as_path_preserved == vbr_reading(document)


def test_the_object_counts_before_the_assumption_and_that_before_the_platform() -> None:
    platform = {"assume": {"vbr_preserves_as_path": False}}
    one = {"assume": {"vbr_preserves_as_path": False, "vbr_preserves_as_path@b": True}}
    assert vbr_reading(circuit({}, **platform)) is False
    assert vbr_reading(circuit({"as_path_preserved": "any"}, **platform)) is False
    assert vbr_reading(circuit({}, **one)) is True
    assert vbr_reading(circuit({"as_path_preserved": True}, **platform)) is True
    assert vbr_reading(circuit({"readings": {"vbr_preserves_as_path": True}}, **platform)) is True


def test_an_object_may_have_a_reading_of_its_own() -> None:
    document = opened(vpcs=[{"id": "v", "readings": {"vpc_prefers": "any"}}, {"id": "w"}])
    names = [reading_term(document, "vpc_prefers", vpc).name for vpc in document.vpcs]  # type: ignore[union-attr]  # open
    assert names == ["vpc_prefers@v", "vpc_prefers"]


def test_an_assumption_may_leave_some_values() -> None:
    document = opened(assume={"gateway_prefers": {"one_of": ["as_path", "cloud"]}})
    term = reading_term(document, "gateway_prefers")
    assert term == Choice("gateway_prefers", Role.READING, ("cloud", "as_path"), "cloud")


def test_further_assumptions_pin_readings_open_values_and_failures() -> None:
    document = with_assumptions(
        opened(**CIRCUIT),
        {
            "conflict": "overlapping",
            "vbr_preserves_as_path@b": False,
            "data_centers.dc-1.routers.r.asn": 45104,
            "max_failures": 2,
        },
    )
    assert reading_term(document, "conflict") == "overlapping"
    assert vbr_reading(document) is False
    assert document.virtual_border_routers[0].peers[0].peer_asn == 45104
    assert document.environment.max_failures == 2
    assert all_choices(document) == ()


@pytest.mark.parametrize(
    "wrong", [{"conflicts": "identical"}, {"conflict": "same"}, {"conflict": True}, {"max_failures": -1}]
)
def test_an_assumption_about_nothing_or_with_a_wrong_value_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Misfit):
        with_assumptions(opened(**CIRCUIT), wrong)


def test_open_failures_are_the_most_and_open_withdrawals_happen() -> None:
    document = opened(
        environment={"max_failures": {"between": [0, 2]}, "withdrawals": "any", "may_fail": "any"}
    )
    assert document.environment.max_failures == 2
    assert document.environment.withdrawals is True
    assert document.environment.may_fail == FAILURE_KINDS
