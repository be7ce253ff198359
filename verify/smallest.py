"""Of all violations of a property the smallest, and further ones of other kinds.

Violations are compared by how far they depart from the defaults (`verify.fewest`); of
those that depart equally the one of the strongest kind is shown, then the one with the
fewest routes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from verify.fewest import COUNTED, Least
from verify.inquiry import Evidence, Inquiry, Undecided
from verify.judge import Confirm, NotReplayed, Sure, Violation
from verify.models.choices import Choice, Role
from verify.models.condition import Value
from verify.models.network import Configuration
from verify.properties import catalogue, no_route_flapping, no_routing_loops

MOST_INQUIRIES = 24  # of which the smallest violation is looked for
MOST_CONFIRMED = 4  # violations that depart equally from the defaults and are looked at before one is shown
MOST_VARIED = 60  # values that are tried for a violation of another kind
STRENGTH = (
    *no_routing_loops.PROPERTY.kinds,
    *no_route_flapping.STRONGEST_FIRST,
    *catalogue.NO_INEFFECTIVE_ROUTES.kinds,
    *catalogue.ISOLATION.kinds,
)
Kind: TypeAlias = tuple[object, ...]


@dataclass(frozen=True)
class Violations:
    """Looks for violations among some inquiries; `confirm` and `sure` as for `judge.explore`."""

    inquiries: Sequence[Inquiry]
    confirm: Confirm
    sure: Sure

    def smallest(self, known: Violation) -> Violation:
        """The violation that departs least from the defaults, else the one that is known."""
        candidates, exact = self._candidates()
        found: list[Violation] = []
        for inquiry, least in candidates:
            if found and (least.counts != found[0].counts or len(found) >= MOST_CONFIRMED):
                break
            violation = self._confirmed(inquiry, least)
            if violation is None:
                exact = False
            else:
                found.append(replace(violation, smallest=exact and least.exact))
        return min(found, key=_says_most, default=known)

    def others(self, first: Violation, most: int) -> Iterator[Violation]:
        """At most so many violations, each of another kind than the first and those before it."""
        kinds = {kind_of(first)}
        tried = self._varied(first)
        for _, (inquiry, assumed) in zip(range(MOST_VARIED), tried, strict=False):
            if most < 1:
                return
            answer = inquiry.answer(assumed)
            if answer is None:
                continue
            violation = self._confirmed(inquiry, inquiry.least(answer, assumed))
            if violation is not None and kind_of(violation) not in kinds:
                kinds.add(kind_of(violation))
                most -= 1
                yield violation

    def _candidates(self) -> tuple[list[tuple[Inquiry, Least]], bool]:
        """For each inquiry its least violation, the least first, and whether none was left out."""
        found: list[tuple[Inquiry, Least]] = []
        live = [(inquiry, answer) for inquiry in self.inquiries if (answer := inquiry.answer({})) is not None]
        for inquiry, answer in live[:MOST_INQUIRIES]:
            fewest = min((least.counts[0] for _, least in found), default=None)
            if fewest is not None and inquiry.within({}, {COUNTED[0]: fewest}) is None:
                continue
            found.append((inquiry, inquiry.least(answer, {})))
        found.sort(key=lambda each: each[1].counts)
        return found, len(live) <= MOST_INQUIRIES

    def _confirmed(self, inquiry: Inquiry, least: Least) -> Violation | None:
        """The violation, replayed; None where no run was found."""
        configuration = least.configuration
        try:
            evidence = self.confirm(inquiry, configuration)
        except Undecided:
            return None
        if evidence is None:
            raise NotReplayed(f"{sorted(configuration.items(), key=str)}")
        readings = {n: configuration[n] for n, c in inquiry.choices.items() if c.role is Role.READING}
        return Violation(inquiry, configuration, evidence, readings, least.counts, sure=self.sure)

    def _varied(self, first: Violation) -> Iterator[tuple[Inquiry, Mapping[str, Value]]]:
        """Each inquiry as it is, and then with each single choice as it is not in the first violation."""
        order = [first.inquiry, *(inquiry for inquiry in self.inquiries if inquiry is not first.inquiry)]
        yield from ((inquiry, {}) for inquiry in order[1:])
        for inquiry in order:
            for choice in inquiry.choices.values():
                if choice.role in COUNTED:
                    others = _others(choice, first.configuration)
                    yield from ((inquiry, {choice.name: value}) for value in others)


def _others(choice: Choice, configuration: Configuration) -> Iterator[Value]:
    known = {choice.name: choice.default, **configuration}
    return (value for value in choice.values if value != known[choice.name])


def kind_of(violation: Violation) -> Kind:
    """What a violation is, without names: what fails, why, and between which kinds of table."""
    evidence, network = violation.evidence, violation.inquiry.problem.network
    parts = evidence.parts
    packet = {**parts.get("undelivered", {}), **parts.get("delivered", {})}
    tables = [*parts.get("loop", ())[1:], *(step.activate for step in parts.get("cycle", ()))]
    kinds = Counter(str(network.tables[name].kind) for name in tables if name in network.tables)
    gone = sorted(
        name.split(":")[1] if choice.role is Role.FAILURE else "withdrawn"
        for name, choice in violation.inquiry.choices.items()
        if choice.role in (Role.FAILURE, Role.EVENT) and violation.configuration[name] != choice.default
    )
    told = (packet.get("reason", ""), packet.get("direction", ""))
    return (evidence.kind, *told, tuple(sorted(kinds.items())), tuple(dict.fromkeys(gone)))


def _says_most(violation: Violation) -> tuple[object, ...]:
    """Strong kinds first, packets before answers, then few routes, then short loops and cycles."""
    evidence: Evidence = violation.evidence
    answers = evidence.parts.get("undelivered", {}).get("direction") == "answer"
    selected = sum(row.state == "selected" for row in evidence.parts.get("routes", ()))
    length = len(evidence.parts.get("loop", ())) + len(evidence.parts.get("cycle", ()))
    return (STRENGTH.index(evidence.kind), answers, selected, length)
