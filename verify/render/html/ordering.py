"""The order of the slots of each tier, and their height in the picture: plain numbers in, plain numbers out.

Deterministic: ties keep the order in which slots were given.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

Tiers: TypeAlias = Sequence[Sequence[str]]
SWEEPS = 12


@dataclass(frozen=True, slots=True)
class Join:
    """A piece of a wire between slots of neighbouring tiers.

    `from_` and `to` say how far below the top of its slot each end is; a heavy
    join is kept level before a light one.
    """

    left: str
    right: str
    from_: float
    to: float
    weight: float = 1.0


def few_crossings(tiers: Tiers, joins: Sequence[Join]) -> tuple[tuple[str, ...], ...]:
    """The tiers with their slots in an order in which few joins cross: the best of some sweeps."""
    order = [list(tier) for tier in tiers]
    best, fewest = [list(tier) for tier in order], _crossings(order, joins)
    for sweep in range(SWEEPS):
        forwards = sweep % 2 == 0
        for number in range(1, len(order)) if forwards else range(len(order) - 2, -1, -1):
            fixed = order[number - 1 if forwards else number + 1]
            order[number] = _by_neighbours(order[number], fixed, joins, forwards)
        found = _crossings(order, joins)
        if found < fewest:
            best, fewest = [list(tier) for tier in order], found
    return tuple(tuple(tier) for tier in best)


def _by_neighbours(moved: list[str], fixed: list[str], joins: Sequence[Join], forwards: bool) -> list[str]:
    """Slots sorted by the mean place of their neighbours in a tier that stays; others keep their place."""
    place = {slot: float(index) for index, slot in enumerate(fixed)}
    here = set(moved)
    found: dict[str, list[float]] = {slot: [] for slot in moved}
    for join in joins:
        near, far, below = (
            (join.right, join.left, join.from_) if forwards else (join.left, join.right, join.to)
        )
        if near in here and far in place:
            found[near].append(place[far] + below / 10_000)
    means = {slot: sum(found[slot]) / len(found[slot]) for slot in moved if found[slot]}
    free = sorted(means, key=lambda slot: means[slot])
    following = iter(free)
    return [next(following) if slot in means else slot for slot in moved]


def _crossings(order: Sequence[Sequence[str]], joins: Sequence[Join]) -> int:
    """How many pairs of joins cross."""
    tier = {slot: number for number, slots in enumerate(order) for slot in slots}
    place = {slot: index for slots in order for index, slot in enumerate(slots)}
    total = 0
    for number in range(len(order) - 1):
        ends = sorted(
            ((place[j.left], j.from_), (place[j.right], j.to)) for j in joins if tier[j.left] == number
        )
        seen: list[tuple[int, float]] = []
        for _, end in ends:
            total += len(seen) - bisect_right(seen, end)
            insort(seen, end)
    return total


def levelled(
    order: Tiers, joins: Sequence[Join], heights: Mapping[str, float], gaps: Mapping[str, float]
) -> dict[str, float]:
    """The upper edge of each slot: in the order of its tier, apart by the gaps, as level as that allows."""
    tops: dict[str, float] = {}
    for tier in order:
        tops.update(zip(tier, _steps(tier, heights, gaps), strict=True))
    for sweep in range(2 * SWEEPS):
        for tier in order if sweep % 2 == 0 else reversed(order):
            wanted = _wanted(tier, joins, tops)
            tops.update(zip(tier, _in_order(wanted, _steps(tier, heights, gaps)), strict=True))
    highest = min(tops.values(), default=0.0)
    return {slot: round(top - highest, 1) for slot, top in tops.items()}


def _steps(tier: Sequence[str], heights: Mapping[str, float], gaps: Mapping[str, float]) -> list[float]:
    """The upper edges of slots that stand as close as they may."""
    found = [0.0] if tier else []
    for above, below in pairwise(tier):
        found.append(found[-1] + heights[above] + max(gaps[above], gaps[below]))
    return found


def _wanted(
    tier: Sequence[str], joins: Sequence[Join], tops: Mapping[str, float]
) -> list[tuple[float, float]]:
    """Where each slot of a tier would be level with its neighbours, and how much that counts."""
    sums: dict[str, list[float]] = {slot: [0.0, 0.0] for slot in tier}
    for join in joins:
        level = tops[join.left] + join.from_ - tops[join.right] - join.to
        for slot, top in ((join.left, tops[join.left] - level), (join.right, tops[join.right] + level)):
            if slot in sums:
                sums[slot][0] += join.weight * top
                sums[slot][1] += join.weight
    return [(s[0] / s[1], s[1]) if s[1] else (tops[slot], 0.01) for slot, s in sums.items()]


def _in_order(wanted: Sequence[tuple[float, float]], steps: Sequence[float]) -> list[float]:
    """The places nearest to the wanted ones that keep order and distances (isotonic regression)."""
    pools: list[tuple[float, float, int]] = []  # place, weight, how many slots
    for (place, weight), step in zip(wanted, steps, strict=True):
        pool = (place - step, weight, 1)
        while pools and pools[-1][0] >= pool[0]:
            above = pools.pop()
            heavy = above[1] + pool[1]
            mean = (above[0] * above[1] + pool[0] * pool[1]) / heavy
            pool = (mean, heavy, above[2] + pool[2])
        pools.append(pool)
    bases = [base for base, _, count in pools for _ in range(count)]
    return [base + step for base, step in zip(bases, steps, strict=True)]
