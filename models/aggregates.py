"""Aggregates: prefixes of a site that may only sum up longer ones.

Where a site has a prefix and longer ones inside it, the document does not say
whether the rest of it exists; nor where the prefix is a half of all addresses.  If it
does not, the site announces an aggregate, and what is sent to the rest follows any
shorter route of the site, unless a discard route stops it.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network
from itertools import islice, takewhile
from typing import NamedTuple

from .choices import Choice, Role
from .scenario import DataCenter, Document, OpenPrefix, SitePrefix
from .site import CandidatePrefix

SHORTEST_NETWORK = 8  # a shorter prefix stands for a default route: nobody has so many addresses


class Aggregate(NamedTuple):
    """A prefix of a site that may only sum up longer ones, and the choice whether it does.

    `longer` are the open ones of which one has to be there for that; none where a
    prefix that is sure lies inside, or where the prefix is larger than a network.
    """

    site: str
    prefix: IPv4Network
    choice: Choice
    longer: tuple[CandidatePrefix, ...]


def aggregates(document: Document) -> Iterator[Aggregate]:
    """Every prefix for which this is open; those for which it cannot matter are left out."""
    for site in document.data_centers:
        stopped = discarded(site)
        around = list(_elsewhere(document, site))
        for prefix, longer, is_fixed in _not_whole(site):
            if prefix not in stopped and any(o != prefix and prefix.subnet_of(o) for o in around):
                name = f"data_centers.{site.id}.prefixes.{prefix}.aggregate"
                role = Role.OPEN if is_fixed else Role.ORDER
                choice = Choice(name if is_fixed else f"aggregate:{name}", role, (False, True), False)
                yield Aggregate(site.id, prefix, choice, longer)


def discarded(site: DataCenter) -> frozenset[IPv4Network]:
    """The prefixes for which a site has a discard route."""
    return frozenset(route.destination for route in site.static_routes if route.next_hop == "discard")


def open_ones_may_sum_up(document: Document) -> bool:
    """Whether an open announcement may be an aggregate, or make one of another prefix."""
    for site in document.data_centers:
        entries = [prefix for prefix in site.prefixes if isinstance(prefix, OpenPrefix)]
        around = list(_elsewhere(document, site)) if entries else []
        for entry in entries:
            if any(o.overlaps(entry.within) and o.prefixlen < entry.length[1] for o in around):
                return True
    return False


def _not_whole(site: DataCenter) -> Iterator[tuple[IPv4Network, tuple[CandidatePrefix, ...], bool]]:
    """Prefixes larger than a network, or in which others lie: with the open ones of these, if all are."""
    listed = [prefix for prefix in site.prefixes if isinstance(prefix, SitePrefix)]
    listed.sort(key=lambda each: each.prefix)  # what lies in a prefix comes right after it
    fixed = {each.prefix for each in listed if not isinstance(each, CandidatePrefix)}
    open_blocks = [prefix.within for prefix in site.prefixes if isinstance(prefix, OpenPrefix)]
    for position, each in enumerate(listed):
        prefix = each.prefix
        if position and listed[position - 1].prefix == prefix:
            continue
        following = islice(listed, position, None)
        inside = [o for o in takewhile(lambda o: o.prefix.subnet_of(prefix), following) if o.prefix != prefix]  # noqa: B023  # used up before the variable changes
        sure = prefix.prefixlen < SHORTEST_NETWORK or any(o.prefix in fixed for o in inside)
        if sure or inside or any(block.overlaps(prefix) for block in open_blocks):
            longer = () if sure else tuple(o for o in inside if isinstance(o, CandidatePrefix))
            yield prefix, longer, prefix in fixed


def _elsewhere(document: Document, site: DataCenter) -> Iterator[IPv4Network]:
    """The prefixes for which a site can have a route that leads out of it."""
    yield from (route.destination for route in site.static_routes)
    for vpc in document.vpcs:
        yield from (vswitch.cidr for vswitch in vpc.vswitches)
        yield from (route.destination for route in vpc.routes)
    for other in document.data_centers:
        if other.id != site.id:
            yield from (p.within if isinstance(p, OpenPrefix) else p.prefix for p in other.prefixes)
