"""A scenario without some of its objects, and without what refers to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import partial
from typing import Any, TypeAlias

from verify.models.values import Place
from verify.references import declared_in, faulty_references

Json: TypeAlias = dict[str, Any]
Removal: TypeAlias = Callable[[Json], Json | None]
MOST_ROUNDS = 50
LONG = 40  # items; of a longer list that many parts are tried
LISTS: tuple[tuple[str, ...], ...] = (
    ("virtual_border_routers",),
    ("ipsec_connections",),
    ("vpn_gateways",),
    ("data_centers",),
    ("vpcs",),
    ("cens",),
    ("customer_gateways",),
    ("intents",),
    ("data_centers", "prefixes"),
    ("data_centers", "peers"),
    ("data_centers", "static_routes"),
    ("data_centers", "routers"),
    ("vpcs", "routes"),
    ("vpcs", "vswitches"),
    ("vpcs", "custom_route_tables"),
    ("cens", "attachments"),
    ("virtual_border_routers", "peers"),
    ("ipsec_connections", "tunnels"),
)
"""The lists from which items can go, those that take most with them first."""


def removals(root: Json) -> Iterator[Removal]:
    """Ways to make a scenario smaller: of each list a half, a quarter and so on to single items; readings.

    Each is made for the scenario as it then is; it gives None where there is nothing to take.
    """
    for path in LISTS:
        for holder in _holders(root, path):
            yield from _parts(root, (*holder, path[-1]))
    for name in list(root.get("assume", {})):
        yield partial(_without_reading, name)
    for node in list(root.get("gadget", {})):
        yield partial(_without_node, node)


def _holders(root: Json, path: tuple[str, ...]) -> list[Place]:
    if len(path) == 1:
        return [()]
    return [(path[0], position) for position in reversed(range(len(root.get(path[0], ()))))]


def _parts(root: Json, place: Place) -> Iterator[Removal]:
    """Removal of ever smaller parts of a list, from its end; of a long list not of single items."""
    size = len(_at(root, place) or ())
    many, least = (size + 1) // 2, 1 if size <= LONG else size // LONG
    while many >= least:
        for end in range(size, 0, -many):
            yield partial(_without, place, range(max(end - many, 0), end))
        many = many // 2


def _at(root: Any, place: Place) -> Any:
    for step in place:
        try:
            root = root[step]
        except (KeyError, IndexError, TypeError):
            return None
    return root


def _without(place: Place, part: range, root: Json) -> Json | None:
    items = _at(root, place)
    if not isinstance(items, list) or part.start >= len(items):
        return None
    found = deepcopy(root)
    del _at(found, place)[part.start : part.stop]
    return _closed(found)


def _without_reading(name: str, root: Json) -> Json | None:
    assume = {key: value for key, value in root.get("assume", {}).items() if key != name}
    return None if name not in root.get("assume", {}) else {**root, "assume": assume}


def _without_node(node: str, root: Json) -> Json | None:
    """A gadget without a node and the paths through it."""
    left = {
        name: [path for path in paths if node not in str(path).split()]
        for name, paths in root.get("gadget", {}).items()
        if name != node
    }
    return {**root, "gadget": {name: paths for name, paths in left.items() if paths}} if left else None


def _closed(root: Json) -> Json | None:
    """The scenario without items that refer to what is gone; None where that does not end."""
    for _ in range(MOST_ROUNDS):
        _prune(root)
        dangling = [objection.place for objection in faulty_references(root, declared_in(root))]
        items = {place[: last + 1] for place in dangling if (last := _last_item(place)) >= 0}
        if not dangling:
            return root
        if not items:
            return None
        for item in sorted(items, key=_in_text_order, reverse=True):
            parent = _at(root, item[:-1])
            if isinstance(parent, list) and int(item[-1]) < len(parent):
                del parent[int(item[-1])]
    return None


def _in_text_order(place: Place) -> list[str]:
    return [str(step).rjust(8, "0") for step in place]


def _last_item(place: Place) -> int:
    """Where the innermost item of a list ends in a place; -1 if there is none."""
    return max((n for n, step in enumerate(place) if isinstance(step, int)), default=-1)


def _prune(root: Json) -> None:
    """Take out what makes no sense alone: connections without tunnels, empty lists."""
    if "ipsec_connections" in root:
        root["ipsec_connections"] = [c for c in root["ipsec_connections"] if c.get("tunnels")]
    for key in [key for key, value in root.items() if value == [] and key != "intents"]:
        del root[key]
