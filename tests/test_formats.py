"""The formats for tools: annotations, JUnit, SARIF and Markdown."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from tests.source_code import ROOT
from verify.arguments import Source
from verify.batch import Outcome, check_source
from verify.check import CheckOptions
from verify.cli import app
from verify.models.rulebook import RULES
from verify.render.github import render_github
from verify.render.junit import render_junit
from verify.render.markdown import MOST_CHARACTERS, render_markdown
from verify.render.sarif import render_sarif
from verify.render.screen import FILE_PAGE

BAD = ROOT / "scenarios" / "bad"
LOOP = BAD / "r14-different-local-asns.json"
DEFAULT_ROUTE = BAD / "r09-default-route.json"
GOOD = ROOT / "scenarios" / "good" / "two-sites-one-gateway.json"


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Outcome]:
    """A bad, a good and a malformed scenario, and one that expects nothing."""
    folder = tmp_path_factory.mktemp("formats")
    broken = folder / "broken.json"
    broken.write_text('{\n  "vpcs": [{"id": "vpc-1", "colour": "red"}]\n}\n', encoding="utf-8")
    silent = folder / "silent.json"
    written = json.loads(DEFAULT_ROUTE.read_text(encoding="utf-8"))
    silent.write_text(json.dumps(written | {"expect": {}, "name": "a [link](x) | `b` <c>"}), encoding="utf-8")
    paths = {"loop": LOOP, "good": GOOD, "broken": broken, "silent": silent}
    return {name: check_source(Source(str(path)), CheckOptions()) for name, path in paths.items()}


def test_annotations_mark_the_object_in_the_file(outcomes: Mapping[str, Outcome]) -> None:
    lines = render_github([outcomes["silent"]]).splitlines()
    rule = next(line for line in lines if "R09" in line)
    assert rule.startswith("::error file=")
    assert re.search(r",line=1,col=\d+,title=routeproof R09::dc-1 announces", rule)
    assert any(line.startswith("::error ") and "no-ineffective-routes" in line for line in lines)


def test_what_a_scenario_expects_is_a_notice(outcomes: Mapping[str, Outcome]) -> None:
    lines = render_github([outcomes["loop"]]).splitlines()
    assert lines
    assert all(line.startswith("::notice ") for line in lines)
    r14 = next(line for line in lines if "title=routeproof R14" in line)
    number = int(re.findall(r",line=(\d+),", r14)[0])
    assert '"vgw-1"' in LOOP.read_text(encoding="utf-8").splitlines()[number - 1]


def test_a_proof_is_no_annotation(outcomes: Mapping[str, Outcome]) -> None:
    assert "::error" not in render_github([outcomes["good"]])


def test_faults_of_the_input_are_annotated_where_they_are(outcomes: Mapping[str, Outcome]) -> None:
    (line,) = render_github([outcomes["broken"]]).splitlines()
    assert line.startswith("::error file=")
    assert ",line=2," in line
    assert "colour" in line


def test_an_annotation_stays_in_its_line() -> None:
    odd = Outcome(Source("a,b:c.json"), failure="first\nsecond 100%")
    (line,) = render_github([odd]).splitlines()
    assert "file=a%2Cb%3Ac.json," in line
    assert line.endswith("first%0Asecond 100%25")


def test_junit_has_a_case_for_each_property(outcomes: Mapping[str, Outcome]) -> None:
    root = ElementTree.fromstring(render_junit(list(outcomes.values()), FILE_PAGE))
    suites = {suite.get("name"): suite for suite in root}
    loop = outcomes["loop"].result
    assert loop is not None
    assert [case.get("name") for case in suites[loop.name]] == [entry.id for entry in loop.properties]
    assert suites[loop.name].get("failures") == "0"
    failing = suites["a [link](x) | `b` <c>"]
    assert {case.get("name") for case in failing if case.find("failure") is not None} == {
        "documented-rules",
        "no-ineffective-routes",
    }
    assert failing.get("failures") == "2"
    broken = suites[outcomes["broken"].source.label]
    assert (broken.get("tests"), broken.get("errors")) == ("1", "1")


def test_junit_takes_any_text() -> None:
    odd = Outcome(Source("odd\x01.json"), failure="\x00 & <\ufffe")
    assert ElementTree.fromstring(render_junit([odd], FILE_PAGE)) is not None


def test_sarif_declares_every_rule_and_points_into_the_file(outcomes: Mapping[str, Outcome]) -> None:
    document = json.loads(render_sarif(list(outcomes.values())))
    assert document["version"] == "2.1.0"
    (run,) = document["runs"]
    declared = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(set(declared)) == len(declared)
    assert {rule.id for rule in RULES} <= set(declared)
    assert run["results"]
    for result in run["results"]:
        assert declared[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        assert result["message"]["text"]
        region = result["locations"][0]["physicalLocation"]["region"]
        assert region["startLine"] >= 1
        assert region["startColumn"] >= 1
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert "colour" in invocation["toolExecutionNotifications"][0]["message"]["text"]


def test_sarif_results_have_the_shape_that_the_standard_gives_them(outcomes: Mapping[str, Outcome]) -> None:
    known: dict[str, set[str]] = {
        "result": {
            "ruleId", "ruleIndex", "level", "message", "locations",
            "partialFingerprints", "suppressions", "properties",
        },
        "rule": {"id", "name", "shortDescription", "fullDescription", "help", "defaultConfiguration"},
        "run": {"tool", "columnKind", "invocations", "results"},
    }
    document = json.loads(render_sarif([outcomes["loop"]]))
    (run,) = document["runs"]
    assert set(run) <= known["run"]
    assert all(set(result) <= known["result"] for result in run["results"])
    assert all(set(rule) <= known["rule"] for rule in run["tool"]["driver"]["rules"])


def test_markdown_is_one_line_and_a_block_that_opens(outcomes: Mapping[str, Outcome]) -> None:
    text = render_markdown([outcomes["loop"]], FILE_PAGE)
    first, second = text.splitlines()[:2]
    assert first.startswith("**routeproof: Two gateways")
    assert not second
    assert text.count("<details>") == text.count("</details>") == 1
    assert "```mermaid\nflowchart LR" in text
    assert text.count("```") % 2 == 0


def test_markdown_shows_names_as_they_are(outcomes: Mapping[str, Outcome]) -> None:
    first = render_markdown([outcomes["silent"]], FILE_PAGE).splitlines()[0]
    assert r"a \[link\](x) \| \`b\` \<c\>" in first


@pytest.mark.parametrize("copies", [1, 40, 3000])
def test_markdown_stays_below_the_limit_of_a_comment(outcomes: Mapping[str, Outcome], copies: int) -> None:
    text = render_markdown([outcomes["loop"]] * copies, FILE_PAGE)
    assert len(text) < MOST_CHARACTERS
    assert "Two gateways" in text


def test_several_formats_are_written_in_one_run(tmp_path: Path) -> None:
    names = ("json", "markdown", "sarif", "junit", "github")
    outputs = [text for name in names for text in ("-o", f"{name}={tmp_path / name}")]
    assert CliRunner().invoke(app, [str(GOOD), *outputs]).exit_code == 0
    assert all((tmp_path / name).exists() for name in names)
    found: Any = json.loads((tmp_path / "sarif").read_text(encoding="utf-8"))
    assert found["runs"]
