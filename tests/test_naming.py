"""Names of findings: stable where the finding is the same, and different where it is another one."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from functools import cache
from random import Random
from typing import Any

import pytest

from tests.source_code import ROOT
from verify import CheckOptions, check, load
from verify.acceptance import names_in
from verify.accepting import faulty_acceptances
from verify.explain import find_explanation
from verify.glossary import WHY_UNKNOWN
from verify.jsonc import read_jsonc
from verify.naming import finding_name
from verify.propagation import DOUBTS
from verify.status import ExitStatus, exit_status
from verify.verdict import Acceptance, Result, Verdict

LOOP = ROOT / "scenarios" / "bad" / "r14-different-local-asns.json"
LOOPS = "no-routing-loops/conditional/forwarding-loop@dc-1,vgw-1,vgw-2,vpc-a"


@cache
def found() -> Result:
    """What is found of a design with a loop."""
    return check(load(LOOP))


def test_a_name_does_not_depend_on_the_order_of_its_objects_and_cannot_be_forged() -> None:
    assert finding_name("R14", "violated", "", ["b", "a"]) == finding_name("R14", "violated", "", ["a", "b"])
    assert finding_name("R14", "violated", "", ["a,b"]) != finding_name("R14", "violated", "", ["a", "b"])
    assert finding_name("R14", "violated", "", ["a#2"]) != finding_name("R14", "violated", "", ["a"]) + "#2"
    assert finding_name("R14", "violated", "", ['a b"%\\']) == "R14/violated@a%20b%22%25%5C"


def shuffled(value: Any, generator: Random, key: str = "") -> Any:
    """A document with its lists in another order, except those in which the order has a meaning."""
    if isinstance(value, dict):
        return {name: shuffled(each, generator, name) for name, each in value.items()}
    if isinstance(value, list):
        inner = [shuffled(each, generator) for each in value]
        if key not in ("between", "length", "count", "tunnels"):
            generator.shuffle(inner)
        return inner
    return value


SHUFFLED = ("r14-different-local-asns-loop", "r17-different-local-asns-loop", "r18-two-sites-one-prefix",
            "r12-sites-pass-routes-on", "failure-returns-in-another-state", "mc-terrarium-azure")  # fmt: skip


@pytest.mark.parametrize("name", SHUFFLED)
def test_names_do_not_depend_on_the_order_of_the_file(name: str) -> None:
    written = read_jsonc((LOOP.parent / f"{name}.json").read_text(encoding="utf-8")).value
    documents = (written, shuffled(written, Random(1)), shuffled(written, Random(2)))
    names = [sorted(names_in(check(load("x.json", json.dumps(each))))) for each in documents]
    assert names[0]
    assert names[0] == names[1] == names[2]


def test_names_do_not_depend_on_what_is_elsewhere() -> None:
    written = json.loads(LOOP.read_text(encoding="utf-8"))
    written["vpcs"].append({"id": "vpc-0", "vswitches": [{"id": "vsw-0", "cidr": "192.168.0.0/24"}]})
    written["description"] = "another one"
    del written["expect"]
    assert sorted(names_in(check(load("x.json", json.dumps(written))))) == sorted(names_in(found()))


def test_a_violation_at_another_place_has_another_name() -> None:
    written = LOOP.read_text(encoding="utf-8").replace('"vgw-2"', '"vgw-9"')
    moved = set(names_in(check(load("x.json", written))))
    assert LOOPS in names_in(found())
    assert LOOPS not in moved
    assert LOOPS.replace("vgw-2", "vgw-9") in moved


def test_acceptance_and_every_kind_of_doubt_is_explained() -> None:
    entry = find_explanation("accept")
    assert entry is not None
    assert "R14/violated@" in " ".join(text for _, text in entry.facts)
    assert all(find_explanation(code) for code in (*WHY_UNKNOWN, *DOUBTS.values()))


def test_what_was_not_decided_for_another_reason_is_another_finding() -> None:
    names = [finding_name("no-route-flapping", "unknown", code, ()) for code in WHY_UNKNOWN]
    assert len(set(names)) == len(WHY_UNKNOWN)
    entries = [{"finding": name} for name in (*names, "isolation/unknown/x")]
    objections = faulty_acceptances({"accept": entries})
    assert [each.place for each in objections] == [("accept", len(names), "finding")]


def test_a_solver_that_gives_up_leaves_a_finding_that_can_be_accepted() -> None:
    loaded = load(ROOT / "scenarios" / "good" / "failure-gateway-beside-circuit.json")
    limits = CheckOptions(rlimit=1, properties=("no-route-flapping",))
    (entry,) = check(loaded, limits).properties
    assert (entry.verdict, entry.finding) == (Verdict.UNKNOWN, "no-route-flapping/unknown/solver-limit")
    acceptance = Acceptance(entry.finding, "x", "y", date(2027, 3, 31))
    accepted = check(loaded, replace(limits, accept=(acceptance,), today=date(2027, 1, 1)))
    assert accepted.properties == (entry,)
    assert exit_status(replace(accepted, expectations=())) is ExitStatus.FINE
