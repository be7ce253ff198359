"""`verify report`: one page with everything in it, that nothing from outside can get into."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.report_page import parsed
from tests.report_samples import (
    ALL,
    CIRCUIT,
    CUSTOM,
    FAILED,
    FORBIDDEN,
    GADGET,
    LOOP,
    OPEN,
    PROVED,
    WEDGIE,
    checked,
    report,
)
from tests.shipped import document
from tests.source_code import ROOT
from verify import cli
from verify.acceptance import names_of, settled
from verify.check import CheckOptions, check, under
from verify.explain import explanations
from verify.load import load
from verify.models.readings import READINGS
from verify.render.html import render_report
from verify.render.html.markup import about, anchor, escaped, joined, tag
from verify.render.html.overlay import selected
from verify.render.remedies import assignments
from verify.status import ExitStatus
from verify.verdict import Acceptance, Result, Verdict

Json = dict[str, Any]
HOSTILE = "</script><script>window.taken=1</script><img src=x onerror=alert(1)>\"'&\u202e\u2067"


def scenario(name: str) -> str:
    return str(ROOT / "scenarios" / f"{name}.json")


# --- markup -------------------------------------------------------------------


def test_a_text_is_escaped_and_markup_is_not_escaped_again() -> None:
    inner = tag("b", "1 < 2 & 'x'")
    assert inner == "<b>1 &lt; 2 &amp; &#x27;x&#x27;</b>"
    assert tag("p", inner) == f"<p>{inner}</p>"
    assert joined(["<", inner]) == f"&lt;{inner}"
    assert escaped("\u202e") == "\\u202e"


def test_an_attribute_cannot_be_left() -> None:
    made = tag("a", "x", title='" onclick="alert(1)', hidden=True, id=None)
    assert made == '<a title="&quot; onclick=&quot;alert(1)" hidden>x</a>'
    assert parsed(made).named("a")[0].attributes == {"title": '" onclick="alert(1)', "hidden": ""}


def test_anchors_of_different_words_differ() -> None:
    assert len({anchor(text) for text in ("a b", "a.20b", "a-b", "a_b", 'a"b', "a%20b")}) == 6
    assert about("gateway_prefers@vgw-1") == about("gateway_prefers", "gateway_prefers@vgw-1")


# --- the page -----------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
def test_a_report_is_a_sound_page_that_stands_alone(name: str) -> None:
    page = parsed(report(name))
    assert page.problems() == []
    assert page.named("html")[0].attributes["lang"] == "en"
    assert len(page.named("h1")) == len(page.named("main")) == len(page.named("nav")) == 1


def test_what_breaks_a_page_is_found() -> None:
    """The check of pages is one that can fail."""
    sound = report(LOOP)
    breaks = {
        "does not close": ("</h1>", ""),
        "occurs twice": ('id="theme"', 'id="main"'),
        "nothing is called": ('href="#rules"', 'href="#rulez"'),
        "a th without scope": (' scope="row"', ""),
        "a table has no caption": ("<caption>Rules that apply</caption>", ""),
        "script src": ("<script>", '<script src="https://example.com/x.js">'),
        "style: url(": ("color-scheme: light dark;", "background: url(x.png);"),
        "follows one of level": ("<h2", "<h3>x</h3><h4>y</h4><h2"),
    }
    for expected, (found, put) in breaks.items():
        broken = sound.replace(found, put, 1)
        assert broken != sound, expected
        assert any(expected in problem for problem in parsed(broken).problems()), expected


@pytest.mark.parametrize("name", [LOOP, GADGET])
def test_a_policy_forbids_everything_but_the_style_and_script_of_the_page(name: str) -> None:
    page = parsed(report(name))
    (policy,) = [
        each.attributes["content"]
        for each in page.named("meta")
        if each.attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    for element in ("style", "script"):
        (found,) = page.named(element)
        digest = base64.b64encode(hashlib.sha256(found.text.encode()).digest()).decode()
        assert rules[f"{element}-src"] == f"'sha256-{digest}'"
        assert page.elements.index(found) > 2


@pytest.mark.parametrize("name", [CIRCUIT, OPEN])
def test_the_same_result_gives_the_same_bytes(name: str) -> None:
    written = "import sys; from verify import check, load; from verify.render.html import render_report\n"
    written += "loaded = load(sys.argv[1]); sys.stdout.write(render_report(loaded, check(loaded)))"
    command = [sys.executable, "-c", written, scenario(name)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == report(name)
    assert report(name).isascii()


def test_no_text_of_a_scenario_or_a_result_becomes_markup() -> None:
    written = document(ROOT / "scenarios" / f"{LOOP}.json")
    text = json.dumps(written).replace("vgw-1", "vgw' onx='\\u0627&amp;").replace("dc-1", 'dc\\"-\\u05d0')
    hostile = json.loads(text) | {"description": HOSTILE, "source": HOSTILE}
    loaded = load("x.json", json.dumps(hostile | {"name": HOSTILE[:-2]}))
    result = check(loaded)
    made = render_report(loaded, replace(result, warnings=(HOSTILE,), name=HOSTILE))
    page = parsed(made)
    assert page.problems() == []
    assert len(page.named("script")) == 1
    assert not page.named("img")
    assert "\u202e" not in page.elements[0].text
    assert "\\u202e" in page.elements[0].text
    kinds = {(element.name, *sorted(element.attributes)) for element in page.elements}
    assert kinds == {(element.name, *sorted(element.attributes)) for element in parsed(report(LOOP)).elements}


# --- what it says -------------------------------------------------------------


def test_the_first_line_is_the_answer() -> None:
    page = parsed(report(LOOP))
    told = [each for each in page.elements if each.text.strip() and each.around[:2] == ("html", "body")]
    assert [each.name for each in told[:3]] == ["a", "header", "h1"]
    assert told[0].text == "Skip to the verdicts"
    assert told[2].text.endswith(": VIOLATED, as expected")


@pytest.mark.parametrize("name", ALL)
def test_each_verdict_is_given_with_its_scope(name: str) -> None:
    _, result = checked(name)
    page = parsed(report(name))
    entries = [each for each in page.named("li") if each.attributes.get("class", "").startswith("of-")]
    assert len(entries) == len(result.properties)
    for entry, told in zip(result.properties, entries, strict=True):
        assert entry.verdict.upper() in told.text
        assert entry.summary in told.text
        assert "Scope: " in told.text


def test_a_proof_says_what_it_covers_and_a_violation_what_it_needs() -> None:
    told = " ".join(each.text for each in parsed(report(CIRCUIT)).with_class("scope"))
    assert "any routes withdrawn; no failures; every value of " in told
    assert "under all of the assumptions split-horizon" in told
    (needed,) = [
        entry.counterexample.readings
        for entry in checked(CIRCUIT)[1].properties
        if entry.verdict is Verdict.CONDITIONAL and entry.counterexample is not None
    ]
    assert needed
    assert f"needs the readings {', '.join(needed)}" in told
    failing = " ".join(each.text for each in parsed(report(FAILED)).with_class("scope"))
    assert "at most 1 failure at once of: " in failing


def test_the_assumptions_of_the_command_line_are_part_of_the_report() -> None:
    options = CheckOptions(properties=("documented-rules",), assume={"gateway_preserves_as_path": True})
    loaded = load(scenario(LOOP))
    pinned = replace(loaded, document=under(loaded.document, options))
    row = 'gateway_preserves_as_path</code></a></th><td>{}</td>'
    assert row.format("true") in render_report(pinned, check(loaded, options))
    assert row.format("open") in report(LOOP)


@pytest.mark.parametrize("name", ALL)
def test_rules_readings_reasons_and_assumptions_are_one_click_from_their_explanation(name: str) -> None:
    loaded, result = checked(name)
    page = parsed(report(name))
    links = {each.attributes["href"] for each in page.named("a")}
    words = [rule.id for rule in result.rules] + [entry.id for entry in result.properties]
    words += [entry.kind for entry in result.properties if entry.kind]
    words += [reading.id for reading in READINGS] if loaded.document.gadget is None else []
    for entry in result.properties:
        if entry.counterexample is not None:
            words += list(entry.counterexample.readings)
            words += [str(entry.counterexample.undelivered.get("reason", entry.id))]
        words += list(entry.rests_on.assumptions) if entry.rests_on else []
    told = {each.attributes["id"]: each for each in page.named("article")}
    for word in words:
        key = f"about-{anchor(word.partition('@')[0].lower())}"
        assert f"#{key}" in links, word
        explanation = explanations()[word.partition("@")[0].lower()]
        assert explanation.statement in told[key].text
        assert all(fact in told[key].text for _, fact in explanation.facts)


def test_every_part_of_a_counterexample_is_told() -> None:
    for name in ALL:
        page, (_, result) = parsed(report(name)), checked(name)
        sections = {s.attributes["id"]: s.text for s in page.with_class("evidence")}
        for entry in result.properties:
            example, told = entry.counterexample, sections[anchor(entry.id)]
            if example is None:
                continue
            parts = [*example.any_value, *example.configuration, *example.readings]
            parts += [*example.failures, *example.withdrawn, *example.orders]
            parts += [*example.broken_rules, *example.loop]
            parts += [row.table for row in (*example.routes, *example.other_routes)]
            said = [text for text in example.undelivered.values() if isinstance(text, str)]
            parts += [step for text in said for step in text.split(" > ")]
            parts += [f"{step.activate} updates" for step in (*example.stem, *example.cycle)]
            parts += [text for alternative in entry.proved_if for text, _ in assignments(alternative)]
            assert [part for part in parts if part not in told] == []


def test_counterexamples_of_other_kinds_follow_the_first() -> None:
    loaded, result = checked(LOOP)
    loop, states = (p.counterexample for p in result.properties[1:3])
    assert loop is not None
    assert states is not None
    both = replace(result.properties[1], further=(replace(states, any_value=("cens.cen-1.x",)),))
    made = render_report(loaded, replace(result, properties=(both,)))
    assert parsed(made).problems() == []
    first, _, second = made.partition("Another kind of counterexample (2 of 2)")
    assert "The loop on the design" in first
    assert "The states side by side" not in first
    assert "The states side by side" in second
    assert "cens.cen-1.x</code> = any value" in second
    assert made.count("Proved if") == 1


def test_accepted_risks_stay_visible_and_those_that_do_not_hold_too() -> None:
    loaded, result = checked(LOOP)
    names = [name for entry in result.properties for name in names_of(result, entry)]
    day = date(2030, 1, 1)
    held, late, idle = (
        Acceptance(name, "<b>why</b>", "Ada", until)
        for name, until in ((names[0], day), (names[1], date(2020, 1, 1)), ("nothing/x", day))
    )
    page = parsed(render_report(loaded, settled(result, (held, late, idle), (), date(2026, 1, 1))))
    assert page.problems() == []
    entries = [each.text for each in page.named("li") if each.attributes.get("class", "").startswith("of-")]
    assert [text.partition(": ")[0] for text in entries[-2:]] == [
        f"ACCEPTANCE EXPIRED{names[1]}",
        "ACCEPTANCE UNUSEDnothing/x",
    ]
    assert "accepted: " in entries[0]
    assert "accepted: " not in entries[1]
    told = {each.attributes["id"]: each.text for each in page.with_class("evidence")}
    assert f"{names[0]}accepted by Ada until 2030-01-01: <b>why</b>" in told["documented-rules"]
    assert names[1] in told["no-routing-loops"]
    assert "accepted by" not in told["no-routing-loops"]
    words = "1 of 4 accepted, an acceptance has expired, an acceptance is unused"
    assert page.named("h1")[0].text.endswith(words)


def test_differences_between_stable_states_are_marked() -> None:
    _, result = checked(WEDGIE)
    (example,) = [p.counterexample for p in result.properties if p.counterexample is not None]
    first, second = selected(example.routes), selected(example.other_routes)
    differing = [table for table, prefix in first if first[table, prefix] != second.get((table, prefix))]
    assert 0 < len(differing) < len(first)
    page = parsed(report(WEDGIE))
    rows = [each for each in page.named("tr") if "0differs" in each.text]
    assert [row.text.partition("0differs")[0] for row in rows] == differing
    assert len([each for each in page.named("tr") if "0same" in each.text]) == len(first) - len(differing)
    assert len([each for each in page.with_class("word") if each.text == "differs"]) == len(differing)


def test_a_forbidden_delivery_and_a_custom_table_have_their_words_on_the_picture() -> None:
    assert "arrives" in [each.text for each in parsed(report(FORBIDDEN)).with_class("word")]
    words = parsed(report(CUSTOM)).with_class("word")
    assert [each.text for each in words] == ["lost here"]


# --- the command --------------------------------------------------------------


def test_the_command_writes_a_file_and_its_status_is_that_of_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "report.html"
    assert cli.run(["report", scenario(PROVED), "-o", str(target)]) == ExitStatus.FINE
    assert target.read_text("utf-8") == report(PROVED)
    assert capsys.readouterr().out == ""
    silent = tmp_path / "silent.json"
    silent.write_text(json.dumps(document(ROOT / "scenarios" / f"{FAILED}.json")), encoding="utf-8")
    assert cli.run(["report", str(silent)]) == ExitStatus.VIOLATED
    assert capsys.readouterr().out.startswith("<!DOCTYPE html>\n<html lang=")


def test_the_command_takes_the_options_of_check(capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--property", "documented-rules", "--assume", "gateway_prefers=bgp"]
    assert cli.run(["report", scenario(CUSTOM), *options]) == ExitStatus.FINE
    shown = capsys.readouterr().out
    assert 'id="documented-rules"' in shown
    assert 'id="no-routing-loops"' not in shown
    assert 'gateway_prefers</code></a></th><td>bgp</td>' in shown


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere.json"], "no such file or directory"),
        ([scenario(LOOP), "-o", "missing/x.html"], "cannot write missing/x.html"),
        ([scenario(LOOP), "-o", "."], "cannot write ."),
        ([scenario(LOOP), "-o", scenario(LOOP)], "is an input of this run"),
        ([scenario(LOOP), "--today", "soon"], "--today cannot be soon"),
        ([scenario(LOOP), "--property", "no-loops"], "unknown property"),
        ([scenario(LOOP), "--assume", "vpn_gateways.x.y=1"], "--assume: found"),
        ([scenario(LOOP), "--solver", "nothing"], "unknown solver"),
    ],
)
def test_a_wrong_command_line_is_told(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["report", *arguments]) == ExitStatus.BAD_INPUT
    shown = capsys.readouterr()
    assert told in shown.err
    assert shown.out == ""


def test_every_path_of_the_result_fits(tmp_path: Path) -> None:
    """Nothing about the machine gets into a report."""
    copy = tmp_path / "design.json"
    copy.write_bytes(Path(scenario(PROVED)).read_bytes())
    loaded = load(str(copy))
    result: Result = check(loaded)
    made = render_report(loaded, result)
    assert made == report(PROVED)
    assert not re.search(re.escape(str(tmp_path)), made)
