"""What may fail, what a failure takes away, and how many failures a design withstands."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest

from tests import random_networks
from tests.tables import (
    AS_1,
    CLOUD,
    CLOUD_2,
    SITE,
    SITE_2,
    added,
    cen,
    changed,
    circuit,
    connection,
    held,
    one_gateway,
    settle,
    structures,
    three_routers,
    two_circuits,
    vbr,
)
from verify.check import CheckOptions, check
from verify.fewest import agrees, departures
from verify.inquiry import Inquiry
from verify.load import load
from verify.models.choices import Choice, Role
from verify.models.condition import Value
from verify.models.fields import FAIL_BY_DEFAULT, FAILURE_KINDS
from verify.models.network import CUT_OFF, Configuration
from verify.models.routing import prefixes
from verify.models.universe import universe
from verify.verdict import PropertyResult, Verdict

Json = dict[str, Any]
ARRIVES = "no-ineffective-routes"


def failing(written: Json, *kinds: str, most: int = 1) -> Json:
    """The network in which things of some kinds fail (none given: of every kind)."""
    return changed(written, {"environment": {"max_failures": most, "may_fail": list(kinds) or "any"}})


def asked(written: Json, property_id: str = ARRIVES, most: int | None = None) -> PropertyResult:
    options = CheckOptions(properties=(property_id,), max_failures=most, remedies=False)
    (found,) = check(load("failures.json", json.dumps(written)), options).properties
    return found


def failed(result: PropertyResult) -> tuple[str, ...]:
    assert result.counterexample is not None
    assert result.counterexample.replayed
    return result.counterexample.failures


def dual() -> Json:
    """dc-1 on vgw-1 by one connection with two tunnels."""
    return changed(one_gateway(), {"ipsec_connections": [connection(1, "vgw-1", "cgw-1", "cgw-1")]})


def redundant() -> Json:
    """dc-1 on vgw-1 and, over cen-1, on vbr-1."""
    circuit_too = vbr("vbr-1", "cen-1", {"data_center": "dc-1", "peer_asn": AS_1})
    return added(dual(), virtual_border_routers=circuit_too, cens=cen("vpc-a"))


def two_routers() -> Json:
    """dc-1 with two routers, one at each tunnel of vgw-1."""
    return changed(
        dual(),
        {
            "data_centers/dc-1/routers": [{"id": "r1", "asn": AS_1}, {"id": "r2", "asn": AS_1}],
            "customer_gateways": [
                {"id": f"cgw-{n}", "asn": AS_1, "data_center": "dc-1", "router": f"r{n}"} for n in (1, 2)
            ],
            "ipsec_connections": [connection(1, "vgw-1", "cgw-1", "cgw-2")],
        },
    )


# --- what a failure takes away -----------------------------------------------------------

TAKEN: tuple[tuple[str, Json, str, str, str], ...] = (
    ("connection", dual(), "connection:vco-1", "vgw-1", SITE),
    ("gateway", dual(), "gateway:vgw-1", "vgw-1", CLOUD),
    ("gateway", dual(), "gateway:vgw-1", "dc-1", CLOUD),
    ("vbr", circuit(), "vbr:vbr-1", "vbr-1", SITE),
    ("vbr", circuit(), "vbr:vbr-1", "vbr-1", CLOUD),
    ("vbr", circuit(), "vbr:vbr-1", "dc-1", CLOUD),
    ("vbr", circuit("vpc-a"), "vbr:vbr-1", "vbr-1", CLOUD),
    ("vbr", circuit("vpc-a"), "vbr:vbr-1", "vpc-a", SITE),
    ("router", dual(), "router:dc-1", "dc-1", SITE),
    ("router", dual(), "router:dc-1", "dc-1", CLOUD),
    ("router", dual(), "router:dc-1", "vgw-1", SITE),
    ("router", circuit(), "router:dc-1", "vbr-1", SITE),
    ("site_link", three_routers(AS_1, AS_1, AS_1), "site_link:dc-1/r1<>dc-1/r2", "dc-1/r2", CLOUD),
    ("cen_attachment", circuit(), "cen_attachment:cen-1/vbr-1", "cen-1", SITE),
    ("cen_attachment", circuit(), "cen_attachment:cen-1/vbr-1", "vbr-1", CLOUD),
    ("cen_attachment", circuit(), "cen_attachment:cen-1/vpc-a", "cen-1", CLOUD),
    ("cen_attachment", circuit(), "cen_attachment:cen-1/vpc-a", "vpc-a", SITE),
)


@pytest.mark.parametrize(("kind", "written", "failure", "table", "prefix"), TAKEN, ids=[
    f"{n}-{taken[2]}" for n, taken in enumerate(TAKEN)
])  # fmt: skip
def test_a_failure_takes_a_route_away_that_is_there_without_it(
    kind: str, written: Json, failure: str, table: str, prefix: str
) -> None:
    may_fail = failing(written, kind)
    assert held(may_fail, table, prefix) is not None
    assert held(may_fail, table, prefix, {f"failed:{failure}": True}) is None


def test_a_link_between_sites_fails_in_both_directions() -> None:
    sites = changed(two_circuits(), {"data_centers/dc-1/peers": [{"peer": "dc-2"}]})
    for table, prefix in (("dc-1", SITE_2), ("dc-2", SITE)):
        assert held(failing(sites, "site_link"), table, prefix) is not None
        assert held(failing(sites, "site_link"), table, prefix, {"failed:site_link:dc-1<>dc-2": True}) is None


def test_the_other_tunnel_ends_at_the_router_that_works() -> None:
    found = held(failing(two_routers(), "router"), "vgw-1", SITE, {"failed:router:dc-1/r1": True})
    assert found is not None
    assert found.came_from == "dc-1/r2"


def kinds_that_fail(written: Json) -> set[str]:
    names = (name for network in structures(written) for name in network.choices)
    return {name.split(":")[1] for name in names if name.startswith("failed:")}


def test_a_kind_that_is_not_documented_fails_only_where_it_is_named() -> None:
    assert FAIL_BY_DEFAULT == ("tunnel", "vbr_peer", "gateway")
    assert kinds_that_fail(changed(redundant(), {"environment/max_failures": 1})) == set(FAIL_BY_DEFAULT)
    assert kinds_that_fail(failing(redundant())) == set(FAILURE_KINDS) - {"link", "site_link"}


# --- what becomes of packets -------------------------------------------------------------


def custom_route(next_hop: str, table: str = "system") -> Json:
    """dual(), with a custom route to a site prefix; vpc-a and vpc-b on cen-1."""
    entry = {"route_table": table, "destination": SITE, "next_hop": next_hop}
    attached = cen("vpc-a", "vpc-b")
    beside = {"id": "vpc-b", "vswitches": [{"id": "vsw-b", "cidr": CLOUD_2}]}
    written = added(dual(), vpcs=beside, cens=attached)
    return changed(written, {"vpcs/vpc-a/routes": [entry]})


def test_a_custom_route_to_a_failed_gateway_ends_there() -> None:
    written = changed(custom_route("vgw-1"), {"intents": [{"from": "vpc-a", "to": SITE}]})
    result = asked(failing(written, "gateway"))
    assert result.verdict is Verdict.VIOLATED
    assert failed(result) == ("gateway:vgw-1",)
    assert result.counterexample is not None
    undelivered = result.counterexample.undelivered
    assert (undelivered["path"], undelivered["reason"]) == ("vpc-a > vgw-1", "failed")


@pytest.mark.parametrize("table", ["system", "rtb"])
def test_a_custom_route_over_a_failed_attachment_leads_nowhere(table: str) -> None:
    """With the site's own route gone from it, vpc-a can reach vpc-b by the custom route only."""
    entry = {"route_table": table, "destination": "172.16.8.0/23", "next_hop": "cen-1"}
    written = changed(custom_route("vgw-1"), {
        "vpcs/vpc-a/custom_route_tables": [{"id": "rtb"}],
        "vpcs/vpc-a/routes": [entry],
        "vpcs/vpc-a/vswitches/0/route_table": table,
        "intents": [{"from": "vsw-a-1", "to": "vsw-b"}],
    })  # fmt: skip
    assert asked(failing(written, "cen_attachment", most=0)).verdict is Verdict.PROVED
    result = asked(failing(written, "cen_attachment"))
    assert result.verdict is Verdict.VIOLATED
    assert result.counterexample is not None
    assert result.counterexample.undelivered["reason"] == "failed"


