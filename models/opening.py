"""From the document as it was read to the document as it is checked.

Open values become choices with names and candidates, what one part says about
another is written into both, and assumptions are applied.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from . import pinned_announcements
from .aggregates import aggregates
from .candidates import candidates_of
from .choices import Choice, Role, Term
from .cloud import Cen, VbrPeer, VirtualBorderRouter
from .condition import Value
from .domain import OpenValue
from .fields import FAILURES, reading_domain
from .paths import Spot, spots_of, transformed, updated
from .protected import flows
from .readings import BY_ID
from .scenario import Document
from .site import DataCenter
from .values import Misfit, describe

VBR_READING = "vbr_preserves_as_path"
MAX_FAILURES = "max_failures"


def opened(document: Document, beside: Document | None = None) -> Document:
    """The document with every open value a named choice, and both sides of each attachment in agreement.

    `beside` is a document, as it was read, with which this one is compared.
    """
    values = candidates_of(document, beside)
    names: set[str] = set()

    def name_it(spot: Spot) -> object:
        if not isinstance(spot.value, OpenValue):
            return spot.value
        return _choice(spot, values[spot.steps], names)

    named = transformed(document, name_it)
    individual = {name: value for name, value in named.assume.items() if "@" in name}
    return _substituted(_agreed(named), individual)


def all_choices(document: Document) -> tuple[Choice, ...]:
    """The values that the operator leaves open, and those beside which others are considered, in order."""
    found = {spot.value.name: spot.value for spot in spots_of(document) if isinstance(spot.value, Choice)}
    return tuple(choice for choice in found.values() if choice.role in (Role.OPEN, Role.CHANGE))


def reading_term(document: Document, reading_id: str, *objects: object) -> Term:
    """The value of a reading for some objects, the most specific one first.

    What an object says of itself counts before what `assume` says for that object
    and that before what it says for the platform; where nothing is said the
    reading is a choice of the platform, or of each VBR for a reading that every
    VBR has for itself.
    """
    for part in objects:
        for pinned in _pins(document, reading_id, part):
            return pinned
    reading = BY_ID[reading_id]
    owner = next((part.id for part in objects if isinstance(part, VirtualBorderRouter)), "")
    own = reading.choice(owner if reading.per else "")
    platform = document.assume.get(reading_id, own)
    if isinstance(platform, Choice):
        return Choice(own.name, Role.READING, platform.values, platform.default)
    return platform


def with_assumptions(document: Document, given: Mapping[str, Value | tuple[str, ...]]) -> Document:
    """The document under further assumptions.

    A key is a reading, a reading of one object (`reading@id`), the path of an open
    value (of an open announcement: a prefix, or all of them), that path with ".count",
    or `max_failures`.  Raises `Misfit` for what is none of these, and for a value that
    the key does not take.
    """
    announced = pinned_announcements.keys(document)
    document = pinned_announcements.concrete(document, given)
    values = {k: v for k, v in given.items() if k not in announced and not isinstance(v, tuple)}
    choices = {spot.value.name: spot.value for spot in spots_of(document) if isinstance(spot.value, Choice)}
    unwritten = {c.name: c for c in (*flows(document), *(each.choice for each in aggregates(document)))}
    choices.update(unwritten)
    assume: dict[str, Value | Choice] = dict(document.assume)
    for key, value in values.items():
        reading = BY_ID.get(key.partition("@")[0])
        if reading is not None:
            assume[key] = reading_domain(reading).read(value)
        elif key == MAX_FAILURES:
            FAILURES.read(value)
        elif key not in choices or not any(
            value == v and type(value) is type(v) for v in choices[key].values
        ):
            raise Misfit(f"{key} = {describe(value)}", "a reading or an open value, and one of its values")
        elif key in unwritten:
            assume[key] = value
    failures = {MAX_FAILURES: values[MAX_FAILURES]} if MAX_FAILURES in values else {}
    changes = {"assume": assume, "environment": updated(document.environment, failures)}
    individual = {key: value for key, value in values.items() if key not in BY_ID}
    return _substituted(updated(document, changes), individual)


def _choice(spot: Spot, values: tuple[Value, ...], names: set[str]) -> Value | Choice:
    """The choice, or the value where only one is left."""
    read = spot.value
    if not isinstance(read, OpenValue) or len(values) == 1:
        return values[0]
    default = read.default if read.default in values else values[0]
    reading = _reading_name(spot)
    if reading:
        return Choice(reading, Role.READING, values, default)
    name, repeated = spot.path, 1
    while name in names:
        repeated += 1
        name = f"{spot.path}#{repeated}"
    names.add(name)
    return Choice(name, Role.OPEN, values, default)


def _reading_name(spot: Spot) -> str:
    """The name of the reading that a field is; empty if it is none."""
    owner = getattr(spot.holder, "id", "")
    if spot.key == "as_path_preserved" and isinstance(spot.holder, VirtualBorderRouter):
        return f"{VBR_READING}@{owner}"
    if spot.steps[0] == "assume":
        return spot.key
    inside_readings = len(spot.steps) >= 2 and spot.steps[-2] == "readings"
    return f"{spot.key}@{owner}" if inside_readings else ""


def _pins(document: Document, reading_id: str, part: object) -> Iterator[Term]:
    """What is said about a reading for one object, most binding first."""
    own: Mapping[str, Term] = getattr(part, "readings", {})
    if reading_id in own:
        yield own[reading_id]
    if reading_id == VBR_READING and isinstance(part, VirtualBorderRouter):
        yield from () if isinstance(part.as_path_preserved, Choice) else (part.as_path_preserved,)
    name = f"{reading_id}@{getattr(part, 'id', '')}"
    if name in document.assume:
        yield document.assume[name]


def _substituted(document: Document, values: Mapping[str, Value | Choice]) -> Document:
    """The document with choices replaced by name."""
    if not values:
        return document

    def replace(spot: Spot) -> object:
        return values.get(spot.value.name, spot.value) if isinstance(spot.value, Choice) else spot.value

    return transformed(document, replace)


def _agreed(document: Document) -> Document:
    """Attachments known to the VBR and to the CEN, and the ASN of each VBR peer."""
    routers = tuple(_attached(vbr, document) for vbr in document.virtual_border_routers)
    cens = tuple(_attaching(cen, routers) for cen in document.cens)
    return updated(document, {"virtual_border_routers": routers, "cens": cens})


def _attached(vbr: VirtualBorderRouter, document: Document) -> VirtualBorderRouter:
    sites = {site.id: site for site in document.data_centers}
    peers = tuple(_known_asn(peer, sites[peer.data_center]) for peer in vbr.peers)
    listing = [cen.id for cen in document.cens if vbr.id in cen.attachments]
    return updated(vbr, {"peers": peers, "attached_to": vbr.attached_to or listing[0]})


def _known_asn(peer: VbrPeer, site: DataCenter) -> VbrPeer:
    """The peer with its router's ASN where it gives none; the router may be the only one of the site."""
    if "peer_asn" in peer.model_fields_set:
        return peer
    asn = next(router.asn for router in site.routers if peer.router in (None, router.id))
    return updated(peer, {"peer_asn": asn})


def _attaching(cen: Cen, routers: tuple[VirtualBorderRouter, ...]) -> Cen:
    joining = [vbr.id for vbr in routers if vbr.attached_to == cen.id]
    return updated(cen, {"attachments": tuple(dict.fromkeys((*cen.attachments, *joining)))})
