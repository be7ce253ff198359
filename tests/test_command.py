"""The whole command as a process, with the real engine, on the starter scenario."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from verify.schema import result_schema
from verify.starter import STARTER

BROKEN = STARTER.replace('"vpc": "vpc-1"', '"vpc": "vpc-2"')
SURPRISING = STARTER.replace('"no-routing-loops": "proved"', '"no-routing-loops": "violated"')


def verify(*arguments: str, folder: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "verify", *arguments],
        capture_output=True,
        text=True,
        input=stdin,
        cwd=folder,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.json").write_text(STARTER)
    (tmp_path / "b.json").write_text(SURPRISING)
    (tmp_path / "c.json").write_text(BROKEN)
    return tmp_path


def test_the_starter_comes_out_as_it_expects_from_a_file_and_from_stdin(folder: Path) -> None:
    from_file = verify("a.json", folder=folder)
    assert from_file.returncode == 0, from_file.stderr
    assert from_file.stdout.startswith("starter: PROVED, as expected\n")
    assert from_file.stderr == ""
    starter = verify("new", folder=folder).stdout
    assert verify("-", folder=folder, stdin=starter).stdout == from_file.stdout


def test_json_fits_its_schema_and_is_the_same_in_each_run(folder: Path) -> None:
    first = verify("-f", "json", "a.json", folder=folder).stdout
    assert verify("-f", "json", "a.json", folder=folder).stdout == first
    jsonschema.Draft202012Validator(result_schema()).validate(json.loads(first))


def test_two_processes_print_the_same_bytes_as_one(folder: Path) -> None:
    one = verify(".", folder=folder)
    two = verify("-j", "2", ".", folder=folder)
    assert (two.stdout, two.returncode) == (one.stdout, one.returncode)
    assert one.returncode == 2
    assert "c.json:" in one.stderr
    assert "vpc-2" in one.stderr


def test_only_the_named_property_is_checked(folder: Path) -> None:
    shown = verify("-f", "json", "--property", "documented-rules", "a.json", folder=folder)
    assert [entry["id"] for entry in json.loads(shown.stdout)["properties"]] == ["documented-rules"]


def test_an_assumption_that_the_scenario_has_no_place_for_is_bad_usage(folder: Path) -> None:
    settings = ("--property", "documented-rules", "--assume")
    assert verify(*settings, "data_centers.dc-1.readvertises=false", "a.json", folder=folder).returncode == 0
    shown = verify(*settings, "data_centers.dc-9.readvertises=false", "a.json", folder=folder)
    assert shown.returncode == 2
    assert "data_centers.dc-9.readvertises" in shown.stderr


def test_an_unknown_solver_is_bad_usage(folder: Path) -> None:
    shown = verify("--solver", "abacus", "a.json", folder=folder)
    assert shown.returncode == 2
    assert "abacus" in shown.stderr
    assert len(shown.stderr.splitlines()) == 1
