"""The files of accepted risks that a command is given."""

from __future__ import annotations

from collections.abc import Sequence

from verify.render.layout import printable
from verify.render.screen import Screen
from verify.verdict import Acceptance


def read_accept_files(paths: Sequence[str], screen: Screen) -> tuple[Acceptance, ...] | None:
    """All entries of the files; None after the faults of all of them were told."""
    from verify.faults import InvalidScenario
    from verify.load import load_acceptances

    found: list[Acceptance] = []
    faults: list[str] = []
    for path in dict.fromkeys(paths):
        try:
            found += load_acceptances(path)
        except InvalidScenario as invalid:
            faults += [str(fault) for fault in invalid.faults]
    screen.err("".join(printable(fault) + "\n" for fault in faults))
    return None if faults else tuple(found)
