"""What solvers make of a text in SMT-LIB 2 as it comes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import bitwuzla
import cvc5
import z3


def _z3(path: Path) -> str:
    solver = z3.Solver(ctx=z3.Context())
    solver.from_file(str(path))
    return str(solver.check())


def _cvc5(path: Path) -> str:
    solver = cvc5.Solver(cvc5.TermManager())
    parser = cvc5.InputParser(solver)
    parser.setFileInput(cvc5.InputLanguage.SMT_LIB_2_6, str(path))
    symbols, said = parser.getSymbolManager(), []
    while not (command := parser.nextCommand()).isNull():
        said.append(str(command.invoke(solver, symbols)))
    return "".join(said).strip()


def _bitwuzla(path: Path) -> str:
    parser = bitwuzla.Parser(bitwuzla.TermManager(), bitwuzla.Options())
    parser.parse(str(path), True, True)
    return str(parser.bitwuzla().check_sat()).rpartition(".")[2].lower()


SOLVERS: Mapping[str, Callable[[Path], str]] = {"z3": _z3, "cvc5": _cvc5, "bitwuzla": _bitwuzla}


def answers(path: Path) -> dict[str, str]:
    """What each solver says about a file: sat or unsat."""
    return {name: ask(path) for name, ask in SOLVERS.items()}
