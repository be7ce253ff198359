"""What each change of the configuration is in the words of the console, or of the site's routers.

The words are those of the vendor's pages: VPN Gateway, Configure BGP dynamic routing;
VPC, route tables; Express Connect, BGP; CEN, overlapping routing and routing policies.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from verify.models.edits import KEYS, LISTS, Edit, fields

Names: TypeAlias = tuple[str, ...]
Clause: TypeAlias = Callable[[object, Names], str]

POLICY = "the routing policy that rejects what came from a VPN gateway, VBR or CCN (direction: egress)"
ROUTING_MODES = {"destination": "Destination Routing Mode", "protected": "Protected Data Flows"}


def clause(edit: Edit) -> str:
    """What an edit asks to be done, as the part of a sentence that follows on where it is done."""
    key = ".".join(fields(edit.steps))
    known = {"set": SET, "add": ADDED, "remove": REMOVED}[edit.op]
    if key in known:
        return known[key](edit.value, names(edit.steps))
    verb = {"set": "set", "add": "add to", "remove": "take out of"}[edit.op]
    return f"{verb} {edit.path}: {text_of(edit.value)}"


def names(steps: Sequence[str]) -> Names:
    """The ids and labels on the way to a place."""
    found: list[str] = []
    names_item = False
    for step in steps:
        if names_item:
            found.append(step)
        names_item = not names_item and KEYS.get(step, step) in LISTS
    return tuple(found)


def text_of(value: object) -> str:
    """A JSON value in a sentence."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def tunnel(label: str) -> str:
    """A tunnel by its position, counted from one."""
    return f"tunnel {int(label) + 1}" if label.isdigit() else "the tunnel"


def _switched(what: str) -> Clause:
    return lambda value, _: f"turn {what} {'on' if value is True else 'off'}"


def _either(yes: str, no: str) -> Clause:
    """One sentence for true and one for false, with the innermost name in place of {}."""
    return lambda value, named: (yes if value is True else no).format(named[-1])


def _told(words: str) -> Clause:
    """A sentence with the value and the innermost name in it."""
    return lambda value, named: words.format(value=text_of(value), name=named[-1])


def _of_tunnel(words: str) -> Clause:
    return lambda value, named: words.format(value=text_of(value), name=tunnel(named[-1]))


def _allowed(value: object, _: Names) -> str:
    if value in (0, None):
        return "refuse routes whose AS_PATH has an ASN of the site (no allowas-in)"
    return f"accept an ASN of the site up to {value} times in an AS_PATH (allowas-in {value})"


def _prepended(value: object, named: Names) -> str:
    if value == 0:
        return f"stop prepending to what is advertised to {named[-1]}"
    return f"prepend the router's ASN {value} times to what is advertised to {named[-1]}"


def _filtered(verb: str, preposition: str) -> Clause:
    def words(value: object, named: Names) -> str:
        if isinstance(value, list | tuple):
            listed = ", ".join(map(text_of, value))
            return f"{verb} {'only ' + listed if value else 'nothing'} {preposition} {named[-1]}"
        return f"{verb} everything {preposition} {named[-1]}"

    return words


def _policy(value: object, named: Names) -> str:
    """All that a new policy towards a peer says."""
    if not isinstance(value, Mapping):
        return f"a policy towards {named[-1]}"
    peer = text_of(value.get("peer"))
    told = ((SET.get(f"data_centers.peers.{key}"), inner) for key, inner in value.items() if key != "peer")
    parts = [words(inner, (peer,)) for words, inner in told if words is not None]
    return "; ".join(parts) or f"set up BGP with {peer}"


def _entry(verb: str) -> Clause:
    def words(value: object, _: Names) -> str:
        if not isinstance(value, Mapping):
            return f"{verb} {text_of(value)}"
        table, hop = value.get("route_table", "system"), value.get("next_hop")
        way = "as a black hole" if hop == "blackhole" else f"with next hop {hop}"
        published = " and publish it to the CEN" if value.get("publish_to_cen") is True else ""
        where = "" if table == "system" else f" in {table}"
        return f"{verb} a custom entry{where} for {value.get('destination')} {way}{published}"

    return words


def _static(verb: str) -> Clause:
    def words(value: object, _: Names) -> str:
        if not isinstance(value, Mapping):
            return f"{verb} {text_of(value)}"
        hop = value.get("next_hop")
        way = "that discards (null interface)" if hop == "discard" else f"with next hop {hop}"
        return f"{verb} a static route for {value.get('destination')} {way}"

    return words


def _prefix(verb: str) -> Clause:
    def words(value: object, _: Names) -> str:
        if isinstance(value, Mapping) and "within" in value:
            return f"{verb} prefixes inside {value['within']}"
        prefix = value.get("prefix") if isinstance(value, Mapping) else value
        silent = isinstance(value, Mapping) and value.get("announced") is False
        return f"{verb} {text_of(prefix)}{' without announcing it' if silent else ''}"

    return words


def _object(verb: str, what: str) -> Clause:
    def words(value: object, _: Names) -> str:
        if not isinstance(value, Mapping):
            return f"{verb} {what} {text_of(value)}"
        rest = ", ".join(f"{key} {text_of(inner)}" for key, inner in value.items() if key != "id")
        details = f" ({rest})" if verb == "create" and rest else ""
        return f"{verb} {what} {text_of(value.get('id'))}{details}"

    return words


