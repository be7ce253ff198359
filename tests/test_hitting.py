"""The search for sets of moves that exclude all violations, against looking at every set."""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest

from verify.hitting import HOPELESS, IDLE, UNSETTLED, HittingSets, Reason, Values, remains
from verify.models.condition import Value
from verify.models.moves import Move

NAMES = ("a", "b", "c", "d", "e")
NUMBERS = (0, 1, 2)


def typed(*values: Value) -> frozenset[tuple[type, Value]]:
    return frozenset((type(value), value) for value in values)


def puzzle(seed: int) -> tuple[list[Move], list[Reason], dict[str, Value]]:
    """Moves on few choices, some of two values at once, and violations that few values leave."""
    random = Random(seed)
    free = random.sample(NAMES, 2)
    defaults: dict[str, Value] = {name: 0 for name in NAMES if name not in free}
    moves = [
        Move(((name, value),), "change")
        for name in NAMES
        for value in NUMBERS
        if (name in free or value) and random.random() < 0.7
    ]
    first, second = random.sample(NAMES, 2)
    moves.append(Move(((first, 1), (second, 1)), "change"))
    reasons: list[Reason] = [
        {n: typed(*random.sample(NUMBERS, random.choice((1, 1, 2)))) for n in random.sample(NAMES, size)}
        for size in random.choices((1, 2, 3), k=random.randrange(2, 7))
    ]
    return moves, reasons, defaults


def weight(move: Move) -> int:
    """Some price of a move that is the same in every process."""
    return 1 + sum(ord(name) + int(value) for name, value in move.values) % 5


def price(moves: object) -> int:
    return sum(map(weight, moves))  # type: ignore[call-overload]  # an iterable of moves


def violated(reasons: list[Reason], values: Values) -> Reason | None:
    return next((reason for reason in reasons if remains(reason, values)), None)


def every_solution(
    moves: list[Move], reasons: list[Reason], defaults: dict[str, Value], most: int
) -> set[frozenset[Move]]:
    """By looking at every set of moves that do not touch each other: the minimal ones."""
    good: set[frozenset[Move]] = set()
    for size in range(most + 1):
        for chosen in combinations(moves, size):
            names = [name for move in chosen for name in move.names]
            if len(names) > len(set(names)) or any(smaller <= set(chosen) for smaller in good):
                continue
            values = {**defaults, **{n: v for move in chosen for n, v in move.values}}
            if violated(reasons, values) is None:
                good.add(frozenset(chosen))
    return good


@pytest.mark.parametrize("seed", range(60))
def test_every_minimal_set_is_found_and_the_cheapest_first(seed: int) -> None:
    moves, reasons, defaults = puzzle(seed)
    search = HittingSets(moves, lambda values: violated(reasons, values), price, defaults, 3, 10_000)
    found = list(search.found())
    assert search.complete
    assert {frozenset(each) for each in found} == every_solution(moves, reasons, defaults, 3)
    assert [price(each) for each in found] == sorted(price(each) for each in found)


def test_a_move_can_bring_a_violation_back() -> None:
    """Setting b excludes the first violation and brings the second one, unless c is set as well."""
    reasons: list[Reason] = [{"b": typed(0)}, {"b": typed(1), "c": typed(0)}]
    moves = [Move((("b", 1),), "change"), Move((("c", 1),), "change")]
    search = HittingSets(moves, lambda values: violated(reasons, values), len, {"b": 0, "c": 0}, 3, 100)
    assert [set(each) for each in search.found()] == [set(moves)]


def test_a_set_under_which_nothing_is_stable_is_extended_by_everything() -> None:
    moves = [Move((("b", 1),), "change"), Move((("c", 1),), "change")]

    def refute(values: Values) -> Reason | None:
        return None if values["b"] == values["c"] == 1 else UNSETTLED

    search = HittingSets(moves, refute, len, {"b": 0, "c": 0}, 3, 100)
    assert [set(each) for each in search.found()] == [set(moves)]


def test_a_bound_on_what_is_asked_is_said() -> None:
    moves = [Move(((name, 1),), "change") for name in "abc"]
    defaults: dict[str, Value] = dict.fromkeys("abc", 0)
    reasons: list[Reason] = [{name: typed(0)} for name in "abc"]
    search = HittingSets(moves, lambda values: violated(reasons, values), price, defaults, 3, 2)
    list(search.found())
    assert not search.complete


def test_true_is_not_one() -> None:
    assert remains({"a": typed(True)}, {"a": True})
    assert not remains({"a": typed(True)}, {"a": 1})


def test_what_is_switched_off_until_nothing_is_carried_is_no_way_on() -> None:
    off, other = Move((("x.bgp_enabled", False),), "change"), Move((("c", 1),), "change")
    defaults: dict[str, Value] = {"x.bgp_enabled": True, "c": 0}

    def refute(values: Values) -> Reason | None:
        if values == defaults:
            return {"x.bgp_enabled": typed(True), "c": typed(0)}
        return IDLE if values["x.bgp_enabled"] is False else None

    search = HittingSets([off, other], refute, len, defaults, 3, 100)
    assert list(search.found()) == [(other,)]
    assert search.complete


def test_what_no_value_changes_is_asked_once() -> None:
    moves = [Move(((name, 1),), "change") for name in "abc"]
    search = HittingSets(moves, lambda _: HOPELESS, len, dict.fromkeys("abc", 0), 3, 100)
    assert list(search.found()) == []
    assert search.complete
    assert search.asked == 1
