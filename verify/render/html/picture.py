"""A placed sketch with its overlay as SVG: classes in place of styles, and no ids but those of its texts."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import pairwise
from math import hypot

from verify.render.html.markup import Markup, joined, tag
from verify.render.html.overlay import PACKET, STYLES, Arrow, Overlay
from verify.render.html.placing import (
    HEAD,
    LINE,
    PADDING,
    Curve,
    Placement,
    Point,
    columns,
    shortened,
    shown_labels,
)
from verify.render.html.ring import placed_in_a_ring
from verify.render.html.sketch import CHOSEN, OPEN, Box, Sketch, Wire
from verify.render.html.tiers import placed_in_tiers

SHIFT, ARROW = 4.0, 8.0
WORD_ADVANCE = 6.6
OPPOSITE = -1.0
MARKS = {OPEN: "? an open value", CHOSEN: "= an open value as this run has it"}


def picture(sketch: Sketch, overlay: Overlay, name: str, title: str, description: str) -> Markup:
    """The drawing, named by its title and described in words; `name` makes its ids unique in the page."""
    place = placed_in_a_ring(sketch) if sketch.ring else placed_in_tiers(sketch)
    passed = _passed(sketch, overlay)
    parts = (
        tag("title", title, id=f"{name}-title"),
        tag("desc", description, id=f"{name}-desc"),
        tag("g", *_headings(place), class_="headings"),
        tag("g", *(_wire(wire, place, overlay) for wire in sketch.wires), class_="wires"),
        tag("g", *(_box(box, place, overlay, passed) for box in sketch.all_boxes()), class_="boxes"),
        tag("g", *(_arrow(arrow, sketch, place) for arrow in overlay.arrows), class_="arrows"),
        tag("g", *_words(place, overlay), class_="words"),
    )
    return tag(
        "svg",
        *parts,
        role="img",
        aria_labelledby=f"{name}-title",
        aria_describedby=f"{name}-desc",
        attributes={"viewBox": f"0 0 {place.width:.0f} {place.height:.0f}"},
        width=f"{place.width:.0f}",
        height=f"{place.height:.0f}",
    )


def _text(text: str, x: float, y: float, class_: str) -> Markup:
    return tag("text", text, x=x, y=y, class_=class_)


def _headings(place: Placement) -> Iterator[Markup]:
    for heading, (x, y) in place.headings:
        yield _text(heading, x, y, "heading")


# --- boxes --------------------------------------------------------------------


def _passed(sketch: Sketch, overlay: Overlay) -> set[str]:
    """Every box on the way of a packet."""
    packets = [arrow for arrow in overlay.arrows if arrow.style == PACKET]
    found = {name for arrow in packets for name in (arrow.table, arrow.next_hop)}
    ways = [way for arrow in packets for way in sketch.ways_between(arrow.table, arrow.next_hop)]
    return found.union(*(way.boxes for way in ways))


def _box(box: Box, place: Placement, overlay: Overlay, passed: Collection[str]) -> Markup:
    frame = place.frames[box.key]
    classes = ["box", f"kind-{box.kind.replace(' ', '-').lower()}"]
    classes += ["involved"] if box.key in passed or box.key in overlay.words else []
    classes += ["failed"] if overlay.words.get(box.key) == "failed" else []
    lines = [
        _text(
            shortened(label.text), frame.x + PADDING, frame.y + HEAD + LINE * (n + 0.6), f"label {label.mark}"
        )
        for n, label in enumerate(shown_labels(box))
    ]
    full = "\n".join((f"{box.kind} {box.title}", *(label.text for label in box.labels)))
    return tag(
        "g",
        tag("title", full),
        tag("rect", x=frame.x, y=frame.y, width=frame.width, height=frame.height, rx="7"),
        tag("rect", x=frame.x, y=frame.y + 8, width=3.0, height=frame.height - 16, class_="stripe"),
        _text(box.kind, frame.x + PADDING, frame.y + 15, "kind"),
        _text(shortened(box.title), frame.x + PADDING, frame.y + 31, "name"),
        *lines,
        class_=" ".join(classes),
        data_box=box.key,
    )


def _words(place: Placement, overlay: Overlay) -> Iterator[Markup]:
    """A word on the lower right corner of a box, where none of its own texts are."""
    for key, word in overlay.words.items():
        if key in place.frames:
            frame = place.frames[key]
            width = columns(word) * WORD_ADVANCE + 12
            x = frame.x + frame.width - width - 6
            yield tag(
                "g",
                tag("rect", x=x, y=frame.y + frame.height - 9, width=width, height=18.0, rx="9"),
                _text(word, x + 6, frame.y + frame.height + 4, "word"),
                class_="word-on-box",
            )


# --- wires and arrows ---------------------------------------------------------


def _wire(wire: Wire, place: Placement, overlay: Overlay) -> Markup:
    down = frozenset(wire.key) in overlay.down
    title = tag("title", f"{wire.source} to {wire.target}: {wire.about}{' (failed)' if down else ''}")
    path = tag("path", title, d=_course(place.curves[wire.key].points, place.curves[wire.key].shape))
    cross = _cross(place.curves[wire.key]) if down else None
    return tag("g", path, cross, class_=f"wire {wire.kind}{' failed' if down else ''}")


def _cross(curve: Curve) -> Markup:
    points = curve.points if len(curve.points) != 3 else curve.points[1:2]
    x, y = (sum(p[i] for p in points) / len(points) for i in (0, 1))
    return tag("path", d=f"M{x - 6:g} {y - 6:g}l12 12m0 -12l-12 12", class_="cross")


def _course(points: tuple[Point, ...], shape: str) -> str:
    """Path data: level S-curves, straight lines or an arc."""
    (x, y), *rest = points
    found = f"M{x:g} {y:g}"
    if shape == "arc":
        (c, d), (u, v) = rest
        return f"{found}Q{c:g} {d:g} {u:g} {v:g}"
    for (x, y), (u, v) in pairwise(points):
        middle = (x + u) / 2
        bent = shape == "flow" and abs(y - v) > 0.5
        found += f"C{middle:g} {y:g} {middle:g} {v:g} {u:g} {v:g}" if bent else f"L{u:g} {v:g}"
    return found


def _arrow(arrow: Arrow, sketch: Sketch, place: Placement) -> Markup | None:
    """The wires of every way from the table to its next hop, each with a head; None where there is no way."""
    pieces: dict[tuple[str, str], Markup] = {}
    for way in sketch.ways_between(arrow.table, arrow.next_hop):
        for pair in pairwise(way.boxes):
            pieces.setdefault(pair, joined(_piece(pair, place)))
    if not pieces:
        return None
    return tag(
        "g",
        tag("title", f"{arrow.table} to {arrow.next_hop}: {STYLES[arrow.style]}"),
        *pieces.values(),
        class_=f"arrow {arrow.style}{' now' if arrow.now else ''}",
        data_table=arrow.table,
        data_hop=arrow.next_hop,
        data_prefix=arrow.prefix or None,
    )


def _piece(pair: tuple[str, str], place: Placement) -> Iterator[Markup]:
    """One wire with an arrow's head, beside the wire on the side of its direction."""
    if pair in place.curves:
        curve, side = place.curves[pair], 1.0
    elif pair[::-1] in place.curves:
        curve, side = place.curves[pair[::-1]].reversed(), OPPOSITE
    else:
        return
    points = tuple(_shifted(curve, side * SHIFT))
    yield tag("path", d=_course(points, curve.shape))
    yield tag("path", d=_head(points, curve.shape), class_="head")


