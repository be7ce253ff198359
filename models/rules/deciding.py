"""Can a condition hold, must it hold, and what is the least that makes it hold?

Conditions of the rulebook are local: each mentions the few choices of one group
of objects.  A plain backtracking search decides them; no solver is needed.  The
search prefers defaults, so that an example deviates from them as little as
possible.  Its cost is exponential in the choices of one conjunction in the worst
case; for larger conditions the callers accept another `Search`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from ..choices import Choice
from ..condition import Condition, Value, all_of, any_of, constant, negate

Configuration: TypeAlias = dict[str, Value]
Choices: TypeAlias = Mapping[str, Choice]
Least: TypeAlias = tuple[int, Configuration] | None
Search: TypeAlias = Callable[[Condition, Choices], Configuration | None]


def satisfying(condition: Condition, choices: Choices) -> Configuration | None:
    """Values that make the condition hold, with as few deviations from the defaults as possible.

    Choices that are left out may take any value.  None: the condition cannot hold.
    """
    condition = _pushed_in(condition)
    least = _least(condition, choices, len(condition.choices()))
    return None if least is None else least[1]


def remembering(search: Search) -> Search:
    """The same search, which does each condition only once."""
    known: dict[tuple[Condition, frozenset[Choice]], Configuration | None] = {}

    def look(condition: Condition, choices: Choices) -> Configuration | None:
        key = condition, frozenset(choices[name] for name in condition.choices())
        if key not in known:
            known[key] = search(condition, choices)
        return known[key]

    return look


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


def _least(condition: Condition, choices: Choices, budget: int) -> Least:
    """The cheapest configuration of at most `budget` deviations, with their number (branch and bound)."""
    match condition.kind:
        case "true":
            return 0, {}
        case "false":
            return None
        case "any":
            return _best_of(((part, {}) for part in condition.parts), choices, budget)
    return _conjunction(condition, choices, budget)


def _best_of(options: Iterable[tuple[Condition, Configuration]], choices: Choices, budget: int) -> Least:
    """The cheapest of several ways to go on: what is left to satisfy, and the values chosen for that."""
    best: Least = None
    for condition, chosen in options:
        cost = sum(choices[name].default != value for name, value in chosen.items())
        left = (budget if best is None else best[0] - 1) - cost
        found = _least(substituted(condition, chosen), choices, left) if left >= 0 else None
        if found is not None:
            best = (cost + found[0], {**chosen, **found[1]})
        if best is not None and best[0] == 0:
            break
    return best


def _conjunction(condition: Condition, choices: Choices, budget: int) -> Least:
    parts = condition.parts if condition.kind == "all" else (condition,)
    allowed = _allowed(parts, choices)
    if not all(allowed.values()):
        return None
    forced = {name: values[0] for name, values in allowed.items() if len(values) == 1}
    if forced:
        return _best_of([(condition, forced)], choices, budget)
    groups = _independent(parts)
    if len(groups) > 1:
        return _one_of_each(groups, choices, budget)
    name = _branching_name(parts)
    default = choices[name].default
    values = sorted(allowed.get(name, choices[name].values), key=lambda value: value != default)
    return _best_of(((condition, {name: value}) for value in values), choices, budget)


def _one_of_each(groups: list[Condition], choices: Choices, budget: int) -> Least:
    cost, chosen = 0, Configuration()
    for group in groups:
        found = _least(group, choices, budget - cost)
        if found is None:
            return None
        cost, chosen = cost + found[0], chosen | found[1]
    return cost, chosen


def _allowed(parts: Iterable[Condition], choices: Choices) -> dict[str, list[Value]]:
    """The values that the parts which are single comparisons leave to their choices."""
    allowed: dict[str, list[Value]] = {}
    for part in parts:
        if part.kind in ("is", "not"):
            comparison = part if part.kind == "is" else part.parts[0]
            name = comparison.choice
            values = allowed.get(name, list(choices[name].values))
            wanted = part.kind == "is"
            allowed[name] = [value for value in values if (value == comparison.value) == wanted]
    return allowed


def _independent(parts: tuple[Condition, ...]) -> list[Condition]:
    """The parts in groups that share no choice."""
    groups: list[tuple[frozenset[str], list[Condition]]] = []
    for part in parts:
        names, members = part.choices(), [part]
        apart = []
        for group in groups:
            if group[0].isdisjoint(names):
                apart.append(group)
            else:
                names, members = names | group[0], group[1] + members
        groups = [*apart, (names, members)]
    return [all_of(members) for _, members in groups]


def _branching_name(parts: tuple[Condition, ...]) -> str:
    """The choice to decide next: one of the smallest part."""
    smallest = min(parts, key=lambda part: len(part.parts))
    while smallest.kind != "is":
        smallest = smallest.parts[0]
    return smallest.choice
