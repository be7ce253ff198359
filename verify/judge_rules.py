"""The documented rules as results: a status for each rule, and the property `documented-rules`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from verify.models.choices import Role
from verify.models.rulebook import RuleFinding, choices_of, review
from verify.models.rules.deciding import Choices, Search, remembering, satisfying
from verify.models.rules.rule import Finding
from verify.models.scenario import Document
from verify.naming import ADVICE, finding_name
from verify.properties import documented_rules, rule_changes
from verify.properties.documented_rules import Judgement, Outcome, Standing
from verify.remedies import proved_if, takes_out_of_service
from verify.verdict import (
    Counterexample,
    PropertyResult,
    Remedies,
    Remedy,
    RestsOn,
    RuleBreach,
    RuleStatus,
    Verdict,
)

if TYPE_CHECKING:
    from verify.solve import Backend

VERDICTS = {
    Outcome.KEPT: Verdict.PROVED,
    Outcome.DEPENDS: Verdict.CONDITIONAL,
    Outcome.BROKEN: Verdict.VIOLATED,
}


def judge_rules(
    document: Document, backend: Callable[[], Backend] | None = None, search: Search = satisfying
) -> tuple[tuple[RuleStatus, ...], PropertyResult]:
    """The status of every rule in rulebook order, and the verdict on the property.

    `search` decides conditions; the default is exact and needs no solver.  With a
    `backend` a breach comes with the sets under which no rule is broken.
    """
    search = remembering(search)
    reviewed, choices = review(document), choices_of(document)
    judgements = [documented_rules.judgement(each, choices, search) for each in reviewed]
    breaches = [tuple(_breaches(each, choices, search)) for each in reviewed]
    statuses = tuple(_status(*each) for each in zip(judgements, breaches, strict=True))
    outcome = documented_rules.outcome(reviewed, choices, search)
    warnings = tuple(documented_rules.advice(reviewed, choices, search))
    if outcome is Outcome.KEPT:
        return statuses, _proved(judgements, reviewed, choices, warnings)
    breach = documented_rules.breach(reviewed, choices, search)
    example = Counterexample(
        dict(breach.configuration), dict(breach.readings), broken_rules=breach.rules, replayed=breach.replayed
    )
    return statuses, PropertyResult(
        documented_rules.ID,
        VERDICTS[outcome],
        _summary(judgements, choices),
        kind="broken-rule",
        counterexample=example,
        remedies=None if backend is None else _remedies(document, search, backend()),
        warnings=warnings,
    )


def _breaches(reviewed: RuleFinding, choices: Choices, search: Search) -> Iterator[RuleBreach]:
    """Each group of objects that can break a rule; a second breach by the same group has a number."""
    rule, seen = reviewed.rule, set[str]()
    findings = reviewed.binding if rule.decides else reviewed.findings
    for finding in sorted(findings, key=lambda each: each.message):
        if search(finding.broken, choices) is None:
            continue
        verdict = str(_verdict(reviewed, finding, choices, search)) if rule.decides else ADVICE
        name = numbered = finding_name(rule.id, verdict, "", finding.objects)
        repeated = 1
        while numbered in seen:
            repeated += 1
            numbered = f"{name}#{repeated}"
        seen.add(numbered)
        yield RuleBreach(numbered, finding.objects, finding.message)


def _verdict(reviewed: RuleFinding, finding: Finding, choices: Choices, search: Search) -> Verdict:
    """What the property would be if there were this breach alone."""
    return VERDICTS[documented_rules.outcome([RuleFinding(reviewed.rule, (finding,))], choices, search)]


def _status(judged: Judgement, breaches: tuple[RuleBreach, ...]) -> RuleStatus:
    rule = judged.rule
    return RuleStatus(
        rule.id,
        judged.standing.value,
        rule.kind.value,
        judged.objects,
        judged.message,
        rule.source,
        dict(judged.breaks_when),
        breaches,
    )


def _proved(
    judgements: list[Judgement],
    reviewed: tuple[RuleFinding, ...],
    choices: Choices,
    warnings: tuple[str, ...],
) -> PropertyResult:
    applying = [j for j in judgements if j.rule.decides and j.standing is not Standing.NOT_APPLICABLE]
    mentioned = {name for each in documented_rules.deciding(reviewed) for name in each.broken.choices()}
    readings = tuple(sorted(name for name in mentioned if choices[name].role is Role.READING))
    count = "1 rule applies" if len(applying) == 1 else f"{len(applying)} rules apply"
    summary = f"{count}, and every one is kept" if applying else "no rule applies"
    return PropertyResult(
        documented_rules.ID,
        Verdict.PROVED,
        summary,
        rests_on=RestsOn(readings=readings, certificate="rules evaluated for every open value"),
        warnings=warnings,
    )


def _summary(judgements: list[Judgement], choices: Choices) -> str:
    deciding = [j for j in judgements if j.rule.decides]
    broken = [j.rule.id for j in deciding if j.standing is Standing.BROKEN]
    opened = [j.rule.id for j in deciding if j.standing is Standing.OPEN]
    needed = {name for j in deciding if j.standing is Standing.OPEN for name in j.breaks_when}
    readings = any(choices[name].role is Role.READING for name in needed)
    parts = [f"{_listed(broken)} broken"] if broken else []
    if opened:
        of_what = "readings or open values" if readings else "open values"
        parts.append(f"{_listed(opened)} broken for some {of_what}")
    first = next(j for j in deciding if j.standing in (Standing.BROKEN, Standing.OPEN))
    return f"{'; '.join(parts)}: {first.message}"


def _listed(ids: list[str]) -> str:
    names = ids[0] if len(ids) == 1 else f"{', '.join(ids[:-1])} and {ids[-1]}"
    return f"{names} {'is' if len(ids) == 1 else 'are'}"


def _remedies(document: Document, search: Search, backend: Backend) -> Remedies:
    """Minimal sets under which no rule can be broken; then what the rules offer beyond that."""
    known = proved_if(document, documented_rules.ID, backend, 0)
    sets = list(known.sets)
    for settings in rule_changes.change_sets(document, search):
        values = {(setting.path, setting.value) for setting in settings}
        if not any({(r.set, r.to) for r in found} <= values for found in sets):
            sets.append(tuple(Remedy(setting.path, setting.value, "change") for setting in settings))
    return replace(known, sets=tuple(sorted(sets, key=takes_out_of_service)))
