"""R08 and P05: what happens to the routes of a BGP peer above its quota.

Whether a peer can exceed its quota is decided by counting the prefixes that it
might send: for one prefix the presence of all others is free, so the worst case is
one that happens.
"""

from __future__ import annotations

from ..choices import Choice, Role, holds, where
from ..condition import FALSE, TRUE, Condition, all_of, any_of, negate
from ..scenario import SitePeer, SitePrefix, VirtualBorderRouter, VpnGateway
from ..sessions import SiteRouter
from .design import Design


def within_quota(
    design: Design, session: str, speaker: VpnGateway | VirtualBorderRouter, router: SiteRouter, prefix: str
) -> Condition:
    """When a route of a peer is received in spite of the quota.

    Above the quota the reading `over_quota` decides; which routes are dropped is open.
    """
    over = _exceeded(design, speaker, router)
    if over.is_false:
        return TRUE
    kept = Choice(f"kept:{session}:{prefix}", Role.ORDER, (False, True), True)
    design.note(kept)
    some_kept = all_of((kept.equals(True), where(speaker.bgp_route_quota, lambda value: int(value) > 0)))
    dropped = all_of((design.reads("over_quota", speaker, value="drop_excess"), negate(some_kept)))
    return all_of((session_is_open(design, speaker, router), negate(all_of((over, dropped)))))


def session_is_open(
    design: Design, speaker: VpnGateway | VirtualBorderRouter, router: SiteRouter
) -> Condition:
    """When a session is not closed for good because its peer exceeded the quota."""
    closed = design.reads("over_quota", speaker, value="close_session")
    return negate(all_of((_exceeded(design, speaker, router), closed)))


def _exceeded(design: Design, speaker: VpnGateway | VirtualBorderRouter, router: SiteRouter) -> Condition:
    """When a peer can send more prefixes than its quota: its own, and those that it re-advertises."""
    quota = speaker.bgp_route_quota
    design.note(quota)
    policy = next((p for p in router.site.peers if p.peer == speaker.id), None)
    own = sum(1 for p in router.site.prefixes if isinstance(p, SitePrefix) and _may_be_sent(p, policy))
    others = _others(design, speaker, router, policy)
    alone = where(quota, lambda value: int(value) < own)
    together = where(quota, lambda value: int(value) < own + others)
    return any_of((alone, all_of((together, design.flag(router.site.readvertises)))))


def _may_be_sent(prefix: SitePrefix, policy: SitePeer | None) -> bool:
    allowed = None if policy is None else policy.export
    passes = allowed is None or any(prefix.prefix.subnet_of(each) for each in allowed)
    return passes and holds(prefix.announced) is not FALSE


def _others(
    design: Design, speaker: VpnGateway | VirtualBorderRouter, router: SiteRouter, policy: SitePeer | None
) -> int:
    """How many prefixes of others a site could pass on to a peer: none where it has no other peer."""
    site, document = router.site, design.document
    peers = {p.connection.vpn_gateway for p in design.tunnels if p.gateway.data_center == site.id}
    peers |= {p.vbr.id for p in design.vbr_sessions if p.peer.data_center == site.id}
    neighbours = any(p.peer not in peers for p in site.peers) or any(
        p.peer == site.id for other in document.data_centers for p in other.peers
    )
    if peers == {speaker.id} and not neighbours:
        return 0
    foreign = {v.cidr for vpc in document.vpcs for v in vpc.vswitches}
    foreign |= {route.destination for vpc in document.vpcs for route in vpc.routes}
    foreign |= {
        p.prefix
        for other in document.data_centers
        if other is not site
        for p in other.prefixes
        if isinstance(p, SitePrefix)
    }
    allowed = None if policy is None else policy.export
    return sum(1 for each in foreign if allowed is None or any(each.subnet_of(a) for a in allowed))
