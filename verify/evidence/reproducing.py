"""Makes a bundle again from what is in it, and says in what the two differ."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from verify.evidence.folder import contents, is_plain
from verify.evidence.given import ACCEPT, SCENARIO, given
from verify.evidence.making import make
from verify.evidence.manifest import (
    DIGEST,
    MANIFEST,
    changed_versions,
    digest_line,
    read_manifest,
    text_of,
)


def made_again(folder: Path, room: Path) -> list[str]:
    """The files in which a bundle differs from the one that its scenario and options give, made in `room`.

    Of the manifest the versions are not compared.  Raises what `make` raises, and
    OSError, InvalidScenario and ValueError where the bundle cannot be read.
    """
    options = read_manifest(folder)["options"]
    for part in (SCENARIO, ACCEPT):
        if (folder / part).is_dir():
            shutil.copytree(folder / part, room / part)
    make(room, given(room, options))
    there, here = contents(folder), contents(room)
    found = [f"{name} is missing" for name in here if name not in there]
    found += [f"{name} is not made again" for name in there if name not in here]
    both = [name for name in here if name in there and not name.endswith("/")]
    return found + [f"{name} differs" for name in both if not _same(name, there[name], here[name])]


def _same(name: str, there: Path, here: Path) -> bool:
    if not is_plain(there):
        return False
    written, again = there.read_bytes(), here.read_bytes()
    if name == MANIFEST:
        like_it = {**json.loads(again), "versions": read_manifest(there.parent)["versions"]}
        return text_of(like_it).encode() == written
    if name == DIGEST and changed_versions(read_manifest(there.parent)):
        return written == digest_line(there.with_name(MANIFEST).read_bytes()).encode()
    return written == again
