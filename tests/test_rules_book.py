"""The rulebook is complete, says what a rule has to say, and judges a document as a whole."""

from __future__ import annotations

import json

import pytest

from tests.rule_documents import (
    cen,
    connection,
    document,
    gateway,
    result,
    rule,
    site,
    status,
    two_gateways,
    vbr,
)
from verify.judge_rules import judge_rules
from verify.load import load
from verify.models.rulebook import BY_ID, RULES, Kind
from verify.models.rules.rule import Rule
from verify.verdict import Verdict

HARD = ["R01", "R08", "R09", "R21", "R22", "R23", "R24a", "R24b", "R24c", "R24d", "R25", "P05", "P06"]
INV = ["R10", "R11", "R12", "R13a", "R13b", "R14", "R15", "R16", "R17", "R18", "R20", "P03", "P04"]
REC = ["R19", "R20r", "P01", "P02", "P07", "P08"]
BEH = ["R04", "R05", "R06", "R07", "R16d", "R26", "R27", "R28", "R29"]


def test_the_rulebook_has_exactly_the_documented_rules() -> None:
    assert sorted(rule.id for rule in RULES) == sorted(HARD + INV + REC + BEH)
    assert len(BY_ID) == len(RULES)


@pytest.mark.parametrize(("kind", "ids"), [("HARD", HARD), ("INV", INV), ("REC", REC), ("BEH", BEH)])
def test_each_rule_has_its_kind(kind: str, ids: list[str]) -> None:
    assert [BY_ID[name].kind for name in ids] == [Kind(kind)] * len(ids)


@pytest.mark.parametrize("entry", RULES, ids=lambda entry: entry.id)
def test_each_rule_says_everything(entry: Rule) -> None:
    texts = (entry.statement, entry.consequence, entry.modelled)
    assert all(text.endswith((".", ")")) for text in texts)
    assert all((entry.title, entry.source, entry.objects))
    assert not entry.objects.endswith(".")


def test_rules_are_ordered_by_source_and_number() -> None:
    ids = [rule.id for rule in RULES]
    assert ids[:3] == ["R01", "R04", "R05"]
    assert ids[-1] == "P08"
    assert ids.index("R13b") < ids.index("R14") < ids.index("R16") < ids.index("R16d") < ids.index("P01")


def test_a_plain_design_keeps_every_rule() -> None:
    statuses, judged = judge_rules(document())
    assert {status.status for status in statuses} == {"kept", "not-applicable"}
    assert judged.verdict is Verdict.PROVED
    assert judged.warnings == ()


def test_nothing_applies_to_an_empty_network() -> None:
    empty = document(
        vpcs=[], vpn_gateways=[], customer_gateways=[], ipsec_connections=[], data_centers=[]
    )
    assert result(empty).summary == "no rule applies"
    assert {each.status for each in judge_rules(empty)[0]} == {"not-applicable"}


@pytest.mark.parametrize("name", [entry.id for entry in RULES if entry.kind is Kind.BEH])
def test_behaviour_is_never_broken(name: str) -> None:
    rich = two_gateways(cens=[cen()], data_centers=[site(readvertises=True)])
    expected = "not-applicable" if name == "R06" else "kept"
    assert status(rich, name) == expected


def test_an_off_switch_on_a_gateway_with_bgp_is_a_warning() -> None:
    off = document(vpn_gateways=[gateway(auto_advertise=False)])
    assert status(off, "R26") == "kept"
    assert [w[:4] for w in result(off).warnings] == ["R26:"]
    assert result(off).verdict is Verdict.PROVED


def test_bgp_on_a_gateway_without_it_breaks_r01() -> None:
    broken = document(vpn_gateways=[gateway(bgp_supported=False)])
    assert status(broken, "R01") == "broken"
    assert rule(broken, "R01").objects == ("vgw-1",)


