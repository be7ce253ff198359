"""Protected data flows: the policy-based routes that a connection may bring with it.

A connection for protected flows gets a policy-based route for each of them.  The
document does not say which flows these are, so for every network at which one can be
aimed it is open whether there is such a route.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network

from .choices import Choice, Role, Term, possible
from .scenario import Document, IpsecConnection, SitePrefix, VpnGateway, VSwitch

LOCAL = IPv4Network("100.64.0.0/10")
PROTECTED = "protected"


def may_protect(connection: IpsecConnection) -> bool:
    """Whether a connection is one for protected flows, or can be."""
    return PROTECTED in possible(connection.routing_mode)


def flow(document: Document, connection: IpsecConnection, prefix: IPv4Network) -> Term:
    """Whether a connection has a policy-based route for a network: open, unless it is assumed."""
    choice = _choice(connection, prefix)
    return document.assume.get(choice.name, choice)


def flows(document: Document) -> Iterator[Choice]:
    """Every such choice of a document."""
    gateways = {gateway.id: gateway for gateway in document.vpn_gateways}
    for connection in document.ipsec_connections:
        if may_protect(connection):
            for prefix in remote_networks(document, gateways[connection.vpn_gateway]):
                yield _choice(connection, prefix)


def _choice(connection: IpsecConnection, prefix: IPv4Network) -> Choice:
    name = f"ipsec_connections.{connection.id}.protected.{prefix}"
    return Choice(name, Role.OPEN, (False, True), False)


def remote_networks(document: Document, gateway: VpnGateway) -> tuple[IPv4Network, ...]:
    """The networks that can be the far end of a protected flow of a gateway.

    They lie beyond it: at a site, in the VPC of a gateway at the other end of a tunnel,
    or wherever a route of its VPC sends them.  None lies in its own vSwitches.
    """
    local = [vswitch.cidr for vpc in document.vpcs if vpc.id == gateway.vpc for vswitch in vpc.vswitches]
    beyond = (piece for network in _beyond(document, gateway) for piece in _permitted(network))
    return tuple(dict.fromkeys(n for n in beyond if not any(n.subnet_of(own) for own in local)))


def _beyond(document: Document, gateway: VpnGateway) -> Iterator[IPv4Network]:
    for site in document.data_centers:
        yield from (own.prefix for own in site.prefixes if isinstance(own, SitePrefix))
    for vpc in document.vpcs:
        yield from (route.destination for route in vpc.routes if route.next_hop == gateway.id)
    yield from (vswitch.cidr for vswitch in _behind_tunnels(document, gateway))


def _behind_tunnels(document: Document, gateway: VpnGateway) -> Iterator[VSwitch]:
    """The vSwitches behind those tunnels that end at another VPN gateway."""
    far_ends = {customer.id: customer.vpn_gateway for customer in document.customer_gateways}
    tunnels = [t for c in document.ipsec_connections if c.vpn_gateway == gateway.id for t in c.tunnels]
    reached = {far_ends[tunnel.customer_gateway] for tunnel in tunnels}
    vpcs = {other.vpc for other in document.vpn_gateways if other.id in reached}
    yield from (vswitch for vpc in document.vpcs if vpc.id in vpcs for vswitch in vpc.vswitches)


def _permitted(network: IPv4Network) -> Iterator[IPv4Network]:
    """A network as far as a policy-based route can have it; none is comparable with 100.64.0.0/10.

    Of a larger one, one part stands for all: whatever lies in no longer prefix is treated alike.
    """
    if not network.overlaps(LOCAL):
        yield network
    elif network.prefixlen < LOCAL.prefixlen:
        yield min(network.address_exclude(LOCAL), key=lambda part: part.prefixlen)
