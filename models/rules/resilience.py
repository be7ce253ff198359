"""Several ways between a site and the cloud: R15, R16, R16d, R17."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from ..choices import Term, equal, holds
from ..condition import TRUE, Condition, all_of, any_of, negate
from ..paths import labels
from ..scenario import Cen, Document
from ..sessions import VbrPeering
from . import sources
from .announcements import Announcements, overlapping
from .rule import Finding, Kind, Remedy, Rule, Setting
from .topology import (
    BgpConnection,
    bgp_gateways,
    bgp_vpcs,
    cens_of,
    connected_to,
    enabled,
    learned,
    vbr_peers,
    vpcs_behind,
    vpcs_on,
)


def _one_site_asn(document: Document) -> list[Finding]:
    findings: list[Finding] = []
    vpcs = bgp_vpcs(document)
    for peering in vbr_peers(document):
        if peering.asn is None:
            continue
        for vpc in sorted(vpcs_behind(document, peering.vbr) & set(vpcs)):
            for connections in vpcs[vpc].values():
                findings += _compared(peering, peering.asn, connections)
    return findings


def _compared(peering: VbrPeering, asn: Term, connections: list[BgpConnection]) -> Iterator[Finding]:
    site = peering.peer.data_center
    for connection in connected_to(site, connections):
        ends = {t.far_end.id: t.far_end for t in connection.tunnels if t.far_end.data_center == site}
        for end in ends.values():
            if end.asn is None:
                continue
            yield Finding(
                (peering.vbr.id, connection.gateway.id, site),
                f"{site} has one ASN towards {peering.vbr.id} and another, in {end.id}, towards "
                f"{connection.gateway.id}",
                all_of((connection.enabled, negate(equal(asn, end.asn)))),
                remedies=tuple(_equalised(peering, asn, end.id, end.asn)),
            )


def _equalised(peering: VbrPeering, vbr_asn: Term, customer_gateway: str, asn: Term) -> Iterator[Remedy]:
    if isinstance(asn, int):
        place = ("virtual_border_routers", peering.vbr.id, "peers", _label(peering), "peer_asn")
        yield (Setting(place, asn),)
    if isinstance(vbr_asn, int):
        yield (Setting(("customer_gateways", customer_gateway, "asn"), vbr_asn),)


def _label(peering: VbrPeering) -> str:
    peers = peering.vbr.peers
    return next(label for label, peer in zip(labels(peers), peers, strict=True) if peer is peering.peer)


def _overlapping_routing(document: Document) -> list[Finding]:
    findings: list[Finding] = []
    for gateway, connections in bgp_gateways(document).items():
        for cen in cens_of(document, connections[0].gateway.vpc):
            findings.append(
                Finding(
                    (gateway, cen.id),
                    f"overlapping routing is off in {cen.id}, to which the VPC of {gateway} is attached",
                    all_of((enabled(connections), negate(holds(cen.overlapping_routing)))),
                    remedies=((Setting(("cens", cen.id, "overlapping_routing"), True),),),
                )
            )
    return findings


def _default_overlap(document: Document) -> list[Finding]:
    return [Finding((cen.id,), "") for cen in document.cens]


def _one_vpc_per_site(document: Document) -> list[Finding]:
    findings: list[Finding] = []
    for cen in document.cens:
        vpcs = {vpc.id for vpc in vpcs_on(document, cen)}
        if len(vpcs) < 2:
            continue
        with_bgp = {
            vpc: [c for connections in gateways.values() for c in connections if c.sites]
            for vpc, gateways in bgp_vpcs(document).items()
            if vpc in vpcs
        }
        findings += _on_one_cen(document, cen, {vpc: cs for vpc, cs in with_bgp.items() if cs})
    return findings


def _on_one_cen(
    document: Document, cen: Cen, vpcs: dict[str, list[BgpConnection]]
) -> Iterator[Finding]:
    routes = {each.id: learned(document, each) for connections in vpcs.values() for each in connections}
    for left, right in combinations(vpcs, 2):
        both = any_of(
            all_of((one.enabled, other.enabled, _meet(one, other, routes)))
            for one in vpcs[left]
            for other in vpcs[right]
        )
        off = tuple(Setting(("ipsec_connections", c.id, "bgp_enabled"), False) for c in vpcs[right])
        yield Finding(
            (cen.id, left, right),
            f"{left} and {right} on {cen.id} both learn routes of one site, or overlapping routes, by BGP",
            both,
            remedies=(off,),
        )
    for vpc, connections in vpcs.items():
        yield Finding((cen.id, vpc), "")
        names = ", ".join(dict.fromkeys(connection.gateway.id for connection in connections))
        yield Finding(
            (cen.id, vpc),
            f"{names} of {vpc} has BGP while {cen.id} has several VPCs: the literal text advises against it",
            enabled(connections),
            advice=True,
        )


def _meet(one: BgpConnection, other: BgpConnection, routes: dict[str, Announcements]) -> Condition:
    if set(one.sites) & set(other.sites):
        return TRUE
    return overlapping(routes[one.id], routes[other.id], identical=False)


RULES = (
    Rule(
        "R15", Kind.INV, "One ASN of the site on circuit and VPN",
        "Where an Express Connect circuit and a VPN gateway connect a data centre to one VPC, the data "
        "centre has the same ASN on the virtual border router and in the customer gateway.",
        sources.LIMITS,
        "Route flapping in the data centre: its own prefix comes back over the other connection, and the "
        "check for its own ASN does not recognise it.",
        "data centres with a VBR and a VPN gateway that lead to one VPC",
        "The flapping comes out of route propagation. A VBR leads to a VPC when it is attached to it or "
        "shares a CEN with it. Equal ASNs help only as long as the cloud keeps the AS_PATH, which is a "
        "reading.",
        _one_site_asn,
    ),
    Rule(
        "R16", Kind.INV, "Overlapping routing is on where BGP meets a CEN",
        "Once BGP is enabled on a VPN gateway whose VPC is attached to a CEN instance, overlapping "
        "routing of that instance has to be enabled.",
        sources.LIMITS,
        "The page names none. With overlapping routing off, routes that contain, or are contained in, one "
        "that is already there are refused.",
        "VPN gateways with BGP whose VPC is on a CEN",
        "While it is off, VPCs and the CEN refuse every learned route that is comparable to one that they "
        "have.",
        _overlapping_routing,
    ),
    Rule(
        "R16d", Kind.BEH, "Newer CEN instances have overlapping routing on",
        "Overlapping routing is on by default in CEN instances created after 1 March 2019 (UTC+8).",
        sources.LIMITS,
        "In older instances somebody has to switch it on; it cannot be switched off again.",
        "CEN instances",
        "The default of overlapping_routing follows from created: off up to and including that day, on after "
        "it or where no day is given.",
        _default_overlap,
    ),
    Rule(
        "R17", Kind.INV, "No BGP from several VPCs of a CEN to the site",
        "Where several VPCs are attached to one CEN instance, their VPN gateways are not connected to the "
        "data centre by BGP.",
        sources.LIMITS,
        "Route flapping in the cloud: each VPC learns the site's routes from its own gateway and from the "
        "others.",
        "CEN instances with several VPCs of which some have BGP to a data centre",
        "The flapping comes out of route propagation. The rule counts as broken when gateways of two VPCs "
        "reach one site, or sites that announce overlapping prefixes. With BGP in a single VPC of the CEN, "
        "which the literal text excludes too and the vendor's own tutorials build, it counts as "
        "kept with a warning.",
        _one_vpc_per_site,
    ),
)
