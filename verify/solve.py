"""The only module that names solvers.

A `Question` is one formula, loaded once into a fresh solver and asked under
varying assumptions.  Limits are resource counts where the solver has them, so that
a run that stops stops at the same place every time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pysmt.environment import Environment
from pysmt.exceptions import SolverReturnedUnknownResultError

from verify.certificates.clauses import bottom_up
from verify.certificates.smtlib import script
from verify.encode import Encoder, Formula
from verify.environment import fresh_environment as fresh_environment  # for all who ask questions
from verify.models.choices import Choice
from verify.models.condition import Condition, Value, at_most
from verify.models.network import Configuration, Network

KNOWN = ("z3", "cvc5")
DEFAULT = "z3"
SAT_SOLVER = "cadical195"  # its proofs need unit propagation only, as far as has been seen
SEARCH_LIMIT = 20_000_000  # resource count of a search for a witness


class SolversDisagree(Exception):
    """Two solvers give opposite answers to one question: an internal error; `query` is it, in SMT-LIB."""

    def __init__(self, message: str, query: str) -> None:
        super().__init__(message)
        self.query = query


class LimitReached(Exception):
    """A solver gave up within its limits."""


class SolverMissing(Exception):
    """A solver that was asked for is not installed."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one solver call; None is no bound. `timeout` is in seconds."""

    rlimit: int | None = None
    timeout: float | None = None

    def options(self, solver: str) -> dict[str, Any]:
        """The options of a solver that set these limits, with fixed seeds."""
        if solver == "z3":
            found: dict[str, Any] = {"random_seed": 0}
            if self.rlimit is not None:
                found["rlimit"] = self.rlimit
            if self.timeout is not None:
                found["timeout"] = int(self.timeout * 1000)
            return found
        found = {"seed": "0"}
        if self.rlimit is not None:
            found["rlimit"] = str(self.rlimit)
        if self.timeout is not None:
            found["tlimit-per"] = str(int(self.timeout * 1000))
        return found


@dataclass(frozen=True, slots=True)
class Backend:
    """Which solvers decide; those after the first confirm every refutation of the first.

    Without a solver questions are written down, not asked.
    """

    solvers: tuple[str, ...] = (DEFAULT,)
    limits: Limits = Limits()
    symbolic: bool = False  # also ask a solver where the few configurations could be tried one by one

    def check_installed(self) -> None:
        """Raise SolverMissing for a solver that this installation lacks."""
        available = Environment().factory.all_solvers()
        for name in self.solvers:
            if name not in available:
                raise SolverMissing(name)


