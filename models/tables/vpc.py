"""VPC system route tables.

Custom route tables hold system and custom entries only and pass nothing on
(R06), so they take no part in propagation; nothing forwards into them either, so
no loop runs through one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..choices import Choice, Role
from ..condition import negate
from ..network import Inhibition, Kind, Origin, StaticEntry, Table
from ..route import Route, Rung, Source
from ..scenario import Vpc
from .design import Design, route_event

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
    """Entries of a gateway for what its VPC routes to it, over its connections without BGP.

    Without BGP a gateway knows the site only by destination-based routes; the
    format gives these by the VPC route that is published from them.
    """
    for vpc in design.document.vpcs:
        for entry in vpc.routes:
            for peering in design.tunnels:
                if peering.connection.vpn_gateway != entry.next_hop or peering.index > 0:
                    continue
                gateway = next(g for g in design.document.vpn_gateways if g.id == entry.next_hop)
                in_order = design.reads("gateway_lookup", gateway, value="table_order")
                without_bgp = negate(design.flag(peering.connection.bgp_enabled))
                router = design.structure.ends_at[peering.id]
                if not without_bgp.is_false:
                    yield StaticEntry(entry.next_hop, str(entry.destination), router, without_bgp, in_order)


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
