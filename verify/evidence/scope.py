"""For what a verdict holds, in words: readings, open values, failures and events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from verify.models.opening import all_choices
from verify.models.scenario import Document
from verify.properties import documented_rules

Json = Mapping[str, Any]
MOST_NAMED = 12


def scope(entry: Json, document: Document, pinned: Mapping[str, Any]) -> str:
    """The scope of a property's verdict, both in JSON form; `pinned` are readings that are taken as given."""
    parts = list(_parts(entry, document))
    if pinned and entry["verdict"] not in ("unknown", "vacuous"):
        parts.append(f"taken as given: {named(_assignments(pinned))}")
    return "; ".join(parts)


def named(words: Sequence[str]) -> str:
    """Some words, and how many more there are."""
    more = [f"{len(words) - MOST_NAMED} more"] if len(words) > MOST_NAMED else []
    return ", ".join([*words[:MOST_NAMED], *more])


def _parts(entry: Json, document: Document) -> Iterator[str]:
    match entry["verdict"]:
        case "proved":
            yield from _proved(entry, document)
        case "violated" | "conditional":
            yield from _failing(entry, document)
        case _:
            yield "nothing is claimed"


def _proved(entry: Json, document: Document) -> Iterator[str]:
    choices = [choice.name for choice in all_choices(document)]
    rests_on = entry.get("rests_on", {})
    readings = rests_on.get("readings", [])
    yield f"every value of the open {named(choices)}" if choices else "no value is open"
    yield f"every value of the open readings {named(readings)}" if readings else "whatever the open readings"
    if entry["id"] == documented_rules.ID:
        return
    yield "every order of neighbours and every timing of messages"
    yield from _events(entry, document)
    for name, bound in rests_on.get("bounds", {}).items():
        if name != "max_failures":
            yield f"{name} up to {bound}"
    if assumptions := rests_on.get("assumptions", []):
        yield f"under the assumptions {', '.join(assumptions)}"
    yield from rests_on.get("notes", [])


def _events(entry: Json, document: Document) -> Iterator[str]:
    environment = document.environment
    if entry["id"] in ("no-ineffective-routes", "isolation"):
        yield "while no route is withdrawn"
    else:
        yield "any routes withdrawn" if environment.withdrawals else "no routes withdrawn"
    yield _failures(int(environment.max_failures), environment.may_fail)


def _failures(most: int, kinds: Sequence[str]) -> str:
    if not most:
        return "no failures"
    return f"at most {most} failure{'s' if most > 1 else ''} at once of: {', '.join(kinds)}"


def _failing(entry: Json, document: Document) -> Iterator[str]:
    example = entry["counterexample"]
    rules = entry["id"] == documented_rules.ID
    yield "the rules, evaluated" if rules else "one concrete run, replayed by the simulator"
    if entry["verdict"] == "violated":
        yield "whatever the readings"
    else:
        needed = named(_assignments(example["readings"]))
        yield f"needs the readings {needed}" if needed else "under some readings"
    configuration = example["configuration"]
    if configuration:
        yield f"with the open values {named(_assignments(configuration))}"
    elif all_choices(document):
        yield "whatever the open values"
    if not rules:
        yield f"failed: {named(example['failures'])}" if example["failures"] else "no failures"
        yield f"withdrawn: {named(example['withdrawn'])}" if example["withdrawn"] else "no routes withdrawn"


def _assignments(values: Mapping[str, Any]) -> list[str]:
    return [f"{name} = {_text(value)}" for name, value in values.items()]


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(str, value)) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)
