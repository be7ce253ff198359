"""Bare routing gadgets: the permitted paths of each node, most preferred first, towards the origin 0.

The form is that of the stable paths problem (Griffin, Shepherd and Wilfong,
2002).  A node is a word without blanks; a path lists nodes with blanks between.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, TypeAlias

from .values import Misfit, Reads, describe, several

ORIGIN = "0"
Path: TypeAlias = tuple[str, ...]


def read_gadget(raw: object) -> Mapping[str, tuple[Path, ...]]:
    """The permitted paths of every node, checked."""
    if not isinstance(raw, Mapping) or not raw:
        raise Misfit(describe(raw) if raw else "no node", "an object of nodes and their permitted paths")
    wrong = [misfit for node, paths in raw.items() for misfit in _faults_of_node(str(node), paths, raw)]
    if wrong:
        raise several(wrong)
    return {str(node): tuple(_path(text) for text in paths) for node, paths in raw.items()}


def _path(text: str | Path) -> Path:
    return tuple(text.split()) if isinstance(text, str) else tuple(text)


def _faults_of_node(node: str, paths: object, nodes: Mapping[Any, object]) -> Iterator[Misfit]:
    if node == ORIGIN or not node or len(node.split()) != 1:
        yield Misfit(f'the node "{node}"', "a node other than 0, without blanks", at=(node,))
    if not isinstance(paths, list | tuple):
        yield Misfit(describe(paths), "a list of permitted paths", at=(node,))
        return
    seen: set[Path] = set()
    for position, text in enumerate(paths):
        misfit = _fault_of_path(node, text, nodes)
        if misfit is None and _path(text) in seen:
            misfit = Misfit(describe(text), "each path once")
        if misfit is not None:
            yield Misfit(misfit.found, misfit.expected, misfit.hint, (node, position))
        else:
            seen.add(_path(text))


def _fault_of_path(node: str, text: object, nodes: Mapping[Any, object]) -> Misfit | None:
    expected = f'a path from {node} to {ORIGIN}, such as "{node} {ORIGIN}"'
    if not isinstance(text, str | tuple):
        return Misfit(describe(text), expected)
    path = _path(text)
    if len(path) < 2 or path[0] != node or path[-1] != ORIGIN:
        return Misfit(describe(text), expected)
    if len(set(path)) != len(path):
        return Misfit(describe(text), "a path that visits no node twice")
    unknown = [hop for hop in path[:-1] if hop not in nodes]
    if unknown:
        return Misfit(
            describe(text), "a path over nodes of this gadget", f"{unknown[0]} has no paths of its own"
        )
    return None


def _schema() -> dict[str, Any]:
    paths = {"type": "array", "items": {"type": "string"}}
    return {"type": "object", "additionalProperties": paths, "minProperties": 1}


GadgetPaths: TypeAlias = Annotated[Mapping[str, tuple[Path, ...]], Reads(read_gadget, _schema)]
