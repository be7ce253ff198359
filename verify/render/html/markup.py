"""Markup that cannot be broken by what is put into it: every text is escaped where it enters.

A plain `str` is text, a `Markup` is markup; only this module makes the one of the other.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from verify.render.layout import printable

VOID = frozenset(("meta", "br", "hr", "col", "input"))


class Markup(str):
    """Well-formed markup."""

    __slots__ = ()


Child: TypeAlias = "str | Markup | None"
Value: TypeAlias = str | int | float | bool | None


def escaped(text: str) -> Markup:
    """Text as markup, without characters that could hide or reverse what follows."""
    return text if isinstance(text, Markup) else Markup(html.escape(printable(text)))


def joined(parts: Iterable[Child], between: str = "") -> Markup:
    """Parts one after another; None is nothing."""
    return Markup(escaped(between).join(escaped(part) for part in parts if part is not None))


def tag(
    name: str, /, *children: Child, attributes: Mapping[str, Value] | None = None, **more: Value
) -> Markup:
    """An element; attributes that are None or False are left out, those that are True have no value.

    Keywords name attributes with `_` for `-`; one at the end lets a keyword of Python be a name.
    """
    named = {key.rstrip("_").replace("_", "-"): value for key, value in more.items()}
    listed = "".join(_attribute(key, value) for key, value in {**(attributes or {}), **named}.items())
    if name in VOID:
        return Markup(f"<{name}{listed}>")
    return Markup(f"<{name}{listed}>{joined(children)}</{name}>")


def _attribute(key: str, value: Value) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return f" {key}"
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return f' {key}="{escaped(text)}"'


def raw(trusted: str) -> Markup:
    """A style sheet or script of this package, as it is."""
    return Markup(trusted)


def code(text: str) -> Markup:
    """An id or a value, kept apart from the direction of the text around it."""
    return tag("code", text)


def anchor(text: str) -> str:
    """A name for an element: letters and digits stay, everything else becomes its number."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "-_") else f".{ord(c):x}" for c in text)


def about(word: str, shown: Child = None) -> Markup:
    """A link to the explanation of a word, on the same page."""
    key = word.partition("@")[0].lower()
    return tag("a", shown if shown is not None else word, href=f"#about-{anchor(key)}", class_="about")
