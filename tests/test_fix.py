"""`verify fix`: the answer, the change of the file, its verification, formats and exit statuses."""

from __future__ import annotations

import io
import json
import subprocess
from pathlib import Path
from shutil import which
from types import SimpleNamespace
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import verify.scenarios
from tests.shipped import SCENARIOS, document
from verify import cli, fixing
from verify.check import CheckOptions, check
from verify.fixing import Answer, Fix, NotVerified, fix
from verify.jsonc import read_jsonc
from verify.load import load
from verify.mending import Mending, shortcomings
from verify.models.edits import Edit, applied, from_settings
from verify.models.prices import Prices
from verify.properties.rule_changes import change_sets
from verify.render.fix import render_fix
from verify.render.fix_json import fix_document
from verify.render.layout import Page
from verify.schema import fix_schema

LIBRARY = Path(verify.scenarios.__file__ or "").parent
BROKEN = LIBRARY / "bad" / "r14-different-local-asns.json"
GOOD = LIBRARY / "good" / "cato-reference.json"
SCHEMA = Draft202012Validator(fix_schema())
TUNNELS = ("ipsec_connections", "vco-2", "tunnels")
ASNS = tuple(Edit("set", (*TUNNELS, n, "local_asn"), 45104) for n in ("0", "1"))
MENDED = Mending(ASNS, 4, True, "")
RULES = ("--property", "documented-rules")
WITH_PATCH = pytest.mark.skipif(which("patch") is None, reason="the command patch is not installed")
LOOPS = (*RULES, "--property", "no-routing-loops")


def found_is(monkeypatch: pytest.MonkeyPatch, mending: Mending) -> None:
    """Let the search find this."""
    monkeypatch.setattr(fixing, "cheapest", lambda *_: mending)


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    status = cli.run(["fix", *map(str, arguments)])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def fixed(path: Path = BROKEN, options: CheckOptions | None = None) -> Fix:
    return fix(str(path), path.read_text("utf-8"), options or CheckOptions(), Prices())


# --- the answers --------------------------------------------------------------


def test_a_fix_is_verified_in_the_text_that_is_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found_is(monkeypatch, MENDED)
    target = tmp_path / "fixed.json"
    status, out, err = run(capsys, BROKEN, "-o", target, *LOOPS)
    assert (status, err) == (0, "")
    assert out.startswith("Two gateways with different local ASNs")
    assert "FIXED at a cost of 4, the cheapest" in " ".join(out.split())
    assert "Local ASN of both tunnels to 45104" in " ".join(out.split())
    assert f"written to {target}" in " ".join(out.split()).replace("\n", "")
    assert "+++" not in out
    raw = read_jsonc(BROKEN.read_text("utf-8")).value
    assert read_jsonc(target.read_text("utf-8")).value == applied(raw, ASNS)
    assert shortcomings(check(load(target), CheckOptions(properties=("no-routing-loops",)))) == ()


def test_without_a_file_the_change_is_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found_is(monkeypatch, MENDED)
    status, out, _ = run(capsys, BROKEN, *RULES)
    assert status == 0
    lines = out.splitlines()
    assert lines.count('-          "local_asn": 45105,') == lines.count('+          "local_asn": 45104,') == 2
    assert "  documented-rules  violated  ->  proved" in lines
    assert max(map(len, (line for line in lines if line[:1] not in "-+ @"))) <= 80


@WITH_PATCH
def test_the_diff_is_what_patch_takes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found_is(monkeypatch, MENDED)
    copy = tmp_path / "x.json"
    copy.write_bytes(BROKEN.read_bytes())
    status, out, err = run(capsys, copy, "-f", "diff", *RULES)
    assert (status, err) == (0, "")
    subprocess.run(["patch", "-s", str(copy)], input=out, text=True, check=True, timeout=30)
    assert copy.read_text("utf-8") == fixed(options=CheckOptions(properties=("documented-rules",))).text


