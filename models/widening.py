"""A design beside itself: other values of what it decides, as choices.

A *widened* document has, in place of decided values, choices of role CHANGE whose
default is the value that is written.  So one network stands for all designs that
differ from the written one in these values, and a solver can be asked about each.

Only what a change of the design can set is widened: not what the platform does, nor
the environment or what traffic is wanted.  ASNs become equal to others of the document,
as a fresh one is never needed for that.  An import filter that lets a site learn from
the cloud only what others have is among the changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network

from .choices import Choice, Role
from .cloud import KeptConnection
from .condition import Value
from .fields import DEFAULT_LOCAL_ASN
from .paths import Spot, spots_of, transformed, updated
from .scenario import DataCenter, Document, SitePeer, SitePrefix
from .site import GuardedPeer

MOST_PREFIXES = 12  # of a site of which one that is not announced could be
MOST_ASNS = 3  # other ASNs that are considered for one place
GATEWAY_QUOTA, VBR_QUOTA = 200, 110  # the most that the vendor grants
FIRST_SITE_ASN = 65001
OFF_TO_ON: tuple[Value, ...] = (True,)
Alternatives = Callable[[Spot, "_Found"], tuple[Value, ...]]


@dataclass(frozen=True)
class _Found:
    """What a document has: the cloud's ASNs, the most common first; of each site its ASNs and prefixes."""

    cloud: tuple[int, ...]
    sites: Mapping[str, tuple[int, ...]]
    prefixes: Mapping[str, int]


def widened(document: Document, keeps_traffic: bool = False) -> Document:
    """The document with a choice in each place of which another value is considered.

    Without intents, traffic over a connection is meant to arrive as long as it has BGP;
    with `keeps_traffic` also when that is switched off.
    """
    known = _found_in(document)
    extra = {spot.steps: values for spot in spots_of(document) if (values := _others(spot, known))}

    def widen(spot: Spot) -> object:
        others = extra.get(spot.steps)
        if others is None:
            return spot.value
        return Choice(spot.path, Role.CHANGE, (spot.value, *others), spot.value)  # type: ignore[arg-type]  # decided values only

    wide = _guarded(transformed(document, widen))
    return updated(wide, {"ipsec_connections": _kept(wide)}) if keeps_traffic else wide


def _kept(document: Document) -> tuple[KeptConnection, ...]:
    connections = document.ipsec_connections
    return tuple(
        KeptConnection.model_construct(
            _fields_set=set(each.model_fields_set),
            **{field: getattr(each, field) for field in type(each).model_fields},
        )
        for each in connections
    )


def _same(left: object, right: object) -> bool:
    return left == right and type(left) is type(right)


def _others(spot: Spot, known: _Found) -> tuple[Value, ...]:
    """The other values that are considered in a place; none where it is open or not to be changed."""
    if isinstance(spot.value, Choice) or spot.value is None or "readings" in spot.steps[:-1]:
        return ()
    find = ALTERNATIVES.get((spot.steps[0], spot.key))
    return () if find is None else tuple(v for v in find(spot, known) if not _same(v, spot.value))


def _only(*values: Value) -> Alternatives:
    return lambda _spot, _known: values


def _at_least(most: int) -> Alternatives:
    """The largest value that is granted, where less is written."""
    return lambda spot, _asns: (most,) if isinstance(spot.value, int) and spot.value < most else ()


def _announced(spot: Spot, known: _Found) -> tuple[Value, ...]:
    """A prefix that is not announced may be, unless there are so many that quotas count them."""
    return OFF_TO_ON if known.prefixes.get(spot.steps[1], 0) <= MOST_PREFIXES else ()


def _cloud_asns(_spot: Spot, known: _Found) -> tuple[Value, ...]:
    return known.cloud


def _site_asns(spot: Spot, known: _Found) -> tuple[Value, ...]:
    """The other ASNs that the same site shows; where its own is none that a site may have, the usual one."""
    found = known.sites.get(getattr(spot.holder, "data_center", None) or "", ())
    others = [asn for asn in found if asn not in (0, DEFAULT_LOCAL_ASN, spot.value)][:MOST_ASNS]
    return tuple(others) if others or spot.value not in (0, DEFAULT_LOCAL_ASN) else (FIRST_SITE_ASN,)


