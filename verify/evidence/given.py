"""What a bundle is made from: the scenario and files of accepted risks inside it, and options as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path, PurePath
from typing import Any

from verify.arguments import STDIN
from verify.check import CheckOptions, under
from verify.evidence.folder import write_files
from verify.load import Loaded, load, load_acceptances, source_text
from verify.verdict import Acceptance

Json = dict[str, Any]
SCENARIO, ACCEPT = "scenario", "accept"
UNNAMED = "scenario.json"
NOT_IN_NAMES = frozenset('\\/:*?"<>|')
LONGEST_NAME = 200
OPTIONS: Mapping[str, tuple[type, ...]] = {
    "properties": (list,),
    "assume": (dict,),
    "max_failures": (int, type(None)),
    "max_counterexamples": (int,),
    "today": (str, type(None)),
    "solvers": (list,),
    "rlimit": (int, type(None)),
    "timeout": (int, float, type(None)),
}


@dataclass(frozen=True)
class Given:
    """The scenario as it is in a bundle, and the options with which it is checked.

    `file` is its path in the bundle, and `accept` are the paths of the files of accepted risks.
    """

    loaded: Loaded
    options: CheckOptions
    file: str
    accept: tuple[str, ...]

    @property
    def checked(self) -> Loaded:
        """The scenario under the assumptions of the options."""
        return replace(self.loaded, document=under(self.loaded.document, self.options))


def stored_name(path: str) -> str:
    """The name that the file of a scenario has in a bundle: its own, unless some system cannot have it."""
    name = PurePath(path).name
    plain = name.isprintable() and not NOT_IN_NAMES.intersection(name) and name == name.rstrip(". ")
    return name if path != STDIN and plain and 0 < len(name.encode()) <= LONGEST_NAME else UNNAMED


def put_inputs(folder: Path, scenario: str, accept: Sequence[str]) -> None:
    """Copy what a bundle is made from into its folder, byte for byte.

    Raises InvalidScenario for what cannot be read.
    """
    texts = {f"{SCENARIO}/{stored_name(scenario)}": source_text(scenario)}
    for number, path in enumerate(dict.fromkeys(accept), start=1):
        texts[f"{ACCEPT}/{number:03}.json"] = source_text(path)
    write_files(folder, texts)


def as_json(options: CheckOptions) -> Json:
    """The options that say what is checked and how."""
    found = {name: getattr(options, name) for name in OPTIONS}
    lists = {name: list(found[name]) for name in ("properties", "solvers")}
    day = None if options.today is None else options.today.isoformat()
    return {**found, **lists, "assume": dict(options.assume), "today": day}


def given(folder: Path, options: Mapping[str, Any]) -> Given:
    """What a folder holds to make a bundle from, with options as JSON.

    The day plays a part only where something is accepted, and is left out elsewhere;
    where it is not said it is the present one in UTC.

    Raises OSError, InvalidScenario, and ValueError for options that are none.
    """
    (path,) = sorted((folder / SCENARIO).iterdir())
    loaded = load(path.name, source_text(path))
    names = tuple(f"{ACCEPT}/{each.name}" for each in sorted((folder / ACCEPT).glob("*")))
    accepted = tuple(each for name in names for each in _acceptances(folder, name))
    chosen = replace(_options(options), accept=accepted)
    today = chosen.today or datetime.now(UTC).date()
    chosen = replace(chosen, today=today if accepted or loaded.accepted else None)
    return Given(loaded, chosen, f"{SCENARIO}/{path.name}", names)


def _acceptances(folder: Path, name: str) -> tuple[Acceptance, ...]:
    """The entries of a file, which is named by its place in the bundle."""
    return tuple(replace(each, file=name) for each in load_acceptances(folder / name))


def _options(options: Mapping[str, Any]) -> CheckOptions:
    if options.keys() != OPTIONS.keys():
        raise ValueError("the options are not those of a bundle")
    for name, types in OPTIONS.items():
        value = options[name]
        if isinstance(value, bool) or not isinstance(value, types):
            raise ValueError(f"the option {name} has no value that it can have")
    texts = [*options["properties"], *options["solvers"]]
    values = options["assume"].values()
    plain = all(isinstance(each, bool | int | str) for each in values)
    if not plain or not all(isinstance(each, str) for each in texts):
        raise ValueError("the options are not those of a bundle")
    day = options["today"]
    lists = {name: tuple(options[name]) for name in ("properties", "solvers")}
    return CheckOptions(**{**options, **lists, "today": None if day is None else date.fromisoformat(day)})
