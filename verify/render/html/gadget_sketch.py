"""The sketch of a bare routing gadget: its nodes with their permitted paths, around the origin."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from verify.models.gadget import ORIGIN, Path
from verify.render.html.sketch import Box, Label, Sketch, Way, Wire


def gadget_sketch(gadget: Mapping[str, tuple[Path, ...]]) -> Sketch:
    """The picture of a gadget; a link is there where a permitted path uses it."""
    nodes = (ORIGIN, *gadget)
    boxes = tuple(Box(node, "node", node, 0, _paths(gadget.get(node, ()))) for node in nodes)
    pairs: dict[frozenset[str], Wire] = {}
    for paths in gadget.values():
        for path in paths:
            for one, other in pairwise(path):
                pairs.setdefault(frozenset((one, other)), Wire(one, other, "link", "link"))
    wires = tuple(pairs.values())
    aliases = {" ".join(pair): wire.source for wire in wires for pair in (wire.key, wire.key[::-1])}
    return Sketch(boxes, wires, tuple(Way(wire.key) for wire in wires), aliases, ring=True)


def _paths(paths: tuple[Path, ...]) -> tuple[Label, ...]:
    """The permitted paths, the most preferred one first."""
    return tuple(Label(" ".join(path)) for path in paths)
