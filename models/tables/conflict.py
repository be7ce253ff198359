"""R18: destinations that several dual-tunnel connections of a gateway learn may not take effect."""

from __future__ import annotations

from ..choices import Choice, Role
from ..condition import FALSE, TRUE, Condition, all_of, any_of
from ..scenario import DataCenter, SitePrefix, VpnGateway
from ..sessions import TunnelPeering
from .design import Design, prefix_event
from .site import passes_filter, policy_towards
from .tunnel import bgp_is_up


def may_be_inactive(design: Design, gateway: VpnGateway, peering: TunnelPeering, prefix: str) -> Condition:
    """When a route that a connection learns is one of those that do not take effect.

    Which of the conflicting routes those are is not documented, so it is a choice
    of its own; it can only be made while another connection's site announces a
    conflicting prefix.
    """
    if len(peering.connection.tunnels) < 2:
        return FALSE
    conflict = any_of(
        _announces_conflicting(design, gateway, other, prefix)
        for other in _others(design, gateway, peering)
    )
    if conflict.is_false:
        return FALSE
    choice = Choice(f"inactive:{peering.connection.id}:{prefix}", Role.ORDER, (False, True), False)
    design.note(choice)
    return all_of((conflict, choice.equals(True)))


def _others(
    design: Design, gateway: VpnGateway, peering: TunnelPeering
) -> list[tuple[DataCenter, Condition]]:
    """The sites behind the other dual-tunnel connections of the gateway, and when they have BGP."""
    sites = {site.id: site for site in design.document.data_centers}
    up: dict[str, list[Condition]] = {}
    for other in design.tunnels:
        connection = other.connection
        here = connection.vpn_gateway == gateway.id and connection.id != peering.connection.id
        if here and len(connection.tunnels) == 2:
            up.setdefault(str(other.gateway.data_center), []).append(bgp_is_up(design, other))
    return [(sites[site], any_of(conditions)) for site, conditions in up.items()]


def _announces_conflicting(
    design: Design, gateway: VpnGateway, other: tuple[DataCenter, Condition], prefix: str
) -> Condition:
    site, up = other
    network = design.network_of(prefix)
    overlapping = design.reads("conflict", gateway, value="overlapping")
    policy = policy_towards(site, gateway.id)
    found = []
    for own in site.prefixes:
        if not isinstance(own, SitePrefix) or not own.prefix.overlaps(network):
            continue
        conflicting = TRUE if own.prefix == network else overlapping
        sent = passes_filter(design, policy.export, str(own.prefix))
        there = all_of((design.present(prefix_event(site.id, own)), design.flag(own.announced), sent))
        found.append(all_of((up, conflicting, there)))
    return any_of(found)
