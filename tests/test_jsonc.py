"""The reader of JSON with comments: values, positions, and errors that do not end the reading."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.jsonc import MOST_DEPTH, MOST_SLIPS, MOST_VALUES, read_jsonc

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


def slips(text: str) -> list[tuple[int, int, str, str]]:
    reading = read_jsonc(text)
    return [(*reading.position(s.offset), s.misfit.found, s.misfit.expected) for s in reading.slips]


@settings(derandomize=True, max_examples=150)
@given(JSON_VALUES, st.sampled_from([None, 1, 4]))
def test_reads_what_json_writes(value: object, indent: int | None) -> None:
    reading = read_jsonc(json.dumps(value, indent=indent))
    assert reading.slips == ()
    assert reading.value == value


@settings(derandomize=True, max_examples=150)
@given(st.text(alphabet="{}[]:,\"'\\/*0123456789.eE+-truefalsn \n\ud800é", max_size=40))
def test_never_raises_and_agrees_with_json_where_json_can_read(text: str) -> None:
    reading = read_jsonc(text)
    try:
        strict = json.loads(text, parse_constant=lambda _: 1 / 0)
    except (ValueError, ZeroDivisionError):
        return
    assert reading.value == strict or reading.slips


def test_comments_and_a_last_comma_are_no_errors() -> None:
    text = '// first\n{"a": [1, /* two */ 2,], "b": "// no comment", }\n'
    reading = read_jsonc(text)
    assert reading.slips == ()
    assert reading.value == {"a": [1, 2], "b": "// no comment"}


def test_every_key_and_value_has_its_position() -> None:
    reading = read_jsonc('{"a":\n  [true, {"b": 1}]}')
    assert reading.position(reading.starts[("a", 1, "b")]) == (2, 16)
    assert reading.position(reading.keys[("a", 1, "b")]) == (2, 11)
    assert reading.position(reading.starts[()]) == (1, 1)


def test_columns_count_characters() -> None:
    assert slips('{"é€": x}') == [(1, 8, "x", "a value")]


@pytest.mark.parametrize(
    ("text", "line", "column", "found"),
    [
        ("", 1, 1, "nothing"),
        ("// only a comment", 1, 18, "nothing"),
        ('{"a": 1', 1, 8, "the end of the text"),
        ('{"a": 1 "b": 2}', 1, 9, '"b"'),
        ('{"a" 1}', 1, 6, "1"),
        ('{"a": }', 1, 7, "}"),
        ("[1,,2]", 1, 4, ","),
        ("{a: 1}", 1, 2, "a"),
        ("['a']", 1, 2, "'a'"),
        ('["a\n]', 1, 2, '"a'),
        ("[NaN]", 1, 2, "NaN"),
        ("[-Infinity]", 1, 2, "-Infinity"),
        ("[01]", 1, 2, "01"),
        ("[0x1F]", 1, 2, "0x1F"),
        ('["\\ud800"]', 1, 2, "\\ud800"),
        ('["\\q"]', 1, 3, '"\\q"'),
        ("[1] 2", 1, 5, "2"),
        ("/* no end", 1, 1, "/* no end"),
        ('{"a": 1, "a": 2}', 1, 10, 'the key "a" again'),
        ("[1}", 1, 3, "}"),
        ("\x07", 1, 1, "\\u0007"),
    ],
)
def test_each_error_is_found_at_its_place(text: str, line: int, column: int, found: str) -> None:
    assert [slip[:3] for slip in slips(text)] == [(line, column, found)]


def test_several_errors_are_found_in_one_run() -> None:
    assert [slip[:2] for slip in slips('{"a": tru,\n b: 1,\n "c": [1,,2],\n "d": 1 "e": 2}')] == [
        (1, 7), (2, 2), (3, 10), (4, 9),
    ]  # fmt: skip


def test_what_could_not_be_read_is_marked() -> None:
    assert read_jsonc('{"a": tru, "b": 1}').damaged == {("a",)}
    assert read_jsonc('{"a": 1 "b": 2}').damaged == frozenset()


@pytest.mark.parametrize("opening", ["[", '{"a":', "[1,"])
def test_deep_nesting_is_one_error(opening: str) -> None:
    found = slips(opening * 100_000)
    assert [slip[2:] for slip in found] == [("deep nesting", f"at most {MOST_DEPTH} levels")]


def test_a_huge_number_is_kept_as_a_text_that_fits_nowhere() -> None:
    reading = read_jsonc(f"[{'9' * 5000}, 1e400]")
    assert reading.slips == ()
    assert [str(number)[:5] for number in reading.value] == ["99999", "1e400"]  # type: ignore[attr-defined]  # a list


def test_the_number_of_errors_is_limited() -> None:
    assert len(slips("[" + "x," * 1000 + "]")) == MOST_SLIPS


def test_the_number_of_values_is_limited() -> None:
    assert slips("[" + "1," * (MOST_VALUES + 1) + "]")[0][2] == "a very large document"
