"""What a document may say, but hardly means: warnings that do not keep it from being checked."""

from __future__ import annotations

from collections.abc import Iterator

from verify.models.scenario import Document

HOLDERS: dict[str, tuple[str, ...]] = {
    "gateway_preserves_as_path": ("vpn_gateways",),
    "vbr_preserves_as_path": ("virtual_border_routers",),
    "gateway_exports_custom_routes": ("vpn_gateways",),
    "gateway_exports_cen_routes": ("vpn_gateways",),
    "gateway_exports_other_gateways_routes": ("vpn_gateways",),
    "cen_learns_vpn_routes": ("cens", "vpcs"),
    "gateway_prefers": ("vpn_gateways",),
    "vpc_prefers": ("vpcs",),
    "conflict": ("vpn_gateways",),
    "gateway_lookup": ("vpn_gateways",),
    "over_quota": ("vpn_gateways", "virtual_border_routers"),
    "local_as_check": ("data_centers", "vpn_gateways"),
}
"""The lists whose objects may have each reading for themselves."""


def warnings_about(document: Document) -> tuple[str, ...]:
    """Everything odd, in one sentence each."""
    return (*_foreign_gateways(document), *_equal_roles(document), *_readings_without_effect(document))


def _foreign_gateways(document: Document) -> Iterator[str]:
    owners = {gateway.id: gateway.vpc for gateway in document.vpn_gateways}
    for vpc in document.vpcs:
        for route in vpc.routes:
            if owners.get(route.next_hop, vpc.id) != vpc.id:
                yield (
                    f"{vpc.id}: the route to {route.destination} points to {route.next_hop}, "
                    "which is a gateway of another VPC"
                )


def _equal_roles(document: Document) -> Iterator[str]:
    for connection in document.ipsec_connections:
        roles = [tunnel.role for tunnel in connection.tunnels]
        if len(roles) == 2 and isinstance(roles[0], str) and roles[0] == roles[1]:
            yield f"{connection.id}: both tunnels have the role {roles[0]}"


def _readings_without_effect(document: Document) -> Iterator[str]:
    for name in type(document).model_fields:
        parts = getattr(document, name)
        for part in parts if isinstance(parts, tuple) else ():
            for reading in getattr(part, "readings", {}):
                if name not in HOLDERS[reading]:
                    holders = " and ".join(HOLDERS[reading])
                    yield f"{part.id}: the reading {reading} has no effect here, only in {holders}"
