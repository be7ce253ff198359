"""Every reason why traffic does not arrive has a shipped scenario that fails for it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import verify.scenarios
from verify.check import CheckOptions, check
from verify.explain import find_explanation
from verify.load import load
from verify.models.reasons import BY_ID, DELIBERATE, REASONS, SESSION, UNCERTAIN, WAYS
from verify.models.rulebook import BY_ID as RULES
from verify.render.json import render_json
from verify.render.layout import Page
from verify.render.text import Detail, render_result
from verify.schema import result_schema
from verify.verdict import Counterexample, Result, Verdict

FOLDER = Path(verify.scenarios.__file__ or "").parent / "reasons"
PROPERTY = "no-ineffective-routes"
CODES = tuple(reason.id for reason in REASONS)


def found(code: str) -> Result:
    return check(load(str(FOLDER / f"{code}.json")), CheckOptions(properties=(PROPERTY,)))


def example(result: Result) -> Counterexample:
    (entry,) = result.properties
    assert entry.verdict is Verdict.VIOLATED
    assert entry.counterexample is not None
    assert entry.counterexample.replayed
    return entry.counterexample


@pytest.mark.parametrize("code", CODES)
def test_the_scenario_of_a_reason_fails_for_it(code: str) -> None:
    result = found(code)
    told = example(result).undelivered
    assert told["reason"] == code
    assert f"({code})" in result.properties[0].summary
    assert set(told.get("rules", ())) <= set(BY_ID[code].rules)
    assert bool(told.get("rules")) is bool(BY_ID[code].rules)


def test_every_scenario_of_a_reason_is_named_for_one() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.json")) == sorted(CODES)


@pytest.mark.parametrize("code", CODES)
def test_a_reason_can_be_explained(code: str) -> None:
    entry = find_explanation(code)
    assert entry is not None
    assert entry.statement == BY_ID[code].meaning
    assert entry.sort.startswith("reason")


def test_the_rules_of_a_reason_exist() -> None:
    named = {rule for reason in REASONS for rule in reason.rules}
    assert named <= set(RULES)
    assert set(WAYS) <= named
    assert {*DELIBERATE, *UNCERTAIN, *SESSION} <= set(CODES)


@pytest.mark.parametrize(
    ("code", "rules"),
    [
        ("auto-advertise-off", ["R05", "R26"]),
        ("custom-table", ["R06"]),
        ("over-quota", ["R08"]),
        ("default-route", ["R09"]),
        ("shared-address-space", ["R10"]),
        ("overlap-refused", ["R16"]),
        ("conflict", ["R18"]),
        ("shielded", ["P02"]),
        ("hybrid-rejected", ["P04"]),
    ],
)
def test_a_finding_names_the_rules_that_it_comes_from(code: str, rules: list[str]) -> None:
    result = found(code)
    shown = render_result(result, Page(100, False), Detail.NORMAL)
    assert all(f"rule {rule}: {RULES[rule].title}" in shown for rule in rules)
    document = json.loads(render_json([result], several=False))
    assert document["properties"][0]["counterexample"]["undelivered"]["rules"] == rules
    Draft202012Validator(result_schema()).validate(document)
