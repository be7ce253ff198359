"""The command `verify`: parse, call, render, exit status.

What is slow to import is imported by the command that needs it, so that help and shell
completion answer at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from verify import options as given
from verify.arguments import (
    UsageError,
    known_colour,
)
from verify.commands.check import check_command
from verify.commands.diff import diff_command
from verify.commands.evidence import evidence_command
from verify.commands.fix import fix_command
from verify.commands.report import report_command
from verify.disagreement import told
from verify.render.layout import printable
from verify.render.screen import Screen, page_for
from verify.spelling import nearest
from verify.status import ExitStatus

if TYPE_CHECKING:
    pass

class ShortForCheck(TyperGroup):
    """A group of commands in which `verify S…` means `verify check S…`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the word check in front of what is neither a command nor an option of the group."""
        own = {name for option in self.get_params(ctx) for name in option.opts}
        named = bool(args) and (args[0] in self.commands or args[0] in own)
        completing_first_word = ctx.resilient_parsing and not args
        return list(super().parse_args(ctx, args if named or completing_first_word else ["check", *args]))


app = typer.Typer(cls=ShortForCheck, rich_markup_mode=None, pretty_exceptions_enable=False)
screen = Screen()


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        screen.out(f"verify {version('routeproof')}\n")
        raise typer.Exit


Version = Annotated[
    bool, typer.Option("--version", is_eager=True, callback=_show_version, help="Show the version and exit.")
]


@app.callback()
def root(version: Version = False) -> None:
    """Prove that a hybrid-cloud BGP design cannot loop or flap, or show how it does.

    verify S... is short for verify check S...; see verify check --help for its options.

    Exit status: 0 proved or accepted, or all as the scenario expects; 1 violated, or not as expected, or an
    acceptance that does not hold; 2 usage or bad input; 3 conditional, unknown or vacuous; 4 internal error;
    130 interrupted.
    """


app.command("check")(check_command)
app.command("diff")(diff_command)
app.command("evidence")(evidence_command)
app.command("fix")(fix_command)
app.command("report")(report_command)


@app.command("explain")
def explain_command(topic: given.Topic = None, color: given.Colour = "auto") -> int:
    """Explain a rule, property, reading, verdict, kind of violation or assumption; or accept, an option."""
    page = page_for(sys.stdout, known_colour(color), os.environ)

    from verify.explain import explanations, find_explanation
    from verify.render.reference import render_explanation, render_topics

    if topic is None:
        screen.out(render_topics(explanations(), page))
        return ExitStatus.FINE
    entry = find_explanation(topic)
    if entry is None:
        close = nearest(topic, (each.id for each in explanations().values()))
        hint = f"did you mean {close}?" if close else "verify explain lists what there is"
        raise UsageError(f"nothing to explain is called {topic}", hint)
    screen.out(render_explanation(entry, page))
    return ExitStatus.FINE


@app.command("rules")
def rules_command(format: given.RuleFormat = "text", color: given.Colour = "auto") -> int:
    """Show the rulebook as a table."""
    if format not in given.RULE_FORMATS:
        raise UsageError(f"unknown format {format}", f"formats: {', '.join(given.RULE_FORMATS)}")
    page = page_for(sys.stdout, known_colour(color), os.environ)

    from verify.render.reference import render_rules

    screen.out(render_rules(format, page))
    return ExitStatus.FINE


@app.command("schema")
def schema_command(name: given.SchemaName = None) -> int:
    """Show the JSON Schemas of scenario, result, comparison, fix and accepted risks."""
    if name is not None and name not in given.SCHEMAS:
        raise UsageError(f"unknown schema {name}", f"schemas: {', '.join(given.SCHEMAS)}")

    import json

    from verify.schema import SCHEMAS as schemas

    document = schemas[name]() if name else {each: schema() for each, schema in schemas.items()}
    screen.out(json.dumps(document, indent=2) + "\n")
    return ExitStatus.FINE


@app.command("new")
def new_command() -> int:
    """Show a commented scenario to start from."""
    from verify.starter import STARTER

    screen.out(STARTER)
    return ExitStatus.FINE


def run(arguments: Sequence[str]) -> int:
    """Run the command on these arguments and return its exit status; never raises."""
    try:
        status = app(list(arguments), prog_name="verify", standalone_mode=False)
    except (KeyboardInterrupt, typer.Abort):
        status = ExitStatus.INTERRUPTED
    except Exception as error:
        return _failed(error, tell_all=bool({"-v", "--verbose"} & set(arguments)))
    if status == ExitStatus.INTERRUPTED:
        screen.err("verify: interrupted\n")
    return int(status or 0)


def _failed(error: Exception, *, tell_all: bool) -> ExitStatus:
    """Report an exception in one line: the user's mistake, or the program's with a traceback if wanted."""
    usage = str(error) if isinstance(error, UsageError) else _parser_message(error)
    if usage:
        screen.err(f"verify: {printable(usage)}\n")
        return ExitStatus.BAD_INPUT
    if tell_all:
        import traceback

        screen.err("".join(traceback.format_exception(error)))
    screen.err(f"verify: internal error: {printable(told(error))}\n")
    return ExitStatus.INTERNAL


def _parser_message(error: Exception) -> str:
    """The message of an exception of the option parser, whose classes differ between versions of typer."""
    message = getattr(error, "format_message", None)
    return f"{str(message()).rstrip('.')}; try verify --help" if callable(message) else ""


def main() -> None:
    """The console script."""
    sys.exit(run(sys.argv[1:]))
