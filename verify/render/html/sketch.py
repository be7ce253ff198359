"""What a picture shows, before anything has a place: boxes in tiers, wires between them, ways of packets.

Boxes of one picture have different keys.  The key of a box that is a table of the
routing problem is the name of the table, so that routes find their ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

SITE, CUSTOMER, CONNECTION, GATEWAY, VPC, CEN = range(6)
TIERS = {
    SITE: "Sites",
    CUSTOMER: "Customer gateways",
    CONNECTION: "IPsec connections, VBRs",
    GATEWAY: "VPN gateways",
    VPC: "VPCs and route tables",
    CEN: "CEN",
}
TABLES = ("data centre", "router", "VPN gateway", "VBR", "system route table", "CEN", "node")
OPEN, CHOSEN = "open", "chosen"


@dataclass(frozen=True, slots=True)
class Label:
    """A line of text in a box; `mark` is OPEN where it has an open value, CHOSEN where a run decided one."""

    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """An object of the design; `parts` are drawn inside it."""

    key: str
    kind: str
    title: str
    tier: int
    labels: tuple[Label, ...] = ()
    parts: tuple[Box, ...] = ()

    @property
    def is_table(self) -> bool:
        """Whether it is a table of the routing problem."""
        return self.kind in TABLES and not (self.kind == "data centre" and self.parts)

    def everything(self) -> Iterator[Box]:
        """The box and its parts."""
        yield self
        yield from self.parts


@dataclass(frozen=True, slots=True)
class Wire:
    """A connection between two boxes; `kind` is bgp, tunnel, attachment, static or link."""

    source: str
    target: str
    kind: str
    about: str

    @property
    def key(self) -> tuple[str, str]:
        """What tells wires apart: there is one between two boxes."""
        return (self.source, self.target)


@dataclass(frozen=True, slots=True)
class Way:
    """The boxes that a packet passes from one table to a neighbouring one, both ends included."""

    boxes: tuple[str, ...]

    @property
    def ends(self) -> tuple[str, str]:
        return (self.boxes[0], self.boxes[-1])

    def reversed(self) -> Way:
        return Way(self.boxes[::-1])


@dataclass(frozen=True, slots=True)
class Sketch:
    """Boxes in tiers, the wires between them, and the ways between neighbouring tables.

    `aliases` leads from other names that results use (vSwitches, tunnels) to boxes.
    """

    boxes: tuple[Box, ...]
    wires: tuple[Wire, ...]
    ways: tuple[Way, ...]
    aliases: Mapping[str, str] = field(default_factory=dict)
    ring: bool = False  # drawn around an origin and not in tiers
    note: str = ""

    def all_boxes(self) -> Iterator[Box]:
        """Every box, parts after what they are in."""
        for box in self.boxes:
            yield from box.everything()

    def ways_between(self, table: str, neighbour: str) -> tuple[Way, ...]:
        """The ways from one table to another, in the order of the document."""
        found = [way for way in self.ways if way.ends == (table, neighbour)]
        found += [way.reversed() for way in self.ways if way.ends == (neighbour, table)]
        return tuple(dict.fromkeys(found))

    def inside(self) -> dict[str, str]:
        """For each box the key of the outermost box around it, or its own."""
        return {part.key: box.key for box in self.boxes for part in box.everything()}
