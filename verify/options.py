"""The options of the command line: their names, help and completion, each declared once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated, TypeAlias

import typer

from verify.arguments import COLOURS, FORMATS
from verify.glossary import PROPERTIES
from verify.models.readings import READINGS

Completion: TypeAlias = Callable[[str], list[str]]


def one_of(words: Iterable[str]) -> Completion:
    """Completion over known words."""
    known = tuple(words)

    def complete(incomplete: str) -> list[str]:
        return [word for word in known if word.lower().startswith(incomplete.lower())]

    return complete


def complete_topic(incomplete: str) -> list[str]:
    """Completion over everything that can be explained."""
    from verify.explain import explanations  # slow: reads the rulebook

    return one_of(entry.id for entry in explanations().values())(incomplete)


SETTINGS = tuple(f"{reading.id}={str(value).lower()}" for reading in READINGS for value in reading.values)
SCHEMAS = ("scenario", "result", "comparison", "fix", "accept")
RULE_FORMATS = ("text", "json", "markdown")

Scenarios: TypeAlias = Annotated[
    list[str] | None,
    typer.Argument(metavar="S...", help="Files, folders (all *.json in them), or - for stdin."),
]
Format: TypeAlias = Annotated[
    str,
    typer.Option(
        "-f",
        "--format",
        metavar="FORMAT",
        help=f"One of: {', '.join(FORMATS)}.",
        autocompletion=one_of(FORMATS),
    ),
]
Output: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "-o", "--output", metavar="FORMAT=FILE", help="Also write the results to a file. Repeatable."
    ),
]
Properties: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--property", metavar="ID", help="Check this property. Repeatable.", autocompletion=one_of(PROPERTIES)
    ),
]
Assume: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--assume",
        metavar="READING=VALUE",
        help="Pin a reading, or an open value by its path. Repeatable.",
        autocompletion=one_of(SETTINGS),
    ),
]
MaxFailures: TypeAlias = Annotated[
    int | None, typer.Option("--max-failures", metavar="K", min=0, help="Let at most K things fail at once.")
]
MaxCounterexamples: TypeAlias = Annotated[
    int,
    typer.Option(
        "--max-counterexamples", metavar="N", min=1, help="Show up to N of each property, of different kinds."
    ),
]
SaveCounterexample: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--save-counterexample",
        metavar="FILE",
        help="Write the first counterexample as a scenario that has only what it needs.",
    ),
]
Accept: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--accept", metavar="FILE", help="A file of accepted risks; see verify explain accept. Repeatable."
    ),
]
Today: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--today", metavar="YYYY-MM-DD", help="The day on which acceptances are looked at. Default: now, UTC."
    ),
]
Solver: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--solver", metavar="NAME[,NAME]", help="The solver; a second one cross-checks it."),
]
ResourceLimit: TypeAlias = Annotated[
    int | None, typer.Option("--rlimit", metavar="N", min=1, help="Give up a query after N solver steps.")
]
Timeout: TypeAlias = Annotated[
    float | None, typer.Option("--timeout", metavar="S", min=0, help="Give up after S seconds.")
]
Jobs: TypeAlias = Annotated[
    int, typer.Option("-j", "--jobs", metavar="N", min=1, help="Check N scenarios at a time.")
]
Quiet: TypeAlias = Annotated[bool, typer.Option("-q", "--quiet", help="Show the verdict lines only.")]
Verbose: TypeAlias = Annotated[
    bool, typer.Option("-v", "--verbose", help="Show kept rules and long runs too; times go to stderr.")
]
Colour: TypeAlias = Annotated[
    str,
    typer.Option("--color", metavar="WHEN", help="auto, always or never.", autocompletion=one_of(COLOURS)),
]
Topic: TypeAlias = Annotated[
    str | None,
    typer.Argument(
        metavar="ID",
        help="A rule, property, reading, verdict, kind of violation or assumption.",
        autocompletion=complete_topic,
    ),
]
RuleFormat: TypeAlias = Annotated[
    str,
    typer.Option(
        "-f",
        "--format",
        metavar="FORMAT",
        help="text, json or markdown.",
        autocompletion=one_of(RULE_FORMATS),
    ),
]
SchemaName: TypeAlias = Annotated[
    str | None,
    typer.Argument(
        metavar="NAME",
        help="scenario, result, comparison, fix or accept; all if left out.",
        autocompletion=one_of(SCHEMAS),
    ),
]
