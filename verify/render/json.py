"""Results as JSON: the published format, version 1.

Keys keep one order, so that the same result is the same bytes.  A key that says nothing
about a property (a loop where nothing loops) is left out; readers ignore keys that they
do not know.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from verify.acceptance import is_accepted
from verify.verdict import (
    Acceptance,
    Change,
    Counterexample,
    Example,
    PropertyResult,
    Recovery,
    Remedy,
    RestsOn,
    Result,
    RouteRow,
    RuleStatus,
    Shown,
    Step,
    Told,
)

FORMAT_VERSION = "1.0"


def render_json(results: Sequence[Result], *, several: bool) -> str:
    """One document, or an array of them where several scenarios were asked for; no result, no text."""
    if several:
        return _text([result_document(result) for result in results])
    return _text(result_document(results[0])) if results else ""


def _text(value: Any) -> str:
    """JSON in ASCII: the bytes do not depend on the encoding of the terminal."""
    return json.dumps(value, indent=2) + "\n"


def result_document(result: Result) -> dict[str, Any]:
    """The JSON document of one result."""
    return {
        "format_version": FORMAT_VERSION,
        "scenario": {"name": result.name, "sha256": result.sha256},
        "verdict": str(result.verdict),
        "rules": [_rule(rule) for rule in result.rules],
        "properties": [_property(entry) | _accepted(entry, result) for entry in result.properties],
        "not_checked": [{"property": name, "reason": reason} for name, reason in result.not_checked],
        "warnings": list(result.warnings),
        "expectations": [
            {"property": entry.property, "expected": entry.expected, "found": entry.found, "met": entry.met}
            for entry in result.expectations
        ],
        "accepted": [_acceptance(each) for each in result.accepted],
        "stale_acceptances": [
            {**_acceptance(each.acceptance), "problem": each.problem, "message": each.message}
            for each in result.stale
        ],
        "stats": result.stats,
    }


def _accepted(entry: PropertyResult, result: Result) -> dict[str, Any]:
    """The name of what was found, and whether somebody answers for it."""
    return _present({"finding": entry.finding, "accepted": is_accepted(result, entry)})


def _acceptance(acceptance: Acceptance) -> dict[str, Any]:
    return {
        "finding": acceptance.finding,
        "reason": acceptance.reason,
        "owner": acceptance.owner,
        "expires": str(acceptance.expires),
    }


def _rule(rule: RuleStatus) -> dict[str, Any]:
    document: dict[str, Any] = {
        "id": rule.id,
        "status": rule.status,
        "kind": rule.kind,
        "objects": list(rule.objects),
        "message": rule.message,
        "source": rule.source,
    }
    breaches = [
        {"finding": each.finding, "objects": list(each.objects), "message": each.message}
        for each in rule.breaches
    ]
    return document | _present({"breaks_when": rule.breaks_when, "breaches": breaches})


def _property(entry: PropertyResult) -> dict[str, Any]:
    document: dict[str, Any] = {"id": entry.id, "verdict": str(entry.verdict), "summary": entry.summary}
    if entry.kind:
        document["kind"] = entry.kind
    if entry.rests_on is not None:
        document["rests_on"] = _rests_on(entry.rests_on)
    if entry.counterexample is not None:
        document["counterexample"] = _counterexample(entry.counterexample)
    document |= _present({"further_counterexamples": [_counterexample(each) for each in entry.further]})
    if entry.example is not None:
        document["example"] = _example(entry.example)
    alternatives = [[_remedy(remedy) for remedy in alternative] for alternative in entry.proved_if]
    document |= _present({"proved_if": alternatives})
    if entry.remedies is not None:
        document["proved_if_scope"] = {"size": entry.remedies.size, "complete": entry.remedies.complete}
    return document | _present({"warnings": list(entry.warnings)})


def _rests_on(rests_on: RestsOn) -> dict[str, Any]:
    return {
        "assumptions": list(rests_on.assumptions),
        "readings": list(rests_on.readings),
        "bounds": rests_on.bounds,
        "certificate": rests_on.certificate,
        "notes": list(rests_on.notes),
    }


def _remedy(remedy: Remedy) -> dict[str, Any]:
    to = list(remedy.to) if isinstance(remedy.to, tuple) else remedy.to
    return {"set": remedy.set, "to": to, "who": remedy.who}


def _counterexample(example: Counterexample) -> dict[str, Any]:
    document: dict[str, Any] = {
        "configuration": _values(example.configuration),
        "readings": example.readings,
        "failures": list(example.failures),
        "withdrawn": list(example.withdrawn),
        "orders": list(example.orders),
    }
    document |= _present({"kind": example.kind, "summary": example.summary, "prefix": example.prefix})
    document["routes"] = [_row(row) for row in example.routes]
    document |= _present(
        {
            "other_routes": [_row(row) for row in example.other_routes],
            "loop": list(example.loop),
            "stem": [_step(step) for step in example.stem],
            "cycle": [_step(step) for step in example.cycle],
            "recovery": {} if example.recovery is None else _recovery(example.recovery),
            "undelivered": _packet(example.undelivered),
            "delivered": _packet(example.delivered),
        }
    )
    document |= {"broken_rules": list(example.broken_rules)}
    document |= _present({"any_value": list(example.any_value), "departures": dict(example.departures)})
    return document | {"smallest": example.smallest, "replayed": example.replayed}


def _example(example: Example) -> dict[str, Any]:
    document: dict[str, Any] = {
        "configuration": _values(example.configuration),
        "readings": dict(example.readings),
        "failures": list(example.failures),
        "withdrawn": list(example.withdrawn),
        "prefix": example.prefix,
        "routes": [_row(row) for row in example.routes],
    }
    return document | _present({"packet": dict(example.packet)})


def _values(configuration: Mapping[str, Shown]) -> dict[str, Any]:
    return {path: list(v) if isinstance(v, tuple) else v for path, v in configuration.items()}


def _packet(told: Mapping[str, Told]) -> dict[str, Any]:
    return {key: list(said) if isinstance(said, tuple) else said for key, said in told.items()}


def _row(row: RouteRow) -> dict[str, Any]:
    return {
        "table": row.table,
        "prefix": row.prefix,
        "source": row.source,
        "next_hop": row.next_hop,
        "as_path": list(row.as_path),
        "state": row.state,
    }


def _step(step: Step) -> dict[str, Any]:
    document: dict[str, Any] = {
        "activate": step.activate,
        "changes": [_change(change) for change in step.changes],
    }
    return document | _present({"late": list(step.late)})


def _change(change: Change) -> dict[str, Any]:
    return {
        "table": change.table,
        "prefix": change.prefix,
        "from": None if change.before is None else _row(change.before),
        "to": None if change.after is None else _row(change.after),
    }


def _recovery(recovery: Recovery) -> dict[str, Any]:
    return {
        "failures": list(recovery.failures),
        "withdrawn": list(recovery.withdrawn),
        "changes": [_change(change) for change in recovery.changes],
    }


def _present(entries: dict[str, Any]) -> dict[str, Any]:
    """The entries that say something."""
    return {key: value for key, value in entries.items() if value}