def test_a_custom_route_stays_where_it_is_when_its_line_is_down() -> None:
    written = failing(custom_route("cen-1"), "cen_attachment")
    settled = settle(written, {"failed:cen_attachment:cen-1/vpc-a": True})
    assert settled.held("vpc-a", SITE) is not None
    assert settled.next_hop("vpc-a", "10.0.0.1") == CUT_OFF


def test_a_device_that_is_down_forwards_nothing() -> None:
    entries = [{"destination": CLOUD, "next_hop": "vgw-1"}, {"destination": CLOUD_2, "next_hop": "discard"}]
    written = failing(changed(dual(), {"data_centers/dc-1/static_routes": entries}), "router", "gateway")
    for address, next_hop in (("172.16.0.1", "vgw-1"), ("172.16.8.1", "discard")):
        assert settle(written).next_hop("dc-1", address) == next_hop
        assert settle(written, {"failed:router:dc-1": True}).next_hop("dc-1", address) == "none"
    assert settle(written, {"failed:gateway:vgw-1": True}).next_hop("vgw-1", "10.0.0.1") == "none"
    assert settle(written, {"failed:gateway:vgw-1": True}).next_hop("dc-1", "172.16.0.1") == "none"


# --- how many failures a design withstands -------------------------------------------------

WITHSTANDS: tuple[tuple[str, Json, tuple[str, ...], int, tuple[str, ...]], ...] = (
    ("two tunnels", dual(), ("tunnel",), 1, ("tunnel:vco-1/0", "tunnel:vco-1/1")),
    ("no gateway", dual(), ("gateway",), 0, ("gateway:vgw-1",)),
    ("fewest, not smallest", dual(), ("tunnel", "gateway"), 0, ("gateway:vgw-1",)),
    ("connection", dual(), ("connection", "tunnel"), 0, ("connection:vco-1",)),
    ("redundant", redundant(), ("gateway", "vbr"), 1, ("gateway:vgw-1", "vbr:vbr-1")),
    ("two routers", two_routers(), ("router",), 1, ("router:dc-1/r1", "router:dc-1/r2")),
    ("one router", redundant(), ("router", "gateway", "tunnel"), 0, ("router:dc-1",)),
)


