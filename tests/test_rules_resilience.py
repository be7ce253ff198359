"""Several ways between sites and cloud: R12 to R17, P01, P03, P04."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rule_documents import (
    cen,
    connection,
    customer,
    document,
    gateway,
    result,
    rule,
    site,
    status,
    two_gateways,
    vbr,
    vpc,
    warned,
)
from verify.models.scenario import Document
from verify.verdict import Verdict


def two_sites(first: dict[str, Any] | None = None, second: dict[str, Any] | None = None) -> Document:
    return document(
        customer_gateways=[customer(), customer("cgw-2", "dc-2", 65002)],
        ipsec_connections=[connection(), connection("vco-2", to="cgw-2", block=20)],
        data_centers=[site(**(first or {})), site("dc-2", ("10.2.0.0/16",), **(second or {}))],
    )


PEERED = {"peers": [{"peer": "dc-2"}]}


def test_r12_separate_sites_keep_it() -> None:
    assert status(two_sites(second={"readvertises": True}), "R12") == "kept"


def test_r12_a_site_that_passes_on_the_other_breaks_it() -> None:
    broken = rule(two_sites(PEERED, {"readvertises": True}), "R12")
    assert (broken.status, broken.objects) == ("broken", ("vgw-1", "dc-1", "dc-2"))


@pytest.mark.parametrize("value", [False, "any"])
def test_r12_follows_what_is_written(value: Any) -> None:
    checked = rule(two_sites(PEERED, {"readvertises": value}), "R12")
    assert checked.status == ("open" if value == "any" else "kept")


def test_r12_is_kept_where_nothing_is_written() -> None:
    assert status(two_sites(PEERED), "R12") == "kept"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"peers": [{"peer": "dc-2", "export": ["10.99.0.0/16"]}]}, {}),
        (PEERED, {"peers": [{"peer": "dc-1", "import": ["10.99.0.0/16"]}]}),
        (PEERED, {"peers": [{"peer": "vgw-1", "export": ["10.2.0.0/16"]}]}),
    ],
)
def test_r12_is_kept_by_a_filter_on_the_way(first: dict[str, Any], second: dict[str, Any]) -> None:
    assert status(two_sites(first, {"readvertises": True, **second}), "R12") == "kept"


def test_r12_does_not_apply_to_one_site() -> None:
    one = document(ipsec_connections=[connection(), connection("vco-2", block=20)])
    assert status(one, "R12") == "not-applicable"


def gateways_as_peers(of: str) -> Document:
    far = {"id": "cgw-2", "asn": 65009, "vpn_gateway": "vgw-2"}
    return document(
        vpcs=[vpc(), vpc("vpc-2", "172.17.0.0/24")],
        vpn_gateways=[gateway(), gateway("vgw-2", of)],
        customer_gateways=[customer(), far],
        ipsec_connections=[connection(), connection("vco-2", to="cgw-2", block=20)],
    )


def test_r13a_gateways_of_one_vpc_are_no_peers() -> None:
    assert status(gateways_as_peers("vpc-1"), "R13a") == "broken"
    assert status(gateways_as_peers("vpc-2"), "R13a") == "kept"
    assert status(two_gateways(), "R13a") == "kept"
    assert status(document(), "R13a") == "not-applicable"


@pytest.mark.parametrize(("value", "expected"), [(True, "broken"), (False, "kept"), ("any", "open")])
def test_r13b_a_site_that_passes_routes_on_breaks_it(value: Any, expected: str) -> None:
    assert status(two_gateways(data_centers=[site(readvertises=value)]), "R13b") == expected


def test_r13b_is_kept_where_nothing_is_written() -> None:
    assert status(two_gateways(), "R13b") == "kept"
    assert result(two_gateways()).verdict is Verdict.PROVED


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ([{"peer": "vgw-1", "export": ["10.0.0.0/8"]}, {"peer": "vgw-2", "export": ["10.0.0.0/8"]}], "kept"),
        ([{"peer": "vgw-1", "export": ["10.0.0.0/8"]}], "broken"),
        ([{"peer": name, "export": ["172.16.0.0/12"]} for name in ("vgw-1", "vgw-2")], "broken"),
        ([{"peer": name, "import": ["192.168.0.0/16"]} for name in ("vgw-1", "vgw-2")], "kept"),
    ],
)
def test_r13b_looks_at_the_filters(filters: list[dict[str, Any]], expected: str) -> None:
    assert status(two_gateways(data_centers=[site(readvertises=True, peers=filters)]), "R13b") == expected


def circuit_and_vpn(asn: Any = 65001, to: str = "cen-1", **fields: Any) -> Document:
    peers = ({"data_center": "dc-1", "peer_asn": asn},)
    return document(virtual_border_routers=[vbr(to=to, peers=peers)], **{"cens": [cen()]} | fields)


@pytest.mark.parametrize(("asn", "expected"), [(65001, "kept"), (65002, "broken"), ("any", "open")])
@pytest.mark.parametrize("to", ["cen-1", "vpc-1"])
def test_r15_wants_one_asn_of_the_site(asn: Any, expected: str, to: str) -> None:
    assert status(circuit_and_vpn(asn, to), "R15") == expected


def test_r15_does_not_apply_to_another_vpc() -> None:
    vpcs = [vpc(), vpc("vpc-2", "172.17.0.0/24")]
    apart = circuit_and_vpn(65002, vpcs=vpcs, cens=[cen(attachments=("vpc-2",))])
    assert status(apart, "R15") == "not-applicable"


def test_r15_takes_the_asn_of_the_router() -> None:
    routed = document(
        data_centers=[site(routers=[{"id": "r1", "asn": 65003}])],
        virtual_border_routers=[vbr(to="vpc-1", peers=({"data_center": "dc-1", "router": "r1"},))],
    )
    assert status(routed, "R15") == "broken"


def test_r15_can_be_mended_on_either_side() -> None:
    assert [[(r.set, r.to) for r in remedies] for remedies in result(circuit_and_vpn(65002)).proved_if] == [
        [("virtual_border_routers.vbr-1.peers.dc-1.peer_asn", 65001)],
        [("customer_gateways.cgw-1.asn", 65002)],
        [("ipsec_connections.vco-1.bgp_enabled", False)],
    ]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"created": "2019-03-01"}, "broken"),
        ({"created": "2019-03-02"}, "kept"),
        ({"created": "2019-03-01", "overlapping_routing": True}, "kept"),
        ({"created": "2019-03-02", "overlapping_routing": False}, "broken"),
        ({}, "kept"),
        ({"overlapping_routing": "any"}, "open"),
    ],
)
def test_r16_wants_overlapping_routing(fields: dict[str, Any], expected: str) -> None:
    checked = document(cens=[cen(**fields)])
    assert (status(checked, "R16"), status(checked, "R16d")) == (expected, "kept")


def test_r16_does_not_apply_to_other_cens() -> None:
    other = document(vpcs=[vpc(), vpc("vpc-2", "172.17.0.0/24")], cens=[cen(attachments=("vpc-2",))])
    assert status(other, "R16") == "not-applicable"


def two_vpcs(end: dict[str, Any], prefixes: tuple[Any, ...] = ("10.2.0.0/16",), bgp: Any = True) -> Document:
    return document(
        vpcs=[vpc(), vpc("vpc-2", "172.17.0.0/24")],
        vpn_gateways=[gateway(), gateway("vgw-2", "vpc-2")],
        customer_gateways=[customer(), end],
        ipsec_connections=[connection(), connection("vco-2", "vgw-2", "cgw-2", 20, bgp_enabled=bgp)],
        data_centers=[site(), site("dc-2", prefixes)],
        cens=[cen(attachments=("vpc-1", "vpc-2"))],
    )


def test_r17_two_vpcs_with_bgp_to_one_site_break_it() -> None:
    broken = rule(two_vpcs(customer("cgw-2")), "R17")
    assert (broken.status, broken.objects) == ("broken", ("cen-1", "vpc-1", "vpc-2"))


def test_r17_counts_sites_with_overlapping_prefixes_as_one() -> None:
    elsewhere = customer("cgw-2", "dc-2", 65002)
    assert status(two_vpcs(elsewhere, ("10.0.7.0/24",)), "R17") == "broken"
    assert status(two_vpcs(elsewhere), "R17") == "kept"
    assert status(two_vpcs(elsewhere, ({"within": "10.0.0.0/8", "length": [24, 24]},)), "R17") == "open"


@pytest.mark.parametrize(("bgp", "expected"), [(False, "kept"), ("any", "open")])
def test_r17_with_bgp_in_one_vpc_is_a_warning(bgp: Any, expected: str) -> None:
    checked = two_vpcs(customer("cgw-2"), bgp=bgp)
    assert (status(checked, "R17"), warned(checked, "R17")) == (expected, True)


def test_r17_does_not_apply_to_a_cen_with_one_vpc() -> None:
    assert status(document(cens=[cen()]), "R17") == "not-applicable"


def test_p01_warns_where_bgp_meets_a_cen() -> None:
    assert status(document(cens=[cen()]), "P01") == "broken"
    off = document(cens=[cen()], vpn_gateways=[gateway(auto_advertise=False)])
    assert status(off, "P01") == "kept"
    assert status(document(), "P01") == "not-applicable"
    assert result(document(cens=[cen()])).verdict is Verdict.PROVED


def joined(rejects: bool, peers: list[dict[str, Any]], **fields: Any) -> Document:
    second = ({"data_center": "dc-2", "peer_asn": 65002},)
    return document(
        vpn_gateways=[], ipsec_connections=[], customer_gateways=[],
        data_centers=[site(peers=peers), site("dc-2", ("10.2.0.0/16",))],
        virtual_border_routers=[vbr(**fields), vbr("vbr-2", peers=second, **fields)],
        cens=[cen(rejects_hybrid_exchange=rejects)],
    )


def test_p03_depends_on_the_as_path() -> None:
    assert status(joined(False, [{"peer": "dc-2"}]), "P03") == "open"
    assert status(joined(False, [{"peer": "dc-2"}], as_path_preserved=True), "P03") == "kept"
    assert status(joined(False, [{"peer": "dc-2"}], as_path_preserved=False), "P03") == "broken"


def test_p03_needs_bgp_between_the_sites_and_an_exchange() -> None:
    assert status(joined(False, []), "P03") == "not-applicable"
    assert status(joined(True, [{"peer": "dc-2"}], as_path_preserved=False), "P03") == "kept"


@pytest.mark.parametrize(("rejects", "expected"), [(True, "kept"), (False, "broken"), ("any", "open")])
def test_p04_keeps_vpn_and_circuit_of_a_site_apart(rejects: Any, expected: str) -> None:
    assert status(circuit_and_vpn(cens=[cen(rejects_hybrid_exchange=rejects)]), "P04") == expected


def test_p04_keeps_two_circuits_of_a_site_apart() -> None:
    twice = document(
        vpn_gateways=[], ipsec_connections=[], customer_gateways=[],
        virtual_border_routers=[vbr(), vbr("vbr-2")],
        cens=[cen(rejects_hybrid_exchange=False)],
    )
    assert rule(twice, "P04").objects == ("cen-1", "dc-1", "vbr-1", "vbr-2")
    assert status(twice, "P04") == "broken"


def test_p04_lets_different_sites_exchange_routes() -> None:
    assert status(joined(False, []), "P04") == "not-applicable"
