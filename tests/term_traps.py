"""A lint for pySMT terms: operators of Python that look like logic on them, and fail in silence.

`==`, `in`, `and`, `or`, `not`, a conditional and a chained comparison give a Python value
at once instead of a formula.  The lint follows names: what is annotated `Formula`, what a
formula builder returns, and the members of lists and dicts of formulas.  It sees one
function at a time, so it misses what passes through fields without an annotation.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

Function = ast.FunctionDef | ast.AsyncFunctionDef
BUILDERS = ("build", "formula_manager")


def traps(tree: ast.Module) -> list[str]:
    """Each use of such an operator on a term, as "line: code"."""
    returning = {
        f.name for f in ast.walk(tree) if isinstance(f, Function) and f.returns and _is_formula(f.returns)
    }
    functions = [node for node in ast.walk(tree) if isinstance(node, Function)]
    found = {trap for function in functions for trap in _Terms(function, returning).traps()}
    return [f"{line}: {code}" for line, code in sorted(found)]


def _is_formula(annotation: ast.expr) -> bool:
    """Whether an annotation is Formula, or Formula or None."""
    return ast.unparse(annotation) in ("Formula", "Formula | None")


def _holds_formulas(annotation: ast.expr) -> bool:
    """Whether an annotation is a container of formulas."""
    return isinstance(annotation, ast.Subscript) and "Formula" in ast.unparse(annotation.slice)


class _Terms:
    """Which names of one function are terms, or containers of terms."""

    def __init__(self, function: Function, returning: set[str]) -> None:
        self.function, self.returning = function, returning
        self.terms: set[str] = set()
        self.containers: set[str] = set()
        for argument in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs):
            if argument.annotation is not None:
                self._annotated(argument.arg, argument.annotation)
        while self._learn():
            pass

    def _annotated(self, name: str, annotation: ast.expr) -> None:
        if _is_formula(annotation):
            self.terms.add(name)
        elif _holds_formulas(annotation):
            self.containers.add(name)

    def _learn(self) -> bool:
        """Follow the assignments once more; whether that taught anything."""
        before = len(self.terms) + len(self.containers)
        for node in ast.walk(self.function):
            if isinstance(node, ast.AnnAssign):
                self._annotated(ast.unparse(node.target), node.annotation)
            elif isinstance(node, ast.Assign):
                for target in node.targets:
                    self._assigned(target, node.value)
            elif isinstance(node, ast.For | ast.comprehension) and self._is_container(node.iter):
                self.terms.add(ast.unparse(node.target))
        return len(self.terms) + len(self.containers) > before

    def _assigned(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            for each, part in zip(target.elts, value.elts, strict=False):
                self._assigned(each, part)
        elif self.is_term(value):
            self.terms.add(ast.unparse(target))
        elif self._is_container(value):
            self.containers.add(ast.unparse(target))

    def is_term(self, node: ast.expr) -> bool:
        """Whether an expression is a formula."""
        if isinstance(node, ast.Name | ast.Attribute):
            return ast.unparse(node) in self.terms
        if isinstance(node, ast.Subscript):
            return self._is_container(node.value) and not isinstance(node.slice, ast.Slice)
        if isinstance(node, ast.IfExp):
            return self.is_term(node.body) or self.is_term(node.orelse)
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute | ast.Name):
            return False
        *owner, name = ast.unparse(node.func).split(".")
        return name in self.returning or (bool(owner) and owner[-1] in BUILDERS and name[0].isupper())

    def _is_container(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Name | ast.Attribute):
            return ast.unparse(node) in self.containers
        if isinstance(node, ast.List | ast.Tuple):
            return any(self.is_term(e.value if isinstance(e, ast.Starred) else e) for e in node.elts)
        if isinstance(node, ast.ListComp):
            return self.is_term(node.elt)
        if isinstance(node, ast.DictComp):
            return self.is_term(node.value)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "values":
            return self._is_container(node.func.value)
        return isinstance(node, ast.Subscript) and self._is_container(node.value)

    def traps(self) -> Iterator[tuple[int, str]]:
        """The lines with an operator on a term, and the code."""
        for node in ast.walk(self.function):
            if isinstance(node, ast.expr | ast.stmt) and any(self.is_term(each) for each in _judged(node)):
                yield node.lineno, ast.unparse(node).partition("\n")[0]


def _judged(node: ast.AST) -> list[ast.expr]:
    """The operands that a construct reads as plain truth values, or compares."""
    match node:
        case ast.Compare(left=left, ops=operators, comparators=others):
            identity = all(isinstance(operator, ast.Is | ast.IsNot) for operator in operators)
            return [] if identity else [left, *others]
        case ast.BoolOp(values=values):
            return values
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return [operand]
        case ast.IfExp(test=test) | ast.If(test=test) | ast.While(test=test) | ast.Assert(test=test):
            return [test]
    return []
