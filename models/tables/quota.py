"""R08 and P05: what happens to the routes of a BGP peer above its quota."""

from __future__ import annotations

from ..choices import Choice, Role, where
from ..condition import TRUE, Condition, all_of, any_of, negate
from ..scenario import SitePrefix, VirtualBorderRouter, VpnGateway
from ..sessions import SiteRouter
from .design import Design


def within_quota(
    design: Design, session: str, speaker: VpnGateway | VirtualBorderRouter, router: SiteRouter, prefix: str
) -> Condition:
    """When a route of a peer is received in spite of the quota.

    Counted are the prefixes that the site itself can announce.  Above the quota
    the reading `over_quota` decides; which routes are dropped is open.
    """
    count = sum(1 for own in router.site.prefixes if isinstance(own, SitePrefix))
    quota = speaker.bgp_route_quota
    design.note(quota)
    over = where(quota, lambda value: int(value) < count)
    if over.is_false:
        return TRUE
    kept = Choice(f"kept:{session}:{prefix}", Role.ORDER, (False, True), True)
    design.note(kept)
    dropped = all_of((design.reads("over_quota", speaker, value="drop_excess"), negate(kept.equals(True))))
    closed = design.reads("over_quota", speaker, value="close_session")
    return negate(all_of((over, any_of((dropped, closed)))))
