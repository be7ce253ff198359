"""One point of a measurement: a scenario checked stage by stage, with the time and memory that it took.

A point is measured in a process of its own, so that its memory is its own and it
can be stopped.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from resource import RUSAGE_SELF, getrusage
from typing import Any, TypeVar
from unittest.mock import patch

from benchmarks.families import FAMILIES

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Point:
    """What one scenario cost; times in seconds, memory in MB.

    `build` is the time for routing problems and formulas, `replay` the time for the
    confirmation of violations, `solve` that of all other questions to the solver.
    `routes` and `nodes` are totals over the problems of both properties.
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
    """Seconds spent in each stage, and what the stages gave."""

    seconds: dict[str, float] = field(default_factory=dict)
    problems: list[Any] = field(default_factory=list)
    inquiries: list[Any] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time inside as time of a stage."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - begun

    def timed(self, name: str, call: Callable[..., Answer], keep: Callable[[Answer], None]) -> Callable[..., Answer]:
        """The function with its time counted and its answers kept."""

        def run(*given: Any) -> Answer:
            with self.stage(name):
                answer = call(*given)
            keep(answer)
            return answer

        return run


def measure(document: dict[str, Any]) -> Point:
    """Check one document in this process."""
    from verify.check import check
    from verify.load import load
    from verify.propagation import METHODS

    watch = Stopwatch()
    timed = {name: _watched(method, watch) for name, method in METHODS.items()}
    with patch("verify.propagation.METHODS", timed), watch.stage("total"):
        result = check(load("benchmark.json", json.dumps(document)))
    seconds = {stage: watch.seconds.get(stage, 0.0) for stage in ("build", "replay", "judge", "total")}
    questions = [i.question for i in watch.inquiries if hasattr(i, "question")]
    return Point(
        tables=len(watch.problems[0].network.tables) if watch.problems else 0,
        routes=sum(len(problem.universe.routes) for problem in watch.problems),
        problems=len(watch.problems),
        nodes=sum(question.size() for question in questions),
        build=seconds["build"],
        solve=seconds["total"] - seconds["build"] - seconds["replay"],
        replay=seconds["replay"],
        total=seconds["total"],
        memory=getrusage(RUSAGE_SELF).ru_maxrss / 1024,
        verdicts={found.id: str(found.verdict) for found in result.properties},
    )
