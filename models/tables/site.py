"""Data centre routers: their own prefixes, BGP with the cloud, with each other and with other sites."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations, product

from ..choices import Choice, Term, equal, possible, where
from ..condition import FALSE, TRUE, Condition, all_of, any_of, constant, negate
from ..network import Kind, Link, StaticEntry, Table
from ..route import AsTerm, Path, Route, Rung, Source
from ..scenario import DataCenter, SitePeer
from ..sessions import SiteRouter
from ..site import GuardedPeer
from .design import Design
from .failing import router_failed, site_link_failed, tunnel_failed, unless_failed, vbr_session_failed
from .link import Passage, Policy, always
from .own_prefixes import own_announced

EVERYTHING = SitePeer(peer="any")


def tables(design: Design) -> Iterator[Table]:
    """The routers of every site."""
    for router in design.structure.routers:
        down = router_failed(design, router.table)
        yield Table(router.table, Kind.ROUTER, _ladder(design, router), down)


def _ladder(design: Design, router: SiteRouter) -> Callable[[Route], tuple[Rung, ...]]:
    """Internal against external by `prefers`; local_pref; AS_PATH; external before internal BGP."""
    prefers = router.site.prefers
    design.note(prefers)
    internal_wins = where(prefers, lambda value: value == "internal")
    levels = _local_pref_levels(design, router.site)
    neighbours = {other.table: other for other in design.structure.routers_of(router.site.id)}

    def ladder(route: Route) -> tuple[Rung, ...]:
        if route.source is Source.IGP:
            own: Rung = ((internal_wins, 0), (negate(internal_wins), 2))
            return (own, 0, 0, 0)
        neighbour = neighbours.get(route.came_from)
        internal: Rung = 0
        if neighbour is not None:
            same = equal(router.asn, neighbour.asn)
            internal = ((same, 1), (negate(same), 0))
        return (1, levels(route.local_pref), len(route.path), internal)

    return ladder


def _local_pref_levels(design: Design, site: DataCenter) -> Callable[[AsTerm], Rung]:
    """A rung for a local_pref: higher is better, so its rank is its negative."""

    def level(local_pref: AsTerm) -> Rung:
        term = design.value_of(local_pref)
        if isinstance(term, Choice):
            return tuple((term.equals(value), -int(value)) for value in term.values)
        return -int(term)

    for peer in site.peers:
        design.note(peer.local_pref)
    return level


def statics(design: Design) -> Iterator[StaticEntry]:
    """The static routes of a site, on the routers that see their next hop, while the line is up."""
    ends = design.structure.ends_at
    lines: dict[tuple[str, str], list[Condition]] = {}
    for t in design.tunnels:
        works = negate(tunnel_failed(design, t.connection, t.index))
        lines.setdefault((t.connection.vpn_gateway, ends[t.id]), []).append(works)
    for v in design.vbr_sessions:
        lines.setdefault((v.vbr.id, ends[v.id]), []).append(negate(vbr_session_failed(design, v)))
    for site in design.document.data_centers:
        for route in site.static_routes:
            for router in design.structure.routers_of(site.id):
                works = negate(router_failed(design, router.table))
                up = [works] if route.next_hop == "discard" else lines.get((route.next_hop, router.table))
                if up:
                    yield StaticEntry(router.table, str(route.destination), route.next_hop, any_of(up))


def policy_towards(site: DataCenter, *peers: str) -> SitePeer:
    """The site's policy towards a peer; no filters and the defaults where none is written."""
    return next((policy for policy in site.peers if policy.peer in peers), EVERYTHING)


def passes_filter(design: Design, prefixes: tuple[object, ...] | None, prefix: str) -> Condition:
    """A prefix filter lets pass what lies inside one of its prefixes; no filter lets all pass."""
    network = design.network_of(prefix)
    return constant(prefixes is None or any(network.subnet_of(allowed) for allowed in prefixes))  # type: ignore[arg-type]  # the loader parsed them


def exports(design: Design, router: SiteRouter, policy: SitePeer) -> tuple[Policy, ...]:
    """What a router sends to a cloud peer: own prefixes, and cloud routes if it re-advertises."""
    readvertises = design.flag(router.site.readvertises)
    return (
        own_announced(design, router.site),
        ("not-readvertised", lambda route: TRUE if route.source is Source.IGP else readvertises),
        ("export-filter", lambda route: passes_filter(design, policy.export, route.prefix)),
    )


def imports(design: Design, policy: SitePeer) -> Policy:
    """What a router takes from a peer, by its prefix filter."""
    if not isinstance(policy, GuardedPeer):
        return "import-filter", lambda route: passes_filter(design, policy.import_, route.prefix)
    open_ = negate(design.flag(policy.guarded))

    def passes(route: Route) -> Condition:
        foreign = any_of((open_, passes_filter(design, policy.foreign, route.prefix)))
        return all_of((foreign, passes_filter(design, policy.import_, route.prefix)))

    return "import-filter", passes


