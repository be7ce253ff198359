"""Makes the files of a bundle, in a folder that holds the scenario already.

The same scenario, options and versions give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from verify.arguments import Source
from verify.batch import Outcome
from verify.certificates.certificate import check_certificate
from verify.certify import certificates, write
from verify.check import check
from verify.evidence import manifest as manifests
from verify.evidence.coverage import coverage
from verify.evidence.folder import contents, digest_of, write_files
from verify.evidence.given import Given, as_json
from verify.evidence.manifest import DIGEST, MANIFEST, text_of
from verify.evidence.normalised import normalised
from verify.evidence.readings import assumed
from verify.evidence.summary import Found, summary
from verify.reduction import NotReduced, reduced
from verify.render.html import render_report
from verify.render.json import result_document
from verify.render.report import render_outcomes
from verify.render.screen import FILE_PAGE
from verify.render.text import Detail, render_result
from verify.verdict import PropertyResult, Result, Verdict

Json = dict[str, Any]
SUMMARY, RESULT = "SUMMARY.md", "result.json"
CERTIFICATES, COUNTEREXAMPLES = "certificates", "counterexamples"
FOR_TOOLS = {"result.sarif": "sarif", "result.junit.xml": "junit"}


@dataclass(frozen=True)
class Made:
    """A complete bundle: its result, how many files and certificates, and the digest of its manifest."""

    result: Result
    files: int
    certificates: int
    unchecked: int
    digest: str


def make(folder: Path, made_from: Given) -> Made:
    """Check the scenario of a folder and write everything else beside it, the manifest last.

    Raises what `check` and `certificates` raise.
    """
    result = check(made_from.loaded, made_from.options)
    document = result_document(result)
    proved = [entry.id for entry in result.properties if entry.verdict is Verdict.PROVED]
    found = list(certificates(made_from.loaded, made_from.options, proved))
    write(folder / CERTIFICATES, made_from.loaded, found)
    states = [(each.property, check_certificate(each)) for each in found]
    certified = {name: in_words(name, states) for name in proved}
    files = {
        "report.html": render_report(made_from.checked, result),
        RESULT: text_of(document),
        **derived(made_from, document, certified),
        **_for_tools(made_from.file, result),
    }
    for entry in result.properties:
        files |= _failing(made_from, entry, result)
    write_files(folder, files)
    digest = _seal(folder, made_from, document, certified)
    count = len([name for name in contents(folder) if not name.endswith("/")])
    return Made(result, count, len(found), sum(bool(reason) for _, reason in states), digest)


def derived(made_from: Given, result: Json, certified: Mapping[str, str]) -> dict[str, str]:
    """The files that follow from the scenario and the result in its JSON form."""
    assumptions = assumed(made_from, result)
    told = Found(result, assumptions, certified, command_of(made_from))
    return {
        SUMMARY: summary(made_from, told),
        "normalised.json": text_of(normalised(made_from.loaded)),
        "assumptions.json": text_of(assumptions),
        "coverage.json": text_of(coverage(made_from, result)),
    }


def in_words(property_id: str, states: Iterable[tuple[str, str]]) -> str:
    """How a proved property is certified, in words."""
    reasons = [reason for name, reason in states if name == property_id]
    wrong = [reason for reason in reasons if reason]
    if not reasons:
        return "none"
    if wrong:
        return f"{len(wrong)} of {len(reasons)} not checkable ({wrong[0]})"
    return f"{len(reasons)}, accepted by the checker"


def _for_tools(file: str, result: Result) -> dict[str, str]:
    outcome = Outcome(Source(file), result)
    return {
        name: render_outcomes([outcome], kind, FILE_PAGE, Detail.NORMAL, several=False)
        for name, kind in FOR_TOOLS.items()
    }


def _failing(made_from: Given, entry: PropertyResult, result: Result) -> Iterator[tuple[str, str]]:
    """The counterexample of a property: as text, as JSON, and as a scenario of its own."""
    if entry.counterexample is None:
        return
    place = f"{COUNTEREXAMPLES}/{entry.id}"
    alone = replace(result, properties=(entry,), rules=(), expectations=(), not_checked=(), stale=())
    yield f"{place}/counterexample.txt", render_result(alone, FILE_PAGE)
    (shown,) = result_document(replace(result, properties=(entry,)))["properties"]
    yield f"{place}/counterexample.json", text_of(shown)
    try:
        yield f"{place}/scenario.json", reduced(made_from.loaded, entry, made_from.options)
    except NotReduced as reason:  # the verdict does not rest on it: the counterexample was replayed
        yield f"{place}/no-scenario.txt", f"There is no scenario of this counterexample: {reason}.\n"


def command_of(made_from: Given) -> str:
    """The command that makes a bundle again."""
    return manifests.command(made_from.file, made_from.accept, as_json(made_from.options))


def _seal(folder: Path, made_from: Given, result: Json, certified: Mapping[str, str]) -> str:
    """Write the manifest and its digest, which is returned."""
    files = []
    for name, path in contents(folder).items():
        if not name.endswith("/"):
            digest, size = digest_of(path)
            files.append({"path": name, "sha256": digest, "bytes": size})
    content = text_of(
        {
            "kind": manifests.KIND,
            "format_version": manifests.FORMAT_VERSION,
            "scenario": {**result["scenario"], "file": made_from.file},
            "verdicts": {entry["id"]: entry["verdict"] for entry in result["properties"]},
            "certificates": dict(certified),
            "versions": manifests.versions(made_from.options.solvers),
            "options": as_json(made_from.options),
            "accept": list(made_from.accept),
            "command": command_of(made_from),
            "files": files,
        }
    )
    line = manifests.digest_line(content.encode())
    write_files(folder, {MANIFEST: content, DIGEST: line})
    return line.partition(" ")[0]
