"""The violation that departs least from the defaults: fewest failures, then fewest withdrawals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from verify.models.choices import Choice, Role
from verify.models.condition import Condition, Value, negate
from verify.models.network import Configuration

if TYPE_CHECKING:
    from verify.inquiry import Inquiry

Cube: TypeAlias = Mapping[str, Value]
Ask: TypeAlias = Callable[[Cube], Configuration | None]

ORDER = (Role.READING, Role.FAILURE, Role.EVENT, Role.OPEN, Role.ANNOUNCED, Role.ORDER)
COUNTED = (Role.FAILURE, Role.EVENT)
MOST_COUNTED = 4  # more departures of a kind are reduced one by one only, not counted


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


def least_departing(inquiry: Inquiry, found: Configuration, assumed: Cube) -> Configuration:
    """The violating configuration that departs least from the defaults.

    Choices are set to their default one after the other, readings first, each as
    long as a violation remains; of failures and of withdrawals there are as few as
    there can be.  The result does not depend on which configuration the solver
    happened to find.
    """
    fixed, current = dict(assumed), found
    defaults = {c.name: c.default for c in inquiry.choices.values() if c.name not in assumed}
    neutral = _like(inquiry.answer, current, fixed, defaults)
    if neutral is not None:
        return Configuration({**fixed, **defaults}, inquiry.problem.network.choices)
    for role in ORDER:
        if role not in COUNTED:
            current = _settle(inquiry.answer, _open(inquiry, role, assumed), current, fixed)
        elif role is COUNTED[0]:
            current = _fewest(inquiry, assumed, current, fixed)
    return Configuration(fixed, inquiry.problem.network.choices)


def _fewest(
    inquiry: Inquiry, assumed: Cube, current: Configuration, fixed: dict[str, Value]
) -> Configuration:
    """Fix failures and withdrawals: as few failures as possible, and then as few withdrawals.

    One by one they come to a set of which nothing can be left out; then smaller sets are
    asked for by their numbers.
    """
    pending = [choice for role in COUNTED for choice in _open(inquiry, role, assumed)]
    before, limits = dict(fixed), dict[Role, int]()
    current = _settle(inquiry.answer, pending, current, fixed)
    for role in COUNTED:
        least = 0 if any(limits.values()) else 1  # with nothing else gone, a set that is not empty is needed
        for most in range(least, min(departures(inquiry, current, role), MOST_COUNTED + 1)):
            fewer = inquiry.within(before, {**limits, role: most})
            if fewer is not None:
                fixed.clear()
                fixed.update(before)
                ask = partial(inquiry.within, limits={**limits, role: most})
                current = _settle(ask, pending, fewer, fixed)
                break
        limits[role] = departures(inquiry, current, role)
        if limits[role] > MOST_COUNTED:
            break
    return current


def _open(inquiry: Inquiry, role: Role, assumed: Cube) -> list[Choice]:
    return [choice for choice in of_role(inquiry, role) if choice.name not in assumed]


def fewest_failures(inquiry: Inquiry, found: Configuration, assumed: Cube) -> int:
    """How many failures a violation needs at least, of which one is known."""
    known = departures(inquiry, found, Role.FAILURE)
    working = {choice.name: choice.default for choice in of_role(inquiry, Role.FAILURE)}
    if known == 0 or inquiry.answer({**assumed, **working}) is not None:
        return 0
    fewer = range(1, min(known, MOST_COUNTED + 1))
    return next((n for n in fewer if inquiry.within(assumed, {Role.FAILURE: n}) is not None), known)


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
