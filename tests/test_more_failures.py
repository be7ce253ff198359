"""More failures never turn what is violated into something better."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import verify.scenarios
from tests import random_networks, tiny_networks
from verify.check import CheckOptions, check
from verify.jsonc import read_jsonc
from verify.load import load

Json = dict[str, Any]
FOLDER = Path(verify.scenarios.__file__ or "").parent
PROPERTIES = ("no-routing-loops", "no-route-flapping", "no-ineffective-routes")
WORSE = {
    "violated": {"violated"},
    "conditional": {"conditional", "violated"},
    "proved": {"proved", "conditional", "violated"},
    "vacuous": {"vacuous", "proved", "conditional", "violated"},
}
SMALL = (
    "good/failure-one-tunnel-of-two",
    "good/failure-one-router-of-two",
    "good/failure-gateway-beside-circuit",
    "good/two-circuits-prepended-standby",
    "good/two-sites-one-gateway",
    "good/r17-one-gateway-for-two-vpcs",
    "bad/r12-sites-pass-routes-on",
    "bad/r17-two-vpcs-two-stable-states",
    "bad/r18-two-sites-one-prefix",
    "open/as-path-loss-4-unknown-platform",
    "open/r16-overlapping-routing",
    "gadgets/failbad",
    "gadgets/good",
    "gadgets/shortest",
    "gadgets/wedgie",
)


def verdicts(written: Json, most: int) -> dict[str, str]:
    properties = PROPERTIES[:2] if "gadget" in written else PROPERTIES
    options = CheckOptions(properties=properties, max_failures=most, remedies=False)
    found = check(load("failures.json", json.dumps(written)), options).properties
    return {entry.id: str(entry.verdict) for entry in found}


def only_worse(written: Json, *, kinds: Any = "any") -> None:
    environment = {**written.get("environment", {}), "may_fail": kinds}
    failing = {**written, "environment": environment, "expect": {}}
    found = [verdicts(failing, most) for most in (0, 1, 2)]
    for fewer, more in pairwise(found):
        for name, verdict in more.items():
            assert verdict in WORSE.get(fewer[name], set()) | {"unknown"}, (name, found)


@pytest.mark.parametrize("name", SMALL)
def test_a_shipped_scenario_gets_no_better_by_failures(name: str) -> None:
    only_worse(json.loads(json.dumps(read_jsonc((FOLDER / f"{name}.json").read_text()).value)))


@pytest.mark.parametrize("seed", [700, 702, 703, 704])
def test_a_random_network_gets_no_better_by_failures(seed: int) -> None:
    only_worse(random_networks.network(seed))


@pytest.mark.parametrize("seed", range(720, 724))
def test_a_tiny_network_gets_no_better_by_failures(seed: int) -> None:
    only_worse(tiny_networks.network(seed), kinds=["tunnel", "connection", "vbr", "router", "cen_attachment"])


@pytest.mark.parametrize("seed", range(740, 752))
def test_a_random_gadget_gets_no_better_by_failures(seed: int) -> None:
    only_worse(random_networks.gadget(seed), kinds=["link"])
