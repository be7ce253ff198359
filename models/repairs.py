"""Changes of a design that are more than other values: entries of route tables, addresses, what is given up.

A repair is a few edits that belong together.  Those that a broken rule offers come
first; the others are single entries whose absence or presence is a usual cause of
traffic that does not arrive, and at last what a design can do without.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import TypeAlias

from .aggregates import aggregates
from .edits import Edit, from_settings
from .opening import all_choices
from .part import Part
from .rulebook import review
from .scenario import DataCenter, Document, SitePrefix, Vpc, VpnGateway
from .widening import GATEWAY_QUOTA, VBR_QUOTA, foreign_prefixes, widened

Repair: TypeAlias = tuple[Edit, ...]
SYSTEM = "system"
MOST_RECEIVED = (GATEWAY_QUOTA, VBR_QUOTA)
MOST_PREFIXES = 12  # of a site, for each of which it is considered to give it up


def repairs(document: Document) -> tuple[Repair, ...]:
    """Every repair that is considered, each once."""
    kinds = (_rules, _discards, _removals, _filters, _custom_tables, _static_routes, _given_up)
    found: dict[str, Repair] = {}
    for kind in kinds:
        for repair in kind(document):
            found.setdefault(repr(repair), repair)
    return tuple(found.values())


def _rules(document: Document) -> Iterator[Repair]:
    """What the rules that are broken, or can be, offer to end it, unless other values do the same."""
    values = {choice.name: choice.values for choice in all_choices(widened(document))}
    for reviewed in review(document):
        if reviewed.rule.decides:
            for finding in reviewed.binding:
                if not finding.broken.is_false:
                    for remedy in finding.remedies:
                        if any(setting.value not in values.get(setting.path, ()) for setting in remedy):
                            yield from_settings(remedy)


def _discards(document: Document) -> Iterator[Repair]:
    """A discard route for a prefix that may only sum up others."""
    for each in aggregates(document):
        yield (_site_route(each.site, each.prefix, "discard"),)


def _removals(document: Document) -> Iterator[Repair]:
    """An entry of a route table less."""
    for vpc in document.vpcs:
        for route in vpc.routes:
            yield (Edit("remove", ("vpcs", vpc.id, "routes"), _written(route)),)
    for site in document.data_centers:
        for static in site.static_routes:
            yield (Edit("remove", ("data_centers", site.id, "static_routes"), _written(static)),)


def _filters(document: Document) -> Iterator[Repair]:
    """A filter of a site that also lets through what others have, or what it announces itself."""
    for site in document.data_centers:
        own = tuple(p.prefix for p in site.prefixes if isinstance(p, SitePrefix) and p.announced is not False)
        for peer in site.peers:
            place = ("data_centers", site.id, "peers", peer.peer)
            foreign = foreign_prefixes(document, site)
            for key, passed, wanted in (("import", peer.import_, foreign), ("export", peer.export, own)):
                missing = [p for p in wanted if not any(p.subnet_of(each) for each in passed or ())]
                if passed is not None and missing:
                    yield (Edit("set", (*place, key), [str(p) for p in (*passed, *dict.fromkeys(missing))]),)


def _written(route: Part) -> dict[str, object]:
    """A route as a scenario has it: without what was left out."""
    given = route.model_fields_set
    return {name: _plain(getattr(route, name)) for name in type(route).model_fields if name in given}


def _plain(value: object) -> object:
    return str(value) if isinstance(value, IPv4Network) else value


def _custom_tables(document: Document) -> Iterator[Repair]:
    """For a vSwitch on a custom table: the system table, or entries for what is behind its gateways."""
    for vpc in document.vpcs:
        for vswitch in vpc.vswitches:
            if vswitch.route_table == SYSTEM:
                continue
            yield (Edit("set", ("vpcs", vpc.id, "vswitches", vswitch.id, "route_table"), SYSTEM),)
            for gateway in _gateways(document, vpc):
                entries = [p for site in _sites(document, gateway) for p in _prefixes(site)]
                yield tuple(_vpc_route(vpc, vswitch.route_table, p, gateway) for p in dict.fromkeys(entries))


def _static_routes(document: Document) -> Iterator[Repair]:
    """Where a connection has no BGP: the ways there and back by hand."""
    for gateway in document.vpn_gateways:
        plain = [
            connection
            for connection in document.ipsec_connections
            if connection.vpn_gateway == gateway.id and connection.bgp_enabled is False
        ]
        if not plain:
            continue
        vpc = next(vpc for vpc in document.vpcs if vpc.id == gateway.vpc)
        for site in _sites(document, gateway):
            known = {route.destination for route in site.static_routes}
            subnets = [v.cidr for v in vpc.vswitches if v.cidr not in known]
            if subnets:
                yield tuple(_site_route(site.id, cidr, gateway.id) for cidr in dict.fromkeys(subnets))
            entries = {r.destination for r in vpc.routes if r.route_table == SYSTEM}
            missing = [prefix for prefix in _prefixes(site) if prefix not in entries]
            if missing:
                yield tuple(_vpc_route(vpc, SYSTEM, prefix, gateway) for prefix in dict.fromkeys(missing))


def _given_up(document: Document) -> Iterator[Repair]:
    """BGP on a connection, or the announcement of a prefix: what is meant to arrive is less then."""
    for connection in document.ipsec_connections:
        if connection.bgp_enabled is True:
            yield (Edit("set", ("ipsec_connections", connection.id, "bgp_enabled"), False),)
    for site in document.data_centers:
        for prefix in site.prefixes if len(site.prefixes) <= MOST_PREFIXES else ():
            if isinstance(prefix, SitePrefix) and prefix.announced is not False:
                yield (_unannounced(site, prefix),)
        announced = [p for p in site.prefixes if isinstance(p, SitePrefix) and p.announced is not False]
        for most in MOST_RECEIVED:
            if 0 < len(announced) - most <= MOST_PREFIXES:
                yield tuple(_unannounced(site, prefix) for prefix in announced[most:])


def _unannounced(site: DataCenter, prefix: SitePrefix) -> Edit:
    return Edit("set", ("data_centers", site.id, "prefixes", str(prefix.prefix), "announced"), False)


def _gateways(document: Document, vpc: Vpc) -> Iterator[VpnGateway]:
    yield from (gateway for gateway in document.vpn_gateways if gateway.vpc == vpc.id)


def _sites(document: Document, gateway: VpnGateway) -> Iterator[DataCenter]:
    """The sites at the far ends of a gateway's connections."""
    customers = {
        tunnel.customer_gateway
        for connection in document.ipsec_connections
        if connection.vpn_gateway == gateway.id
        for tunnel in connection.tunnels
    }
    names = {each.data_center for each in document.customer_gateways if each.id in customers}
    yield from (site for site in document.data_centers if site.id in names)


def _prefixes(site: DataCenter) -> Iterator[IPv4Network]:
    yield from (each.prefix for each in site.prefixes if isinstance(each, SitePrefix))


def _site_route(site: str, destination: IPv4Network, next_hop: str) -> Edit:
    route = {"destination": str(destination), "next_hop": next_hop}
    return Edit("add", ("data_centers", site, "static_routes"), route)


def _vpc_route(vpc: Vpc, table: str, destination: IPv4Network, gateway: VpnGateway) -> Edit:
    place = {} if table == SYSTEM else {"route_table": table}
    route = {**place, "destination": str(destination), "next_hop": gateway.id}
    return Edit("add", ("vpcs", vpc.id, "routes"), route)
