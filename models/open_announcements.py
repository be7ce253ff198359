"""Open announcements: the finitely many prefixes that stand for every one that a site might announce.

Each class of prefixes that nothing can tell apart (`models/address_space.py`) gets as
many candidates as prefixes of one class can matter together: no more than are
announced at all, and no more than there are tables, since a packet uses one prefix
at each table that it passes.  The candidates are real prefixes, and whether each is
announced is a choice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network, collapse_addresses

from .address_space import AddressSpace, Block, containment_matters, landmarks, several_dual_tunnels
from .choices import Choice, Role
from .condition import Condition, at_least, at_most, implies
from .paths import labels, updated
from .scenario import DataCenter, Document, OpenPrefix, SitePrefix
from .site import CandidatePrefix

NESTED_EXACTLY = 2  # with overlapping routing off, sets of more prefixes are not all looked at


@dataclass(frozen=True, slots=True)
class OpenEntry:
    """An open entry of a site with its path; `size` is the number of prefixes to choose from."""

    site: str
    name: str
    entry: OpenPrefix

    @property
    def size(self) -> int:
        shortest, longest = self.entry.length
        return sum(1 << (length - self.entry.within.prefixlen) for length in range(shortest, longest + 1))

    @property
    def block(self) -> Block:
        """What each of its prefixes can be."""
        return Block(self.entry.within, *self.entry.length)

    def takes(self, prefix: IPv4Network) -> bool:
        """Whether it can be a prefix."""
        return self.block.takes(prefix)

    def passing(self, allowed: Iterable[IPv4Network] | None) -> int:
        """How many of the prefixes to choose from lie inside those of a filter; without one, all."""
        if allowed is None:
            return self.size
        within, (shortest, longest) = self.entry.within, self.entry.length
        found = 0
        for each in collapse_addresses(allowed):
            if each.overlaps(within):
                start = each if each.subnet_of(within) else within
                lengths = range(max(shortest, start.prefixlen), longest + 1)
                found += sum(1 << (length - start.prefixlen) for length in lengths)
        return found


def open_entries(document: Document) -> Iterator[OpenEntry]:
    """The open announcements of a document, in document order."""
    for site in document.data_centers:
        for label, entry in zip(labels(site.prefixes), site.prefixes, strict=True):
            if isinstance(entry, OpenPrefix):
                yield OpenEntry(site.id, f"data_centers.{site.id}.prefixes.{label}", entry)


def impossible(document: Document) -> str:
    """Why some open announcement can be nothing at all, or ""."""
    for each in open_entries(document):
        if each.entry.count[0] > each.size:
            few = "1 prefix" if each.size == 1 else f"{each.size} prefixes"
            return f"{each.name}: only {few} to choose from for a count of {each.entry.count[0]}"
    return ""


def unbounded(document: Document) -> str:
    """Why the candidates do not stand for all sets of prefixes, or ""."""
    off = any(cen.overlapping_routing is not True for cen in document.cens)
    if off and _together(document) > NESTED_EXACTLY:
        return (
            "with overlapping routing off, sets of more than "
            f"{NESTED_EXACTLY} open prefixes are not all looked at"
        )
    return ""


def with_candidates(document: Document, *, alike: bool = False, beside: Document | None = None) -> Document:
    """The document with candidates in place of its open announcements.

    `alike` says that the network does the same with all prefixes of one class that one
    entry stands for, so that the shorter of two that are nested decides nothing.
    `beside` is a document with which this one is compared, and which then divides the
    address space as well.
    """
    entries = list(open_entries(document))
    if not entries:
        return document
    both = (document,) if beside is None else (document, beside)
    among = [each for one in both for each in open_entries(one)]
    most = max(min(_together(one), len(among) if alike else _most_decisions(one)) for one in both)
    marks = tuple(sorted({mark for one in both for mark in landmarks(one)}))
    containment = any(containment_matters(one) for one in both)
    candidates = AddressSpace(marks, tuple(each.block for each in among), most, containment).candidates
    sites = tuple(_with_candidates(site, entries, candidates) for site in document.data_centers)
    return updated(document, {"data_centers": sites})


def _with_candidates(
    site: DataCenter, entries: list[OpenEntry], candidates: tuple[IPv4Network, ...]
) -> DataCenter:
    own = {prefix.prefix for prefix in site.prefixes if isinstance(prefix, SitePrefix)}
    listed: list[SitePrefix] = [prefix for prefix in site.prefixes if isinstance(prefix, SitePrefix)]
    for each in entries:
        if each.site != site.id or each.entry.count[1] == 0:
            continue
        found = (prefix for prefix in candidates if each.takes(prefix) and prefix not in own)
        listed += [_candidate(each, prefix) for prefix in found]
    return updated(site, {"prefixes": tuple(listed)})


def _candidate(each: OpenEntry, prefix: IPv4Network) -> CandidatePrefix:
    choice = Choice(f"{each.name} announces {prefix}", Role.ANNOUNCED, (False, True), False)
    return CandidatePrefix.model_construct(
        _fields_set={"prefix", "announced"}, prefix=prefix, announced=choice, entry=each.entry, name=each.name
    )


def _together(document: Document) -> int:
    """How many open prefixes there can be at once."""
    return sum(each.entry.count[1] for each in open_entries(document))


def _most_decisions(document: Document) -> int:
    """On how many prefixes of one class a packet's way can depend: one at each table.

    Where routes of several connections conflict, each may be inactive because of another.
    """
    cloud = (document.vpcs, document.vpn_gateways, document.cens, document.virtual_border_routers)
    tables = sum(map(len, cloud)) + sum(_most_routers(document, site) for site in document.data_centers)
    return 2 * tables if several_dual_tunnels(document) else tables


def _most_routers(document: Document, site: DataCenter) -> int:
    """At least as many as there are routers of a site in any structure of the document."""
    if site.routers:
        return len(site.routers)
    tunnels = {gateway.asn for gateway in document.customer_gateways if gateway.data_center == site.id}
    vbrs = document.virtual_border_routers
    peers = {peer.peer_asn for vbr in vbrs for peer in vbr.peers if peer.data_center == site.id}
    return max(1, len(tunnels | peers))


@dataclass(frozen=True, slots=True)
class Announcement:
    """The candidates of one open entry in a network, by the name of the choice, and how many there can be.

    `size` is the number of prefixes to choose from, `complete` holds while none is withdrawn.
    """

    entry: OpenEntry
    candidates: dict[str, IPv4Network]
    complete: Condition

    def limits(self, mentioned: Iterable[str]) -> tuple[Condition, ...]:
        """What the count of the entry says of some of its candidates, the others being free."""
        low, high = self.entry.entry.count
        here = [name for name in set(mentioned) if name in self.candidates]
        here.sort(key=lambda name: (self.candidates[name].prefixlen, self.candidates[name]))
        flags = [Condition("is", name, True) for name in here]
        least = low - (self.entry.size - len(flags))
        found = (at_most(high, flags), implies(self.complete, at_least(least, flags)))
        return tuple(limit for limit in found if not limit.is_true)


def chosen(announcement: Announcement, flags: Iterable[str]) -> list[IPv4Network]:
    """The candidates whose choices are among some names, in order."""
    return sorted(announcement.candidates[name] for name in flags if name in announcement.candidates)
