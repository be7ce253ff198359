"""What the command line says of the prices of changes."""

from __future__ import annotations

from collections.abc import Sequence

from verify.arguments import UsageError
from verify.models.paths import spots_of
from verify.models.prices import KINDS, Prices, covers
from verify.models.scenario import Document
from verify.spelling import nearest

HIGHEST = 1_000_000


def prices_of(costs: Sequence[str], forbidden: Sequence[str], document: Document) -> Prices:
    """The prices under WHAT=N and WHAT settings, each of which means something in the document."""
    places = _places(document)
    kinds: dict[str, int] = {}
    paths: list[tuple[str, int]] = []
    for setting in costs:
        name, separator, text = setting.rpartition("=")
        if not separator:
            raise UsageError(f"--cost {setting}: no price", "write WHAT=N")
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:8]) <= HIGHEST and len(text) < 8):
            raise UsageError(f"--cost {setting}: a price is a whole number from 1 to {HIGHEST}")
        known = _known(f"--cost {setting}", name.strip(), places)
        if known in KINDS:
            kinds[known] = int(text)
        else:
            paths.append((known, int(text)))
    kept = tuple(_known(f"--forbid {each}", each.strip(), places) for each in forbidden)
    return Prices(kinds, tuple(paths), kept)


def _places(document: Document) -> tuple[str, ...]:
    """Every place of a document: fields, and what is around them."""
    found = (spot.steps[:n] for spot in spots_of(document) for n in range(1, len(spot.steps) + 1))
    return tuple(dict.fromkeys(".".join(steps).replace(".import_", ".import") for steps in found))


def _known(where: str, name: str, places: Sequence[str]) -> str:
    """A kind, or a path that names something."""
    if name in KINDS or any(covers(name, place) for place in places):
        return name
    close = nearest(name, (*KINDS, *places))
    hint = f"did you mean {close}?" if close else f"a path of the scenario, or one of: {', '.join(KINDS)}"
    raise UsageError(f"{where}: nothing is called {name or '(no name)'}", hint)
