"""ASNs on the cloud's side, and whether they are equal where they must be: R11, R14, R20, R20r, R23, P08."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations

from ..choices import any_differ, equal, where
from ..condition import FALSE, TRUE, Condition, all_of
from ..scenario import CustomerGateway, Document
from . import sources
from .rule import Finding, Kind, Remedy, Rule, Setting
from .topology import (
    BgpConnection,
    bgp_connections,
    bgp_gateways,
    bgp_tunnels,
    bgp_vpcs,
    telling_pairs,
    vbr_peers,
)

LOWEST, HIGHEST = 1, 2**32 - 1
DEFAULT = 45104


def _with_one_asn(connections: Iterable[BgpConnection]) -> tuple[Remedy, ...]:
    """The settings that give all the connections the local ASN that most of their tunnels have."""
    tunnels = [tunnel for connection in connections for tunnel in connection.tunnels]
    fixed = [t.tunnel.local_asn for t in tunnels if isinstance(t.tunnel.local_asn, int)]
    target = Counter(fixed).most_common(1)[0][0] if fixed else DEFAULT
    return (
        tuple(Setting((*t.place, "local_asn"), target) for t in tunnels if t.tunnel.local_asn != target),
    )


def _one_asn_per_gateway(document: Document) -> list[Finding]:
    findings = []
    for gateway, connections in bgp_gateways(document).items():
        remedies = _with_one_asn(connections)
        for one, other in telling_pairs({each.id: [each] for each in connections}):
            findings.append(
                Finding(
                    (gateway, one.id, other.id),
                    f"{one.id} and {other.id} of {gateway} have different local ASNs",
                    all_of((one.enabled, other.enabled, any_differ(one.local_asns + other.local_asns))),
                    remedies=remedies,
                )
            )
    return findings


def _one_asn_per_customer_gateway(document: Document) -> list[Finding]:
    findings = {}
    for vpc, gateways in bgp_vpcs(document).items():
        for one, other, shared in _sharing(gateways):
            differ = any_differ(one.local_asns + other.local_asns)
            findings[one.id, other.id] = Finding(
                (one.gateway.id, other.gateway.id, one.id, other.id),
                f"{one.gateway.id} and {other.gateway.id} of {vpc} reach one customer gateway "
                f"with different local ASNs, over {one.id} and {other.id}",
                all_of((one.enabled, other.enabled, shared, differ)),
                remedies=_with_one_asn([one, other]),
            )
    return list(findings.values())


def _sharing(
    gateways: dict[str, list[BgpConnection]],
) -> Iterator[tuple[BgpConnection, BgpConnection, Condition]]:
    """Pairs of connections of different gateways to one customer gateway, and when it is one."""
    ends = {t.far_end.id: t.far_end for cs in gateways.values() for c in cs for t in c.tunnels}
    reaching = {end: {name: _to(end, connections) for name, connections in gateways.items()} for end in ends}
    for end in ends:
        for one, other in telling_pairs({name: cs for name, cs in reaching[end].items() if cs}):
            yield one, other, TRUE
    for left, right in combinations(ends, 2):
        same = _same_device(ends[left], ends[right])
        for name in gateways if not same.is_false else ():
            for one in reaching[left][name]:
                for other in (c for n in gateways if n != name for c in reaching[right][n]):
                    yield one, other, same


def _to(end: str, connections: list[BgpConnection]) -> list[BgpConnection]:
    return [each for each in connections if any(tunnel.far_end.id == end for tunnel in each.tunnels)]


def _same_device(left: CustomerGateway, right: CustomerGateway) -> Condition:
    """When two customer gateways stand for one device: they have the same address and ASN."""
    if left.ip_address is None or left.ip_address != right.ip_address:
        return FALSE
    if left.asn is None or right.asn is None:
        return FALSE
    return equal(left.asn, right.asn)


def _one_asn_per_connection(document: Document) -> list[Finding]:
    return [
        Finding(
            (each.id,),
            f"the two tunnels of {each.id} have different local ASNs",
            all_of((each.enabled, any_differ(each.local_asns))),
            remedies=_with_one_asn([each]),
        )
        for each in bgp_connections(document)
        if len(each.tunnels) == 2
    ]


def _one_peer_asn(document: Document) -> list[Finding]:
    findings = []
    for each in bgp_connections(document):
        asns = [tunnel.far_end.asn for tunnel in each.tunnels if tunnel.far_end.asn is not None]
        if len(asns) == 2:
            text = f"the two tunnels of {each.id} lead to peers with different ASNs"
            findings.append(Finding((each.id,), text, all_of((each.enabled, any_differ(asns)))))
    return findings


def _valid_range(document: Document) -> list[Finding]:
    return [
        Finding(
            (connection.id,),
            f"the local ASN of {tunnel.name} is outside {LOWEST} to {HIGHEST}",
            all_of(
                (
                    connection.enabled,
                    where(tunnel.tunnel.local_asn, lambda asn: not LOWEST <= int(asn) <= HIGHEST),
                )
            ),
            remedies=((Setting((*tunnel.place, "local_asn"), DEFAULT),),),
        )
        for connection, tunnel in bgp_tunnels(document)
    ]


def _internal_bgp(document: Document) -> list[Finding]:
    return [*_internal_tunnels(document), *_internal_circuits(document)]


def _internal_tunnels(document: Document) -> Iterator[Finding]:
    for connection, tunnel in bgp_tunnels(document):
        asn = tunnel.far_end.asn
        if asn is not None:
            text = f"{tunnel.name} has the ASN of its customer gateway {tunnel.far_end.id} as its local ASN"
            both = equal(tunnel.tunnel.local_asn, asn)
            yield Finding((connection.id, tunnel.far_end.id), text, all_of((connection.enabled, both)))


def _internal_circuits(document: Document) -> Iterator[Finding]:
    for peering in vbr_peers(document):
        if peering.asn is not None:
            site = peering.peer.data_center
            text = f"{peering.vbr.id} and its peer in {site} have the same ASN"
            yield Finding((peering.vbr.id, site), text, equal(peering.vbr.local_asn, peering.asn))


RULES = (
    Rule(
        "R11", Kind.INV, "One local ASN per VPN gateway",
        "All connections with BGP of one VPN gateway have the same local ASN.",
        sources.LIMITS,
        "The page says that it must be so and names no consequence.",
        "VPN gateways with several connections with BGP",
        "Every tunnel is its own speaker with its own ASN in the routing model, so differing ASNs are "
        "seen on the wire; a gateway refuses the ASN of the session on which a route comes in.",
        _one_asn_per_gateway,
    ),
    Rule(
        "R14", Kind.INV, "One local ASN towards a shared customer gateway",
        "Where several gateways of one VPC use BGP and are connected to one customer gateway, their "
        "connections have the same local ASN.",
        sources.LIMITS,
        "A routing loop: the site passes the cloud's routes from one gateway to the other, whose check for "
        "its own ASN would have stopped them.",
        "VPCs with several VPN gateways that have BGP with one customer gateway",
        "The loop comes out of route propagation. The check takes two customer gateways as one when they "
        "have the same id, or the same address and the same ASN; whether one router stands behind two "
        "customer gateways that differ is left out.",
        _one_asn_per_customer_gateway,
    ),
    Rule(
        "R20", Kind.INV, "One local ASN in both tunnels",
        "Both tunnels of a dual-tunnel connection have the same local ASN.",
        sources.RECOMMENDATION,
        "The page says that it must be so and names no consequence.",
        "connections with BGP that have two tunnels",
        "Each tunnel has its own local ASN in the routing model.",
        _one_asn_per_connection,
    ),
    Rule(
        "R20r", Kind.REC, "One ASN for both tunnel peers",
        "The peers at the far ends of the two tunnels of a connection should have the same ASN.",
        sources.RECOMMENDATION,
        "None is documented.",
        "connections with BGP whose two customer gateways have ASNs",
        "Each customer gateway shows its own ASN in the routing model.",
        _one_peer_asn,
    ),
    Rule(
        "R23", Kind.HARD, "Local ASNs are 1 to 4294967295",
        "The local ASN of a tunnel is a number from 1 to 4294967295; where none is given it is 45104.",
        sources.PROCEDURE,
        "The value cannot be configured.",
        "tunnels of connections with BGP",
        "An ASN is a 32-bit number in a document, so 0 is the one value that the check can find.",
        _valid_range,
    ),
    Rule(
        "P08", Kind.REC, "Different ASNs at the two ends of a session",
        "A session between cloud and site is an external one: its ends have different ASNs.",
        sources.SILENCE,
        "With equal ASNs the session is internal BGP, for which no behaviour is documented.",
        "tunnels with BGP, and BGP peers of virtual border routers",
        "The session is modelled as an external one: each end refuses what already contains its ASN.",
        _internal_bgp,
    ),
)
