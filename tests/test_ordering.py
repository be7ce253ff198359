"""The order of steps: none makes anything worse where such an order exists, and else least does."""

from __future__ import annotations

import json
from itertools import permutations
from typing import Any

import pytest

from tests.rule_documents import connection, customer, gateway, site, vpc
from verify import ordering
from verify.actions import Action, actions
from verify.check import CheckOptions, check
from verify.comparison import worsened
from verify.load import Loaded, load
from verify.models.edits import Edit, applied
from verify.ordering import Ordered, ordered

Json = dict[str, Any]
RULES = CheckOptions(properties=("documented-rules",))
DELIVERY = CheckOptions(properties=("documented-rules", "no-ineffective-routes"))


def parts(**lists: Any) -> Json:
    """One gateway with one connection to one site, with some of the lists replaced."""
    return {
        "version": 1,
        "vpcs": [vpc()],
        "vpn_gateways": [gateway()],
        "customer_gateways": [customer()],
        "ipsec_connections": [connection(asn=45104)],
        "data_centers": [site(internal_peering=True, readvertises=False, prefers="internal")],
    } | lists


def in_order(raw: Json, edits: list[Edit], options: CheckOptions) -> Ordered:
    before, after = loaded(raw), loaded(applied(raw, edits))
    ends = check(before, options), check(after, options)
    return ordered(before, actions(raw, edits), ends, options)


def loaded(raw: Json) -> Loaded:
    return load("x.json", json.dumps(raw))


def asns(name: str, value: int) -> list[Edit]:
    tunnels = ("ipsec_connections", name, "tunnels")
    return [Edit("set", (*tunnels, n, "local_asn"), value) for n in ("0", "1")]


def bound_to_another_table() -> tuple[Json, list[Edit]]:
    """A vSwitch that moves to a table which has no route to the site yet; the edits begin with the move."""
    raw = parts(vpcs=[vpc(custom_route_tables=[{"id": "rtb-1"}])])
    entry = {"route_table": "rtb-1", "destination": "10.0.0.0/16", "next_hop": "vgw-1"}
    edits = [
        Edit("set", ("vpcs", "vpc-1", "vswitches", "vsw-vpc-1", "route_table"), "rtb-1"),
        Edit("add", ("vpcs", "vpc-1", "routes"), entry),
    ]
    return raw, edits


def two_gateways() -> tuple[Json, list[Edit]]:
    """Two gateways that have to show one ASN to the site, and get another."""
    raw = parts(
        vpn_gateways=[gateway(), gateway("vgw-2")],
        ipsec_connections=[connection(asn=45104), connection("vco-2", "vgw-2", block=20, asn=45104)],
    )
    return raw, [*asns("vco-1", 45110), *asns("vco-2", 45110)]


def test_a_route_comes_before_what_needs_it() -> None:
    found = in_order(*bound_to_another_table(), DELIVERY)
    assert found.harmless
    assert found.worse == ((), ())
    assert ["add a custom entry" in action.text for action in found.actions] == [True, False]


def test_the_other_order_would_lose_traffic() -> None:
    raw, edits = bound_to_another_table()
    before, between = loaded(raw), loaded(applied(raw, edits[:1]))
    lost = worsened(check(before, DELIVERY), check(between, DELIVERY))
    assert [change.id for change in lost] == ["no-ineffective-routes"]


def test_an_order_in_which_nothing_gets_worse_may_not_exist() -> None:
    found = in_order(*two_gateways(), RULES)
    assert found.complete
    assert not found.harmless
    assert {each.id for each in found.worse[0]} == {"documented-rules", "R14"}
    assert [(e.before, e.after) for e in found.worse[0] if e.id == "R14"] == [("kept", "broken")]
    assert found.worse[1] == ()


def test_what_cannot_be_loaded_in_between_comes_last() -> None:
    """A connection is pointed at another customer gateway before the old one goes."""
    raw = parts(customer_gateways=[customer(), customer("cgw-2")])
    edits = [
        Edit("remove", ("customer_gateways",), raw["customer_gateways"][0]),
        *(
            Edit("set", ("ipsec_connections", "vco-1", "tunnels", n, "customer_gateway"), "cgw-2")
            for n in "01"
        ),
    ]
    found = in_order(raw, edits, RULES)
    assert found.harmless
    assert [action.text.startswith("VPN Gateway console > IPsec") for action in found.actions] == [
        True,
        False,
    ]


def three_steps() -> list[tuple[Json, list[Edit]]]:
    raw, edits = two_gateways()
    more = Edit("set", ("data_centers", "dc-1", "readvertises"), True)
    quota = Edit("set", ("vpn_gateways", "vgw-1", "auto_advertise"), False)
    return [(raw, [*edits, more]), (raw, [quota, *edits]), (raw, [more, quota, *edits[:2]])]


@pytest.mark.parametrize("number", range(3))
def test_no_order_is_less_bad(number: int) -> None:
    raw, edits = three_steps()[number]
    found = in_order(raw, edits, RULES)
    assert sum(map(len, found.worse)) == min(badness(raw, each) for each in permutations(found.actions))
    assert sum(map(len, found.worse)) == badness(raw, found.actions)


def badness(raw: Json, steps: tuple[Action, ...]) -> int:
    documents = [applied(raw, [e for a in steps[:n] for e in a.edits]) for n in range(len(steps) + 1)]
    results = [check(loaded(each), RULES) for each in documents]
    return sum(len(worsened(results[n], results[n + 1])) for n in range(len(steps)))


def test_a_search_that_is_stopped_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ordering, "MOST_CHECKS", 0)
    raw, edits = three_steps()[0]
    found = in_order(raw, edits, RULES)
    assert not found.complete
    assert not found.harmless
    assert len(found.actions) == len(actions(raw, edits))
    assert {id(e) for a in found.actions for e in a.edits} == {id(e) for e in edits}


def test_one_action_needs_no_check_in_between() -> None:
    raw, edits = two_gateways()
    found = in_order(raw, edits[:2], RULES)
    assert found.checked == 0
    assert len(found.actions) == 1
