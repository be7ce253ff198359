"""Where a packet ends, and the nearest cause of its going no further."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from verify.forwarding import Forwarding, is_static
from verify.models.network import Cell, Link
from verify.models.reasons import BY_ID, DELIBERATE, SESSION, UNCERTAIN, Way
from verify.models.route import Route, Source
from verify.simulate import Decision

COMES_BACK = "split-horizon"  # never a cause: the table knows the route, or there is one nearer to it


@dataclass(frozen=True)
class Ending:
    """Where a packet ends: the tables it passed, whether it arrived, else the reason and a sentence."""

    path: tuple[str, ...]
    arrived: bool
    reason: str = ""
    detail: str = ""
    way: Way = ()

    @property
    def rules(self) -> tuple[str, ...]:
        """The ids of the rules that speak of the reason."""
        return BY_ID[self.reason].rules_on(self.way) if self.reason else ()


class Cause(NamedTuple):
    """A reason code with its sentence, and the way on which a route stops."""

    reason: str
    detail: str
    way: Way = ()


class Diagnosis(Forwarding):
    """The forwarding for one address, with the causes of what goes wrong."""

    def follow(self, start: str) -> Ending:
        """Follow the forwarding from a table to its end, and say why there."""
        path, end = self.walk(start)
        if end == "arrived":
            return Ending(path, True)
        cause = self._cause(path, end)
        return Ending(path, False, *cause)

    # --- why ----------------------------------------------------------------

    def _cause(self, path: tuple[str, ...], end: str) -> Cause:
        last = path[-1]
        if end == "down":
            return Cause("failed", f"{last} is down")
        if end == "cut off":
            return Cause("failed", f"the line from {last} to its next hop is down")
        if not self.wanted:
            return Cause("unknown-destination", f"nothing in the scenario has {self.covering[0]}")
        lost = next((found for table in path if (found := self._lost(table))), None)
        fallback = self._follows_less_specific(path, end)
        if end == "circle" and not fallback:
            circle = " > ".join(path[path.index(last) :])
            return Cause("looped", "; ".join([circle, *([lost.detail] if lost else [])]))
        if end == "discard" and (lost or not fallback):
            there = self.decision(last)
            prefix = "" if there is None else f" what is for {there.prefix}"
            return Cause("black-hole", f"{last} discards{prefix}")
        if lost:
            return lost
        reason, detail, way = self._missing(self._astray(path))
        return Cause(reason, detail + self._instead(path, end), way)

    def _follows_less_specific(self, path: tuple[str, ...], end: str) -> bool:
        """Whether what decided in the end was only less specific than the destination."""
        where = path[path.index(path[-1]) :] if end == "circle" else path[-1:]
        shortest = min(map(_length, self.wanted))
        decisions = [self.decision(table) for table in where]
        return all(found is not None and _length(found.prefix) < shortest for found in decisions)

    def _instead(self, path: tuple[str, ...], end: str) -> str:
        """What happens to the packet where no route of the destination decides."""
        last = self.decision(path[-1])
        if last is None:
            return ""
        if end == "circle":
            return f"; it goes round in a circle: {' > '.join(path[path.index(path[-1]) :])}"
        does = "discards it" if end == "discard" else "delivers it"
        return f"; {path[-1]} {does} as part of {last.prefix}"

    def _astray(self, path: tuple[str, ...]) -> str:
        """The first table on a way whose route is not one of the destination's, static entries aside."""
        for table in path:
            found = self.decision(table)
            if found is None:
                return table
            learned = found.route is not None and not is_static(self.simulator, found.route)
            if learned and not self.is_good(Cell(table, found.prefix)):
                return table
        return path[-1]

    def _lost(self, table: str) -> Cause | None:
        """A good route of a table that loses against the entry that decides there, if there is one."""
        decision = self.decision(table)
        if decision is None:
            return None
        for prefix in self.wanted:
            cell = Cell(table, prefix)
            good = self._next_hop_of_good(cell)
            if good in (None, decision.next_hop):
                continue
            if decision.route is not None and self.is_good(Cell(table, decision.prefix)):
                continue
            longer = _length(decision.prefix) > _length(prefix)
            how = "the more specific route" if longer else "its route"
            instead = f"not the one for {prefix} {_whence(good or '')}"
            detail = f"{table} uses {how} {_shown(decision)}, {instead}"
            return Cause("more-specific-route" if longer else "preferred-route", detail)
        return None

    def _next_hop_of_good(self, cell: Cell) -> str | None:
        """Where a table could send a packet so that it arrives; None where it has no route for that."""
        if self.is_good(cell):
            route = self.state[cell]
            return route.came_from if route is not None else None
        refused = self.simulator.refuses(cell, self.state)
        own = [r for r in self.simulator.origins.get(cell, ()) if r.link in self.arrivals]
        offered = (
            [] if refused else [link.source for link, route in self.offers(cell) if self._passes(link, route)]
        )
        return next(iter([*("" for _ in own), *offered]), None)

    def _passes(self, link: Link, route: Route) -> bool:
        return self.simulator.passes(link, route) is not None

    # --- missing routes -----------------------------------------------------

    def _missing(self, table: str) -> Cause:
        """Why a table has no route of the destination's: what stops one nearest to it."""
        found = [
            (_doubt(cause.reason), distance, cause)
            for prefix in self.wanted
            for distance, cause in self._looking_back(table, prefix)
        ]
        if found:
            return min(found, key=lambda each: each[:2])[2]
        prefix = self.wanted[0]
        return Cause("not-attached", f"nothing that has a route to {prefix} is attached to {table}")

    def _looking_back(self, start: str, prefix: str) -> Iterator[tuple[int, Cause]]:
        """What stops the good routes on all ways to a table, with how far from it."""
        seen, level, distance = {start}, [start], 0
        while level:
            beyond: list[str] = []
            for here in level:
                yield from ((distance, cause) for cause in self._stops(Cell(here, prefix)))
                for source, cause in self._neighbours(Cell(here, prefix)):
                    if cause is not None:
                        yield distance, cause
                    elif source not in seen:
                        seen.add(source)
                        beyond.append(source)
            level, distance = beyond, distance + 1

    def _neighbours(self, cell: Cell) -> Iterator[tuple[str, Cause | None]]:
        """The neighbours of a table that have no good route, and why none of them could pass one, if so."""
        reasons: dict[str, list[str]] = {}
        probe = Route(cell.prefix, Source.BGP, (), "", "")
        for link in self.simulator.network.links_to(cell.table):
            if not self.is_good(Cell(link.source, cell.prefix)):
                reason = link.obstacle(probe, self.simulator.configuration)
                reasons.setdefault(link.source, []).append(reason if reason in SESSION else "")
        for source, found in reasons.items():
            why = f"nothing passes from {source} to {cell.table}: {_meaning(found[0])}" if all(found) else ""
            yield source, Cause(found[0], why) if why else None

    def _stops(self, cell: Cell) -> Iterator[Cause]:
        """What keeps good routes out of a table."""
        table, prefix = cell
        if self.is_down(table):
            yield Cause("failed", f"{table} is down")
            return
        selected = self.state.get(cell)
        own = [route for route in self.simulator.origins.get(cell, ()) if route.link in self.arrivals]
        if own and selected is not None:
            yield Cause("withdrawn", _gives_up(table, prefix, selected))
        for link, route in self.offers(cell):
            reason = link.obstacle(route, self.simulator.configuration)
            kinds = tuple(self.simulator.network.tables[t].kind for t in (link.source, link.target))
            if reason == COMES_BACK:
                continue
            if reason:
                yield Cause(*self._obstacle(link, route, reason), kinds)
            elif self.simulator.refuses(cell, self.state):
                yield self._overlap(cell)
            elif selected is not None:
                decision = Decision(selected.came_from, prefix, selected)
                detail = f"{table} uses its route {_shown(decision)}, not the one {_whence(link.source)}"
                yield Cause("preferred-route", detail)

    def _obstacle(self, link: Link, route: Route, reason: str) -> tuple[str, str]:
        """Why a good route does not pass; a site that prefers a copy of its own prefix withdraws its own."""
        prefix, configuration = route.prefix, self.simulator.configuration
        for own in self.simulator.origins.get(Cell(link.source, prefix), ()):
            if route.came_from and own.link in self.arrivals and not link.obstacle(own, configuration):
                return "withdrawn", _gives_up(link.source, prefix, route)
        return reason, f"{prefix} does not pass from {link.source} to {link.target}: {_meaning(reason)}"

    def _overlap(self, cell: Cell) -> Cause:
        others = self.simulator.inhibitors.get(cell, ())
        held = ", ".join(other.prefix for other in others if self.state.get(other) is not None)
        detail = f"{cell.table} refuses {cell.prefix}: overlapping routing is off, and it has {held}"
        return Cause("overlap-refused", detail)


def _doubt(reason: str) -> int:
    """How unlikely it is that somebody has to mend this: what is meant to be so comes last."""
    return 2 if reason in DELIBERATE else 1 if reason in UNCERTAIN else 0


def _length(prefix: str) -> int:
    return int(prefix.rpartition("/")[2])


def _whence(neighbour: str) -> str:
    return f"from {neighbour}" if neighbour else "of its own"


def _gives_up(table: str, prefix: str, copy: Route) -> str:
    return f"{table} prefers the copy of {prefix} {_whence(copy.came_from)} to its own, and withdraws that"


def _shown(decision: Decision) -> str:
    """An entry with its source and next hop."""
    source = "static" if decision.route is None else str(decision.route.source)
    leads = f", to {decision.next_hop}" if decision.next_hop else ""
    return f"for {decision.prefix} ({source}{leads})"


def _meaning(reason: str) -> str:
    """What a reason code means, as a sentence goes on after a colon."""
    text = BY_ID[reason].meaning.rstrip(".")
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
