"""The picture of a design: everything has a place of its own, and routes find their way over it."""

from __future__ import annotations

import json
from itertools import combinations, pairwise

import pytest

from benchmarks.families import FAMILIES
from tests.report_samples import ALL, CIRCUIT, FAILED, LOOP, PEERS, SITES, checked
from tests.shipped import SCENARIOS
from verify.load import load
from verify.models.gadget import read_gadget
from verify.models.sessions import structures
from verify.render.html.design_sketch import design_sketch
from verify.render.html.folding import MOST_TABLES, folded
from verify.render.html.gadget_sketch import gadget_sketch
from verify.render.html.ordering import Join, few_crossings, levelled
from verify.render.html.overlay import Overlay, overlay_of, packet_way
from verify.render.html.picture import picture
from verify.render.html.placing import Curve, Frame, Placement, Point, columns, shortened, size_of
from verify.render.html.ring import along, placed_in_a_ring
from verify.render.html.sketch import CHOSEN, OPEN, Box, Label, Sketch
from verify.render.html.tiers import placed_in_tiers
from verify.render.html.values import Values, open_texts
from verify.verdict import Counterexample

LIBRARY = {f"{path.parent.name}/{path.stem}": path for path in SCENARIOS}
GROWN = [("branches", 40), ("circuits", 12), ("connected-vpcs", 9), ("shared-site", 7), ("gateways", 6)]
RING = {str(n): [f"{n} 0", f"{n} {n % 9 + 1} 0", f"{n} {(n + 3) % 9 + 1} 0"] for n in range(1, 10)}


def sketch_of(text: str) -> Sketch:
    loaded = load("design.json", text)
    if loaded.document.gadget is not None:
        return gadget_sketch(loaded.document.gadget)
    return design_sketch(loaded.document, Values(open_texts(loaded)))


def placed(sketch: Sketch) -> Placement:
    return placed_in_a_ring(sketch) if sketch.ring else placed_in_tiers(sketch)


def overlap(a: Frame, b: Frame, by: float = 0.5) -> bool:
    return (
        min(a.x + a.width, b.x + b.width) - max(a.x, b.x) > by
        and min(a.y + a.height, b.y + b.height) - max(a.y, b.y) > by
    )


def holds(whole: Frame, part: Frame) -> bool:
    across = whole.x <= part.x and part.x + part.width <= whole.x + whole.width
    return across and whole.y <= part.y and part.y + part.height <= whole.y + whole.height


def course(curve: Curve) -> list[Point]:
    """Points on the way of a wire."""
    if curve.shape != "flow":
        legs = [Curve(leg, "line") for leg in pairwise(curve.points)]
        return along(curve) if curve.shape == "arc" else [p for leg in legs for p in along(leg)]
    found = []
    for (x, y), (u, v) in pairwise(curve.points):
        for step in range(25):
            t = step / 24
            bend = 3 * t * t - 2 * t * t * t
            across = 1.5 * t * (1 - t) * (1 - t) + 1.5 * t * t * (1 - t) + t * t * t
            found.append((x + (u - x) * across, y + (v - y) * bend))
    return found


def faults(sketch: Sketch) -> list[str]:
    """Boxes that overlap, wires that run through a box at which they do not end, what lies outside."""
    place, inside = placed(sketch), sketch.inside()
    outermost = [box.key for box in sketch.boxes]
    found = [
        f"{a} overlaps {b}"
        for a, b in combinations(outermost, 2)
        if overlap(place.frames[a], place.frames[b])
    ]
    for box in sketch.boxes:
        parts = [place.frames[part.key] for part in box.parts]
        found += [f"parts of {box.key} overlap" for a, b in combinations(parts, 2) if overlap(a, b)]
        whole = place.frames[box.key]
        found += [f"{box.key} does not hold its parts" for part in parts if not holds(whole, part)]
    for wire in sketch.wires:
        ends = {inside[wire.source], inside[wire.target]}
        for x, y in course(place.curves[wire.key]):
            if not (0 <= x <= place.width and 0 <= y <= place.height):
                found.append(f"{wire.key} leaves the picture")
            point = Frame(x - 1, y - 1, 2, 2)
            met = [key for key in outermost if key not in ends and overlap(point, place.frames[key])]
            found += [f"{wire.key} runs through {key}" for key in met]
    return found


