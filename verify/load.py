"""A file becomes a typed document, or a list of everything that is wrong with it."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from verify.accepting import faulty_acceptances
from verify.consistency import inconsistencies
from verify.faults import Fault, InvalidScenario, Objection, path_of
from verify.jsonc import Reading, read_jsonc
from verify.models.acceptance import AcceptedRisk, AcceptFile
from verify.models.choices import Choice
from verify.models.opening import all_choices, opened
from verify.models.paths import updated
from verify.models.scenario import Document
from verify.models.values import Misfit, Place, printable
from verify.oddities import warnings_about
from verify.references import declared_in, faulty_ids, faulty_references
from verify.structure import typed
from verify.verdict import Acceptance

__all__ = ["Fault", "InvalidScenario", "Loaded", "load", "load_acceptances"]

STDIN = "-"
MOST_BYTES = 16 * 2**20
ENCODINGS = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"), (b"\x00", "UTF-16 or UTF-32"))


@dataclass(frozen=True, slots=True)
class Loaded:
    """A scenario that can be checked; `sha256` is that of the bytes of its file.

    `choices` are the values that the document leaves open, in its order; `written` is
    the document as it was read, in which these have no names and no candidates yet.
    `positions` has line and column of every object, by its id; `root` is the document as
    JSON, which nobody changes.  `accepted` are the risks that the scenario itself accepts.
    """

    document: Document
    file: str
    sha256: str
    warnings: tuple[str, ...]
    choices: tuple[Choice, ...]
    written: Document
    positions: Mapping[str, tuple[int, int]]
    root: object
    accepted: tuple[Acceptance, ...] = ()


def load(path: str | Path, text: str | None = None) -> Loaded:
    """Load a file, standard input (`-`), or a text that is given with the name to show for it.

    Raises `InvalidScenario` with all faults.
    """
    file = "<stdin>" if str(path) == STDIN else printable(str(path), 4096)
    raw = _bytes(str(path), file) if text is None else text.encode("utf-8", "surrogatepass")
    reading = read_jsonc(_decoded(raw, file) if text is None else text.removeprefix("\ufeff"))
    document, objections = _checked(reading)
    faults = _faults(file, reading, objections)
    if faults or document is None:
        raise InvalidScenario(faults)
    written = document if document.name else updated(document, {"name": _name_of(file)})
    ready, digest = opened(written), hashlib.sha256(raw).hexdigest()
    choices = all_choices(ready)
    accepted = _acceptances(document.accept, reading, "")
    warnings = warnings_about(ready)
    return Loaded(
        ready, file, digest, warnings, choices, written, _positions(reading), reading.value, accepted
    )


def load_acceptances(path: str | Path) -> tuple[Acceptance, ...]:
    """The entries of a file of accepted risks.

    Raises `InvalidScenario` with all faults.
    """
    file = printable(str(path), 4096)
    reading = read_jsonc(_decoded(_bytes(str(path), file), file))
    unreadable = bool(reading.damaged) and reading.value is None
    shape = () if unreadable else typed(reading.value, AcceptFile)
    objections = () if isinstance(shape, AcceptFile) else shape
    faults = _faults(file, reading, (*objections, *faulty_acceptances(reading.value)))
    if faults or not isinstance(shape, AcceptFile):
        raise InvalidScenario(faults)
    return _acceptances(shape.accept, reading, file)


def _acceptances(risks: Iterable[AcceptedRisk], reading: Reading, file: str) -> tuple[Acceptance, ...]:
    """Entries with their places; each has begun somewhere, as it was read."""
    return tuple(
        Acceptance(
            risk.finding,
            risk.reason,
            risk.owner,
            risk.expires,
            file,
            *reading.position(reading.starts["accept", index]),
            getattr(risk, "scenario", ""),
        )
        for index, risk in enumerate(risks)
    )


def source_text(path: str | Path) -> str:
    """The text of a file, or of standard input, as it is; a byte order mark is part of it.

    Raises `InvalidScenario` where it cannot be read.
    """
    file = "<stdin>" if str(path) == STDIN else printable(str(path), 4096)
    raw = _bytes(str(path), file)
    mark = "\ufeff" if raw.startswith("\ufeff".encode()) else ""
    return mark + _decoded(raw, file)


def _positions(reading: Reading) -> dict[str, tuple[int, int]]:
    """Where each object with an id begins."""
    found: dict[str, tuple[int, int]] = {}
    pending: list[tuple[Place, object]] = [((), reading.value)]
    while pending:
        place, value = pending.pop()
        inner: list[tuple[Place, object]] = []
        if isinstance(value, dict):
            name = value.get("id")
            if isinstance(name, str) and place in reading.starts:
                found[name] = reading.position(reading.starts[place])
            inner = [((*place, key), each) for key, each in value.items()]
        elif isinstance(value, list):
            inner = [((*place, index), each) for index, each in enumerate(value)]
        pending.extend(inner)
    return found


def _name_of(file: str) -> str:
    """The name of a scenario that has none: that of its file."""
    return Path(file).name.removesuffix(".json").removesuffix(".scenario")[:200]


def _bytes(path: str, file: str) -> bytes:
    try:
        if path == STDIN:
            raw = sys.stdin.buffer.read(MOST_BYTES + 1)
        else:
            with open(path, "rb") as stream:
                raw = stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise InvalidScenario((Fault(file, 0, 0, "", reason, "a file that can be read"),)) from None
    if len(raw) > MOST_BYTES:
        expected = f"at most {MOST_BYTES // 2**20} MiB"
        raise InvalidScenario((Fault(file, 0, 0, "", "a very large file", expected),))
    return raw


def _decoded(raw: bytes, file: str) -> str:
    try:
        return raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        hint = next((f"this looks like {name}" for mark, name in ENCODINGS if raw[:4].find(mark) >= 0), "")
        found = f"the byte 0x{raw[error.start]:02x}"
        raise InvalidScenario((Fault(file, line, column, "", found, "text in UTF-8", hint),)) from None


def _checked(reading: Reading) -> tuple[Document | None, tuple[Objection, ...]]:
    """The typed document, and what is wrong with it beyond its syntax."""
    if reading.damaged and reading.value is None:
        return None, ()
    root = reading.value
    shape = typed(root, Document)
    known = declared_in(root)
    objections: list[Objection] = [] if isinstance(shape, Document) else list(shape)
    objections.extend(faulty_ids(known))
    objections.extend(faulty_references(root, known))
    objections.extend(inconsistencies(root, known))
    return (shape if isinstance(shape, Document) else None), tuple(objections)


def _faults(file: str, reading: Reading, objections: tuple[Objection, ...]) -> tuple[Fault, ...]:
    """All faults in the order of the text; nothing that only follows from text that could not be read."""
    found = [(slip.offset, slip.place, slip.misfit) for slip in reading.slips]
    found.extend(
        (_offset(reading, objection), objection.place, objection.misfit)
        for objection in objections
        if not _follows(objection, reading.damaged)
    )
    return tuple(dict.fromkeys(_fault(file, reading, *item) for item in sorted(found, key=lambda f: f[0])))


def _follows(objection: Objection, damaged: frozenset[Place]) -> bool:
    """Whether an objection may have no other cause than text that could not be read."""
    return bool(damaged) and (objection.needs_whole or objection.place in damaged)


def _offset(reading: Reading, objection: Objection) -> int:
    """Where the key, the value, or else the nearest thing around it begins."""
    place = objection.place
    if objection.at_key and place in reading.keys:
        return reading.keys[place]
    while place not in reading.starts and place:
        place = place[:-1]
    return reading.starts.get(place, 0)


def _fault(file: str, reading: Reading, offset: int, place: Place, misfit: Misfit) -> Fault:
    line, column = reading.position(offset)
    return Fault(file, line, column, path_of(place), misfit.found, misfit.expected, misfit.hint)
