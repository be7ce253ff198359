"""Results as text and JSON: what is shown, in which order, and in which bytes."""

from __future__ import annotations

import dataclasses
import json
import re

import pytest

from tests import samples
from verify.arguments import Source
from verify.batch import Outcome
from verify.render.json import render_json, result_document
from verify.render.layout import Page, printable
from verify.render.report import render_outcomes, render_problem
from verify.render.routes import loop_lines, step_lines
from verify.render.text import Detail, render_result
from verify.verdict import Counterexample, Verdict

ANSI = re.compile(r"\x1b\[[0-9;]*m")


def text(result: object, width: int = 80, detail: Detail = Detail.NORMAL, colour: bool = False) -> str:
    return render_result(result, Page(width, colour), detail)  # type: ignore[arg-type]  # a stand-in result


def test_the_first_lines_answer_with_one_verdict_for_each_property() -> None:
    lines = text(samples.VIOLATED).splitlines()
    assert lines[0] == "two gateways, one VPC: VIOLATED"
    marks = [line.split()[:2] for line in lines[1:] if re.match(r"  [A-Z]+ ", line)]
    assert marks == [
        ["VIOLATED", "documented-rules"],
        ["CONDITIONAL", "no-routing-loops"],
        ["VIOLATED", "no-route-flapping"],
    ]


def test_the_evidence_of_a_loop_comes_in_the_documented_order() -> None:
    shown = text(samples.CONDITIONAL)
    titles = ("Configuration", "Readings needed", "Withdrawn", "Orders", "Route tables", "Loop", "Proved if")
    places = [shown.index(f"\n  {title}") for title in titles]
    assert places == sorted(places)
    assert "data_centers.dc-1.readvertises = true" in shown


def test_a_reading_is_shown_with_the_question_that_it_answers() -> None:
    shown = " ".join(text(samples.CONDITIONAL).split())
    assert "vbr_preserves_as_path@vbr-1 = false Does a route leave a virtual border router" in shown


def test_route_tables_have_the_columns_of_the_console() -> None:
    lines = text(samples.CONDITIONAL).splitlines()
    header = next(index for index, line in enumerate(lines) if "Destination" in line)
    assert lines[header].split() == ["Table", "Destination", "Source", "Next", "hop", "AS_PATH", "State"]
    assert lines[header + 1].split() == [
        "vgw-1", "10.9.0.0/16", "VPN_BGP", "dc-1/r1", "65001", "45105", "selected",
    ]  # fmt: skip


def test_the_second_stable_state_marks_the_rows_that_differ() -> None:
    entry = dataclasses.replace(
        samples.FLAPS, kind="several-stable-states", counterexample=samples.TWO_STATES
    )
    shown = text(samples.result(entry, verdict=Verdict.VIOLATED))
    first, second = shown.split("another stable state")
    assert "one stable state" in first
    assert "~" not in first
    assert [line.split()[1] for line in second.splitlines() if "~" in line] == ["dc-1/r1"]


def test_a_stable_state_without_any_route_is_told_in_words() -> None:
    example = dataclasses.replace(samples.TWO_STATES, routes=())
    entry = dataclasses.replace(samples.FLAPS, kind="several-stable-states", counterexample=example)
    assert "no table holds a route" in text(samples.result(entry, verdict=Verdict.VIOLATED))


def test_a_rule_is_described_once_and_then_named() -> None:
    example = dataclasses.replace(samples.LOOP, broken_rules=("R14",))
    again = dataclasses.replace(samples.LOOPS, counterexample=example)
    shown = text(samples.result(samples.RULES_BROKEN, again, verdict=Verdict.VIOLATED))
    assert shown.count("the local ASNs 45104 and 45105 differ") == 1
    assert "(see above)" in " ".join(shown.split())


def test_a_loop_is_drawn_as_a_path_that_returns_to_its_start() -> None:
    path, up, back = loop_lines(samples.LOOP.loop, Page())
    assert path.strip() == "vpc-prod -> vgw-2 -> dc-1/r1 -> vgw-1"
    assert path[up.index("^")] in "vpc-prod"
    assert path[up.index("|")] in "vgw-1"
    assert back.strip() == "+" + "-" * (up.index("|") - up.index("^") - 1) + "+"


