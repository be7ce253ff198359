"""`verify report`: a result as one HTML page, for a design review."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from verify import options as given
from verify.arguments import STDIN, UsageError
from verify.commands.accepted import read_accept_files
from verify.commands.settings import progressing, settings_of, tell_faults
from verify.render.outputs import require_writable
from verify.render.screen import Screen
from verify.status import ExitStatus

if TYPE_CHECKING:
    from verify.load import Loaded
    from verify.verdict import Result

Scenario: TypeAlias = Annotated[str, typer.Argument(metavar="S", help="The scenario, or - for stdin.")]
ReportFile: TypeAlias = Annotated[
    str | None,
    typer.Option("-o", "--output", metavar="FILE", help="Write the page to this file, not to stdout."),
]


def report_command(
    scenario: Scenario,
    output: ReportFile = None,
    properties: given.Properties = None,
    assume: given.Assume = None,
    max_failures: given.MaxFailures = None,
    max_counterexamples: given.MaxCounterexamples = 1,
    accept: given.Accept = None,
    today: given.Today = None,
    solver: given.Solver = None,
    rlimit: given.ResourceLimit = None,
    timeout: given.Timeout = None,
) -> int:
    """Check a scenario and show the result as one HTML page.

    The page needs nothing but itself: it shows verdicts, rules, the design as a picture, and each
    counterexample on it. The exit status is that of verify check.
    """
    path = _writable(output, (scenario, *(accept or ()))) if output is not None else None
    settings = settings_of(locals())
    screen = Screen()
    risks = read_accept_files(accept or (), screen)
    if risks is None:
        return ExitStatus.BAD_INPUT
    return _report(scenario, settings | {"accept": risks}, path, screen)


def _writable(name: str, inputs: Sequence[str]) -> Path:
    """The file to write, found out before anything is solved."""
    path = Path(name)
    require_writable(name, path)
    if os.path.realpath(name) in {os.path.realpath(each) for each in inputs if each != STDIN}:
        raise UsageError(f"-o {name}: {path} is an input of this run")
    return path


def _report(scenario: str, settings: dict[str, Any], path: Path | None, screen: Screen) -> int:
    found = _checked(scenario, settings, screen)
    if found is None:
        return ExitStatus.BAD_INPUT
    from verify.render.html import render_report
    from verify.render.run import write_file
    from verify.status import exit_status, worst

    page = render_report(*found)
    status = exit_status(found[1])
    if path is not None:
        return worst((status, write_file(path, page, screen)))
    screen.out(page)
    return status


def _checked(scenario: str, settings: dict[str, Any], screen: Screen) -> tuple[Loaded, Result] | None:
    """The scenario under the assumptions of the options, and its result; None after its faults were told."""
    from verify.check import CheckOptions, check, under
    from verify.faults import InvalidScenario
    from verify.load import load

    try:
        with progressing() as report:
            options = CheckOptions(**settings, progress=report)
            loaded = load(scenario)
            result = check(loaded, options)
            return replace(loaded, document=under(loaded.document, options)), result
    except InvalidScenario as invalid:
        tell_faults(invalid, screen)
        return None
