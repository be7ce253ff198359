"""Accepted risks: findings that somebody answers for until a day, in a scenario or in a file of their own."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from .fields import FORMAT_VERSION, Day, Name, Version
from .part import Part
from .values import Misfit, Reads, describe

LONGEST = 4000  # characters of a finding's name or of a reason


def _read_line(raw: object) -> str:
    if isinstance(raw, str) and raw.strip() and raw.isprintable() and len(raw) <= LONGEST:
        return raw
    raise Misfit(describe(raw), "one line of text, not empty")


Line: TypeAlias = Annotated[
    str, Reads(_read_line, lambda: {"type": "string", "minLength": 1, "maxLength": LONGEST})
]


class AcceptedRisk(Part):
    """A finding by its name, why it is accepted, who answers for that, and the last day on which it holds."""

    finding: Line
    reason: Line
    owner: Line
    expires: Day


class FiledRisk(AcceptedRisk):
    """An entry of a file of accepted risks; with `scenario`, the name of the only one that it is about."""

    scenario: Name = ""


class AcceptFile(Part):
    """A file of accepted risks."""

    version: Version = FORMAT_VERSION
    accept: tuple[FiledRisk, ...]
