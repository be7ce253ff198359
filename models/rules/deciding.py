"""Can a condition hold, must it hold, and what is the least that makes it hold?

Conditions of the rulebook are local: each mentions the few choices of one group
of objects.  A plain backtracking search decides them; no solver is needed.  The
search prefers defaults, so that an example deviates from them as little as
possible.  Its cost is exponential in the choices of one conjunction in the worst
case; for larger conditions the callers accept another `Search`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from ..choices import Choice
from ..condition import Condition, Value, all_of, any_of, constant, negate

Configuration: TypeAlias = dict[str, Value]
Choices: TypeAlias = Mapping[str, Choice]
Search: TypeAlias = Callable[[Condition, Choices], Configuration | None]


def satisfying(condition: Condition, choices: Choices) -> Configuration | None:
    """Values that make the condition hold, with as few deviations from the defaults as possible.

    Choices that are left out may take any value.  None: the condition cannot hold.
    """
    condition = _pushed_in(condition)
    found = _within(condition, choices, len(condition.choices()))
    if not found:
        return found
    limit = sum(choices[name].default != value for name, value in found.items())
    for budget in range(limit):
        cheaper = _within(condition, choices, budget)
        if cheaper is not None:
            return cheaper
    return found


def must_hold(condition: Condition, choices: Choices, search: Search = satisfying) -> bool:
    """Whether the condition holds for all values of its choices."""
    return condition.is_true or search(negate(condition), choices) is None


def relevant(
    condition: Condition, configuration: Configuration, choices: Choices, search: Search = satisfying
) -> Configuration:
    """The part of a configuration that alone makes the condition hold; the rest may take any value.

    Minimal in the sense that no single further value can be left out; values
    that are defaults are the first to go.
    """
    mentioned = condition.choices()
    kept = {name: value for name, value in configuration.items() if name in mentioned}
    for name in sorted(kept, key=lambda name: (choices[name].default != kept[name], name)):
        fewer = {other: value for other, value in kept.items() if other != name}
        if must_hold(substituted(condition, fewer), choices, search):
            kept = fewer
    return kept


def substituted(condition: Condition, values: Mapping[str, Value]) -> Condition:
    """The condition that is left once some choices have their values."""
    return _substituted(condition, values, {}) if values else condition


def _substituted(
    condition: Condition, values: Mapping[str, Value], seen: dict[Condition, Condition]
) -> Condition:
    if condition.kind in ("true", "false"):
        return condition
    if condition.kind == "is":
        if condition.choice not in values:
            return condition
        return constant(values[condition.choice] == condition.value)
    if condition not in seen:
        parts = (_substituted(part, values, seen) for part in condition.parts)
        seen[condition] = _rebuilt(condition.kind, parts)
    return seen[condition]


def _rebuilt(kind: str, parts: Iterator[Condition]) -> Condition:
    if kind == "not":
        return negate(next(parts))
    return all_of(parts) if kind == "all" else any_of(parts)


def _pushed_in(condition: Condition) -> Condition:
    """An equal condition whose negations stand in front of single comparisons only."""
    if condition.kind == "not":
        inner = condition.parts[0]
        if inner.kind == "is":
            return condition
        opposite = all_of if inner.kind == "any" else any_of
        return opposite(_pushed_in(negate(part)) for part in inner.parts)
    if condition.kind in ("all", "any"):
        return _rebuilt(condition.kind, (_pushed_in(part) for part in condition.parts))
    return condition


def _within(condition: Condition, choices: Choices, budget: int) -> Configuration | None:
    """A configuration with at most `budget` deviations from the defaults."""
    match condition.kind:
        case "true":
            return {}
        case "false":
            return None
        case "any":
            tries = (_within(part, choices, budget) for part in condition.parts)
            return next((found for found in tries if found is not None), None)
    choice = choices[_branching_name(condition)]
    for value in sorted(choice.values, key=lambda value: value != choice.default):
        cost = int(value != choice.default)
        if cost > budget:
            break
        rest = _within(substituted(condition, {choice.name: value}), choices, budget - cost)
        if rest is not None:
            return {choice.name: value, **rest}
    return None


def _branching_name(condition: Condition) -> str:
    """The choice to decide next: one that stands alone in the conjunction, else one of its smallest part."""
    parts = condition.parts if condition.kind == "all" else (condition,)
    smallest = min(parts, key=lambda part: 0 if part.kind in ("is", "not") else len(part.parts))
    while smallest.kind != "is":
        smallest = smallest.parts[0]
    return smallest.choice


