"""The documented rules as results: a status for each rule, and the property `documented-rules`."""

from __future__ import annotations

from collections.abc import Iterator

from verify.models.choices import Role
from verify.models.open_announcements import open_entries
from verify.models.rulebook import RuleFinding, choices_of, review
from verify.models.rules.deciding import Choices, Search, remembering, satisfying
from verify.models.rules.rule import Finding
from verify.models.scenario import Document
from verify.naming import ADVICE, finding_name
from verify.properties import documented_rules, rule_changes
from verify.properties.documented_rules import Judgement, Outcome, Standing
from verify.verdict import (
    Counterexample,
    PropertyResult,
    Remedy,
    RestsOn,
    RuleBreach,
    RuleStatus,
    Verdict,
)

VERDICTS = {
    Outcome.KEPT: Verdict.PROVED,
    Outcome.DEPENDS: Verdict.CONDITIONAL,
    Outcome.BROKEN: Verdict.VIOLATED,
}


def judge_rules(
    document: Document, search: Search = satisfying
) -> tuple[tuple[RuleStatus, ...], PropertyResult]:
    """The status of every rule in rulebook order, and the verdict on the property.

    `search` decides conditions; the default is exact and needs no solver.
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
        proved_if=tuple(_remedies(document, reviewed, choices, search)),
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


def _remedies(
    document: Document, reviewed: tuple[RuleFinding, ...], choices: Choices, search: Search
) -> Iterator[tuple[Remedy, ...]]:
    """Pinned readings, then operator choices, then changes; each set once.

    Of the prefixes that an open announcement may be one will do.
    """
    offered: set[frozenset[tuple[str, object]]] = set()
    prefixes = {each.name for each in open_entries(document)}
    for role, who in ((Role.READING, "vendor"), (Role.OPEN, "operator")):
        for pinned in documented_rules.pins(reviewed, choices, role, search):
            offered.add(frozenset(pinned.items()))
            if prefixes.intersection(pinned):
                prefixes -= pinned.keys()
            elif any(each.name in pinned for each in open_entries(document)):
                continue
            yield tuple(Remedy(name, value, who) for name, value in pinned.items())
    for settings in rule_changes.change_sets(document, search):
        if frozenset((setting.path, setting.value) for setting in settings) not in offered:
            yield tuple(
                Remedy(s.path, s.value, "operator" if s.path in choices else "change") for s in settings
            )
