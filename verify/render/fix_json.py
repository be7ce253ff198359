"""A fix as JSON: the published schema `fix`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from verify.fixing import Fix
from verify.models.edits import Edit

FORMAT_VERSION = "1.0"
Json = dict[str, Any]


def fix_json(found: Fix) -> str:
    """The JSON document of a fix, in ASCII."""
    return json.dumps(fix_document(found), indent=2) + "\n"


def fix_document(found: Fix) -> Json:
    """The JSON document of a fix."""
    edits, order = found.edits, found.order
    after = {} if found.after is None else {entry.id: str(entry.verdict) for entry in found.after.properties}
    return {
        "format_version": FORMAT_VERSION,
        "scenario": {"name": found.name, "file": found.file, "sha256": found.sha256},
        "answer": str(found.answer),
        "cost": found.mending.cost,
        "cheapest": found.mending.smallest,
        "note": found.mending.note,
        "edits": [_edit(edit) for edit in edits],
        "charges": [
            {"kind": charge.kind, "price": charge.price, "edits": _positions(charge.edits, edits)}
            for charge in found.charges
        ],
        "diff": found.diff,
        "steps": []
        if order is None
        else [
            {
                "text": action.text,
                "edits": _positions(action.edits, edits),
                "worse": [asdict(each) for each in worse],
            }
            for action, worse in zip(order.actions, order.worse, strict=True)
        ],
        "order": None
        if order is None
        else {"harmless": order.harmless, "complete": order.complete, "checked": order.checked},
        "properties": [
            {"id": entry.id, "before": str(entry.verdict), "after": after.get(entry.id)}
            for entry in found.before.properties
        ],
        "notes": list(found.notes),
    }


def _edit(edit: Edit) -> Json:
    return {"op": edit.op, "path": edit.path, "steps": list(edit.steps), "value": edit.value}


def _positions(some: Iterable[Edit], edits: tuple[Edit, ...]) -> list[int]:
    return [next(n for n, other in enumerate(edits) if other is edit) for edit in some]
