"""The layout of a design: tiers from left to right, few crossings, wires that run through no box.

The method of Sugiyama, Tagawa and Toda (1981): a wire that passes a tier has a
place of its own there, tiers are put into an order with few crossings, and each
tier is then moved as near to its neighbours as its order allows.  Wires bend only
between tiers, where nothing else is; those within the first tier run left of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from verify.render.html.ordering import Join, few_crossings, levelled
from verify.render.html.placing import Curve, Frame, Placement, Point, frames_of, size_of
from verify.render.html.sketch import TIERS, Sketch, Wire

MARGIN, TOP = 16.0, 40.0
BOX_GAP, LANE, PASSAGE = 18.0, 10.0, 12.0
NARROW_GAP, WIDE_GAP, FOR_EACH = 48.0, 150.0, 3.0
STRAIGHT = 4.0
Key = tuple[str, str]
Stops = tuple[str, ...]  # the slots of a wire from left to right: boxes at the ends, passages between


@dataclass(frozen=True)
class Tiering:
    """The slots of each tier, the size of each, and the slots that each wire passes."""

    tiers: tuple[tuple[str, ...], ...]
    sizes: Mapping[str, tuple[float, float]]
    stops: Mapping[Key, Stops]
    inner: Mapping[str, Frame]  # of each box and part, within its slot
    beside: tuple[Wire, ...]  # the wires within a tier


def placed_in_tiers(sketch: Sketch) -> Placement:
    """Places for everything in a sketch that has tiers."""
    tiering = _tiering(sketch)
    joins = list(_joins(sketch, tiering))
    order = few_crossings(tiering.tiers, joins)
    gaps = {slot: PASSAGE if _is_passage(slot) else BOX_GAP for tier in order for slot in tier}
    heights = {slot: size[1] for slot, size in tiering.sizes.items()}
    tops = levelled(order, joins, heights, gaps)
    return _placement(sketch, tiering, order, tops)


def _is_passage(slot: str) -> bool:
    return slot.startswith("|")


def _tiering(sketch: Sketch) -> Tiering:
    used = [tier for tier in TIERS if any(box.tier == tier for box in sketch.boxes)]
    tiers = {tier: [box.key for box in sketch.boxes if box.tier == tier] for tier in used}
    sizes = {box.key: size_of(box) for box in sketch.boxes}
    inner: dict[str, Frame] = {}
    for box in sketch.boxes:
        inner |= frames_of(box, Frame(0.0, 0.0, *sizes[box.key]))
    outer, level = sketch.inside(), {box.key: box.tier for box in sketch.boxes}
    stops: dict[Key, Stops] = {}
    beside = []
    for number, wire in enumerate(sketch.wires):
        left, right = sorted((outer[wire.source], outer[wire.target]), key=lambda key: level[key])
        if level[left] == level[right]:
            beside.append(wire)
            continue
        passed = [tier for tier in used if level[left] < tier < level[right]]
        passages = tuple(f"|{number}|{tier}" for tier in passed)
        for tier, passage in zip(passed, passages, strict=True):
            tiers[tier].append(passage)
            sizes[passage] = (0.0, 2.0)
        stops[wire.key] = (left, *passages, right)
    return Tiering(tuple(map(tuple, tiers.values())), sizes, stops, inner, tuple(beside))


def _joins(sketch: Sketch, tiering: Tiering) -> Iterator[Join]:
    outer = sketch.inside()
    for wire in sketch.wires:
        stops = tiering.stops.get(wire.key, ())
        below = {outer[key]: tiering.inner[key].middle[1] for key in wire.key}
        for left, right in pairwise(stops):
            straight = STRAIGHT if _is_passage(left) or _is_passage(right) else 1.0
            yield Join(left, right, below.get(left, 1.0), below.get(right, 1.0), straight)


def _placement(
    sketch: Sketch, tiering: Tiering, order: tuple[tuple[str, ...], ...], tops: Mapping[str, float]
) -> Placement:
    columns = _columns(tiering, order)
    frames: dict[str, Frame] = {}
    rows: dict[str, Frame] = {}
    for (x, width), tier in zip(columns, order, strict=True):
        for slot in tier:
            rows[slot] = Frame(x, TOP + MARGIN + tops[slot], width, tiering.sizes[slot][1])
    for box in sketch.boxes:
        frames |= frames_of(box, rows[box.key])
    curves = _curves(sketch, tiering, frames, rows)
    used = [tier for tier in TIERS if any(box.tier == tier for box in sketch.boxes)]
    headings = tuple((TIERS[tier], (x, MARGIN + 12.0)) for tier, (x, _) in zip(used, columns, strict=True))
    right = sum(columns[-1]) if columns else 0.0
    bottom = max((row.y + row.height for row in rows.values()), default=0.0)
    return Placement(right + MARGIN, bottom + MARGIN, frames, curves, headings)


def _columns(tiering: Tiering, order: tuple[tuple[str, ...], ...]) -> list[tuple[float, float]]:
    """Left edge and width of each tier; where many wires pass between two there is more room."""
    found: list[tuple[float, float]] = []
    x = MARGIN + (LANE * (len(tiering.beside) + 1) if tiering.beside else 0.0)
    for tier in order:
        width = max((tiering.sizes[slot][0] for slot in tier), default=0.0)
        found.append((round(x, 1), round(width, 1)))
        leaving = sum(1 for stops in tiering.stops.values() if set(stops[:-1]) & set(tier))
        x += width + min(WIDE_GAP, NARROW_GAP + FOR_EACH * leaving)
    return found


# --- wires --------------------------------------------------------------------


def _curves(
    sketch: Sketch, tiering: Tiering, frames: Mapping[str, Frame], rows: Mapping[str, Frame]
) -> dict[Key, Curve]:
    outer = sketch.inside()
    courses: dict[Key, list[tuple[str, Frame]]] = {}
    for wire in sketch.wires:
        stops = tiering.stops.get(wire.key)
        if stops is None:
            courses[wire.key] = [(key, frames[key]) for key in wire.key]
            continue
        first, last = wire.key if outer[wire.source] == stops[0] else wire.key[::-1]
        passed = [(slot, rows[slot]) for slot in stops[1:-1]]
        courses[wire.key] = [(first, frames[first]), *passed, (last, frames[last])]
    ports = _ports(tiering, courses)
    found: dict[Key, Curve] = {}
    for number, wire in enumerate(tiering.beside):
        lane = MARGIN + LANE * (number + 0.5)
        (x, y), (end, below) = (ports[wire.key, 0], ports[wire.key, 1])
        found[wire.key] = Curve(((x, y), (lane, y), (lane, below), (end, below)), "line")
    for wire in sketch.wires:
        if wire.key in tiering.stops:
            points = _points(courses[wire.key], ports[wire.key, 0], ports[wire.key, 1])
            forwards = courses[wire.key][0][0] == wire.source
            found[wire.key] = Curve(points) if forwards else Curve(points).reversed()
    return found


def _points(course: list[tuple[str, Frame]], start: Point, end: Point) -> tuple[Point, ...]:
    middle = [p for _, f in course[1:-1] for p in ((f.x, f.middle[1]), (f.x + f.width, f.middle[1]))]
    return (start, *middle, end)


def _ports(tiering: Tiering, courses: Mapping[Key, list[tuple[str, Frame]]]) -> dict[tuple[Key, int], Point]:
    """Where each end of a wire meets its box: spread over a side, in the order of what they lead to."""
    sides: dict[tuple[str, bool], list[tuple[float, Key, int]]] = {}
    for key, course in courses.items():
        for end, (box, _), (_, following) in ((0, course[0], course[1]), (1, course[-1], course[-2])):
            right = end == 0 and key in tiering.stops
            sides.setdefault((box, right), []).append((following.middle[1], key, end))
    frames = {box: frame for course in courses.values() for box, frame in (course[0], course[-1])}
    found: dict[tuple[Key, int], Point] = {}
    for (box, right), ends in sides.items():
        frame = frames[box]
        step = min(14.0, (frame.height - 12.0) / len(ends))
        x = frame.x + frame.width if right else frame.x
        for index, (_, key, end) in enumerate(sorted(ends, key=lambda each: each[0])):
            y = frame.middle[1] + step * (index - (len(ends) - 1) / 2)
            found[key, end] = (round(x, 1), round(y, 1))
    return found
