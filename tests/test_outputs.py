"""Result files and what stands in them: hostile names, the official schemas, limits, and whole writes."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from jsonschema import Draft7Validator

from tests.sarif_schema import sarif_schema
from tests.source_code import ROOT
from verify import check, cli, load
from verify.acceptance import names_in, settled
from verify.arguments import Source, UsageError
from verify.batch import Outcome
from verify.glossary import PROPERTIES
from verify.models.rulebook import RULES
from verify.render.github import render_github
from verify.render.junit import render_junit
from verify.render.markdown import MOST_CHARACTERS, render_markdown
from verify.render.outputs import output_files, write_whole
from verify.render.sarif import render_sarif
from verify.render.screen import FILE_PAGE
from verify.verdict import Acceptance, Result

BAD = ROOT / "scenarios" / "bad"
GOOD = ROOT / "scenarios" / "good" / "two-sites-one-gateway.json"
HOSTILE_ID = "vgw,1:%0A::error::(b)&\"'`]]--$x$"
HOSTILE_NAME = "@everyone #1 https://x.test www.x.test <script> ]]> %0A::error:: | $x$ `&lt;` \N{BEER MUG}"
HOSTILE_FILE = os.fsdecode(b"a b,%:\xff\n\x1b[31m.json")


@pytest.fixture(scope="module")
def hostile() -> Result:
    """A result full of names that want to be more than names, one of its findings accepted."""
    written = (BAD / "r14-different-local-asns.json").read_text(encoding="utf-8")
    written = written.replace('"vgw-1"', json.dumps(HOSTILE_ID))
    document = {**json.loads(written), "name": HOSTILE_NAME, "expect": {}}
    found = check(load("x.json", json.dumps(document)))
    names = sorted(names_in(found))
    reason = "because %0A::error::oops, `see` <b>this</b>"
    given = [Acceptance(names[-1], reason, "me, you: %", date(2027, 3, 31), HOSTILE_FILE, 2, 3)]
    return settled(found, [*given, replace(given[0], finding="R14/violated@x")], (), date(2027, 1, 1))


def outcomes(result: Result) -> list[Outcome]:
    broken = Outcome(Source(HOSTILE_FILE), faults=(f"{HOSTILE_FILE}:3:7: found \x00, expected y",))
    return [Outcome(Source(HOSTILE_FILE), result), broken, Outcome(Source("b.json"), result)]


def sarif_faults(document: Any) -> list[str]:
    return [error.message for error in Draft7Validator(sarif_schema()).iter_errors(document)]


def test_sarif_keeps_to_the_official_schema(hostile: Result) -> None:
    document = json.loads(render_sarif(outcomes(hostile)))
    assert not sarif_faults(document)
    del document["runs"][0]["results"][0]["message"]
    assert sarif_faults(document)


@pytest.mark.parametrize("path", sorted(BAD.glob("r*.json"))[::4], ids=lambda path: path.stem)
def test_sarif_of_a_shipped_design_keeps_to_the_schema(path: Path) -> None:
    assert not sarif_faults(json.loads(render_sarif([Outcome(Source(str(path)), check(load(path)))])))


def test_sarif_declares_each_rule_and_property_once(hostile: Result) -> None:
    (run,) = json.loads(render_sarif(outcomes(hostile)))["runs"]
    declared = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert sorted(declared) == sorted([*(rule.id for rule in RULES), *PROPERTIES, "scenario", "acceptance"])
    assert all(declared[each["ruleIndex"]] == each["ruleId"] for each in run["results"])


def test_fingerprints_stay_when_lines_move_and_differ_between_findings(hostile: Result) -> None:
    def prints(result: Result) -> list[str]:
        (run,) = json.loads(render_sarif([Outcome(Source("a.json"), result)]))["runs"]
        return [each["partialFingerprints"]["finding/v1"] for each in run["results"]]

    moved = {name: (line + 7, column) for name, (line, column) in hostile.positions.items()}
    assert prints(replace(hostile, positions=moved)) == prints(hostile)
    assert len(set(prints(hostile))) == len(prints(hostile))


def test_an_absolute_path_becomes_a_uri_and_a_relative_one_stays_relative(hostile: Result) -> None:
    def uri(label: str) -> str:
        (run,) = json.loads(render_sarif([Outcome(Source(label), hostile)]))["runs"]
        found = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        return str(found)

    assert uri("/designs/a b.json") == "file:///designs/a%20b.json"
    assert uri("designs/a:b.json") == "designs/a%3Ab.json"
    assert uri(HOSTILE_FILE) == "a%20b%2C%25%3A%FF%0A%1B%5B31m.json"


def test_annotations_are_one_line_each_whatever_the_names(hostile: Result) -> None:
    text = render_github(outcomes(hostile))
    for line in text.removesuffix("\n").split("\n"):
        matched = re.fullmatch(r"::(error|warning|notice) ([^\r\n]*?)::([^\r\n]*)", line)
        assert matched
        properties = dict(each.split("=", 1) for each in matched[2].split(","))
        assert list(properties) == ["file", "line", "col", "title"]
        assert ":" not in matched[2]
        assert not re.search(r"%(?!25|0A|0D|2C|3A)", line)


def test_a_fault_is_annotated_at_its_line_and_column(hostile: Result) -> None:
    faulty = outcomes(hostile)[1]
    (line,) = render_github([faulty]).splitlines()
    assert ",line=3,col=7," in line
    (run,) = json.loads(render_sarif([faulty]))["runs"]
    (told,) = run["invocations"][0]["toolExecutionNotifications"]
    region = told["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 3, "startColumn": 7}


ALLOWED: dict[str, tuple[set[str], set[str]]] = {
    "testsuites": ({"name"}, {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors", "skipped"}, {"testcase"}),
    "testcase": ({"name", "classname"}, {"skipped", "error", "failure", "system-out"}),
    "failure": ({"type", "message"}, set()),
    "error": ({"message"}, set()),
    "skipped": ({"message"}, set()),
    "system-out": (set(), set()),
}
"""What Jenkins' junit-10.xsd allows, as far as it is used."""


