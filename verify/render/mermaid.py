"""The tables of a counterexample as a Mermaid drawing: who holds a route from whom, and the loop."""

from __future__ import annotations

from collections.abc import Iterable

from verify.verdict import Counterexample

MOST_TABLES = 40


def drawing(example: Counterexample) -> str:
    """A flowchart of the selected routes, the loop in bold; "" where there is nothing or too much to draw."""
    arrows = {(row.next_hop, row.table) for row in example.routes if row.state == "selected" and row.table}
    around = set(zip(example.loop, example.loop[1:], strict=False))
    tables = sorted({name for pair in (*arrows, *around) for name in pair} - {"local", "discard"})
    if not tables or len(tables) > MOST_TABLES:
        return ""
    number = {name: f"t{index}" for index, name in enumerate(tables)}
    lines = ["flowchart LR", *(f'  {number[name]}["{_label(name)}"]' for name in tables)]
    lines += _arrows(sorted(around), number, "==>|packets|")
    learned = sorted(pair for pair in arrows if pair[0] in number and pair not in around)
    lines += _arrows(learned, number, "-->|route|")
    return "\n".join(lines)


def _arrows(pairs: Iterable[tuple[str, str]], number: dict[str, str], arrow: str) -> list[str]:
    return [f"  {number[begin]} {arrow} {number[end]}" for begin, end in pairs]


def _label(name: str) -> str:
    """A name that cannot end the label or start markup."""
    return "".join(f"#{ord(c)};" if c in "\"#<>&`[]{}|\\" else c for c in name)
