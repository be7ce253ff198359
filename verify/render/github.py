"""Annotations for a pull request: workflow commands that mark lines of the scenario file."""

from __future__ import annotations

from collections.abc import Sequence

from verify.batch import Outcome
from verify.findings import Finding, findings

COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def render_github(outcomes: Sequence[Outcome]) -> str:
    """One line for each finding and each fault."""
    lines: list[str] = []
    for outcome in outcomes:
        file = outcome.source.label
        if outcome.result is not None:
            lines += [_annotation(file, finding) for finding in findings(outcome.result)]
        for text in outcome.faults or ((outcome.failure,) if outcome.failure else ()):
            lines.append(_annotation(file, _fault(text, file)))
    return "".join(line + "\n" for line in lines)


def _fault(text: str, file: str) -> Finding:
    """A fault, whose text begins with its place."""
    line, column = 1, 1
    rest = text.removeprefix(f"{file}:")
    numbers = rest.split(":", 2)
    if rest != text and len(numbers) == 3 and numbers[0].isdigit() and numbers[1].isdigit():
        line, column = int(numbers[0]), int(numbers[1])
    return Finding("scenario", "error", text, (), line, column)


def _annotation(file: str, finding: Finding) -> str:
    place = f"file={_property(file)},line={finding.line},col={finding.column}"
    title = _property(f"routeproof {finding.id}")
    return f"::{COMMANDS[finding.level]} {place},title={title}::{_message(finding.message)}"


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
