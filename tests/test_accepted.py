"""Accepted risks: what they change and what they never change."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.source_code import ROOT
from verify import CheckOptions, InvalidScenario, check, cli, load
from verify.acceptance import is_accepted, names_in, settled
from verify.arguments import Source
from verify.batch import Outcome
from verify.load import load_acceptances
from verify.render.github import render_github
from verify.render.json import result_document
from verify.render.junit import render_junit
from verify.render.layout import Page
from verify.render.markdown import render_markdown
from verify.render.report import render_summary
from verify.render.sarif import render_sarif
from verify.render.screen import FILE_PAGE
from verify.render.text import Detail, render_result
from verify.status import ExitStatus, exit_status, missed
from verify.verdict import Acceptance, Result, Verdict

LOOP = ROOT / "scenarios" / "bad" / "r14-different-local-asns.json"
TODAY = date(2027, 1, 1)
LAST_DAY = date(2027, 3, 31)
RULE = "R14/violated@vco-1,vco-2,vgw-1,vgw-2"
ENTRY = {"finding": RULE, "reason": "migration", "owner": "net team", "expires": "2027-03-31"}


@cache
def found() -> Result:
    """What is found of a design with a broken rule, without what it expects."""
    written = json.loads(LOOP.read_text(encoding="utf-8"))
    del written["expect"]
    return check(load("loop.json", json.dumps(written)))


def every_finding(result: Result) -> list[Acceptance]:
    """An acceptance for each finding that keeps a property from being proved."""
    names = [name for name in names_in(result) if "/advice" not in name]
    return [Acceptance(name, "migration", "net team", LAST_DAY) for name in names]


def accepting(*acceptances: Acceptance, today: date = TODAY) -> Result:
    return settled(found(), acceptances, (), today)


def test_all_accepted_is_fine_and_proves_nothing() -> None:
    result = accepting(*every_finding(found()))
    assert exit_status(result) is ExitStatus.FINE
    assert result.verdict is found().verdict is Verdict.VIOLATED
    assert [entry.verdict for entry in result.properties] == [e.verdict for e in found().properties]
    assert result.properties == found().properties


@pytest.mark.parametrize("left_out", range(4))
def test_one_finding_that_is_not_accepted_decides_the_status(left_out: int) -> None:
    acceptances = every_finding(found())
    spared = acceptances.pop(left_out)
    status = exit_status(accepting(*acceptances))
    assert status is (ExitStatus.VIOLATED if "violated" in spared.finding else ExitStatus.UNDECIDED)


@pytest.mark.parametrize(
    "name",
    [
        RULE.replace("violated", "conditional"),
        RULE.replace(",vgw-2", ""),
        RULE.replace("R14", "R15"),
        RULE + "#2",
    ],
)
def test_only_the_very_finding_is_accepted(name: str) -> None:
    others = every_finding(found())[1:]
    result = accepting(Acceptance(name, "migration", "net team", LAST_DAY), *others)
    assert not is_accepted(result, result.properties[0])
    assert [each.problem for each in result.stale] == ["unused"]
    assert exit_status(result) is ExitStatus.VIOLATED


def test_an_acceptance_holds_on_its_last_day_and_not_on_the_next() -> None:
    acceptances = every_finding(found())
    assert exit_status(accepting(*acceptances, today=LAST_DAY)) is ExitStatus.FINE
    late = accepting(*acceptances, today=date(2027, 4, 1))
    assert exit_status(late) is ExitStatus.VIOLATED
    assert {each.problem for each in late.stale} == {"expired"}
    assert late.accepted == ()


def test_the_day_is_told_only_where_something_has_expired() -> None:
    acceptances = every_finding(found())
    assert "2027-01-01" not in everything_said(accepting(*acceptances))
    assert "2027-04-01" in everything_said(accepting(*acceptances, today=date(2027, 4, 1)))


def test_an_acceptance_without_a_finding_is_an_error_even_if_all_is_proved() -> None:
    proved = replace(found(), verdict=Verdict.PROVED, rules=(), properties=())
    spare = Acceptance(RULE, "migration", "net team", LAST_DAY)
    assert exit_status(settled(proved, (spare,), (), TODAY)) is ExitStatus.VIOLATED


def test_acceptances_of_what_is_not_asked_for_are_not_looked_at() -> None:
    accept = tuple(every_finding(found()))
    options = CheckOptions(properties=("documented-rules",), accept=accept, today=TODAY)
    result = check(load(LOOP), options)
    assert result.stale == ()
    everything = CheckOptions(accept=(Acceptance("isolation/unknown", "x", "y", LAST_DAY),), today=TODAY)
    assert [each.problem for each in check(load(LOOP), everything).stale] == ["unused"]


def test_each_broken_rule_needs_an_acceptance_of_its_own() -> None:
    written = json.loads(LOOP.read_text(encoding="utf-8"))
    written["data_centers"][0].setdefault("prefixes", []).append("0.0.0.0/0")
    both = check(load("both.json", json.dumps(written)), CheckOptions(properties=("documented-rules",)))
    names = [each.finding for each in every_finding(both)]
    assert len({name.partition("/")[0] for name in names}) > 1
    some = settled(both, [a for a in every_finding(both) if a.finding.startswith("R14")], (), TODAY)
    assert not is_accepted(some, some.properties[0])
    every = settled(both, every_finding(both), (), TODAY)
    assert is_accepted(every, every.properties[0])


def test_what_is_expected_by_name_has_to_come_out_even_if_it_is_accepted() -> None:
    written = json.loads(LOOP.read_text(encoding="utf-8"))
    options = CheckOptions(accept=tuple(every_finding(found())), today=TODAY)
    written["expect"] = {"documented-rules": "violated"}
    assert missed(check(load("x.json", json.dumps(written)), options)) == ()
    written["expect"] = {"documented-rules": "violated", "no-routing-loops": "proved"}
    assert missed(check(load("x.json", json.dumps(written)), options)) == ("no-routing-loops",)


def everything_said(result: Result) -> str:
    outcomes = [Outcome(Source("loop.json"), result)]
    return "".join(
        (
            render_result(result, Page(), Detail.VERBOSE),
            json.dumps(result_document(result)),
            render_markdown(outcomes, FILE_PAGE),
            render_sarif(outcomes),
            render_junit(outcomes, FILE_PAGE),
            render_github(outcomes),
            render_summary(outcomes, Page()),
        )
    )


RENDERED: dict[str, Callable[[list[Outcome]], str]] = {
    "text": lambda outcomes: render_result(outcomes[0].result or found(), Page()),
    "json": lambda outcomes: json.dumps(result_document(outcomes[0].result or found())),
    "markdown": lambda outcomes: render_markdown(outcomes, FILE_PAGE),
    "sarif": render_sarif,
    "junit": lambda outcomes: render_junit(outcomes, FILE_PAGE),
    "github": lambda outcomes: render_github(outcomes),
}


@pytest.mark.parametrize("name", RENDERED)
def test_each_format_shows_names_to_copy_and_who_accepts(name: str) -> None:
    plain = RENDERED[name]([Outcome(Source("loop.json"), found())])
    assert RULE in plain
    assert "net team" not in plain
    accepted = RENDERED[name]([Outcome(Source("loop.json"), accepting(*every_finding(found())))])
    assert RULE in accepted
    assert "net team" in accepted
    assert "migration" in accepted


def test_the_first_lines_say_that_a_violation_is_accepted() -> None:
    accepted = accepting(*every_finding(found()))
    first = render_result(accepted, Page(200), Detail.QUIET).splitlines()
    assert first[0].endswith(": VIOLATED, accepted")
    assert "VIOLATED     documented-rules       accepted: R14" in first[1]
    assert "accepted" not in render_result(found(), Page(200), Detail.QUIET)
    assert render_markdown([Outcome(Source("x"), accepted)], FILE_PAGE).splitlines()[0].endswith("accepted")


def test_sarif_suppresses_what_is_accepted_and_nothing_else() -> None:
    acceptance = Acceptance(RULE, "migration", "net team", LAST_DAY, "accept.json", 3, 5)
    document = json.loads(render_sarif([Outcome(Source("loop.json"), accepting(acceptance))]))
    suppressed = {each["ruleId"] for each in document["runs"][0]["results"] if each["suppressions"]}
    assert suppressed == {"R14"}
    (r14,) = (each for each in document["runs"][0]["results"] if each["ruleId"] == "R14")
    assert r14["level"] == "error"
    assert r14["suppressions"] == [
        {"kind": "external", "status": "accepted", "justification": "migration (net team, until 2027-03-31)"}
    ]


def test_junit_skips_what_is_accepted_and_fails_what_does_not_hold() -> None:
    spare = Acceptance("R15/violated@vgw-1", "migration", "net team", LAST_DAY)
    result = accepting(*every_finding(found())[:1], spare)
    (suite,) = ElementTree.fromstring(render_junit([Outcome(Source("loop.json"), result)], FILE_PAGE))
    assert suite.get("skipped") == "1"
    by_name = {case.get("name"): case for case in suite}
    assert by_name["documented-rules"].find("skipped") is not None
    assert by_name["no-routing-loops"].find("failure") is not None
    assert by_name["acceptance of R15/violated@vgw-1"].find("failure") is not None


def test_annotations_mark_the_acceptance_that_does_not_hold_in_its_file() -> None:
    spare = Acceptance("R15/violated@vgw-1", "migration", "net team", LAST_DAY, "accept.json", 3, 5)
    result = accepting(*every_finding(found()), spare)
    lines = render_github([Outcome(Source("loop.json"), result)])
    (error,) = (line for line in lines.splitlines() if line.startswith("::error "))
    assert error.startswith("::error file=accept.json,line=3,col=5,title=routeproof acceptance::")


def test_the_schema_promises_what_a_result_with_acceptances_has() -> None:
    from jsonschema import Draft202012Validator

    from verify.schema import result_schema

    spare = Acceptance("R15/violated@vgw-1", "migration", "net team", LAST_DAY)
    document = result_document(accepting(*every_finding(found()), spare))
    validator = Draft202012Validator(result_schema())
    assert not list(validator.iter_errors(document))
    document["stale_acceptances"][0]["problem"] = "forgotten"
    assert list(validator.iter_errors(document))


@dataclass
class Done:
    exit_code: int
    stdout: str
    stderr: str


def run(*arguments: str) -> Done:
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = cli.run(arguments)
    return Done(status, out.getvalue(), err.getvalue())


def scenario(folder: Path, *entries: dict[str, str]) -> Path:
    written = json.loads(LOOP.read_text(encoding="utf-8"))
    path = folder / "loop.json"
    path.write_text(json.dumps({**written, "name": "loop", "accept": list(entries)}), encoding="utf-8")
    return path


def test_a_scenario_or_a_file_may_accept(tmp_path: Path) -> None:
    inside = run(str(scenario(tmp_path, ENTRY)), "--today", "2027-01-01", "-q")
    file = tmp_path / "accept.jsonc"
    file.write_text(f'{{\n  // why\n  "accept": [{json.dumps(ENTRY)}]\n}}', encoding="utf-8")
    beside = run(str(scenario(tmp_path)), "--accept", str(file), "--today", "2027-01-01", "-q")
    assert inside.exit_code == beside.exit_code == 0
    assert inside.stdout == beside.stdout
    assert "1 of 4 accepted" in inside.stdout
    late = run(str(scenario(tmp_path)), "--accept", str(file), "--today", "2027-04-01", "-q")
    assert late.exit_code == 1


def test_an_entry_of_a_file_can_be_about_one_scenario(tmp_path: Path) -> None:
    other = ROOT / "scenarios" / "good" / "two-sites-one-gateway.json"
    file = tmp_path / "accept.json"
    arguments = (str(scenario(tmp_path)), str(other), "--accept", str(file), "--today", "2027-01-01", "-q")
    for about, status in ((None, 1), ("loop", 0), ("lop", 1)):
        entry = ENTRY if about is None else {**ENTRY, "scenario": about}
        file.write_text(json.dumps({"accept": [entry]}), encoding="utf-8")
        assert run(*arguments).exit_code == status


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "no subject": ({"finding": "R99/violated@vgw-1"}, "expected the name of a finding"),
    "misspelt verdict": ({"finding": "R14/violatd@vgw-1"}, "did you mean violated?"),
    "misspelt kind": ({"finding": "no-routing-loops/violated/forwarding-lop@a"}, "mean forwarding-loop?"),
    "a proof": ({"finding": "no-routing-loops/proved"}, "expected the name of a finding"),
    "the whole property": ({"finding": "documented-rules/violated"}, "each broken rule is a finding"),
    "bad date": ({"expires": "2027-02-30"}, "expected a date such as"),
    "empty reason": ({"reason": " "}, "expected one line of text, not empty"),
    "unknown key": ({"onwer": "me"}, "did you mean owner?"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_of_an_accept_file_has_its_place_and_a_hint(tmp_path: Path, fault: str) -> None:
    change, expected = FAULTS[fault]
    file = tmp_path / "accept.json"
    file.write_text(json.dumps({"accept": [ENTRY]}), encoding="utf-8")
    assert [each.line for each in load_acceptances(file)] == [1]
    file.write_text('{"accept": [\n' + json.dumps({**ENTRY, **change}) + "]}", encoding="utf-8")
    with pytest.raises(InvalidScenario) as caught:
        load_acceptances(file)
    (told,) = map(str, caught.value.faults)
    assert told.startswith(f"{file}:2:")
    assert "accept[0]" in told
    assert expected in told


def test_all_faults_of_a_file_are_told_at_once_and_nothing_is_solved(tmp_path: Path) -> None:
    file = tmp_path / "accept.json"
    without = {key: text for key, text in ENTRY.items() if key != "owner"}
    file.write_text(json.dumps({"accept": [ENTRY, ENTRY, without]}), encoding="utf-8")
    done = run(str(LOOP), "--accept", str(file))
    assert done.exit_code == 2
    assert not done.stdout
    assert "expected each finding once; accept[0] has it already" in done.stderr
    assert "found no owner" in done.stderr


def test_a_scenario_with_a_faulty_acceptance_is_bad_input(tmp_path: Path) -> None:
    done = run(str(scenario(tmp_path, {**ENTRY, "expires": "soon"})))
    assert done.exit_code == 2
    assert 'accept[0].expires: found "soon"' in done.stderr


@pytest.mark.parametrize("day", ["", "2027-13-01", "31.3.2027", "20270331"])
def test_a_day_that_is_none_is_a_mistake_of_usage(day: str) -> None:
    assert run(str(LOOP), "--today", day).exit_code == 2
