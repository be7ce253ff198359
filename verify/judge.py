"""From inquiries to a verdict: which readings make the property hold, and which do not.

`proved` holds for every reading, `violated` fails whatever the reading, and
`conditional` says that both kinds of readings exist.  Readings are explored by
cubes: a violation is generalised to all readings that do not matter to it, a
refutation to the readings that it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from math import prod

from verify.inquiry import Evidence, Inquiry, Undecided
from verify.models.choices import Choice, Role
from verify.models.condition import Value
from verify.models.network import Configuration

Cube = Mapping[str, Value]
Confirm = Callable[[Inquiry, Configuration], Evidence | None]
Sure = Callable[[Inquiry, Configuration], bool]
Shown = tuple[Inquiry, Configuration, Evidence]
MOST_ROUNDS = 400
MOST_COMBINATIONS = 32
MOST_SHOWN = 64  # combinations that are tried for what is shown of one violation


class NotReplayed(Exception):
    """A violation that the solver claims does not show in the simulator: an internal error."""


@dataclass(frozen=True)
class Violation:
    """A confirmed violation, and the readings under which it (or one like it) happens."""

    inquiry: Inquiry
    configuration: Configuration
    evidence: Evidence
    readings: Cube
    counts: tuple[int, ...] = ()  # departures of each kind of `fewest.COUNTED`
    smallest: bool = False  # whether no violation has fewer
    sure: Sure = lambda _, __: True  # as for `explore`


@dataclass
class Findings:
    """What is known of a property over the space of readings.

    `safe` are readings under which it is proved, `unsafe` those under which a
    violation exists, and `empty` those under which there is no violation only
    because nothing is stable.  `complete` says that these cover all readings.
    """

    violation: Violation | None = None
    safe: list[Cube] = field(default_factory=list)
    unsafe: list[Cube] = field(default_factory=list)
    empty: list[Cube] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)
    complete: bool = True

    def covers(self, cube: Cube) -> bool:
        """Whether a combination of readings is decided."""
        known = (*self.safe, *self.unsafe, *self.empty)
        return any(all(cube.get(name) == value for name, value in each.items()) for each in known)


def explore(
    inquiries: Sequence[Inquiry], confirm: Confirm, sure: Sure = lambda _, __: True
) -> Findings:
    """Look for a violation under every reading, until the verdict is known.

    `confirm` turns an answer into evidence (None: it does not show in the
    simulator; it may raise Undecided); `sure` says whether an answer is known to be
    a violation without that.  Raises LimitReached where a solver gave up and
    NotReplayed on an internal error.
    """
    findings = Findings()
    live = [inquiry for inquiry in inquiries if inquiry.answer({}) is not None]
    if not live:
        findings.safe.append({})
        return findings
    search = _Search(inquiries, live, confirm, sure, findings)
    for rounds, cube in enumerate(search.undecided_readings()):
        if rounds >= MOST_ROUNDS or (findings.violation is not None and findings.safe):
            findings.complete = False
            break
        search.visit(cube)
    return findings


def is_settled(inquiries: Sequence[Inquiry], assumed: Cube) -> bool:
    """Whether some structure has a stable state for every prefix, under assumptions."""
    by_structure: dict[str, list[Inquiry]] = {}
    for inquiry in inquiries:
        by_structure.setdefault(inquiry.structure, []).append(inquiry)
    return any(all(i.has_stable_state(assumed) for i in group) for group in by_structure.values())


@dataclass
class _Search:
    inquiries: Sequence[Inquiry]
    live: Sequence[Inquiry]  # those that some reading violates
    confirm: Confirm
    sure: Sure
    findings: Findings

    @cached_property
    def readings(self) -> dict[str, Choice]:
        """The open readings on which a violation can depend."""
        return {
            name: choice
            for inquiry in self.live
            for name, choice in inquiry.choices.items()
            if choice.role is Role.READING and len(choice.values) > 1
        }

    def undecided_readings(self) -> Iterator[Cube]:
        """Combinations of readings that are not decided yet, the neutral ones first."""
        spaces = [list(dict.fromkeys((c.default, *c.values))) for c in self.readings.values()]
        for values in product(*spaces):
            cube = dict(zip(self.readings, values, strict=True))
            if not self.findings.covers(cube):
                yield cube

    def visit(self, cube: Cube) -> None:
        """Decide one combination of readings, and all that are decided for the same reason."""
        answers = [(i, found) for i in self.live if (found := i.answer(cube)) is not None]
        if not answers:
            settled = is_settled(self.inquiries, cube)
            (self.findings.safe if settled else self.findings.empty).append(self._reduced(cube, settled))
            return
        doubts: list[str] = []
        shown = self._shown(answers, cube, doubts)
        if shown is None:
            self.findings.unsafe.append(cube)
            self.findings.undecided += doubts
            return
        needed = generalised(shown[0], cube, self.readings, self.sure)
        self.findings.unsafe.append(needed)
        if self.findings.violation is None:
            self.findings.violation = Violation(*shown, needed, sure=self.sure)

    def _shown(
        self, answers: list[tuple[Inquiry, Configuration]], cube: Cube, doubts: list[str]
    ) -> Shown | None:
        """A violation under a cube of readings that could be confirmed."""
        found: list[Shown] = []
        for inquiry, answer in answers:
            if found:
                break
            first = self.findings.violation is None
            configuration = inquiry.least(answer, cube).configuration if first else answer
            try:
                evidence = self.confirm(inquiry, configuration)
            except Undecided as doubt:
                doubts.append(str(doubt))
                continue
            if evidence is None:
                raise NotReplayed(f"{sorted(configuration.items(), key=str)}")
            found.append((inquiry, configuration, evidence))
        return found[0] if found else None

    def _reduced(self, cube: Cube, settled: bool) -> Cube:
        """The part of a cube of readings that its decision needs."""
        needed = dict(cube)
        for name in cube:
            rest = {other: value for other, value in needed.items() if other != name}
            if all(i.answer(rest) is None for i in self.live) and (
                settled or not is_settled(self.inquiries, rest)
            ):
                needed = rest
        return needed


def needed_choices(violation: Violation) -> dict[Role, dict[str, Value]]:
    """The readings and the open values on which a violation depends, the events being as they are.

    Readings and open values vary together: whoever has those that are named has a
    violation, whatever all the others are.  The orders, which nobody can set, are not held.
    """
    inquiry, configuration = violation.inquiry, violation.configuration
    found: dict[Role, dict[str, Value]] = {Role.READING: {}, Role.OPEN: {}}
    open_ones = [(n, c) for n, c in inquiry.choices.items() if c.role in found and len(c.values) > 1]
    free = {n: c for role in found for n, c in open_ones if c.role is role}
    fixed = {n: v for n, v in configuration.items() if n not in free and n in inquiry.choices}
    held = {n: v for n, v in fixed.items() if inquiry.choices[n].role is not Role.ORDER}
    cube = {**{n: configuration[n] for n in free}, **held}
    needed = generalised(inquiry, cube, free, violation.sure, MOST_SHOWN)
    for name in free:
        if name in needed:
            found[free[name].role][name] = needed[name]
    return found


def generalised(
    inquiry: Inquiry,
    cube: Cube,
    free: Mapping[str, Choice],
    sure: Sure = lambda _, __: True,
    most: int = MOST_COMBINATIONS,
) -> Cube:
    """The part of a cube that a violation needs: with `free` choices varied as far as possible it remains.

    Every combination of the varied choices has a violation of its own.
    """

    known: dict[frozenset[tuple[str, Value]], bool] = {}

    def violates(assumed: Cube) -> bool:
        found = inquiry.answer(assumed)
        if found is None:
            return False
        key = frozenset(found.items())
        if key not in known:
            known[key] = sure(inquiry, found)
        return known[key]

    needed = dict(cube)
    varied: dict[str, tuple[Value, ...]] = {}
    for name in [name for name in cube if name in free]:
        rest = {other: value for other, value in needed.items() if other != name}
        if name not in inquiry.choices:
            needed = rest
            continue
        attempt = {**varied, name: free[name].values}
        if prod(map(len, attempt.values())) > most:
            continue
        combinations = product(*attempt.values())
        if all(violates({**rest, **dict(zip(attempt, each, strict=True))}) for each in combinations):
            varied, needed = attempt, rest
    return needed
