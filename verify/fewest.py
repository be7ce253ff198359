"""The violation that departs least from the defaults, counted kind by kind.

First there are as few failures as possible, then as few open values away from their
defaults, readings away from neutral ones, announced prefixes, and withdrawals.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from verify.models.choices import Choice, Role
from verify.models.condition import Condition, Value, negate
from verify.models.network import Configuration

if TYPE_CHECKING:
    from verify.inquiry import Inquiry

Cube: TypeAlias = Mapping[str, Value]
Ask: TypeAlias = Callable[[Cube], Configuration | None]

COUNTED = (Role.FAILURE, Role.OPEN, Role.READING, Role.ANNOUNCED, Role.EVENT)
ORDER = (*COUNTED, Role.ORDER)
MOST_COUNTED = 6  # more departures of a kind are reduced one by one only, not counted


@dataclass(frozen=True)
class Least:
    """A violating configuration, its departures of each counted kind, and whether none has fewer."""

    configuration: Configuration
    counts: tuple[int, ...]
    exact: bool


def agrees(configuration: Configuration, cube: Cube) -> bool:
    """Whether a configuration has the values of a cube."""
    return all(configuration[name] == value for name, value in cube.items())


def departs(choice: Choice) -> Condition:
    """When a choice has not its default."""
    return negate(choice.equals(choice.default))


def of_role(inquiry: Inquiry, role: Role) -> list[Choice]:
    """The choices of a role on which the answer can depend."""
    return [choice for choice in inquiry.choices.values() if choice.role is role]


def departures(inquiry: Inquiry, configuration: Configuration, role: Role) -> int:
    """How many choices of a role have not their default."""
    return sum(departs(choice).holds(configuration) for choice in of_role(inquiry, role))


def least_departing(inquiry: Inquiry, found: Configuration, assumed: Cube) -> Least:
    """The violating configuration that departs least from the defaults, of one that is known.

    The result does not depend on which configuration the solver happened to find.
    """
    fixed = dict(assumed)
    defaults = {c.name: c.default for c in inquiry.choices.values() if c.name not in assumed}
    exact = True
    if _like(inquiry.answer, found, fixed, defaults) is not None:
        fixed.update(defaults)
    else:
        limits, exact = _limits(inquiry, found, assumed)
        ask = partial(inquiry.within, limits=limits)
        current = ask(assumed) or found
        for role in ORDER:
            pending = [choice for choice in of_role(inquiry, role) if choice.name not in assumed]
            current = _settle(ask, pending, current, fixed)
    configuration = Configuration(fixed, inquiry.problem.network.choices)
    counts = tuple(departures(inquiry, configuration, role) for role in COUNTED)
    return Least(configuration, counts, exact)


def _limits(inquiry: Inquiry, found: Configuration, assumed: Cube) -> tuple[dict[Role, int], bool]:
    """The smallest number of departures of each kind, one kind after the other, and whether it is sure."""
    limits: dict[Role, int] = {}
    current = found
    for role in COUNTED:
        known = departures(inquiry, current, role)
        for most in range(min(known, MOST_COUNTED + 1)):
            fewer = inquiry.within(assumed, {**limits, role: most})
            if fewer is not None:
                current = fewer
                break
        least = departures(inquiry, current, role)
        if least > MOST_COUNTED:
            return limits, False
        limits[role] = least
    return limits, True


def _settle(
    ask: Ask, pending: Sequence[Choice], current: Configuration, fixed: dict[str, Value]
) -> Configuration:
    """Fix choices one after the other, to the default where a violation remains.

    Many are tried at once, and fewer where that fails: what holds of all of them
    together also holds of each in its turn.
    """
    many = len(pending)
    while pending:
        attempt = _like(ask, current, fixed, {choice.name: choice.default for choice in pending[:many]})
        if attempt is None and many > 1:
            many //= 2
            continue
        current = _departing(ask, current, fixed, pending[0]) if attempt is None else attempt
        fixed.update((choice.name, current[choice.name]) for choice in pending[:many])
        pending = pending[many:]
        many = len(pending)
    return current


def _departing(ask: Ask, current: Configuration, fixed: Cube, choice: Choice) -> Configuration:
    """A violating configuration with the first value of a choice that allows one, its default aside."""
    others = [value for value in choice.values if value != choice.default]
    attempts = (_like(ask, current, fixed, {choice.name: value}) for value in others)
    return next((attempt for attempt in attempts if attempt is not None), current)


def _like(ask: Ask, current: Configuration, fixed: Cube, wanted: Cube) -> Configuration | None:
    """A violating configuration with the wanted values, which the current one may already be."""
    if agrees(current, wanted):
        return current
    return ask({**fixed, **wanted})
