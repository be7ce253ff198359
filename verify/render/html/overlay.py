"""What a counterexample adds to a picture: arrows of packets and routes, and marks on boxes and wires."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from verify.render.html.sketch import Sketch
from verify.verdict import Counterexample, RouteRow, RuleStatus

PACKET, ROUTE, ONE, ANOTHER = "packet", "route", "one", "another"
STYLES: Mapping[str, str] = {
    PACKET: "the way of the packet",
    ROUTE: "the next hop of a selected route",
    ONE: "next hop in the first stable state only",
    ANOTHER: "next hop in the second stable state only",
}
NO_TABLE = ("", "local", "discard")


@dataclass(frozen=True, slots=True)
class Arrow:
    """An arrow from a table to its next hop; one of a run is shown while `prefix` has this next hop there."""

    table: str
    next_hop: str
    style: str
    prefix: str = ""
    now: bool = True


@dataclass(frozen=True, slots=True)
class Overlay:
    """Arrows, a word on a box by its key, and the wires that are down, by their ends."""

    arrows: tuple[Arrow, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    down: frozenset[frozenset[str]] = frozenset()

    def involved(self) -> frozenset[str]:
        """Every box that the overlay speaks of."""
        ends = {name for arrow in self.arrows for name in (arrow.table, arrow.next_hop)}
        return frozenset(ends | set(self.words) | {key for pair in self.down for key in pair})


def overlay_of(example: Counterexample, sketch: Sketch, rules: Sequence[RuleStatus]) -> Overlay:
    """What a counterexample adds to the picture; `rules` are those of the result."""
    boxes = {box.key for box in sketch.all_boxes()}
    words: dict[str, str] = {}
    down: set[frozenset[str]] = set()
    for name in example.failures:
        ends = _wire_of(name, sketch)
        if ends:
            down.add(ends)
        elif box := _box_of(name.partition(":")[2] or name, sketch, boxes):
            words[box] = "failed"
    for name in example.withdrawn:
        if box := _box_of(name, sketch, boxes):
            words.setdefault(box, "withdrawn")
    words |= _ends_of_packets(example, sketch, boxes)
    if not example.routes:
        words |= _broken_at(example, sketch, rules)
    for table in _differing(example):
        words.setdefault(table, "differs")
    return Overlay(tuple(dict.fromkeys(_arrows(example))), words, frozenset(down))


def _box_of(name: str, sketch: Sketch, boxes: Iterable[str]) -> str:
    """The box that a name of a result means, "" where there is none.

    A name can go on after an id: `dc-1.10.0.0.0/16` is a prefix of dc-1.
    """
    begins = [name[:end] for end in range(len(name), 0, -1) if name[end:][:1] in ("", ".", "/")]
    for candidate in (*begins, *name.replace(":", " ").split()):
        found = sketch.aliases.get(candidate, candidate)
        if found in boxes:
            return found
    return ""


def _wire_of(failure: str, sketch: Sketch) -> frozenset[str]:
    """The ends of the wire that a failure names, nothing where it names a box."""
    kind, _, rest = failure.partition(":")
    between = {"site_link": "<>", "cen_attachment": "/", "link": " "}.get(kind)
    if between is None:
        return frozenset()
    one, _, other = rest.partition(between)
    pair = frozenset((sketch.aliases.get(one, one), sketch.aliases.get(other, other)))
    known = [frozenset(wire.key) for wire in sketch.wires]
    return pair if pair in known else frozenset()


def _ends_of_packets(example: Counterexample, sketch: Sketch, boxes: Iterable[str]) -> dict[str, str]:
    found = {}
    for packet, word in ((example.undelivered, "lost here"), (example.delivered, "arrives")):
        at = packet.get("at")
        if isinstance(at, str) and (box := _box_of(at, sketch, boxes)):
            found[box] = "goes round" if packet.get("reason") == "looped" else word
    return found


def _broken_at(example: Counterexample, sketch: Sketch, rules: Sequence[RuleStatus]) -> dict[str, str]:
    """The rules that each object breaks, where a violation is nothing but that."""
    boxes = {box.key for box in sketch.all_boxes()}
    found: dict[str, dict[str, None]] = {}
    for rule in rules:
        if rule.id in example.broken_rules and rule.status in ("broken", "open"):
            for box in filter(None, (_box_of(name, sketch, boxes) for name in rule.objects)):
                found.setdefault(box, {})[rule.id] = None
    return {box: ", ".join(ids) for box, ids in found.items()}


def _differing(example: Counterexample) -> list[str]:
    """The tables that select different routes in two stable states."""
    if not example.other_routes:
        return []
    first, second = selected(example.routes), selected(example.other_routes)
    return [cell[0] for cell in dict.fromkeys((*first, *second)) if first.get(cell) != second.get(cell)]


def _arrows(example: Counterexample) -> Iterator[Arrow]:
    if example.loop:
        yield from (Arrow(one, other, PACKET) for one, other in pairwise(example.loop))
    elif way := packet_way(example):
        yield from (Arrow(one, other, PACKET) for one, other in pairwise(way))
    elif example.cycle:
        yield from _run(example)
    elif example.undelivered or example.delivered:
        return
    else:
        yield from _states(example)


def packet_way(example: Counterexample) -> tuple[str, ...]:
    """The tables that the packet of a counterexample passes."""
    told = example.undelivered.get("path") or example.delivered.get("path") or ""
    return tuple(told.split(" > ")) if isinstance(told, str) and told else ()


def selected(rows: Iterable[RouteRow]) -> dict[tuple[str, str], RouteRow]:
    """The selected route of each table and prefix."""
    return {(row.table, row.prefix): row for row in rows if row.state == "selected"}


def _states(example: Counterexample) -> Iterator[Arrow]:
    """The next hops of the selected routes, told apart where there are two states."""
    first, second = selected(example.routes), selected(example.other_routes)
    two = bool(example.other_routes)
    hops = {(row.table, row.next_hop) for row in first.values()}
    other = {(row.table, row.next_hop) for row in second.values()}
    for row in (*first.values(), *second.values()):
        if row.next_hop not in NO_TABLE:
            pair = (row.table, row.next_hop)
            style = ROUTE if not two or pair in hops & other else ONE if pair in hops else ANOTHER
            yield Arrow(*pair, style)


def _run(example: Counterexample) -> Iterator[Arrow]:
    """Every next hop that occurs in a run; those of its start are shown first."""
    start = selected(example.routes)
    changed = [c.after for step in (*example.stem, *example.cycle) for c in step.changes if c.after]
    for row in (*start.values(), *changed):
        if row.next_hop not in NO_TABLE:
            begins = start.get((row.table, row.prefix))
            now = begins is not None and begins.next_hop == row.next_hop
            yield Arrow(row.table, row.next_hop, ROUTE, row.prefix, now)
