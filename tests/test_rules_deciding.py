"""The search behind the rulebook agrees with trying everything."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from verify.models.choices import Choice, Role
from verify.models.condition import FALSE, TRUE, Condition, all_of, any_of, negate
from verify.models.rules.deciding import Configuration, must_hold, relevant, satisfying

CHOICES = {
    "a": Choice("a", Role.OPEN, (False, True), False),
    "b": Choice("b", Role.READING, (False, True), True),
    "c": Choice("c", Role.OPEN, (1, 2, 3), 1),
    "d": Choice("d", Role.OPEN, ("x", "y"), "y"),
}
LEAVES = [choice.equals(value) for choice in CHOICES.values() for value in choice.values]


def _grown(parts: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    several = st.lists(parts, min_size=1, max_size=3)
    return st.one_of(several.map(all_of), several.map(any_of), parts.map(negate))


CONDITIONS = st.recursive(st.sampled_from([*LEAVES, TRUE, FALSE]), _grown, max_leaves=12)


def every_configuration() -> list[Configuration]:
    names = list(CHOICES)
    return [dict(zip(names, values, strict=True)) for values in product(*(CHOICES[n].values for n in names))]


def deviations(configuration: Configuration) -> int:
    return sum(CHOICES[name].default != value for name, value in configuration.items())


@settings(derandomize=True, max_examples=300, deadline=None)
@given(CONDITIONS)
def test_a_configuration_is_found_when_there_is_one_and_it_is_the_cheapest(condition: Condition) -> None:
    fitting = [c for c in every_configuration() if condition.holds(c)]
    found = satisfying(condition, CHOICES)
    assert (found is not None) == bool(fitting)
    if found is not None:
        assert all(condition.holds(c) for c in every_configuration() if found.items() <= c.items())
        assert deviations(found) == min(deviations(c) for c in fitting)


@settings(derandomize=True, max_examples=200, deadline=None)
@given(CONDITIONS)
def test_must_hold_means_holding_everywhere(condition: Condition) -> None:
    assert must_hold(condition, CHOICES) == all(condition.holds(c) for c in every_configuration())


@settings(derandomize=True, max_examples=200, deadline=None)
@given(CONDITIONS)
def test_relevant_values_suffice_and_none_can_be_left_out(condition: Condition) -> None:
    found = satisfying(condition, CHOICES)
    if found is None:
        return
    kept = relevant(condition, found, CHOICES)

    def suffices(values: Configuration) -> bool:
        return all(condition.holds(c) for c in every_configuration() if values.items() <= c.items())

    assert suffices(kept)
    assert not any(suffices({n: v for n, v in kept.items() if n != name}) for name in kept)
