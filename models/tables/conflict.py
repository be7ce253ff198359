"""R18: destinations that several dual-tunnel connections of a gateway learn may not take effect."""

from __future__ import annotations

from ..choices import Choice, Role
from ..condition import FALSE, Condition, all_of, any_of
from ..scenario import DataCenter, IpsecConnection, SitePrefix, VpnGateway
from ..sessions import TunnelPeering
from .design import Design, prefix_event


def may_be_inactive(design: Design, gateway: VpnGateway, peering: TunnelPeering, prefix: str) -> Condition:
    """When a route that a connection learns is one of those that do not take effect.

    Which of the conflicting routes those are is not documented, so it is a choice
    of its own; it can only be made while another connection's site announces a
    conflicting prefix.
    """
    if len(peering.connection.tunnels) < 2:
        return FALSE
    conflict = any_of(
        _announces_conflicting(design, gateway, (site, connection), prefix)
        for connection, site in _others(design, gateway, peering)
    )
    if conflict.is_false:
        return FALSE
    choice = Choice(f"inactive:{peering.connection.id}:{prefix}", Role.ORDER, (False, True), False)
    design.note(choice)
    return all_of((conflict, choice.equals(True)))


def _others(
    design: Design, gateway: VpnGateway, peering: TunnelPeering
) -> list[tuple[IpsecConnection, DataCenter]]:
    sites = {site.id: site for site in design.document.data_centers}
    found = {
        (other.connection.id, other.gateway.data_center): other
        for other in design.tunnels
        if other.connection.vpn_gateway == gateway.id
        and other.connection.id != peering.connection.id
        and len(other.connection.tunnels) == 2
    }
    return [(p.connection, sites[p.gateway.data_center]) for p in found.values() if p.gateway.data_center]


def _announces_conflicting(
    design: Design, gateway: VpnGateway, other: tuple[DataCenter, IpsecConnection], prefix: str
) -> Condition:
    site, connection = other
    network = design.network_of(prefix)
    overlapping = design.reads("conflict", gateway, value="overlapping")
    enabled = design.flag(connection.bgp_enabled)
    found = []
    for own in site.prefixes:
        if not isinstance(own, SitePrefix) or not own.prefix.overlaps(network):
            continue
        conflicting = enabled if own.prefix == network else all_of((enabled, overlapping))
        there = all_of((design.present(prefix_event(site.id, own)), design.flag(own.announced)))
        found.append(all_of((conflicting, there)))
    return any_of(found)