SET: Mapping[str, Clause] = {
    "vpn_gateways.auto_advertise": _switched("Enable Automatic Route Advertisement"),
    "vpn_gateways.bgp_route_quota": _told("submit a ticket: {name} takes {value} BGP routes from a peer"),
    "vpn_gateways.tunnel_support": lambda value, named: (
        f"upgrade {named[-1]} to dual-tunnel mode" if value == "dual" else f"keep {named[-1]} single-tunnel"
    ),
    "vpn_gateways.bgp_supported": _either("upgrade {} to a version with BGP", "keep {} without BGP"),
    "customer_gateways.asn": _told("ASN {value}"),
    "customer_gateways.ip_address": _told("IP address {value}"),
    "customer_gateways.data_center": _told("for {value}"),
    "customer_gateways.router": _told("for the router {value}"),
    "customer_gateways.vpn_gateway": _told("for the VPN gateway {value}"),
    "ipsec_connections.bgp_enabled": _switched("Enable BGP"),
    "ipsec_connections.routing_mode": lambda value, _: (
        f"set Routing Mode to {ROUTING_MODES.get(str(value), value)}"
    ),
    "ipsec_connections.tunnels.role": _of_tunnel("make {name} the {value} tunnel"),
    "ipsec_connections.tunnels.customer_gateway": _of_tunnel("select Customer Gateway {value} for {name}"),
    "ipsec_connections.tunnels.local_asn": _of_tunnel("set Local ASN of {name} to {value}"),
    "ipsec_connections.tunnels.tunnel_cidr": _of_tunnel("set Tunnel CIDR Block of {name} to {value}"),
    "ipsec_connections.tunnels.local_bgp_ip": _of_tunnel("set Local BGP IP address of {name} to {value}"),
    "data_centers.readvertises": _either(
        "pass routes that were learned from one cloud peer on to the others",
        "stop re-advertising routes that were learned from one cloud peer to the others",
    ),
    "data_centers.prefers": lambda value, _: (
        "prefer the site's own routes to copies of them that come back by BGP"
        if value == "internal"
        else "prefer copies of the site's own routes that come back by BGP"
    ),
    "data_centers.internal_peering": _either(
        "let the site's routers exchange their BGP routes", "end BGP between the site's own routers"
    ),
    "data_centers.allowas_in": _allowed,
    "data_centers.routers.asn": _told("change the ASN of {name} to {value}, which restarts its sessions"),
    "data_centers.routers.allowas_in": lambda value, named: f"on {named[-1]}, {_allowed(value, named)}",
    "data_centers.prefixes.announced": _either("announce {}", "stop announcing {}"),
    "data_centers.static_routes.destination": _told("let the static route for {name} be one for {value}"),
    "data_centers.static_routes.next_hop": _told("give the static route for {name} the next hop {value}"),
    "data_centers.peers.local_pref": _told("give routes from {name} local preference {value}"),
    "data_centers.peers.prepend": _prepended,
    "data_centers.peers.import": _filtered("accept", "from"),
    "data_centers.peers.export": _filtered("advertise", "to"),
    "virtual_border_routers.local_asn": _told("recreate the BGP group of {name} with Local ASN {value}"),
    "virtual_border_routers.bgp_route_quota": _told(
        "submit a ticket: {name} takes {value} BGP routes from a peer"
    ),
    "virtual_border_routers.attached_to": _told("detach {name} and attach it to {value}"),
    "virtual_border_routers.as_path_preserved": _either(
        "move {} to an access device that passes AS_PATHs on", "keep {} on its access device"
    ),
    "virtual_border_routers.peers.peer_asn": _told(
        "recreate the BGP group and the BGP peer for {name} with Peer ASN {value}"
    ),
    "cens.overlapping_routing": _either(
        "enable overlapping routing, which cannot be disabled again", "leave overlapping routing disabled"
    ),
    "cens.rejects_hybrid_exchange": _either(f"add {POLICY}", f"delete {POLICY}"),
    "vpcs.routes.publish_to_cen": _either(
        "publish the entry for {}", "withdraw the entry for {} from the CEN"
    ),
    "vpcs.routes.next_hop": _told("give the custom entry for {name} the next hop {value}"),
    "vpcs.routes.destination": _told("replace the custom entry for {name} by one for {value}"),
    "vpcs.vswitches.route_table": _told("bind vSwitch {name} to the route table {value}"),
    "intents.allowed": _either("is meant to pass", "must not pass"),
}

ADDED: Mapping[str, Clause] = {
    "customer_gateways": _object("create", "customer gateway"),
    "data_centers.static_routes": _static("add"),
    "data_centers.prefixes": _prefix("announce"),
    "data_centers.peers": _policy,
    "vpcs.routes": _entry("add"),
    "vpcs.custom_route_tables": _object("create", "route table"),
    "cens.attachments": _object("attach", "network instance"),
}

REMOVED: Mapping[str, Clause] = {
    "customer_gateways": _object("delete", "customer gateway"),
    "data_centers.static_routes": _static("delete"),
    "data_centers.prefixes": _prefix("no longer have"),
    "data_centers.peers": lambda value, _: (
        f"drop the policy towards {value.get('peer') if isinstance(value, Mapping) else value}"
    ),
    "vpcs.routes": _entry("delete"),
    "vpcs.custom_route_tables": _object("delete", "route table"),
    "cens.attachments": _object("detach", "network instance"),
}
