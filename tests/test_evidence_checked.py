"""A bundle that was tampered with is noticed, whatever was changed, and one that was not is made again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.evidence_bundles import (
    BAD,
    CONDITIONAL,
    GADGET,
    GOOD,
    OPEN,
    bundle,
    content,
    copied,
    files,
    resealed,
    rewritten,
)
from verify import cli
from verify.certificates.checker import check_folder
from verify.evidence.checking import findings

Json = dict[str, Any]
LOOPS = "no-routing-loops"


def check(folder: Path) -> int:
    return cli.run(["evidence", "--check", str(folder)])


def reproduce(folder: Path) -> int:
    return cli.run(["evidence", "--reproduce", str(folder)])


# --- changed, and not -------------------------------------------------------------


@pytest.mark.parametrize("name", [GOOD, BAD, GADGET])
def test_a_flipped_byte_is_noticed_in_every_file(name: str, tmp_path: Path) -> None:
    folder = copied(name, tmp_path)
    assert check(folder) == 0
    unnoticed = []
    for file, text in files(folder).items():
        for place in {0, len(text) // 2, len(text) - 1} if text else set():
            (folder / file).write_bytes(text[:place] + bytes([text[place] ^ 1]) + text[place + 1 :])
            if not findings(folder):
                unnoticed.append((file, place))
        (folder / file).write_bytes(text + b"\n")
        if not findings(folder):
            unnoticed.append((file, len(text)))
        (folder / file).write_bytes(text)
    assert unnoticed == []
    assert check(folder) == 0


def test_a_removed_file_is_noticed(tmp_path: Path) -> None:
    folder = copied(BAD, tmp_path)
    for file, text in files(folder).items():
        (folder / file).unlink()
        assert check(folder) == 1, file
        (folder / file).write_bytes(text)
    assert check(folder) == 0


def test_an_added_file_folder_or_link_is_noticed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = copied(BAD, tmp_path)
    (folder / "certificates" / ".hidden").write_text("x")
    (folder / "empty").mkdir()
    (folder / "result.json").unlink()
    (folder / "result.json").symlink_to(bundle(BAD) / "result.json")
    assert check(folder) == 1
    told = capsys.readouterr().out.splitlines()
    assert {"certificates/.hidden is not in the manifest", "empty/ is not in the manifest"} <= set(told)
    assert "result.json is no plain file" in told


def test_the_digest_of_the_manifest_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    digest = (bundle(GOOD) / "manifest.sha256").read_text().split()[0]
    capsys.readouterr()
    assert check(bundle(GOOD)) == 0
    assert digest in capsys.readouterr().out


# --- changed together with the manifest -------------------------------------------


def verdict_of(property_id: str, verdict: str) -> Callable[[Json], None]:
    def change(document: Json) -> None:
        (entry,) = (each for each in document["properties"] if each["id"] == property_id)
        entry["verdict"] = verdict

    return change


def forged(folder: Path, property_id: str, verdict: str) -> None:
    rewritten(folder, "result.json", verdict_of(property_id, verdict))

    def verdicts(manifest: Json) -> None:
        manifest["verdicts"][property_id] = verdict

    resealed(folder, verdicts)


def test_a_manifest_written_anew_for_the_same_files_is_no_finding(tmp_path: Path) -> None:
    folder = copied(GOOD, tmp_path)
    resealed(folder)
    assert findings(folder) == []


@pytest.mark.parametrize(
    ("name", "property_id", "verdict"),
    [
        (CONDITIONAL, "no-route-flapping", "proved"),
        (BAD, "no-ineffective-routes", "proved"),
        (CONDITIONAL, "documented-rules", "proved"),
        (GOOD, LOOPS, "violated"),
        (GOOD, LOOPS, "unknown"),
        (GADGET, "no-route-flapping", "vacuous"),
    ],
)
def test_another_verdict_is_noticed(name: str, property_id: str, verdict: str, tmp_path: Path) -> None:
    folder = copied(name, tmp_path)
    forged(folder, property_id, verdict)
    assert findings(folder)


def test_a_forged_proof_lacks_its_certificate(tmp_path: Path) -> None:
    folder = copied(CONDITIONAL, tmp_path)
    forged(folder, "no-route-flapping", "proved")
    assert "no-route-flapping is proved, as result.json says, but has no certificate" in findings(folder)


def test_certificates_of_another_scenario_are_noticed(tmp_path: Path) -> None:
    folder = copied(GOOD, tmp_path)
    shutil.rmtree(folder / "certificates")
    shutil.copytree(bundle("good/two-sites-one-gateway") / "certificates", folder / "certificates")
    resealed(folder)
    assert not [reason for _, reason in check_folder(folder / "certificates") if reason]
    found = findings(folder)
    assert any("certificates is about another scenario" in each for each in found)

    def same_scenario(index: Json) -> None:
        index["scenario"] = content(bundle(GOOD), "certificates/index.json")["scenario"]

    rewritten(folder, "certificates/index.json", same_scenario)
    resealed(folder)
    assert any("than the scenario gives" in each or "another" in each for each in findings(folder))


def test_a_certificate_less_is_noticed(tmp_path: Path) -> None:
    folder = copied(GOOD, tmp_path)

    def shorter(index: Json) -> None:
        gone = index["certificates"].pop()
        index["proved"][gone["property"]] -= 1
        if not index["proved"][gone["property"]]:
            del index["proved"][gone["property"]]
        for each in gone["files"].values():
            (folder / "certificates" / each["file"]).unlink()

    rewritten(folder, "certificates/index.json", shorter)
    resealed(folder)
    assert findings(folder)


def test_an_altered_scenario_is_noticed(tmp_path: Path) -> None:
    folder = copied(GOOD, tmp_path)
    (path,) = (folder / "scenario").iterdir()
    path.write_text(path.read_text().replace("65001", "65002"))
    resealed(folder)
    assert any("is about another scenario" in each for each in findings(folder))


@pytest.mark.parametrize("file", ["SUMMARY.md", "normalised.json", "assumptions.json", "coverage.json"])
def test_a_text_that_says_otherwise_is_noticed(file: str, tmp_path: Path) -> None:
    folder = copied(BAD, tmp_path)
    (folder / file).write_text((folder / file).read_text().replace("e", "a", 1))
    resealed(folder)
    assert findings(folder) == [f"{file} is not what follows from result.json and the scenario"]


def test_other_options_are_noticed(tmp_path: Path) -> None:
    folder = copied(OPEN, tmp_path)

    def pinned(manifest: Json) -> None:
        manifest["options"]["assume"] = {"gateway_prefers": "cloud"}

    resealed(folder, pinned)
    assert findings(folder)


def test_a_kept_rule_that_is_said_to_be_broken_is_noticed(tmp_path: Path) -> None:
    folder = copied(GOOD, tmp_path)

    def broken(result: Json) -> None:
        result["rules"][0]["status"] = "broken" if result["rules"][0]["status"] != "broken" else "kept"

    rewritten(folder, "result.json", broken)
    resealed(folder)
    assert any(each.startswith("result.json: ") for each in findings(folder))


def test_an_acceptance_that_nobody_wrote_is_noticed(tmp_path: Path) -> None:
    folder = copied(BAD, tmp_path)
    risk = {"finding": "x", "reason": "y", "owner": "z", "expires": "2099-01-01"}
    rewritten(folder, "result.json", lambda result: result["accepted"].append(risk))
    resealed(folder)
    assert "result.json: nobody accepts x as it is said there" in findings(folder)


@pytest.mark.parametrize(
    "change",
    [
        lambda manifest: manifest.update(options={}),
        lambda manifest: manifest.update(options=None),
        lambda manifest: manifest["options"].update(properties=[1]),
        lambda manifest: manifest["options"].update(assume={"x": []}),
        lambda manifest: manifest["options"].update(today="yesterday"),
        lambda manifest: manifest.update(files=None),
        lambda manifest: manifest.update(files=[]),
        lambda manifest: manifest["files"].append(manifest["files"][0]),
        lambda manifest: manifest.update(verdicts=None),
        lambda manifest: manifest.update(kind="something else"),
        lambda manifest: manifest.update(format_version="9.0"),
        lambda manifest: manifest.pop("scenario"),
        lambda manifest: manifest.update(certificates={}),
        lambda manifest: manifest.update(command="verify evidence other.json -o x"),
    ],
)
def test_a_manifest_of_another_form_is_a_finding_and_no_crash(
    change: Callable[[Json], None], tmp_path: Path
) -> None:
    folder = copied(GOOD, tmp_path)
    resealed(folder, change)
    assert check(folder) == 1


def test_another_result_of_another_form_is_a_finding_and_no_crash(tmp_path: Path) -> None:
    folder = copied(BAD, tmp_path)
    for text in ("[]", "{}", "null", '{"properties": [1]}', "["):
        (folder / "result.json").write_text(text)
        resealed(folder)
        assert check(folder) == 1, text


# --- made again -------------------------------------------------------------------


@pytest.mark.parametrize("name", [GOOD, GADGET, OPEN])
def test_a_bundle_is_made_again_byte_for_byte(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    folder = bundle(name)
    capsys.readouterr()
    assert reproduce(folder) == 0
    assert capsys.readouterr().out.startswith("the same, byte for byte: ")


def test_what_is_not_made_again_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = copied(BAD, tmp_path)
    (folder / "report.html").write_text("nothing\n")
    (folder / "more.txt").write_text("more\n")
    (folder / "result.sarif").unlink()
    resealed(folder)
    capsys.readouterr()
    assert reproduce(folder) == 1
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "result.sarif is missing"
    assert {"more.txt is not made again", "report.html differs", "manifest.json differs"} <= set(told)


@pytest.mark.parametrize("file", ["manifest.json", "manifest.sha256"])
def test_a_blank_in_the_manifest_differs(file: str, tmp_path: Path) -> None:
    folder = copied(BAD, tmp_path)
    (folder / file).write_bytes((folder / file).read_bytes() + b" ")
    assert reproduce(folder) == 1


def other_version(manifest: Json) -> None:
    manifest["versions"]["pysmt"] = "0.0.1"


def test_another_version_is_told_first_and_is_no_tampering(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = copied(BAD, tmp_path)
    resealed(folder, other_version)
    capsys.readouterr()
    assert reproduce(folder) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("another version: pysmt 0.0.1 took part")
    assert told[-1].startswith("the same, byte for byte, but for the versions")
    assert check(folder) == 0
    assert capsys.readouterr().err.startswith("note: pysmt 0.0.1 took part")


def test_a_difference_under_another_version_is_told_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = copied(BAD, tmp_path)
    (folder / "report.html").write_text("nothing\n")
    resealed(folder, other_version)
    capsys.readouterr()
    assert reproduce(folder) == 1
    assert "says nothing of tampering" in capsys.readouterr().out.splitlines()[-1]


def test_what_is_no_bundle_cannot_be_made_again(tmp_path: Path) -> None:
    assert reproduce(tmp_path) == 1
    assert check(tmp_path) == 1
