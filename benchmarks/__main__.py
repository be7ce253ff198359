"""`python -m benchmarks`: measure the families and show one line for each point."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from benchmarks.families import FAMILIES
from benchmarks.measure import Point, measured_apart

SIZES = (1, 3, 10, 30)
HEADER = (
    f"{'family':<18} {'size':>4} {'tables':>6} {'routes':>6} {'prob.':>5} {'nodes':>7} "
    f"{'build s':>7} {'solve s':>7} {'replay':>6} {'total s':>7} {'MB':>4} R L F D"
)
LETTERS = {"proved": "p", "conditional": "c", "violated": "v", "unknown": "?", "vacuous": "0"}
LEGEND = (
    "R documented-rules, L no-routing-loops, F no-route-flapping, D no-ineffective-routes; "
    + ", ".join(f"{letter} {verdict}" for verdict, letter in LETTERS.items())
)


def line(family: str, size: int, point: Point | None, timeout: float) -> str:
    """One point as it is shown."""
    if point is None:
        return f"{family:<18} {size:>4} over {timeout:g} s"
    verdicts = " ".join(LETTERS[verdict] for verdict in point.verdicts.values())
    return (
        f"{family:<18} {size:>4} {point.tables:>6} {point.routes:>6} {point.problems:>5} {point.nodes:>7} "
        f"{point.build:>7.2f} {point.solve:>7.2f} {point.replay:>6.2f} {point.total:>7.2f} "
        f"{point.memory:>4.0f} {verdicts}"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what was asked for, smallest first, each family up to its first point over the limit."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--family", action="append", choices=FAMILIES, help="only this one (may be repeated)")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="numbers of objects, with commas")
    parser.add_argument("--timeout", type=float, default=60.0, help="seconds for each point")
    given = parser.parse_args(arguments)
    print(HEADER)
    for name in given.family or FAMILIES:
        for size in sorted(int(text) for text in given.sizes.split(",")):
            point = measured_apart(name, size, given.timeout)
            print(line(name, size, point, given.timeout), flush=True)
            if point is None:
                break
    print(LEGEND)


if __name__ == "__main__":
    main()
