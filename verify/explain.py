"""`verify explain`: what a word of the results means: rules, properties, readings, verdicts, reasons …"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from verify.glossary import ACCEPTED, HOW_TO_ACCEPT, KINDS, PROPERTIES, RULE_KINDS, VERDICTS, WHY_UNKNOWN
from verify.models.assumptions import ASSUMPTIONS, Assumption
from verify.models.readings import READINGS, Reading
from verify.models.reasons import REASONS, Reason
from verify.models.rulebook import RULES
from verify.models.rules.rule import Rule


@dataclass(frozen=True, slots=True)
class Explanation:
    """One word of the results: what sort of word it is, what it says, and labelled facts about it."""

    id: str
    sort: str
    statement: str
    facts: tuple[tuple[str, str], ...] = ()


def find_explanation(word: str) -> Explanation | None:
    """The explanation of an id, in any case of letters; an object behind `@` is ignored."""
    return explanations().get(word.partition("@")[0].strip().lower())


@cache
def explanations() -> dict[str, Explanation]:
    """Everything that can be explained, by its id in lower case."""
    listed = [
        *map(_rule, RULES),
        *(Explanation(name, "kind of rule", text) for name, text in RULE_KINDS.items()),
        *(Explanation(name, "property", text) for name, text in PROPERTIES.items()),
        *(Explanation(name, "verdict", text) for name, text in VERDICTS.items()),
        *(Explanation(name, "kind of violation", text) for name, text in KINDS.items()),
        *map(_reading, READINGS),
        *map(_assumption, ASSUMPTIONS),
        *map(_reason, REASONS),
        *(Explanation(name, "reason why nothing is decided", text) for name, text in WHY_UNKNOWN.items()),
        Explanation("accept", "accepted risks", ACCEPTED, HOW_TO_ACCEPT),
    ]
    return {entry.id.lower(): entry for entry in listed}


def _rule(rule: Rule) -> Explanation:
    facts = (
        ("Title", rule.title),
        ("Kind", f"{rule.kind} ({RULE_KINDS[rule.kind]})"),
        ("About", rule.objects),
        ("If broken", rule.consequence),
        ("In the model", rule.modelled),
        ("Source", rule.source),
    )
    return Explanation(rule.id, "rule", rule.statement, tuple(fact for fact in facts if fact[1]))


def _reading(reading: Reading) -> Explanation:
    values = ", ".join(str(value).lower() for value in reading.values)
    scope = f"one per {reading.per.replace('_', ' ')}" if reading.per else "one for the whole platform"
    first = str(reading.values[0]).lower()
    facts = (
        ("Values", f"{values}; {scope}"),
        ("Doubt", reading.source),
        ("To pin it", f'"assume" in the scenario, or --assume {reading.id}={first}'),
    )
    return Explanation(reading.id, "reading", reading.about, facts)


def _assumption(assumption: Assumption) -> Explanation:
    return Explanation(assumption.id, "assumption", assumption.statement, (("Why", assumption.why),))


def _reason(reason: Reason) -> Explanation:
    rules = (("Rules", ", ".join(reason.rules)),) if reason.rules else ()
    return Explanation(reason.id, "reason why traffic does not arrive", reason.meaning, rules)
