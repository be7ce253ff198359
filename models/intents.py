"""Intents: which traffic has to arrive, and which must not, as demands on single destinations.

An intent between objects stands for every vSwitch and every prefix of theirs.  An
allowed one includes the way back: traffic that arrives but cannot be answered is of
no use.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network
from itertools import product

from .choices import Term, holds
from .condition import TRUE, Condition
from .network import Kind, Network
from .scenario import DataCenter, Document, Intent, SitePrefix, Vpc, VSwitch


@dataclass(frozen=True, slots=True)
class End:
    """One end of a flow: a vSwitch of a VPC, or a prefix of a data centre.

    `label` is what is shown, `owner` the VPC or data centre, and `table` the route
    table of a vSwitch ("system" or a custom one).
    """

    label: str
    owner: str
    prefix: IPv4Network
    table: str = ""
    active: Condition = TRUE  # when there is anything to reach


@dataclass(frozen=True, slots=True)
class Demand:
    """Traffic from one place to one destination, and whether it is allowed."""

    source: End
    destination: End
    allowed: Term

    @property
    def name(self) -> str:
        return f"{self.source.label} to {self.destination.label}"


@dataclass(frozen=True, slots=True)
class Entry:
    """Where the packets of a source are looked up first; `reason` if they end before that."""

    shown: str
    table: str = ""
    reason: str = ""


def demands(document: Document) -> tuple[Demand, ...]:
    """Every demand of the intents of a document, or of the default ones; each once."""
    if document.intents is None:
        found = list(_default(document))
    else:
        found = [demand for intent in document.intents for demand in _of_intent(document, intent)]
    return tuple(dict.fromkeys(found))


def _of_intent(document: Document, intent: Intent) -> Iterator[Demand]:
    for source, destination in product(_ends(document, intent.from_), _ends(document, intent.to)):
        if source == destination:
            continue
        yield Demand(source, destination, intent.allowed)
        if intent.allowed is not False:
            yield Demand(destination, source, intent.allowed)


def _default(document: Document) -> Iterator[Demand]:
    """Every vSwitch and every announced prefix of each site with a BGP path towards its VPC, both ways."""
    for vpc in document.vpcs:
        for site in document.data_centers:
            if not _has_path(document, vpc, site):
                continue
            for here, there in product(_vswitches(vpc), _site_prefixes(site, as_announced=True)):
                yield Demand(here, there, True)
                yield Demand(there, here, True)


def _has_path(document: Document, vpc: Vpc, site: DataCenter) -> bool:
    gateways = {g.id for g in document.vpn_gateways if g.vpc == vpc.id}
    customers = {c.id for c in document.customer_gateways if c.data_center == site.id}
    by_vpn = any(
        connection.vpn_gateway in gateways
        and connection.bgp_enabled is not False
        and any(tunnel.customer_gateway in customers for tunnel in connection.tunnels)
        for connection in document.ipsec_connections
    )
    near = {vpc.id, *(cen.id for cen in document.cens if vpc.id in cen.attachments)}
    by_circuit = any(
        vbr.attached_to in near and any(peer.data_center == site.id for peer in vbr.peers)
        for vbr in document.virtual_border_routers
    )
    return by_vpn or by_circuit


def _ends(document: Document, name: str) -> list[End]:
    """The ends that an id or a prefix stands for."""
    everything = [end for vpc in document.vpcs for end in _vswitches(vpc)]
    everything += [end for site in document.data_centers for end in _site_prefixes(site)]
    named = [end for end in everything if name in (end.label, end.owner)]
    if named or "/" not in name:
        return named
    wanted = IPv4Network(name)
    inside = [end for end in everything if end.prefix.subnet_of(wanted)]
    around = [end for end in everything if wanted.subnet_of(end.prefix) and end.prefix != wanted]
    longest = max((end.prefix.prefixlen for end in around), default=0)
    closest = [end for end in around if end.prefix.prefixlen == longest]
    part = [End(name, end.owner, wanted, end.table, end.active) for end in closest]
    return [*inside, *part] or [End(name, "", wanted)]


def _vswitches(vpc: Vpc) -> Iterator[End]:
    for vswitch in vpc.vswitches:
        yield End(vswitch.id, vpc.id, vswitch.cidr, vswitch.route_table)


def _site_prefixes(site: DataCenter, as_announced: bool = False) -> Iterator[End]:
    for own in site.prefixes:
        if isinstance(own, SitePrefix):
            active = holds(own.announced) if as_announced else TRUE
            yield End(str(own.prefix), site.id, own.prefix, active=active)


def entries(document: Document, network: Network, source: End, to: IPv4Network) -> Iterator[Entry]:
    """The tables at which packets from an end start."""
    vpc = next((v for v in document.vpcs if v.id == source.owner), None)
    if vpc is None:
        for table in network.tables.values():
            if table.kind is Kind.ROUTER and (
                table.id == source.owner or table.id.startswith(f"{source.owner}/")
            ):
                yield Entry(table.id, table.id)
    elif source.table == "system":
        yield Entry(source.label, vpc.id)
    else:
        yield _custom_entry(vpc, source, to)


def _custom_entry(vpc: Vpc, source: End, to: IPv4Network) -> Entry:
    """What a custom route table does with a packet: it has system and custom entries only (R06)."""
    local: list[VSwitch] = [v for v in vpc.vswitches if to.subnet_of(v.cidr)]
    routes = [r for r in vpc.routes if r.route_table == source.table and to.subnet_of(r.destination)]
    best = max(routes, key=lambda route: route.destination.prefixlen, default=None)
    longest = max((v.cidr.prefixlen for v in local), default=-1)
    if local and (best is None or longest >= best.destination.prefixlen):
        return Entry(source.label, vpc.id)
    if best is None:
        return Entry(source.label, reason="custom-table")
    if best.next_hop == "blackhole":
        return Entry(source.label, reason="black-hole")
    return Entry(source.label, best.next_hop)
