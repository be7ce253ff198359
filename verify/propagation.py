"""The properties that come out of route propagation: no loops, no flapping."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verify import flapping, looping
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
from verify.problems import Problem, address_problems, convergence_problems
from verify.properties.catalogue import BY_ID
from verify.verdict import Counterexample, PropertyResult, Remedy, RestsOn, Verdict

if TYPE_CHECKING:
    from verify.solve import Backend


@dataclass(frozen=True)
class Method:
    """How a property is asked: its problems, its inquiry, and how a violation is confirmed."""

    problems: Callable[[Network], tuple[Problem, ...]]
    inquire: Callable[[Problem, Backend], Inquiry]
    confirm: Callable[[Problem, Configuration], Evidence | None]
    sure: Callable[[Problem, Configuration], bool]


METHODS: Mapping[str, Method] = {
    "no-routing-loops": Method(
        address_problems, looping.inquire, looping.find_loop, lambda _, __: True
    ),
    "no-route-flapping": Method(
        convergence_problems, flapping.inquire, flapping.find_flap, flapping.certainly_flaps
    ),
}


def judge(document: Document, property_id: str, backend: Callable[[], Backend]) -> PropertyResult:
    """The verdict on one property of a document.

    Raises NotReplayed or SolversDisagree on an internal error.
    """
    method = METHODS[property_id]
    doubt = _not_modelled(document)
    if doubt:
        return PropertyResult(property_id, Verdict.UNKNOWN, doubt)
    from verify.solve import LimitReached

    try:
        networks = routing.networks(document)
        solvers = backend()
        inquiries = [method.inquire(p, solvers) for network in networks for p in method.problems(network)]
        findings = explore(
            inquiries,
            lambda inquiry, found: method.confirm(inquiry.problem, found),
            lambda inquiry, found: method.sure(inquiry.problem, found),
        )
        return _judged(document, property_id, inquiries, findings)
    except (AmbiguousNames, TooManyStructures, UniverseTooLarge, LimitReached, Undecided) as limit:
        return PropertyResult(property_id, Verdict.UNKNOWN, str(limit))


def _not_modelled(document: Document) -> str:
    """Why a document cannot be decided at all, or ""."""
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
    empty = _vacuous(inquiries)
    if empty:
        return PropertyResult(property_id, Verdict.VACUOUS, empty)
    holds = BY_ID[property_id].holds
    return PropertyResult(property_id, Verdict.PROVED, holds, rests_on=_rests_on(document, inquiries))


def _vacuous(inquiries: list[Inquiry]) -> str:
    """Why there is nothing over which a property could hold, or ""."""
    if not inquiries:
        return "no table ever holds a route"
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
