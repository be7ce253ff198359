"""The pytest plugin, in runs of pytest of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest

from verify.starter import STARTER

pytest_plugins = ["pytester"]
WRONG = STARTER.replace('"no-routing-loops": "proved"', '"no-routing-loops": "violated"')


def test_a_scenario_that_comes_out_as_expected_is_a_passed_test(pytester: pytest.Pytester) -> None:
    (pytester.path / "one.scenario.json").write_text(STARTER)
    result = pytester.runpytest_inprocess("-v")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*one.scenario.json::expect PASSED*"])


def test_a_failing_scenario_prints_what_the_command_line_prints(pytester: pytest.Pytester) -> None:
    (pytester.path / "one.scenario.json").write_text(WRONG)
    result = pytester.runpytest_inprocess()
    result.assert_outcomes(failed=1)
    shown = subprocess.run(
        [sys.executable, "-m", "verify", "one.scenario.json"], capture_output=True, text=True, check=False
    )
    assert shown.returncode == 1
    assert "not as expected: no-routing-loops" in shown.stdout
    assert shown.stdout.rstrip() in result.stdout.str()


def test_a_scenario_without_expectations_is_no_test(pytester: pytest.Pytester) -> None:
    text = '{"version": 1, "name": "empty"}'
    (pytester.path / "one.scenario.json").write_text(text)
    (pytester.path / "two.json").write_text(STARTER)
    pytester.runpytest_inprocess().assert_outcomes()


def test_a_scenario_that_cannot_be_read_fails_with_its_faults(pytester: pytest.Pytester) -> None:
    (pytester.path / "one.scenario.json").write_text('{"version": 1,\n "nmae": "typo"}')
    result = pytester.runpytest_inprocess()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*one.scenario.json:2:*nmae*"])


def test_loading_the_plugin_imports_nothing_slow() -> None:
    probe = "import sys, verify.pytest_plugin; print(sorted({'pydantic', 'z3', 'typer'} & set(sys.modules)))"
    shown = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert shown.stdout == "[]\n"
