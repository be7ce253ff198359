"""Before a proof is claimed: a run that keeps its assumptions and in which something is carried.

What holds in all stable states says nothing where there are none, and what no packet
and no route ever touches cannot fail.  So each proof comes with an example, found by
the plain simulator or asked of a solver and then simulated; without one the verdict is
`vacuous`, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from verify.announced import announced
from verify.carrying import Packet, Run
from verify.concrete import ConcreteProblem
from verify.encode import Encoder
from verify.inquiry import Inquiry
from verify.models.choices import Choice, Role
from verify.models.condition import Value
from verify.models.network import Configuration
from verify.models.scenario import Document
from verify.realise import realise
from verify.simulate import RouteState, Simulator
from verify.tabulate import rows
from verify.verdict import Example

if TYPE_CHECKING:
    from verify.solve import Backend

SIMULATED = 4  # of the problems of a structure, the smallest ones, before a solver is asked
MOST_STATES = 8
NOTHING = {
    "no-routing-loops": "no table ever holds a route",
    "no-route-flapping": "no table ever holds a route",
    "no-ineffective-routes": "there is no traffic that is meant to arrive",
    "isolation": "there is no traffic that is forbidden",
}
IDLE = {
    "no-routing-loops": "no table ever sends a packet to another",
    "no-route-flapping": "no table ever learns a route, so there is nothing that could change",
    "no-ineffective-routes": NOTHING["no-ineffective-routes"],
    "isolation": NOTHING["isolation"],
}

class Witness(NamedTuple):
    """A configuration with a stable state that carries something."""

    inquiry: Inquiry
    configuration: Configuration
    simulator: Simulator
    state: RouteState
    packet: Packet


@dataclass(frozen=True)
class Search:
    """The runs of a property, with their inquiries, and the solvers for what is not found without them.

    `pinned` are values that choices have to have.
    """

    property_id: str
    runs: Sequence[tuple[Inquiry, Run]]
    backend: Backend
    pinned: Mapping[str, Value] = field(default_factory=dict)

    def found(self) -> Witness | str:
        """A witness, or the reason why there is none."""
        if not self.runs:
            return NOTHING[self.property_id]
        settled = False
        for group in self._structures():
            if not all(inquiry.has_stable_state(self.pinned) for inquiry, _ in group):
                continue
            settled = True
            witness = next(self._simulated(group), None) or next(self._solved(group), None)
            if witness is not None:
                return witness
        return IDLE[self.property_id] if settled else self._unsettled()

    def _structures(self) -> list[list[tuple[Inquiry, Run]]]:
        """The runs by the structure that they belong to, those with few routes first."""
        found: dict[str, list[tuple[Inquiry, Run]]] = {}
        for inquiry, run in self.runs:
            found.setdefault(inquiry.structure, []).append((inquiry, run))
        return [sorted(group, key=_size) for group in found.values()]

    def _simulated(self, group: Sequence[tuple[Inquiry, Run]]) -> Iterator[Witness]:
        """Witnesses with all open values as they are by default, or each as far from it as possible."""
        able = [each for each in group if each[1].possible]
        for inquiry, run in able[:SIMULATED]:
            yield from witnesses(inquiry, run, Configuration(self.pinned, _known(inquiry)))
            last = {name: c.values[-1] for name, c in inquiry.choices.items() if c.role is Role.OPEN}
            yield from witnesses(inquiry, run, Configuration({**last, **self.pinned}, _known(inquiry)))

    def _solved(self, group: Sequence[tuple[Inquiry, Run]]) -> Iterator[Witness]:
        from verify.solve import Question, conjunction, fresh_environment

        for inquiry, run in group:
            if not run.possible:
                continue
            encoder = Encoder(run.problem.network, fresh_environment())
            stable, selected = encoder.stable(run.problem.universe, "s")
            formula = conjunction(encoder, [stable, run.wanted(encoder, selected)])
            question = Question(run.problem.network, encoder, formula, self.backend)
            for assumed in (_calm(encoder), {}):
                found = question.answer({**assumed, **self.pinned})
                if found is not None:
                    yield from witnesses(inquiry, run, found)

    def _unsettled(self) -> str:
        """Why no structure has a stable state for every prefix."""
        contradictions = [self._contradiction(group) for group in self._structures()]
        if all(contradictions):
            return contradictions[0]
        groups = zip(self._structures(), contradictions, strict=True)
        possible = (each for group, contradiction in groups if not contradiction for each in group)
        unstable = next(run.problem for inquiry, run in possible if not inquiry.has_stable_state(self.pinned))
        return (
            f"no choice gives {unstable.covering[0]} a stable state, "
            "so nothing is said by what holds in all of them"
        )

    def _contradiction(self, group: Sequence[tuple[Inquiry, Run]]) -> str:
        """That the constraints of a structure leave no configuration, or ""."""
        from verify.solve import Question, conjunction, fresh_environment

        for _, run in group:
            encoder = Encoder(run.problem.network, fresh_environment())
            question = Question(run.problem.network, encoder, conjunction(encoder, []), self.backend)
            if question.answer(self.pinned) is None:
                names = {name for rule in run.problem.network.constraints for name in rule.choices()}
                return f"the assumptions contradict each other: nothing fits {', '.join(sorted(names))}"
        return ""


def witnesses(inquiry: Inquiry, run: Run, configuration: Configuration) -> Iterator[Witness]:
    """The stable states of a configuration that carry something."""
    network = run.problem.network
    if not network.allows(configuration):
        return
    concrete = ConcreteProblem(run.problem.universe, configuration)
    simulator = Simulator(network, configuration, run.problem.universe.prefixes)
    for state in islice(concrete.stable_states(), MOST_STATES):
        real = realise(concrete, state, simulator)
        packet = run.carried(simulator, real) if simulator.is_stable(real) else None
        if packet is not None:
            yield Witness(inquiry, configuration, simulator, real, packet)


def _size(asked: tuple[Inquiry, Run]) -> int:
    return len(asked[1].problem.universe.routes)


def _known(inquiry: Inquiry) -> dict[str, Choice]:
    """The choices of a network and of an inquiry, some of which only intents mention."""
    return {**inquiry.choices, **inquiry.problem.network.choices}


def _calm(encoder: Encoder) -> dict[str, Value]:
    """Nothing withdrawn and nothing failed."""
    calm = (choice for choice in encoder.choices.values() if choice.role in (Role.EVENT, Role.FAILURE))
    return {choice.name: choice.default for choice in calm}


def example(document: Document, witness: Witness) -> Example:
    """A witness as it is shown."""
    inquiry, configuration = witness.inquiry, witness.configuration
    by_role: dict[Role, dict[str, Value]] = {role: {} for role in Role}
    for name, choice in inquiry.choices.items():
        by_role[choice.role][name] = configuration[name]
    return Example(
        configuration={**by_role[Role.OPEN], **announced(document, inquiry, configuration)},
        readings=by_role[Role.READING],
        failures=tuple(n.partition(":")[2] for n, value in by_role[Role.FAILURE].items() if value),
        withdrawn=tuple(n.partition(":")[2] for n, value in by_role[Role.EVENT].items() if not value),
        prefix=inquiry.problem.covering[0],
        routes=rows(witness.simulator, witness.state),
        packet=witness.packet,
    )
