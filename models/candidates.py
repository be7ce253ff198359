"""The few values that stand for everything an open number can be.

What a document leaves open ranges over up to 2^32 values.  The model cannot tell
most of them apart, so some *candidates* stand for all, without loss:

* ASNs are compared for equality only: with each other, with the ASNs of the
  document, with 0.  Cut the numbers at the ends of all open ranges.  In a piece
  over which n open ASNs range, any assignment can be renamed injectively so that
  it uses ASNs of the document and n others; that keeps which ASNs are equal, and
  in which ranges each of them lies.
* Local preferences are compared by size, within one site.  Cut at the constants
  of the site as well; n values in each piece carry every order, ties included, of
  n open preferences.
* Quotas are compared with numbers of routes and with the documented limits: each
  number of routes that the document can have is a candidate, and so is each limit.
* Repetitions (`prepend`, `allowas_in`) keep their whole range.

Open values of one kind share their candidates.  So when one of them is given one
of its candidates, those of the others are still enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from .choices import Choice
from .condition import Value
from .domain import OpenValue
from .fields import DEFAULT_LOCAL_ASN
from .paths import Spot, spots_of
from .scenario import Document
from .site import OpenPrefix

QUOTA_LIMITS = (50, 51, 110, 111, 200, 201)
SMALL_RANGE = 8
FIRST_PRIVATE_ASN = 64512
ASN_FIELDS = ("asn", "local_asn", "peer_asn")
Range = tuple[int, int]


def candidates_of(
    document: Document, beside: Document | None = None
) -> dict[tuple[str, ...], tuple[Value, ...]]:
    """The candidates of every open value, by the steps of its path.

    `beside` is a document with which this one is compared: then the candidates are
    enough for what is said of both together, and ranges that are equal in both have
    the same ones.
    """
    own = list(spots_of(document))
    spots = own if beside is None else [*own, *spots_of(beside)]
    routes = max(most_routes(each) for each in (document, beside) if each is not None)
    known = {id(spot) for spot in own}
    chosen: dict[tuple[str, ...], tuple[Value, ...]] = {}
    groups: dict[tuple[str, ...], list[Spot]] = {}
    for spot in spots:
        if isinstance(spot.value, OpenValue) and spot.value.spans:
            groups.setdefault(_group(spot), []).append(spot)
        elif isinstance(spot.value, OpenValue) and id(spot) in known:
            chosen[spot.steps] = spot.value.values
    for group, members in groups.items():
        constants = _constants(spots, group) if group else set()
        for spot, values in zip(members, _shared(members, constants, routes), strict=True):
            if id(spot) in known:
                chosen[spot.steps] = values
    return chosen


def most_routes(document: Document) -> int:
    """The largest number of routes that one BGP peer can have to offer."""
    sites = [prefix for site in document.data_centers for prefix in site.prefixes]
    announced = sum(prefix.count[1] if isinstance(prefix, OpenPrefix) else 1 for prefix in sites)
    own = sum(len(vpc.vswitches) + len(vpc.routes) for vpc in document.vpcs)
    return announced + own + sum(len(site.static_routes) for site in document.data_centers)


def _group(spot: Spot) -> tuple[str, ...]:
    """Open values that are compared with each other are of one group."""
    if spot.key in ASN_FIELDS:
        return ("asn",)
    return spot.steps[:2] if spot.key == "local_pref" else ()


def _constants(spots: list[Spot], group: tuple[str, ...]) -> set[int]:
    """The numbers with which the open values of a group are compared."""
    constants = {0, DEFAULT_LOCAL_ASN} if group == ("asn",) else {100}
    for spot in spots:
        if (spot.key in ASN_FIELDS or spot.key == "local_pref") and _group(spot) == group:
            constants.update(_numbers(spot.value))
    return constants


def _numbers(value: object) -> Iterator[int]:
    """The constants that a field brings in: its value, its list of values, or a small range."""
    if isinstance(value, OpenValue) and value.spans:
        low, high = _ends(value)
        if high - low < SMALL_RANGE:
            yield from range(low, high + 1)
        elif low <= int(value.default) <= high:
            yield int(value.default)
    elif isinstance(value, Choice):
        yield from (int(v) for v in value.values)
    elif isinstance(value, int):
        yield value


def _shared(members: list[Spot], constants: set[int], routes: int) -> Iterator[tuple[Value, ...]]:
    """The candidates of each open range of a group."""
    opens = [spot.value for spot in members if isinstance(spot.value, OpenValue)]
    ranges = [_ends(value) for value in opens]
    fresh: set[int] = set()
    if opens[0].kind == "asn":
        fresh = set(fresh_values(ranges, constants, ordered=False))
    elif opens[0].kind == "local_pref":
        fresh = set(fresh_values(ranges, constants, ordered=True))
    for value, (low, high) in zip(opens, ranges, strict=True):
        if value.kind == "quota":
            counted = range(low, min(high, routes) + 1)
            yield tuple(sorted({low, high, *counted, *_inside(QUOTA_LIMITS, low, high)}))
        elif value.kind in ("asn", "local_pref"):
            yield tuple(sorted(_inside(constants | fresh, low, high)))
        else:
            yield tuple(range(low, high + 1))


def fresh_values(ranges: list[Range], constants: set[int], *, ordered: bool) -> Iterator[int]:
    """In each piece between the ends of the ranges, as many values as ranges cover it.

    The values are none of the constants.  `ordered` also cuts at the constants.
    """
    cuts = {end for low, high in ranges for end in (low, high + 1)}
    if ordered:
        cuts |= {cut for constant in constants for cut in (constant, constant + 1)}
    for start, stop in pairwise(sorted(cuts)):
        wanted = sum(low <= start and stop <= high + 1 for low, high in ranges)
        yield from _unused(start, stop, wanted, constants)


def _unused(start: int, stop: int, wanted: int, constants: set[int]) -> Iterator[int]:
    """The first `wanted` unused numbers, private ASNs first where there are enough."""
    if start < FIRST_PRIVATE_ASN < stop - wanted - len(constants):
        start = FIRST_PRIVATE_ASN
    number = start
    while wanted and number < stop:
        if number not in constants:
            yield number
            wanted -= 1
        number += 1


def _ends(value: OpenValue) -> Range:
    low, high = value.values
    return int(low), int(high)


def _inside(numbers: Iterable[int], low: int, high: int) -> set[int]:
    return {number for number in numbers if low <= number <= high}
