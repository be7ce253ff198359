"""The JSON Schemas (draft 2020-12) of a scenario, of a result, and of a comparison of two scenarios.

The schema of a scenario comes from the classes of the document.  It takes every
valid scenario; what it cannot say (references, unique ids, host bits, at most 32
bits of length) only loading finds.  The schema of a result describes the keys
that the format promises and leaves room for others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from verify.models.acceptance import AcceptFile
from verify.models.scenario import PROPERTIES, Document
from verify.verdict import Verdict

Schema = dict[str, Any]

DRAFT = "https://json-schema.org/draft/2020-12/schema"
VERDICTS = [str(verdict) for verdict in Verdict]
RULE_STATUSES = ["kept", "broken", "open", "not-applicable"]
RULE_KINDS = ["HARD", "INV", "REC", "BEH"]

TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
DIGEST: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
TEXTS: Schema = {"type": "array", "items": TEXT}
VALUE: Schema = {"type": ["boolean", "integer", "string"]}
VALUES: Schema = {"type": "object", "additionalProperties": VALUE}
DAY: Schema = {"type": "string", "format": "date"}
ACCEPTANCE: Schema = {**dict.fromkeys(("finding", "reason", "owner"), TEXT), "expires": DAY}
STALE: Schema = {**ACCEPTANCE, "problem": {"enum": ["expired", "unused", "repeated"]}, "message": TEXT}
CONFIGURATION: Schema = {"type": "object", "additionalProperties": {"anyOf": [VALUE, TEXTS]}}


def scenario_schema() -> Schema:
    """The schema of a scenario."""
    schema = Document.model_json_schema(by_alias=True)
    schema["properties"]["expect"] = {
        "type": "object",
        "properties": {name: {"enum": VERDICTS} for name in PROPERTIES},
        "additionalProperties": False,
    }
    return {"$schema": DRAFT, **schema, "title": "routeproof scenario"}


def accept_schema() -> Schema:
    """The schema of a file of accepted risks."""
    return {"$schema": DRAFT, **AcceptFile.model_json_schema(), "title": "routeproof accepted risks"}


def result_schema() -> Schema:
    """The schema of the result of one scenario."""
    required: Schema = {
        "format_version": {"type": "string", "pattern": r"^1\.[0-9]+$"},
        "scenario": _object({"name": TEXT, "sha256": DIGEST}),
        "verdict": {"enum": VERDICTS},
        "rules": _list_of("rule"),
        "properties": _list_of("property"),
        "stats": {"type": "object"},
    }
    lists = {"expectations": "expectation", "accepted": "acceptance", "stale_acceptances": "stale_acceptance"}
    optional: Schema = {"not_checked": _list_of("not_checked"), "warnings": TEXTS}
    optional |= {key: _list_of(name) for key, name in lists.items()}
    definitions = {
        "rule": _rule(),
        "property": _property(),
        "rests_on": _rests_on(),
        "counterexample": _counterexample(),
        "example": _example(),
        "row": _row(),
        "step": _step(),
        "change": _change(),
        "recovery": _object({"failures": TEXTS, "withdrawn": TEXTS, "changes": _list_of("change")}),
        "remedy": _object({"set": TEXT, "to": VALUE}, {"who": {"enum": ["vendor", "operator", "change"]}}),
        "not_checked": _object({"property": TEXT, "reason": TEXT}),
        "breach": _object({"finding": TEXT, "objects": TEXTS, "message": TEXT}),
        "acceptance": _object(ACCEPTANCE),
        "stale_acceptance": _object(STALE),
        "expectation": _object({"property": TEXT, "expected": TEXT, "found": TEXT, "met": FLAG}),
    }
    head = {"$schema": DRAFT, "title": "routeproof result"}
    return {**head, **_object(required, optional), "$defs": definitions}


def comparison_schema() -> Schema:
    """The schema of what a change from one scenario to another does."""
    scenario = _object({"name": TEXT, "file": TEXT, "sha256": DIGEST})
    trend: Schema = {"enum": ["worse", "better", "same"]}
    move = _object(
        {"path": TEXT, "change": {"enum": ["added", "removed", "changed"]}}, {"from": TEXT, "to": TEXT}
    )
    verdict = _object({"verdict": {"enum": VERDICTS}, "summary": TEXT}, {"kind": TEXT})
    rule = {**_rule(), "required": ["status", "kind", "objects", "message"]}
    required: Schema = {
        "format_version": {"type": "string", "pattern": r"^1\.[0-9]+$"},
        **dict.fromkeys(("old", "new"), scenario),
        "trend": trend,
        "configuration": {"type": "array", "items": move},
        "properties": _changes({"id": {"enum": list(PROPERTIES)}, "trend": trend}, _or_null(verdict)),
        "rules": _changes({"id": TEXT, "trend": trend}, rule),
        "warnings": _object({"gone": TEXTS, "new": TEXTS}),
        "routes": _list_of("route_change"),
        "gaps": TEXTS,
    }
    definitions = {"row": _row(), "route_change": _route_change()}
    head = {"$schema": DRAFT, "title": "routeproof comparison"}
    return {**head, **_object(required), "$defs": definitions}


def _object(required: Schema, optional: Schema | None = None) -> Schema:
    return {"type": "object", "required": list(required), "properties": {**required, **(optional or {})}}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _list_of(name: str) -> Schema:
    return {"type": "array", "items": _ref(name)}


def _rule() -> Schema:
    return _object(
        {
            "id": TEXT,
            "status": {"enum": RULE_STATUSES},
            "kind": {"enum": RULE_KINDS},
            "objects": TEXTS,
            "message": TEXT,
        },
        {"source": TEXT, "breaks_when": VALUES, "breaches": _list_of("breach")},
    )


def _property() -> Schema:
    remedies = {"type": "array", "items": _list_of("remedy")}
    schema = _object(
        {"id": {"enum": list(PROPERTIES)}, "verdict": {"enum": VERDICTS}, "summary": TEXT},
        {
            "kind": TEXT,
            "rests_on": _ref("rests_on"),
            "counterexample": _ref("counterexample"),
            "example": _ref("example"),
            "proved_if": remedies,
            "warnings": TEXTS,
            "finding": TEXT,
            "accepted": {"const": True},
        },
    )
    shown = {"properties": {"verdict": {"enum": [Verdict.VIOLATED.value, Verdict.CONDITIONAL.value]}}}
    return {**schema, "if": shown, "then": {"required": ["counterexample"]}}


def _rests_on() -> Schema:
    bounds = {"type": "object", "additionalProperties": {"type": "integer"}}
    return _object(
        {"assumptions": TEXTS, "bounds": bounds, "certificate": TEXT}, {"readings": TEXTS, "notes": TEXTS}
    )


def _counterexample() -> Schema:
    packet: Schema = {"type": "object", "properties": {"rules": TEXTS}, "additionalProperties": TEXT}
    return _object(
        {
            "configuration": CONFIGURATION,
            "readings": VALUES,
            "failures": TEXTS,
            "routes": _list_of("row"),
            "broken_rules": TEXTS,
            "replayed": {"const": True},
        },
        {
            "prefix": TEXT,
            "withdrawn": TEXTS,
            "orders": TEXTS,
            "other_routes": _list_of("row"),
            "loop": TEXTS,
            "stem": _list_of("step"),
            "cycle": _list_of("step"),
            "recovery": _ref("recovery"),
            "undelivered": packet,
            "delivered": packet,
        },
    )


def _example() -> Schema:
    return _object(
        {
            "configuration": CONFIGURATION,
            "readings": VALUES,
            "failures": TEXTS,
            "withdrawn": TEXTS,
            "prefix": TEXT,
            "routes": _list_of("row"),
        },
        {"packet": {"type": "object", "additionalProperties": TEXT}},
    )


def _row() -> Schema:
    path = {"type": "array", "items": {"type": "integer"}}
    columns = dict.fromkeys(("table", "prefix", "source", "next_hop", "state"), TEXT)
    return _object({**columns, "as_path": path})


def _step() -> Schema:
    counts = {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}}
    return _object({"activate": TEXT, "changes": _list_of("change")}, {"delivered": counts})


def _change() -> Schema:
    row_or_none = {"anyOf": [{"type": "null"}, _ref("row")]}
    return _object({"table": TEXT, "from": row_or_none, "to": row_or_none}, {"prefix": TEXT})


def _changes(named: Schema, state: Schema) -> Schema:
    """Things that have a state before and after."""
    return {"type": "array", "items": _object({**named, "before": state, "after": state})}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [{"type": "null"}, schema]}


def _route_change() -> Schema:
    shown: Schema = {"type": "array", "items": _or_null(_ref("row"))}
    both: Schema = {"before": shown, "after": shown}
    value = _or_null(VALUE)
    choice = _object({"choice": TEXT, "role": TEXT, "before": value, "after": value})
    example = _object({"choices": {"type": "array", "items": choice}, **both})
    table: Schema = {"table": TEXT, "prefixes": TEXTS, "presence": {"enum": ["both", "added", "removed"]}}
    settles = _object({"before": FLAG, "after": FLAG})
    return _object({**table, "settles": settles, **both}, {"example": example})


SCHEMAS: Mapping[str, Callable[[], Schema]] = MappingProxyType(
    {
        "scenario": scenario_schema,
        "result": result_schema,
        "comparison": comparison_schema,
        "accept": accept_schema,
    }
)
