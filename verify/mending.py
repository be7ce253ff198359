"""The cheapest changes of a design after which all properties are proved and no rule is broken."""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import count

from verify.check import CheckOptions
from verify.comparison import check_alike
from verify.faults import InvalidScenario
from verify.load import Loaded, load
from verify.models.choices import Choice, Role
from verify.models.edits import Edit, applied, from_settings
from verify.models.fields import PREFERENCE, ROUTING_MODE
from verify.models.paths import spots_of
from verify.models.prices import Prices
from verify.models.rulebook import review
from verify.models.values import Misfit
from verify.verdict import Result, Verdict

MOST_CHECKS = 400
MOST_VALUES = 4  # of an open number
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
    """The cheapest edits of a loaded scenario, by trying sets of edits in the order of what they cost.

    Raises what `check` raises.
    """
    return _Search(loaded, options, prices).run()


class _Search:
    """Sets of edits that were found, the cheapest first."""

    def __init__(self, loaded: Loaded, options: CheckOptions, prices: Prices) -> None:
        self.loaded, self.prices = loaded, prices
        before = check_alike(loaded, options)
        self.options = replace(options, properties=tuple(entry.id for entry in before.properties))
        self.vacuous = tuple(e.id for e in before.properties if e.verdict is Verdict.VACUOUS)
        self.seen: set[frozenset[str]] = set()
        self.queue: list[tuple[int, int, int, Edits]] = []
        self.numbers = count()

    def run(self) -> Mending:
        singles = [(edit,) for edit in _singles(self.loaded)]
        self.push((), ())
        checked = 0
        while self.queue:
            cost, _, _, edits = heapq.heappop(self.queue)
            if checked >= MOST_CHECKS:
                note = f"the search stopped after {checked} designs; nothing up to a cost of {cost} mends it"
                return Mending(None, 0, False, note)
            after = self.changed(edits)
            if after is None:
                continue
            checked += 1
            if not shortcomings(check_alike(after, self.options), self.vacuous):
                return Mending(edits, cost, True, "")
            for further in (*_remedies(after), *singles):
                self.push(edits, further)
        return Mending(None, 0, True, "")

    def push(self, edits: Edits, further: Edits) -> None:
        taken = {edit.steps for edit in edits}
        if any(edit.steps in taken for edit in further):
            return
        together = (*edits, *further)
        key = frozenset(f"{e.op} {e.path} {json.dumps(e.value, sort_keys=True)}" for e in together)
        cost = self.prices.cost(together)
        if cost is not None and key not in self.seen:
            self.seen.add(key)
            heapq.heappush(self.queue, (cost, len(together), next(self.numbers), together))

    def changed(self, edits: Edits) -> Loaded | None:
        try:
            return load(self.loaded.file, json.dumps(applied(self.loaded.root, edits)))
        except (Misfit, InvalidScenario):
            return None


def _remedies(loaded: Loaded) -> Iterator[Edits]:
    """What the broken rules offer."""
    for reviewed in review(loaded.document):
        if reviewed.rule.decides:
            for finding in reviewed.binding:
                if not finding.broken.is_false:
                    yield from (from_settings(remedy) for remedy in finding.remedies if remedy)


def _singles(loaded: Loaded) -> Iterator[Edit]:
    """Other values of single fields: switches, words and what is open."""
    for spot in spots_of(loaded.document):
        value = spot.value
        if isinstance(value, Choice) and value.role is Role.OPEN:
            yield from (Edit("set", spot.steps, each) for each in value.values[:MOST_VALUES])
        elif isinstance(value, bool):
            yield Edit("set", spot.steps, not value)
        for words in (PREFERENCE.values, ROUTING_MODE.values):
            if value in words:
                yield from (Edit("set", spot.steps, word) for word in words if word != value)
