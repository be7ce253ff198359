"""Annotations for a pull request: workflow commands that mark lines of the scenario file."""

from __future__ import annotations

from collections.abc import Sequence

from verify.batch import Outcome
from verify.findings import Finding, findings, located_fault

COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def render_github(outcomes: Sequence[Outcome]) -> str:
    """One line for each finding and each fault."""
    lines: list[str] = []
    for outcome in outcomes:
        file = outcome.source.label
        if outcome.result is not None:
            lines += [_annotation(finding.file or file, finding) for finding in findings(outcome.result)]
        for text in outcome.faults or ((outcome.failure,) if outcome.failure else ()):
            lines.append(_annotation(file, located_fault(text, file)))
    return "".join(line + "\n" for line in lines)


def _annotation(file: str, finding: Finding) -> str:
    place = f"file={_property(file)},line={finding.line},col={finding.column}"
    title = _property(f"routeproof {finding.id}")
    command = COMMANDS[finding.level if finding.acceptance is None else "note"]
    return f"::{command} {place},title={title}::{_message(finding.told)}"


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
