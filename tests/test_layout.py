"""The shape of the source: which way imports go, who prints, who names solvers, how long things are.

Each test collects every offence of the project, so one run shows all there is to mend.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable

import pytest

from tests.source_code import LAYERS, ROOT, Module, layer_of, modules, text_files
from tests.term_traps import traps

EVERY = modules()
SHIPPED = modules("models", "properties", "verify")
LONGEST_FILE, LONGEST_TEST, LONGEST_FUNCTION, MOST_PARAMETERS = 250, 400, 40, 5

SOLVERS = re.compile(r"\b(?:z3|cvc[45]|yices|msat|mathsat|bitwuzla|boolector|pysat|cadical\d*)\b")
SOLVER_NAMED = {
    "verify/solve.py": "the module that is there for it",
    "verify/check.py": "the default of an option, which must not load the solver module",
}
PRINTS = (
    *("verify/cli.py", "verify/commands/", "verify/render/"),
    "verify/certificates/checker.py",  # a command of its own, which uses nothing of the others
)
OPENS_FILES = (
    *("verify/load.py", "verify/arguments.py", "verify/cli.py", "verify/render/"),
    "verify/certificates/checker.py",
    "verify/certificates/folder.py",
    "verify/disagreement.py",
    "verify/evidence/",  # whose subject is a folder of files
)
LOOKS_OUTSIDE = {"os", "sys", "io", "pathlib", "subprocess", "socket", "time", "random"}


def none(offences: list[str]) -> None:
    """Fail with all of them, which pytest would cut short."""
    assert not offences, "\n" + "\n".join(offences)


def except_in(found: list[Module], places: Iterable[str]) -> list[Module]:
    return [module for module in found if not module.label.startswith(tuple(places))]


def test_the_modules_of_every_layer_are_found() -> None:
    assert {module.layer for module in EVERY} == set(LAYERS)
    named = {module.name: module for module in EVERY}
    assert {"verify.models.tables.site", "verify.cli", "tests.test_layout"} <= set(named)
    assert "verify.models.network" in set(named["verify.models.tables.site"].imports())
    assert [layer_of(n) for n in ("verify.models.route", "verify.cli", "tests.x", "pydantic")] == [
        *("models", "verify", "tests", ""),
    ]


def test_imports_go_one_way() -> None:
    """models <- properties <- verify <- benchmarks, tests."""
    none([
        f"{module.label} imports {name}"
        for module in EVERY
        for name in module.imports()
        if LAYERS.index(layer_of(name) or LAYERS[0]) > LAYERS.index(module.layer)
    ])


def test_nothing_imports_a_bare_top_level_folder() -> None:
    bare = {"models", "properties", "scenarios"}
    none([m.label for m in EVERY if bare & {name.partition(".")[0] for name in m.imports()}])


def test_the_model_needs_the_standard_library_and_pydantic_only() -> None:
    for module in modules("models", "properties"):
        used = {name.partition(".")[0] for name in module.imports()}
        assert used - set(sys.stdlib_module_names) <= {"pydantic", "pydantic_core", "verify"}, module.label
        assert not used & LOOKS_OUTSIDE, module.label
        assert not called(module.tree) & {"open", "print", "input"}, module.label


def test_only_the_solver_module_names_solvers() -> None:
    none([m.label for m in except_in(SHIPPED, SOLVER_NAMED) if SOLVERS.search(m.text)])
    none([label for label in SOLVER_NAMED if not SOLVERS.search((ROOT / label).read_text("utf-8"))])


def test_only_the_command_line_and_the_renderers_print() -> None:
    speaking = {"print", "input", "exit", "quit", "sys.exit", "typer.echo"}
    streams = re.compile(r"\bsys\.(stdout|stderr)\b")
    silent = except_in(SHIPPED, PRINTS)
    none([m.label for m in silent if called(m.tree) & speaking or streams.search(m.text)])


def test_files_are_opened_in_few_places() -> None:
    opening = re.compile(r"(?<![\w.])(?<!def )open\(|\.(?:read|write)_(?:text|bytes)\(")
    none([m.label for m in except_in(SHIPPED, OPENS_FILES) if opening.search(m.text)])


def test_an_assertion_says_why_it_cannot_fail() -> None:
    """`assert` is for what the program guarantees itself, never for input."""
    none([
        f"{module.label}:{node.lineno}"
        for module in SHIPPED
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Assert) and "  # " not in module.text.splitlines()[node.lineno - 1]
    ])


def test_files_are_short() -> None:
    lengths = {module: len(module.text.splitlines()) for module in EVERY}
    none([
        f"{module.label} has {lines} lines"
        for module, lines in lengths.items()
        if lines > (LONGEST_TEST if module.layer == "tests" else LONGEST_FILE)
    ])


def test_functions_are_short() -> None:
    none([
        f"{module.label}: {function.name}"
        for module in EVERY
        for function in module.functions()
        if (function.end_lineno or 0) - function.lineno >= LONGEST_FUNCTION
    ])


def test_functions_have_few_parameters() -> None:
    """The command line is left out: typer reads each option from a parameter."""
    none([
        f"{module.label}: {function.name}"
        for module in except_in(SHIPPED, ["verify/cli.py", "verify/commands/"])
        for function in module.functions()
        if len(parameters(function)) > MOST_PARAMETERS
    ])


def test_an_ignored_check_names_itself_and_says_why() -> None:
    bare = re.compile(r"#\s*(?:type:\s*ignore\[[\w, -]+\]|noqa:\s*[A-Z]+\d+)\s*$")
    blanket = re.compile(r"#\s*(?:type:\s*ignore(?!\[)|noqa(?!:))")
    none([
        f"{module.label}:{number}"
        for module in EVERY
        for number, line in enumerate(module.text.splitlines(), start=1)
        if bare.search(line) or (blanket.search(line) and "re.compile" not in line)
    ])


def test_no_term_of_a_formula_meets_an_operator_of_python() -> None:
    none([f"{m.label}:{trap}" for m in modules("verify") for trap in traps(m.tree)])


TRAPS = (
    *("x == y", "x != y", "x in [y]", "x < y < x", "many[0] == y"),
    *("x and y", "y or x", "not x", "1 if x else 2", "self.rule() or 1"),
)


@pytest.mark.parametrize("trap", TRAPS)
def test_the_lint_finds_operators_on_terms(trap: str) -> None:
    source = (
        "def rule(self) -> Formula: ...\n"
        "def f(self, y: Formula, many: list[Formula]) -> Formula:\n"
        "    x = self.build.Or(y)\n"
        f"    return {trap}\n"
    )
    assert traps(ast.parse(source)) == [f"4: {trap}"]


def test_the_lint_lets_other_values_be_compared() -> None:
    source = (
        "def f(self, y: Formula, names: list[str]) -> Formula:\n"
        "    rules = [y]\n"
        "    if 'a' in names and y is not None and not rules:\n"
        "        return self.build.And(rules)\n"
        "    return y if rules else self.build.TRUE()\n"
    )
    assert traps(ast.parse(source)) == []


def test_no_text_names_a_path_of_some_machine() -> None:
    machine = re.compile(r"(?<![\w.>])/(?:work|tmp|root|home|Users)/\w")
    none([str(p.relative_to(ROOT)) for p in text_files() if machine.search(p.read_text("utf-8"))])


def called(tree: ast.AST) -> set[str]:
    """What is called in a module, as it is written."""
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    declared = function.args
    every = [*declared.posonlyargs, *declared.args, *declared.kwonlyargs]
    return [each.arg for each in every if each.arg not in ("self", "cls")]