def test_a_loop_wider_than_the_page_is_written_as_a_wrapped_path() -> None:
    lines = loop_lines([f"table-{n}" for n in range(20)], Page(60))
    assert all(len(line) <= 60 for line in lines)
    assert lines[-1].endswith("-> table-0")


def test_a_loop_of_one_or_of_no_table_is_no_trouble() -> None:
    assert loop_lines(["a"], Page()) == ["    a -> a"]
    assert loop_lines([], Page()) == []


def test_a_cycle_shows_the_updating_table_and_marks_only_what_changes() -> None:
    lines = [line.strip() for line in step_lines(samples.CYCLE.cycle, Page(120))]
    assert lines == [
        "1. vgw-1 updates before newer messages of dc-1/r1 arrive",
        "+ 10.9.0.0/16 VPN_BGP via dc-1/r1, AS_PATH 65001 45105",
        "2. vpc-prod updates",
        "no change",
        "3. dc-1/r1 updates",
        "~ 10.9.0.0/16 bgp via vgw-2, AS_PATH 45105   becomes bgp via vgw-1, AS_PATH 45104",
        "4. vgw-1 updates",
        "- 10.9.0.0/16 VPN_BGP via dc-1/r1, AS_PATH 65001 45105",
    ]


def test_a_long_way_into_the_cycle_is_shown_on_demand_only() -> None:
    long = dataclasses.replace(samples.CYCLE, stem=samples.CYCLE.cycle * 3)
    entry = dataclasses.replace(samples.FLAPS, counterexample=long)
    whole = samples.result(entry, verdict=Verdict.VIOLATED)
    assert "12 steps lead to the cycle" in text(whole)
    assert "12. vgw-1 updates" in text(whole, detail=Detail.VERBOSE)


def test_remedies_are_grouped_by_who_has_to_act() -> None:
    shown = text(samples.CONDITIONAL)
    places = [
        shown.index(words)
        for words in ("The vendor must confirm:", "You can decide:", "Change the design:", "Only together")
    ]
    assert places == sorted(places)
    together = " ".join(shown.split("Only together")[1].split())
    assert "gateway_prefers = bgp (vendor) and data_centers.dc-1.prefers = internal (you)" in together
    assert "No other set of at most 3 such values is enough by itself." in together


def test_a_proof_says_what_it_rests_on() -> None:
    shown = text(samples.PROVED)
    for words in (
        "Assumes: split-horizon",
        "Holds for every: gateway_prefers, vpc_prefers",
        "Bounds: prepend 10",
        "Certificate: boxes, 7 rounds",
        "Note: some choices have no stable state",
    ):
        assert words in shown


def test_a_broken_rule_is_shown_with_its_statement_objects_and_source() -> None:
    from verify.models.rulebook import BY_ID

    shown = " ".join(text(samples.VIOLATED).split())
    assert f"R14 INV: {' '.join(BY_ID['R14'].statement.split())}" in shown
    assert "vgw-1, vgw-2: the local ASNs 45104 and 45105 differ" in shown
    assert f"Source: {' '.join(BY_ID['R14'].source.split())}" in shown


def test_broken_and_open_rules_are_always_listed_and_kept_ones_on_demand() -> None:
    assert "Rules: 1 broken, 1 open, 1 advice, 1 kept, 1 not-applicable" in text(samples.VIOLATED)
    assert "R19 REC advice [vco-1]: uses protected data flows" in text(samples.VIOLATED)
    assert "broken when ipsec_connections.vco-2.tunnels.1.local_asn = 45105" in text(samples.VIOLATED)
    assert "R01 HARD kept" not in text(samples.VIOLATED)
    assert "R01 HARD kept" in text(samples.VIOLATED, detail=Detail.VERBOSE)


def test_a_rule_that_a_counterexample_shows_is_not_repeated() -> None:
    assert "R14 INV broken" not in text(samples.VIOLATED)
    assert "R14 INV broken" in text(samples.CONDITIONAL)


