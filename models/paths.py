"""Every field of a document by its path, with ids in place of list positions.

`data_centers.dc-1.readvertises` stays the same when the list is permuted.  What
has no id is named by what it is about: a route by its destination, a site's
prefix by itself, a peer by the id that it names.  Tunnels and intents have a
position only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar, cast

from .cloud import VbrPeer, VpcRoute
from .part import Part
from .scenario import Document
from .site import OpenPrefix, SitePeer, SitePrefix, StaticRoute

P = TypeVar("P", bound=Part)


@dataclass(frozen=True, slots=True)
class Spot:
    """A field that holds a plain value: the steps of its path, the object around it, and the value."""

    steps: tuple[str, ...]
    holder: Part
    value: object

    @property
    def path(self) -> str:
        return ".".join(self.steps)

    @property
    def key(self) -> str:
        """The name of the field (or of the reading, inside `readings` and `assume`)."""
        return self.steps[-1]


Change = Callable[[Spot], object]


def updated(part: P, changes: Mapping[str, object]) -> P:
    """A copy with other values, in which what was left out still counts as left out."""
    if not changes:
        return part
    values = {name: getattr(part, name) for name in type(part).model_fields} | dict(changes)
    return cast(P, type(part).model_construct(_fields_set=set(part.model_fields_set), **values))


def transformed(document: Document, change: Change) -> Document:
    """The document with `change` applied to every plain value, in document order."""
    return _transformed(document, (), change)


def spots_of(document: Document) -> Iterator[Spot]:
    """Every plain value of a document, in document order."""
    found: list[Spot] = []

    def note(spot: Spot) -> object:
        found.append(spot)
        return spot.value

    transformed(document, note)
    return iter(found)


def _transformed(part: P, steps: tuple[str, ...], change: Change) -> P:
    changes: dict[str, object] = {}
    for name in type(part).model_fields:
        value = getattr(part, name)
        replacement = _replacement(part, value, (*steps, name), change)
        if replacement is not value:
            changes[name] = replacement
    return updated(part, changes)


def _replacement(holder: Part, value: object, steps: tuple[str, ...], change: Change) -> object:
    if isinstance(value, Part):
        return _transformed(value, steps, change)
    if isinstance(value, tuple) and value and isinstance(value[0], Part):
        parts = zip(value, labels(value), strict=True)
        replaced = tuple(_transformed(part, (*steps, label), change) for part, label in parts)
        return value if all(a is b for a, b in zip(replaced, value, strict=True)) else replaced
    if isinstance(value, Mapping):
        entries = {key: change(Spot((*steps, str(key)), holder, entry)) for key, entry in value.items()}
        return value if all(entries[key] is value[key] for key in value) else entries
    return change(Spot(steps, holder, value))


def labels(parts: tuple[Part, ...]) -> list[str]:
    """The name of each element of a list; repeated names carry the position as well."""
    names = [_label(part) for part in parts]
    repeated = Counter(names)
    return [
        str(position) if not name else f"{name}.{position}" if repeated[name] > 1 else name
        for position, name in enumerate(names)
    ]


def _label(part: Part) -> str:
    match part:
        case SitePrefix():
            return str(part.prefix)
        case OpenPrefix():
            return str(part.within)
        case VpcRoute() | StaticRoute():
            return str(part.destination)
        case SitePeer():
            return part.peer
        case VbrPeer():
            return part.data_center
    return str(getattr(part, "id", ""))
