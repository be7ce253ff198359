"""A design in which everything arrives, and small changes of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from verify.check import CheckOptions, check
from verify.load import load
from verify.verdict import PropertyResult, Verdict

Json = dict[str, Any]
Edit = Callable[[Json], object]


def design() -> Json:
    """One site, one dual-tunnel connection, one VPC with a second table: everything arrives."""
    tunnels = [
        {"customer_gateway": "cgw", "tunnel_cidr": f"169.254.1{n}.0/30", "local_bgp_ip": f"169.254.1{n}.1"}
        for n in (1, 2)
    ]
    return {
        "vpcs": [{"id": "vpc", "vswitches": [{"id": "vsw", "cidr": "172.16.0.0/24"}]}],
        "vpn_gateways": [{"id": "vgw", "vpc": "vpc", "auto_advertise": True}],
        "customer_gateways": [{"id": "cgw", "asn": 65001, "data_center": "dc"}],
        "ipsec_connections": [{"id": "vco", "vpn_gateway": "vgw", "bgp_enabled": True, "tunnels": tunnels}],
        "data_centers": [{"id": "dc", "prefixes": ["10.0.0.0/16"]}],
    }


def asked(document: Json, property_id: str = "no-ineffective-routes") -> PropertyResult:
    loaded = load("design.json", json.dumps(document))
    (result,) = check(loaded, CheckOptions(properties=(property_id,))).properties
    return result


def reason(document: Json) -> str:
    result = asked(document)
    assert result.verdict in (Verdict.VIOLATED, Verdict.CONDITIONAL)
    assert result.counterexample is not None
    assert result.counterexample.replayed
    return str(result.counterexample.undelivered["reason"])


def routes(*entries: tuple[str, str], table: str = "system") -> Edit:
    """Custom routes of the VPC, as destination and next hop."""
    listed = [{"route_table": table, "destination": to, "next_hop": by} for to, by in entries]
    return lambda d: d["vpcs"][0].update(routes=listed)


def on_custom_table(d: Json) -> None:
    d["vpcs"][0]["custom_route_tables"] = [{"id": "rtb"}]
    d["vpcs"][0]["vswitches"][0]["route_table"] = "rtb"


def announcing(*prefixes: str) -> Edit:
    return lambda d: d["data_centers"][0].update(prefixes=list(prefixes))


def filters(**lists: list[str]) -> Edit:
    return lambda d: d["data_centers"][0].update(peers=[{"peer": "vgw", **lists}])


def local_asn(asn: int) -> Edit:
    return lambda d: [t.update(local_asn=asn) for t in d["ipsec_connections"][0]["tunnels"]]


def quota(prefixes: int, reading: str = "drop_excess") -> Edit:
    """A quota of two; over it the surplus is dropped."""

    def edit(d: Json) -> None:
        announcing(*(f"10.{n}.0.0/16" for n in range(prefixes)))(d)
        d["vpn_gateways"][0]["bgp_route_quota"] = 2
        d["assume"] = {"over_quota": reading}

    return edit


def on_cen(overlapping: bool) -> Edit:
    """The VPC on a CEN, and a site whose prefix contains the vSwitch; who reaches the rest of it is asked."""

    def edit(d: Json) -> None:
        d["cens"] = [{"id": "cen", "overlapping_routing": overlapping, "attachments": ["vpc"]}]
        announcing("172.16.0.0/16")(d)
        d["intents"] = [{"from": "vpc", "to": "172.16.128.0/17"}]

    return edit


def second_site(prefix: str, tunnels: int, to: str = "dc") -> Edit:
    """Another site on the same gateway."""

    def edit(d: Json) -> None:
        add_site(d, prefix, tunnels)
        d["intents"] = [{"from": "vpc", "to": to}]

    return edit


def add_site(d: Json, prefix: str, tunnels: int = 1) -> None:
    d["data_centers"].append({"id": "far", "prefixes": [prefix]})
    d["customer_gateways"].append({"id": "cgw-2", "asn": 65002, "data_center": "far"})
    ends = [
        {"customer_gateway": "cgw-2", "tunnel_cidr": f"169.254.2{n}.0/30", "local_bgp_ip": f"169.254.2{n}.1"}
        for n in range(tunnels)
    ]
    d["ipsec_connections"].append({"id": "vco-2", "vpn_gateway": "vgw", "bgp_enabled": True, "tunnels": ends})


def custom_table(*entries: tuple[str, str]) -> Edit:
    def edit(d: Json) -> None:
        on_custom_table(d)
        routes(*entries, table="rtb")(d)

    return edit


def site_static(*entries: tuple[str, str]) -> Edit:
    listed = [{"destination": to, "next_hop": by} for to, by in entries]
    return lambda d: d["data_centers"][0].update(static_routes=listed)


def circuits(rejects: bool) -> Edit:
    """Two sites, each with a VBR on one CEN, and no VPN."""

    def edit(d: Json) -> None:
        d.clear()
        d["data_centers"] = [
            {"id": "dc", "prefixes": ["10.0.0.0/16"]},
            {"id": "far", "prefixes": ["10.1.0.0/16"]},
        ]
        d["virtual_border_routers"] = [
            {"id": f"vbr-{n}", "attached_to": "cen", "peers": [{"data_center": site, "peer_asn": 65000 + n}]}
            for n, site in enumerate(("dc", "far"))
        ]
        d["cens"] = [{"id": "cen", "attachments": [], "rejects_hybrid_exchange": rejects}]
        d["intents"] = [{"from": "dc", "to": "far"}]

    return edit


def circuit_quota(prefixes: int) -> Edit:
    """One VBR by router interface, with room for two prefixes."""

    def edit(d: Json) -> None:
        announcing(*(f"10.{n}.0.0/16" for n in range(prefixes)))(d)
        for kind in ("vpn_gateways", "customer_gateways", "ipsec_connections"):
            d.pop(kind)
        peers = [{"data_center": "dc", "peer_asn": 65001}]
        d["virtual_border_routers"] = [
            {"id": "vbr", "attached_to": "vpc", "peers": peers, "bgp_route_quota": 2}
        ]
        d["assume"] = {"over_quota": "drop_excess"}

    return edit