def test_advice_is_shown_once() -> None:
    entry = dataclasses.replace(
        samples.RULES_BROKEN, warnings=("R19: uses protected data flows", "R24: edge")
    )
    shown = text(samples.result(entry, verdict=Verdict.VIOLATED))
    assert shown.count("uses protected data flows") == 1
    assert "- R24: edge" in shown


def test_what_was_not_checked_and_what_to_watch_is_listed() -> None:
    assert "no-ineffective-routes: intents are not modelled" in text(samples.PROVED)
    assert "0.0.0.0/1 and 128.0.0.0/1 together are a default route" in text(samples.PROVED)


def test_the_headline_says_whether_the_result_is_as_expected() -> None:
    assert text(samples.AS_EXPECTED).splitlines()[0].endswith(": CONDITIONAL, as expected")
    assert text(samples.MISSED).splitlines()[0].endswith(": PROVED, not as expected: no-route-flapping")
    assert "not as expected: no-routing-loops" in text(samples.SILENT_MISS).splitlines()[0]


def test_quiet_output_is_the_verdict_lines_alone() -> None:
    assert text(samples.PROVED, detail=Detail.QUIET).splitlines() == [
        "two gateways, one VPC: PROVED",
        "  PROVED       no-route-flapping      Every schedule ends in the same state.",
    ]


@pytest.mark.parametrize("width", [72, 80, 120])
def test_no_line_is_wider_than_the_page(width: int) -> None:
    ids = ("ipsec_connections.", "Table", "vgw-1", "dc-1/r1", "vbr_preserves_as_path@", "gateway_exports_")
    for line in text(samples.VIOLATED, width, Detail.VERBOSE).splitlines():
        assert len(line) <= width or any(word in line for word in ids), line


def test_colour_changes_nothing_but_the_colour() -> None:
    for result in (samples.VIOLATED, samples.PROVED):
        coloured = text(result, colour=True)
        assert "\x1b[" in coloured
        assert ANSI.sub("", coloured) == text(result)


def test_a_scenario_cannot_steer_the_terminal() -> None:
    hostile = dataclasses.replace(samples.PROVED, name="a\x1b]0;title\x07\r\u202eb\ud800")
    shown = text(hostile)
    assert "\x1b" not in shown
    assert "\r" not in shown
    assert shown.encode()
    assert "\\u001b]0;title\\u0007" in shown


def test_unprintable_characters_are_escaped_in_every_part_of_a_result() -> None:
    assert printable("a\nb\x00c\x1b[8md") == "a\\u000ab\\u0000c\\u001b[8md"
    row = dataclasses.replace(samples.LEARNED, next_hop="\x1b[8mx")
    step = dataclasses.replace(samples.CYCLE.cycle[0], late=("\x07",))
    example = dataclasses.replace(samples.LOOP, routes=(row,), cycle=(step,), readings={"\x00": "\x01"})
    entry = dataclasses.replace(samples.LOOPS, counterexample=example)
    shown = text(samples.result(entry, verdict=Verdict.VIOLATED))
    assert all(line.isprintable() for line in shown.splitlines())


def test_grid_cells_are_continued_below_themselves_and_words_stay_whole() -> None:
    lines = Page(30).grid([("id", "a sentence of several words"), ("10.0.0.0/16", "short")])
    assert all(len(line) <= 30 for line in lines)
    assert "10.0.0.0/16" in lines[-1]


def test_a_property_without_a_summary_still_has_its_line() -> None:
    silent = dataclasses.replace(samples.SETTLES, summary="")
    assert "PROVED       no-route-flapping" in text(samples.result(silent))


def test_json_has_the_published_keys() -> None:
    document = result_document(samples.VIOLATED)
    assert list(document) == [
        "format_version", "scenario", "verdict", "rules", "properties",
        "not_checked", "warnings", "expectations", "accepted", "stale_acceptances", "stats",
    ]  # fmt: skip
    assert document["format_version"] == "1.0"
    assert document["verdict"] == "violated"
    assert document["not_checked"] == [
        {"property": "no-ineffective-routes", "reason": "intents are not modelled"}
    ]


