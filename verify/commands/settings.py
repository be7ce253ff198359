"""What the commands that check scenarios have in common: their options, progress, and faults."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from verify.arguments import UsageError, day, known_properties, pinned_readings
from verify.commands.solvers import solver_setting
from verify.render.layout import printable
from verify.render.screen import Screen, page_for

if TYPE_CHECKING:
    from verify.faults import InvalidScenario

AS_GIVEN = ("max_failures", "max_counterexamples", "rlimit", "timeout")


def settings_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a check that the parameters of a command name; it can lack some of them."""
    settings = {name: given[name] for name in AS_GIVEN if name in given}
    settings["properties"] = known_properties(given["properties"] or ())
    settings["assume"] = pinned_readings(given["assume"] or ())
    if "today" in given:
        settings["today"] = day(given["today"])
    return settings | solver_setting(given["solver"])


@contextmanager
def progressing() -> Iterator[Callable[[str], None] | None]:
    """Progress while something is checked; an assumption that does not fit is an error of usage."""
    from verify.models.values import Misfit
    from verify.render.progress import Progress

    progress = Progress(sys.stderr, page_for(sys.stderr, "never", os.environ).width)
    try:
        yield progress.reporter()
    except Misfit as misfit:
        hint = f"; {misfit.hint}" if misfit.hint else ""
        raise UsageError(f"--assume: found {misfit.found}, expected {misfit.expected}{hint}") from None
    finally:
        progress.clear()


def tell_faults(invalid: InvalidScenario, screen: Screen) -> None:
    """Each fault of a scenario on a line."""
    screen.err("".join(printable(str(fault)) + "\n" for fault in invalid.faults))
