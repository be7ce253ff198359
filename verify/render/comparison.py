"""What a change does, as text that reads the same with and without colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from verify.compared import (
    Chosen,
    Comparison,
    PropertyChange,
    RouteChange,
    RouteExample,
    RuleChange,
    Trend,
)
from verify.models.choices import Role
from verify.models.condition import Value
from verify.moved import ADDED, REMOVED, Move
from verify.render.layout import Page, Tone, cleaned
from verify.render.routes import as_path_text
from verify.render.witness import value_text
from verify.verdict import PropertyResult, RouteRow

TONES = {Trend.WORSE: Tone.BAD, Trend.BETTER: Tone.GOOD, Trend.SAME: Tone.PLAIN}
MARKS = {"-": Tone.BAD, "+": Tone.GOOD, "~": Tone.UNSURE}
SENTENCES = {
    Trend.WORSE: "Something gets WORSE.",
    Trend.BETTER: "Something gets better, and nothing gets worse.",
    Trend.SAME: "No property and no rule gets worse or better.",
}
SEVERAL = "Several routes of one table under the same choices are those of several stable states."
HEADER = ("", "Table", "Destination", "Source", "Next hop", "AS_PATH")
MOST_NAMED = 3  # of prefixes for which the same is found
MOST_GROUPS = 25  # of prefixes
MOST_ROWS = 12  # of one table; JSON has them all
Line = tuple[str, ...]


def render_comparison(comparison: Comparison, page: Page) -> str:
    """The text of a comparison: what moved, what that does to verdicts and rules, and to routes."""
    found = cleaned(comparison)
    blocks = [
        _headline(found, page),
        _section("Configuration", [_move(move) for move in found.moves], page),
        _titled("Properties", _properties(found.properties, page), page),
        _section("Rules", [_rule(rule) for rule in found.rules], page),
        _section("Warnings", _warnings(found), page),
        _titled("Selected routes", list(_routes(found.routes, page)), page),
        _section("Routes: the list is not complete", [f"- {gap}" for gap in found.gaps], page),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _headline(found: Comparison, page: Page) -> list[str]:
    lines = page.paragraph(f"Before: {found.old.name} ({found.old.file})", hanging=8)
    lines += page.paragraph(f"After:  {found.new.name} ({found.new.file})", hanging=8)
    changes = (found.moves, found.rules, found.warnings_gone, found.warnings_new, found.routes, found.gaps)
    none = found.trend is Trend.SAME and not any(changes)
    sentence = "No difference." if none else SENTENCES[found.trend]
    return [*lines, page.paint(sentence, TONES[found.trend])]


def _titled(title: str, lines: Sequence[str], page: Page) -> list[str]:
    return [page.paint(title, Tone.STRONG), *lines] if lines else []


def _section(title: str, entries: Sequence[str], page: Page) -> list[str]:
    """Entries that begin with a mark, which decides their colour."""
    lines = [
        page.paint(line, MARKS.get(entry[0], Tone.PLAIN))
        for entry in entries
        for line in page.paragraph(entry, indent=2, hanging=6)
    ]
    return _titled(title, lines, page)


def _move(move: Move) -> str:
    if move.kind in (ADDED, REMOVED):
        value = move.after or move.before
        return f"{'+' if move.kind == ADDED else '-'} {move.path}{f' = {value}' if value else ''}"
    return f"~ {move.path} = {move.before} becomes {move.after}"


def _properties(changes: Sequence[PropertyChange], page: Page) -> list[str]:
    rows = [(str(each.trend), each.id, _verdict(each.before), "->", _verdict(each.after)) for each in changes]
    lines = [page.paint(line, tone) for line, tone in _toned(rows, changes, page)]
    for each in changes:
        if each.trend is Trend.WORSE and each.after is not None:
            lines += page.paragraph(f"{each.id}: {each.after.summary}", indent=2, hanging=4)
    return lines


def _toned(rows: Sequence[Line], changes: Sequence[PropertyChange], page: Page) -> Iterator[tuple[str, Tone]]:
    """The lines of a grid, each in the tone of the row to which it belongs."""
    here = -1
    for line in page.grid(rows, indent=2):
        here += not line.startswith("   ")
        yield line, TONES[changes[here].trend]


def _verdict(entry: PropertyResult | None) -> str:
    if entry is None:
        return "not checked"
    return f"{entry.verdict} ({entry.kind})" if entry.kind else str(entry.verdict)


def _rule(change: RuleChange) -> str:
    mark = {Trend.WORSE: "-", Trend.BETTER: "+", Trend.SAME: "~"}[change.trend]
    told = change.after if change.after.status in ("broken", "open") else change.before
    objects = f" [{', '.join(told.objects)}]" if told.objects else ""
    statuses = f"{change.before.status} -> {change.after.status}"
    was = "" if told is change.after else "was: "
    return f"{mark} {change.trend} {change.id} {told.kind}: {statuses}{objects}: {was}{told.message}"


def _warnings(found: Comparison) -> list[str]:
    gone = [f"- gone: {text}" for text in found.warnings_gone]
    return [*gone, *(f"+ new: {text}" for text in found.warnings_new)]


# --- routes -------------------------------------------------------------------


def _routes(changes: Sequence[RouteChange], page: Page) -> Iterator[str]:
    """For each prefix what its tables can select before or after only, and examples."""
    groups: dict[tuple[tuple[str, ...], tuple[bool, bool]], list[RouteChange]] = {}
    for change in changes:
        groups.setdefault((change.prefixes, change.settles), []).append(change)
    for number, ((prefixes, settles), group) in enumerate(groups.items()):
        if number == MOST_GROUPS:
            yield from page.paragraph(f"and {len(groups) - number} more; -f json shows them", indent=2)
            break
        if number:
            yield ""
        yield from page.paragraph(_prefixes(prefixes), indent=2, hanging=4)
        for when, settled in zip(("Before", "After"), settles, strict=True):
            if not settled:
                yield from page.paragraph(f"{when}, nothing is stable for it (see no-route-flapping).", 4)
        yield from _only(group, page)
        yield from _examples(group, page)
    if any(
        _several(side)
        for each in changes
        if each.example
        for side in (each.example.before, each.example.after)
    ):
        yield from page.paragraph(SEVERAL, indent=2)


def _several(rows: Sequence[RouteRow | None]) -> bool:
    return sum(row is None or row.state == "selected" for row in rows) > 1


def _prefixes(prefixes: tuple[str, ...]) -> str:
    first, *others = prefixes
    shown = others[:MOST_NAMED]
    more = [f"{len(others) - len(shown)} more"] if len(others) > len(shown) else []
    return f"{first} (and likewise {', '.join([*shown, *more])})" if others else first


def _only(group: Sequence[RouteChange], page: Page) -> Iterator[str]:
    rows: list[Line] = []
    for each in group:
        before, after = set(map(_compared, each.before)), set(map(_compared, each.after))
        lost = [_row("-", each, row) for row in each.before if _compared(row) not in after]
        won = [_row("+", each, row) for row in each.after if _compared(row) not in before]
        rows += [*_few(lost, each, "-"), *_few(won, each, "+")]
    if rows:
        yield from page.paragraph("can be selected only before (-), only after (+):", indent=4)
        yield from _grid(rows, page)


def _compared(row: RouteRow | None) -> tuple[object, ...]:
    """What is compared of a row: the order of the ASNs in an AS_PATH does not count."""
    return () if row is None else (row.source, row.next_hop, tuple(sorted(row.as_path)))


def _few(rows: list[Line], change: RouteChange, mark: str) -> list[Line]:
    left = len(rows) - MOST_ROWS
    return rows if left <= 0 else [*rows[:MOST_ROWS], (mark, change.table, "", f"{left} more", "", "")]


def _row(mark: str, change: RouteChange, row: RouteRow | None) -> Line:
    table = change.table if change.presence == "both" else f"{change.table} ({change.presence})"
    if row is None:
        return (mark, table, change.prefixes[0], "no route", "", "")
    return (mark, table, row.prefix, row.source, row.next_hop, as_path_text(row.as_path))


def _grid(rows: Sequence[Line], page: Page) -> Iterator[str]:
    lines = page.grid([HEADER, *rows], indent=6)
    yield page.paint(lines[0], Tone.FAINT)
    tone = Tone.PLAIN
    for line in lines[1:]:
        tone = MARKS.get(line[6:7], tone if line[6:7] == " " else Tone.PLAIN)
        yield page.paint(line, tone)


def _examples(group: Sequence[RouteChange], page: Page) -> Iterator[str]:
    """Examples with the same choices together."""
    alike: dict[tuple[Chosen, ...], list[tuple[RouteChange, RouteExample]]] = {}
    for each in group:
        if each.example is not None:
            alike.setdefault(each.example.choices, []).append((each, each.example))
    for choices, found in alike.items():
        yield from page.paragraph("for example" + (", with" if choices else ":"), indent=4)
        for chosen in choices:
            yield from page.paragraph(_chosen(chosen), indent=6, hanging=8)
        rows: list[Line] = []
        for change, example in found:
            before, after = set(map(_compared, example.before)), set(map(_compared, example.after))
            rows += [_row("=" if _compared(r) in after else "-", change, r) for r in example.before]
            rows += [_row("+", change, r) for r in example.after if _compared(r) not in before]
        yield from _grid(rows, page)


def _chosen(chosen: Chosen) -> str:
    if chosen.before == chosen.after:
        return _told(chosen, chosen.after)
    parts = [(when, v) for when, v in (("before", chosen.before), ("after", chosen.after)) if v is not None]
    return "; ".join(f"{when}: {_told(chosen, value)}" for when, value in parts)


def _told(chosen: Chosen, value: Value | None) -> str:
    """A choice in words."""
    kind, _, rest = chosen.name.partition(":")
    if chosen.role is Role.FAILURE:
        return f"{rest} {'has failed' if value else 'works'}"
    if chosen.role is Role.EVENT:
        return f"{rest} {'is there' if value else 'is withdrawn'}"
    if kind == "order":
        table, _, pair = rest.partition(":")
        names = pair.split("<", 1)
        first, second = names if value else reversed(names)
        return f"{table} prefers {first} to {second} when nothing else decides"
    return f"{chosen.name} = {'' if value is None else value_text(value)}"
