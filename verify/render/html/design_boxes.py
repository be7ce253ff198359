"""The boxes of a design, each in its tier: sites, customer gateways, connections, gateways, VPCs, CENs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from verify.models.choices import Choice
from verify.models.scenario import DataCenter, Document, IpsecConnection, Vpc
from verify.models.sessions import UNSEEN, SiteRouter, Structure, vbr_peerings
from verify.models.site import OpenPrefix, SitePrefix
from verify.render.html.sketch import (
    CEN,
    CONNECTION,
    CUSTOMER,
    GATEWAY,
    OPEN,
    SITE,
    VPC,
    Box,
    Label,
)
from verify.render.html.values import Values


@dataclass(frozen=True)
class Drawn:
    """What the picture of a design is made from."""

    document: Document
    structure: Structure
    values: Values


def design_boxes(drawn: Drawn) -> tuple[Box, ...]:
    """Every box of a design, each tier in the order of the document."""
    return (*_sites(drawn), *_customers(drawn), *_connections(drawn), *_clouds(drawn))


def _sites(drawn: Drawn) -> Iterator[Box]:
    for site in drawn.document.data_centers:
        routers = drawn.structure.routers_of(site.id)
        labels = (*_prefixes(site), *_policies(site, drawn))
        if len(routers) == 1 and routers[0].table == site.id:
            yield Box(site.id, "data centre", site.id, SITE, (*_asn(routers[0], drawn), *labels))
            continue
        parts = tuple(
            Box(r.table, "router", r.table.partition("/")[2], SITE, tuple(_asn(r, drawn))) for r in routers
        )
        yield Box(f"site|{site.id}", "data centre", site.id, SITE, labels, parts)


def _asn(router: SiteRouter, drawn: Drawn) -> list[Label]:
    """The ASN of a router, and how often it takes its own; nothing where the cloud does not see it."""
    unseen = isinstance(router.asn, int) and router.asn >= UNSEEN
    found = [] if unseen else [drawn.values.label("AS", router.asn)]
    if router.allowas_in != 0:
        found.append(drawn.values.label("allowas_in", router.allowas_in))
    return found


def _prefixes(site: DataCenter) -> list[Label]:
    found = []
    for entry in site.prefixes:
        if isinstance(entry, SitePrefix):
            if isinstance(entry.announced, Choice):
                found.append(Label(f"{entry.prefix} announced ?", OPEN))
            else:
                found.append(Label(f"{entry.prefix}{'' if entry.announced else ' (not announced)'}"))
        elif isinstance(entry, OpenPrefix):
            found.append(_open_prefix(entry))
    return found


def _open_prefix(entry: OpenPrefix) -> Label:
    low, high = entry.count
    number = f"{low}" if low == high else f"{low}-{high}"
    return Label(f"? {number} in {entry.within}", OPEN)


def _policies(site: DataCenter, drawn: Drawn) -> Iterator[Label]:
    """What a site does with routes; whether it passes them on matters where it has several cloud peers."""
    own = {router.table for router in drawn.structure.routers_of(site.id)}
    peers = {peering.partition("/")[0] for peering, table in drawn.structure.ends_at.items() if table in own}
    if len(peers) > 1 and drawn.values.text(site.readvertises)[0] != "false":
        yield drawn.values.label("readvertises", site.readvertises)
    yield from (Label(f"static {r.destination} > {r.next_hop}") for r in site.static_routes)


def _customers(drawn: Drawn) -> Iterator[Box]:
    for gateway in drawn.document.customer_gateways:
        labels = [drawn.values.label("AS", gateway.asn)]
        labels += [Label(str(gateway.ip_address))] if gateway.ip_address is not None else []
        yield Box(gateway.id, "customer gateway", gateway.id, CUSTOMER, tuple(labels))


def _connections(drawn: Drawn) -> Iterator[Box]:
    for connection in drawn.document.ipsec_connections:
        yield Box(connection.id, "IPsec connection", connection.id, CONNECTION, _tunnels(connection, drawn))
    for vbr in drawn.document.virtual_border_routers:
        labels = [drawn.values.label("AS", vbr.local_asn)]
        for peering in vbr_peerings(drawn.document):
            if peering.vbr.id == vbr.id:
                labels.append(drawn.values.label(f"peer {peering.peer.data_center} AS", peering.asn))
        yield Box(vbr.id, "VBR", vbr.id, CONNECTION, tuple(labels))


def _tunnels(connection: IpsecConnection, drawn: Drawn) -> tuple[Label, ...]:
    text, mark = drawn.values.text(connection.bgp_enabled)
    bgp = {"true": "BGP", "false": "no BGP"}.get(text, "BGP ? true or false")
    labels = [Label(bgp, mark)]
    for tunnel in connection.tunnels:
        role = drawn.values.text(tunnel.role)[0]
        labels.append(drawn.values.label(f"{role} local AS", tunnel.local_asn))
    return tuple(labels)


def _clouds(drawn: Drawn) -> Iterator[Box]:
    for gateway in drawn.document.vpn_gateways:
        yield Box(
            gateway.id,
            "VPN gateway",
            gateway.id,
            GATEWAY,
            (drawn.values.label("auto advertise", gateway.auto_advertise),),
        )
    for vpc in drawn.document.vpcs:
        tables = (vpc.id, *(table.id for table in vpc.custom_route_tables))
        parts = tuple(_route_table(vpc, table) for table in tables)
        yield Box(f"vpc|{vpc.id}", "VPC", vpc.id, VPC, (), parts)
    for cen in drawn.document.cens:
        label = drawn.values.label("overlapping routing", cen.overlapping_routing)
        yield Box(cen.id, "CEN", cen.id, CEN, (label,))


def _route_table(vpc: Vpc, table: str) -> Box:
    name = "system" if table == vpc.id else table
    lines = [Label(f"{each.id} {each.cidr}") for each in vpc.vswitches if each.route_table == name]
    routes = [Label(f"{r.destination} > {r.next_hop}") for r in vpc.routes if r.route_table == name]
    kind = "system route table" if table == vpc.id else "custom route table"
    return Box(table, kind, name, VPC, (*lines, *routes))
