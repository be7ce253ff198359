"""The shipped scenarios as plain JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from verify.jsonc import read_jsonc

Json = dict[str, Any]
LIBRARY = Path(__file__).parent.parent / "scenarios"
SCENARIOS = tuple(sorted(LIBRARY.glob("*/*.json")))
NETWORKS = tuple(path for path in SCENARIOS if path.parent.name != "gadgets")


def document(path: Path) -> Json:
    """A shipped scenario without its expectations."""
    found = read_jsonc(path.read_text()).value
    assert isinstance(found, dict)
    return {key: value for key, value in json.loads(json.dumps(found)).items() if key != "expect"}
