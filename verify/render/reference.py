"""The reference as text and Markdown: explanations, and tables of the rulebook and the readings."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from verify.explain import Explanation
from verify.models.readings import READINGS
from verify.models.rulebook import RULES
from verify.models.rules.rule import Rule
from verify.render.layout import Page, Tone

RULE_HEADER = ("Rule", "Kind", "What it says", "If broken", "About")
NARROW_COLUMNS = 4  # those that fit side by side on a terminal


def render_explanation(entry: Explanation, page: Page) -> str:
    """One explanation as text."""
    title = page.paint(entry.id, Tone.STRONG) + f" ({entry.sort})"
    lines = [title, *page.paragraph(entry.statement, indent=2)]
    for label, text in entry.facts:
        lines += page.paragraph(f"{label}: {text}", indent=2, hanging=4)
    return "\n".join(lines) + "\n"


def render_topics(entries: Mapping[str, Explanation], page: Page) -> str:
    """All ids that can be explained, by their sort."""
    sorts: dict[str, list[str]] = {}
    for entry in entries.values():
        sorts.setdefault(entry.sort, []).append(entry.id)
    lines = [
        line for sort, ids in sorts.items() for line in page.paragraph(f"{sort}: {', '.join(ids)}", hanging=2)
    ]
    return "\n".join(lines) + "\n"


def render_rules(name: str, page: Page) -> str:
    """The rulebook in the format `name`."""
    if name == "json":
        return json.dumps([_rule_document(rule) for rule in RULES], indent=2) + "\n"
    rows = [(rule.id, str(rule.kind), rule.statement, rule.consequence, rule.objects) for rule in RULES]
    if name == "markdown":
        return markdown_table(RULE_HEADER, rows)
    lines = page.grid([row[:NARROW_COLUMNS] for row in (RULE_HEADER, *rows)])
    return "\n".join([page.paint(lines[0], Tone.STRONG), *lines[1:]]) + "\n"


def _rule_document(rule: Rule) -> dict[str, str]:
    return {
        "id": rule.id,
        "kind": str(rule.kind),
        "title": rule.title,
        "statement": rule.statement,
        "objects": rule.objects,
        "consequence": rule.consequence,
        "modelled": rule.modelled,
        "source": rule.source,
    }


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; a bar in a cell does not end it."""
    ruled = [header, ["---"] * len(header), *rows]
    return "".join("| " + " | ".join(_cell(text) for text in row) + " |\n" for row in ruled)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def readings_markdown() -> str:
    """The readings as a Markdown document, one section each."""
    parts = []
    for reading in READINGS:
        values = ", ".join(f"`{str(value).lower()}`" for value in reading.values)
        scope = f" One value per {reading.per.replace('_', ' ')}." if reading.per else ""
        parts.append(
            f"## `{reading.id}`\n\n{reading.about}\n\nValues: {values}.{scope}\n\n{reading.source}\n"
        )
    return "\n".join(parts)


def rules_markdown() -> str:
    """The rulebook as a Markdown document: an overview, then what each rule rests on."""
    rows = [(f"[{rule.id}](#{rule.id.lower()})", str(rule.kind), rule.title, rule.objects) for rule in RULES]
    parts = [markdown_table(("Rule", "Kind", "Title", "About"), rows)]
    for rule in RULES:
        facts = (("If broken", rule.consequence), ("In the model", rule.modelled), ("Source", rule.source))
        listed = "".join(f"- {label}: {text}\n" for label, text in facts if text)
        parts.append(f"## {rule.id}\n\n{rule.statement}\n\n{listed}")
    return "\n".join(parts)
