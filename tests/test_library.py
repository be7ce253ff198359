"""Every shipped scenario comes out as it says, with replayed evidence, in the same bytes each time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import verify.scenarios
from tests.report_page import parsed
from tests.source_code import ROOT
from verify.check import BY_DEFAULT, check
from verify.load import Loaded, load
from verify.render.html import render_report
from verify.render.html.overlay import packet_way
from verify.render.json import render_json, result_document
from verify.schema import result_schema
from verify.verdict import Result, Verdict

FOLDER = Path(verify.scenarios.__file__ or "").parent
LIBRARY = sorted(FOLDER.rglob("*.json"))
FOLDERS = ("bad", "gadgets", "good", "open", "reasons")
RESULT = Draft202012Validator(result_schema())
FAILED = (Verdict.VIOLATED, Verdict.CONDITIONAL)


@dataclass(frozen=True)
class Entry:
    """A scenario of the library and what a check of it found."""

    path: Path
    loaded: Loaded
    result: Result


@pytest.fixture(scope="module", params=LIBRARY, ids=[f"{path.parent.name}/{path.stem}" for path in LIBRARY])
def entry(request: pytest.FixtureRequest) -> Entry:
    loaded = load(str(request.param))
    return Entry(request.param, loaded, check(loaded))


def test_a_scenario_says_what_it_is_and_what_to_expect(entry: Entry) -> None:
    document = entry.loaded.document
    assert document.name
    assert document.description
    assert document.source
    needed = set(BY_DEFAULT) - ({"no-ineffective-routes"} if document.gadget else set())
    assert needed <= set(document.expect)
    assert not entry.loaded.warnings


def test_the_report_of_a_scenario_is_a_sound_page_with_every_hop_drawn(entry: Entry) -> None:
    page = parsed(render_report(entry.loaded, entry.result))
    assert page.problems() == []
    results = entry.result.properties
    examples = [e for p in results if p.counterexample is not None for e in (p.counterexample, *p.further)]
    hops = {hop for each in examples for hop in (*pairwise(each.loop), *pairwise(packet_way(each)))}
    arrows = [each.attributes for each in page.with_class("arrow") if "packet" in each.attributes["class"]]
    assert {(each["data-table"], each["data-hop"]) for each in arrows} == hops


def test_a_scenario_comes_out_as_it_says(entry: Entry) -> None:
    found = {result.id: str(result.verdict) for result in entry.result.properties}
    assert found == dict(entry.loaded.document.expect)
    assert all(expectation.met for expectation in entry.result.expectations)


def test_what_fails_comes_with_a_counterexample_that_was_replayed(entry: Entry) -> None:
    for result in entry.result.properties:
        if result.verdict in FAILED:
            assert result.counterexample is not None, result.id
            assert result.counterexample.replayed, result.id
            assert result.kind, result.id
        else:
            assert result.counterexample is None, result.id


def test_a_proof_says_what_it_rests_on(entry: Entry) -> None:
    for result in entry.result.properties:
        if result.verdict is Verdict.PROVED:
            assert result.rests_on is not None, result.id
            assert result.rests_on.certificate, result.id
            assert result.example is not None or result.id == "documented-rules", result.id
        else:
            assert result.summary, result.id


def test_a_conditional_verdict_says_under_what_it_would_be_proved(entry: Entry) -> None:
    for result in entry.result.properties:
        if result.verdict is Verdict.CONDITIONAL:
            assert result.proved_if, result.id


def test_a_result_fits_the_published_schema(entry: Entry) -> None:
    RESULT.validate(result_document(entry.result))
    assert json.loads(render_json([entry.result], several=False)) == result_document(entry.result)


def test_the_library_is_in_its_folders_under_different_names() -> None:
    assert {path.relative_to(FOLDER).parts[0] for path in LIBRARY} == set(FOLDERS)
    names = [load(str(path)).document.name for path in LIBRARY]
    assert len(set(names)) == len(names)


def test_what_is_good_keeps_the_rules_and_what_is_bad_fails_somewhere() -> None:
    for path in LIBRARY:
        expected = load(str(path)).document.expect
        if path.parent.name == "good":
            assert expected["documented-rules"] == "proved", path.name
        if path.parent.name == "bad":
            assert set(expected.values()) & {"violated", "conditional"}, path.name


def test_the_example_of_the_readme_is_what_the_command_prints() -> None:
    example = (ROOT / "README.md").read_text(encoding="utf-8").split("```")[3]
    wanted = [line.strip() for line in example.splitlines() if line.strip() not in ("", "…")]
    command = [sys.executable, "-m", "verify", "bad/r14-different-local-asns.json"]
    shown = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, check=False).stdout
    printed = iter(line.strip() for line in shown.splitlines())
    assert [line for line in wanted if line not in printed] == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_same_scenarios_give_the_same_bytes(folder: str) -> None:
    """Whatever the order of hashed sets, and however many processes share the work."""
    first, second = (_output(folder, seed, jobs) for seed, jobs in (("1", "1"), ("2", "2")))
    assert first == second
    assert len(json.loads(first)) == len(list((FOLDER / folder).glob("*.json")))


def _output(folder: str, seed: str, jobs: str) -> bytes:
    command = [sys.executable, "-m", "verify", folder, "-f", "json", "-j", jobs]
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    done = subprocess.run(command, cwd=FOLDER, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout
