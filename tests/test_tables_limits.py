"""What a gateway does not receive: forbidden prefixes, and destinations in conflict."""

from __future__ import annotations

import pytest

from tests.tables import (
    AS_1,
    AS_2,
    CLOUD,
    LOCAL,
    LOCAL_2,
    SITE,
    SITE_2,
    Held,
    Json,
    added,
    changed,
    choices,
    connection,
    held,
    one_gateway,
    two_sites,
    vbr,
)
from verify.models.condition import Value

# --- what is never received ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("prefix", "received"), [("0.0.0.0/0", False), ("0.0.0.0/1", True), ("128.0.0.0/1", True)]
)
def test_a_gateway_receives_no_default_route_but_both_of_its_halves(prefix: str, received: bool) -> None:
    document = changed(one_gateway(), {"data_centers/dc-1/prefixes": [prefix]})
    assert (held(document, "vgw-1", prefix) is not None) == received


@pytest.mark.parametrize(
    ("support", "prefix", "received"),
    [
        ("single", "100.64.0.0/10", False),
        ("single", "100.100.0.0/16", False),
        ("single", "100.0.0.0/8", True),
        ("single", "100.128.0.0/16", True),
        ("dual", "100.64.0.0/10", True),
        ("dual", "100.100.0.0/16", True),
    ],
)
def test_an_old_gateway_receives_nothing_of_100_64(support: str, prefix: str, received: bool) -> None:
    document = changed(
        one_gateway(),
        {
            "data_centers/dc-1/prefixes": [prefix],
            "vpn_gateways/vgw-1/tunnel_support": support,
            "vpn_gateways/vgw-1/bgp_supported": True,
        },
    )
    assert (held(document, "vgw-1", prefix) is not None) == received


# --- R18 ------------------------------------------------------------------------------------------


def dual_connections(second: str, conflict: str = "identical") -> Json:
    """Two dual-tunnel connections of vgw-1, to dc-1 with 10.0.0.0/16 and to dc-2 with `second`."""
    return changed(
        two_sites(),
        {
            "ipsec_connections": [
                connection(1, "vgw-1", "cgw-1", "cgw-1"),
                connection(2, "vgw-1", "cgw-2", "cgw-2"),
            ],
            "data_centers/dc-2/prefixes": [second],
            "assume/conflict": conflict,
        },
    )


INACTIVE = {f"inactive:vco-1:{SITE}": True, f"inactive:vco-2:{SITE}": True}


def test_destinations_of_two_dual_tunnel_connections_that_conflict_may_be_inactive() -> None:
    assert held(dual_connections(SITE), "vgw-1", SITE, INACTIVE) is None
    first_only = {f"inactive:vco-1:{SITE}": True}
    assert held(dual_connections(SITE), "vgw-1", SITE, first_only) == Held("VPN_BGP", "dc-2", (AS_2,))


def test_destinations_that_do_not_conflict_are_active() -> None:
    assert not any(name.startswith("inactive") for name in choices(dual_connections(SITE_2)))


@pytest.mark.parametrize("single", [("vco-1",), ("vco-2",), ("vco-1", "vco-2")])
def test_a_connection_with_one_tunnel_conflicts_with_none(single: tuple[str, ...]) -> None:
    document = dual_connections(SITE)
    for name in single:
        tunnels = connection(int(name[-1]), "vgw-1", f"cgw-{name[-1]}")["tunnels"]
        document = changed(document, {f"ipsec_connections/{name}/tunnels": tunnels})
    assert not any(name.startswith("inactive") for name in choices(document))


@pytest.mark.parametrize(("conflict", "active"), [("identical", True), ("overlapping", False)])
def test_what_a_conflict_is_follows_a_reading(conflict: str, active: bool) -> None:
    document = dual_connections("10.0.1.0/24", conflict)
    can_be_inactive = f"inactive:vco-1:{SITE}" in choices(document)
    values = {f"inactive:vco-1:{SITE}": True} if can_be_inactive else {}
    assert (held(document, "vgw-1", SITE, values) is not None) == active


