"""What the comparison of two documents finds, as typed values.

Their JSON form is published as the schema `comparison`; see `verify schema`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from verify.models.choices import Role
from verify.models.condition import Value
from verify.moved import Move
from verify.verdict import PropertyResult, RouteRow, RuleStatus


class Trend(StrEnum):
    """What a change does to one thing that is checked."""

    WORSE = "worse"
    BETTER = "better"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class PropertyChange:
    """A property before and after; None where it is not checked, as the document asks nothing of it."""

    id: str
    trend: Trend
    before: PropertyResult | None
    after: PropertyResult | None


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule of which the status or the objects that break it are not what they were."""

    id: str
    trend: Trend
    before: RuleStatus
    after: RuleStatus


@dataclass(frozen=True, slots=True)
class Chosen:
    """The value that a choice has in an example; None in a document that does not have the choice."""

    name: str
    role: Role
    before: Value | None
    after: Value | None


@dataclass(frozen=True, slots=True)
class RouteExample:
    """What a table shows before and after under the same choices; None is no route.

    Several routes are those of several stable states, or a static entry beside the
    route that it beats.  Choices that are not named have their neutral value.
    """

    choices: tuple[Chosen, ...]
    before: tuple[RouteRow | None, ...]
    after: tuple[RouteRow | None, ...]


@dataclass(frozen=True, slots=True)
class RouteChange:
    """A table whose selected route can differ for some prefixes, which the network treats alike.

    `before` and `after` are all routes that it can select for the first of the prefixes;
    None is no route.  `presence` is both, added or removed: which document has the table.
    `settles` says for both documents whether these prefixes have any stable state.
    There is no example where the routes never differ under the same choices.
    """

    table: str
    prefixes: tuple[str, ...]
    before: tuple[RouteRow | None, ...]
    after: tuple[RouteRow | None, ...]
    presence: str = "both"
    settles: tuple[bool, bool] = (True, True)
    example: RouteExample | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """One of the two documents: its name, its file, and the digest of that."""

    name: str
    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that a change does.

    `properties` and `rules` that stay as they are are listed for properties only;
    `gaps` say where the list of routes may lack some.
    """

    old: Compared
    new: Compared
    moves: tuple[Move, ...]
    properties: tuple[PropertyChange, ...]
    rules: tuple[RuleChange, ...]
    warnings_gone: tuple[str, ...]
    warnings_new: tuple[str, ...]
    routes: tuple[RouteChange, ...]
    gaps: tuple[str, ...] = ()

    @property
    def trend(self) -> Trend:
        """Worse if anything got worse, else better if anything got better, else the same."""
        trends = {each.trend for each in self.properties} | {each.trend for each in self.rules}
        return next((t for t in (Trend.WORSE, Trend.BETTER) if t in trends), Trend.SAME)
