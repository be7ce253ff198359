"""`verify diff`: what a change of a design does."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from verify import options as given
from verify.arguments import STDIN, UsageError, known_colour
from verify.commands.settings import progressing, settings_of
from verify.render.layout import Page, printable
from verify.render.screen import Screen, page_for
from verify.status import ExitStatus

if TYPE_CHECKING:
    from verify.compared import Comparison
    from verify.load import Loaded

FORMATS = ("text", "json")

Old: TypeAlias = Annotated[str, typer.Argument(metavar="OLD", help="The scenario before the change, or -.")]
New: TypeAlias = Annotated[str, typer.Argument(metavar="NEW", help="The scenario after it, or -.")]
DiffFormat: TypeAlias = Annotated[
    str,
    typer.Option(
        "-f", "--format", metavar="FORMAT", help="text or json.", autocompletion=given.one_of(FORMATS)
    ),
]


def diff_command(
    old: Old,
    new: New,
    format: DiffFormat = "text",
    properties: given.Properties = None,
    assume: given.Assume = None,
    max_failures: given.MaxFailures = None,
    solver: given.Solver = None,
    rlimit: given.ResourceLimit = None,
    timeout: given.Timeout = None,
    color: given.Colour = "auto",
) -> int:
    """Show what the change from one scenario to another does.

    That is: what moved in the configuration, properties and rules that get worse or better, warnings, and
    each table whose selected route can differ. Exit status 1 only if something gets worse.
    """
    if format not in FORMATS:
        raise UsageError(f"unknown format {format}", f"formats: {', '.join(FORMATS)}")
    if old == new == STDIN:
        raise UsageError("only one of the scenarios can be read from standard input")
    page = page_for(sys.stdout, known_colour(color), os.environ)
    settings = settings_of(locals())
    return _show((old, new), settings, page, as_json=format == "json")


def _show(files: tuple[str, str], settings: dict[str, Any], page: Page, *, as_json: bool) -> int:
    screen = Screen()
    comparison = _compared(files, settings, screen)
    if comparison is None:
        return ExitStatus.BAD_INPUT
    from verify.compared import Trend
    from verify.render.comparison import render_comparison
    from verify.render.comparison_json import comparison_json

    screen.out(comparison_json(comparison) if as_json else render_comparison(comparison, page))
    return ExitStatus.VIOLATED if comparison.trend is Trend.WORSE else ExitStatus.FINE


def _compared(files: tuple[str, str], settings: dict[str, Any], screen: Screen) -> Comparison | None:
    """The comparison; None where an input is bad, which is then said."""
    from verify.check import CheckOptions
    from verify.comparison import compare

    loaded = _loaded(files, screen)
    if loaded is None:
        return None
    with progressing() as report:
        return compare(*loaded, CheckOptions(**settings, progress=report))


def _loaded(files: tuple[str, str], screen: Screen) -> tuple[Loaded, Loaded] | None:
    """Both scenarios; None after the faults of both were told."""
    from verify.faults import InvalidScenario
    from verify.load import load

    found, faults = [], []
    for file in files:
        try:
            found.append(load(file))
        except InvalidScenario as invalid:
            faults += [str(fault) for fault in invalid.faults]
    if faults:
        screen.err("".join(printable(fault) + "\n" for fault in dict.fromkeys(faults)))
        return None
    return found[0], found[1]
