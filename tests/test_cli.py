"""The command line: arguments, exit statuses, and what goes to which stream.

Most of these tests replace the engine by canned outcomes, one for each file name.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import verify.batch
from tests import samples
from verify import cli
from verify.arguments import Source, UsageError, find_sources, pinned_readings
from verify.batch import Outcome
from verify.render.outputs import output_files
from verify.render.screen import page_for
from verify.status import ExitStatus, exit_status, missed, worst

OUTCOMES = {
    "proved": {"result": samples.PROVED},
    "violated": {"result": samples.VIOLATED},
    "conditional": {"result": samples.CONDITIONAL},
    "expected": {"result": samples.AS_EXPECTED},
    "missed": {"result": samples.MISSED},
    "faulty": {"faults": ("faulty.json:1:2: found a comma, expected a value",)},
    "crash": {"failure": "KeyError: 'x'", "trace": "Traceback of the crash\n"},
}


def canned(source: Source, _options: object) -> Outcome:
    if Path(source.path).stem == "interrupt":
        raise KeyboardInterrupt
    return Outcome(source, **OUTCOMES[Path(source.path).stem])  # type: ignore[arg-type]  # made-up outcomes


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one file for each canned outcome, as the present folder."""
    for name in (*OUTCOMES, "interrupt"):
        (tmp_path / f"{name}.json").write_text("{}")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(verify.batch, "check_source", canned)
    monkeypatch.delenv("NO_COLOR", raising=False)
    return tmp_path


@pytest.mark.parametrize(
    ("names", "status"),
    [
        (["proved"], 0),
        (["expected"], 0),
        (["violated"], 1),
        (["missed"], 1),
        (["faulty"], 2),
        (["conditional"], 3),
        (["crash"], 4),
        (["interrupt"], 130),
        (["proved", "conditional"], 3),
        (["conditional", "violated"], 1),
        (["violated", "faulty"], 2),
        (["faulty", "crash", "proved"], 4),
    ],
)
@pytest.mark.usefixtures("folder")
def test_the_exit_status_is_the_worst_of_all_scenarios(names: list[str], status: int) -> None:
    assert cli.run([f"{name}.json" for name in names]) == status


def test_the_order_of_severity_is_internal_input_violated_undecided_fine() -> None:
    order = [ExitStatus(code) for code in (4, 2, 1, 3, 0)]
    assert [worst(order[index:]) for index in range(5)] == order
    assert worst([]) is ExitStatus.FINE


def test_a_scenario_that_expects_something_must_prove_what_it_does_not_name() -> None:
    assert missed(samples.SILENT_MISS) == ("no-routing-loops",)
    assert exit_status(samples.SILENT_MISS) is ExitStatus.VIOLATED


