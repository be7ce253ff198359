"""Environments of pySMT for Boolean formulas."""

from __future__ import annotations

from typing import Any

from pysmt.environment import Environment
from pysmt.type_checker import SimpleTypeChecker
from pysmt.typing import BOOL

from verify.encode import Formula


class _BooleanTypes(SimpleTypeChecker):  # type: ignore[misc]  # pySMT publishes no types
    """The types of terms that are all Boolean; nothing has to be walked to know them."""

    def get_type(self, formula: Formula) -> Any:  # noqa: ARG002  # the signature is that of pySMT
        """Boolean, whatever the term."""
        return BOOL


class _BooleanEnvironment(Environment):  # type: ignore[misc]  # pySMT publishes no types
    TypeCheckerClass = _BooleanTypes


def fresh_environment() -> Environment:
    """An environment for Boolean formulas that shares nothing with any other."""
    return _BooleanEnvironment()
