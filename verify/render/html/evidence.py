"""The evidence for one verdict: a proof's footing, or a counterexample with everything that it took."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from verify.acceptance import is_accepted, names_of
from verify.glossary import KINDS, WHY_UNKNOWN
from verify.render.html.drawing import Case, Drawing
from verify.render.html.markup import Markup, about, anchor, joined, tag
from verify.render.html.overlay import packet_way
from verify.render.html.parts import (
    assignments,
    broken_rules,
    finding_names,
    footing,
    packet_facts,
    proof_example,
    readings,
    recovered,
    remedy_list,
    texts,
    way,
)
from verify.render.html.steps import player, run_steps
from verify.render.html.summary import badge, scope
from verify.render.html.tables import route_table, states_table
from verify.render.remedies import title_of
from verify.render.witness import configuration_title
from verify.verdict import Counterexample, PropertyResult, RuleStatus, Verdict

ANOTHER = "Another kind of counterexample"
ONE_STATE, OTHER_STATE = "One stable state", "Another stable state"
BEFORE, AFTER = "One stable state, before", "Another stable state, after the return"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the evidence with its title; nothing is shown where there is no content."""

    title: str
    content: Markup


def evidence(entry: PropertyResult, rules: Sequence[RuleStatus], drawing: Drawing) -> Markup:
    """The section of one property."""
    title = f"{anchor(entry.id)}-heading"
    head = tag("h2", about(entry.id), " ", badge(entry.verdict), id=title)
    found = [tag("p", entry.summary, class_="found")]
    if entry.kind:
        meaning = {**KINDS, **WHY_UNKNOWN}.get(entry.kind, "")
        found.append(tag("p", about(entry.kind), ": ", meaning, class_="meaning"))
    content = joined(_content(entry, rules, drawing))
    class_ = f"evidence of-{entry.verdict}"
    return tag("section", head, *found, content, id=anchor(entry.id), class_=class_, aria_labelledby=title)


def _content(entry: PropertyResult, rules: Sequence[RuleStatus], drawing: Drawing) -> Iterator[Markup]:
    """Every part, in the order in which a reader asks: what happens, under what, what would help, why."""
    if entry.verdict is Verdict.PROVED:
        yield _shown(_proof(entry, drawing))
    cases = _cases(entry)
    for number, case in enumerate(cases):
        if number:
            yield tag("h3", case.summary, class_="another")
        yield _shown(_pictured(case, drawing))
        helps = [*_helps(entry)] if number == 0 else []
        yield tag("div", _shown([*_conditions(case.example), *helps]), class_="conditions")
        yield _shown([Section("Broken rules", broken_rules(case.example.broken_rules, rules))])
        yield _shown(_tables(case))
    if not cases:
        yield _shown(_helps(entry))
    others = bool(entry.finding) and is_accepted(drawing.result, entry)
    names = finding_names(names_of(drawing.result, entry), drawing.result, others=others)
    yield _shown([Section("Findings", names), Section("Warnings", texts(entry.warnings))])


def _cases(entry: PropertyResult) -> list[Case]:
    """The counterexample of a property and those of other kinds."""
    examples = [] if entry.counterexample is None else [entry.counterexample, *entry.further]
    told = [(anchor(entry.id), entry.summary)]
    for number in range(2, len(examples) + 1):
        told.append((f"{anchor(entry.id)}-{number}", f"{ANOTHER} ({number} of {len(examples)})"))
    return [Case(*each, entry.id, example) for each, example in zip(told, examples, strict=False)]


def _helps(entry: PropertyResult) -> Iterator[Section]:
    if entry.remedies is not None:
        yield Section(title_of(entry.remedies), remedy_list(entry.remedies))


def _shown(sections: Iterator[Section] | Sequence[Section]) -> Markup:
    return joined(tag("section", tag("h3", s.title), s.content) for s in sections if s.content)


def _proof(entry: PropertyResult, drawing: Drawing) -> Iterator[Section]:
    yield Section("What the proof covers", tag("p", scope(entry, drawing.document)))
    yield Section("Certificate", footing(entry))
    yield Section("An example that the proof covers", proof_example(entry.example))


def _pictured(case: Case, drawing: Drawing) -> Iterator[Section]:
    """What happens, on the design."""
    example, drawn = case.example, drawing.of(case)
    if example.cycle:
        yield Section("The run", joined((player(example, drawn, case.name), run_steps(example))))
    else:
        yield Section(_title(example), drawn)
    yield Section("Loop", way(example.loop))
    yield Section("Not delivered", packet_facts(example.undelivered))
    yield Section("Delivered", packet_facts(example.delivered))


def _title(example: Counterexample) -> str:
    if example.loop:
        return "The loop on the design"
    if example.undelivered or example.delivered:
        return "The way of the packet" if packet_way(example)[1:] else "Where the packet is lost"
    return "The stable states on the design" if example.other_routes else "Where it happens"


def _conditions(example: Counterexample) -> Iterator[Section]:
    """What it took: open values, readings, events and orders."""
    yield Section(configuration_title(example), assignments(example.configuration, example.any_value))
    yield Section("Readings needed", readings(example))
    yield Section("Failed", texts(example.failures))
    yield Section("Withdrawn", texts(example.withdrawn))
    yield Section("Orders of preference", texts(example.orders))
    yield Section("Fail and recover", recovered(example.recovery))


def _tables(case: Case) -> Iterator[Section]:
    """The route tables of the state shown, or of two stable states side by side."""
    example = case.example
    where = f" for {example.prefix}" if example.prefix else ""
    if not example.other_routes:
        if example.routes:
            start = ", where the run starts" if example.cycle else ""
            yield Section(f"Route tables{where}{start}", route_table(example.routes, f"Route tables{where}"))
        return
    titles = (BEFORE, AFTER) if example.recovery is not None else (ONE_STATE, OTHER_STATE)
    yield Section("The states side by side", states_table(example.routes, example.other_routes, titles))
    both = zip(titles, (example.routes, example.other_routes), strict=True)
    whole = [route_table(rows, f"{title}: all routes{where}") for title, rows in both]
    yield Section("All routes", tag("div", *whole, class_="beside"))
