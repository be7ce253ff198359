"""The typed document: what a user writes, with every default filled in.

Attribute names are the keys of the JSON document.  A field whose type mentions
`Choice` may be open: after loading it holds either a decided value or a `Choice`
named by its path in the document.  References are ids, checked by the loader, so
a loaded document has no dangling one.

The classes are immutable and take nothing that they do not know.
"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from .acceptance import AcceptedRisk
from .cloud import (
    Cen,
    CustomerGateway,
    CustomRouteTable,
    IpsecConnection,
    Tunnel,
    VbrPeer,
    VirtualBorderRouter,
    Vpc,
    VpcRoute,
    VpnGateway,
    VSwitch,
)
from .fields import (
    FAIL_BY_DEFAULT,
    FORMAT_VERSION,
    AtMost,
    CertainFlag,
    Id,
    KindsOfFailure,
    Name,
    OnFlag,
    Readings,
    Version,
)
from .gadget import GadgetPaths
from .part import Part
from .site import AnnouncedPrefix, DataCenter, OpenPrefix, Router, SitePeer, SitePrefix, StaticRoute

__all__ = [
    "PROPERTIES",
    "AnnouncedPrefix",
    "Cen",
    "CustomRouteTable",
    "CustomerGateway",
    "DataCenter",
    "Document",
    "Environment",
    "Intent",
    "IpsecConnection",
    "OpenPrefix",
    "Part",
    "Router",
    "SitePeer",
    "SitePrefix",
    "StaticRoute",
    "Tunnel",
    "VSwitch",
    "VbrPeer",
    "VirtualBorderRouter",
    "Vpc",
    "VpcRoute",
    "VpnGateway",
]

PROPERTIES = (
    "documented-rules",
    "no-routing-loops",
    "no-route-flapping",
    "no-ineffective-routes",
    "isolation",
)


class Environment(Part):
    """The events that a property has to withstand."""

    withdrawals: CertainFlag = True
    max_failures: AtMost = 0
    may_fail: KindsOfFailure = FAIL_BY_DEFAULT


class Intent(Part):
    """Traffic that has to pass, or that must not; the ends are ids or prefixes."""

    from_: Id = Field(alias="from")
    to: Id
    allowed: OnFlag = True


class Document(Part):
    """A hybrid network, or a bare routing gadget."""

    version: Version = FORMAT_VERSION
    name: Name = ""
    description: str = ""
    source: str = ""
    vpcs: tuple[Vpc, ...] = ()
    vpn_gateways: tuple[VpnGateway, ...] = ()
    customer_gateways: tuple[CustomerGateway, ...] = ()
    ipsec_connections: tuple[IpsecConnection, ...] = ()
    data_centers: tuple[DataCenter, ...] = ()
    virtual_border_routers: tuple[VirtualBorderRouter, ...] = ()
    cens: tuple[Cen, ...] = ()
    environment: Environment = Environment()
    assume: Readings = Field(default_factory=dict)
    intents: tuple[Intent, ...] | None = None
    expect: Mapping[str, str] = Field(default_factory=dict)
    accept: tuple[AcceptedRisk, ...] = ()
    gadget: GadgetPaths | None = None
