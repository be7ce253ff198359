"""The long form of the random agreement tests: `python -m tests.sweep --from 0 --count 3000`.

For each seed a random network and a random gadget: solver, boxes and simulator have to say
the same of both.  Prints each seed that fails, with what failed, and exits with 1 if any did.
Documents that are not finished within the limit are counted and named, and are no failures.
"""

from __future__ import annotations

import argparse
import os
import signal
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


class Task(NamedTuple):
    """One random document, the solver to compare with, and the seconds that it may take."""

    kind: str
    seed: int
    solver: str
    limit: float


class Report(NamedTuple):
    """How many configurations of a document were compared, and the failure if there was one."""

    name: str
    compared: int = 0
    failure: str = ""
    finished: bool = True


class OutOfTime(Exception):
    """A document took longer than its limit."""


def attempt(task: Task) -> Report:
    """Compare all that can be said of one document."""
    name = f"{task.kind} {task.seed}"
    signal.signal(signal.SIGALRM, _out_of_time)
    signal.setitimer(signal.ITIMER_REAL, task.limit)
    try:
        return Report(name, compare(KINDS[task.kind](task.seed), task.seed, task.solver))
    except OutOfTime:
        return Report(name, finished=False)
    except Exception:
        return Report(name, failure=traceback.format_exc())
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _out_of_time(*_: object) -> None:
    raise OutOfTime


def read_arguments(words: list[str]) -> argparse.Namespace:
    purpose = (__doc__ or "").partition("\n")[0]
    parser = argparse.ArgumentParser(prog="python -m tests.sweep", description=purpose)
    parser.add_argument("--from", dest="start", type=int, default=0, metavar="SEED", help="the first seed")
    parser.add_argument("--count", type=int, default=3000, metavar="N", help="how many seeds")
    parser.add_argument("--kind", action="append", choices=KINDS, help="only these; repeatable")
    parser.add_argument("--solver", default="z3", metavar="NAME", help="the solver to compare with")
    parser.add_argument("--limit", type=float, default=60, metavar="S", help="seconds for each document")
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count() or 1, metavar="N")
    return parser.parse_args(words)


def tasks_of(arguments: argparse.Namespace) -> list[Task]:
    seeds = range(arguments.start, arguments.start + arguments.count)
    kinds = arguments.kind or list(KINDS)
    return [Task(kind, seed, arguments.solver, arguments.limit) for seed in seeds for kind in kinds]


def main(words: list[str]) -> int:
    """Run the sweep and return the exit status."""
    arguments = read_arguments(words)
    tasks = tasks_of(arguments)
    reports = []
    with ProcessPoolExecutor(arguments.jobs) as pool:
        for report in pool.map(attempt, tasks):
            reports.append(report)
            if report.failure:
                print(f"{report.name} fails:\n{report.failure}", flush=True)
    compared = sum(report.compared for report in reports)
    failed = sum(bool(report.failure) for report in reports)
    slow = [report.name for report in reports if not report.finished]
    print(f"{len(tasks)} documents, {compared} configurations compared, {failed} failed")
    if slow:
        print(f"not finished within {arguments.limit:g} s: {', '.join(slow)}")
    return 1 if failed or not compared else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
