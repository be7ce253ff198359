"""What changes cost, and what a user says otherwise."""

from __future__ import annotations

import json
import re

import pytest

from tests.test_actions import OPENABLE, every_part, steps_of
from verify.arguments import UsageError
from verify.commands.fix import KINDS as TOLD
from verify.commands.pricing import prices_of
from verify.load import load
from verify.models.edits import Edit
from verify.models.prices import KINDS, Prices, covers, kind_of

DOCUMENT = load("x.json", json.dumps(every_part())).document
TUNNELS = ("ipsec_connections", "vco-1", "tunnels")


def asn(position: str, value: int = 45105, connection: str = "vco-1") -> Edit:
    return Edit("set", ("ipsec_connections", connection, "tunnels", position, "local_asn"), value)


SWITCH = Edit("set", ("cens", "cen-1", "overlapping_routing"), True)
POLICY = Edit("set", ("data_centers", "dc-1", "prefers"), "internal")
REPLACED = Edit("set", ("customer_gateways", "cgw-1", "asn"), 65002)


@pytest.mark.parametrize(
    ("edits", "cost"),
    [
        ([], 0),
        ([SWITCH], 1),
        ([POLICY], 2),
        ([Edit("set", ("vpn_gateways", "vgw-1", "bgp_route_quota"), 200)], 3),
        ([asn("0")], 4),
        ([asn("0"), asn("1")], 4),
        ([asn("0"), asn("0", connection="vco-2")], 8),
        ([Edit("set", ("virtual_border_routers", "vbr-1", "peers", "dc-1", "peer_asn"), 1)], 6),
        ([REPLACED], 20),
        ([REPLACED, SWITCH], 21),
        ([Edit("set", ("intents", "0", "allowed"), False)], None),
        ([SWITCH, Edit("set", ("environment", "max_failures"), 0)], None),
        ([Edit("set", ("ipsec_connections", "vco-1", "bgp_enabled"), True)], 1),
        ([Edit("set", ("ipsec_connections", "vco-1", "bgp_enabled"), False)], 15),
        ([Edit("add", ("data_centers", "dc-1", "static_routes"), {"destination": n}) for n in "ab"], 4),
    ],
)
def test_the_cost_of_edits(edits: list[Edit], cost: int | None) -> None:
    assert Prices().cost(edits) == cost


def test_a_customer_gateway_is_paid_for_once_whatever_uses_it() -> None:
    edits = [
        Edit("add", ("customer_gateways",), {"id": "cgw-2", "asn": 65002, "data_center": "dc-1"}),
        *(Edit("set", (*TUNNELS, n, "customer_gateway"), "cgw-2") for n in ("0", "1")),
        Edit("set", ("ipsec_connections", "vco-2", "tunnels", "0", "customer_gateway"), "cgw-2"),
        Edit("remove", ("customer_gateways",), {"id": "cgw-1"}),
    ]
    assert Prices().cost(edits) == 20
    assert Prices().cost([*edits, Edit("add", ("customer_gateways",), {"id": "cgw-3"})]) == 40


def test_a_price_of_a_place_beats_that_of_a_kind_and_the_last_one_counts() -> None:
    prices = Prices({"site-policy": 9}, (("data_centers.*", 5), ("data_centers.dc-1.prefers", 7)))
    assert prices.of(POLICY) == 7
    assert Prices({"site-policy": 9}).of(POLICY) == 9
    assert Prices({}, (("data_centers.dc-1", 3),)).of(POLICY) == 3
    assert Prices({"requirement": 1}).of(Edit("set", ("intents", "0", "allowed"), False)) == 1


@pytest.mark.parametrize("what", ["site-policy", "data_centers", "data_centers.*.prefers", "*", POLICY.path])
def test_what_is_forbidden_has_no_price(what: str) -> None:
    assert Prices(forbidden=(what,)).cost([SWITCH, POLICY]) is None


def test_a_place_covers_what_is_below_it_and_nothing_beside_it() -> None:
    assert covers("data_centers.dc-1", "data_centers.dc-1.prefers")
    assert not covers("data_centers.dc-1", "data_centers.dc-10.prefers")
    assert not covers("data_centers.dc.1", "data_centers.dcx1")


@pytest.mark.parametrize("field", OPENABLE)
def test_every_field_that_can_be_open_has_a_kind(field: str) -> None:
    found = kind_of(Edit("set", steps_of(field), True))
    assert found in KINDS
    assert (found == "requirement") == field.startswith("intents.")
    assert (found == "design") == field.endswith(".role")


def test_the_command_line_names_prices() -> None:
    prices = prices_of(["site-policy=5", "cens.cen-1=2"], ["customer-gateway"], DOCUMENT)
    assert prices == Prices({"site-policy": 5}, (("cens.cen-1", 2),), ("customer-gateway",))


@pytest.mark.parametrize(
    ("costs", "forbidden", "said"),
    [
        (["switch"], [], "--cost switch: no price; write WHAT=N"),
        (["switch=0"], [], "a whole number from 1"),
        (["switch=x"], [], "a whole number from 1"),
        (["switch=12345678901234567890"], [], "a whole number from 1"),
        (["swich=1"], [], "did you mean switch?"),
        ([], ["data_centers.dc-1.readvertise"], "did you mean data_centers.dc-1.readvertises?"),
        ([], [""], "nothing is called (no name)"),
        ([], ["zzzzz"], "a path of the scenario, or one of: switch"),
    ],
)
def test_a_mistake_is_told(costs: list[str], forbidden: list[str], said: str) -> None:
    with pytest.raises(UsageError, match=re.escape(said)):
        prices_of(costs, forbidden, DOCUMENT)


def test_the_help_tells_every_kind_with_its_price() -> None:
    told = TOLD.partition(";")
    priced = ", ".join(f"{name} {kind.price}" for name, kind in KINDS.items() if kind.price is not None)
    others = ", ".join(name for name, kind in KINDS.items() if kind.price is None)
    assert (told[0], told[2]) == (priced, f" without a --cost never: {others}")
