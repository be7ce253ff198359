"""A document whose lists stand in one order, so that a result does not depend on the order of the file.

Which of several counterexamples is found first, and so what it is called, would
otherwise change when somebody sorts a list.
"""

from __future__ import annotations

import re
from typing import TypeAlias, TypeVar

from .part import Part
from .paths import labels, updated
from .scenario import Document, Intent

WITH_POSITIONS = ("tunnels", "intents", "accept")  # entries that are named by their position
SETS_OF_IDS = ("attachments",)

P = TypeVar("P", bound=Part)
Key: TypeAlias = tuple[tuple[int, int, str], ...]


def in_order(document: Document) -> Document:
    """The document with each list sorted by what its entries are about, if they differ in that.

    Open values have their names already; entries that paths tell apart by their
    position stay where they are.
    """
    intents = document.intents
    ends = {} if intents is None else {"intents": tuple(sorted(intents, key=_ends))}
    return updated(_sorted(document), ends)


def natural(text: str) -> Key:
    """A key that sorts vgw-2 before vgw-10."""
    pieces = re.split(r"([0-9]+)", text)
    return tuple((1, int(each), "") if index % 2 else (0, 0, each) for index, each in enumerate(pieces))


def _ends(intent: Intent) -> tuple[Key, Key]:
    return natural(intent.from_), natural(intent.to)


def _sorted(part: P) -> P:
    changes: dict[str, object] = {}
    for name in type(part).model_fields:
        value = getattr(part, name)
        if name in SETS_OF_IDS:
            changes[name] = tuple(sorted(value, key=natural))
        elif isinstance(value, tuple) and value and isinstance(value[0], Part):
            changes[name] = _in_list(name, value)
    return updated(part, changes)


def _in_list(name: str, parts: tuple[Part, ...]) -> tuple[Part, ...]:
    inner = tuple(_sorted(part) for part in parts)
    names = labels(inner)
    if name in WITH_POSITIONS or names != labels(inner[::-1])[::-1]:  # a position is part of some name
        return inner
    by_name = dict(zip(names, inner, strict=True))
    return tuple(by_name[each] for each in sorted(names, key=natural))
