"""What moved in the configuration between two documents: objects that came and went, values that changed.

Documents are compared as they were written, with defaults filled in, so that neither
format nor comments nor the order of objects with ids make a difference.  Objects are
matched by id: one that is renamed goes under its old id and comes under its new one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from verify.models.domain import OpenValue
from verify.models.paths import spots_of
from verify.models.scenario import Document

ABOUT = ("version", "name", "description", "source", "expect")
"""Fields that say something about the document and nothing about the network."""

Steps = tuple[str, ...]
ADDED, REMOVED, CHANGED = "added", "removed", "changed"


@dataclass(frozen=True, slots=True)
class Move:
    """A path of which the value changed, or under which something came or went.

    The texts are values as they are written; "" where there is none, and for whole objects.
    """

    path: str
    kind: str
    before: str = ""
    after: str = ""


def moves(old: Document, new: Document) -> tuple[Move, ...]:
    """Every difference, what the old document has first, then what is new."""
    before, after = _values(old), _values(new)
    found = [*_gone(before, after, REMOVED), *_gone(after, before, ADDED)]
    found += [
        Move(".".join(steps), CHANGED, before[steps], after[steps])
        for steps in before
        if steps in after and before[steps] != after[steps]
    ]
    places = {".".join(steps): place for place, steps in enumerate(_in_order(before, after))}
    return tuple(sorted(found, key=lambda move: places[move.path]))


def _values(document: Document) -> dict[Steps, str]:
    return {spot.steps: written(spot.value) for spot in spots_of(document) if spot.steps[0] not in ABOUT}


def _gone(here: Mapping[Steps, str], there: Mapping[Steps, str], kind: str) -> Iterator[Move]:
    """What one document has and the other has not: the largest objects, and single values.

    An empty list that has become one with objects is nothing by itself.
    """
    known, own, around = set(_prefixes(there)), set(_inner(here)), set(_inner(there))
    seen: set[Steps] = set()
    for steps, value in here.items():
        if steps in there or steps in around:
            continue
        top = next(steps[:size] for size in range(1, len(steps) + 1) if steps[:size] not in known)
        if top not in seen:
            seen.add(top)
            told = "" if top in own else value
            yield Move(".".join(top), kind, *((told, "") if kind == REMOVED else ("", told)))


def _prefixes(values: Mapping[Steps, str]) -> Iterator[Steps]:
    yield from (steps[:size] for steps in values for size in range(1, len(steps) + 1))


def _inner(values: Mapping[Steps, str]) -> Iterator[Steps]:
    yield from (steps[:size] for steps in values for size in range(1, len(steps)))


def _in_order(before: Mapping[Steps, str], after: Mapping[Steps, str]) -> dict[Steps, None]:
    """The paths of both documents, sorted by the part of the document and then as they stand."""
    both = dict.fromkeys((*_prefixes(before), *_prefixes(after)))
    parts = list(Document.model_fields)
    return dict.fromkeys(sorted(both, key=lambda steps: parts.index(steps[0])))


def written(value: object) -> str:
    """A value as it is written in a document."""
    if isinstance(value, OpenValue):
        listed = [written(each) for each in value.values]
        return f"between {listed[0]} and {listed[-1]}" if value.spans else f"one of {', '.join(listed)}"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple | list | frozenset):
        listed = [written(each) for each in value]
        return f"[{', '.join(listed)}]"
    return "none" if value is None else str(value)
