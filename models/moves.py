"""Moves: what can be decided about a design, each a few values of choices that are set together.

Readings are the vendor's to settle, open values the operator's to decide, and choices of
role CHANGE (`models/widening.py`) stand for values that the design decides and that
could be others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from .choices import Choice, Role
from .condition import Value
from .fields import DEFAULT_LOCAL_ASN
from .scenario import Document

SERVICES = ("auto_advertise", "bgp_enabled", "announced", "publish_to_cen")
WHO = {Role.READING: "vendor", Role.OPEN: "operator", Role.CHANGE: "change"}


@dataclass(frozen=True, slots=True)
class Move:
    """Values of choices that are set together; `who` can do so: vendor, operator or change."""

    values: tuple[tuple[str, Value], ...]
    who: str

    @property
    def names(self) -> tuple[str, ...]:
        """The choices that it sets."""
        return tuple(name for name, _ in self.values)

    @property
    def takes_out_of_service(self) -> bool:
        """Whether it switches off what carries routes: that ends most troubles, and the traffic with them."""
        off = (n for n, v in self.values if v is False and n.rpartition(".")[2] in SERVICES)
        return self.who == "change" and any(off)


def moves_of(document: Document, choices: Iterable[Choice]) -> tuple[Move, ...]:
    """Every move on the choices of a (widened) document: single values, one for all tunnels."""
    known = {choice.name: choice for choice in choices}
    found = dict.fromkeys(sorted(_on_connections(document, known), key=_to_another_asn))
    together = {name for move in found for name in move.names}
    for choice in known.values():
        if choice.role is Role.CHANGE and choice.name in together:
            continue
        who = {Role.READING: "vendor", Role.OPEN: "operator", Role.CHANGE: "change"}.get(choice.role)
        for value in choice.values:
            if who is not None and not (choice.role is Role.CHANGE and _same(value, choice.default)):
                found.setdefault(Move(((choice.name, value),), who))
    return tuple(found)


def _on_connections(document: Document, known: Mapping[str, Choice]) -> Iterator[Move]:
    """For each connection, one local ASN for all its tunnels."""
    for connection in document.ipsec_connections:
        place = f"ipsec_connections.{connection.id}.tunnels"
        terms = {f"{place}.{n}.local_asn": tunnel.local_asn for n, tunnel in enumerate(connection.tunnels)}
        everywhere = [known[name] for name in terms if name in known]
        values = dict.fromkeys(value for choice in everywhere for value in choice.values)
        for value in values:
            reached = {n: known[n] for n, term in terms.items() if n in known and not _same(term, value)}
            changed = [n for n, c in reached.items() if not (c.role is Role.CHANGE and c.default == value)]
            fits = all(value in known[name].values for name in changed)
            fits = fits and all(n in known or term == value for n, term in terms.items())
            if changed and fits:
                changes = any(known[name].role is Role.CHANGE for name in changed)
                yield Move(tuple((n, value) for n in changed), WHO[Role.CHANGE if changes else Role.OPEN])


def _to_another_asn(move: Move) -> bool:
    """Whether a connection gets another local ASN than the usual one, which is preferred at equal cost."""
    return any(value != DEFAULT_LOCAL_ASN for _, value in move.values)


def _same(left: object, right: object) -> bool:
    return left == right and type(left) is type(right)
