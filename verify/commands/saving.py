"""The option of a check that saves a counterexample as a scenario of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from verify.arguments import STDIN, Source, UsageError
from verify.render.layout import printable
from verify.render.outputs import require_writable, write_whole
from verify.render.screen import Screen

if TYPE_CHECKING:
    from verify.batch import Outcome
    from verify.check import CheckOptions


def saved_file(name: str | None, sources: Sequence[Source]) -> Path | None:
    """The file to save to; there is one scenario, which can be read again."""
    if name is None:
        return None
    if len(sources) != 1 or sources[0].path == STDIN:
        hint = "name one scenario file"
        raise UsageError("--save-counterexample takes the counterexample of one scenario", hint)
    path = Path(name)
    require_writable(f"--save-counterexample {name}", path)
    if path.exists() and path.samefile(sources[0].path):
        raise UsageError(f"--save-counterexample would overwrite the scenario {name}", "name another file")
    return path


def saved(
    outcomes: Iterable[Outcome], path: Path, options: CheckOptions, screen: Screen
) -> Iterator[Outcome]:
    """The outcomes as they come; the counterexample of one is written to the file."""
    for outcome in outcomes:
        yield outcome
        if outcome.result is not None:
            _save(outcome, path, options, screen)


def _save(outcome: Outcome, path: Path, options: CheckOptions, screen: Screen) -> None:
    from verify.load import load
    from verify.reduction import reduced, shown_first

    if outcome.result is None:
        return
    entry = shown_first(outcome.result)
    if entry is None:
        screen.err("no counterexample to save\n")
        return
    text = reduced(load(outcome.source.path), entry, options)
    write_whole(path, text)
    screen.err(printable(f"the counterexample to {entry.id} is in {path}") + "\n")
