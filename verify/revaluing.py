"""The cheapest values of fields with which a design has no shortcomings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from verify import vacuity
from verify.asking import questions
from verify.carrying import Run
from verify.check import CheckOptions, under
from verify.comparison import fitting
from verify.hitting import HOPELESS, IDLE, HittingSets, Reason, Values
from verify.inquiry import Inquiry
from verify.load import Loaded
from verify.models.choices import Choice, Role
from verify.models.condition import Value
from verify.models.edits import Edit
from verify.models.moves import Move, moves_of
from verify.models.opening import all_choices
from verify.models.paths import spots_of
from verify.models.routing import AmbiguousNames, TooManyStructures
from verify.models.universe import UniverseTooLarge
from verify.models.widening import widened, written
from verify.refuting import Refuter, of_inquiries, of_rules
from verify.remedies import RULES

if TYPE_CHECKING:
    from verify.solve import Backend

Edits: TypeAlias = tuple[Edit, ...]
Price: TypeAlias = Callable[[Edits], int | None]

MOST_ASKED = 1500
MOST_MOVES = 12
FIRST = ("no-route-flapping", "no-routing-loops")  # what is quick to refute is asked first


class Revaluing:
    """The search for one design; `complete` turns false where a bound stopped it."""

    def __init__(
        self, loaded: Loaded, options: CheckOptions, vacuous: Sequence[str], backend: Backend
    ) -> None:
        assumed = replace(options, assume=fitting(loaded.document, options.assume))
        self.document = widened(under(loaded.document, assumed), keeps_traffic=True)
        self.properties = sorted(options.properties, key=_order)
        self.vacuous, self.backend = frozenset(vacuous), backend
        self.complete = True
        self._named = {(site.id, p.peer) for site in loaded.document.data_centers for p in site.peers}
        self._refuters: dict[str, Refuter] = {}
        self._runs: dict[str, list[tuple[Inquiry, Run]]] = {}
        choices = [(spot.value, spot.steps) for spot in spots_of(self.document)]
        self._steps = {found.name: steps for found, steps in choices if isinstance(found, Choice)}

    def cheapest(
        self, price: Price, below: int | None, proved: Callable[[Edits], bool]
    ) -> Edits | None:
        """The cheapest values, at less than `below`, after which `proved` says that all is well."""
        from verify.solve import LimitReached

        choices = [choice for choice in all_choices(self.document) if choice.name in self._steps]
        sets = HittingSets(
            [m for m in moves_of(self.document, choices) if price(self._edits((m,))) is not None],
            self._refute,
            lambda moves: price(self._edits(moves)),
            {choice.name: choice.default for choice in choices if choice.role is Role.CHANGE},
            MOST_MOVES,
            MOST_ASKED,
            below,
            lambda moves: proved(self._edits(moves)),
        )
        try:
            found = next(sets.found(), None)
        except (AmbiguousNames, TooManyStructures, UniverseTooLarge, LimitReached):
            self.complete = False
            return None
        self.complete = sets.complete and not sets.cut
        return None if found is None else self._edits(found)

    @property
    def size(self) -> int:
        """The nodes of the formulas that were built."""
        return sum(each.question.size() for r in self._refuters.values() for each in r.formulas)

    def carries_nothing(self) -> bool:
        """Whether there is nothing to prove of the design as it is written."""
        defaults = {c.name: c.default for c in all_choices(self.document) if c.role is Role.CHANGE}
        try:
            for name in self._carrying():
                self._refuter(name)
                search = vacuity.Search(name, self._runs[name], self.backend, defaults)
                if search.found() in (vacuity.NOTHING[name], vacuity.IDLE[name]):
                    return True
        except (AmbiguousNames, TooManyStructures, UniverseTooLarge):
            return True
        return False

    def _carrying(self) -> list[str]:
        """The properties of which there was something to prove."""
        return [name for name in self.properties if name != RULES and name not in self.vacuous]

    def _refute(self, values: Values) -> Reason | None:
        """Why some property does not hold, the formulas of each being built when it comes to it."""
        for name in self.properties:
            reason = self._refuter(name).refute(values)
            if reason is not None:
                return reason
        if not all(self._runs[name] for name in self._carrying()):
            return HOPELESS
        for name in self._carrying():
            search = vacuity.Search(name, self._runs[name], self.backend, values)
            if isinstance(search.found(), str):
                return IDLE
        return None

    def _refuter(self, name: str) -> Refuter:
        if name not in self._refuters:
            if name == RULES:
                formulas = [of_rules(self.document, self.backend)]
            else:
                asked = questions(self.document, name, self.backend)
                self._runs[name] = [(each.inquiry, each.run) for each in asked]
                formulas = of_inquiries(each.inquiry for each in asked)
            self._refuters[name] = Refuter(formulas)
        return self._refuters[name]

    def _edits(self, moves: Sequence[Move]) -> Edits:
        return tuple(self._edit(name, value) for move in moves for name, value in move.values)

    def _edit(self, name: str, value: Value) -> Edit:
        """A value of a choice as an edit; an import filter may need a new entry for its peer."""
        steps, shown = self._steps[name], written(self.document)(name, value)
        if not isinstance(shown, tuple):
            return Edit("set", steps, shown)
        place, peer = steps[:-2], steps[-2]
        if (steps[1], peer) in self._named:
            return Edit("set", (*place, peer, "import"), list(shown))
        return Edit("add", place, {"peer": peer, "import": list(shown)})


def _order(name: str) -> tuple[bool, bool]:
    return name != RULES, name not in FIRST
