"""How many prefixes the ends of BGP sessions can send: what a quota counts.

What a router sends of its own can be read off: prefixes that are there, announced
and let through by the filter.  What it passes on depends on what it has learned,
of which a condition knows nothing; so the number of these may be any from none to
all that could come in from elsewhere.  That covers what is sent for a moment only,
while routes move.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Network

from ..choices import where
from ..condition import FALSE, TRUE, Condition, all_of, any_of, constant
from ..scenario import DataCenter, SitePrefix, VpnGateway
from ..sessions import SiteRouter
from .announcing import Own, Speaker, announced_count, own_of, passes
from .design import Design
from .elsewhere import elsewhere, neighbours, of_the_cloud, passed_on
from .site import policy_towards
from .tunnel import gateway_of


@dataclass(frozen=True, eq=False)
class Sender:
    """What one end of a BGP session can send, past its filter.

    If nothing is withdrawn, from `least` to `most` prefixes of its own are announced;
    `shown` names these.  While `adds` holds it may pass on up to `further` others, and
    while `hides` holds a learned route may stand in front of an own one, which is then
    not sent.
    """

    table: str
    shown: str
    own: tuple[Own, ...]
    least: int
    most: int
    further: int
    adds: Condition
    hides: Condition

    def family(self, prefix: IPv4Network) -> tuple[Own, ...]:
        """The own prefixes inside the largest one around a prefix, shortest first, or none."""
        place = bisect_right(self._families, int(prefix.network_address), key=_start) - 1
        found = self._families[place] if place >= 0 else ()
        return found if found and prefix.subnet_of(found[0].prefix) else ()

    @cached_property
    def _families(self) -> list[tuple[Own, ...]]:
        """The own prefixes, those together that lie inside one of them, by address."""
        found: list[list[Own]] = []
        for own in sorted(self.own, key=lambda own: own.prefix):
            if found and own.prefix.subnet_of(found[-1][0].prefix):
                found[-1].append(own)
            else:
                found.append([own])
        return [tuple(sorted(group, key=lambda own: own.prefix.prefixlen)) for group in found]


def _start(family: tuple[Own, ...]) -> int:
    return int(family[0].prefix.network_address)


def site_sender(design: Design, router: SiteRouter, speaker: Speaker) -> Sender:
    """What a data centre router can send to a cloud peer."""
    site = router.site
    policy = policy_towards(site, speaker.id)
    own = tuple(each for each in own_of(design, site) if passes(policy.export, each.prefix))
    within = "" if policy.export is None else f" within {', '.join(map(str, policy.export))}"
    least, most = announced_count(site, policy.export)
    ways = tuple(elsewhere(design, router, speaker))
    design.note(site.prefers)
    outranked = where(site.prefers, lambda value: value != "internal")
    return Sender(
        router.table,
        f"{site.id}{within}",
        own,
        least,
        most,
        passed_on(design, site, policy.export, ways),
        all_of((design.flag(site.readvertises), any_of(way.when for way in ways))),
        all_of((outranked, _comes_back(design, site))),
    )


def _comes_back(design: Design, site: DataCenter) -> Condition:
    """When a BGP route for a prefix of a site can reach the site.

    From a site that it has BGP with, or from the cloud: where the cloud has the same
    prefix, or where what a gateway or VBR sends can have come in by another, or in a
    circle through CENs.
    """
    document = design.document
    mine = {prefix.prefix for prefix in site.prefixes if isinstance(prefix, SitePrefix)}
    shared = any(prefix in mine for prefix in of_the_cloud(design))
    if shared or any(True for _ in neighbours(design, site)):
        return TRUE
    if len(document.vpn_gateways) + len(document.virtual_border_routers) < 2 and not document.cens:
        return FALSE
    if any(peering.peer.data_center == site.id for peering in design.vbr_sessions):
        return TRUE
    gateways = [gateway_of(design, t.connection) for t in design.tunnels if t.gateway.data_center == site.id]
    return any_of(
        all_of((design.flag(gateway.auto_advertise), any_of(_learned_by_the_vpc(design, gateway))))
        for gateway in gateways
    )


def gateway_sender(design: Design, gateway: VpnGateway) -> Sender:
    """What a VPN gateway can send to another: the vSwitches of its VPC, and more by readings."""
    present: dict[IPv4Network, list[Condition]] = {}
    for vswitch in design.vpc(gateway.vpc).vswitches:
        present.setdefault(vswitch.cidr, []).append(design.present(vswitch.id))
    own = tuple(Own(cidr, any_of(conditions)) for cidr, conditions in present.items())
    rest = {*of_the_cloud(design)} - present.keys()
    sites = design.document.data_centers
    further = len(rest) + sum(announced_count(site, None)[1] for site in sites)
    custom = design.reads("gateway_exports_custom_routes", gateway)
    has_custom = constant(bool(design.vpc(gateway.vpc).routes))
    adds = any_of((all_of((has_custom, custom)), *_learned_by_the_vpc(design, gateway)))
    hides = design.reads("gateway_prefers", gateway, value="bgp")
    return Sender(gateway.id, gateway.vpc, own, len(own), len(own), further, adds, hides)


def _learned_by_the_vpc(design: Design, gateway: VpnGateway) -> Iterator[Condition]:
    """When a gateway takes from its VPC routes that the VPC has learned elsewhere."""
    document = design.document
    attached = {attachment for cen in document.cens for attachment in cen.attachments}
    attached |= {vbr.attached_to for vbr in document.virtual_border_routers}
    if gateway.vpc in attached:
        yield design.reads("gateway_exports_cen_routes", gateway)
    if any(other.vpc == gateway.vpc and other is not gateway for other in document.vpn_gateways):
        yield design.reads("gateway_exports_other_gateways_routes", gateway)
