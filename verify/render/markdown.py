"""Markdown for a comment on a pull request: the answer in one line, the evidence in a block that opens."""

from __future__ import annotations

import re
from collections.abc import Sequence

from verify.acceptance import acceptance_of, is_accepted, names_of
from verify.batch import Outcome
from verify.findings import accepted_by
from verify.render.layout import Page, printable
from verify.render.mermaid import drawing
from verify.render.report import comparison, verdict_word
from verify.render.text import Detail, render_result
from verify.verdict import PropertyResult, Result, StaleAcceptance

MOST_CHARACTERS = 65_000
SPECIAL = re.compile(r"([\\`*_{}\[\]<>|~$!])")
LINKED = re.compile(r"([@#]|://|www\.)")  # what becomes a mention, a reference or a link by itself
END = "\n\n</details>\n"
MOST_STALE = 20
CUT = "\n… (cut: the whole report is in the text format)\n"


def render_markdown(outcomes: Sequence[Outcome], page: Page) -> str:
    """A section for each scenario, all of them together below the limit of a comment."""
    share = MOST_CHARACTERS // max(len(outcomes), 1) - 200
    listed = outcomes if share > 0 else outcomes[:100]
    sections = [_section(outcome, page, max(share, 400)) for outcome in listed]
    text = "\n".join(sections)
    if len(text) > MOST_CHARACTERS:  # very many scenarios: the headlines alone, as far as they fit
        text = _fitting([_headline(outcome) for outcome in outcomes])
    return text


def _section(outcome: Outcome, page: Page, most: int) -> str:
    start = f"{_headline(outcome)}\n\n<details><summary>Details</summary>\n\n"
    if outcome.result is None:
        report = _fenced("\n".join(outcome.faults) or outcome.failure, most - len(start) - len(END))
        return start + report + END
    table = ["| Property | Verdict | |", "| --- | --- | --- |"]
    table += [_row(p, outcome.result) for p in outcome.result.properties]
    table += [_stale_row(each) for each in outcome.result.stale[:MOST_STALE]]
    head = start + "\n".join([*table, "", ""])
    room = most - len(head) - len(END)
    if room < 400:
        return _headline(outcome) + "\n"
    drawn = _drawings(outcome.result, room // 3)
    report = _fenced(render_result(outcome.result, page, Detail.NORMAL), room - len(drawn))
    return head + drawn + report + END


def _row(entry: PropertyResult, result: Result) -> str:
    """A line of the table: the verdict, and where one is accepted who answers for it."""
    told = dict.fromkeys(
        accepted_by(each) for name in names_of(result, entry) if (each := acceptance_of(result, name))
    )
    verdict = f"{entry.verdict} (accepted)" if is_accepted(result, entry) else str(entry.verdict)
    cells = [plain(entry.summary, 300), *(plain(text, 300) for text in list(told)[:MOST_STALE])]
    return f"| {entry.id} | {verdict} | {'<br>'.join(cells)} |"


def _stale_row(stale: StaleAcceptance) -> str:
    name = plain(stale.acceptance.finding, 300)
    return f"| acceptance | {stale.problem} | {name}: {plain(stale.message, 300)} |"


def _headline(outcome: Outcome) -> str:
    name = outcome.result.name if outcome.result is not None else outcome.source.label
    words = verdict_word(outcome).upper()
    compared = comparison(outcome)
    return f"**routeproof: {plain(name, 200)}: {words}**{f', {compared}' if compared else ''}"


def _drawings(result: Result, most: int) -> str:
    found = ""
    for entry in result.properties:
        drawn = drawing(entry.counterexample) if entry.counterexample is not None else ""
        block = f"{plain(entry.summary, 300)}\n\n```mermaid\n{drawn}\n```\n\n"
        if drawn and len(found) + len(block) <= most:
            found += block
    return found


def _fenced(text: str, most: int) -> str:
    """Text as it is, in a fence that it cannot close, cut to a length."""
    longest = max((len(found) for found in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    room = most - 2 * len(fence) - 10
    shown = text if len(text) <= room else text[: max(room - len(CUT), 0)].rsplit("\n", 1)[0] + CUT
    return f"{fence}text\n{shown.rstrip()}\n{fence}"


def _fitting(lines: list[str]) -> str:
    kept: list[str] = []
    size = 100
    for line in lines:
        size += len(line) + 2
        if size > MOST_CHARACTERS:
            kept.append(f"… and {len(lines) - len(kept)} more")
            break
        kept.append(line)
    return "\n\n".join(kept) + "\n"


def plain(text: str, most: int) -> str:
    """Text in a line, with nothing that Markdown takes for markup."""
    cut = text if len(text) <= most else text[: most - 1] + "…"
    plain = SPECIAL.sub(r"\\\1", " ".join(printable(cut).split()).replace("&", "&amp;"))
    return LINKED.sub(lambda found: f"{found[0][0]}<!-- -->{found[0][1:]}", plain)
