"""A saved counterexample is a scenario that fails in the same way and of which nothing can be left out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.shipped import LIBRARY, document
from tests.test_smallest import two_routers_of_which_nothing_is_known
from verify.check import CheckOptions, check
from verify.cli import run
from verify.cutting import removals
from verify.load import load
from verify.reduction import reduced, shown_first
from verify.verdict import PropertyResult, Verdict

Json = dict[str, Any]
R16 = str(LIBRARY / "bad/r16-overlapping-routing-off.json")
SAVED = (
    "bad/r14-different-local-asns-loop.json",
    "bad/r15-equal-site-asns-path-lost.json",
    "bad/failure-one-gateway.json",
    "bad/r24c-reserved-tunnel-block.json",
    "bad/r14-different-local-asns.json",
    "bad/custom-table-without-route.json",
    "open/r14-local-asn-of-second-gateway.json",
    "open/announcements-of-two-sites.json",
    "open/announcements-beyond-the-quota.json",
    "gadgets/bad.json",
    "gadgets/failure-failbad.json",
)


def saved(name: str) -> tuple[Json, PropertyResult]:
    loaded = load(str(LIBRARY / name))
    entry = shown_first(check(loaded, CheckOptions(remedies=False)))
    assert entry is not None
    return json.loads(reduced(loaded, entry, CheckOptions())), entry


def judged(root: Json, property_id: str) -> PropertyResult:
    options = CheckOptions(properties=(property_id,), remedies=False)
    return check(load("saved", json.dumps(root)), options).properties[0]


@pytest.mark.parametrize("name", SAVED)
def test_it_fails_in_the_same_way_and_says_where_it_is_from(name: str) -> None:
    root, entry = saved(name)
    again = judged(root, entry.id)
    assert (again.verdict, again.kind) == (Verdict.VIOLATED, entry.kind)
    assert Path(name).name in root["source"]
    assert load("saved", json.dumps(root)).choices == () or name.startswith("gadgets")
    assert root["expect"][entry.id] == "violated"
    whole = check(load("saved", json.dumps(root)), CheckOptions(remedies=False))
    assert all(expectation.met for expectation in whole.expectations)


@pytest.mark.parametrize("name", SAVED)
def test_no_object_can_be_left_out(name: str) -> None:
    root, entry = saved(name)
    reason = judged(root, entry.id).counterexample
    assert reason is not None
    for removal in removals(root):
        smaller = removal(root)
        if smaller is None:
            continue
        try:
            again = judged(smaller, entry.id)
        except Exception:  # what cannot be loaded is no smaller counterexample
            continue
        same = again.counterexample is not None and (
            again.kind == entry.kind
            and again.counterexample.undelivered.get("reason") == reason.undelivered.get("reason")
            and set(reason.broken_rules if entry.id == "documented-rules" else ())
            <= set(again.counterexample.broken_rules)
        )
        assert not (again.verdict is Verdict.VIOLATED and same), smaller


def test_it_fails_whatever_the_readings_are_that_it_does_not_name() -> None:
    loaded = two_routers_of_which_nothing_is_known()
    options = CheckOptions(properties=("no-route-flapping",), remedies=False)
    entry = check(loaded, options).properties[0]
    assert entry.verdict is Verdict.CONDITIONAL
    assert judged(json.loads(reduced(loaded, entry, options)), entry.id).verdict is Verdict.VIOLATED


def test_traffic_that_only_an_open_value_asks_for_is_asked_for_in_words() -> None:
    """By default nothing is meant to arrive where BGP is off, which it may be here."""
    root = document(LIBRARY / "reasons/auto-advertise-off.json")
    root["ipsec_connections"][0]["bgp_enabled"] = "any"
    loaded = load("open", json.dumps(root))
    options = CheckOptions(properties=("no-ineffective-routes",), remedies=False)
    left = json.loads(reduced(loaded, check(loaded, options).properties[0], options))
    assert left["ipsec_connections"][0]["bgp_enabled"] is False
    assert left["intents"] == [{"from": "vsw-a", "to": "10.0.0.0/16"}]
    assert judged(left, "no-ineffective-routes").verdict is Verdict.VIOLATED


def test_the_command_writes_it_and_checks_as_before(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "saved.json"
    assert run([R16, "-q", "--save-counterexample", str(target)]) == 0
    told = capsys.readouterr()
    assert f"the counterexample to documented-rules is in {target}" in told.err
    assert "saved.json" not in told.out
    assert run([str(target), "-q"]) == 0
    assert "as expected" in capsys.readouterr().out


def test_where_everything_is_proved_there_is_nothing_to_save(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "saved.json"
    assert run([str(LIBRARY / "good/r08-50-prefixes.json"), "-q", "--save-counterexample", str(target)]) == 0
    assert "no counterexample to save" in capsys.readouterr().err
    assert not target.exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([str(LIBRARY / "bad"), "--save-counterexample", "x.json"], "one scenario"),
        (["-", "--save-counterexample", "x.json"], "one scenario"),
        ([R16, "--save-counterexample", "no/such/x"], "cannot"),
    ],
)
def test_what_cannot_be_saved_is_refused_before_anything_is_checked(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    assert said in capsys.readouterr().err


def test_the_scenario_itself_is_not_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = tmp_path / "design.json"
    copy.write_text((LIBRARY / "bad/r16-overlapping-routing-off.json").read_text())
    assert run([str(copy), "--save-counterexample", str(copy)]) == 2
    assert "overwrite" in capsys.readouterr().err
