"""The prefixes that data centres have of their own: fixed ones, and candidates of open announcements."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from ..aggregates import aggregates
from ..choices import Choice
from ..condition import FALSE, TRUE, Condition, all_of, any_of, negate
from ..network import Origin
from ..open_announcements import Announcement, OpenEntry
from ..route import Route, Source
from ..scenario import DataCenter, SitePrefix
from ..site import CandidatePrefix
from .design import Design, prefix_event
from .failing import router_failed
from .link import Policy


def origins(design: Design) -> Iterator[Origin]:
    """The prefixes of a site, known to all its routers by its IGP."""
    sums = _summing(design)
    for router in design.structure.routers:
        works = negate(router_failed(design, router.table))
        present: dict[str, list[Condition]] = {}
        for prefix in router.site.prefixes:
            if isinstance(prefix, SitePrefix):
                present.setdefault(str(prefix.prefix), []).append(_is_there(design, router.site, prefix))
        for text, conditions in present.items():
            name = f"igp:{router.table}:{text}"
            there = all_of((works, any_of(conditions)))
            aggregate = sums.get((router.site.id, text), FALSE)
            yield Origin(name, router.table, Route(text, Source.IGP, (), name, ""), there, "", aggregate)


def _summing(design: Design) -> dict[tuple[str, str], Condition]:
    """When a prefix of a site only sums up longer ones."""
    assumed = design.document.assume
    found = {}
    for site, prefix, choice, longer in aggregates(design.document):
        known = choice.name in assumed
        sums = design.flag(bool(assumed[choice.name]) if known else choice)
        inside = any_of(design.flag(other.announced) for other in longer) if longer else TRUE
        found[site, str(prefix)] = all_of((sums, inside))
    return found


def _is_there(design: Design, site: DataCenter, prefix: SitePrefix) -> Condition:
    """When a site has a prefix: a candidate is there exactly when it is announced."""
    if isinstance(prefix, CandidatePrefix):
        return design.flag(prefix.announced)
    return design.present(prefix_event(site.id, prefix))


def own_announced(design: Design, site: DataCenter) -> Policy:
    """Own prefixes leave a site where it announces them; other routes are not held back."""
    own = announced(design, site)
    return "not-announced", lambda route: own[route.prefix] if route.source is Source.IGP else TRUE


def announced(design: Design, site: DataCenter) -> dict[str, Condition]:
    """For each prefix of a site, when the site announces it."""
    found: dict[str, Condition] = {}
    for prefix in site.prefixes:
        if isinstance(prefix, SitePrefix):
            text = str(prefix.prefix)
            found[text] = any_of((found.get(text, FALSE), design.flag(prefix.announced)))
    return found


def announcements(design: Design) -> Iterator[Announcement]:
    """The open announcements with their candidates."""
    for site in design.document.data_centers:
        for name, group in groupby(site.prefixes, lambda p: p.name if isinstance(p, CandidatePrefix) else ""):
            candidates = [prefix for prefix in group if isinstance(prefix, CandidatePrefix)]
            if not candidates:
                continue
            entry = OpenEntry(site.id, name, candidates[0].entry)
            named = {p.announced.name: p.prefix for p in candidates if isinstance(p.announced, Choice)}
            scarce = entry.size - len(named) < entry.entry.count[0]
            yield Announcement(entry, named, design.present(name) if scarce else TRUE)
