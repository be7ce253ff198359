"""The JSON Schema of what `verify fix` finds."""

from __future__ import annotations

from verify.fixing import Answer
from verify.models.prices import KINDS
from verify.schema import DRAFT, VERDICTS
from verify.schema_parts import COUNT, DIGEST, FLAG, TEXT, TEXTS, Schema


def schema_of_fixes() -> Schema:
    """The schema of a fix.

    `value` of an edit is JSON as it goes into the document; `edits` of charges and steps
    are positions in the list of edits.
    """
    edit = _object(
        {
            "op": {"enum": ["set", "add", "remove"]},
            "path": TEXT,
            "steps": {**TEXTS, "minItems": 1},
            "value": {},
        }
    )
    positions: Schema = {"type": "array", "items": COUNT, "minItems": 1}
    charge = _object({"kind": {"enum": list(KINDS)}, "price": COUNT, "edits": positions})
    worse = _object({"id": TEXT, "before": TEXT, "after": TEXT})
    step = _object({"text": TEXT, "edits": positions, "worse": _list_of(worse)})
    order = _object({"harmless": FLAG, "complete": FLAG, "checked": COUNT})
    verdict: Schema = {"anyOf": [{"type": "null"}, {"enum": VERDICTS}]}
    required: Schema = {
        "format_version": {"type": "string", "pattern": r"^1\.[0-9]+$"},
        "scenario": _object({"name": TEXT, "file": TEXT, "sha256": DIGEST}),
        "answer": {"enum": [str(answer) for answer in Answer]},
        "cost": COUNT,
        "cheapest": FLAG,
        "note": TEXT,
        "edits": _list_of(edit),
        "charges": _list_of(charge),
        "diff": TEXT,
        "steps": _list_of(step),
        "order": {"anyOf": [{"type": "null"}, order]},
        "properties": _list_of(_object({"id": TEXT, "before": verdict, "after": verdict})),
        "notes": TEXTS,
    }
    return {"$schema": DRAFT, "title": "routeproof fix", **_object(required)}


def _object(required: Schema) -> Schema:
    return {"type": "object", "required": list(required), "properties": required}


def _list_of(items: Schema) -> Schema:
    return {"type": "array", "items": items}
