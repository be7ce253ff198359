"""Which properties look at which kinds of field of a document; the tests try each of them out.

A kind of field is its path without the names of items: `vpcs.vswitches.cidr`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from verify.models.scenario import PROPERTIES
from verify.properties import documented_rules

On: TypeAlias = Literal["all", "routing", "rules", "traffic", "nothing"]

RULES = frozenset({documented_rules.ID})
TRAFFIC = frozenset({"no-ineffective-routes", "isolation"})
PROPERTIES_OF: Mapping[On, frozenset[str]] = {
    "all": frozenset(PROPERTIES),
    "routing": frozenset(PROPERTIES) - RULES,
    "rules": RULES,
    "traffic": TRAFFIC,
    "nothing": frozenset(),
}


@dataclass(frozen=True, slots=True)
class Effect:
    """On which properties a field can have an effect; without any, `why`."""

    on: On
    why: str = ""


TEXT = Effect("nothing", "a text for people")
NOTHING_FAILS = Effect("nothing", "max_failures is 0, so that nothing fails")
ALL, ROUTING, BY_RULES, BY_TRAFFIC = Effect("all"), Effect("routing"), Effect("rules"), Effect("traffic")


def _kinds(prefix: str, effects: Mapping[Effect, str]) -> dict[str, Effect]:
    """The effects of some fields of one kind of object."""
    return {f"{prefix}{name}": effect for effect, names in effects.items() for name in names.split()}


EFFECTS: Mapping[str, Effect] = {
    "version": Effect("nothing", "the version of the format, of which there is one"),
    "name": TEXT,
    "description": TEXT,
    "source": TEXT,
    "expect": Effect("nothing", "verdicts are compared with it after they are found"),
    "accept": Effect("nothing", "no acceptance changes a verdict"),
    "gadget": ROUTING,
    "assume": ALL,
    "intents": BY_TRAFFIC,
    **_kinds("intents.", {BY_TRAFFIC: "from to allowed"}),
    **_kinds("environment.", {ROUTING: "withdrawals max_failures may_fail"}),
    "vpcs": ALL,
    **_kinds("vpcs.", {ALL: "id vswitches custom_route_tables routes readings"}),
    **_kinds("vpcs.vswitches.", {ALL: "id cidr", BY_TRAFFIC: "route_table"}),
    **_kinds("vpcs.custom_route_tables.", {ALL: "id"}),
    **_kinds("vpcs.routes.", {ALL: "route_table destination next_hop", ROUTING: "publish_to_cen"}),
    "vpn_gateways": ALL,
    **_kinds(
        "vpn_gateways.",
        {ALL: "id vpc tunnel_support bgp_supported auto_advertise bgp_route_quota readings"},
    ),
    "customer_gateways": ALL,
    **_kinds(
        "customer_gateways.",
        {ALL: "id asn data_center vpn_gateway", BY_RULES: "ip_address", ROUTING: "router"},
    ),
    "ipsec_connections": ALL,
    **_kinds("ipsec_connections.", {ALL: "id vpn_gateway routing_mode bgp_enabled tunnels readings"}),
    **_kinds(
        "ipsec_connections.tunnels.",
        {ALL: "customer_gateway local_asn tunnel_cidr local_bgp_ip", ROUTING: "role"},
    ),
    "data_centers": ALL,
    **_kinds(
        "data_centers.",
        {
            ALL: "id prefixes readvertises peers readings",
            ROUTING: "routers internal_peering prefers allowas_in static_routes",
        },
    ),
    **_kinds("data_centers.prefixes.", {ALL: "prefix announced within length count"}),
    **_kinds("data_centers.routers.", {ROUTING: "id asn allowas_in"}),
    **_kinds("data_centers.static_routes.", {ROUTING: "destination next_hop"}),
    **_kinds("data_centers.peers.", {ALL: "peer import export", ROUTING: "local_pref prepend"}),
    "virtual_border_routers": ALL,
    **_kinds(
        "virtual_border_routers.",
        {ALL: "id attached_to local_asn as_path_preserved bgp_route_quota peers readings"},
    ),
    **_kinds("virtual_border_routers.peers.", {ALL: "data_center peer_asn", ROUTING: "router"}),
    "cens": ALL,
    **_kinds("cens.", {ALL: "id overlapping_routing attachments rejects_hybrid_exchange readings"}),
    "cens.created": Effect("nothing", "overlapping_routing is written, for which it is only the default"),
}
