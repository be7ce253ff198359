"""Random networks so small that every configuration of them can be looked at.

Every construct of the format turns up in some of them: each is drawn seldom, and at
most two values and two readings of a network are open.
"""

from __future__ import annotations

import random
from typing import Any

from verify.models.fields import FAILURE_KINDS

Json = dict[str, Any]

READINGS: dict[str, tuple[Any, ...]] = {
    "gateway_preserves_as_path": (False, True),
    "gateway_exports_custom_routes": (False, True),
    "gateway_exports_cen_routes": (True, True, False),
    "gateway_exports_other_gateways_routes": (False, True),
    "cen_learns_vpn_routes": (False, True),
    "gateway_prefers": ("bgp", "cloud", "as_path"),
    "vpc_prefers": ("vpn", "cen"),
    "conflict": ("identical", "overlapping"),
    "gateway_lookup": ("longest_prefix", "table_order"),
    "over_quota": ("drop_excess", "close_session", "accept_all"),
    "local_as_check": ("session", "all"),
    "vbr_preserves_as_path": (False, True),
}
OF_GATEWAYS = ("conflict", "over_quota", *(name for name in READINGS if name.startswith("gateway_")))
SITE_PREFIXES = (
    "10.0.0.0/16",
    "10.0.1.0/24",
    "172.16.0.0/16",
    "0.0.0.0/0",
    "100.64.0.0/16",
    "172.16.0.128/25",
    "0.0.0.0/1",
)
CUSTOM = ("10.0.0.0/16", "10.0.1.0/24", "10.9.0.0/16", "0.0.0.0/0", "10.0.0.0/8")
FILTERS = ("10.0.0.0/8", "172.16.0.0/12")
SITE_ASNS = {"one_of": [65001, 65002]}
CLOUD_ASNS = {"one_of": [45104, 45105]}


def network(seed: int, *, most_open: int = 2) -> Json:
    """One of the networks."""
    return Draw(random.Random(seed), most_open).document()


