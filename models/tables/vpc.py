"""VPC system route tables.

Custom route tables hold system and custom entries only and pass nothing on
(R06), so they take no part in propagation; nothing forwards into them either, so
no loop runs through one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from ipaddress import IPv4Network

from ..choices import Choice, Role
from ..condition import FALSE, all_of, negate
from ..network import CUT_OFF, Inhibition, Kind, Origin, StaticEntry, Table
from ..route import Route, Rung, Source
from ..scenario import SitePrefix, Vpc, VpcRoute
from .design import LOCAL_PREFIX, Design, route_event
from .failing import attachment_failed

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
            yield from _custom(design, vpc, position, entry)


def _custom(design: Design, vpc: Vpc, position: int, entry: VpcRoute) -> Iterator[Origin]:
    """A custom route, which stays in its table when the line to its next hop is down."""
    next_hop = "discard" if entry.next_hop == "blackhole" else entry.next_hop
    present = design.present(route_event(vpc, entry, position))
    line = next((cen for cen in design.document.cens if cen.id == next_hop), None)
    failed = FALSE if line is None else attachment_failed(design, line, vpc.id)
    for when, state, leads_to in ((negate(failed), "", next_hop), (failed, ":cut off", CUT_OFF)):
        if when.is_false:
            continue
        name = f"custom:{vpc.id}:{position}{state}@{entry.next_hop}"
        design.published[name] = design.flag(entry.publish_to_cen)
        route = Route(str(entry.destination), Source.CUSTOM, (), name, "")
        yield Origin(name, vpc.id, route, all_of((present, when)), leads_to)


def statics(design: Design) -> Iterator[StaticEntry]:
    """Every VPC table has a system route for 100.64.0.0/10."""
    prefixes = _mentioned(design)
    for vpc in design.document.vpcs:
        if any(prefix.overlaps(LOCAL_PREFIX) for prefix in prefixes):
            yield StaticEntry(vpc.id, str(LOCAL_PREFIX), "")


def _mentioned(design: Design) -> set[IPv4Network]:
    document = design.document
    found = {route.destination for vpc in document.vpcs for route in vpc.routes}
    found |= {p.prefix for site in document.data_centers for p in site.prefixes if isinstance(p, SitePrefix)}
    return found | {route.destination for site in document.data_centers for route in site.static_routes}


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
