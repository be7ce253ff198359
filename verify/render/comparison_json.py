"""What a change does, as JSON: the published schema `comparison`."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from verify.compared import Comparison, RouteChange
from verify.moved import Move
from verify.verdict import PropertyResult, RouteRow, RuleStatus

FORMAT_VERSION = "1.0"
Json = dict[str, Any]


def comparison_json(comparison: Comparison) -> str:
    """The JSON document of a comparison, in ASCII."""
    return json.dumps(comparison_document(comparison), indent=2) + "\n"


def comparison_document(found: Comparison) -> Json:
    """The JSON document of a comparison."""
    return {
        "format_version": FORMAT_VERSION,
        "old": asdict(found.old),
        "new": asdict(found.new),
        "trend": str(found.trend),
        "configuration": [_move(move) for move in found.moves],
        "properties": [
            {"id": p.id, "trend": str(p.trend), "before": _property(p.before), "after": _property(p.after)}
            for p in found.properties
        ],
        "rules": [
            {"id": r.id, "trend": str(r.trend), "before": _rule(r.before), "after": _rule(r.after)}
            for r in found.rules
        ],
        "warnings": {"gone": list(found.warnings_gone), "new": list(found.warnings_new)},
        "routes": [_route(change) for change in found.routes],
        "gaps": list(found.gaps),
    }


def _move(move: Move) -> Json:
    values = {"from": move.before, "to": move.after}
    return {"path": move.path, "change": move.kind, **{key: text for key, text in values.items() if text}}


def _property(entry: PropertyResult | None) -> Json | None:
    if entry is None:
        return None
    kind = {"kind": entry.kind} if entry.kind else {}
    return {"verdict": str(entry.verdict), **kind, "summary": entry.summary}


def _rule(rule: RuleStatus) -> Json:
    return {
        "status": rule.status,
        "kind": rule.kind,
        "objects": list(rule.objects),
        "message": rule.message,
        "source": rule.source,
    }


def _route(change: RouteChange) -> Json:
    document: Json = {
        "table": change.table,
        "prefixes": list(change.prefixes),
        "presence": change.presence,
        "settles": dict(zip(("before", "after"), change.settles, strict=True)),
        "before": [_row(row) for row in change.before],
        "after": [_row(row) for row in change.after],
    }
    if change.example is not None:
        document["example"] = {
            "choices": [
                {"choice": c.name, "role": str(c.role), "before": c.before, "after": c.after}
                for c in change.example.choices
            ],
            "before": [_row(row) for row in change.example.before],
            "after": [_row(row) for row in change.example.after],
        }
    return document


def _row(row: RouteRow | None) -> Json | None:
    return None if row is None else {**asdict(row), "as_path": list(row.as_path)}
