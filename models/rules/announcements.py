"""Which prefixes a data centre can announce over which BGP peering, and when.

An open prefix is represented by a choice among few concrete prefixes, of each class
that nothing can tell apart (`models/address_space.py`).  The rules only ask whether
prefixes are equal or contain one another, so these stand for all; how the routes
travel further is not considered here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from ipaddress import IPv4Network
from typing import TypeAlias

from ..address_space import AddressSpace, Block, landmarks
from ..choices import Choice, Role, Term, equal, holds, possible, where
from ..condition import FALSE, Condition, all_of, any_of, constant
from ..open_announcements import OpenEntry, open_entries
from ..paths import labels
from ..scenario import DataCenter, Document, OpenPrefix, SitePrefix

Announcements: TypeAlias = Mapping[IPv4Network, Condition]

SHARED = IPv4Network("100.64.0.0/10")


def announced(document: Document, site: DataCenter, peer: str) -> Announcements:
    """The site's own prefixes that its filter lets pass to a peer, with the condition for each."""
    return joined(
        {prefix: condition}
        for entry in site.prefixes
        for prefix, condition in _entry_prefixes(document, site, entry)
        if passes_export(site, peer, prefix) and not condition.is_false
    )


def joined(sources: Iterable[Announcements]) -> Announcements:
    """What is announced by at least one of several sources."""
    routes: dict[IPv4Network, Condition] = {}
    for source in sources:
        for prefix, condition in source.items():
            routes[prefix] = any_of((routes.get(prefix, FALSE), condition))
    return routes


def passes_export(site: DataCenter, peer: str, prefix: IPv4Network) -> bool:
    """Whether the site's export filter towards a peer lets a prefix pass."""
    return passes([each.export for each in site.peers if each.peer == peer], prefix)


def passes(filters: list[tuple[IPv4Network, ...] | None], prefix: IPv4Network) -> bool:
    """Whether a prefix lies in the permitted ranges of any filter; no filter lets everything pass."""
    if not filters:
        return True
    return any(listed is None or any(prefix.subnet_of(each) for each in listed) for listed in filters)


def open_prefix_choice(document: Document, site: DataCenter, entry: OpenPrefix) -> Choice:
    """The choice among the prefixes that represent an open one, those first that meet the fewest others."""
    space = _space(landmarks(document), tuple(each.block for each in open_entries(document)))
    mine = OpenEntry(site.id, _path(site, entry), entry)
    found = sorted(filter(mine.takes, space.candidates), key=lambda p: (space.met(p), p))
    return Choice(mine.name, Role.OPEN, tuple(map(str, found)), str(found[0]))


@lru_cache(maxsize=8)
def _space(marks: tuple[IPv4Network, ...], blocks: tuple[Block, ...]) -> AddressSpace:
    """Two prefixes of a class can stand in every relation to each other."""
    return AddressSpace(marks, blocks, most=2, containment=True)


def count_choice(site: DataCenter, entry: OpenPrefix, limits: Iterable[Term]) -> Choice:
    """The choice of how many prefixes an open entry stands for, as far as the limits tell numbers apart."""
    low, high = entry.count
    thresholds = {int(value) + 1 for limit in limits for value in possible(limit)}
    values = sorted({low, high} | {value for value in thresholds if low <= value <= high})
    return Choice(f"{_path(site, entry)}.count", Role.OPEN, tuple(values), low)


def _path(site: DataCenter, entry: OpenPrefix) -> str:
    position = next(place for place, other in enumerate(site.prefixes) if other is entry)
    return f"data_centers.{site.id}.prefixes.{labels(site.prefixes)[position]}"


def open_choices(document: Document) -> Iterator[Choice]:
    """The choices that stand for the open prefixes of a document."""
    for site in document.data_centers:
        for entry in site.prefixes:
            if isinstance(entry, OpenPrefix):
                yield open_prefix_choice(document, site, entry)
                yield count_choice(site, entry, quotas(document))


