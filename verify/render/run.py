"""A run of `verify check` as it is met: each report as soon as it is there, then the summary."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from verify.batch import Outcome
from verify.render.layout import Page, printable
from verify.render.outputs import write_whole
from verify.render.progress import Progress
from verify.render.report import (
    render_outcome,
    render_outcomes,
    render_problem,
    render_summary,
)
from verify.render.screen import FILE_PAGE, Screen
from verify.render.text import Detail
from verify.status import ExitStatus, worst
from verify.verdict import Acceptance


@dataclass(frozen=True, slots=True)
class Presentation:
    """How a run is shown: format, page, detail, files to write, whether there are several scenarios.

    `accept` are the entries of files of accepted risks.
    """

    format: str
    page: Page
    detail: Detail
    files: tuple[tuple[str, Path], ...] = ()
    several: bool = False
    accept: tuple[Acceptance, ...] = ()


def show_run(
    outcomes: Iterable[Outcome], presentation: Presentation, screen: Screen, progress: Progress
) -> ExitStatus:
    """Show every outcome and return the worst status."""
    seen: list[Outcome] = []
    for outcome in outcomes:
        progress.clear()
        _show(outcome, presentation, screen)
        seen.append(outcome)
        progress.show(f"{len(seen)} checked")
    progress.clear()
    screen.out(_closing(seen, presentation))
    status = worst((*(outcome.status for outcome in seen), _astray(seen, presentation.accept, screen)))
    return worst((status, *(_write(seen, entry, presentation, screen) for entry in presentation.files)))


def _astray(seen: list[Outcome], accept: tuple[Acceptance, ...], screen: Screen) -> ExitStatus:
    """Tell of acceptances that name a scenario of which the run knows nothing."""
    names = {outcome.result.name for outcome in seen if outcome.result is not None}
    lost = [each for each in accept if each.scenario and each.scenario not in names]
    if not lost or any(outcome.result is None for outcome in seen):
        return ExitStatus.FINE
    for each in lost:
        place = f"{each.file}:{each.line}:{each.column}"
        screen.err(f"{place}: the acceptance is unused: no scenario of this run is called {each.scenario}\n")
    return ExitStatus.VIOLATED


def _show(outcome: Outcome, presentation: Presentation, screen: Screen) -> None:
    if presentation.format == "text":
        page, detail = presentation.page, presentation.detail
        screen.out(render_outcome(outcome, page, detail, several=presentation.several))
    screen.err(render_problem(outcome, presentation.detail))
    if presentation.detail is Detail.VERBOSE:
        screen.err(f"{printable(outcome.source.label)}: {outcome.seconds:.2f} s\n")


def _closing(seen: list[Outcome], presentation: Presentation) -> str:
    """What comes after the last report: the summary, or the whole of a format that is not a stream."""
    if presentation.format != "text":
        return _whole(seen, presentation.format, presentation.page, presentation)
    if presentation.several and presentation.detail > Detail.QUIET:
        return render_summary(seen, presentation.page)
    return ""


def _whole(seen: list[Outcome], name: str, page: Page, presentation: Presentation) -> str:
    return render_outcomes(seen, name, page, presentation.detail, several=presentation.several)


def _write(
    seen: list[Outcome], entry: tuple[str, Path], presentation: Presentation, screen: Screen
) -> ExitStatus:
    name, path = entry
    return write_file(path, _whole(seen, name, FILE_PAGE, presentation), screen)


def write_file(path: Path, text: str, screen: Screen) -> ExitStatus:
    """Write a text to a file; what keeps it from being written is told."""
    try:
        write_whole(path, text)
    except OSError as error:
        screen.err(f"verify: cannot write {printable(str(path))}: {error.strerror or error}\n")
        return ExitStatus.BAD_INPUT
    return ExitStatus.FINE
