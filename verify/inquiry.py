"""An inquiry: one problem, one question about it, and how an answer is confirmed.

An inquiry answers "is there a configuration that violates the property, under
these assumptions?"  Where few choices matter it goes through their values without
any solver; otherwise a solver decides.  What an answer claims is confirmed on the
concrete network before it counts.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any, TypeAlias

from verify.fewest import MOST_COUNTED, Least, agrees, departs, departures, least_departing, of_role
from verify.models.choices import Choice, Role
from verify.models.condition import Value
from verify.models.network import Configuration
from verify.problems import Problem

if TYPE_CHECKING:
    from verify.solve import Backend, Question

FEW_CONFIGURATIONS = 12
MOST_REMEMBERED = 100
Cube: TypeAlias = Mapping[str, Value]
_Assumed: TypeAlias = frozenset[tuple[str, Value]]


class Undecided(Exception):
    """A violation can neither be excluded nor shown within the bounds of the search."""


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
    def structure(self) -> str:
        """The structure of the document that the problem belongs to."""
        return self.problem.network.variant

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

    @abstractmethod
    def within(self, assumed: Mapping[str, Value], limits: Mapping[Role, int]) -> Configuration | None:
        """As `answer`, where no more choices of some roles than their limits have not their default."""

    def least(self, found: Configuration, assumed: Mapping[str, Value]) -> Least:
        """The violating configuration that departs least from the defaults."""
        return least_departing(self, found, assumed)


class ExplicitInquiry(Inquiry):
    """An inquiry about circles, of routes or of packets, that needs no solver.

    Its problem can have no circle at all, or so few configurations that each is looked at.
    """

    def __init__(
        self,
        problem: Problem,
        violates: Callable[[Configuration], bool],
        stable: Callable[[Configuration], bool],
    ) -> None:
        super().__init__(problem)
        self._choices = relevant_choices(problem)
        self._constrained = {name for rule in problem.network.constraints for name in rule.choices()}
        self._violates = violates
        self._stable = stable
        self._known: dict[tuple[Value, ...], bool] = {}

    @property
    def choices(self) -> Mapping[str, Choice]:
        return self._choices

    def answer(self, assumed: Mapping[str, Value]) -> Configuration | None:
        return next(self._violating(assumed), None)

    def within(self, assumed: Mapping[str, Value], limits: Mapping[Role, int]) -> Configuration | None:
        for found in self._violating(assumed):
            if all(departures(self, found, role) <= most for role, most in limits.items()):
                return found
        return None

    def _violating(self, assumed: Mapping[str, Value]) -> Iterator[Configuration]:
        if self.problem.is_acyclic:
            return
        for configuration in self.configurations(assumed):
            key = tuple(configuration.values())
            if key not in self._known:
                self._known[key] = self._violates(configuration)
            if self._known[key]:
                yield configuration

    def has_stable_state(self, assumed: Mapping[str, Value]) -> bool:
        if self.problem.is_acyclic:
            return any(True for _ in self.configurations(assumed))
        return any(self._stable(configuration) for configuration in self.configurations(assumed))

    def certificate(self) -> str:
        if self.problem.is_acyclic:
            return "no table can come to depend on itself, and no next hops can form a circle"
        count = sum(1 for _ in self.configurations({}))
        return "computed for " + ("the one configuration" if count == 1 else f"all {count} configurations")

    def configurations(self, assumed: Mapping[str, Value]) -> Iterator[Configuration]:
        """The configurations to look at under assumptions, in the order of the product of all values."""
        names = list(self._choices)
        spaces = [
            [value for value in choice.values if value == assumed[name]]
            if name in assumed
            else self.values(choice)
            for name, choice in self._choices.items()
        ]
        for values in product(*spaces):
            configuration = Configuration(dict(zip(names, values, strict=True)), self.problem.network.choices)
            if self.problem.network.allows(configuration):
                yield configuration

    def values(self, choice: Choice) -> tuple[Value, ...]:
        """The values to look at, the default first; one is enough where nothing depends on the choice."""
        if self.problem.is_acyclic and choice.name not in self._constrained:
            return (choice.default,)
        return tuple(dict.fromkeys((choice.default, *choice.values)))


@dataclass
class SolverInquiry(Inquiry):
    """An inquiry that a solver decides.

    `question` has the symbol `asks` that switches the violation on, so that the
    same formula also tells whether there is a stable state at all.
    """

    problem: Problem
    question: Question
    asks: Choice
    _found: deque[Configuration] = field(default_factory=lambda: deque(maxlen=MOST_REMEMBERED))
    _refuted: deque[_Assumed] = field(default_factory=lambda: deque(maxlen=MOST_REMEMBERED))
    _limits: dict[Role, Choice] = field(default_factory=dict)

    @property
    def choices(self) -> Mapping[str, Choice]:
        own = {self.asks.name, *(limit.name for limit in self._limits.values())}
        return {name: choice for name, choice in self.question.choices.items() if name not in own}

    def answer(self, assumed: Mapping[str, Value]) -> Configuration | None:
        """As for every inquiry; the solver is asked only where earlier answers do not settle it.

        An earlier violation that fits the assumptions is an answer, and what was refuted
        under fewer assumptions is refuted under more.
        """
        relevant = {name: value for name, value in assumed.items() if name in self.question.choices}
        for known in self._found:
            if agrees(known, relevant):
                return known
        if any(refuted <= relevant.items() for refuted in self._refuted):
            return None
        found = self.question.answer({**relevant, self.asks.name: True})
        if found is None:
            self._refuted.append(frozenset(relevant.items()))
        else:
            self._found.append(found)
        return found

    def within(self, assumed: Mapping[str, Value], limits: Mapping[Role, int]) -> Configuration | None:
        for role in limits:
            if role not in self._limits:
                counted = [departs(choice) for choice in of_role(self, role)]
                self._limits[role] = Choice(f"at most:{role}", Role.ORDER, tuple(range(MOST_COUNTED + 1)), 0)
                self.question.limit(self._limits[role], counted)
        limited = {self._limits[role].name: most for role, most in limits.items()}
        return self.question.answer({**assumed, **limited, self.asks.name: True})

    def has_stable_state(self, assumed: Mapping[str, Value]) -> bool:
        return self.question.answer({**assumed, self.asks.name: False}) is not None

    def certificate(self) -> str:
        solvers = " and ".join(self.question.backend.solvers)
        return f"refuted by {solvers} ({self.question.size()} formula nodes)"


def relevant_choices(problem: Problem) -> dict[str, Choice]:
    """The choices on which a problem depends, in the order in which the network knows them."""
    from verify.models.route import order_choice

    names = {name for condition in set(problem.conditions()) for name in condition.choices()}
    network = problem.network
    found = {name: choice for name, choice in network.choices.items() if name in names}
    for name in sorted(names - set(found)):
        table, first, second = network.order(name)
        found[name] = order_choice(table, first, second)
    return found


def is_explicit(problem: Problem, backend: Backend) -> bool:
    """Whether a question about circles needs no solver: none is possible, or few configurations are.

    Where several solvers are wanted they are asked everything.
    """
    if len(backend.solvers) > 1:
        return False
    if problem.is_acyclic:
        return True
    if backend.symbolic:
        return False
    if len(problem.universe.routes) > 200:
        return False
    space = prod(len(choice.values) for choice in relevant_choices(problem).values())
    return space <= FEW_CONFIGURATIONS
