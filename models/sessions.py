"""Data centre routers and the sessions that the cloud has with them.

A site whose routers are not listed has one for each ASN under which the cloud
sees it.  Where such an ASN is open, how many routers there are depends on its
value, so the document has several *structures*, each with the condition under
which it is the real one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import islice, product
from typing import TypeAlias

from .choices import Term, equal
from .condition import TRUE, Condition, all_of, any_of, negate
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
UNSEEN = 1 << 32  # beyond every ASN that a document can name
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
    most = MOST_STRUCTURES + 1
    per_site = [list(islice(_site_structures(document, site), most)) for site in document.data_centers]
    found = list(islice(_combined(per_site), most))
    if len(found) == 1:
        return (replace(found[0], name=""),)
    return tuple(found)


def _combined(per_site: list[list[_SiteStructure]]) -> Iterator[Structure]:
    """One structure for each way of combining those of the sites, unless their conditions exclude it."""
    for combination in product(*per_site):
        when = all_of(part.when for part in combination)
        if when.is_false:
            continue
        ends_at = {peering: table for part in combination for peering, table in part.ends_at.items()}
        routers = tuple(router for part in combination for router in part.routers)
        name = ", ".join(f"{peering} at {table}" for peering, table in ends_at.items())
        yield Structure(routers, ends_at, when, name)


def _site_structures(document: Document, site: DataCenter) -> Iterator[_SiteStructure]:
    ends = _ends(document, site)
    if site.routers:
        yield from _listed_routers(site, ends)
        return
    terms = list(dict.fromkeys(end.asn for end in ends if end.asn is not None))
    for groups, when in _partitions(terms):
        yield _implied_routers(site, ends, groups, when)


def _listed_routers(site: DataCenter, ends: list[_End]) -> Iterator[_SiteStructure]:
    """The routers as written; where an open ASN decides at which of them a session ends, each way."""
    routers = tuple(
        SiteRouter(
            f"{site.id}/{router.id}",
            site,
            router.asn,
            site.allowas_in if router.allowas_in is None else router.allowas_in,
        )
        for router in site.routers
    )
    for landings in product(*(list(_landings(end, routers)) for end in ends)):
        when = all_of(condition for _, condition in landings)
        if not when.is_false:
            ends_at = {end.peering: table for end, (table, _) in zip(ends, landings, strict=True)}
            yield _SiteStructure(routers, ends_at, when)


def _landings(end: _End, routers: tuple[SiteRouter, ...]) -> Iterator[tuple[str, Condition]]:
    """The router of a session: the one that it names, else the first with its ASN, else the first."""
    named = [router for router in routers if router.table == f"{router.site.id}/{end.router}"]
    if named or end.asn is None:
        yield (named or list(routers))[0].table, TRUE
        return
    same = [equal(router.asn, end.asn) for router in routers]
    for position, router in enumerate(routers):
        first = all_of((same[position], *(negate(other) for other in same[:position])))
        when = first if position else any_of((first, negate(any_of(same))))
        if not when.is_false:
            yield router.table, when


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


def _unseen_asn(site: DataCenter) -> int:
    """An ASN that no other site has, for a site that the cloud does not see: it is named nowhere."""
    return UNSEEN + int.from_bytes(sha256(site.id.encode()).digest()[:3])


def _implied_routers(
    site: DataCenter, ends: list[_End], groups: list[list[Term]], when: Condition
) -> _SiteStructure:
    if len(groups) <= 1:
        asn: Term = groups[0][0] if groups else _unseen_asn(site)
        only = SiteRouter(site.id, site, asn, site.allowas_in)
        return _SiteStructure((only,), {end.peering: site.id for end in ends}, when)
    routers: list[SiteRouter] = []
    ends_at: dict[str, str] = {}
    for group in groups:
        members = [end for end in ends if end.asn in group]
        label = f"AS{group[0]}" if isinstance(group[0], int) else members[0].label
        if any(router.table == f"{site.id}/{label}" for router in routers):
            label = members[0].peering
        routers.append(SiteRouter(f"{site.id}/{label}", site, group[0], site.allowas_in))
        ends_at.update({end.peering: routers[-1].table for end in members})
    for end in ends:
        ends_at.setdefault(end.peering, routers[0].table)
    return _SiteStructure(tuple(routers), ends_at, when)