@pytest.mark.usefixtures("folder")
def test_check_may_be_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    cli.run(["check", "violated.json"])
    long = capsys.readouterr().out
    cli.run(["violated.json"])
    assert capsys.readouterr().out == long
    cli.run(["-f", "text", "violated.json"])
    assert capsys.readouterr().out == long


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "no scenario given"),
        (["missing.json"], "no such file or folder: missing.json"),
        (["provd.json"], "did you mean proved.json?"),
        (["explian"], "did you mean the command explain?"),
        (["--frmat", "json", "proved.json"], "--format"),
        (["-f", "yaml", "proved.json"], "unknown format yaml; formats: text, json"),
        (["-f"], "-f"),
        (["-o", "json", "proved.json"], "write FORMAT=FILE"),
        (["-o", "xml=a", "proved.json"], "unknown format xml"),
        (["-o", "json=no/such/folder.json", "proved.json"], "name a file in a folder that exists"),
        (["-o", "json=a", "-o", "text=a", "proved.json"], "twice"),
        (["--property", "no-loops", "proved.json"], "did you mean no-routing-loops?"),
        (["--assume", "vpc_prefers", "proved.json"], "write READING=VALUE"),
        (["--assume", "vpc_preferz=cen", "proved.json"], "did you mean vpc_prefers?"),
        (["--assume", "vpc_prefers=true", "proved.json"], "one of: vpn, cen"),
        (["--assume", "vpc_prefers=cen", "--assume", "vpc_prefers=vpn", "proved.json"], "two values"),
        (["-j", "0", "proved.json"], "-j"),
        (["--max-failures", "-1", "proved.json"], "--max-failures"),
        (["--timeout", "soon", "proved.json"], "--timeout"),
        (["-q", "-v", "proved.json"], "-q and -v contradict each other"),
        (["--color", "sometimes", "proved.json"], "auto, always, never"),
        (["rules", "-f", "pdf"], "formats: text, json, markdown"),
        (["schema", "results"], "unknown schema results"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_bad_usage_is_one_line_with_a_hint(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert len(shown.err.splitlines()) == 1
    assert message in shown.err


@pytest.mark.usefixtures("folder")
def test_faults_and_failures_go_to_stderr_and_the_others_are_still_checked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.run(["faulty.json", "crash.json", "proved.json"]) == 4
    shown = capsys.readouterr()
    assert "found a comma" in shown.err
    assert "internal error: KeyError: 'x'" in shown.err
    assert "Traceback" not in shown.err
    assert "PROVED" in shown.out
    assert "3 scenarios: 1 bad input, 1 internal error, 1 proved" in shown.out


@pytest.mark.usefixtures("folder")
def test_verbose_shows_the_traceback_and_times_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    cli.run(["-v", "crash.json", "proved.json"])
    shown = capsys.readouterr()
    assert "Traceback of the crash" in shown.err
    assert "proved.json: 0.00 s" in shown.err
    assert "0.00 s" not in shown.out


def test_an_unforeseen_exception_is_status_4_in_one_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("on\npurpose")

    monkeypatch.setattr(verify.batch, "check_sources", fail)
    assert cli.run([str(folder / "proved.json")]) == 4
    assert capsys.readouterr().err == "verify: internal error: ZeroDivisionError: on purpose\n"


@pytest.mark.usefixtures("folder")
def test_json_of_one_scenario_is_a_document_and_of_a_folder_an_array(
    capsys: pytest.CaptureFixture[str],
) -> None:
    cli.run(["-f", "json", "proved.json"])
    assert json.loads(capsys.readouterr().out)["verdict"] == "proved"
    Path("sub").mkdir()
    Path("sub/proved.json").write_text("{}")
    cli.run(["-f", "json", "sub"])
    assert len(json.loads(capsys.readouterr().out)) == 1
    assert cli.run(["-f", "json", "faulty.json"]) == 2
    assert capsys.readouterr().out == ""


@pytest.mark.usefixtures("folder")
def test_results_are_written_to_files_as_well(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["-o", "json=r.json", "-o", "text=r.txt", "--color", "always", "violated.json"]
    assert cli.run(arguments) == 1
    assert "\x1b[31m" in capsys.readouterr().out
    assert json.loads(Path("r.json").read_text())["verdict"] == "violated"
    assert "\x1b" not in Path("r.txt").read_text()


@pytest.mark.usefixtures("folder")
def test_quiet_shows_the_verdict_lines_alone(capsys: pytest.CaptureFixture[str]) -> None:
    cli.run(["-q", "violated.json"])
    shown = capsys.readouterr().out
    assert "no-routing-loops" in shown
    assert "Readings needed" not in shown


def test_a_folder_gives_all_its_scenarios_sorted_and_leaves_out_hidden_folders(tmp_path: Path) -> None:
    for name in ("b.json", "a.json", "sub/c.json", ".hidden/d.json", "e.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("{}")
    found = find_sources([str(tmp_path)])
    assert [os.path.relpath(source.path, tmp_path) for source in found] == ["a.json", "b.json", "sub/c.json"]
    assert find_sources([str(tmp_path / "a.json"), str(tmp_path)])[0].found_in_folder is False
    assert len(find_sources([str(tmp_path), str(tmp_path)])) == 3


def test_a_folder_without_scenarios_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no scenario in folder"):
        find_sources([str(tmp_path)])


def test_readings_are_pinned_with_their_own_types() -> None:
    assert pinned_readings(["gateway_preserves_as_path=False", "vbr_preserves_as_path@vbr-1=true"]) == {
        "gateway_preserves_as_path": False,
        "vbr_preserves_as_path@vbr-1": True,
    }
    assert pinned_readings(["gateway_prefers = as_path"]) == {"gateway_prefers": "as_path"}


def test_open_values_are_pinned_by_their_path() -> None:
    settings = ["data_centers.dc-1.readvertises=false", "a.b=65001", "data_centers.dc-1.prefers=internal"]
    assert list(pinned_readings(settings).values()) == [False, 65001, "internal"]


def test_an_output_file_may_have_an_equals_sign_in_its_name(tmp_path: Path) -> None:
    assert output_files([f"json={tmp_path}/a=b"]) == (("json", tmp_path / "a=b"),)


class Terminal:
    def __init__(self, terminal: bool) -> None:
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


@pytest.mark.parametrize(
    ("terminal", "when", "environment", "colour"),
    [
        (True, "auto", {}, True),
        (False, "auto", {}, False),
        (True, "never", {}, False),
        (False, "always", {"NO_COLOR": "1"}, True),
        (True, "auto", {"NO_COLOR": "1"}, False),
        (True, "auto", {"NO_COLOR": ""}, True),
        (True, "auto", {"TERM": "dumb"}, False),
    ],
)
def test_colour_is_for_terminals_unless_told_otherwise(
    terminal: bool, when: str, environment: dict[str, str], colour: bool
) -> None:
    assert page_for(Terminal(terminal), when, environment).colour is colour  # type: ignore[arg-type]  # a stand-in stream


def test_text_that_is_no_terminal_is_80_columns_wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert page_for(Terminal(False), "auto", {}).width == 80  # type: ignore[arg-type]  # a stand-in stream
    assert page_for(Terminal(True), "auto", {}).width == 200  # type: ignore[arg-type]  # a stand-in stream


def command(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "verify", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        check=False,
    )


def test_help_answers_at_once_and_imports_nothing_slow() -> None:
    start = time.perf_counter()
    assert "explain" in command("--help").stdout
    assert time.perf_counter() - start < 2  # far above what is meant, for slow machines
    probe = (
        "import sys; from verify import cli; cli.run(['--help']);"
        "print(sorted({'pydantic', 'z3', 'pysmt', 'networkx', 'rich'} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert shown.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("words", "position", "offered"),
    [
        ("verify ", 1, "explain"),
        ("verify -f ", 2, "json"),
        ("verify check --property no-r", 3, "no-routing-loops"),
        ("verify --assume vpc_prefers=", 2, "vpc_prefers=cen"),
    ],
)
def test_the_shell_can_complete(words: str, position: int, offered: str) -> None:
    shown = command(_VERIFY_COMPLETE="complete_bash", COMP_WORDS=words, COMP_CWORD=str(position))
    assert offered in shown.stdout.split()


def test_a_reader_that_goes_away_is_no_error() -> None:
    pipe = subprocess.Popen(
        [sys.executable, "-m", "verify", "schema"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert pipe.stdout is not None
    assert pipe.stderr is not None
    pipe.stdout.close()
    assert pipe.wait() == 0
    assert pipe.stderr.read() == b""


def test_the_public_names_are_functions_even_after_their_modules_were_imported() -> None:
    probe = (
        "import importlib; importlib.import_module('verify.check'); importlib.import_module('verify.load');"
        "from verify import check, load; print(callable(check), callable(load))"
    )
    shown = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert shown.stdout == "True True\n"
