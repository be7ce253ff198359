"""`verify check`, which is also what is meant where no command is named."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verify import options as given
from verify.arguments import (
    COMMANDS,
    UsageError,
    find_sources,
    known_colour,
    known_format,
)
from verify.commands.saving import saved, saved_file
from verify.commands.settings import settings_of
from verify.render.outputs import output_files
from verify.render.screen import Screen, page_for
from verify.status import ExitStatus

if TYPE_CHECKING:
    from verify.arguments import Source
    from verify.render.run import Presentation

screen = Screen()


def check_command(
    scenarios: given.Scenarios = None,
    format: given.Format = "text",
    output: given.Output = None,
    properties: given.Properties = None,
    assume: given.Assume = None,
    max_failures: given.MaxFailures = None,
    max_counterexamples: given.MaxCounterexamples = 1,
    save_counterexample: given.SaveCounterexample = None,
    accept: given.Accept = None,
    today: given.Today = None,
    solver: given.Solver = None,
    rlimit: given.ResourceLimit = None,
    timeout: given.Timeout = None,
    jobs: given.Jobs = 1,
    quiet: given.Quiet = False,
    verbose: given.Verbose = False,
    color: given.Colour = "auto",
) -> int:
    """Check all properties of each scenario."""
    sources = find_sources(scenarios or (), COMMANDS)
    saving = saved_file(save_counterexample, sources)
    settings = settings_of(locals())
    files = output_files(output or (), (*(source.path for source in sources), *(accept or ())))
    several = len(sources) > 1 or any(source.found_in_folder for source in sources)

    from verify.render.run import Presentation

    page = page_for(sys.stdout, known_colour(color), os.environ)
    shown = Presentation(known_format(format), page, _detail(quiet, verbose), files, several)
    return _run(sources, (settings, accept or (), jobs), shown, saving)


def _detail(quiet: bool, verbose: bool) -> Any:
    from verify.render.text import Detail

    if quiet and verbose:
        raise UsageError("-q and -v contradict each other")
    return Detail.QUIET if quiet else Detail.VERBOSE if verbose else Detail.NORMAL


def _run(
    sources: Sequence[Source],
    how: tuple[dict[str, Any], Sequence[str], int],
    shown: Presentation,
    saving: Path | None,
) -> int:
    from dataclasses import replace

    from verify.batch import check_sources
    from verify.check import CheckOptions
    from verify.commands.accepted import read_accept_files
    from verify.render.progress import Progress
    from verify.render.run import show_run

    settings, accept, jobs = how
    risks = read_accept_files(accept, screen)
    if risks is None:
        return ExitStatus.BAD_INPUT
    progress = Progress(sys.stderr, page_for(sys.stderr, "never", os.environ).width)
    options = CheckOptions(**settings, accept=risks, progress=progress.reporter())
    outcomes = check_sources(sources, options, jobs)
    if saving is not None:
        outcomes = saved(outcomes, saving, options, screen)
    return int(show_run(outcomes, replace(shown, accept=risks), screen, progress))
