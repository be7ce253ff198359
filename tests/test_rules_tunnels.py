"""Tunnels: R19, R22, R24a to R24d, R25, P07."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rule_documents import connection, document, gateway, result, rule, status, tunnel, vpc, warned
from verify.models.rules.tunnel_addresses import RESERVED
from verify.models.scenario import Document


def with_tunnel(**fields: Any) -> Document:
    return document(ipsec_connections=[connection(tunnels=[tunnel(10, **fields), tunnel(11)])])


def with_block(block: str, address: str | None = None) -> Document:
    return with_tunnel(tunnel_cidr=block, local_bgp_ip=address)


@pytest.mark.parametrize(
    ("block", "a", "b"),
    [
        ("169.254.10.0/30", "kept", "kept"),
        ("169.254.255.252/30", "kept", "kept"),
        ("169.253.10.0/30", "broken", "kept"),
        ("169.255.0.0/30", "broken", "kept"),
        ("169.254.10.0/29", "kept", "broken"),
        ("169.254.10.0/31", "kept", "broken"),
        ("169.254.0.0/16", "kept", "broken"),
        ("169.254.0.0/15", "broken", "broken"),
    ],
)
def test_r24_range_and_mask(block: str, a: str, b: str) -> None:
    checked = with_block(block)
    assert (status(checked, "R24a"), status(checked, "R24b")) == (a, b)


def test_r24c_reserves_eight_blocks() -> None:
    assert len(RESERVED) == 8


@pytest.mark.parametrize("block", RESERVED, ids=str)
def test_r24c_refuses_each_reserved_block(block: object) -> None:
    checked = with_block(str(block))
    assert status(checked, "R24c") == "broken"
    assert status(checked, "R24a") == status(checked, "R24b") == "kept"


@pytest.mark.parametrize(
    "block", ["169.254.0.4/30", "169.254.7.0/30", "169.254.169.248/30", "169.254.170.0/30"]
)
def test_r24c_permits_their_neighbours(block: str) -> None:
    assert status(with_block(block), "R24c") == "kept"


def test_r24d_wants_blocks_unique_in_a_connection() -> None:
    assert status(document(), "R24d") == "kept"
    assert rule(with_block("169.254.11.0/30"), "R24d").status == "broken"


def test_r24d_wants_blocks_unique_in_a_gateway() -> None:
    def second(block: int, of: str = "vgw-1") -> Document:
        return document(
            vpn_gateways=[gateway(), gateway("vgw-2")],
            ipsec_connections=[connection(), connection("vco-2", of, block=block)],
        )

    assert status(second(20), "R24d") == "kept"
    assert rule(second(11), "R24d").objects == ("vgw-1", "vco-1", "vco-2")
    assert status(second(11, "vgw-2"), "R24d") == "kept"


@pytest.mark.parametrize(
    ("address", "expected", "warns"),
    [
        ("169.254.10.0", "kept", True),
        ("169.254.10.1", "kept", False),
        ("169.254.10.2", "kept", False),
        ("169.254.10.3", "kept", True),
        ("169.254.10.4", "broken", False),
        ("169.254.9.255", "broken", False),
    ],
)
def test_r25_wants_the_address_in_the_block(address: str, expected: str, warns: bool) -> None:
    checked = with_block("169.254.10.0/30", address)
    assert (status(checked, "R25"), warned(checked, "R25")) == (expected, warns)


def test_r25_has_no_network_address_in_a_block_of_two() -> None:
    assert not warned(with_block("169.254.10.0/31", "169.254.10.0"), "R25")


@pytest.mark.parametrize("missing", ["tunnel_cidr", "local_bgp_ip"])
def test_r22_wants_block_and_address(missing: str) -> None:
    assert status(document(), "R22") == "kept"
    assert status(with_tunnel(**{missing: None}), "R22") == "broken"


def test_r22_does_not_apply_without_bgp() -> None:
    off = document(ipsec_connections=[connection(bgp_enabled=False, tunnels=[{"customer_gateway": "cgw-1"}])])
    assert status(off, "R22") == "not-applicable"


@pytest.mark.parametrize(
    ("fields", "block", "address"),
    [
        ({"tunnel_cidr": "169.254.6.0/30"}, "169.254.10.0/30", None),
        ({"tunnel_cidr": "169.254.11.0/30"}, "169.254.10.0/30", None),
        ({"tunnel_cidr": None, "local_bgp_ip": None}, "169.254.10.0/30", "169.254.10.1"),
        ({"local_bgp_ip": "169.254.99.1"}, None, "169.254.10.1"),
    ],
)
def test_addresses_are_proposed(fields: dict[str, Any], block: str | None, address: str | None) -> None:
    place = "ipsec_connections.vco-1.tunnels.0"
    wanted = {f"{place}.tunnel_cidr": block, f"{place}.local_bgp_ip": address}
    proposed = {r.set: r.to for r in result(with_tunnel(**fields)).proved_if[0]}
    assert proposed == {path: value for path, value in wanted.items() if value}


@pytest.mark.parametrize(
    ("mode", "expected"), [("destination", "kept"), ("protected", "broken"), ("any", "open")]
)
def test_r19_and_p07_prefer_destination_mode(mode: str, expected: str) -> None:
    checked = document(ipsec_connections=[connection(routing_mode=mode)])
    assert (status(checked, "R19"), status(checked, "P07")) == (expected, expected)


def test_p07_warns_of_custom_routes_to_the_gateway() -> None:
    route = {"destination": "10.9.0.0/16", "next_hop": "vgw-1"}
    mixed = document(vpcs=[vpc(routes=[route])])
    assert status(mixed, "P07") == "broken"
    assert "10.9.0.0/16 in vpc-1" in rule(mixed, "P07").message


def test_p07_does_not_apply_without_bgp() -> None:
    static = document(ipsec_connections=[connection(bgp_enabled=False, routing_mode="protected")])
    assert status(static, "P07") == "not-applicable"
