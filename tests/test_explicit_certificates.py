"""Rankings and boxes: accepted where there is no circle, and where boxes close, and nowhere else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product

import pytest

from tests import random_networks
from verify import flapping
from verify.certificates import explicit
from verify.certificates.checker import check_order
from verify.certificates.closing_boxes import check_boxes
from verify.certificates.rejection import Rejected
from verify.inquiry import ExplicitInquiry
from verify.load import load
from verify.models.routing import networks
from verify.problems import convergence_problems
from verify.solve import Backend


def ranked(arrows: list[tuple[int, int]]) -> list[tuple[int, ...]]:
    """The ranks of three things that are accepted."""
    query = json.dumps({"nodes": ["a", "b", "c"], "arrows": arrows})
    found = []
    for ranks in product(range(-1, 4), repeat=3):
        try:
            check_order(query, json.dumps({"ranks": ranks}))
        except Rejected:
            continue
        found.append(ranks)
    return found


def test_what_has_no_circle_has_one_ranking_and_a_circle_has_none() -> None:
    assert ranked([(0, 1), (1, 2)]) == [(2, 1, 0)]
    assert ranked([(0, 2), (1, 2)]) == [(1, 1, 0)]
    assert ranked([]) == [(0, 0, 0)]
    assert ranked([(0, 1), (1, 2), (2, 0)]) == ranked([(0, 0)]) == ranked([(0, 1), (1, 0), (1, 2)]) == []


def test_a_ranking_has_a_whole_number_for_everything() -> None:
    query = json.dumps({"nodes": ["a", "b"], "arrows": []})
    for ranks in ([0], [0, 0, 0], [0, False], [0, 0.0]):
        with pytest.raises(Rejected):
            check_order(query, json.dumps({"ranks": ranks}))


def few_configurations() -> Iterator[ExplicitInquiry]:
    """Inquiries about random gadgets and networks that are decided configuration by configuration."""
    for seed in range(40):
        for document in (random_networks.gadget(seed), random_networks.network(seed)):
            scenario = load("random.json", json.dumps(document)).document
            for problem in convergence_problems(networks(scenario)[0]):
                found = flapping.inquire(problem, Backend())
                if isinstance(found, ExplicitInquiry) and not problem.is_acyclic:
                    yield found


def accepted(query: str, proof: str) -> bool:
    try:
        check_boxes(query, proof)
    except Rejected:
        return False
    return True


def test_boxes_are_accepted_exactly_where_they_close() -> None:
    closing = [
        (accepted(*explicit.closing_boxes(inquiry)), inquiry.answer({}) is None)
        for inquiry in few_configurations()
    ]
    assert all(found == wanted for found, wanted in closing)
    assert sum(found for found, _ in closing) > 10 < sum(not found for found, _ in closing)


# One cell, which learns its own route 0 or, while `open` holds, route 1 from itself.
QUERY = {
    "choices": {"open": [True, False], "first": [True, False]},
    "conditions": [["all", "", []], ["is", True, ["open"]], ["not", "", [1]], ["is", True, ["first"]]],
    "constraints": [],
    "orders": [],
    "cells": [[0, 1]],
    "standings": [0, 1],
    "better": [[0, 1, 0]],
    "origins": [[0, 0]],
    "feeds": [[0, 1, "s", 1]],
    "keepers": [],
}
CLOSES = [[[0, [0]]]]


@pytest.mark.parametrize(
    ("change", "runs", "fine"),
    [
        ({}, [CLOSES] * 4, True),
        ({}, [CLOSES] * 3, False),
        ({}, [CLOSES] * 5, False),
        ({"constraints": [2]}, [CLOSES] * 2, True),
        ({"constraints": [2]}, [CLOSES] * 4, False),
        ({"constraints": [1, 2]}, [], True),
        ({"orders": [["t", "a", "b", "open"], ["t", "b", "a", "first"]]}, [CLOSES] * 2, True),
        ({"origins": []}, [[[[0, [-1, 1]]]], [[[0, [-1]]]]] * 2, False),
        ({"constraints": [2], "origins": []}, [[[[0, [-1]]]]] * 2, True),
        ({"better": [[1, 0, 0]]}, [CLOSES] * 4, False),
        ({"better": [[1, 0, 0]], "constraints": [2]}, [CLOSES] * 2, True),
        ({"keepers": [[0, 0, 1]]}, [CLOSES] * 4, True),
        ({}, [[*CLOSES, []]] * 4, False),
        ({}, [[]] * 4, False),
    ],
)
def test_every_allowed_configuration_needs_its_run(
    change: dict[str, object], runs: object, fine: bool
) -> None:
    assert accepted(json.dumps({**QUERY, **change}), json.dumps({"runs": runs})) is fine
