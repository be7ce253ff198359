"""An inquiry: one problem, one question about it, and how an answer is confirmed.

An inquiry answers "is there a configuration that violates the property, under
these assumptions?"  Where few choices matter it goes through their values without
any solver; otherwise a solver decides.  What an answer claims is confirmed on the
concrete network before it counts.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any

from verify.models.choices import Choice, Role
from verify.models.condition import Condition, Value
from verify.models.network import Configuration
from verify.problems import Problem

if TYPE_CHECKING:
    from verify.solve import Backend, Question

FEW_CONFIGURATIONS = 12
NEUTRAL_ORDER = (Role.READING, Role.FAILURE, Role.EVENT, Role.OPEN, Role.ORDER)


@dataclass(frozen=True)
class Evidence:
    """A confirmed violation: its kind, a sentence, and the parts of a counterexample."""

    kind: str
    summary: str
    parts: dict[str, Any]


class Inquiry(ABC):
    """One question about one problem."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem

    @property
    @abstractmethod
    def choices(self) -> Mapping[str, Choice]:
        """Every choice on which the answer can depend."""

    @abstractmethod
    def answer(self, assumed: Mapping[str, Value]) -> Configuration | None:
        """A configuration that violates the property under assumptions, or None where there is none."""

    @abstractmethod
    def has_stable_state(self, assumed: Mapping[str, Value]) -> bool:
        """Whether some configuration has a stable state."""

    @abstractmethod
    def certificate(self) -> str:
        """How a refutation was obtained, in words."""

    def neutral(self, found: Configuration, assumed: Mapping[str, Value]) -> Configuration:
        """The violating configuration that departs least from the defaults.

        Choices are set to their default one after the other, readings first, each
        as long as a violation remains; the result does not depend on which
        configuration the solver happened to find.
        """
        fixed = dict(assumed)
        current = found
        for choice in sorted(self.choices.values(), key=lambda c: NEUTRAL_ORDER.index(c.role)):
            if choice.name in fixed:
                continue
            for value in dict.fromkeys((choice.default, *choice.values)):
                if current[choice.name] != value:
                    attempt = self.answer({**fixed, choice.name: value})
                    if attempt is None:
                        continue
                    current = attempt
                break
            fixed[choice.name] = current[choice.name]
        return Configuration(fixed, self.problem.network.choices)


class ExplicitInquiry(Inquiry):
    """An inquiry with so few configurations that each is looked at; no solver is involved."""

    def __init__(
        self,
        problem: Problem,
        violates: Callable[[Configuration], bool],
        stable: Callable[[Configuration], bool],
    ) -> None:
        super().__init__(problem)
        self._choices = relevant_choices(problem)
        self._violates = violates
        self._stable = stable
        self._known: dict[tuple[Value, ...], bool] = {}

    @property
    def choices(self) -> Mapping[str, Choice]:
        return self._choices

    def answer(self, assumed: Mapping[str, Value]) -> Configuration | None:
        for configuration in self._configurations(assumed):
            key = tuple(configuration.values())
            if key not in self._known:
                self._known[key] = self._violates(configuration)
            if self._known[key]:
                return configuration
        return None

    def has_stable_state(self, assumed: Mapping[str, Value]) -> bool:
        return any(self._stable(configuration) for configuration in self._configurations(assumed))

    def certificate(self) -> str:
        count = sum(1 for _ in self._configurations({}))
        return "computed for the one configuration" if count == 1 else f"computed for all {count} configurations"

    def _configurations(self, assumed: Mapping[str, Value]) -> Iterator[Configuration]:
        names = list(self._choices)
        spaces = [
            [v for v in _default_first(choice) if name not in assumed or assumed[name] == v]
            for name, choice in self._choices.items()
        ]
        for values in product(*spaces):
            configuration = Configuration(dict(zip(names, values, strict=True)), self.problem.network.choices)
            if self.problem.network.allows(configuration):
                yield configuration


def _default_first(choice: Choice) -> list[Value]:
    return list(dict.fromkeys((choice.default, *choice.values)))


@dataclass
class SolverInquiry(Inquiry):
    """An inquiry that a solver decides.

    `question` has the symbol `asks` that switches the violation on, so that the
    same formula also tells whether there is a stable state at all.
    """

    problem: Problem
    question: Question
    asks: Choice
    _refuted: int = field(default=0)

    @property
    def choices(self) -> Mapping[str, Choice]:
        return {name: c for name, c in self.question.choices.items() if name != self.asks.name}

    def answer(self, assumed: Mapping[str, Value]) -> Configuration | None:
        return self.question.answer({**assumed, self.asks.name: True})

    def has_stable_state(self, assumed: Mapping[str, Value]) -> bool:
        return self.question.answer({**assumed, self.asks.name: False}) is not None

    def certificate(self) -> str:
        solvers = " and ".join(self.question.backend.solvers)
        return f"refuted by {solvers} ({self.question.size()} formula nodes)"


def conditions_of(problem: Problem) -> Iterator[Condition]:
    """Every condition that the problem depends on."""
    universe, network = problem.universe, problem.network
    yield from network.constraints
    for found in universe.feeds_of.values():
        yield from (feed.when for feed in found)
    yield from (origin.present for origin in universe.origin_of.values())
    yield from (when for others in universe.inhibits.values() for _, when in others)
    yield from (w for e in network.statics if e.prefix in problem.covering for w in (e.when, e.first))
    for cell in universe.cells:
        first = [(name, routes) for name, routes in universe.sessions(cell).items()]
        for name, routes in first:
            for other, others in first:
                if name < other:
                    for i in routes:
                        for j in others:
                            yield network.prefers(cell.table, universe.routes[i], universe.routes[j])


def relevant_choices(problem: Problem) -> dict[str, Choice]:
    """The choices on which a problem depends, in the order in which the network knows them."""
    from verify.models.route import order_choice

    names = {name for condition in set(conditions_of(problem)) for name in condition.choices()}
    network = problem.network
    found = {name: choice for name, choice in network.choices.items() if name in names}
    for name in sorted(names - set(found)):
        table, first, second = network.order(name)
        found[name] = order_choice(table, first, second)
    return found


def is_explicit(problem: Problem, backend: Backend) -> bool:
    """Whether a problem has so few configurations that no solver is needed."""
    if len(problem.universe.routes) > 200 or len(backend.solvers) > 1:
        return False
    space = prod(len(choice.values) for choice in relevant_choices(problem).values())
    return space <= FEW_CONFIGURATIONS
