"""The families: scenarios that grow in one direction, every reading open.

Each function gives the document of a family with `size` objects.  A site has one
prefix and an ASN of its own; connections are dual-tunnel ones that keep the rules
about addresses and local ASNs, so that what is measured is route propagation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]
FIRST_ASN = 65001


@dataclass(frozen=True, slots=True)
class Family:
    """One direction of growth; `document(size)` is its scenario with `size` objects."""

    name: str
    grows: str
    document: Callable[[int], Json]


def branches(size: int) -> Json:
    """Sites with a connection each, on the one gateway of a VPC."""
    return _document(
        vpcs=[_vpc(0)],
        gateways=[_gateway(0, "vpc-0")],
        connections=[(0, site) for site in range(size)],
        sites=[_site(n) for n in range(size)],
    )


def gateways(size: int) -> Json:
    """Gateways of one VPC, all towards one site."""
    return _document(
        vpcs=[_vpc(0)],
        gateways=[_gateway(n, "vpc-0") for n in range(size)],
        connections=[(gateway, 0) for gateway in range(size)],
        sites=[_site(0)],
    )


def vpcs(size: int) -> Json:
    """VPCs on one CEN; the first one has a gateway towards a site."""
    return _document(
        vpcs=[_vpc(n) for n in range(size)],
        gateways=[_gateway(0, "vpc-0")],
        connections=[(0, 0)],
        sites=[_site(0)],
        attachments=[f"vpc-{n}" for n in range(size)],
    )


def connected_vpcs(size: int) -> Json:
    """VPCs on one CEN, each with a gateway towards a site of its own."""
    return _document(
        vpcs=[_vpc(n) for n in range(size)],
        gateways=[_gateway(n, f"vpc-{n}") for n in range(size)],
        connections=[(n, n) for n in range(size)],
        sites=[_site(n) for n in range(size)],
        attachments=[f"vpc-{n}" for n in range(size)],
    )


def shared_site(size: int) -> Json:
    """VPCs on one CEN, each with a gateway towards the same site: what rule R17 forbids."""
    return _document(
        vpcs=[_vpc(n) for n in range(size)],
        gateways=[_gateway(n, f"vpc-{n}") for n in range(size)],
        connections=[(n, 0) for n in range(size)],
        sites=[_site(0)],
        attachments=[f"vpc-{n}" for n in range(size)],
    )


def circuits(size: int) -> Json:
    """Sites with two VBRs each on the CEN of one VPC."""
    routers: list[Json] = [
        {
            "id": f"vbr-{site}-{circuit}",
            "attached_to": "cen-1",
            "peers": [{"data_center": f"dc-{site}", "peer_asn": FIRST_ASN + site}],
        }
        for site in range(size)
        for circuit in ("a", "b")
    ]
    return _document(
        vpcs=[_vpc(0)],
        sites=[_site(n) for n in range(size)],
        border_routers=routers,
        attachments=["vpc-0", *(str(router["id"]) for router in routers)],
    )


def prefixes(size: int) -> Json:
    """Prefixes that one site announces over one dual-tunnel connection."""
    return _document(
        vpcs=[_vpc(0)],
        gateways=[_gateway(0, "vpc-0")],
        connections=[(0, 0)],
        sites=[{"id": "dc-0", "prefixes": [f"10.{n}.0.0/16" for n in range(size)]}],
    )


def failures(size: int) -> Json:
    """Prefixes that one site announces over one dual-tunnel connection, of which anything can fail."""
    return {**prefixes(size), "environment": {"max_failures": 1}}


def redundant_failures(size: int) -> Json:
    """Sites with a dual-tunnel connection and a circuit each, of which any one thing can fail."""
    beside: list[Json] = [
        {
            "id": f"vbr-{site}",
            "attached_to": "cen-1",
            "peers": [{"data_center": f"dc-{site}", "peer_asn": FIRST_ASN + site}],
        }
        for site in range(size)
    ]
    document = _document(
        vpcs=[_vpc(0)],
        gateways=[_gateway(0, "vpc-0")],
        connections=[(0, site) for site in range(size)],
        sites=[_site(n) for n in range(size)],
        border_routers=beside,
        attachments=["vpc-0", *(str(router["id"]) for router in beside)],
    )
    return {**document, "environment": {"max_failures": 1}}


def open_announcements(size: int) -> Json:
    """One site that announces up to so many unknown prefixes over one dual-tunnel connection."""
    document = prefixes(1)
    unknown = {"within": "10.128.0.0/9", "length": [16, 24], "count": [1, size]}
    document["data_centers"][0]["prefixes"].append(unknown)
    return document


FAMILIES: Mapping[str, Family] = {
    family.name: family
    for family in (
        Family("branches", "sites with a connection each on one gateway", branches),
        Family("gateways", "gateways of one VPC towards one site", gateways),
        Family("vpcs", "VPCs on one CEN, the first with a gateway and a site", vpcs),
        Family("connected-vpcs", "VPCs on one CEN, each with a gateway and a site", connected_vpcs),
        Family("shared-site", "VPCs on one CEN, each with a gateway towards the same site", shared_site),
        Family("circuits", "sites with two VBRs each on one CEN", circuits),
        Family("prefixes", "prefixes of one site behind one dual-tunnel gateway", prefixes),
        Family("failures", "the same, with one failure", failures),
        Family("redundant-failures", "sites with a connection and a circuit, a failure", redundant_failures),
        Family("open-announcements", "unknown prefixes of one site behind one gateway", open_announcements),
    )
}


def _document(
    *,
    attachments: list[str] | None = None,
    connections: list[tuple[int, int]] | None = None,
    **parts: list[Json],
) -> Json:
    """A document; `connections` are pairs of a gateway and a site."""
    pairs = connections or []
    cens = [{"id": "cen-1", "created": "2021-06-01", "attachments": attachments}] if attachments else []
    return {
        "version": 1,
        "vpcs": parts["vpcs"],
        "vpn_gateways": parts.get("gateways", []),
        "customer_gateways": [_customer_gateway(site) for site in dict.fromkeys(s for _, s in pairs)],
        "ipsec_connections": [_connection(n, *pair) for n, pair in enumerate(pairs)],
        "data_centers": parts["sites"],
        "virtual_border_routers": parts.get("border_routers", []),
        "cens": cens,
    }


def _vpc(number: int) -> Json:
    return {
        "id": f"vpc-{number}",
        "vswitches": [{"id": f"vsw-{number}", "cidr": f"172.16.{number}.0/24"}],
    }


def _gateway(number: int, vpc: str) -> Json:
    return {"id": f"vgw-{number}", "vpc": vpc, "auto_advertise": True}


def _site(number: int) -> Json:
    return {"id": f"dc-{number}", "prefixes": [f"10.{number}.0.0/16"]}


def _customer_gateway(site: int) -> Json:
    return {
        "id": f"cgw-{site}",
        "ip_address": f"203.0.113.{site + 1}",
        "asn": FIRST_ASN + site,
        "data_center": f"dc-{site}",
    }


def _connection(number: int, gateway: int, site: int) -> Json:
    tunnels = [
        {
            "customer_gateway": f"cgw-{site}",
            "tunnel_cidr": f"169.254.{10 + number}.{4 * position}/30",
            "local_bgp_ip": f"169.254.{10 + number}.{4 * position + 1}",
        }
        for position in range(2)
    ]
    return {"id": f"vco-{number}", "vpn_gateway": f"vgw-{gateway}", "bgp_enabled": True, "tunnels": tunnels}
