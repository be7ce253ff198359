"""Terms, their clauses and their SMT-LIB text mean the same."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from pysat.solvers import Solver
from pysmt.typing import INT

from tests.random_terms import term, value
from tests.readers import SOLVERS, answers
from tests.shipped import SCENARIOS
from verify.announced import with_networks
from verify.asking import METHODS
from verify.certificates.clauses import Cnf, Formula, NotPropositional, bottom_up, clauses_of
from verify.certificates.smtlib import script, symbol
from verify.inquiry import SolverInquiry
from verify.load import load
from verify.solve import Backend, fresh_environment

QUERIES_OF_ONE = 4
MODELS = 6


def extends(cnf: Cnf, values: dict[str, bool]) -> bool:
    """Whether some model of the clauses gives the symbols these values."""
    literals = [variable if values[name] else -variable for variable, name in cnf.names]
    return all(cnf.clauses) and model(cnf, literals) is not None


def model(cnf: Cnf, literals: list[int]) -> set[int] | None:
    """The literals of some model of the clauses in which these hold."""
    with Solver(name="minisat22", bootstrap_with=[list(clause) for clause in cnf.clauses]) as solver:
        return set(solver.get_model()) if solver.solve(assumptions=literals) else None


@pytest.mark.parametrize("seed", range(150))
def test_the_models_of_a_term_are_those_that_its_clauses_extend(seed: int) -> None:
    formula = term(fresh_environment(), random.Random(seed))
    cnf = clauses_of([formula])
    names = sorted(str(node.symbol_name()) for node in bottom_up([formula]) if node.is_symbol())
    assert sorted(name for _, name in cnf.names) == names
    for chosen in product((False, True), repeat=len(names)):
        values = dict(zip(names, chosen, strict=True))
        assert extends(cnf, values) == value(formula, values), values


def queries(path: Path) -> Iterator[Formula]:
    """Formulas of a shipped scenario that have models: those of inquiries, violation or not."""
    document = load(str(path)).document
    for name in sorted(set(METHODS) & set(document.expect)):
        candidates, networks = with_networks(document)
        for asked in METHODS[name](candidates, networks[0], Backend(())):
            if isinstance(asked.inquiry, SolverInquiry):
                yield asked.inquiry.question.formula


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_queries_of_shipped_scenarios_and_their_clauses_have_the_same_models(path: Path) -> None:
    rng = random.Random(path.stem)
    for _, formula in zip(range(QUERIES_OF_ONE), queries(path), strict=False):
        cnf = clauses_of([formula])
        for _ in range(MODELS):
            found = model(cnf, [each * rng.choice((-1, 1)) for each, _ in rng.sample(cnf.names, 2)])
            if found is None:
                continue
            values = {name: variable in found for variable, name in cnf.names}
            assert value(formula, values)
            changed = rng.choice(cnf.names)[1]
            other = {**values, changed: not values[changed]}
            assert extends(cnf, other) == value(formula, other), changed


def test_clauses_say_only_what_is_needed() -> None:
    build = fresh_environment().formula_manager
    a, b, c = (build.Symbol(name) for name in "abc")
    formula = build.And(build.Or(a, build.And(b, c)), build.Not(build.Or(a, b)), build.Implies(b, c))
    assert clauses_of([formula]).clauses == ((1, -4), (-1,), (-2,), (-2, 3), (4, 2), (4, 3))


def test_constants_vanish_and_a_contradiction_is_the_empty_clause() -> None:
    build = fresh_environment().formula_manager
    a = build.Symbol("a")
    nothing = build.And(build.Or(a, build.TRUE()), build.Iff(a, a), build.Not(build.FALSE()))
    assert clauses_of([nothing]).clauses == ()
    assert clauses_of([a, build.And(a, build.Iff(a, build.Not(a)))]).clauses == ((1,), ())


def test_the_clauses_are_written_with_the_names_of_their_symbols() -> None:
    build = fresh_environment().formula_manager
    cnf = clauses_of([build.Or(build.Symbol("b"), build.Not(build.Symbol("a\nb")))])
    assert cnf.dimacs() == 'c 1 "b"\nc 2 "a\\nb"\np cnf 2 1\n1 -2 0\n'


def test_a_term_that_is_not_boolean_is_refused() -> None:
    build = fresh_environment().formula_manager
    number = build.Symbol("n", INT)
    for write in (clauses_of, script):
        with pytest.raises(NotPropositional):
            write([build.Equals(number, build.Int(1))])


def test_both_grow_with_the_term_however_much_is_shared() -> None:
    build = fresh_environment().formula_manager
    formula = build.Symbol("x0")
    for n in range(1, 400):
        formula = build.Iff(formula, build.And(formula, build.Symbol(f"x{n}")))
    deep = build.Symbol("y0")
    for n in range(1, 400):
        deep = build.Or(build.Symbol(f"y{n}"), build.Not(deep))
    assert len(clauses_of([formula, deep]).clauses) < 400 * 10
    assert len(script([formula, deep])) < 400 * 200


def test_symbols_are_quoted_and_different_names_stay_different() -> None:
    names = ["|", "\\", "%", "%7C", "%5C", "a b", "", "é", "\n", "%t1", "t1", "t%1"]
    written = [symbol(name) for name in names]
    assert len(set(written)) == len(names)
    assert all(re.fullmatch(r"\|[^|\\]*\|", each) and each.isascii() for each in written)


@pytest.mark.parametrize("seed", range(60))
def test_every_solver_reads_a_term_and_finds_the_same(seed: int, tmp_path: Path) -> None:
    formula = term(fresh_environment(), random.Random(seed))
    names = [str(node.symbol_name()) for node in bottom_up([formula]) if node.is_symbol()]
    spaces = product((False, True), repeat=len(names))
    has_model = any(value(formula, dict(zip(names, chosen, strict=True))) for chosen in spaces)
    file = tmp_path / "query.smt2"
    file.write_text(script([formula]))
    assert answers(file) == dict.fromkeys(SOLVERS, "sat" if has_model else "unsat")
