"""What was measured on real BGP daemons comes out of the model."""

from __future__ import annotations

import json
from itertools import product

import pytest

from tests.ground_truth import Row, rows
from verify.concrete import ConcreteProblem
from verify.inquiry import relevant_choices
from verify.load import load
from verify.models.choices import Role
from verify.models.network import Configuration
from verify.models.routing import networks
from verify.problems import Problem, address_problems
from verify.realise import realise
from verify.simulate import Simulator


def outcomes(row: Row, present: bool) -> list[tuple[int, int]]:
    """For every order of equal neighbours: the stable states of the prefix, and how many of them loop."""
    loaded = load("row.json", json.dumps(row.document))
    (network,) = networks(loaded.document)
    problem = next(p for p in address_problems(network) if row.prefix in p.stands_for)
    found = []
    for configuration in configurations(problem, present):
        concrete = ConcreteProblem(problem.universe, configuration)
        simulator = Simulator(network, configuration, problem.universe.prefixes)
        states = [realise(concrete, state, simulator) for state in concrete.stable_states()]
        assert all(simulator.is_stable(state) for state in states)
        found.append((len(states), sum(bool(simulator.loop(problem.covering, state)) for state in states)))
    return found


def configurations(problem: Problem, present: bool) -> list[Configuration]:
    orders = {n: c for n, c in relevant_choices(problem).items() if c.role is Role.ORDER}
    events = {n: present for n, c in problem.network.choices.items() if c.role is Role.EVENT}
    return [
        Configuration({**events, **dict(zip(orders, values, strict=True))}, problem.network.choices)
        for values in product(*(choice.values for choice in orders.values()))
    ]


ROWS = rows()


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_a_measured_row_comes_out_of_the_model(row: Row) -> None:
    steady = outcomes(row, present=True)
    match row.outcome:
        case "oscillates":
            assert any(states == 0 for states, _ in steady), steady
        case "loop":
            assert any(loops for _, loops in steady), steady
        case "two-states":
            assert any(states == 2 for states, _ in steady), steady
        case _:
            assert any(states - loops for states, loops in steady), steady
    if row.outcome == "ghost-loop":
        assert any(loops for _, loops in outcomes(row, present=False))
    if row.outcome == "fine" and row.name.startswith("R14"):
        assert not any(loops for _, loops in outcomes(row, present=False))
    if row.stable_states is not None:
        assert row.stable_states in {states for states, _ in steady}
