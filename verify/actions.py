"""Edits as what is done in the console, or on the routers of a site: one sentence for each action."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from verify.clauses import clause, has_words
from verify.models.edits import Edit, at, fields, place_of
from verify.phrases import names, text_of, tunnel

VPN = "VPN Gateway console"
PLACES = {
    "vpcs": ("VPC console", "Route Tables"),
    "vpn_gateways": (VPN, "VPN Gateways"),
    "ipsec_connections": (VPN, "IPsec Connections"),
    "data_centers": ("Routers of", ""),
    "virtual_border_routers": ("Express Connect console", "Virtual Border Routers"),
    "cens": ("CEN console", ""),
}
"""Consoles, and the pages there."""
Group = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Action:
    """What is done in one go: the sentence, and the edits of the document that it stands for."""

    text: str
    edits: tuple[Edit, ...]


def actions(raw: object, edits: Iterable[Edit]) -> tuple[Action, ...]:
    """The actions that a set of edits of a document (as JSON) comes to, in the order of their first edit.

    A customer gateway that is replaced is one action with all that it takes.
    """
    listed = tuple(edits)
    replaced = _replacements(raw, listed)
    groups: dict[Group, list[Edit]] = {}
    for edit in listed:
        gateway = _customer_gateway(edit)
        group = ("customer gateway", replaced[gateway]) if gateway in replaced else _group(edit)
        groups.setdefault(group, []).append(edit)
    return tuple(Action(_sentence(raw, group, found), tuple(found)) for group, found in groups.items())


# --- what is done together ----------------------------------------------------


def _replacements(raw: object, edits: Sequence[Edit]) -> dict[str, str]:
    """The customer gateways that change, each with the first of those that change together."""
    touched = [_customer_gateway(edit) for edit in edits if fields(edit.steps)[0] == "customer_gateways"]
    first = {gateway: gateway for gateway in touched}
    for edit in edits:
        if fields(edit.steps) == ("ipsec_connections", "tunnels", "customer_gateway"):
            old, new = text_of(at(raw, place_of(raw, edit.steps))), text_of(edit.value)
            if old in first and new in first:
                first = {key: first[old] if end == first[new] else end for key, end in first.items()}
    return first


def _customer_gateway(edit: Edit) -> str:
    """The customer gateway that an edit makes, changes, selects or deletes; "" for another edit."""
    if fields(edit.steps) == ("ipsec_connections", "tunnels", "customer_gateway"):
        return text_of(edit.value)
    if edit.steps[0] != "customer_gateways":
        return ""
    return edit.steps[1] if edit.op == "set" else _id(edit.value)


def _id(value: object) -> str:
    return text_of(value.get("id")) if isinstance(value, Mapping) else text_of(value)


def _group(edit: Edit) -> Group:
    """What is done in one go: a connection is edited once, and so are the entries of a VPC."""
    keys, steps = fields(edit.steps), edit.steps
    if not has_words(edit):
        return ("design", *steps)
    if keys[0] == "ipsec_connections" and len(steps) > 1:
        return steps[:2]
    if keys[0] in ("vpcs", "data_centers", "virtual_border_routers") and len(steps) > 2:
        if keys[1] == "peers":
            peer = steps[3] if edit.op == "set" and len(steps) > 3 else _peer(edit.value)
            return (*steps[:3], peer)
        return steps[:3]
    return steps[:3]


def _peer(value: object) -> str:
    return text_of(value.get("peer", value.get("data_center"))) if isinstance(value, Mapping) else ""


# --- sentences ----------------------------------------------------------------


def _sentence(raw: object, group: Group, edits: Sequence[Edit]) -> str:
    if group[0] == "customer gateway":
        return _replacement(raw, edits)
    if group in (("vpcs",), ("data_centers",), ("intents",)):
        return "; ".join(_clauses(raw, edits)).capitalize()
    separator = " " if group[0] == "intents" else ": "
    return f"{_where(raw, group)}{separator}{'; '.join(_clauses(raw, edits))}"


def _where(raw: object, group: Group) -> str:
    """Where an action is done."""
    area, name = group[0], group[1] if len(group) > 1 else ""
    if area == "design":
        return "Design"
    console, page = PLACES.get(area, ("", ""))
    if area == "intents":
        intent = at(raw, (area, int(name))) if name.isdigit() else None
        ends = (intent.get("from"), intent.get("to")) if isinstance(intent, Mapping) else ("?", "?")
        return f"Decide what is asked of the design: traffic from {ends[0]} to {ends[1]}"
    if group[2:] == ("bgp_route_quota",):
        return "Quota"
    if area == "data_centers":
        return f"{console} {name}".strip()
    edited = "Edit" if area == "ipsec_connections" and name else ""
    return " > ".join(filter(None, (console, page, name, edited)))


def _clauses(raw: object, edits: Sequence[Edit]) -> list[str]:
    """The parts of a sentence; an ASN that all tunnels of a connection get is said once."""
    asns = [edit for edit in edits if fields(edit.steps)[-2:] == ("tunnels", "local_asn")]
    together: set[tuple[str, ...]] = set()
    found: list[str] = []
    if len(asns) > 1 and len({edit.value for edit in asns if isinstance(edit.value, int)}) == 1:
        tunnels = at(raw, place_of(raw, asns[0].steps[:3]))
        if isinstance(tunnels, list) and len(tunnels) == len(asns):
            together = {edit.steps for edit in asns}
            found.append(f"set Local ASN of both tunnels to {asns[0].value}")
    return found + [clause(edit) for edit in edits if edit.steps not in together]


def _replacement(raw: object, edits: Sequence[Edit]) -> str:
    """A customer gateway cannot be edited: another one is made, selected, and the old one deleted."""
    made = [clause(edit) for edit in edits if edit.op == "add"]
    changed = [edit for edit in edits if edit.op == "set" and edit.steps[0] == "customer_gateways"]
    selected = [edit for edit in edits if edit.op == "set" and edit.steps[0] == "ipsec_connections"]
    deleted = [_id(edit.value) for edit in edits if edit.op == "remove"]
    parts = list(made)
    for name in dict.fromkeys(edit.steps[1] for edit in changed):
        values = [clause(edit) for edit in changed if edit.steps[1] == name]
        parts.append(f"create a new customer gateway in place of {name}, with {' and '.join(values)}")
        users = _tunnels_at(raw, name)
        if users:
            parts.append(f"select it as Customer Gateway of {'; '.join(users)}")
        deleted.append(name)
    for connection in dict.fromkeys(edit.steps[1] for edit in selected):
        tunnels = [edit for edit in selected if edit.steps[1] == connection]
        chosen = ", ".join(dict.fromkeys(text_of(edit.value) for edit in tunnels))
        where = " and ".join(tunnel(names(edit.steps)[-1]) for edit in tunnels)
        parts.append(f"edit {connection} and select {chosen} as Customer Gateway of {where}")
    parts += [f"delete the old customer gateway {name}" for name in dict.fromkeys(deleted)]
    return f"{VPN} > Customer Gateways (a customer gateway cannot be edited): {'; '.join(parts)}"


def _tunnels_at(raw: object, gateway: str) -> list[str]:
    """The tunnels that use a customer gateway, by connection."""
    found = []
    connections = at(raw, ("ipsec_connections",))
    for connection in connections if isinstance(connections, list) else []:
        tunnels = connection.get("tunnels", [])
        using = [n for n, each in enumerate(tunnels) if each.get("customer_gateway") == gateway]
        if using:
            which = "both tunnels" if len(using) == 2 else f"tunnel {using[0] + 1}"
            found.append(f"{which} of {connection.get('id')}")
    return found
