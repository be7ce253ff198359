"""The text of a JSON file with comments, and where a change of it goes.

An item that comes in stands at the end of its list or object: on a line of its own if
the last one does, behind the comments of that line.  An item that is taken out takes
its comma and, where nothing else stands on it, its line along.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from verify.jsonc import Reading, read_jsonc
from verify.models.edits import at
from verify.models.values import Place

WIDEST = 100  # columns of a list of objects that is still written in one line
Span = tuple[int, int]

_BLANK = re.compile(r"[ \t]*")
_SPACE = re.compile(r"\s*")
_KEY = re.compile(r'"(?:[^"\\]|\\.)*"')
_REST_OF_LINE = re.compile(r"(?:[ \t]|/\*(?:(?!\*/)[^\n])*\*/)*(?://[^\n]*)?")


@dataclass(frozen=True)
class Written:
    """A text, and what was read from it."""

    text: str
    reading: Reading

    @classmethod
    def of(cls, text: str) -> Written:
        return cls(text, read_jsonc(text))

    def spliced(self, *changes: tuple[int, int, str]) -> str:
        """The text with parts replaced: begin, end and what comes there; none overlap."""
        text = self.text
        for begin, end, new in sorted(changes, key=lambda change: change[:2], reverse=True):
            text = text[:begin] + new + text[end:]
        return text

    def start(self, place: Place) -> int:
        """Where a value begins."""
        return self.reading.starts[place]

    def begin(self, place: Place) -> int:
        """Where a member or an item begins."""
        return self.reading.keys.get(place, self.reading.starts[place])

    def end(self, place: Place) -> int:
        return self.reading.ends[place]

    def line(self, offset: int) -> int:
        """Where the line of an offset begins."""
        return self.text.rfind("\n", 0, offset) + 1

    def indentation(self, offset: int) -> str:
        """The blanks with which the line of an offset begins."""
        return _matched(_BLANK, self.text, self.line(offset))

    def alone(self, offset: int) -> bool:
        """Whether only blanks precede it in its line, which is not the first."""
        begin = self.line(offset)
        return begin > 0 and self.text[begin:offset].strip(" \t") == ""

    def newline(self, offset: int) -> str:
        """The end of the line before that of an offset, or of the first line."""
        line = self.line(offset) or self.text.find("\n") + 1
        return "\r\n" if self.text[:line].endswith("\r\n") else "\n"

    def items(self, place: Place) -> list[Place]:
        """The places of the members or items of a container, in the order of the text."""
        value = at(self.reading.value, place)
        keys = value if isinstance(value, Mapping) else range(len(value))
        return sorted(((*place, key) for key in keys), key=self.begin)

    # --- further items ------------------------------------------------------

    def with_item(self, place: Place, key: str | None, value: object) -> str:
        """A member or an item at the end of a container."""
        items = self.items(place)
        if not items:
            behind = self.start(place) + 1
            gap = "" if self.text[behind] in "]} \t\r\n" else " "
            return self.spliced((behind, behind, self.member(place, key, value) + gap))
        last = items[-1]
        end, comma = self.end(last), self.reading.commas.get(last)
        behind = end if comma is None else comma + 1
        new = self.member(last, key, value) + ("" if comma is None else ",")
        separator = "," if comma is None else ""
        if not self.alone(self.begin(last)):
            return self.spliced((behind, behind, separator + self.gap(items) + new))
        new = self.newline(self.begin(last)) + self.indentation(self.begin(last)) + new
        line_end = self.line_end(behind)
        if line_end == behind:
            return self.spliced((behind, behind, separator + new))
        return self.spliced((behind, behind, separator), (line_end, line_end, new))

    def line_end(self, offset: int) -> int:
        """Behind the comments that follow in the line, if nothing else does; else the offset itself."""
        found = offset + len(_matched(_REST_OF_LINE, self.text, offset))
        found -= self.text[:found].endswith("\r")
        return found if self.text[found : found + 2].startswith(("\n", "\r\n")) else offset

    def gap(self, items: list[Place]) -> str:
        """The blanks between two items of one line."""
        if len(items) > 1 and (comma := self.reading.commas.get(items[-2])) is not None:
            between = self.text[comma + 1 : self.begin(items[-1])]
            return between if between.strip(" \t") == "" else " "
        return "" if self.colon(items[-1]) == ":" else " "

    def colon(self, place: Place) -> str:
        """The colon of a member with the blanks around it; of an item, that of the object around it."""
        while place and place not in self.reading.keys:
            place = place[:-1]
        if not place:
            return ": "
        behind_key = self.reading.keys[place] + len(_matched(_KEY, self.text, self.reading.keys[place]))
        between = self.text[behind_key : self.start(place)]
        return between if between.strip(" \t") == ":" else ": "

    def member(self, beside: Place, key: str | None, value: object) -> str:
        """A new member or item in the style of the one beside it."""
        written = self.new(beside, value)
        return written if key is None else json.dumps(key, ensure_ascii=False) + self.colon(beside) + written

    def new(self, beside: Place, value: object) -> str:
        """A value: in one line, but for an object beside one that has its members on lines of their own."""
        colon = self.colon(beside)
        flat = _flat(value, colon)
        begin = self.reading.starts.get(beside, 0)
        offset = begin + 1 + len(_matched(_SPACE, self.text, begin + 1))
        spread = beside and isinstance(at(self.reading.value, beside), dict) and self.alone(offset)
        if not (spread and isinstance(value, Mapping) and value):
            return flat
        outer, inner = self.indentation(begin), self.indentation(offset)
        unit = inner.removeprefix(outer) if inner.startswith(outer) and inner != outer else "  "
        return _spread(value, (self.newline(offset) + outer, unit, colon))

    # --- items taken out ----------------------------------------------------

    def without(self, place: Place) -> str:
        """The container without one item; comments that are not inside the item stay."""
        begin, end, comma = self.begin(place), self.end(place), self.reading.commas.get(place)
        items = self.items(place[:-1])
        if len(items) == 1 and self.nothing_but(place):
            return self.spliced((self.start(place[:-1]) + 1, self.end(place[:-1]) - 1, ""))
        if comma is not None:
            if self.text[end:comma].strip() == "":
                return self.spliced((*self.tidied(begin, comma + 1), ""))
            return self.spliced((*self.tidied(begin, end), ""), (comma, comma + 1, ""))
        position = items.index(place)
        if position == 0:
            return self.spliced((*self.tidied(begin, end), ""))
        before = self.reading.commas[items[position - 1]]
        if self.alone(begin) or self.text[before + 1 : begin].strip():
            return self.spliced((before, before + 1, ""), (*self.tidied(begin, end), ""))
        return self.spliced((before, end, ""))

    def nothing_but(self, place: Place) -> bool:
        """Whether the brackets around an item hold nothing else, comments included."""
        before = self.text[self.start(place[:-1]) + 1 : self.begin(place)]
        return (before + self.text[self.end(place) : self.end(place[:-1]) - 1]).strip(" \t\r\n,") == ""

    def tidied(self, begin: int, end: int) -> Span:
        """What goes with a part that is taken out: its lines if it stood there alone, or blanks beside it."""
        after = end + len(_matched(_BLANK, self.text, end))
        ends_line = self.text[after : after + 2].startswith(("\n", "\r\n"))
        if self.alone(begin) and ends_line:
            return self.line(begin), self.text.index("\n", after) + 1
        if ends_line or self.text[after : after + 1] in ("]", "}"):
            return len(self.text[:begin].rstrip(" \t")), end
        return begin, after


def _matched(pattern: re.Pattern[str], text: str, offset: int) -> str:
    found = pattern.match(text, offset)
    return found.group() if found else ""


def _flat(value: object, colon: str) -> str:
    return json.dumps(value, ensure_ascii=False, separators=("," if colon == ":" else ", ", colon))


def _spread(value: Mapping[str, object], style: tuple[str, str, str]) -> str:
    """An object with its members on lines of their own; lists of objects that are too wide are spread too."""
    line, unit, colon = style
    members = []
    for key, inner in value.items():
        flat = _flat(inner, colon)
        wide = isinstance(inner, list) and len(flat) > WIDEST and any(isinstance(i, Mapping) for i in inner)
        if wide and isinstance(inner, list):
            deeper = (line + 2 * unit, unit, colon)
            parts = [_spread(i, deeper) if isinstance(i, Mapping) else _flat(i, colon) for i in inner]
            flat = "[" + ",".join(line + 2 * unit + part for part in parts) + line + unit + "]"
        members.append(line + unit + json.dumps(key, ensure_ascii=False) + colon + flat)
    return "{" + ",".join(members) + line + "}"
