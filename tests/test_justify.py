"""Why a formula holds in a model: the named values alone keep it true."""

from __future__ import annotations

from itertools import product
from random import Random
from typing import Any

import pytest

from verify.justify import Circuit
from verify.solve import fresh_environment

FREE = ("a", "b", "c", "d")
KEPT = ("x", "y", "z")


def formula(build: Any, random: Random, depth: int) -> Any:
    """A random formula over all symbols."""
    if depth == 0:
        from pysmt.typing import BOOL

        return build.Symbol(random.choice(FREE + KEPT), BOOL)
    parts = [formula(build, random, depth - 1) for _ in range(random.choice((2, 2, 3)))]
    kind = random.randrange(5)
    if kind == 0:
        return build.Not(parts[0])
    if kind == 1:
        return build.Iff(parts[0], parts[1])
    if kind == 2:
        return build.Implies(parts[0], parts[1])
    return build.And(parts) if kind == 3 else build.Or(parts)


def holds(circuit: Circuit, model: dict[str, bool]) -> bool:
    return circuit.reason(lambda name: model[name], {}) is not None


@pytest.mark.parametrize("seed", range(80))
def test_the_reason_alone_keeps_the_formula_true(seed: int) -> None:
    random = Random(seed)
    circuit = Circuit(formula(fresh_environment().formula_manager, random, 3))
    looked_at = 0
    for values in product((False, True), repeat=len(FREE + KEPT)):
        model = dict(zip(FREE + KEPT, values, strict=True))
        reason = circuit.reason(lambda name, model=model: model[name], dict.fromkeys(FREE, 1))  # type: ignore[misc]  # mypy cannot type the bound default
        if reason is None:
            continue
        assert set(reason) <= set(FREE)
        assert all(model[name] == value for name, value in reason.items())
        others = [name for name in FREE if name not in reason]
        for rest in product((False, True), repeat=len(others)):
            assert holds(circuit, {**model, **dict(zip(others, rest, strict=True))})
        looked_at += 1
        if looked_at > 20:
            break


def test_a_disjunction_needs_its_cheapest_part() -> None:
    from pysmt.typing import BOOL

    build = fresh_environment().formula_manager
    a, b, x = (build.Symbol(name, BOOL) for name in "abx")
    circuit = Circuit(build.Or(build.And(a, b), x))
    costs = {"a": 1, "b": 1}
    assert circuit.reason(lambda _: True, costs) == {}
    assert circuit.reason(lambda name: name != "x", costs) == {"a": True, "b": True}
    assert circuit.reason(lambda name: name == "a", costs) is None


def test_what_is_given_needs_no_reason() -> None:
    from pysmt.typing import BOOL

    build = fresh_environment().formula_manager
    a, b = (build.Symbol(name, BOOL) for name in "ab")
    one_of = build.Or(a, b)
    assert Circuit(build.And(one_of, a)).reason(lambda _: True, {"a": 1, "b": 1}) == {"a": True}
    assert Circuit(build.And(one_of, build.Not(b)), [one_of]).reason(
        lambda name: name == "a", {"a": 1, "b": 1}
    ) == {"b": False}
