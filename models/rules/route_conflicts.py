"""Routes that meet another route for the same destination: R18, P01, P02, P07."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Network
from itertools import combinations

from ..choices import equal, holds
from ..condition import Condition, all_of, any_of, constant
from ..opening import reading_term
from ..scenario import Document, Vpc
from . import sources
from .announcements import SHARED, Announcements, joined, overlapping
from .rule import Finding, Kind, Rule, Setting
from .topology import bgp_connections, bgp_gateways, by_id, cens_of, enabled, learned


def _no_conflicts(document: Document) -> list[Finding]:
    findings = []
    routes = {each.id: learned(document, each) for each in bgp_connections(document)}
    for gateway, connections in bgp_gateways(document).items():
        overlap_counts = equal(reading_term(document, "conflict", connections[0].gateway), "overlapping")
        dual = [connection for connection in connections if len(connection.tunnels) == 2]
        for one, other in combinations(dual, 2):
            clash = _clash(routes[one.id], routes[other.id], overlap_counts)
            findings.append(
                Finding(
                    (gateway, one.id, other.id),
                    f"{gateway} learns conflicting destinations over {one.id} and {other.id}",
                    all_of((one.enabled, other.enabled, clash)),
                    remedies=((Setting(("ipsec_connections", other.id, "bgp_enabled"), False),),),
                )
            )
    return findings


def _clash(one: Announcements, other: Announcements, overlap_counts: Condition) -> Condition:
    same = overlapping(one, other, identical=True)
    if same.is_true or overlap_counts.is_false:
        return same
    return any_of((same, all_of((overlap_counts, overlapping(one, other, identical=False)))))


def _one_dynamic_source(document: Document) -> list[Finding]:
    findings = []
    for gateway, connections in bgp_gateways(document).items():
        owner = connections[0].gateway
        for cen in cens_of(document, owner.vpc):
            findings.append(
                Finding(
                    (owner.vpc, gateway, cen.id),
                    f"the system route table of {owner.vpc} has two dynamic sources, {gateway} and {cen.id}",
                    all_of((enabled(connections), holds(owner.auto_advertise))),
                )
            )
    return findings


def _refused_by_vpc(document: Document) -> list[Finding]:
    findings = []
    vpcs = by_id(document.vpcs)
    for gateway, connections in bgp_gateways(document).items():
        owner = connections[0].gateway
        routes = joined(learned(document, connection) for connection in connections)
        shielded = _shield(vpcs[owner.vpc])
        refused = [prefix for prefix in routes if shielded(prefix)]
        names = ", ".join(str(prefix) for prefix in refused)
        findings.append(
            Finding(
                (owner.vpc, gateway),
                f"{owner.vpc} does not take {names} from {gateway}: its own routes go first",
                all_of(
                    (
                        enabled(connections),
                        holds(owner.auto_advertise),
                        any_of(routes[prefix] for prefix in refused),
                    )
                ),
            )
        )
    return findings


def _shield(vpc: Vpc) -> Callable[[IPv4Network], bool]:
    """Whether the VPC has a route of its own that keeps a dynamic one out of the system table."""
    inside = [SHARED, *(vswitch.cidr for vswitch in vpc.vswitches)]
    same = {route.destination for route in vpc.routes if route.route_table == "system"}
    return lambda prefix: prefix in same or any(prefix.subnet_of(block) for block in inside)


def _no_static_routes(document: Document) -> list[Finding]:
    findings = []
    for gateway, connections in bgp_gateways(document).items():
        custom = [
            f"{route.destination} in {vpc.id}"
            for vpc in document.vpcs
            for route in vpc.routes
            if route.next_hop == gateway
        ]
        protected = _protected(document, gateway)
        text = f"{gateway} has BGP and static routes: {_static_kinds(custom)}"
        findings.append(
            Finding(
                (gateway,),
                text,
                all_of((enabled(connections), any_of((constant(bool(custom)), protected)))),
            )
        )
    return findings


def _static_kinds(custom: list[str]) -> str:
    return ", ".join(custom) if custom else "the policy-based ones of protected data flows"


def _protected(document: Document, gateway: str) -> Condition:
    return any_of(
        equal(connection.routing_mode, "protected")
        for connection in document.ipsec_connections
        if connection.vpn_gateway == gateway
    )


RULES = (
    Rule(
        "R18", Kind.INV, "Connections of a gateway learn different destinations",
        "Where a VPN gateway has several dual-tunnel connections with BGP, the destinations that it "
        "learns over them do not conflict.",
        sources.LIMITS,
        "The conflicting routes do not take effect.",
        "VPN gateways with several dual-tunnel connections with BGP",
        "A rule of the cloud and not an effect of BGP, which would simply choose one of the routes. What a "
        "conflict is depends on reading conflict: identical prefixes always are one, prefixes that contain "
        "one another only if it is overlapping. The check considers the sites' own prefixes, not those that "
        "they pass on.",
        _no_conflicts,
    ),
    Rule(
        "P01", Kind.REC, "One dynamic source per VPC route table",
        "A route table of a VPC takes dynamic routes from one source at a time.",
        sources.ROUTE_TABLES,
        "The second source cannot be switched on, or which one wins is not said.",
        "VPN gateways with BGP whose VPC is on a CEN",
        "Limits of BGP (R16) presume that BGP and a CEN meet in one VPC, this page excludes it, so the "
        "check only warns. In the routing model both sources feed the table, and reading vpc_prefers "
        "decides between them.",
        _one_dynamic_source,
    ),
    Rule(
        "P02", Kind.REC, "Dynamic routes give way to the VPC's own",
        "A dynamic route from a VPN gateway that is equal to, or more specific than, a system route of "
        "the VPC, or equal to a custom one, is not propagated to it.",
        sources.ROUTE_TABLES,
        "The VPC does not use the site's route for this destination.",
        "VPCs with a VPN gateway that has BGP",
        "The VPC's system table refuses such routes. The check compares what the sites announce with the "
        "vSwitches, with 100.64.0.0/10, and with custom routes of the system table.",
        _refused_by_vpc,
    ),
    Rule(
        "P07", Kind.REC, "No static routes next to BGP on one gateway",
        "A VPN gateway that uses BGP has no policy-based or destination-based routes beside it.",
        sources.ROUTE_OVERVIEW,
        "Static routes go before BGP ones, and on the order of the tables the pages disagree.",
        "VPN gateways with BGP",
        "Static routes take part in forwarding, and reading gateway_lookup says in which order. The check "
        "looks for custom VPC routes that point to the gateway and for connections with protected data "
        "flows, for which the platform creates policy-based routes.",
        _no_static_routes,
    ),
)
