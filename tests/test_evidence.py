"""`verify evidence`: what a bundle holds, that it is the same each time, and where it may be put."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.evidence_bundles import (
    BAD,
    CONDITIONAL,
    EVERY,
    GADGET,
    GOOD,
    OPEN,
    bundle,
    content,
    files,
    scenario,
)
from tests.shipped import LIBRARY
from verify import cli
from verify.certificates import checker
from verify.certificates.trimming import NotTrimmed
from verify.evidence.checking import findings
from verify.evidence.given import UNNAMED, stored_name
from verify.evidence.manifest import command
from verify.load import load
from verify.solve import SolversDisagree

Json = dict[str, Any]
TOP = {
    *("SUMMARY.md", "report.html", "normalised.json", "assumptions.json", "coverage.json"),
    *("result.json", "result.sarif", "result.junit.xml", "manifest.json", "manifest.sha256"),
}
HOSTILE = "</script><b>`x` [a](http://b) @all | # \u00e9"


def made(path: Path, folder: Path, *options: str) -> int:
    return cli.run(["evidence", str(path), "-o", str(folder), *options])


# --- what is in it ----------------------------------------------------------------


@pytest.mark.parametrize("name", EVERY)
def test_a_bundle_is_complete_and_in_order(name: str) -> None:
    folder = bundle(name)
    found = set(files(folder))
    assert found >= TOP | {f"scenario/{Path(name).name}.json", "certificates/index.json"}
    assert findings(folder) == []
    failing = [e["id"] for e in content(folder, "result.json")["properties"] if "counterexample" in e]
    for property_id in failing:
        parts = ("scenario.json", "counterexample.json", "counterexample.txt")
        assert found >= {f"counterexamples/{property_id}/{part}" for part in parts}
    assert {each.split("/")[1] for each in found if each.startswith("counterexamples/")} == set(failing)


@pytest.mark.parametrize("name", EVERY)
def test_every_verdict_stands_in_one_line_with_its_scope(name: str) -> None:
    lines = (bundle(name) / "SUMMARY.md").read_text().splitlines()
    for entry in content(bundle(name), "result.json")["properties"]:
        start = f"- **{entry['verdict'].upper()}** `{entry['id']}`: "
        (line,) = (each for each in lines if each.startswith(start))
        assert " Scope: " in line
    verdicts = ("PROVED", "VIOLATED", "CONDITIONAL", "UNKNOWN", "VACUOUS")
    assert all(" Scope: " in line for line in lines if any(word in line for word in verdicts))


def test_the_scope_of_a_proof_names_readings_events_and_assumptions() -> None:
    summary = (bundle(GOOD) / "SUMMARY.md").read_text()
    (line,) = (each for each in summary.splitlines() if "**PROVED** `no-routing-loops`" in each)
    for part in ("every order of neighbours", "any routes withdrawn", "no failures", "split-horizon"):
        assert part in line
    assert "accepted by the checker" in line


def test_the_scope_of_a_conditional_verdict_names_the_readings_that_it_needs() -> None:
    result = content(bundle(CONDITIONAL), "result.json")
    (entry,) = (each for each in result["properties"] if each["id"] == "no-route-flapping")
    (line,) = (
        each
        for each in (bundle(CONDITIONAL) / "SUMMARY.md").read_text().splitlines()
        if "`no-route-flapping`: " in each
    )
    assert entry["verdict"] == "conditional"
    assert all(name.replace("_", "\\_") in line for name in entry["counterexample"]["readings"])


def test_the_scenario_is_there_byte_for_byte() -> None:
    kept = (bundle(GOOD) / "scenario" / f"{Path(GOOD).name}.json").read_bytes()
    assert kept == (LIBRARY / f"{GOOD}.json").read_bytes()
    assert content(bundle(GOOD), "manifest.json")["scenario"]["sha256"] == sha256(kept).hexdigest()


def test_the_manifest_has_every_other_file_with_its_digest_and_size() -> None:
    folder = bundle(GOOD)
    listed = {each["path"]: each for each in content(folder, "manifest.json")["files"]}
    others = {name: text for name, text in files(folder).items() if not name.startswith("manifest.")}
    assert listed.keys() == others.keys()
    for name, text in others.items():
        assert (listed[name]["sha256"], listed[name]["bytes"]) == (sha256(text).hexdigest(), len(text))


def test_every_proof_has_certificates_that_the_standard_library_checks() -> None:
    folder = bundle(GOOD)
    proved = [e["id"] for e in content(folder, "result.json")["properties"] if e["verdict"] == "proved"]
    assert list(content(folder, "certificates/index.json")["proved"]) == proved
    assert checker.main([str(folder / "certificates")]) == 0


def test_the_result_is_that_of_verify_check(capsys: pytest.CaptureFixture[str]) -> None:
    folder = bundle(OPEN)
    capsys.readouterr()
    cli.run(["check", scenario(OPEN), "-f", "json"])
    assert capsys.readouterr().out == (folder / "result.json").read_text()


def test_a_counterexample_is_a_scenario_that_fails_the_same_way() -> None:
    entry = content(bundle(BAD), "counterexamples/no-ineffective-routes/counterexample.json")
    saved = bundle(BAD) / "counterexamples/no-ineffective-routes/scenario.json"
    assert load(saved).document.expect["no-ineffective-routes"] == "violated"
    assert entry["verdict"] == "violated"


def test_a_gadget_has_no_readings_but_assumptions() -> None:
    assumptions = content(bundle(GADGET), "assumptions.json")
    assert assumptions["readings"] == []
    assert "fifo-sessions" in {each["id"] for each in assumptions["assumptions"]}


def test_a_proof_that_cannot_be_checked_is_said_to_be_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def untrimmed(*_: object) -> str:
        raise NotTrimmed("too hard")

    monkeypatch.setattr("verify.certificates.trimming.lrat", untrimmed)
    folder = tmp_path / "one"
    assert made(LIBRARY / f"{OPEN}.json", folder) == 0
    assert "not checkable" in capsys.readouterr().out
    (line,) = (
        each
        for each in (folder / "SUMMARY.md").read_text().splitlines()
        if each.startswith("- **PROVED** `documented-rules`")
    )
    assert "1 of 1 not checkable (unchecked: second solver only: too hard)" in line
    assert "not checkable" in content(folder, "manifest.json")["certificates"]["documented-rules"]
    assert cli.run(["evidence", "--check", str(folder)]) == 1
    assert "unchecked: second solver only: too hard" in capsys.readouterr().out


# --- the same each time -----------------------------------------------------------


def test_another_folder_and_another_hash_seed_give_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "designs").mkdir()
    copy = tmp_path / "designs" / f"{Path(OPEN).name}.json"
    copy.write_bytes((LIBRARY / f"{OPEN}.json").read_bytes())
    command = [sys.executable, "-m", "verify", "evidence", copy.name, "-o", "../out/put"]
    (tmp_path / "out").mkdir()
    environment = {**os.environ, "PYTHONHASHSEED": "77", "TZ": "Asia/Shanghai", "COLUMNS": "200"}
    done = subprocess.run(command, cwd=copy.parent, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert files(tmp_path / "out" / "put") == files(bundle(OPEN))


def test_no_time_and_no_place_is_in_a_bundle() -> None:
    today = datetime.now(UTC).date().isoformat()
    for name, text in files(bundle(GOOD)).items():
        assert today.encode() not in text, name
        assert str(LIBRARY).encode() not in text, name


def test_the_command_in_the_manifest_makes_the_same_bundle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "one"
    options = ("--assume", "gateway_prefers=bgp", "--property", "no-routing-loops", "--max-failures", "1")
    assert made(LIBRARY / f"{OPEN}.json", folder, *options) in (0, 1)
    monkeypatch.chdir(folder)
    words = content(folder, "manifest.json")["command"].split()
    assert words[:2] == ["verify", "evidence"]
    cli.run(words[1:])
    assert files(tmp_path / "again") == files(folder)


def test_words_of_a_command_are_quoted() -> None:
    nothing = dict.fromkeys(("max_failures", "today", "rlimit", "timeout"))
    values = {"a.b c": "x y"}
    options = {"properties": [], "assume": values, "max_counterexamples": 1, "solvers": ["one"], **nothing}
    assert "'a.b c=x y'" in command("scenario/$(x).json", (), options)
    assert "'scenario/$(x).json'" in command("scenario/$(x).json", (), options)


def accepting(tmp_path: Path, expires: str) -> Path:
    document = json.loads((LIBRARY / f"{BAD}.json").read_text())
    (entry,) = (
        e for e in content(bundle(BAD), "result.json")["properties"] if e["id"] == "no-ineffective-routes"
    )
    risk = {"finding": entry["finding"], "reason": HOSTILE, "owner": "net|team", "expires": expires}
    path = tmp_path / "design.json"
    path.write_text(json.dumps({**document, "accept": [risk]}))
    return path


def test_the_day_is_kept_where_something_is_accepted(tmp_path: Path) -> None:
    path = accepting(tmp_path, "2027-03-31")
    made(path, tmp_path / "one", "--today", "2027-03-01")
    assert content(tmp_path / "one", "manifest.json")["options"]["today"] == "2027-03-01"
    assert "--today 2027-03-01" in (tmp_path / "one" / "SUMMARY.md").read_text()
    assert findings(tmp_path / "one") == []
    assert "(accepted)" in (tmp_path / "one" / "SUMMARY.md").read_text()
    made(path, tmp_path / "two", "--today", "2027-05-01")
    assert "does not hold" in (tmp_path / "two" / "SUMMARY.md").read_text()


def test_the_day_is_left_out_where_it_plays_no_part(tmp_path: Path) -> None:
    made(LIBRARY / f"{GOOD}.json", tmp_path / "one", "--today", "2031-01-01")
    assert files(tmp_path / "one") == files(bundle(GOOD))


def test_a_file_of_accepted_risks_is_kept(tmp_path: Path) -> None:
    path = accepting(tmp_path, "2027-03-31")
    root = json.loads(path.read_text())
    path.write_text(json.dumps({key: value for key, value in root.items() if key != "accept"}))
    (tmp_path / "risks.json").write_text(json.dumps({"accept": root["accept"]}))
    made(path, tmp_path / "one", "--accept", str(tmp_path / "risks.json"), "--today", "2027-01-01")
    assert (tmp_path / "one/accept/001.json").read_bytes() == (tmp_path / "risks.json").read_bytes()
    assert findings(tmp_path / "one") == []
    assert cli.run(["evidence", "--reproduce", str(tmp_path / "one")]) == 0


# --- names ------------------------------------------------------------------------


def test_hostile_names_become_neither_markup_nor_paths(tmp_path: Path) -> None:
    document = json.loads((LIBRARY / f"{BAD}.json").read_text())
    path = tmp_path / "$(touch x) `y`.json"
    path.write_text(json.dumps({**document, "name": HOSTILE, "description": HOSTILE}))
    assert made(path, tmp_path / "one") == 0
    summary = (tmp_path / "one" / "SUMMARY.md").read_text()
    assert HOSTILE not in summary
    assert "<b>" not in summary
    assert findings(tmp_path / "one") == []
    assert (tmp_path / "one/scenario" / path.name).exists()


@pytest.mark.parametrize("name", ["-", "a\nb.json", "a:b.json", "..", "x. ", "\udcff.json", "n" * 201, ""])
def test_a_name_that_not_every_system_takes_is_replaced(name: str) -> None:
    assert stored_name(name) == UNNAMED


def test_other_names_stay_and_lose_their_folder() -> None:
    assert [stored_name(name) for name in ("a/b.json", "/x/München 1.json")] == ["b.json", "München 1.json"]


# --- where it is put --------------------------------------------------------------


def test_an_older_bundle_is_replaced_as_a_whole(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    assert made(LIBRARY / f"{BAD}.json", folder) == 0
    assert made(LIBRARY / f"{GOOD}.json", folder) == 0
    assert files(folder) == files(bundle(GOOD))
    assert [each.name for each in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize(
    ("error", "status"), [(KeyboardInterrupt(), 130), (SolversDisagree("x", "(check-sat)"), 4)]
)
def test_a_run_that_ends_early_leaves_the_older_bundle(
    error: BaseException, status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise error

    (tmp_path / "place").mkdir()
    folder = shutil.copytree(bundle(GOOD), tmp_path / "place" / "one")
    monkeypatch.setattr("verify.evidence.making.check", fails)
    monkeypatch.chdir(tmp_path)
    assert made(LIBRARY / f"{BAD}.json", folder) == status
    assert files(folder) == files(bundle(GOOD))
    assert [each.name for each in folder.parent.iterdir()] == ["one"]
    assert bool(list(tmp_path.glob("disagreement-*.smt2"))) == (status == 4)


@pytest.mark.parametrize("place", ["notes", "file", "no/folder", "bundle-and-more", "."])
def test_another_folder_is_left_alone(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("verify.evidence.making.check", None)  # nothing is solved
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "mine.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    for name, text in files(bundle(GOOD)).items():
        target = tmp_path / "bundle-and-more" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text)
    (tmp_path / "bundle-and-more" / "mine.txt").write_text("mine")
    before = files(tmp_path)
    assert made(LIBRARY / f"{GOOD}.json", Path(place)) == 2
    assert capsys.readouterr().err.startswith(f"verify: -o {place}: ")
    assert files(tmp_path) == before


def test_a_folder_that_holds_the_scenario_is_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    kept = bundle(GOOD) / "scenario" / f"{Path(GOOD).name}.json"
    assert made(kept, bundle(GOOD)) == 2
    assert "input of this run" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "no scenario given"),
        ([scenario(GOOD)], "no folder given"),
        ([scenario(GOOD), "--check", "x"], "take a folder and nothing else"),
        (["--check", "x", "--today", "2027-01-01"], "take a folder and nothing else"),
        (["--check", "no-such-folder"], "no such folder"),
        (["--reproduce", "no-such-folder"], "no such folder"),
        ([scenario(GOOD), "-o", "x", "--assume", "data_centers.x.y=true"], "--assume: found"),
        (["no-such.json", "-o", "x"], "no-such.json: found"),
    ],
)
def test_mistakes_are_told(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.run(["evidence", *arguments]) == 2
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
