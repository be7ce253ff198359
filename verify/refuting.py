"""Violations under values that are tried, and what each of them needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from verify.hitting import Reason, Values
from verify.inquiry import Inquiry, SolverInquiry
from verify.justify import Circuit
from verify.looping import ASKS
from verify.models.choices import Choice, Role
from verify.models.condition import Value, any_of
from verify.models.network import Network
from verify.models.rulebook import choices_of, review
from verify.models.scenario import Document
from verify.properties.documented_rules import deciding

if TYPE_CHECKING:
    from verify.encode import Encoder
    from verify.solve import Backend, Question

DECIDED = (Role.READING, Role.OPEN, Role.CHANGE)
COST = 1  # of a symbol in a reason; those that vary freely cost nothing


class Asking(NamedTuple):
    """A formula that can be asked for violations, and the choice that switches them on."""

    question: Question
    asks: Choice


def of_inquiries(inquiries: Iterable[Inquiry]) -> list[Asking]:
    """What inquiries ask a solver; an inquiry about a problem without circles has no violation."""
    return [Asking(each.question, each.asks) for each in inquiries if isinstance(each, SolverInquiry)]


def of_rules(document: Document, backend: Backend) -> Asking:
    """Whether some binding rule is broken."""
    from verify.encode import Encoder
    from verify.solve import Question, conjunction, fresh_environment

    network = Network({}, (), (), choices_of(document))
    encoder = Encoder(network, fresh_environment())
    asks = encoder.literal(ASKS, True)
    broken = encoder.condition(any_of(finding.broken for finding in deciding(review(document))))
    formula = conjunction(encoder, [encoder.build.Implies(asks, broken)])
    return Asking(Question(network, encoder, formula, backend), ASKS)


@dataclass
class Refuter:
    """Asks several formulas for a violation; the one that had one last comes first."""

    formulas: Sequence[Asking]
    _circuits: dict[int, Circuit] = field(default_factory=dict)
    _latest: int = 0

    @property
    def choices(self) -> dict[str, Choice]:
        """What can be decided, of that on which some violation can depend."""
        return {
            name: choice
            for each in self.formulas
            for name, choice in each.question.choices.items()
            if choice.role in DECIDED and len(choice.values) > 1
        }

    def refute(self, values: Values) -> Reason | None:
        """What a violation under some values needs, or None where there is none.

        Raises LimitReached, or SolversDisagree.
        """
        for position in (*range(self._latest, len(self.formulas)), *range(self._latest)):
            question, asks = self.formulas[position]
            if question.answer({**values, asks.name: True}) is not None:
                self._latest = position
                return self._reason(position, question)
        return None

    def _reason(self, position: int, question: Question) -> Reason:
        if position not in self._circuits:
            self._circuits[position] = Circuit(question.formula, question.encoder.given)
        named = literals_of(question.encoder)
        found = self._circuits[position].reason(question.model(), dict.fromkeys(named, COST))
        if found is None:
            raise ArithmeticError("a model does not satisfy the formula that it is a model of")
        return reason_of(named, found)


def literals_of(encoder: Encoder) -> dict[str, tuple[Choice, Value]]:
    """The symbols that stand for values of what can be decided."""
    named: dict[str, tuple[Choice, Value]] = {}
    for choice in encoder.choices.values():
        if choice.role in DECIDED and len(choice.values) > 1:
            for value in (True,) if choice.is_flag else choice.values:
                named[encoder.literal(choice, value).symbol_name()] = (choice, value)
    return named


def reason_of(named: Mapping[str, tuple[Choice, Value]], literals: Mapping[str, bool]) -> Reason:
    """Values of symbols as the values of choices that they leave."""
    kept: dict[str, frozenset[tuple[type, Value]]] = {}
    for symbol, holds in literals.items():
        choice, value = named[symbol]
        every = frozenset((type(each), each) for each in choice.values)
        this = frozenset({(type(value), value)})
        kept[choice.name] = kept.get(choice.name, every) & (this if holds else every - this)
    return kept
