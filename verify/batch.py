"""Checking several scenarios, in one process or in several; the outcomes keep their order.

A scenario that cannot be read, or on which the program fails, does not keep the others
from being checked.
"""

from __future__ import annotations

import multiprocessing
import time
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from verify.arguments import STDIN, Source
from verify.disagreement import told
from verify.status import ExitStatus, exit_status
from verify.verdict import Result

if TYPE_CHECKING:
    from verify.check import CheckOptions


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one scenario: a result, or the faults of the input, or a failure of the program.

    `failure` is one line, `trace` the Python traceback behind it; `seconds` is wall time.
    """

    source: Source
    result: Result | None = None
    faults: tuple[str, ...] = ()
    failure: str = ""
    trace: str = ""
    seconds: float = field(default=0.0, compare=False)

    @property
    def status(self) -> ExitStatus:
        """The exit status that this scenario alone would give."""
        if self.result is not None:
            return exit_status(self.result)
        return ExitStatus.BAD_INPUT if self.faults else ExitStatus.INTERNAL


def check_source(source: Source, options: CheckOptions) -> Outcome:
    """Load and check one scenario."""
    from verify.check import check
    from verify.faults import InvalidScenario
    from verify.load import load
    from verify.models.values import Misfit

    start = time.perf_counter()
    try:
        outcome = Outcome(source, check(load(source.path), options))
    except InvalidScenario as invalid:
        outcome = Outcome(source, faults=tuple(map(str, invalid.faults)))
    except Misfit as misfit:  # an assumption of the command line that this scenario has no place for
        hint = f"; {misfit.hint}" if misfit.hint else ""
        fault = f"{source.label}: --assume: found {misfit.found}, expected {misfit.expected}{hint}"
        outcome = Outcome(source, faults=(fault,))
    except OSError as error:
        outcome = Outcome(source, faults=(f"{source.label}: {error.strerror or error}",))
    except Exception as error:
        outcome = Outcome(source, failure=told(error), trace=traceback.format_exc())
    return replace(outcome, seconds=time.perf_counter() - start)


def check_sources(sources: Sequence[Source], options: CheckOptions, jobs: int = 1) -> Iterator[Outcome]:
    """Check each scenario and yield the outcomes in the order of the sources."""
    if jobs == 1 or len(sources) == 1:
        yield from (check_source(source, options) for source in sources)
        return
    silent = replace(options, progress=None)
    with ProcessPoolExecutor(min(jobs, len(sources))) as pool:
        try:
            pending = {
                source: pool.submit(check_source, source, silent)
                for source in sources
                if source.path != STDIN
            }
            for source in sources:  # standard input is not passed on to other processes
                future = pending.get(source)
                yield _finished(source, future) if future else check_source(source, silent)
        except (KeyboardInterrupt, GeneratorExit):
            pool.shutdown(wait=False, cancel_futures=True)
            for worker in multiprocessing.active_children():
                worker.terminate()
            raise


def _finished(source: Source, future: Future[Outcome]) -> Outcome:
    try:
        return future.result()
    except BrokenProcessPool:
        return Outcome(source, failure="a worker process ended without an answer (out of memory?)")