def elements(element: ElementTree.Element) -> Iterator[ElementTree.Element]:
    yield element
    for inner in element:
        yield from elements(inner)


def test_junit_has_elements_and_attributes_that_consumers_know(hostile: Result) -> None:
    text = render_junit(outcomes(hostile), FILE_PAGE)
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n')
    root = ElementTree.fromstring(text.encode("utf-8"))
    for element in elements(root):
        attributes, inner = ALLOWED[element.tag]
        assert set(element.keys()) <= attributes
        assert {each.tag for each in element} <= inner
    for suite in root:
        assert int(suite.get("tests", "")) == len(suite)
        for tag, key in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
            assert int(suite.get(key, "")) == sum(case.find(tag) is not None for case in suite)
    identities = [(case.get("classname"), case.get("name")) for suite in root for case in suite]
    assert len(set(identities)) == len(identities)


def test_markdown_mentions_and_links_nothing(hostile: Result) -> None:
    first = render_markdown(outcomes(hostile)[:1], FILE_PAGE).splitlines()[0]
    assert not re.search(r"[@#][a-z0-9]|://|www\.|(?<!\\)[<|`$](?!!-- -->)", first)
    assert "&amp;lt;" in first


def test_markdown_is_a_line_and_a_closed_block_for_each_scenario(hostile: Result) -> None:
    text = render_markdown([Outcome(Source("a.json"), hostile)], FILE_PAGE)
    first, empty, block, *_, last = text.splitlines()
    assert first.startswith("**routeproof: ")
    assert not empty
    assert block == "<details><summary>Details</summary>"
    assert last == "</details>"
    assert "```mermaid\nflowchart" in text


