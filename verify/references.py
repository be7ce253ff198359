"""Ids and the references to them, checked on the document as it was read.

The check works on plain JSON values, so that it also runs on a document that has
faults of other kinds; what does not have the shape it expects it passes over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from verify.faults import Objection, path_of
from verify.models.values import Misfit, Place, describe
from verify.spelling import nearest

Found = tuple[Place, object]

KINDS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("vpcs",), "VPC"),
    (("vpcs", "vswitches"), "vSwitch"),
    (("vpcs", "custom_route_tables"), "custom route table"),
    (("vpn_gateways",), "VPN gateway"),
    (("customer_gateways",), "customer gateway"),
    (("ipsec_connections",), "IPsec connection"),
    (("data_centers",), "data center"),
    (("data_centers", "routers"), "router"),
    (("virtual_border_routers",), "VBR"),
    (("cens",), "CEN"),
)
RESERVED = ("system", "blackhole", "discard", "none")
SEPARATORS = "/<>@|"  # between the parts of constructed names, such as site/router
MOST_SUGGESTIONS = 50  # of a nearest id; looking for one is slow


@dataclass(frozen=True, slots=True)
class Declared:
    """An object with an id: its kind, where it is, and the id of the object around it."""

    id: str
    kind: str
    place: Place
    owner: str


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a field refers to objects: the kinds it takes, and words that it takes instead.

    `within` names the place of the object that must own the target: "here" for
    the object around the field, or a sibling key that holds the owner's id.
    """

    lists: tuple[str, ...]
    key: str
    kinds: tuple[str, ...]
    words: tuple[str, ...] = ()
    within: str = ""


REFERENCES = (
    Reference(("vpcs", "vswitches"), "route_table", ("custom route table",), ("system",), "here"),
    Reference(("vpcs", "routes"), "route_table", ("custom route table",), ("system",), "here"),
    Reference(("vpcs", "routes"), "next_hop", ("VPN gateway", "VBR", "CEN"), ("blackhole",)),
    Reference(("vpn_gateways",), "vpc", ("VPC",)),
    Reference(("customer_gateways",), "data_center", ("data center",)),
    Reference(("customer_gateways",), "router", ("router",), within="data_center"),
    Reference(("customer_gateways",), "vpn_gateway", ("VPN gateway",)),
    Reference(("ipsec_connections",), "vpn_gateway", ("VPN gateway",)),
    Reference(("ipsec_connections", "tunnels"), "customer_gateway", ("customer gateway",)),
    Reference(("data_centers", "static_routes"), "next_hop", ("VPN gateway", "VBR"), ("discard",)),
    Reference(("data_centers", "peers"), "peer", ("VPN gateway", "VBR", "data center", "router")),
    Reference(("virtual_border_routers",), "attached_to", ("CEN", "VPC")),
    Reference(("virtual_border_routers", "peers"), "data_center", ("data center",)),
    Reference(("virtual_border_routers", "peers"), "router", ("router",), within="data_center"),
    Reference(("cens",), "attachments", ("VPC", "VBR")),
)


def parts(root: object, lists: tuple[str, ...]) -> Iterator[tuple[Place, Mapping[str, object]]]:
    """The objects that are reached through these nested lists."""
    found: list[tuple[Place, object]] = [((), root)]
    for key in lists:
        found = [item for place, outer in found for item in elements(place, outer, key)]
    for place, item in found:
        if isinstance(item, Mapping):
            yield place, item


def elements(place: Place, outer: object, key: str) -> Iterator[Found]:
    """The elements of the list that an object has under a key."""
    inner = outer.get(key) if isinstance(outer, Mapping) else None
    if isinstance(inner, list):
        for position, item in enumerate(inner):
            yield (*place, key, position), item


def declared_in(root: object) -> dict[str, list[Declared]]:
    """All objects by id; an id with several objects is a fault."""
    known: dict[str, list[Declared]] = {}
    for lists, kind in KINDS:
        owners = dict(parts(root, lists[:-1])) if len(lists) > 1 else {}
        for place, item in parts(root, lists):
            name, owner = item.get("id"), owners.get(place[:-2], {}).get("id")
            if isinstance(name, str):
                entry = Declared(name, kind, place, owner if isinstance(owner, str) else "")
                known.setdefault(name, []).append(entry)
    return known


def faulty_ids(known: Mapping[str, list[Declared]]) -> Iterator[Objection]:
    """Ids that are not unique, or that are words of the format."""
    for name, entries in known.items():
        for entry in entries:
            if name in RESERVED:
                misfit = Misfit(describe(name), "another id", "this word has a meaning of its own")
                yield Objection((*entry.place, "id"), misfit)
            if any(letter in SEPARATORS for letter in name):
                expected = f"an id without any of {' '.join(SEPARATORS)}"
                yield Objection((*entry.place, "id"), Misfit(describe(name), expected))
        for entry in entries[1:]:
            hint = f"{path_of(entries[0].place)} has it already"
            yield Objection((*entry.place, "id"), Misfit(describe(name), "an id that is unique", hint))


def faulty_references(root: object, known: Mapping[str, list[Declared]]) -> Iterator[Objection]:
    """References to nothing, or to an object of the wrong kind or of another owner."""
    dangling = 0
    for reference in REFERENCES:
        around = dict(parts(root, reference.lists[:-1])) if reference.within == "here" else {}
        for place, item in parts(root, reference.lists):
            owner = around.get(place[:-2], {}).get("id") if around else item.get(reference.within)
            targets = [((*place, reference.key), item.get(reference.key))]
            for spot, target in [*targets, *elements(place, item, reference.key)]:
                fault = fault_of((spot, target), reference, known, owner, suggest=dangling < MOST_SUGGESTIONS)
                if fault is not None:
                    dangling += 1
                    yield fault


def fault_of(
    found: Found, reference: Reference, known: Mapping[str, list[Declared]], owner: object, *, suggest: bool
) -> Objection | None:
    """What is wrong with one reference, if anything."""
    place, target = found
    if not isinstance(target, str) or target in reference.words:
        return None
    expected = " or ".join((*map(_a, reference.kinds), *(f'"{word}"' for word in reference.words)))
    entries = known.get(target, [])
    fitting = [entry for entry in entries if entry.kind in reference.kinds]
    if not entries:
        hint = _nearest_id(target, reference, known) if suggest else ""
        return Objection(place, Misfit(f"no object {describe(target)}", expected, hint), needs_whole=True)
    if not fitting:
        return Objection(place, Misfit(f"{describe(target)}, which is {_a(entries[0].kind)}", expected))
    if isinstance(owner, str) and all(entry.owner != owner for entry in fitting):
        misfit = f"{describe(target)}, which belongs to {describe(fitting[0].owner)}"
        return Objection(place, Misfit(misfit, f"{_a(fitting[0].kind)} of {describe(owner)}"))
    return None


def _a(kind: str) -> str:
    return f"an {kind}" if kind.startswith("I") else f"a {kind}"


def _nearest_id(target: str, reference: Reference, known: Mapping[str, list[Declared]]) -> str:
    names = [name for name, entries in known.items() if any(e.kind in reference.kinds for e in entries)]
    names.extend(reference.words)
    close = nearest(target, names) if len(names) <= 1000 and len(target) <= 200 else None
    if close:
        return f"did you mean {describe(close)}?"
    if not names:
        return "the document has none"
    shown = ", ".join(describe(name) for name in names[:5])
    return f"there is {shown}" + (", …" if len(names) > 5 else "")
