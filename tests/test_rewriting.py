"""Edits of a document and of its text: what is changed, and that nothing else is."""

from __future__ import annotations

import json
import re
from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import pytest

from tests.shipped import SCENARIOS
from verify.jsonc import read_jsonc
from verify.load import load
from verify.models.edits import Edit, applied, at, labels, place_of, same
from verify.models.paths import Spot, spots_of
from verify.models.values import Misfit
from verify.rewriting import rewritten

SITE = """{
  // the site
  "data_centers": [
    {
      "id": "dc-1", /* in the city */
      "prefixes": ["10.0.0.0/16", "10.1.0.0/16"], // both of them
      "peers": [
        {"peer": "vgw-1", "prepend": 0}, // towards the cloud
        {"peer": "vgw-2"} // no policy
      ] // the last member
    }
  ],
}
"""


def value_of(text: str) -> Any:
    reading = read_jsonc(text.removeprefix("\ufeff"))
    assert reading.slips == ()
    return reading.value


def comments(text: str) -> list[str]:
    """The comments of a text, which has no string that looks like one."""
    return re.findall(r"//[^\r\n]*|/\*.*?\*/", text, re.DOTALL)


def change(text: str, *edits: Edit) -> str:
    """The rewritten text, which is what the edits say."""
    new = rewritten(text, edits)
    assert same(value_of(new), applied(value_of(text), edits))
    return new


def lines_changed(old: str, new: str) -> tuple[list[str], list[str]]:
    """The lines that only the old and only the new text has."""
    one, other = old.splitlines(), new.splitlines()
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    moved = [block for block in blocks if block[0] != "equal"]
    return [x for _, a, b, _, _ in moved for x in one[a:b]], [
        x for _, _, _, a, b in moved for x in other[a:b]
    ]


def site(*steps: str) -> tuple[str, ...]:
    return ("data_centers", "dc-1", *steps)


# --- the text -----------------------------------------------------------------


def test_without_edits_the_text_stays() -> None:
    assert rewritten(SITE, ()) == SITE


@pytest.mark.parametrize(
    ("edit", "gone", "come"),
    [
        (
            Edit("set", site("peers", "vgw-1", "prepend"), 2),
            ['        {"peer": "vgw-1", "prepend": 0}, // towards the cloud'],
            ['        {"peer": "vgw-1", "prepend": 2}, // towards the cloud'],
        ),
        (
            Edit("set", site("peers", "vgw-2", "local_pref"), 200),
            ['        {"peer": "vgw-2"} // no policy'],
            ['        {"peer": "vgw-2", "local_pref": 200} // no policy'],
        ),
        (
            Edit("set", site("readvertises"), False),
            ["      ] // the last member"],
            ["      ], // the last member", '      "readvertises": false'],
        ),
        (
            Edit("set", site("prefixes", "10.1.0.0/16", "announced"), False),
            ['      "prefixes": ["10.0.0.0/16", "10.1.0.0/16"], // both of them'],
            [
                '      "prefixes": ["10.0.0.0/16", {"prefix": "10.1.0.0/16", "announced": false}],'
                " // both of them"
            ],
        ),
        (
            Edit("add", site("prefixes"), "10.2.0.0/16"),
            ['      "prefixes": ["10.0.0.0/16", "10.1.0.0/16"], // both of them'],
            ['      "prefixes": ["10.0.0.0/16", "10.1.0.0/16", "10.2.0.0/16"], // both of them'],
        ),
        (
            Edit("add", site("peers"), {"peer": "vbr-1"}),
            ['        {"peer": "vgw-2"} // no policy'],
            ['        {"peer": "vgw-2"}, // no policy', '        {"peer": "vbr-1"}'],
        ),
        (
            Edit("add", site("static_routes"), {"destination": "10.0.0.0/8", "next_hop": "discard"}),
            ["      ] // the last member"],
            [
                "      ], // the last member",
                '      "static_routes": [{"destination": "10.0.0.0/8", "next_hop": "discard"}]',
            ],
        ),
        (
            Edit("remove", site("prefixes"), "10.0.0.0/16"),
            ['      "prefixes": ["10.0.0.0/16", "10.1.0.0/16"], // both of them'],
            ['      "prefixes": ["10.1.0.0/16"], // both of them'],
        ),
        (
            Edit("remove", site("peers"), {"peer": "vgw-1", "prepend": 0}),
            ['        {"peer": "vgw-1", "prepend": 0}, // towards the cloud'],
            ["        // towards the cloud"],
        ),
        (
            Edit("remove", site("peers"), {"peer": "vgw-2"}),
            [
                '        {"peer": "vgw-1", "prepend": 0}, // towards the cloud',
                '        {"peer": "vgw-2"} // no policy',
            ],
            ['        {"peer": "vgw-1", "prepend": 0} // towards the cloud', "        // no policy"],
        ),
        (
            Edit("set", ("environment", "max_failures"), 0),
            [],
            ['  "environment": {"max_failures": 0},'],
        ),
    ],
    ids=lambda case: f"{case.op}-{case.steps[-1]}" if isinstance(case, Edit) else "",
)
def test_only_the_lines_concerned_change(edit: Edit, gone: list[str], come: list[str]) -> None:
    new = change(SITE, edit)
    removed, added = lines_changed(SITE, new)
    assert removed == gone
    assert added == come
    assert comments(new) == comments(SITE)


