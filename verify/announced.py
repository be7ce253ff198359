"""Open announcements: the candidates that a network needs, and the prefixes that a counterexample shows."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network
from itertools import islice

from verify.inquiry import Inquiry
from verify.models import routing
from verify.models.address_space import landmarks, outside
from verify.models.aggregates import open_ones_may_sum_up
from verify.models.choices import Role
from verify.models.network import Configuration, Network
from verify.models.open_announcements import OpenEntry, open_entries, with_candidates
from verify.models.scenario import Document
from verify.problems import convergence_problems
from verify.verdict import Shown


def with_networks(document: Document) -> tuple[Document, tuple[Network, ...]]:
    """The document with candidates for its open announcements, and its networks.

    Raises TooManyStructures and AmbiguousNames.
    """
    few = with_candidates(document, alike=True)
    networks = routing.networks(few)
    if not open_ones_may_sum_up(document) and all(_treats_alike(network) for network in networks):
        return few, networks
    every = with_candidates(document)
    return every, routing.networks(every)


def networks_of_both(old: Document, new: Document) -> tuple[tuple[Network, ...], tuple[Network, ...]]:
    """The networks of two documents, in which open announcements have the same candidates.

    Raises TooManyStructures and AmbiguousNames.
    """

    def networks(alike: bool) -> tuple[tuple[Network, ...], tuple[Network, ...]]:
        before = with_candidates(old, alike=alike, beside=new)
        after = with_candidates(new, alike=alike, beside=old)
        return routing.networks(before), routing.networks(after)

    few = networks(alike=True)
    return few if all(_treats_alike(each) for side in few for each in side) else networks(alike=False)


def _treats_alike(network: Network) -> bool:
    """Whether candidates of one class have the same routes: each has one state, and no choices of its own."""
    if not network.announcements:
        return True
    if network.inhibitions:
        return False
    candidates = {str(p) for each in network.announcements for p in each.candidates.values()}
    for problem in convergence_problems(network):
        if candidates.isdisjoint(problem.stands_for):
            continue
        names = {name for condition in problem.conditions() for name in condition.choices()}
        own = (name for name in names if any(prefix in name for prefix in problem.covering))
        shared = (Role.ANNOUNCED, Role.EVENT)
        if not problem.is_acyclic or any(network.choices[name].role not in shared for name in own):
            return False
    return True


def announced(document: Document, inquiry: Inquiry, configuration: Configuration) -> dict[str, Shown]:
    """For each open entry that matters, by its path: one prefix, or several where its count is not one.

    Where fewer prefixes matter than the site has to announce, others that meet
    nothing are added.
    """
    found: dict[str, Shown] = {}
    for each in inquiry.problem.network.announcements:
        flags = (name for name in each.candidates if name in inquiry.choices and configuration[name])
        here = sorted(each.candidates[name] for name in flags)
        over = _over_quota(inquiry, configuration, each.entry.site)
        if not here and not over:
            continue
        wanted = each.entry.entry.count[1 if over else 0]
        listed = tuple(map(str, (*here, *_further(document, each.entry, here, wanted))))
        found[each.entry.name] = listed[0] if each.entry.entry.count == (1, 1) else listed
    return found


def as_many_as_can_be(document: Document) -> dict[str, Shown]:
    """For each open entry, by its path, as many prefixes as it can stand for."""
    return {
        each.name: tuple(map(str, _further(document, each, [], each.entry.count[1])))
        for each in open_entries(document)
    }


def _over_quota(inquiry: Inquiry, configuration: Configuration, site: str) -> bool:
    """Whether a site announces more than a quota lets in, or some route is dropped because of one."""
    counted = (configuration[n] for n in inquiry.choices if n.startswith(f"many:{site} announces "))
    kept = (configuration[n] for n in inquiry.choices if n.startswith("kept:"))
    return any(counted) or not all(kept)


def _further(
    document: Document, entry: OpenEntry, chosen: list[IPv4Network], wanted: int
) -> Iterator[IPv4Network]:
    """As many more prefixes of an entry as are wanted, apart from all others where there is room."""
    met = [*landmarks(document), *chosen]
    within, (shortest, longest) = entry.entry.within, entry.entry.length
    apart = [other for other in met if other.subnet_of(within) and other != within]
    missing = wanted - len(chosen)
    while missing > 0:
        room = outside(within, apart, longest)
        if room is None:
            yield from _any(entry, apart, missing)
            return
        found = list(islice(room.subnets(new_prefix=max(room.prefixlen, shortest)), missing))
        missing -= len(found)
        apart.append(room)
        yield from found


def _any(entry: OpenEntry, taken: list[IPv4Network], wanted: int) -> Iterator[IPv4Network]:
    """Prefixes of an entry that are not taken, where none is apart from all others."""
    for length in range(entry.entry.length[1], entry.entry.length[0] - 1, -1):
        for prefix in entry.entry.within.subnets(new_prefix=length):
            if not wanted:
                return
            if prefix not in taken:
                wanted -= 1
                yield prefix
