"""The customer's side of a document: data centres, their routers, prefixes and BGP policies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, TypeAlias

from pydantic import Discriminator, Field, GetJsonSchemaHandler, Tag, model_validator
from pydantic_core import CoreSchema

from .fields import (
    OFF,
    ON,
    PREFERENCE,
    AllowasIn,
    Extent,
    Id,
    LocalPref,
    OffFlag,
    OnFlag,
    Preference,
    Prefix,
    Prepend,
    Readings,
    SiteAsn,
    any_of_domain,
)
from .part import Part
from .values import Misfit, several


class SitePrefix(Part):
    """A prefix of a data centre, and whether the site announces it."""

    prefix: Prefix
    announced: OnFlag = True

    @model_validator(mode="before")
    @classmethod
    def _plain_prefix(cls, raw: Any) -> Any:
        return raw if isinstance(raw, Mapping | SitePrefix) else {"prefix": raw}

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """The text of a prefix, or an object."""
        written = handler.resolve_ref_schema(handler(core))
        return {"anyOf": [written["properties"]["prefix"], written]}


class OpenPrefix(Part):
    """Between `count[0]` and `count[1]` unknown prefixes inside `within`, of a length in `length`."""

    within: Prefix
    length: Extent
    count: Extent = (1, 1)

    @model_validator(mode="after")
    def _lengths_that_exist(self) -> OpenPrefix:
        """A prefix inside another is not shorter than it, and has at most 32 bits."""
        if self.length[0] < self.within.prefixlen or self.length[1] > 32:
            expected = f"lengths from {self.within.prefixlen} to 32"
            raise several([Misfit(f"[{self.length[0]}, {self.length[1]}]", expected, at=("length",))])
        return self


class CandidatePrefix(SitePrefix):
    """A prefix that an open entry may turn out to be (or one of those); `announced` is a choice.

    Not part of any document that is written: it takes the place of the entry where
    routes are computed.  `name` is the path of the entry.
    """

    entry: OpenPrefix
    name: str


def _prefix_form(raw: object) -> str:
    is_open = isinstance(raw, OpenPrefix) or (isinstance(raw, Mapping) and "within" in raw)
    return "open prefix" if is_open else "site prefix"


AnnouncedPrefix: TypeAlias = Annotated[
    Annotated[SitePrefix, Tag("site prefix")] | Annotated[OpenPrefix, Tag("open prefix")],
    Discriminator(_prefix_form),
]


class Router(Part):
    """A BGP router of a data centre; `allowas_in` is the site's where it is left out."""

    id: Id
    asn: SiteAsn
    allowas_in: AllowasIn | None = None


class StaticRoute(Part):
    """A static route of a data centre; `next_hop` is a VPN gateway, a VBR, or "discard"."""

    destination: Prefix
    next_hop: Id


class SitePeer(Part):
    """The site's policy towards one BGP peer; a filter left out lets everything pass.

    `peer` is a VPN gateway, a VBR, or another data centre or one of its routers;
    with the last two there is a BGP session between the sites.
    """

    peer: Id
    local_pref: LocalPref = 100
    prepend: Prepend = 0
    import_: tuple[Prefix, ...] | None = Field(default=None, alias="import")
    export: tuple[Prefix, ...] | None = None


class GuardedPeer(SitePeer):
    """A policy that may let in no routes but for `foreign` prefixes; `guarded` says whether it does.

    Not part of any document that is written: it stands for one with and one without
    this import filter.
    """

    guarded: Any
    foreign: tuple[Prefix, ...]


class DataCenter(Part):
    """A site of the customer.

    No `routers`: one for each ASN under which the cloud sees the site.
    """

    id: Id
    prefixes: tuple[AnnouncedPrefix, ...] = ()
    routers: tuple[Router, ...] = ()
    internal_peering: OnFlag = Field(default_factory=any_of_domain(ON))
    readvertises: OffFlag = Field(default_factory=any_of_domain(OFF))
    prefers: Preference = Field(default_factory=any_of_domain(PREFERENCE))
    allowas_in: AllowasIn = 0
    static_routes: tuple[StaticRoute, ...] = ()
    peers: tuple[SitePeer, ...] = ()
    readings: Readings = Field(default_factory=dict)
