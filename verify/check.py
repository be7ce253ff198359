"""The whole journey: document, problems, questions, verdicts, results.

`check` is what the command line, the pytest plugin and programs call.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from verify import propagation
from verify.acceptance import settled
from verify.judge_rules import judge_rules
from verify.load import Loaded
from verify.models.choices import possible
from verify.models.condition import Value
from verify.models.intents import demands
from verify.models.open_announcements import with_candidates
from verify.models.opening import with_assumptions
from verify.models.ordered import in_order
from verify.models.pinned_announcements import concrete
from verify.models.scenario import Document
from verify.naming import name_of
from verify.verdict import (
    Acceptance,
    Counterexample,
    Expectation,
    PropertyResult,
    Result,
    RuleStatus,
    Shown,
    Verdict,
)

if TYPE_CHECKING:
    from verify.solve import Backend

WORST_FIRST = (Verdict.VIOLATED, Verdict.CONDITIONAL, Verdict.UNKNOWN, Verdict.VACUOUS, Verdict.PROVED)
BY_DEFAULT = ("documented-rules", "no-routing-loops", "no-route-flapping", "no-ineffective-routes")
WHERE_IT_APPLIES = {
    "no-ineffective-routes": "checked where there is traffic that is meant to arrive",
    "isolation": "checked where the scenario has intents that are not allowed",
}


@dataclass(frozen=True)
class CheckOptions:
    """What to check and how; the defaults are those of the command line.

    `properties` empty: all that apply.  `timeout` is in seconds for each solver call.
    Without `remedies` nobody asks under what else a property would be proved.  At most
    `max_counterexamples` of each property are shown, each of another kind.
    `accept` are accepted risks beside those of the scenario, and `today` is the day on
    which they are looked at: the present one in UTC if it is None.
    """

    properties: tuple[str, ...] = ()
    assume: Mapping[str, Value | tuple[str, ...]] = field(default_factory=dict)
    max_failures: int | None = None
    solvers: tuple[str, ...] = ("z3",)
    rlimit: int | None = None
    timeout: float | None = None
    remedies: bool = True
    max_counterexamples: int = 1
    progress: Callable[[str], None] | None = None
    accept: tuple[Acceptance, ...] = ()
    today: date | None = None


def check(loaded: Loaded, options: CheckOptions | None = None) -> Result:
    """Check one loaded scenario.

    Raises `Misfit` for assumptions that do not fit, `SolverMissing`, and for
    internal errors `SolversDisagree` and `NotReplayed`.
    """
    wanted = options or CheckOptions()
    document = in_order(under(loaded.document, wanted))
    rules, rules_result = judge_rules(document, backend_of(wanted) if wanted.remedies else None)
    extent = propagation.Extent(wanted.remedies, wanted.max_counterexamples)
    results: list[PropertyResult] = []
    asked = _asked(document, wanted)
    for property_id in asked:
        if wanted.progress is not None:
            wanted.progress(property_id)
        if property_id == "documented-rules":
            results.append(rules_result)
        else:
            results.append(propagation.judge(document, property_id, backend_of(wanted), extent))
    result = _result(loaded, wanted, rules, _with_notes(results))
    return settled(result, (*loaded.accepted, *wanted.accept), wanted.properties, wanted.today)


def _with_notes(results: list[PropertyResult]) -> tuple[PropertyResult, ...]:
    """What holds in all stable states says nothing of choices that have none; a proof says so."""
    unsettled = any(r.kind == "no-stable-state" for r in results)
    note = "some choices have no stable state at all (see no-route-flapping); this is about the others"
    return tuple(
        replace(r, rests_on=replace(r.rests_on, notes=(*r.rests_on.notes, note)))
        if unsettled and r.id == "no-routing-loops" and r.rests_on is not None
        else r
        for r in results
    )


def under(document: Document, options: CheckOptions) -> Document:
    """The document under the assumptions of the options."""
    assumptions: dict[str, Value | tuple[str, ...]] = dict(options.assume)
    if options.max_failures is not None:
        assumptions["max_failures"] = options.max_failures
    return with_assumptions(document, assumptions) if assumptions else document


def _asked(document: Document, options: CheckOptions) -> tuple[str, ...]:
    """The properties to check: those asked for, else the default ones and what the document speaks of."""
    if options.properties:
        return tuple(dict.fromkeys(options.properties))
    allowed = {value for demand in demands(with_candidates(document)) for value in possible(demand.allowed)}
    found = [name for name in BY_DEFAULT if name not in WHERE_IT_APPLIES or True in allowed]
    if False in allowed:
        found.append("isolation")
    found += [name for name in document.expect if name not in found]
    return tuple(found)


def backend_of(options: CheckOptions) -> Callable[[], Backend]:
    """The solvers, loaded when they are first needed."""

    def backend() -> Backend:
        from verify.solve import Backend, Limits

        chosen = Backend(options.solvers, Limits(options.rlimit, options.timeout))
        chosen.check_installed()
        return chosen

    return backend


def _result(
    loaded: Loaded, options: CheckOptions, rules: tuple[RuleStatus, ...], results: tuple[PropertyResult, ...]
) -> Result:
    document = loaded.document
    verdicts = {result.verdict for result in results}
    found = {result.id: str(result.verdict) for result in results}
    expectations: tuple[Expectation, ...] = ()
    if document.expect:
        expectations = tuple(
            Expectation(
                name, document.expect.get(name, str(Verdict.PROVED)), verdict, name in document.expect
            )
            for name, verdict in found.items()
        )
    left_out = {} if options.properties else WHERE_IT_APPLIES
    return Result(
        name=document.name or loaded.file,
        sha256=loaded.sha256,
        verdict=next((v for v in WORST_FIRST if v in verdicts), Verdict.VACUOUS),
        rules=rules,
        properties=tuple(replace(_with_rules(document, each), finding=name_of(each)) for each in results),
        not_checked=tuple((name, why) for name, why in left_out.items() if name not in found),
        warnings=loaded.warnings,
        expectations=expectations,
        positions=loaded.positions,
    )


def _with_rules(document: Document, result: PropertyResult) -> PropertyResult:
    """The result, where each counterexample names the binding rules that its configuration breaks."""
    first = result.counterexample
    if first is None:
        return result
    further = tuple(_breaking(document, each) for each in result.further)
    return replace(result, counterexample=_breaking(document, first), further=further)


def _breaking(document: Document, example: Counterexample) -> Counterexample:
    if example.broken_rules:
        return example
    from verify.models.network import Configuration
    from verify.models.rulebook import choices_of, review

    document = concrete(document, example.configuration)
    choices = choices_of(document)
    values: dict[str, Shown] = {**example.configuration, **example.readings}
    configuration = Configuration(
        {n: v for n, v in values.items() if n in choices and not isinstance(v, tuple)}, choices
    )
    broken = [
        reviewed.rule.id
        for reviewed in review(document)
        if reviewed.rule.decides and reviewed.broken.holds(configuration)
    ]
    return replace(example, broken_rules=tuple(broken))
