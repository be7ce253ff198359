"""Why a formula holds in a model: few values of chosen symbols that alone keep it true.

A model makes a formula true; most of its symbols have nothing to do with that.  Going
down from the formula, a conjunction needs all its parts and a disjunction one of them,
so the symbols at the end of such a way, with their values, are enough: whatever the
other *chosen* symbols are, the formula still holds as long as the symbols that were not
to choose from keep the values that they have in the model.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from verify.encode import Formula

Literals: TypeAlias = dict[str, bool]
MOST = 1 << 30  # more than any reason costs


class Gate(NamedTuple):
    """A node: what joins its inputs (or its symbol, of which there are none), and where these stand."""

    kind: str
    inputs: tuple[int, ...]
    symbol: str = ""


class Circuit:
    """A formula as a list of gates, inputs first; `given` are parts that hold in any case."""

    def __init__(self, formula: Formula, given: Collection[Formula] = ()) -> None:
        self.gates: list[Gate] = []
        self._position: dict[int, int] = {}
        self._given = {part.node_id() for part in given}
        self._flatten(formula)
        self.symbols = [gate.symbol for gate in self.gates if gate.symbol]

    def _flatten(self, formula: Formula) -> None:
        pending: list[tuple[Any, bool]] = [(formula, False)]
        while pending:
            node, ready = pending.pop()
            number = node.node_id()
            if number in self._position:
                continue
            arguments = () if number in self._given else node.args()
            if ready or not arguments:
                self._position[number] = len(self.gates)
                inputs = tuple(self._position[each.node_id()] for each in arguments)
                self.gates.append(_gate(node, inputs, number in self._given))
                continue
            pending.append((node, True))
            pending.extend((each, False) for each in arguments)

    def reason(self, model: Callable[[str], bool], cost: Mapping[str, int]) -> Literals | None:
        """The symbols of `cost` whose values keep the formula true, of little cost; None where it is false.

        Symbols that `cost` does not name keep the values of the model.
        """
        values = self._values(model)
        if not values[-1]:
            return None
        prices = self._prices(values, cost)
        found: Literals = {}
        seen: set[int] = set()
        pending = [len(self.gates) - 1]
        while pending:
            position = pending.pop()
            if position in seen or not prices[position]:
                continue
            seen.add(position)
            gate = self.gates[position]
            if gate.symbol:
                found[gate.symbol] = values[position]
            pending.extend(_needed(gate, values, prices, values[position]))
        return found

    def _values(self, model: Callable[[str], bool]) -> list[bool]:
        values: list[bool] = []
        for kind, inputs, symbol in self.gates:
            if kind == "symbol":
                value = model(symbol)
            elif kind == "and":
                value = all(values[i] for i in inputs)
            elif kind == "or":
                value = any(values[i] for i in inputs)
            elif kind == "not":
                value = not values[inputs[0]]
            elif kind == "iff":
                value = values[inputs[0]] == values[inputs[1]]
            elif kind == "implies":
                value = not values[inputs[0]] or values[inputs[1]]
            else:
                value = kind == "true"
            values.append(value)
        return values

    def _prices(self, values: list[bool], cost: Mapping[str, int]) -> list[int]:
        """What the cheapest reason for the value of each gate costs (shared parts count again)."""
        prices: list[int] = []
        for position, gate in enumerate(self.gates):
            if gate.symbol:
                prices.append(cost.get(gate.symbol, 0))
            else:
                needed = _needed(gate, values, prices, values[position])
                prices.append(min(sum(prices[i] for i in needed), MOST))
        return prices


def _gate(node: Any, inputs: tuple[int, ...], given: bool) -> Gate:
    if given or node.is_true():
        return Gate("true", ())
    if node.is_symbol():
        return Gate("symbol", (), node.symbol_name())
    tests = {"and": node.is_and, "or": node.is_or, "not": node.is_not, "iff": node.is_iff}
    kind = next((name for name, test in tests.items() if test()), "")
    if not kind:
        kind = "implies" if node.is_implies() else "false"
    return Gate(kind, inputs)


def _needed(gate: Gate, values: list[bool], prices: list[int], value: bool) -> tuple[int, ...]:
    """The inputs whose values give the gate its value: all of them, or the cheapest that is enough."""
    kind, inputs, _ = gate
    if kind in ("and", "or"):
        decisive = kind == "or"
        if value is not decisive:
            return inputs
        return (min((i for i in inputs if values[i] is decisive), key=prices.__getitem__),)
    if kind == "implies" and value:
        enough = [i for i, wanted in zip(inputs, (False, True), strict=True) if values[i] is wanted]
        return (min(enough, key=prices.__getitem__),)
    return inputs
