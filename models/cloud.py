"""The provider's side of a document: VPCs, gateways, connections, virtual border routers, CENs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field, model_validator

from .fields import (
    DEFAULT_LOCAL_ASN,
    ON,
    Address,
    Asn,
    Day,
    GatewayQuota,
    Id,
    OffFlag,
    OnFlag,
    Prefix,
    Readings,
    RoutingMode,
    SiteAsn,
    TunnelRole,
    TunnelSupport,
    VbrQuota,
    any_if_single,
    any_of_domain,
    overlap_by_age,
)
from .part import Part


class VSwitch(Part):
    """A subnet of a VPC; its prefix is a system route of every table of the VPC."""

    id: Id
    cidr: Prefix
    route_table: Id = "system"


class CustomRouteTable(Part):
    """A route table beside the system one, which never holds BGP routes."""

    id: Id


class VpcRoute(Part):
    """A custom (static) route; `next_hop` is a VPN gateway, a VBR, a CEN, or "blackhole"."""

    route_table: Id = "system"
    destination: Prefix
    next_hop: Id
    publish_to_cen: OffFlag = False


class Vpc(Part):
    """A virtual private cloud."""

    id: Id
    vswitches: tuple[VSwitch, ...] = ()
    custom_route_tables: tuple[CustomRouteTable, ...] = ()
    routes: tuple[VpcRoute, ...] = ()
    readings: Readings = Field(default_factory=dict)


class VpnGateway(Part):
    """A VPN gateway of a VPC."""

    id: Id
    vpc: Id
    tunnel_support: TunnelSupport = "dual"
    bgp_supported: OnFlag = Field(default_factory=any_if_single)
    auto_advertise: OffFlag = False
    bgp_route_quota: GatewayQuota = 50
    readings: Readings = Field(default_factory=dict)


class CustomerGateway(Part):
    """What the cloud knows of the far end of a tunnel: a site, or another VPN gateway.

    `asn` is None where none was given, and then BGP cannot be enabled.
    """

    id: Id
    ip_address: Address | None = None
    asn: SiteAsn | None = None
    data_center: Id | None = None
    router: Id | None = None
    vpn_gateway: Id | None = None


class Tunnel(Part):
    """One IPsec tunnel and its BGP session."""

    role: TunnelRole = "master"
    customer_gateway: Id
    local_asn: Asn = DEFAULT_LOCAL_ASN
    tunnel_cidr: Prefix | None = None
    local_bgp_ip: Address | None = None


class IpsecConnection(Part):
    """An IPsec connection of a VPN gateway with one tunnel or two."""

    id: Id
    vpn_gateway: Id
    routing_mode: RoutingMode = "destination"
    bgp_enabled: OffFlag = False
    tunnels: tuple[Tunnel, ...] = Field(json_schema_extra={"minItems": 1, "maxItems": 2})
    readings: Readings = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _roles_by_position(cls, raw: Any) -> Any:
        """The second tunnel is the slave where nothing else is written."""
        tunnels = raw.get("tunnels") if isinstance(raw, Mapping) else None
        if not isinstance(tunnels, list | tuple) or len(tunnels) != 2:
            return raw
        second = tunnels[1]
        if isinstance(second, Mapping) and "role" not in second:
            second = {**second, "role": "slave"}
        return {**raw, "tunnels": [tunnels[0], second]}


class KeptConnection(IpsecConnection):
    """A connection whose BGP may be switched off without its traffic being meant any less.

    Not part of any document that is written: see `models/widening.py`.
    """


class VbrPeer(Part):
    """A BGP session of a VBR; `peer_asn` is that of the router where it is left out."""

    data_center: Id
    router: Id | None = None
    peer_asn: SiteAsn = Field(default_factory=int)  # replaced by the ASN of the router


class VirtualBorderRouter(Part):
    """A virtual border router, attached to a CEN or by router interface to a VPC."""

    id: Id
    attached_to: Id = Field(default_factory=str)  # replaced by the CEN that lists the VBR
    local_asn: Asn = DEFAULT_LOCAL_ASN
    as_path_preserved: OnFlag = Field(default_factory=any_of_domain(ON))
    bgp_route_quota: VbrQuota = 110
    peers: tuple[VbrPeer, ...] = ()
    readings: Readings = Field(default_factory=dict)


class Cen(Part):
    """A Cloud Enterprise Network instance and what is attached to it."""

    id: Id
    created: Day | None = None
    overlapping_routing: OnFlag = Field(default_factory=overlap_by_age)
    attachments: tuple[Id, ...] = ()
    rejects_hybrid_exchange: OnFlag = True
    readings: Readings = Field(default_factory=dict)
