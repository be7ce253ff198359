"""CENs: what attached VPCs and VBRs publish to them, and what they pass on."""

from __future__ import annotations

from collections.abc import Iterator

from ..condition import TRUE, negate
from ..network import Kind, Link, Table
from ..route import Route, Rung, Source
from ..scenario import Cen, VirtualBorderRouter
from .design import Design
from .failing import attachment_failed, unless_failed
from .link import Passage, sources

_RANK = {Source.SYSTEM: 0, Source.CUSTOM: 1, Source.VBR: 2, Source.VPN_BGP: 3}


def tables(design: Design) -> Iterator[Table]:
    """Every CEN."""
    for cen in design.document.cens:
        yield Table(cen.id, Kind.CEN, _ladder)


def _ladder(route: Route) -> tuple[Rung, ...]:
    """VPC system routes, published custom ones, VBR routes by AS_PATH, VPC-learned VPN routes."""
    return (_RANK[route.source], len(route.path) if route.source is Source.VBR else 0)


def links(design: Design) -> Iterator[Link]:
    """Attachments of VPCs and VBRs, both ways."""
    vbrs = {vbr.id: vbr for vbr in design.document.virtual_border_routers}
    vpcs = {vpc.id for vpc in design.document.vpcs}
    for cen in design.document.cens:
        for attachment in dict.fromkeys(cen.attachments):
            if attachment in vpcs:
                yield _from_vpc(design, cen, attachment)
                yield _to_vpc(design, cen, attachment)
            elif attachment in vbrs:
                yield Passage(
                    id=f"{attachment}>{cen.id}",
                    source=attachment,
                    target=cen.id,
                    becomes=Source.VBR,
                    policies=(
                        unless_failed(attachment_failed(design, cen, attachment)),
                        sources("split-horizon", Source.BGP),
                    ),
                ).link()
                yield _to_vbr(design, cen, vbrs[attachment])


def _from_vpc(design: Design, cen: Cen, vpc: str) -> Link:
    """System routes; custom ones that are published; BGP-learned ones by reading."""
    learns = design.reads("cen_learns_vpn_routes", cen, design.vpc(vpc))

    return Passage(
        id=f"{vpc}>{cen.id}",
        source=vpc,
        target=cen.id,
        becomes=Source.SYSTEM,
        keeps_source=True,
        policies=(
            unless_failed(attachment_failed(design, cen, vpc)),
            sources("not-passed-on", Source.SYSTEM, Source.CUSTOM, Source.VPN_BGP),
            ("not-published", lambda r: design.published[r.link] if r.source is Source.CUSTOM else TRUE),
            ("cen-does-not-learn", lambda r: learns if r.source is Source.VPN_BGP else TRUE),
        ),
        not_via=cen.id,
    ).link()


def _to_vpc(design: Design, cen: Cen, vpc: str) -> Link:
    """Everything that another attachment published, unless a system route shields it (P02)."""
    return Passage(
        id=f"{cen.id}>{vpc}",
        source=cen.id,
        target=vpc,
        becomes=Source.CEN,
        policies=(
            unless_failed(attachment_failed(design, cen, vpc)),
            ("shielded", lambda route: negate(design.shielded(vpc, route.prefix))),
        ),
    ).link()


def _to_vbr(design: Design, cen: Cen, vbr: VirtualBorderRouter) -> Link:
    """VPN and VBR routes only where the default policy that rejects them is not in place (P04)."""
    allowed = negate(design.flag(cen.rejects_hybrid_exchange))
    return Passage(
        id=f"{cen.id}>{vbr.id}",
        source=cen.id,
        target=vbr.id,
        becomes=Source.CLOUD,
        policies=(
            unless_failed(attachment_failed(design, cen, vbr.id)),
            ("hybrid-rejected", lambda r: allowed if r.source in (Source.VPN_BGP, Source.VBR) else TRUE),
        ),
        loses_path=negate(design.reads("vbr_preserves_as_path", vbr)),
    ).link()
