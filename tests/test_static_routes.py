"""Static routes of gateways and sites: protected flows, tunnels that fail, the own VPC, aggregates."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from itertools import islice, product

import pytest

from tests import tiny_networks
from tests.agreement import compare
from tests.tables import (
    CLOUD,
    CLOUD_2,
    LOCAL,
    SITE,
    SITE_2,
    Json,
    added,
    changed,
    choices,
    connection,
    gateway,
    one_gateway,
    settle,
    structures,
    two_sites,
    vpc,
)
from verify import delivery, looping
from verify.check import CheckOptions, check
from verify.inquiry import Inquiry, relevant_choices
from verify.load import load
from verify.models.choices import Choice
from verify.models.condition import Value
from verify.models.network import CUT_OFF, Configuration
from verify.models.opening import with_assumptions
from verify.models.protected import flows
from verify.models.values import Misfit
from verify.problems import address_problems
from verify.solve import Backend
from verify.traffic import tasks
from verify.verdict import PropertyResult, Verdict

HOST, HOST_2, CLOUD_HOST = "10.0.1.1", "10.1.0.1", "172.16.0.1"
LOOKUPS = ("longest_prefix", "table_order")


def flow(connection: str, prefix: str) -> str:
    return f"ipsec_connections.{connection}.protected.{prefix}"


def protected(*connections: str, base: Json | None = None, mode: object = "protected") -> Json:
    """two_sites(), where some connections are for protected flows."""
    modes = {f"ipsec_connections/{name}/routing_mode": mode for name in connections}
    return changed(two_sites() if base is None else base, modes)


def hop(written: Json, table: str, address: str, **values: Value) -> str:
    return settle(written, values).next_hop(table, address)


def read(written: Json, lookup: str) -> Json:
    """The same with the order in which gateways look through their tables."""
    return changed(written, {"assume/gateway_lookup": lookup})


def result(written: Json, property_id: str, **assume: Value) -> PropertyResult:
    options = CheckOptions(properties=(property_id,), assume=assume, remedies=False)
    (found,) = check(load("design.json", json.dumps(written)), options).properties
    return found


def verdict(written: Json, property_id: str, **assume: Value) -> Verdict:
    return result(written, property_id, **assume).verdict


# --- which flows can be protected ------------------------------------------------------------------


def flows_of(written: Json) -> list[str]:
    found = [choice.name for choice in flows(load("design.json", json.dumps(written)).document)]
    assert set(found) == {name for name in choices(written) if ".protected." in name}
    return found


def test_what_is_protected_is_open_for_each_network_beyond_the_gateway() -> None:
    assert flows_of(protected("vco-1")) == [flow("vco-1", SITE), flow("vco-1", SITE_2)]
    assert flows_of(two_sites()) == []


def test_by_default_nothing_is_protected() -> None:
    assert hop(protected("vco-1", "vco-2"), "vgw-1", HOST) == "dc-1"
    assert hop(protected("vco-1", "vco-2"), "vgw-1", HOST_2) == "dc-2"


def test_a_route_of_the_vpc_to_the_gateway_names_a_network_beyond_it() -> None:
    entries = [
        {"destination": "10.9.0.0/16", "next_hop": "vgw-1"},
        {"destination": "10.8.0.0/16", "next_hop": "blackhole"},
    ]
    written = changed(protected("vco-1"), {"vpcs/vpc-a/routes": entries})
    assert flow("vco-1", "10.9.0.0/16") in flows_of(written)
    assert flow("vco-1", "10.8.0.0/16") not in flows_of(written)


@pytest.mark.parametrize("announced", ["100.64.0.0/10", "100.64.1.0/24", CLOUD, "172.16.0.128/25"])
def test_neither_the_shared_address_space_nor_an_own_vswitch_is_a_far_end(announced: str) -> None:
    written = changed(protected("vco-1"), {"data_centers/dc-1/prefixes": [announced]})
    assert flows_of(written) == [flow("vco-1", SITE_2)]


@pytest.mark.parametrize(
    ("announced", "part"),
    [("0.0.0.0/0", "128.0.0.0/1"), ("0.0.0.0/1", "0.0.0.0/2"), ("100.0.0.0/8", "100.128.0.0/9")],
)
def test_of_what_contains_the_shared_address_space_a_part_stands_for_all(announced: str, part: str) -> None:
    written = changed(protected("vco-1"), {"data_centers/dc-1/prefixes": [announced]})
    assert flows_of(written) == [flow("vco-1", part), flow("vco-1", SITE_2)]


def test_what_is_behind_another_gateway_is_a_far_end_of_a_tunnel_to_it() -> None:
    """The two gateways are in two VPCs, and the tunnel of the first ends at the second."""
    peer = {"id": "cgw-9", "asn": LOCAL, "vpn_gateway": "vgw-2"}
    far = {"vpcs": vpc("vpc-b", CLOUD_2), "vpn_gateways": gateway("vgw-2", "vpc-b")}
    base = added(one_gateway(), **far, customer_gateways=peer)
    written = protected("vco-1", base=changed(base, {TUNNELS: connection(1, "vgw-1", "cgw-9")["tunnels"]}))
    assert flows_of(written) == [flow("vco-1", SITE), flow("vco-1", CLOUD_2)]
    assert hop(written, "vgw-1", "172.16.8.1", **{flow("vco-1", CLOUD_2): True}) == "vgw-2"


# --- what a policy-based route does ----------------------------------------------------------------


@pytest.mark.parametrize("lookup", LOOKUPS)
def test_a_policy_based_route_beats_a_bgp_route_to_the_same_prefix(lookup: str) -> None:
    written = read(protected("vco-2"), lookup)
    assert hop(written, "vgw-1", HOST) == "dc-1"
    assert hop(written, "vgw-1", HOST, **{flow("vco-2", SITE): True}) == "dc-2"


@pytest.mark.parametrize(("lookup", "expected"), [("longest_prefix", "dc-1"), ("table_order", "dc-2")])
def test_a_longer_bgp_route_against_a_policy_based_one_is_a_reading(lookup: str, expected: str) -> None:
    wide = read(changed(protected("vco-2"), {"data_centers/dc-2/prefixes": ["10.0.0.0/8"]}), lookup)
    taken = {flow("vco-2", "10.0.0.0/8"): True}
    assert hop(wide, "vgw-1", HOST, **taken) == expected
    assert hop(wide, "vgw-1", "10.99.0.1", **taken) == "dc-2"


@pytest.mark.parametrize("first", ["vco-1", "vco-2"])
def test_which_of_two_policy_based_routes_comes_first_is_open(first: str) -> None:
    both = dict.fromkeys((flow("vco-1", SITE), flow("vco-2", SITE)), True)
    expected = {"vco-1": "dc-1", "vco-2": "dc-2"}[first]
    written = protected("vco-1", "vco-2")
    assert hop(written, "vgw-1", HOST, **both, **{f"policy:vgw-1:{SITE}": first}) == expected


@pytest.mark.parametrize(("lookup", "expected"), [("longest_prefix", "dc-1"), ("table_order", "dc-2")])
def test_policy_based_routes_are_sorted_by_length_only_by_reading(lookup: str, expected: str) -> None:
    prefixes = {"data_centers/dc-2/prefixes": ["10.0.0.0/8"]}
    wide = read(changed(protected("vco-1", "vco-2"), prefixes), lookup)
    taken = dict.fromkeys((flow("vco-1", SITE), flow("vco-2", "10.0.0.0/8")), True)
    assert hop(wide, "vgw-1", HOST, **taken, **{f"policy:vgw-1:{SITE}": "vco-2"}) == expected


def test_where_the_mode_is_open_only_protected_mode_has_policy_based_routes() -> None:
    written, taken = protected("vco-2", mode="any"), {flow("vco-2", SITE): True}
    mode = "ipsec_connections.vco-2.routing_mode"
    assert hop(written, "vgw-1", HOST, **taken, **{mode: "protected"}) == "dc-2"
    assert hop(written, "vgw-1", HOST, **taken, **{mode: "destination"}) == "dc-1"


@pytest.mark.parametrize("lookup", LOOKUPS)
def test_packets_to_an_own_vswitch_are_no_protected_flow(lookup: str) -> None:
    written = read(changed(protected("vco-1"), {"data_centers/dc-1/prefixes": ["172.16.0.0/12"]}), lookup)
    taken = {flow("vco-1", "172.16.0.0/12"): True}
    assert hop(written, "vgw-1", CLOUD_HOST, **taken) == "vpc-a"
    assert hop(written, "vgw-1", "172.31.0.1", **taken) == "dc-1"


TUNNELS = "ipsec_connections/vco-1/tunnels"
FAILURES = {"environment": {"max_failures": 2, "may_fail": ["tunnel"]}}


def to_both_sites(*roles: str) -> list[Json]:
    """Two tunnels of one connection that end at different sites."""
    tunnels: list[Json] = connection(1, "vgw-1", "cgw-1", "cgw-2")["tunnels"]
    wanted = roles or ("master", "slave")
    return [tunnel | {"role": role} for tunnel, role in zip(tunnels, wanted, strict=True)]


def test_the_slave_takes_over_and_where_both_tunnels_are_down_the_packet_ends() -> None:
    written = changed(protected("vco-1"), {TUNNELS: to_both_sites()}) | FAILURES
    taken = {flow("vco-1", SITE_2): True}
    down = [f"failed:tunnel:vco-1/{n}" for n in (0, 1)]
    assert hop(written, "vgw-1", HOST_2, **taken) == "dc-1"
    assert hop(written, "vgw-1", HOST_2, **taken, **{down[0]: True}) == "dc-2"
    assert hop(written, "vgw-1", HOST_2, **taken, **{down[1]: True}) == "dc-1"
    assert hop(written, "vgw-1", HOST_2, **taken, **dict.fromkeys(down, True)) == CUT_OFF


def test_the_master_is_the_one_with_that_role_and_not_the_first() -> None:
    written = changed(protected("vco-1"), {TUNNELS: to_both_sites("slave", "master")})
    assert hop(written, "vgw-1", HOST, **{flow("vco-1", SITE): True}) == "dc-2"


# --- the verdicts ----------------------------------------------------------------------------------


def test_a_policy_based_route_that_hides_bgp_is_found_and_can_be_ruled_out() -> None:
    assert verdict(protected(), "no-ineffective-routes") is Verdict.PROVED
    found = result(protected("vco-2"), "no-ineffective-routes")
    assert found.verdict is Verdict.VIOLATED
    assert found.counterexample is not None
    assert dict(found.counterexample.configuration) == {flow("vco-2", SITE): True}
    shown = [row for row in found.counterexample.routes if row.source == "static"]
    assert [(row.table, row.next_hop) for row in shown] == [("vgw-1", "dc-2")]
    ruled_out = {flow("vco-2", SITE): False}
    assert verdict(protected("vco-2"), "no-ineffective-routes", **ruled_out) is Verdict.PROVED


def test_only_a_possible_flow_can_be_assumed() -> None:
    document = load("design.json", json.dumps(protected("vco-2"))).document
    assert with_assumptions(document, {flow("vco-2", SITE): True}).assume[flow("vco-2", SITE)] is True
    for key, value in ((flow("vco-1", SITE), True), (flow("vco-2", SITE), "yes")):
        with pytest.raises(Misfit):
            with_assumptions(document, {key: value})


def without_bgp(mode: str) -> Json:
    """one_gateway() with static routes in place of BGP and of automatic advertisement."""
    return changed(
        one_gateway(),
        {
            "ipsec_connections/vco-1/bgp_enabled": False,
            "ipsec_connections/vco-1/routing_mode": mode,
            "vpn_gateways/vgw-1/auto_advertise": False,
            "vpcs/vpc-a/routes": [{"destination": SITE, "next_hop": "vgw-1"}],
            "data_centers/dc-1/static_routes": [{"destination": CLOUD, "next_hop": "vgw-1"}],
            "intents": [{"from": "vpc-a", "to": "dc-1"}],
        },
    )


def test_static_routes_both_ways_need_neither_bgp_nor_automatic_advertisement() -> None:
    assert verdict(without_bgp("destination"), "no-ineffective-routes") is Verdict.PROVED
    assert hop(without_bgp("destination"), "vgw-1", CLOUD_HOST) == "vpc-a"


def test_without_bgp_only_protected_flows_lead_to_the_site_in_protected_mode() -> None:
    written = without_bgp("protected")
    assert hop(written, "vgw-1", HOST) == "none"
    assert hop(written, "vgw-1", HOST, **{flow("vco-1", SITE): True}) == "dc-1"
    assert verdict(written, "no-ineffective-routes") is Verdict.VIOLATED
    assert verdict(written, "no-ineffective-routes", **{flow("vco-1", SITE): True}) is Verdict.PROVED


# --- the solver and the simulator agree ------------------------------------------------------------


def combinations(varied: list[Choice]) -> Iterator[dict[str, Value]]:
    for values in product(*(choice.values for choice in varied)):
        yield dict(zip((choice.name for choice in varied), values, strict=True))


def nested() -> Json:
    wide = {"data_centers/dc-2/prefixes": ["10.0.0.0/8"], "assume": {"gateway_preserves_as_path": True}}
    static = {"data_centers/dc-2/static_routes": [{"destination": SITE, "next_hop": "vgw-1"}]}
    return changed(protected("vco-1", "vco-2"), wide | static) | {"environment": {"withdrawals": False}}


def agree(inquiry: Inquiry, found: bool, assumed: dict[str, Value]) -> None:
    assert (inquiry.answer(assumed) is not None) is found, assumed


def test_solver_and_simulator_agree_on_every_combination_of_protected_flows() -> None:
    """For each value of everything that decides over policy-based routes, at the prefix of the first site."""
    document = load("design.json", json.dumps(nested())).document
    (network,) = structures(nested())
    task = next(t for t in tasks(document, network, forbidden=False) if str(t.region) == SITE)
    loops = next(p for p in address_problems(network) if p.covering[0] == SITE)
    aimed = {flow(c, p) for c in ("vco-1", "vco-2") for p in (SITE, "10.0.0.0/8")}
    wanted = aimed | {"gateway_lookup", f"policy:vgw-1:{SITE}"}
    varied = [c for c in relevant_choices(loops).values() if c.name in wanted]
    assert {choice.name for choice in varied} == wanted
    rest = {c.name: c.default for c in network.choices.values() if c.name not in wanted}
    arrives, circles = delivery.inquire(task, Backend()), looping.inquire(loops, Backend())
    outcomes = set()
    for values in combinations(varied):
        configuration = Configuration(rest | values, network.choices)
        lost = delivery.find_failure(task, configuration) is not None
        circle = looping.find_loop(loops, configuration) is not None
        agree(arrives, lost, rest | values)
        agree(circles, circle, rest | values)
        outcomes.add((lost, circle))
    assert outcomes == {(False, False), (True, True)}


def random_networks(count: int) -> Iterator[tuple[int, Json]]:
    """Random networks with gateways, of which some have protected flows and all have nested prefixes."""
    drawn = ((seed, tiny_networks.network(seed)) for seed in range(100, 200))
    for seed, written in islice((each for each in drawn if each[1]["ipsec_connections"]), count):
        rng = random.Random(seed)
        for each in written["ipsec_connections"]:
            each["routing_mode"] = rng.choice(["protected", "protected", "any"])
            each["bgp_enabled"] = rng.random() < 0.7
        back = {"destination": "0.0.0.0/0", "next_hop": written["vpn_gateways"][0]["id"]}
        for each in written["data_centers"]:
            each |= {"prefixes": ["10.0.0.0/16", "10.0.1.0/24"], "static_routes": [back]}
        yield seed, written


def test_solver_and_simulator_agree_on_random_networks_with_protected_flows() -> None:
    assert sum(compare(written, seed) for seed, written in random_networks(6))


# --- aggregates ------------------------------------------------------------------------------------

AGGREGATE = "data_centers.dc-1.prefixes.10.0.0.0/8.aggregate"


def summing(*static: tuple[str, str]) -> Json:
    """one_gateway(), where the site announces a prefix around its own."""
    entries = [{"destination": destination, "next_hop": next_hop} for destination, next_hop in static]
    prefixes = {"data_centers/dc-1/prefixes": [SITE, "10.0.0.0/8"]}
    return changed(one_gateway(), prefixes | {"data_centers/dc-1/static_routes": entries})


BACK = ("0.0.0.0/0", "vgw-1")


def test_what_an_aggregate_only_sums_up_follows_a_shorter_route() -> None:
    written = summing(BACK)
    assert hop(written, "dc-1", "10.99.0.1", **{AGGREGATE: True}) == "vgw-1"
    assert hop(written, "dc-1", "10.99.0.1", **{AGGREGATE: False}) == ""
    assert hop(written, "dc-1", HOST, **{AGGREGATE: True}) == ""


def test_without_any_shorter_route_it_does_not_matter_what_a_prefix_sums_up() -> None:
    assert AGGREGATE not in choices(summing())
    assert AGGREGATE not in choices(summing(BACK, ("10.0.0.0/8", "discard")))
    assert AGGREGATE not in choices(changed(summing(BACK), {"data_centers/dc-1/prefixes": ["10.0.0.0/8"]}))


def test_half_of_all_addresses_is_no_network_of_a_site() -> None:
    written = changed(summing(BACK), {"data_centers/dc-1/prefixes": ["128.0.0.0/1"]})
    name = "data_centers.dc-1.prefixes.128.0.0.0/1.aggregate"
    assert hop(written, "dc-1", "192.0.2.1", **{name: True}) == "vgw-1"


def test_an_aggregate_without_a_discard_route_loops_through_the_default_route() -> None:
    found = result(summing(BACK), "no-routing-loops")
    assert found.verdict is Verdict.VIOLATED
    assert found.counterexample is not None
    assert found.counterexample.configuration[AGGREGATE] is True
    assert {"dc-1", "vgw-1"} <= set(found.counterexample.loop)


@pytest.mark.parametrize("static", [[], [("10.0.0.0/8", "discard"), BACK], [BACK]])
def test_with_a_discard_route_or_without_a_default_route_there_is_none(static: list[tuple[str, str]]) -> None:
    assume = {AGGREGATE: False} if static == [BACK] else {}
    assert verdict(summing(*static), "no-routing-loops", **assume) is Verdict.PROVED
