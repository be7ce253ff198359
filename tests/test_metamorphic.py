"""Changes to a document that must not change its verdicts, or only in one direction.

The laws themselves are in `tests.laws`; `python -m tests.sweep --kind laws --kind shipped`
tries each of them on every shipped scenario and on as many random networks as wanted.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from tests import tiny_networks
from tests.laws import LAWS, breaches, breaches_of_pinning, results, verdicts
from tests.shipped import NETWORKS, document
from verify.check import CheckOptions, check
from verify.load import load
from verify.render.json import render_json
from verify.verdict import PropertyResult

OPTIONS = CheckOptions(properties=("no-routing-loops", "no-route-flapping"))
MIXED = tuple(
    path
    for path in NETWORKS
    if path.stem
    in {
        "as-path-loss-1b-unknown-device",
        "as-path-loss-4-unknown-platform",
        "r13a-gateways-are-peers",
        "r15-equal-site-asns",
        "r15-site-asn",
        "r16-overlapping-routing",
        "r17-two-vpcs",
        "r18-two-sites-one-prefix",
        "static-route-around-bgp-route",
    }
)
SHIPPED = tuple(enumerate(NETWORKS))[::7]  # each with one law of each sort, in turn
RANDOM = (2, 13, 19, 24, 35, 36)  # small ones
ALIKE = ("renaming", "permuting", "bystanders")
MORE_OR_LESS = ("more failures", "no withdrawals", "a reading")


def label(value: object) -> str | None:
    return value.stem if isinstance(value, Path) else None


@cache
def original(path: Path) -> tuple[PropertyResult, ...]:
    return results(document(path), OPTIONS)


# --- laws ----------------------------------------------------------------------


def test_every_law_has_its_turn() -> None:
    assert {*ALIKE, *MORE_OR_LESS, "fewer intents"} == set(LAWS)


@pytest.mark.parametrize(("number", "path"), SHIPPED, ids=label)
def test_a_shipped_scenario_keeps_laws(number: int, path: Path) -> None:
    for name in (ALIKE[number % 3], MORE_OR_LESS[number // 3 % 3]):
        assert not breaches(name, document(path), random.Random(number)), name


@pytest.mark.parametrize(("number", "path"), SHIPPED[1::2], ids=label)
def test_pinning_keeps_what_is_proved(number: int, path: Path) -> None:
    assert not breaches_of_pinning(document(path), random.Random(number))


@pytest.mark.parametrize("path", [p for p in NETWORKS if "intents" in document(p)][::4], ids=label)
def test_fewer_intents_violate_no_more(path: Path) -> None:
    assert not breaches("fewer intents", document(path), random.Random(0))


@pytest.mark.parametrize(("number", "seed"), tuple(enumerate(RANDOM)))
def test_a_random_network_keeps_laws(number: int, seed: int) -> None:
    for name in (ALIKE[number % 3], MORE_OR_LESS[number // 3], "fewer intents"):
        assert not breaches(name, tiny_networks.network(seed), random.Random(seed)), name


# --- what a result says of other documents ---------------------------------------


@pytest.mark.parametrize("path", MIXED[::3], ids=label)
@pytest.mark.parametrize("solvers", [("cvc5",), ("z3", "cvc5")])
def test_another_solver_changes_no_verdict(path: Path, solvers: tuple[str, ...]) -> None:
    pytest.importorskip("cvc5")
    expected = {each.id: str(each.verdict) for each in original(path)}
    assert verdicts(document(path), replace(OPTIONS, solvers=solvers)) == expected


@pytest.mark.parametrize("path", MIXED, ids=label)
def test_what_is_not_proved_is_under_its_remedies(path: Path) -> None:
    for each in original(path):
        for remedies in each.proved_if:
            if any(remedy.who == "change" for remedy in remedies):
                continue  # these are no assumptions; see tests/test_remedies.py
            assumed = {remedy.set: remedy.to for remedy in remedies}
            only = replace(OPTIONS, properties=(each.id,), assume=assumed)
            assert verdicts(document(path), only) == {each.id: "proved"}, assumed


@pytest.mark.parametrize("path", MIXED, ids=label)
def test_a_counterexample_stands_when_its_choices_are_made(path: Path) -> None:
    for each in original(path):
        if each.counterexample is None:
            continue
        readings = dict(each.counterexample.readings)
        chosen = {n: v for n, v in each.counterexample.configuration.items() if not isinstance(v, tuple)}
        for assumed in (readings, {**readings, **chosen}):
            only = replace(OPTIONS, properties=(each.id,), assume=assumed)
            assert verdicts(document(path), only) == {each.id: "violated"}, assumed


# --- the same again ------------------------------------------------------------


def test_the_same_input_gives_the_same_bytes_whatever_came_before() -> None:
    paths = MIXED[:4]
    first = [render_json([check(load(str(path)), OPTIONS)], several=False) for path in paths]
    again = [render_json([check(load(str(path)), OPTIONS)], several=False) for path in reversed(paths)]
    assert first == again[::-1]


def test_the_same_input_gives_the_same_bytes_in_another_process() -> None:
    paths = [str(path) for path in MIXED[:4]]
    outputs = []
    for seed in ("1", "2"):
        command = [sys.executable, "-m", "verify", "check", "-j", "1", "-f", "json", *paths]
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        outputs.append(subprocess.run(command, capture_output=True, env=environment, check=False).stdout)
    assert outputs[0]
    assert outputs[0] == outputs[1]