ALTERNATIVES: Mapping[tuple[str, str], Alternatives] = {
    ("vpcs", "publish_to_cen"): _only(False, True),
    ("vpn_gateways", "auto_advertise"): _only(False, True),
    ("vpn_gateways", "bgp_supported"): _only(*OFF_TO_ON),
    ("vpn_gateways", "bgp_route_quota"): _at_least(GATEWAY_QUOTA),
    ("vpn_gateways", "tunnel_support"): _only("dual"),
    ("customer_gateways", "asn"): _site_asns,
    ("ipsec_connections", "bgp_enabled"): lambda spot, _: (False,) if spot.value is True else (),
    ("ipsec_connections", "routing_mode"): _only("destination"),
    ("ipsec_connections", "local_asn"): _cloud_asns,
    ("data_centers", "announced"): _announced,
    ("data_centers", "internal_peering"): _only(False, True),
    ("data_centers", "readvertises"): _only(False, True),
    ("data_centers", "prefers"): _only("internal", "external"),
    ("data_centers", "allowas_in"): _only(0),
    ("virtual_border_routers", "local_asn"): _cloud_asns,
    ("virtual_border_routers", "peer_asn"): _site_asns,
    ("virtual_border_routers", "bgp_route_quota"): _at_least(VBR_QUOTA),
    ("cens", "overlapping_routing"): _only(*OFF_TO_ON),
    ("cens", "rejects_hybrid_exchange"): _only(False, True),
}


def _found_in(document: Document) -> _Found:
    cloud: Counter[int] = Counter({DEFAULT_LOCAL_ASN: 0})
    sites: dict[str, Counter[int]] = {site.id: Counter() for site in document.data_centers}
    tunnels = [tunnel for connection in document.ipsec_connections for tunnel in connection.tunnels]
    speakers = [*(t.local_asn for t in tunnels), *(v.local_asn for v in document.virtual_border_routers)]
    cloud.update(asn for asn in speakers if isinstance(asn, int))
    for site in document.data_centers:
        sites[site.id].update(router.asn for router in site.routers if isinstance(router.asn, int))
    for customer in document.customer_gateways:
        if isinstance(customer.asn, int) and customer.data_center is not None:
            sites[customer.data_center][customer.asn] += 1
    for peer in (peer for vbr in document.virtual_border_routers for peer in vbr.peers):
        if isinstance(peer.peer_asn, int):
            sites[peer.data_center][peer.peer_asn] += 1
    ranked = {name: tuple(asn for asn, _ in counted.most_common()) for name, counted in sites.items()}
    counted = {site.id: len(site.prefixes) for site in document.data_centers}
    return _Found(tuple(asn for asn, _ in cloud.most_common(MOST_ASNS) if asn), ranked, counted)


# --- import filters ---------------------------------------------------------------


def foreign_prefixes(document: Document, site: DataCenter) -> tuple[IPv4Network, ...]:
    """What a site has to learn from the cloud: prefixes that are not inside one of its own."""
    own = [each.prefix for each in site.prefixes if isinstance(each, SitePrefix)]
    found = [vswitch.cidr for vpc in document.vpcs for vswitch in vpc.vswitches]
    found += [route.destination for vpc in document.vpcs for route in vpc.routes]
    for other in document.data_centers:
        if other.id != site.id:
            found += [each.prefix for each in other.prefixes if isinstance(each, SitePrefix)]
    return tuple(dict.fromkeys(prefix for prefix in found if not any(prefix.subnet_of(mine) for mine in own)))


def _guarded(document: Document) -> Document:
    """The document in which each site can have an import filter towards each of its cloud peers."""
    sites = tuple(
        updated(site, {"peers": (*_with_guards(document, site),)}) for site in document.data_centers
    )
    return updated(document, {"data_centers": sites})


def _with_guards(document: Document, site: DataCenter) -> Iterator[SitePeer]:
    cloud = tuple(_cloud_peers(document, site))
    known = {peer.peer for peer in site.peers}
    foreign = foreign_prefixes(document, site)
    added = (SitePeer(peer=name) for name in cloud if name not in known)
    for peer in (*site.peers, *added):
        if peer.peer not in cloud or peer.import_ is not None or not foreign:
            yield peer
            continue
        name = f"data_centers.{site.id}.peers.{peer.peer}.import"
        values = {field: getattr(peer, field) for field in type(peer).model_fields}
        yield GuardedPeer.model_construct(
            _fields_set=set(peer.model_fields_set),
            **values,
            guarded=Choice(name, Role.CHANGE, (False, True), False),
            foreign=foreign,
        )


def _cloud_peers(document: Document, site: DataCenter) -> Iterator[str]:
    """The gateways and VBRs with which a site has BGP."""
    customers = {each.id for each in document.customer_gateways if each.data_center == site.id}
    reached = {
        connection.vpn_gateway
        for connection in document.ipsec_connections
        if connection.bgp_enabled is not False
        and any(tunnel.customer_gateway in customers for tunnel in connection.tunnels)
    }
    yield from (gateway.id for gateway in document.vpn_gateways if gateway.id in reached)
    for vbr in document.virtual_border_routers:
        if any(peer.data_center == site.id for peer in vbr.peers):
            yield vbr.id


def written(document: Document) -> Callable[[str, Value], Value | tuple[str, ...]]:
    """How a value of a choice of a widened document stands in a scenario: a filter as its prefixes."""
    peers = (p for site in document.data_centers for p in site.peers if isinstance(p, GuardedPeer))
    filters = {peer.guarded.name: tuple(map(str, peer.foreign)) for peer in peers}
    return lambda name, value: filters.get(name, value)
