"""BGP sessions in tunnels: when they are up."""

from __future__ import annotations

from ..choices import Term
from ..condition import Condition, all_of, constant, negate
from ..scenario import IpsecConnection, VpnGateway
from ..sessions import TunnelPeering
from .design import Design
from .failing import tunnel_failed, unless_failed
from .link import Policy, always


def gateway_of(design: Design, connection: IpsecConnection) -> VpnGateway:
    """The gateway that a connection belongs to."""
    return next(g for g in design.document.vpn_gateways if g.id == connection.vpn_gateway)


def session_policies(
    design: Design, connection: IpsecConnection, index: int, asn: Term | None
) -> tuple[Policy, ...]:
    """When a tunnel has a BGP session: R01, R21 and R22 kept, and nothing failed."""
    return (
        always("no-bgp-session", bgp_is_possible(design, connection, index, asn)),
        unless_failed(tunnel_failed(design, connection, index)),
    )


def bgp_is_possible(design: Design, connection: IpsecConnection, index: int, asn: Term | None) -> Condition:
    """When BGP is supported, enabled and fully configured in a tunnel."""
    gateway, tunnel = gateway_of(design, connection), connection.tunnels[index]
    configured = asn is not None and tunnel.tunnel_cidr is not None and tunnel.local_bgp_ip is not None
    enabled = (design.flag(connection.bgp_enabled), design.flag(gateway.bgp_supported))
    return all_of((constant(configured), *enabled))


def bgp_is_up(design: Design, peering: TunnelPeering) -> Condition:
    """When a tunnel to a site has a BGP session."""
    possible = bgp_is_possible(design, peering.connection, peering.index, peering.asn)
    return all_of((possible, negate(tunnel_failed(design, peering.connection, peering.index))))
