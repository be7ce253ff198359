"""ASNs: R11, R14, R20, R20r, R21, R23, P06, P08."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rule_documents import (
    connection,
    customer,
    document,
    gateway,
    result,
    rule,
    site,
    status,
    tunnel,
    two_gateway_parts,
    two_gateways,
    vbr,
    vpc,
)
from verify.models.scenario import Document
from verify.verdict import Verdict


def two_connections(asn: Any, **fields: Any) -> Document:
    second = connection("vco-2", to="cgw-2", block=20, asn=asn, **fields)
    return document(
        customer_gateways=[customer(), customer("cgw-2", "dc-2", 65002)],
        ipsec_connections=[connection(asn=65500), second],
        data_centers=[site(), site("dc-2", ("10.2.0.0/16",))],
    )


def test_r11_equal_local_asns_keep_it() -> None:
    assert status(two_connections(65500), "R11") == "kept"


def test_r11_different_local_asns_break_it() -> None:
    broken = rule(two_connections(65501), "R11")
    assert (broken.status, broken.objects) == ("broken", ("vgw-1", "vco-1", "vco-2"))


def test_r11_does_not_compare_a_connection_without_bgp() -> None:
    assert status(two_connections(65501, bgp_enabled=False), "R11") == "not-applicable"


def test_r11_does_not_compare_two_gateways() -> None:
    apart = two_gateways(vpcs=[vpc(), vpc("vpc-2", "172.17.0.0/24")])
    assert status(apart, "R11") == "not-applicable"


def test_r11_with_an_open_asn_names_one_that_breaks_it() -> None:
    maybe = rule(two_connections({"one_of": [65500, 65501]}), "R11")
    assert maybe.status == "open"
    assert 65501 in maybe.breaks_when.values()
    assert len(maybe.breaks_when) == 1


def test_r11_remedies_are_the_smallest_changes() -> None:
    """Either connection gets the ASN of the other, in both tunnels."""
    found = [[(r.set, r.to) for r in each] for each in result(two_connections(65501)).proved_if]
    for number, asn in ((1, 65501), (2, 65500)):
        places = [f"ipsec_connections.vco-{number}.tunnels.{index}.local_asn" for index in (0, 1)]
        assert [(place, asn) for place in places] in found
    assert all(len(each) in (1, 2, 4) for each in found)
    assert {r.who for each in result(two_connections(65501)).proved_if for r in each} == {"change"}


def shared_customer(asn: Any, end: dict[str, Any] | None = None) -> Document:
    name = "cgw-1" if end is None else end["id"]
    second = connection("vco-2", "vgw-2", name, block=20, asn=asn)
    return document(
        **two_gateway_parts()
        | {
            "customer_gateways": [customer(ip_address="203.0.113.1"), *([end] if end else [])],
            "ipsec_connections": [connection(), second],
        }
    )


def test_r14_equal_local_asns_keep_it() -> None:
    assert status(shared_customer(45104), "R14") == "kept"


def test_r14_different_local_asns_break_it() -> None:
    broken = rule(shared_customer(45105), "R14")
    assert broken.status == "broken"
    assert broken.objects == ("vgw-1", "vgw-2", "vco-1", "vco-2")


def test_r14_takes_the_same_address_and_asn_for_the_same_customer_gateway() -> None:
    assert status(shared_customer(45105, customer("cgw-2", ip_address="203.0.113.1")), "R14") == "broken"


@pytest.mark.parametrize(
    "fields", [{"ip_address": "203.0.113.2"}, {"ip_address": "203.0.113.1", "asn": 65002}]
)
def test_r14_does_not_apply_to_different_customer_gateways(fields: dict[str, Any]) -> None:
    assert status(shared_customer(45105, customer("cgw-2", **fields)), "R14") == "not-applicable"


def test_r14_does_not_apply_across_vpcs() -> None:
    apart = document(
        vpcs=[vpc(), vpc("vpc-2", "172.17.0.0/24")],
        vpn_gateways=[gateway(), gateway("vgw-2", "vpc-2")],
        ipsec_connections=[connection(), connection("vco-2", "vgw-2", block=20, asn=45105)],
    )
    assert status(apart, "R14") == "not-applicable"


def test_r14_with_open_asns_depends_on_them() -> None:
    maybe = rule(shared_customer("any"), "R14")
    assert maybe.status == "open"
    assert len(maybe.breaks_when) == 1
    assert result(shared_customer("any")).verdict is Verdict.VIOLATED


def tunnels(first: dict[str, Any], second: dict[str, Any]) -> Document:
    return document(
        customer_gateways=[customer(), customer("cgw-2", asn=65002)],
        ipsec_connections=[connection(tunnels=[tunnel(10, **first), tunnel(11, **second)])],
    )


@pytest.mark.parametrize(("asn", "expected"), [(45104, "kept"), (45105, "broken"), ("any", "open")])
def test_r20_compares_the_tunnels(asn: Any, expected: str) -> None:
    assert status(tunnels({}, {"local_asn": asn}), "R20") == expected


def test_r20_does_not_apply_to_one_tunnel() -> None:
    single = document(ipsec_connections=[connection(tunnels=[tunnel(10)])])
    assert status(single, "R20") == "not-applicable"


@pytest.mark.parametrize(("end", "expected"), [("cgw-1", "kept"), ("cgw-2", "broken")])
def test_r20r_compares_the_peers(end: str, expected: str) -> None:
    checked = tunnels({}, {"to": end})
    assert status(checked, "R20r") == expected
    assert result(checked).verdict is Verdict.PROVED


@pytest.mark.parametrize(
    ("asn", "expected"),
    [(0, "broken"), (1, "kept"), (4294967295, "kept"), ("1.5", "kept"), ("0.0", "broken")],
)
def test_r23_bounds_the_local_asn(asn: Any, expected: str) -> None:
    assert status(document(ipsec_connections=[connection(asn=asn)]), "R23") == expected


def test_r23_reads_asdot() -> None:
    read = document(ipsec_connections=[connection(asn="1.5")])
    assert read.ipsec_connections[0].tunnels[0].local_asn == 65541


def test_r23_covers_every_value_that_an_open_asn_permits() -> None:
    assert status(document(ipsec_connections=[connection(asn="any")]), "R23") == "kept"
    maybe = rule(document(ipsec_connections=[connection(asn={"between": [0, 5]})]), "R23")
    assert (maybe.status, list(maybe.breaks_when.values())) == ("open", [0])


@pytest.mark.parametrize(("asn", "expected"), [(65001, "kept"), (None, "broken"), (1, "kept")])
def test_r21_needs_an_asn(asn: int | None, expected: str) -> None:
    assert status(document(customer_gateways=[customer(asn=asn)]), "R21") == expected


def test_r21_leaves_unused_customer_gateways_alone() -> None:
    spare = document(customer_gateways=[customer(), customer("cgw-2", asn=None)])
    assert rule(spare, "R21").objects == ("cgw-1", "vco-1")


def test_r21_proposes_the_asn_of_the_only_router() -> None:
    known = document(
        customer_gateways=[customer(asn=None)], data_centers=[site(routers=[{"id": "r1", "asn": 65007}])]
    )
    assert [(r.set, r.to) for r in result(known).proved_if[0]] == [("customer_gateways.cgw-1.asn", 65007)]


@pytest.mark.parametrize(
    ("asn", "expected"),
    [
        (0, "broken"), (1, "kept"), (45103, "kept"),
        (45104, "broken"), ("0.45104", "broken"), (4294967295, "kept"),
    ],
)
def test_p06_bounds_and_reserves_asns(asn: Any, expected: str) -> None:
    assert status(document(customer_gateways=[customer(asn=asn)]), "P06") == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("100.64.0.0", "broken"), ("100.63.255.255", "kept"), ("100.127.255.255", "broken"),
        ("100.128.0.0", "kept"), ("127.0.0.1", "broken"), ("169.254.0.1", "broken"),
        ("223.255.255.255", "kept"), ("224.0.0.0", "broken"), ("239.255.255.255", "broken"),
        ("240.0.0.0", "kept"), ("255.0.0.0", "broken"), ("203.0.113.1", "kept"),
    ],
)
def test_p06_forbids_address_ranges(address: str, expected: str) -> None:
    assert status(document(customer_gateways=[customer(ip_address=address)]), "P06") == expected


def test_p08_warns_of_equal_asns() -> None:
    equal = document(ipsec_connections=[connection(asn=65001)])
    assert status(document(), "P08") == "kept"
    assert status(equal, "P08") == "broken"
    assert result(equal).verdict is Verdict.PROVED


def test_p08_looks_at_circuits_too() -> None:
    internal = document(virtual_border_routers=[vbr(to="vpc-1", local_asn=65001)])
    assert rule(internal, "P08").objects == ("vbr-1", "dc-1")
