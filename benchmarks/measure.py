"""One point of a measurement: a scenario checked, with the time of each stage and the memory that it took.

A point is measured in a process of its own, so that its memory is its own and it
can be stopped.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from resource import RUSAGE_SELF, getrusage
from typing import Any, TypeAlias
from unittest.mock import patch

from benchmarks.families import FAMILIES

PROPERTIES = ("documented-rules", "no-routing-loops", "no-route-flapping", "no-ineffective-routes")
Call: TypeAlias = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Point:
    """What one scenario cost; times in seconds, memory in MB.

    `build` is the time for routing problems and formulas, `replay` that for the
    confirmation of violations, `solve` that of all else that is needed for a verdict;
    `total` also has the rules and the loading.  `routes`, `problems` and `nodes` are
    sums over the properties.
    """

    tables: int
    routes: int
    problems: int
    nodes: int
    build: float
    solve: float
    replay: float
    total: float
    memory: float
    verdicts: dict[str, str]


@dataclass
class Stopwatch:
    """Seconds spent in each stage, and the inquiries that came out."""

    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    inquiries: list[Any] = field(default_factory=list)

    def timed(self, stage: str, call: Call) -> Call:
        """The function with its time counted for a stage."""

        def run(*given: Any) -> Any:
            begun = time.perf_counter()
            try:
                return call(*given)
            finally:
                self.seconds[stage] += time.perf_counter() - begun

        return run

    def watched(self, ask: Call) -> Call:
        """The function that builds the inquiries of a network, with building and confirming timed."""
        build = self.timed("build", lambda *given: list(ask(*given)))

        def run(*given: Any) -> list[Any]:
            asked = build(*given)
            self.inquiries += [each.inquiry for each in asked]
            return [each._replace(confirm=self.timed("replay", each.confirm)) for each in asked]

        return run


def measure(document: dict[str, Any]) -> Point:
    """Check one document in this process."""
    begun = time.perf_counter()
    from verify import asking, propagation
    from verify.check import CheckOptions, check
    from verify.load import load

    watch = Stopwatch()
    methods = {name: watch.watched(ask) for name, ask in asking.METHODS.items()}
    judge = watch.timed("judge", propagation.judge)
    with patch.object(asking, "METHODS", methods), patch.object(propagation, "judge", judge):
        result = check(load("benchmark.json", json.dumps(document)), CheckOptions(properties=PROPERTIES))
    total = time.perf_counter() - begun
    problems = [inquiry.problem for inquiry in watch.inquiries]
    questions = [inquiry.question for inquiry in watch.inquiries if hasattr(inquiry, "question")]
    return Point(
        tables=len(problems[0].network.tables) if problems else 0,
        routes=sum(len(problem.universe.routes) for problem in problems),
        problems=len(problems),
        nodes=sum(question.size() for question in questions),
        build=watch.seconds["build"],
        solve=watch.seconds["judge"] - watch.seconds["build"] - watch.seconds["replay"],
        replay=watch.seconds["replay"],
        total=total,
        memory=getrusage(RUSAGE_SELF).ru_maxrss / 1024,
        verdicts={found.id: str(found.verdict) for found in result.properties},
    )


def measured_apart(family: str, size: int, timeout: float) -> Point | None:
    """The point in a process of its own; None where that takes longer than `timeout` seconds.

    Raises RuntimeError where the process fails.
    """
    command = [sys.executable, "-m", "benchmarks.measure", family, str(size)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)
    except subprocess.TimeoutExpired:
        return None
    if done.returncode != 0:
        raise RuntimeError(f"{family} {size}: {done.stderr.strip() or f'exit status {done.returncode}'}")
    return Point(**json.loads(done.stdout))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(measure(FAMILIES[sys.argv[1]].document(int(sys.argv[2]))))))
