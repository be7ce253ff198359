"""Changes of a document that end all breaches of the rulebook, each set checked before it is offered."""

from __future__ import annotations

from ..models.rulebook import choices_of, review
from ..models.rules.changes import changed
from ..models.rules.deciding import Search, satisfying
from ..models.rules.rule import Finding, Remedy, Setting
from ..models.scenario import Document
from .documented_rules import deciding

MOST_CHANGES = 24
MOST_ALTERNATIVES = 3


def change_sets(document: Document, search: Search = satisfying) -> list[Remedy]:
    """Sets of settings after which no binding rule can be broken; none where no remedy is evident.

    One set for each remedy of the first breach, the smallest set first; further
    breaches get the first remedy that ends them.  No setting can be left out.
    """
    first = _first_breach(document, search)
    if first is None:
        return []
    found: dict[frozenset[Setting], Remedy] = {}
    for remedy in first.remedies[:MOST_ALTERNATIVES]:
        settings = _completed(document, remedy, search)
        if settings is not None:
            least = _least(document, settings, search)
            found.setdefault(frozenset(least), least)
    return sorted(found.values(), key=len)


def _completed(document: Document, settings: Remedy, search: Search) -> Remedy | None:
    """The settings, with those that further breaches need."""
    while len(settings) <= MOST_CHANGES:
        after = changed(document, settings)
        remaining = _first_breach(after, search)
        if remaining is None:
            return settings
        places = {setting.steps for setting in settings}
        fitting = [
            remedy for remedy in remaining.remedies if remedy and not any(s.steps in places for s in remedy)
        ]
        if not fitting:
            return None
        settings = (*settings, *fitting[0])
    return None


def _least(document: Document, settings: Remedy, search: Search) -> Remedy:
    for setting in settings:
        fewer = tuple(other for other in settings if other != setting)
        if fewer and _first_breach(changed(document, fewer), search) is None:
            settings = fewer
    return settings


def _first_breach(document: Document, search: Search) -> Finding | None:
    choices = choices_of(document)
    return next(
        (each for each in deciding(review(document)) if search(each.broken, choices) is not None), None
    )
