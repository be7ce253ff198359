"""Open announcements: the candidates stand for every set of prefixes, and counterexamples name prefixes."""

from __future__ import annotations

import json
from ipaddress import IPv4Network
from typing import Any

import pytest

from tests.open_announcements import PROPERTIES, differences
from verify import check, load
from verify.check import CheckOptions
from verify.models.open_announcements import open_entries, with_candidates
from verify.models.scenario import SitePrefix
from verify.verdict import PropertyResult, Verdict

Json = dict[str, Any]


def design(entry: Json, **changes: Any) -> Json:
    """One gateway, one site that announces an open entry beside 10.9.0.0/16."""
    tunnels = [
        {
            "customer_gateway": "cgw-1",
            "tunnel_cidr": f"169.254.{n}.0/30",
            "local_bgp_ip": f"169.254.{n}.1",
        }
        for n in (10, 11)
    ]
    document: Json = {
        "vpcs": [{"id": "vpc-1", "vswitches": [{"id": "vsw-a", "cidr": "172.16.0.0/24"}]}],
        "vpn_gateways": [{"id": "vgw-1", "vpc": "vpc-1", "auto_advertise": True}],
        "customer_gateways": [{"id": "cgw-1", "asn": 65001, "data_center": "dc-1"}],
        "ipsec_connections": [
            {"id": "vco-1", "vpn_gateway": "vgw-1", "bgp_enabled": True, "tunnels": tunnels}
        ],
        "data_centers": [{"id": "dc-1", "prefixes": ["10.9.0.0/16", entry]}],
    }
    return document | changes


def verdict_of(document: Json, property_id: str) -> PropertyResult:
    loaded = load("design.json", json.dumps(document))
    return check(loaded, CheckOptions(properties=(property_id,))).properties[0]


def candidates(document: Json) -> list[IPv4Network]:
    loaded = load("design.json", json.dumps(document)).document
    site = with_candidates(loaded).data_centers[0]
    return [p.prefix for p in site.prefixes if isinstance(p, SitePrefix)]


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 21, 31, 40])
def test_the_verdict_is_that_of_every_set_of_prefixes(seed: int) -> None:
    assert not differences(seed)


def test_candidates_equal_contain_and_fall_into_every_prefix_that_they_can_meet() -> None:
    found = candidates(design({"within": "0.0.0.0/0", "length": [0, 32]}))
    for known in map(IPv4Network, ("172.16.0.0/24", "100.64.0.0/10", "0.0.0.0/0")):
        assert known in found
        assert any(p != known and p.subnet_of(known) for p in found)
    for known in map(IPv4Network, ("172.16.0.0/24", "100.64.0.0/10", "10.9.0.0/16")):
        assert any(p != known and p.prefixlen and known.subnet_of(p) for p in found)


def test_candidates_are_prefixes_that_the_entry_allows() -> None:
    document = design({"within": "10.0.0.0/8", "length": [16, 24], "count": [1, 60]})
    entry = next(open_entries(load("design.json", json.dumps(document)).document))
    assert all(p == IPv4Network("10.9.0.0/16") or entry.takes(p) for p in candidates(document))


def test_what_can_meet_nothing_is_delivered_whatever_it_is() -> None:
    entry = {"within": "10.0.0.0/8", "length": [16, 24], "count": [1, 20]}
    for name in PROPERTIES:
        assert verdict_of(design(entry), name).verdict is Verdict.PROVED, name


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ({"within": "0.0.0.0/0", "length": [0, 8]}, "default-route"),
        ({"within": "100.64.0.0/10", "length": [12, 16]}, "shielded"),
        ({"within": "172.16.0.0/16", "length": [24, 26]}, "shielded"),
    ],
)
def test_a_prefix_that_is_not_received_is_named(entry: Json, reason: str) -> None:
    result = verdict_of(design(entry), "no-ineffective-routes")
    assert result.verdict is not Verdict.PROVED
    assert result.counterexample is not None
    path = f"data_centers.dc-1.prefixes.{entry['within']}"
    shown = result.counterexample.configuration[path]
    assert isinstance(shown, str)
    assert IPv4Network(shown).subnet_of(IPv4Network(entry["within"]))
    assert result.counterexample.undelivered["reason"] in (reason, "more-specific-route", "preferred-route")