class Draw:
    """One network under construction; `most_open` values of it may be open."""

    def __init__(self, rng: random.Random, most_open: int) -> None:
        self.rng, self.left = rng, most_open
        self.vpcs = [f"vpc-{n}" for n in range(rng.choice((1, 1, 2)))]
        self.gateways = [f"vgw-{n}" for n in range(rng.choice((0, 1, 1, 2)))]
        self.vbrs = [f"vbr-{n}" for n in range(rng.choice((0, 1)) if self.gateways else rng.choice((1, 2)))]
        self.sites = [f"dc-{n}" for n in range(rng.choice((1, 1, 1, 2)))]
        self.routers = {
            site: [f"{site}-r{n}" for n in range(rng.choice((1, 2)))] if rng.random() < 0.3 else []
            for site in self.sites
        }
        self.has_cen = rng.random() < 0.8
        self.has_tables = [vpc for vpc in self.vpcs if rng.random() < 0.12]
        self.blocks = 9

    def sometimes(self, chance: float) -> bool:
        return self.rng.random() < chance

    def open_or(self, value: Any, alternative: Any, chance: float = 0.15) -> Any:
        if self.left and self.sometimes(chance):
            self.left -= 1
            return alternative
        return value

    def flag(self, likely: float = 0.5) -> Any:
        return self.open_or(self.sometimes(likely), "any")

    def document(self) -> Json:
        found: Json = {
            "version": 1,
            "vpcs": [self.vpc(n, id_) for n, id_ in enumerate(self.vpcs)],
            "vpn_gateways": [self.gateway(id_) for id_ in self.gateways],
            "customer_gateways": [self.customer_gateway(n) for n in range(2)],
            "data_centers": [self.site(id_) for id_ in self.sites],
            "virtual_border_routers": [self.vbr(id_) for id_ in self.vbrs],
            "environment": self.environment(),
            "assume": self.assumptions(),
        }
        found["ipsec_connections"] = [
            self.connection(2 * n + k, gateway)
            for n, gateway in enumerate(self.gateways)
            for k in range(self.rng.choice((1, 1, 1, 2)))
        ]
        if self.has_cen:
            found["cens"] = [self.cen()]
        if self.sometimes(0.7):
            ends = self.ends(found)
            found["intents"] = [self.intent(ends) for _ in range(self.rng.choice((1, 2)))]
        return found

    def assumptions(self) -> Json:
        """All readings but two at most, now and then for one object only."""
        free = self.rng.sample(sorted(READINGS), self.rng.choice((0, 1, 2)))
        pinned = {name: self.rng.choice(values) for name, values in READINGS.items() if name not in free}
        if self.gateways and self.sometimes(0.15):
            name = self.rng.choice(OF_GATEWAYS)
            pinned[f"{name}@{self.rng.choice(self.gateways)}"] = self.rng.choice(READINGS[name])
        return pinned

    def environment(self) -> Json:
        found: Json = {"withdrawals": self.sometimes(0.5), "max_failures": self.rng.choice((0, 0, 0, 1))}
        if found["max_failures"] and self.sometimes(0.4):
            found["may_fail"] = self.rng.sample(FAILURE_KINDS, self.rng.choice((1, 2)))
        return found

    def vpc(self, number: int, id_: str) -> Json:
        found: Json = {"id": id_, "vswitches": [{"id": f"{id_}-vsw", "cidr": f"172.16.{8 * number}.0/24"}]}
        if id_ in self.has_tables:
            found["custom_route_tables"] = [{"id": f"{id_}-rtb"}]
            bound = {"id": f"{id_}-bound", "cidr": f"172.16.{8 * number + 1}.0/24"}
            unbound = [] if self.sometimes(0.5) else found["vswitches"]
            found["vswitches"] = [*unbound, {**bound, "route_table": f"{id_}-rtb"}]
        if self.sometimes(0.25):
            found["routes"] = [self.custom_route("system")]
        if id_ in self.has_tables and self.sometimes(0.6):
            found["routes"] = [*found.get("routes", []), self.custom_route(f"{id_}-rtb")]
        return found

    def custom_route(self, table: str) -> Json:
        hops = ["blackhole", *self.gateways, *self.vbrs, *(["cen-1"] if self.has_cen else [])]
        return {
            "route_table": table,
            "destination": self.rng.choice(CUSTOM),
            "next_hop": self.rng.choice(hops),
            "publish_to_cen": self.flag() if table == "system" else False,
        }

    def gateway(self, id_: str) -> Json:
        found = {"id": id_, "vpc": self.rng.choice(self.vpcs), "auto_advertise": self.flag(0.9)}
        if self.sometimes(0.15):
            found["bgp_route_quota"] = self.open_or(self.rng.choice((0, 1, 1, 2)), {"one_of": [1, 2]}, 0.2)
        if self.sometimes(0.1):
            found["tunnel_support"] = "single"
            found["bgp_supported"] = self.flag(0.8)
        if self.sometimes(0.1):
            name = self.rng.choice(OF_GATEWAYS)
            found["readings"] = {name: self.rng.choice(READINGS[name])}
        return found

    def customer_gateway(self, number: int) -> Json:
        if len(self.gateways) > 1 and number and self.sometimes(0.08):
            return {"id": f"cgw-{number}", "asn": 45104, "vpn_gateway": self.gateways[1]}
        site = self.rng.choice(self.sites)
        found = {"id": f"cgw-{number}", "asn": self.site_asn(), "data_center": site}
        if self.routers[site] and self.sometimes(0.6):
            found["router"] = self.rng.choice(self.routers[site])
        return found

    def site_asn(self) -> Any:
        alternative = SITE_ASNS if self.sometimes(0.7) else "any"
        return self.open_or(self.rng.choice((65001, 65001, 65002)), alternative, 0.12)

    def connection(self, number: int, gateway: str) -> Json:
        tunnels: list[Json] = []
        local_asn = self.open_or(self.rng.choice((45104, 45104, 45105)), CLOUD_ASNS, 0.12)
        for _ in range(self.rng.choice((1, 1, 2))):
            self.blocks += 1
            block = f"169.254.{self.blocks}"
            tunnels.append(
                {
                    "customer_gateway": f"cgw-{self.rng.randint(0, 1)}",
                    "local_asn": local_asn if isinstance(local_asn, int) or not tunnels else 45104,
                    "tunnel_cidr": f"{block}.0/30",
                    "local_bgp_ip": f"{block}.1",
                }
            )
        bgp = self.flag(0.3) if self.sometimes(0.1) else True
        found = {"id": f"vco-{number}", "vpn_gateway": gateway, "bgp_enabled": bgp, "tunnels": tunnels}
        return {**found, "routing_mode": "protected"} if self.sometimes(0.06) else found

    def site(self, id_: str) -> Json:
        pool = SITE_PREFIXES[:3] if self.sometimes(0.7) else SITE_PREFIXES
        prefixes = self.rng.sample(pool, self.rng.choice((1, 1, 2)))
        found: Json = {
            "id": id_,
            "prefixes": [{"prefix": p, "announced": self.open_or(True, "any", 0.08)} for p in prefixes],
            "readvertises": self.flag(0.6),
            "prefers": self.open_or(self.rng.choice(("internal", "external")), "any"),
            "internal_peering": self.flag(0.7),
            "allowas_in": self.open_or(self.rng.choice((0, 0, 0, 0, 1)), {"one_of": [0, 1]}, 0.07),
            "peers": [self.policy(peer) for peer in self.peers_of(id_)],
        }
        if self.routers[id_]:
            found["routers"] = [self.router(router) for router in self.routers[id_]]
        if self.sometimes(0.2):
            hop = self.rng.choice(["discard", *self.gateways, *self.vbrs])
            destination = self.rng.choice(("172.16.0.0/12", "10.0.0.0/8", "0.0.0.0/0"))
            found["static_routes"] = [{"destination": destination, "next_hop": hop}]
        if self.sometimes(0.08):
            found["readings"] = {"local_as_check": self.rng.choice(("session", "all"))}
        return found

    def router(self, id_: str) -> Json:
        found = {"id": id_, "asn": self.open_or(65001 + self.rng.randint(0, 1), SITE_ASNS, 0.1)}
        return {**found, "allowas_in": 1} if self.sometimes(0.08) else found

    def peers_of(self, site: str) -> list[str]:
        cloud = [peer for peer in (*self.gateways, *self.vbrs) if self.sometimes(0.25)]
        others = [other for other in self.sites if other != site]
        named = [self.rng.choice([other, *self.routers[other]]) for other in others if self.sometimes(0.25)]
        return cloud + named

    def policy(self, peer: str) -> Json:
        found: Json = {
            "peer": peer,
            "local_pref": self.open_or(self.rng.choice((100, 100, 200)), {"one_of": [50, 200]}, 0.1),
            "prepend": self.open_or(self.rng.choice((0, 0, 1, 2)), {"between": [0, 1]}, 0.1),
        }
        for direction in ("import", "export"):
            if self.sometimes(0.12):
                found[direction] = [self.rng.choice(FILTERS)]
        return found

    def vbr(self, id_: str) -> Json:
        peers = []
        for _ in range(self.rng.choice((1, 1, 2))):
            site = self.rng.choice(self.sites)
            peer = {"data_center": site, "peer_asn": self.site_asn()}
            if self.routers[site] and self.sometimes(0.6):
                peer["router"] = self.rng.choice(self.routers[site])
            peers.append(peer)
        attached = "cen-1" if self.has_cen and self.sometimes(0.8) else self.rng.choice(self.vpcs)
        local_asn = self.open_or(45104, CLOUD_ASNS, 0.08)
        found: Json = {"id": id_, "attached_to": attached, "local_asn": local_asn, "peers": peers}
        if self.sometimes(0.1):
            found["bgp_route_quota"] = self.rng.choice((1, 1, 2))
        if self.sometimes(0.15):
            found["as_path_preserved"] = self.sometimes(0.5)
        return found

    def cen(self) -> Json:
        return {
            "id": "cen-1",
            "attachments": [vpc for vpc in self.vpcs if self.sometimes(0.9)],
            "overlapping_routing": self.open_or(self.sometimes(0.8), "any", 0.1),
            "rejects_hybrid_exchange": self.flag(),
        }

    def ends(self, found: Json) -> list[str]:
        """What an intent can name: objects, vSwitches and prefixes, of the network or inside of one."""
        vswitches = [each for vpc in found["vpcs"] for each in vpc["vswitches"]]
        prefixes = [each["prefix"] for site in found["data_centers"] for each in site["prefixes"]]
        plain = [*self.vpcs, *self.sites, *self.vpcs, *self.sites, *(each["id"] for each in vswitches)]
        return [*plain, *prefixes, "10.0.1.0/25", "172.16.0.0/25"]

    def intent(self, ends: list[str]) -> Json:
        start, end = self.rng.sample(ends, 2)
        return {"from": start, "to": end, "allowed": self.open_or(self.sometimes(0.6), "any", 0.1)}
