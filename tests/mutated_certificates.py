"""Certificates with one real change each: none of them proves what the original does."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from verify.certify import Certificate, check_certificate

Lines = list[str]


@dataclass(frozen=True)
class Mutation:
    """An altered certificate, what was done to it, and the digest of the query that it claims to be for."""

    how: str
    certificate: Certificate
    digest: str

    def reason(self) -> str:
        """Why it is not accepted."""
        return check_certificate(self.certificate, self.digest)


def mutations(found: Sequence[Certificate], rng: random.Random, count: int) -> Iterator[Mutation]:
    """Altered certificates, of all kinds in turn."""
    kinds = sorted({each.kind for each in found})
    by_kind = {kind: [each for each in found if each.kind == kind] for kind in kinds}
    ways = [(kind, way) for kind in kinds for way in (*WAYS[kind], *COMMON)]
    done = 0
    while done < count:
        kind, way = ways[done % len(ways)]
        original = rng.choice(by_kind[kind])
        try:
            altered = way(original, rng, by_kind[kind])
        except (IndexError, ValueError):  # there is nothing of what would be changed
            continue
        if altered is None or (altered.query, altered.proof) == (original.query, original.proof):
            continue
        done += 1
        yield Mutation(f"{kind}: {way.__name__.lstrip('_')}", altered, original.digest())


Altered = Certificate | None
Way = Callable[[Certificate, random.Random, Sequence[Certificate]], Altered]


def _proof(certificate: Certificate, lines: Lines) -> Certificate:
    return replace(certificate, proof="".join(f"{line}\n" for line in lines))


# --- any kind -----------------------------------------------------------------


def _proof_of_another(one: Certificate, rng: random.Random, others: Sequence[Certificate]) -> Altered:
    other = rng.choice(others)
    return None if other.query == one.query else replace(one, proof=other.proof)


def _another(one: Certificate, rng: random.Random, others: Sequence[Certificate]) -> Altered:
    other = rng.choice(others)
    return None if other.query == one.query else replace(other)


def _truncated(one: Certificate, rng: random.Random, _: Sequence[Certificate]) -> Certificate:
    return replace(one, proof=one.proof[: rng.randrange(len(one.proof.rstrip()))])


def _query_truncated(one: Certificate, rng: random.Random, _: Sequence[Certificate]) -> Certificate:
    return replace(one, query=one.query[: rng.randrange(len(one.query))])


def _digit_of_query_changed(one: Certificate, rng: random.Random, _: Sequence[Certificate]) -> Certificate:
    place = rng.choice([n for n, letter in enumerate(one.query) if letter.isdigit()])
    digit = rng.choice([each for each in "0123456789" if each != one.query[place]])
    return replace(one, query=one.query[:place] + digit + one.query[place + 1 :])


# --- propositional proofs -----------------------------------------------------


def _steps(one: Certificate) -> list[list[int]]:
    return [[int(word) for word in line.split()] for line in one.proof.splitlines()]


def _with_steps(one: Certificate, steps: list[list[int]]) -> Certificate:
    return _proof(one, [" ".join(map(str, step)) for step in steps])


def _hints(step: list[int]) -> range:
    """The places of the hints in a step."""
    return range(step.index(0, 1) + 1, len(step) - 1)


def _hint_dropped(one: Certificate, rng: random.Random, _: Sequence[Certificate]) -> Certificate:
    steps = _steps(one)
    step = rng.choice(steps)
    del step[rng.choice(_hints(step))]
    return _with_steps(one, steps)


def _hint_changed(one: Certificate, rng: random.Random, _: Sequence[Certificate]) -> Certificate:
    steps = _steps(one)
    step = rng.choice(steps)
    step[rng.choice(_hints(step))] += rng.choice((-1, 1, 10**6))
    return _with_steps(one, steps)


def _hint_for_rat(one: Certificate, rng: random.Random, _: Sequence[Certificate]) -> Certificate:
    steps = _steps(one)
    step = rng.choice(steps)
    step[rng.choice(_hints(step))] *= -1
    return _with_steps(one, steps)


def _step_dropped(one: Certificate, rng: random.Random, _: Sequence[Certificate]) -> Certificate:
    steps = _steps(one)
    del steps[rng.randrange(len(steps))]
    return _with_steps(one, steps)


def _literal_flipped(one: Certificate, rng: random.Random, _: Sequence[Certificate]) -> Certificate | None:
    steps = _steps(one)
    with_literals = [step for step in steps if step[1]]
    if not with_literals:
        return None
    step = rng.choice(with_literals)
    step[rng.randrange(1, step.index(0, 1))] *= -1
    return _with_steps(one, steps)


def _empty_clause_missing(one: Certificate, _: random.Random, __: Sequence[Certificate]) -> Certificate:
    return _with_steps(one, _steps(one)[:-1])


def _clause_dropped(one: Certificate, rng: random.Random, _: Sequence[Certificate]) -> Certificate:
    lines = one.query.splitlines()
    del lines[rng.choice([n for n, line in enumerate(lines) if line[0] not in "cp"])]
    return replace(one, query="\n".join(lines) + "\n")


def _clause_flipped(one: Certificate, rng: random.Random, _: Sequence[Certificate]) -> Certificate | None:
    lines = one.query.splitlines()
    places = [n for n, line in enumerate(lines) if line[0] not in "cp" and line != "0"]
    if not places:
        return None
    place = rng.choice(places)
    first, _blank, rest = lines[place].partition(" ")
    lines[place] = f"{-int(first)} {rest}"
    return replace(one, query="\n".join(lines) + "\n")


# --- rankings and boxes -------------------------------------------------------


def _rank_changed(one: Certificate, rng: random.Random, _: Sequence[Certificate]) -> Certificate:
    proof = json.loads(one.proof)
    proof["ranks"][rng.randrange(len(proof["ranks"]))] += rng.choice((-1, 1, 5))
    return replace(one, proof=json.dumps(proof))


def _rank_dropped(one: Certificate, rng: random.Random, _: Sequence[Certificate]) -> Certificate:
    proof = json.loads(one.proof)
    del proof["ranks"][rng.randrange(len(proof["ranks"]))]
    return replace(one, proof=json.dumps(proof))


def _in_runs(one: Certificate, change: Callable[[list[Any]], object]) -> Certificate:
    proof = json.loads(one.proof)
    change(proof["runs"])
    return replace(one, proof=json.dumps(proof))


def _box_changed(one: Certificate, rng: random.Random, _: Sequence[Certificate]) -> Certificate:
    def change(runs: list[Any]) -> None:
        box = rng.choice(rng.choice(rng.choice([run for run in runs if run])))[1]
        box[:] = sorted({*box} ^ {rng.randrange(-1, 8)})

    return _in_runs(one, change)


def _box_left_out(one: Certificate, rng: random.Random, _: Sequence[Certificate]) -> Certificate:
    def change(runs: list[Any]) -> None:
        step = rng.choice(rng.choice([run for run in runs if run]))
        del step[rng.randrange(len(step))]

    return _in_runs(one, change)


def _last_step_left_out(one: Certificate, rng: random.Random, _: Sequence[Certificate]) -> Certificate:
    return _in_runs(one, lambda runs: rng.choice([run for run in runs if run]).pop())


def _run_left_out(one: Certificate, _: random.Random, __: Sequence[Certificate]) -> Certificate:
    return _in_runs(one, lambda runs: runs.pop())


def _run_too_many(one: Certificate, _: random.Random, __: Sequence[Certificate]) -> Certificate:
    return _in_runs(one, lambda runs: runs.append(runs[-1]))


COMMON: tuple[Way, ...] = (
    *(_proof_of_another, _another, _truncated),
    *(_query_truncated, _digit_of_query_changed),
)
WAYS: dict[str, tuple[Way, ...]] = {
    "lrat": (
        *(_hint_dropped, _hint_changed, _hint_for_rat, _step_dropped, _literal_flipped),
        *(_empty_clause_missing, _clause_dropped, _clause_flipped),
    ),
    "order": (_rank_changed, _rank_dropped),
    "boxes": (_box_changed, _box_left_out, _last_step_left_out, _run_left_out, _run_too_many),
}
