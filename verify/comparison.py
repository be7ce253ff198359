"""What a change of a design does: two documents, checked and compared.

A property gets worse when its verdict does: from worst to best these are violated,
unknown (which may hide a violation), conditional, vacuous and proved.  A property that
a document asks nothing of counts like one that is proved.  A rule gets worse when it is
broken and was not, when it is broken for some open values and was for none, or when
further objects break it; recommendations never count, as they change no verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from verify.check import CheckOptions, check
from verify.compared import Compared, Comparison, PropertyChange, RuleChange, Trend
from verify.models.condition import Value
from verify.models.domain import OpenValue
from verify.models.opening import MAX_FAILURES, opened, with_assumptions
from verify.models.paths import Spot, transformed
from verify.models.scenario import PROPERTIES, Document
from verify.models.values import Misfit
from verify.moved import moves
from verify.route_changes import RouteChanges, route_changes
from verify.verdict import PropertyResult, Result, RuleStatus, Verdict

if TYPE_CHECKING:
    from verify.load import Loaded
    from verify.solve import Backend

Assumed = Mapping[str, "Value | tuple[str, ...]"]
BEST_FIRST = (Verdict.PROVED, Verdict.VACUOUS, Verdict.CONDITIONAL, Verdict.UNKNOWN, Verdict.VIOLATED)
RULES_BEST_FIRST = (("kept", "not-applicable"), ("open",), ("broken",))


def compare(old: Loaded, new: Loaded, options: CheckOptions | None = None) -> Comparison:
    """What the change from one loaded scenario to another does.

    An assumption holds in each document that has a place for it.  Raises `Misfit` for
    one that neither has, and what `check` raises.
    """
    wanted = options or CheckOptions()
    fits = fitting(old.document, wanted.assume), fitting(new.document, wanted.assume)
    for key, value in wanted.assume.items():
        if not any(key in assume for assume in fits):
            with_assumptions(new.document, {key: value})
    chosen = [replace(wanted, assume=assume, remedies=False) for assume in fits]
    before, after = check(old, chosen[0]), check(new, chosen[1])
    routes = _routes((old, new), fits, wanted)
    warnings = _warnings(before), _warnings(after)
    return Comparison(
        old=Compared(before.name, old.file, old.sha256),
        new=Compared(after.name, new.file, new.sha256),
        moves=moves(old.written, new.written),
        properties=tuple(_properties(before, after)),
        rules=tuple(_rules(before, after)),
        warnings_gone=tuple(text for text in warnings[0] if text not in warnings[1]),
        warnings_new=tuple(text for text in warnings[1] if text not in warnings[0]),
        routes=routes.changes,
        gaps=routes.gaps,
    )


def check_alike(loaded: Loaded, options: CheckOptions) -> Result:
    """Check a document that stands beside another: of the assumptions those that it has a place for."""
    fits = fitting(loaded.document, options.assume)
    return check(loaded, replace(options, assume=fits, remedies=False))


def worsened(before: Result, after: Result) -> tuple[PropertyChange | RuleChange, ...]:
    """The properties and rules that are worse in one result than in another."""
    found: list[PropertyChange | RuleChange] = [*_properties(before, after), *_rules(before, after)]
    return tuple(change for change in found if change.trend is Trend.WORSE)


def fitting(document: Document, assume: Assumed) -> dict[str, Value | tuple[str, ...]]:
    """The assumptions that a document has a place for."""
    found = {}
    for key, value in assume.items():
        try:
            with_assumptions(document, {key: value})
        except Misfit:
            continue
        found[key] = value
    return found


# --- properties, rules and warnings -------------------------------------------


def _properties(before: Result, after: Result) -> Iterator[PropertyChange]:
    mine = {entry.id: entry for entry in before.properties}
    later = {entry.id: entry for entry in after.properties}
    for name in PROPERTIES:
        if name in mine or name in later:
            one, other = mine.get(name), later.get(name)
            yield PropertyChange(name, _trend(_badness(one), _badness(other)), one, other)


def _badness(entry: PropertyResult | None) -> int:
    return 0 if entry is None else BEST_FIRST.index(entry.verdict)


def _trend(before: int, after: int) -> Trend:
    return Trend.WORSE if after > before else Trend.BETTER if after < before else Trend.SAME


def _rules(before: Result, after: Result) -> Iterator[RuleChange]:
    later = {rule.id: rule for rule in after.rules}
    for one in before.rules:
        other = later[one.id]
        if one.kind == "REC":
            continue  # advice: among the warnings
        trend = _rule_trend(one, other)
        if trend is not Trend.SAME or (_breaks(other) and set(one.objects) != set(other.objects)):
            yield RuleChange(one.id, trend, one, other)


def _breaks(rule: RuleStatus) -> bool:
    return rule.status in ("broken", "open")


def _rule_trend(one: RuleStatus, other: RuleStatus) -> Trend:
    ranks = [next(n for n, names in enumerate(RULES_BEST_FIRST) if r.status in names) for r in (one, other)]
    if ranks[0] != ranks[1] or not _breaks(one):
        return _trend(*ranks)
    mine, later = set(one.objects), set(other.objects)
    return Trend.WORSE if mine < later else Trend.BETTER if later < mine else Trend.SAME


def _warnings(result: Result) -> tuple[str, ...]:
    """The warnings of a result and of its properties, each once."""
    of_properties = (text for entry in result.properties for text in entry.warnings)
    return tuple(dict.fromkeys((*result.warnings, *of_properties)))


# --- routes -------------------------------------------------------------------


def _routes(
    loaded: tuple[Loaded, Loaded], assume: tuple[Assumed, Assumed], options: CheckOptions
) -> RouteChanges:
    """The tables whose route can differ; open values have the same candidates in both documents."""

    def backend() -> Backend:
        from verify.solve import Backend, Limits

        chosen = Backend(options.solvers, Limits(options.rlimit, options.timeout))
        chosen.check_installed()
        return chosen

    old, new = (_decided(each.written, given) for each, given in zip(loaded, assume, strict=True))
    before = _under(opened(old, new), assume[0], options.max_failures)
    after = _under(opened(new, old), assume[1], options.max_failures)
    return route_changes(before, after, backend)


def _decided(written: Document, assume: Assumed) -> Document:
    """The document as it was read, with what is assumed of its open values written in."""

    def decide(spot: Spot) -> object:
        return assume.get(spot.path, spot.value) if isinstance(spot.value, OpenValue) else spot.value

    return transformed(written, decide)


def _under(document: Document, assume: Assumed, max_failures: int | None) -> Document:
    given = dict(assume) if max_failures is None else {**assume, MAX_FAILURES: max_failures}
    return with_assumptions(document, fitting(document, given)) if given else document
