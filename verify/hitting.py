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
HOPELESS: Reason = {}  # no value changes it
UNSETTLED: Reason = {"": frozenset()}  # a mark: not accepted, and nobody knows why
IDLE: Reason = {"": frozenset({(bool, False)})}  # a mark: nothing is stable, or nothing is carried
MARKS = (UNSETTLED, IDLE)
MOST_UNSETTLED = 2  # moves after which a set with a mark is not extended further


@dataclass
class HittingSets:
    """The search; `complete` turns false when it stops at a bound.

    `refute` says why a violation remains under some values, or that nothing is stable or
    carried (IDLE), or None where all is well.  Sets that take something out of service
    until nothing is carried are not looked at further.  `defaults` are the values of the
    choices that a set of moves leaves as they are; choices that are not in it are free then.
    `price` is None for moves that are not to be made; more moves never cost less.
    """

    moves: Sequence[Move]
    refute: Callable[[Values], Reason | None]
    price: Callable[[Sequence[Move]], int | None]
    defaults: Values
    most_moves: int
    most_asked: int
    below: int | None = None  # sets that cost as much are not looked at
    accepts: Callable[[Sequence[Move]], bool] = lambda _: True  # a last look at a set without violations
    complete: bool = True
    cut: bool = False  # whether some set had as many moves as there may be
    asked: int = 0
    reasons: list[Reason] = field(default_factory=list)

    def found(self) -> Iterator[tuple[Move, ...]]:
        """Every minimal set of at most `most_moves` moves that excludes all violations."""
        waiting: list[tuple[int, Chosen]] = [(0, ())]
        seen: set[Chosen] = {()}
        solutions: list[set[int]] = []
        while waiting:
            cost, chosen = heappop(waiting)
            if self.below is not None and cost >= self.below:
                return
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
                if reason is None and not self.accepts([self.moves[i] for i in chosen]):
                    reason = UNSETTLED
                if reason is None:
                    solutions.append(set(chosen))
                    yield tuple(self.moves[i] for i in chosen)
                    continue
                if not _is_mark(reason):
                    self.reasons.append(reason)
            for larger in self._extended(chosen, values, reason):
                if larger not in seen:
                    seen.add(larger)
                    price = self.price([self.moves[i] for i in larger])
                    if price is not None:
                        heappush(waiting, (price, larger))

    def values(self, chosen: Chosen) -> dict[str, Value]:
        """The values of the choices that are not free under some moves."""
        return {**self.defaults, **{n: v for i in chosen for n, v in self.moves[i].values}}

    def _known(self, values: Values) -> Reason | None:
        """A violation that is known and that the values do not exclude."""
        return next((reason for reason in reversed(self.reasons) if remains(reason, values)), None)

    def _extended(self, chosen: Chosen, values: Values, reason: Reason) -> Iterator[Chosen]:
        if len(chosen) >= self.most_moves:
            self.cut = True
            return
        if reason is IDLE and any(self.moves[i].takes_out_of_service for i in chosen):
            return
        if _is_mark(reason) and len(chosen) >= MOST_UNSETTLED:
            self.complete = False
            return
        taken = {name for i in chosen for name in self.moves[i].names}
        for position, move in enumerate(self.moves):
            if not taken.isdisjoint(move.names):
                continue
            if _is_mark(reason) or not remains(reason, {**values, **dict(move.values)}):
                yield tuple(sorted((*chosen, position)))


def _is_mark(reason: Reason) -> bool:
    return any(reason is mark for mark in MARKS)


def remains(reason: Reason, values: Values) -> bool:
    """Whether values leave a violation as it is."""
    return all(n not in values or (type(values[n]), values[n]) in kept for n, kept in reason.items())