def refuses_own(design: Design, router: SiteRouter, shown: Term) -> Callable[[Path], Condition]:
    """When a router refuses a path for an own ASN: the session's, or any that it shows, each by itself."""
    every = design.reads("local_as_check", router.site, value="all")
    session = (design.as_term(shown),)
    all_own = tuple(dict.fromkeys((design.as_term(router.asn), *_shown_by(design, router))))
    design.note(router.allowas_in)

    def refuses(path: Path) -> Condition:
        by_session = design.refuses(path, session, router.allowas_in)
        if all_own == session:
            return by_session
        by_any = any_of(design.refuses(path, (own,), router.allowas_in) for own in all_own)
        return any_of((all_of((every, by_any)), all_of((negate(every), by_session))))

    return refuses


def _shown_by(design: Design, router: SiteRouter) -> tuple[AsTerm, ...]:
    ends = design.structure.ends_at
    shown = [t.asn for t in design.tunnels if ends[t.id] == router.table and t.asn is not None]
    shown += [v.asn for v in design.vbr_sessions if ends[v.id] == router.table and v.asn is not None]
    return tuple(design.as_term(asn) for asn in shown)


def links(design: Design) -> Iterator[Link]:
    """BGP between the routers of one site, and between sites."""
    for router in design.structure.routers:
        for other in design.structure.routers_of(router.site.id):
            if other is not router:
                yield from _internal(design, router, other)
    yield from _between_sites(design)


def _internal(design: Design, router: SiteRouter, other: SiteRouter) -> Iterator[Link]:
    """iBGP where the ASNs are equal (path and local_pref unchanged, not passed on to a third), else eBGP."""
    same = equal(router.asn, other.asn)
    peering = design.flag(router.site.internal_peering)
    works = unless_failed(site_link_failed(design, router, other))
    colleagues = {r.table: equal(router.asn, r.asn) for r in design.structure.routers_of(router.site.id)}

    def learned(route: Route) -> Condition:
        return constant(route.source is not Source.IGP)

    def from_outside(route: Route) -> Condition:
        return negate(colleagues.get(route.came_from, FALSE))

    common = Passage(
        id=f"{router.table}>{other.table}",
        source=router.table,
        target=other.table,
        becomes=Source.BGP,
        refuses=refuses_own(design, other, other.asn),
    )
    if not same.is_false:
        up = always("internal-peering-off", all_of((peering, same)))
        policies = (up, works, ("not-passed-on", learned), ("not-passed-on", from_outside))
        yield replace(common, policies=policies).link()
    if not same.is_true:
        yield replace(
            common,
            id=f"{common.id} (eBGP)",
            policies=(
                always("internal-peering-off", all_of((peering, negate(same)))),
                works,
                ("not-passed-on", learned),
            ),
            prepends=design.as_term(router.asn),
            local_pref=100,
            session=common.id,
        ).link()


def _between_sites(design: Design) -> Iterator[Link]:
    """BGP between the routers of two sites of which one names the other, or a router of the other."""
    for site, other in combinations(design.document.data_centers, 2):
        there, here = _routers_named(design, site, other), _routers_named(design, other, site)
        if there or here:
            ours = here or list(design.structure.routers_of(site.id))
            theirs = there or list(design.structure.routers_of(other.id))
            for a, b in product(ours, theirs):
                yield _external(design, a, b)
                yield _external(design, b, a)


def _routers_named(design: Design, site: DataCenter, other: DataCenter) -> list[SiteRouter]:
    """The routers of another site that a site names as peers: listed ones, or all by the site's own name."""
    names = {peer.peer for peer in site.peers}
    routers = list(design.structure.routers_of(other.id))
    listed = {f"{other.id}/{router.id}" for router in other.routers if router.id in names}
    return [r for r in routers if r.table in listed] or (routers if other.id in names else [])


def _external(design: Design, router: SiteRouter, other: SiteRouter) -> Link:
    """eBGP between two sites: own prefixes and all that the router has learned elsewhere."""
    names = (other.site.id, other.table.rpartition("/")[2])
    out = policy_towards(router.site, *names)
    into = policy_towards(other.site, router.site.id, router.table.rpartition("/")[2])
    design.note(out.prepend)
    return Passage(
        id=f"{router.table}>{other.table}",
        source=router.table,
        target=other.table,
        becomes=Source.BGP,
        policies=(
            unless_failed(site_link_failed(design, router, other)),
            own_announced(design, router.site),
            ("export-filter", lambda route: passes_filter(design, out.export, route.prefix)),
            imports(design, into),
        ),
        prepends=design.as_term(router.asn),
        extra=out.prepend,
        refuses=refuses_own(design, other, other.asn),
        local_pref=design.as_term(into.local_pref),
    ).link()


def longest_prepend(design: Design) -> int:
    """The most copies of its ASN that any site puts in front of a path, beyond the first."""
    extras = [p.prepend for site in design.document.data_centers for p in site.peers]
    return max((int(v) for extra in extras for v in possible(extra)), default=0)
