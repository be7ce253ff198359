"""The properties that come out of route propagation: no loops, no flapping, traffic that arrives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from verify import delivery, flapping, looping
from verify.inquiry import Evidence, Inquiry, Undecided
from verify.judge import Findings, Violation, explore, is_settled, needed_choices, safe_choices
from verify.models import routing
from verify.models.assumptions import ASSUMPTIONS
from verify.models.choices import Choice, Role, possible
from verify.models.condition import Value
from verify.models.network import Configuration, Network
from verify.models.opening import all_choices
from verify.models.routing import AmbiguousNames, TooManyStructures
from verify.models.scenario import Document, OpenPrefix
from verify.models.universe import UniverseTooLarge
from verify.problems import address_problems, convergence_problems
from verify.properties.catalogue import BY_ID
from verify.verdict import Counterexample, PropertyResult, Remedy, RestsOn, Verdict

if TYPE_CHECKING:
    from verify.solve import Backend


BOUNDS = (AmbiguousNames, TooManyStructures, UniverseTooLarge)


class Asked(NamedTuple):
    """An inquiry, how its answers are confirmed, and whether one is known to be a violation without that."""

    inquiry: Inquiry
    confirm: Callable[[Configuration], Evidence | None]
    sure: Callable[[Configuration], bool] = lambda _: True


def _loops(_: Document, network: Network, backend: Backend) -> Iterator[Asked]:
    for problem in address_problems(network):
        yield Asked(looping.inquire(problem, backend), partial(looping.find_loop, problem))


def _flaps(_: Document, network: Network, backend: Backend) -> Iterator[Asked]:
    for problem in convergence_problems(network):
        inquiry = flapping.inquire(problem, backend)
        yield Asked(
            inquiry, partial(flapping.find_flap, problem), partial(flapping.certainly_flaps, problem)
        )


def _failures(document: Document, network: Network, backend: Backend) -> Iterator[Asked]:
    for task in delivery.tasks(document, network, forbidden=False):
        yield Asked(delivery.inquire(task, backend), partial(delivery.find_failure, task))


def _leaks(document: Document, network: Network, backend: Backend) -> Iterator[Asked]:
    for task in delivery.tasks(document, network, forbidden=True):
        yield Asked(delivery.inquire(task, backend), partial(delivery.find_failure, task))


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
    doubt = _not_modelled(document, property_id)
    if doubt:
        return PropertyResult(property_id, Verdict.UNKNOWN, doubt)
    from verify.solve import LimitReached

    try:
        networks = routing.networks(document)
        solvers = backend()
        asked = [each for network in networks for each in ask(document, network, solvers)]
        by_inquiry = {id(each.inquiry): each for each in asked}
        inquiries = [each.inquiry for each in asked]
        findings = explore(
            inquiries,
            lambda inquiry, found: by_inquiry[id(inquiry)].confirm(found),
            lambda inquiry, found: by_inquiry[id(inquiry)].sure(found),
        )
        return _judged(document, property_id, inquiries, findings)
    except (*BOUNDS, LimitReached, Undecided) as limit:
        return PropertyResult(property_id, Verdict.UNKNOWN, str(limit))


def _not_modelled(document: Document, property_id: str) -> str:
    """Why a document cannot be decided at all, or ""."""
    traffic = property_id in ("no-ineffective-routes", "isolation")
    if traffic and any(c.routing_mode != "destination" for c in document.ipsec_connections):
        return "the policy-based routes of protected data flows are not modelled yet"
    if any(isinstance(prefix, OpenPrefix) for site in document.data_centers for prefix in site.prefixes):
        return "open announcements (within, length, count) are not modelled yet"
    return ""


def _judged(
    document: Document, property_id: str, inquiries: list[Inquiry], findings: Findings
) -> PropertyResult:
    violation = findings.violation
    if violation is not None and (findings.safe or findings.empty):
        return _failed(property_id, Verdict.CONDITIONAL, violation, inquiries, findings)
    if violation is not None and findings.complete and not findings.undecided:
        return _failed(property_id, Verdict.VIOLATED, violation, inquiries, findings)
    if violation is not None or findings.undecided or not findings.complete:
        reason = (*findings.undecided, "not all combinations of readings could be decided")[0]
        return PropertyResult(property_id, Verdict.UNKNOWN, reason)
    empty = _vacuous(property_id, inquiries)
    if empty:
        return PropertyResult(property_id, Verdict.VACUOUS, empty)
    holds = BY_ID[property_id].holds
    return PropertyResult(property_id, Verdict.PROVED, holds, rests_on=_rests_on(document, inquiries))


NOTHING = {
    "no-routing-loops": "no table ever holds a route",
    "no-route-flapping": "no table ever holds a route",
    "no-ineffective-routes": "there is no traffic that is meant to arrive",
    "isolation": "there is no traffic that is forbidden",
}


def _vacuous(property_id: str, inquiries: list[Inquiry]) -> str:
    """Why there is nothing over which a property could hold, or ""."""
    if not inquiries:
        return NOTHING[property_id]
    if is_settled(inquiries, {}):
        return ""
    unstable = (i.problem.covering[0] for i in inquiries if not i.has_stable_state({}))
    return f"no choice gives {next(unstable)} a stable state, so nothing is said by what holds in all of them"


def _failed(
    property_id: str, verdict: Verdict, violation: Violation, inquiries: list[Inquiry], findings: Findings
) -> PropertyResult:
    return PropertyResult(
        property_id,
        verdict,
        violation.evidence.summary,
        kind=violation.evidence.kind,
        counterexample=_counterexample(violation),
        proved_if=_proved_if(inquiries, findings),
    )


def _counterexample(violation: Violation) -> Counterexample:
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
        configuration=needed_choices(violation, Role.OPEN),
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
    )
