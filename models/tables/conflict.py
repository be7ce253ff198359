"""R18: destinations that several dual-tunnel connections of a gateway learn may not take effect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Network

from ..choices import Choice, Role, equal
from ..condition import FALSE, TRUE, Condition, all_of, any_of, negate
from ..scenario import VpnGateway
from ..sessions import SiteRouter, TunnelPeering
from .announcing import Filter, Own, own_of, passes
from .design import DEFAULT_ROUTE, Design
from .elsewhere import Way, elsewhere, foreign
from .site import policy_towards
from .tunnel import bgp_is_up

FEW_INSIDE = 3


@dataclass(frozen=True, eq=False)
class Conflicts:
    """What the other dual-tunnel connections of a gateway, to whichever site, learn against one of them."""

    design: Design
    gateway: VpnGateway
    peering: TunnelPeering

    def may_be_inactive(self, prefix: str) -> Condition:
        """When a route that the connection learns is one of those that do not take effect.

        Which of the conflicting routes those are is not documented, so it is a choice
        of each; it can only be made while another connection can learn a conflicting
        prefix.
        """
        network = self.design.network_of(prefix)
        conflict = any_of(rival.learns_conflicting(network) for rival in self._rivals)
        if conflict.is_false:
            return FALSE
        name = f"inactive:{self.peering.connection.id}:{prefix}"
        choice = Choice(name, Role.ORDER, (False, True), False)
        self.design.note(choice)
        return all_of((conflict, choice.equals(True)))

    @cached_property
    def _rivals(self) -> tuple[_Rival, ...]:
        if len(self.peering.connection.tunnels) < 2:
            return ()
        routers = {router.table: router for router in self.design.structure.routers}
        ends = self.design.structure.ends_at
        return tuple(
            _Rival(self.design, self.gateway, other, routers[ends[other.id]])
            for other in self.design.tunnels
            if other.connection.vpn_gateway == self.gateway.id
            and other.connection.id != self.peering.connection.id
            and len(other.connection.tunnels) == 2
            and other.asn is not None
        )


@dataclass(frozen=True, eq=False)
class _Rival:
    """A tunnel of another connection, and the router at its end."""

    design: Design
    gateway: VpnGateway
    peering: TunnelPeering
    router: SiteRouter

    def learns_conflicting(self, network: IPv4Network) -> Condition:
        """When the tunnel can learn a prefix in conflict with another."""
        overlapping = self.design.reads("conflict", self.gateway, value="overlapping")
        own = any_of((self._announces(network), all_of((overlapping, self._announces_nested(network)))))
        accepted = negate(equal(self.peering.asn or 0, self.peering.tunnel.local_asn))
        up = bgp_is_up(self.design, self.peering)
        found = [all_of((accepted, own))]
        for prefix, when in self._passed_on(network):
            found.append(when if prefix == network else all_of((overlapping, when)))
        return all_of((up, any_of(found)))

    @cached_property
    def _allowed(self) -> Filter:
        return policy_towards(self.router.site, self.gateway.id).export

    @cached_property
    def _own(self) -> tuple[Own, ...]:
        every = own_of(self.design, self.router.site)
        return tuple(o for o in every if passes(self._allowed, o.prefix) and o.prefix != DEFAULT_ROUTE)

    def _announces(self, network: IPv4Network) -> Condition:
        return any_of(own.sent for own in self._own if own.prefix == network)

    def _announces_nested(self, network: IPv4Network) -> Condition:
        """When the site announces a prefix around another or inside it.

        Of many inside it, of which one is always announced, some are taken to be there.
        """
        nested = [own for own in self._own if own.prefix != network and own.prefix.overlaps(network)]
        inside = [own for own in nested if own.fixed and own.prefix.subnet_of(network)]
        if len(inside) > FEW_INSIDE and any(own.announced.is_true for own in inside):
            return TRUE
        return any_of(own.sent for own in nested)

    @cached_property
    def _ways(self) -> tuple[Way, ...]:
        return tuple(elsewhere(self.design, self.router, self.gateway))

    def _passed_on(self, network: IPv4Network) -> Iterator[tuple[IPv4Network, Condition]]:
        """When the router can pass on the prefix that it learned elsewhere, or else one nested with it.

        Whether it has learned it is not known here.  What a cloud peer gave to it carries
        the ASN of that peer, by which the gateway may refuse it.
        """
        readvertises = self.design.flag(self.router.site.readvertises)
        if readvertises.is_false or not self._ways:
            return
        others = set(foreign(self.design, self.router.site)) - {network}
        nested = sorted(other for other in others if other.overlaps(network))
        for way in self._ways:
            own = FALSE if way.asn is None else equal(way.asn, self.peering.tunnel.local_asn)
            when = all_of((readvertises, way.when, negate(own)))
            comes = (p for p in (network, *nested) if passes(self._allowed, p) and passes(way.imports, p))
            if first := next(comes, None):
                yield first, when
