"""`python -m benchmarks.bad_scenarios`: what whole runs of `verify` and `verify fix` take for each of them.

Each run is a process of its own.  `check` makes the smallest counterexamples and the sets under which
each property would be proved; `fix` also checks every intermediate design.  Wall time is that of the
machine as it is; processor time moves less when others work on it.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

LIBRARY = Path(__file__).parent.parent / "scenarios" / "bad"
HEADER = f"{'scenario':<42} {'check s':>8} {'cpu':>6} {'complete':>8} {'fix s':>7} {'cpu':>6} {'fix':>14}"


class Run(NamedTuple):
    """One process: wall time and processor time in seconds, and what it printed as JSON."""

    wall: float
    cpu: float
    found: Any


def run(*arguments: str) -> Run:
    """Run the program; its JSON is read whatever its exit status."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, "-m", "verify", *arguments, "-f", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    after, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - start
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(wall, cpu, json.loads(done.stdout))


def line(path: Path) -> tuple[str, float, float]:
    """The line of one scenario, and its two wall times."""
    checked, fixed = run(str(path)), run("fix", str(path))
    scopes = [entry.get("proved_if_scope") for entry in checked.found["properties"]]
    complete = sum(scope["complete"] for scope in scopes if scope)
    wanted = sum(1 for scope in scopes if scope)
    cheapest = "" if fixed.found["cheapest"] else "?"
    answer = fixed.found["answer"]
    shown = f"{fixed.found['cost']}{cheapest}" if answer == "fixed" else answer
    text = (
        f"{path.stem:<42} {checked.wall:>8.2f} {checked.cpu:>6.2f} {f'{complete}/{wanted}':>8} "
        f"{fixed.wall:>7.2f} {fixed.cpu:>6.2f} {shown:>14}"
    )
    return text, checked.wall, fixed.wall


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the bad scenarios of the library, or those whose names begin as asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bad_scenarios", description=__doc__)
    parser.add_argument("--only", default="", help="the beginning of the names of scenarios")
    given = parser.parse_args(arguments)
    print(HEADER)
    found = []
    for path in sorted(LIBRARY.glob(f"{given.only}*.json")):
        found.append(line(path))
        print(found[-1][0], flush=True)
    if found:
        slowest = max(check for _, check, _ in found), max(fix for _, _, fix in found)
        print(f"slowest: check {slowest[0]:.2f} s, fix {slowest[1]:.2f} s")


if __name__ == "__main__":
    main()