def test_json_tells_what_was_before_and_after_a_change() -> None:
    cycle = result_document(samples.VIOLATED)["properties"][2]["counterexample"]["cycle"]
    assert cycle[0]["changes"][0]["from"] is None
    assert cycle[0]["changes"][0]["to"]["as_path"] == [65001, 45105]
    assert cycle[0]["late"] == ["dc-1/r1"]
    assert cycle[3]["changes"][0]["to"] is None


def test_json_leaves_out_what_a_property_does_not_have() -> None:
    loops = result_document(samples.CONDITIONAL)["properties"][0]
    assert "rests_on" not in loops
    assert "cycle" not in loops["counterexample"]
    assert loops["counterexample"]["failures"] == []
    settles = result_document(samples.PROVED)["properties"][0]
    assert "counterexample" not in settles
    assert settles["rests_on"]["bounds"] == {"prepend": 10}


def test_json_names_who_has_to_act_for_each_remedy() -> None:
    assert result_document(samples.CONDITIONAL)["properties"][0]["proved_if"][0] == [
        {"set": "gateway_exports_cen_routes", "to": False, "who": "vendor"}
    ]


def test_several_scenarios_make_an_array_and_one_makes_a_document() -> None:
    assert isinstance(json.loads(render_json([samples.PROVED], several=False)), dict)
    assert len(json.loads(render_json([samples.PROVED], several=True))) == 1
    assert len(json.loads(render_json([samples.PROVED, samples.VIOLATED], several=True))) == 2
    assert render_json([], several=False) == ""


def test_json_is_ascii_whatever_the_names_are() -> None:
    named = dataclasses.replace(samples.PROVED, name="Zürich ✓")
    rendered = render_json([named], several=False)
    assert rendered.isascii()
    assert rendered.endswith("}\n")
    assert json.loads(rendered)["scenario"]["name"] == "Zürich ✓"


@pytest.mark.parametrize(
    "result", [samples.PROVED, samples.VIOLATED, samples.AS_EXPECTED, samples.MISSED], ids=lambda r: r.verdict
)
def test_every_result_fits_the_published_schema(result: object) -> None:
    import jsonschema

    from verify.schema import result_schema

    document = json.loads(render_json([result], several=False))  # type: ignore[list-item]  # a stand-in result
    jsonschema.Draft202012Validator(result_schema()).validate(document)


def test_an_undelivered_intent_is_shown() -> None:
    lost = {"from": "vsw-a", "to": "10.0.0.1", "at": "vgw-1", "reason": "not received"}
    entry = dataclasses.replace(samples.LOOPS, counterexample=Counterexample({}, {}, undelivered=lost))
    whole = samples.result(entry, verdict=Verdict.VIOLATED)
    assert "at: vgw-1" in text(whole)
    assert result_document(whole)["properties"][0]["counterexample"]["undelivered"] == lost


def test_a_folder_shows_in_full_only_what_is_not_as_wanted() -> None:
    fine = Outcome(Source("a.json", found_in_folder=True), samples.AS_EXPECTED)
    missed = Outcome(Source("b.json", found_in_folder=True), samples.VIOLATED)
    shown = render_outcomes([fine, missed], "text", Page(), Detail.NORMAL, several=True)
    first, second = shown.split("== b.json ==")
    assert "Readings needed" not in first
    assert "Readings needed" in second
    assert "2 scenarios: 1 as expected, 1 violated" in second


def test_the_number_of_faults_shown_is_limited() -> None:
    outcome = Outcome(Source("a.json"), faults=tuple(f"a.json:{n}:1: wrong" for n in range(100)))
    assert len(render_problem(outcome, Detail.NORMAL).splitlines()) == 31
    assert "70 more faults" in render_problem(outcome, Detail.NORMAL)
    assert len(render_problem(outcome, Detail.VERBOSE).splitlines()) == 100


def test_an_internal_error_is_one_line_and_its_traceback_is_shown_on_demand() -> None:
    outcome = Outcome(Source("a.json"), failure="KeyError: x", trace="Traceback …\n")
    assert render_problem(outcome, Detail.NORMAL) == "a.json: internal error: KeyError: x; -v shows where\n"
    assert "Traceback" in render_problem(outcome, Detail.VERBOSE)
