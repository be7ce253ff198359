"""How a checker of certificates says no."""

from __future__ import annotations


class Rejected(Exception):
    """A certificate that proves nothing; says why."""


class Unchecked(Rejected):
    """A proof, or a step of one, of a kind that is not checked."""


def demand(condition: bool, otherwise: str) -> None:
    """Reject unless a condition holds."""
    if not condition:
        raise Rejected(otherwise)
