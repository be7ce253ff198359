"""What is down: each session, line and device, with everything that takes it down."""

from __future__ import annotations

from ..condition import Condition, any_of, negate
from ..scenario import Cen, IpsecConnection
from ..sessions import SiteRouter, VbrPeering
from .design import Design
from .link import Policy, always


def unless_failed(*causes: Condition) -> Policy:
    """The policy of a link over which nothing passes while something is down."""
    return always("failed", negate(any_of(causes)))


def gateway_failed(design: Design, gateway: str) -> Condition:
    """When a VPN gateway is down."""
    return design.failed("gateway", gateway)


def vbr_failed(design: Design, vbr: str) -> Condition:
    """When a VBR is down."""
    return design.failed("vbr", vbr)


def router_failed(design: Design, table: str) -> Condition:
    """When a data centre router is down."""
    return design.failed("router", table)


def tunnel_failed(design: Design, connection: IpsecConnection, index: int) -> Condition:
    """When a tunnel is down: by itself, or with its connection, its gateway or the router at its end."""
    name = f"{connection.id}/{index}"
    router = design.structure.ends_at.get(name)
    causes = [
        design.failed("tunnel", name),
        design.failed("connection", connection.id),
        gateway_failed(design, connection.vpn_gateway),
    ]
    return any_of([*causes, router_failed(design, router)] if router is not None else causes)


def vbr_session_failed(design: Design, peering: VbrPeering) -> Condition:
    """When a BGP session of a VBR is down: by itself, or with the VBR or the router at its end."""
    return any_of((
        design.failed("vbr_peer", peering.id),
        vbr_failed(design, peering.vbr.id),
        router_failed(design, design.structure.ends_at[peering.id]),
    ))


def site_link_failed(design: Design, router: SiteRouter, other: SiteRouter) -> Condition:
    """When BGP between two data centre routers is down, either way, or one of them."""
    first, second = sorted((router.table, other.table))
    return any_of((
        design.failed("site_link", f"{first}<>{second}"),
        router_failed(design, first),
        router_failed(design, second),
    ))


def attachment_failed(design: Design, cen: Cen, attached: str) -> Condition:
    """When what is attached to a CEN is cut off from it."""
    vbrs = {vbr.id for vbr in design.document.virtual_border_routers}
    cut = design.failed("cen_attachment", f"{cen.id}/{attached}")
    return any_of((cut, vbr_failed(design, attached))) if attached in vbrs else cut
