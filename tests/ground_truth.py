"""What real BGP daemons did, as scenarios with every reading pinned.

Each row is one line of a measurement with BIRD and FRR in network namespaces: the
network as a document, and what was seen.  `outcome` speaks of all origins present:

* fine: a stable state without a forwarding loop exists, and the daemons settled in it (in the R14
  rows also after the origin of `prefix` was withdrawn, which was not tried in the others);
* loop: a stable state with a forwarding loop exists;
* ghost-loop: fine, but after the origin of `prefix` is withdrawn a loop remains;
* oscillates: no stable state exists;
* two-states: two stable states exist, and timing picked one.

The daemons' knobs become readings and choices of the site.  A path that is lost is
`gateway_preserves_as_path` false (and that of the VBR); a gateway that advertises
what another one wrote, `gateway_exports_other_gateways_routes`; what the VPC table
prefers, `vpc_prefers`; a site that reflects, `readvertises`.  A site that knows its
prefix locally prefers internal routes; one that has it from an IGP, or with a lower
local preference, prefers external ones.

Measured, but not expressible, and so left out:

* a VPC table that prefers neither dynamic source: `vpc_prefers` has no tie;
* sites whose two routers redistribute between OSPF and BGP, with and without a tag
  filter: a document has no redistribution;
* two routers of a site of which only one prefers the other's copy: `prefers` is one
  value for the site;
* a CEN hub that offers a publisher its own route: excluded by the split-horizon
  assumption;
* VPCs that exchange routes pairwise in a ring of three: every VPC of a CEN hears
  every other.  With two VPCs pairwise exchange and a hub are the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Literal, TypeAlias

Json: TypeAlias = dict[str, Any]
Order: TypeAlias = Literal["cen", "vpn"]
Outcome: TypeAlias = Literal["fine", "loop", "ghost-loop", "oscillates", "two-states"]

SITE_PREFIX = "10.0.0.0/16"
FAR_PREFIX = "172.16.8.0/24"
"""The vSwitch of the second VPC, which the first one learns from the CEN."""
OWN_PREFIX = "172.16.0.0/24"
ORDERS: tuple[Order, ...] = ("cen", "vpn")

PINNED: Json = {
    "gateway_exports_custom_routes": False,
    "gateway_exports_cen_routes": True,
    "gateway_exports_other_gateways_routes": False,
    "cen_learns_vpn_routes": False,
    "gateway_prefers": "bgp",
    "vpc_prefers": "vpn",
    "conflict": "identical",
    "gateway_lookup": "longest_prefix",
    "over_quota": "drop_excess",
    "local_as_check": "session",
}
"""Readings that a row does not speak of; its own values replace them."""


@dataclass(frozen=True, slots=True)
class Row:
    """One measured line; `stable_states` counts those of `prefix` with all origins present, where known."""

    name: str
    document: Json
    prefix: str
    outcome: Outcome
    stable_states: int | None = None


def vpc(id: str, *cidrs: str) -> Json:
    """A VPC with one vSwitch for each prefix."""
    vswitches = [{"id": f"{id}-vsw-{n}", "cidr": cidr} for n, cidr in enumerate(cidrs, start=1)]
    return {"id": id, "vswitches": vswitches}


def gateway(id: str, vpc_id: str) -> Json:
    """A VPN gateway that advertises automatically."""
    return {"id": id, "vpc": vpc_id, "auto_advertise": True}


def connection(number: int, gateway_id: str, customer_gateway: str, local_asn: int = 45104) -> Json:
    """A BGP connection with one tunnel; the number makes its addresses unique."""
    block = f"169.254.{9 + number}"
    tunnel = {
        "customer_gateway": customer_gateway,
        "local_asn": local_asn,
        "tunnel_cidr": f"{block}.0/30",
        "local_bgp_ip": f"{block}.1",
    }
    return {"id": f"vco-{number}", "vpn_gateway": gateway_id, "bgp_enabled": True, "tunnels": [tunnel]}


def scenario(name: str, assume: Mapping[str, Any], **parts: Any) -> Json:
    """A document with all readings pinned: those of `assume`, and `PINNED` for the others."""
    return {"version": 1, "name": name, **parts, "assume": {**PINNED, **assume}}


def two_gateways(name: str, asns: tuple[int, int], reflects: bool, assume: Json) -> Json:
    """One VPC, two gateways, one customer gateway; a second VPC behind the CEN."""
    return scenario(
        name,
        assume,
        vpcs=[vpc("vpc-a", OWN_PREFIX), vpc("vpc-b", FAR_PREFIX)],
        vpn_gateways=[gateway("vgw-1", "vpc-a"), gateway("vgw-2", "vpc-a")],
        customer_gateways=[{"id": "cgw-1", "asn": 65001, "data_center": "dc-1"}],
        ipsec_connections=[connection(n, f"vgw-{n}", "cgw-1", asn) for n, asn in enumerate(asns, start=1)],
        data_centers=[
            {
                "id": "dc-1",
                "prefixes": [SITE_PREFIX],
                "internal_peering": True,
                "readvertises": reflects,
                "prefers": "internal",
            }
        ],
        cens=[{"id": "cen-1", "attachments": ["vpc-a", "vpc-b"]}],
    )


def shared_customer_gateway() -> Iterator[Row]:
    """R14: 32 of the 48 combinations (a third value of the VPC's order is not expressible)."""
    for asns, reflects, kept, passed_on, order in product(
        ((45104, 45104), (45104, 45105)), (False, True), (False, True), (False, True), ORDERS
    ):
        name = (
            f"R14 {'same' if asns[0] == asns[1] else 'different'} ASNs, "
            f"{'reflects' if reflects else 'does not reflect'}, path {'kept' if kept else 'lost'}, "
            f"{'passed on' if passed_on else 'not passed on'}, {order} first"
        )
        assume = {
            "gateway_preserves_as_path": kept,
            "gateway_exports_other_gateways_routes": passed_on,
            "vpc_prefers": order,
        }
        dangerous = asns[0] != asns[1] and reflects
        outcome = _seen_with_two_gateways(kept, passed_on, order) if dangerous else "fine"
        states = 0 if outcome == "oscillates" else None
        yield Row(name, two_gateways(name, asns, reflects, assume), FAR_PREFIX, outcome, states)


def _seen_with_two_gateways(kept: bool, passed_on: bool, order: Order) -> Outcome:
    """The measured outcome where local ASNs differ and the site reflects."""
    if order == "cen":
        return "ghost-loop" if passed_on and not kept else "fine"
    return "loop" if passed_on and not kept else "oscillates"


def circuit_and_vpn(name: str, routers: tuple[int, ...], vpn_asn: int, source: str, assume: Json) -> Json:
    """A site with a VBR on router 1 (AS 65001) and a VPN gateway on its last router."""
    last = f"r{len(routers)}"
    site = {
        "id": "dc-1",
        "prefixes": [SITE_PREFIX],
        "routers": [{"id": f"r{n}", "asn": asn} for n, asn in enumerate(routers, start=1)],
        "internal_peering": True,
        "readvertises": True,
        "prefers": "internal" if source == "local" else "external",
    }
    if source == "lp":
        site["peers"] = [{"peer": "vgw-1", "local_pref": 200}, {"peer": "vbr-1", "local_pref": 200}]
    kept = assume["gateway_preserves_as_path"]
    return scenario(
        name,
        {"vpc_prefers": "cen", **assume},
        vpcs=[vpc("vpc-a", OWN_PREFIX)],
        vpn_gateways=[gateway("vgw-1", "vpc-a")],
        customer_gateways=[{"id": "cgw-1", "asn": vpn_asn, "data_center": "dc-1", "router": last}],
        ipsec_connections=[connection(1, "vgw-1", "cgw-1")],
        data_centers=[site],
        virtual_border_routers=[
            {
                "id": "vbr-1",
                "attached_to": "cen-1",
                "as_path_preserved": kept,
                "peers": [{"data_center": "dc-1", "router": "r1", "peer_asn": 65001}],
            }
        ],
        cens=[{"id": "cen-1", "attachments": ["vpc-a", "vbr-1"]}],
    )


def _circuit_rows(routers: int) -> Iterator[tuple[str, Json, bool, str, str, bool]]:
    for source, kept, prefers, same in product(
        ("local", "igp", "lp"), (False, True), ("bgp", "as_path", "cloud"), (True, False)
    ):
        name = (
            f"R15 {routers} router{'s' if routers > 1 else ''}, {source}, path {'kept' if kept else 'lost'}, "
            f"gateway prefers {prefers}, {'same' if same else 'different'} ASN"
        )
        vpn_asn = 65001 if same else 65002
        asns = (65001,) if routers == 1 else (65001, vpn_asn)
        assume = {"gateway_preserves_as_path": kept, "gateway_prefers": prefers}
        document = circuit_and_vpn(name, asns, vpn_asn, source, assume)
        yield name, document, kept, prefers, source, same


def one_router() -> Iterator[Row]:
    """R15: a router that shows AS 65001 to the VBR and the same or another ASN to the gateway; 36 rows."""
    for name, document, kept, prefers, source, same in _circuit_rows(1):
        lost_and_returned = not kept and prefers != "bgp"
        accepted_anyway = kept and prefers == "cloud" and not same
        flaps = source != "local" and (lost_and_returned or accepted_anyway)
        yield _circuit_row(name, document, flaps)


def two_routers() -> Iterator[Row]:
    """R15: the VBR and the gateway end at two routers that are joined by BGP and take each other's copies."""
    for name, document, kept, prefers, source, _ in _circuit_rows(2):
        yield _circuit_row(name, document, source != "local" and not kept and prefers != "bgp")


def _circuit_row(name: str, document: Json, flaps: bool) -> Row:
    return Row(name, document, SITE_PREFIX, "oscillates" if flaps else "fine", 0 if flaps else None)


@dataclass(frozen=True, slots=True)
class TwoVpcs:
    """The knobs of the measurements with two VPCs on one CEN, each with a gateway to the site."""

    asns: tuple[int, int] = (45104, 45104)
    prefers: Literal["internal", "external"] = "internal"
    announced_to_both: bool = True
    kept: bool = False
    readvertised: bool = True  # the gateways give CEN routes to the site
    order: Order = "cen"
    gateway_prefers: str = "cloud"

    def document(self, name: str) -> Json:
        """The scenario with these knobs; the site passes routes from one gateway to the other."""
        site = {
            "id": "dc-1",
            "prefixes": [SITE_PREFIX],
            "internal_peering": True,
            "readvertises": True,
            "prefers": self.prefers,
        }
        if not self.announced_to_both:
            site["peers"] = [{"peer": "vgw-b", "export": ["172.16.0.0/12"]}]
        return scenario(
            name,
            {
                "gateway_preserves_as_path": self.kept,
                "gateway_exports_cen_routes": self.readvertised,
                "cen_learns_vpn_routes": True,
                "gateway_prefers": self.gateway_prefers,
                "vpc_prefers": self.order,
            },
            vpcs=[vpc("vpc-a", OWN_PREFIX), vpc("vpc-b", FAR_PREFIX)],
            vpn_gateways=[gateway("vgw-a", "vpc-a"), gateway("vgw-b", "vpc-b")],
            customer_gateways=[{"id": "cgw-1", "asn": 65001, "data_center": "dc-1"}],
            ipsec_connections=[
                connection(1, "vgw-a", "cgw-1", self.asns[0]),
                connection(2, "vgw-b", "cgw-1", self.asns[1]),
            ],
            data_centers=[site],
            cens=[{"id": "cen-1", "attachments": ["vpc-a", "vpc-b"]}],
        )

    def row(self, name: str, outcome: Outcome, stable_states: int | None = None) -> Row:
        """A row with these knobs, about the prefix of the site."""
        states = 0 if outcome == "oscillates" else stable_states
        return Row(name, self.document(name), SITE_PREFIX, outcome, states)


def two_vpcs() -> Iterator[Row]:
    """R17: the site's prefix reaches both VPCs, by their own gateways and from each other."""
    yield TwoVpcs(readvertised=False, order="vpn").row("R17 VPN first", "fine", 1)
    yield TwoVpcs(readvertised=False).row("R17 CEN first", "two-states", 2)
    apart = (45104, 45105)
    for prefers in ("cloud", "as_path"):
        same = TwoVpcs(prefers="external", gateway_prefers=prefers)
        yield same.row(f"R17 gateways re-advertise, same ASN, prefer {prefers}", "oscillates")
    for prefers in ("bgp", "cloud", "as_path"):
        different = TwoVpcs(asns=apart, prefers="external", gateway_prefers=prefers)
        yield different.row(f"R17 gateways re-advertise, different ASNs, prefer {prefers}", "loop")
    yield from _announced_to_one()
    yield from _harmless_with_two_vpcs()


def _announced_to_one() -> Iterator[Row]:
    for order in ORDERS:
        same = TwoVpcs(prefers="external", announced_to_both=False, order=order)
        different = replace(same, asns=(45104, 45105))
        yield same.row(f"R17 announced to one gateway, same ASN, {order} first", "oscillates")
        yield different.row(f"R17 announced to one gateway, different ASNs, {order} first", "loop")


def _harmless_with_two_vpcs() -> Iterator[Row]:
    for asns, both, order in product(((45104, 45104), (45104, 45105)), (True, False), ORDERS):
        local = TwoVpcs(asns=asns, announced_to_both=both, order=order)
        kept = replace(local, kept=True, prefers="external")
        label = (
            f"announced to {'both gateways' if both else 'one gateway'}, "
            f"{'same ASN' if asns[0] == asns[1] else 'different ASNs'}, {order} first"
        )
        yield kept.row(f"R17 path kept, {label}", "fine")
        yield local.row(f"R17 prefix local, {label}", "fine")


def rows() -> tuple[Row, ...]:
    """Every row that a document can express."""
    return (*shared_customer_gateway(), *one_router(), *two_routers(), *two_vpcs())
