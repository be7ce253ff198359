"""Verdicts agree with explicit enumeration, and cover every value of what is open."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests import oracle, oracle_delivery, tiny_networks
from tests.enumerated import PROPAGATION, TRAFFIC, compare_propagation, compare_traffic, verdicts
from tests.ground_truth import connection, gateway, scenario, vpc
from verify.check import CheckOptions, check
from verify.load import load

Json = dict[str, Any]
# small enough for the enumeration, and with every construct somewhere
SEEDS = (2, 10, 15, 16, 19, 39, 40, 45, 46, 57, 61, 97, 128)
SEEDS_OF_TRAFFIC = (10, 15, 19, 34, 46, 54, 59, 97, 115, 118, 128)


@pytest.mark.parametrize("seed", SEEDS)
def test_loops_and_flapping_agree_with_enumeration(seed: int) -> None:
    assert compare_propagation(tiny_networks.network(seed)) > 0


@pytest.mark.parametrize("seed", SEEDS_OF_TRAFFIC)
def test_traffic_agrees_with_enumeration(seed: int) -> None:
    assert compare_traffic(tiny_networks.network(seed)) > 0


def prefix_comes_back(site_asn: Any, **site: Any) -> Json:
    """A site of which a VBR and a gateway hear; the gateway gives it the cloud's copy of its own prefix."""
    return scenario(
        "the prefix of a site comes back",
        {
            "gateway_preserves_as_path": site.pop("kept", False),
            "gateway_prefers": "cloud",
            "vpc_prefers": "cen",
            "vbr_preserves_as_path": True,
        },
        vpcs=[vpc("vpc-a", "172.16.0.0/24")],
        vpn_gateways=[gateway("vgw-1", "vpc-a")],
        customer_gateways=[{"id": "cgw-1", "asn": site_asn, "data_center": "dc-1"}],
        ipsec_connections=[connection(1, "vgw-1", "cgw-1")],
        data_centers=[
            {
                "id": "dc-1",
                "prefixes": ["10.0.0.0/16"],
                "internal_peering": False,
                "readvertises": False,
                "prefers": "external",
                **site,
            }
        ],
        virtual_border_routers=[
            {"id": "vbr-1", "attached_to": "cen-1", "peers": [{"data_center": "dc-1", "peer_asn": 65002}]}
        ],
        cens=[{"id": "cen-1", "attachments": ["vpc-a"]}],
    )


def flapping(document: Json) -> list[str]:
    """The verdict on flapping, obtained in both ways."""
    return [verdicts(document, solver_only=only)["no-route-flapping"] for only in (False, True)]


def test_an_open_asn_reaches_every_listed_router() -> None:
    routers = [{"id": "r1", "asn": 65001}, {"id": "r2", "asn": 65002}]
    assert flapping(prefix_comes_back(65001, routers=routers)) == ["proved"] * 2
    assert flapping(prefix_comes_back(65002, routers=routers)) == ["violated"] * 2
    assert flapping(prefix_comes_back({"one_of": [65001, 65002]}, routers=routers)) == ["violated"] * 2


@pytest.mark.parametrize("allowed", [{"one_of": [0, 1]}, {"between": [0, 1]}, {"one_of": [1, 0]}])
def test_zero_and_one_are_different_numbers_when_both_are_possible(allowed: Json) -> None:
    assert flapping(prefix_comes_back(65002, kept=True, allowas_in=0)) == ["proved"] * 2
    assert flapping(prefix_comes_back(65002, kept=True, allowas_in=1)) == ["violated"] * 2
    assert flapping(prefix_comes_back(65002, kept=True, allowas_in=allowed)) == ["violated"] * 2


def test_two_peers_of_one_vbr_with_open_asns_can_be_two_routers() -> None:
    peers = [{"data_center": "dc-1", "peer_asn": {"one_of": [65001, 65002]}} for _ in range(2)]
    document = prefix_comes_back(65002, internal_peering=True)
    document["virtual_border_routers"][0]["peers"] = peers
    found = oracle.verdicts(document)
    assert flapping(document) == [found["no-route-flapping"]] * 2


def test_more_sessions_than_asns_are_no_contradiction() -> None:
    document = prefix_comes_back(65002)
    document["customer_gateways"] = [
        {"id": f"cgw-{n}", "asn": {"one_of": [65001, 65002]}, "data_center": "dc-1"} for n in range(1, 4)
    ]
    document["ipsec_connections"] = [connection(n, "vgw-1", f"cgw-{n}") for n in range(1, 4)]
    document["virtual_border_routers"] = []
    assert verdicts(document) == {"no-routing-loops": "proved", "no-route-flapping": "proved"}


def test_a_remedy_that_helps_one_prefix_only_is_not_offered() -> None:
    prefixes = [{"prefix": f"10.{n}.0.0/16", "announced": "any"} for n in range(2)]
    document = prefix_comes_back(65002, prefixes=prefixes)
    (result,) = check(load("x", json.dumps(document)), CheckOptions(properties=PROPAGATION[1:])).properties
    assert str(result.verdict) == "violated"
    named = [{r.set for r in remedies if "announced" in r.set} for remedies in result.proved_if]
    assert {len(each) for each in named} <= {0, 2}


def test_an_open_intent_beside_one_that_asks_for_the_same() -> None:
    document = prefix_comes_back(65001)
    document["intents"] = [
        {"from": "vpc-a", "to": "dc-1", "allowed": "any"},
        {"from": "172.16.0.0/24", "to": "10.0.0.0/16"},
    ]
    found = verdicts(document, TRAFFIC)
    assert found == oracle_delivery.verdicts(document)


def test_a_gadget_has_no_traffic() -> None:
    document = {"version": 1, "gadget": {"1": ["1 0"]}}
    assert verdicts(document, TRAFFIC) == dict.fromkeys(TRAFFIC, "vacuous")
