"""Small documents for the tests of the rulebook: one gateway, one site, and variations of them."""

from __future__ import annotations

import json
from typing import Any

from verify.judge_rules import judge_rules
from verify.load import load
from verify.models.scenario import Document
from verify.solve import Backend
from verify.verdict import PropertyResult, RuleStatus

Part = dict[str, Any]


def vpc(name: str = "vpc-1", cidr: str = "172.16.0.0/24", **fields: Any) -> Part:
    return {"id": name, "vswitches": [{"id": f"vsw-{name}", "cidr": cidr}], **fields}


def gateway(name: str = "vgw-1", of: str = "vpc-1", **fields: Any) -> Part:
    return {"id": name, "vpc": of, "auto_advertise": True, **fields}


def customer(name: str = "cgw-1", site: str = "dc-1", asn: Any = 65001, **fields: Any) -> Part:
    return {"id": name, "asn": asn, "data_center": site, **fields}


def tunnel(block: int, to: str = "cgw-1", **fields: Any) -> Part:
    addresses = {"tunnel_cidr": f"169.254.{block}.0/30", "local_bgp_ip": f"169.254.{block}.1"}
    return {"customer_gateway": to, **addresses, **fields}


def connection(
    name: str = "vco-1", of: str = "vgw-1", to: str = "cgw-1", block: int = 10, **fields: Any
) -> Part:
    """A dual-tunnel connection; `asn` is the local ASN of both tunnels."""
    asn = {"local_asn": fields.pop("asn")} if "asn" in fields else {}
    tunnels = [tunnel(block, to, **asn), tunnel(block + 1, to, **asn)]
    return {"id": name, "vpn_gateway": of, "bgp_enabled": True, "tunnels": tunnels, **fields}


def site(name: str = "dc-1", prefixes: tuple[Any, ...] = ("10.0.0.0/16",), **fields: Any) -> Part:
    return {"id": name, "prefixes": list(prefixes), **fields}


def vbr(name: str = "vbr-1", to: str = "cen-1", peers: tuple[Part, ...] | None = None, **fields: Any) -> Part:
    default = ({"data_center": "dc-1", "peer_asn": 65001},)
    return {"id": name, "attached_to": to, "peers": list(default if peers is None else peers), **fields}


def cen(name: str = "cen-1", attachments: tuple[str, ...] = ("vpc-1",), **fields: Any) -> Part:
    return {"id": name, "attachments": list(attachments), **fields}


def document(**lists: Any) -> Document:
    """One gateway with one connection to one site, with some of the lists replaced."""
    parts: Part = {
        "version": 1,
        "name": "test",
        "vpcs": [vpc()],
        "vpn_gateways": [gateway()],
        "customer_gateways": [customer()],
        "ipsec_connections": [connection()],
        "data_centers": [site()],
    }
    return load("test.json", json.dumps(parts | lists)).document


def two_gateways(**lists: Any) -> Document:
    """Two gateways of one VPC, each with a connection to the same customer gateway."""
    return document(**two_gateway_parts(), **lists)


def two_gateway_parts() -> Part:
    return {
        "vpn_gateways": [gateway(), gateway("vgw-2")],
        "ipsec_connections": [connection(), connection("vco-2", "vgw-2", block=20)],
    }


def rule(checked: Document, rule_id: str) -> RuleStatus:
    return next(status for status in judge_rules(checked)[0] if status.id == rule_id)


def status(checked: Document, rule_id: str) -> str:
    return rule(checked, rule_id).status


def result(checked: Document) -> PropertyResult:
    return judge_rules(checked, Backend)[1]


def warned(checked: Document, rule_id: str) -> bool:
    return any(warning.startswith(f"{rule_id}: ") for warning in result(checked).warnings)
