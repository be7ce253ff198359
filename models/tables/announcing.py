"""How many prefixes a data centre announces, and when each of them is sent.

Open announcements count by their counts: the candidates that stand for one only say
which of its prefixes matter to a problem, not how many there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network
from itertools import combinations
from typing import TypeAlias

from ..choices import holds
from ..condition import TRUE, Condition, all_of, any_of
from ..open_announcements import OpenEntry
from ..scenario import DataCenter, OpenPrefix, SitePrefix, VirtualBorderRouter, VpnGateway
from ..site import CandidatePrefix
from .design import Design, prefix_event

Speaker: TypeAlias = VpnGateway | VirtualBorderRouter
Filter: TypeAlias = tuple[IPv4Network, ...] | None


@dataclass(frozen=True, slots=True)
class Own:
    """A prefix that a sender has of its own: when it is announced, and when it is there as well.

    `fixed` is false for what only an open announcement may turn out to be: another
    prefix can then be in its place.
    """

    prefix: IPv4Network
    sent: Condition
    announced: Condition = TRUE
    fixed: bool = True


def own_of(design: Design, site: DataCenter) -> Iterator[Own]:
    """The prefixes of a site, each once, with when they are there and announced."""
    there: dict[IPv4Network, list[Condition]] = {}
    flags: dict[IPv4Network, list[Condition]] = {}
    fixed = {prefix.prefix for prefix in fixed_prefixes(site)}
    for prefix in site.prefixes:
        if isinstance(prefix, SitePrefix):
            flag = design.flag(prefix.announced)
            candidate = isinstance(prefix, CandidatePrefix)
            present = flag if candidate else design.present(prefix_event(site.id, prefix))
            there.setdefault(prefix.prefix, []).append(present)
            flags.setdefault(prefix.prefix, []).append(flag)
    for network, conditions in there.items():
        announced = any_of(flags[network])
        sent = all_of((any_of(conditions), announced))
        if not sent.is_false:
            yield Own(network, sent, announced, network in fixed)


def announced_count(site: DataCenter, allowed: Filter) -> tuple[int, int]:
    """The fewest and the most prefixes that a site announces past a filter, if none is withdrawn.

    An open announcement counts by its count, however many candidates stand for it, and
    past a filter by how many of its prefixes can pass; among the fewest it adds only
    what cannot be a prefix that is counted already.
    """
    flags: dict[IPv4Network, list[Condition]] = {}
    for prefix in fixed_prefixes(site):
        if passes(allowed, prefix.prefix):
            flags.setdefault(prefix.prefix, []).append(holds(prefix.announced))
    least = sum(any_of(found).is_true for found in flags.values())
    most = sum(not any_of(found).is_false for found in flags.values())
    entries = [each for each in open_entries_of(site) if meets(allowed, each)]
    passing = [each.passing(allowed) for each in entries]
    sure = [
        max(0, each.entry.count[0] - (each.size - most_passing) - sum(map(each.takes, flags)))
        for each, most_passing in zip(entries, passing, strict=True)
    ]
    apart = not any(a.entry.within.overlaps(b.entry.within) for a, b in combinations(entries, 2))
    least += sum(sure) if apart else max(sure)
    return least, most + sum(min(e.entry.count[1], few) for e, few in zip(entries, passing, strict=True))


def passes(allowed: Filter, prefix: IPv4Network) -> bool:
    """Whether a filter lets a prefix pass."""
    return allowed is None or any(prefix.subnet_of(each) for each in allowed)


def meets(allowed: Filter, each: OpenEntry) -> bool:
    """Whether a filter lets some prefix of an open announcement pass."""
    return allowed is None or any(each.entry.within.overlaps(other) for other in allowed)


def fixed_prefixes(site: DataCenter) -> Iterator[SitePrefix]:
    """The prefixes of a site that are written out."""
    return (p for p in site.prefixes if isinstance(p, SitePrefix) and not isinstance(p, CandidatePrefix))


def open_entries_of(site: DataCenter) -> Iterator[OpenEntry]:
    """The open announcements of a site, each once."""
    candidates = (p for p in site.prefixes if isinstance(p, CandidatePrefix))
    yield from {p.name: OpenEntry(site.id, p.name, p.entry) for p in candidates}.values()
    yield from (OpenEntry(site.id, "", p) for p in site.prefixes if isinstance(p, OpenPrefix))
