"""Tunnel CIDR blocks and BGP addresses: R24a to R24d, R25."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from ipaddress import IPv4Address, IPv4Network

from ..condition import all_of, constant
from ..scenario import Document
from . import sources
from .rule import Check, Finding, Kind, Remedy, Rule, Setting
from .topology import BgpConnection, BgpTunnel, bgp_gateways, bgp_tunnels

LINK_LOCAL = IPv4Network("169.254.0.0/16")
MASK = 30
RESERVED = (
    *(IPv4Network(f"169.254.{third}.0/30") for third in range(7)),
    IPv4Network("169.254.169.252/30"),
)


def addressing(document: Document, connection: BgpConnection, tunnel: BgpTunnel) -> tuple[Remedy, ...]:
    """A tunnel CIDR block that the gateway has not used yet, and its first host as the BGP address.

    A tunnel whose block is in order keeps it.  Nothing where the gateway has no block left.
    """
    own = tunnel.tunnel.tunnel_cidr
    used = _other_blocks(document, connection.gateway.id, tunnel)
    if own is not None and _valid(own) and not any(own.overlaps(other) for other in used):
        block: IPv4Network | None = own
    else:
        block = _free_block(used)
    if block is None:
        return ()
    first_host = IPv4Address(int(block.network_address) + 1)
    return (
        (
            Setting((*tunnel.place, "tunnel_cidr"), str(block)),
            Setting((*tunnel.place, "local_bgp_ip"), str(first_host)),
        ),
    )


def _valid(block: IPv4Network) -> bool:
    return block.subnet_of(LINK_LOCAL) and block.prefixlen == MASK and block not in RESERVED


def _other_blocks(document: Document, gateway: str, tunnel: BgpTunnel) -> list[IPv4Network]:
    return [
        other.tunnel_cidr
        for connection in document.ipsec_connections
        for index, other in enumerate(connection.tunnels)
        if connection.vpn_gateway == gateway
        and other.tunnel_cidr is not None
        and (connection.id, index) != (tunnel.connection, tunnel.index)
    ]


def _free_block(used: list[IPv4Network]) -> IPv4Network | None:
    blocks = (IPv4Network(f"169.254.{third}.0/{MASK}") for third in range(10, 256))
    return next((block for block in blocks if not any(block.overlaps(other) for other in used)), None)


def _each_block(
    accepts: Callable[[IPv4Network], bool], complaint: str
) -> Check:
    def check(document: Document) -> list[Finding]:
        return [
            Finding(
                (connection.id,),
                f"{tunnel.name} has the CIDR block {block}, {complaint}",
                all_of((connection.enabled, constant(not accepts(block)))),
                remedies=() if accepts(block) else addressing(document, connection, tunnel),
            )
            for connection, tunnel in bgp_tunnels(document)
            if (block := tunnel.tunnel.tunnel_cidr) is not None
        ]

    return check


def _unique(document: Document) -> list[Finding]:
    findings = []
    for gateway, connections in bgp_gateways(document).items():
        blocks = [
            (block, each, tunnel)
            for each in connections
            for tunnel in each.tunnels
            if (block := tunnel.tunnel.tunnel_cidr) is not None
        ]
        findings.append(Finding((gateway,), ""))
        for (left, one), (right, other) in _clashes(blocks):
            findings.append(
                Finding(
                    tuple(dict.fromkeys((gateway, left.id, right.id))),
                    f"{one.name} and {other.name} share addresses: "
                    f"{one.tunnel.tunnel_cidr} and {other.tunnel.tunnel_cidr}",
                    all_of((left.enabled, right.enabled)),
                    remedies=(*addressing(document, right, other), *addressing(document, left, one)),
                )
            )
    return findings


def _clashes(
    entries: list[tuple[IPv4Network, BgpConnection, BgpTunnel]],
) -> Iterator[tuple[tuple[BgpConnection, BgpTunnel], tuple[BgpConnection, BgpTunnel]]]:
    """Every two tunnels whose blocks overlap, in the order of the document."""
    ordered = sorted(enumerate(entries), key=lambda entry: (entry[1][0], entry[0]))
    around: list[tuple[int, tuple[IPv4Network, BgpConnection, BgpTunnel]]] = []
    for position, entry in ordered:
        around = [earlier for earlier in around if earlier[1][0].overlaps(entry[0])]
        for other_position, other in around:
            first, second = (other, entry) if other_position < position else (entry, other)
            yield (first[1], first[2]), (second[1], second[2])
        around.append((position, entry))


def _bgp_address(document: Document) -> list[Finding]:
    findings = []
    for connection, tunnel in bgp_tunnels(document):
        block, address = tunnel.tunnel.tunnel_cidr, tunnel.tunnel.local_bgp_ip
        if block is None or address is None:
            continue
        outside = address not in block
        findings.append(
            Finding(
                (connection.id,),
                f"{tunnel.name} has the BGP address {address}, which is not in its CIDR block {block}",
                all_of((connection.enabled, constant(outside))),
                remedies=addressing(document, connection, tunnel) if outside else (),
            )
        )
        if block.prefixlen <= MASK and address in (block.network_address, block.broadcast_address):
            which = "network" if address == block.network_address else "broadcast"
            text = f"{tunnel.name} has the BGP address {address}, the {which} address of {block}"
            findings.append(Finding((connection.id,), text, connection.enabled, advice=True))
    return findings


def _refused(id: str, title: str, statement: str, modelled: str, check: Check) -> Rule:
    return Rule(
        id, Kind.HARD, title, statement, sources.PROCEDURE,
        "The block cannot be configured, so the tunnel has no BGP session.",
        "tunnels of connections with BGP that have a CIDR block", modelled, check,
    )


RULES = (
    _refused(
        "R24a", "Tunnel CIDR blocks are link-local",
        "The CIDR block of a tunnel lies in 169.254.0.0/16.",
        "Checked on the configured block; tunnel addresses are not routes of the model.",
        _each_block(lambda block: block.subnet_of(LINK_LOCAL), "which is outside 169.254.0.0/16"),
    ),
    _refused(
        "R24b", "Tunnel CIDR blocks have a 30-bit mask",
        "The mask of a tunnel's CIDR block has 30 bits.",
        "Checked on the configured block.",
        _each_block(lambda block: block.prefixlen == MASK, "whose mask does not have 30 bits"),
    ),
    _refused(
        "R24c", "Eight tunnel CIDR blocks are reserved",
        "The CIDR block of a tunnel is none of 169.254.0.0/30, 169.254.1.0/30 and so on up to "
        "169.254.6.0/30, nor 169.254.169.252/30.",
        "Checked for these exact blocks; a larger or smaller block around them breaks R24b instead. Other "
        "clouds reserve seven of the eight, so a block that they propose can be one that is refused here.",
        _each_block(lambda block: block not in RESERVED, "which is reserved"),
    ),
    _refused(
        "R24d", "Tunnel CIDR blocks are unique in a gateway",
        "No two tunnels of one VPN gateway have the same CIDR block.",
        "Compared between all tunnels with BGP of a gateway; blocks that overlap count as the same.",
        _unique,
    ),
    Rule(
        "R25", Kind.HARD, "The BGP address lies in the tunnel's block",
        "The local BGP address of a tunnel is an address of its CIDR block.",
        sources.PROCEDURE,
        "The address cannot be configured, so the tunnel has no BGP session.",
        "tunnels of connections with BGP that have a CIDR block and a BGP address",
        "Checked on the configured values. The page only asks for an address within the block; the network "
        "and the broadcast address of a block, which no host can use, give a warning.",
        _bgp_address,
    ),
)
