"""Proofs are trimmed to certificates that the checker accepts; what is no proof is not."""

from __future__ import annotations

import random
from itertools import combinations

import pytest

from verify.certificates.checker import check_lrat
from verify.certificates.clauses import Cnf
from verify.certificates.rejection import Rejected, Unchecked
from verify.certificates.trimming import NotTrimmed, lrat
from verify.solve import refutation

Clauses = tuple[tuple[int, ...], ...]


def random_clauses(seed: int) -> tuple[int, Clauses]:
    """Clauses of one to three literals over up to sixty variables, contradictory or nearly so."""
    rng = random.Random(seed)
    variables = rng.randint(3, 60)
    found = []
    for _ in range(int(variables * rng.uniform(3.5, 7))):
        chosen = rng.sample(range(1, variables + 1), min(variables, rng.choice((3, 3, 3, 3, 2))))
        found.append(tuple(variable * rng.choice((-1, 1)) for variable in chosen))
    found += [(rng.choice((-1, 1)) * rng.randint(1, variables),) for _ in range(rng.choice((0, 1, 3)))]
    return variables, tuple(found)


def pigeons(holes: int) -> tuple[int, Clauses]:
    """One more pigeon than there are holes, each in a hole of its own."""

    def inside(pigeon: int, hole: int) -> int:
        return pigeon * holes + hole + 1

    somewhere = [tuple(inside(pigeon, hole) for hole in range(holes)) for pigeon in range(holes + 1)]
    apart = [
        (-inside(one, hole), -inside(other, hole))
        for hole in range(holes)
        for one, other in combinations(range(holes + 1), 2)
    ]
    return (holes + 1) * holes, (*somewhere, *apart)


def accepted(variables: int, clauses: Clauses) -> bool:
    """Whether clauses are refuted and the certificate is accepted; False where they have a model."""
    drup = refutation(clauses)
    if drup is None:
        return False
    check_lrat(Cnf(variables, (), clauses).dimacs(), lrat(variables, clauses, drup))
    return True


def test_proofs_of_random_clauses_become_certificates() -> None:
    found = [accepted(*random_clauses(seed)) for seed in range(300)]
    assert 60 < sum(found) < 290


@pytest.mark.parametrize("holes", [2, 4, 6])
def test_a_long_proof_with_deletions_becomes_a_certificate(holes: int) -> None:
    variables, clauses = pigeons(holes)
    drup = refutation(clauses)
    assert drup is not None
    assert holes < 6 or any(line.startswith("d") for line in drup)
    certificate = lrat(variables, clauses, drup)
    check_lrat(Cnf(variables, (), clauses).dimacs(), certificate)
    assert certificate.count("\n") < max(10, len(drup))


def test_what_is_not_needed_is_left_out() -> None:
    clauses = ((1, 2), (1, -2), (-1, 3), (-1, -3), (4, 5), (4, -5))
    certificate = lrat(5, clauses, ["4 0", "1 0", "0"])
    assert certificate == "7 1 0 1 2 0\n8 3 0 7 3 0\n9 0 7 8 4 0\n"


def test_an_empty_clause_refutes_by_itself() -> None:
    assert lrat(1, ((1,), ()), []) == "3 0 2 0\n"
    check_lrat("p cnf 1 2\n1 0\n0\n", "3 0 2 0\n")


SATISFIABLE = ((1, 2), (-1, 3))
NO_PROOFS = {
    "no contradiction": (SATISFIABLE, []),
    "an unfounded lemma": (((1, 2), (-1, 2), (1, -2), (-1, -2, 3), (-3, 4)), ["-3 0", "1 0", "0"]),
    "a claim out of nothing": (SATISFIABLE, ["0"]),
    "a step that needs more than propagation": (SATISFIABLE, ["-1 0", "-2 0", "0"]),
}


@pytest.mark.parametrize("name", NO_PROOFS)
def test_what_is_no_proof_by_unit_propagation_gives_no_certificate(name: str) -> None:
    clauses, drup = NO_PROOFS[name]
    with pytest.raises(NotTrimmed):
        lrat(4, clauses, drup)


CONTRADICTION = "p cnf 2 4\n1 2 0\n1 -2 0\n-1 2 0\n-1 -2 0\n"
PROOF = "5 1 0 1 2 0\n6 0 5 3 4 0\n"
REJECTED = {
    "": "the empty clause is missing",
    "5 1 0 1 2 0\n": "the empty clause is missing",
    "6 0 3 4 0\n": "step 6 does not follow",
    "5 1 0 2 0\n6 0 5 3 4 0\n": "step 5 does not follow",
    "5 1 0 1 2 3 0\n6 0 5 3 4 0\n": "step 5 does not follow",
    "5 1 0 1 1 2 0\n6 0 5 3 4 0\n": "step 5 does not follow",
    "5 1 0 1 2\n6 0 5 3 4 0\n": "step 5 does not end",
    "4 1 0 1 2 0\n6 0 4 3 4 0\n": "step 4 is out of order",
    "5 1 0 1 2 0\n5 0 5 3 4 0\n": "step 5 is out of order",
}


def test_the_checker_accepts_a_proof() -> None:
    check_lrat(CONTRADICTION, PROOF)


@pytest.mark.parametrize("proof", REJECTED)
def test_the_checker_says_what_is_wrong_with_a_proof(proof: str) -> None:
    with pytest.raises(Rejected, match=REJECTED[proof]):
        check_lrat(CONTRADICTION, proof)


def test_a_step_that_is_not_by_unit_propagation_is_called_unchecked() -> None:
    with pytest.raises(Unchecked, match="RAT"):
        check_lrat(CONTRADICTION, "5 1 0 1 -2 0\n6 0 5 3 4 0\n")


FAULTY = ("p cnf 2 3\n", "p cnf 1 4\n", "p dnf 2 4\n")


@pytest.mark.parametrize("header", FAULTY)
def test_the_checker_reads_no_clauses_of_another_size_than_they_say(header: str) -> None:
    with pytest.raises(Rejected):
        check_lrat(header + CONTRADICTION.partition("\n")[2], PROOF)
