"""The layout of a gadget: the origin in the middle, the other nodes around it, their paths outside."""

from __future__ import annotations

from itertools import combinations
from math import cos, hypot, pi, sin

from verify.render.html.placing import Curve, Frame, Placement, Point, size_of
from verify.render.html.sketch import Box, Sketch

MARGIN, GAP, SMALLEST, GROWTH = 20.0, 22.0, 120.0, 1.08
BEND = 0.28


def placed_in_a_ring(sketch: Sketch) -> Placement:
    """Places for the first box in the middle and the others around it, as close as they can stand."""
    origin, *others = sketch.boxes
    radius = SMALLEST
    frames = _frames(origin, others, radius)
    while any(_touch(a, b) for a, b in combinations(frames.values(), 2)):
        radius *= GROWTH
        frames = _frames(origin, others, radius)
    left, top = min(f.x for f in frames.values()), min(f.y for f in frames.values())
    moved = {
        key: Frame(round(f.x - left + MARGIN, 1), round(f.y - top + MARGIN, 1), f.width, f.height)
        for key, f in frames.items()
    }
    width = max(f.x + f.width for f in moved.values()) + MARGIN
    height = max(f.y + f.height for f in moved.values()) + MARGIN
    curves = {wire.key: _curve(moved, wire.key) for wire in sketch.wires}
    return Placement(width, height, moved, curves)


def _frames(origin: Box, others: list[Box], radius: float) -> dict[str, Frame]:
    """Boxes around the middle: each touches the circle from outside."""
    width, height = size_of(origin)
    found = {origin.key: Frame(-width / 2, -height / 2, width, height)}
    for number, box in enumerate(others):
        angle = 2 * pi * number / len(others) - pi / 2
        width, height = size_of(box)
        out = radius + hypot(width * cos(angle), height * sin(angle)) / 2
        x, y = out * cos(angle), out * sin(angle)
        found[box.key] = Frame(x - width / 2, y - height / 2, width, height)
    return found


def _touch(one: Frame, other: Frame) -> bool:
    apart_x = max(one.x, other.x) - min(one.x + one.width, other.x + other.width)
    apart_y = max(one.y, other.y) - min(one.y + one.height, other.y + other.height)
    return max(apart_x, apart_y) < GAP


def _curve(frames: dict[str, Frame], key: tuple[str, str]) -> Curve:
    """A straight line, or an arc around a box that would be in the way."""
    a, b = frames[key[0]], frames[key[1]]
    others = [f for name, f in frames.items() if name not in key]
    for bend in (0.0, BEND, -BEND, 2 * BEND, -2 * BEND, 3 * BEND, -3 * BEND):
        curve = _bent(a, b, bend)
        if not any(_meets(curve, frame) for frame in others):
            return curve
    return _bent(a, b, 0.0)


def _bent(a: Frame, b: Frame, bend: float) -> Curve:
    (x, y), (u, v) = a.middle, b.middle
    control = ((x + u) / 2 - bend * (v - y), (y + v) / 2 + bend * (u - x))
    start, end = _edge(a, control), _edge(b, control)
    shape = "arc" if bend else "line"
    points = (start, control, end) if bend else (start, end)
    return Curve(tuple((round(px, 1), round(py, 1)) for px, py in points), shape)


def _edge(frame: Frame, towards: Point) -> Point:
    """Where the line from the middle of a frame to a point leaves the frame."""
    (x, y), (u, v) = frame.middle, towards
    scale = max(abs(u - x) / (frame.width / 2), abs(v - y) / (frame.height / 2), 1.0)
    return (x + (u - x) / scale, y + (v - y) / scale)


def along(curve: Curve, pieces: int = 24) -> list[Point]:
    """Points on a line or an arc."""
    if curve.shape != "arc":
        (x, y), (u, v) = curve.points[0], curve.points[-1]
        return [(x + (u - x) * n / pieces, y + (v - y) * n / pieces) for n in range(pieces + 1)]
    (x, y), (c, d), (u, v) = curve.points
    steps = [n / pieces for n in range(pieces + 1)]
    weights = [((1 - t) ** 2, 2 * t * (1 - t), t * t) for t in steps]
    return [(a * x + b * c + e * u, a * y + b * d + e * v) for a, b, e in weights]


def _meets(curve: Curve, frame: Frame) -> bool:
    return any(
        frame.x - 4 < x < frame.x + frame.width + 4 and frame.y - 4 < y < frame.y + frame.height + 4
        for x, y in along(curve)
    )
