"""The head of the report: the answer in the first line, then each verdict with its scope."""

from __future__ import annotations

from collections.abc import Iterator

from verify.load import Loaded
from verify.models.assumptions import ASSUMPTIONS
from verify.models.scenario import Document
from verify.render.accepted import mark
from verify.render.html.markup import Child, Markup, about, anchor, code, joined, tag
from verify.render.text import compared_text
from verify.verdict import PropertyResult, Result, StaleAcceptance, Verdict

SIGNS = {
    Verdict.PROVED: "✓",
    Verdict.VIOLATED: "✗",
    Verdict.CONDITIONAL: "◐",
    Verdict.UNKNOWN: "?",
    Verdict.VACUOUS: "∅",
}
RULES = "documented-rules"


def headline(result: Result) -> Markup:
    """The name of the design and the worst verdict."""
    words = tag(
        "span", f"{result.verdict.upper()}{compared_text(result)}", class_=f"verdict {result.verdict}"
    )
    return tag("h1", tag("bdi", result.name), ": ", words)


def badge(verdict: Verdict) -> Markup:
    """A verdict in its colour, with a sign that tells it without."""
    sign = tag("span", f"{SIGNS[verdict]} ", aria_hidden="true")
    return tag("span", sign, about(str(verdict), verdict.upper()), class_=f"badge {verdict}")


def verdicts(result: Result, loaded: Loaded) -> Markup:
    """A line for each property: its verdict, what was found, and what that covers."""
    entries = [_entry(entry, result, loaded.document) for entry in result.properties]
    entries += [_stale(each) for each in result.stale]
    missing = [
        tag("li", tag("p", about(name), ": not checked; ", why), class_="not-checked")
        for name, why in result.not_checked
    ]
    return tag("ul", *entries, *missing, class_="verdicts")


def _entry(entry: PropertyResult, result: Result, document: Document) -> Markup:
    return tag(
        "li",
        tag(
            "p", badge(entry.verdict), " ", tag("a", entry.id, href=f"#{anchor(entry.id)}", class_="property")
        ),
        tag("p", mark(entry, result), entry.summary, class_="found"),
        tag("p", tag("strong", "Scope: "), scope(entry, document), class_="scope"),
        class_=f"of-{entry.verdict}",
    )


def _stale(stale: StaleAcceptance) -> Markup:
    """An acceptance that does not hold, in the place of a verdict."""
    word = tag("span", about("accept", f"ACCEPTANCE {stale.problem.upper()}"), class_="badge violated")
    told = tag("p", code(stale.acceptance.finding), ": ", stale.message, class_="found")
    return tag("li", tag("p", word), told, class_="of-violated")


def scope(entry: PropertyResult, document: Document) -> Markup:
    """What a verdict covers: all of it for a proof, one replayed run for a violation."""
    if entry.verdict is Verdict.PROVED:
        return _proved(entry, document)
    if entry.verdict in (Verdict.VIOLATED, Verdict.CONDITIONAL):
        if entry.id == RULES:
            open_values = entry.counterexample is not None and bool(entry.counterexample.configuration)
            where = "some open values of the design" if open_values else "the design as it is written"
            return joined((where, _needing(entry)))
        return joined(("one concrete run, replayed by the simulator", _needing(entry)))
    return joined(("nothing is claimed: ", tag("a", "why", href=f"#{anchor(entry.id)}")))


def _needing(entry: PropertyResult) -> Markup:
    """The readings that a violation needs; none where it happens whatever they are."""
    needed = entry.counterexample.readings if entry.counterexample else {}
    if entry.verdict is Verdict.VIOLATED:
        return joined((", whatever the readings",))
    return joined((", needs the readings ", listed([about(name) for name in needed])) if needed else ())


def _proved(entry: PropertyResult, document: Document) -> Markup:
    if entry.id == RULES:
        return joined(("every open value of the design",))
    proof = entry.rests_on
    bounds = dict(proof.bounds) if proof else {}
    failures = bounds.pop("max_failures", document.environment.max_failures)
    parts: list[Child] = ["every open value, schedule and order of neighbours", *_events(document, failures)]
    if proof and proof.readings:
        parts.append(joined(("every value of ", listed([about(name) for name in proof.readings]))))
    parts += [f"{name} {bound}" for name, bound in bounds.items()]
    if proof and proof.assumptions:
        every = {each.id for each in ASSUMPTIONS} == set(proof.assumptions)
        words = "the assumptions " if len(proof.assumptions) > 1 else "the assumption "
        named = listed([about(name) for name in proof.assumptions])
        parts.append(joined(("under ", "all of " if every else None, words, named)))
    return joined(parts, "; ")


def _events(document: Document, failures: int) -> Iterator[str]:
    withdrawn = document.environment.withdrawals
    yield "any routes withdrawn" if withdrawn else "no route withdrawn"
    if failures:
        kinds = ", ".join(document.environment.may_fail)
        yield f"at most {failures} failure{'s' if failures > 1 else ''} at once of: {kinds}"
    else:
        yield "no failures"


def listed(parts: list[Markup]) -> Markup:
    """Parts with commas between them."""
    return joined(parts, ", ")


def facts(result: Result, document: Document) -> Markup:
    """What the scenario says of itself, and which bytes were checked."""
    pairs: list[tuple[str, Child]] = [
        ("About", document.description),
        ("From", document.source),
        ("Scenario, SHA-256", code(result.sha256)),
    ]
    found = [tag("div", tag("dt", name), tag("dd", value)) for name, value in pairs if value]
    return tag("dl", *found, class_="facts")
