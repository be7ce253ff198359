"""On which choices the verdict of each property can depend, found in the questions that are asked.

A verdict depends on a choice only through the conditions of the rules and of the
problems of its property; a choice that none of these mentions has no effect on it.
No solver is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from verify.announced import with_networks
from verify.asking import METHODS
from verify.models.choices import Choice
from verify.models.open_announcements import impossible
from verify.models.paths import Spot, transformed
from verify.models.readings import BY_ID
from verify.models.rulebook import review
from verify.models.scenario import Document
from verify.propagation import BOUNDS
from verify.properties import documented_rules

VBR_READING = "vbr_preserves_as_path"


@dataclass(frozen=True)
class Dependence:
    """For each choice the properties that can depend on it.

    Of the properties in `unknown` the questions are too many or too large to be made, so
    they can depend on everything.  Where one of those in `long_paths` is asked about,
    paths can grow so long that they are reduced to their members.
    """

    of: Mapping[str, frozenset[str]]
    unknown: frozenset[str]
    long_paths: frozenset[str] = frozenset()

    def properties(self, name: str) -> frozenset[str]:
        """The properties that can depend on a choice."""
        return self.of.get(name, frozenset()) | self.unknown


def dependence(document: Document, properties: Iterable[str]) -> Dependence:
    """What the verdicts of some properties of a document can depend on."""
    found: dict[str, set[str]] = {}
    unknown, long_paths = set[str](), set[str]()
    for property_id in properties:
        try:
            names, grows = _mentioned(document, property_id)
        except BOUNDS:
            unknown.add(property_id)
            continue
        if grows:
            long_paths.add(property_id)
        for name in names:
            found.setdefault(name, set()).add(property_id)
    of = {name: frozenset(ids) for name, ids in sorted(found.items())}
    return Dependence(of, frozenset(unknown), frozenset(long_paths))


def unpinned(document: Document) -> Document:
    """The document with every reading open that it pins."""

    def open_it(spot: Spot) -> object:
        name = reading_name(spot)
        if not name or isinstance(spot.value, Choice):
            return spot.value
        return BY_ID[name.partition("@")[0]].choice(name.partition("@")[2])

    return transformed(document, open_it)


def reading_name(spot: Spot) -> str:
    """The name of the reading, of the platform or of one object, that a field pins; "" for other fields."""
    owner = getattr(spot.holder, "id", "")
    if spot.steps[0] == "assume":
        return spot.key if spot.key.partition("@")[0] in BY_ID else ""
    if len(spot.steps) > 2 and spot.steps[-2] == "readings":
        return f"{spot.key}@{owner}"
    return f"{VBR_READING}@{owner}" if spot.key == "as_path_preserved" else ""


def _mentioned(document: Document, property_id: str) -> tuple[set[str], bool]:
    """The choices that the questions of a property mention, and whether paths can grow in one of them."""
    if property_id == documented_rules.ID:
        deciding = (finding for each in review(document) if each.rule.decides for finding in each.binding)
        return {name for finding in deciding for name in finding.broken.choices()}, False
    if impossible(document):
        return set(), False
    from verify.solve import Backend

    candidates, networks = with_networks(document)
    names, grows = set[str](), False
    for network in networks:
        names |= {name for constraint in network.constraints for name in constraint.choices()}
        for asked in METHODS[property_id](candidates, network, Backend(())):
            names |= set(asked.inquiry.choices)
            grows = grows or asked.inquiry.problem.universe.has_long_paths
    return names, grows
