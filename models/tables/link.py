"""The common shape of a link: what is passed, what the AS_PATH becomes, what is accepted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from ..choices import Choice, where
from ..condition import FALSE, TRUE, Condition, Value, all_of, any_of, constant, negate
from ..network import Link
from ..route import AsTerm, Outcome, Path, Route, Source

Policy: TypeAlias = tuple[str, Callable[[Route], Condition]]
"""A reason code, and when a route is not held back for that reason."""


def any_path(_: Path) -> Condition:
    """An import that refuses no AS_PATH."""
    return FALSE


def always(reason: str, condition: Condition) -> Policy:
    """A policy that treats all routes alike."""
    return reason, lambda _: condition


def sources(reason: str, *allowed: Source) -> Policy:
    """A policy that passes routes of some sources only."""
    return reason, lambda route: constant(route.source in allowed)


@dataclass(frozen=True)
class Passage:
    """A link before it is closed into functions.

    `policies` are those of the sender and then of the receiver, each with the
    reason why a route is held back; `prepends` the ASN that is put in front of the
    AS_PATH (None: the path stays as it is) and `extra` how often more; `loses_path`
    when the AS_PATH is forgotten before that; and `refuses` when the resulting
    path is turned down.
    """

    id: str
    source: str
    target: str
    becomes: Source
    policies: tuple[Policy, ...] = ()
    loses_path: Condition = FALSE
    prepends: AsTerm | None = None
    extra: int | Choice = 0
    refuses: Callable[[Path], Condition] = any_path
    local_pref: AsTerm | None = None  # None: as the route carries it
    keeps_source: bool = False
    session: str = ""
    not_via: str = ""  # an entry whose next hop is this table is not offered to it

    def link(self) -> Link:
        """The finished link."""
        return Link(self.id, self.source, self.target, self.session or self.id, self.transfer, self.obstacle)

    def _returns(self, route: Route) -> bool:
        """Whether the target is where the route came from."""
        return route.came_from == self.target or bool(
            self.not_via and route.link.endswith(f"@{self.not_via}")
        )

    def obstacle(self, route: Route, configuration: Mapping[str, Value]) -> str:
        """The reason why a route does not pass under a configuration; "" where it does."""
        if self._returns(route):
            return "split-horizon"
        for reason, passes in self.policies:
            if not passes(route).holds(configuration):
                return reason
        passed = any(outcome.when.holds(configuration) for outcome in self.transfer(route))
        return "" if passed else "own-asn"

    def transfer(self, route: Route) -> tuple[Outcome, ...]:
        """What a route of the source becomes at the target."""
        if self._returns(route):
            return ()
        guard = all_of(passes(route) for _, passes in self.policies)
        if guard.is_false:
            return ()
        outcomes: dict[Route, list[Condition]] = {}
        for when, path, kept in self._paths(route.path):
            admitted = all_of((guard, when, negate(self.refuses(path))))
            if not admitted.is_false:
                found = self._arrived(route, path, route.long and kept)
                outcomes.setdefault(found, []).append(admitted)
        return tuple(Outcome(any_of(conditions), found) for found, conditions in outcomes.items())

    def _paths(self, path: Path) -> Iterator[tuple[Condition, Path, bool]]:
        """The AS_PATHs that can arrive: when, which, and whether the old one is still in it."""
        kept, lost = (negate(self.loses_path), path, True), (self.loses_path, (), False)
        for when, start, still in (kept, lost) if path else ((TRUE, path, True),):
            if self.prepends is None:
                yield when, start, still
                continue
            for times in self.extra.values if isinstance(self.extra, Choice) else (self.extra,):
                chosen = where(self.extra, lambda value, times=times: value == times)  # type: ignore[misc]  # bound default
                longer = (self.prepends,) * (1 + int(times)) + start
                yield all_of((when, chosen)), longer, still

    def _arrived(self, route: Route, path: Path, long: bool) -> Route:
        return Route(
            route.prefix,
            route.source if self.keeps_source else self.becomes,
            path,
            self.id,
            self.source,
            route.local_pref if self.local_pref is None else self.local_pref,
            long,
        )
