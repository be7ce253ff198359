"""Where a packet ends, and why it goes no further."""

from __future__ import annotations

from dataclasses import dataclass

from verify.models.network import Cell
from verify.models.reasons import BY_ID
from verify.simulate import RouteState, Simulator


@dataclass(frozen=True)
class Ending:
    """Where a packet ends: the tables it passed, whether it arrived, else the reason and a sentence."""

    path: tuple[str, ...]
    arrived: bool
    reason: str = ""
    detail: str = ""


def follow(
    simulator: Simulator, state: RouteState, start: str, covering: tuple[str, ...], arrivals: frozenset[str]
) -> Ending:
    """Follow the forwarding from a table; `arrivals` are the origins at which the packet has arrived."""
    path = [start]
    while True:
        here = path[-1]
        route = simulator.deciding(here, covering, state)
        next_hop = simulator.next_hop(here, covering, state)
        if next_hop == "":
            if route is not None and route.link in arrivals:
                return Ending(tuple(path), True)
            elsewhere = covering[0] if route is None else route.prefix
            detail = f"{here} delivers it as part of {elsewhere}, which is not the destination"
            return Ending(tuple(path), False, "captured", detail)
        if next_hop == "discard":
            return Ending(tuple(path), False, "black-hole", f"{here} discards it")
        if next_hop not in simulator.network.tables:
            reason, detail = _why_none(simulator, state, here, covering)
            return Ending(tuple(path), False, reason, detail)
        if next_hop in path:
            circle = " > ".join([*path[path.index(next_hop) :], next_hop])
            return Ending((*path, next_hop), False, "looped", circle)
        path.append(next_hop)


def _why_none(
    simulator: Simulator, state: RouteState, table: str, covering: tuple[str, ...]
) -> tuple[str, str]:
    """Why a table has no route: the obstacle nearest to it, looking back towards the origins."""
    seen, level = {table}, [table]
    fallback = ("no-route", f"{table} has no route to {covering[0]}, and nobody offers it one")
    minor: list[tuple[str, str]] = []
    while level:
        beyond: list[str] = []
        for here in level:
            for reason, detail in _obstacles(simulator, state, here, covering[0]):
                if reason in ("split-horizon", "not-passed-on", "internal-bgp", "other-connection"):
                    minor.append((reason, detail))
                else:
                    return reason, detail
            for link in simulator.network.links_to(here):
                if link.source not in seen and state.get(Cell(link.source, covering[0])) is None:
                    seen.add(link.source)
                    beyond.append(link.source)
        level = beyond
    return minor[0] if minor else fallback


def _obstacles(simulator: Simulator, state: RouteState, table: str, prefix: str) -> list[tuple[str, str]]:
    cell = Cell(table, prefix)
    if cell in simulator.inhibitors and simulator.refuses(cell, state):
        return [("overlap-refused", f"{table} refuses {prefix}: it has an overlapping route")]
    found = []
    for link in simulator.network.links_to(table):
        route = state.get(Cell(link.source, prefix))
        if route is None:
            continue
        reason = link.obstacle(route, simulator.configuration)
        if reason:
            meaning = BY_ID[reason].meaning.rstrip(".")
            why = f"{meaning[0].lower()}{meaning[1:]}"
            found.append((reason, f"{prefix} does not pass from {link.source} to {table}: {why}"))
    return found
