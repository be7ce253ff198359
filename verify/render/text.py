"""A result as text: the answer in the first lines, then the evidence for each property.

Reads the same with and without colour.  Times never appear here.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from verify.acceptance import BINDING, in_words
from verify.glossary import KINDS, VERDICTS, WHY_UNKNOWN
from verify.render.accepted import finding_lines, mark, name_lines
from verify.render.layout import Page, Tone, cleaned
from verify.render.remedies import remedy_lines
from verify.render.witness import counterexample_lines, example_lines, section, value_text
from verify.status import missed
from verify.verdict import PropertyResult, Result, RuleStatus, Verdict


class Detail(IntEnum):
    """How much is shown: verdict lines only, the evidence, or everything that was looked at."""

    QUIET = 0
    NORMAL = 1
    VERBOSE = 2


TONES = {
    Verdict.PROVED: Tone.GOOD,
    Verdict.VIOLATED: Tone.BAD,
    Verdict.CONDITIONAL: Tone.UNSURE,
    Verdict.UNKNOWN: Tone.UNSURE,
    Verdict.VACUOUS: Tone.UNSURE,
}
VERDICT_WIDTH = max(len(verdict) for verdict in Verdict)
PROPERTY_WIDTH = len("no-ineffective-routes")


def render_result(result: Result, page: Page, detail: Detail = Detail.NORMAL) -> str:
    """The text of one result, ending in a line break."""
    result = cleaned(result)
    blocks = [[*_headline(result, page), *_verdict_lines(result, page), *_stale_lines(result, page)]]
    if detail > Detail.QUIET:
        blocks += [_evidence(entry, result, page, detail) for entry in result.properties]
        blocks += [_rules(result, page, detail), _warnings(result, page), _not_checked(result, page)]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _headline(result: Result, page: Page) -> list[str]:
    verdict = result.verdict.upper()
    lines = page.paragraph(f"{result.name}: {verdict}{compared_text(result)}", hanging=2)
    painted = page.paint(verdict, TONES[result.verdict])
    return [line.replace(f": {verdict}", f": {painted}") for line in lines]


def compared_text(result: Result) -> str:
    """What was expected, and what is accepted; an unsaid expectation is missed by what is not proved."""
    accepted = f", {in_words(result)}" if in_words(result) else ""
    if not result.expectations:
        return accepted
    unexpected = missed(result)
    return (f", not as expected: {', '.join(unexpected)}" if unexpected else ", as expected") + accepted


def _verdict_lines(result: Result, page: Page) -> list[str]:
    return [
        line
        for entry in result.properties
        for line in _head_line(
            (entry.verdict, entry.id, mark(entry, result) + entry.summary), TONES[entry.verdict], page
        )
    ]


def _stale_lines(result: Result, page: Page) -> list[str]:
    """The acceptances that do not hold, in the place of verdicts."""
    return [
        line
        for each in result.stale
        for line in _head_line(
            (each.problem, "acceptance", f"{each.acceptance.finding}: {each.message}"), Tone.BAD, page
        )
    ]


def _head_line(cells: tuple[str, str, str], tone: Tone, page: Page) -> list[str]:
    """The mark, the property and the summary; the summary goes below where the page is narrow."""
    word, subject, summary = cells
    shown = word.upper().ljust(VERDICT_WIDTH)
    start = f"  {shown}  {subject.ljust(PROPERTY_WIDTH)}"
    if page.width >= len(start) + 32:
        lines = page.paragraph(summary, indent=len(start) + 2)
        lines = [start + lines[0][len(start) :], *lines[1:]] if lines else [start.rstrip()]
    else:
        lines = [start.rstrip(), *page.paragraph(summary, indent=4)]
    return [lines[0].replace(shown, page.paint(shown, tone), 1), *lines[1:]]


def _evidence(entry: PropertyResult, result: Result, page: Page, detail: Detail) -> list[str]:
    title = page.paint(f"{entry.id}: {entry.verdict}", Tone.STRONG)
    advice = tuple(
        f"{rule.id}: " for rule in result.rules if rule_status(rule) == "advice"
    )  # shown with the rules
    remarks = tuple(text for text in entry.warnings if not text.startswith(advice))
    warnings = section("Warnings", _each(remarks, page, indent=4), page)
    if entry.verdict is Verdict.PROVED:
        shown = example_lines(entry.example, page) if detail is Detail.VERBOSE else []
        return [title, *_rests_on(entry, page), *shown, *warnings]
    lines = [title, *page.paragraph(entry.summary, indent=2)]
    meaning = {**KINDS, **WHY_UNKNOWN}.get(entry.kind, VERDICTS[entry.verdict])
    lines += page.paragraph(meaning, indent=2)
    lines += finding_lines(entry, result, page, full=detail is Detail.VERBOSE)
    earlier = result.properties[: result.properties.index(entry)]
    told = _rules_told(earlier)
    examples = [] if entry.counterexample is None else [entry.counterexample, *entry.further]
    for number, example in enumerate(examples):
        if number:
            title = f"Another kind of counterexample ({number + 1} of {len(examples)}): {example.summary}"
            lines += ["", *page.paragraph(title, indent=2, hanging=4)]
        lines += counterexample_lines(example, result.rules, told, page, full=detail is Detail.VERBOSE)
    return [*lines, *remedy_lines(entry.remedies, page, full=detail is Detail.VERBOSE), *warnings]


def _rests_on(entry: PropertyResult, page: Page) -> list[str]:
    """What a proof depends on, so that nobody takes it for more than it is."""
    if entry.rests_on is None:
        return page.paragraph("Rests on nothing beyond the document.", indent=2)
    proof = entry.rests_on
    bounds = ", ".join(f"{name} {bound}" for name, bound in proof.bounds.items())
    entries = (
        ("Assumes", ", ".join(proof.assumptions)),
        ("Holds for every", ", ".join(proof.readings)),
        ("Bounds", bounds),
        ("Certificate", proof.certificate),
        *(("Note", note) for note in proof.notes),
    )
    lines = [line for name, text in entries if text for line in _labelled(name, text, page)]
    return lines or page.paragraph("Rests on nothing beyond the document.", indent=2)


def _labelled(label: str, text: str, page: Page) -> list[str]:
    return page.paragraph(f"{label}: {text}", indent=2, hanging=4)


def _each(texts: tuple[str, ...], page: Page, indent: int = 2) -> list[str]:
    return [line for text in texts for line in page.paragraph(f"- {text}", indent, indent + 2)]


def _rules(result: Result, page: Page, detail: Detail) -> list[str]:
    """Broken and open rules that no counterexample has shown; kept ones too where all is shown."""
    told = _rules_told(result.properties)
    shown = [
        rule
        for rule in result.rules
        if (rule.status in ("broken", "open") and rule.id not in told)
        or (rule.status != "not-applicable" and detail is Detail.VERBOSE)
    ]
    counts = [
        f"{len(matching)} {status}"
        for status in ("broken", "open", "advice", "kept", "not-applicable")
        if (matching := {rule.id for rule in result.rules if rule_status(rule) == status})
    ]
    if not counts:
        return []
    title = page.paint("Rules", Tone.STRONG) + f": {', '.join(counts)}"
    named_above = any(entry.id == "documented-rules" for entry in result.properties)
    lines = []
    for rule in shown:
        lines += _rule(rule, page)
        if not (named_above and rule.kind in BINDING):
            lines += name_lines([breach.finding for breach in rule.breaches], result, page, indent=6)
    return [title, *lines]


def _rules_told(properties: Sequence[PropertyResult]) -> frozenset[str]:
    """The rules that the counterexamples of these properties describe."""
    examples = (entry.counterexample for entry in properties)
    return frozenset(rule_id for each in examples if each is not None for rule_id in each.broken_rules)


def rule_status(rule: RuleStatus) -> str:
    """The status of a rule; a recommendation that is not followed is advice."""
    return "advice" if rule.kind == "REC" and rule.status == "broken" else rule.status


def _rule(rule: RuleStatus, page: Page) -> list[str]:
    objects = f" [{', '.join(rule.objects)}]" if rule.objects else ""
    message = f": {rule.message}" if rule.message not in ("", rule.status) else ""
    head = f"{rule.id} {rule.kind} {rule_status(rule)}"
    lines = page.paragraph(f"{head}{objects}{message}", indent=2, hanging=6)
    if rule.breaks_when:
        values = ", ".join(f"{path} = {value_text(value)}" for path, value in rule.breaks_when.items())
        lines += page.paragraph(f"broken when {values}", indent=6)
    return lines


def _warnings(result: Result, page: Page) -> list[str]:
    lines = _each(result.warnings, page)
    return [page.paint("Warnings", Tone.STRONG), *lines] if lines else []


def _not_checked(result: Result, page: Page) -> list[str]:
    lines = _each(tuple(f"{name}: {reason}" for name, reason in result.not_checked), page)
    return [page.paint("Not checked", Tone.STRONG), *lines] if lines else []
