"""Changes of a document as it is written: a value set, an item added to a list, an item taken out.

An edit names its place as `models/paths.py` does, with ids and labels in place of
list positions.  A set of edits means one and the same change in every order: all
places are those of the document before, so an edit never moves the place of
another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from .rules.rule import Setting
from .values import Misfit, Place, describe

Op: TypeAlias = Literal["set", "add", "remove"]

KEYS = {"import_": "import", "from_": "from"}  # of fields whose key is a word of Python
LABELS = {
    "prefixes": ("within", "prefix"),
    "routes": ("destination",),
    "static_routes": ("destination",),
    "peers": ("peer", "data_center"),
}
"""What names the items of a list that have no id."""
LISTS = frozenset(
    (
        *("vpcs", "vswitches", "custom_route_tables", "routes"),
        *("vpn_gateways", "customer_gateways", "ipsec_connections", "tunnels"),
        *("data_centers", "prefixes", "routers", "static_routes", "peers"),
        *("virtual_border_routers", "cens", "intents"),
    )
)
"""The lists of the format whose items are objects."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One change; `value` is JSON.

    `steps` lead to the field that is set, or to the list to which an item is added or
    from which it is removed; `value` is the new value, or the item.
    """

    op: Op
    steps: tuple[str, ...]
    value: object

    @property
    def path(self) -> str:
        """The place in the notation that names open values as well."""
        return ".".join(self.steps)


@dataclass(frozen=True, slots=True)
class Placed:
    """An edit that knows its place in the JSON value: of the field, of the list, or of the item removed."""

    op: Op
    place: Place
    value: object = None


def fields(steps: Sequence[str]) -> tuple[str, ...]:
    """The keys on the way to a place, without the names of items: which kind of field it is."""
    found: list[str] = []
    names_item = False
    for step in steps:
        if not names_item:
            found.append(KEYS.get(step, step))
        names_item = not names_item and step in LISTS
    return tuple(found)


def from_settings(settings: Iterable[Setting]) -> tuple[Edit, ...]:
    """Settings as edits."""
    return tuple(Edit("set", setting.steps, setting.value) for setting in settings)


def applied(raw: object, edits: Iterable[Edit]) -> Any:
    """The JSON value with the edits made; the one that is given stays as it is.

    Raises `Misfit` for an edit whose place the value does not have, and for edits
    that contradict each other.
    """
    for each in placed(raw, edits):
        raw = performed(raw, each)
    return raw


def placed(raw: object, edits: Iterable[Edit]) -> tuple[Placed, ...]:
    """What to do one after the other: values first, then further items, then the last item out first.

    A prefix that is written as text becomes an object where more is said of it, and
    a list or object that is missing is made.
    """
    found = [_located(raw, edit) for edit in edits]
    _without_contradiction(found)
    removed: list[Placed] = []
    for each in found:
        if each.op == "remove":
            removed.append(_item(raw, each, [other.place for other in removed]))
    sets, adds = ([each for each in found if each.op == op] for op in ("set", "add"))
    steps: list[Placed] = []
    innermost_first = sorted(removed, key=lambda each: (len(each.place), each.place[-1]), reverse=True)
    for each in (*sets, *adds, *innermost_first):
        step = _fitted(raw, each)
        raw = performed(raw, step)
        steps.append(step)
    return tuple(steps)


def performed(raw: object, step: Placed) -> object:
    """The JSON value after one step."""
    return _within(raw, step.place, step)


def same(left: object, right: object) -> bool:
    """Whether two JSON values are equal; true is not 1."""
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return len(left) == len(right) and all(map(same, left, right))
    return isinstance(left, bool) == isinstance(right, bool) and left == right


def at(raw: object, place: Place) -> Any:
    """What a JSON value has at a place; None where it has nothing."""
    for step in place:
        if isinstance(raw, list) and isinstance(step, int) and step < len(raw):
            raw = raw[step]
        elif isinstance(raw, Mapping):
            raw = raw.get(step)
        else:
            return None
    return raw


def labels(items: Sequence[object], key: str) -> list[str]:
    """The names of the items of a list, as `models/paths.py` gives them to what they become."""
    names = [_label(item, key) for item in items]
    repeated = Counter(names)
    return [
        str(position) if not name else f"{name}.{position}" if repeated[name] > 1 else name
        for position, name in enumerate(names)
    ]


def place_of(raw: object, steps: Sequence[str]) -> Place:
    """The place to which steps lead; keys need not be there, items of lists must.  Raises `Misfit`."""
    place: list[str | int] = []
    here, key = raw, ""
    for step in steps:
        if isinstance(here, list):
            names = labels(here, key)
            if step not in names:
                raise Misfit(f"no {step} in {'.'.join(map(str, place))}", "an item of the list")
            place.append(names.index(step))
            here = here[names.index(step)]
        else:
            key = KEYS.get(step, step)
            place.append(key)
            here = here.get(key) if isinstance(here, Mapping) else None
    return tuple(place)


def _label(item: object, key: str) -> str:
    if isinstance(item, str):
        return item if key == "prefixes" else ""
    if not isinstance(item, Mapping):
        return ""
    return next((str(item[name]) for name in LABELS.get(key, ("id",)) if name in item), "")


def _located(raw: object, edit: Edit) -> Placed:
    return Placed(edit.op, place_of(raw, edit.steps), edit.value)


def _without_contradiction(found: Sequence[Placed]) -> None:
    """No value is set twice, and nothing is changed inside a value that is set as a whole."""
    places = [each.place for each in found if each.op == "set"]
    for place in places:
        inside = [each for each in found if each.place[: len(place)] == place]
        if len(inside) > 1:
            raise Misfit(f"several changes of {'.'.join(map(str, place))}", "one change of each value")


def _item(raw: object, edit: Placed, taken: Sequence[Place]) -> Placed:
    """The removal of the first item that is equal to the value of the edit and still there."""
    items = at(raw, edit.place)
    for position, item in enumerate(items if isinstance(items, list) else []):
        place = (*edit.place, position)
        if same(item, edit.value) and place not in taken:
            return Placed("remove", place)
    where = ".".join(map(str, edit.place))
    raise Misfit(f"no such item in {where}: {describe(edit.value)}", "an item of the list, as it is written")


def _fitted(raw: object, edit: Placed) -> Placed:
    """The edit as what the value needs: an object instead of a plain prefix, a new list, a new object."""
    if edit.op == "remove":
        return edit
    if edit.op == "add" and isinstance(at(raw, edit.place), list):
        return edit
    place, value = edit.place, [edit.value] if edit.op == "add" else edit.value
    while len(place) > 1:
        holder = at(raw, place[:-1])
        if isinstance(holder, Mapping | list):
            break
        is_prefix = isinstance(holder, str) and "prefixes" in place[:-1]
        if not (holder is None or is_prefix):
            raise Misfit(f"{describe(holder)} at {'.'.join(map(str, place[:-1]))}", "an object")
        plain = {"prefix": holder} if is_prefix else {}
        place, value = place[:-1], {**plain, str(place[-1]): value}
    return Placed("set", place, value)


def _within(here: Any, place: Place, step: Placed) -> object:
    if not place:
        return [*here, step.value] if step.op == "add" else step.value
    first, rest = place[0], place[1:]
    if isinstance(first, int):
        inner = () if step.op == "remove" and not rest else (_within(here[first], rest, step),)
        return [*here[:first], *inner, *here[first + 1 :]]
    return {**here, first: _within(here.get(first), rest, step)}
