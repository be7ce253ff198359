"""Whether there is anything at a destination: the rest of an aggregate is nobody's."""

from __future__ import annotations

from ipaddress import IPv4Network

from verify.models.condition import FALSE, TRUE, Condition, all_of, any_of, negate
from verify.models.network import Network, Origin
from verify.problems import Problem


def is_empty(problem: Problem, arrivals: frozenset[str], destination: IPv4Network) -> Condition:
    """When there is nothing at a destination, since its prefix only sums up longer ones.

    So it is too where the site discards what none of these covers.  A destination that
    is itself a part of such a prefix is there: somebody asks for just that part.
    """
    origins = [origin for origin in problem.network.origins if origin.id in arrivals]
    empty, none_longer = FALSE, TRUE
    for prefix in problem.covering:
        here = [origin for origin in origins if origin.route.prefix == prefix]
        there = any_of(origin.present for origin in here)
        if here and not _is_part(destination, prefix):
            sums = all_of(_sums_up(problem.network, origin) for origin in here)
            empty = any_of((empty, all_of((none_longer, there, sums))))
        none_longer = all_of((none_longer, negate(there)))
    return empty


def _is_part(destination: IPv4Network, prefix: str) -> bool:
    """Whether a destination is a part of a prefix, and not all of it."""
    network = IPv4Network(prefix)
    return destination != network and destination.subnet_of(network)


def _sums_up(network: Network, origin: Origin) -> Condition:
    """When a prefix of a site is an aggregate, or what none of its longer ones covers is discarded."""
    place = (origin.table, origin.route.prefix, "discard")
    stops = [entry.when for entry in network.statics if (entry.table, entry.prefix, entry.next_hop) == place]
    return any_of((origin.aggregate, *stops))