@pytest.mark.parametrize(
    ("old", "edit", "new"),
    [
        ("{}", Edit("set", ("name",), "x"), '{"name": "x"}'),
        ("{ // nothing\n}", Edit("set", ("name",), "x"), '{"name": "x" // nothing\n}'),
        ('{"a":1}', Edit("set", ("b",), 2), '{"a":1,"b":2}'),
        ('{"a": 1,}', Edit("set", ("b",), 2), '{"a": 1, "b": 2,}'),
        ('{\r\n\t"a": 1\r\n}', Edit("set", ("b",), 2), '{\r\n\t"a": 1,\r\n\t"b": 2\r\n}'),
        ('{\r\n  "a": 1 // c\r\n}', Edit("set", ("b",), 2), '{\r\n  "a": 1, // c\r\n  "b": 2\r\n}'),
        ('{\n  "a": 1}', Edit("set", ("b",), 2), '{\n  "a": 1,\n  "b": 2}'),
        ('{\n  "a": 1, // c\n}', Edit("set", ("b",), 2), '{\n  "a": 1, // c\n  "b": 2,\n}'),
        ('{"l": []}', Edit("add", ("l",), 1), '{"l": [1]}'),
        ('{"l": [/* c */]}', Edit("add", ("l",), 1), '{"l": [1 /* c */]}'),
        ('{"l": [1]}', Edit("remove", ("l",), 1), '{"l": []}'),
        ('{"l": [\n  1,\n]}', Edit("remove", ("l",), 1), '{"l": []}'),
        ('{"l": [\n  1 // c\n]}', Edit("remove", ("l",), 1), '{"l": [\n  // c\n]}'),
        ('{"l": [1, 2, 3]}', Edit("remove", ("l",), 2), '{"l": [1, 3]}'),
        ('{"l": [1, 2]}', Edit("remove", ("l",), 2), '{"l": [1]}'),
        ('{"l": [1, 2,]}', Edit("remove", ("l",), 2), '{"l": [1,]}'),
        ('{"l": [\n  1,\n  2\n]}', Edit("remove", ("l",), 2), '{"l": [\n  1\n]}'),
        ('{"l": [\n  1,\n  2\n]}', Edit("remove", ("l",), 1), '{"l": [\n  2\n]}'),
        ('{"l": [1 /* , */, 2]}', Edit("remove", ("l",), 1), '{"l": [/* , */ 2]}'),
        ('{"l": [true, 1]}', Edit("remove", ("l",), 1), '{"l": [true]}'),
        ('\ufeff{"a": 1}', Edit("set", ("a",), "é"), '\ufeff{"a": "é"}'),
        ('{"e": null}', Edit("add", ("e",), "x"), '{"e": ["x"]}'),
        (
            '{"l": ["x", // why\n "y"]}',
            Edit("set", ("l",), ["x", "y", "z"]),
            '{"l": ["x", // why\n "y",\n "z"]}',
        ),
    ],
)
def test_new_text_is_written_like_what_is_beside_it(old: str, edit: Edit, new: str) -> None:
    assert change(old, edit) == new


def test_a_new_object_takes_the_layout_of_its_neighbour() -> None:
    old = '{\n  "l": [\n    {\n      "id": "a",\n      "n": 1\n    }\n  ]\n}\n'
    new = change(old, Edit("add", ("l",), {"id": "b", "n": 2}))
    assert new == json.dumps({"l": [{"id": "a", "n": 1}, {"id": "b", "n": 2}]}, indent=2) + "\n"


