"""`python -m tests.remedied`: every single value that would prove a property, found by checking each.

For each property that is not proved the sets of one value are compared with what checking the scenario
with each value finds.  Prints the differences, and exits with 1 if there are any.
"""

from __future__ import annotations

import sys

from tests.test_remedies import FAILING, judged, moves, moves_in, with_values
from verify.load import load
from verify.models.choices import Choice
from verify.models.ordered import in_order
from verify.models.paths import spots_of
from verify.models.widening import widened, written
from verify.verdict import Verdict


def differences(path: str, property_id: str) -> list[str]:
    """What is offered and not enough, or enough and not offered."""
    loaded = load(path)
    wide = widened(in_order(loaded.document))
    places = {spot.value.name for spot in spots_of(wide) if isinstance(spot.value, Choice)}
    as_written = written(wide)

    def has_place(names: list[str]) -> bool:
        return all("." not in name or name in places for name in names)

    offered = [frozenset((r.set, r.to) for r in each) for each in judged(loaded, property_id).proved_if]
    singles = {each for each in offered if moves_in(each) == 1 and has_place([name for name, _ in each])}
    enough = set()
    for move in moves(loaded, property_id):
        values = {name: as_written(name, value) for name, value in move.values}
        if has_place(list(values)) and with_values(loaded, values, property_id).verdict is Verdict.PROVED:
            enough.add(frozenset(values.items()))
    missing = {each for each in enough - singles if not any(smaller < each for smaller in offered)}
    return [f"not offered: {dict(each)}" for each in missing] + [
        f"not enough: {dict(each)}" for each in singles - enough
    ]


def main() -> int:
    """Compare all of them."""
    status = 0
    for path, property_id in FAILING:
        for difference in differences(str(path), property_id):
            print(f"{path.name} {property_id}: {difference}", flush=True)
            status = 1
    print(f"{len(FAILING)} properties compared")
    return status


if __name__ == "__main__":
    sys.exit(main())
