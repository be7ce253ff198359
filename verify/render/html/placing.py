"""Places: how much room texts and boxes take, and where everything of a sketch is.

Texts are set in a monospaced font, so that their width is known without a browser.
Lengths are in units of the picture, one to a CSS pixel.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from verify.render.html.sketch import Box, Label
from verify.render.layout import printable

Point: TypeAlias = tuple[float, float]
TITLE_ADVANCE, LABEL_ADVANCE, KIND_ADVANCE = 8.1, 6.9, 6.9  # per column, at 13, 11 and 11 units
LINE, HEAD, PADDING = 15.0, 38.0, 9.0
PART_GAP = 6.0
MOST_COLUMNS, MOST_LINES = 30, 7
NARROWEST = 96.0


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle: its upper left corner, width and height."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> Point:
        return (self.x + self.width / 2, self.y + self.height / 2)


@dataclass(frozen=True, slots=True)
class Curve:
    """The course of a wire: points that a line of this shape joins.

    `flow` leaves and enters points level, `line` is straight, `arc` bends towards the second of three points.
    """

    points: tuple[Point, ...]
    shape: str = "flow"

    def reversed(self) -> Curve:
        return Curve(self.points[::-1], self.shape)


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the boxes of a sketch are, by key, and how its wires run; headings stand above the tiers."""

    width: float
    height: float
    frames: Mapping[str, Frame]
    curves: Mapping[tuple[str, str], Curve]
    headings: tuple[tuple[str, Point], ...] = ()


def columns(text: str) -> int:
    """How many columns a text takes in a monospaced font: two for a wide character, none for a mark."""
    found = 0
    for character in printable(text):
        if not unicodedata.combining(character):
            found += 2 if unicodedata.east_asian_width(character) in "WF" else 1
    return found


def shortened(text: str, most: int = MOST_COLUMNS) -> str:
    """A text that is too long for a box, without its middle."""
    shown = printable(text)
    if columns(shown) <= most:
        return shown
    half = (most - 1) // 2
    head = next(shown[:n] for n in range(len(shown), -1, -1) if columns(shown[:n]) <= half)
    tail = next(shown[n:] for n in range(len(shown) + 1) if columns(shown[n:]) <= half)
    return f"{head}…{tail}"


def shown_labels(box: Box) -> tuple[Label, ...]:
    """The lines of a box that are drawn; the text beside the picture has them all."""
    left = len(box.labels) - MOST_LINES
    return box.labels if left <= 0 else (*box.labels[:MOST_LINES], Label(f"+ {left} more"))


def size_of(box: Box) -> tuple[float, float]:
    """Width and height of a box with its parts below its labels."""
    widths = [columns(shortened(box.title)) * TITLE_ADVANCE, columns(box.kind) * KIND_ADVANCE]
    widths += [columns(shortened(label.text)) * LABEL_ADVANCE for label in shown_labels(box)]
    height = _below_labels(box)
    for part in box.parts:
        width, more = size_of(part)
        widths.append(width + 2 * PADDING)
        height += more + PART_GAP
    height += PADDING - PART_GAP if box.parts else 0.0
    return max(NARROWEST, *(width + 2 * PADDING for width in widths)), height


def _below_labels(box: Box) -> float:
    labels = shown_labels(box)
    return HEAD + LINE * len(labels) + (PADDING if labels or not box.parts else 2.0)


def frames_of(box: Box, frame: Frame) -> dict[str, Frame]:
    """The frame of a box and those of its parts, which are as wide as the box allows."""
    found = {box.key: frame}
    y = frame.y + _below_labels(box)
    for part in box.parts:
        height = size_of(part)[1]
        found[part.key] = Frame(frame.x + PADDING, y, frame.width - 2 * PADDING, height)
        y += height + PART_GAP
    return found
