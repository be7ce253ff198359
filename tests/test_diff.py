"""`verify diff`: what a change does to verdicts, rules, warnings and routes."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import verify.scenarios
from tests import tiny_networks
from tests.compared_pairs import BruteForce, changed, key
from verify import cli
from verify.announced import networks_of_both
from verify.check import CheckOptions
from verify.compared import Comparison, RouteChange, Trend
from verify.comparison import BEST_FIRST, _routes, _rule_trend, _trend, compare
from verify.jsonc import read_jsonc
from verify.load import Loaded, load
from verify.models.network import Cell
from verify.models.opening import all_choices, opened
from verify.moved import Move
from verify.render.comparison import render_comparison
from verify.render.comparison_json import comparison_document
from verify.render.layout import Page
from verify.route_changes import RouteChanges, route_changes
from verify.schema import comparison_schema
from verify.verdict import RuleStatus, Verdict

Json = dict[str, Any]
LIBRARY = Path(verify.scenarios.__file__ or "").parent
DIFFERENT = LIBRARY / "bad" / "r14-different-local-asns.json"
EQUAL = LIBRARY / "good" / "r14-equal-local-asns.json"
SCHEMA = Draft202012Validator(comparison_schema())
RULES_ONLY = CheckOptions(properties=("documented-rules",))
LOOPS = CheckOptions(properties=("documented-rules", "no-routing-loops"))


def document(path: Path) -> Json:
    found = read_jsonc(path.read_text("utf-8")).value
    assert isinstance(found, dict)
    return found


def loaded(written: Json, name: str = "design.json") -> Loaded:
    return load(name, json.dumps(written))


def compared(old: Json, new: Json, options: CheckOptions = RULES_ONLY) -> Comparison:
    return compare(loaded(old, "old.json"), loaded(new, "new.json"), options)


def edited(written: Json, edit: Callable[[Json], object]) -> Json:
    found: Json = json.loads(json.dumps(written))
    edit(found)
    return found


def routes(old: Json, new: Json) -> RouteChanges:
    return _routes((loaded(old), loaded(new)), ({}, {}), CheckOptions())


def at(found: tuple[RouteChange, ...], table: str, prefix: str) -> RouteChange:
    return next(each for each in found if each.table == table and prefix in each.prefixes)


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    status = cli.run(["diff", *map(str, arguments)])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


@pytest.fixture(scope="module")
def mended() -> Comparison:
    return compare(load(DIFFERENT), load(EQUAL), LOOPS)


@pytest.fixture(scope="module")
def spoilt() -> Comparison:
    return compare(load(EQUAL), load(DIFFERENT), LOOPS)


# --- verdicts, rules, warnings, configuration ---------------------------------


def test_equal_local_asns_win_two_properties_and_mend_a_rule(mended: Comparison) -> None:
    trends = {each.id: each.trend for each in mended.properties}
    assert trends == {
        "documented-rules": Trend.BETTER,
        "no-routing-loops": Trend.BETTER,
    }
    assert [(r.id, r.before.status, r.after.status) for r in mended.rules] == [("R14", "broken", "kept")]
    assert mended.trend is Trend.BETTER
    assert [(m.path, m.before, m.after) for m in mended.moves] == [
        ("ipsec_connections.vco-2.tunnels.0.local_asn", "45105", "45104"),
        ("ipsec_connections.vco-2.tunnels.1.local_asn", "45105", "45104"),
    ]


def test_the_reverse_change_is_the_reverse(mended: Comparison, spoilt: Comparison) -> None:
    opposite = {Trend.WORSE: Trend.BETTER, Trend.BETTER: Trend.WORSE, Trend.SAME: Trend.SAME}
    assert [each.trend for each in spoilt.properties] == [opposite[e.trend] for e in mended.properties]
    assert spoilt.trend is Trend.WORSE

    def pairs(found: Comparison, turned: bool) -> set[tuple[Any, ...]]:
        sides = [(c.after, c.before) if turned else (c.before, c.after) for c in found.routes]
        return {
            (c.table, c.prefixes, frozenset(map(key, b)), frozenset(map(key, a)))
            for c, (b, a) in zip(found.routes, sides, strict=True)
        }

    assert pairs(mended, turned=False) == pairs(spoilt, turned=True)


def test_an_example_shows_the_loop_that_the_change_takes_away(mended: Comparison) -> None:
    change = at(mended.routes, "vpc-a", "10.0.0.0/16")
    assert change.example is not None
    assert {(c.name, c.before, c.after) for c in change.example.choices} >= {
        ("data_centers.dc-1.readvertises", True, True),
        ("gateway_preserves_as_path", False, False),
    }
    before, after = set(map(key, change.example.before)), set(map(key, change.example.after))
    assert ("VPN_BGP", "vgw-1", (45105, 65001)) in before - after


def test_a_document_does_not_differ_from_itself() -> None:
    found = compare(load(EQUAL), load(EQUAL), RULES_ONLY)
    empty = (found.moves, found.rules, found.warnings_gone, found.warnings_new, found.routes, found.gaps)
    assert empty == ((), (), (), (), (), ())
    assert {each.trend for each in found.properties} == {Trend.SAME}
    assert "No difference." in render_comparison(found, Page())


def test_comments_format_order_and_what_the_document_says_of_itself_make_no_difference() -> None:
    written = document(EQUAL)
    other = edited(written, lambda d: (d["vpcs"].reverse(), d.update(description="other", source="")))
    text = "// a comment\n" + json.dumps(other, indent=7)
    found = compare(loaded(written), load("new.json", text), RULES_ONLY)
    assert (found.moves, found.routes, found.gaps) == ((), (), ())


def test_a_renamed_object_goes_and_comes() -> None:
    text = json.dumps(document(EQUAL))
    found = compare(loaded(json.loads(text)), load("new.json", text.replace("vgw-2", "vgw-9")), RULES_ONLY)
    assert found.trend is Trend.SAME
    assert Move("vpn_gateways.vgw-2", "removed") in found.moves
    assert Move("vpn_gateways.vgw-9", "added") in found.moves
    presence = {each.table: each.presence for each in found.routes}
    assert (presence["vgw-2"], presence["vgw-9"]) == ("removed", "added")
    assert at(found.routes, "vgw-2", "10.0.0.0/16").after == ()


def test_an_empty_list_that_gets_an_object_shows_the_object() -> None:
    written = {"version": 1, "vpcs": [{"id": "v"}]}
    more = {"version": 1, "vpcs": [{"id": "v", "vswitches": [{"id": "s", "cidr": "172.16.0.0/24"}]}]}
    assert compared(written, more).moves == (Move("vpcs.v.vswitches.s", "added"),)
    opened = {"version": 1, "data_centers": [{"id": "d", "prefers": {"one_of": ["internal", "external"]}}]}
    decided = {"version": 1, "data_centers": [{"id": "d", "prefers": "internal"}]}
    (move,) = compared(opened, decided).moves
    assert (move.kind, move.before, move.after) == ("changed", "one of internal, external", "internal")


def test_from_best_to_worst_verdict() -> None:
    assert [str(each) for each in BEST_FIRST] == ["proved", "vacuous", "conditional", "unknown", "violated"]
    assert set(BEST_FIRST) == set(Verdict)
    assert (_trend(0, 1), _trend(1, 0), _trend(2, 2)) == (Trend.WORSE, Trend.BETTER, Trend.SAME)


@pytest.mark.parametrize(
    ("before", "after", "trend"),
    [
        (("kept", "a"), ("broken", "a"), Trend.WORSE),
        (("not-applicable", ""), ("open", "a"), Trend.WORSE),
        (("open", "a"), ("broken", "a"), Trend.WORSE),
        (("broken", "a"), ("open", "a"), Trend.BETTER),
        (("broken", "a"), ("broken", "a b"), Trend.WORSE),
        (("broken", "a b"), ("broken", "b"), Trend.BETTER),
        (("broken", "a b"), ("broken", "a c"), Trend.SAME),
        (("not-applicable", ""), ("kept", "a"), Trend.SAME),
    ],
)
def test_when_a_rule_gets_worse(before: tuple[str, str], after: tuple[str, str], trend: Trend) -> None:
    one, other = (
        RuleStatus("R14", status, "INV", tuple(names.split()), "", "") for status, names in (before, after)
    )
    assert _rule_trend(one, other) is trend


def test_a_property_that_is_no_longer_asked_for_counts_as_kept() -> None:
    written = document(LIBRARY / "bad" / "static-black-hole.json")
    found = compared(written, {"version": 1}, CheckOptions())
    (change,) = (each for each in found.properties if each.id == "no-ineffective-routes")
    assert (change.after, change.trend) == (None, Trend.BETTER)


# --- routes -------------------------------------------------------------------


@pytest.mark.parametrize("seed", [0, 5, 7, 16, 24, 25, 35, 48])
def test_the_list_of_routes_is_what_enumeration_finds(seed: int) -> None:
    old = tiny_networks.network(seed)
    new = changed(old, random.Random(seed))
    expected = BruteForce(old, new)
    found = routes(old, new)
    assert found.gaps == ()
    listed = {Cell(each.table, prefix): each for each in found.changes for prefix in each.prefixes}
    assert {cell for cell, each in listed.items() if each.example} == expected.differ
    for cell in {*expected.can[0], *expected.can[1]}:
        before, after = (can.get(cell, set()) for can in expected.can)
        if cell in listed:
            assert set(map(key, listed[cell].before)) == before
            assert set(map(key, listed[cell].after)) == after
        elif before != after:
            assert {row[0] for row in before | after} == {""}, cell


def test_two_stable_states_on_both_sides_are_no_difference() -> None:
    """A formula over one state of each side would find two that differ; the sets of states are equal."""
    old = {"version": 1, "gadget": {"1": ["1 2 0", "1 0"], "2": ["2 1 0", "2 0"]}}
    more = {"version": 1, "gadget": {**old["gadget"], "3": ["3 0"]}}  # type: ignore[dict-item]  # of literals
    found = routes(old, more)
    assert [(each.table, each.presence) for each in found.changes] == [("3", "added")]


def test_what_never_settles_is_said() -> None:
    bad = document(LIBRARY / "gadgets" / "bad.json")
    good = document(LIBRARY / "gadgets" / "good.json")
    found = routes(bad, good)
    assert {each.settles for each in found.changes} == {(False, True)}
    assert all(each.example is None for each in found.changes)


def test_an_open_value_that_is_decided_is_compared_with_all_that_it_was() -> None:
    opened = document(LIBRARY / "open" / "r14-local-asn-of-second-gateway.json")
    found = routes(opened, document(EQUAL))
    values = {
        (c.before, c.after)
        for each in found.changes
        if each.example
        for c in each.example.choices
        if c.name.endswith("local_asn")
    }
    assert values, "some example needs another ASN than the one that is chosen"
    assert all(before != 45104 and after is None for before, after in values)


def test_alike_prefixes_are_one_entry() -> None:
    found = routes(
        document(LIBRARY / "good" / "r08-50-prefixes.json"),
        document(LIBRARY / "bad" / "r08-51-prefixes.json"),
    )
    assert len(at(found.changes, "vpc-a", "10.0.0.0/16").prefixes) == 50
    assert len(found.changes) < 10


def test_a_static_entry_is_part_of_what_a_table_shows() -> None:
    site = {"id": "d", "prefixes": ["10.0.0.0/8"]}
    static = {**site, "static_routes": [{"destination": "10.0.0.0/8", "next_hop": "discard"}]}
    found = routes({"version": 1, "data_centers": [site]}, {"version": 1, "data_centers": [static]})
    (change,) = found.changes
    assert {key(row)[:2] for row in change.after} - {key(row)[:2] for row in change.before} == {
        ("static", "discard")
    }


def test_a_bound_on_the_questions_is_told() -> None:
    before, after = load(DIFFERENT), load(EQUAL)
    from verify.solve import Backend

    found = route_changes(before.document, after.document, Backend, most=20)
    assert len(found.gaps) == 1
    assert "bound" in found.gaps[0]


# --- as it is met -------------------------------------------------------------


@pytest.mark.parametrize("width", [80, 100])
def test_the_text_fits_and_reads_without_colour(spoilt: Comparison, width: int) -> None:
    plain = render_comparison(spoilt, Page(width))
    assert all(len(line) <= width for line in plain.splitlines())
    painted = render_comparison(spoilt, Page(width, colour=True))
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == plain
    titles = [
        "Something gets WORSE.",
        "\nConfiguration\n",
        "\nProperties\n",
        "\nRules\n",
        "\nSelected routes\n",
    ]
    places = [plain.index(title) for title in titles]
    assert places == sorted(places)


def test_json_fits_its_schema(mended: Comparison, spoilt: Comparison) -> None:
    Draft202012Validator.check_schema(comparison_schema())
    for found in (mended, spoilt, compared({"version": 1}, document(EQUAL))):
        SCHEMA.validate(json.loads(json.dumps(comparison_document(found))))
    assert not SCHEMA.is_valid({**comparison_document(mended), "trend": "nicer"})


def test_only_what_got_worse_changes_the_exit_status(capsys: pytest.CaptureFixture[str]) -> None:
    rules = ("--property", "documented-rules")
    broken = LIBRARY / "bad" / "r23-local-asn-zero.json"
    kept = LIBRARY / "good" / "r14-equal-local-asns-gateways-kept-apart.json"
    assert run(capsys, kept, broken, *rules)[0] == 1
    status, out, _ = run(capsys, broken, kept, *rules, "-f", "json")
    assert (status, json.loads(out)["trend"]) == (0, "better")
    status, out, _ = run(capsys, broken, broken, *rules, "-f", "json")
    assert (status, json.loads(out)["trend"]) == (0, "same")


def test_the_faults_of_both_files_are_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    first.write_text('{"version": 2}')
    second.write_text('{"version": 1, "vpcs": [{}]}')
    status, out, err = run(capsys, first, second)
    assert (status, out) == (2, "")
    assert "a.json" in err
    assert "b.json" in err
    assert run(capsys, EQUAL, tmp_path / "none.json")[0] == 2


@pytest.mark.parametrize(
    "arguments",
    [
        (EQUAL,),
        ("-", "-"),
        (EQUAL, EQUAL, "-f", "yaml"),
        (EQUAL, EQUAL, "--solver", "abacus"),
        (EQUAL, EQUAL, "--assume", "data_centers.dc-9.readvertises=true"),
    ],
)
def test_a_command_line_that_cannot_be_followed(
    arguments: tuple[object, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = run(capsys, *arguments)
    assert (status, out) == (2, "")
    assert len(err.splitlines()) == 1


def test_an_assumption_holds_where_there_is_a_place_for_it(capsys: pytest.CaptureFixture[str]) -> None:
    """With what the site does decided, no loop is left that the change could take away."""
    settings = ("--property", "no-routing-loops", "-f", "json", "--assume")
    _, out, _ = run(capsys, DIFFERENT, EQUAL, *settings, "data_centers.dc-1.readvertises=false")
    found = json.loads(out)
    assert [each["before"]["verdict"] for each in found["properties"]] == ["proved"]
    chosen = {c["choice"] for r in found["routes"] for c in r.get("example", {"choices": []})["choices"]}
    assert "data_centers.dc-1.readvertises" not in chosen


# --- open values of two documents ---------------------------------------------


def test_what_both_documents_leave_open_has_the_same_candidates_in_both() -> None:
    old, new = (
        edited(document(LIBRARY / "open" / "r14-any-local-asns.json"), lambda d, asn=asn: set_asn(d, asn))  # type: ignore[misc]  # mypy cannot type the bound default
        for asn in (65001, 64512)
    )
    written = [loaded(each).written for each in (old, new)]
    before, after = opened(written[0], written[1]), opened(written[1], written[0])
    mine, other = ({c.name: c.values for c in all_choices(each)} for each in (before, after))
    assert mine == other
    asns = next(values for name, values in mine.items() if name.endswith("local_asn"))
    assert {65001, 64512} <= set(asns)


def set_asn(written: Json, asn: int) -> None:
    written["customer_gateways"][0]["asn"] = asn


def test_open_announcements_of_both_documents_have_the_same_candidates() -> None:
    site: Json = {"id": "d", "prefixes": [{"within": "10.0.0.0/8", "length": [8, 32]}]}
    old: Json = {"version": 1, "data_centers": [site]}
    new: Json = {**old, "vpcs": [{"id": "v", "vswitches": [{"id": "s", "cidr": "10.7.0.0/24"}]}]}
    before, after = networks_of_both(loaded(old).document, loaded(new).document)
    mine, other = ({o.route.prefix for o in network.origins} for network in (before[0], after[0]))
    assert "10.7.0.0/24" in mine
    assert mine == other
