"""Runs that never settle are found where prefixes of one table keep each other out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from verify.check import CheckOptions, check
from verify.flapping import find_flap
from verify.inquiry import relevant_choices
from verify.load import load
from verify.models.network import Configuration
from verify.models.routing import networks
from verify.problems import convergence_problems

Json = dict[str, Any]


def two_circuits(**cen: Any) -> Json:
    """A site with two circuits to a CEN whose VPC has a part of the site's prefix."""
    sessions = enumerate((65002, 65001))
    return {
        "version": 1,
        "vpcs": [{"id": "vpc-a", "vswitches": [{"id": "vsw-a", "cidr": "172.16.1.0/24"}]}],
        "data_centers": [{"id": "dc-1", "prefixes": ["172.16.0.0/16"], "allowas_in": 1}],
        "virtual_border_routers": [
            {"id": f"vbr-{n}", "peers": [{"data_center": "dc-1", "peer_asn": asn}]} for n, asn in sessions
        ],
        "cens": [{"id": "cen-1", "attachments": ["vpc-a", "vbr-0", "vbr-1"], **cen}],
    }


def verdict(written: Json) -> str:
    options = CheckOptions(properties=("no-route-flapping",))
    return str(check(load("network.json", json.dumps(written)), options).properties[0].verdict)


def test_a_run_is_found_in_which_a_refused_prefix_waits_for_its_moment() -> None:
    """The shorter prefix comes and goes, and the longer one is only looked at while it is there."""
    written = two_circuits(overlapping_routing=False, rejects_hybrid_exchange=False)
    written["data_centers"][0] |= {"prefers": "external", "internal_peering": True, "readvertises": False}
    written["environment"] = {"withdrawals": False}
    (network,) = networks(load("network.json", json.dumps(written)).document)
    (problem,) = convergence_problems(network)
    undocumented = relevant_choices(problem)  # the order of neighbours, and what the VBRs do to AS_PATHs
    configuration = Configuration(dict.fromkeys(undocumented, False), network.choices)
    found = find_flap(problem, configuration)
    assert found is not None
    assert found.kind == "unreached-stable-state"
    assert found.parts["cycle"]


def test_what_was_undecided_without_that_run_is_violated() -> None:
    assert verdict(two_circuits(overlapping_routing=False, rejects_hybrid_exchange=False)) == "violated"


@pytest.mark.parametrize("withdrawals", [False, True])
def test_a_table_that_refuses_overlapping_routes_can_settle(withdrawals: bool) -> None:
    written = two_circuits(overlapping_routing=False, rejects_hybrid_exchange=True)
    written["vpcs"][0]["vswitches"][0]["cidr"] = "172.17.1.0/24"
    written["environment"] = {"withdrawals": withdrawals}
    assert verdict(written) == "proved"
