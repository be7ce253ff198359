"""Plain-text layout: wrapping, columns and colour, whatever the text is about."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import Enum, StrEnum
from itertools import zip_longest
from typing import Any, TypeVar, cast

T = TypeVar("T")

GAP = "  "


class Tone(StrEnum):
    """The colours in use, as the parameters of a terminal's SGR sequence."""

    PLAIN = ""
    STRONG = "1"
    FAINT = "2"
    GOOD = "32"
    BAD = "31"
    UNSURE = "33"


@dataclass(frozen=True, slots=True)
class Page:
    """The surface that text is laid out on: its width in columns, and whether it shows colour."""

    width: int = 80
    colour: bool = False

    def paint(self, text: str, tone: Tone) -> str:
        """`text` in a colour, where the page has colours."""
        return f"\x1b[{tone}m{text}\x1b[0m" if self.colour and tone and text else text

    def paragraph(self, text: str, indent: int = 0, hanging: int | None = None) -> list[str]:
        """Wrapped lines; those after the first are indented by `hanging` instead.

        Identifiers are never broken, so that they can be copied from the output.
        """
        rest = indent if hanging is None else hanging
        return textwrap.wrap(
            text,
            max(self.width, rest + 20),
            initial_indent=" " * indent,
            subsequent_indent=" " * rest,
            break_long_words=False,
            break_on_hyphens=False,
        )

    def grid(self, rows: Sequence[Sequence[str]], indent: int = 0) -> list[str]:
        """Rows in aligned columns; cells that do not fit are continued below themselves."""
        if not rows:
            return []
        columns = list(zip(*rows, strict=True))
        widths = _fitted(columns, self.width - indent - len(GAP) * (len(columns) - 1))
        return [" " * indent + line for row in rows for line in _grid_row(row, widths)]


def _fitted(columns: Sequence[Sequence[str]], room: int) -> list[int]:
    """Column widths that fit into `room`, taken from the widest first; words stay whole."""
    widths = [max(map(len, column)) for column in columns]
    least = [max((len(word) for cell in column for word in cell.split()), default=0) for column in columns]
    while (excess := sum(widths) - room) > 0:
        spare = [width - floor for width, floor in zip(widths, least, strict=True)]
        if not any(spare):
            break
        widest = max((i for i, room_left in enumerate(spare) if room_left), key=lambda i: widths[i])
        second = max((w for i, w in enumerate(widths) if i != widest), default=0)
        step = max(1, min(excess, spare[widest], widths[widest] - second))
        widths[widest] -= step
    return widths


def _grid_row(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    cells = [
        textwrap.wrap(cell, width, break_on_hyphens=False, break_long_words=False) or [""]
        if len(cell) > width
        else [cell]
        for cell, width in zip(row, widths, strict=True)
    ]
    return [
        GAP.join(part.ljust(width) for part, width in zip(line, widths, strict=True)).rstrip()
        for line in zip_longest(*cells, fillvalue="")
    ]


_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str) -> str:
    """`text` without the characters by which a scenario could steer a terminal or hide what follows."""
    return _UNSAFE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def cleaned(value: T) -> T:
    """A result, or any part of one, in which every text is printable."""
    found: Any = value
    if isinstance(value, str) and not isinstance(value, Enum):
        found = printable(value)
    elif isinstance(value, tuple):
        found = tuple(cleaned(each) for each in value)
    elif isinstance(value, dict):
        found = {cleaned(key): cleaned(each) for key, each in value.items()}
    elif is_dataclass(value) and not isinstance(value, type):
        found = replace(value, **{each.name: cleaned(getattr(value, each.name)) for each in fields(value)})
    return cast(T, found)
