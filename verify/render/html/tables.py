"""Route tables as the console shows them, and two stable states side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from verify.render.html.markup import Child, Markup, code, joined, tag
from verify.render.html.overlay import selected
from verify.render.routes import HEADER, as_path_text
from verify.verdict import RouteRow

MOST_ROWS = 40  # of a table that is open from the start
STATE_HEADER = ("Source", "Next hop", "AS_PATH")


def scrolling(content: Markup, label: str) -> Markup:
    """Content that may be wider than the page: it scrolls in a box of its own, by keyboard too."""
    return tag("div", content, class_="scroll", role="region", aria_label=label, tabindex="0")


def table(caption: str, header: Sequence[Child], body: Markup, class_: str = "") -> Markup:
    """A table with a caption; a first row that is an element already stays as it is."""
    head = tag("tr", *(tag("th", name, scope="col") for name in header))
    return scrolling(
        tag("table", tag("caption", caption), tag("thead", head), tag("tbody", body), class_=class_ or None),
        caption,
    )


def foldable(content: Markup, rows: int, summary: str) -> Markup:
    """Content of many rows, closed until somebody opens it."""
    return tag("details", tag("summary", summary), content) if rows > MOST_ROWS else content


def route_table(rows: Sequence[RouteRow], caption: str) -> Markup:
    """All rows, those of one table together; selected routes stand out."""
    if not rows:
        return tag("p", f"{caption}: no table holds a route.")
    lines: list[Markup] = []
    for name, grouped in groupby(rows, key=lambda row: row.table):
        members = list(grouped)
        for number, row in enumerate(members):
            head = tag("th", code(name), scope="rowgroup", rowspan=len(members)) if number == 0 else None
            lines.append(tag("tr", head, *_cells(row), class_=_class_of(row)))
    made = table(caption, HEADER, joined(lines), "routes")
    return foldable(made, len(rows), f"{caption}: {len(rows)} rows")


def _class_of(row: RouteRow) -> str:
    return "selected" if row.state in ("selected", "goes first") else "not-selected"


def _cells(row: RouteRow) -> list[Markup]:
    return [tag("td", code(row.prefix)), *route_cells(row), tag("td", row.state)]


def route_cells(row: RouteRow | None, class_: str = "") -> list[Markup]:
    """Source, next hop and AS_PATH of a route, or that there is none."""
    marked = class_ or None
    if row is None:
        return [tag("td", "no route", class_=marked, colspan="3")]
    texts = (row.source, row.next_hop or "-", as_path_text(row.as_path))
    return [tag("td", code(text), class_=marked) for text in texts]


def states_table(first: Sequence[RouteRow], second: Sequence[RouteRow], titles: tuple[str, str]) -> Markup:
    """The selected routes of two stable states side by side; rows that differ are marked and say so."""
    one, other = selected(first), selected(second)
    cells = dict.fromkeys((*one, *other))
    head = joined(
        (
            tag(
                "tr",
                *(tag("th", name, scope="col", rowspan="2") for name in ("Table", "Destination", "Compared")),
                *(tag("th", title, scope="colgroup", colspan="3") for title in titles),
            ),
            tag("tr", *(tag("th", name, scope="col") for name in STATE_HEADER * 2)),
        )
    )
    body = [_state_row(cell, one, other) for cell in cells]
    caption = "Selected routes in the two stable states"
    made = tag("table", tag("caption", caption), tag("thead", head), tag("tbody", *body), class_="states")
    return foldable(scrolling(made, caption), len(cells), f"{caption}: {len(cells)} rows")


def _state_row(
    cell: tuple[str, str],
    one: Mapping[tuple[str, str], RouteRow],
    other: Mapping[tuple[str, str], RouteRow],
) -> Markup:
    differs = one.get(cell) != other.get(cell)
    mark = "differs" if differs else ""
    return tag(
        "tr",
        tag("th", code(cell[0]), scope="row"),
        tag("td", code(cell[1])),
        tag("td", tag("strong", "differs") if differs else "same"),
        *route_cells(one.get(cell), mark),
        *route_cells(other.get(cell), mark),
        class_=mark or None,
    )
