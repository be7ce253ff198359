"""Static routes of VPN gateways: what they forward by without having learned it.

In the order of their tables: policy-based routes for protected flows, destination-based
routes, and the way into the gateway's own VPC.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Network

from ..choices import Choice, Role, where
from ..condition import Condition, all_of, any_of, negate
from ..network import CUT_OFF, StaticEntry
from ..protected import PROTECTED, flow, may_protect, remote_networks
from ..scenario import IpsecConnection, SitePrefix, Vpc, VpnGateway, VSwitch
from .design import Design
from .failing import tunnel_failed

Way = tuple[str, Condition]
"""A next hop, and when it is the one."""


def statics(design: Design) -> Iterator[StaticEntry]:
    """The static routes of every gateway."""
    for gateway in design.document.vpn_gateways:
        yield from dict.fromkeys(_Forwarding(design, gateway).entries())


@dataclass(frozen=True)
class _Forwarding:
    """The static routes of one gateway."""

    design: Design
    gateway: VpnGateway

    def entries(self) -> Iterator[StaticEntry]:
        """In the order in which they are looked up where prefixes are equal."""
        yield from self._policy_routes()
        yield from self._destination_routes()
        yield from self._into_vpc()

    @cached_property
    def in_order(self) -> Condition:
        """When the gateway looks through its tables one after the other."""
        return self.design.reads("gateway_lookup", self.gateway, value="table_order")

    @cached_property
    def vpc(self) -> Vpc:
        return self.design.vpc(self.gateway.vpc)

    @cached_property
    def connections(self) -> tuple[IpsecConnection, ...]:
        every = self.design.document.ipsec_connections
        return tuple(connection for connection in every if connection.vpn_gateway == self.gateway.id)

    # --- policy-based routes ------------------------------------------------

    @cached_property
    def remote(self) -> tuple[IPv4Network, ...]:
        return remote_networks(self.design.document, self.gateway)

    @cached_property
    def protecting(self) -> tuple[IpsecConnection, ...]:
        return tuple(connection for connection in self.connections if may_protect(connection))

    def _has(self, connection: IpsecConnection, prefix: IPv4Network) -> Condition:
        """When a connection has a policy-based route for a prefix."""
        self.design.note(connection.routing_mode)
        protects = where(connection.routing_mode, lambda mode: mode == PROTECTED)
        term = flow(self.design.document, connection, prefix)
        self.design.note(term)
        return all_of((protects, where(term, lambda value: value is True)))

    def _covers(self, connection: IpsecConnection, prefix: IPv4Network) -> Condition:
        """When a connection has a policy-based route for a prefix or for one that contains it."""
        around = (other for other in self.remote if prefix.subnet_of(other))
        return any_of(self._has(connection, other) for other in around)

    def _policy_routes(self) -> Iterator[StaticEntry]:
        """Where tables are looked through in order, policy-based routes are not sorted by length."""
        for prefix in self.remote if self.protecting else ():
            by_length = self._chosen(prefix, self._has)
            by_order = self._chosen(prefix, self._covers)
            for connection, longest, first in zip(self.protecting, by_length, by_order, strict=True):
                decides = any_of((all_of((self.in_order, first)), all_of((negate(self.in_order), longest))))
                for next_hop, used in _ways(self.design, connection):
                    when = all_of((decides, used))
                    if not when.is_false:
                        yield StaticEntry(self.gateway.id, str(prefix), next_hop, when, self.in_order)

    def _chosen(
        self, prefix: IPv4Network, has: Callable[[IpsecConnection, IPv4Network], Condition]
    ) -> Iterator[Condition]:
        """For each connection, when its policy-based route decides.

        Routes of equal priority have an order that is not written, so which of several
        connections comes first is a choice; the others follow in document order.
        """
        having = [has(connection, prefix) for connection in self.protecting]
        ids = tuple(connection.id for connection in self.protecting)
        top = Choice(f"policy:{self.gateway.id}:{prefix}", Role.ORDER, ids, ids[0])
        self.design.note(top)
        at_top = [top.equals(name) for name in ids]
        nobody = negate(any_of(all_of(pair) for pair in zip(at_top, having, strict=True)))
        for position, here in enumerate(having):
            next_in_line = all_of((nobody, *(negate(other) for other in having[:position])))
            yield all_of((here, any_of((at_top[position], next_in_line))))

    # --- destination-based routes -------------------------------------------

    def _destination_routes(self) -> Iterator[StaticEntry]:
        """Without BGP a gateway knows what is behind a connection only by destination-based routes.

        The format gives these by the VPC route that is published from them.  Such a route
        leads to the site that has a prefix there; over which of several connections it does
        is not written, so it is a choice.  The slave tunnel takes over from the master.
        """
        plain = [connection for connection in self.connections if connection.bgp_enabled is not True]
        routes = (entry for vpc in self.design.document.vpcs for entry in vpc.routes)
        for prefix in dict.fromkeys(r.destination for r in routes if r.next_hop == self.gateway.id):
            fitting = [connection for connection in plain if self._reaches(connection, prefix)]
            if plain:
                yield from self._towards(prefix, fitting or plain)

    def _reaches(self, connection: IpsecConnection, prefix: IPv4Network) -> bool:
        """Whether the site of a connection has a prefix in common with another."""
        document = self.design.document
        ends = {tunnel.customer_gateway for tunnel in connection.tunnels}
        names = {gateway.data_center for gateway in document.customer_gateways if gateway.id in ends}
        sites = [site for site in document.data_centers if site.id in names]
        own = [each.prefix for site in sites for each in site.prefixes if isinstance(each, SitePrefix)]
        return any(each.overlaps(prefix) for each in own)

    def _towards(self, prefix: IPv4Network, plain: Sequence[IpsecConnection]) -> Iterator[StaticEntry]:
        """Over the connection that is chosen, or if that cannot have the entry over the first that can."""
        ids = tuple(connection.id for connection in plain)
        chosen = Choice(f"static:{self.gateway.id}:{prefix}", Role.ORDER, ids, ids[0])
        self.design.note(chosen)
        able = {connection.id: self._can_have_entries(connection) for connection in plain}
        fitting = any_of(all_of((chosen.equals(name), when)) for name, when in able.items())
        for position, connection in enumerate(plain):
            instead = all_of((negate(fitting), *(negate(able[name]) for name in ids[:position])))
            decides = all_of((able[connection.id], any_of((chosen.equals(connection.id), instead))))
            for next_hop, used in _ways(self.design, connection):
                when = all_of((decides, used))
                if next_hop != CUT_OFF and not when.is_false:
                    yield StaticEntry(self.gateway.id, str(prefix), next_hop, when, self.in_order)

    def _can_have_entries(self, connection: IpsecConnection) -> Condition:
        """When destination-based routes can lead over a connection: without BGP and protected flows."""
        self.design.note(connection.routing_mode)
        plain = where(connection.routing_mode, lambda mode: mode != PROTECTED)
        return all_of((negate(self.design.flag(connection.bgp_enabled)), plain))

    # --- the own VPC --------------------------------------------------------

    def _into_vpc(self) -> Iterator[StaticEntry]:
        """The way to vSwitches, of the VPC and of others on its CEN, for packets that come from a site.

        A gateway has it even where it advertises nothing.  A protected flow starts in the
        VPC; what comes back to it is none, so that policy-based routes do not concern it.
        """
        silent = negate(self.design.flag(self.gateway.auto_advertise))
        for vswitch in self._near():
            covered = any_of(self._covers(connection, vswitch.cidr) for connection in self.protecting)
            when = all_of((self.design.present(vswitch.id), any_of((silent, covered))))
            if not when.is_false:
                first = all_of((self.in_order, covered))
                yield StaticEntry(self.gateway.id, str(vswitch.cidr), self.vpc.id, when, first)


    def _near(self) -> Iterator[VSwitch]:
        """The vSwitches of the VPC, and those that it can reach over a CEN."""
        yield from self.vpc.vswitches
        attached = {name for cen in self.design.cens_of(self.vpc.id) for name in cen.attachments}
        for other in self.design.document.vpcs:
            if other.id in attached and other.id != self.vpc.id:
                yield from other.vswitches


def _ways(design: Design, connection: IpsecConnection) -> Iterator[Way]:
    """Where a connection leads: through its master tunnel, else its slave, and nowhere if both are down."""
    failed = [tunnel_failed(design, connection, index) for index in range(len(connection.tunnels))]
    swapped = _second_is_master(design, connection)
    for index, down in enumerate(failed):
        leads = swapped if index else negate(swapped)
        alone = all_of(other for position, other in enumerate(failed) if position != index)
        yield _end(design, connection, index), all_of((negate(down), any_of((leads, alone))))
    yield CUT_OFF, all_of(failed)


def _second_is_master(design: Design, connection: IpsecConnection) -> Condition:
    """When the tunnel that is listed second is the master."""
    first, last = connection.tunnels[0].role, connection.tunnels[-1].role
    design.note(first)
    design.note(last)
    return all_of((where(first, lambda role: role == "slave"), where(last, lambda role: role == "master")))


def _end(design: Design, connection: IpsecConnection, index: int) -> str:
    """The table behind a tunnel: a router of a site, another gateway, or none that the document knows."""
    found = design.structure.ends_at.get(f"{connection.id}/{index}")
    if found is not None:
        return found
    customer = connection.tunnels[index].customer_gateway
    far = next(c for c in design.document.customer_gateways if c.id == customer)
    return far.vpn_gateway or CUT_OFF
