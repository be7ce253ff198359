"""What a result has to say, one finding at a time, as tools for code review and CI take it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from verify.acceptance import BINDING, acceptance_of
from verify.verdict import Acceptance, PropertyResult, Result, RuleBreach, RuleStatus, Verdict

LEVELS = ("error", "warning", "note")
ACCEPTANCE = "acceptance"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: a property that is not proved, a rule that is broken, or a warning.

    `id` is that of the property or rule, `level` one of `LEVELS`; `line` and `column`
    (from 1) are where the object that it is about is in the scenario file, or its start.
    `name` is that by which it can be accepted, and `acceptance` who does so.  `file` is
    "" for the scenario, else the file of accepted risks.
    """

    id: str
    level: str
    message: str
    objects: tuple[str, ...] = ()
    line: int = 1
    column: int = 1
    name: str = ""
    acceptance: Acceptance | None = None
    file: str = ""

    @property
    def told(self) -> str:
        """The message, with the name to copy and who accepts it."""
        named = f"{self.message} [{self.name}]" if self.name else self.message
        return named if self.acceptance is None else f"{accepted_by(self.acceptance)}. {named}"


def accepted_by(acceptance: Acceptance) -> str:
    """Who accepts a finding, until when and why."""
    return f"accepted by {acceptance.owner} until {acceptance.expires}: {acceptance.reason}"


def findings(result: Result) -> tuple[Finding, ...]:
    """Everything in a result that is not as it should be; what the scenario expects is a note."""
    return (*_rules(result), *_properties(result), *_stale(result), *_warnings(result))


def located_fault(text: str, file: str) -> Finding:
    """A fault of the input, whose text begins with its place."""
    line, column = 1, 1
    rest = text.removeprefix(f"{file}:")
    numbers = rest.split(":", 2)
    if rest != text and len(numbers) == 3 and all(each.isascii() and each.isdigit() for each in numbers[:2]):
        line, column = max(int(numbers[0]), 1), max(int(numbers[1]), 1)
    return Finding("scenario", "error", text, (), line, column)


def _rules(result: Result) -> Iterator[Finding]:
    expected = _expected(result, "documented-rules")
    for rule in result.rules:
        if rule.status not in ("broken", "open", "advice"):
            continue
        binding = rule.kind in BINDING
        level = "error" if rule.status == "broken" else "warning"
        for breach in _breaches(rule):
            found = Finding(rule.id, level if binding and not expected else "note", breach.message)
            yield _located(result, replace(found, objects=breach.objects, name=breach.finding))


def _breaches(rule: RuleStatus) -> tuple[RuleBreach, ...]:
    return rule.breaches or (RuleBreach("", rule.objects, rule.message),)


def _properties(result: Result) -> Iterator[Finding]:
    for entry in result.properties:
        if entry.verdict is not Verdict.PROVED and entry.id != "documented-rules":
            found = Finding(entry.id, _level(result, entry), f"{entry.verdict}: {entry.summary}")
            yield _located(result, replace(found, objects=_objects(entry), name=entry.finding))


def _stale(result: Result) -> Iterator[Finding]:
    for each in result.stale:
        entry = each.acceptance
        message = f"the acceptance of {entry.finding} is {each.problem}: {each.message}"
        found = Finding(ACCEPTANCE, "error", message, line=entry.line, column=entry.column)
        yield replace(found, file=entry.file)


def _warnings(result: Result) -> Iterator[Finding]:
    for entry in result.properties:
        for text in entry.warnings:
            yield Finding(entry.id, "note", text)
    for text in result.warnings:
        yield Finding("scenario", "warning", text)


def _level(result: Result, entry: PropertyResult) -> str:
    if _expected(result, entry.id):
        return "note"
    return "error" if entry.verdict is Verdict.VIOLATED else "warning"


def _expected(result: Result, property_id: str) -> bool:
    """Whether the verdict on a property is the one that the scenario names, other than proved."""
    return any(e.property == property_id and e.met and e.found != Verdict.PROVED for e in result.expectations)


def _objects(entry: PropertyResult) -> tuple[str, ...]:
    """The tables that a counterexample is about, the decisive one first."""
    example = entry.counterexample
    if example is None:
        return ()
    places = [str(example.undelivered.get("at", "")), *example.loop, *(s.activate for s in example.cycle)]
    places += [row.table for row in example.routes]
    return tuple(dict.fromkeys(place for place in places if place))


def _located(result: Result, finding: Finding) -> Finding:
    """The finding with its acceptance, at the first of its objects that the scenario file has."""
    finding = replace(finding, acceptance=acceptance_of(result, finding.name) if finding.name else None)
    for name in finding.objects:
        place = result.positions.get(name) or result.positions.get(name.partition("/")[0])
        if place is not None:
            return replace(finding, line=place[0], column=place[1])
    return finding
