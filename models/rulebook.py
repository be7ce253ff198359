"""The rulebook: every documented rule, written once, and what they say about a document.

A new rule is one more entry in one of the families of `models/rules`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .choices import Choice, Term
from .condition import Condition, any_of
from .opening import all_choices, reading_term
from .rules import (
    advertisement,
    customer_gateways,
    express_connect,
    local_asns,
    prerequisites,
    readvertising,
    received_routes,
    resilience,
    route_conflicts,
    tunnel_addresses,
)
from .rules.announcements import open_choices
from .rules.rule import Finding, Kind, Rule
from .scenario import Document

FAMILIES = (
    advertisement,
    customer_gateways,
    express_connect,
    local_asns,
    prerequisites,
    readvertising,
    received_routes,
    resilience,
    route_conflicts,
    tunnel_addresses,
)


def _position(rule: Rule) -> tuple[bool, int, str]:
    """Rules of the seed document by number, then those of the other pages."""
    number = re.sub(r"\D", "", rule.id)
    return rule.id.startswith("P"), int(number), rule.id


RULES: tuple[Rule, ...] = tuple(sorted((rule for family in FAMILIES for rule in family.RULES), key=_position))
BY_ID: dict[str, Rule] = {rule.id: rule for rule in RULES}


@dataclass(frozen=True, slots=True)
class RuleFinding:
    """One rule, and its findings in one document."""

    rule: Rule
    findings: tuple[Finding, ...]

    @property
    def binding(self) -> tuple[Finding, ...]:
        """The findings that decide whether the rule is kept."""
        return tuple(finding for finding in self.findings if not finding.advice)

    @property
    def broken(self) -> Condition:
        """When some group of objects breaks the rule."""
        return any_of(finding.broken for finding in self.binding)


def review(document: Document) -> tuple[RuleFinding, ...]:
    """What every rule says about a document, in the order of the rulebook."""
    return tuple(RuleFinding(rule, tuple(rule.check(document))) for rule in RULES)


def choices_of(document: Document) -> dict[str, Choice]:
    """Every choice that a finding of the document can mention, by name."""
    terms: list[Term] = [*all_choices(document), *open_choices(document), *_readings(document)]
    return {term.name: term for term in terms if isinstance(term, Choice)}


def _readings(document: Document) -> Iterator[Term]:
    for gateway in document.vpn_gateways:
        yield reading_term(document, "conflict", gateway)
    for vbr in document.virtual_border_routers:
        yield reading_term(document, "vbr_preserves_as_path", vbr)


__all__ = ["BY_ID", "RULES", "Finding", "Kind", "Rule", "RuleFinding", "choices_of", "review"]
