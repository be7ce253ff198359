"""The values of a design as they are shown: decided, open with what they can be, or chosen by a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from verify.load import Loaded
from verify.models.choices import Choice, Term
from verify.models.domain import OpenValue
from verify.models.paths import spots_of
from verify.moved import written
from verify.render.html.sketch import CHOSEN, OPEN, Label
from verify.render.witness import value_text
from verify.verdict import Shown


@dataclass(frozen=True, slots=True)
class Values:
    """How open values are told: `texts` by the path of each, and what a run made of them in `chosen`."""

    texts: Mapping[str, str]
    chosen: Mapping[str, Shown] = field(default_factory=dict)

    def text(self, term: Term | None) -> tuple[str, str]:
        """The text of a value, and its mark: that it is open, chosen, or nothing."""
        if not isinstance(term, Choice):
            return ("none" if term is None else value_text(term)), ""
        if term.name in self.chosen:
            return value_text(self.chosen[term.name]), CHOSEN
        return self.texts.get(term.name, "open"), OPEN

    def label(self, name: str, term: Term | None, after: str = "") -> Label:
        """A line with a value; an open one has a question mark, a chosen one an equals sign."""
        text, mark = self.text(term)
        sign = {OPEN: "? ", CHOSEN: "= "}.get(mark, "")
        return Label(f"{name} {sign}{text}{after}".strip(), mark)


def open_texts(loaded: Loaded) -> dict[str, str]:
    """What each open value can be, by its path in the document."""
    spots = spots_of(loaded.written)
    return {".".join(s.steps): _open_text(s.value) for s in spots if isinstance(s.value, OpenValue)}


def _open_text(value: OpenValue) -> str:
    """A range of all that is permitted is "any"; short lists are told in words."""
    if value.spans:
        widest = value.kind == "asn" and value.values[0] == 1 and int(value.values[-1]) == 2**32 - 1
        return "any" if widest else written(value)
    if len(value.values) <= 3:
        return " or ".join(map(written, value.values))
    return written(value)
