"""Random small networks and gadgets, reproducible from a seed."""

from __future__ import annotations

import random
from typing import Any

ASNS = (45104, 45105, 65001, 65002)
CLOUD = ("172.16.0.0/24", "172.16.1.0/24")
SITES = ("10.0.0.0/16", "10.0.1.0/24", "172.16.0.0/16", "0.0.0.0/0")
Json = dict[str, Any]


def gadget(seed: int) -> Json:
    """A gadget of up to four nodes with random permitted paths."""
    rng = random.Random(seed)
    nodes = [str(n) for n in range(1, rng.randint(2, 4) + 1)]
    permitted = {node: [f"{node} 0"] if rng.random() < 0.9 else [] for node in nodes}
    for _ in range(rng.randint(1, 2 * len(nodes))):
        node = rng.choice(nodes)
        onward = [p for other in nodes if other != node for p in permitted[other] if node not in p.split()]
        if onward:
            path = f"{node} {rng.choice(onward)}"
            if path not in permitted[node]:
                permitted[node].insert(rng.choice((0, 0, len(permitted[node]))), path)
    return {"version": 1, "gadget": permitted}


def network(seed: int) -> Json:
    """A hybrid network of a few tables with some values left open."""
    return _Generator(random.Random(seed)).document()


class _Generator:
    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.blocks = 10

    def maybe_open(self, value: Any, chance: float = 0.15) -> Any:
        return "any" if self.rng.random() < chance else value

    def flag(self, likely: float = 0.7) -> Any:
        return self.maybe_open(self.rng.random() < likely)

    def document(self) -> Json:
        rng = self.rng
        vpcs = [self.vpc(n) for n in range(rng.randint(1, 2))]
        sites = [self.site(n) for n in range(rng.choice((1, 1, 2)))]
        gateways = [self.gateway(n, rng.choice(vpcs)["id"]) for n in range(rng.randint(0, 2))]
        document: Json = {"version": 1, "vpcs": vpcs, "vpn_gateways": gateways, "data_centers": sites}
        document["customer_gateways"] = [
            {"id": f"cgw-{n}", "asn": rng.choice(ASNS[2:]), "data_center": rng.choice(sites)["id"]}
            for n in range(2)
        ]
        document["ipsec_connections"] = [self.connection(n, g["id"]) for n, g in enumerate(gateways)]
        vbrs = [self.vbr(n, sites) for n in range(rng.randint(0, 2))]
        document["virtual_border_routers"] = vbrs
        if rng.random() < 0.7:
            attached = [p["id"] for p in (*vpcs, *vbrs) if rng.random() < 0.85]
            document["cens"] = [self.cen(attached)]
        for vbr in vbrs:
            if not any(vbr["id"] in cen["attachments"] for cen in document.get("cens", [])):
                vbr["attached_to"] = rng.choice(vpcs)["id"]
            else:
                vbr["attached_to"] = "cen-1"
        self.peers(sites, gateways, vbrs)
        document["environment"] = {
            "withdrawals": rng.random() < 0.7,
            "max_failures": rng.choice((0, 0, 0, 1)),
        }
        document["assume"] = {
            reading: value
            for reading, value in (
                ("gateway_preserves_as_path", rng.random() < 0.5),
                ("gateway_exports_cen_routes", True),
                ("cen_learns_vpn_routes", True),
                ("gateway_exports_other_gateways_routes", True),
                ("gateway_prefers", rng.choice(("bgp", "cloud", "as_path"))),
            )
            if rng.random() < 0.5
        }
        return document

    def vpc(self, n: int) -> Json:
        rng = self.rng
        found: Json = {"id": f"vpc-{n}", "vswitches": [{"id": f"vsw-{n}", "cidr": CLOUD[n]}]}
        if rng.random() < 0.3:
            found["routes"] = [
                {
                    "destination": rng.choice(("10.0.0.0/16", "10.9.0.0/16")),
                    "next_hop": "blackhole",
                    "publish_to_cen": self.flag(0.5),
                }
            ]
        return found

    def gateway(self, n: int, vpc: str) -> Json:
        return {"id": f"vgw-{n}", "vpc": vpc, "auto_advertise": self.flag(0.9)}

    def connection(self, n: int, gateway: str) -> Json:
        rng = self.rng
        tunnels = []
        for _ in range(rng.choice((1, 1, 2))):
            self.blocks += 1
            tunnels.append(
                {
                    "customer_gateway": f"cgw-{rng.randint(0, 1)}",
                    "local_asn": self.maybe_open(rng.choice(ASNS[:2])),
                    "tunnel_cidr": f"169.254.{self.blocks}.0/30",
                    "local_bgp_ip": f"169.254.{self.blocks}.1",
                }
            )
        return {"id": f"vco-{n}", "vpn_gateway": gateway, "bgp_enabled": True, "tunnels": tunnels}

    def site(self, n: int) -> Json:
        rng = self.rng
        found: Json = {"id": f"dc-{n}", "prefixes": rng.sample(SITES, rng.randint(1, 2))}
        found["readvertises"] = self.flag(0.6)
        found["prefers"] = self.maybe_open(rng.choice(("internal", "external")))
        found["allowas_in"] = rng.choice((0, 0, 0, 1))
        if rng.random() < 0.4:
            found["internal_peering"] = True
        if rng.random() < 0.2:
            found["static_routes"] = [{"destination": "172.16.0.0/12", "next_hop": "discard"}]
        return found

    def vbr(self, n: int, sites: list[Json]) -> Json:
        rng = self.rng
        return {
            "id": f"vbr-{n}",
            "local_asn": rng.choice(ASNS[:2]),
            "peers": [{"data_center": rng.choice(sites)["id"], "peer_asn": rng.choice(ASNS[2:])}],
        }

    def cen(self, attached: list[str]) -> Json:
        return {
            "id": "cen-1",
            "attachments": attached,
            "overlapping_routing": self.flag(0.8),
            "rejects_hybrid_exchange": self.flag(0.5),
        }

    def peers(self, sites: list[Json], gateways: list[Json], vbrs: list[Json]) -> None:
        rng = self.rng
        for site in sites:
            if rng.random() < 0.4:
                known = [*gateways, *vbrs, *(s for s in sites if s is not site)]
                if known:
                    peer = rng.choice(known)
                    site["peers"] = [
                        {
                            "peer": peer["id"],
                            "local_pref": rng.choice((100, 200)),
                            "prepend": rng.choice((0, 0, 2)),
                        }
                    ]
