"""What a change of the configuration costs: one small table, and what a user says otherwise.

A price is no money.  It says how much a change asks of people: a switch in the
console is one, a ticket or a new session more, and most what cannot be edited and has
to be replaced.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from .edits import Edit, fields

CUSTOMER_GATEWAY = "customer-gateway"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of change: its price (None: it is not considered), and what it is, in words."""

    price: int | None
    meaning: str


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "switch": Kind(1, "a switch of a VPN gateway, a connection, a route or a CEN"),
        "site-policy": Kind(2, "a setting of a site's routers: filters, preferences, announcements, routes"),
        "vpc-route": Kind(2, "an entry of a VPC's route tables, or the table of a vSwitch"),
        "tunnel-address": Kind(2, "the addresses inside a tunnel"),
        "quota": Kind(3, "a ticket for a larger quota"),
        "connection-asn": Kind(4, "the local ASN of a connection, all its tunnels together"),
        "attachment": Kind(5, "what a CEN or a virtual border router is attached to"),
        "vbr-asn": Kind(6, "an ASN of a virtual border router or of its peer"),
        "upgrade": Kind(8, "an upgrade of a VPN gateway"),
        "site-asn": Kind(10, "the ASN of a site's router"),
        "design": Kind(12, "another part of the design: an object, an address range, a reference"),
        "disconnection": Kind(15, "BGP, an attachment or an announcement that is given up"),
        CUSTOMER_GATEWAY: Kind(20, "a customer gateway, which has to be replaced"),
        "platform": Kind(None, "what the platform does or when it was made, which is no setting"),
        "requirement": Kind(None, "what is asked of the design: intents, failures, expectations"),
    }
)

_POLICY = (
    *("readvertises", "prefers", "internal_peering", "allowas_in", "static_routes", "peers"),
    *("static_routes.destination", "static_routes.next_hop", "routers.allowas_in", "prefixes.announced"),
    *("peers.peer", "peers.local_pref", "peers.prepend", "peers.import", "peers.export"),
)
_ROUTES = ("routes", "routes.route_table", "routes.destination", "routes.next_hop", "custom_route_tables")
_KIND_OF: Mapping[str, str] = {
    "vpn_gateways.auto_advertise": "switch",
    "ipsec_connections.bgp_enabled": "switch",
    "ipsec_connections.routing_mode": "switch",
    "vpcs.routes.publish_to_cen": "switch",
    "cens.overlapping_routing": "switch",
    "cens.rejects_hybrid_exchange": "switch",
    **dict.fromkeys((f"data_centers.{key}" for key in _POLICY), "site-policy"),
    **dict.fromkeys((f"vpcs.{key}" for key in (*_ROUTES, "vswitches.route_table")), "vpc-route"),
    "ipsec_connections.tunnels.tunnel_cidr": "tunnel-address",
    "ipsec_connections.tunnels.local_bgp_ip": "tunnel-address",
    "vpn_gateways.bgp_route_quota": "quota",
    "virtual_border_routers.bgp_route_quota": "quota",
    "ipsec_connections.tunnels.local_asn": "connection-asn",
    "cens.attachments": "attachment",
    "virtual_border_routers.attached_to": "attachment",
    "virtual_border_routers.local_asn": "vbr-asn",
    "virtual_border_routers.peers.peer_asn": "vbr-asn",
    "vpn_gateways.tunnel_support": "upgrade",
    "vpn_gateways.bgp_supported": "upgrade",
    "data_centers.routers.asn": "site-asn",
    "ipsec_connections.tunnels.customer_gateway": CUSTOMER_GATEWAY,
    "virtual_border_routers.as_path_preserved": "platform",
    "cens.created": "platform",
}
_CONNECTING = frozenset(
    ("vpn_gateways.auto_advertise", "ipsec_connections.bgp_enabled", "data_centers.prefixes.announced")
)
"""What is given up with the value false."""
_REQUIREMENTS = frozenset(
    ("version", "name", "description", "source", "environment", "intents", "expect", "gadget")
)


