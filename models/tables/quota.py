"""R08 and P05: what happens to the routes of a BGP peer above its quota.

A peer is above its quota when it sends more prefixes now.  A problem is about one
prefix, or the few that cover an address, and leaves open which other prefixes are
there; to mention each of them would make every problem as large as the document.
So what is sent beside the prefixes *in view* is one choice for all sessions that
count the same set: whether it is enough to exceed the quota.  The prefixes in view
are counted one by one, and the choice has no effect where these decide.

In view are the prefix itself and those of the peer that are nested with it.  Where
these are many, fewer are looked at, and a guard then allows more than can happen, for
states with withdrawn prefixes.  What can happen it always allows: each guard asks
only for what is true wherever its choices are what they stand for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Network

from ..choices import Choice, Role, equal, possible
from ..condition import FALSE, Condition, all_of, any_of, at_least, at_most, constant, negate
from ..scenario import VpnGateway
from ..sessions import SiteRouter
from .announcing import Own, Speaker
from .design import Design
from .link import Policy
from .senders import Sender, gateway_sender, site_sender

FEW_NESTED = 4


@dataclass(frozen=True, eq=False)
class Quota:
    """The quota of a speaker for what its peer sends over a session."""

    design: Design
    session: str
    speaker: Speaker
    sender: Sender

    def lets_in(self, prefix: str) -> Condition:
        """When a route of the peer is received in spite of the quota."""
        drops = self.design.reads("over_quota", self.speaker, value="drop_excess")
        dropped = all_of((drops, self._by_limit(lambda limit: self._dropped(prefix, limit))))
        return all_of((self.is_open(prefix), negate(dropped)))

    def is_open(self, prefix: str) -> Condition:
        """When the session, as a route for a prefix sees it, is not closed because of the quota."""
        closes = self.design.reads("over_quota", self.speaker, value="close_session")
        return negate(all_of((closes, self._by_limit(lambda limit: self._exceeded(prefix, limit)))))

    def _by_limit(self, condition: Callable[[int], Condition]) -> Condition:
        quota = self.speaker.bgp_route_quota
        self.design.note(quota)
        limits = [int(value) for value in possible(quota) if self._can_exceed(int(value))]
        return any_of(all_of((equal(quota, limit), condition(limit))) for limit in limits)

    def _can_exceed(self, limit: int) -> bool:
        return self.sender.most > limit or not self._adds(limit).is_false

    # --- the session as a whole ---------------------------------------------

    def _exceeded(self, prefix: str, limit: int) -> Condition:
        """When the peer sends more prefixes than the limit.

        Certain where those in view are more.  Else it needs that enough others are there,
        are announced or passed on, and that those in view do not lack too many.
        """
        view = self.sender.family(self.design.network_of(prefix))
        view = view if len(view) <= FEW_NESTED else ()
        certain = at_least(limit + 1, (self._certainly_sent(own) for own in view))
        lacking = (negate(own.sent) for own in view if own.fixed)
        room = any_of((self._stands_in(limit), at_most(self.sender.most - limit - 1, lacking)))
        if certain.is_true or room.is_false:
            return certain
        return any_of((certain, all_of((room, self._enough_present(limit), self._enough_sent(limit)))))

    def _adds(self, limit: int) -> Condition:
        """When prefixes of others can bring the peer above a limit."""
        return all_of((constant(self.sender.further > 0), self._stands_in(limit)))

    def _stands_in(self, limit: int) -> Condition:
        """When prefixes learned elsewhere, own ones among them, can be sent in place of those withdrawn."""
        total = self.sender.most + self.sender.further
        return all_of((constant(total > limit), self.sender.adds))

    def _certainly_sent(self, own: Own) -> Condition:
        return all_of((own.sent, negate(self.sender.hides)))

    def _enough_present(self, limit: int) -> Condition:
        """When no more prefixes are withdrawn than the excess; so, while all are there."""
        kept = f"so many prefixes of {self.sender.shown} that {self._named(limit)} is kept"
        return self.design.present(kept)

    def _enough_sent(self, limit: int) -> Condition:
        """When, with all prefixes there, more than the limit are sent.

        Of its own the peer sends what is announced, unless a learned route hides it.
        """
        sender, named = self.sender, self._named(limit)
        announced = constant(sender.least > limit)
        if sender.least <= limit < sender.most:
            announced = self._many(f"{sender.shown} announces more prefixes than {named}")
        adds = self._adds(limit)
        unclear = any_of((adds, sender.hides))
        if unclear.is_false:
            return announced
        more = self._many(f"{sender.table} sends {self.speaker.id} more prefixes than {named}")
        by_state = all_of((unclear, any_of((announced, adds)), more))
        return any_of((all_of((announced, negate(sender.hides))), by_state))

    def _many(self, statement: str) -> Condition:
        choice = Choice(f"many:{statement}", Role.ORDER, (False, True), False)
        self.design.note(choice)
        return choice.equals(True)

    def _named(self, limit: int) -> str:
        """The quota in words; an open one has the same name whatever its value."""
        is_open = isinstance(self.speaker.bgp_route_quota, Choice)
        return f"the quota of {self.speaker.id}" if is_open else f"a quota of {limit}"

    # --- single routes ------------------------------------------------------

    def _dropped(self, prefix: str, limit: int) -> Condition:
        """When a route is part of the excess that is dropped.

        Which routes are is open: a choice of each.  As many are dropped as are above the
        limit, and as many as the limit are kept.  Nested prefixes keep that by their order:
        the first ones choose freely, the last ones have to do what is left.
        """
        network = self.design.network_of(prefix)
        view = self.sender.family(network)
        if len(view) > FEW_NESTED:
            view = tuple(own for own in view if network.subnet_of(own.prefix))
        before = [own for own in view if _place(own.prefix) < _place(network)]
        after = [own for own in view if _place(own.prefix) > _place(network)]
        gone = [self._gone(own) for own in before] + [negate(own.sent) for own in after if own.fixed]
        room = any_of((self._stands_in(limit), at_most(self.sender.most - limit - 1, gone)))
        stay = (all_of((self._certainly_sent(own), negate(self._chosen(own)))) for own in before)
        no_room = at_least(limit, stay) if len(before) >= limit else FALSE
        if room.is_false:
            return no_room
        return any_of((no_room, all_of((room, self._chosen(prefix)))))

    def _gone(self, own: Own) -> Condition:
        """When a prefix is dropped, or, if nothing can be in its place, not sent at all."""
        chosen = self._chosen(own)
        return any_of((negate(own.sent), chosen)) if own.fixed else all_of((own.sent, chosen))

    def _chosen(self, route: str | Own) -> Condition:
        """The choice to drop a route above the quota."""
        prefix = str(route.prefix) if isinstance(route, Own) else route
        choice = Choice(f"kept:{self.session}:{prefix}", Role.ORDER, (False, True), True)
        self.design.note(choice)
        return choice.equals(False)


def _place(network: IPv4Network) -> tuple[int, int]:
    """The position of a prefix in the order in which nested prefixes choose."""
    return network.prefixlen, int(network.network_address)


def site_quota(design: Design, session: str, speaker: Speaker, router: SiteRouter) -> Quota:
    """The quota of a gateway or VBR for a router of a data centre."""
    return Quota(design, session, speaker, site_sender(design, router, speaker))


def between_gateways(design: Design, session: str, sender: VpnGateway, receiver: VpnGateway) -> Policy:
    """The quota between two gateways; a session that one end closes is closed both ways."""
    quota = Quota(design, session, receiver, gateway_sender(design, sender))
    if not _has_tunnel_to(design, receiver, sender):
        return "over-quota", lambda route: quota.lets_in(route.prefix)
    back = Quota(design, session, sender, gateway_sender(design, receiver))
    return "over-quota", lambda route: all_of((quota.lets_in(route.prefix), back.is_open(route.prefix)))


def _has_tunnel_to(design: Design, gateway: VpnGateway, other: VpnGateway) -> bool:
    far_ends = {end.id for end in design.document.customer_gateways if end.vpn_gateway == other.id}
    return any(
        tunnel.customer_gateway in far_ends
        for connection in design.document.ipsec_connections
        if connection.vpn_gateway == gateway.id
        for tunnel in connection.tunnels
    )
