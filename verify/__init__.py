"""routeproof: proves that a hybrid-cloud BGP design cannot loop or flap, or shows how it does.

    from verify import check, load

    result = check(load("design.json"))

Nothing is imported before it is asked for, so that `verify --help` and the pytest
plugin start fast.  `check` and `load` are functions; the modules of the same names are
reached by `from verify.check import …`.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from verify.check import CheckOptions, check
    from verify.faults import InvalidScenario
    from verify.load import Loaded, load
    from verify.models.scenario import Document
    from verify.verdict import Counterexample, PropertyResult, Result, RuleStatus, Verdict

__all__ = [
    "CheckOptions",
    "Counterexample",
    "Document",
    "InvalidScenario",
    "Loaded",
    "PropertyResult",
    "Result",
    "RuleStatus",
    "Verdict",
    "check",
    "load",
]

_HOMES = {
    "CheckOptions": "verify.check",
    "Counterexample": "verify.verdict",
    "Document": "verify.models.scenario",
    "InvalidScenario": "verify.faults",
    "Loaded": "verify.load",
    "PropertyResult": "verify.verdict",
    "Result": "verify.verdict",
    "RuleStatus": "verify.verdict",
    "Verdict": "verify.verdict",
    "check": "verify.check",
    "load": "verify.load",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


class _Package(ModuleType):
    """Keeps `verify.check` and `verify.load` functions.

    The import system binds a submodule to its package once it is loaded; here that would
    replace the public function of the same name by its module.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        if name in _HOMES and isinstance(value, ModuleType):
            value = getattr(value, name)
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
