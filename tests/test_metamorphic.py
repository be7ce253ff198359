"""Changes to a document that must not change its verdicts, or only in one direction."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from copy import deepcopy
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests import tiny_networks
from verify.check import CheckOptions, check
from verify.jsonc import read_jsonc
from verify.load import load
from verify.models.readings import READINGS
from verify.render.json import render_json
from verify.verdict import PropertyResult, Result

Json = dict[str, Any]
PROPERTIES = ("no-routing-loops", "no-route-flapping")
OPTIONS = CheckOptions(properties=PROPERTIES)
LIBRARY = Path(__file__).parent.parent / "scenarios"
SCENARIOS = tuple(sorted(LIBRARY.glob("*/*.json")))
NETWORKS = tuple(path for path in SCENARIOS if path.parent.name != "gadgets")
MIXED = tuple(
    path
    for path in NETWORKS
    if path.stem
    in {
        "as-path-loss-1b-unknown-device",
        "as-path-loss-4-unknown-platform",
        "r13a-gateways-are-peers",
        "r14-any-local-asns",
        "r14-different-local-asns",
        "r14-equal-local-asns",
        "r14-site-policy",
        "r15-different-site-asns",
        "r15-equal-site-asns",
        "r15-site-asn",
        "r16-overlapping-routing",
        "r17-two-vpcs",
        "r18-two-sites-one-prefix",
    }
)
SEEDS = tuple(range(40, 52))
WORDS = {"system", "blackhole", "discard", "any", "internal", "external", "master", "slave"}


def label(path: Path) -> str:
    return path.stem


def document(path: Path) -> Json:
    """A shipped scenario as plain JSON, without its expectations."""
    found = read_jsonc(path.read_text()).value
    assert isinstance(found, dict)
    return {key: value for key, value in json.loads(json.dumps(found)).items() if key != "expect"}


def result(written: Json, options: CheckOptions = OPTIONS) -> Result:
    return check(load("network.json", json.dumps(written)), options)


def verdicts(written: Json, options: CheckOptions = OPTIONS) -> dict[str, str]:
    return {each.id: str(each.verdict) for each in result(written, options).properties}


@cache
def original(path: Path) -> tuple[PropertyResult, ...]:
    return result(document(path)).properties


def verdicts_of(path: Path) -> dict[str, str]:
    return {each.id: str(each.verdict) for each in original(path)}


# --- documents that say the same -----------------------------------------------


def ids(part: Any) -> list[str]:
    """Every id that a document gives."""
    if isinstance(part, dict):
        own = [part["id"]] if isinstance(part.get("id"), str) else []
        return own + [found for value in part.values() for found in ids(value)]
    return [found for item in part for found in ids(item)] if isinstance(part, list) else []


def renamed(written: Json) -> Json:
    """Other ids, which sort the other way round."""
    known = sorted(set(ids(written)) - WORDS)
    names = {old: f"x{len(known) - n:03}" for n, old in enumerate(known)}

    def rename(part: Any) -> Any:
        if isinstance(part, dict):
            return {_renamed_key(key, names): rename(value) for key, value in part.items()}
        if isinstance(part, list):
            return [rename(item) for item in part]
        return names.get(part, part) if isinstance(part, str) else part

    found = rename(written)
    assert isinstance(found, dict)
    return found


def _renamed_key(key: str, names: dict[str, str]) -> str:
    reading, mark, owner = key.partition("@")
    return f"{reading}@{names.get(owner, owner)}" if mark else key


def permuted(part: Any, rng: random.Random, key: str = "") -> Any:
    """Every list in another order; roles of tunnels are written out before.

    The routers of a site keep their order: a session that names none ends at the first.
    """
    if isinstance(part, dict):
        return {name: permuted(value, rng, name) for name, value in part.items()}
    if not isinstance(part, list):
        return part
    items = [permuted(item, rng) for item in part]
    if key == "tunnels" and len(items) == 2:
        items = [{"role": role, **item} for role, item in zip(("master", "slave"), items, strict=True)]
    if key not in ("routers", "between", "length", "count"):
        rng.shuffle(items)
    return items


def with_bystanders(written: Json) -> Json:
    """A VPC and a site that nothing is connected to."""
    found = deepcopy(written)
    vpc = {"id": "bystander", "vswitches": [{"id": "bystander-vsw", "cidr": "192.168.77.0/24"}]}
    found["vpcs"] = [vpc, *found.get("vpcs", [])]
    site = {"id": "aside", "prefixes": ["192.168.99.0/24"]}
    found["data_centers"] = [*found.get("data_centers", []), site]
    return found


@pytest.mark.parametrize("path", NETWORKS, ids=label)
def test_renaming_ids_changes_no_verdict(path: Path) -> None:
    assert verdicts(renamed(document(path))) == verdicts_of(path)


@pytest.mark.parametrize("path", MIXED, ids=label)
def test_permuting_lists_changes_no_verdict(path: Path) -> None:
    assert verdicts(permuted(document(path), random.Random(1))) == verdicts_of(path)


@pytest.mark.parametrize("path", MIXED, ids=label)
def test_what_is_not_connected_changes_no_verdict(path: Path) -> None:
    assert verdicts(with_bystanders(document(path))) == verdicts_of(path)


@pytest.mark.parametrize("path", MIXED, ids=label)
@pytest.mark.parametrize("solvers", [("cvc5",), ("z3", "cvc5")])
def test_another_solver_changes_no_verdict(path: Path, solvers: tuple[str, ...]) -> None:
    pytest.importorskip("cvc5")
    assert verdicts(document(path), replace(OPTIONS, solvers=solvers)) == verdicts_of(path)


@pytest.mark.parametrize("seed", SEEDS)
def test_random_networks_keep_their_verdicts(seed: int) -> None:
    written = tiny_networks.network(seed)
    expected = verdicts(written)
    assert verdicts(renamed(written)) == expected
    assert verdicts(with_bystanders(written)) == expected
    if len(written["data_centers"]) == 1:
        assert verdicts(permuted(written, random.Random(seed))) == expected


# --- documents that say more ---------------------------------------------------


def pins(path: Path, rng: random.Random) -> Json:
    """Some open values and readings, each with one of its values."""
    loaded = load("network.json", json.dumps(document(path)))
    offered = {choice.name: choice.values for choice in loaded.choices if "." in choice.name}
    offered |= {r.id: r.values for r in READINGS if r.id not in loaded.document.assume}
    chosen = rng.sample(sorted(offered), rng.randint(1, max(1, len(offered) // 2)))
    return {name: rng.choice(offered[name]) for name in chosen}


@pytest.mark.parametrize("path", [p for p in NETWORKS if p.parent.name != "bad"], ids=label)
@pytest.mark.parametrize("seed", [1, 2])
def test_pinning_keeps_what_is_proved(path: Path, seed: int) -> None:
    found = verdicts(document(path), replace(OPTIONS, assume=pins(path, random.Random(seed))))
    for name, verdict in verdicts_of(path).items():
        if verdict == "proved":
            assert found[name] == "proved", name


@pytest.mark.parametrize("path", MIXED, ids=label)
def test_what_is_not_proved_is_under_its_remedies(path: Path) -> None:
    for each in original(path):
        for remedies in each.proved_if:
            assumed = {remedy.set: remedy.to for remedy in remedies}
            assert verdicts(document(path), replace(OPTIONS, assume=assumed))[each.id] == "proved", assumed


@pytest.mark.parametrize("path", MIXED, ids=label)
def test_a_counterexample_stands_when_its_choices_are_made(path: Path) -> None:
    for each in original(path):
        if each.counterexample is None:
            continue
        readings = dict(each.counterexample.readings)
        for assumed in (readings, {**readings, **each.counterexample.configuration}):
            found = verdicts(document(path), replace(OPTIONS, assume=assumed))
            assert found[each.id] == "violated", assumed


@pytest.mark.parametrize("path", MIXED, ids=label)
def test_fewer_events_violate_no_more(path: Path) -> None:
    still = document(path)
    still["environment"] = {**still.get("environment", {}), "withdrawals": False}
    found = verdicts(still)
    for name, verdict in verdicts_of(path).items():
        if verdict == "proved":
            assert found[name] == "proved", name
        if verdict == "conditional":
            assert found[name] != "violated", name


# --- the same again ------------------------------------------------------------


def test_the_same_input_gives_the_same_bytes_whatever_came_before() -> None:
    first = [render_json([result(document(path))], several=False) for path in MIXED[:6]]
    again = [render_json([result(document(path))], several=False) for path in reversed(MIXED[:6])]
    assert first == again[::-1]


def test_the_same_input_gives_the_same_bytes_in_another_process() -> None:
    paths = [str(path) for path in MIXED[:5]]
    outputs = []
    for seed in ("1", "2"):
        command = [sys.executable, "-m", "verify", "check", "-j", "1", "-f", "json", *paths]
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        outputs.append(subprocess.run(command, capture_output=True, env=environment, check=False).stdout)
    assert outputs[0]
    assert outputs[0] == outputs[1]
