"""Random edits of random texts with comments: the value that they give, and what is kept."""

from __future__ import annotations

import json
import random
from itertools import combinations
from typing import Any

import pytest

from tests.test_rewriting import change, comments, lists, value_of
from verify.jsonc import read_jsonc
from verify.models.edits import Edit, applied, at, labels, place_of, same
from verify.models.values import Misfit
from verify.rewriting import rewritten
from verify.tokens import tokens


class Writer:
    """Writes JSON in random layouts, with comments that are all different."""

    def __init__(self, chance: random.Random) -> None:
        self.chance, self.newline = chance, chance.choice(["\n", "\r\n"])

    def blank(self) -> str:
        found = ""
        while self.chance.random() < 0.4:
            number = self.chance.randrange(10**9)
            found += self.chance.choice(
                [" ", "  ", "\t", self.newline, f"/* {number}, ] */", f"// {number} }}{self.newline}"]
            )
        return found

    def write(self, value: Any) -> str:
        if isinstance(value, dict):
            parts = [f"{json.dumps(k)}{self.blank()}:{self.blank()}{self.write(v)}" for k, v in value.items()]
            return "{" + self.joined(parts) + "}"
        if isinstance(value, list):
            return "[" + self.joined([self.write(item) for item in value]) + "]"
        return json.dumps(value)

    def joined(self, parts: list[str]) -> str:
        text = ",".join(self.blank() + part + self.blank() for part in parts)
        last = "," if parts and self.chance.random() < 0.3 else ""
        return text + last + self.blank()


def some_value(chance: random.Random, depth: int = 3) -> Any:
    kind = chance.choice(["dict", "list"] if depth == 3 else ["dict", "list", "scalar", "scalar"])
    if depth == 0 or kind == "scalar":
        return chance.choice([True, 1, 0, False, None, "x", "//", "10.0.0.0/8"])
    count = chance.randrange(4)
    if kind == "dict":
        return {name: some_value(chance, depth - 1) for name in ("a", "b", "prefixes")[:count]}
    return [some_value(chance, depth - 1) for _ in range(count)]


def some_edit(chance: random.Random, raw: Any) -> Edit:
    """An edit somewhere in a JSON value."""
    found = lists(raw, (), "")
    if found and chance.random() < 0.6:
        steps, items, _ = chance.choice(found)
        if items and chance.random() < 0.6:
            return Edit("remove", steps, chance.choice(items))
        return Edit("add", steps, some_value(chance, 2))
    steps = ()
    while isinstance(raw, dict | list) and raw and (not steps or chance.random() < 0.7):
        if isinstance(raw, dict):
            name = chance.choice([*raw, "new"])
            steps, raw = (*steps, name), raw.get(name)
        else:
            position = chance.randrange(len(raw))
            steps, raw = (*steps, labels(raw, steps[-1] if steps else "")[position]), raw[position]
    return Edit("set", steps or ("new",), some_value(chance, 2))


@pytest.mark.parametrize("seed", range(400, 600))
def test_random_sets_of_edits_of_random_texts(seed: int) -> None:
    chance = random.Random(seed)
    raw = {"a": some_value(chance), "b": some_value(chance)}
    text = Writer(chance).write(raw)
    edits = [some_edit(chance, raw) for _ in range(4)]
    while edits:
        try:
            applied(raw, edits)
            break
        except Misfit:
            edits.pop()
    assert same(value_of(change(text, *edits)), applied(raw, edits[::-1])) or any(
        one.op == other.op == "add" and one.steps == other.steps for one, other in combinations(edits, 2)
    )


@pytest.mark.parametrize("seed", range(400))
def test_random_edits_of_random_texts(seed: int) -> None:
    chance = random.Random(seed)
    raw = {"a": some_value(chance), "b": some_value(chance)}
    text = Writer(chance).write(raw)
    assert rewritten(text, ()) == text
    edit = some_edit(chance, raw)
    new = change(text, edit)
    if edit.op == "add":
        assert sorted(real_comments(text)) == sorted(real_comments(new))
    kept = [c for c in real_comments(text) if c not in real_comments(new)]
    assert all(is_inside(text, c, raw, edit) for c in kept)


def real_comments(text: str) -> list[str]:
    """The comments between the tokens of a text."""
    found, end = [], 0
    for token in tokens(text):
        found += comments(text[end : token.offset])
        end = token.offset + len(token.text)
    return found


def is_inside(text: str, comment: str, raw: Any, edit: Edit) -> bool:
    """Whether a comment is inside the item that an edit removes, or the value that it replaces."""
    reading, where = read_jsonc(text), text.index(comment)
    place = place_of(raw, edit.steps)
    if edit.op == "remove":
        items = at(raw, place)
        place = (*place, next(n for n, item in enumerate(items) if same(item, edit.value)))
    while place not in reading.starts:
        place = place[:-1]
    return reading.starts[place] <= where < reading.ends[place]
