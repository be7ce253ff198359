"""What each change of the configuration is in the words of the console, or of the site's routers.

The words are those of the vendor's pages: VPN Gateway, Configure BGP dynamic routing;
VPC, route tables; Express Connect, BGP; CEN, overlapping routing and routing policies.
"""

from __future__ import annotations

from collections.abc import Mapping

from verify.models.edits import Edit, fields
from verify.phrases import (
    Clause,
    Names,
    allowed,
    custom_entry,
    either,
    filtered,
    names,
    of_tunnel,
    prepended,
    site_prefix,
    static_route,
    switched,
    text_of,
    told,
    whole_object,
)

POLICY = "the routing policy that rejects what came from a VPN gateway, VBR or CCN (direction: egress)"
TICKET = "submit a ticket so that {name} takes {value} BGP routes from a peer"
ROUTING_MODES = {"destination": "Destination Routing Mode", "protected": "Protected Data Flows"}


def clause(edit: Edit) -> str:
    """What an edit asks to be done, as the part of a sentence that follows on where it is done."""
    words = _words(edit)
    if words is not None:
        return words(edit.value, names(edit.steps))
    verb = {"set": "set", "add": "add to", "remove": "take out of"}[edit.op]
    return f"{verb} {edit.path}: {text_of(edit.value)}"


def has_words(edit: Edit) -> bool:
    """Whether there is a sentence of its own for this kind of edit."""
    return _words(edit) is not None


def _words(edit: Edit) -> Clause | None:
    known = {"set": SET, "add": ADDED, "remove": REMOVED}[edit.op]
    return known.get(".".join(fields(edit.steps)))


def _policy(value: object, named: Names) -> str:
    """All that a new policy towards a peer says."""
    if not isinstance(value, Mapping):
        return f"a policy towards {named[-1]}"
    peer = text_of(value.get("peer"))
    told = ((SET.get(f"data_centers.peers.{key}"), inner) for key, inner in value.items() if key != "peer")
    parts = [words(inner, (peer,)) for words, inner in told if words is not None]
    return "; ".join(parts) or f"set up BGP with {peer}"