@dataclass
class Question:
    """One formula about the choices of a network, and the solvers that answer for it."""

    network: Network
    encoder: Encoder
    formula: Formula
    backend: Backend
    asked: int = 0
    _solvers: list[Any] = field(default_factory=list)
    _asserted: list[Formula] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._asserted.append(self.formula)
        environment = self.encoder.environment
        for name in self.backend.solvers:
            options = self.backend.limits.options(name)
            solver = _fresh_solver(environment, name, options)
            with environment:  # pySMT checks what is asserted in the environment that is current
                solver.add_assertion(self.formula)
            self._solvers.append(solver)

    @property
    def choices(self) -> Mapping[str, Choice]:
        """Every choice that the formula mentions."""
        return self.encoder.choices

    def answer(self, assumed: Mapping[str, Value]) -> Configuration | None:
        """A configuration that satisfies the formula and the assumptions, or None if there is none.

        Raises LimitReached, or SolversDisagree where a second solver finds one after all.
        """
        self.asked += 1
        literals = [
            self.encoder.literal(self.choices[name], value)
            for name, value in assumed.items()
            if name in self.choices
        ]
        if any(
            name in self.choices and value not in self.choices[name].values for name, value in assumed.items()
        ):
            return None
        literals = [literal for literal in literals if not literal.is_true()]
        if self._solve(self._solvers[0], literals):
            return self._configuration()
        for second in self._solvers[1:]:
            if self._solve(second, literals):
                message = f"{self.backend.solvers} differ on {sorted(assumed.items(), key=str)}"
                raise SolversDisagree(message, script([*self._asserted, *literals]))
        return None

    def model(self) -> Callable[[str], bool]:
        """The truth of each symbol in the model that was found last."""
        solver = self._solvers[0]
        if not hasattr(solver, "z3"):
            symbol = self.encoder.symbol
            return lambda name: bool(solver.get_py_value(symbol(name)))
        from z3 import is_true

        model = solver.z3.model()
        known = {each.name(): is_true(model[each]) for each in model.decls()}
        return lambda name: known.get(name, False)

    def limit(self, choice: Choice, counted: Sequence[Condition]) -> None:
        """Add a choice whose value is the most of some conditions that may hold."""
        for most in choice.values:
            limited = self.encoder.condition(at_most(int(most), counted))
            self.require(self.encoder.build.Implies(self.encoder.literal(choice, most), limited))

    def require(self, rule: Formula) -> None:
        """Add a formula to the question."""
        self._asserted.append(rule)
        with self.encoder.environment:
            for solver in self._solvers:
                solver.add_assertion(rule)

    def _solve(self, solver: Any, literals: list[Formula]) -> bool:
        try:
            return bool(solver.solve(literals))
        except SolverReturnedUnknownResultError as error:
            raise LimitReached("a solver stopped at its limit") from error

    def _configuration(self) -> Configuration:
        values: dict[str, Value] = {}
        holds = _truth(self._solvers[0])
        for name, choice in self.choices.items():
            fitting = (value for value in choice.values if holds(self.encoder.literal(choice, value)))
            values[name] = next(fitting, choice.default)
        return Configuration(values, self.network.choices)

    def size(self) -> int:
        """Number of nodes of the formula."""
        return sum(1 for _ in bottom_up([self.formula]))


def _truth(solver: Any) -> Callable[[Formula], bool]:
    """The truth of literals in the model that a solver has found.

    pySMT fetches the model anew for each value and turns that into a term of its own;
    z3 is asked directly, as a model is read more often than a formula is solved.
    """
    if not hasattr(solver, "z3"):
        return lambda literal: bool(solver.get_py_value(literal))
    from z3 import is_true

    model, convert = solver.z3.model(), solver.converter.convert
    return lambda literal: bool(is_true(model.eval(convert(literal), model_completion=True)))


def _fresh_solver(environment: Environment, name: str, options: dict[str, Any]) -> Any:
    """A solver that knows nothing of earlier questions, so that its models do not depend on them.

    pySMT makes every z3 solver in the main context of the z3 module, in which terms of
    earlier solvers stay behind and change the order of search; so the main context is
    made anew each time.  Solvers that exist keep theirs.
    """
    if name == "z3":
        import z3.z3

        z3.z3._main_ctx = None
    own = dict(options)
    seed = own.pop("random_seed", None)
    return environment.factory.Solver(name=name, logic="QF_BOOL", random_seed=seed, solver_options=own)


def model_of(environment: Environment, formula: Formula) -> Any | None:
    """A solver that holds a model of a formula, or None where it found none within its limit."""
    options = {"rlimit": SEARCH_LIMIT}
    solver = _fresh_solver(environment, DEFAULT, options)
    with environment:
        solver.add_assertion(formula)
    try:
        return solver if solver.solve() else None
    except SolverReturnedUnknownResultError:
        return None


def refutation(clauses: Iterable[Sequence[int]]) -> list[str] | None:
    """The lines of a DRUP proof that clauses contradict each other; None where they do not.

    The SAT solver makes no random choice, so the proof is the same each time.
    """
    from pysat.solvers import Solver

    with Solver(name=SAT_SOLVER, bootstrap_with=clauses, with_proof=True) as solver:
        return None if solver.solve() else list(solver.get_proof())


def conjunction(encoder: Encoder, formulas: Iterable[Formula]) -> Formula:
    """The formulas together with the ground rules of the choices that they mention."""
    listed = list(formulas)
    return encoder.build.And([*listed, encoder.ground_rules()])
