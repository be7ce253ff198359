"""The property `documented-rules`: no rule of kind HARD or INV is broken.

Open values count for a breach as soon as one of their values leads to it; readings
divide: a breach that needs particular readings leaves the property conditional.
A witness is a configuration under which a binding finding holds, and replaying it
means evaluating the findings again under that configuration.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from ..models.choices import Role
from ..models.condition import Condition, Value, all_of, any_of, negate
from ..models.rulebook import RuleFinding
from ..models.rules.deciding import (
    Choices,
    Configuration,
    Search,
    must_hold,
    relevant,
    satisfying,
    substituted,
)
from ..models.rules.rule import Finding, Rule

ID = "documented-rules"
SHOWN = 3  # messages of one rule
FEW = 16  # choices that are tried one by one


class Standing(StrEnum):
    """What became of one rule in one document."""

    KEPT = "kept"
    BROKEN = "broken"
    OPEN = "open"  # broken for some values of what is open
    NOT_APPLICABLE = "not-applicable"


class Outcome(StrEnum):
    """What became of the property: kept always, broken whatever the readings, or dependent on them."""

    KEPT = "kept"
    DEPENDS = "depends on readings"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Judgement:
    """One rule with its standing; `breaks_when` are the open values and readings that an open rule needs."""

    rule: Rule
    standing: Standing
    objects: tuple[str, ...]
    message: str
    breaks_when: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Breach:
    """A configuration that breaks binding rules: only the values that matter, and the rules broken."""

    configuration: Mapping[str, Value]
    readings: Mapping[str, Value]
    rules: tuple[str, ...]
    replayed: bool


def judgement(reviewed: RuleFinding, choices: Choices, search: Search = satisfying) -> Judgement:
    """Whether one rule is kept, broken, or broken for some values only."""
    rule, binding = reviewed.rule, reviewed.binding
    if not binding:
        return Judgement(rule, Standing.NOT_APPLICABLE, (), f"there are no {rule.objects}", {})
    breaches = [finding for finding in binding if search(finding.broken, choices) is not None]
    if not breaches:
        return Judgement(rule, Standing.KEPT, _objects(binding), "kept", {})
    standing = Standing.BROKEN if must_hold(reviewed.broken, choices, search) else Standing.OPEN
    when = {} if standing is Standing.BROKEN else _cheapest(breaches, choices, search)
    return Judgement(rule, standing, _objects(breaches), _message(breaches), when)


def outcome(reviewed: Iterable[RuleFinding], choices: Choices, search: Search = satisfying) -> Outcome:
    """Whether the property holds, fails, or depends on readings."""
    breach_for = any_of(_over_readings(finding.broken, choices, search) for finding in deciding(reviewed))
    if search(breach_for, choices) is None:
        return Outcome.KEPT
    return Outcome.BROKEN if must_hold(breach_for, choices, search) else Outcome.DEPENDS


def breach(reviewed: tuple[RuleFinding, ...], choices: Choices, search: Search = satisfying) -> Breach:
    """The breach that deviates least from the defaults; some deciding finding must be satisfiable."""
    breaches = [finding for finding in deciding(reviewed) if search(finding.broken, choices) is not None]
    needed = _cheapest(breaches, choices, search)
    everything = {name: choice.default for name, choice in choices.items()} | needed
    rules = tuple(each.rule.id for each in reviewed if each.rule.decides and each.broken.holds(everything))
    return Breach(
        {name: value for name, value in needed.items() if choices[name].role is not Role.READING},
        {name: value for name, value in needed.items() if choices[name].role is Role.READING},
        rules,
        replayed=bool(rules),
    )


def deciding(reviewed: Iterable[RuleFinding]) -> Iterator[Finding]:
    """The findings that the verdict depends on."""
    for each in reviewed:
        if each.rule.decides:
            yield from each.binding


def advice(reviewed: Iterable[RuleFinding], choices: Choices, search: Search = satisfying) -> Iterator[str]:
    """Warnings: recommendations not followed, and remarks beside a rule."""
    for each in reviewed:
        for finding in each.findings:
            if (finding.advice or not each.rule.decides) and search(finding.broken, choices) is not None:
                yield f"{each.rule.id}: {finding.message}"


def pins(
    reviewed: Iterable[RuleFinding], choices: Choices, role: Role, search: Search = satisfying
) -> Iterator[Configuration]:
    """Minimal sets of readings, or of open values, under which nothing breaks whatever the rest is.

    Every single value that suffices is given, while the choices are few; else
    one set, from which no value can be left out.
    """
    reduced = _over_readings if role is Role.READING else _whatever_the_readings
    kept = negate(any_of(reduced(finding.broken, choices, search) for finding in deciding(reviewed)))
    found = search(kept, choices)
    if found is None or kept.is_true:
        return
    mentioned = sorted(kept.choices())
    singles = [
        {name: value}
        for name in (mentioned if len(mentioned) <= FEW else [])
        for value in choices[name].values
        if must_hold(substituted(kept, {name: value}), choices, search)
    ]
    yield from singles or [relevant(kept, found, choices, search)]


def _over_readings(condition: Condition, choices: Choices, search: Search) -> Condition:
    """For which readings some open values make the condition hold."""
    return any_of(
        all_of(choices[name].equals(value) for name, value in readings.items())
        for readings in _readings_of(condition, choices)
        if search(substituted(condition, readings), choices) is not None
    )


def _whatever_the_readings(condition: Condition, choices: Choices, _: Search) -> Condition:
    """For which open values some readings make the condition hold."""
    return any_of(substituted(condition, readings) for readings in _readings_of(condition, choices))


def _readings_of(condition: Condition, choices: Choices) -> Iterator[Configuration]:
    """Every combination of the readings that a condition mentions: few, as findings are local."""
    names = sorted(name for name in condition.choices() if choices[name].role is Role.READING)
    for values in product(*(choices[name].values for name in names)):
        yield dict(zip(names, values, strict=True))


def _cheapest(breaches: list[Finding], choices: Choices, search: Search) -> Configuration:
    """The values that one of the findings needs, for the finding that needs the fewest deviations."""

    def deviations(values: Configuration) -> int:
        return sum(choices[name].default != value for name, value in values.items())

    usual = {name: choice.default for name, choice in choices.items()}
    for finding in breaches:
        if finding.broken.holds(usual):
            return relevant(finding.broken, usual, choices, search)
    examples = [(search(finding.broken, choices) or {}, finding.broken) for finding in breaches]
    values, condition = min(examples, key=lambda example: deviations(example[0]))
    return relevant(condition, values, choices, search)


def _objects(findings: Iterable[Finding]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for finding in findings for name in finding.objects))


def _message(findings: list[Finding]) -> str:
    shown = "; ".join(dict.fromkeys(finding.message for finding in findings[:SHOWN]))
    more = len(findings) - SHOWN
    return f"{shown}; and {more} more" if more > 0 else shown