def test_a_text_that_cannot_be_read_is_not_rewritten() -> None:
    with pytest.raises(Misfit, match="JSON with comments"):
        rewritten('{"a": }', (Edit("set", ("a",), 1),))


# --- the value ----------------------------------------------------------------


def test_a_set_of_edits_means_the_same_in_every_order() -> None:
    raw = value_of(SITE)
    edits = [
        Edit("remove", site("prefixes"), "10.0.0.0/16"),
        Edit("add", site("prefixes"), "10.1.0.0/16"),
        Edit("set", site("prefixes", "10.1.0.0/16", "announced"), False),
        Edit("add", site("static_routes"), {"destination": "10.0.0.0/8", "next_hop": "discard"}),
    ]
    found = applied(raw, edits)
    assert found["data_centers"][0]["prefixes"] == [
        {"prefix": "10.1.0.0/16", "announced": False},
        "10.1.0.0/16",
    ]
    assert same(applied(raw, edits[::-1]), found)
    assert same(value_of(rewritten(SITE, edits[::-1])), found)


def test_the_given_value_stays_as_it_is() -> None:
    raw = value_of(SITE)
    applied(raw, [Edit("set", site("peers", "vgw-1", "prepend"), 9)])
    assert same(raw, value_of(SITE))


@pytest.mark.parametrize(
    "edits",
    [
        [Edit("set", site("peers", "vgw-9", "prepend"), 1)],
        [Edit("remove", site("prefixes"), "10.9.0.0/16")],
        [Edit("remove", site("peers"), {"peer": "vgw-1", "prepend": False})],
        [Edit("set", site("prefers"), "internal"), Edit("set", site("prefers"), "external")],
        [Edit("set", site("peers"), []), Edit("set", site("peers", "vgw-1", "prepend"), 1)],
    ],
)
def test_an_edit_without_its_place_or_against_another_is_refused(edits: list[Edit]) -> None:
    with pytest.raises(Misfit):
        applied(value_of(SITE), edits)


def test_repeated_labels_carry_their_position() -> None:
    routes = [{"destination": "10.0.0.0/8"}, {"destination": "10.1.0.0/16"}, {"destination": "10.0.0.0/8"}]
    assert labels(routes, "static_routes") == ["10.0.0.0/8.0", "10.1.0.0/16", "10.0.0.0/8.2"]


# --- every shipped scenario ---------------------------------------------------


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_field_of_a_shipped_scenario_can_be_set(path: Path) -> None:
    text = path.read_text("utf-8")
    raw = value_of(text)
    spots = [spot for spot in spots_of(load(path).written) if spot.steps[0] != "gadget"]
    for spot in few_of_each_key(spots):
        place = place_of(raw, spot.steps)
        new = change(text, Edit("set", spot.steps, "new"))
        assert at(value_of(new), place) == "new"
        whole = isinstance(at(raw, place), list | dict) or at(raw, place[:-1]) is None
        assert whole or len(lines_changed(text, new)[1]) <= 2
    labelled = [spot.path for spot in spots]
    assert len(set(labelled)) == len(labelled)


def few_of_each_key(spots: list[Spot]) -> list[Spot]:
    counts: Counter[str] = Counter()
    found = []
    for spot in spots:
        counts[spot.key] += 1
        if counts[spot.key] <= 3:
            found.append(spot)
    return found


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_item_of_a_shipped_scenario_can_be_taken_out_and_put_back(path: Path) -> None:
    text = path.read_text("utf-8")
    for steps, items, _ in lists(value_of(text), (), ""):
        shorter = text
        for item in items[:6]:
            less = change(shorter, Edit("remove", steps, item))
            change(less, Edit("add", steps, item))
            shorter = less


def lists(raw: Any, steps: tuple[str, ...], key: str) -> list[tuple[tuple[str, ...], list[Any], str]]:
    """Every list of a JSON value, with the steps that lead to it."""
    if isinstance(raw, dict):
        return [found for name, inner in raw.items() for found in lists(inner, (*steps, name), name)]
    if not isinstance(raw, list):
        return []
    names = labels(raw, key)
    inside = [found for n, item in zip(names, raw, strict=True) for found in lists(item, (*steps, n), key)]
    return [(steps, raw, key), *inside]
