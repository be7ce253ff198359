"""Counterexamples depart as little from the defaults as any does; several of them differ in kind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from math import prod

import pytest

from tests.shipped import LIBRARY, document
from tests.tiny_networks import network
from verify.asking import Asked, questions
from verify.check import CheckOptions, check
from verify.fewest import COUNTED, departures
from verify.inquiry import Undecided, relevant_choices
from verify.load import Loaded, load
from verify.models.network import Configuration
from verify.models.ordered import in_order
from verify.propagation import DEPARTURES
from verify.render.screen import FILE_PAGE
from verify.render.text import render_result
from verify.solve import Backend
from verify.verdict import Counterexample, PropertyResult

PROPERTIES = ("no-routing-loops", "no-route-flapping", "no-ineffective-routes")
MOST_CONFIGURATIONS = 600


def judged(loaded: Loaded, property_id: str, most: int = 1) -> PropertyResult:
    options = CheckOptions(properties=(property_id,), remedies=False, max_counterexamples=most)
    return check(loaded, options).properties[0]


def shown(result: PropertyResult) -> Counterexample:
    assert result.counterexample is not None
    return result.counterexample


def by_enumeration(loaded: Loaded, property_id: str) -> tuple[int, ...] | None:
    """The least departures of any violation, by simulating every configuration; None if they are too many."""
    found = []
    for asked in questions(in_order(loaded.document), property_id, Backend()):
        if size(asked) > MOST_CONFIGURATIONS:
            return None
        for configuration in configurations(asked):
            try:
                violated = asked.confirm(configuration) is not None
            except Undecided:
                return None
            if violated:
                found.append(tuple(departures(asked.inquiry, configuration, role) for role in COUNTED))
    return min(found)


def size(asked: Asked) -> int:
    choices = {**relevant_choices(asked.inquiry.problem), **asked.inquiry.choices}
    return prod(len(choice.values) for choice in choices.values())


def configurations(asked: Asked) -> Iterator[Configuration]:
    network_ = asked.inquiry.problem.network
    choices = {**relevant_choices(asked.inquiry.problem), **asked.inquiry.choices}
    for values in product(*(choice.values for choice in choices.values())):
        configuration = Configuration(dict(zip(choices, values, strict=True)), network_.choices)
        if network_.allows(configuration):
            yield configuration


SMALL = (
    "bad/r15-equal-site-asns-path-lost.json",
    "bad/r14-different-local-asns-ghost.json",
    "bad/r16-overlapping-routing-off.json",
    "bad/as-path-loss-3-without-reject-policy.json",
    "bad/failure-returns-in-another-state.json",
    "open/as-path-loss-4-unknown-platform.json",
    "open/r15-site-asn.json",
)


def compare(loaded: Loaded, property_id: str) -> bool:
    """Whether a counterexample was compared with all that there are."""
    result = judged(loaded, property_id)
    if result.counterexample is None:
        return False
    expected = by_enumeration(loaded, property_id)
    if expected is None:
        return False
    example = shown(result)
    assert example.smallest
    assert tuple(example.departures[name] for name in DEPARTURES) == expected
    return True


@pytest.mark.parametrize("name", SMALL)
def test_no_violation_of_a_shipped_scenario_departs_less(name: str) -> None:
    loaded = load(name, json.dumps(document(LIBRARY / name)))
    for property_id in PROPERTIES[:2]:
        compare(loaded, property_id)


def test_no_violation_of_a_random_network_departs_less() -> None:
    compared = 0
    for seed in range(24):
        loaded = load("network", json.dumps(network(seed)))
        compared += sum(compare(loaded, property_id) for property_id in PROPERTIES[:2])
    assert compared >= 3


def two_routers_of_which_nothing_is_known() -> Loaded:
    """A circuit and a VPN to two routers: whether `prefers` matters depends on `gateway_prefers`."""
    root = document(LIBRARY / "bad/r15-different-site-asns.json")
    del root["data_centers"][0]["routers"]
    del root["customer_gateways"][0]["router"]
    del root["virtual_border_routers"][0]["peers"][0]["router"]
    return load("two routers", json.dumps(root))


@pytest.mark.parametrize("property_id", ["no-routing-loops", "no-route-flapping"])
def test_open_values_that_do_not_matter_may_be_anything(property_id: str) -> None:
    """Whatever they are, and the readings that are not named, the property fails; others matter."""
    name = "open/r14-any-local-asns.json"
    loaded = load(name, json.dumps(document(LIBRARY / name)))
    if property_id == "no-route-flapping":
        loaded = two_routers_of_which_nothing_is_known()
    example = shown(judged(loaded, property_id))
    assert set(example.any_value).isdisjoint(example.configuration)
    assert set(example.any_value) | set(example.configuration) == {c.name for c in loaded.choices}
    spaces = [next(c.values for c in loaded.choices if c.name == path) for path in example.any_value]
    for values in product(*spaces):
        pinned = {
            **example.readings,
            **{path: value for path, value in example.configuration.items() if not isinstance(value, tuple)},
            **dict(zip(example.any_value, values, strict=True)),
        }
        options = CheckOptions(properties=(property_id,), assume=pinned, remedies=False)
        assert check(loaded, options).properties[0].verdict == "violated"


def test_text_says_how_small_a_counterexample_is_and_what_does_not_matter() -> None:
    name = "open/r14-any-local-asns.json"
    loaded = load(name, json.dumps(document(LIBRARY / name)))
    text = render_result(check(loaded, CheckOptions(remedies=False)), FILE_PAGE)
    assert "Configuration, the smallest: 2 open values, 2 readings away from the defaults" in text
    assert "data_centers.dc-1.prefers = any value" in text


def test_several_counterexamples_differ_in_kind() -> None:
    """A loop with everything present, and one that outlives the route that began it."""
    name = "bad/r14-different-local-asns-loop.json"
    loaded = load(name, json.dumps(document(LIBRARY / name)))
    one = judged(loaded, "no-routing-loops")
    several = judged(loaded, "no-routing-loops", most=3)
    assert one.further == ()
    assert several.counterexample == one.counterexample
    assert [bool(each.withdrawn) for each in (shown(several), *several.further)] == [False, True]
    assert all(each.replayed for each in several.further)


def test_packets_and_answers_that_get_lost_are_different_kinds() -> None:
    name = "bad/failure-one-gateway.json"
    loaded = load(name, json.dumps(document(LIBRARY / name)))
    result = judged(loaded, "no-ineffective-routes", most=2)
    directions = [each.undelivered["direction"] for each in (shown(result), *result.further)]
    assert directions == ["forward", "answer"]


def test_renaming_does_not_make_a_counterexample_of_another_kind() -> None:
    """Two connections that are alike give one kind of counterexample, not two."""
    name = "bad/r18-two-connections-to-one-site.json"
    loaded = load(name, json.dumps(document(LIBRARY / name)))
    result = judged(loaded, "no-ineffective-routes", most=5)
    everything = [shown(result), *result.further]
    told = {(e.undelivered.get("reason"), e.undelivered.get("direction")) for e in everything}
    assert len(told) == len(everything)


def test_text_and_json_show_every_counterexample() -> None:
    name = "bad/r14-different-local-asns.json"
    loaded = load(name, json.dumps(document(LIBRARY / name)))
    result = check(loaded, CheckOptions(remedies=False, max_counterexamples=2))
    further = [each for entry in result.properties for each in entry.further]
    assert further
    text = render_result(result, FILE_PAGE)
    assert text.count("Another kind of counterexample") == len(further)
    plain = replace(result, properties=tuple(replace(e, further=()) for e in result.properties))
    assert "Another kind" not in render_result(plain, FILE_PAGE)
