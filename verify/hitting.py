"""Sets of moves that exclude every violation, the cheapest first.

A violation has a *reason*: for some choices the values under which it remains.  A set of
moves excludes it if it gives one of them another value.  Sets are looked at in the order
of their costs; one that still allows a violation is extended by each single move that
excludes this violation.  Every set of moves that excludes all violations is an extension
of that kind, so none is missed, and the first that is found costs least (Reiter 1987,
"A theory of diagnosis from first principles", for sets that hit all conflicts).  That
adding a move can also bring a violation back does no harm: reasons speak of values, not
of moves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import TypeAlias

from verify.models.condition import Value
from verify.models.moves import Move

Reason: TypeAlias = Mapping[str, frozenset[tuple[type, Value]]]
"""For each choice that a violation needs, the values (with their types) under which it remains."""

Values: TypeAlias = Mapping[str, Value]
Chosen: TypeAlias = tuple[int, ...]
UNSETTLED: Reason = {}


@dataclass
class HittingSets:
    """The search; `complete` turns false when it stops at a bound.

    `refute` says why a violation remains under some values, or that nothing is stable
    (UNSETTLED), or None where all is well.  `defaults` are the values of the choices
    that a set of moves leaves as they are; choices that are not in it are free then.
    """

    moves: Sequence[Move]
    refute: Callable[[Values], Reason | None]
    price: Callable[[Sequence[Move]], int]
    defaults: Values
    most_moves: int
    most_asked: int
    complete: bool = True
    asked: int = 0
    reasons: list[Reason] = field(default_factory=list)

    def found(self) -> Iterator[tuple[Move, ...]]:
        """Every minimal set of at most `most_moves` moves that excludes all violations."""
        waiting: list[tuple[int, Chosen]] = [(0, ())]
        seen: set[Chosen] = {()}
        solutions: list[set[int]] = []
        while waiting:
            _, chosen = heappop(waiting)
            if any(solution <= set(chosen) for solution in solutions):
                continue
            values = self.values(chosen)
            reason = self._known(values)
            if reason is None:
                if self.asked >= self.most_asked:
                    self.complete = False
                    return
                self.asked += 1
                reason = self.refute(values)
                if reason is None:
                    solutions.append(set(chosen))
                    yield tuple(self.moves[i] for i in chosen)
                    continue
                if reason:
                    self.reasons.append(reason)
            for larger in self._extended(chosen, values, reason):
                if larger not in seen:
                    seen.add(larger)
                    heappush(waiting, (self.price([self.moves[i] for i in larger]), larger))

    def values(self, chosen: Chosen) -> dict[str, Value]:
        """The values of the choices that are not free under some moves."""
        return {**self.defaults, **{n: v for i in chosen for n, v in self.moves[i].values}}

    def _known(self, values: Values) -> Reason | None:
        """A violation that is known and that the values do not exclude."""
        return next((reason for reason in reversed(self.reasons) if remains(reason, values)), None)

    def _extended(self, chosen: Chosen, values: Values, reason: Reason) -> Iterator[Chosen]:
        if len(chosen) >= self.most_moves:
            return
        taken = {name for i in chosen for name in self.moves[i].names}
        for position, move in enumerate(self.moves):
            if not taken.isdisjoint(move.names):
                continue
            if not reason or not remains(reason, {**values, **dict(move.values)}):
                yield tuple(sorted((*chosen, position)))


def remains(reason: Reason, values: Values) -> bool:
    """Whether values leave a violation as it is."""
    return all(n not in values or (type(values[n]), values[n]) in kept for n, kept in reason.items())
