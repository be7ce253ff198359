"""Small networks, the smallest changes to them, and what their tables then hold.

Every reading is pinned, so a test changes what it is about and nothing else.  The
tables are those of the stable states that the concrete machinery finds, with
AS_PATHs in full.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from itertools import islice
from typing import Any, NamedTuple, TypeAlias

from verify.concrete import ConcreteProblem
from verify.load import load
from verify.models.condition import Value
from verify.models.network import Cell, Configuration, Network
from verify.models.route import Route
from verify.models.routing import networks, prefixes
from verify.models.universe import Universe, universe
from verify.realise import realise
from verify.simulate import RouteState, Simulator

Json: TypeAlias = dict[str, Any]

SITE, SITE_2 = "10.0.0.0/16", "10.1.0.0/16"
CLOUD, CLOUD_2 = "172.16.0.0/24", "172.16.8.0/24"
CUSTOM = "10.9.0.0/16"
LOCAL, LOCAL_2 = 45104, 45105
AS_1, AS_2 = 65001, 65002
PINNED: Json = {
    "gateway_preserves_as_path": True,
    "vbr_preserves_as_path": True,
    "gateway_exports_custom_routes": False,
    "gateway_exports_cen_routes": False,
    "gateway_exports_other_gateways_routes": False,
    "cen_learns_vpn_routes": False,
    "gateway_prefers": "bgp",
    "vpc_prefers": "vpn",
    "conflict": "identical",
    "gateway_lookup": "longest_prefix",
    "over_quota": "drop_excess",
    "local_as_check": "session",
}
MOST_STATES = 50


class Held(NamedTuple):
    """What a table holds for a prefix: source, neighbour, and AS_PATH with every ASN a number."""

    source: str
    came_from: str
    path: tuple[int, ...] = ()


# --- documents ------------------------------------------------------------------


def document(**parts: Any) -> Json:
    """A document with every reading pinned."""
    return {"version": 1, "name": "tables", "assume": dict(PINNED), **parts}


def vpc(id: str, *cidrs: str, **more: Any) -> Json:
    """A VPC with a vSwitch for each prefix: vsw-a-1, vsw-a-2, … in vpc-a."""
    vswitches = [{"id": f"vsw-{id[4:]}-{n}", "cidr": cidr} for n, cidr in enumerate(cidrs, start=1)]
    return {"id": id, "vswitches": vswitches, **more}


def gateway(id: str, vpc_id: str, **more: Any) -> Json:
    """A VPN gateway with automatic advertisement."""
    return {"id": id, "vpc": vpc_id, "auto_advertise": True, **more}


def far_end(number: int, site_id: str = "dc-1", asn: Any = AS_1, **more: Any) -> Json:
    """Customer gateway cgw-<number>."""
    return {"id": f"cgw-{number}", "asn": asn, "data_center": site_id, **more}


def connection(number: int, gateway_id: str, *far_ends: str, local_asn: Any = LOCAL) -> Json:
    """BGP connection vco-<number> with a tunnel to each customer gateway."""
    tunnels = [
        {
            "customer_gateway": name,
            "local_asn": local_asn,
            "tunnel_cidr": f"169.254.{number}{n}.0/30",
            "local_bgp_ip": f"169.254.{number}{n}.1",
        }
        for n, name in enumerate(far_ends)
    ]
    return {"id": f"vco-{number}", "vpn_gateway": gateway_id, "bgp_enabled": True, "tunnels": tunnels}


def site(id: str, *announced: Any, **more: Any) -> Json:
    """A data centre that prefers its own routes and does not re-advertise."""
    decided = {"internal_peering": True, "readvertises": False, "prefers": "internal"}
    return {"id": id, "prefixes": list(announced), **decided, **more}


def vbr(id: str, attached_to: str, *peers: Json, **more: Any) -> Json:
    """A virtual border router."""
    return {"id": id, "attached_to": attached_to, "peers": list(peers), **more}


def cen(*attachments: str, **more: Any) -> Json:
    """The CEN cen-1."""
    return {"id": "cen-1", "attachments": list(attachments), **more}


def one_gateway() -> Json:
    """vpc-a, vgw-1, one tunnel, dc-1."""
    return document(
        vpcs=[vpc("vpc-a", CLOUD)],
        vpn_gateways=[gateway("vgw-1", "vpc-a")],
        customer_gateways=[far_end(1)],
        ipsec_connections=[connection(1, "vgw-1", "cgw-1")],
        data_centers=[site("dc-1", SITE)],
    )


def two_sites() -> Json:
    """dc-1 and dc-2 on two connections of vgw-1."""
    return added(
        one_gateway(),
        customer_gateways=far_end(2, "dc-2", AS_2),
        ipsec_connections=connection(2, "vgw-1", "cgw-2"),
        data_centers=site("dc-2", SITE_2),
    )


def two_gateways() -> Json:
    """dc-1 on vgw-1 and vgw-2 of vpc-a, whose local ASNs differ; vpc-b behind cen-1."""
    return added(
        one_gateway(),
        vpcs=vpc("vpc-b", CLOUD_2),
        vpn_gateways=gateway("vgw-2", "vpc-a"),
        ipsec_connections=connection(2, "vgw-2", "cgw-1", local_asn=LOCAL_2),
        cens=cen("vpc-a", "vpc-b"),
    )


def two_vpcs() -> Json:
    """dc-1 on vgw-1 of vpc-a, dc-2 on vgw-2 of vpc-b, and cen-1 between the VPCs."""
    return added(
        one_gateway(),
        vpcs=vpc("vpc-b", CLOUD_2),
        vpn_gateways=gateway("vgw-2", "vpc-b"),
        customer_gateways=far_end(2, "dc-2", AS_2),
        ipsec_connections=connection(2, "vgw-2", "cgw-2"),
        data_centers=site("dc-2", SITE_2),
        cens=cen("vpc-a", "vpc-b"),
    )


def circuit(attached_to: str = "cen-1") -> Json:
    """dc-1 on vbr-1, which a CEN joins to vpc-a (or a router interface, with "vpc-a")."""
    return document(
        vpcs=[vpc("vpc-a", CLOUD)],
        data_centers=[site("dc-1", SITE)],
        virtual_border_routers=[vbr("vbr-1", attached_to, {"data_center": "dc-1", "peer_asn": AS_1})],
        cens=[cen("vpc-a")],
    )


def two_circuits() -> Json:
    """dc-1 on vbr-1 and dc-2 on vbr-2, both on cen-1 with vpc-a."""
    return added(
        circuit(),
        data_centers=site("dc-2", SITE_2),
        virtual_border_routers=vbr("vbr-2", "cen-1", {"data_center": "dc-2", "peer_asn": AS_2}),
    )


def three_routers(*asns: int) -> Json:
    """dc-1 with routers r1, r2 and r3 of these ASNs; the tunnel ends at r1."""
    routers = [{"id": f"r{n}", "asn": asn} for n, asn in enumerate(asns, start=1)]
    return changed(
        one_gateway(),
        {
            "data_centers/dc-1/routers": routers,
            "customer_gateways/cgw-1/router": "r1",
            "customer_gateways/cgw-1/asn": asns[0],
        },
    )


def blackhole(destination: str, **more: object) -> Json:
    """A custom entry of a VPC."""
    return {"destination": destination, "next_hop": "blackhole", **more}


def vpn_and_cen(prefers: str) -> Json:
    """vpc-a can have 10.0.0.0/16 from vgw-1 and from the CEN, which has it from vbr-2."""
    written = added(
        one_gateway(),
        data_centers=site("dc-2", SITE),
        virtual_border_routers=vbr("vbr-2", "cen-1", {"data_center": "dc-2", "peer_asn": AS_2}),
        cens=cen("vpc-a"),
    )
    return changed(written, {"assume/vpc_prefers": prefers})


# --- changes ----------------------------------------------------------------------


def changed(base: Json, changes: Mapping[str, Any]) -> Json:
    """A copy with other values at some paths, such as `data_centers/dc-1/readvertises`."""
    copy = deepcopy(base)
    for path, value in changes.items():
        *steps, key = path.split("/")
        holder: Any = copy
        for step in steps:
            holder = _inside(holder, step)
        holder[key] = value
    return copy


def _inside(holder: Any, step: str) -> Any:
    if isinstance(holder, dict):
        return holder.setdefault(step, {})
    return holder[int(step)] if step.isdigit() else next(item for item in holder if item["id"] == step)


def added(base: Json, **objects: Json) -> Json:
    """A copy with one more object in some lists."""
    copy = deepcopy(base)
    for key, item in objects.items():
        copy.setdefault(key, []).append(item)
    return copy


# --- what the tables hold -----------------------------------------------------------


@dataclass(frozen=True)
class Settled:
    """The stable states of a network under one configuration."""

    simulator: Simulator
    states: tuple[RouteState, ...]

    def held(self, table: str, prefix: str, state: int = 0) -> Held | None:
        """What a table holds for a prefix."""
        route = self.states[state].get(Cell(table, prefix))
        return None if route is None else Held(str(route.source), route.came_from, self._numbers(route))

    def offers(self, table: str, prefix: str) -> list[Held]:
        """What the neighbours of a table offer it for a prefix in the first stable state."""
        found = self.simulator.offers(Cell(table, prefix), self.states[0])
        return [Held(str(route.source), route.came_from, self._numbers(route)) for route in found]

    def _numbers(self, route: Route) -> tuple[int, ...]:
        values = self.simulator.configuration
        return tuple(int(values[term]) if isinstance(term, str) else term for term in route.path)

    def next_hop(self, table: str, address: str, state: int = 0) -> str:
        """Where a table sends a packet to an address."""
        return self.simulator.next_hop(table, self._covering(address), self.states[state])

    def loop(self, table: str, address: str, state: int = 0) -> list[str]:
        """The forwarding cycle that a packet at a table runs into, closed, or []."""
        walked = [table]
        while (following := self.next_hop(walked[-1], address, state)) in self.simulator.network.tables:
            if following in walked:
                return [*walked[walked.index(following) :], following]
            walked.append(following)
        return []

    def _covering(self, address: str) -> tuple[str, ...]:
        found = [n for n in map(IPv4Network, self.simulator.prefixes) if IPv4Address(address) in n]
        return tuple(str(n) for n in sorted(found, key=lambda n: -n.prefixlen))


class ReverseOrder(Configuration):
    """Choices of which every table prefers the neighbour that it would otherwise put last."""

    def __missing__(self, name: str) -> Value:
        return False if name.startswith("order:") else super().__missing__(name)


def settle(
    written: Json, values: Mapping[str, Value] | None = None, kind: type[Configuration] = Configuration
) -> Settled:
    """All stable states; `values` are those of choices that are not to have their defaults."""
    routes, configuration = _structure(written, kind(values or {}))
    problem = ConcreteProblem(routes, configuration)
    simulator = Simulator(routes.network, configuration, routes.prefixes)
    found = islice(problem.stable_states(), MOST_STATES)
    states = tuple(realise(problem, state, simulator) for state in found)
    assert len(states) < MOST_STATES, "not all stable states are seen"
    assert all(simulator.is_stable(state) for state in states)
    return Settled(simulator, states)


def _structure(written: Json, values: Configuration) -> tuple[Universe, Configuration]:
    """The routes of the one structure of the document that these values make real."""
    known = [universe(network, prefixes(network)) for network in structures(written)]
    unknown = set(values) - {name for routes in known for name in routes.network.choices}
    assert not unknown, unknown
    real = [
        (routes, configuration)
        for routes in known
        if routes.network.allows(configuration := type(values)(values, routes.network.choices))
    ]
    (found,) = real
    return found


def structures(written: Json) -> tuple[Network, ...]:
    """The networks that a document leaves possible."""
    return networks(load("tables.json", json.dumps(written)).document)


def held(written: Json, table: str, prefix: str, values: Mapping[str, Value] | None = None) -> Held | None:
    """What a table holds for a prefix in every stable state, of which there is at least one."""
    settled = settle(written, values)
    (found,) = {settled.held(table, prefix, number) for number in range(len(settled.states))}
    return found


def choices(written: Json) -> set[str]:
    """The names of the choices of the only structure."""
    return set(settle(written).simulator.network.choices)


def chosen(written: Json, table: str, prefix: str) -> set[str]:
    """The neighbours that a table chooses for a prefix, over all stable states and both orders."""
    settled = [settle(written, kind=kind) for kind in (Configuration, ReverseOrder)]
    found = {one.held(table, prefix, number) for one in settled for number in range(len(one.states))}
    return {route.came_from for route in found if route is not None}


def tables_of(written: Json, values: Mapping[str, Value] | None = None) -> set[str]:
    """The tables of the structure that these values make real."""
    return set(settle(written, values).simulator.network.tables)
