"""The groups of objects that rules are about: BGP connections of gateways, and the sites that they reach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Protocol, TypeVar

from ..choices import Term, holds
from ..condition import Condition, any_of
from ..scenario import (
    Cen,
    CustomerGateway,
    DataCenter,
    Document,
    IpsecConnection,
    Tunnel,
    VirtualBorderRouter,
    Vpc,
    VpnGateway,
)
from ..sessions import VbrPeering, vbr_peerings
from .announcements import Announcements, announced, joined


class Identified(Protocol):
    """Anything with an id."""

    @property
    def id(self) -> str: ...


Object = TypeVar("Object", bound=Identified)


@dataclass(frozen=True, slots=True)
class BgpTunnel:
    """One tunnel of a connection that can have BGP; `place` leads to it in the document."""

    index: int
    tunnel: Tunnel
    far_end: CustomerGateway
    connection: str

    @property
    def place(self) -> tuple[str, ...]:
        return ("ipsec_connections", self.connection, "tunnels", str(self.index))

    @property
    def name(self) -> str:
        return f"tunnel {self.index + 1} of {self.connection}"


@dataclass(frozen=True, slots=True)
class BgpConnection:
    """An IPsec connection on which BGP can be on; `enabled` says when it is."""

    connection: IpsecConnection
    gateway: VpnGateway
    tunnels: tuple[BgpTunnel, ...]
    enabled: Condition

    @property
    def id(self) -> str:
        return self.connection.id

    @property
    def local_asns(self) -> list[Term]:
        return [each.tunnel.local_asn for each in self.tunnels]

    @property
    def sites(self) -> tuple[str, ...]:
        """The data centres at its far ends, each once."""
        ends = (each.far_end.data_center for each in self.tunnels)
        return tuple(dict.fromkeys(site for site in ends if site is not None))


def by_id(objects: Iterable[Object]) -> dict[str, Object]:
    """Objects by their ids."""
    return {each.id: each for each in objects}


def bgp_connections(document: Document) -> tuple[BgpConnection, ...]:
    """Every connection on which BGP can be on, in document order."""
    gateways = by_id(document.vpn_gateways)
    far_ends = by_id(document.customer_gateways)
    return tuple(
        BgpConnection(
            connection,
            gateways[connection.vpn_gateway],
            tuple(
                BgpTunnel(index, tunnel, far_ends[tunnel.customer_gateway], connection.id)
                for index, tunnel in enumerate(connection.tunnels)
            ),
            holds(connection.bgp_enabled),
        )
        for connection in document.ipsec_connections
        if not holds(connection.bgp_enabled).is_false
    )


def bgp_tunnels(document: Document) -> Iterator[tuple[BgpConnection, BgpTunnel]]:
    """Every tunnel on which BGP can be on, with its connection."""
    for connection in bgp_connections(document):
        for tunnel in connection.tunnels:
            yield connection, tunnel


def bgp_gateways(document: Document) -> dict[str, list[BgpConnection]]:
    """The BGP connections of each gateway that has any."""
    gateways: dict[str, list[BgpConnection]] = {}
    for connection in bgp_connections(document):
        gateways.setdefault(connection.gateway.id, []).append(connection)
    return gateways


def enabled(connections: Iterable[BgpConnection]) -> Condition:
    """When at least one of the connections has BGP on."""
    return any_of(connection.enabled for connection in connections)


def bgp_vpcs(document: Document) -> dict[str, dict[str, list[BgpConnection]]]:
    """For each VPC with BGP gateways: those gateways and their BGP connections."""
    vpcs: dict[str, dict[str, list[BgpConnection]]] = {}
    for gateway, connections in bgp_gateways(document).items():
        vpcs.setdefault(connections[0].gateway.vpc, {})[gateway] = connections
    return vpcs


def telling_pairs(groups: Mapping[str, list[BgpConnection]]) -> Iterator[tuple[BgpConnection, BgpConnection]]:
    """Pairs across groups that have to agree for all connections of all the groups to agree.

    Agreement is an equivalence, so among connections that surely have BGP each is
    paired with one other only; one that may have none is paired with all.
    """
    sure = {name: [c for c in members if c.enabled.is_true] for name, members in groups.items()}
    first, *others = [members for members in sure.values() if members] or [[]]
    for connection in (connection for members in others for connection in members):
        yield first[0], connection
    for connection in first[1:] if others else ():
        yield connection, others[0][0]
    for left, right in combinations(groups.values(), 2):
        for one in left:
            for other in right:
                if not (one.enabled.is_true and other.enabled.is_true):
                    yield one, other


def connected_to(site: str, connections: Iterable[BgpConnection]) -> list[BgpConnection]:
    """Those of the connections that end at a data centre."""
    return [connection for connection in connections if site in connection.sites]


def cens_of(document: Document, member: str) -> list[Cen]:
    """The CEN instances to which a VPC or VBR is attached, whichever of the two names the other."""
    named = {vbr.attached_to for vbr in document.virtual_border_routers if vbr.id == member}
    return [cen for cen in document.cens if member in cen.attachments or cen.id in named]


def vpcs_on(document: Document, cen: Cen) -> list[Vpc]:
    """The VPCs that are attached to a CEN."""
    return [vpc for vpc in document.vpcs if vpc.id in cen.attachments]


def vbrs_on(document: Document, cen: Cen) -> list[VirtualBorderRouter]:
    """The virtual border routers that are attached to a CEN."""
    return [vbr for vbr in document.virtual_border_routers if cen in cens_of(document, vbr.id)]


def vpcs_behind(document: Document, vbr: VirtualBorderRouter) -> set[str]:
    """The VPCs to which a virtual border router leads, directly or over its CEN."""
    vpcs = {vpc.id for cen in cens_of(document, vbr.id) for vpc in vpcs_on(document, cen)}
    return vpcs | {vpc.id for vpc in document.vpcs if vpc.id == vbr.attached_to}


def vbr_peers(document: Document) -> list[VbrPeering]:
    """The BGP peers of all virtual border routers."""
    return list(vbr_peerings(document))


def peer_sites(document: Document, site: DataCenter) -> set[str]:
    """The data centres with which a data centre has BGP, as either of the two configures it."""
    owner = {router.id: each.id for each in document.data_centers for router in each.routers}
    owner |= {each.id: each.id for each in document.data_centers}
    named = {owner[peer.peer] for peer in site.peers if peer.peer in owner}
    for other in document.data_centers:
        if any(owner.get(peer.peer) == site.id for peer in other.peers):
            named.add(other.id)
    return named - {site.id}


def learned(document: Document, connection: BgpConnection) -> Announcements:
    """The own prefixes of the sites behind a connection that they can announce over it."""
    sites = by_id(document.data_centers)
    return joined(announced(document, sites[name], connection.gateway.id) for name in connection.sites)
