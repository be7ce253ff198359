"""The parts of the evidence: each shows one thing, and is empty where there is nothing to show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from verify.acceptance import acceptance_of
from verify.findings import accepted_by
from verify.models.readings import BY_ID as READINGS
from verify.models.rulebook import BY_ID as RULES
from verify.render.accepted import OTHERS
from verify.render.html.markup import Child, Markup, about, code, joined, tag
from verify.render.html.tables import route_table
from verify.render.remedies import extent, grouped_by_who
from verify.render.routes import route_text
from verify.render.witness import value_text
from verify.verdict import (
    Counterexample,
    Example,
    PropertyResult,
    Recovery,
    Remedies,
    Result,
    RuleStatus,
    Shown,
    Told,
)


def texts(entries: Sequence[str]) -> Markup:
    """A list of texts."""
    return tag("ul", *(tag("li", entry) for entry in entries)) if entries else Markup()


def assignments(values: Mapping[str, Shown], any_value: Sequence[str] = ()) -> Markup:
    """Open values with what they were made, by path, and those that may be anything."""
    pairs = [tag("li", code(path), " = ", code(value_text(value))) for path, value in values.items()]
    pairs += [tag("li", code(path), " = any value") for path in any_value]
    return tag("ul", *pairs, class_="assignments") if pairs else Markup()


def readings(example: Counterexample) -> Markup:
    """Each reading with the question that it answers."""
    found = []
    for name, value in example.readings.items():
        reading = READINGS.get(name.partition("@")[0])
        question = tag("p", reading.about) if reading else None
        found.append(tag("li", about(name, code(name)), " = ", code(value_text(value)), question))
    return tag("ul", *found) if found else Markup()


def way(loop: Sequence[str]) -> Markup:
    steps = [tag("li", code(name)) for name in loop]
    return tag("ol", *steps, class_="path") if steps else Markup()


def packet_facts(packet: Mapping[str, Told]) -> Markup:
    """What is known of a packet; its way as a path, its reason and rules with their explanations."""
    pairs = [tag("div", tag("dt", key), tag("dd", _said(key, said))) for key, said in packet.items()]
    return tag("dl", *pairs, class_="facts") if pairs else Markup()


def _said(key: str, said: Told) -> Child:
    if not isinstance(said, str):
        return joined([joined((about(rule), " ", RULES[rule].title)) for rule in said], "; ")
    if key == "reason":
        return about(said)
    return way(said.split(" > ")) if key == "path" and said else said


def recovered(recovery: Recovery | None) -> Markup:
    """What goes and comes back, and what each table that stays changed had before and has then."""
    if recovery is None:
        return Markup()
    gone = [f"{name} fails and comes back" for name in recovery.failures]
    gone += [f"{name} is withdrawn and comes back" for name in recovery.withdrawn]
    changed = [
        tag(
            "li",
            code(c.table),
            " ",
            code(c.prefix),
            ": ",
            route_text(c.before),
            " becomes ",
            route_text(c.after),
        )
        for c in recovery.changes
    ]
    return joined((texts(gone), tag("ul", *changed)))


def broken_rules(ids: Sequence[str], rules: Sequence[RuleStatus]) -> Markup:
    """What each broken rule says, which objects break it, and where it is documented."""
    found = []
    for rule_id in ids:
        rule = RULES[rule_id]
        told = [
            tag("p", ", ".join(status.objects), ": " if status.objects else "", status.message)
            for status in rules
            if status.id == rule_id and status.status in ("broken", "open")
        ]
        head = tag("p", about(rule_id), f" {rule.kind}: {rule.statement}")
        found.append(tag("li", head, *told, tag("p", "Source: ", rule.source, class_="source")))
    return tag("ul", *found) if found else Markup()


def finding_names(names: Sequence[str], result: Result, *, others: bool) -> Markup:
    """The names by which findings can be accepted, each with who does so; `others` may hide behind it."""
    found = []
    for name in filter(None, names):
        acceptance = acceptance_of(result, name)
        who = None
        if acceptance is not None:
            rest = accepted_by(acceptance).removeprefix("accepted")
            who = tag("p", about("accept", "accepted"), rest)
        found.append(tag("li", code(name), who))
    more = tag("p", OTHERS) if others else None
    return joined((tag("ul", *found), more)) if found else Markup()


def remedy_list(remedies: Remedies) -> Markup:
    """The minimal sets of readings, choices and changes that help, and whether these are all."""
    parts = [
        tag("li", f"{title}:", tag("ul", *(tag("li", code(text)) for text in found)))
        for title, found in grouped_by_who(remedies.sets).items()
    ]
    listed = tag("ul", *parts, class_="remedies") if parts else None
    return joined((listed, tag("p", extent(remedies, len(remedies.sets)), class_="meaning")))


def footing(entry: PropertyResult) -> Markup:
    """How a proof was certified, and what is to be kept in mind of it."""
    proof = entry.rests_on
    if proof is None:
        return tag("p", "Rests on nothing beyond the document.")
    return joined((tag("p", proof.certificate or "none is needed"), texts(proof.notes)))


def proof_example(example: Example | None) -> Markup:
    if example is None:
        return Markup()
    about_run = {**example.configuration, **example.readings}
    events = [f"{name} withdrawn" for name in example.withdrawn]
    events += [f"{name} failed" for name in example.failures]
    packet = [f"{key}: {text}" for key, text in example.packet.items()]
    where = f"Route tables for {example.prefix}" if example.prefix else "Route tables"
    rows = route_table(example.routes, where) if example.routes else None
    inside = (assignments(about_run), texts(events), texts(packet), rows)
    return tag("details", tag("summary", "A stable state in which something is carried"), *inside)
