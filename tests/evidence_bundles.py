"""Bundles of some shipped scenarios, each made once in a process, and copies of them to tamper with."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.shipped import LIBRARY
from verify import cli

Json = dict[str, Any]
GOOD, BAD, CONDITIONAL = "good/r18-single-tunnel-connections", "reasons/black-hole", "bad/r17-two-vpcs"
GADGET, OPEN = "gadgets/disagree", "open/failure-standby-that-advertises-or-not"
EVERY = (GOOD, BAD, CONDITIONAL, GADGET, OPEN)
ROOM = tempfile.TemporaryDirectory(prefix="routeproof-")


def scenario(name: str) -> str:
    return str(LIBRARY / f"{name}.json")


@cache
def bundle(name: str) -> Path:
    """The evidence for a shipped scenario, which no test changes."""
    folder = Path(ROOM.name, name.replace("/", "-"))
    assert cli.run(["evidence", scenario(name), "-o", str(folder)]) == 0
    return folder


def copied(name: str, tmp_path: Path) -> Path:
    """A copy of a bundle, to be changed."""
    return shutil.copytree(bundle(name), tmp_path / "copy")


def content(folder: Path, name: str) -> Json:
    found = json.loads((folder / name).read_bytes())
    assert isinstance(found, dict)
    return found


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a bundle by its path there."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def resealed(folder: Path, change: Callable[[Json], None] = lambda _: None) -> None:
    """Write the manifest anew for what the folder holds now, and its digest, as a forger would."""
    manifest = content(folder, "manifest.json")
    found = {name: text for name, text in files(folder).items() if not name.startswith("manifest.")}
    manifest["files"] = [
        {"path": name, "sha256": sha256(text).hexdigest(), "bytes": len(text)}
        for name, text in sorted(found.items())
    ]
    change(manifest)
    text = json.dumps(manifest, indent=2) + "\n"
    (folder / "manifest.json").write_text(text)
    (folder / "manifest.sha256").write_text(f"{sha256(text.encode()).hexdigest()}  manifest.json\n")


def rewritten(folder: Path, name: str, change: Callable[[Json], None]) -> None:
    """Change a JSON file of a bundle, in the form in which bundles have it."""
    document = content(folder, name)
    change(document)
    (folder / name).write_text(json.dumps(document, indent=2) + "\n")
