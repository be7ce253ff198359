"""The ways by which a data centre router learns routes other than from one cloud peer.

What comes in by them it can pass on to that peer, where the site re-advertises.
Whether it does depends on the state of the network; this is what can come at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

from ..choices import Term, equal, holds, possible
from ..condition import TRUE, Condition, all_of
from ..scenario import DataCenter, SitePrefix
from ..sessions import SiteRouter
from .announcing import Filter, Speaker, fixed_prefixes, meets, open_entries_of, passes
from .design import Design
from .site import policy_towards
from .tunnel import bgp_is_possible, gateway_of

DEFAULT_LOCAL_PREF = 100


@dataclass(frozen=True, slots=True)
class Way:
    """A way by which routes come to a site: when, past which filter, and an ASN that they then carry."""

    when: Condition
    imports: Filter
    asn: Term | None = None


def elsewhere(design: Design, router: SiteRouter, speaker: Speaker) -> Iterator[Way]:
    """The ways by which a router can have a route other than from a cloud peer itself."""
    site = router.site
    for other in _sessions(design, site):
        same = other.speaker.id == speaker.id
        if same and (other.router is router or _prefers_its_own(design, site, speaker)):
            continue
        near = TRUE if other.router is router else design.flag(site.internal_peering)
        imports = policy_towards(site, other.speaker.id).import_
        yield Way(all_of((other.sends, near)), imports, other.local_asn)
    for neighbour in neighbours(design, site):
        names = (neighbour.id, *(r.id for r in neighbour.routers))
        yield Way(TRUE, policy_towards(site, *names).import_)


@dataclass(frozen=True, slots=True)
class _Session:
    """A session of a site with the cloud, both ends' ASNs, and when routes can come over it."""

    router: SiteRouter
    speaker: Speaker
    local_asn: Term
    asn: Term
    sends: Condition


def _sessions(design: Design, site: DataCenter) -> Iterator[_Session]:
    routers = {router.table: router for router in design.structure.routers_of(site.id)}
    ends = design.structure.ends_at
    for t in design.tunnels:
        if ends[t.id] in routers and t.asn is not None:
            gateway = gateway_of(design, t.connection)
            up = bgp_is_possible(design, t.connection, t.index, t.asn)
            sends = all_of((up, design.flag(gateway.auto_advertise)))
            yield _Session(routers[ends[t.id]], gateway, t.tunnel.local_asn, t.asn, sends)
    for v in design.vbr_sessions:
        if ends[v.id] in routers and v.asn is not None:
            yield _Session(routers[ends[v.id]], v.vbr, v.vbr.local_asn, v.asn, TRUE)


def _prefers_its_own(design: Design, site: DataCenter, speaker: Speaker) -> bool:
    """Whether each router prefers what it has from a cloud peer to what a colleague has from the same one.

    Both get the same routes past one filter.  From the colleague they have the same
    preference and path by iBGP, which goes last, and by eBGP the default preference and
    a longer path.  Sessions with another ASN than the router's could refuse different ones.
    """
    plain = all(
        equal(session.asn, session.router.asn).is_true
        for session in _sessions(design, site)
        if session.speaker.id == speaker.id
    )
    local_pref = policy_towards(site, speaker.id).local_pref
    return plain and all(int(value) >= DEFAULT_LOCAL_PREF for value in possible(local_pref))


def neighbours(design: Design, site: DataCenter) -> Iterator[DataCenter]:
    """The sites with which a site has BGP."""
    for other in design.document.data_centers:
        if other is not site and (_names(site, other) or _names(other, site)):
            yield other


def _names(site: DataCenter, other: DataCenter) -> bool:
    ids = {other.id, *(router.id for router in other.routers)}
    return any(peer.peer in ids for peer in site.peers)


def passed_on(design: Design, site: DataCenter, allowed: Filter, ways: Sequence[Way]) -> int:
    """How many prefixes of others, or that it may not announce, a site could pass on past a filter."""
    mine = {p.prefix for p in fixed_prefixes(site) if holds(p.announced).is_true}
    others = [other for other in design.document.data_centers if other is not site]
    theirs = (p.prefix for o in others for p in fixed_prefixes(o) if not holds(p.announced).is_false)
    fixed = {p for p in (*of_the_cloud(design), *theirs) if p not in mine and passes(allowed, p)}
    counted = sum(any(passes(way.imports, prefix) for way in ways) for prefix in fixed)
    entries = (each for other in others for each in open_entries_of(other))
    return counted + sum(
        each.entry.count[1]
        for each in entries
        if meets(allowed, each) and any(meets(way.imports, each) for way in ways)
    )


def foreign(design: Design, site: DataCenter) -> Iterator[IPv4Network]:
    """The prefixes that can come from elsewhere than a site."""
    yield from of_the_cloud(design)
    for other in design.document.data_centers:
        if other is not site:
            yield from (p.prefix for p in other.prefixes if isinstance(p, SitePrefix))


def of_the_cloud(design: Design) -> Iterator[IPv4Network]:
    """The prefixes of the system and custom routes of all VPCs."""
    for vpc in design.document.vpcs:
        yield from (vswitch.cidr for vswitch in vpc.vswitches)
        yield from (route.destination for route in vpc.routes if route.route_table == "system")
