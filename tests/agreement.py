"""Solver, boxes and simulator compared on one network under one configuration."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from itertools import islice, product

from tests.oracle_delivery import arrives
from verify import delivery, flapping, looping
from verify.concrete import ConcreteProblem
from verify.inquiry import SolverInquiry, relevant_choices
from verify.load import load
from verify.models.choices import Choice, Role
from verify.models.condition import Value
from verify.models.network import Configuration
from verify.models.routing import TooManyStructures, networks
from verify.problems import Problem, address_problems, convergence_problems
from verify.realise import realise
from verify.simulate import RouteState, Simulator
from verify.solve import Backend
from verify.traffic import Task, tasks

RUNS = 4
STEPS = 150


def compare(document: dict[str, object], seed: int, solver: str = "z3", most: int = 4) -> int:
    """Compare all that can be said of a document; returns how many configurations were compared."""
    rng = random.Random(seed)
    compared = 0
    loaded = load("random.json", json.dumps(document)).document
    try:
        found = networks(loaded)
    except TooManyStructures:
        return 0
    for network in found[:2]:
        for forbidden in (False, True):
            for task in tasks(loaded, network, forbidden)[:most]:
                compared += _same_endings(task, rng, solver)
        for problem in address_problems(network)[:most]:
            compared += _same_stable_states(problem, rng, solver)
        for problem in convergence_problems(network)[:most]:
            compared += _same_convergence(problem, rng, solver)
    return compared


def _draw(problem: Problem, rng: random.Random) -> Configuration | None:
    """A random configuration that keeps the constraints."""
    values = _values(problem, {**problem.network.choices, **relevant_choices(problem)}, rng)
    return None if values is None else Configuration(values, problem.network.choices)


def _values(
    problem: Problem, choices: Mapping[str, Choice], rng: random.Random, present: bool = False
) -> dict[str, Value] | None:
    """Random values that keep the constraints, with few failures; `present`: no origin is away."""
    for _ in range(200):
        values = {name: rng.choice(choice.values) for name, choice in choices.items()}
        for name, choice in choices.items():
            if choice.role is Role.FAILURE and rng.random() < 0.8:
                values[name] = False
            if choice.role is Role.EVENT and present:
                values[name] = True
        if problem.network.allows(Configuration(values, problem.network.choices)):
            return values
    return None


def _inquiry(ask: object, problem: Problem, solver: str) -> SolverInquiry:
    from unittest.mock import patch

    with (
        patch("verify.looping.is_explicit", return_value=False),
        patch("verify.flapping.is_explicit", return_value=False),
    ):
        found = ask(problem, Backend((solver,)))  # type: ignore[operator]  # one of the two inquire functions
    assert isinstance(found, SolverInquiry)
    return found


def _same_stable_states(problem: Problem, rng: random.Random, solver: str) -> int:
    inquiry = _inquiry(looping.inquire, problem, solver)
    for done in range(3):
        configuration = _draw(problem, rng)
        if configuration is None:
            return done
        concrete = ConcreteProblem(problem.universe, configuration)
        simulator = Simulator(problem.network, configuration, problem.universe.prefixes)
        states = list(islice(concrete.stable_states(), 2000))
        real = [realise(concrete, state, simulator) for state in states]
        assert all(simulator.is_stable(state) for state in real), "a stable state does not replay"
        loops = any(simulator.loop(problem.covering, state) for state in real)
        pinned = dict(configuration)
        assert inquiry.has_stable_state(pinned) == bool(states), "solver and boxes differ on stable states"
        assert (inquiry.answer(pinned) is not None) == loops, "solver and simulator differ on loops"
        for _ in range(RUNS):
            ended = _settled(simulator, rng)
            assert ended is None or ended in real, "the simulator rests in a state that was not enumerated"
    return 3


def _same_convergence(problem: Problem, rng: random.Random, solver: str) -> int:
    inquiry = _inquiry(flapping.inquire, problem, solver)
    for done in range(3):
        configuration = _draw(problem, rng)
        if configuration is None:
            return done
        concrete = ConcreteProblem(problem.universe, configuration)
        simulator = Simulator(problem.network, configuration, problem.universe.prefixes)
        boxes = concrete.limit(concrete.all_boxes())[-1]
        is_open = flapping.is_open(boxes)
        assert (inquiry.answer(dict(configuration)) is not None) == is_open, "solver and boxes differ"
        if not is_open:
            ends = [_settled(simulator, rng) for _ in range(RUNS)]
            assert all(end is not None and end == ends[0] for end in ends), "closed boxes, yet runs differ"
        else:
            assert flapping.find_flap(problem, configuration) is not None, "open boxes without a witness"
    return 3


def _same_endings(task: Task, rng: random.Random, solver: str) -> int:
    """Whether traffic goes wrong, with every origin present."""
    problem = task.problem
    inquiry = delivery.inquire(task, Backend((solver,)))
    asked = {**problem.network.choices, **inquiry.choices, **{choice.name: choice for choice in task.choices}}
    for done in range(2):
        values = _values(problem, {**asked, **relevant_choices(problem)}, rng, present=True)
        if values is None:
            return done
        configuration = Configuration(values, asked)
        concrete = ConcreteProblem(problem.universe, configuration)
        simulator = Simulator(problem.network, configuration, problem.universe.prefixes)
        states = [realise(concrete, s, simulator) for s in islice(concrete.stable_states(), 2000)]
        wrong = any(
            arrives(simulator, state, problem.covering, flow.entry, task.arrivals) is task.forbidden
            for state in states
            for flow in task.flows
            if flow.when.holds(configuration)
        )
        assert (inquiry.answer(values) is not None) == wrong, "they differ on where packets end"
    return 2


def _settled(simulator: Simulator, rng: random.Random) -> RouteState | None:
    """Where a random run with random updates ends, if it ends."""
    state = simulator.empty()
    for cell in simulator.cells:
        offered = [*simulator.origins.get(cell, ()), None]
        state[cell] = rng.choice(offered)
    for _ in range(STEPS):
        for cell in rng.sample(simulator.cells, len(simulator.cells)):
            state[cell] = simulator.update(cell, state)
        if simulator.is_stable(state):
            return state
    return None


def brute_force_stable(document: dict[str, object]) -> int:
    """The number of stable states of a gadget, by trying every assignment of permitted paths."""
    permitted = {n: [tuple(p.split()) for p in paths] for n, paths in document["gadget"].items()}  # type: ignore[attr-defined]  # a gadget document
    nodes = list(permitted)
    count = 0
    for chosen in product(*([None, *permitted[node]] for node in nodes)):
        state = {"0": ("0",), **dict(zip(nodes, chosen, strict=True))}
        count += all(
            state[node] == next((p for p in permitted[node] if state.get(p[1]) == p[1:]), None)
            for node in nodes
        )
    return count
