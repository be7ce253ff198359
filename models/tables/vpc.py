"""VPC system route tables.

Custom route tables hold system and custom entries only and pass nothing on
(R06), so they take no part in propagation; nothing forwards into them either, so
no loop runs through one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from ipaddress import IPv4Network

from ..choices import Choice, Role
from ..condition import all_of, negate
from ..network import Inhibition, Kind, Origin, StaticEntry, Table
from ..route import Route, Rung, Source
from ..scenario import SitePrefix, Vpc, VpcRoute
from ..sessions import TunnelPeering
from .design import LOCAL_PREFIX, Design, route_event
from .tunnel import tunnel_failed

_POSITIONS = ("first", "between", "last")


def tables(design: Design) -> Iterator[Table]:
    """The system route table of every VPC, under the id of the VPC."""
    for vpc in design.document.vpcs:
        yield Table(vpc.id, Kind.VPC, _ladder(design, vpc))


def _ladder(design: Design, vpc: Vpc) -> Callable[[Route], tuple[Rung, ...]]:
    """System, custom, dynamic; among dynamic routes reading `vpc_prefers`.

    Where a VBR is attached by router interface, its place among the dynamic
    sources is undocumented and so a choice of its own.
    """
    prefers = design.reads("vpc_prefers", vpc, value="vpn")
    by_source: dict[Source, Rung] = {
        Source.VPN_BGP: ((prefers, 1), (negate(prefers), 3)),
        Source.CEN: ((prefers, 3), (negate(prefers), 1)),
    }
    if any(vbr.attached_to == vpc.id for vbr in design.document.virtual_border_routers):
        place = Choice(f"vbr_rank:{vpc.id}", Role.ORDER, _POSITIONS, "first")
        design.note(place)
        by_source[Source.VBR] = tuple((place.equals(p), 2 * n) for n, p in enumerate(_POSITIONS))

    def ladder(route: Route) -> tuple[Rung, ...]:
        if route.source is Source.SYSTEM:
            return (0, 0)
        if route.source is Source.CUSTOM:
            return (1, 0)
        return (2, by_source[route.source])

    return ladder


def origins(design: Design) -> Iterator[Origin]:
    """The vSwitches (system routes) and the custom routes of the system table."""
    for vpc in design.document.vpcs:
        for vswitch in vpc.vswitches:
            name = f"system:{vswitch.id}"
            route = Route(str(vswitch.cidr), Source.SYSTEM, (), name, "")
            yield Origin(name, vpc.id, route, design.present(vswitch.id))
        for position, entry in enumerate(vpc.routes):
            if entry.route_table != "system":
                continue
            published = design.flag(entry.publish_to_cen)
            next_hop = "discard" if entry.next_hop == "blackhole" else entry.next_hop
            name = f"custom:{vpc.id}:{position}@{entry.next_hop}"
            route = Route(str(entry.destination), Source.CUSTOM, (), name, "")
            present = design.present(route_event(vpc, entry, position))
            design.published[name] = published
            yield Origin(name, vpc.id, route, present, next_hop)


def statics(design: Design) -> Iterator[StaticEntry]:
    """What gateways and VPCs forward by without having learned it.

    Every VPC table has a system route for 100.64.0.0/10.  Without BGP a gateway
    knows a site only by destination-based routes; the format gives these by the VPC
    route that is published from them.  Over which of several connections without
    BGP such a route leads is not written, so it is a choice; the slave tunnel takes
    over from the master.
    """
    prefixes = _mentioned(design)
    for vpc in design.document.vpcs:
        if any(prefix.overlaps(LOCAL_PREFIX) for prefix in prefixes):
            yield StaticEntry(vpc.id, str(LOCAL_PREFIX), "")
        for entry in vpc.routes:
            yield from _towards_sites(design, entry)


def _mentioned(design: Design) -> set[IPv4Network]:
    document = design.document
    found = {route.destination for vpc in document.vpcs for route in vpc.routes}
    found |= {p.prefix for site in document.data_centers for p in site.prefixes if isinstance(p, SitePrefix)}
    return found | {route.destination for site in document.data_centers for route in site.static_routes}


def _towards_sites(design: Design, entry: VpcRoute) -> Iterator[StaticEntry]:
    """The entries of a gateway that stand behind a VPC route to it."""
    plain: dict[str, list[TunnelPeering]] = {}
    for peering in design.tunnels:
        connection = peering.connection
        if connection.vpn_gateway == entry.next_hop and connection.bgp_enabled is not True:
            plain.setdefault(connection.id, []).append(peering)
    if not plain:
        return
    gateway = next(g for g in design.document.vpn_gateways if g.id == entry.next_hop)
    in_order = design.reads("gateway_lookup", gateway, value="table_order")
    chosen = Choice(f"static:{gateway.id}:{entry.destination}", Role.ORDER, tuple(plain), next(iter(plain)))
    design.note(chosen)
    for name, peerings in plain.items():
        usable = all_of((chosen.equals(name), negate(design.flag(peerings[0].connection.bgp_enabled))))
        for peering in peerings:
            failed = tunnel_failed(design, peering.connection, peering.index)
            router = design.structure.ends_at[peering.id]
            when = all_of((usable, negate(failed)))
            yield StaticEntry(gateway.id, str(entry.destination), router, when, in_order)
            usable = all_of((usable, failed))


def inhibitions(design: Design) -> Iterator[Inhibition]:
    """With overlapping routing off, VPCs and CENs refuse what overlaps a route that they have."""
    for cen in design.document.cens:
        off = design.overlap_off((cen,))
        if not off.is_false:
            yield Inhibition(cen.id, off)
    for vpc in design.document.vpcs:
        off = design.overlap_off(design.cens_of(vpc.id))
        if not off.is_false:
            yield Inhibition(vpc.id, off)
