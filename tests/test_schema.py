"""The published schemas: every shipped scenario fits, and so does every kind of result."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import verify.scenarios
from verify.jsonc import read_jsonc
from verify.schema import result_schema, scenario_schema

LIBRARY = sorted(Path(verify.scenarios.__file__ or "").parent.rglob("*.json"))
SCENARIO = Draft202012Validator(scenario_schema())
RESULT = Draft202012Validator(result_schema())


@pytest.mark.parametrize("schema", [scenario_schema(), result_schema()], ids=["scenario", "result"])
def test_the_schemas_are_schemas(schema: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.stem)
def test_every_shipped_scenario_fits(path: Path) -> None:
    SCENARIO.validate(read_jsonc(path.read_text(encoding="utf-8")).value)


@pytest.mark.parametrize(
    "members",
    [
        {"vpcs": [{}]},
        {"vpcs": [{"id": "v", "vswitch": []}]},
        {"expect": {"no-loops": "proved"}},
        {"expect": {"isolation": "proven"}},
        {"assume": {"conflicts": "identical"}},
        {"environment": {"max_failures": -1}},
        {"data_centers": [{"id": "d", "prefers": {"one_of": []}}]},
        {"data_centers": [{"id": "d", "prefixes": [5]}]},
        {"version": 2},
    ],
)
def test_the_schema_refuses_what_loading_refuses(members: dict[str, Any]) -> None:
    assert SCENARIO.is_valid({"version": 1})
    assert not SCENARIO.is_valid({"version": 1, **members})


@pytest.mark.parametrize(
    "prefix",
    [
        "10.0.0.0/8",
        {"prefix": "10.0.0.0/8", "announced": "any"},
        {"within": "10.0.0.0/8", "length": [24, 24]},
    ],
)
def test_all_forms_of_a_prefix_fit(prefix: object) -> None:
    SCENARIO.validate({"version": 1, "data_centers": [{"id": "d", "prefixes": [prefix]}]})


ROW = {
    "table": "g",
    "prefix": "10.0.0.0/8",
    "source": "CLOUD",
    "next_hop": "v",
    "as_path": [1],
    "state": "selected",
}
EXAMPLE: dict[str, Any] = {
    "configuration": {"data_centers.d.prefers": "external"},
    "readings": {"conflict": "identical"},
    "failures": [],
    "routes": [ROW],
    "cycle": [{"activate": "g", "changes": [{"table": "g", "from": None, "to": ROW}], "delivered": {"v": 2}}],
    "broken_rules": ["R14"],
    "replayed": True,
}


def result(**property_members: Any) -> dict[str, Any]:
    entry = {"id": "no-route-flapping", "verdict": "violated", "summary": "it flaps", **property_members}
    return {
        "format_version": "1.0",
        "scenario": {"name": "x", "sha256": "0" * 64},
        "verdict": "violated",
        "rules": [{"id": "R14", "status": "broken", "kind": "INV", "objects": ["g"], "message": "differ"}],
        "properties": [entry],
        "not_checked": [{"property": "isolation", "reason": "no intent"}],
        "stats": {},
    }


def test_a_result_fits_and_may_have_further_keys() -> None:
    remedies = [[{"set": "conflict", "to": "identical", "who": "vendor"}]]
    RESULT.validate({**result(counterexample=EXAMPLE, proved_if=remedies), "later": 1})


def test_a_violation_needs_a_counterexample_that_was_replayed() -> None:
    assert not RESULT.is_valid(result())
    assert not RESULT.is_valid(result(counterexample={**EXAMPLE, "replayed": False}))


def test_a_proof_needs_none() -> None:
    RESULT.validate(result(verdict="proved"))
