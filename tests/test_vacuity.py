"""A proof comes with a run that it covers; where there is none, the verdict says why instead."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from verify import carrying, looping
from verify.check import CheckOptions, check
from verify.load import load
from verify.models.condition import all_of
from verify.models.network import Network
from verify.models.routing import networks
from verify.problems import address_problems
from verify.render.json import result_document
from verify.render.layout import Page
from verify.render.text import Detail, render_result
from verify.schema import result_schema
from verify.solve import Backend
from verify.vacuity import Search, Witness
from verify.verdict import Example, PropertyResult, Result, Verdict

Json = dict[str, Any]
LOOPS, FLAPS = "no-routing-loops", "no-route-flapping"
TRAFFIC, ISOLATION = "no-ineffective-routes", "isolation"


def design(**more: Any) -> Json:
    """One site, one tunnel with BGP, one VPC."""
    tunnel = {"customer_gateway": "cgw", "tunnel_cidr": "169.254.10.0/30", "local_bgp_ip": "169.254.10.1"}
    written = {
        "vpcs": [{"id": "vpc", "vswitches": [{"id": "vsw", "cidr": "172.16.0.0/24"}]}],
        "vpn_gateways": [{"id": "vgw", "vpc": "vpc", "auto_advertise": True}],
        "customer_gateways": [{"id": "cgw", "asn": 65001, "data_center": "dc"}],
        "ipsec_connections": [{"id": "vco", "vpn_gateway": "vgw", "bgp_enabled": True, "tunnels": [tunnel]}],
        "data_centers": [{"id": "dc", "prefixes": ["10.0.0.0/16"]}],
    }
    return written | more


def checked(document: Json, property_id: str) -> Result:
    options = CheckOptions(properties=(property_id,), remedies=False)
    return check(load("design.json", json.dumps(document)), options)


def asked(document: Json, property_id: str) -> PropertyResult:
    (result,) = checked(document, property_id).properties
    return result


def example(document: Json, property_id: str) -> Example:
    result = asked(document, property_id)
    assert result.verdict is Verdict.PROVED, result.summary
    assert result.example is not None
    return result.example


def why_vacuous(document: Json, property_id: str) -> str:
    result = asked(document, property_id)
    assert result.verdict is Verdict.VACUOUS
    assert result.example is None
    return result.summary


# --- the example ------------------------------------------------------------


@pytest.mark.parametrize("property_id", [LOOPS, FLAPS, TRAFFIC])
def test_a_proof_has_an_example_that_carries_a_route(property_id: str) -> None:
    found = example(design(), property_id)
    assert any(row.source in ("VPN_BGP", "CLOUD", "bgp") and row.state == "selected" for row in found.routes)
    assert not found.failures
    assert not found.withdrawn


def test_the_example_of_delivery_is_a_packet_that_arrives() -> None:
    packet = example(design(), TRAFFIC).packet
    assert packet in (
        {"from": "vsw", "to": "10.0.0.0/16", "path": "vpc > vgw > dc"},
        {"from": "dc", "to": "172.16.0.0/24", "path": "dc > vgw > vpc"},
    )


def test_the_example_of_isolation_is_a_packet_that_is_kept_out() -> None:
    far = {"id": "far", "prefixes": ["10.1.0.0/16"]}
    document = design(intents=[{"from": "dc", "to": "far", "allowed": False}])
    document["data_centers"].append(far)
    packet = example(document, ISOLATION).packet
    assert packet["from"] == "dc"
    assert packet["to"] == "10.1.0.0/16"
    assert packet["reason"]


def test_the_example_says_what_it_makes_of_open_values() -> None:
    document = design()
    document["vpn_gateways"][0]["auto_advertise"] = "any"
    found = example(document, FLAPS)
    assert set(found.configuration) >= {"vpn_gateways.vgw.auto_advertise"}
    assert any(row.table == "vgw" for row in found.routes)


def test_where_neither_ends_of_open_values_carry_a_route_a_solver_finds_one() -> None:
    """Equal ASNs refuse every route, and both the default values and the last ones are equal."""
    document = design()
    document["vpn_gateways"][0]["auto_advertise"] = False
    document["customer_gateways"][0]["asn"] = {"one_of": [45104, 65002]}
    document["ipsec_connections"][0]["tunnels"][0]["local_asn"] = {"one_of": [45104, 65002]}
    found = example(document, FLAPS)
    assert len(set(found.configuration.values())) == 2


def test_an_open_announcement_has_concrete_prefixes_in_the_example() -> None:
    document = design()
    document["data_centers"][0]["prefixes"] = [{"within": "10.0.0.0/8", "length": [16, 24], "count": [1, 2]}]
    found = example(document, TRAFFIC)
    assert "data_centers.dc.prefixes.10.0.0.0/8" in found.configuration


# --- the reasons ------------------------------------------------------------


def test_without_any_route_there_is_nothing_to_hold_over() -> None:
    assert why_vacuous({"data_centers": [{"id": "dc"}]}, LOOPS) == "no table ever holds a route"
    assert why_vacuous({"data_centers": [{"id": "dc"}]}, FLAPS) == "no table ever holds a route"


def test_without_a_session_no_route_is_carried() -> None:
    document = design()
    document["vpn_gateways"][0]["auto_advertise"] = False
    document["ipsec_connections"][0]["bgp_enabled"] = False
    assert "no table ever learns a route" in why_vacuous(document, FLAPS)


def test_with_a_session_one_is() -> None:
    document = design()
    document["vpn_gateways"][0]["auto_advertise"] = False
    assert asked(document, FLAPS).verdict is Verdict.PROVED


def test_without_a_way_from_table_to_table_no_packet_is_carried() -> None:
    apart = {key: design()[key] for key in ("vpcs", "data_centers")}
    assert why_vacuous(apart, LOOPS) == "no table ever sends a packet to another"


def test_static_routes_carry_packets_without_any_session() -> None:
    document = design()
    document["vpn_gateways"][0]["auto_advertise"] = False
    document["ipsec_connections"][0]["bgp_enabled"] = False
    document["vpcs"][0]["routes"] = [{"destination": "10.0.0.0/16", "next_hop": "vgw"}]
    assert example(document, LOOPS).packet["path"]


def test_a_session_that_refuses_every_route_carries_none() -> None:
    document = design()
    document["vpn_gateways"][0]["auto_advertise"] = False
    document["customer_gateways"][0]["asn"] = 45104
    assert "no table ever learns a route" in why_vacuous(document, FLAPS)


def test_without_traffic_nothing_can_fail_to_arrive() -> None:
    document = design()
    document["data_centers"][0]["prefixes"] = [{"prefix": "10.0.0.0/16", "announced": False}]
    assert why_vacuous(document, TRAFFIC) == "there is no traffic that is meant to arrive"
    assert why_vacuous(document, ISOLATION) == "there is no traffic that is forbidden"


def test_without_a_stable_state_nothing_is_said_by_what_holds_in_all() -> None:
    paths = {"1": ["1 2 0", "1 0"], "2": ["2 3 0", "2 0"], "3": ["3 1 0", "3 0"]}
    assert "a stable state" in why_vacuous({"gadget": paths}, LOOPS)


def test_an_open_announcement_that_nothing_satisfies_leaves_nothing() -> None:
    document = design()
    document["data_centers"][0]["prefixes"] = [{"within": "10.0.0.0/23", "length": [24, 24], "count": [3, 3]}]
    for property_id in (LOOPS, FLAPS, TRAFFIC):
        assert "only 2 prefixes" in why_vacuous(document, property_id)


def search(network: Network) -> Search:
    backend = Backend()
    runs = [(looping.inquire(p, backend), carrying.forwarding(p)) for p in address_problems(network)]
    return Search(LOOPS, runs, backend)


def with_open_asn(*contradictory: int) -> Network:
    document = design()
    name = "ipsec_connections.vco.tunnels.0.local_asn"
    document["ipsec_connections"][0]["tunnels"][0]["local_asn"] = {"one_of": [45104, 45105, 45106]}
    (network,) = networks(load("design.json", json.dumps(document)).document)
    values = [network.choices[name].equals(value) for value in contradictory]
    return network.constrained((all_of(values),)) if values else network


def test_assumptions_that_contradict_each_other_leave_nothing() -> None:
    found = search(with_open_asn(45104, 45105)).found()
    assert found == (
        "the assumptions contradict each other: nothing fits ipsec_connections.vco.tunnels.0.local_asn"
    )


def test_assumptions_that_fit_leave_what_fits() -> None:
    found = search(with_open_asn(45105)).found()
    assert isinstance(found, Witness)
    assert found.configuration["ipsec_connections.vco.tunnels.0.local_asn"] == 45105


def test_one_structure_without_any_configuration_does_no_harm_beside_one_with_some() -> None:
    good, bad = search(with_open_asn()), search(with_open_asn(45104, 45105))
    for _, run in bad.runs:
        object.__setattr__(run.problem.network, "variant", "another structure")
    both = Search(LOOPS, [*bad.runs, *good.runs], Backend())
    assert isinstance(both.found(), Witness)


# --- shown ------------------------------------------------------------------


def test_the_text_shows_the_example_on_request_only() -> None:
    result = checked(design(), TRAFFIC)
    assert "For example" not in render_result(result, Page())
    shown = render_result(result, Page(), Detail.VERBOSE)
    assert "For example: route tables for " in shown
    assert "For example: a packet" in shown
    assert " > vgw > " in shown


def test_the_json_has_the_example_and_fits_its_schema() -> None:
    written = result_document(checked(design(), TRAFFIC))
    Draft202012Validator(result_schema()).validate(written)
    shown = written["properties"][0]["example"]
    assert shown["routes"]
    assert shown["packet"]["path"]
    assert shown["prefix"]


def test_a_violation_has_a_counterexample_and_no_example() -> None:
    document = design()
    document["vpn_gateways"][0]["auto_advertise"] = False
    result = asked(document, TRAFFIC)
    assert result.verdict is Verdict.VIOLATED
    assert result.example is None