@pytest.mark.parametrize(("name", "written", "kinds", "most", "needed"), WITHSTANDS, ids=[
    entry[0] for entry in WITHSTANDS
])  # fmt: skip
def test_a_design_withstands_so_many_failures_and_no_more(
    name: str, written: Json, kinds: tuple[str, ...], most: int, needed: tuple[str, ...]
) -> None:
    assert asked(failing(written, *kinds), most=most).verdict is Verdict.PROVED, name
    for more in (most + 1, most + 2):
        result = asked(failing(written, *kinds), most=more)
        assert result.verdict is Verdict.VIOLATED
        assert set(failed(result)) == set(needed)


def test_the_option_overrides_the_environment() -> None:
    written = failing(dual(), "gateway", most=3)
    assert asked(written, most=0).verdict is Verdict.PROVED
    assert asked(written).verdict is Verdict.VIOLATED


def test_a_proof_says_that_nothing_could_fail() -> None:
    proved = asked(failing(dual(), "vbr_peer"))
    assert proved.rests_on is not None
    assert proved.rests_on.bounds["max_failures"] == 1
    assert proved.rests_on.notes == ("nothing of the kinds in may_fail is there, so that nothing fails",)
    tunnels = asked(failing(dual(), "tunnel"))
    assert tunnels.rests_on is not None
    assert tunnels.rests_on.notes == ()


def test_a_failure_can_take_the_stable_state_of_a_gadget_away() -> None:
    gadget = {"1": ["1 9 0", "1 2 0", "1 0"], "2": ["2 3 0", "2 0"], "3": ["3 1 0", "3 0"], "9": ["9 0"]}
    written = {"version": 1, "gadget": gadget}
    settles = asked(failing(written, "link", most=0), "no-route-flapping")
    assert settles.verdict is Verdict.PROVED
    result = asked(failing(written, "link"), "no-route-flapping")
    assert result.kind == "no-stable-state"
    assert len(failed(result)) == 1
    assert asked(failing(written, "tunnel"), "no-route-flapping").verdict is Verdict.PROVED


