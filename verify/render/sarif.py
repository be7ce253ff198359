"""SARIF 2.1.0: findings with their places in the scenario file, and every rule declared."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from verify.batch import Outcome
from verify.findings import Finding, findings
from verify.glossary import PROPERTIES, RULE_KINDS
from verify.models.rulebook import RULES

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVEL_OF = {"HARD": "error", "INV": "error", "REC": "note", "BEH": "note"}


def render_sarif(outcomes: Sequence[Outcome]) -> str:
    """One run over all scenarios."""
    rules = _rules()
    order = {rule["id"]: index for index, rule in enumerate(rules)}
    results = [
        _result(outcome.source.label, finding, order)
        for outcome in outcomes
        if outcome.result is not None
        for finding in findings(outcome.result)
    ]
    driver = {"name": "routeproof", "version": version("routeproof"), "rules": rules}
    complete = all(outcome.result is not None for outcome in outcomes)
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": complete, **_notes(outcomes)}],
        "results": results,
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rules() -> list[dict[str, Any]]:
    """All rules of the rulebook, all properties, and what is said of a scenario as a whole."""
    declared = [
        {
            "id": rule.id,
            "name": rule.title,
            "shortDescription": {"text": rule.title},
            "fullDescription": {"text": rule.statement},
            "help": {"text": f"{rule.consequence} Source: {rule.source}. Kind: {RULE_KINDS[rule.kind]}."},
            "defaultConfiguration": {"level": LEVEL_OF[rule.kind]},
        }
        for rule in RULES
    ]
    declared += [
        {
            "id": name,
            "name": name,
            "shortDescription": {"text": statement},
            "defaultConfiguration": {"level": "error"},
        }
        for name, statement in PROPERTIES.items()
    ]
    odd = {
        "id": "scenario",
        "name": "scenario",
        "shortDescription": {"text": "What is odd in a scenario."},
        "defaultConfiguration": {"level": "warning"},
    }
    return [*declared, odd]


def _result(file: str, finding: Finding, order: dict[str, int]) -> dict[str, Any]:
    region = {"startLine": finding.line, "startColumn": finding.column}
    location: dict[str, Any] = {
        "physicalLocation": {"artifactLocation": {"uri": _uri(file)}, "region": region},
        "logicalLocations": [{"name": name} for name in finding.objects],
    }
    return {
        "ruleId": finding.id,
        "ruleIndex": order[finding.id],
        "level": finding.level,
        "message": {"text": finding.message},
        "locations": [location],
    }


def _notes(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """What kept scenarios from being checked."""
    texts = [text for o in outcomes for text in (o.faults or ((o.failure,) if o.failure else ()))]
    if not texts:
        return {}
    return {"toolExecutionNotifications": [{"level": "error", "message": {"text": text}} for text in texts]}


def _uri(file: str) -> str:
    from urllib.parse import quote

    return quote(file.replace("\\", "/"), safe="/.-_~")
