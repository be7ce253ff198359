"""The sketch of a design: its boxes, the wires between them, and the ways that packets take over these."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product

from verify.models.scenario import CustomerGateway, DataCenter, Document, IpsecConnection
from verify.models.sessions import Structure, structures
from verify.render.html.design_boxes import Drawn, design_boxes
from verify.render.html.sketch import OPEN, Sketch, Way, Wire
from verify.render.html.values import Values

SEVERAL = "How many routers a site has depends on open ASNs; this picture shows one possibility of {count}."


def design_sketch(document: Document, values: Values, structure: Structure | None = None) -> Sketch:
    """The picture of a design that is no gadget, with the routers of a structure (the first by default)."""
    known = structures(document)
    drawn = Drawn(document, structure or known[0], values)
    boxes = design_boxes(drawn)
    wires = (*_connection_wires(drawn), *_vbr_wires(drawn), *_cloud_wires(drawn), *_site_wires(drawn))
    keys = {part.key for box in boxes for part in box.everything()}
    kept = _each_once(wire for wire in wires if {wire.source, wire.target} <= keys)
    note = SEVERAL.format(count=len(known)) if structure is None and len(known) > 1 else ""
    ways = dict.fromkeys((*_tunnel_ways(drawn), *(Way(wire.key) for wire in kept)))
    return Sketch(boxes, kept, tuple(ways), dict(_aliases(drawn)), note=note)


def _each_once(wires: Iterator[Wire]) -> tuple[Wire, ...]:
    """One wire between two boxes: what comes first says what it is."""
    found: dict[frozenset[str], Wire] = {}
    for wire in wires:
        found.setdefault(frozenset(wire.key), wire)
    return tuple(found.values())


def _ends(drawn: Drawn) -> Iterator[tuple[IpsecConnection, CustomerGateway, str]]:
    """Each tunnel with its customer gateway and the table at the far end, "" where there is none."""
    gateways = {gateway.id: gateway for gateway in drawn.document.customer_gateways}
    for connection in drawn.document.ipsec_connections:
        for index, tunnel in enumerate(connection.tunnels):
            gateway = gateways[tunnel.customer_gateway]
            router = drawn.structure.ends_at.get(f"{connection.id}/{index}", "")
            yield connection, gateway, gateway.vpn_gateway or router


def _connection_wires(drawn: Drawn) -> Iterator[Wire]:
    for connection, gateway, end in _ends(drawn):
        text, _ = drawn.values.text(connection.bgp_enabled)
        kind = "tunnel" if text == "false" else "bgp"
        about = "IPsec without BGP" if kind == "tunnel" else "IPsec with BGP"
        if end and gateway.vpn_gateway:
            yield Wire(gateway.id, end, kind, "stands for")
        elif end:
            yield Wire(end, gateway.id, kind, "registered as")
        yield Wire(gateway.id, connection.id, kind, about)
        yield Wire(connection.id, connection.vpn_gateway, kind, about)


def _tunnel_ways(drawn: Drawn) -> Iterator[Way]:
    """From the far end of a connection over its customer gateway to the VPN gateway."""
    for connection, gateway, end in _ends(drawn):
        if end:
            yield Way((end, gateway.id, connection.id, connection.vpn_gateway))


def _vbr_wires(drawn: Drawn) -> Iterator[Wire]:
    for vbr in drawn.document.virtual_border_routers:
        for index in range(len(vbr.peers)):
            yield Wire(drawn.structure.ends_at[f"{vbr.id}/{index}"], vbr.id, "bgp", "Express Connect, BGP")
        if vbr.attached_to:
            yield Wire(vbr.id, vbr.attached_to, "attachment", "attached to")


def _cloud_wires(drawn: Drawn) -> Iterator[Wire]:
    for gateway in drawn.document.vpn_gateways:
        yield Wire(gateway.id, gateway.vpc, "attachment", "in the VPC")
    for cen in drawn.document.cens:
        yield from (Wire(each, cen.id, "attachment", "attached to") for each in cen.attachments)
    for vpc in drawn.document.vpcs:
        for route in vpc.routes:
            if route.route_table != "system":
                about = f"route for {route.destination}"
                yield Wire(route.next_hop, route.route_table, "static", about)


def _site_wires(drawn: Drawn) -> Iterator[Wire]:
    """Sessions between routers of one site, and those between sites of which one names the other."""
    for site in drawn.document.data_centers:
        own = [router.table for router in drawn.structure.routers_of(site.id)]
        text, mark = drawn.values.text(site.internal_peering)
        if text != "false":
            about = "BGP inside the site" + (" (open)" if mark == OPEN else "")
            yield from (Wire(one, other, "bgp", about) for one, other in combinations(own, 2))
    for site, other in combinations(drawn.document.data_centers, 2):
        there, here = _named(drawn, site, other), _named(drawn, other, site)
        if there or here:
            pairs = product(here or _routers(drawn, site), there or _routers(drawn, other))
            yield from (Wire(one, far, "bgp", "BGP between sites") for one, far in pairs)


def _routers(drawn: Drawn, site: DataCenter) -> list[str]:
    return [router.table for router in drawn.structure.routers_of(site.id)]


def _named(drawn: Drawn, site: DataCenter, other: DataCenter) -> list[str]:
    """The routers of another site that a site names as peers: listed ones, or all by the site's own name."""
    names = {peer.peer for peer in site.peers}
    listed = [f"{other.id}/{router.id}" for router in other.routers if router.id in names]
    return listed or (_routers(drawn, other) if other.id in names else [])


def _aliases(drawn: Drawn) -> Iterator[tuple[str, str]]:
    """Other names that results use: vSwitches, tunnels, VBR sessions, VPCs, sites."""
    document = drawn.document
    for vpc in document.vpcs:
        for vswitch in vpc.vswitches:
            yield vswitch.id, vpc.id if vswitch.route_table == "system" else vswitch.route_table
    for connection in document.ipsec_connections:
        yield from ((f"{connection.id}/{index}", connection.id) for index in range(len(connection.tunnels)))
    for vbr in document.virtual_border_routers:
        yield from ((f"{vbr.id}/{index}", vbr.id) for index in range(len(vbr.peers)))
    for site in document.data_centers:
        own = drawn.structure.routers_of(site.id)
        if len(own) != 1 or own[0].table != site.id:
            yield site.id, f"site|{site.id}"
