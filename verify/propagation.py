"""The properties that come out of route propagation: no loops, no flapping, traffic that arrives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from verify import carrying, delivery, flapping, looping, traffic, vacuity
from verify.announced import announced, with_networks
from verify.carrying import Run
from verify.inquiry import Evidence, Inquiry, Undecided
from verify.judge import Findings, Violation, explore, needed_choices, safe_choices
from verify.models.assumptions import ASSUMPTIONS
from verify.models.choices import Choice, Role, possible
from verify.models.condition import Value
from verify.models.network import Configuration, Network
from verify.models.open_announcements import impossible, unbounded
from verify.models.opening import all_choices
from verify.models.routing import AmbiguousNames, TooManyStructures
from verify.models.scenario import Document
from verify.models.universe import UniverseTooLarge
from verify.problems import address_problems, convergence_problems
from verify.properties.catalogue import BY_ID
from verify.verdict import Counterexample, PropertyResult, Remedy, RestsOn, Verdict

if TYPE_CHECKING:
    from verify.solve import Backend


BOUNDS = (AmbiguousNames, TooManyStructures, UniverseTooLarge)
DOUBTS: Mapping[type[Exception], str] = {
    AmbiguousNames: "ambiguous-names",
    TooManyStructures: "too-many-structures",
    UniverseTooLarge: "too-many-routes",
    Undecided: "no-run-found",
}
NOTHING_FAILS = "nothing of the kinds in may_fail is there, so that nothing fails"


class Asked(NamedTuple):
    """An inquiry, how its answers are confirmed, and what an example for a proof has to show.

    `sure` says whether an answer is known to be a violation without being confirmed.
    """

    inquiry: Inquiry
    confirm: Callable[[Configuration], Evidence | None]
    run: Run
    sure: Callable[[Configuration], bool] = lambda _: True


def _loops(_: Document, network: Network, backend: Backend) -> Iterator[Asked]:
    for problem in address_problems(network):
        inquiry = looping.inquire(problem, backend)
        yield Asked(inquiry, partial(looping.find_loop, problem), carrying.forwarding(problem))


def _flaps(_: Document, network: Network, backend: Backend) -> Iterator[Asked]:
    for problem in convergence_problems(network):
        inquiry = flapping.inquire(problem, backend)
        yield Asked(
            inquiry,
            partial(flapping.find_flap, problem),
            carrying.learning(problem),
            partial(flapping.certainly_flaps, problem),
        )


def _failures(document: Document, network: Network, backend: Backend) -> Iterator[Asked]:
    for task in traffic.tasks(document, network, forbidden=False):
        inquiry = delivery.inquire(task, backend)
        yield Asked(inquiry, partial(delivery.find_failure, task), carrying.traffic(task))


def _leaks(document: Document, network: Network, backend: Backend) -> Iterator[Asked]:
    for task in traffic.tasks(document, network, forbidden=True):
        inquiry = delivery.inquire(task, backend)
        yield Asked(inquiry, partial(delivery.find_failure, task), carrying.traffic(task))


METHODS: Mapping[str, Callable[[Document, Network, Backend], Iterator[Asked]]] = {
    "no-routing-loops": _loops,
    "no-route-flapping": _flaps,
    "no-ineffective-routes": _failures,
    "isolation": _leaks,
}


def judge(document: Document, property_id: str, backend: Callable[[], Backend]) -> PropertyResult:
    """The verdict on one property of a document.

    Raises NotReplayed or SolversDisagree on an internal error.
    """
    ask = METHODS[property_id]
    empty = impossible(document)
    if empty:
        return PropertyResult(property_id, Verdict.VACUOUS, empty)
    from verify.solve import LimitReached

    try:
        candidates, networks = with_networks(document)
        solvers = backend()
        asked = [each for network in networks for each in ask(candidates, network, solvers)]
        by_inquiry = {id(each.inquiry): each for each in asked}
        inquiries = [each.inquiry for each in asked]
        findings = explore(
            inquiries,
            lambda inquiry, found: by_inquiry[id(inquiry)].confirm(found),
            lambda inquiry, found: by_inquiry[id(inquiry)].sure(found),
        )
        result = _judged(document, property_id, inquiries, findings)
        search = vacuity.Search(property_id, [(each.inquiry, each.run) for each in asked], solvers)
        return _bounded(document, _with_example(document, result, search))
    except (*BOUNDS, LimitReached, Undecided) as limit:
        kind = DOUBTS.get(type(limit), "solver-limit")
        return PropertyResult(property_id, Verdict.UNKNOWN, str(limit), kind=kind)


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
        return _failed(document, (property_id, Verdict.CONDITIONAL), violation, inquiries, findings)
    if violation is not None and findings.complete and not findings.undecided:
        return _failed(document, (property_id, Verdict.VIOLATED), violation, inquiries, findings)
    if violation is not None or findings.undecided or not findings.complete:
        reason = (*findings.undecided, "not all combinations of readings could be decided")[0]
        kind = "no-run-found" if findings.undecided else "too-many-readings"
        return PropertyResult(property_id, Verdict.UNKNOWN, reason, kind=kind)
    holds = BY_ID[property_id].holds
    return PropertyResult(property_id, Verdict.PROVED, holds, rests_on=_rests_on(document, inquiries))


def _failed(
    document: Document,
    result: tuple[str, Verdict],
    violation: Violation,
    inquiries: list[Inquiry],
    findings: Findings,
) -> PropertyResult:
    property_id, verdict = result
    return PropertyResult(
        property_id,
        verdict,
        violation.evidence.summary,
        kind=violation.evidence.kind,
        counterexample=_counterexample(document, violation),
        proved_if=_proved_if(inquiries, findings),
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
    return Counterexample(
        configuration={
            **needed_choices(violation, Role.OPEN),
            **announced(document, violation.inquiry, configuration),
        },
        readings=dict(violation.readings),
        failures=tuple(n.partition(":")[2] for n, v in by_role[Role.FAILURE].items() if v),
        withdrawn=tuple(n.partition(":")[2] for n, v in by_role[Role.EVENT].items() if not v),
        orders=(*parts.pop("orders", ()), *unspecified),
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


def _proved_if(inquiries: list[Inquiry], findings: Findings) -> tuple[tuple[Remedy, ...], ...]:
    found = [
        tuple(Remedy(name, value, "vendor") for name, value in cube.items()) for cube in findings.safe if cube
    ]
    found += [(_operator(choice, value),) for choice, value in safe_choices(inquiries)]
    return tuple(found)


def _operator(choice: Choice, value: Value) -> Remedy:
    return Remedy(choice.name, value, "operator")


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
