"""`python -m benchmarks.certificates`: what certificates cost, beside deciding the same queries.

Of each solver query of the shipped scenarios that is refuted, or of a family:
`solve` is a fresh solver that reads the formula and refutes it, `make` all from the formula
to the texts of the certificate, `check` the checker's work on these texts.  Encoding, which
both need, is left out.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

from benchmarks.families import FAMILIES
from verify.asking import METHODS, questions
from verify.certificates.certificate import Certificate, check_certificate
from verify.certify import refuted
from verify.inquiry import SolverInquiry
from verify.load import Loaded, load
from verify.solve import Backend, Question

LIBRARY = Path(__file__).parent.parent / "scenarios"


class Cost(NamedTuple):
    """Seconds for one query, and the number of its clauses and of the steps that refute them."""

    solve: float
    make: float
    check: float
    clauses: int
    steps: int


def costs(scenario: Loaded, properties: Sequence[str]) -> Iterator[Cost]:
    """What each solver query of a scenario costs that has no answer."""
    for name in properties:
        for asked in questions(scenario.document, name, Backend(())):
            if isinstance(asked.inquiry, SolverInquiry):
                yield from _cost(asked.inquiry)


def _cost(inquiry: SolverInquiry) -> Iterator[Cost]:
    written = inquiry.question
    begun = perf_counter()
    question = Question(written.network, written.encoder, written.formula, Backend())
    found = question.answer({inquiry.asks.name: True})
    solved = perf_counter()
    if found is not None:
        return
    kind, query, proof, smt2 = refuted([written.formula, written.encoder.literal(inquiry.asks, True)], "")
    made = perf_counter()
    reason = check_certificate(Certificate("", "", kind, query, proof, smt2))
    checked = perf_counter()
    if reason:
        raise RuntimeError(reason)
    count = sum(line[0] not in "cp" for line in query.splitlines())
    yield Cost(solved - begun, made - solved, checked - made, count, proof.count("\n"))


def summary(found: Sequence[Cost]) -> dict[str, Any]:
    """Medians of the ratios, sums of seconds, and the largest sizes."""
    sums = {part: round(sum(getattr(each, part) for each in found), 3) for part in Cost._fields[:3]}
    return {
        "queries": len(found),
        "make / solve": round(median(each.make / each.solve for each in found), 3),
        "check / solve": round(median(each.check / each.solve for each in found), 3),
        **{f"{part} s": seconds for part, seconds in sums.items()},
        "most clauses": max(each.clauses for each in found),
        "most steps": max(each.steps for each in found),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the library, or a family."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.certificates", description=__doc__)
    parser.add_argument("--family", choices=FAMILIES, help="this family in place of the shipped scenarios")
    parser.add_argument("--size", type=int, default=10, help="the size of the family")
    given = parser.parse_args(arguments)
    found: list[Cost] = []
    if given.family:
        document = json.dumps(FAMILIES[given.family].document(given.size))
        found += costs(load("benchmark.json", document), [name for name in METHODS if name != "isolation"])
    for path in () if given.family else sorted(LIBRARY.glob("*/*.json")):
        scenario = load(str(path))
        expected = scenario.document.expect
        found += costs(scenario, [name for name in METHODS if expected.get(name) == "proved"])
    for name, value in summary(found).items() if found else ():
        print(f"{name:<14} {value}")


if __name__ == "__main__":
    main()