@pytest.mark.parametrize("name", LIBRARY)
def test_nothing_overlaps_and_no_wire_runs_through_a_box(name: str) -> None:
    assert faults(sketch_of(LIBRARY[name].read_text("utf-8"))) == []


@pytest.mark.parametrize(("family", "size"), GROWN)
def test_large_designs_keep_their_boxes_apart(family: str, size: int) -> None:
    assert faults(sketch_of(json.dumps(FAMILIES[family].document(size)))) == []


def test_a_dense_gadget_keeps_its_boxes_apart() -> None:
    assert faults(gadget_sketch(read_gadget(RING))) == []


def test_what_overlaps_is_found() -> None:
    """The check of pictures is one that can fail."""
    sketch = sketch_of(LIBRARY[LOOP].read_text("utf-8"))
    place = placed(sketch)
    first, second = place.frames["vgw-1"], place.frames["vgw-2"]
    assert not overlap(first, second)
    assert overlap(first, Frame(second.x, first.y + 3, second.width, second.height))
    through = course(Curve(((0.0, first.middle[1]), (place.width, first.middle[1]))))
    assert any(overlap(Frame(x - 1, y - 1, 2, 2), first) for x, y in through)


def test_the_tiers_stand_in_the_order_of_a_packet_from_the_site_to_the_cen() -> None:
    place = placed(sketch_of(LIBRARY[LOOP].read_text("utf-8")))
    lefts = [place.frames[key].x for key in ("dc-1", "cgw-1", "vco-1", "vgw-1", "vpc|vpc-a", "cen-1")]
    assert lefts == sorted(lefts)
    assert [heading for heading, _ in place.headings][:2] == ["Sites", "Customer gateways"]
    assert place.frames["vpc-a"].x > place.frames["vpc|vpc-a"].x


def test_an_order_without_crossings_is_found() -> None:
    joins = [Join(a, b, 1.0, 1.0) for a, b in (("a", "z"), ("b", "y"), ("c", "x"))]
    assert few_crossings((("a", "b", "c"), ("x", "y", "z")), joins) == (("a", "b", "c"), ("z", "y", "x"))


def test_slots_stand_level_with_what_they_lead_to_where_there_is_room() -> None:
    heights, gaps = dict.fromkeys("abxy", 10.0), dict.fromkeys("abxy", 5.0)
    apart = levelled((("a", "b"), ("x", "y")), [Join("a", "x", 5, 5), Join("b", "y", 5, 5)], heights, gaps)
    assert apart == {"a": 0.0, "b": 15.0, "x": 0.0, "y": 15.0}
    between = levelled((("a", "b"), ("x",)), [Join("a", "x", 5, 5), Join("b", "x", 5, 5)], heights, gaps)
    assert between["x"] == 7.5


@pytest.mark.parametrize("name", ALL)
def test_every_hop_of_a_loop_or_packet_is_an_arrow_on_the_picture(name: str) -> None:
    loaded, result = checked(name)
    for entry in result.properties:
        example = entry.counterexample
        if example is None:
            continue
        document = loaded.document
        sketch = gadget_sketch(document.gadget) if document.gadget else design_sketch(document, Values({}))
        overlay = overlay_of(example, sketch, result.rules)
        hops = [*pairwise(example.loop), *pairwise(packet_way(example))]
        drawn = {(arrow.table, arrow.next_hop) for arrow in overlay.arrows}
        assert set(hops) <= drawn
        assert all(sketch.ways_between(*pair) for pair in drawn)


def test_a_way_over_a_connection_passes_its_customer_gateway() -> None:
    sketch = sketch_of(LIBRARY[LOOP].read_text("utf-8"))
    (way,) = sketch.ways_between("vgw-2", "dc-1")
    assert way.boxes == ("vgw-2", "vco-2", "cgw-1", "dc-1")
    assert sketch.ways_between("vgw-1", "vgw-2") == ()
    peers = sketch_of(LIBRARY[PEERS].read_text("utf-8"))
    assert {way.boxes for way in peers.ways_between("vgw-1", "vgw-2")} == {
        ("vgw-1", "vco-1", "cgw-to-2", "vgw-2"),
        ("vgw-1", "cgw-to-1", "vco-2", "vgw-2"),
    }


def test_sites_with_bgp_between_them_are_joined_beside_the_first_tier() -> None:
    sketch = sketch_of(LIBRARY[SITES].read_text("utf-8"))
    curve = placed(sketch).curves["dc-1", "dc-2"]
    frames = placed(sketch).frames
    assert min(x for x, _ in curve.points) < min(frames["dc-1"].x, frames["dc-2"].x)


