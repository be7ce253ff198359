"""What a result has to say, one finding at a time, as tools for code review and CI take it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from verify.verdict import PropertyResult, Result, Verdict

LEVELS = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: a property that is not proved, a rule that is broken, or a warning.

    `id` is that of the property or rule, `level` one of `LEVELS`; `line` and `column`
    (from 1) are where the object that it is about is in the scenario file, or its start.
    """

    id: str
    level: str
    message: str
    objects: tuple[str, ...] = ()
    line: int = 1
    column: int = 1


def findings(result: Result) -> tuple[Finding, ...]:
    """Everything in a result that is not as it should be; what the scenario expects is a note."""
    return (*_rules(result), *_properties(result), *_warnings(result))


def _rules(result: Result) -> Iterator[Finding]:
    expected = _expected(result, "documented-rules")
    for rule in result.rules:
        if rule.status in ("broken", "open") and rule.kind in ("HARD", "INV"):
            level = "note" if expected else "error" if rule.status == "broken" else "warning"
            yield _located(result, Finding(rule.id, level, rule.message, rule.objects))
        elif rule.status in ("broken", "open", "advice"):
            yield _located(result, Finding(rule.id, "note", rule.message, rule.objects))


def _properties(result: Result) -> Iterator[Finding]:
    for entry in result.properties:
        if entry.verdict is not Verdict.PROVED and entry.id != "documented-rules":
            message = f"{entry.verdict}: {entry.summary}"
            yield _located(result, Finding(entry.id, _level(result, entry), message, _objects(entry)))


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
    """The finding at the first of its objects that the scenario file has."""
    for name in finding.objects:
        place = result.positions.get(name) or result.positions.get(name.partition("/")[0])
        if place is not None:
            return Finding(finding.id, finding.level, finding.message, finding.objects, *place)
    return finding