def quotas(document: Document) -> list[Term]:
    """Every route quota of the document."""
    gateways: list[Term] = [gateway.bgp_route_quota for gateway in document.vpn_gateways]
    return gateways + [vbr.bgp_route_quota for vbr in document.virtual_border_routers]


def more_than(document: Document, site: DataCenter, peer: str, quota: Term) -> Condition:
    """When the site can announce more prefixes over a peering than its quota.

    Where only some announcements are sure, the condition names the first that
    together exceed the quota: it can hold exactly when the quota can be
    exceeded, and it is certain exactly when that is.
    """
    return any_of(
        all_of((equal(quota, limit), _above(document, site, peer, int(limit)))) for limit in possible(quota)
    )


def _above(document: Document, site: DataCenter, peer: str, limit: int) -> Condition:
    total, flags = 0, []
    open_ones = [each for each in open_entries(document) if each.site == site.id]
    for entry in site.prefixes:
        if isinstance(entry, SitePrefix) and passes_export(site, peer, entry.prefix):
            total += int(holds(entry.announced).is_true)
            flags.append(holds(entry.announced))
    taken: list[Condition] = []
    most = sum(min(each.entry.count[1], _passing(site, peer, each)) for each in open_ones)
    for flag in flags:
        if total + most > limit or flag.is_true or flag.is_false:
            continue
        total += 1
        taken.append(flag)
    counts = [(count_choice(site, e.entry, quotas(document)), _passing(site, peer, e)) for e in open_ones]
    return all_of((*taken, _together_above(counts, limit - total)))


def _passing(site: DataCenter, peer: str, each: OpenEntry) -> int:
    """How many of the prefixes that an open entry can be pass the filter towards a peer."""
    filters = [policy.export for policy in site.peers if policy.peer == peer]
    if not filters or any(listed is None for listed in filters):
        return each.passing(None)
    return each.passing([prefix for listed in filters for prefix in listed or ()])


def _together_above(counts: list[tuple[Choice, int]], limit: int) -> Condition:
    """When open entries, each up to the number that passes, are more than a limit together."""
    if not counts:
        return constant(limit < 0)
    (choice, most), *others = counts
    return any_of(
        all_of((choice.equals(value), _together_above(others, limit - min(int(value), most))))
        for value in choice.values
    )


def _entry_prefixes(
    document: Document, site: DataCenter, entry: SitePrefix | OpenPrefix
) -> Iterator[tuple[IPv4Network, Condition]]:
    if isinstance(entry, SitePrefix):
        yield entry.prefix, holds(entry.announced)
        return
    choice = open_prefix_choice(document, site, entry)
    present = where(count_choice(site, entry, quotas(document)), lambda count: count != 0)
    for value in choice.values:
        yield IPv4Network(value), all_of((present, choice.equals(value)))


def overlapping(left: Announcements, right: Announcements, *, identical: bool) -> Condition:
    """When both sides announce prefixes that are identical, or that contain one another."""
    same = ((prefix, prefix) for prefix in left if prefix in right)
    pairs = same if identical else _comparable(left, right)
    return any_of(all_of((left[one], right[other])) for one, other in pairs)


def _comparable(
    left: Announcements, right: Announcements
) -> Iterator[tuple[IPv4Network, IPv4Network]]:
    """Every pair, one prefix from each side, of which one contains the other or is the other."""
    entries = [
        (int(prefix.network_address), prefix.prefixlen, side, prefix)
        for side, prefixes in enumerate((left, right))
        for prefix in prefixes
    ]
    around: list[tuple[int, int, IPv4Network]] = []
    for start, _, side, prefix in sorted(entries, key=lambda entry: entry[:3]):
        while around and around[-1][0] < start:
            around.pop()
        for _, other_side, other in around:
            if other_side != side:
                yield (prefix, other) if side == 0 else (other, prefix)
        around.append((int(prefix.broadcast_address), side, prefix))
