"""Parts of JSON Schemas that several documents have: plain values, rows, runs, counterexamples."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer", "minimum": 0}
DIGEST: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
TEXTS: Schema = {"type": "array", "items": TEXT}
VALUE: Schema = {"type": ["boolean", "integer", "string"]}
VALUES: Schema = {"type": "object", "additionalProperties": VALUE}
CONFIGURATION: Schema = {"type": "object", "additionalProperties": {"anyOf": [VALUE, TEXTS]}}


def object(required: Schema, optional: Schema | None = None) -> Schema:
    return {"type": "object", "required": list(required), "properties": {**required, **(optional or {})}}


def object_(required: Schema, optional: Schema | None = None) -> Schema:
    """An object with the keys that it must have and those that it can have."""
    return {"type": "object", "required": list(required), "properties": {**required, **(optional or {})}}


def ref(name: str) -> Schema:
    """A definition of the same schema."""
    return {"$ref": f"#/$defs/{name}"}


def list_of(name: str) -> Schema:
    """A list of what a definition describes."""
    return {"type": "array", "items": ref(name)}


def counterexample() -> Schema:
    """A counterexample."""
    packet: Schema = {"type": "object", "properties": {"rules": TEXTS}, "additionalProperties": TEXT}
    return object_(
        {
            "configuration": CONFIGURATION,
            "readings": VALUES,
            "failures": TEXTS,
            "routes": list_of("row"),
            "broken_rules": TEXTS,
            "replayed": {"const": True},
        },
        {
            "kind": TEXT,
            "summary": TEXT,
            "prefix": TEXT,
            "withdrawn": TEXTS,
            "orders": TEXTS,
            "any_value": TEXTS,
            "departures": {"type": "object", "additionalProperties": COUNT},
            "smallest": FLAG,
            "other_routes": list_of("row"),
            "loop": TEXTS,
            "stem": list_of("step"),
            "cycle": list_of("step"),
            "recovery": ref("recovery"),
            "undelivered": packet,
            "delivered": packet,
        },
    )


def example() -> Schema:
    """A run that a proof covers."""
    return object_(
        {
            "configuration": CONFIGURATION,
            "readings": VALUES,
            "failures": TEXTS,
            "withdrawn": TEXTS,
            "prefix": TEXT,
            "routes": list_of("row"),
        },
        {"packet": {"type": "object", "additionalProperties": TEXT}},
    )


def row() -> Schema:
    """A row of a route table."""
    path = {"type": "array", "items": {"type": "integer"}}
    columns = dict.fromkeys(("table", "prefix", "source", "next_hop", "state"), TEXT)
    return object_({**columns, "as_path": path})


def step() -> Schema:
    """One activation of a run."""
    counts = {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}}
    return object_({"activate": TEXT, "changes": list_of("change")}, {"delivered": counts})


def change() -> Schema:
    """What a table selects before and after."""
    row_or_none = {"anyOf": [{"type": "null"}, ref("row")]}
    return object_({"table": TEXT, "from": row_or_none, "to": row_or_none}, {"prefix": TEXT})
