"""What has to fit together in a document beside the references, checked on plain JSON values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from verify.accepting import faulty_acceptances
from verify.faults import Objection
from verify.models.readings import BY_ID
from verify.models.scenario import PROPERTIES
from verify.models.values import Misfit, Place, describe, read_prefix
from verify.references import MOST_SUGGESTIONS, Declared, Reference, elements, fault_of, parts
from verify.spelling import did_you_mean
from verify.verdict import Verdict

NETWORK_KEYS = (
    "vpcs",
    "vpn_gateways",
    "customer_gateways",
    "ipsec_connections",
    "data_centers",
    "virtual_border_routers",
    "cens",
    "intents",
    "assume",
)
INTENT_END = Reference(("intents",), "to", ("VPC", "vSwitch", "data center"))
Known = Mapping[str, list[Declared]]


def inconsistencies(root: object, known: Known) -> Iterator[Objection]:
    """Everything that does not fit together."""
    if not isinstance(root, Mapping):
        return
    yield from _gadget_beside_network(root)
    yield from _ends_of_customer_gateways(root)
    yield from _numbers_of_tunnels(root)
    yield from _virtual_border_routers(root)
    yield from _sites(root, known)
    yield from _ends_of_intents(root, known)
    yield from _names_of_expectations(root)
    yield from _names_of_readings(root, known)
    yield from faulty_acceptances(root)


def _gadget_beside_network(root: Mapping[str, object]) -> Iterator[Objection]:
    if "gadget" in root:
        for key in NETWORK_KEYS:
            if key in root:
                misfit = Misfit(f"{key} beside gadget", "a gadget or a network, not both")
                yield Objection((key,), misfit, at_key=True)


def _ends_of_customer_gateways(root: Mapping[str, object]) -> Iterator[Objection]:
    """A customer gateway stands for one far end."""
    for place, item in parts(root, ("customer_gateways",)):
        site, gateway, router = (item.get(key) for key in ("data_center", "vpn_gateway", "router"))
        if site is None and gateway is None:
            yield Objection(place, Misfit("no data_center", "the key data_center"), needs_whole=True)
        elif site is not None and gateway is not None:
            misfit = Misfit("data_center and vpn_gateway", "one of the two", "the far end is one thing")
            yield Objection((*place, "vpn_gateway"), misfit, at_key=True)
        if router is not None and site is None and gateway is not None:
            yield Objection(
                (*place, "router"), Misfit("router", "a router only with data_center"), at_key=True
            )


def _numbers_of_tunnels(root: Mapping[str, object]) -> Iterator[Objection]:
    for place, item in parts(root, ("ipsec_connections",)):
        tunnels = item.get("tunnels")
        if isinstance(tunnels, list) and len(tunnels) not in (1, 2):
            yield Objection((*place, "tunnels"), Misfit(f"{len(tunnels)} tunnels", "one tunnel or two"))


def _virtual_border_routers(root: Mapping[str, object]) -> Iterator[Objection]:
    """A VBR is attached to something, and knows the ASN of each peer."""
    attached = {item for _, cen in parts(root, ("cens",)) for _, item in elements((), cen, "attachments")
                if isinstance(item, str)}  # fmt: skip
    sites = {str(site.get("id")): site for _, site in parts(root, ("data_centers",))}
    for place, item in parts(root, ("virtual_border_routers",)):
        if "attached_to" not in item and item.get("id") not in attached:
            hint = "or a CEN that has it among its attachments"
            yield Objection(place, Misfit("no attached_to", "the key attached_to", hint), needs_whole=True)
        for spot, peer in elements(place, item, "peers"):
            if not isinstance(peer, Mapping) or "peer_asn" in peer or peer.get("router") is not None:
                continue
            site = sites.get(str(peer.get("data_center")), {})
            if len(list(elements((), site, "routers"))) != 1:
                hint = "it can be left out where router names one, or the site has a single router"
                yield Objection(spot, Misfit("no peer_asn", "the key peer_asn", hint), needs_whole=True)


def _sites(root: Mapping[str, object], known: Known) -> Iterator[Objection]:
    """A site has each prefix once, and peers with others only."""
    for place, site in parts(root, ("data_centers",)):
        seen: set[object] = set()
        for spot, item in elements(place, site, "prefixes"):
            prefix, at = (
                (item.get("prefix"), (*spot, "prefix")) if isinstance(item, Mapping) else (item, spot)
            )
            if isinstance(prefix, str) and prefix in seen:
                yield Objection(at, Misfit(describe(prefix), "each prefix once"))
            seen.add(prefix if isinstance(prefix, str) else None)
        for spot, peer in elements(place, site, "peers"):
            target = peer.get("peer") if isinstance(peer, Mapping) else None
            entries = known.get(target, []) if isinstance(target, str) else []
            if any(site.get("id") in (entry.id, entry.owner) for entry in entries):
                hint = "internal_peering is about sessions inside a site"
                yield Objection((*spot, "peer"), Misfit(describe(target), "a peer outside the site", hint))


def _ends_of_intents(root: Mapping[str, object], known: Known) -> Iterator[Objection]:
    for place, item in parts(root, ("intents",)):
        for key in ("from", "to"):
            target, spot = item.get(key), (*place, key)
            if isinstance(target, str) and "/" in target and target not in known:
                try:
                    read_prefix(target)
                except Misfit as misfit:
                    yield Objection(spot, misfit)
                continue
            fault = fault_of((spot, target), INTENT_END, known, None, suggest=True)
            if fault is not None:
                either = Misfit(fault.misfit.found, f"{fault.misfit.expected} or a prefix", fault.misfit.hint)
                yield Objection(spot, either, needs_whole=fault.needs_whole)


def _names_of_expectations(root: Mapping[str, object]) -> Iterator[Objection]:
    expected = root.get("expect")
    verdicts = tuple(str(verdict) for verdict in Verdict)
    for name, verdict in expected.items() if isinstance(expected, Mapping) else ():
        if name not in PROPERTIES:
            misfit = Misfit(
                f"the property {describe(name)}", "a known property", did_you_mean(name, PROPERTIES)
            )
            yield Objection(("expect", name), misfit, at_key=True)
        if isinstance(verdict, str) and verdict not in verdicts:
            misfit = Misfit(describe(verdict), "a verdict", did_you_mean(verdict, verdicts))
            yield Objection(("expect", name), misfit)


def _names_of_readings(root: Mapping[str, object], known: Known) -> Iterator[Objection]:
    holders: list[tuple[Place, object]] = [(("assume",), root.get("assume"))]
    for key in root:
        holders.extend(((*place, "readings"), item.get("readings")) for place, item in parts(root, (key,)))
    unknown = 0
    for place, readings in holders:
        for name in readings if isinstance(readings, Mapping) else ():
            reading, at, owner = str(name).partition("@")
            if reading not in BY_ID:
                unknown += 1
                hint = did_you_mean(reading, BY_ID) if unknown <= MOST_SUGGESTIONS else ""
                misfit = Misfit(f"the reading {describe(reading)}", "a known reading", hint)
                yield Objection((*place, name), misfit, at_key=True)
            elif at and (place != ("assume",) or owner not in known):
                misfit = Misfit(describe(name), "a reading, in assume also with @ and the id of an object")
                yield Objection((*place, name), misfit, at_key=True, needs_whole=True)
