"""Aggregates: prefixes of a site that may only sum up longer ones.

Where a site has a prefix and longer ones inside it, the document does not say
whether the rest of it exists; nor where the prefix is a half of all addresses.  If it
does not, the site announces an aggregate, and what is sent to the rest follows any
shorter route of the site, unless a discard route stops it.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network
from itertools import zip_longest
from typing import NamedTuple

from .choices import Choice, Role
from .scenario import DataCenter, Document, OpenPrefix, SitePrefix
from .site import CandidatePrefix

SHORTEST_NETWORK = 8  # a shorter prefix stands for a default route: nobody has so many addresses


class Aggregate(NamedTuple):
    """A prefix of a site that may only sum up longer ones, and the choice whether it does."""

    site: str
    prefix: IPv4Network
    choice: Choice


def aggregates(document: Document) -> Iterator[Aggregate]:
    """Every prefix for which this is open; those for which it cannot matter are left out."""
    for site in document.data_centers:
        stopped = {route.destination for route in site.static_routes if route.next_hop == "discard"}
        around = list(_elsewhere(document, site))
        for prefix in _not_whole(site):
            if prefix not in stopped and any(o != prefix and prefix.subnet_of(o) for o in around):
                name = f"data_centers.{site.id}.prefixes.{prefix}.aggregate"
                yield Aggregate(site.id, prefix, Choice(name, Role.OPEN, (False, True), False))


def _not_whole(site: DataCenter) -> Iterator[IPv4Network]:
    """The fixed prefixes of a site that are larger than a network, or in which others of them lie."""
    fixed = (p for p in site.prefixes if isinstance(p, SitePrefix) and not isinstance(p, CandidatePrefix))
    in_order = sorted({each.prefix for each in fixed})  # what lies in a prefix comes right after it
    for prefix, following in zip_longest(in_order, in_order[1:]):
        inside = following is not None and following.subnet_of(prefix)
        if inside or prefix.prefixlen < SHORTEST_NETWORK:
            yield prefix


def _elsewhere(document: Document, site: DataCenter) -> Iterator[IPv4Network]:
    """The prefixes for which a site can have a route that leads out of it."""
    yield from (route.destination for route in site.static_routes)
    for vpc in document.vpcs:
        yield from (vswitch.cidr for vswitch in vpc.vswitches)
        yield from (route.destination for route in vpc.routes)
    for other in document.data_centers:
        if other.id != site.id:
            yield from (p.within if isinstance(p, OpenPrefix) else p.prefix for p in other.prefixes)
