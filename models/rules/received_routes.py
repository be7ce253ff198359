"""What a VPN gateway accepts from its BGP peers: R08, R09, R10."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network

from ..address_space import HALVES
from ..choices import equal, where
from ..condition import FALSE, Condition, all_of, any_of
from ..paths import labels
from ..scenario import DataCenter, Document, SitePrefix, VpnGateway
from . import sources
from .announcements import SHARED, Announcements, announced, more_than
from .rule import Finding, Kind, Rule, Setting
from .topology import bgp_gateways, by_id, enabled

DEFAULT_QUOTA = 50
MOST_QUOTA = 200
DEFAULT_ROUTE = IPv4Network("0.0.0.0/0")


def _peerings(document: Document) -> Iterator[tuple[VpnGateway, DataCenter, Condition, Announcements]]:
    """Each gateway with each site that has BGP with it: when, and what the site can announce."""
    sites = by_id(document.data_centers)
    for connections in bgp_gateways(document).values():
        gateway = connections[0].gateway
        for name in dict.fromkeys(site for connection in connections for site in connection.sites):
            to_site = [connection for connection in connections if name in connection.sites]
            yield gateway, sites[name], enabled(to_site), announced(document, sites[name], gateway.id)


def _within_quota(document: Document) -> list[Finding]:
    findings = []
    for connections in bgp_gateways(document).values():
        gateway, on = connections[0].gateway, enabled(connections)
        place = ("vpn_gateways", gateway.id, "bgp_route_quota")
        above = where(gateway.bgp_route_quota, lambda quota: int(quota) > MOST_QUOTA)
        text = f"the route quota of {gateway.id} is above {MOST_QUOTA}, the most that can be granted"
        remedy = ((Setting(place, MOST_QUOTA),),)
        findings.append(Finding((gateway.id,), text, all_of((on, above)), remedies=remedy))
        raised = where(gateway.bgp_route_quota, lambda quota: DEFAULT_QUOTA < int(quota) <= MOST_QUOTA)
        if not raised.is_false:
            text = f"the route quota of {gateway.id} is above {DEFAULT_QUOTA}, which takes a ticket"
            findings.append(Finding((gateway.id,), text, all_of((on, raised)), advice=True))
    for gateway, site, on, _ in _peerings(document):
        too_many = more_than(document, site, gateway.id, gateway.bgp_route_quota)
        place = ("vpn_gateways", gateway.id, "bgp_route_quota")
        text = f"{site.id} can announce more routes to {gateway.id} than its quota lets in"
        remedy = ((Setting(place, MOST_QUOTA),),)
        findings.append(Finding((gateway.id, site.id), text, all_of((on, too_many)), remedies=remedy))
    return findings


def _silenced(site: DataCenter, prefixes: list[IPv4Network]) -> tuple[tuple[Setting, ...], ...]:
    entries = zip(labels(site.prefixes), site.prefixes, strict=True)
    listed = [(label, e.prefix) for label, e in entries if isinstance(e, SitePrefix) and e.prefix in prefixes]
    if not {prefix for _, prefix in listed}.issuperset(prefixes):
        return ()
    place = ("data_centers", site.id, "prefixes")
    return (tuple(Setting((*place, label, "announced"), False) for label, _ in listed),)


def _no_default_route(document: Document) -> list[Finding]:
    findings = []
    for gateway, site, on, routes in _peerings(document):
        default = routes.get(DEFAULT_ROUTE, FALSE)
        text = f"{site.id} announces 0.0.0.0/0 to {gateway.id}, which does not receive it"
        remedies = () if default.is_false else _silenced(site, [DEFAULT_ROUTE])
        findings.append(Finding((gateway.id, site.id), text, all_of((on, default)), remedies=remedies))
        halves = all_of(routes.get(half, FALSE) for half in HALVES)
        if not halves.is_false:
            text = (
                f"{site.id} announces 0.0.0.0/1 and 128.0.0.0/1 to {gateway.id}: together a default route, "
                "which the documented limit does not stop"
            )
            findings.append(Finding((gateway.id, site.id), text, all_of((on, halves)), advice=True))
    return findings


def _no_shared_space(document: Document) -> list[Finding]:
    findings = []
    for gateway, site, on, routes in _peerings(document):
        single = equal(gateway.tunnel_support, "single")
        if single.is_false:
            continue
        inside = [prefix for prefix in routes if prefix.subnet_of(SHARED)]
        names = ", ".join(str(prefix) for prefix in inside) or "prefixes"
        upgrade = ((Setting(("vpn_gateways", gateway.id, "tunnel_support"), "dual"),),)
        findings.append(
            Finding(
                (gateway.id, site.id),
                f"{site.id} announces {names} inside 100.64.0.0/10 to the single-tunnel gateway {gateway.id}",
                all_of((on, single, any_of(routes[prefix] for prefix in inside))),
                remedies=(*_silenced(site, inside), *upgrade) if inside else (),
            )
        )
    return findings


RULES = (
    Rule(
        "R08", Kind.HARD, "At most 50 routes from one BGP peer, 200 by ticket",
        "A VPN gateway receives at most 50 routes from a BGP peer. A ticket can raise the quota, to 200 "
        "at most.",
        sources.LIMITS,
        "The surplus is not received. The page does not say which routes these are, nor what becomes of "
        "the session.",
        "VPN gateways with BGP to a data centre",
        "The quota is a filter of the gateway, and reading over_quota says what happens above it. The "
        "check counts the prefixes that the site itself can announce past its export filter; routes that "
        "it passes on from elsewhere are not counted. A quota above 50 gives a reminder that it takes a "
        "ticket.",
        _within_quota,
    ),
    Rule(
        "R09", Kind.HARD, "No default route through BGP",
        "A VPN gateway does not receive the prefix 0.0.0.0/0 from a BGP peer.",
        sources.LIMITS,
        "The default route is missing, in the gateway and in its VPC.",
        "VPN gateways with BGP to a data centre",
        "The gateway refuses this one prefix. It takes 0.0.0.0/1 and 128.0.0.0/1, which together capture all "
        "traffic just the same: a gap in the limit, of which the check warns.",
        _no_default_route,
    ),
    Rule(
        "R10", Kind.INV, "No shared address space towards single-tunnel gateways",
        "Neither 100.64.0.0/10 nor a part of it may be announced to a gateway that supports single-tunnel "
        "connections only.",
        sources.LIMITS,
        "The console cannot show the state of the connection, or its negotiation fails. Dual tunnels "
        "avoid it.",
        "single-tunnel VPN gateways with BGP to a data centre",
        "The gateway refuses these prefixes while it is a single-tunnel one. Prefixes that contain "
        "100.64.0.0/10 are left alone here, though an older copy of the page names them too.",
        _no_shared_space,
    ),
)
