"""SUMMARY.md: what was found, each verdict with its scope in the same line, and what it rests on.

It is made from the other files of a bundle, so that it can be compared with them later.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from verify.evidence.given import Given
from verify.evidence.scope import named, scope
from verify.render.markdown import plain

Json = Mapping[str, Any]
MOST = 4000  # characters of one text
NOTE = (
    "`verify evidence --check FOLDER` checks the certificates and the digests of all files again; "
    "`python -m verify.certificates.checker FOLDER/certificates` does the former with the standard library "
    "of Python alone."
)


@dataclass(frozen=True)
class Found:
    """What a summary tells of: the result and assumptions as in their files.

    `certified` says for each proved property how it is certified, `command` how to make the bundle again.
    """

    result: Json
    assumptions: Json
    certified: Mapping[str, str]
    command: str


def summary(made_from: Given, found: Found) -> str:
    """The text of SUMMARY.md."""
    blocks = [
        [f"# Evidence: {_text(found.result['scenario']['name'])}"],
        list(_about(made_from, found.result)),
        ["## Verdicts", "", *_verdicts(made_from, found)],
        ["## Accepted risks", "", *_or_none(_accepted(found.result))],
        ["## Assumptions", "", *_or_none(_assumptions(found.assumptions))],
        ["## Open readings", "", *_or_none(_readings(found.assumptions, "open"))],
        ["## Readings taken as given", "", *_or_none(_readings(found.assumptions, "pinned"))],
        ["## Open values", "", *_or_none(_open_values(found.assumptions))],
        ["## To make it again", "", *_again(made_from, found.command)],
    ]
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _text(text: object) -> str:
    return plain(str(text), MOST)


def _about(made_from: Given, result: Json) -> Iterator[str]:
    yield f"Scenario: {_text(made_from.file)}, SHA-256 {result['scenario']['sha256']}"
    if result["expectations"]:
        missed = [each["property"] for each in result["expectations"] if not each["met"]]
        told = f"not what it expects: {', '.join(missed)}" if missed else "all as the scenario expects"
        yield f"Compared with `expect`: {told}"


def _verdicts(made_from: Given, found: Found) -> Iterator[str]:
    document = made_from.checked.document
    pinned = {
        each["id"]: each["value"] for each in found.assumptions["readings"] if each["state"] == "pinned"
    }
    for entry in found.result["properties"]:
        words = f"**{entry['verdict'].upper()}**{' (accepted)' if entry.get('accepted') else ''}"
        said = f"- {words} `{entry['id']}`: {_text(entry['summary'])}. Scope: "
        certified = found.certified.get(entry["id"])
        ends = f". Certificates: {_text(certified)}." if certified else "."
        if "counterexample" in entry:
            ends = f". Shown in counterexamples/{entry['id']}."
        yield said + _text(scope(entry, document, pinned)) + ends
    for each in found.result["not_checked"]:
        yield f"- not checked: `{each['property']}`: {_text(each['reason'])}."


def _accepted(result: Json) -> Iterator[str]:
    for each in result["accepted"]:
        yield f"- {_risk(each)}"
    for each in result["stale_acceptances"]:
        yield f"- **does not hold** ({each['problem']}): {_risk(each)}; {_text(each['message'])}"


def _risk(each: Json) -> str:
    told = f"accepted by {_text(each['owner'])} until {each['expires']}: {_text(each['reason'])}"
    return f"{_text(each['finding'])}, {told}"


def _assumptions(assumptions: Json) -> Iterator[str]:
    for each in assumptions["assumptions"]:
        proofs = ", ".join(each["properties"]) or "no proof"
        yield f"- `{each['id']}`: {_text(each['statement'])} Rests on it: {proofs}."


def _readings(assumptions: Json, state: str) -> Iterator[str]:
    for each in assumptions["readings"]:
        if each["state"] == state and (each["properties"] or state == "pinned"):
            told = "open" if state == "open" else f"{_text(each['value'])}, by {each['pinned_by']}"
            yield f"- {_text(each['id'])} ({told}): {_text(each['question'])} {_resting(each['properties'])}"


def _open_values(assumptions: Json) -> Iterator[str]:
    for each in assumptions["open_values"]:
        values = named([str(value) for value in each["values"]])
        yield f"- {_text(each['path'])}: {_text(values)}. {_resting(each['properties'])}"


def _resting(properties: Sequence[str]) -> str:
    named_ones = ", ".join(properties) or "no property that was checked"
    return f"Matters to: {named_ones}."


def _or_none(lines: Iterator[str]) -> list[str]:
    return list(lines) or ["None."]


def _again(made_from: Given, command: str) -> Iterator[str]:
    yield "In this folder, with the versions that `manifest.json` names:"
    yield ""
    yield from (f"    {line}" for line in command.splitlines())
    yield ""
    if made_from.options.timeout is not None:
        yield "A limit in seconds was set, so another run can give up elsewhere and come out otherwise."
        yield ""
    yield NOTE
