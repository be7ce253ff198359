"""A fix as text: the answer, what it costs, the change of the file, and the steps."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from verify.fixing import Answer, Fix
from verify.ordering import Ordered, Worse
from verify.render.layout import Page, Tone, cleaned, printable

ANSWERS = {
    Answer.FIXED: ("FIXED", Tone.GOOD),
    Answer.NOTHING: ("NOTHING TO FIX", Tone.GOOD),
    Answer.NONE: ("NO FIX", Tone.BAD),
    Answer.STOPPED: ("NO FIX FOUND", Tone.UNSURE),
}
MARKS = {"-": Tone.BAD, "+": Tone.GOOD, "@": Tone.FAINT}
HARMLESS = "No step makes anything worse: the design after each of them was checked."
ONE = "It is one step."
HARMFUL = (
    "There is no order in which no step makes anything worse. In this one least gets worse, as said below "
    "the steps."
)
STOPPED = "The search for an order in which no step makes anything worse stopped after {} designs."


def write_text(path: Path, text: str) -> None:
    """Write a scenario as it is, byte for byte.  Raises `OSError`."""
    path.write_bytes(text.encode("utf-8"))


def render_fix(found: Fix, page: Page, written_to: str = "") -> str:
    """The text of a fix; the change is not shown where it was written to a file."""
    blocks = [
        [*_headline(found, page), *_properties(found, page)],
        _charges(found, page),
        [] if written_to else _change(found, page),
        _steps(found.order, page) if found.order else [],
        _notes(found, written_to, page),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _headline(found: Fix, page: Page) -> list[str]:
    word, tone = ANSWERS[found.answer]
    lines = page.paragraph(f"{printable(found.name)}: {word}{_how(found)}", hanging=2)
    return [line.replace(f": {word}", f": {page.paint(word, tone)}") for line in lines]


def _how(found: Fix) -> str:
    if found.answer is Answer.FIXED:
        how = "the cheapest" if found.mending.smallest else "the cheapest found"
        return f" at a cost of {found.mending.cost}, {how}"
    return " within the changes that are considered" if found.answer is Answer.NONE else ""


def _properties(found: Fix, page: Page) -> list[str]:
    after = {} if found.after is None else {entry.id: entry.verdict for entry in found.after.properties}
    rows = [
        (entry.id, str(entry.verdict), *(("->", str(after[entry.id])) if found.edits else ("", "")))
        for entry in found.before.properties
    ]
    return page.grid(rows, indent=2)


def _charges(found: Fix, page: Page) -> list[str]:
    rows = [
        (str(charge.price), charge.kind, printable("; ".join(edit.path for edit in charge.edits)))
        for charge in found.charges
    ]
    return [page.paint("Cost", Tone.STRONG), *page.grid(rows, indent=2)] if rows else []


def _change(found: Fix, page: Page) -> list[str]:
    lines = [printable(line.removesuffix("\r")) for line in found.diff.removesuffix("\n").split("\n")]
    painted = [page.paint(line, MARKS.get(line[:1], Tone.PLAIN)) for line in lines]
    return [page.paint("Change", Tone.STRONG), *painted] if found.diff else []


def _steps(order: Ordered, page: Page) -> list[str]:
    lines = [page.paint("Steps", Tone.STRONG), *page.paragraph(_about(order), indent=2)]
    for number, (action, worse) in enumerate(zip(order.actions, order.worse, strict=True), start=1):
        lead = f"{number}. "
        lines += page.paragraph(f"{lead}{printable(action.text)}", indent=2, hanging=2 + len(lead))
        lines += [page.paint(line, Tone.BAD) for line in _worse(worse, page, 2 + len(lead))]
    return lines


def _about(order: Ordered) -> str:
    if len(order.actions) == 1:
        return ONE
    if order.harmless:
        return HARMLESS
    return HARMFUL if order.complete else STOPPED.format(order.checked)


def _worse(worse: Sequence[Worse], page: Page, indent: int) -> list[str]:
    told = "; ".join(f"{each.id} is {each.after}, which was {each.before}" for each in worse)
    return page.paragraph(f"After it, until a later step: {told}", indent, indent + 2) if told else []


def _notes(found: Fix, written_to: str, page: Page) -> list[str]:
    written = f"The scenario with this change was written to {written_to}." if written_to else ""
    notes = (cleaned(found.mending.note), *found.notes, written)
    return [line for note in notes if note for line in page.paragraph(f"Note: {note}", hanging=2)]
