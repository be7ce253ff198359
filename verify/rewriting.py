"""Edits of the text of a JSON file with comments; what they do not concern stays as it is.

Comments, blanks, the order of keys and last commas are kept byte for byte.  What is
new is written like what stands beside it: on a line of its own or not, as far
indented, with or without a last comma, with the same line ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from verify.jsonc import read_jsonc
from verify.models.edits import Edit, Placed, at, placed, same
from verify.models.values import Misfit, Place
from verify.written import Written

MARK = "\ufeff"


def rewritten(text: str, edits: Iterable[Edit]) -> str:
    """The text with the edits made: reading it gives `applied` of what it gave before.

    Raises `Misfit` for a text that is not in order, and where `applied` does.
    """
    mark = MARK if text.startswith(MARK) else ""
    text = text.removeprefix(MARK)
    reading = read_jsonc(text)
    if reading.slips or reading.damaged:
        raise Misfit("a text that cannot be read whole", "JSON with comments")
    for step in placed(reading.value, edits):
        text = _performed(Written.of(text), step)
    return mark + text


def _performed(written: Written, step: Placed) -> str:
    if step.op == "remove":
        return written.without(step.place)
    if step.op == "add":
        return written.with_item(step.place, None, step.value)
    if step.place not in written.reading.starts:
        return written.with_item(step.place[:-1], str(step.place[-1]), step.value)
    return _replaced(written, step.place, step.value)


def _replaced(written: Written, place: Place, value: object) -> str:
    """Another value; of a list that loses or gains items, or an object that gains keys, the rest stays."""
    before = at(written.reading.value, place)
    if same(before, value):
        return written.text
    for step in _smaller(before, value, place):
        return _replaced(Written.of(_performed(written, step)), place, value)
    return written.spliced((written.start(place), written.end(place), written.new(place, value)))


def _smaller(before: object, value: object, place: Place) -> Iterator[Placed]:
    """A step inside a list or an object that brings it nearer to its new value, if there is one."""
    if isinstance(before, list) and isinstance(value, list):
        kept = [item for item in value if any(same(item, other) for other in before)]
        gone = [n for n, item in enumerate(before) if not any(same(item, other) for other in value)]
        common = [item for n, item in enumerate(before) if n not in gone]
        if same(value[: len(kept)], kept) and same(common, kept) and kept:
            yield from (Placed("remove", (*place, n)) for n in reversed(gone))
            yield from (Placed("add", place, item) for item in value[len(kept) :])
    if isinstance(before, Mapping) and isinstance(value, Mapping) and before.keys() <= value.keys():
        changed = (key for key in value if key not in before or not same(before[key], value[key]))
        yield from (Placed("set", (*place, key), value[key]) for key in changed)