# --- fewest first ------------------------------------------------------------------------------


class Told(Inquiry):
    """An inquiry whose answer is a function of the choices that have not their default."""

    def __init__(self, *violating: Collection[str]) -> None:
        self.violating = [frozenset(each) for each in violating]
        self.problem = SimpleNamespace(network=SimpleNamespace(choices={}))  # type: ignore[assignment]  # all that is read

    @property
    def choices(self) -> Mapping[str, Choice]:
        failures = {name: Choice(name, Role.FAILURE, (False, True), False) for name in "abcd"}
        return {**failures, **{name: Choice(name, Role.EVENT, (False, True), True) for name in "xyz"}}

    def answer(self, assumed: Mapping[str, Value]) -> Configuration | None:
        return next(self._answers(assumed), None)

    def within(self, assumed: Mapping[str, Value], limits: Mapping[Role, int]) -> Configuration | None:
        for found in self._answers(assumed):
            if all(departures(self, found, role) <= most for role, most in limits.items()):
                return found
        return None

    def _answers(self, assumed: Mapping[str, Value]) -> Iterator[Configuration]:
        """Those that depart most come first, so that nothing small is found by chance."""
        spaces = [(not c.default, c.default) for c in self.choices.values()]
        for values in product(*spaces):
            found = Configuration(dict(zip(self.choices, values, strict=True)))
            gone = {name for name, value in found.items() if value != self.choices[name].default}
            if agrees(found, assumed) and any(each <= gone for each in self.violating):
                yield found

    def has_stable_state(self, assumed: Mapping[str, Value]) -> bool:
        return not assumed

    def certificate(self) -> str:
        return "told"


FEWEST: tuple[tuple[tuple[str, ...], str], ...] = (
    (("a", "bcd"), "a"),
    (("bcd", "a"), "a"),
    (("abc", "cd"), "cd"),
    (("ab", "d"), "d"),
    (("abcd", "bcd"), "bcd"),
    (("xyz", "ax"), "xyz"),
    (("axyz", "ay"), "ay"),
    (("yz", "x"), "x"),
    (("abx", "cdyz"), "abx"),
    (("ax", "b", "cz"), "b"),
    (("axy", "bz", "cd"), "bz"),
)


@pytest.mark.parametrize(("violating", "expected"), FEWEST)
def test_there_are_few_failures_and_then_few_withdrawals(violating: tuple[str, ...], expected: str) -> None:
    inquiry = Told(*violating)
    found = inquiry.answer({})
    assert found is not None
    least = inquiry.least(found, {}).configuration
    gone = {name for name, value in least.items() if value != inquiry.choices[name].default}
    assert gone == set(expected)
    assert inquiry.least(found, {}).exact


def test_at_most_so_many_is_exact_for_the_solver() -> None:
    """Three tunnels to one site: two failures leave one, whichever they are."""
    written = changed(dual(), {"ipsec_connections": [
        connection(1, "vgw-1", "cgw-1", "cgw-1"), connection(2, "vgw-1", "cgw-1")
    ], "assume/conflict": "identical"})  # fmt: skip
    del written["assume"]["conflict"]
    for most, verdict in ((2, Verdict.PROVED), (3, Verdict.VIOLATED), (5, Verdict.VIOLATED)):
        result = asked(failing(written, "tunnel", most=most))
        assert result.verdict is verdict
    assert len(failed(result)) == 3


@pytest.mark.parametrize("seed", range(5))
def test_everything_that_can_fail_is_counted(seed: int) -> None:
    """No failure turns up only when routes are looked at, after the limit has been put."""
    for network in structures(failing(random_networks.network(seed))):
        (counted,) = (rule for rule in network.constraints if rule.kind == "most")
        universe(network, prefixes(network))
        found = {name for name, choice in network.choices.items() if choice.role is Role.FAILURE}
        assert counted.choices() == found
