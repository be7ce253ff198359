"""An oracle for verdicts: explicit enumeration instead of formulas, boxes over choices or merged problems.

It uses the plain simulator only.  Every open value is written into the document
as a number or a word, every reading is pinned, and the remaining choices (events,
failures, orders) are branched on when the simulator asks for them.  Then all stable
states are enumerated and all starts and many schedules are tried.  Feasible for
tiny documents only.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from ipaddress import IPv4Network
from itertools import islice, permutations, product
from typing import Any

from verify.load import load
from verify.models.choices import Choice
from verify.models.condition import Value
from verify.models.network import Cell, Configuration, Network
from verify.models.readings import READINGS
from verify.models.route import Route
from verify.models.routing import networks, prefixes
from verify.simulate import RouteState, Simulator

Json = dict[str, Any]
Box = dict[Cell, frozenset[Route | None]]
LONGEST = 14
MOST_LEAVES = 3000
MOST_ORDERS = 24
OPEN_ASN_VALUES = 1


class TooLarge(Exception):
    """The document is too large to be enumerated."""


class _Asked(Exception):
    """A choice on which the run depends has no value yet."""

    def __init__(self, name: str) -> None:
        self.name = name


class _Partial(Configuration):
    """A configuration that raises `_Asked` for what it does not decide."""

    def __missing__(self, name: str) -> Value:
        raise _Asked(name)


@dataclass(frozen=True)
class Found:
    """What one combination of readings permits; `flaps` None: not decided."""

    loops: bool
    flaps: bool | None
    rests: dict[str, bool]  # prefix -> whether some configuration gives it a stable state


# --- documents ----------------------------------------------------------------


def with_defaults_open(document: Json) -> Json:
    """The document with what is open by default written out."""
    found = deepcopy(document)
    for site in found.get("data_centers", []):
        for key in ("readvertises", "prefers", "internal_peering"):
            site.setdefault(key, "any")
    for vbr in found.get("virtual_border_routers", []):
        if "vbr_preserves_as_path" not in found.get("assume", {}):
            vbr.setdefault("as_path_preserved", "any")
    return found


def decided(document: Json) -> Iterator[Json]:
    """The document for every choice of its open values (not of readings)."""
    spots = [(path, raw) for path, raw in _open_spots(document, ()) if path[-1] != "as_path_preserved"]
    for values in product(*(_values(path, raw, document) for path, raw in spots)):
        yield _written(document, zip((path for path, _ in spots), values, strict=True))


def under_readings(document: Json) -> Iterator[tuple[dict[str, Value], Json]]:
    """The document for every combination of the readings that it leaves open."""
    pinned = document.get("assume", {})
    free = [(("assume", r.id), r.values) for r in READINGS if r.id not in pinned and not r.per]
    free += [
        (path, (False, True))
        for path, raw in _open_spots(document, ())
        if path[-1] == "as_path_preserved" and raw == "any"
    ]
    for values in product(*(choices for _, choices in free)):
        names = (".".join(str(step) for step in path) for path, _ in free)
        settings = zip((path for path, _ in free), values, strict=True)
        yield dict(zip(names, values, strict=True)), _written(document, settings)


def _open_spots(part: Any, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], Any]]:
    if part == "any" or (isinstance(part, dict) and set(part) in ({"one_of"}, {"between"})):
        yield path, part
    elif isinstance(part, dict):
        for key, value in part.items():
            if key not in ("expect", "assume", "id", "name"):
                yield from _open_spots(value, (*path, key))
    elif isinstance(part, list):
        for position, value in enumerate(part):
            yield from _open_spots(value, (*path, position))


def _values(path: tuple[Any, ...], raw: Any, document: Json) -> Sequence[Value]:
    if isinstance(raw, dict) and "one_of" in raw:
        return list(raw["one_of"])
    if isinstance(raw, dict):
        low, high = raw["between"]
        return range(low, high + 1)
    if path[-1] in ("asn", "local_asn", "peer_asn"):
        return [*sorted(_constants(document)), *range(64900, 64900 + OPEN_ASN_VALUES)]
    if path[-1] == "prefers":
        return ["internal", "external"]
    return [False, True]


def _constants(part: Any) -> set[int]:
    if isinstance(part, dict):
        own = {v for k, v in part.items() if k in ("asn", "local_asn", "peer_asn") and isinstance(v, int)}
        return own.union({45104}, *(_constants(value) for value in part.values()))
    if isinstance(part, list):
        return set().union(*(_constants(value) for value in part))
    return set()


def _written(document: Json, settings: Iterable[tuple[tuple[Any, ...], Value]]) -> Json:
    found = deepcopy(document)
    for path, value in settings:
        part: Any = found
        for step in path[:-1]:
            part = part.setdefault(step, {}) if isinstance(part, dict) else part[step]
        part[path[-1]] = value
    return found


# --- configurations -----------------------------------------------------------


def leaves(
    network: Network, look: Callable[[Configuration], Any], given: Mapping[str, Value] | None = None
) -> Iterator[tuple[Configuration, Any]]:
    """What `look` says under every way of deciding the choices that it asks for and are not given."""
    pending: list[dict[str, Value]] = [dict(given or {})]
    count = 0
    while pending:
        values = pending.pop()
        configuration = _Partial(values, network.choices)
        count += 1
        if count > MOST_LEAVES:
            raise TooLarge("too many configurations")
        try:
            found = look(configuration)
        except _Asked as asked:
            pending += _branches(network, values, asked)
            continue
        if _is_allowed(network, values):
            yield configuration, found


def _branches(network: Network, values: dict[str, Value], asked: _Asked) -> list[dict[str, Value]]:
    choice: Choice | None = network.choices.get(asked.name)
    offered = (False, True) if choice is None else choice.values
    return [{**values, asked.name: value} for value in reversed(offered)]


def _is_allowed(network: Network, values: dict[str, Value]) -> bool:
    """Whether some way of deciding the rest keeps the constraints."""
    pending = [values]
    while pending:
        attempt = pending.pop()
        try:
            if network.allows(_Partial(attempt, network.choices)):
                return True
        except _Asked as asked:
            pending += _branches(network, attempt, asked)
    return False


def groups(network: Network, wanted: Sequence[str]) -> list[tuple[str, ...]]:
    """Prefixes that must be looked at together: all, if prefixes can keep each other out."""
    return [tuple(wanted)] if network.inhibitions else [(prefix,) for prefix in wanted]


# --- stable states ------------------------------------------------------------


class Enumeration:
    """Everything that can happen to some prefixes under one configuration."""

    def __init__(self, network: Network, configuration: Configuration, wanted: tuple[str, ...]) -> None:
        self.simulator = Simulator(network, configuration, wanted)
        self.network, self.wanted = network, wanted
        self.grows = False
        self.start = self._universe()
        self.boxes = self._limit(self.start)

    def _universe(self) -> Box:
        """Every route that any origin, present or not, can become."""
        found: dict[Cell, dict[Route | None, None]] = {cell: {None: None} for cell in self.simulator.cells}
        pending = []
        for origin in self.network.origins:
            if origin.route.prefix in self.wanted:
                pending.append((Cell(origin.table, origin.route.prefix), origin.route))
        while pending:
            cell, route = pending.pop()
            if len(route.path) > LONGEST:
                self.grows = True
                continue
            if route in found[cell]:
                continue
            found[cell][route] = None
            if sum(map(len, found.values())) > 4000:
                raise TooLarge("too many routes")
            for link in self.network.links_from(cell.table):
                arrived = self.simulator.passes(link, route)
                if arrived is not None:
                    pending.append((Cell(link.target, cell.prefix), arrived))
        return {cell: frozenset(routes) for cell, routes in found.items()}

    def _limit(self, boxes: Box) -> Box:
        while True:
            smaller = {cell: box & self._selectable(cell, boxes) for cell, box in boxes.items()}
            if smaller == boxes:
                return boxes
            boxes = smaller

    def _selectable(self, cell: Cell, boxes: Box) -> frozenset[Route | None]:
        simulator = self.simulator
        own: list[set[Route | None]] = [{route} for route in simulator.origins.get(cell, ())]
        learned = [
            {simulator.passes(link, route) for route in boxes[Cell(link.source, cell.prefix)]}
            for link in self.network.links_to(cell.table)
        ]
        others = [boxes[other] for other in simulator.inhibitors.get(cell, ())]
        found: set[Route | None] = set()
        if any(box - {None} for box in others):
            found |= self._winners(cell, own)
        if all(None in box for box in others):
            found |= self._winners(cell, own + learned)
        return frozenset(found)

    def _winners(self, cell: Cell, offers: list[set[Route | None]]) -> set[Route | None]:
        found: set[Route | None] = set()
        if all(None in offered for offered in offers):
            found.add(None)
        for position, offered in enumerate(offers):
            rest = offers[:position] + offers[position + 1 :]
            found |= {
                route
                for route in offered
                if route is not None
                and all(
                    any(o is None or not self.simulator._prefers(cell.table, o, route) for o in other)
                    for other in rest
                )
            }
        return found

    def stable_states(self) -> Iterator[RouteState]:
        """Every stable state, ghosts included."""
        pending = [self.boxes]
        while pending:
            boxes = self._limit(pending.pop())
            if not all(boxes.values()):
                continue
            still_open = [cell for cell, box in boxes.items() if len(box) > 1]
            if not still_open:
                state = {cell: next(iter(box)) for cell, box in boxes.items()}
                if self.simulator.is_stable(state):
                    yield state
                continue
            cell = still_open[0]
            pending += [{**boxes, cell: frozenset((route,))} for route in boxes[cell]]

    def flaps(self, states: Sequence[RouteState]) -> bool | None:
        """Whether some run does not end in one and the same state; None where no run was found."""
        if len(states) > 1:
            return True
        if all(len(box) == 1 for box in self.boxes.values()):
            return None if self.grows else False
        return True if any(self._never_settles(run) for run in self._runs()) else None

    def _runs(self) -> Iterator[tuple[RouteState, Sequence[frozenset[Cell]]]]:
        moving = [cell for cell, box in self.boxes.items() if len(box) > 1]
        settled = {cell: next(iter(box)) for cell, box in self.boxes.items() if len(box) == 1}
        choices = [sorted(self.boxes[cell], key=str) for cell in moving]
        for values in islice(product(*choices), 64):
            start = {**settled, **dict(zip(moving, values, strict=True))}
            yield start, [frozenset(moving)]
            for order in islice(permutations(moving), MOST_ORDERS):
                yield start, [frozenset((cell,)) for cell in order]

    def _never_settles(self, run: tuple[RouteState, Sequence[frozenset[Cell]]]) -> bool:
        """Whether a schedule that is repeated for ever comes back to a state that it had left."""
        state, schedule = run
        seen: list[RouteState] = []
        for _ in range(40):
            if state in seen:
                return True
            seen.append(state)
            before = state
            for cells in schedule:
                state = {**state, **{cell: self.simulator.update(cell, state) for cell in cells}}
            if state == before:
                return False
        return False


# --- verdicts -----------------------------------------------------------------


def verdicts(document: Json) -> dict[str, str | None]:
    """The verdicts on loops and flapping; None where this enumeration does not tell."""
    written = with_defaults_open(document)
    found = [_found(variant) for _, variant in under_readings(written)]
    rests: dict[str, bool] = {}
    for each in found:
        for prefix, rest in each.rests.items():
            rests[prefix] = rests.get(prefix, False) or rest
    loops = _verdict([each.loops for each in found])
    if loops == "proved" and not all(rests.values()):
        loops = "vacuous"
    return {"no-routing-loops": loops, "no-route-flapping": _verdict([each.flaps for each in found])}


def _verdict(answers: list[bool | None]) -> str | None:
    if True in answers and False in answers:
        return "conditional"
    if None in answers:
        return None
    return "violated" if True in answers else "proved"


def _found(document: Json) -> Found:
    loops, flaps, unsure = False, False, False
    rests: dict[str, bool] = {}
    for variant in decided(document):
        (network,) = networks(load("oracle.json", json.dumps(variant)).document)
        wanted = list(prefixes(network))
        loops = loops or any(_loops(network, wanted))
        for group in groups(network, wanted):
            for rest, flap in _behaviour(network, group):
                rests[group[0]] = rests.get(group[0], False) or rest
                flaps = flaps or flap is True
                unsure = unsure or flap is None
    return Found(loops, True if flaps else None if unsure else False, rests)


def _behaviour(network: Network, group: tuple[str, ...]) -> Iterator[tuple[bool, bool | None]]:
    def look(configuration: Configuration) -> tuple[bool, bool | None]:
        every = Enumeration(network, configuration, group)
        states = list(every.stable_states())
        return bool(states), every.flaps(states)

    for _, answer in leaves(network, look):
        yield answer


def _loops(network: Network, wanted: Sequence[str]) -> Iterator[bool]:
    for covering, needed in _addresses(network, wanted):

        def look(configuration: Configuration, covering: Any = covering, needed: Any = needed) -> bool:
            every = Enumeration(network, configuration, needed)
            return any(every.simulator.loop(covering, state) for state in every.stable_states())

        for _, loops in leaves(network, look):
            yield loops


def _addresses(network: Network, wanted: Sequence[str]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """For an address of each kind: the prefixes that cover it, longest first, and those they depend on."""
    if any("." not in prefix for prefix in wanted):
        yield tuple(wanted), tuple(wanted)
        return
    parsed = {prefix: IPv4Network(prefix) for prefix in wanted}
    ends = {p: (int(net.network_address), int(net.broadcast_address)) for p, net in parsed.items()}
    edges = {first for first, _ in ends.values()} | {last + 1 for _, last in ends.values()}
    kinds = set()
    for address in sorted(edges):
        inside = [p for p, (first, last) in ends.items() if first <= address <= last]
        kinds.add(tuple(sorted(inside, key=lambda p: -parsed[p].prefixlen)))
    for covering in sorted(kinds - {()}):
        needed = covering if not network.inhibitions else tuple(wanted)
        yield covering, needed
