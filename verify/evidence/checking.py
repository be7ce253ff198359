"""Checks a bundle without any solver: digests, certificates, and that its parts are about the same thing.

A bundle whose manifest was written anew beside changed files is found out where its
result, its certificates and its scenario no longer fit each other.  What follows from
scenario and result (the summary among it) is made again and compared.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from verify.certificates.folder import read_index
from verify.certify import check_folder
from verify.evidence import manifest as manifests
from verify.evidence.fitting import CHECKS, Bundle
from verify.evidence.folder import contents, digest_of, is_plain
from verify.evidence.given import given
from verify.evidence.making import CERTIFICATES, RESULT
from verify.evidence.manifest import DIGEST, MANIFEST, read_manifest
from verify.faults import InvalidScenario
from verify.models.values import Misfit

Json = dict[str, Any]
MALFORMED = (
    *(OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError),
    *(InvalidScenario, Misfit),
)


def notes(folder: Path) -> list[str]:
    """What makes no finding, but has to be known: other versions than took part in making the bundle."""
    try:
        return manifests.changed_versions(read_manifest(folder))
    except MALFORMED:
        return []


def findings(folder: Path) -> list[str]:
    """Everything that is wrong with a bundle, a line for each; nothing for a good one."""
    sealed = list(_tried("manifest", lambda: _seal(folder)))
    if sealed:
        return sealed
    found = list(_tried("files", lambda: _files(folder, read_manifest(folder))))
    states: list[tuple[str, str]] = []
    found += _tried(CERTIFICATES, lambda: _certificates(folder, states))
    if found:
        return found
    try:
        bundle = _read(folder, states)
    except MALFORMED as error:
        return [f"the bundle cannot be read: {_told(error)}"]
    return [line for name, check in CHECKS.items() for line in _tried(name, partial(check, bundle))]


def _tried(name: str, check: Callable[[], Iterator[str]]) -> Iterator[str]:
    """The findings of a check; one that cannot be made is a finding."""
    try:
        yield from check()
    except MALFORMED as error:
        yield f"{name}: cannot be checked: {_told(error)}"


def _told(error: BaseException) -> str:
    if isinstance(error, InvalidScenario):
        return str(error.faults[0])
    if isinstance(error, Misfit):
        return f"found {error.found}, expected {error.expected}"
    return " ".join(f"{type(error).__name__}: {error}".split())


def _seal(folder: Path) -> Iterator[str]:
    for name in (MANIFEST, DIGEST):
        path = folder / name
        if not path.exists() or not is_plain(path):
            yield f"{name} is missing"
            return
    if (folder / DIGEST).read_bytes() != manifests.digest_line((folder / MANIFEST).read_bytes()).encode():
        yield f"{MANIFEST} is not the one of which {DIGEST} has the digest"


def _files(folder: Path, manifest: Json) -> Iterator[str]:
    """Each file is there, unchanged, and nothing else is."""
    listed = {each["path"]: (each["sha256"], each["bytes"]) for each in manifest["files"]}
    found = contents(folder)
    for name, path in found.items():
        if name in (MANIFEST, DIGEST):
            continue
        if name.endswith("/"):
            if not any(each.startswith(name) for each in listed):
                yield f"{name} is not in the manifest"
        elif name not in listed:
            yield f"{name} is not in the manifest"
        elif not is_plain(path):
            yield f"{name} is no plain file"
        elif digest_of(path) != listed[name]:
            yield f"{name} is not as it was written"
    yield from (f"{name} is missing" for name in listed if name not in found)
    if len(listed) != len(manifest["files"]):
        yield f"{MANIFEST} names a file twice"


def _certificates(folder: Path, states: list[tuple[str, str]]) -> Iterator[str]:
    """What is wrong with certificates; `states` gets the property of each, and what is wrong with it."""
    named = [entry["property"] for entry in read_index(folder / CERTIFICATES)["certificates"]]
    found = list(check_folder(folder / CERTIFICATES))
    states += zip(named, (reason for _, reason in found), strict=False)
    yield from (f"{CERTIFICATES}: {label}: {reason}" for label, reason in found if reason)


def _read(folder: Path, states: Sequence[tuple[str, str]]) -> Bundle:
    manifest = read_manifest(folder)
    result = json.loads((folder / RESULT).read_bytes())
    return Bundle(folder, manifest, result, given(folder, manifest["options"]), tuple(states))
