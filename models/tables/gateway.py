"""VPN gateways: their BGP route table, the tunnels to the sites and the VPC system route table."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..choices import Term, where
from ..condition import TRUE, Condition, all_of, any_of, constant, negate
from ..network import Kind, Link, Table
from ..route import AsTerm, Path, Route, Rung, Source, either, ranked
from ..scenario import VpnGateway
from ..sessions import SiteRouter, TunnelPeering
from .conflict import Conflicts
from .design import DEFAULT_ROUTE, LOCAL_PREFIX, Design
from .failing import gateway_failed, unless_failed
from .link import Passage, Policy, always, sources
from .quota import Quota, between_gateways, site_quota
from .site import exports, imports, policy_towards, refuses_own
from .tunnel import gateway_of, session_policies


def tables(design: Design) -> Iterator[Table]:
    """The BGP route table of every gateway."""
    for gateway in design.document.vpn_gateways:
        down = gateway_failed(design, gateway.id)
        yield Table(gateway.id, Kind.GATEWAY, _ladder(design, gateway), down)


def _ladder(design: Design, gateway: VpnGateway) -> Callable[[Route], tuple[Rung, ...]]:
    """Reading `gateway_prefers`; shorter AS_PATH; VPN_BGP; master before slave tunnel."""
    prefers = design.reading("gateway_prefers", gateway)
    learned = ranked(prefers, {"bgp": 0, "cloud": 1, "as_path": 0})
    cloud = ranked(prefers, {"bgp": 1, "cloud": 0, "as_path": 0})
    slave: dict[str, Rung] = {}
    for peering in design.tunnels:
        design.note(peering.tunnel.role)
        is_master = where(peering.tunnel.role, lambda value: value == "master")
        slave[peering.id] = either(is_master, 0, 1)

    def ladder(route: Route) -> tuple[Rung, ...]:
        if route.source is Source.CLOUD:
            return (cloud, len(route.path), 1, 0)
        return (learned, len(route.path), 0, slave.get(route.link.rpartition("<")[2], 0))

    return ladder


def _advertises(design: Design, gateway: VpnGateway) -> tuple[Policy, ...]:
    """R26: without automatic advertisement nothing passes between a gateway and its VPC."""
    return (
        always("auto-advertise-off", design.flag(gateway.auto_advertise)),
        unless_failed(gateway_failed(design, gateway.id)),
    )


def links(design: Design) -> Iterator[Link]:
    """Tunnels in both directions, and the exchange with the VPC in both directions."""
    routers = {router.table: router for router in design.structure.routers}
    for peering in design.tunnels:
        router = routers[design.structure.ends_at[peering.id]]
        quota = site_quota(design, peering.id, gateway_of(design, peering.connection), router)
        yield _from_site(design, peering, router, quota)
        yield _to_site(design, peering, router, quota)
    for gateway in design.document.vpn_gateways:
        yield _to_vpc(design, gateway)
        yield _from_vpc(design, gateway)
    yield from _between_gateways(design)


def _own_asns(design: Design, gateway: VpnGateway) -> tuple[AsTerm, ...]:
    """Every local ASN that a gateway shows on its connections."""
    shown = (
        tunnel.local_asn
        for connection in design.document.ipsec_connections
        if connection.vpn_gateway == gateway.id
        for tunnel in connection.tunnels
    )
    return tuple(dict.fromkeys(design.as_term(asn) for asn in shown))


def _refuses_own(design: Design, gateway: VpnGateway, local_asn: Term) -> Callable[[Path], Condition]:
    every = design.reads("local_as_check", gateway, value="all")
    session, own = (design.as_term(local_asn),), _own_asns(design, gateway)

    def refuses(path: Path) -> Condition:
        by_session = design.refuses(path, session, 0)
        if own == session:
            return by_session
        by_any = design.refuses(path, own, 0)
        return any_of((all_of((every, by_any)), all_of((negate(every), by_session))))

    return refuses


def _receives(design: Design, gateway: VpnGateway) -> tuple[Policy, ...]:
    """What a gateway takes from a BGP peer at all: no default route (R09), R10 on old gateways."""
    design.note(gateway.tunnel_support)
    single = where(gateway.tunnel_support, lambda value: value == "single")

    def shared(route: Route) -> Condition:
        return negate(single) if design.network_of(route.prefix).subnet_of(LOCAL_PREFIX) else TRUE

    return (
        ("default-route", lambda route: constant(design.network_of(route.prefix) != DEFAULT_ROUTE)),
        ("shared-address-space", shared),
    )


def _from_site(design: Design, peering: TunnelPeering, router: SiteRouter, quota: Quota) -> Link:
    """R04: what a site announces reaches the gateway's BGP table, switch or no switch."""
    gateway = gateway_of(design, peering.connection)
    policy = policy_towards(router.site, gateway.id)
    conflicts = Conflicts(design, gateway, peering)
    design.note(policy.prepend)
    return Passage(
        id=f"{gateway.id}<{peering.id}",
        source=router.table,
        target=gateway.id,
        becomes=Source.VPN_BGP,
        policies=(
            *session_policies(design, peering.connection, peering.index, peering.asn),
            *exports(design, router, policy),
            *_receives(design, gateway),
            ("over-quota", lambda route: quota.lets_in(route.prefix)),
            ("conflict", lambda route: negate(conflicts.may_be_inactive(route.prefix))),
        ),
        prepends=design.as_term(peering.asn),
        extra=policy.prepend,
        refuses=_refuses_own(design, gateway, peering.tunnel.local_asn),
        local_pref=100,
    ).link()


