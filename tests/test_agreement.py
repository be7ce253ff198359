"""Solver, boxes and simulator agree on random small networks and gadgets.

The sweep over thousands of seeds is `python -m tests.sweep`.
"""

from __future__ import annotations

import pytest

from tests.agreement import compare
from tests.random_networks import gadget, network


@pytest.mark.parametrize("seed", range(20))
def test_solver_boxes_and_simulator_agree_on_a_random_network(seed: int) -> None:
    assert compare(network(seed), seed, most=2) > 0


@pytest.mark.parametrize("seed", range(20))
def test_solver_boxes_and_simulator_agree_on_a_random_gadget(seed: int) -> None:
    assert compare(gadget(seed), seed) > 0


@pytest.mark.parametrize("seed", [201, 202, 204])
def test_a_second_solver_agrees_as_well(seed: int) -> None:
    assert compare(network(seed), seed, solver="cvc5", most=2) > 0
