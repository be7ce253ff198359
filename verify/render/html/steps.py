"""A run that repeats: its steps as lists that read by themselves, and the player that steps through them.

Without JavaScript the lists are all there is.  With it the controls appear; the
player reads what each step changes from the list, so nothing is told twice.
"""

from __future__ import annotations

from collections.abc import Sequence

from verify.render.html.markup import Markup, code, joined, tag
from verify.render.html.overlay import selected
from verify.render.html.tables import STATE_HEADER, route_cells, table
from verify.render.routes import as_path_text, late_text, route_text
from verify.render.witness import cycle_title
from verify.verdict import Change, Counterexample, RouteRow, Step

LONG_STEM = 12
BUTTONS = (
    ("first", "Start", "Home"),
    ("back", "Back", "Left arrow"),
    ("play", "Play", "Space"),
    ("forward", "Next", "Right arrow"),
)


def run_steps(example: Counterexample) -> Markup:
    """The lists of steps: what leads to the cycle, and the cycle."""
    if not example.cycle:
        return Markup()
    stem = tag("ol", *(_step(step) for step in example.stem), class_="steps stem")
    before = Markup()
    if example.stem:
        long = len(example.stem) > LONG_STEM
        title = f"Before the cycle: {len(example.stem)} step{'s' if len(example.stem) > 1 else ''}"
        before = tag("details", tag("summary", title), stem, open=not long)
    start = len(example.stem) + 1
    cycle = tag("ol", *(_step(step) for step in example.cycle), class_="steps cycle", start=start)
    return joined((before, tag("h4", cycle_title(example.cycle)), cycle))


def _step(step: Step) -> Markup:
    """A table updates: what it does not know yet, and the rows that change, each marked."""
    changes = [_change(change, step.activate) for change in step.changes] or [tag("p", "no change")]
    head = tag("p", code(step.activate), f" updates{late_text(step)}")
    return tag("li", head, *changes, data_active=step.activate)


def _change(change: Change, activated: str) -> Markup:
    place = joined((code(change.table), ": ")) if change.table != activated else None
    after = change.after
    if change.before is None:
        sign, word, told = "+", "new", route_text(after)
    elif after is None:
        sign, word, told = "-", "gone", route_text(change.before)
    else:
        sign, word, told = "~", "changed", f"{route_text(change.before)} becomes {route_text(after)}"
    return tag(
        "p",
        tag("span", sign, class_="sign", aria_hidden="true"),
        tag("span", f"{word}: ", class_="unseen"),
        place,
        code(change.prefix),
        f" {told}",
        class_=f"change {word}",
        data_table=change.table,
        data_prefix=change.prefix,
        data_source=after.source if after else None,
        data_hop=after.next_hop if after else None,
        data_path=as_path_text(after.as_path) if after else None,
    )


def player(example: Counterexample, drawing: Markup, name: str) -> Markup:
    """The drawing with the controls and the table that the player keeps up to date."""
    total = len(example.stem) + len(example.cycle)
    buttons = [
        tag("button", label, type="button", data_do=do, title=f"{label} ({key})")
        for do, label, key in BUTTONS
    ]
    slider = tag(
        "input",
        type="range",
        min="0",
        max=total,
        value="0",
        step="1",
        aria_label="Step of the run",
        data_do="seek",
    )
    controls = tag(
        "div",
        *buttons,
        slider,
        tag("p", "", class_="now-at", role="status", aria_live="polite"),
        class_="controls",
        role="group",
        aria_label="Player of the run: arrow keys step, space plays, home goes to the start",
        hidden=True,
    )
    return tag(
        "div",
        drawing,
        controls,
        _state(example),
        class_="player",
        data_stem=len(example.stem),
        id=f"{name}-player",
    )


def _state(example: Counterexample) -> Markup:
    """The routes where the run starts, of every table that ever has one."""
    start = selected(example.routes)
    steps: Sequence[Step] = (*example.stem, *example.cycle)
    cells = dict.fromkeys((*start, *((c.table, c.prefix) for step in steps for c in step.changes)))
    body = [_state_row(table_, prefix, start.get((table_, prefix))) for table_, prefix in cells]
    header = ("Table", "Destination", *STATE_HEADER)
    return table("Selected routes where the run starts", header, joined(body), "now")


def _state_row(name: str, prefix: str, row: RouteRow | None) -> Markup:
    cells = route_cells(row) if row is not None else [tag("td", "no route"), tag("td", "-"), tag("td", "-")]
    return tag(
        "tr",
        tag("th", code(name), scope="row"),
        tag("td", code(prefix)),
        *cells,
        data_table=name,
        data_prefix=prefix,
    )
