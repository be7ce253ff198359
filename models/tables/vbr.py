"""Virtual border routers: BGP with the sites, and the exchange with a CEN or a VPC."""

from __future__ import annotations

from collections.abc import Iterator

from ..condition import Condition, constant, negate
from ..network import Kind, Link, Table
from ..route import Path, Route, Rung, Source
from ..scenario import VirtualBorderRouter
from ..sessions import SiteRouter, VbrPeering
from .design import Design
from .failing import unless_failed, vbr_failed, vbr_session_failed
from .link import Passage, Policy, always, sources
from .quota import Quota, site_quota
from .site import exports, imports, policy_towards, refuses_own


def tables(design: Design) -> Iterator[Table]:
    """Every VBR."""
    for vbr in design.document.virtual_border_routers:
        yield Table(vbr.id, Kind.VBR, _ladder, vbr_failed(design, vbr.id))


def _ladder(route: Route) -> tuple[Rung, ...]:
    """Shorter AS_PATH."""
    return (len(route.path),)


def links(design: Design) -> Iterator[Link]:
    """BGP sessions both ways, and router interfaces to VPCs (attachments to CENs: see the CEN)."""
    routers = {router.table: router for router in design.structure.routers}
    for peering in design.vbr_sessions:
        router = routers[design.structure.ends_at[peering.id]]
        quota = site_quota(design, peering.id, peering.vbr, router)
        yield _from_site(design, peering, router, quota)
        yield _to_site(design, peering, router, quota)
    for vbr in design.document.virtual_border_routers:
        if any(vpc.id == vbr.attached_to for vpc in design.document.vpcs):
            yield from _router_interface(design, vbr)


def _session_policies(design: Design, peering: VbrPeering) -> tuple[Policy, ...]:
    return (
        always("no-bgp-session", constant(peering.asn is not None)),
        unless_failed(vbr_session_failed(design, peering)),
    )


def _from_site(design: Design, peering: VbrPeering, router: SiteRouter, quota: Quota) -> Link:
    vbr = peering.vbr
    policy = policy_towards(router.site, vbr.id)
    own = (design.as_term(vbr.local_asn),)
    design.note(policy.prepend)

    def refuses(path: Path) -> Condition:
        return design.refuses(path, own, 0)

    return Passage(
        id=f"{vbr.id}<{peering.id}",
        source=router.table,
        target=vbr.id,
        becomes=Source.BGP,
        policies=(
            *_session_policies(design, peering),
            *exports(design, router, policy),
            ("over-quota", lambda route: quota.lets_in(route.prefix)),
        ),
        prepends=design.as_term(peering.asn),
        extra=policy.prepend,
        refuses=refuses,
        local_pref=100,
    ).link()


def _to_site(design: Design, peering: VbrPeering, router: SiteRouter, quota: Quota) -> Link:
    """Cloud routes go to the BGP peers."""
    vbr = peering.vbr
    policy = policy_towards(router.site, vbr.id)
    return Passage(
        id=f"{vbr.id}>{peering.id}",
        source=vbr.id,
        target=router.table,
        becomes=Source.BGP,
        policies=(
            *_session_policies(design, peering),
            ("over-quota", lambda route: quota.is_open(route.prefix)),
            sources("other-connection", Source.CLOUD),
            imports(design, policy),
        ),
        prepends=design.as_term(vbr.local_asn),
        refuses=refuses_own(design, router, 0 if peering.asn is None else peering.asn),
        local_pref=design.as_term(policy.local_pref),
    ).link()


def _router_interface(design: Design, vbr: VirtualBorderRouter) -> Iterator[Link]:
    vpc, works = vbr.attached_to, unless_failed(vbr_failed(design, vbr.id))
    yield Passage(
        id=f"{vbr.id}>{vpc}",
        source=vbr.id,
        target=vpc,
        becomes=Source.VBR,
        policies=(
            works,
            sources("split-horizon", Source.BGP),
            ("shielded", lambda route: negate(design.shielded(vpc, route.prefix))),
        ),
    ).link()
    yield Passage(
        id=f"{vpc}>{vbr.id}",
        source=vpc,
        target=vbr.id,
        becomes=Source.CLOUD,
        policies=(works,),
        loses_path=negate(design.reads("vbr_preserves_as_path", vbr)),
        not_via=vbr.id,
    ).link()
