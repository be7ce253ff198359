"""Whether the parts of a bundle fit each other: scenario, result, certificates, counterexamples, texts.

No digest is looked at here: these checks find what was changed together with the manifest.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from verify.certificates.folder import read_index
from verify.certify import foreign_queries
from verify.evidence import manifest as manifests
from verify.evidence.folder import contents
from verify.evidence.given import ACCEPT, SCENARIO, Given
from verify.evidence.making import (
    CERTIFICATES,
    COUNTEREXAMPLES,
    FOR_TOOLS,
    RESULT,
    command_of,
    derived,
    in_words,
)
from verify.evidence.manifest import MANIFEST
from verify.judge_rules import judge_rules
from verify.models.ordered import in_order
from verify.properties import documented_rules

Json = dict[str, Any]
FAILING = ("violated", "conditional")


@dataclass(frozen=True)
class Bundle:
    """A bundle as it was read: its folder, its manifest and result, and what it was made from.

    `states` has the property of each certificate, and what is wrong with it.
    """

    folder: Path
    manifest: Json
    result: Json
    given: Given
    states: tuple[tuple[str, str], ...]

    @property
    def verdicts(self) -> dict[str, str]:
        """The verdict of each property in the result."""
        return {entry["id"]: entry["verdict"] for entry in self.result["properties"]}


def _same_scenario(bundle: Bundle) -> Iterator[str]:
    loaded, index = bundle.given.loaded, read_index(bundle.folder / CERTIFICATES)
    named = {
        RESULT: bundle.result["scenario"]["sha256"],
        MANIFEST: bundle.manifest["scenario"]["sha256"],
        CERTIFICATES: index["scenario"]["sha256"],
    }
    for name, digest in named.items():
        if digest != loaded.sha256:
            yield f"{name} is about another scenario than {bundle.given.file}"
    if bundle.manifest["verdicts"] != bundle.verdicts:
        yield f"{MANIFEST} has other verdicts than {RESULT}"


def _proved_is_certified(bundle: Bundle) -> Iterator[str]:
    proved = [name for name, verdict in bundle.verdicts.items() if verdict == "proved"]
    index = read_index(bundle.folder / CERTIFICATES)
    for name in proved:
        if name not in index["proved"]:
            yield f"{name} is proved, as {RESULT} says, but has no certificate"
    for name in index["proved"]:
        if name not in proved:
            yield f"{name} has certificates, but is not proved, as {RESULT} says"
    named = {each["file"] for entry in index["certificates"] for each in entry["files"].values()}
    here = set(contents(bundle.folder / CERTIFICATES))
    for name in sorted(here - named - {"index.json"}):
        yield f"{CERTIFICATES}/{name} belongs to no certificate"


def _queries_of_the_scenario(bundle: Bundle) -> Iterator[str]:
    made_from = bundle.given
    for difference in foreign_queries(bundle.folder / CERTIFICATES, made_from.loaded, made_from.options):
        yield f"{CERTIFICATES}: {difference} than the scenario gives"


def _rules(bundle: Bundle) -> Iterator[str]:
    """The rules need no solver, so they are judged again."""
    statuses, judged = judge_rules(in_order(bundle.given.checked.document))
    told = {each["id"]: each["status"] for each in bundle.result["rules"]}
    for status in statuses:
        if told.get(status.id) != status.status:
            yield f"{RESULT}: {status.id} is {status.status}, not {told.get(status.id, 'left out')}"
    said = bundle.verdicts.get(documented_rules.ID, str(judged.verdict))
    if said != str(judged.verdict):
        yield f"{RESULT}: {documented_rules.ID} is {judged.verdict}, not {said}"


def _counterexamples(bundle: Bundle) -> Iterator[str]:
    expected = set()
    for entry in bundle.result["properties"]:
        if ("counterexample" in entry) != (entry["verdict"] in FAILING):
            yield f"{RESULT}: {entry['id']} is {entry['verdict']}, which its counterexample does not fit"
        if "counterexample" in entry:
            place = f"{COUNTEREXAMPLES}/{entry['id']}"
            expected |= {f"{place}/counterexample.txt", f"{place}/counterexample.json"}
            if json.loads((bundle.folder / place / "counterexample.json").read_bytes()) != entry:
                yield f"{place}/counterexample.json is not what {RESULT} says"
    here = {name for name in _listed(bundle) if name.startswith(f"{COUNTEREXAMPLES}/")}
    scenarios = {name for name in here if name.endswith(("/scenario.json", "/no-scenario.txt"))}
    if here - scenarios != expected or len(scenarios) * 2 != len(expected):
        yield f"{COUNTEREXAMPLES}: there is not one of each property that fails, as text, JSON and scenario"


def _made_again(bundle: Bundle) -> Iterator[str]:
    """What follows from scenario and result; texts of another version are not compared."""
    proved = (name for name, verdict in bundle.verdicts.items() if verdict == "proved")
    certified = {name: in_words(name, bundle.states) for name in proved}
    if certified != bundle.manifest["certificates"]:
        yield f"{MANIFEST} says something else of certificates than is found"
    if bundle.manifest["command"] != command_of(bundle.given):
        yield f"{MANIFEST} names another command than its options give"
    if any(line.startswith(f"{manifests.PROGRAM} ") for line in manifests.changed_versions(bundle.manifest)):
        return
    for name, text in derived(bundle.given, bundle.result, certified).items():
        if (bundle.folder / name).read_bytes() != text.encode("utf-8", "backslashreplace"):
            yield f"{name} is not what follows from {RESULT} and the scenario"


def _accepted(bundle: Bundle) -> Iterator[str]:
    """What counts as accepted is what the scenario or a file of accepted risks says, and not expired."""
    options = bundle.given.options
    written = {
        (each.finding, each.reason, each.owner, each.expires.isoformat()): each.expires
        for each in (*bundle.given.loaded.accepted, *options.accept)
    }
    holding = [*bundle.result["accepted"], *bundle.result["stale_acceptances"]]
    for number, each in enumerate(holding):
        entry = tuple(each[key] for key in ("finding", "reason", "owner", "expires"))
        holds = number < len(bundle.result["accepted"])
        lapsed = holds and options.today is not None and written.get(entry, options.today) < options.today
        if entry not in written or lapsed:
            yield f"{RESULT}: nobody accepts {each['finding']} as it is said there"


def _complete(bundle: Bundle) -> Iterator[str]:
    """Nothing that a bundle consists of is left out, and nothing else is in it."""
    folders = (f"{SCENARIO}/", f"{ACCEPT}/", f"{CERTIFICATES}/", f"{COUNTEREXAMPLES}/")
    top = {name for name in _listed(bundle) if not name.startswith(folders)}
    needed = {RESULT, "report.html", *FOR_TOOLS, *TOP}
    yield from (f"{name} is left out" for name in sorted(needed - top))
    yield from (f"{name} is no part of a bundle" for name in sorted(top - needed))
    if list(bundle.given.accept) != bundle.manifest["accept"]:
        yield f"{ACCEPT}: there are other files than {MANIFEST} names"


def _listed(bundle: Bundle) -> list[str]:
    return [each["path"] for each in bundle.manifest["files"]]


TOP = ("SUMMARY.md", "normalised.json", "assumptions.json", "coverage.json")
CHECKS: Mapping[str, Callable[[Bundle], Iterator[str]]] = {
    "scenario": _same_scenario,
    "proofs": _proved_is_certified,
    "queries": _queries_of_the_scenario,
    "rules": _rules,
    "counterexamples": _counterexamples,
    "accepted risks": _accepted,
    "texts": _made_again,
    "files": _complete,
}
