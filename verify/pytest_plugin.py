"""pytest: every `*.scenario.json` that has `expect` is a test.

A scenario that comes out otherwise than it expects fails with the text that `verify` prints;
one that cannot be read fails with its faults.  Nothing slow is imported before a scenario
is found, because this plugin is loaded into every run of pytest where the package is installed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from verify.batch import Outcome

SUFFIX = ".scenario.json"


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Take the files that are scenarios by their name."""
    if not file_path.name.endswith(SUFFIX):
        return None
    return ScenarioFile.from_parent(parent, path=file_path)


class ScenarioFile(pytest.File):
    """A scenario; it holds one test, or none where nothing is expected of it."""

    def collect(self) -> Iterator[pytest.Item]:
        """The test of this scenario; one that cannot be read is a test that fails."""
        if _expects(self.path):
            yield ScenarioItem.from_parent(self, name="expect")


class ScenarioItem(pytest.Item):
    """The comparison of a scenario's verdicts with those that it expects."""

    def runtest(self) -> None:
        """Check the scenario."""
        from verify.arguments import Source
        from verify.batch import check_source
        from verify.check import CheckOptions
        from verify.status import ExitStatus

        outcome = check_source(Source(os.path.relpath(self.path)), CheckOptions())
        if outcome.status is not ExitStatus.FINE:
            raise Unexpected(outcome)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The report of the command line in place of a Python traceback."""
        if isinstance(excinfo.value, Unexpected):
            return excinfo.value.report()
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the test is and what it is called."""
        return self.path, None, f"{self.path.name}: expect"


class Unexpected(Exception):
    """A scenario that did not come out as it expects."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.source.label)
        self.outcome = outcome

    def report(self) -> str:
        """What `verify` prints about the scenario, on stdout and stderr."""
        from verify.render.layout import Page
        from verify.render.report import render_outcome, render_problem
        from verify.render.text import Detail

        text = render_outcome(self.outcome, Page(), Detail.NORMAL, several=False)
        return (text + render_problem(self.outcome, Detail.NORMAL)).rstrip("\n")


def _expects(path: Path) -> bool:
    """Whether a scenario has `expect`; one that cannot be read has to be looked at as well."""
    from verify.faults import InvalidScenario
    from verify.load import load

    try:
        return "expect" in load(str(path)).document.model_fields_set
    except (InvalidScenario, OSError):
        return True
