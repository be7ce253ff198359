"""What has to be in place before a BGP session can exist: R01, R19, R21, R22."""

from __future__ import annotations

from ..choices import equal, holds
from ..condition import FALSE, all_of, constant, negate
from ..scenario import Document
from . import sources
from .rule import Finding, Kind, Rule, Setting
from .topology import BgpTunnel, bgp_connections, bgp_gateways, bgp_tunnels, enabled
from .tunnel_addresses import addressing


def _bgp_supported(document: Document) -> list[Finding]:
    return [
        Finding(
            (gateway,),
            f"{gateway} has connections with BGP but does not support BGP",
            all_of((enabled(connections), negate(holds(connections[0].gateway.bgp_supported)))),
            remedies=((Setting(("vpn_gateways", gateway, "bgp_supported"), True),),),
        )
        for gateway, connections in bgp_gateways(document).items()
    ]


def _destination_mode(document: Document) -> list[Finding]:
    return [
        Finding(
            (each.id,),
            f"{each.id} uses BGP with protected data flows instead of destination routing mode",
            all_of((each.enabled, equal(each.connection.routing_mode, "protected"))),
            remedies=((Setting(("ipsec_connections", each.id, "routing_mode"), "destination"),),),
        )
        for each in bgp_connections(document)
    ]


def _customer_gateway_asn(document: Document) -> list[Finding]:
    return [
        Finding(
            (tunnel.far_end.id, connection.id),
            f"{tunnel.far_end.id} has no ASN, but {tunnel.name} needs it for BGP",
            connection.enabled if tunnel.far_end.asn is None else FALSE,
            remedies=_site_asn(document, tunnel),
        )
        for connection, tunnel in bgp_tunnels(document)
    ]


def _site_asn(document: Document, tunnel: BgpTunnel) -> tuple[tuple[Setting, ...], ...]:
    """The ASN of the router behind a customer gateway, where the document leaves no doubt about it."""
    routers = [
        router
        for site in document.data_centers
        if site.id == tunnel.far_end.data_center
        for router in site.routers
        if tunnel.far_end.router in (None, router.id)
    ]
    asns = {router.asn for router in routers if isinstance(router.asn, int)}
    if len(asns) != 1 or len(routers) > 1:
        return ()
    return ((Setting(("customer_gateways", tunnel.far_end.id, "asn"), asns.pop()),),)


def _complete(document: Document) -> list[Finding]:
    findings = []
    for connection, tunnel in bgp_tunnels(document):
        wanted = {
            "tunnel CIDR block": tunnel.tunnel.tunnel_cidr,
            "local BGP address": tunnel.tunnel.local_bgp_ip,
        }
        missing = [name for name, value in wanted.items() if value is None]
        findings.append(
            Finding(
                (connection.id,),
                f"{tunnel.name} has BGP but no {' and no '.join(missing)}",
                all_of((connection.enabled, constant(bool(missing)))),
                remedies=addressing(document, connection, tunnel) if missing else (),
            )
        )
    return findings


RULES = (
    Rule(
        "R01", Kind.HARD, "BGP needs a gateway that supports it",
        "A VPN gateway whose connections use BGP must support it, which its tag VpnEnableBgp tells. "
        "Gateways made for dual-tunnel connections do; some older ones do not.",
        sources.SUPPORT,
        "BGP cannot be configured. Upgrade the gateway, or move it from single-tunnel to dual-tunnel mode.",
        "VPN gateways that have connections with BGP",
        "A connection with BGP on an unsupported gateway carries no BGP session.",
        _bgp_supported,
    ),
    Rule(
        "R19", Kind.REC, "Destination routing mode with BGP",
        "A connection with BGP is best run in destination routing mode.",
        sources.RECOMMENDATION,
        "Protected data flows create policy-based routes, and these can hide what BGP learns.",
        "IPsec connections with BGP",
        "The routing mode does not change which routes BGP propagates; only this warning depends on it.",
        _destination_mode,
    ),
    Rule(
        "R21", Kind.HARD, "The customer gateway carries the site's ASN",
        "A customer gateway that a connection with BGP uses must have been created with an ASN. It cannot be "
        "edited: another ASN means deleting it and creating a new one.",
        sources.PROCEDURE,
        "BGP cannot be enabled on the connection.",
        "customer gateways at the far end of tunnels with BGP",
        "Without an ASN there is no session. An ASN of the site's only router is proposed as the remedy.",
        _customer_gateway_asn,
    ),
    Rule(
        "R22", Kind.HARD, "BGP is configured completely on each tunnel",
        "BGP is enabled on a connection together with a customer gateway, a tunnel CIDR block and a local "
        "BGP address for each of its tunnels.",
        sources.PROCEDURE,
        "The BGP session of the incomplete tunnel does not come up.",
        "tunnels of connections with BGP",
        "Addresses play no part in how routes propagate; the check looks for those that are missing. That "
        "the customer gateway has an ASN is R21.",
        _complete,
    ),
)
