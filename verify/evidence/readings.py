"""What a result takes for granted: assumptions, readings and open values, and what rests on each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from verify.evidence.dependence import VBR_READING, Dependence, dependence, reading_name, unpinned
from verify.evidence.given import Given
from verify.evidence.normalised import plain
from verify.models.assumptions import ASSUMPTIONS
from verify.models.choices import Choice
from verify.models.opening import all_choices
from verify.models.paths import spots_of
from verify.models.readings import BY_ID, READINGS, Reading
from verify.models.scenario import Document

Json = dict[str, Any]
UNWRITTEN = ("data_centers.", "ipsec_connections.")  # whose open values can have no place in the format
BY_SCENARIO, BY_OPTION = "the scenario", "an option of the command"


def assumed(made_from: Given, result: Mapping[str, Any]) -> Json:
    """The content of `assumptions.json`, for a result in its JSON form."""
    document = made_from.checked.document
    checked = [entry["id"] for entry in result["properties"]]
    free = dependence(unpinned(document), checked)
    return {
        "assumptions": [
            {
                "id": each.id,
                "statement": each.statement,
                "why": each.why,
                "properties": _proved_under(each.id, "assumptions", result),
            }
            for each in ASSUMPTIONS
        ],
        "readings": [] if document.gadget is not None else list(_readings(made_from, result, free)),
        "open_values": list(_open_values(document, free)),
        "environment": plain(document.environment),
    }


def _readings(made_from: Given, result: Mapping[str, Any], free: Dependence) -> Iterator[Json]:
    """Each reading of the platform, and each that an object has for itself."""
    document = made_from.checked.document
    pins = _pinned(document)
    by_scenario = _pinned(made_from.loaded.document)
    named = dict.fromkeys([*_names(document), *pins])
    for name in sorted(named, key=lambda each: (_place(each), each)):
        reading, owner = BY_ID[name.partition("@")[0]], name.partition("@")[2]
        value = pins.get(name)
        source = BY_SCENARIO if name in by_scenario and by_scenario[name] == value else BY_OPTION
        pinned = {"state": "pinned", "value": value, "pinned_by": source}
        yield {
            "id": name,
            **({"object": owner} if owner else {}),
            **({"state": "open"} if value is None else pinned),
            "values": list(reading.values),
            "question": reading.about,
            "source": reading.source,
            "properties": _resting(name, document, free),
            "proved_for_each_value": _proved_under(name, "readings", result),
            "needed_to_fail": _needing(name, result),
        }


def _names(document: Document) -> Iterator[str]:
    """The readings that are asked for: one for the platform, or one for each VBR."""
    for reading in READINGS:
        if reading.per:
            yield from (f"{reading.id}@{vbr.id}" for vbr in document.virtual_border_routers)
        else:
            yield reading.id


def _place(name: str) -> int:
    return READINGS.index(_reading(name))


def _reading(name: str) -> Reading:
    return BY_ID[name.partition("@")[0]]


def _pinned(document: Document) -> Mapping[str, Any]:
    """The readings that a document pins, for the platform or for one object."""
    found = {}
    for spot in spots_of(document):
        name = reading_name(spot)
        if name and not isinstance(spot.value, Choice):
            found[name] = spot.value
    return found


def _resting(name: str, document: Document, free: Dependence) -> list[str]:
    """The properties that a reading can matter to.

    The reading of the platform can matter through each object that has none of its own, and
    that of VBRs is asked for each.
    """
    names = [name]
    if name == VBR_READING:
        names += [f"{name}@{vbr.id}" for vbr in document.virtual_border_routers]
    return sorted(frozenset[str]().union(*(free.properties(each) for each in names)))


def _open_values(document: Document, free: Dependence) -> Iterator[Json]:
    written = {choice.name for choice in all_choices(document)}
    for choice in all_choices(document):
        yield {
            "path": choice.name,
            "values": list(choice.values),
            "properties": sorted(free.properties(choice.name)),
        }
    for name in free.of:
        unwritten = name.startswith(UNWRITTEN) and (name.endswith(".aggregate") or ".protected." in name)
        if unwritten and name not in written:
            yield {"path": name, "values": [False, True], "properties": sorted(free.properties(name))}


def _proved_under(name: str, kind: str, result: Mapping[str, Any]) -> list[str]:
    return [
        entry["id"] for entry in result["properties"] if name in entry.get("rests_on", {}).get(kind, ())
    ]


def _needing(name: str, result: Mapping[str, Any]) -> list[str]:
    """The properties whose counterexample needs a value of a reading."""
    shown = ((entry["id"], entry.get("counterexample", {})) for entry in result["properties"])
    return [property_id for property_id, example in shown if name in example.get("readings", {})]
