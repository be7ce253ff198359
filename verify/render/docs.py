"""`python -m verify.render.docs`: writes the reference pages under docs/ from what the program knows."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import typer.main

from verify.cli import app
from verify.render.reference import markdown_table, readings_markdown, rules_markdown
from verify.status import ExitStatus

NOTICE = "<!-- Written by python -m verify.render.docs; change the program instead. -->\n"
STATUSES = {
    ExitStatus.FINE: "Everything is proved, or all is as the scenario expects.",
    ExitStatus.VIOLATED: "Something is violated, or an expectation is missed.",
    ExitStatus.BAD_INPUT: "The command line or a scenario is wrong.",
    ExitStatus.UNDECIDED: "Something is conditional, unknown or vacuous.",
    ExitStatus.INTERNAL: "The program failed: solvers disagree, a counterexample does not replay, a defect.",
    ExitStatus.INTERRUPTED: "Interrupted.",
}


def documents() -> dict[str, str]:
    """Each generated page by its file name."""
    pages = {
        "cli.md": ("The command line", _commands()),
        "rules.md": ("The rulebook", rules_markdown()),
        "readings.md": ("The readings", readings_markdown()),
    }
    return {name: f"# {title}\n\n{NOTICE}\n{body}" for name, (title, body) in pages.items()}


def _commands() -> str:
    """The commands with their options, and the exit statuses."""
    group: Any = typer.main.get_command(app)  # its class differs between versions of typer
    parts = ["`verify S...` is short for `verify check S...`.\n"]
    parts += [_command(name, command) for name, command in group.commands.items()]
    rows = [(str(int(status)), meaning) for status, meaning in STATUSES.items()]
    parts.append("## Exit status\n\n" + markdown_table(("Status", "Meaning"), rows))
    parts.append("Of several scenarios the worst status counts: 4, 2, 1, 3, 0.\n")
    return "\n".join(parts)


def _command(name: str, command: Any) -> str:
    """One command; arguments are told by their lack of a leading dash."""
    rows = [
        (f"`{_spelling(parameter)}`", parameter.help or "", _default(parameter))
        for parameter in command.params
        if parameter.name != "help"
    ]
    table = "\n" + markdown_table(("Option", "Meaning", "Default"), rows) if rows else ""
    return f"## `verify {name}`\n\n{command.help}\n{table}"


def _spelling(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return str(parameter.metavar)
    return " ".join(filter(None, (", ".join(parameter.opts), parameter.metavar)))


def _default(parameter: Any) -> str:
    """The default where it is a word or a number; versions of the parser differ in how they say none."""
    value = parameter.default
    return f"`{value}`" if isinstance(value, str | int) and not isinstance(value, bool) else ""


def main(folder: str = "docs") -> None:
    """Write all pages."""
    for name, text in documents().items():
        Path(folder, name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
