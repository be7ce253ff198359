"""The long form of the random agreement tests: `python -m tests.sweep --from 0 --count 3000`.

For each seed a random network and a random gadget: solver, boxes and simulator have to say
the same of both.  Prints each seed that fails, with what failed, and exits with 1 if any did.
"""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import Any, NamedTuple

from tests import random_networks
from tests.agreement import compare

KINDS: dict[str, Callable[[int], dict[str, Any]]] = {
    "network": random_networks.network,
    "gadget": random_networks.gadget,
}


class Seed(NamedTuple):
    """One random document and the solver to compare with."""

    kind: str
    number: int
    solver: str


class Report(NamedTuple):
    """How many configurations of a document were compared, and the failure if there was one."""

    seed: Seed
    compared: int
    failure: str = ""


def attempt(seed: Seed) -> Report:
    """Compare all that can be said of one document."""
    try:
        return Report(seed, compare(KINDS[seed.kind](seed.number), seed.number, seed.solver))
    except Exception:
        return Report(seed, 0, traceback.format_exc())


def seeds_of(arguments: argparse.Namespace) -> list[Seed]:
    numbers = range(arguments.start, arguments.start + arguments.count)
    return [Seed(kind, number, arguments.solver) for number in numbers for kind in arguments.kind or KINDS]


def read_arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.sweep", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--from", dest="start", type=int, default=0, metavar="SEED", help="the first seed")
    parser.add_argument("--count", type=int, default=3000, metavar="N", help="how many seeds")
    parser.add_argument("--kind", action="append", choices=KINDS, help="only these; repeatable")
    parser.add_argument("--solver", default="z3", metavar="NAME", help="the solver to compare with")
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count() or 1, metavar="N")
    return parser.parse_args(words)


def main(words: list[str]) -> int:
    """Run the sweep and return the exit status."""
    arguments = read_arguments(words)
    seeds = seeds_of(arguments)
    compared = failed = 0
    with ProcessPoolExecutor(arguments.jobs) as pool:
        for report in pool.map(attempt, seeds, chunksize=4):
            compared += report.compared
            if report.failure:
                failed += 1
                print(f"{report.seed.kind} {report.seed.number} fails:\n{report.failure}", flush=True)
    print(f"{len(seeds)} documents, {compared} configurations compared, {failed} failed")
    return 1 if failed or not compared else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
