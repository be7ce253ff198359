"""What a picture of a large design leaves out: boxes that no evidence involves become one for each tier."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from verify.render.html.sketch import Box, Label, Sketch, Wire

MOST_TABLES = 200
LEFT_ALONE = 3  # so few in a tier are shown whatever they are
SAMPLES = 2  # of each tier where nothing is involved


def folded(sketch: Sketch, involved: Collection[str]) -> Sketch:
    """A sketch that is not too large, or all that is involved in it and a box for the rest of each tier."""
    if sum(1 for box in sketch.all_boxes() if box.is_table) <= MOST_TABLES:
        return sketch
    outer = sketch.inside()
    between = [way.boxes for way in sketch.ways if {way.boxes[0], way.boxes[-1]} <= set(involved)]
    kept = {outer[key] for key in involved if key in outer}
    kept |= {outer[key] for boxes in between for key in boxes if key in outer}
    return _without(sketch, kept | _always(sketch, kept))


def _always(sketch: Sketch, kept: Collection[str]) -> set[str]:
    """The origin of a gadget, tiers of few boxes, and the first boxes of tiers of which nothing is kept."""
    found = {sketch.boxes[0].key} if sketch.ring else set()
    for tier in {box.tier for box in sketch.boxes}:
        here = [box.key for box in sketch.boxes if box.tier == tier]
        if len(here) <= LEFT_ALONE:
            found |= set(here)
        elif not set(here) & (set(kept) | found):
            found |= set(here[:SAMPLES])
    return found


def _without(sketch: Sketch, kept: Collection[str]) -> Sketch:
    outer = sketch.inside()
    tiers = {box.key: box.tier for box in sketch.boxes}
    place = {key: key if whole in kept else f"folded|{tiers[whole]}" for key, whole in outer.items()}
    boxes: dict[str, Box] = {box.key: box for box in sketch.boxes if box.key in kept}
    for tier in sorted(set(tiers.values())):
        gone = [box for box in sketch.boxes if box.tier == tier and box.key not in kept]
        if gone:
            title = f"{len(gone)} more"
            boxes[f"folded|{tier}"] = Box(f"folded|{tier}", "folded", title, tier, _kinds(gone))
    wires: dict[frozenset[str], Wire] = {}
    for wire in sketch.wires:
        source, target = place[wire.source], place[wire.target]
        if source != target:
            wires.setdefault(frozenset((source, target)), replace(wire, source=source, target=target))
    ways = tuple(way for way in sketch.ways if all(place.get(key) == key for key in way.boxes))
    hidden = sum(1 for key, whole in outer.items() if whole not in kept and key == whole)
    note = f"{sketch.note} {hidden} objects that no evidence involves are folded into one box for each tier."
    return replace(
        sketch, boxes=tuple(boxes.values()), wires=tuple(wires.values()), ways=ways, note=note.strip()
    )


def _kinds(boxes: list[Box]) -> tuple[Label, ...]:
    return tuple(Label(kind) for kind in dict.fromkeys(box.kind for box in boxes))
