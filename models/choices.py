"""Choices: everything about a network that is not decided.

A `Choice` is a variable with finitely many values: a reading of the vendor's
documentation, an open value of the document, the presence of a route's origin, a
failure, or the order in which a table prefers neighbours that are otherwise
equal.  A configuration gives each choice one value.

Open numbers keep only as many values as can be told apart.  The model compares
ASNs for equality only, so the constants of the document and one fresh value for
each open ASN stand for all 2^32 (a small-model property of equality); other
numbers are compared by size with known constants.  See `models/opening.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from .condition import FALSE, TRUE, Condition, Value, any_of, constant


class Role(StrEnum):
    """Who or what makes a choice."""

    READING = "reading"  # the vendor: undocumented platform behaviour
    OPEN = "open"  # the operator: a value that the document leaves open
    CHANGE = "change"  # the operator: a value that the document decides, where other ones are considered
    EVENT = "event"  # whether an origin is present
    FAILURE = "failure"  # whether a link or device is down
    ANNOUNCED = "announced"  # whether an open announcement is one of its candidates
    ORDER = "order"  # a fixed but unknown preference among equals


@dataclass(frozen=True, slots=True)
class Choice:
    """A named variable over `values`; `default` is its neutral value.

    For an open value `name` is its path in the document, with ids in place of
    list positions: `data_centers.dc-1.readvertises`.
    """

    name: str
    role: Role
    values: tuple[Value, ...]
    default: Value

    @property
    def is_flag(self) -> bool:
        """Whether it is true or false (and not the numbers 0 and 1, which compare equal to these)."""
        return len(self.values) == 2 and all(isinstance(value, bool) for value in self.values)

    def equals(self, value: Value) -> Condition:
        """The condition that this choice takes `value` (FALSE if it cannot)."""
        if not any(v == value and type(v) is type(value) for v in self.values):
            return FALSE
        if len(self.values) == 1:
            return TRUE
        if self.is_flag and value is False:
            return Condition("not", parts=(Condition("is", self.name, True),))
        return Condition("is", self.name, value)


Term: TypeAlias = Value | Choice


def possible(term: Term) -> tuple[Value, ...]:
    """The values that a fixed or open term can take."""
    return term.values if isinstance(term, Choice) else (term,)


def where(term: Term, predicate: Callable[[Value], bool]) -> Condition:
    """When the value of `term` satisfies `predicate`."""
    if isinstance(term, Choice):
        fitting = [value for value in term.values if predicate(value)]
        if len(fitting) == len(term.values):
            return TRUE
        return any_of(term.equals(value) for value in fitting)
    return constant(predicate(term))


def holds(flag: bool | Choice) -> Condition:
    """When a fixed or open flag is true."""
    return where(flag, lambda value: value is True)


def equal(left: Term, right: Term) -> Condition:
    """When two fixed or open terms have the same value."""
    if not isinstance(left, Choice):
        left, right = right, left
    if not isinstance(left, Choice):
        return constant(left == right)
    if left == right:
        return TRUE
    if not isinstance(right, Choice):
        return left.equals(right)
    shared = [value for value in left.values if value in right.values]
    return any_of(_both(left.equals(value), right.equals(value)) for value in shared)


def compare(left: Term, right: Term, relation: Callable[[Value, Value], bool]) -> Condition:
    """When `relation` holds between the values of two fixed or open terms."""
    return any_of(
        _both(where(left, lambda v, a=a: v == a), where(right, lambda v, b=b: v == b))  # type: ignore[misc]  # mypy cannot type the bound default
        for a in possible(left)
        for b in possible(right)
        if relation(a, b)
    )


def any_differ(terms: Iterable[Term]) -> Condition:
    """When not all of the terms have one and the same value."""
    listed = list(terms)
    return any_of(
        Condition("not", parts=(same,)) if not (same.is_true or same.is_false) else constant(same.is_false)
        for same in (equal(listed[0], other) for other in listed[1:])
    )


def _both(left: Condition, right: Condition) -> Condition:
    from .condition import all_of

    return all_of((left, right))
