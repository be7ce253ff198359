"""Routes, and how one is preferred to another.

AS_PATHs are sequences of ASN *terms*: an ASN that the document fixes, or the name
of the choice that stands for an open one.  A ladder lists what a table compares,
most important first; smaller is better on every rung (RFC 4271, section 9.1.2.2,
cut down to what the cloud documents).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from .choices import Choice, Role, Term
from .condition import FALSE, TRUE, Condition, Value, all_of, any_of

AsTerm: TypeAlias = int | str
Path: TypeAlias = tuple[AsTerm, ...]


class Source(StrEnum):
    """How a table came by a route, in the words of the console where it has any."""

    SYSTEM = "system"
    CUSTOM = "custom"
    IGP = "igp"
    BGP = "bgp"  # at a data centre router
    VPN_BGP = "VPN_BGP"
    CLOUD = "CLOUD"
    VBR = "vbr"
    CEN = "cen"


class Route(NamedTuple):
    """A route as one table holds it.

    `link` is the link or origin by which it came, `came_from` the table at the
    other end of the link ("" for an origin).  A `long` route stands for all whose
    AS_PATH is longer than any that a stable state can hold; its `path` then only
    says which ASNs it contains.
    """

    prefix: str
    source: Source
    path: Path
    link: str
    came_from: str
    local_pref: AsTerm = 100
    long: bool = False


class Outcome(NamedTuple):
    """What a route becomes on a link, and when."""

    when: Condition
    route: Route


Rung: TypeAlias = int | tuple[tuple[Condition, int], ...]
"""One step of a ladder: a rank, or the ranks that it has under exclusive conditions."""


def _alternatives(rung: Rung) -> tuple[tuple[Condition, int], ...]:
    return ((TRUE, rung),) if isinstance(rung, int) else rung


def _relation(left: Rung, right: Rung, wanted: int) -> Condition:
    if isinstance(left, int) and isinstance(right, int):
        return TRUE if (left > right) - (left < right) == wanted else FALSE
    return any_of(
        all_of((when_left, when_right))
        for when_left, a in _alternatives(left)
        for when_right, b in _alternatives(right)
        if (a > b) - (a < b) == wanted
    )


@lru_cache(maxsize=1 << 14)
def climbs_above(left: tuple[Rung, ...], right: tuple[Rung, ...]) -> tuple[Condition, Condition]:
    """When `left` is strictly better than `right` on their ladders, and when they tie."""
    better: list[Condition] = []
    tie = TRUE
    for a, b in zip(left, right, strict=True):
        better.append(all_of((tie, _relation(a, b, -1))))
        tie = all_of((tie, _relation(a, b, 0)))
        if tie.is_false:
            break
    return any_of(better), tie


def level(rung: Rung, configuration: Mapping[str, Value]) -> int:
    """The rank that a rung has under a configuration."""
    if isinstance(rung, int):
        return rung
    return next(rank for when, rank in rung if when.holds(configuration))


def ranked(term: Term, ranks: dict[object, int]) -> Rung:
    """A rung that depends on the value of a fixed or open term."""
    if isinstance(term, Choice):
        return tuple((term.equals(value), ranks[value]) for value in term.values)
    return ranks[term]


def either(condition: Condition, when_true: int, when_false: int) -> Rung:
    """A rung with one rank where a condition holds and another where it does not."""
    from .condition import negate

    if condition.is_true:
        return when_true
    if condition.is_false:
        return when_false
    return ((condition, when_true), (negate(condition), when_false))


def order_choice(table: str, first: str, second: str) -> Choice:
    """The choice "`table` prefers neighbour `first` to `second` when nothing else decides"."""
    return Choice(f"order:{table}:{first}<{second}", Role.ORDER, (False, True), True)


def are_orders(ranked: Iterable[tuple[str, str, str, bool]]) -> bool:
    """Whether comparisons (table, neighbour, neighbour, the first one wins) never contradict each other."""
    later: dict[tuple[str, str], set[str]] = {}
    for table, first, second, wins in ranked:
        winner, loser = (first, second) if wins else (second, first)
        later.setdefault((table, winner), set()).add(loser)
    return not any(_leads_to(later, table, losers, winner) for (table, winner), losers in later.items())


def _leads_to(later: Mapping[tuple[str, str], set[str]], table: str, start: set[str], wanted: str) -> bool:
    """Whether following what comes later than some neighbours of a table leads to one of them."""
    seen: set[str] = set()
    pending = list(start)
    while pending:
        here = pending.pop()
        if here == wanted:
            return True
        if here not in seen:
            seen.add(here)
            pending.extend(later.get((table, here), ()))
    return False
