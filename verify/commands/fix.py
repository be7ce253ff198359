"""`verify fix`: the cheapest changes after which everything is proved."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from verify import options as given
from verify.arguments import UsageError, known_colour
from verify.commands.settings import progressing, settings_of, tell_faults
from verify.render.layout import Page
from verify.render.screen import Screen, page_for
from verify.status import ExitStatus

if TYPE_CHECKING:
    from verify.fixing import Fix

FORMATS = ("text", "json", "diff")

KINDS = (
    "switch 1, site-policy 2, vpc-route 2, tunnel-address 2, quota 3, connection-asn 4, attachment 5, "
    "vbr-asn 6, upgrade 8, site-asn 10, design 12, disconnection 15, customer-gateway 20; without a --cost "
    "never: platform, requirement"
)  # the table of models/prices.py, which is slow to import

Scenario: TypeAlias = Annotated[str, typer.Argument(metavar="S", help="The scenario, or - for stdin.")]
FixFormat: TypeAlias = Annotated[
    str,
    typer.Option(
        "-f", "--format", metavar="FORMAT", help="text, json or diff.", autocompletion=given.one_of(FORMATS)
    ),
]
FixedFile: TypeAlias = Annotated[
    str | None, typer.Option("-o", "--output", metavar="FILE", help="Write the fixed scenario to a file.")
]
Costs: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--cost",
        metavar="WHAT=N",
        help=f"What a change costs. WHAT is a path (* is any text) or a kind: {KINDS}. Repeatable.",
    ),
]
Forbidden: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--forbid", metavar="WHAT", help="A path or a kind that is not to change. Repeatable."),
]


def fix_command(
    scenario: Scenario,
    format: FixFormat = "text",
    output: FixedFile = None,
    cost: Costs = None,
    forbid: Forbidden = None,
    properties: given.Properties = None,
    assume: given.Assume = None,
    max_failures: given.MaxFailures = None,
    solver: given.Solver = None,
    rlimit: given.ResourceLimit = None,
    timeout: given.Timeout = None,
    color: given.Colour = "auto",
) -> int:
    """Find the cheapest changes after which every property is proved and no rule is broken.

    Shows the change of the scenario's file, with its comments and layout kept, and the steps in the words of
    the console, in an order in which no step makes anything worse.

    Exit status: 0 fixed, or nothing to fix; 1 no fix exists within the changes that are considered; 2 usage
    or bad input; 3 the search stopped at a limit; 4 internal error.
    """
    _check(format, output)
    page = page_for(sys.stdout, known_colour(color), os.environ)
    settings = settings_of(locals())
    screen = Screen()
    found = _found(scenario, settings, (cost or [], forbid or []), screen)
    return ExitStatus.BAD_INPUT if found is None else _show(found, format, output, (page, screen))


def _check(format: str, output: str | None) -> None:
    """Refuse a format that does not exist, and a file that cannot be made."""
    if format not in FORMATS:
        raise UsageError(f"unknown format {format}", f"formats: {', '.join(FORMATS)}")
    if output is not None and (Path(output).is_dir() or not Path(output).parent.is_dir()):
        raise UsageError(f"-o: cannot write {output}", "name a file in a folder that exists")


def _found(
    scenario: str, settings: dict[str, Any], prices: tuple[list[str], list[str]], screen: Screen
) -> Fix | None:
    """The fix; None where the scenario is bad, which is then said."""
    from verify.check import CheckOptions
    from verify.commands.pricing import prices_of
    from verify.faults import InvalidScenario
    from verify.fixing import fix
    from verify.load import load, source_text

    try:
        with progressing() as report:
            text = source_text(scenario)
            wanted = prices_of(*prices, load(scenario, text).document)
            return fix(scenario, text, CheckOptions(**settings, progress=report), wanted)
    except InvalidScenario as invalid:
        tell_faults(invalid, screen)
        return None


def _show(found: Fix, format: str, output: str | None, to: tuple[Page, Screen]) -> ExitStatus:
    from verify.fixing import Answer
    from verify.render.fix import render_fix, write_text
    from verify.render.fix_json import fix_json

    page, screen = to
    status = {Answer.NONE: ExitStatus.VIOLATED, Answer.STOPPED: ExitStatus.UNDECIDED}.get(found.answer)
    written_to = output if output is not None and status is None else ""
    if written_to:
        try:
            write_text(Path(written_to), found.text)
        except OSError as error:
            screen.err(f"verify: cannot write {written_to}: {error.strerror or error}\n")
            return ExitStatus.BAD_INPUT
    if format == "text":
        screen.out(render_fix(found, page, written_to))
    else:
        screen.out(fix_json(found) if format == "json" else found.diff)
    if format == "diff" and not found.diff:
        screen.err(render_fix(found, page))
    return ExitStatus.FINE if status is None else status