SET: Mapping[str, Clause] = {
    "vpn_gateways.auto_advertise": switched("Enable Automatic Route Advertisement"),
    "vpn_gateways.bgp_route_quota": told(TICKET),
    "vpn_gateways.tunnel_support": lambda value, named: (
        f"upgrade {named[-1]} to dual-tunnel mode" if value == "dual" else f"keep {named[-1]} single-tunnel"
    ),
    "vpn_gateways.bgp_supported": either("upgrade {} to a version with BGP", "keep {} without BGP"),
    "customer_gateways.asn": told("ASN {value}"),
    "customer_gateways.ip_address": told("IP address {value}"),
    "customer_gateways.data_center": told("for {value}"),
    "customer_gateways.router": told("for the router {value}"),
    "customer_gateways.vpn_gateway": told("for the VPN gateway {value}"),
    "ipsec_connections.bgp_enabled": switched("Enable BGP"),
    "ipsec_connections.routing_mode": lambda value, _: (
        f"set Routing Mode to {ROUTING_MODES.get(str(value), value)}"
    ),
    "ipsec_connections.tunnels.role": of_tunnel("make {name} the {value} tunnel"),
    "ipsec_connections.tunnels.customer_gateway": of_tunnel("select Customer Gateway {value} for {name}"),
    "ipsec_connections.tunnels.local_asn": of_tunnel("set Local ASN of {name} to {value}"),
    "ipsec_connections.tunnels.tunnel_cidr": of_tunnel("set Tunnel CIDR Block of {name} to {value}"),
    "ipsec_connections.tunnels.local_bgp_ip": of_tunnel("set Local BGP IP address of {name} to {value}"),
    "data_centers.readvertises": either(
        "pass routes that were learned from one cloud peer on to the others",
        "stop re-advertising routes that were learned from one cloud peer to the others",
    ),
    "data_centers.prefers": lambda value, _: (
        "prefer the site's own routes to copies of them that come back by BGP"
        if value == "internal"
        else "prefer copies of the site's own routes that come back by BGP"
    ),
    "data_centers.internal_peering": either(
        "let the site's routers exchange their BGP routes", "end BGP between the site's own routers"
    ),
    "data_centers.allowas_in": allowed,
    "data_centers.routers.asn": told("change the ASN of {name} to {value}, which restarts its sessions"),
    "data_centers.routers.allowas_in": lambda value, named: f"on {named[-1]}, {allowed(value, named)}",
    "data_centers.prefixes.announced": either("announce {}", "stop announcing {}"),
    "data_centers.static_routes.destination": told("let the static route for {name} be one for {value}"),
    "data_centers.static_routes.next_hop": told("give the static route for {name} the next hop {value}"),
    "data_centers.peers.local_pref": told("give routes from {name} local preference {value}"),
    "data_centers.peers.prepend": prepended,
    "data_centers.peers.import": filtered("accept", "from"),
    "data_centers.peers.export": filtered("advertise", "to"),
    "virtual_border_routers.local_asn": told("recreate the BGP group of {name} with Local ASN {value}"),
    "virtual_border_routers.bgp_route_quota": told(TICKET),
    "virtual_border_routers.attached_to": told("detach {name} and attach it to {value}"),
    "virtual_border_routers.as_path_preserved": either(
        "move {} to an access device that passes AS_PATHs on", "keep {} on its access device"
    ),
    "virtual_border_routers.peers.peer_asn": told(
        "recreate the BGP group and the BGP peer for {name} with Peer ASN {value}"
    ),
    "cens.overlapping_routing": either(
        "enable overlapping routing, which cannot be disabled again", "leave overlapping routing disabled"
    ),
    "cens.rejects_hybrid_exchange": either(f"add {POLICY}", f"delete {POLICY}"),
    "vpcs.routes.publish_to_cen": either(
        "publish the entry for {}", "withdraw the entry for {} from the CEN"
    ),
    "vpcs.routes.next_hop": told("give the custom entry for {name} the next hop {value}"),
    "vpcs.routes.destination": told("replace the custom entry for {name} by one for {value}"),
    "vpcs.vswitches.route_table": told("bind vSwitch {name} to the route table {value}"),
    "intents.allowed": either("is meant to pass", "must not pass"),
}

OBJECTS = {
    "vpcs": "VPC",
    "vpn_gateways": "VPN gateway",
    "customer_gateways": "customer gateway",
    "ipsec_connections": "IPsec connection",
    "data_centers": "site",
    "data_centers.routers": "router",
    "virtual_border_routers": "virtual border router",
    "virtual_border_routers.peers": "BGP peer",
    "cens": "CEN",
    "vpcs.vswitches": "vSwitch",
    "vpcs.custom_route_tables": "route table",
    "intents": "requirement",
}

ADDED: Mapping[str, Clause] = {
    **{key: whole_object("create", what) for key, what in OBJECTS.items()},
    "data_centers.static_routes": static_route("add"),
    "data_centers.prefixes": site_prefix("announce"),
    "data_centers.peers": _policy,
    "vpcs.routes": custom_entry("add"),
    "cens.attachments": whole_object("attach", "network instance"),
}

REMOVED: Mapping[str, Clause] = {
    **{key: whole_object("delete", what) for key, what in OBJECTS.items()},
    "data_centers.static_routes": static_route("delete"),
    "data_centers.prefixes": site_prefix("no longer have"),
    "data_centers.peers": lambda value, _: (
        f"drop the policy towards {value.get('peer') if isinstance(value, Mapping) else value}"
    ),
    "vpcs.routes": custom_entry("delete"),
    "cens.attachments": whole_object("detach", "network instance"),
}
