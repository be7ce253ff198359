"""Intended traffic arrives, forbidden traffic does not, and what ends a packet is named; facts in pairs."""

from __future__ import annotations

import json

import pytest

from tests.delivery_designs import (
    Edit,
    Json,
    add_site,
    announcing,
    asked,
    circuit_quota,
    circuits,
    custom_table,
    design,
    filters,
    local_asn,
    on_cen,
    on_custom_table,
    quota,
    reason,
    routes,
    second_site,
    site_static,
)
from verify.load import load
from verify.models.routing import networks
from verify.traffic import tasks
from verify.verdict import Counterexample, Verdict


def test_everything_arrives_over_one_connection() -> None:
    assert asked(design()).verdict is Verdict.PROVED


BREAKS: tuple[tuple[str, Edit], ...] = (
    ("auto-advertise-off", lambda d: d["vpn_gateways"][0].update(auto_advertise=False)),
    ("no-bgp-session", lambda d: d["vpn_gateways"][0].update(bgp_supported=False)),
    ("no-bgp-session", lambda d: d["customer_gateways"][0].pop("asn")),
    ("default-route", lambda d: d["data_centers"][0].update(prefixes=["0.0.0.0/0"])),
    ("shielded", lambda d: d["data_centers"][0].update(prefixes=["100.64.1.0/24"])),
    ("shielded", lambda d: d["data_centers"][0].update(prefixes=["172.16.0.0/25"])),
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


DEFAULT_TABLE = custom_table(("0.0.0.0/0", "vgw"))
PAIRS: tuple[tuple[str, Edit, Edit], ...] = (
    ("custom-table", custom_table(("10.0.0.0/16", "vgw")), custom_table()),
    ("custom-table", custom_table(("10.0.0.0/8", "vgw")), custom_table(("10.0.0.0/17", "vgw"))),
    ("black-hole", DEFAULT_TABLE, custom_table(("0.0.0.0/0", "vgw"), ("10.0.7.0/24", "blackhole"))),
    ("default-route", announcing("0.0.0.0/1", "128.0.0.0/1"), announcing("0.0.0.0/0")),
    ("export-filter", filters(export=["10.0.0.0/8"]), filters(export=["10.0.0.0/17"])),
    ("import-filter", filters(**{"import": ["172.16.0.0/12"]}), filters(**{"import": ["172.16.0.0/25"]})),
    ("over-quota", quota(2), quota(3)),
    ("over-quota", quota(3, "accept_all"), quota(3, "close_session")),
    ("over-quota", circuit_quota(2), circuit_quota(3)),
    ("shielded", announcing("172.16.1.0/25"), announcing("172.16.0.0/25")),
    ("preferred-route", announcing("172.16.1.0/24"), announcing("172.16.0.0/24")),
    ("own-asn", local_asn(65002), local_asn(65001)),
    ("overlap-refused", on_cen(True), on_cen(False)),
    ("conflict", second_site("10.1.0.0/16", 2), second_site("10.0.0.0/16", 2, "10.0.0.0/16")),
    ("preferred-route", second_site("10.1.0.0/16", 1), second_site("10.0.0.0/16", 1)),
    ("more-specific-route", second_site("10.1.0.0/24", 1), second_site("10.0.0.0/24", 1)),
    ("hybrid-rejected", circuits(False), circuits(True)),
    ("black-hole", routes(("10.1.0.0/24", "blackhole")), routes(("10.0.1.0/24", "blackhole"))),
    ("looped", site_static(("10.1.1.0/24", "vgw")), site_static(("10.0.1.0/24", "vgw"))),
    ("black-hole", site_static(("10.1.0.0/24", "discard")), site_static(("172.16.0.8/29", "discard"))),
)  # fmt: skip


@pytest.mark.parametrize(("code", "kept", "broken"), PAIRS, ids=[f"{n}-{p[0]}" for n, p in enumerate(PAIRS)])
def test_the_smallest_change_makes_the_difference(code: str, kept: Edit, broken: Edit) -> None:
    fine, wrong = design(), design()
    kept(fine)
    broken(wrong)
    assert asked(fine).verdict is Verdict.PROVED
    assert reason(wrong) == code


def lost(document: Json) -> Counterexample:
    result = asked(document)
    assert result.counterexample is not None
    return result.counterexample


def test_the_part_that_a_more_specific_route_takes_is_named() -> None:
    document = design()
    second_site("10.0.9.0/24", 1)(document)
    told = lost(document).undelivered
    assert (told["to"], told["part"], told["at"]) == ("10.0.0.0/16", "10.0.9.0/24", "far")
    assert told["detail"] == (
        "vgw uses the more specific route for 10.0.9.0/24 (VPN_BGP, to far), "
        "not the one for 10.0.0.0/16 from dc"
    )


def test_what_is_delivered_under_another_prefix_of_the_same_site_arrives() -> None:
    document = design()
    announcing("10.0.0.0/16", "10.0.1.0/24")(document)
    assert asked(document).verdict is Verdict.PROVED


def test_a_prefix_that_longer_ones_cover_altogether_is_not_asked_for() -> None:
    document = design()
    announcing("10.0.0.0/17", "10.0.128.0/17", "10.0.0.0/16")(document)
    document["data_centers"][0]["peers"] = [{"peer": "vgw", "export": ["10.0.0.0/17", "10.0.128.0/17"]}]
    assert asked(document).verdict is Verdict.PROVED


def test_either_of_two_sites_with_a_prefix_will_do_if_the_intent_names_the_prefix() -> None:
    document = design()
    add_site(document, "10.0.0.0/16")
    document["intents"] = [{"from": "vpc", "to": "10.0.0.0/16"}]
    assert asked(document).verdict is Verdict.PROVED
    document["intents"] = [{"from": "vpc", "to": "far"}]
    assert asked(document).verdict is Verdict.VIOLATED


def test_a_default_route_need_not_lead_where_others_are() -> None:
    document = design()
    announcing("0.0.0.0/1", "128.0.0.0/1")(document)
    add_site(document, "10.0.0.0/16")
    assert asked(document).verdict is Verdict.PROVED


def test_an_answer_that_does_not_come_back_is_said_to_be_one() -> None:
    document = design()
    filters(**{"import": []})(document)
    document["intents"] = [{"from": "vpc", "to": "dc"}]
    result = asked(document)
    assert result.verdict is Verdict.VIOLATED
    assert result.summary.startswith("the answer from dc to 172.16.0.0/24 does not come back: it ends at dc")
    assert lost(document).undelivered["direction"] == "answer"


def test_many_prefixes_that_are_alike_are_one_question() -> None:
    document = design()
    quota(3)(document)
    document["intents"] = [{"from": "vpc", "to": "dc"}]
    loaded = load("design.json", json.dumps(document))
    (network,) = networks(loaded.document)
    merged = tasks(loaded.document, network, forbidden=False)
    assert [str(task.region) for task in merged] == ["10.0.0.0/16", "172.16.0.0/24"]
    assert list(map(str, merged[0].alike)) == ["10.1.0.0/16", "10.2.0.0/16"]
    assert lost(document).undelivered["likewise"] == "10.1.0.0/16, 10.2.0.0/16"


def test_open_values_that_only_look_alike_are_two_questions() -> None:
    document = design()
    open_ones = [{"prefix": f"10.{n}.0.0/16", "announced": "any"} for n in range(2)]
    document["data_centers"][0]["prefixes"] = open_ones
    document["intents"] = [{"from": "vpc", "to": "10.0.0.0/16"}]
    result = asked(document)
    assert result.verdict is Verdict.VIOLATED
    assert [[remedy.set for remedy in each] for each in result.proved_if] == [
        ["data_centers.dc.prefixes.10.0.0.0/16.announced"]
    ]


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
    add_site(document, "10.1.0.0/16")
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


def test_a_part_of_a_site_that_can_be_reached_breaks_isolation() -> None:
    document = two_sites()
    document["data_centers"][0]["peers"] = [{"peer": "far", "import": ["10.1.7.0/24"]}]
    assert asked(document, "isolation").verdict is Verdict.PROVED
    document["data_centers"][1]["prefixes"].append("10.1.7.0/24")
    document["intents"][0]["to"] = "10.1.0.0/16"
    result = asked(document, "isolation")
    assert result.verdict is Verdict.VIOLATED
    assert result.counterexample is not None
    assert result.counterexample.delivered["part"] == "10.1.7.0/24"


def two_vpcs(*attached: str) -> Json:
    other = {"id": "vpc-b", "vswitches": [{"id": "vsw-b", "cidr": "172.16.9.0/24"}]}
    document: Json = {"vpcs": [*design()["vpcs"], other]}
    document["cens"] = [{"id": "cen", "attachments": list(attached)}]
    document["intents"] = [{"from": "vpc", "to": "vpc-b", "allowed": False}]
    return document


def test_vpcs_are_isolated_unless_a_cen_joins_them() -> None:
    assert asked(two_vpcs("vpc"), "isolation").verdict is Verdict.PROVED
    joined = asked(two_vpcs("vpc", "vpc-b"), "isolation")
    assert joined.verdict is Verdict.VIOLATED
    assert joined.counterexample is not None
    assert joined.counterexample.delivered["path"] == "vpc > cen > vpc-b"


def test_a_custom_table_delivers_inside_its_vpc_and_breaks_isolation() -> None:
    document = design()
    on_custom_table(document)
    document["vpcs"][0]["vswitches"].append({"id": "vsw-2", "cidr": "172.16.1.0/24"})
    document["intents"] = [{"from": "vsw", "to": "vsw-2", "allowed": False}]
    assert asked(document, "isolation").verdict is Verdict.VIOLATED
    document["intents"] = [{"from": "vsw", "to": "vsw-2"}]
    assert asked(document).verdict is Verdict.PROVED
