"""How the sentences of `verify/clauses.py` are built from a value and the names on the way to it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from verify.models.edits import KEYS, LISTS

Names: TypeAlias = tuple[str, ...]
Clause: TypeAlias = Callable[[object, Names], str]


def names(steps: Sequence[str]) -> Names:
    """The ids and labels on the way to a place."""
    found: list[str] = []
    names_item = False
    for step in steps:
        if names_item:
            found.append(step)
        names_item = not names_item and KEYS.get(step, step) in LISTS
    return tuple(found)


def text_of(value: object) -> str:
    """A JSON value in a sentence."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def tunnel(label: str) -> str:
    """A tunnel by its position, counted from one."""
    return f"tunnel {int(label) + 1}" if label.isdigit() else "the tunnel"


def switched(what: str) -> Clause:
    return lambda value, _: f"turn {what} {'on' if value is True else 'off'}"


def either(yes: str, no: str) -> Clause:
    """One sentence for true and one for false, with the innermost name in place of {}."""
    return lambda value, named: (yes if value is True else no).format(named[-1])


def told(words: str) -> Clause:
    """A sentence with the value and the innermost name in it."""
    return lambda value, named: words.format(value=text_of(value), name=named[-1])


def of_tunnel(words: str) -> Clause:
    return lambda value, named: words.format(value=text_of(value), name=tunnel(named[-1]))


def allowed(value: object, _: Names) -> str:
    if value in (0, None):
        return "refuse routes whose AS_PATH has an ASN of the site (no allowas-in)"
    return f"accept an ASN of the site up to {value} times in an AS_PATH (allowas-in {value})"


def prepended(value: object, named: Names) -> str:
    if value == 0:
        return f"stop prepending to what is advertised to {named[-1]}"
    return f"prepend the router's ASN {value} times to what is advertised to {named[-1]}"


def filtered(verb: str, preposition: str) -> Clause:
    def words(value: object, named: Names) -> str:
        if isinstance(value, list | tuple):
            listed = ", ".join(map(text_of, value))
            return f"{verb} {'only ' + listed if value else 'nothing'} {preposition} {named[-1]}"
        return f"{verb} everything {preposition} {named[-1]}"

    return words


def custom_entry(verb: str) -> Clause:
    def words(value: object, _: Names) -> str:
        if not isinstance(value, Mapping):
            return f"{verb} {text_of(value)}"
        table, hop = value.get("route_table", "system"), value.get("next_hop")
        way = "as a black hole" if hop == "blackhole" else f"with next hop {hop}"
        published = " and publish it to the CEN" if value.get("publish_to_cen") is True else ""
        where = "" if table == "system" else f" in {table}"
        return f"{verb} a custom entry{where} for {value.get('destination')} {way}{published}"

    return words


def static_route(verb: str) -> Clause:
    def words(value: object, _: Names) -> str:
        if not isinstance(value, Mapping):
            return f"{verb} {text_of(value)}"
        hop = value.get("next_hop")
        way = "that discards (null interface)" if hop == "discard" else f"with next hop {hop}"
        return f"{verb} a static route for {value.get('destination')} {way}"

    return words


def site_prefix(verb: str) -> Clause:
    def words(value: object, _: Names) -> str:
        if isinstance(value, Mapping) and "within" in value:
            return f"{verb} prefixes inside {value['within']}"
        prefix = value.get("prefix") if isinstance(value, Mapping) else value
        silent = isinstance(value, Mapping) and value.get("announced") is False
        return f"{verb} {text_of(prefix)}{' without announcing it' if silent else ''}"

    return words


def whole_object(verb: str, what: str) -> Clause:
    def words(value: object, _: Names) -> str:
        if not isinstance(value, Mapping):
            return f"{verb} {what} {text_of(value)}"
        name = next((key for key in ("id", "data_center") if key in value), "")
        rest = ", ".join(f"{key} {text_of(inner)}" for key, inner in value.items() if key != name)
        details = f" ({rest})" if rest and (verb == "create" or not name) else ""
        return f"{verb} {what} {text_of(value.get(name, ''))}".rstrip() + details

    return words