def huge(result: Result) -> Result:
    """The result with everything in it many times over."""
    first, *others = result.properties
    grown = [
        replace(
            each,
            summary=each.summary * 300,
            counterexample=each.counterexample
            and replace(each.counterexample, routes=each.counterexample.routes * 2000),
        )
        for each in others
    ]
    stale = result.stale * 3000
    accepted = tuple(replace(each, reason="x" * 4000) for each in result.accepted)
    return replace(result, properties=(first, *grown), stale=stale, accepted=accepted)


@pytest.mark.parametrize("copies", [1, 2, 30, 400])
def test_markdown_of_a_huge_result_stays_below_the_limit(hostile: Result, copies: int) -> None:
    text = render_markdown([Outcome(Source("a.json"), huge(hostile))] * copies, FILE_PAGE)
    assert len(text) <= MOST_CHARACTERS
    assert text.count("<details>") == text.count("</details>")
    assert len(re.findall(r"^`{3,}", text, re.MULTILINE)) % 2 == 0
    assert text.startswith("**routeproof: ")


def run(*arguments: object) -> int:
    return cli.run([str(each) for each in arguments])


FORMATS = ("text", "json", "markdown", "sarif", "junit", "github")


def test_a_run_over_several_scenarios_writes_every_format(tmp_path: Path) -> None:
    outputs = [part for name in FORMATS for part in ("-o", f"{name}={tmp_path / name}")]
    other = BAD / "r09-default-route.json"
    assert run(GOOD, other, "-q", *outputs) == 0
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted(FORMATS)
    assert len(json.loads((tmp_path / "json").read_text(encoding="utf-8"))) == 2
    assert len(ElementTree.parse(tmp_path / "junit").getroot()) == 2
    assert not sarif_faults(json.loads((tmp_path / "sarif").read_text(encoding="utf-8")))
    assert (tmp_path / "markdown").read_text(encoding="utf-8").count("**routeproof: ") == 2


@pytest.mark.parametrize("name", ["missing/out", "folder", "x" * 300, "file/out"])
def test_a_file_that_cannot_be_written_is_told_before_anything_is_solved(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    monkeypatch.setattr("verify.batch.check_sources", lambda *_: pytest.fail("it was solved"))
    assert run(GOOD, "-o", f"json={tmp_path / name}") == 2
    assert sorted(each.name for each in tmp_path.iterdir()) == ["file", "folder"]


def test_a_folder_or_file_without_permission_is_a_mistake_of_usage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "kept"
    kept.write_text("old", encoding="utf-8")
    assert output_files((f"json={kept}",))
    monkeypatch.setattr(os, "access", lambda *_: False)  # whoever runs the tests may have all permissions
    with pytest.raises(UsageError):
        output_files((f"json={kept}",))


def test_no_output_takes_the_place_of_an_input_or_of_another(tmp_path: Path) -> None:
    own = tmp_path / "own.json"
    own.write_bytes(GOOD.read_bytes())
    (tmp_path / "link.json").symlink_to(own)
    assert run(own, "-o", f"json={tmp_path / 'link.json'}") == 2
    assert run(own, "-o", f"json={tmp_path / 'a'}", "-o", f"text={tmp_path}/./a") == 2
    assert own.read_bytes() == GOOD.read_bytes()


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "result"
    write_whole(path, "old")

    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", fails)
        with pytest.raises(OSError, match="No space"):
            write_whole(path, "new")
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]
    write_whole(path, "new")
    assert path.read_text(encoding="utf-8") == "new"


def test_a_link_stays_a_link_and_permissions_stay(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_text("old", encoding="utf-8")
    real.chmod(0o640)
    link.symlink_to(real)
    write_whole(link, "new \udcff")
    assert link.is_symlink()
    assert real.read_text(encoding="utf-8") == "new \\udcff"
    assert real.stat().st_mode & 0o777 == 0o640


def test_a_device_is_written_to_and_not_replaced() -> None:
    assert output_files(("json=/dev/null",))
    write_whole(Path("/dev/null"), "x")
    assert not Path("/dev/null").is_file()
