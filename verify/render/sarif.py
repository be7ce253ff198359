"""SARIF 2.1.0: findings with their places in the scenario file, and every rule declared."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from verify.batch import Outcome
from verify.findings import ACCEPTANCE, Finding, findings, located_fault
from verify.glossary import PROPERTIES, RULE_KINDS
from verify.models.rulebook import RULES
from verify.verdict import Acceptance

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
    return [
        *declared,
        {
            "id": "scenario",
            "name": "scenario",
            "shortDescription": {"text": "What is odd in a scenario."},
            "defaultConfiguration": {"level": "warning"},
        },
        {
            "id": ACCEPTANCE,
            "name": ACCEPTANCE,
            "shortDescription": {"text": "An accepted risk has expired or is none of this scenario."},
            "defaultConfiguration": {"level": "error"},
        },
    ]


def _location(file: str, finding: Finding) -> dict[str, Any]:
    region = {"startLine": finding.line, "startColumn": finding.column}
    physical = {"artifactLocation": {"uri": _uri(finding.file or file)}, "region": region}
    logical = [{"name": name} for name in dict.fromkeys(finding.objects)]
    return {"physicalLocation": physical, **({"logicalLocations": logical} if logical else {})}


def _result(file: str, finding: Finding, order: dict[str, int]) -> dict[str, Any]:
    return {
        "ruleId": finding.id,
        "ruleIndex": order[finding.id],
        "level": finding.level,
        "message": {"text": finding.message},
        "locations": [_location(file, finding)],
        "partialFingerprints": {"finding/v1": _fingerprint(file, finding)},
        "suppressions": [] if finding.acceptance is None else [_suppression(finding.acceptance)],
        **({"properties": {"finding": finding.name}} if finding.name else {}),
    }


def _fingerprint(file: str, finding: Finding) -> str:
    """What stays the same while the finding does: its name, or else its words."""
    named = finding.name or f"{finding.id}: {finding.message}"
    return hashlib.sha256(f"{_uri(file)}\n{named}".encode("utf-8", "backslashreplace")).hexdigest()


def _suppression(acceptance: Acceptance) -> dict[str, Any]:
    return {
        "kind": "external" if acceptance.file else "inSource",
        "status": "accepted",
        "justification": f"{acceptance.reason} ({acceptance.owner}, until {acceptance.expires})",
    }


def _notes(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """What kept scenarios from being checked."""
    told = [
        {
            "level": "error",
            "message": {"text": text},
            "locations": [_location(outcome.source.label, located_fault(text, outcome.source.label))],
        }
        for outcome in outcomes
        for text in (outcome.faults or ((outcome.failure,) if outcome.failure else ()))
    ]
    return {"toolExecutionNotifications": told} if told else {}


def _uri(file: str) -> str:
    """A relative reference, or for an absolute path a URI; names are taken as the bytes that they are."""
    from urllib.parse import quote

    start = "file://" if os.path.isabs(file) else ""
    return start + quote(os.fsencode(file.replace(os.sep, "/")), safe="/.-_~")
