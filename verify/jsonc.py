"""JSON with comments, read with the position of every key and value.

Takes RFC 8259 JSON, `//` and `/* */` comments, and a comma after the last item.
A syntax error does not end the reading: it is noted, and the reader goes on
where the next item begins, so that one run shows all errors.  Nesting, number of
values and number of errors are limited; no input makes the reader raise.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from verify.models.values import Misfit, Place, describe
from verify.tokens import Token, scalar_of, text_of, tokens

MOST_DEPTH = 64
MOST_VALUES = 300_000
MOST_SLIPS = 100


@dataclass(frozen=True, slots=True)
class Slip:
    """A syntax error: where it is, and what was found and expected."""

    offset: int
    place: Place
    misfit: Misfit


@dataclass(frozen=True, slots=True)
class Reading:
    """A text that was read: its value, where everything is, and what is wrong with it.

    `starts` has the offset of each value, `ends` the one behind it, `keys` that of each
    key and `commas` that of the comma behind an item, where there is one.  `damaged`
    are the places whose content could not be read whole.
    """

    value: object
    starts: dict[Place, int]
    keys: dict[Place, int]
    slips: tuple[Slip, ...]
    damaged: frozenset[Place]
    line_starts: tuple[int, ...]
    ends: dict[Place, int]
    commas: dict[Place, int]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column (both from 1, columns in characters) of an offset."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1


class _TooMuch(Exception):
    """The text passes a limit, so reading stops."""


def read_jsonc(text: str) -> Reading:
    """Read a text; never raises."""
    reader = _Reader(text)
    try:
        value = reader.document()
    except _TooMuch:
        reader.damaged.add(())
        value = None
    line_starts = (0, *(match.end() for match in re.finditer("\n", text)))
    slips, damaged = tuple(reader.slips), frozenset(reader.damaged)
    return Reading(value, reader.starts, reader.keys, slips, damaged, line_starts, reader.ends, reader.commas)


@dataclass
class _Reader:
    """A recursive descent over the tokens, one ahead."""

    text: str
    starts: dict[Place, int] = field(default_factory=dict)
    keys: dict[Place, int] = field(default_factory=dict)
    slips: list[Slip] = field(default_factory=list)
    damaged: set[Place] = field(default_factory=set)
    ends: dict[Place, int] = field(default_factory=dict)
    commas: dict[Place, int] = field(default_factory=dict)
    passed: int = 0  # the end of the last token

    def __post_init__(self) -> None:
        self.pending = tokens(self.text)
        self.token = next(self.pending)

    def document(self) -> object:
        if self.token.kind == "end":
            self.damage((), Misfit("nothing", "a JSON object", "the text is empty"))
            return None
        value = self.value(())
        if self.token.kind != "end" and not self.slips:
            self.slip((), Misfit(self.token.describe(), "the end of the text"))
        return value

    def slip(self, place: Place, misfit: Misfit, offset: int | None = None) -> None:
        """Note an error at the present token, or at `offset`; the end of the text is noted once."""
        where = self.token.offset if offset is None else offset
        if self.token.kind == "end" and self.slips and self.slips[-1].misfit.found == misfit.found:
            return
        self.slips.append(Slip(where, place, misfit))
        if len(self.slips) >= MOST_SLIPS:
            raise _TooMuch

    def damage(self, place: Place, misfit: Misfit, offset: int | None = None) -> None:
        """Note an error that loses something."""
        self.damaged.add(place)
        self.slip(place, misfit, offset)

    def advance(self) -> Token:
        token = self.token
        if token.kind != "end":
            self.passed = token.offset + len(token.text)
            self.token = next(self.pending)
        return token

    def at(self, *marks: str) -> bool:
        return self.token.kind == "mark" and self.token.text in marks

    def value(self, place: Place) -> object:
        self.starts[place] = self.token.offset
        read = self.unplaced(place)
        self.ends[place] = self.passed
        return read

    def unplaced(self, place: Place) -> object:
        if len(self.starts) > MOST_VALUES:
            self.damage(place, Misfit("a very large document", f"at most {MOST_VALUES} values"))
            raise _TooMuch
        if self.at("{", "["):
            if len(place) >= MOST_DEPTH:
                self.damage(place, Misfit("deep nesting", f"at most {MOST_DEPTH} levels"))
                raise _TooMuch
            return self.members(place) if self.advance().text == "{" else self.items(place)
        if self.token.kind in ("mark", "end"):
            self.damage(place, Misfit(self.token.describe(), "a value"))
            return None
        return self.scalar(place)

    def scalar(self, place: Place) -> object:
        token = self.token
        try:
            read = scalar_of(token)
        except Misfit as misfit:
            if token.kind == "quoted":
                self.slip(place, misfit)
                read = token.text[1:-1]
            else:
                self.damage(place, misfit, _offset(token, misfit))
                read = None
        self.advance()
        return read

    def members(self, place: Place) -> dict[str, object]:
        read: dict[str, object] = {}
        while not self.closed("}", place):
            start = self.token.offset
            key = self.key(place)
            if key is None:
                continue
            inner = (*place, key)
            if key in read:
                self.slip(inner, Misfit(f"the key {describe(key)} again", "each key once"), start)
                inner = (*inner, "(again)")
            else:
                self.keys[inner] = start
            if self.at(":"):
                self.advance()
            else:
                self.slip(inner, Misfit(self.token.describe(), '":" after the key'))
            value = self.value(inner)
            read.setdefault(key, value)
            self.separator("}", inner)
        return read

    def key(self, place: Place) -> str | None:
        """The key at which an item begins; None, and past the item, where there is none."""
        token = self.token
        expected = "a key in double quotes"
        if token.kind in ("word", "quoted"):
            self.slip(place, Misfit(token.describe(), expected))
            return self.advance().text.strip("'")
        if token.kind != "string":
            self.damage(place, Misfit(token.describe(), expected))
            self.skip_item()
            if self.at(","):
                self.advance()
            return None
        try:
            key = text_of(token)
        except Misfit as misfit:
            self.damage(place, misfit, _offset(token, misfit))
            key = ascii(token.text)
        self.advance()
        return key

    def items(self, place: Place) -> list[object]:
        read: list[object] = []
        while not self.closed("]", place):
            inner = (*place, len(read))
            read.append(self.value(inner))
            self.separator("]", inner)
        return read

    def closed(self, mark: str, place: Place) -> bool:
        """Whether the container ends here, as it should or because it cannot go on."""
        if self.at(mark):
            self.advance()
            return True
        if self.token.kind == "end" or self.at("]", "}"):
            self.damage(place, Misfit(self.token.describe(), f'"{mark}" or another item'))
            return True
        return False

    def separator(self, mark: str, inner: Place) -> None:
        """Pass the comma behind an item; without one, go on at the next item."""
        place = inner[:-1]
        if self.at(","):
            self.commas[inner] = self.advance().offset
            return
        if self.at("]", "}") or self.token.kind == "end":
            return
        misfit = Misfit(self.token.describe(), f'"," or "{mark}"')
        if not self.at(":") and self.token.kind != "other":
            self.slip(place, misfit)
            return
        self.damage(place, misfit)
        self.skip_item()
        if self.at(","):
            self.advance()

    def skip_item(self) -> None:
        """Go on to the comma or bracket that ends the present item."""
        depth = 0
        while self.token.kind != "end":
            if depth == 0 and self.at(",", "]", "}"):
                return
            depth += self.at("{", "[") - self.at("]", "}")
            self.advance()


def _offset(token: Token, misfit: Misfit) -> int:
    return token.offset + (int(misfit.at[0]) if misfit.at else 0)
