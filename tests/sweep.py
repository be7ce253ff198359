"""The long form of the random tests: `python -m tests.sweep --from 0 --count 3000`.

For each seed a random network and a random gadget, of which solver, boxes and simulator have
to say the same; a tiny network, of which the verdicts have to be those of an enumeration; and
every law on a tiny network and on a shipped scenario.  Prints each seed that fails, with what
failed, and exits with 1 if any did.  Documents that are not finished within the limit are
counted and named, and are no failures.
"""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import NamedTuple

from tests import enumerated, laws, random_networks, shipped, tiny_networks
from tests.agreement import compare


def _network(task: Task) -> int:
    return compare(random_networks.network(task.seed), task.seed, task.solver)


def _gadget(task: Task) -> int:
    return compare(random_networks.gadget(task.seed), task.seed, task.solver)


def _verdicts(task: Task) -> int:
    return enumerated.compare(tiny_networks.network(task.seed))


def _laws(task: Task) -> int:
    return laws.keeps_all(tiny_networks.network(task.seed), task.seed)


def _shipped(task: Task) -> int:
    documents = shipped.NETWORKS
    return laws.keeps_all(shipped.document(documents[task.seed % len(documents)]), task.seed)


PROCESSES = get_context("forkserver")


class Task(NamedTuple):
    """One random document, the solver to compare with, and the seconds that it may take."""

    kind: str
    seed: int
    solver: str
    limit: float


KINDS: dict[str, Callable[[Task], int]] = {
    "network": _network,
    "gadget": _gadget,
    "verdicts": _verdicts,
    "laws": _laws,
    "shipped": _shipped,
}


class Report(NamedTuple):
    """How many comparisons were made for a document, and the failure if there was one."""

    name: str
    compared: int = 0
    failure: str = ""
    finished: bool = True


def attempt(task: Task) -> Report:
    """Compare all that can be said of one document, in a process that can be ended at any time."""
    receiver, sender = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=_report, args=(task, sender))
    process.start()
    sender.close()
    name = f"{task.kind} {task.seed}"
    try:
        found: Report = receiver.recv() if receiver.poll(task.limit) else Report(name, finished=False)
    except EOFError:
        found = Report(name, failure="the process died\n")
    process.kill()
    process.join()
    return found


def _report(task: Task, sender: Connection) -> None:
    name = f"{task.kind} {task.seed}"
    try:
        sender.send(Report(name, KINDS[task.kind](task)))
    except Exception:
        sender.send(Report(name, failure=traceback.format_exc()))


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
    PROCESSES.set_forkserver_preload(["tests.agreement", "tests.enumerated", "tests.laws"])
    with ThreadPoolExecutor(arguments.jobs) as pool:
        for report in pool.map(attempt, tasks):
            reports.append(report)
            if report.failure:
                print(f"{report.name} fails:\n{report.failure}", flush=True)
    compared = sum(report.compared for report in reports)
    failed = sum(bool(report.failure) for report in reports)
    slow = [report.name for report in reports if not report.finished]
    print(f"{len(tasks)} documents, {compared} comparisons, {failed} failed")
    if slow:
        print(f"not finished within {arguments.limit:g} s: {', '.join(slow)}")
    return 1 if failed or not compared else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