def _to_site(design: Design, peering: TunnelPeering, router: SiteRouter, quota: Quota) -> Link:
    """R07 and R12: the gateway sends CLOUD routes only, and only with automatic advertisement."""
    gateway = gateway_of(design, peering.connection)
    policy = policy_towards(router.site, gateway.id)
    asn = 0 if peering.asn is None else peering.asn
    return Passage(
        id=f"{gateway.id}>{peering.id}",
        source=gateway.id,
        target=router.table,
        becomes=Source.BGP,
        policies=(
            *session_policies(design, peering.connection, peering.index, peering.asn),
            ("over-quota", lambda route: quota.is_open(route.prefix)),
            always("auto-advertise-off", design.flag(gateway.auto_advertise)),
            sources("other-connection", Source.CLOUD),
            imports(design, policy),
        ),
        prepends=design.as_term(peering.tunnel.local_asn),
        refuses=refuses_own(design, router, asn),
        local_pref=design.as_term(policy.local_pref),
    ).link()


def _to_vpc(design: Design, gateway: VpnGateway) -> Link:
    """R05: VPN_BGP routes go to the VPC system route table with automatic advertisement."""
    return Passage(
        id=f"{gateway.id}>{gateway.vpc}",
        source=gateway.id,
        target=gateway.vpc,
        becomes=Source.VPN_BGP,
        policies=(
            *_advertises(design, gateway),
            sources("split-horizon", Source.VPN_BGP),
            ("shielded", lambda route: negate(design.shielded(gateway.vpc, route.prefix))),
        ),
    ).link()


def _from_vpc(design: Design, gateway: VpnGateway) -> Link:
    """What a gateway learns from the system route table: system routes, the rest by readings."""
    custom = design.reads("gateway_exports_custom_routes", gateway)
    from_cen = design.reads("gateway_exports_cen_routes", gateway)
    others = design.reads("gateway_exports_other_gateways_routes", gateway)
    keeps = design.reads("gateway_preserves_as_path", gateway)
    return Passage(
        id=f"{gateway.vpc}>{gateway.id}",
        source=gateway.vpc,
        target=gateway.id,
        becomes=Source.CLOUD,
        policies=(
            *_advertises(design, gateway),
            ("custom-not-exported", lambda r: custom if r.source is Source.CUSTOM else TRUE),
            ("cen-not-exported", lambda r: from_cen if r.source in (Source.CEN, Source.VBR) else TRUE),
            ("other-gateway-not-exported", lambda r: others if r.source is Source.VPN_BGP else TRUE),
        ),
        loses_path=negate(keeps),
        not_via=gateway.id,
    ).link()


def _between_gateways(design: Design) -> Iterator[Link]:
    """A tunnel whose customer gateway is another VPN gateway: the peering that R13a forbids."""
    far_ends = {gateway.id: gateway for gateway in design.document.customer_gateways}
    for connection in design.document.ipsec_connections:
        for index, tunnel in enumerate(connection.tunnels):
            far = far_ends[tunnel.customer_gateway]
            if far.vpn_gateway is None:
                continue
            here = gateway_of(design, connection)
            there = next(g for g in design.document.vpn_gateways if g.id == far.vpn_gateway)
            yield Passage(
                id=f"{here.id}>{connection.id}/{index}",
                source=here.id,
                target=there.id,
                becomes=Source.VPN_BGP,
                policies=(
                    *session_policies(design, connection, index, far.asn),
                    always("no-bgp-session", design.flag(there.bgp_supported)),
                    unless_failed(gateway_failed(design, there.id)),
                    always("auto-advertise-off", design.flag(here.auto_advertise)),
                    sources("other-connection", Source.CLOUD),
                    *_receives(design, there),
                    between_gateways(design, f"{connection.id}/{index}", here, there),
                ),
                prepends=design.as_term(tunnel.local_asn),
                refuses=_refuses_own(design, there, 0 if far.asn is None else far.asn),
            ).link()
