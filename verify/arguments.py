"""What the command line says, checked: scenarios, properties, readings and output formats.

A mistake raises `UsageError` with what is wrong and what was probably meant.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from verify.glossary import PROPERTIES
from verify.models.condition import Value
from verify.models.readings import BY_ID as READINGS
from verify.spelling import did_you_mean, nearest

FORMATS = ("text", "json", "markdown", "sarif", "junit", "github")
COMMANDS = ("check", "diff", "evidence", "fix", "report", "explain", "rules", "schema", "new")
COLOURS = ("auto", "always", "never")
STDIN = "-"


class UsageError(Exception):
    """A command line that cannot be followed: what is wrong, and a hint at what would be right."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(f"{message}; {hint}" if hint else message)


@dataclass(frozen=True, slots=True)
class Source:
    """A scenario to read: a path or `-`, and whether it was found by looking through a folder."""

    path: str
    found_in_folder: bool = False

    @property
    def label(self) -> str:
        """What the source is called in reports."""
        return "<stdin>" if self.path == STDIN else self.path


def find_sources(names: Sequence[str], commands: Iterable[str] = ()) -> tuple[Source, ...]:
    """The scenarios that the arguments name, each once; folders give all their *.json files, sorted."""
    if not names:
        raise UsageError("no scenario given", "name a file, a folder or -, or try verify --help")
    found: dict[str, Source] = {}
    for name in names:
        for source in _sources(name, commands):
            found.setdefault(source.path, source)
    return tuple(found.values())


def _sources(name: str, commands: Iterable[str]) -> Iterator[Source]:
    if name == STDIN:
        yield Source(STDIN)
    elif os.path.isdir(name):
        paths = sorted(_json_files(name))
        if not paths:
            raise UsageError(f"no scenario in folder {name}", "scenarios are files named *.json")
        yield from (Source(path, found_in_folder=True) for path in paths)
    elif os.path.exists(name):
        yield Source(name)
    else:
        raise UsageError(f"no such file or folder: {name}", _missing_hint(name, commands))


def _json_files(folder: str) -> Iterator[str]:
    """All *.json files below a folder, hidden folders left out."""
    for place, folders, files in os.walk(folder):
        folders[:] = [each for each in folders if not each.startswith(".")]
        yield from (os.path.join(place, name) for name in files if name.endswith(".json"))


def _missing_hint(name: str, commands: Iterable[str]) -> str:
    command = nearest(name, commands)
    if command:
        return f"did you mean the command {command}?"
    parent = Path(name).parent
    try:
        siblings = [str(path) for path in parent.iterdir()] if parent.is_dir() else []
    except OSError:
        return ""
    close = nearest(str(parent / Path(name).name), siblings)
    return f"did you mean {close}?" if close else ""


def known_properties(ids: Sequence[str]) -> tuple[str, ...]:
    """The property ids, each of which exists."""
    for name in ids:
        if name not in PROPERTIES:
            raise UsageError(f"unknown property {name}", did_you_mean(name, PROPERTIES))
    return tuple(dict.fromkeys(ids))


def pinned_readings(settings: Sequence[str]) -> dict[str, Value]:
    """READING=VALUE settings; `READING@OBJECT` pins the reading for one object.

    The path of an open value takes the place of a reading too; whether the scenario has it, and
    whether the value is one of its own, shows when the scenario is known.
    """
    pinned: dict[str, Value] = {}
    for setting in settings:
        name, separator, text = setting.partition("=")
        if not separator:
            raise UsageError(f"--assume {setting}: no value", "write READING=VALUE")
        read = _open_value if "." in name else _reading_value
        value = read(name.strip(), text.strip())
        if pinned.setdefault(name.strip(), value) != value:
            raise UsageError(f"--assume gives {name.strip()} two values")
    return pinned


def _reading_value(name: str, text: str) -> Value:
    reading = READINGS.get(name.partition("@")[0])
    if reading is None:
        raise UsageError(f"unknown reading {name}", did_you_mean(name, READINGS))
    spellings = {str(value).lower(): value for value in reading.values}
    if text.lower() not in spellings:
        raise UsageError(f"{name} cannot be {text or 'empty'}", f"one of: {', '.join(spellings)}")
    return spellings[text.lower()]


def _open_value(_name: str, text: str) -> Value:
    """A value as a result shows it: true, false, a number or a word."""
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else text


def known_format(name: str) -> str:
    """An output format that exists."""
    if name not in FORMATS:
        raise UsageError(f"unknown format {name}", f"formats: {', '.join(FORMATS)}")
    return name


def known_colour(name: str) -> str:
    """A word that says when to use colour."""
    if name not in COLOURS:
        raise UsageError(f"--color cannot be {name}", f"one of: {', '.join(COLOURS)}")
    return name


def day(text: str | None) -> date | None:
    """A calendar day, written YYYY-MM-DD."""
    if text is None:
        return None
    try:
        if len(text) == len("YYYY-MM-DD"):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise UsageError(f"--today cannot be {text or 'empty'}", "write YYYY-MM-DD, for example 2027-03-31")
