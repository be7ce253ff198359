"""What a rule is: one documented obligation, its source and the predicate that tests it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from ..condition import FALSE, Condition, Value
from ..scenario import Document


class Kind(StrEnum):
    """Who enforces a rule, and so what follows when a document breaks it."""

    HARD = "HARD"  # the platform refuses it, or it cannot work
    INV = "INV"  # the customer has to keep it, or the consequence follows
    REC = "REC"  # a recommendation: a warning, never a violation
    BEH = "BEH"  # platform behaviour: part of the model, nothing to break


@dataclass(frozen=True, slots=True)
class Setting:
    """One change of the configuration: a place in the document, step by step, and its new value."""

    steps: tuple[str, ...]
    value: Value

    @property
    def path(self) -> str:
        """The place in the notation that names open values as well."""
        return ".".join(self.steps)


Remedy: TypeAlias = tuple[Setting, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule says about one group of objects.

    `broken` says for which readings and open values the group breaks the rule
    (FALSE: the rule applies and is kept); `message` states what is then wrong.
    `advice` marks a remark beside the rule, which never counts as a breach.
    `remedies` are alternative changes, each of which should end the breach.
    """

    objects: tuple[str, ...]
    message: str
    broken: Condition = FALSE
    advice: bool = False
    remedies: tuple[Remedy, ...] = ()


Check: TypeAlias = Callable[[Document], list[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the rulebook.

    `check` returns a finding for each group of objects that the rule is about,
    and nothing for a document that has no such group.  `modelled` says how the
    routing model treats the same fact, and what the check leaves out.
    """

    id: str
    kind: Kind
    title: str
    statement: str
    source: str
    consequence: str
    objects: str
    modelled: str
    check: Check

    @property
    def decides(self) -> bool:
        """Whether breaking the rule violates `documented-rules`."""
        return self.kind in (Kind.HARD, Kind.INV)
