"""Faults of a document: what is wrong, where, and what would be right."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from verify.models.values import Misfit, Place


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault.  Line and column count from 1; line 0 means the file as a whole."""

    file: str
    line: int
    column: int
    path: str
    found: str
    expected: str
    hint: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        place = f"{where}: {self.path}" if self.path else where
        said = f"{place}: found {self.found}, expected {self.expected}"
        return f"{said}; {self.hint}" if self.hint else said


class InvalidScenario(Exception):
    """A document that cannot be used, with all of its faults in the order of the text."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(faults)
        self.faults = faults

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


@dataclass(frozen=True, slots=True)
class Objection:
    """A fault before its position is known.

    `at_key` points at the key instead of the value.  `needs_whole` marks what may
    only be a consequence of text that could not be read: a missing key, an id
    that nothing seems to have.
    """

    place: Place
    misfit: Misfit
    at_key: bool = False
    needs_whole: bool = False


def path_of(place: Place) -> str:
    """A place in the document as people write it: `vpn_gateways[0].vpc`."""
    path = ""
    for step in place:
        if isinstance(step, int):
            path += f"[{step}]"
        elif re.fullmatch(r"[A-Za-z_][A-Za-z0-9_@-]*", step):
            path += f".{step}" if path else step
        else:
            key = step if len(step) <= 60 else step[:59] + "…"
            path += f"[{json.dumps(key)}]"
    return path
