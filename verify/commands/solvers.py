"""The solvers that an option of a command names."""

from __future__ import annotations

from collections.abc import Sequence

from verify.arguments import UsageError
from verify.spelling import did_you_mean


def installed_solvers(settings: Sequence[str]) -> tuple[str, ...]:
    """The solvers that are named, one or several to a setting; each exists and is installed."""
    from verify.solve import KNOWN, Backend, SolverMissing

    names = tuple(dict.fromkeys(name for setting in settings for name in setting.split(",")))
    for name in names:
        if name not in KNOWN:
            raise UsageError(f"unknown solver {name or '(no name)'}", did_you_mean(name, KNOWN))
    try:
        Backend(names).check_installed()
    except SolverMissing as missing:
        raise UsageError(f"the solver {missing} is not installed") from None
    return names


def solver_setting(named: Sequence[str] | None) -> dict[str, tuple[str, ...]]:
    """The option of a check that says which solvers to use, where any are named."""
    return {"solvers": installed_solvers(named)} if named else {}
