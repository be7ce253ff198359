"""Examples of routes that differ: the choices that matter, and what the tables show before and after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from verify.compared import Chosen, RouteExample
from verify.models.choices import Choice, Role
from verify.models.network import Cell
from verify.pairing import Undetermined
from verify.route_pair import Difference, Pair
from verify.shared_choices import AFTER


def examples(pairs: Sequence[Pair], cells: Sequence[Cell]) -> dict[Cell, RouteExample]:
    """An example for each table that can differ; tables share one where they can."""
    found: dict[Cell, RouteExample] = {}
    for pair in pairs:
        differing = {
            cell: pair.difference(cell) for cell in cells if cell in pair.cells and cell not in found
        }
        differences = {id(each): each for each in differing.values() if each is not None}
        for difference in differences.values():
            alike = [cell for cell, each in differing.items() if each is difference]
            choices = tuple(_chosen(pair, alike, difference))
            for cell in alike:
                before, after = difference.before.all_told(cell), difference.after.all_told(cell)
                found[cell] = RouteExample(choices, before, after)
    return found


def _chosen(pair: Pair, cells: Sequence[Cell], difference: Difference) -> Iterator[Chosen]:
    """The choices that matter, with their values in both networks."""
    known: dict[str, Chosen] = {}
    for name, choice in pair.choices.items():
        if not _matters(pair, cells, difference, (name, choice)):
            continue
        plain, value = name.removeprefix(AFTER), difference.found[name]
        in_both = plain.startswith("order:")
        before, after = (in_both or plain in side.network.choices for side in pair.sides)
        if plain in pair.apart:
            before, after = plain == name, plain != name
        entry = known.get(plain, Chosen(plain, choice.role, None, None))
        known[plain] = replace(
            entry, before=value if before else entry.before, after=value if after else entry.after
        )
    yield from known.values()


def _matters(pair: Pair, cells: Sequence[Cell], difference: Difference, named: tuple[str, Choice]) -> bool:
    """Whether a choice is not at its default, or changes what is shown if it changes alone."""
    name, choice = named
    if difference.found[name] != choice.default:
        return True
    if choice.role not in (Role.OPEN, Role.READING):
        return False
    shown = [(difference.before.content(cell), difference.after.content(cell)) for cell in cells]
    for value in choice.values:
        before, after = pair.shown({**difference.found, name: value})
        if not all(each.side.network.allows(each.configuration) for each in (before, after)):
            continue
        try:
            if [(before.content(cell), after.content(cell)) for cell in cells] != shown:
                return True
        except Undetermined:
            return True
    return False
