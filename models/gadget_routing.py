"""Bare routing gadgets as routing problems (Griffin, Shepherd and Wilfong 2002, stable paths).

A node selects the most preferred of its permitted paths whose rest its next hop
has selected.  The origin is always there: without it there is no gadget.  Its links
can fail, where the environment says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from .choices import Choice, Role, possible
from .condition import FALSE, TRUE, Condition, at_most, negate
from .network import Kind, Link, Network, Origin, Table
from .route import Outcome, Path, Route, Rung, Source
from .scenario import Environment

PREFIX = "0"
Permitted = Mapping[str, tuple[tuple[str, ...], ...]]


def network(gadget: Permitted, environment: Environment) -> Network:
    """The routing problem of a gadget; AS_PATHs are its paths, kept in order."""
    tables = {node: Table(node, Kind.NODE, _ladder(paths)) for node, paths in gadget.items()}
    tables[PREFIX] = Table(PREFIX, Kind.NODE, lambda _: (0,))
    pairs = dict.fromkeys((path[1], node) for node, paths in gadget.items() for path in paths)
    most = max(int(value) for value in possible(environment.max_failures))
    failures = _failures(pairs) if most > 0 and "link" in environment.may_fail else {}
    links = tuple(
        Link(
            f"{source}>{target}",
            source,
            target,
            source,
            _transfer(source, target, gadget[target], _works(failures, source, target)),
        )
        for source, target in pairs
    )
    origin = Origin(PREFIX, PREFIX, Route(PREFIX, Source.IGP, (PREFIX,), PREFIX, ""), TRUE)
    limit = at_most(most, [choice.equals(True) for choice in failures.values()])
    return Network(
        tables=tables,
        links=links,
        origins=(origin,),
        choices={choice.name: choice for choice in failures.values()},
        constraints=() if limit.is_true else (limit,),
    )


def _failures(pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Choice]:
    """The choice whether each link is down, which goes for both directions."""
    ends = dict.fromkeys((min(pair), max(pair)) for pair in pairs)
    return {(a, b): Choice(f"failed:link:{a} {b}", Role.FAILURE, (False, True), False) for a, b in ends}


def _works(failures: Mapping[tuple[str, str], Choice], source: str, target: str) -> Condition:
    choice = failures.get((min(source, target), max(source, target)))
    return negate(FALSE if choice is None else choice.equals(True))


def _ladder(paths: tuple[tuple[str, ...], ...]) -> Callable[[Route], tuple[Rung, ...]]:
    rank = {path: position for position, path in enumerate(paths)}
    return lambda route: (rank[tuple(str(term) for term in route.path)],)


def _transfer(
    source: str, target: str, permitted: tuple[tuple[str, ...], ...], works: Condition
) -> Callable[[Route], tuple[Outcome, ...]]:
    def transfer(route: Route) -> tuple[Outcome, ...]:
        path: Path = (target, *route.path)
        if path not in permitted:
            return ()
        return (Outcome(works, Route(route.prefix, Source.BGP, path, f"{source}>{target}", source)),)

    return transfer
