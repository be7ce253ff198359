"""What a property is: an id, what it states, and the kinds of violation that it knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Property:
    """A property of a network.

    `statement` says what holds where it is proved, `holds` the same in one clause
    for a result; `kinds` gives the meaning of each kind of violation.
    """

    id: str
    statement: str
    holds: str
    kinds: Mapping[str, str] = field(default_factory=dict)