def kind_of(edit: Edit) -> str:
    """The kind of change that an edit is."""
    keys = fields(edit.steps)
    if keys[0] in _REQUIREMENTS:
        return "requirement"
    if "readings" in keys or keys[0] == "assume":
        return "platform"
    if keys[0] == "customer_gateways":
        return CUSTOMER_GATEWAY
    key = ".".join(keys)
    if (key in _CONNECTING and edit.value is False) or (key, edit.op) == ("cens.attachments", "remove"):
        return "disconnection"
    return _KIND_OF.get(key, "design")


@dataclass(frozen=True, slots=True)
class Charge:
    """What is paid for once: the kind, the edits that it covers, and the price."""

    kind: str
    edits: tuple[Edit, ...]
    price: int


@dataclass(frozen=True)
class Prices:
    """The table, and what a user says otherwise.

    `kinds` are other prices of kinds; `paths` are prices for places, of which the last that
    fits counts; `forbidden` are kinds and places that are not to be changed.  A place is a
    path, with * for any text, and means all that is below it too.
    """

    kinds: Mapping[str, int] = field(default_factory=dict)
    paths: tuple[tuple[str, int], ...] = ()
    forbidden: tuple[str, ...] = ()

    def of(self, edit: Edit) -> int | None:
        """The price of one edit by itself; None for one that is not considered."""
        kind = kind_of(edit)
        if any(kind == each or covers(each, edit.path) for each in self.forbidden):
            return None
        found = [price for pattern, price in self.paths if covers(pattern, edit.path)]
        return found[-1] if found else self.kinds.get(kind, KINDS[kind].price)

    def cost(self, edits: Iterable[Edit]) -> int | None:
        """The price of a set of edits; None if one of them is not considered."""
        charges = self.charges(edits)
        return None if charges is None else sum(charge.price for charge in charges)

    def charges(self, edits: Iterable[Edit]) -> tuple[Charge, ...] | None:
        """What a set of edits is paid for, what is done together once; None as for `cost`."""
        listed = tuple(edits)
        groups: dict[tuple[str, ...], list[tuple[Edit, int]]] = {}
        for edit in listed:
            price = self.of(edit)
            if price is None:
                return None
            groups.setdefault((kind_of(edit), *_together(edit, listed)), []).append((edit, price))
        return tuple(
            Charge(key[0], tuple(edit for edit, _ in group), max(price for _, price in group))
            for key, group in groups.items()
        )


def covers(pattern: str, path: str) -> bool:
    """Whether a pattern names a path, or something around it; * stands for any text."""
    wanted = ".*".join(map(re.escape, pattern.split("*")))
    return re.fullmatch(rf"{wanted}(?:\..*)?", path, re.DOTALL) is not None


def _together(edit: Edit, edits: Iterable[Edit]) -> tuple[str, ...]:
    """What edits of one kind have in common that are paid for once.

    The tunnels of a connection; the addresses of a tunnel; all that is done to replace a
    customer gateway.
    """
    kind = kind_of(edit)
    if kind == "connection-asn":
        return edit.steps[:2]
    if kind == "tunnel-address":
        return edit.steps[:4]
    if kind == CUSTOMER_GATEWAY:
        return (_replaced(edit, edits),)
    return edit.steps if edit.op == "set" else (*edit.steps, json.dumps(edit.value, sort_keys=True))


def _replaced(edit: Edit, edits: Iterable[Edit]) -> str:
    """The customer gateway that an edit is about; taking one out belongs to the first that comes."""
    if edit.steps[0] == "ipsec_connections":
        return str(edit.value)
    if edit.op == "set":
        return edit.steps[1]
    coming = [str(e.value.get("id")) for e in edits if e.op == "add" and e.steps == ("customer_gateways",)
              and isinstance(e.value, Mapping)]  # fmt: skip
    own = str(edit.value.get("id")) if isinstance(edit.value, Mapping) else ""
    return coming[0] if edit.op == "remove" and coming else own
