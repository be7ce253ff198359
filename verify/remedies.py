"""Under what a property would be proved: all minimal sets of readings, operator choices and changes.

The question "is there a set of moves under which no configuration violates?" has two
quantifiers.  It is answered by counterexamples: a solver looks for a violation under a
set of moves; what the violation needs (`verify.justify`) rules out, together with this
set, all sets that do not touch it (`verify.hitting`).  What is left in the end has no
violation, which the solver has then proved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from verify import vacuity
from verify.asking import Asked, questions
from verify.hitting import IDLE, HittingSets, Reason, Values
from verify.models.choices import Choice, Role
from verify.models.condition import Value
from verify.models.moves import SERVICES, WHO, Move, moves_of
from verify.models.open_announcements import open_entries
from verify.models.routing import AmbiguousNames, TooManyStructures
from verify.models.scenario import Document
from verify.models.universe import UniverseTooLarge
from verify.models.widening import widened, written
from verify.refuting import Refuter, of_inquiries, of_rules
from verify.verdict import Remedies, Remedy

if TYPE_CHECKING:
    from verify.solve import Backend

MOST_MOVES = 3
MOST_SETS = 40
MOST_ASKED = 400
MOST_NODES = 1_000_000  # of the formulas that are asked, together; larger ones are asked less often
TOO_LARGE = 60_000  # nodes of the formulas of a design in which changes are not looked for
RULES = "documented-rules"
TOGETHER, OUT_OF_SERVICE = 100, 10_000  # prices: of each further move, and of taking something out of service
RANK = {"vendor": 1, "operator": 1, "change": 2}
NONE = Remedies((), MOST_MOVES, complete=False)


def proved_if(document: Document, property_id: str, backend: Backend, size: int) -> Remedies:
    """The minimal sets under which a property is proved, those of few moves first.

    `size` is that of the formulas of the document itself.
    """
    from verify.solve import LimitReached

    solvers = replace(backend, symbolic=True)
    beside = widened(document) if size <= TOO_LARGE else document
    try:
        search = _Search(beside, property_id, solvers)
        return search.remedies()
    except (AmbiguousNames, TooManyStructures, UniverseTooLarge, LimitReached):
        return NONE


@dataclass
class _Search:
    document: Document
    property_id: str
    backend: Backend

    def __post_init__(self) -> None:
        self.asked: list[Asked] = []
        if self.property_id == RULES:
            self.refuter = Refuter([of_rules(self.document, self.backend)])
        else:
            self.asked = questions(self.document, self.property_id, self.backend)
            self.refuter = Refuter(of_inquiries(each.inquiry for each in self.asked))

    def remedies(self) -> Remedies:
        choices = self.refuter.choices
        sets = HittingSets(
            moves_of(self.document, choices.values()),
            self._refute,
            price,
            defaults_of(choices),
            MOST_MOVES,
            self._most_asked(),
        )
        found = list(self._listed(sets))
        return Remedies(tuple(found[:MOST_SETS]), MOST_MOVES, sets.complete)

    def _most_asked(self) -> int:
        nodes = sum(each.question.size() for each in self.refuter.formulas)
        return max(MOST_MOVES, min(MOST_ASKED, MOST_NODES // max(nodes, 1)))

    def _refute(self, values: Values) -> Reason | None:
        reason = self.refuter.refute(values)
        if reason is not None or not self.asked:
            return reason
        runs = [(each.inquiry, each.run) for each in self.asked]
        found = vacuity.Search(self.property_id, runs, self.backend, values).found()
        return IDLE if isinstance(found, str) else None

    def _listed(self, sets: HittingSets) -> Iterator[tuple[Remedy, ...]]:
        """The sets as remedies; of the prefixes that an open announcement may be one will do."""
        entries = {each.name for each in open_entries(self.document)}
        told: set[frozenset[object]] = set()
        as_written = written(self.document)
        for count, moves in enumerate(sets.found()):
            found = tuple(
                Remedy(name, as_written(name, value), self._who(name, move))
                for move in moves
                for name, value in move.values
            )
            alike = frozenset(r.set if r.set in entries else (r.set, type(r.to), r.to) for r in found)
            if found and alike not in told:
                told.add(alike)
                yield found
            if len(told) > MOST_SETS or count > 4 * MOST_SETS:
                sets.complete = False
                return

    def _who(self, name: str, move: Move) -> str:
        """Who sets one value of a move: of two tunnels the ASN of one may be decided and of the other not."""
        choice = self.refuter.choices.get(name)
        return move.who if choice is None else WHO[choice.role]


def takes_out_of_service(remedies: Sequence[Remedy]) -> bool:
    """Whether a set switches off what carries routes."""
    off = (remedy.set for remedy in remedies if remedy.who == "change" and remedy.to is False)
    return any(path.rpartition(".")[2] in SERVICES for path in off)


def price(moves: Sequence[Move]) -> int:
    """Few moves first, and what takes something out of service last."""
    return sum(TOGETHER + RANK[m.who] + OUT_OF_SERVICE * m.takes_out_of_service for m in moves)


def defaults_of(choices: Mapping[str, Choice]) -> dict[str, Value]:
    """What the document decides, as it is written."""
    return {name: choice.default for name, choice in choices.items() if choice.role is Role.CHANGE}
