"""Results and reports of some shipped scenarios, made once for all tests of a process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from functools import cache
from typing import Any

from tests.source_code import ROOT
from verify.check import CheckOptions, check
from verify.load import Loaded, load
from verify.render.html import render_report
from verify.verdict import Result

LOOP = "bad/r14-different-local-asns"
CIRCUIT = "bad/r15-different-site-asns"
GADGET = "gadgets/bad"
FAILED = "bad/failure-one-gateway"
CUSTOM = "bad/custom-table-without-route"
PROVED = "good/terraform-two-vbrs"
OPEN = "open/any-asns-one-gateway"
SITES = "bad/as-path-loss-1b-sites-with-peering"
PEERS = "bad/r13a-gateways-are-peers"
WEDGIE = "gadgets/failure-wedgie"
FORBIDDEN = "bad/protected-flows-join-sites"
ALL = (LOOP, CIRCUIT, GADGET, FAILED, CUSTOM, PROVED, OPEN, SITES, PEERS, WEDGIE, FORBIDDEN)


@cache
def checked(name: str, *properties: str) -> tuple[Loaded, Result]:
    """A shipped scenario and its result."""
    loaded = load(str(ROOT / "scenarios" / f"{name}.json"))
    return loaded, check(loaded, CheckOptions(properties=properties))


@cache
def report(name: str) -> str:
    """The report on a shipped scenario."""
    return render_report(*checked(name))


def everywhere(value: Any, change: Callable[[str], str]) -> Any:
    """A result in which every text was changed, ids and verdicts included."""
    if isinstance(value, str) and not isinstance(value, Enum):
        return change(value)
    if isinstance(value, tuple):
        return tuple(everywhere(each, change) for each in value)
    if isinstance(value, dict):
        return {everywhere(key, change): everywhere(each, change) for key, each in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: everywhere(getattr(value, f.name), change) for f in fields(value)})
    return value
