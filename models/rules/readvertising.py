"""Routes that must not be handed from one connection or gateway to another: R12, R13a, R13b."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network
from itertools import combinations, permutations

from ..choices import holds
from ..condition import FALSE, Condition, all_of, any_of, constant
from ..scenario import DataCenter, Document, SitePrefix
from . import sources
from .announcements import announced, passes
from .rule import Finding, Kind, Rule, Setting
from .topology import (
    BgpConnection,
    bgp_gateways,
    bgp_tunnels,
    bgp_vpcs,
    by_id,
    connected_to,
    enabled,
    peer_sites,
)


def _passes_on(site: DataCenter) -> Condition:
    """When the document states that a site passes cloud routes on; leaving it out states nothing."""
    return holds(site.readvertises) if "readvertises" in site.model_fields_set else FALSE


def _no_longer_passes_on(*sites: str) -> tuple[tuple[Setting, ...], ...]:
    return tuple((Setting(("data_centers", site, "readvertises"), False),) for site in sites)


def _between_connections(document: Document) -> list[Finding]:
    sites = by_id(document.data_centers)
    findings = []
    for gateway, connections in bgp_gateways(document).items():
        reached = dict.fromkeys(site for connection in connections for site in connection.sites)
        for giver, taker in permutations(reached, 2):
            routes_pass = all_of(
                (
                    enabled(connected_to(giver, connections)),
                    enabled(connected_to(taker, connections)),
                    _passes_on(sites[taker]),
                    _reach_over(document, sites[giver], sites[taker], gateway),
                )
            )
            findings.append(
                Finding(
                    (gateway, giver, taker),
                    f"{taker} can pass the routes of {giver} on to {gateway}, which is connected to both",
                    routes_pass,
                    remedies=_no_longer_passes_on(taker),
                )
            )
    return findings


def _reach_over(document: Document, giver: DataCenter, taker: DataCenter, gateway: str) -> Condition:
    """When a prefix of one site can get to a gateway through another site, by the filters on the way."""
    if taker.id not in peer_sites(document, giver):
        return FALSE
    names = {site.id: {site.id, *(router.id for router in site.routers)} for site in (giver, taker)}
    sent = [peer.export for peer in giver.peers if peer.peer in names[taker.id]]
    taken = [peer.import_ for peer in taker.peers if peer.peer in names[giver.id]]
    sent_on = [peer.export for peer in taker.peers if peer.peer == gateway]
    return any_of(
        condition
        for prefix, condition in announced(document, giver, taker.id).items()
        if all(passes(filters, prefix) for filters in (sent, taken, sent_on))
    )


def _not_peers(document: Document) -> list[Finding]:
    gateways = by_id(document.vpn_gateways)
    findings = [
        Finding(tuple(gateway.id for gateway in document.vpn_gateways if gateway.vpc == vpc), "")
        for vpc in bgp_vpcs(document)
        if sum(gateway.vpc == vpc for gateway in document.vpn_gateways) > 1
    ]
    for connection, tunnel in bgp_tunnels(document):
        far = gateways.get(tunnel.far_end.vpn_gateway or "")
        if far is not None:
            findings.append(
                Finding(
                    (connection.gateway.id, far.id, connection.id),
                    f"{tunnel.name} makes {far.id} a BGP peer of {connection.gateway.id} in the same VPC",
                    all_of((connection.enabled, constant(far.vpc == connection.gateway.vpc))),
                    remedies=((Setting(("ipsec_connections", connection.id, "bgp_enabled"), False),),),
                )
            )
    return findings


def _between_gateways(document: Document) -> list[Finding]:
    findings: list[Finding] = []
    for gateways in bgp_vpcs(document).values():
        for left, right in combinations(gateways, 2):
            findings.append(Finding((left, right), ""))
            findings += _through_sites(document, gateways[left], gateways[right])
    return findings


def _through_sites(
    document: Document, left: list[BgpConnection], right: list[BgpConnection]
) -> Iterator[Finding]:
    one, other = left[0].gateway.id, right[0].gateway.id
    for site in document.data_centers:
        to_left, to_right = connected_to(site.id, left), connected_to(site.id, right)
        if not to_left or not to_right or not _lets_through(document, site, one, other):
            continue
        yield Finding(
            (one, other, site.id),
            f"{site.id} passes the routes of {one} and {other}, two gateways of one VPC, on to each other",
            all_of((enabled(to_left), enabled(to_right), _passes_on(site))),
            remedies=_no_longer_passes_on(site.id),
        )


def _lets_through(document: Document, site: DataCenter, one: str, other: str) -> bool:
    """Whether the site's filters leave a way for some route from one gateway to the other."""
    foreign = list(_foreign_prefixes(document, site))
    for source, target in ((one, other), (other, one)):
        taken = [peer.import_ for peer in site.peers if peer.peer == source]
        sent = [peer.export for peer in site.peers if peer.peer == target]
        if all(listed is None for listed in taken + sent):
            return True
        if any(passes(taken, prefix) and passes(sent, prefix) for prefix in foreign):
            return True
    return False


def _foreign_prefixes(document: Document, site: DataCenter) -> Iterator[IPv4Network]:
    for vpc in document.vpcs:
        yield from (vswitch.cidr for vswitch in vpc.vswitches)
        yield from (route.destination for route in vpc.routes)
    for other in document.data_centers:
        if other.id != site.id:
            yield from (e.prefix if isinstance(e, SitePrefix) else e.within for e in other.prefixes)


_STATED = (
    "A site counts only if the document states that it re-advertises, as true or as an open value, and its "
    "filters let the routes through: readvertises is open where it is left out, and that is not a "
    "statement of the customer."
)

RULES = (
    Rule(
        "R12", Kind.INV, "No routes between the connections of a gateway",
        "Where one VPN gateway is connected to several data centres, routes of one connection are not "
        "advertised over another.",
        sources.LIMITS,
        "The gateway gives no transit between the sites; what happens to such routes is not said.",
        "VPN gateways with BGP to several data centres",
        "The gateway never passes a VPN_BGP route to another connection. What remains is the customer's "
        "part: the check looks for a site that has BGP with another site of the same gateway and hands "
        f"that site's routes to it. {_STATED}",
        _between_connections,
    ),
    Rule(
        "R13a", Kind.INV, "Gateways of one VPC are not BGP peers",
        "The VPN gateways of one VPC are not configured as each other's BGP peers.",
        sources.LIMITS,
        "None is documented; routes of the VPC would come back to it.",
        "VPCs with several VPN gateways",
        "The check looks for customer gateways that stand for another VPN gateway (vpn_gateway) of the same "
        "VPC. A tunnel between gateways carries no routes in the routing model.",
        _not_peers,
    ),
    Rule(
        "R13b", Kind.INV, "No routes between the gateways of a VPC",
        "Routes of one VPN gateway of a VPC are not advertised to another gateway of that VPC.",
        sources.LIMITS,
        "None is documented; the first step of the loop that R14 is about.",
        "VPCs with several VPN gateways that have BGP",
        "Two ways exist. Inside the cloud it depends on the platform, so it is a reading "
        "(gateway_exports_other_gateways_routes) and no breach by the customer. Through a data centre it is "
        f"the customer's doing, and this is what the check looks for. {_STATED}",
        _between_gateways,
    ),
)