def test_nothing_is_inactive_while_the_other_site_has_withdrawn_the_prefix() -> None:
    values = {**INACTIVE, f"present:dc-2.{SITE}": False}
    assert held(dual_connections(SITE), "vgw-1", SITE, values) == Held("VPN_BGP", "dc-1", (AS_1,))


def can_be_inactive(document: Json, connection_id: str = "vco-1") -> bool:
    return f"inactive:{connection_id}:{SITE}" in choices(document)


def test_two_connections_to_one_site_conflict() -> None:
    document = changed(dual_connections(SITE_2), {"customer_gateways/cgw-2/data_center": "dc-1"})
    assert can_be_inactive(document)
    assert held(document, "vgw-1", SITE, INACTIVE) is None


@pytest.mark.parametrize(
    ("second", "conflicts"), [("10.0.0.0/8", True), ("0.0.0.0/1", True), ("0.0.0.0/0", False)]
)
def test_what_a_gateway_never_receives_conflicts_with_nothing(second: str, conflicts: bool) -> None:
    assert can_be_inactive(dual_connections(second, "overlapping")) == conflicts


def passed_on(local_asn: int = LOCAL_2) -> Json:
    """dc-2 can pass on to vgw-1 what it has from a VBR."""
    document = changed(dual_connections(SITE_2), {"data_centers/dc-2/readvertises": True})
    peer = {"data_center": "dc-2", "peer_asn": AS_2}
    return added(
        document,
        virtual_border_routers=vbr("vbr-1", "cen-1", peer, local_asn=local_asn),
        cens={"id": "cen-1", "attachments": ["vpc-a"]},
    )


def test_a_prefix_that_another_site_passes_on_conflicts() -> None:
    assert can_be_inactive(passed_on())
    assert held(passed_on(), "vgw-1", SITE, {f"inactive:vco-1:{SITE}": True}) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"virtual_border_routers/vbr-1/local_asn": LOCAL},  # which the gateway refuses in an AS_PATH
        {"data_centers/dc-2/readvertises": False},
        {"data_centers/dc-2/peers": [{"peer": "vgw-1", "export": [SITE_2]}]},
        {"data_centers/dc-2/peers": [{"peer": "vbr-1", "import": [CLOUD]}]},
        {"ipsec_connections/vco-2/bgp_enabled": False},
    ],
)
def test_what_no_other_connection_can_learn_does_not_conflict(changes: Json) -> None:
    assert not can_be_inactive(changed(passed_on(), changes))


def test_whether_a_prefix_is_passed_on_can_be_open() -> None:
    document = changed(passed_on(), {"data_centers/dc-2/readvertises": "any"})
    values: dict[str, Value] = {f"inactive:vco-1:{SITE}": True, "data_centers.dc-2.readvertises": True}
    assert held(document, "vgw-1", SITE, values) is None
    assert held(document, "vgw-1", SITE, {**values, "data_centers.dc-2.readvertises": False}) is not None


@pytest.mark.parametrize(("conflict", "conflicts"), [("identical", False), ("overlapping", True)])
def test_a_part_of_a_prefix_that_another_site_passes_on_conflicts_by_a_reading(
    conflict: str, conflicts: bool
) -> None:
    document = added(passed_on(), data_centers={"id": "dc-3", "prefixes": ["10.0.1.0/24"]})
    part_only = [{"peer": "vgw-1", "export": ["10.0.1.0/24"]}]
    changes = {"data_centers/dc-2/peers": part_only, "assume/conflict": conflict}
    assert can_be_inactive(changed(document, changes)) == conflicts


def test_a_prefix_that_comes_from_a_neighbouring_site_conflicts() -> None:
    peering = {"data_centers/dc-2/peers": [{"peer": "dc-1"}]}
    document = changed(dual_connections(SITE_2), peering)
    assert not can_be_inactive(document)
    assert can_be_inactive(changed(document, {"data_centers/dc-2/readvertises": True}))
