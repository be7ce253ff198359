"""The manifest of a bundle: its files with their digests, the options, and the versions that took part."""

from __future__ import annotations

import json
import platform
import re
import shlex
from collections.abc import Iterable, Mapping
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

Json = dict[str, Any]
MANIFEST, DIGEST = "manifest.json", "manifest.sha256"
KIND, FORMAT_VERSION = "routeproof evidence", "1.0"
PROGRAM = "routeproof"
_REQUIREMENT = re.compile(r"([A-Za-z0-9._-]+)[^;]*(?:;\s*extra\s*==\s*[\"']([^\"']+)[\"'])?")


def versions(solvers: Iterable[str]) -> dict[str, str]:
    """The versions of the program, of Python, and of the libraries that take part.

    A solver that comes with an extra of the package is one of these if it was asked for.
    """
    wanted = set(solvers)
    found = {PROGRAM: version(PROGRAM), "python": platform.python_version()}
    for requirement in requires(PROGRAM) or ():
        match = _REQUIREMENT.match(requirement)
        if match is not None and (match[2] is None or match[2] in wanted):
            found[match[1]] = _installed(match[1])
    return dict(sorted(found.items()))


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def changed_versions(manifest: Mapping[str, Any]) -> list[str]:
    """What took part in making a bundle in another version than is here, in words."""
    made = manifest["versions"]
    here = versions(manifest["options"]["solvers"])
    return [
        f"{name} {made.get(name, '(none)')} took part, and here is {here.get(name, '(none)')}"
        for name in sorted({*made, *here})
        if made.get(name) != here.get(name)
    ]


def command(scenario: str, accept: Iterable[str], options: Mapping[str, Any]) -> str:
    """The command that makes a bundle again, from inside of it."""
    words = ["verify", "evidence", scenario, "-o", "../again"]
    for name in options["properties"]:
        words += ["--property", name]
    for name, value in options["assume"].items():
        words += ["--assume", f"{name}={str(value).lower() if isinstance(value, bool) else value}"]
    for name in ("max_failures", "today", "rlimit", "timeout"):
        if options[name] is not None:
            words += [f"--{name.replace('_', '-')}", str(options[name])]
    words += ["--max-counterexamples", str(options["max_counterexamples"])]
    for name in accept:
        words += ["--accept", name]
    return shlex.join([*words, "--solver", ",".join(options["solvers"])])


def text_of(document: object) -> str:
    """JSON in ASCII, as all files of a bundle have it."""
    return json.dumps(document, indent=2) + "\n"


def digest_line(manifest: bytes) -> str:
    """What the file beside the manifest says of it, in the form that `sha256sum --check` reads."""
    return f"{sha256(manifest).hexdigest()}  {MANIFEST}\n"


def read_manifest(folder: Path) -> Json:
    """The manifest of a folder.

    Raises OSError, or ValueError where it is none.
    """
    found = json.loads((folder / MANIFEST).read_bytes())
    if not isinstance(found, dict) or found.get("kind") != KIND:
        raise ValueError(f"{MANIFEST} is no manifest of evidence")
    if str(found.get("format_version")).partition(".")[0] != FORMAT_VERSION.partition(".")[0]:
        raise ValueError(f"{MANIFEST} has a format that this version does not know")
    return found
