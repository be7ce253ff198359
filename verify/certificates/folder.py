"""Certificates as files, with an index that names them and their digests."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verify.certificates.checker import INDEX

if TYPE_CHECKING:
    from verify.certificates.certificate import Certificate
    from verify.load import Loaded

Json = dict[str, Any]
ENDINGS = {"lrat": ("cnf", "lrat"), "unchecked": ("cnf", "txt")}
WITHOUT_SOLVER = ("query.json", "proof.json")


def write(folder: Path, loaded: Loaded, found: Sequence[Certificate]) -> None:
    """Write the certificates of a scenario into a folder, which is made; the same ones give the same bytes.

    The index is the last file that is written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    entries = [_written(folder, number, each) for number, each in enumerate(found, start=1)]
    named = [each.property for each in found]
    index = {
        "scenario": {"name": loaded.document.name, "sha256": loaded.sha256},
        "proved": {name: named.count(name) for name in dict.fromkeys(named)},
        "certificates": entries,
    }
    (folder / INDEX).write_text(json.dumps(index, indent=2) + "\n", "utf-8")


def read_index(folder: Path) -> Json:
    """The index of a folder.

    Raises OSError and ValueError.
    """
    index = json.loads((folder / INDEX).read_text("utf-8"))
    if not isinstance(index, dict) or not {"proved", "certificates"} <= index.keys():
        raise ValueError(f"{INDEX} is no index of certificates")
    return index


def identities(index: Json) -> list[tuple[object, ...]]:
    """What `Certificate.identity` gives, for each certificate of an index.

    Raises ValueError where the index is not of that form.
    """
    try:
        return [
            (
                *(each[key] for key in ("property", "problem", "structure")),
                tuple(each["stands_for"]),
                *(each["files"].get(part, {}).get("sha256", "") for part in ("query", "smt2")),
            )
            for each in index["certificates"]
        ]
    except (LookupError, TypeError, AttributeError) as error:
        raise ValueError(f"{INDEX} is no index of certificates") from error


def _written(folder: Path, number: int, certificate: Certificate) -> Json:
    files = {}
    for part, (ending, text) in _texts(certificate).items():
        name, content = f"{certificate.property}-{number:03}.{ending}", text.encode()
        (folder / name).write_bytes(content)
        files[part] = {"file": name, "sha256": sha256(content).hexdigest(), "bytes": len(content)}
    about = {
        "property": certificate.property,
        "problem": certificate.problem,
        "structure": certificate.structure,
        "stands_for": list(certificate.stands_for),
    }
    return {**about, "kind": certificate.kind, "files": files}


def _texts(certificate: Certificate) -> dict[str, tuple[str, str]]:
    """The files of a certificate: for each part, the end of its name and its content."""
    query, proof = ENDINGS.get(certificate.kind, WITHOUT_SOLVER)
    texts = {"query": (query, certificate.query), "proof": (proof, certificate.proof)}
    return {**texts, "smt2": ("smt2", certificate.smt2)} if certificate.smt2 else texts