def _shifted(curve: Curve, by: float) -> Iterator[Point]:
    """The points of a curve moved sideways: to the same side from whichever end it is seen."""
    if len(curve.points) == 4 and curve.shape == "line":  # a lane beside the first tier
        upper, lane = min(y for _, y in curve.points), min(x for x, _ in curve.points)
        for x, y in curve.points:
            yield (x + (by if x == lane else 0.0), y + (by if y == upper else -by))
        return
    (x, y), (u, v) = sorted((curve.points[0], curve.points[-1]))
    size = hypot(u - x, v - y) or 1.0
    dx, dy = (0.0, by) if curve.shape == "flow" else (-by * (v - y) / size, by * (u - x) / size)
    yield from ((round(px + dx, 1), round(py + dy, 1)) for px, py in curve.points)


def _head(points: tuple[Point, ...], shape: str) -> str:
    """A triangle at the end of a course."""
    (x, y), (u, v) = points[-2], points[-1]
    if shape == "flow":
        dx, dy = (1.0 if u >= x else -1.0), 0.0
    else:
        size = hypot(u - x, v - y) or 1.0
        dx, dy = (u - x) / size, (v - y) / size
    bx, by = u - dx * ARROW, v - dy * ARROW
    left = (bx - dy * ARROW / 2, by + dx * ARROW / 2)
    right = (bx + dy * ARROW / 2, by - dx * ARROW / 2)
    return f"M{u:.1f} {v:.1f}L{left[0]:.1f} {left[1]:.1f}L{right[0]:.1f} {right[1]:.1f}Z"


def legend(sketch: Sketch, overlay: Overlay) -> Markup:
    """What arrows, frames and marked values mean, in words with a sample of each."""
    styles = dict.fromkeys(arrow.style for arrow in overlay.arrows)
    entries = [tag("li", tag("span", class_=f"sample {style}"), STYLES[style]) for style in styles]
    if any(arrow.style == PACKET for arrow in overlay.arrows) or overlay.words:
        entries.append(tag("li", "framed so: on the way, or where something happens", class_="framed"))
    marks = {label.mark for box in sketch.all_boxes() for label in box.labels}
    entries += [tag("li", text, class_=f"value {mark}") for mark, text in MARKS.items() if mark in marks]
    return tag("ul", *entries, class_="legend") if entries else Markup()