def test_what_is_proved_needs_no_fix(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "same.json"
    status, out, _ = run(capsys, GOOD, "-o", target)
    assert status == 0
    assert "NOTHING TO FIX" in out
    assert target.read_bytes() == GOOD.read_bytes()
    status, out, err = run(capsys, GOOD, "-f", "diff")
    assert (status, out) == (0, "")
    assert "NOTHING TO FIX" in err


def test_it_is_said_that_no_fix_exists(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found_is(monkeypatch, Mending(None, 0, True, ""))
    target = tmp_path / "none.json"
    status, out, _ = run(capsys, BROKEN, "-o", target, *RULES)
    assert status == 1
    assert "NO FIX within the changes that are considered" in " ".join(out.split())
    assert not target.exists()


def test_a_search_that_stopped_is_no_answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found_is(monkeypatch, Mending(None, 0, False, "the search stopped after 7 designs"))
    status, out, _ = run(capsys, BROKEN, *RULES)
    assert status == 3
    assert "NO FIX FOUND" in " ".join(out.split())
    assert "Note: the search stopped after 7 designs" in out


def test_what_is_not_proved_to_be_cheapest_is_not_called_so(monkeypatch: pytest.MonkeyPatch) -> None:
    found_is(monkeypatch, Mending(ASNS, 4, False, "stopped"))
    found = fixed(options=CheckOptions(properties=("documented-rules",)))
    assert "the cheapest found" in " ".join(render_fix(found, Page()).split())
    assert fix_document(found)["cheapest"] is False


@pytest.mark.parametrize("edits", [(), ASNS[:1], (Edit("set", ("name",), "x"),)])
def test_a_fix_that_does_not_verify_is_a_defect(
    monkeypatch: pytest.MonkeyPatch, edits: tuple[Edit, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    found_is(monkeypatch, Mending(edits, 1, True, ""))
    with pytest.raises(NotVerified, match="documented-rules"):
        fixed()
    status, out, err = run(capsys, BROKEN, *RULES)
    assert (status, out) == (4, "")
    assert "internal error" in err


def test_a_property_that_becomes_vacuous_is_not_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    off = tuple(Edit("set", ("ipsec_connections", n, "bgp_enabled"), False) for n in ("vco-1", "vco-2"))
    found_is(monkeypatch, Mending(off, 30, True, ""))
    with pytest.raises(NotVerified, match="no-ineffective-routes"):
        fixed()


def test_what_was_vacuous_may_stay_so() -> None:
    result = check(load(LIBRARY / "open" / "vacuous-nothing-connected.json"))
    vacuous = [entry.id for entry in result.properties if entry.verdict == "vacuous"]
    assert vacuous
    assert shortcomings(result, vacuous) == ()
    assert set(shortcomings(result)) == set(vacuous)


# --- the search, as far as the shell relies on it -----------------------------


def test_the_search_finds_the_cheapest(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, BROKEN, *RULES, "-f", "json")
    found = json.loads(out)
    assert status == 0
    assert (found["answer"], found["cost"], found["cheapest"]) == ("fixed", 4, True)


def test_where_all_is_forbidden_there_is_no_fix(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, BROKEN, *RULES, "--forbid", "*")
    assert status == 1
    assert "NO FIX within" in " ".join(out.split())


def test_the_search_is_told_prices_and_options(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[Any] = []

    def search(*told: Any) -> Mending:
        asked.extend(told)
        return MENDED

    monkeypatch.setattr(fixing, "cheapest", search)
    options = ("--max-failures", 1, "--assume", "gateway_prefers=bgp", "--rlimit", 10**6)
    run(capsys, BROKEN, *RULES, *options, "--cost", "connection-asn=30", "--forbid", "cens")
    loaded, told, prices = asked
    assert loaded.file == str(BROKEN)
    assert prices == Prices({"connection-asn": 30}, (), ("cens",))
    assert (told.properties, told.max_failures) == (("documented-rules",), 1)
    assert (told.assume, told.rlimit) == ({"gateway_prefers": "bgp"}, 10**6)


def test_a_price_on_the_command_line_counts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found_is(monkeypatch, MENDED)
    _, out, _ = run(capsys, BROKEN, *RULES, "-f", "json", "--cost", "ipsec_connections.*.local_asn=7")
    assert [charge["price"] for charge in json.loads(out)["charges"]] == [7]


def test_mistakes_are_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for arguments, said in (
        ((BROKEN, "-f", "yaml"), "unknown format yaml"),
        ((BROKEN, "--forbid", "swich"), "did you mean switch?"),
        ((BROKEN, "--cost", "switch"), "write WHAT=N"),
        ((BROKEN, "--assume", "gateway_prefers=maybe"), "gateway_prefers cannot be maybe"),
        ((BROKEN, "--assume", "vpcs.x.y=1"), "a reading or an open value"),
        ((BROKEN, "-o", tmp_path), "cannot write"),
        ((BROKEN, "-o", tmp_path / "no" / "x.json"), "a folder that exists"),
        ((tmp_path / "none.json",), "no such file"),
    ):
        status, out, err = run(capsys, *arguments)
        assert (status, out) == (2, ""), arguments
        assert said in err


def test_a_bad_scenario_is_told_with_its_place(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text('{"version": 1,\n "vpcs": [{}]}')
    status, out, err = run(capsys, bad)
    assert (status, out) == (2, "")
    assert f"{bad}:2:" in err


def test_a_scenario_can_come_from_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found_is(monkeypatch, MENDED)
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(BROKEN.read_bytes())))
    status, out, _ = run(capsys, "-", "-f", "diff", *RULES)
    assert status == 0
    assert out.startswith("--- <stdin>\n")


# --- every bad scenario of which a rule says how to mend it --------------------

MENDABLE = [path for path in SCENARIOS if path.parent.name == "bad" and change_sets(load(path).document)]


def test_many_scenarios_say_how_to_mend_a_rule() -> None:
    assert len(MENDABLE) > 20


@pytest.mark.parametrize("path", MENDABLE, ids=lambda path: path.stem)
def test_what_mends_a_rule_is_written_verified_and_put_into_words(
    monkeypatch: pytest.MonkeyPatch, path: Path
) -> None:
    for settings_of_rule in change_sets(load(path).document):
        edits = from_settings(settings_of_rule)
        found_is(monkeypatch, Mending(edits, Prices().cost(edits) or 0, False, ""))
        found = fixed(path, CheckOptions(properties=("documented-rules",)))
        assert found.answer is Answer.FIXED
        assert found.order is not None
        assert not any(action.text.startswith("Design") for action in found.order.actions)
        touched = sum(line[:1] in "-+" for line in found.diff.splitlines()) - 2
        assert touched <= 3 * len(edits)
        SCHEMA.validate(fix_document(found))
        report = render_fix(found, Page(), "fixed.json").splitlines()
        assert max(len(line) for line in report if "." not in line) <= 80  # paths are never broken


# --- the forms of the answer --------------------------------------------------


@pytest.mark.parametrize(
    "mending",
    [MENDED, Mending(None, 0, True, ""), Mending(None, 0, False, "stopped")],
    ids=["fixed", "none", "stopped"],
)
def test_every_answer_fits_the_schema(monkeypatch: pytest.MonkeyPatch, mending: Mending) -> None:
    found_is(monkeypatch, mending)
    shown = fix_document(fixed(options=CheckOptions(properties=("documented-rules",))))
    SCHEMA.validate(json.loads(json.dumps(shown)))
    for key in shown:
        assert not SCHEMA.is_valid({name: value for name, value in shown.items() if name != key})


def test_nothing_to_fix_fits_the_schema() -> None:
    Draft202012Validator.check_schema(fix_schema())
    shown = fix_document(fixed(GOOD))
    SCHEMA.validate(shown)
    assert (shown["answer"], shown["edits"], shown["order"]) == (Answer.NOTHING, [], None)


def test_steps_refer_to_every_edit_once(monkeypatch: pytest.MonkeyPatch) -> None:
    found_is(monkeypatch, MENDED)
    shown: dict[str, Any] = fix_document(fixed(options=CheckOptions(properties=("documented-rules",))))
    for part in ("steps", "charges"):
        assert sorted(n for each in shown[part] for n in each["edits"]) == [0, 1]


def test_where_a_step_makes_something_worse_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both gateways get a third ASN: in between they differ."""
    written = json.loads(json.dumps(read_jsonc(BROKEN.read_text("utf-8")).value))
    for tunnel in written["ipsec_connections"][1]["tunnels"]:
        tunnel["local_asn"] = 0
    edits = [
        Edit("set", ("ipsec_connections", name, "tunnels", n, "local_asn"), 45110)
        for name in ("vco-1", "vco-2")
        for n in ("0", "1")
    ]
    for tunnel in written["ipsec_connections"][0]["tunnels"]:
        tunnel["local_asn"] = 0
    found_is(monkeypatch, Mending(tuple(edits), 8, True, ""))
    options = CheckOptions(properties=("documented-rules",))
    found = fix("x.json", json.dumps(written, indent=2), options, Prices())
    text = " ".join(render_fix(found, Page()).split())
    assert "There is no order in which no step makes anything worse." in text
    assert "After it, until a later step: R14 is broken, which was kept" in text


def test_expectations_that_are_outdated_are_pointed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    found_is(monkeypatch, MENDED)
    options = CheckOptions(properties=("documented-rules",))
    assert any("expect in the file" in note for note in fixed(options=options).notes)


def test_traffic_that_is_no_longer_asked_for_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a site loses its only BGP, the default intents forget it; written ones do not."""
    path = LIBRARY / "bad" / "r18-two-sites-one-prefix.json"
    written = {**document(path), "data_centers": document(path)["data_centers"]}
    written["data_centers"][1]["prefixes"] = ["10.7.0.0/16"]
    written.pop("intents", None)
    off = (Edit("set", ("ipsec_connections", "vco-2", "bgp_enabled"), False),)
    found_is(monkeypatch, Mending(off, 15, True, ""))
    options = CheckOptions(properties=("documented-rules",))
    (note, *_) = fix("x.json", json.dumps(written), options, Prices()).notes
    assert "no longer asked for" in note
    assert "to 10.7.0.0/16" in note
    asked = written | {"intents": [{"from": "vpc-a", "to": written["data_centers"][1]["id"]}]}
    assert fix("x.json", json.dumps(asked), options, Prices()).notes == ()


def test_what_was_assumed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    found_is(monkeypatch, MENDED)
    assumed = CheckOptions(("documented-rules",), {"gateway_preserves_as_path": False}, max_failures=1)
    (note, _) = fixed(options=assumed).notes
    assert note.endswith("file: gateway_preserves_as_path = false, max_failures = 1")


def test_what_is_assumed_of_a_place_is_not_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Prices] = []

    def search(_: Any, __: Any, prices: Prices) -> Mending:
        asked.append(prices)
        return MENDED

    monkeypatch.setattr(fixing, "cheapest", search)
    path = "data_centers.dc-1.readvertises"
    fixed(options=CheckOptions(("documented-rules",), {path: False}))
    assert asked[0].forbidden == (path,)


def test_control_characters_of_a_file_do_not_reach_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    found_is(monkeypatch, MENDED)
    text = BROKEN.read_text("utf-8").replace('"role": "master",', '"role": "master", // \x1b[31m')
    found = fix("x.json", text, CheckOptions(properties=("documented-rules",)), Prices())
    assert "\x1b" in found.diff
    assert "\x1b" not in render_fix(found, Page())
