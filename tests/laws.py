"""Laws that relate the verdicts of a document to those of a changed one.

A law changes a document, and says how the verdicts may differ.  `breaches` names
the properties of which that is not true.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, TypeAlias

from verify.check import CheckOptions, check
from verify.load import load
from verify.models.readings import READINGS
from verify.models.scenario import PROPERTIES
from verify.verdict import PropertyResult

Json = dict[str, Any]
Verdicts: TypeAlias = Mapping[str, str]
Change: TypeAlias = Callable[[Json, random.Random], Json | None]  # None: the law does not apply
OPTIONS = CheckOptions(properties=PROPERTIES, remedies=False)
WORDS = {"system", "blackhole", "discard", "any", "internal", "external", "master", "slave"}
HARM = {"proved": 0, "vacuous": 0, "conditional": 1, "violated": 2}  # unknown is above and below all
ORDERED = ("routers", "between", "length", "count")  # lists whose order says something


@dataclass(frozen=True)
class Law:
    """A change, and what it lets happen to a verdict."""

    change: Change
    permits: Callable[[str, str], bool]


# --- verdicts -----------------------------------------------------------------


def results(written: Json, options: CheckOptions = OPTIONS) -> tuple[PropertyResult, ...]:
    return check(load("network.json", json.dumps(written)), options).properties


def verdicts(written: Json, options: CheckOptions = OPTIONS) -> Verdicts:
    return {each.id: str(each.verdict) for each in results(written, options)}


@lru_cache(maxsize=256)
def _remembered(text: str) -> Verdicts:
    return verdicts(json.loads(text))


def breaches(name: str, written: Json, rng: random.Random) -> list[str]:
    """The properties whose verdicts break a law; [] also where the law does not apply."""
    law = LAWS[name]
    changed = law.change(deepcopy(written), rng)
    if changed is None:
        return []
    before, after = _remembered(json.dumps(written)), verdicts(changed)
    return [
        f"{each}: {before[each]} became {after[each]}"
        for each in before
        if not law.permits(before[each], after[each])
    ]


def same(before: str, after: str) -> bool:
    return before == after


def no_worse(before: str, after: str) -> bool:
    return "unknown" in (before, after) or HARM[after] <= HARM[before]


def no_better(before: str, after: str) -> bool:
    return "unknown" in (before, after) or HARM[after] >= HARM[before]


def extremes_stay(before: str, after: str) -> bool:
    """What is proved or violated stays so; a condition can come out either way."""
    return before == "conditional" or "unknown" in (before, after) or HARM[after] == HARM[before]


# --- documents that say the same ----------------------------------------------


def ids(part: Any) -> list[str]:
    """Every id that a document gives."""
    if isinstance(part, dict):
        own = [part["id"]] if isinstance(part.get("id"), str) else []
        return own + [found for value in part.values() for found in ids(value)]
    return [found for item in part for found in ids(item)] if isinstance(part, list) else []


def renamed(written: Json, _: random.Random) -> Json:
    """Other ids, which sort the other way round."""
    known = sorted(set(ids(written)) - WORDS)
    names = {old: f"x{len(known) - n:03}" for n, old in enumerate(known)}

    def rename(part: Any) -> Any:
        if isinstance(part, dict):
            return {_renamed_key(key, names): rename(value) for key, value in part.items()}
        if isinstance(part, list):
            return [rename(item) for item in part]
        return names.get(part, part) if isinstance(part, str) else part

    found = rename(written)
    assert isinstance(found, dict)
    return found


def _renamed_key(key: str, names: dict[str, str]) -> str:
    reading, mark, owner = key.partition("@")
    return f"{reading}@{names.get(owner, owner)}" if mark else key


def permuted(part: Any, rng: random.Random, key: str = "") -> Any:
    """Every list in another order; roles of tunnels are written out before.

    The routers of a site keep their order: a session that names none ends at the first.
    """
    if isinstance(part, dict):
        return {name: permuted(value, rng, name) for name, value in part.items()}
    if not isinstance(part, list):
        return part
    items = [permuted(item, rng) for item in part]
    if key == "tunnels" and len(items) == 2:
        items = [{"role": role, **item} for role, item in zip(("master", "slave"), items, strict=True)]
    if key not in ORDERED:
        rng.shuffle(items)
    return items


def with_bystanders(written: Json, _: random.Random) -> Json:
    """A VPC and a site that nothing is connected to."""
    vpc = {"id": "bystander", "vswitches": [{"id": "bystander-vsw", "cidr": "192.168.77.0/24"}]}
    site = {"id": "aside", "prefixes": ["192.168.99.0/24"]}
    written["vpcs"] = [vpc, *written.get("vpcs", [])]
    written["data_centers"] = [*written.get("data_centers", []), site]
    return written


# --- documents that permit more or less ---------------------------------------


def with_more_failures(written: Json, _: random.Random) -> Json | None:
    environment = written.get("environment", {})
    most = environment.get("max_failures", 0)
    if not isinstance(most, int):
        return None
    return {**written, "environment": {**environment, "max_failures": most + 1}}


def without_withdrawals(written: Json, _: random.Random) -> Json:
    return {**written, "environment": {**written.get("environment", {}), "withdrawals": False}}


def without_an_intent(written: Json, rng: random.Random) -> Json | None:
    intents = written.get("intents")
    if not intents:
        return None
    left_out = rng.randrange(len(intents))
    return {**written, "intents": intents[:left_out] + intents[left_out + 1 :]}


def with_a_reading(written: Json, rng: random.Random) -> Json | None:
    """One reading that the document leaves open has one of its values."""
    assumed = written.get("assume", {})
    free = [reading for reading in READINGS if reading.id not in assumed]
    if not free:
        return None
    reading = rng.choice(free)
    return {**written, "assume": {**assumed, reading.id: rng.choice(reading.values)}}


def pins(written: Json, rng: random.Random) -> Json:
    """Some open values and readings, each with one of its values."""
    loaded = load("network.json", json.dumps(written))
    offered = {choice.name: choice.values for choice in loaded.choices if "." in choice.name}
    offered |= {r.id: r.values for r in READINGS if r.id not in loaded.document.assume}
    chosen = rng.sample(sorted(offered), rng.randint(1, max(1, len(offered) // 2))) if offered else []
    return {name: rng.choice(offered[name]) for name in chosen}


def breaches_of_pinning(written: Json, rng: random.Random) -> list[str]:
    """The properties that are proved, and no longer are when open values and readings are pinned."""
    pinned = pins(written, rng)
    before, after = _remembered(json.dumps(written)), verdicts(written, replace(OPTIONS, assume=pinned))
    return [
        f"{each}: {before[each]} became {after[each]} under {pinned}"
        for each in before
        if before[each] == "proved" and after[each] not in ("proved", "vacuous")
    ]


LAWS: dict[str, Law] = {
    "renaming": Law(renamed, same),
    "permuting": Law(permuted, same),
    "bystanders": Law(with_bystanders, same),
    "more failures": Law(with_more_failures, no_better),
    "no withdrawals": Law(without_withdrawals, no_worse),
    "fewer intents": Law(without_an_intent, no_worse),
    "a reading": Law(with_a_reading, extremes_stay),
}


def keeps_all(written: Json, seed: int) -> int:
    """Whether a document keeps every law; returns how many there are."""
    for name in LAWS:
        assert not (found := breaches(name, written, random.Random(seed))), f"{name}: {found}"
    assert not (found := breaches_of_pinning(written, random.Random(seed))), f"pinning: {found}"
    return len(LAWS) + 1
