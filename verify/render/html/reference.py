"""The rules, readings and assumptions of a report, and the explanation of every word that it links to."""

from __future__ import annotations

import re
from collections.abc import Sequence

from verify.explain import Explanation, explanations
from verify.models.assumptions import ASSUMPTIONS
from verify.models.choices import Choice
from verify.models.readings import READINGS
from verify.models.rulebook import BY_ID
from verify.models.scenario import Document
from verify.render.html.markup import Markup, about, anchor, code, joined, tag
from verify.render.html.summary import listed
from verify.render.html.tables import foldable, table
from verify.render.text import rule_status
from verify.render.witness import value_text
from verify.verdict import PropertyResult, Result, RuleStatus

ORDER = ("broken", "open", "advice", "kept", "not-applicable")
LINK = re.compile(r'href="#about-([^"]+)"')


def rules_section(result: Result) -> Markup:
    """Every rule with its status, the worst first; those that do not apply are folded."""
    ordered = sorted(result.rules, key=lambda rule: ORDER.index(rule_status(rule)))
    applied = [rule for rule in ordered if rule.status != "not-applicable"]
    idle = [rule for rule in ordered if rule.status == "not-applicable"]
    counts = [f"{len({r.id for r in ordered if rule_status(r) == s})} {s}" for s in ORDER]
    parts = [tag("p", ", ".join(text for text in counts if not text.startswith("0 ")))]
    parts += [_rules(applied, "Rules that apply")] if applied else []
    if idle:
        folded = _rules(idle, "Rules that do not apply")
        parts.append(tag("details", tag("summary", f"{len(idle)} that do not apply"), folded))
    return joined(parts)


def _rules(rules: Sequence[RuleStatus], caption: str) -> Markup:
    body = joined(map(_rule, rules))
    made = table(
        caption,
        ("Rule", "Status", "Kind", "What it is about, and what was found", "Objects", "Source"),
        body,
        "rules",
    )
    return foldable(made, len(rules), f"{caption}: {len(rules)}")


def _rule(rule: RuleStatus) -> Markup:
    status = rule_status(rule)
    values = ", ".join(f"{path} = {value_text(value)}" for path, value in rule.breaks_when.items())
    when = tag("p", "broken when ", code(values)) if values else None
    message = rule.message if rule.message != rule.status else ""
    return tag(
        "tr",
        tag("th", about(rule.id), scope="row"),
        tag("td", tag("span", status, class_=f"status {status}")),
        tag("td", about(rule.kind)),
        tag(
            "td", tag("p", BY_ID[rule.id].title), tag("p", message, class_="found") if message else None, when
        ),
        tag("td", listed([code(name) for name in rule.objects])),
        tag("td", rule.source),
    )


def readings_section(result: Result, document: Document) -> Markup:
    """Each reading: pinned or open, and which verdicts depend on it; then each assumption."""
    body = [
        tag(
            "tr",
            tag("th", about(reading.id, code(reading.id)), scope="row"),
            tag("td", _pinned(document, reading.id)),
            tag("td", reading.about),
            tag("td", listed(_needing(result, reading.id)) or "-"),
            tag("td", listed(_covering(result, reading.id)) or "-"),
        )
        for reading in READINGS
    ]
    header = ("Reading", "Value", "Question", "Needed by the violation of", "Covered by the proof of")
    return table("Readings: behaviour that the vendor's documentation does not settle", header, joined(body))


def _pinned(document: Document, reading_id: str) -> str:
    """The values that the scenario pins, else that it is open."""
    found = []
    holders = (
        document.vpcs,
        document.vpn_gateways,
        document.ipsec_connections,
        document.data_centers,
        document.virtual_border_routers,
        document.cens,
    )
    pinned = dict(document.assume)
    for each in (part for parts in holders for part in parts):
        pinned |= {f"{name}@{each.id}": value for name, value in each.readings.items()}
    for name, value in pinned.items():
        if name.partition("@")[0] == reading_id and not isinstance(value, Choice):
            place = name.partition("@")[2]
            found.append(f"{value_text(value)}{f' for {place}' if place else ''}")
    return ", ".join(found) or "open"


def _needing(result: Result, reading_id: str) -> list[Markup]:
    shown = [(p, p.counterexample) for p in result.properties]
    return [_to(p) for p, example in shown if example and _names(example.readings, reading_id)]


def _covering(result: Result, reading_id: str) -> list[Markup]:
    return [_to(p) for p in result.properties if p.rests_on and _names(p.rests_on.readings, reading_id)]


def _names(listed_names: object, reading_id: str) -> bool:
    names = list(listed_names) if isinstance(listed_names, dict | tuple) else []
    return any(str(name).partition("@")[0] == reading_id for name in names)


def _to(entry: PropertyResult) -> Markup:
    return tag("a", entry.id, href=f"#{anchor(entry.id)}")


def assumptions_section(result: Result) -> Markup:
    """Each assumption of the model, and the proofs that rest on it."""
    body = []
    for assumption in ASSUMPTIONS:
        proofs = [_to(p) for p in result.properties if p.rests_on and assumption.id in p.rests_on.assumptions]
        name = tag("th", about(assumption.id, code(assumption.id)), scope="row")
        body.append(tag("tr", name, tag("td", assumption.statement), tag("td", listed(proofs) or "-")))
    return table("Assumptions of the model", ("Assumption", "What it says", "Rests on it"), joined(body))


def explanations_section(linked: Markup) -> Markup:
    """The explanation of each word to which the rest of the page links."""
    wanted = set(LINK.findall(linked))
    found = {key: entry for key, entry in explanations().items() if anchor(key) in wanted}
    sources = joined(_explanation(key, entry) for key, entry in found.items())
    return tag("div", sources, class_="explanations")


def _explanation(key: str, entry: Explanation) -> Markup:
    told = [tag("div", tag("dt", name), tag("dd", text)) for name, text in entry.facts]
    return tag(
        "article",
        tag("h3", entry.id, " ", tag("small", entry.sort)),
        tag("p", entry.statement),
        tag("dl", *told, class_="facts") if told else None,
        id=f"about-{anchor(key)}",
        tabindex="-1",
    )
