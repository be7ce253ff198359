"""Routes as text: tables as the console shows them, loops as paths, and steps with what they change."""

from __future__ import annotations

from collections.abc import Sequence

from verify.render.layout import Page, Tone
from verify.verdict import Change, RouteRow, Step

HEADER = ("Table", "Destination", "Source", "Next hop", "AS_PATH", "State")


def as_path_text(as_path: Sequence[int]) -> str:
    """The ASNs of a path, nearest first; a dash for an empty one."""
    return " ".join(map(str, as_path)) or "-"


def grouped_rows(rows: Sequence[RouteRow], compared: Sequence[RouteRow], page: Page) -> list[str]:
    """One grid over all tables; a `~` marks a row that is not among those `compared`."""
    if not rows:
        return []
    cells: list[tuple[str, ...]] = [HEADER]
    table = None
    for row in rows:
        mark = "~ " if compared and row not in compared else ""
        shown = mark + ("" if row.table == table else row.table)
        table = row.table
        path = as_path_text(row.as_path)
        cells.append((shown, row.prefix, row.source, row.next_hop or "-", path, row.state))
    lines = page.grid(cells, indent=4)
    return [page.paint(lines[0], Tone.FAINT), *lines[1:]]


def loop_lines(loop: Sequence[str], page: Page) -> list[str]:
    """A loop as a path with an arrow back to its start, or as a wrapped path where it is too long."""
    if not loop:
        return []
    path = list(loop[:-1]) if len(loop) > 1 and loop[0] == loop[-1] else list(loop)
    text = " -> ".join(path)
    first, last = len(path[0]) // 2, len(text) - 1 - len(path[-1]) // 2
    if len(text) + 4 > page.width or last - first < 3:
        return page.paragraph(" -> ".join((*path, path[0])), indent=4)
    middle = "-" * (last - first - 1)
    return [
        " " * 4 + text,
        " " * (4 + first) + "^" + " " * len(middle) + "|",
        " " * (4 + first) + "+" + middle + "+",
    ]


def step_lines(steps: Sequence[Step], page: Page) -> list[str]:
    """Numbered steps: the table that updates, what it does not know yet, and only the rows that change."""
    lines: list[str] = []
    margin = len(str(len(steps)))
    for number, step in enumerate(steps, start=1):
        title = f"{number:>{margin}}. {step.activate} updates{late_text(step)}"
        lines += page.paragraph(title, indent=4, hanging=6 + margin)
        for change in step.changes:
            lines += change_lines(change, step.activate, page, indent=6 + margin)
        if not step.changes:
            lines.append(" " * (6 + margin) + "no change")
    return lines


def late_text(step: Step) -> str:
    """Of which neighbours it knows an older state; nothing where it knows the present state of all."""
    return f" before newer messages of {', '.join(step.late)} arrive" if step.late else ""


def change_lines(change: Change, activated: str, page: Page, indent: int) -> list[str]:
    """What a table had and has; the table is named where it is not the one that is activated."""
    place = "" if change.table == activated else f"{change.table}: "
    if change.before is None:
        lines = [f"+ {place}{change.prefix} {route_text(change.after)}"]
    elif change.after is None:
        lines = [f"- {place}{change.prefix} {route_text(change.before)}"]
    else:
        lines = [f"~ {place}{change.prefix} {route_text(change.before)}"]
        lines.append(f"  becomes {route_text(change.after)}")
    whole = "   ".join(line.strip() for line in lines)
    if len(whole) + indent <= page.width:
        lines = [whole]
    return [part for line in lines for part in _marked(line, page, indent)]


def _marked(line: str, page: Page, indent: int) -> list[str]:
    tones = {"+": Tone.GOOD, "-": Tone.BAD, "~": Tone.UNSURE}
    return [
        page.paint(part, tones.get(line[0], Tone.PLAIN))
        for part in page.paragraph(line, indent=indent, hanging=indent + 4)
    ]


def route_text(row: RouteRow | None) -> str:
    if row is None:
        return "no route"
    via = f" via {row.next_hop}" if row.next_hop else ""
    return f"{row.source}{via}, AS_PATH {as_path_text(row.as_path)}"
