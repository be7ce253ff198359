"""From inquiries to a verdict: which readings make the property hold, and which do not.

`proved` holds for every reading, `violated` fails whatever the reading, and
`conditional` says that both kinds of readings exist.  Readings are explored by
cubes: a violation is generalised to all readings that do not matter to it, a
refutation to the readings that it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from verify.flapping import Undecided
from verify.inquiry import Evidence, Inquiry
from verify.models.choices import Choice, Role
from verify.models.condition import Value
from verify.models.network import Configuration
from verify.properties import catalogue, no_route_flapping, no_routing_loops

Cube = Mapping[str, Value]
Confirm = Callable[[Inquiry, Configuration], Evidence | None]
MOST_ROUNDS = 400
MOST_COMBINATIONS = 64
MOST_COMPARED = 4  # violations of different problems that are looked at before one is shown
STRENGTH = (
    *no_routing_loops.PROPERTY.kinds,
    *no_route_flapping.STRONGEST_FIRST,
    *catalogue.NO_INEFFECTIVE_ROUTES.kinds,
    *catalogue.ISOLATION.kinds,
)


class NotReplayed(Exception):
    """A violation that the solver claims does not show in the simulator: an internal error."""


@dataclass(frozen=True)
class Violation:
    """A confirmed violation, and the readings under which it (or one like it) happens."""

    inquiry: Inquiry
    configuration: Configuration
    evidence: Evidence
    readings: Cube


@dataclass
class Findings:
    """What is known of a property over the space of readings."""

    violation: Violation | None = None
    safe: list[Cube] = field(default_factory=list)  # readings under which it is proved
    unsafe: list[Cube] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)
    complete: bool = True  # every combination of readings belongs to one of the cubes


def explore(inquiries: Sequence[Inquiry], confirm: Confirm) -> Findings:
    """Look for a violation under every reading, until the verdict is known.

    Raises LimitReached where a solver gave up and NotReplayed on an internal error.
    """
    findings = Findings()
    live = [inquiry for inquiry in inquiries if inquiry.answer({}) is not None]
    if not live:
        findings.safe.append({})
        return findings
    readings = _readings_of(live)
    for rounds, cube in enumerate(_uncovered(readings, findings)):
        if rounds >= MOST_ROUNDS:
            findings.complete = False
            break
        _visit(live, cube, readings, confirm, findings)
        if findings.violation is not None and findings.safe:
            findings.complete = False
            break
    return findings


def _readings_of(inquiries: Sequence[Inquiry]) -> dict[str, Choice]:
    return {
        name: choice
        for inquiry in inquiries
        for name, choice in inquiry.choices.items()
        if choice.role is Role.READING and len(choice.values) > 1
    }


def _uncovered(readings: Mapping[str, Choice], findings: Findings) -> Iterator[Cube]:
    """Combinations of readings that no cube covers yet, the neutral ones first, then far from them."""
    spaces = [list(dict.fromkeys((c.default, *c.values))) for c in readings.values()]
    names = list(readings)
    for values in product(*spaces):
        cube = dict(zip(names, values, strict=True))
        if not any(_covers(other, cube) for other in (*findings.safe, *findings.unsafe)):
            yield cube


def _covers(general: Cube, special: Cube) -> bool:
    return all(special.get(name) == value for name, value in general.items())


def _visit(
    live: Sequence[Inquiry], cube: Cube, readings: Mapping[str, Choice], confirm: Confirm, findings: Findings
) -> None:
    for inquiry in live:
        found = inquiry.answer(cube)
        if found is None:
            continue
        findings.unsafe.append(_generalised(inquiry, cube, readings))
        if findings.violation is None:
            findings.violation = _strongest(live, cube, confirm, findings)
        else:
            _confirmed(inquiry, found, confirm, findings)
        return
    findings.safe.append(_reduced(live, cube))


def _strongest(
    live: Sequence[Inquiry], cube: Cube, confirm: Confirm, findings: Findings
) -> Violation | None:
    """Of the violations that some problems have under a cube of readings, the one that says most."""
    readings = _readings_of(live)
    found: list[tuple[Inquiry, Configuration, Evidence]] = []
    for inquiry in live:
        configuration = inquiry.answer(cube) if len(found) < MOST_COMPARED else None
        if configuration is None:
            continue
        neutral = inquiry.neutral(configuration, cube)
        evidence = _confirmed(inquiry, neutral, confirm, findings)
        if evidence is not None:
            found.append((inquiry, neutral, evidence))
    if not found:
        return None
    inquiry, neutral, evidence = min(found, key=_says_most)
    return Violation(inquiry, neutral, evidence, _generalised(inquiry, cube, readings))


def _says_most(found: tuple[Inquiry, Configuration, Evidence]) -> tuple[int, int]:
    """Strong kinds first, then few withdrawals and failures."""
    inquiry, configuration, evidence = found
    events = [
        name
        for name, choice in inquiry.choices.items()
        if choice.role in (Role.EVENT, Role.FAILURE) and configuration[name] != choice.default
    ]
    return STRENGTH.index(evidence.kind), len(events)


def _confirmed(
    inquiry: Inquiry, configuration: Configuration, confirm: Confirm, findings: Findings
) -> Evidence | None:
    try:
        evidence = confirm(inquiry, configuration)
    except Undecided as reason:
        findings.undecided.append(str(reason))
        return None
    if evidence is None:
        raise NotReplayed(f"{sorted(configuration.items(), key=str)}")
    return evidence


def needed_choices(violation: Violation, role: Role) -> dict[str, Value]:
    """The choices of a role on which a violation depends, the others being as they are."""
    inquiry = violation.inquiry
    free = {n: c for n, c in inquiry.choices.items() if c.role is role and len(c.values) > 1}
    needed = _generalised(inquiry, dict(violation.configuration), free)
    return {name: needed[name] for name in free if name in needed}


def _generalised(inquiry: Inquiry, cube: Cube, readings: Mapping[str, Choice]) -> Cube:
    """The part of a cube of readings that a violation needs: with the rest varied it still exists."""
    needed = dict(cube)
    varied: dict[str, tuple[Value, ...]] = {}
    for name in [name for name in cube if name in readings]:
        attempt = {**varied, name: readings[name].values}
        size = 1
        for values in attempt.values():
            size *= len(values)
        if name not in inquiry.choices:
            del needed[name]
            continue
        if size > MOST_COMBINATIONS:
            continue
        rest = {other: value for other, value in needed.items() if other != name}
        if all(
            inquiry.answer({**rest, **dict(zip(attempt, values, strict=True))}) is not None
            for values in product(*attempt.values())
        ):
            varied = attempt
            needed = rest
    return needed


def _reduced(live: Sequence[Inquiry], cube: Cube) -> Cube:
    """The part of a cube of readings that a refutation needs."""
    needed = dict(cube)
    for name in cube:
        rest = {other: value for other, value in needed.items() if other != name}
        if all(inquiry.answer(rest) is None for inquiry in live):
            needed = rest
    return needed


def safe_choices(inquiries: Sequence[Inquiry], assumed: Cube) -> Iterator[tuple[Choice, Value]]:
    """Single operator choices under which no violation is left, each proved here."""
    live = [inquiry for inquiry in inquiries if inquiry.answer(assumed) is not None]
    offered: dict[str, Choice] = {}
    for inquiry in live:
        offered.update({n: c for n, c in inquiry.choices.items() if c.role is Role.OPEN})
    for name, choice in offered.items():
        for value in choice.values:
            if all(inquiry.answer({**assumed, name: value}) is None for inquiry in live):
                yield choice, value
