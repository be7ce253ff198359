"""Random Boolean terms with shared parts and constants, and their values, reproducible from a seed."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from pysmt import operators
from pysmt.environment import Environment

from verify.certificates.clauses import bottom_up

NAMES = ("a", "b|c", "d", "50%", "x\\y", "order:dc < vgw", "é", "%t1")


def term(environment: Environment, rng: random.Random, size: int = 25) -> Any:
    """A term over a few symbols, built from `size` connectives."""
    build = environment.formula_manager
    names = NAMES[: rng.randint(1, len(NAMES))]
    parts = [build.Symbol(name) for name in names] + [build.Bool(rng.random() < 0.5)]
    kinds = (build.And, build.Or, build.Implies, build.Iff, build.Not)
    for _ in range(rng.randint(1, size)):
        kind = rng.choice(kinds)
        count = {build.Not: 1, build.And: rng.randint(0, 4), build.Or: rng.randint(0, 4)}.get(kind, 2)
        chosen = [rng.choice(parts[-10:]) for _ in range(count)]
        parts.append(kind(chosen) if kind in (build.And, build.Or) else kind(*chosen))
    return parts[-1]


def value(formula: Any, values: Mapping[str, bool]) -> bool:
    """Whether a term holds when its symbols have these values."""
    known: dict[int, bool] = {}
    for node in bottom_up([formula]):
        parts = [known[part.node_id()] for part in node.args()]
        known[node.node_id()] = _value(node, parts, values)
    return known[formula.node_id()]


def _value(node: Any, parts: list[bool], values: Mapping[str, bool]) -> bool:
    kind = node.node_type()
    if kind == operators.SYMBOL:
        return values[node.symbol_name()]
    if kind == operators.BOOL_CONSTANT:
        return bool(node.constant_value())
    if kind == operators.NOT:
        return not parts[0]
    if kind == operators.IMPLIES:
        return not parts[0] or parts[1]
    if kind == operators.IFF:
        return parts[0] == parts[1]
    return all(parts) if kind == operators.AND else any(parts)
