"""Boolean terms as SMT-LIB 2: every shared subterm is defined once, so the text is linear in the term."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from string import ascii_letters, digits, punctuation
from typing import Any, TypeAlias
from urllib.parse import quote

from pysmt import operators

from verify.certificates.clauses import NotPropositional, bottom_up

Formula: TypeAlias = Any  # pySMT publishes no types
PLAIN = (ascii_letters + digits + punctuation + " ").translate({ord(letter): None for letter in "%|\\"})
LONG = 1000  # letters
WORDS = {
    operators.NOT: "not",
    operators.AND: "and",
    operators.OR: "or",
    operators.IMPLIES: "=>",
    operators.IFF: "=",
}


def symbol(name: str) -> str:
    """A name as a quoted symbol; what cannot stand in one is written as in a URL, % included."""
    return f"|{quote(name, safe=PLAIN)}|"


def script(formulas: Sequence[Formula]) -> str:
    """A script that asks whether terms can hold together.

    Raises NotPropositional.
    """
    nodes = list(bottom_up(formulas))
    names = [symbol(node.symbol_name()) for node in nodes if node.is_symbol()]
    lines = ["(set-logic QF_UF)"]
    lines += [f"(declare-const {name} Bool)" for name in names]
    uses: dict[int, int] = {}
    for part in (part for node in nodes for part in node.args()):
        uses[part.node_id()] = uses.get(part.node_id(), 0) + 1
    lines += _defined(formulas, nodes, {number for number, count in uses.items() if count > 1})
    return "\n".join([*lines, "(check-sat)", ""])


def _defined(formulas: Sequence[Formula], nodes: Sequence[Formula], shared: set[int]) -> Iterator[str]:
    """Definitions of shared and of long subterms, then the assertions.

    They are called %t1, %t2 and so on, as no symbol can be.
    """
    texts: dict[int, str] = {}
    count = 0
    for node in nodes:
        text = _text(node, [texts[part.node_id()] for part in node.args()])
        if node.args() and (node.node_id() in shared or len(text) > LONG):
            count += 1
            yield f"(define-fun %t{count} () Bool {text})"
            text = f"%t{count}"
        texts[node.node_id()] = text
    yield from (f"(assert {texts[formula.node_id()]})" for formula in formulas)


def _text(node: Formula, parts: list[str]) -> str:
    kind = node.node_type()
    if kind == operators.SYMBOL:
        return symbol(node.symbol_name())
    if kind == operators.BOOL_CONSTANT:
        return "true" if node.constant_value() else "false"
    if kind not in WORDS:
        raise NotPropositional(operators.op_to_str(kind))
    return f"({WORDS[kind]} {' '.join(parts)})"