def test_the_prefixes_of_a_counterexample_break_the_property_by_themselves() -> None:
    entry = {"within": "172.16.0.0/16", "length": [24, 26], "count": [2, 3]}
    result = verdict_of(design(entry), "no-ineffective-routes")
    assert result.counterexample is not None
    shown = result.counterexample.configuration["data_centers.dc-1.prefixes.172.16.0.0/16"]
    assert isinstance(shown, tuple)
    assert 2 <= len(set(shown)) <= 3
    concrete = design({"within": "10.0.0.0/8", "length": [16, 16], "count": [0, 0]})
    concrete["data_centers"][0]["prefixes"] = ["10.9.0.0/16", *shown]
    assert verdict_of(concrete, "no-ineffective-routes").verdict is not Verdict.PROVED


def test_above_the_quota_as_many_prefixes_are_named_as_exceed_it() -> None:
    entry = {"within": "10.0.0.0/8", "length": [16, 24], "count": [1, 60]}
    result = verdict_of(design(entry, assume={"over_quota": "drop_excess"}), "no-ineffective-routes")
    assert result.verdict is Verdict.VIOLATED
    assert result.counterexample is not None
    shown = result.counterexample.configuration["data_centers.dc-1.prefixes.10.0.0.0/8"]
    assert isinstance(shown, tuple)
    assert len(set(shown)) == 60


def test_an_entry_that_can_be_nothing_says_so() -> None:
    result = verdict_of(
        design({"within": "10.0.0.0/8", "length": [8, 8], "count": [2, 3]}), "no-routing-loops"
    )
    assert result.verdict is Verdict.VACUOUS
    assert "only 1 prefix" in result.summary


def test_an_entry_without_prefixes_changes_nothing() -> None:
    nothing = {"within": "0.0.0.0/0", "length": [0, 32], "count": [0, 0]}
    for name in PROPERTIES:
        assert verdict_of(design(nothing), name).verdict is Verdict.PROVED, name


@pytest.mark.parametrize("narrower", [{"within": "10.128.0.0/9"}, {"length": [20, 22]}, {"count": [1, 3]}])
def test_fewer_possible_prefixes_never_turn_proved_into_something_else(narrower: Json) -> None:
    wide: Json = {"within": "10.0.0.0/8", "length": [16, 24], "count": [1, 20]}
    for name in PROPERTIES:
        assert verdict_of(design(wide), name).verdict is Verdict.PROVED, name
        assert verdict_of(design(wide | narrower), name).verdict is Verdict.PROVED, name


@pytest.mark.parametrize("wider", [{"within": "0.0.0.0/0", "length": [0, 24]}, {"count": [1, 60]}])
def test_more_possible_prefixes_never_turn_violated_into_proved(wider: Json) -> None:
    narrow: Json = {"within": "172.16.0.0/16", "length": [24, 24], "count": [1, 1]}
    assert verdict_of(design(narrow), "no-ineffective-routes").verdict is not Verdict.PROVED
    assert verdict_of(design(narrow | wider), "no-ineffective-routes").verdict is not Verdict.PROVED


def test_with_overlapping_routing_off_a_bound_on_the_count_is_said() -> None:
    entry = {"within": "10.0.0.0/8", "length": [16, 16], "count": [1, 5]}
    old = {"id": "cen-1", "overlapping_routing": False, "attachments": ["vpc-1"]}
    result = verdict_of(design(entry, cens=[old]), "no-routing-loops")
    assert result.verdict is Verdict.UNKNOWN
    assert "overlapping routing off" in result.summary
    fewer = entry | {"count": [1, 1]}
    assert verdict_of(design(fewer, cens=[old]), "no-routing-loops").verdict is Verdict.PROVED
