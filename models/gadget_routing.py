"""Bare routing gadgets as routing problems (Griffin, Shepherd and Wilfong 2002, stable paths).

A node selects the most preferred of its permitted paths whose rest its next hop
has selected.  The origin is always there: without it there is no gadget.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .condition import TRUE
from .network import Kind, Link, Network, Origin, Table
from .route import Outcome, Path, Route, Rung, Source

PREFIX = "0"
Permitted = Mapping[str, tuple[tuple[str, ...], ...]]


def network(gadget: Permitted) -> Network:
    """The routing problem of a gadget; AS_PATHs are its paths, kept in order."""
    tables = {node: Table(node, Kind.NODE, _ladder(paths)) for node, paths in gadget.items()}
    tables[PREFIX] = Table(PREFIX, Kind.NODE, lambda _: (0,))
    pairs = dict.fromkeys((path[1], node) for node, paths in gadget.items() for path in paths)
    links = tuple(
        Link(f"{source}>{target}", source, target, source, _transfer(source, target, gadget[target]))
        for source, target in pairs
    )
    origin = Origin(PREFIX, PREFIX, Route(PREFIX, Source.IGP, (PREFIX,), PREFIX, ""), TRUE)
    return Network(tables=tables, links=links, origins=(origin,), choices={})


def _ladder(paths: tuple[tuple[str, ...], ...]) -> Callable[[Route], tuple[Rung, ...]]:
    rank = {path: position for position, path in enumerate(paths)}
    return lambda route: (rank[tuple(str(term) for term in route.path)],)


def _transfer(
    source: str, target: str, permitted: tuple[tuple[str, ...], ...]
) -> Callable[[Route], tuple[Outcome, ...]]:
    def transfer(route: Route) -> tuple[Outcome, ...]:
        path: Path = (target, *route.path)
        if path not in permitted:
            return ()
        return (Outcome(TRUE, Route(route.prefix, Source.BGP, path, f"{source}>{target}", source)),)

    return transfer
