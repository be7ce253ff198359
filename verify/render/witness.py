"""A counterexample as text: what was chosen, the route tables, the loop or the cycle, and the remedies."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from verify.models.condition import Value
from verify.models.readings import BY_ID as READINGS
from verify.render.layout import Page, Tone
from verify.render.routes import change_lines, grouped_rows, loop_lines, step_lines
from verify.verdict import (
    Counterexample,
    Example,
    Recovery,
    RuleStatus,
    Shown,
    Step,
    Told,
)

LONG_STEM = 8
DEPARTURES = {
    "failures": ("failure", "failures"),
    "open_values": ("open value", "open values"),
    "readings": ("reading", "readings"),
    "announced": ("announced prefix", "announced prefixes"),
    "withdrawn": ("withdrawal", "withdrawals"),
}


def section(title: str, lines: Sequence[str], page: Page) -> list[str]:
    """A titled part of the evidence; nothing at all where there are no lines."""
    return ["", "  " + page.paint(title, Tone.STRONG), *lines] if lines else []


def counterexample_lines(
    example: Counterexample, rules: Sequence[RuleStatus], told: Collection[str], page: Page, *, full: bool
) -> list[str]:
    """Every part of a counterexample that has something to say; rules in `told` are named only."""
    parts = (
        (configuration_title(example), _configuration(example, page)),
        ("Readings needed", _readings(example.readings, page)),
        ("Withdrawn", _listed(example.withdrawn, page)),
        ("Failed", _listed(example.failures, page)),
        ("Orders", _listed(example.orders, page)),
        *_route_tables(example, page, two=bool(example.other_routes)),
        ("Fail and recover", _recovery(example.recovery, page)),
        ("Loop", loop_lines(example.loop, page)),
        ("Before the cycle", _stem(example.stem, page, full=full)),
        (cycle_title(example.cycle), step_lines(example.cycle, page)),
        ("Not delivered", _undelivered(example.undelivered, page)),
        ("Delivered", _undelivered(example.delivered, page)),
        ("Broken rules", _broken_rules(example.broken_rules, rules, told, page)),
    )
    return [line for title, lines in parts for line in section(title, lines, page)]


def configuration_title(example: Counterexample) -> str:
    """That nothing departs less from the defaults, or that nothing smaller was found."""
    if not example.departures:
        return "Configuration"
    size = "smallest" if example.smallest else "smallest found"
    counts = [f"{n} {DEPARTURES[name][n != 1]}" for name, n in example.departures.items() if n]
    return f"Configuration, the {size}: {', '.join(counts) or 'nothing'} away from the defaults"


def _configuration(example: Counterexample, page: Page) -> list[str]:
    """The open values that matter, and those that may be anything."""
    lines = _assignments(example.configuration, page)
    return lines + _listed([f"{path} = any value" for path in example.any_value], page)


def example_lines(example: Example | None, page: Page) -> list[str]:
    """A run that a proof covers."""
    if example is None:
        return []
    parts = (
        ("open values", _assignments(example.configuration, page)),
        ("readings", _assignments(example.readings, page)),
        ("withdrawn", _listed(example.withdrawn, page)),
        ("failed", _listed(example.failures, page)),
        (f"route tables for {example.prefix}", grouped_rows(example.routes, (), page)),
        ("a packet", _listed([f"{key}: {text}" for key, text in example.packet.items()], page)),
    )
    return [line for about, lines in parts for line in section(f"For example: {about}", lines, page)]


def _route_tables(example: Counterexample, page: Page, *, two: bool) -> Iterator[tuple[str, list[str]]]:
    """The route tables of the state shown, or of two different stable states."""
    about = f" for {example.prefix}" if example.prefix else ""
    if not two:
        when = ", where the run starts" if example.cycle else ""
        yield f"Route tables{about}{when}", grouped_rows(example.routes, (), page)
        return
    empty = ["    no table holds a route"]
    one, another = "one stable state", "another stable state"
    if example.recovery is not None:
        one, another = f"{one}, before", f"{another}, after the return"
    yield f"Route tables{about}, {one}", grouped_rows(example.routes, (), page) or empty
    other = grouped_rows(example.other_routes, example.routes, page)
    yield f"Route tables{about}, {another}", other or empty


def _recovery(recovery: Recovery | None, page: Page) -> list[str]:
    """What goes and comes back, and what each table that stays changed had before and has then."""
    if recovery is None:
        return []
    gone = [f"{name} fails and comes back" for name in recovery.failures]
    gone += [f"{name} is withdrawn and comes back" for name in recovery.withdrawn]
    changed = [line for each in recovery.changes for line in change_lines(each, "", page, indent=4)]
    return [*_listed(gone, page), *changed]


def cycle_title(cycle: Sequence[Step]) -> str:
    steps = "1 step repeats" if len(cycle) == 1 else f"{len(cycle)} steps repeat"
    return f"Cycle: {steps} for ever"


def value_text(value: Shown) -> str:
    """A value as it is written in a scenario; of several prefixes all."""
    if isinstance(value, tuple):
        return ", ".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _assignments(values: Mapping[str, Shown], page: Page) -> list[str]:
    return _listed([f"{path} = {value_text(value)}" for path, value in values.items()], page)


def _listed(entries: Sequence[str], page: Page) -> list[str]:
    return [line for entry in entries for line in page.paragraph(entry, indent=4, hanging=6)]


def _readings(readings: Mapping[str, Value], page: Page) -> list[str]:
    """Each reading with the question that it answers."""
    lines = []
    for name, value in readings.items():
        reading = READINGS.get(name.partition("@")[0])
        lines += page.paragraph(f"{name} = {value_text(value)}", indent=4, hanging=6)
        lines += page.paragraph(reading.about, indent=6) if reading else []
    return lines


def _stem(stem: Sequence[Step], page: Page, *, full: bool) -> list[str]:
    if len(stem) > LONG_STEM and not full:
        return page.paragraph(f"{len(stem)} steps lead to the cycle; -v shows them", indent=4)
    return step_lines(stem, page)


def _undelivered(undelivered: Mapping[str, Told], page: Page) -> list[str]:
    """What is known of a packet; each rule that speaks of its end with its title."""
    lines = [f"{key}: {said}" for key, said in undelivered.items() if isinstance(said, str)]
    return _listed([*lines, *_titles(undelivered.get("rules", ()))], page)


def _titles(ids: Sequence[str]) -> list[str]:
    if not ids:
        return []
    from verify.models.rulebook import BY_ID  # needs pydantic: only where a rule is named

    return [f"rule {rule_id}: {BY_ID[rule_id].title}" for rule_id in ids]


def _broken_rules(
    ids: Sequence[str], rules: Sequence[RuleStatus], told: Collection[str], page: Page
) -> list[str]:
    """What each broken rule says, which objects break it, and where it is documented."""
    if not ids:
        return []
    from verify.models.rulebook import BY_ID  # needs pydantic: only where a rule is broken

    lines = []
    for rule_id in ids:
        rule = BY_ID[rule_id]
        if rule_id in told:
            lines += page.paragraph(f"{rule_id} {rule.kind}: {rule.title} (see above)", indent=4, hanging=8)
            continue
        lines += page.paragraph(f"{rule_id} {rule.kind}: {rule.statement}", indent=4, hanging=8)
        for status in rules:
            if status.id == rule_id and status.status in ("broken", "open"):
                objects = f"{', '.join(status.objects)}: " if status.objects else ""
                lines += page.paragraph(objects + status.message, indent=8)
        lines += page.paragraph(f"Source: {rule.source}", indent=8)
    return lines
