"""A counterexample as a scenario of its own: everything decided, and only the objects that it needs.

Objects go one after the other, alone or many at once, as long as the property still
fails in the same way; what is left is a scenario from which no single object can be
taken.  Each step is a check like any other.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any, TypeAlias

from verify.announced import as_many_as_can_be
from verify.check import CheckOptions, check
from verify.cutting import removals
from verify.faults import InvalidScenario
from verify.load import Loaded, load
from verify.models.choices import Choice, Role
from verify.models.edits import Edit, applied
from verify.models.open_announcements import open_entries
from verify.models.paths import spots_of
from verify.models.scenario import PROPERTIES
from verify.verdict import Counterexample, PropertyResult, Result, Verdict

Json: TypeAlias = dict[str, Any]
RULES = "documented-rules"
LONGEST_NAME = 200
MOST_ROUNDS = 8  # of readings that turn out to be needed, which are twelve
WORST_FIRST = (Verdict.VIOLATED, Verdict.CONDITIONAL)


class NotReduced(Exception):
    """The concrete scenario does not fail as the counterexample does: a defect of the program."""


def shown_first(result: Result) -> PropertyResult | None:
    """The property whose counterexample is saved: violated before conditional, rules last."""
    failed = [entry for entry in result.properties if entry.counterexample is not None]
    found = [e for verdict in WORST_FIRST for e in failed if e.verdict is verdict and e.id != RULES]
    return next(iter([*found, *failed]), None)


def reduced(loaded: Loaded, entry: PropertyResult, options: CheckOptions) -> str:
    """The text of the scenario that is left of a counterexample.

    Raises NotReduced where it does not fail in the same way.
    """
    example = entry.counterexample
    if example is None:
        raise NotReduced(f"{entry.id} has no counterexample")
    goal = _Goal(entry.id, entry.kind, _reason(entry), replace(options, properties=(entry.id,)))
    concrete = _concrete(loaded, example, options)
    ways = (_decided(each, goal) for each in (concrete, _intended(concrete, example)))
    root = next((each for each in ways if goal.fails(each)), None)
    if root is None:
        raise NotReduced(f"{entry.id} does not fail in the same way once everything is decided")
    root = _smaller(root, goal)
    root |= _told(loaded, entry)
    return json.dumps(_ordered(root | {"expect": _expected(root, options)}), indent=2) + "\n"


@dataclass(frozen=True)
class _Goal:
    """To fail in one way: the property, the kind of violation, and the reason or the rules."""

    property: str
    kind: str
    reason: tuple[str, ...]
    options: CheckOptions

    def judged(self, root: Json) -> PropertyResult | None:
        """What becomes of the property in a scenario; None where it is none."""
        try:
            found = load("counterexample", json.dumps(root))
        except InvalidScenario:
            return None
        plain = replace(self.options, assume={}, max_failures=None, remedies=False, max_counterexamples=1)
        return check(found, plain).properties[0]

    def fails(self, root: Json) -> bool:
        """Whether the property fails in this way."""
        entry = self.judged(root)
        if entry is None:
            return False
        same = entry.verdict is Verdict.VIOLATED and entry.kind == self.kind
        return same and set(self.reason) <= set(_reason(entry))


def _reason(entry: PropertyResult) -> tuple[str, ...]:
    """What a counterexample fails for: the code of an undelivered packet, or the rules that are broken."""
    example = entry.counterexample
    if example is None:
        return ()
    if entry.id == RULES:
        return example.broken_rules
    return (str(example.undelivered.get("reason", "")),)


# --- everything decided -----------------------------------------------------------


def _decided(root: Json, goal: _Goal) -> Json:
    """The scenario with those further readings that it needs to fail now that nothing else is open.

    A counterexample names the readings without which there is none for some open values;
    with these values decided more of them can matter.
    """
    for _ in range(MOST_ROUNDS):
        entry = goal.judged(root)
        example = None if entry is None else entry.counterexample
        if entry is None or example is None or entry.verdict is not Verdict.CONDITIONAL or "gadget" in root:
            break
        root = {**root, "assume": {**root["assume"], **example.readings}}
    return root


def _concrete(loaded: Loaded, example: Counterexample, options: CheckOptions) -> Json:
    """The scenario with all open values, readings and events of a counterexample written into it."""
    given = {key: value for key, value in options.assume.items() if not isinstance(value, tuple)}
    chosen = {**given, **{k: v for k, v in example.configuration.items() if not isinstance(v, tuple)}}
    edits = []
    for spot in spots_of(loaded.document):
        if isinstance(spot.value, Choice) and spot.value.role is Role.OPEN:
            edits.append(Edit("set", spot.steps, chosen.get(spot.value.name, spot.value.default)))
    root: Json = applied(_announcing(loaded, example), edits)
    if "gadget" in root:
        failing = _environment({}, example)
        return {**root, "environment": failing} if example.failures else root
    readings = {key: value for key, value in given.items() if "." not in key}
    root["assume"] = {**root.get("assume", {}), **readings, **example.readings}
    root["environment"] = _environment(root.get("environment", {}), example)
    return root


def _intended(root: Json, example: Counterexample) -> Json:
    """The scenario with the traffic of the counterexample as its intent, if it has none.

    What is meant to arrive by default is less where an open value turns off the BGP on which
    that depends.
    """
    packet = example.undelivered
    if "intents" in root or not packet:
        return root
    return {**root, "intents": [{"from": packet["from"], "to": packet["to"]}]}


def _announcing(loaded: Loaded, example: Counterexample) -> Json:
    """The scenario with the prefixes of the counterexample in place of open announcements."""
    root: Json = deepcopy(dict(loaded.root))  # type: ignore[call-overload]  # a loaded scenario is an object
    names = {(each.site, str(each.entry.within)): each.name for each in open_entries(loaded.document)}
    for site in root.get("data_centers", ()):
        listed: list[object] = []
        for prefix in site.get("prefixes", ()):
            block = prefix.get("within") if isinstance(prefix, dict) else None
            name = names.get((site["id"], block)) if block is not None else None
            listed += [prefix] if name is None else _prefixes(loaded, example, name)
        if listed:
            site["prefixes"] = listed
    return root


def _prefixes(loaded: Loaded, example: Counterexample, name: str) -> list[str]:
    """The prefixes that an open announcement stands for; none where it does not matter.

    Where only how many they are matters, so many are chosen.
    """
    count = example.configuration.get(f"{name}.count")
    if isinstance(count, int):
        every = as_many_as_can_be(loaded.document)[name]
        return list(every[:count]) if isinstance(every, tuple) else []
    found = example.configuration.get(name, ())
    return list(found) if isinstance(found, tuple) else [str(found)]


def _environment(written: Mapping[str, Any], example: Counterexample) -> Json:
    """Only the events that the counterexample has."""
    kinds = list(dict.fromkeys(name.partition(":")[0] for name in example.failures))
    recovery = example.recovery
    withdrawn = bool(example.withdrawn) or (recovery is not None and bool(recovery.withdrawn))
    failing = {"max_failures": len(example.failures), "may_fail": kinds} if kinds else {"max_failures": 0}
    return {**written, **failing, "withdrawals": withdrawn}


# --- only what is needed ----------------------------------------------------------


def _smaller(root: Json, goal: _Goal) -> Json:
    """The scenario without all objects that can go, until none can."""
    changed = True
    while changed:
        changed = False
        for candidate in removals(root):
            attempt = candidate(root)
            if attempt is not None and goal.fails(attempt):
                root, changed = attempt, True
    return root


def _expected(root: Json, options: CheckOptions) -> dict[str, str]:
    plain = CheckOptions(solvers=options.solvers, rlimit=options.rlimit, remedies=False)
    found = check(load("counterexample", json.dumps(root)), plain)
    verdicts = {entry.id: str(entry.verdict) for entry in found.properties}
    return {name: verdicts[name] for name in PROPERTIES if name in verdicts}


def _told(loaded: Loaded, entry: PropertyResult) -> Json:
    """Name, description and source."""
    original = loaded.document.name or PurePath(loaded.file).name
    return {
        "version": 1,
        "name": f"{entry.id} fails: {original}"[:LONGEST_NAME],
        "description": f"What is left of a larger design in which this happens: {entry.summary}.",
        "source": f"a counterexample in {PurePath(loaded.file).name} (sha256 {loaded.sha256})",
    }


def _ordered(root: Json) -> Json:
    """What it is about first, and what is expected last."""
    first = [key for key in ("version", "name", "description", "source") if key in root]
    last = [key for key in ("environment", "assume", "intents", "expect") if key in root]
    rest = [key for key in root if key not in first and key not in last]
    return {key: root[key] for key in (*first, *rest, *last) if root[key] not in ({}, [])}
