"""Data centre routers and the sessions that the cloud has with them.

A site whose routers are not listed has one for each ASN under which the cloud
sees it.  Where such an ASN is open, how many routers there are depends on its
value, so the document has several *structures*, each with the condition under
which it is the real one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product
from typing import TypeAlias

from .choices import Term, equal
from .condition import TRUE, Condition, all_of, negate
from .scenario import (
    CustomerGateway,
    DataCenter,
    Document,
    IpsecConnection,
    Tunnel,
    VbrPeer,
    VirtualBorderRouter,
)

MOST_STRUCTURES = 64
Partition: TypeAlias = tuple[list[list[Term]], Condition]


@dataclass(frozen=True, slots=True)
class TunnelPeering:
    """A tunnel to a data centre router: the cloud's end, the site's, and the ASN that the site shows."""

    id: str
    connection: IpsecConnection
    tunnel: Tunnel
    gateway: CustomerGateway
    index: int

    @property
    def asn(self) -> Term | None:
        return self.gateway.asn


@dataclass(frozen=True, slots=True)
class VbrPeering:
    """A BGP session of a virtual border router."""

    id: str
    vbr: VirtualBorderRouter
    peer: VbrPeer
    asn: Term | None


@dataclass(frozen=True, slots=True)
class SiteRouter:
    """A data centre router of one structure; `asn` is its own ASN."""

    table: str
    site: DataCenter
    asn: Term
    allowas_in: Term


@dataclass(frozen=True, slots=True)
class Structure:
    """Which routers there are and which peering ends at which; real while `when` holds."""

    routers: tuple[SiteRouter, ...]
    ends_at: dict[str, str]  # peering id -> router table
    when: Condition = TRUE
    name: str = ""

    def routers_of(self, site: str) -> tuple[SiteRouter, ...]:
        return tuple(router for router in self.routers if router.site.id == site)


def tunnel_peerings(document: Document) -> Iterator[TunnelPeering]:
    """The tunnels that end at a data centre, BGP or not, in document order."""
    gateways = {gateway.id: gateway for gateway in document.customer_gateways}
    for connection in document.ipsec_connections:
        for index, tunnel in enumerate(connection.tunnels):
            gateway = gateways[tunnel.customer_gateway]
            if gateway.data_center is not None:
                yield TunnelPeering(f"{connection.id}/{index}", connection, tunnel, gateway, index)


def vbr_peerings(document: Document) -> Iterator[VbrPeering]:
    """The BGP peers of virtual border routers, in document order."""
    routers = {(site.id, router.id): router for site in document.data_centers for router in site.routers}
    for vbr in document.virtual_border_routers:
        for index, peer in enumerate(vbr.peers):
            named = routers.get((peer.data_center, peer.router or ""))
            asn = peer.peer_asn if peer.peer_asn is not None else (named.asn if named else None)
            yield VbrPeering(f"{vbr.id}/{index}", vbr, peer, asn)


@dataclass(frozen=True, slots=True)
class _End:
    peering: str
    label: str
    asn: Term | None
    router: str | None


def _ends(document: Document, site: DataCenter) -> list[_End]:
    ends = [
        _End(p.id, p.gateway.id, p.asn, p.gateway.router)
        for p in tunnel_peerings(document)
        if p.gateway.data_center == site.id
    ]
    ends += [
        _End(p.id, p.vbr.id, p.asn, p.peer.router)
        for p in vbr_peerings(document)
        if p.peer.data_center == site.id
    ]
    return ends


@dataclass(frozen=True, slots=True)
class _SiteStructure:
    routers: tuple[SiteRouter, ...]
    ends_at: dict[str, str]
    when: Condition


def structures(document: Document) -> tuple[Structure, ...]:
    """Every structure that the open ASNs leave possible; at most `MOST_STRUCTURES` + 1 of them.

    A caller that sees more than `MOST_STRUCTURES` must not claim a proof.
    """
    per_site = [list(_site_structures(document, site)) for site in document.data_centers]
    found = []
    for combination in islice(product(*per_site), MOST_STRUCTURES + 1):
        when = all_of(part.when for part in combination)
        if when.is_false:
            continue
        found.append(
            Structure(
                tuple(router for part in combination for router in part.routers),
                {peering: table for part in combination for peering, table in part.ends_at.items()},
                when,
            )
        )
    if len(found) == 1:
        return (found[0],)
    return tuple(
        Structure(s.routers, s.ends_at, s.when, ", ".join(r.table for r in s.routers)) for s in found
    )


def _site_structures(document: Document, site: DataCenter) -> Iterator[_SiteStructure]:
    ends = _ends(document, site)
    if site.routers:
        yield _listed_routers(site, ends)
        return
    terms = list(dict.fromkeys(end.asn for end in ends if end.asn is not None))
    for groups, when in _partitions(terms):
        yield _implied_routers(site, ends, groups, when)


def _listed_routers(site: DataCenter, ends: list[_End]) -> _SiteStructure:
    routers = tuple(
        SiteRouter(
            f"{site.id}/{router.id}",
            site,
            router.asn,
            site.allowas_in if router.allowas_in is None else router.allowas_in,
        )
        for router in site.routers
    )
    ends_at = {}
    for end in ends:
        same = [router for router in routers if end.asn is not None and equal(router.asn, end.asn).is_true]
        named = [router for router in routers if router.table == f"{site.id}/{end.router}"]
        ends_at[end.peering] = (named or same or list(routers))[0].table
    return _SiteStructure(routers, ends_at, TRUE)


def _partitions(terms: list[Term]) -> Iterator[Partition]:
    """Every way in which the terms can be equal or differ, with its condition."""

    def extend(rest: list[Term], groups: list[list[Term]], when: Condition) -> Iterator[Partition]:
        if when.is_false:
            return
        if not rest:
            yield groups, when
            return
        term, *others = rest
        differs = [negate(equal(term, group[0])) for group in groups]
        for position, group in enumerate(groups):
            joined = [[*g, term] if n == position else g for n, g in enumerate(groups)]
            yield from extend(others, joined, all_of((when, equal(term, group[0]))))
        yield from extend(others, [*groups, [term]], all_of((when, *differs)))

    yield from islice(extend(terms, [], TRUE), MOST_STRUCTURES + 1)


def _implied_routers(
    site: DataCenter, ends: list[_End], groups: list[list[Term]], when: Condition
) -> _SiteStructure:
    if len(groups) <= 1:
        asn: Term = groups[0][0] if groups else 0
        only = SiteRouter(site.id, site, asn, site.allowas_in)
        return _SiteStructure((only,), {end.peering: site.id for end in ends}, when)
    routers, ends_at = [], {}
    for group in groups:
        members = [end for end in ends if end.asn in group]
        label = f"AS{group[0]}" if isinstance(group[0], int) else members[0].label
        routers.append(SiteRouter(f"{site.id}/{label}", site, group[0], site.allowas_in))
        ends_at.update({end.peering: routers[-1].table for end in members})
    for end in ends:
        ends_at.setdefault(end.peering, routers[0].table)
    return _SiteStructure(tuple(routers), ends_at, when)
