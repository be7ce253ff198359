"""Verdicts of `check` on random tiny networks, compared with explicit enumeration."""

from __future__ import annotations

import json
from typing import Any
from unittest.mock import patch

from tests import oracle, oracle_delivery
from verify.check import CheckOptions, check
from verify.load import load

Json = dict[str, Any]
PROPAGATION = ("no-routing-loops", "no-route-flapping")
TRAFFIC = ("no-ineffective-routes", "isolation")


def verdicts(
    document: Json, properties: tuple[str, ...] = PROPAGATION, *, solver_only: bool = False
) -> dict[str, str]:
    """The verdicts of `check`; `solver_only` keeps it from going through few configurations by itself."""
    loaded = load("network.json", json.dumps(document))
    options = CheckOptions(properties=properties, remedies=False)
    if not solver_only:
        return {each.id: str(each.verdict) for each in check(loaded, options).properties}
    with (
        patch("verify.looping.is_explicit", return_value=False),
        patch("verify.flapping.is_explicit", return_value=False),
    ):
        return {each.id: str(each.verdict) for each in check(loaded, options).properties}


def compare_propagation(document: Json) -> int:
    """Loops and flapping, decided in both ways; returns how many verdicts were compared."""
    expected = oracle.verdicts(document)
    for solver_only in (False, True):
        _assert_equal(verdicts(document, solver_only=solver_only), expected)
    return 2 * sum(verdict is not None for verdict in expected.values())


def compare_traffic(document: Json) -> int:
    """Traffic that has to arrive, and traffic that must not; returns how many verdicts were compared."""
    expected = oracle_delivery.verdicts(document)
    _assert_equal(verdicts(document, TRAFFIC), expected)
    return len(expected)


def compare(document: Json) -> int:
    """All four; 0 where the document is too large to be enumerated."""
    try:
        return compare_propagation(document) + compare_traffic(document)
    except oracle.TooLarge:
        return 0


def _assert_equal(found: dict[str, str], expected: dict[str, Any]) -> None:
    for name, verdict in expected.items():
        assert verdict is None or found[name] == verdict, f"{name}: {found[name]}, by enumeration {verdict}"
