"""Intended traffic arrives, forbidden traffic does not, and what ends a packet is named; facts in pairs."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from verify.check import CheckOptions, check
from verify.load import load
from verify.verdict import PropertyResult, Verdict

Json = dict[str, Any]
Edit = Callable[[Json], object]


def design() -> Json:
    """One site, one dual-tunnel connection, one VPC with a second table: everything arrives."""
    tunnels = [
        {"customer_gateway": "cgw", "tunnel_cidr": f"169.254.1{n}.0/30", "local_bgp_ip": f"169.254.1{n}.1"}
        for n in (1, 2)
    ]
    return {
        "vpcs": [{"id": "vpc", "vswitches": [{"id": "vsw", "cidr": "172.16.0.0/24"}]}],
        "vpn_gateways": [{"id": "vgw", "vpc": "vpc", "auto_advertise": True}],
        "customer_gateways": [{"id": "cgw", "asn": 65001, "data_center": "dc"}],
        "ipsec_connections": [{"id": "vco", "vpn_gateway": "vgw", "bgp_enabled": True, "tunnels": tunnels}],
        "data_centers": [{"id": "dc", "prefixes": ["10.0.0.0/16"]}],
    }


def asked(document: Json, property_id: str = "no-ineffective-routes") -> PropertyResult:
    loaded = load("design.json", json.dumps(document))
    (result,) = check(loaded, CheckOptions(properties=(property_id,))).properties
    return result


def reason(document: Json) -> str:
    result = asked(document)
    assert result.verdict in (Verdict.VIOLATED, Verdict.CONDITIONAL)
    assert result.counterexample is not None
    assert result.counterexample.replayed
    return result.counterexample.undelivered["reason"]


def test_everything_arrives_over_one_connection() -> None:
    assert asked(design()).verdict is Verdict.PROVED


BREAKS: tuple[tuple[str, Edit], ...] = (
    ("auto-advertise-off", lambda d: d["vpn_gateways"][0].update(auto_advertise=False)),
    ("no-bgp-session", lambda d: d["vpn_gateways"][0].update(bgp_supported=False)),
    ("no-bgp-session", lambda d: d["customer_gateways"][0].pop("asn")),
    ("default-route", lambda d: d["data_centers"][0].update(prefixes=["0.0.0.0/0"])),
    ("captured", lambda d: d["data_centers"][0].update(prefixes=["100.64.1.0/24"])),
    ("captured", lambda d: d["data_centers"][0].update(prefixes=["172.16.0.0/25"])),
    ("over-quota", lambda d: d["vpn_gateways"][0].update(bgp_route_quota=0)),
    ("export-filter", lambda d: d["data_centers"][0].update(peers=[{"peer": "vgw", "export": []}])),
    ("import-filter", lambda d: d["data_centers"][0].update(peers=[{"peer": "vgw", "import": []}])),
    ("own-asn", lambda d: [t.update(local_asn=65001) for t in d["ipsec_connections"][0]["tunnels"]]),
    (
        "black-hole",
        lambda d: d["vpcs"][0].update(routes=[{"destination": "10.0.0.0/16", "next_hop": "blackhole"}]),
    ),
    (
        "black-hole",
        lambda d: d["data_centers"][0].update(
            static_routes=[{"destination": "172.16.0.0/24", "next_hop": "discard"}]
        ),
    ),
    ("failed", lambda d: d.update(environment={"max_failures": 1})),
)


@pytest.mark.parametrize(("expected", "edit"), BREAKS, ids=[f"{n}-{b[0]}" for n, b in enumerate(BREAKS)])
def test_what_ends_a_packet_is_named(expected: str, edit: Edit) -> None:
    document = design()
    edit(document)
    assert reason(document) == expected


def test_a_vswitch_on_a_custom_table_does_not_reach_the_site() -> None:
    document = design()
    document["vpcs"][0]["custom_route_tables"] = [{"id": "rtb"}]
    document["vpcs"][0]["vswitches"][0]["route_table"] = "rtb"
    assert reason(document) == "custom-table"


def test_a_custom_entry_to_the_gateway_brings_it_there() -> None:
    document = design()
    document["vpcs"][0]["custom_route_tables"] = [{"id": "rtb"}]
    document["vpcs"][0]["vswitches"][0]["route_table"] = "rtb"
    entry = {"route_table": "rtb", "destination": "10.0.0.0/8", "next_hop": "vgw"}
    document["vpcs"][0]["routes"] = [entry]
    assert asked(document).verdict is Verdict.PROVED


def test_one_failure_of_a_tunnel_alone_does_no_harm() -> None:
    document = design()
    document["environment"] = {"max_failures": 1, "may_fail": ["tunnel"]}
    assert asked(document).verdict is Verdict.PROVED


def test_two_failures_of_tunnels_do() -> None:
    document = design()
    document["environment"] = {"max_failures": 2, "may_fail": ["tunnel"]}
    result = asked(document)
    assert result.verdict is Verdict.VIOLATED
    assert result.counterexample is not None
    assert len(result.counterexample.failures) == 2


def two_sites() -> Json:
    document = design()
    document["data_centers"].append({"id": "far", "prefixes": ["10.1.0.0/16"]})
    document["customer_gateways"].append({"id": "cgw-2", "asn": 65002, "data_center": "far"})
    tunnel = {
        "customer_gateway": "cgw-2",
        "tunnel_cidr": "169.254.20.0/30",
        "local_bgp_ip": "169.254.20.1",
    }
    document["ipsec_connections"].append(
        {"id": "vco-2", "vpn_gateway": "vgw", "bgp_enabled": True, "tunnels": [tunnel]}
    )
    document["intents"] = [{"from": "dc", "to": "far", "allowed": False}]
    return document


def test_a_gateway_keeps_its_sites_apart() -> None:
    assert asked(two_sites(), "isolation").verdict is Verdict.PROVED


def test_a_session_between_the_sites_joins_them() -> None:
    document = two_sites()
    document["data_centers"][0]["peers"] = [{"peer": "far"}]
    result = asked(document, "isolation")
    assert result.verdict is Verdict.VIOLATED
    assert result.counterexample is not None
    assert result.counterexample.delivered["path"] == "dc > far"


def test_traffic_between_sites_of_one_gateway_does_not_arrive() -> None:
    document = two_sites()
    document["intents"] = [{"from": "dc", "to": "far"}]
    assert asked(document).verdict is Verdict.VIOLATED


def test_an_allowed_flow_is_not_an_isolation_matter() -> None:
    document = two_sites()
    document["intents"] = [{"from": "dc", "to": "vsw"}]
    assert asked(document, "isolation").verdict is Verdict.VACUOUS
    assert asked(document).verdict is Verdict.PROVED


def test_an_open_intent_counts_for_both() -> None:
    document = two_sites()
    document["intents"] = [{"from": "dc", "to": "vsw", "allowed": "any"}]
    assert asked(document, "isolation").verdict is Verdict.VIOLATED
    assert asked(document).verdict is Verdict.PROVED