def test_a_single_tunnel_gateway_may_lack_bgp() -> None:
    unsure = rule(document(vpn_gateways=[gateway(tunnel_support="single")]), "R01")
    assert (unsure.status, unsure.breaks_when) == ("open", {"vpn_gateways.vgw-1.bgp_supported": False})


def test_bgp_rules_do_not_apply_without_bgp() -> None:
    off = document(ipsec_connections=[connection(bgp_enabled=False)])
    applying = {s.id for s in judge_rules(off)[0] if s.status != "not-applicable"}
    assert applying == {"P06"}


def test_an_open_switch_makes_a_breach_open() -> None:
    maybe = document(
        ipsec_connections=[connection(bgp_enabled="any")], vpn_gateways=[gateway(bgp_supported=False)]
    )
    broken = rule(maybe, "R01")
    assert (broken.status, broken.breaks_when) == ("open", {"ipsec_connections.vco-1.bgp_enabled": True})
    judged = result(maybe)
    assert judged.verdict is Verdict.VIOLATED
    assert judged.counterexample is not None
    assert judged.counterexample.configuration == {"ipsec_connections.vco-1.bgp_enabled": True}
    assert judged.counterexample.broken_rules == ("R01",)
    assert judged.counterexample.replayed


def test_remedies_name_who_can_act() -> None:
    maybe = document(
        ipsec_connections=[connection(bgp_enabled="any")], vpn_gateways=[gateway(bgp_supported=False)]
    )
    assert [[(r.set, r.to, r.who) for r in remedies] for remedies in result(maybe).proved_if] == [
        [("ipsec_connections.vco-1.bgp_enabled", False, "operator")],
        [("vpn_gateways.vgw-1.bgp_supported", True, "change")],
    ]


def test_several_breaches_are_mended_together() -> None:
    broken = document(
        vpn_gateways=[gateway(bgp_supported=False)],
        vpcs=[{"id": "vpc-1"}],
        cens=[cen(overlapping_routing=False)],
    )
    judged = result(broken)
    assert judged.summary.startswith("R01 and R16 are broken: ")
    assert {r.set for remedies in judged.proved_if for r in remedies} == {
        "vpn_gateways.vgw-1.bgp_supported",
        "cens.cen-1.overlapping_routing",
        "ipsec_connections.vco-1.bgp_enabled",
    }
    assert {len(remedies) for remedies in judged.proved_if} == {1, 2}


def test_a_breach_that_needs_a_reading_is_conditional() -> None:
    paths = document(
        data_centers=[site(peers=[{"peer": "dc-2"}]), site("dc-2", ("10.2.0.0/16",))],
        virtual_border_routers=[vbr(), vbr("vbr-2", peers=({"data_center": "dc-2", "peer_asn": 65002},))],
        vpn_gateways=[], ipsec_connections=[], customer_gateways=[],
        cens=[cen(rejects_hybrid_exchange=False)],
    )
    judged = result(paths)
    assert judged.verdict is Verdict.CONDITIONAL
    assert judged.counterexample is not None
    assert judged.counterexample.readings == {"vbr_preserves_as_path@vbr-1": False}
    vendor = [[(r.set, r.to) for r in rs] for rs in judged.proved_if if rs[0].who == "vendor"]
    assert vendor == [[("vbr_preserves_as_path@vbr-1", True), ("vbr_preserves_as_path@vbr-2", True)]]


def test_recommendations_never_change_the_verdict() -> None:
    odd = document(ipsec_connections=[connection(routing_mode="protected")])
    assert status(odd, "R19") == "broken"
    assert result(odd).verdict is Verdict.PROVED
    assert any(warning.startswith("R19: ") for warning in result(odd).warnings)


def test_a_routing_gadget_has_nothing_to_break() -> None:
    gadget = load("g.json", json.dumps({"version": 1, "name": "g", "gadget": {"1": ["1 0"]}})).document
    assert result(gadget).verdict is Verdict.PROVED
