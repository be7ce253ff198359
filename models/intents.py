"""Intents: which traffic has to arrive, and which must not, as demands on single destinations.

An intent between objects stands for every vSwitch and every prefix of theirs.  An
allowed one includes the way back: traffic that arrives but cannot be answered is of
no use.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Network, collapse_addresses
from itertools import product

from .choices import Choice, Role, Term, holds
from .cloud import IpsecConnection, KeptConnection
from .condition import FALSE, TRUE, Condition, all_of, any_of, constant
from .network import Kind, Network
from .scenario import DataCenter, Document, Intent, SitePrefix, Vpc, VpcRoute
from .site import CandidatePrefix

LOCAL = IPv4Network("100.64.0.0/10")


@dataclass(frozen=True, slots=True)
class End:
    """One end of a flow: a vSwitch of a VPC, or a prefix of a data centre.

    `label` is what is shown, `owner` the VPC or data centre, and `table` the route
    table of a vSwitch ("system" or a custom one).  `also` are other places that have
    the prefix and will do as well.
    """

    label: str
    owner: str
    prefix: IPv4Network
    table: str = ""
    active: Condition = TRUE  # when there is anything to reach
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Demand:
    """Traffic from a place to a destination; whether it is allowed, and whether it answers other traffic."""

    source: End
    destination: End
    allowed: Term
    answers: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """Where the packets of a source are looked up first, or how they end before that.

    Without a `table` they have arrived at the origin `delivered`, or have ended for
    the reason `reason`, with a sentence.  While `cut_off` holds the line to the table
    is down.
    """

    shown: str
    table: str = ""
    delivered: str = ""
    reason: str = ""
    detail: str = ""
    cut_off: Condition = FALSE


def demands(document: Document) -> tuple[Demand, ...]:
    """Every demand of the intents of a document, or of the default ones; each once, answers last."""
    if document.intents is None:
        found = list(_default(document))
    else:
        found = [demand for intent in document.intents for demand in _of_intent(document, intent)]
    return tuple(dict.fromkeys(sorted(found, key=lambda demand: demand.answers)))


def _of_intent(document: Document, intent: Intent) -> Iterator[Demand]:
    for source, destination in product(_ends(document, intent.from_), _ends(document, intent.to)):
        if replace(source, also=()) == replace(destination, also=()):
            continue
        yield Demand(source, _apart_from(destination, source), intent.allowed)
        if intent.allowed is not False:
            yield Demand(destination, _apart_from(source, destination), intent.allowed, answers=True)


def _apart_from(end: End, other: End) -> End:
    """An end without the place at the other end among those that will do as well."""
    return replace(end, also=tuple(owner for owner in end.also if owner != other.owner))


def _default(document: Document) -> Iterator[Demand]:
    """Every vSwitch and every announced prefix of each site with a BGP path towards its VPC, both ways."""
    for vpc in document.vpcs:
        for site in document.data_centers:
            path = _path(document, vpc, site)
            if path.is_false:
                continue
            for near, far in product(_vswitches(vpc), _site_prefixes(site, as_announced=True)):
                here, there = replace(near, active=path), replace(far, active=all_of((far.active, path)))
                yield Demand(here, there, True)
                yield Demand(there, here, True, answers=True)


def _path(document: Document, vpc: Vpc, site: DataCenter) -> Condition:
    """When there is a BGP path between a VPC and a site; where one is open, there is meant to be one."""
    gateways = {g.id for g in document.vpn_gateways if g.vpc == vpc.id}
    customers = {c.id for c in document.customer_gateways if c.data_center == site.id}
    by_vpn = any_of(
        _is_meant(connection)
        for connection in document.ipsec_connections
        if connection.vpn_gateway in gateways
        and any(tunnel.customer_gateway in customers for tunnel in connection.tunnels)
    )
    near = {vpc.id, *(cen.id for cen in document.cens if vpc.id in cen.attachments)}
    by_circuit = any(
        vbr.attached_to in near and any(peer.data_center == site.id for peer in vbr.peers)
        for vbr in document.virtual_border_routers
    )
    return any_of((by_vpn, constant(by_circuit)))


def _is_meant(connection: IpsecConnection) -> Condition:
    """When traffic over a connection with BGP is meant: while it has BGP, or also without (see widening)."""
    bgp = connection.bgp_enabled
    considered = isinstance(bgp, Choice) and bgp.role is Role.CHANGE
    if considered and not isinstance(connection, KeptConnection):
        return holds(bgp)
    return constant(bgp is not False)


def _ends(document: Document, name: str) -> list[End]:
    """The ends that an id or a prefix stands for."""
    everything = [end for vpc in document.vpcs for end in _vswitches(vpc)]
    everything += [end for site in document.data_centers for end in _site_prefixes(site)]
    if "/" not in name:
        return [end for end in everything if name in (end.label, end.owner)]
    wanted = IPv4Network(name)
    inside = [end for end in everything if end.prefix.subnet_of(wanted)]
    found = [replace(end, also=_others(end, [e for e in inside if e.prefix == end.prefix])) for end in inside]
    if list(collapse_addresses(end.prefix for end in inside if end.active.is_true)) != [wanted]:
        around = _closest(everything, wanted)
        part = [End(name, end.owner, wanted, end.table, end.active) for end in around]
        found += [replace(end, also=_others(end, [*part, *inside])) for end in part]
    return found or [End(name, "", wanted)]


def _closest(everything: list[End], wanted: IPv4Network) -> list[End]:
    """The ends of which a prefix is a part; candidates only where nobody has it for certain."""
    around = [end for end in everything if wanted.subnet_of(end.prefix) and end.prefix != wanted]
    certain = [end for end in around if end.active.is_true]
    longest = max((end.prefix.prefixlen for end in certain), default=0)
    return [end for end in certain if end.prefix.prefixlen == longest] or around


def _others(end: End, ends: list[End]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(other.owner for other in ends if other.owner != end.owner))


def _vswitches(vpc: Vpc) -> Iterator[End]:
    for vswitch in vpc.vswitches:
        yield End(vswitch.id, vpc.id, vswitch.cidr, vswitch.route_table)


def _site_prefixes(site: DataCenter, as_announced: bool = False) -> Iterator[End]:
    for own in site.prefixes:
        if isinstance(own, SitePrefix):
            needed = as_announced or isinstance(own, CandidatePrefix)
            active = holds(own.announced) if needed else TRUE
            yield End(str(own.prefix), site.id, own.prefix, active=active)


def entries(document: Document, network: Network, source: End, to: IPv4Network) -> Iterator[Entry]:
    """The tables at which packets from an end start, on their way to addresses that no longer prefix has."""
    vpc = next((v for v in document.vpcs if v.id == source.owner), None)
    if vpc is None:
        for table in network.tables.values():
            if table.kind is Kind.ROUTER and is_at(table.id, source.owner):
                yield Entry(table.id, table.id)
    elif source.table == "system":
        yield Entry(source.label, vpc.id)
    else:
        for entry in _custom_entries(vpc, source, to):
            line = network.choices.get(f"failed:cen_attachment:{entry.table}/{vpc.id}")
            yield entry if line is None else replace(entry, cut_off=line.equals(True))


def is_at(table: str, owner: str) -> bool:
    """Whether a table is a router of a site, or the table of a VPC."""
    return table == owner or table.startswith(f"{owner}/")


def _custom_entries(vpc: Vpc, source: End, to: IPv4Network) -> Iterator[Entry]:
    """What a custom route table does with a packet: it has system and custom entries only (R06).

    System entries come before custom ones; which of two equal custom ones is used is not known.
    """
    routes = [r for r in vpc.routes if r.route_table == source.table and to.subnet_of(r.destination)]
    best = max((route.destination.prefixlen for route in routes), default=-1)
    inside = [vswitch for vswitch in vpc.vswitches if to.subnet_of(vswitch.cidr)]
    local = max(inside, key=lambda vswitch: vswitch.cidr.prefixlen, default=None)
    if local is not None and local.cidr.prefixlen >= best:
        yield Entry(source.label, delivered=f"system:{local.id}")
    elif to.subnet_of(LOCAL) and best <= LOCAL.prefixlen:
        yield Entry(source.label, reason="shielded", detail=f"{LOCAL} is a system route of every table")
    elif best < 0:
        detail = f"{source.table} has no entry for {to}, and BGP routes do not get into it"
        yield Entry(source.label, reason="custom-table", detail=detail)
    else:
        yield from (_custom_entry(source, r) for r in routes if r.destination.prefixlen == best)


def _custom_entry(source: End, route: VpcRoute) -> Entry:
    if route.next_hop == "blackhole":
        detail = f"{source.table} discards what is for {route.destination}"
        return Entry(source.label, reason="black-hole", detail=detail)
    return Entry(source.label, route.next_hop)
