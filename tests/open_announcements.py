"""Small random networks with open announcements, and what comes of every set of prefixes that they allow.

Everything else is decided, so each concrete network has one verdict.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network
from itertools import combinations, product
from typing import Any

from verify import check, load
from verify.check import CheckOptions
from verify.verdict import Result, Verdict

Json = dict[str, Any]
PROPERTIES = ("no-routing-loops", "no-route-flapping", "no-ineffective-routes")
ASSUMED: dict[str, tuple[Any, ...]] = {
    "gateway_preserves_as_path": (False, True),
    "vbr_preserves_as_path": (True,),
    "gateway_exports_custom_routes": (False, True),
    "gateway_exports_cen_routes": (True, False),
    "gateway_exports_other_gateways_routes": (False,),
    "cen_learns_vpn_routes": (False, True),
    "gateway_prefers": ("bgp", "cloud", "as_path"),
    "vpc_prefers": ("vpn", "cen"),
    "conflict": ("identical", "overlapping"),
    "gateway_lookup": ("longest_prefix", "table_order"),
    "over_quota": ("drop_excess", "close_session", "accept_all"),
    "local_as_check": ("session", "all"),
}
FIXED = ("172.16.0.0/28", "172.16.0.0/29", "172.16.0.8/30", "172.16.0.4/31", "0.0.0.0/0", "172.16.0.0/27")


@dataclass(frozen=True)
class OpenNetwork:
    """A network with open announcements, and its open entries by site."""

    document: Json
    entries: dict[str, Json]

    def concrete(self) -> Iterator[Json]:
        """The network with each set of prefixes that its entries allow."""
        choices = [list(sets_of(entry)) for entry in self.entries.values()]
        for chosen in product(*choices):
            document = json.loads(json.dumps(self.document))
            by_site = dict(zip(self.entries, chosen, strict=True))
            for site in document["data_centers"]:
                fixed = [prefix for prefix in site["prefixes"] if isinstance(prefix, str)]
                more = [str(prefix) for prefix in by_site.get(site["id"], ())]
                site["prefixes"] = [*fixed, *(prefix for prefix in more if prefix not in fixed)]
            yield document


def sets_of(entry: Json) -> Iterator[tuple[IPv4Network, ...]]:
    """Every set of prefixes that an entry allows."""
    within = IPv4Network(entry["within"])
    shortest, longest = entry["length"]
    prefixes = [p for length in range(shortest, longest + 1) for p in within.subnets(new_prefix=length)]
    low, high = entry.get("count", [1, 1])
    for size in range(low, high + 1):
        yield from combinations(prefixes, size)


def network(seed: int) -> OpenNetwork:
    """One of the networks."""
    rng = random.Random(seed)
    sites = ["dc-0", "dc-1"][: rng.choice((1, 2))]
    entries = {"dc-0": _entry(rng)}
    if len(sites) > 1 and rng.random() < 0.3:
        entries["dc-1"] = {"within": "172.16.0.0/30", "length": [30, 31], "count": [0, 1]}
    document: Json = {
        "vpcs": _vpcs(rng),
        "vpn_gateways": [
            {"id": f"vgw-{n}", "vpc": "vpc-0", "auto_advertise": True, "bgp_route_quota": 50}
            for n in range(rng.choice((1, 2)))
        ],
        "customer_gateways": [
            {"id": f"cgw-{site}", "asn": 65001 + n, "data_center": site} for n, site in enumerate(sites)
        ],
        "data_centers": [_site(rng, site, entries.get(site)) for site in sites],
        "cens": _cens(rng),
        "environment": {"withdrawals": rng.random() < 0.6},
        "assume": {name: rng.choice(values) for name, values in ASSUMED.items()},
    }
    document["ipsec_connections"] = list(_connections(rng, document["vpn_gateways"], sites))
    return OpenNetwork(document, entries)


def _entry(rng: random.Random) -> Json:
    within = rng.choice(("172.16.0.0/29", "172.16.0.0/30", "172.16.0.8/30", "172.16.0.4/30"))
    shortest = IPv4Network(within).prefixlen + rng.choice((0, 0, 1))
    count = rng.choice(([1, 1], [1, 1], [0, 1], [2, 2], [1, 2], [3, 3]))
    return {"within": within, "length": [shortest, shortest + 1], "count": count}


def _vpcs(rng: random.Random) -> list[Json]:
    cidr = rng.choice(("172.16.0.0/29", "172.16.0.8/29", "172.16.0.0/31", "172.17.0.0/24", "172.16.0.0/26"))
    routes = []
    for destination in rng.sample(FIXED, rng.choice((0, 0, 1))):
        if not IPv4Network(destination).subnet_of(IPv4Network(cidr)):
            hop = rng.choice(("vgw-0", "blackhole"))
            routes.append({"destination": destination, "next_hop": hop, "publish_to_cen": rng.random() < 0.5})
    first = {"id": "vpc-0", "vswitches": [{"id": "vsw-0", "cidr": cidr}], "routes": routes}
    return [first, {"id": "vpc-1", "vswitches": [{"id": "vsw-1", "cidr": "172.16.0.16/28"}]}]


def _cens(rng: random.Random) -> list[Json]:
    if rng.random() < 0.4:
        return []
    overlapping = rng.random() < 0.6
    return [{"id": "cen-0", "overlapping_routing": overlapping, "attachments": ["vpc-0", "vpc-1"]}]


def _site(rng: random.Random, site: str, entry: Json | None) -> Json:
    prefixes: list[Any] = [p for p in FIXED if rng.random() < 0.2 or (entry is None and p == FIXED[0])]
    found: Json = {
        "id": site,
        "prefixes": [*prefixes, *([entry] if entry else [])],
        "readvertises": rng.random() < 0.4,
        "prefers": rng.choice(("internal", "internal", "external")),
    }
    if rng.random() < 0.2:
        found["static_routes"] = [{"destination": "172.16.0.0/28", "next_hop": "vgw-0"}]
    if rng.random() < 0.3:
        found["peers"] = [{"peer": "vgw-0", rng.choice(("import", "export")): [rng.choice(FIXED)]}]
    return found


def _connections(rng: random.Random, gateways: list[Json], sites: list[str]) -> Iterator[Json]:
    asns = [45104, rng.choice((45104, 45105))]
    for number, (gateway, site) in enumerate(product(gateways, sites)):
        if number and rng.random() < 0.2:
            continue
        tunnels = [
            {
                "customer_gateway": f"cgw-{site}",
                "local_asn": asns[gateways.index(gateway)],
                "tunnel_cidr": f"169.254.{10 + 2 * number + k}.0/30",
                "local_bgp_ip": f"169.254.{10 + 2 * number + k}.1",
            }
            for k in range(2)
        ]
        yield {
            "id": f"vco-{number}",
            "vpn_gateway": gateway["id"],
            "bgp_enabled": True,
            "tunnels": tunnels,
        }


def verdicts(document: Json) -> Result:
    """What the checker says of a network."""
    options = CheckOptions(properties=PROPERTIES, remedies=False)
    return check(load("network.json", json.dumps(document)), options)


def differences(seed: int) -> list[str]:
    """Properties that one network with open announcements and its concrete networks disagree on."""
    open_one = network(seed)
    found = {result.id: result.verdict for result in verdicts(open_one.document).properties}
    worst = {name: set[Verdict]() for name in PROPERTIES}
    for document in open_one.concrete():
        for result in verdicts(document).properties:
            worst[result.id].add(result.verdict)
    wrong = []
    for name, verdict in found.items():
        expected = Verdict.VIOLATED if Verdict.VIOLATED in worst[name] else Verdict.PROVED
        if worst[name] == {Verdict.VACUOUS}:
            expected = Verdict.VACUOUS
        if verdict is not expected:
            wrong.append(f"seed {seed}: {name} is {verdict}, its concrete networks say {sorted(worst[name])}")
    return wrong
