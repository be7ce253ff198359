"""Conditions: propositional statements about choices.

A condition says when something happens ("this session is up", "this path is
refused") in terms of `Choice` values that are still open.  It is the common
language of the rulebook, the routing problem, the encoder and the simulator:
the simulator evaluates it, the encoder turns it into a solver term, and nothing
here knows which of the two is going to happen.

Conditions are immutable and compare by structure.  Build them with `all_of`,
`any_of`, `at_most`, `negate` and `Choice.equals`; the constructors simplify constants away,
so a condition that is plainly true is the constant `TRUE`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

Value: TypeAlias = bool | int | str
REMEMBERED = 1 << 16  # results of each constructor that are kept for when they are asked for again


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """One node of a condition; `kind` is true, false, is, not, all, any or most.

    `choice` and `value` are set for `is`, `parts` for the connectives; `most` says
    that at most `value` of its parts hold.
    """

    kind: str
    choice: str = ""
    value: Value = ""
    parts: tuple[Condition, ...] = ()
    _hash: int = field(init=False, repr=False, default=0)

    def __post_init__(self) -> None:
        key = (self.kind, self.choice, type(self.value), self.value, self.parts)
        object.__setattr__(self, "_hash", hash(key))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Condition) or self._hash != other._hash:
            return False
        return (
            self.kind == other.kind
            and self.choice == other.choice
            and self.value == other.value
            and type(self.value) is type(other.value)
            and self.parts == other.parts
        )

    @property
    def is_true(self) -> bool:
        """Whether this is the constant TRUE (not: whether it is valid)."""
        return self.kind == "true"

    @property
    def is_false(self) -> bool:
        """Whether this is the constant FALSE (not: whether it is unsatisfiable)."""
        return self.kind == "false"

    def holds(self, configuration: Mapping[str, Value]) -> bool:
        """Evaluate under a configuration that gives every choice named here a value."""
        match self.kind:
            case "true":
                return True
            case "false":
                return False
            case "is":
                return configuration[self.choice] == self.value
            case "not":
                return not self.parts[0].holds(configuration)
            case "all":
                return all(part.holds(configuration) for part in self.parts)
            case "most":
                return sum(part.holds(configuration) for part in self.parts) <= int(self.value)
        return any(part.holds(configuration) for part in self.parts)

    def choices(self) -> frozenset[str]:
        """The names of all choices that this condition mentions."""
        return frozenset(self._mentions())

    def _mentions(self) -> Iterator[str]:
        seen: set[Condition] = set()
        pending = [self]
        while pending:
            node = pending.pop()
            if node in seen:
                continue
            seen.add(node)
            if node.kind == "is":
                yield node.choice
            pending.extend(node.parts)


TRUE = Condition("true")
FALSE = Condition("false")


def constant(value: bool) -> Condition:
    """TRUE or FALSE."""
    return TRUE if value else FALSE


@lru_cache(maxsize=REMEMBERED)
def negate(condition: Condition) -> Condition:
    """The opposite of a condition."""
    if condition.is_true:
        return FALSE
    if condition.is_false:
        return TRUE
    if condition.kind == "not":
        return condition.parts[0]
    return Condition("not", parts=(condition,))


def all_of(conditions: Iterable[Condition]) -> Condition:
    """The conjunction; TRUE when there is nothing to hold."""
    return _join("all", tuple(conditions))


def any_of(conditions: Iterable[Condition]) -> Condition:
    """The disjunction; FALSE when there is nothing to choose from."""
    return _join("any", tuple(conditions))


def at_most(most: int, conditions: Iterable[Condition]) -> Condition:
    """Whether no more than `most` of some conditions hold; each counts as often as it is given."""
    listed = tuple(conditions)
    most -= sum(condition.is_true for condition in listed)
    open_ones = tuple(c for c in listed if not (c.is_true or c.is_false))
    if most < 0:
        return FALSE
    if most >= len(open_ones):
        return TRUE
    if most == 0:
        return negate(any_of(open_ones))
    return Condition("most", value=most, parts=open_ones)


def at_least(least: int, conditions: Iterable[Condition]) -> Condition:
    """Whether `least` or more of some conditions hold."""
    return negate(at_most(least - 1, conditions))


def implies(premise: Condition, conclusion: Condition) -> Condition:
    """`premise` only together with `conclusion`."""
    return any_of((negate(premise), conclusion))


@lru_cache(maxsize=REMEMBERED)
def _join(kind: str, conditions: tuple[Condition, ...]) -> Condition:
    """A connective over conditions, simplified; a pure function whose results are worth keeping.

    A network says the same few things of thousands of routes; that equal requests give
    the same object also makes later comparisons cheap.
    """
    absorbing, neutral = (FALSE, TRUE) if kind == "all" else (TRUE, FALSE)
    parts: dict[Condition, None] = {}
    for condition in conditions:
        if condition.kind == absorbing.kind:
            return absorbing
        if condition.kind == neutral.kind:
            continue
        for part in condition.parts if condition.kind == kind else (condition,):
            parts[part] = None
    if any(part.kind == "not" and part.parts[0] in parts for part in parts):
        return absorbing  # a part and its opposite; of two opposites one is a negation
    if not parts:
        return neutral
    if len(parts) == 1:
        return next(iter(parts))
    return Condition(kind, parts=tuple(parts))
