"""What fails and comes back can leave a network changed, unless it is proved not to flap."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import verify.scenarios
from tests import random_networks
from tests.tables import changed
from verify.check import CheckOptions, check
from verify.inquiry import relevant_choices
from verify.jsonc import read_jsonc
from verify.load import load
from verify.models.choices import Role
from verify.models.network import Configuration
from verify.models.routing import networks
from verify.problems import Problem, convergence_problems
from verify.recovery import find_recovery, settled
from verify.render.json import result_document
from verify.render.layout import Page
from verify.render.text import render_result
from verify.schema import result_schema
from verify.simulate import RouteState, Simulator
from verify.verdict import Counterexample, Result

Json = dict[str, Any]
FLAPS = CheckOptions(properties=("no-route-flapping",), remedies=False)
FOLDER = Path(verify.scenarios.__file__ or "").parent
WEDGIE = {"2": ["2 3 4 0", "2 0"], "3": ["3 2 0", "3 4 0"], "4": ["4 0", "4 3 2 0"]}
SEEDS = tuple(range(400, 424))


def gadget(paths: dict[str, list[str]], **environment: Any) -> Json:
    return {"version": 1, "gadget": paths, "environment": environment}


def shipped(name: str, **environment: Any) -> Json:
    """A shipped scenario in another environment."""
    found = json.loads(json.dumps(read_jsonc((FOLDER / f"{name}.json").read_text()).value))
    return {**found, "environment": environment, "expect": {}}


def result(written: Json) -> Result:
    return check(load("recovery.json", json.dumps(written)), FLAPS)


def example(written: Json) -> Counterexample:
    """The counterexample, which is one of several stable states."""
    (entry,) = result(written).properties
    assert entry.kind == "several-stable-states"
    assert entry.counterexample is not None
    told = "back" in entry.summary
    assert told is (entry.counterexample.recovery is not None)
    return entry.counterexample


TWO_STATES = "bad/r17-two-vpcs-two-stable-states"
EVENTS: tuple[tuple[str, Json, tuple[str, ...] | None, tuple[str, ...]], ...] = (
    ("a link of a gadget", gadget(WEDGIE, max_failures=1, may_fail=["link"]), ("link:2 3",), ()),
    ("no link may fail", gadget(WEDGIE, max_failures=1), None, ()),
    ("nothing fails", gadget(WEDGIE, may_fail=["link"]), None, ()),
    ("a gateway", shipped(TWO_STATES, withdrawals=False, max_failures=1), ("gateway:vgw-a",), ()),
    ("one tunnel is not enough",
     shipped(TWO_STATES, withdrawals=False, max_failures=1, may_fail=["tunnel"]), None, ()),
    ("both tunnels", shipped(TWO_STATES, withdrawals=False, max_failures=2, may_fail=["tunnel"]),
     ("tunnel:vco-1/0", "tunnel:vco-1/1"), ()),
    ("a prefix", shipped(TWO_STATES), (), ("dc-1.10.0.0.0/16",)),
    ("nothing happens", shipped(TWO_STATES, withdrawals=False), None, ()),
)  # fmt: skip


@pytest.mark.parametrize(("name", "written", "failures", "withdrawn"), EVENTS, ids=[e[0] for e in EVENTS])
def test_the_event_is_one_that_the_environment_allows(
    name: str, written: Json, failures: tuple[str, ...] | None, withdrawn: tuple[str, ...]
) -> None:
    recovery = example(written).recovery
    if failures is None:
        assert recovery is None, name
    else:
        assert recovery is not None, name
        assert (recovery.failures, recovery.withdrawn) == (failures, withdrawn)


def test_the_tables_before_and_after_are_those_that_are_shown() -> None:
    found = example(gadget(WEDGIE, max_failures=1, may_fail=["link"]))
    assert found.recovery is not None
    changes = {change.table: (change.before, change.after) for change in found.recovery.changes}
    before = {row.table: row for row in found.routes if row.state == "selected"}
    after = {row.table: row for row in found.other_routes if row.state == "selected"}
    assert changes == {t: (before[t], after[t]) for t in before if before[t] != after[t]}


def test_a_recovery_is_shown_in_every_form() -> None:
    checked = result(gadget(WEDGIE, max_failures=1, may_fail=["link"]))
    document = result_document(checked)
    Draft202012Validator(result_schema()).validate(document)
    shown = document["properties"][0]["counterexample"]["recovery"]
    assert shown["failures"] == ["link:2 3"]
    assert {(c["table"], c["from"]["next_hop"], c["to"]["next_hop"]) for c in shown["changes"]} == {
        *(("2", "0", "3"), ("3", "2", "4")),
    }
    text = render_result(checked, Page(90))
    assert "Fail and recover" in text
    assert "link:2 3 fails and comes back" in text
    assert "recovery" not in result_document(result(gadget(WEDGIE)))["properties"][0]["counterexample"]


# --- what is proved comes back as it was ---------------------------------------------------


def simulator(problem: Problem, configuration: Configuration) -> Simulator:
    return Simulator(problem.network, configuration, problem.universe.prefixes)


def agitated(seen: Simulator, state: RouteState, rng: random.Random) -> RouteState:
    """The state after some cells have updated in any order."""
    found = dict(state)
    for cell in rng.choices(seen.cells, k=rng.randint(0, 3 * len(seen.cells))):
        found[cell] = seen.update(cell, found)
    return found


def comes_back(problem: Problem, configuration: Configuration, rng: random.Random) -> int:
    """Let each single event begin and end, at any time; how many events there were."""
    normal = simulator(problem, configuration)
    before = settled(normal, normal.empty(), normal.cells)
    assert before is not None
    assert find_recovery(problem, configuration, [before]) is None
    events = [c for c in relevant_choices(problem).values() if c.role in (Role.FAILURE, Role.EVENT)]
    allowed = 0
    for choice in events:
        changed_values = {**configuration, choice.name: not choice.default}
        during = Configuration(changed_values, problem.network.choices)
        if problem.network.allows(during):
            allowed += 1
            state = agitated(simulator(problem, during), before, rng)
            shuffled = rng.sample(normal.cells, len(normal.cells))
            assert settled(normal, agitated(normal, state, rng), shuffled) == before
    return allowed


def test_what_is_proved_comes_back_as_it_was() -> None:
    proved = events = 0
    for seed in SEEDS:
        written = changed(random_networks.network(seed), {
            "environment": {"withdrawals": True, "max_failures": 1, "may_fail": "any"}
        })  # fmt: skip
        if result(written).verdict != "proved":
            continue
        proved += 1
        for network in networks(load("random.json", json.dumps(written)).document):
            configuration = Configuration({}, network.choices)
            if network.allows(configuration):
                rng = random.Random(seed)
                events += sum(comes_back(p, configuration, rng) for p in convergence_problems(network))
    assert proved >= 5
    assert events >= 50, (proved, events)
