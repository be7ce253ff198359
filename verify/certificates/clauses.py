"""Boolean terms to clauses, by the construction of Plaisted and Greenbaum.

Each connective gets a variable of its own that implies the connective, or is implied by
it, as far as the term needs; what stands alone at the top becomes clauses directly.
Every model of the clauses is a model of the term, and every model of the term extends
to one of the clauses.  Equal connectives share a variable, and constants vanish.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from pysmt import operators

Formula: TypeAlias = Any  # pySMT publishes no types
Clause: TypeAlias = tuple[int, ...]
TRUE = 0  # a literal that is no number of a variable; false is None
Literal: TypeAlias = int | None


class NotPropositional(Exception):
    """A term with a connective that has no clauses here: an internal error."""


@dataclass(frozen=True)
class Cnf:
    """Clauses over variables 1 to `variables`; the first are the symbols of the term, by `names`."""

    variables: int
    names: tuple[tuple[int, str], ...]
    clauses: tuple[Clause, ...]

    def dimacs(self) -> str:
        """The DIMACS form, with the names of variables as comments."""
        lines = [f"c {variable} {json.dumps(name)}" for variable, name in self.names]
        lines.append(f"p cnf {self.variables} {len(self.clauses)}")
        lines += [" ".join(map(str, (*clause, 0))) for clause in self.clauses]
        return "\n".join(lines) + "\n"


def clauses_of(formulas: Iterable[Formula]) -> Cnf:
    """The clauses of a conjunction of terms.

    Raises NotPropositional.
    """
    gates = _Gates()
    roots = [gates.literal(formula) for formula in formulas]
    numbers = {variable: number for number, variable in enumerate(gates.symbols.values(), start=1)}
    clauses = [
        tuple(numbers.setdefault(abs(x), len(numbers) + 1) * (1 if x > 0 else -1) for x in clause)
        for clause in gates.clauses(roots)
    ]
    return Cnf(len(numbers), tuple(enumerate(gates.symbols, start=1)), tuple(clauses))


def bottom_up(formulas: Iterable[Formula]) -> Iterator[Formula]:
    """All subterms of terms of one environment, each once, after its own."""
    pending = [(formula, False) for formula in formulas][::-1]
    seen: set[int] = set()
    while pending:
        node, ready = pending.pop()
        if ready:
            yield node
        elif node.node_id() not in seen:
            seen.add(node.node_id())
            pending.append((node, True))
            pending.extend((part, False) for part in reversed(node.args()))


@dataclass
class _Gates:
    """The connectives of some terms: `ors` of literals and `iffs` of two; an `and` is a negated `or`."""

    count: int = 0
    symbols: dict[str, int] = field(default_factory=dict)
    ors: dict[int, tuple[int, ...]] = field(default_factory=dict)
    iffs: dict[int, tuple[int, int]] = field(default_factory=dict)
    _known: dict[tuple[str, tuple[int, ...]], int] = field(default_factory=dict)
    _literals: dict[int, Literal] = field(default_factory=dict)  # of the terms with these numbers

    def literal(self, formula: Formula) -> Literal:
        """The literal that stands for a term."""
        for node in bottom_up([formula]):
            number = node.node_id()
            if number not in self._literals:
                self._literals[number] = self._of(node, [self._literals[p.node_id()] for p in node.args()])
        return self._literals[formula.node_id()]

    def _of(self, node: Formula, parts: list[Literal]) -> Literal:
        kind = node.node_type()
        if kind == operators.SYMBOL:
            return self.symbols.setdefault(node.symbol_name(), self._new())
        if kind == operators.BOOL_CONSTANT:
            return TRUE if node.constant_value() else None
        if kind == operators.NOT:
            return _opposite(parts[0])
        if kind == operators.OR:
            return self._any(parts)
        if kind == operators.AND:
            return _opposite(self._any([_opposite(part) for part in parts]))
        if kind == operators.IMPLIES:
            return self._any([_opposite(parts[0]), parts[1]])
        if kind == operators.IFF:
            return self._same(parts[0], parts[1])
        raise NotPropositional(operators.op_to_str(kind))

    def _new(self) -> int:
        self.count += 1
        return self.count

    def _any(self, parts: Sequence[Literal]) -> Literal:
        literals = dict.fromkeys(part for part in parts if part is not None)
        if TRUE in literals or any(-literal in literals for literal in literals):
            return TRUE
        if len(literals) < 2:
            return next(iter(literals), None)
        return self._gate("or", tuple(literals), self.ors)

    def _same(self, left: Literal, right: Literal) -> Literal:
        for one, other in ((left, right), (right, left)):
            if one is None or one == TRUE:
                return other if one == TRUE else _opposite(other)
        assert left is not None  # the loop returns on constants
        assert right is not None  # likewise
        if abs(left) == abs(right):
            return TRUE if left == right else None
        gate = self._gate("iff", (abs(left), abs(right)), self.iffs)
        return gate if (left > 0) == (right > 0) else -gate

    def _gate(self, kind: str, literals: tuple[int, ...], gates: dict[int, Any]) -> int:
        key = (kind, tuple(sorted(literals)))
        if key not in self._known:
            self._known[key] = self._new()
            gates[self._known[key]] = literals
        return self._known[key]

    # --- clauses ------------------------------------------------------------

    def clauses(self, roots: Iterable[Literal]) -> Iterator[Clause]:
        """The clauses that make all roots true."""
        used: set[int] = set()  # literals that have to imply what they stand for
        for clause in self._top(roots):
            used.update(clause)
            yield clause
        for gate in range(self.count, 0, -1):  # a connective is younger than its parts
            for clause in list(self._defining(gate, used)):
                used.update(literal for literal in clause if abs(literal) != gate)
                yield clause

    def _top(self, roots: Iterable[Literal]) -> Iterator[Clause]:
        pending, seen = list(roots)[::-1], set[int]()
        while pending:
            root = pending.pop()
            if root is None:
                yield ()
            elif root != TRUE and root not in seen:
                seen.add(root)
                if -root in self.ors:
                    pending.extend(-part for part in reversed(self.ors[-root]))
                else:
                    yield self.ors.get(root, (root,))

    def _defining(self, gate: int, used: set[int]) -> Iterator[Clause]:
        if gate in self.ors:
            if gate in used:
                yield (-gate, *self.ors[gate])
            if -gate in used:
                yield from ((gate, -part) for part in self.ors[gate])
        elif gate in self.iffs:
            left, right = self.iffs[gate]
            if gate in used:
                yield from ((-gate, -left, right), (-gate, left, -right))
            if -gate in used:
                yield from ((gate, left, right), (gate, -left, -right))


def _opposite(literal: Literal) -> Literal:
    if literal is None or literal == TRUE:
        return None if literal == TRUE else TRUE
    return -literal
