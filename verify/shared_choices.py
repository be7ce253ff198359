"""Two networks in one solver: which of their choices are the same.

A choice that both networks have takes the same value in both, unless one of them cannot
take it: then that one takes any of its own.  So a value that a change decides, or opens,
is compared with every value that it had, or gets.  Neighbours that a table knows in both
networks keep their order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import permutations
from typing import TYPE_CHECKING

from verify.encode import Encoder, Formula
from verify.models.choices import Choice
from verify.models.condition import Value
from verify.models.network import Network

if TYPE_CHECKING:
    from verify.solve import Backend

AFTER = "after|"


@dataclass
class Beside(Encoder):
    """The encoder of the later network; choices that it can make otherwise have symbols of their own."""

    apart: frozenset[str] = frozenset()

    def literal(self, choice: Choice, value: Value) -> Formula:
        named = replace(choice, name=AFTER + choice.name) if choice.name in self.apart else choice
        return super().literal(named, value)


def can_meet(networks: tuple[Network, Network], backend: Backend) -> bool:
    """Whether some values of the choices keep the constraints of both networks."""
    from verify.solve import Question

    encoders = encoders_of(networks)
    rules = [encoder.ground_rules() for encoder in encoders]
    rules += agreement(encoders)
    encoders[0].choices.update(encoders[1].choices)
    return Question(networks[0], encoders[0], encoders[0].build.And(rules), backend).answer({}) is not None


def encoders_of(networks: tuple[Network, Network]) -> tuple[Encoder, Beside]:
    """Encoders of both networks, which share the symbols of the choices that are the same."""
    from verify.solve import fresh_environment

    environment = fresh_environment()
    apart = frozenset(_apart(*networks))
    return Encoder(networks[0], environment), Beside(networks[1], environment, apart=apart)


def agreement(encoders: tuple[Encoder, Beside]) -> Iterator[Formula]:
    """A choice that both networks have takes one value, where that is possible in both."""
    old, new = encoders
    for name in sorted(new.apart):
        if name not in old.choices or AFTER + name not in new.choices:
            continue
        mine, other = old.choices[name], new.choices[AFTER + name]
        shared = [value for value in mine.values if not other.equals(value).is_false]
        for value, another in permutations(shared, 2):
            yield old.build.Not(old.build.And(old.literal(mine, value), new.literal(other, another)))


def _apart(old: Network, new: Network) -> Iterator[str]:
    """The choices that both networks have, but not with the same values."""
    for name, choice in old.choices.items():
        if name in new.choices and not _alike(choice.values, new.choices[name].values):
            yield name


def _alike(left: tuple[Value, ...], right: tuple[Value, ...]) -> bool:
    return {(type(v), v) for v in left} == {(type(v), v) for v in right}