def test_what_failed_is_marked_on_box_or_wire() -> None:
    loaded, result = checked(FAILED)
    sketch = design_sketch(loaded.document, Values({}))
    (example,) = [p.counterexample for p in result.properties if p.counterexample is not None]
    assert overlay_of(example, sketch, ()).words["vgw-1"] == "failed"
    gadget = gadget_sketch(read_gadget({"1": ["1 2 0"], "2": ["2 0"]}))
    broken = overlay_of(Counterexample({}, {}, failures=("link:2 1",)), gadget, ())
    assert broken.down == {frozenset(("1", "2"))}
    assert "cross" in picture(gadget, broken, "x", "t", "d")


def test_what_is_withdrawn_is_marked_at_its_owner() -> None:
    loaded, _ = checked(LOOP)
    sketch = design_sketch(loaded.document, Values({}))
    for name, box in {"dc-1.10.0.0.0/16": "dc-1", "vsw-a": "vpc-a", "vsw-b": "vpc-b"}.items():
        assert overlay_of(Counterexample({}, {}, withdrawn=(name,)), sketch, ()).words == {box: "withdrawn"}
    assert overlay_of(Counterexample({}, {}, withdrawn=("nobody",)), sketch, ()).words == {}


def test_open_values_are_marked_and_those_that_a_run_chose_too() -> None:
    loaded = load(str(LIBRARY["open/any-asns-one-gateway"]))
    path = "customer_gateways.cgw-1.asn"
    undecided = design_sketch(loaded.document, Values(open_texts(loaded)), structures(loaded.document)[0])
    decided = design_sketch(loaded.document, Values(open_texts(loaded), {path: 64512}))
    labels = [{b.key: b for b in sketch.all_boxes()}["cgw-1"].labels[0] for sketch in (undecided, decided)]
    assert labels == [Label("AS ? any", OPEN), Label("AS = 64512", CHOSEN)]


def test_a_text_that_is_too_long_loses_its_middle() -> None:
    assert shortened("short") == "short"
    long = shortened("a" * 40 + "\u202e" + "b" * 40)
    assert columns(long) <= 30
    assert long.startswith("aaa")
    assert long.endswith("bbb")
    assert columns("\u6771\u4eac") == 4
    assert columns(shortened("\u6771" * 40)) <= 30


def test_a_box_is_as_wide_as_its_longest_line() -> None:
    narrow, wide = (size_of(Box("a", "node", "a", 0, (Label("x" * n),))) for n in (3, 29))
    assert wide[0] > narrow[0]
    assert wide[1] == narrow[1]


def test_a_large_design_is_folded_but_for_what_the_evidence_involves() -> None:
    size = MOST_TABLES - 2
    whole = sketch_of(json.dumps(FAMILIES["branches"].document(size)))
    assert folded(whole, ()) is whole
    larger = sketch_of(json.dumps(FAMILIES["branches"].document(size + 1)))
    shown = folded(larger, {"dc-7", "vgw-0"})
    keys = {box.key for box in shown.all_boxes()}
    assert {"dc-7", "cgw-7", "vco-7", "vgw-0", "vpc-0"} <= keys
    assert "dc-8" not in keys
    assert len(keys) < 12
    assert shown.ways_between("vgw-0", "dc-7")
    assert f"{3 * (size + 1) - 3} objects" in shown.note
    assert faults(shown) == []
    overview = {box.key for box in folded(larger, ()).all_boxes()}
    assert {"dc-0", "dc-1", "folded|0"} <= overview


def test_a_large_gadget_keeps_its_origin_in_the_middle() -> None:
    paths = {str(n): [f"{n} 0"] for n in range(1, MOST_TABLES + 5)}
    shown = folded(gadget_sketch(read_gadget(paths)), {"9"})
    assert [box.key for box in shown.boxes] == ["0", "9", "folded|0"]


def test_the_drawing_is_named_and_described() -> None:
    loaded, _ = checked(CIRCUIT)
    drawn = picture(design_sketch(loaded.document, Values({})), Overlay(), "n", "a <title>", "what is drawn")
    assert drawn.startswith("<svg ")
    assert '<title id="n-title">a &lt;title&gt;</title><desc id="n-desc">what is drawn</desc>' in drawn
    assert ' role="img" aria-labelledby="n-title" aria-describedby="n-desc"' in drawn
