"""The JSON Schemas (draft 2020-12) of a scenario, of a result, of a comparison and of a fix.

The schema of a scenario comes from the classes of the document.  It takes every
valid scenario; what it cannot say (references, unique ids, host bits, at most 32
bits of length) only loading finds.  The schema of a result describes the keys
that the format promises and leaves room for others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from verify.models.acceptance import AcceptFile
from verify.models.scenario import PROPERTIES, Document
from verify.schema_parts import (
    COUNT,
    DIGEST,
    FLAG,
    TEXT,
    TEXTS,
    VALUE,
    VALUES,
    Schema,
    change,
    counterexample,
    example,
    list_of,
    object_,
    ref,
    row,
    step,
)
from verify.verdict import Verdict

DRAFT = "https://json-schema.org/draft/2020-12/schema"
VERDICTS = [str(verdict) for verdict in Verdict]
RULE_STATUSES = ["kept", "broken", "open", "not-applicable"]
WHO = ["vendor", "operator", "change"]
RULE_KINDS = ["HARD", "INV", "REC", "BEH"]

DAY: Schema = {"type": "string", "format": "date"}
ACCEPTANCE: Schema = {**dict.fromkeys(("finding", "reason", "owner"), TEXT), "expires": DAY}
STALE: Schema = {**ACCEPTANCE, "problem": {"enum": ["expired", "unused", "repeated"]}, "message": TEXT}


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
        "scenario": object_({"name": TEXT, "sha256": DIGEST}),
        "verdict": {"enum": VERDICTS},
        "rules": list_of("rule"),
        "properties": list_of("property"),
        "stats": {"type": "object"},
    }
    lists = {"expectations": "expectation", "accepted": "acceptance", "stale_acceptances": "stale_acceptance"}
    optional: Schema = {"not_checked": list_of("not_checked"), "warnings": TEXTS}
    optional |= {key: list_of(name) for key, name in lists.items()}
    definitions = {
        "rule": _rule(),
        "property": _property(),
        "rests_on": _rests_on(),
        "counterexample": counterexample(),
        "example": example(),
        "row": row(),
        "step": step(),
        "change": change(),
        "recovery": object_({"failures": TEXTS, "withdrawn": TEXTS, "changes": list_of("change")}),
        "remedy": object_({"set": TEXT, "to": {"anyOf": [VALUE, TEXTS]}}, {"who": {"enum": WHO}}),
        "not_checked": object_({"property": TEXT, "reason": TEXT}),
        "breach": object_({"finding": TEXT, "objects": TEXTS, "message": TEXT}),
        "acceptance": object_(ACCEPTANCE),
        "stale_acceptance": object_(STALE),
        "expectation": object_({"property": TEXT, "expected": TEXT, "found": TEXT, "met": FLAG}),
    }
    head = {"$schema": DRAFT, "title": "routeproof result"}
    return {**head, **object_(required, optional), "$defs": definitions}


def comparison_schema() -> Schema:
    """The schema of what a change from one scenario to another does."""
    scenario = object_({"name": TEXT, "file": TEXT, "sha256": DIGEST})
    trend: Schema = {"enum": ["worse", "better", "same"]}
    move = object_(
        {"path": TEXT, "change": {"enum": ["added", "removed", "changed"]}}, {"from": TEXT, "to": TEXT}
    )
    verdict = object_({"verdict": {"enum": VERDICTS}, "summary": TEXT}, {"kind": TEXT})
    rule = {**_rule(), "required": ["status", "kind", "objects", "message"]}
    required: Schema = {
        "format_version": {"type": "string", "pattern": r"^1\.[0-9]+$"},
        **dict.fromkeys(("old", "new"), scenario),
        "trend": trend,
        "configuration": {"type": "array", "items": move},
        "properties": _changes({"id": {"enum": list(PROPERTIES)}, "trend": trend}, _or_null(verdict)),
        "rules": _changes({"id": TEXT, "trend": trend}, rule),
        "warnings": object_({"gone": TEXTS, "new": TEXTS}),
        "routes": list_of("route_change"),
        "gaps": TEXTS,
    }
    definitions = {"row": row(), "route_change": _route_change()}
    head = {"$schema": DRAFT, "title": "routeproof comparison"}
    return {**head, **object_(required), "$defs": definitions}


def fix_schema() -> Schema:
    """The schema of the changes that mend a scenario."""
    from verify.fix_schema import schema_of_fixes  # which takes its parts from here

    return schema_of_fixes()


def _rule() -> Schema:
    return object_(
        {
            "id": TEXT,
            "status": {"enum": RULE_STATUSES},
            "kind": {"enum": RULE_KINDS},
            "objects": TEXTS,
            "message": TEXT,
        },
        {"source": TEXT, "breaks_when": VALUES, "breaches": list_of("breach")},
    )


def _property() -> Schema:
    remedies = {"type": "array", "items": list_of("remedy")}
    schema = object_(
        {"id": {"enum": list(PROPERTIES)}, "verdict": {"enum": VERDICTS}, "summary": TEXT},
        {
            "kind": TEXT,
            "rests_on": ref("rests_on"),
            "counterexample": ref("counterexample"),
            "further_counterexamples": list_of("counterexample"),
            "example": ref("example"),
            "proved_if": remedies,
            "proved_if_scope": object_({"size": COUNT, "complete": FLAG}),
            "warnings": TEXTS,
            "finding": TEXT,
            "accepted": {"const": True},
        },
    )
    shown = {"properties": {"verdict": {"enum": [Verdict.VIOLATED.value, Verdict.CONDITIONAL.value]}}}
    return {**schema, "if": shown, "then": {"required": ["counterexample"]}}


def _rests_on() -> Schema:
    bounds = {"type": "object", "additionalProperties": {"type": "integer"}}
    return object_(
        {"assumptions": TEXTS, "bounds": bounds, "certificate": TEXT}, {"readings": TEXTS, "notes": TEXTS}
    )


def _changes(named: Schema, state: Schema) -> Schema:
    """Things that have a state before and after."""
    return {"type": "array", "items": object_({**named, "before": state, "after": state})}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [{"type": "null"}, schema]}


def _route_change() -> Schema:
    shown: Schema = {"type": "array", "items": _or_null(ref("row"))}
    both: Schema = {"before": shown, "after": shown}
    value = _or_null(VALUE)
    choice = object_({"choice": TEXT, "role": TEXT, "before": value, "after": value})
    example = object_({"choices": {"type": "array", "items": choice}, **both})
    table: Schema = {"table": TEXT, "prefixes": TEXTS, "presence": {"enum": ["both", "added", "removed"]}}
    settles = object_({"before": FLAG, "after": FLAG})
    return object_({**table, "settles": settles, **both}, {"example": example})


SCHEMAS: Mapping[str, Callable[[], Schema]] = MappingProxyType(
    {
        "scenario": scenario_schema,
        "result": result_schema,
        "comparison": comparison_schema,
        "fix": fix_schema,
        "accept": accept_schema,
    }
)
