"""The properties that come out of route propagation: no loops, no flapping, traffic that arrives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from verify import vacuity
from verify.announced import announced
from verify.asking import questions
from verify.inquiry import Inquiry, SolverInquiry, Undecided
from verify.judge import Findings, Violation, explore, needed_choices
from verify.models.assumptions import ASSUMPTIONS
from verify.models.choices import Role, possible
from verify.models.condition import Value
from verify.models.open_announcements import impossible, unbounded
from verify.models.opening import all_choices
from verify.models.routing import AmbiguousNames, TooManyStructures
from verify.models.scenario import Document
from verify.models.universe import UniverseTooLarge
from verify.properties.catalogue import BY_ID
from verify.remedies import proved_if
from verify.smallest import Violations
from verify.verdict import Counterexample, PropertyResult, RestsOn, Verdict

if TYPE_CHECKING:
    from verify.solve import Backend


BOUNDS = (AmbiguousNames, TooManyStructures, UniverseTooLarge)
DEPARTURES = ("failures", "open_values", "readings", "announced", "withdrawn")
DOUBTS: Mapping[type[Exception], str] = {
    AmbiguousNames: "ambiguous-names",
    TooManyStructures: "too-many-structures",
    UniverseTooLarge: "too-many-routes",
    Undecided: "no-run-found",
}
NOTHING_FAILS = "nothing of the kinds in may_fail is there, so that nothing fails"


@dataclass(frozen=True, slots=True)
class Extent:
    """What a result says beyond the verdict: what would make it proved, and how many counterexamples."""

    remedies: bool = True
    counterexamples: int = 1


def judge(
    document: Document, property_id: str, backend: Callable[[], Backend], extent: Extent = Extent()
) -> PropertyResult:
    """The verdict on one property of a document, with its evidence.

    Raises NotReplayed or SolversDisagree on an internal error.
    """
    empty = impossible(document)
    if empty:
        return PropertyResult(property_id, Verdict.VACUOUS, empty)
    from verify.solve import LimitReached

    try:
        solvers = backend()
        asked = questions(document, property_id, solvers)
        by_inquiry = {id(each.inquiry): each for each in asked}
        inquiries = [each.inquiry for each in asked]
        violations = Violations(
            inquiries,
            lambda inquiry, found: by_inquiry[id(inquiry)].confirm(found),
            lambda inquiry, found: by_inquiry[id(inquiry)].sure(found),
        )
        findings = explore(inquiries, violations.confirm, violations.sure)
        if findings.violation is not None:
            findings.violation = violations.smallest(findings.violation)
        result = _judged(document, property_id, inquiries, findings)
        if result.counterexample is not None and findings.violation is not None:
            others = violations.others(findings.violation, extent.counterexamples - 1)
            result = replace(result, further=tuple(_counterexample(document, each) for each in others))
        if extent.remedies:
            result = _with_remedies(document, result, inquiries, solvers)
        search = vacuity.Search(property_id, [(each.inquiry, each.run) for each in asked], solvers)
        return _bounded(document, _with_example(document, result, search))
    except (*BOUNDS, LimitReached, Undecided) as limit:
        kind = DOUBTS.get(type(limit), "solver-limit")
        return PropertyResult(property_id, Verdict.UNKNOWN, str(limit), kind=kind)


def _with_remedies(
    document: Document, result: PropertyResult, inquiries: list[Inquiry], solvers: Backend
) -> PropertyResult:
    """What is not proved, with the sets under which it would be."""
    if result.verdict is Verdict.PROVED:
        return result
    sizes = (each.question.size() for each in inquiries if isinstance(each, SolverInquiry))
    return replace(result, remedies=proved_if(document, result.id, solvers, sum(sizes)))


def _with_example(document: Document, result: PropertyResult, search: vacuity.Search) -> PropertyResult:
    """A proof with an example of what it is about, or the verdict that there is none."""
    if result.verdict is not Verdict.PROVED:
        return result
    found = search.found()
    if isinstance(found, str):
        return PropertyResult(result.id, Verdict.VACUOUS, found)
    return replace(result, example=vacuity.example(document, found))


def _bounded(document: Document, result: PropertyResult) -> PropertyResult:
    """The result, unless it claims a proof that does not cover all sets of open prefixes."""
    doubt = unbounded(document)
    if doubt and result.verdict in (Verdict.PROVED, Verdict.CONDITIONAL):
        return PropertyResult(result.id, Verdict.UNKNOWN, doubt, kind="open-announcements")
    return result


def _judged(
    document: Document, property_id: str, inquiries: list[Inquiry], findings: Findings
) -> PropertyResult:
    violation = findings.violation
    if violation is not None and (findings.safe or findings.empty):
        return _failed(document, (property_id, Verdict.CONDITIONAL), violation)
    if violation is not None and findings.complete and not findings.undecided:
        return _failed(document, (property_id, Verdict.VIOLATED), violation)
    if violation is not None or findings.undecided or not findings.complete:
        reason = (*findings.undecided, "not all combinations of readings could be decided")[0]
        kind = "no-run-found" if findings.undecided else "too-many-readings"
        return PropertyResult(property_id, Verdict.UNKNOWN, reason, kind=kind)
    holds = BY_ID[property_id].holds
    return PropertyResult(property_id, Verdict.PROVED, holds, rests_on=_rests_on(document, inquiries))


def _failed(document: Document, result: tuple[str, Verdict], violation: Violation) -> PropertyResult:
    property_id, verdict = result
    return PropertyResult(
        property_id,
        verdict,
        violation.evidence.summary,
        kind=violation.evidence.kind,
        counterexample=_counterexample(document, violation),
    )


def _counterexample(document: Document, violation: Violation) -> Counterexample:
    configuration = violation.configuration
    by_role: dict[Role, dict[str, Value]] = {role: {} for role in Role}
    for name, choice in violation.inquiry.choices.items():
        by_role[choice.role][name] = configuration[name]
    parts = dict(violation.evidence.parts)
    unspecified = tuple(
        _unspecified(name, value)
        for name, value in by_role[Role.ORDER].items()
        if not name.startswith("order:") and value != violation.inquiry.choices[name].default
    )
    decided = needed_choices(violation)
    needed = {
        **decided[Role.OPEN],
        **announced(document, violation.inquiry, configuration),
    }
    return Counterexample(
        configuration=needed,
        readings=decided[Role.READING],
        failures=tuple(n.partition(":")[2] for n, v in by_role[Role.FAILURE].items() if v),
        withdrawn=tuple(n.partition(":")[2] for n, v in by_role[Role.EVENT].items() if not v),
        orders=(*parts.pop("orders", ()), *unspecified),
        any_value=tuple(choice.name for choice in all_choices(document) if choice.name not in needed),
        departures=dict(zip(DEPARTURES, violation.counts, strict=False)),
        smallest=violation.smallest,
        kind=violation.evidence.kind,
        summary=violation.evidence.summary,
        replayed=True,
        **parts,
    )


def _unspecified(name: str, value: Value) -> str:
    kind, _, rest = name.partition(":")
    return {
        "inactive": f"a conflicting route does not take effect: {rest}",
        "kept": f"above the quota, a route is not kept: {rest}",
        "aggregate": f"{rest.removesuffix('.aggregate')} only sums up longer prefixes",
        "many": rest,
        "policy": f"of several policy-based routes that of {value} decides: {rest}",
        "static": f"the destination-based route leads over {value}: {rest}",
        "vbr_rank": f"{rest} ranks routes of its VBR {value} among dynamic routes",
    }.get(kind, f"{name} = {value}")


def _rests_on(document: Document, inquiries: list[Inquiry]) -> RestsOn:
    readings = dict.fromkeys(
        name
        for inquiry in inquiries
        for name, choice in inquiry.choices.items()
        if choice.role is Role.READING
    )
    bounds = {"max_failures": max(int(v) for v in possible(document.environment.max_failures))}
    for choice in all_choices(document):
        kind = choice.name.rpartition(".")[2]
        if kind in ("allowas_in", "prepend"):
            bounds[kind] = max(bounds.get(kind, 0), *(int(value) for value in choice.values))
    certificates = dict.fromkeys(inquiry.certificate() for inquiry in inquiries)
    return RestsOn(
        assumptions=tuple(assumption.id for assumption in ASSUMPTIONS),
        readings=tuple(readings),
        bounds=bounds,
        certificate="; ".join(certificates),
        notes=(NOTHING_FAILS,) if bounds["max_failures"] > 0 and not _can_fail(inquiries) else (),
    )


def _can_fail(inquiries: list[Inquiry]) -> bool:
    choices = (choice for inquiry in inquiries for choice in inquiry.problem.network.choices.values())
    return any(choice.role is Role.FAILURE for choice in choices)
