"""The cheapest changes of a design after which all properties are proved and no rule is broken.

Two searches, one inside the other.  Values of fields are moves (`verify.hitting`): for
one design, and all that differ from it in such values, the cheapest set is found with
few questions to a solver, and that nothing cheaper does is proved on the way.  Repairs
(`models/repairs.py`) make other designs of it, which are looked at in the order of what
they cost.  What is found is checked like any scenario before it counts.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import count

from verify.check import CheckOptions, backend_of
from verify.comparison import check_alike
from verify.faults import InvalidScenario
from verify.load import Loaded, load
from verify.models.edits import Edit, applied
from verify.models.prices import Prices
from verify.models.repairs import repairs
from verify.models.values import Misfit
from verify.verdict import Result, Verdict

MOST_DESIGNS = 80
MOST_NODES = 30_000  # of the formulas of all designs together, after which no further design is looked at
MOST_REPAIRS = 3  # of one design, together with any number of values
BINDING = ("HARD", "INV")
Edits = tuple[Edit, ...]


@dataclass(frozen=True)
class Mending:
    """What the search found.

    `edits` empty: there is nothing to mend; None: nothing was found that mends it, and
    nothing exists where `smallest`, within the changes that are considered.  `smallest`
    says of edits that nothing cheaper does.  `note` says why the search stopped, or what
    its bound was.
    """

    edits: tuple[Edit, ...] | None
    cost: int
    smallest: bool
    note: str


def shortcomings(result: Result, vacuous: Iterable[str] = ()) -> tuple[str, ...]:
    """The properties that are not proved, and the binding rules that are not kept.

    `vacuous` are the properties of which no more is asked than that.
    """
    spared = frozenset(vacuous)
    properties = [
        entry.id
        for entry in result.properties
        if entry.verdict is not Verdict.PROVED
        and not (entry.verdict is Verdict.VACUOUS and entry.id in spared)
    ]
    rules = [r.id for r in result.rules if r.kind in BINDING and r.status in ("broken", "open")]
    return (*properties, *rules)


def cheapest(loaded: Loaded, options: CheckOptions, prices: Prices) -> Mending:
    """The cheapest edits of a loaded scenario.

    Raises what `check` raises.
    """
    return _Search(loaded, options, prices).run()


@dataclass(frozen=True)
class _Design:
    """A design that repairs have led to, with their edits and how many they were."""

    edits: Edits
    made: int
    loaded: Loaded


class _Search:
    """Designs that repairs lead to, the cheapest first."""

    def __init__(self, loaded: Loaded, options: CheckOptions, prices: Prices) -> None:
        self.loaded, self.prices = loaded, prices
        before = check_alike(loaded, options)
        self.vacuous = tuple(e.id for e in before.properties if e.verdict is Verdict.VACUOUS)
        self.fine = not shortcomings(before, self.vacuous)
        self.options = replace(options, properties=tuple(entry.id for entry in before.properties))
        self.seen: set[frozenset[str]] = set()
        self.queue: list[tuple[int, int, int, _Design]] = []
        self.numbers = count()
        self.best: tuple[int, Edits] | None = None
        self.complete = True
        self.nodes = 0

    def run(self) -> Mending:
        if self.fine:
            return Mending((), 0, True, "")
        self.push(_Design((), 0, self.loaded), ())
        looked_at = 0
        while self.queue:
            cost, _, _, design = heapq.heappop(self.queue)
            if self.best is not None and cost >= self.best[0]:
                break
            if looked_at >= MOST_DESIGNS or self.nodes >= MOST_NODES:
                self.complete = False
                break
            looked_at += 1
            self.progress(looked_at)
            self.look_at(design, cost)
            if design.made < MOST_REPAIRS:
                for repair in repairs(design.loaded.document):
                    self.push(design, repair)
        return self.outcome(looked_at)

    def outcome(self, looked_at: int) -> Mending:
        bound = (
            f"considered were other values of fields, with at most {MOST_REPAIRS} entries, addresses "
            "or things given up; no further device or line"
        )
        stopped = f"the search stopped after {looked_at} designs"
        if self.best is not None:
            return Mending(self.best[1], self.best[0], self.complete, "" if self.complete else stopped)
        return Mending(None, 0, self.complete, bound if self.complete else stopped)

    def look_at(self, design: _Design, cost: int) -> None:
        """The cheapest values for one design, if they make it the best so far."""
        from verify.revaluing import Revaluing

        backend = replace(backend_of(self.options)(), symbolic=True)
        below = None if self.best is None else self.best[0] - cost
        search = Revaluing(design.loaded, self.options, self.vacuous, backend)
        if design.made and search.carries_nothing():
            return
        price = _Together(self.prices, design.edits, cost)
        found = search.cheapest(price, below, lambda edits: self.proved((*design.edits, *edits)))
        self.nodes += search.size
        self.complete = self.complete and search.complete
        if found is not None:
            self.take(design, found)

    def take(self, design: _Design, found: Edits) -> None:
        edits = (*design.edits, *found)
        cost = self.prices.cost(edits)
        if cost is not None and (self.best is None or cost < self.best[0]):
            self.best = (cost, edits)

    def proved(self, edits: Edits) -> bool:
        """Whether the scenario with the edits has no shortcomings, checked like any other."""
        after = self.changed(edits)
        return after is not None and not shortcomings(check_alike(after, self.options), self.vacuous)

    def push(self, design: _Design, repair: Edits) -> None:
        taken = {(edit.op, edit.steps) for edit in design.edits if edit.op == "set"}
        if any((edit.op, edit.steps) in taken for edit in repair):
            return
        together = (*design.edits, *repair)
        key = frozenset(f"{e.op} {e.path} {json.dumps(e.value, sort_keys=True)}" for e in together)
        cost = self.prices.cost(together)
        if cost is None or key in self.seen or (self.best is not None and cost >= self.best[0]):
            return
        self.seen.add(key)
        after = self.changed(together)
        if after is not None:
            reached = _Design(together, design.made + bool(repair), after)
            heapq.heappush(self.queue, (cost, len(together), next(self.numbers), reached))

    def changed(self, edits: Edits) -> Loaded | None:
        """The scenario with the edits; None where it is none then."""
        try:
            return load(self.loaded.file, json.dumps(applied(self.loaded.root, edits)))
        except (Misfit, InvalidScenario):
            return None

    def progress(self, looked_at: int) -> None:
        if self.options.progress is not None:
            self.options.progress(f"design {looked_at}")


@dataclass(frozen=True)
class _Together:
    """What further edits cost, when some are made already at a cost."""

    prices: Prices
    made: Edits
    cost: int

    def __call__(self, edits: Iterable[Edit]) -> int | None:
        whole = self.prices.cost((*self.made, *edits))
        return None if whole is None else whole - self.cost
