"""Random networks so small that every configuration of them can be looked at.

More kinds of open values, objects and policies than `random_networks`, and at most
two open values and two open readings in each.
"""

from __future__ import annotations

import random
from typing import Any

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
SITE_PREFIXES = (
    "10.0.0.0/16",
    "10.0.1.0/24",
    "172.16.0.0/16",
    "0.0.0.0/0",
    "100.64.0.0/16",
    "172.16.0.128/25",
)
CUSTOM = ("10.0.0.0/16", "10.0.1.0/24", "10.9.0.0/16", "0.0.0.0/0", "10.0.0.0/8")
SITE_ASNS = {"one_of": [65001, 65002]}
CLOUD_ASNS = {"one_of": [45104, 45105]}


def network(seed: int, *, most_open: int = 2) -> Json:
    """One of the networks."""
    return _Draw(random.Random(seed), most_open).document()


class _Draw:
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

    def site_asn(self) -> Any:
        alternative = SITE_ASNS if self.sometimes(0.7) else "any"
        return self.open_or(self.rng.choice((65001, 65001, 65002)), alternative, 0.12)

    def document(self) -> Json:
        candidates = [name for name in READINGS if name != "gateway_lookup"]
        free = self.rng.sample(candidates, self.rng.choice((0, 1, 2)))
        pinned = {name: self.rng.choice(values) for name, values in READINGS.items() if name not in free}
        found: Json = {
            "version": 1,
            "vpcs": [self.vpc(n, id_) for n, id_ in enumerate(self.vpcs)],
            "vpn_gateways": [
                {"id": id_, "vpc": self.rng.choice(self.vpcs), "auto_advertise": self.flag(0.9)}
                for id_ in self.gateways
            ],
            "customer_gateways": [self.customer_gateway(n) for n in range(2)],
            "data_centers": [self.site(id_) for id_ in self.sites],
            "virtual_border_routers": [self.vbr(id_) for id_ in self.vbrs],
            "environment": {
                "withdrawals": self.sometimes(0.5),
                "max_failures": self.rng.choice((0, 0, 0, 1)),
            },
            "assume": pinned,
        }
        found["ipsec_connections"] = [
            self.connection(2 * n + k, gateway)
            for n, gateway in enumerate(self.gateways)
            for k in range(self.rng.choice((1, 1, 1, 2)))
        ]
        if self.has_cen:
            found["cens"] = [self.cen()]
        return found

    def vpc(self, number: int, id_: str) -> Json:
        found: Json = {"id": id_, "vswitches": [{"id": f"{id_}-vsw", "cidr": f"172.16.{8 * number}.0/24"}]}
        if self.sometimes(0.25):
            hops = ["blackhole", *self.gateways, *self.vbrs, *(["cen-1"] if self.has_cen else [])]
            found["routes"] = [
                {
                    "destination": self.rng.choice(CUSTOM),
                    "next_hop": self.rng.choice(hops),
                    "publish_to_cen": self.flag(),
                }
            ]
        return found

    def customer_gateway(self, number: int) -> Json:
        site = self.rng.choice(self.sites)
        found = {"id": f"cgw-{number}", "asn": self.site_asn(), "data_center": site}
        if self.routers[site] and self.sometimes(0.6):
            found["router"] = self.rng.choice(self.routers[site])
        return found

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
        return {"id": f"vco-{number}", "vpn_gateway": gateway, "bgp_enabled": bgp, "tunnels": tunnels}

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
            found["routers"] = [
                {"id": router, "asn": self.open_or(65001 + self.rng.randint(0, 1), SITE_ASNS, 0.1)}
                for router in self.routers[id_]
            ]
        if self.sometimes(0.2):
            hop = self.rng.choice(["discard", *self.gateways, *self.vbrs])
            destination = self.rng.choice(("172.16.0.0/12", "10.0.0.0/8", "0.0.0.0/0"))
            found["static_routes"] = [{"destination": destination, "next_hop": hop}]
        return found

    def peers_of(self, site: str) -> list[str]:
        cloud = [peer for peer in (*self.gateways, *self.vbrs) if self.sometimes(0.2)]
        return cloud + [other for other in self.sites if other != site and self.sometimes(0.25)]

    def policy(self, peer: str) -> Json:
        found: Json = {
            "peer": peer,
            "local_pref": self.open_or(self.rng.choice((100, 100, 200)), {"one_of": [50, 200]}, 0.1),
            "prepend": self.open_or(self.rng.choice((0, 0, 1, 2)), {"between": [0, 1]}, 0.1),
        }
        if self.sometimes(0.1):
            found["export"] = [self.rng.choice(("10.0.0.0/8", "172.16.0.0/12"))]
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
        return {"id": id_, "attached_to": attached, "local_asn": local_asn, "peers": peers}

    def cen(self) -> Json:
        return {
            "id": "cen-1",
            "attachments": [vpc for vpc in self.vpcs if self.sometimes(0.9)],
            "overlapping_routing": self.open_or(self.sometimes(0.8), "any", 0.1),
            "rejects_hybrid_exchange": self.flag(),
        }
