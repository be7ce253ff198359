"""Virtual border routers on a CEN, and their limits: P03, P04, P05."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product

from ..choices import equal, holds
from ..condition import TRUE, Condition, all_of, any_of, constant, negate
from ..opening import reading_term
from ..scenario import Cen, Document, VirtualBorderRouter
from . import sources
from .announcements import more_than
from .rule import Finding, Kind, Remedy, Rule, Setting
from .topology import bgp_vpcs, by_id, connected_to, enabled, peer_sites, vbr_peers, vbrs_on, vpcs_on

MOST_PEERS = 8


def _rejecting(cen: Cen) -> tuple[Remedy, ...]:
    return ((Setting(("cens", cen.id, "rejects_hybrid_exchange"), True),),)


def _sites_of(vbr: VirtualBorderRouter) -> tuple[str, ...]:
    return tuple(dict.fromkeys(peer.data_center for peer in vbr.peers))


def _path_lost(document: Document, vbr: VirtualBorderRouter) -> Condition:
    return equal(reading_term(document, "vbr_preserves_as_path", vbr), False)


def _joined_sites(document: Document) -> list[Finding]:
    sites = by_id(document.data_centers)
    findings = []
    for cen in document.cens:
        exchange = negate(holds(cen.rejects_hybrid_exchange))
        for one, other in combinations(vbrs_on(document, cen), 2):
            lost = any_of((_path_lost(document, one), _path_lost(document, other)))
            for a, b in product(_sites_of(one), _sites_of(other)):
                if a not in peer_sites(document, sites[b]):
                    continue
                findings.append(
                    Finding(
                        (cen.id, one.id, other.id, a, b),
                        f"{a} and {b} have BGP with each other, and {one.id} or {other.id} on {cen.id} "
                        "loses the AS_PATH of routes between them",
                        all_of((exchange, lost)),
                        remedies=_rejecting(cen),
                    )
                )
    return findings


def _kept_apart(document: Document) -> list[Finding]:
    findings = []
    for cen in document.cens:
        exchange = negate(holds(cen.rejects_hybrid_exchange))
        for site in document.data_centers:
            for names, present in _double_entries(document, cen, site.id):
                findings.append(
                    Finding(
                        (cen.id, site.id, *names),
                        f"{cen.id} passes routes of {site.id} between {names[0]} and {names[1]}, "
                        "over both of which the site is connected",
                        all_of((exchange, present)),
                        remedies=_rejecting(cen),
                    )
                )
    return findings


def _double_entries(document: Document, cen: Cen, site: str) -> Iterator[tuple[tuple[str, str], Condition]]:
    """The pairs of a CEN's attachments, one of them a VBR, over which a site is connected twice."""
    circuits = [vbr.id for vbr in vbrs_on(document, cen) if site in _sites_of(vbr)]
    for one, other in combinations(circuits, 2):
        yield (one, other), TRUE
    vpcs = {vpc.id for vpc in vpcs_on(document, cen)}
    for vpc, gateways in bgp_vpcs(document).items():
        for gateway, connections in gateways.items():
            to_site = connected_to(site, connections)
            if vpc in vpcs and to_site:
                for circuit in circuits:
                    yield (circuit, gateway), enabled(to_site)


def _vbr_limits(document: Document) -> list[Finding]:
    sites = by_id(document.data_centers)
    findings = [
        Finding(
            (vbr.id,),
            f"{vbr.id} has {len(vbr.peers)} BGP peers, more than {MOST_PEERS}",
            constant(len(vbr.peers) > MOST_PEERS),
        )
        for vbr in document.virtual_border_routers
        if vbr.peers
    ]
    for peering in vbr_peers(document):
        vbr, site = peering.vbr, sites[peering.peer.data_center]
        findings.append(
            Finding(
                (vbr.id, site.id),
                f"{site.id} can announce more routes to {vbr.id} than its quota lets in",
                more_than(document, site, vbr.id, vbr.bgp_route_quota),
            )
        )
    return findings


RULES = (
    Rule(
        "P03", Kind.INV, "No BGP between sites whose circuits lose the AS_PATH",
        "Two data centres that have BGP with each other are not joined by virtual border routers on one "
        "CEN as well if the access devices of those do not keep the AS_PATH.",
        sources.AVOID_VBR,
        "Route flapping: a site's own prefix comes back from the other site without the site's ASN in its "
        "AS_PATH.",
        "pairs of VBRs on one CEN whose data centres have BGP with each other",
        "The flapping comes out of route propagation. Whether a VBR keeps the AS_PATH is a reading of "
        "that VBR, so the rule can depend on a reading. While the CEN rejects the exchange between VBRs "
        "(P04) no route passes between them, and the rule is kept.",
        _joined_sites,
    ),
    Rule(
        "P04", Kind.INV, "VPN and circuits of one site are kept apart",
        "Where a data centre is connected to a CEN over two circuits, or over a circuit and VPN, the CEN "
        "keeps the default policy that rejects routes between VPN, VBR and CCN attachments.",
        sources.AVOID_VBR,
        "A routing loop: one attachment advertises the site's own prefix back to it over the other.",
        "data centres that a CEN reaches over two attachments, one of them a VBR",
        "The CEN passes nothing between VBRs, and no VPN routes to VBRs, while rejects_hybrid_exchange is "
        "true. Different data centres may exchange routes over a CEN; for those that have BGP with each "
        "other see P03.",
        _kept_apart,
    ),
    Rule(
        "P05", Kind.HARD, "A VBR has at most 8 peers and a route quota for each",
        "A virtual border router has at most 8 BGP peers and takes a limited number of routes from each, 110 "
        "unless its quota is another.",
        sources.VBR_BGP,
        "Further peers cannot be created; routes above the quota are dropped, or by an older page only "
        "reported.",
        "VBRs that have BGP peers",
        "The quota is a filter of the VBR, and reading over_quota says what happens above it. The check "
        "counts peers, and the prefixes that each site itself can announce past its export filter.",
        _vbr_limits,
    ),
)
