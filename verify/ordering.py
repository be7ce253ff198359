"""The order of the actions of a fix: one in which no step makes anything worse, if there is one.

What a step does is found by checking the document before and after it.  Documents are
those of subsets of the actions, each checked once, and only as far as the search gets.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from verify.actions import Action
from verify.check import CheckOptions
from verify.compared import PropertyChange, RuleChange
from verify.comparison import check_alike, worsened
from verify.faults import InvalidScenario
from verify.load import Loaded, load
from verify.models.edits import applied
from verify.models.values import Misfit
from verify.verdict import Result

MOST_CHECKS = 256
NOT_VALID = 1000  # how bad it is if the document in between cannot be loaded
Done = frozenset[int]
Ends = tuple[Result, Result]


@dataclass(frozen=True, slots=True)
class Worse:
    """What a step makes worse: a property or a rule, and what was said of it before and after."""

    id: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Ordered:
    """Actions in order, and for each what it makes worse.

    `complete` is false where a limit stopped the search, so that a better order may exist;
    from then on `worse` is not known and empty.  `checked` is how many documents in
    between were checked.
    """

    actions: tuple[Action, ...]
    worse: tuple[tuple[Worse, ...], ...]
    complete: bool
    checked: int

    @property
    def harmless(self) -> bool:
        """Whether no step makes anything worse."""
        return self.complete and not any(self.worse)


def ordered(
    loaded: Loaded, found: Sequence[Action], ends: tuple[Result, Result], options: CheckOptions
) -> Ordered:
    """The order in which least gets worse; of those the one nearest to the given one.

    `ends` are the results of the document before and after all actions; `options` name the
    properties to check in between.
    """
    return _Search(loaded, tuple(found), ends, options).run()


class _Search:
    """Paths from no action to all, the least bad first; a step is only weighed when it is its turn."""

    def __init__(self, loaded: Loaded, found: tuple[Action, ...], ends: Ends, options: CheckOptions) -> None:
        self.loaded, self.found, self.options = loaded, found, options
        self.whole: Done = frozenset(range(len(found)))
        self.results: dict[Done, Result | None] = {self.whole: ends[1], frozenset(): ends[0]}

    def run(self) -> Ordered:
        numbers, settled = count(), set[Done]()
        queue: list[tuple[int, int, int, tuple[int, ...], bool]] = [(0, 0, next(numbers), (), True)]
        deepest: tuple[int, ...] = ()
        while queue and len(self.results) - 2 <= MOST_CHECKS:
            bad, _, _, path, weighed = heapq.heappop(queue)
            done = frozenset(path)
            if done in settled:
                continue
            if not weighed:
                further = bad + self.weight(frozenset(path[:-1]), done)
                if further > bad:
                    heapq.heappush(queue, (further, -len(path), next(numbers), path, True))
                    continue
            settled.add(done)
            deepest = max(deepest, path, key=len)
            if done == self.whole:
                return self.told(path, complete=True)
            for action in sorted(self.whole - done):
                heapq.heappush(queue, (bad, -len(path) - 1, next(numbers), (*path, action), False))
        return self.told((*deepest, *sorted(self.whole - set(deepest))), complete=False)

    def told(self, path: tuple[int, ...], *, complete: bool) -> Ordered:
        steps = [(frozenset(path[:n]), frozenset(path[: n + 1])) for n in range(len(path))]
        worse = tuple(
            self.worse(*step) if all(done in self.results for done in step) else () for step in steps
        )
        return Ordered(tuple(self.found[n] for n in path), worse, complete, len(self.results) - 2)

    def weight(self, before: Done, after: Done) -> int:
        found = self.worse(before, after)
        return NOT_VALID if self.result(after) is None else len(found)

    def worse(self, before: Done, after: Done) -> tuple[Worse, ...]:
        one, other = self.result(before), self.result(after)
        if other is None:
            return (Worse("document", "", "not valid"),)
        return () if one is None else tuple(map(_told, worsened(one, other)))

    def result(self, done: Done) -> Result | None:
        """What is said of the document after some of the actions; None where it cannot be loaded."""
        if done not in self.results:
            edits = [edit for n in sorted(done) for edit in self.found[n].edits]
            try:
                after = load(self.loaded.file, json.dumps(applied(self.loaded.root, edits)))
            except (Misfit, InvalidScenario):
                self.results[done] = None
            else:
                self.results[done] = check_alike(after, self.options)
        return self.results[done]


def _told(change: PropertyChange | RuleChange) -> Worse:
    if isinstance(change, RuleChange):
        return Worse(change.id, change.before.status, change.after.status)
    before, after = (
        str(entry.verdict) if entry else "not checked" for entry in (change.before, change.after)
    )
    return Worse(change.id, before, after)
