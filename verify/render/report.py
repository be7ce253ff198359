"""The outcomes of a whole run: reports, faults, and the summary of several scenarios."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from verify.acceptance import in_words
from verify.batch import Outcome
from verify.render.json import render_json
from verify.render.layout import Page, Tone, printable
from verify.render.text import Detail, render_result
from verify.status import ExitStatus, missed

MOST_FAULTS = 30
TONES = {ExitStatus.FINE: Tone.GOOD, ExitStatus.UNDECIDED: Tone.UNSURE}


def render_outcomes(
    outcomes: Sequence[Outcome], name: str, page: Page, detail: Detail, *, several: bool
) -> str:
    """A whole run in the format `name`."""
    if name == "json":
        return render_json([each.result for each in outcomes if each.result is not None], several=several)
    if name != "text":
        return _for_tools(outcomes, name, page)
    reports = [render_outcome(outcome, page, detail, several=several) for outcome in outcomes]
    summary = render_summary(outcomes, page) if several and detail > Detail.QUIET else ""
    return "".join(reports) + summary


def _for_tools(outcomes: Sequence[Outcome], name: str, page: Page) -> str:
    """A whole run for a reviewing or testing tool."""
    from verify.render import github, junit, markdown, sarif

    match name:
        case "github":
            return github.render_github(outcomes)
        case "junit":
            return junit.render_junit(outcomes, page)
        case "sarif":
            return sarif.render_sarif(outcomes)
    return markdown.render_markdown(outcomes, page)


def render_outcome(outcome: Outcome, page: Page, detail: Detail, *, several: bool) -> str:
    """The report on one scenario, under its file name where there are several.

    A scenario found in a folder whose result is as wanted is shown by its verdict lines alone.
    """
    if outcome.result is None:
        return ""
    if outcome.source.found_in_folder and outcome.status is ExitStatus.FINE and detail is Detail.NORMAL:
        detail = Detail.QUIET
    report = render_result(outcome.result, page, detail)
    if not several:
        return report
    title = page.paint(printable(outcome.source.label), Tone.STRONG)
    return f"== {title} ==\n{report}\n"


def render_summary(outcomes: Sequence[Outcome], page: Page) -> str:
    """One line per scenario, and how many there are of each sort."""
    rows = [(printable(each.source.label), verdict_word(each), comparison(each)) for each in outcomes]
    lines = page.grid([("Scenario", "Verdict", "Expectations"), *rows], indent=2)
    counts = Counter(comparison(each) or verdict_word(each) for each in outcomes)
    total = ", ".join(f"{count} {word}" for word, count in sorted(counts.items()))
    title = page.paint("Summary", Tone.STRONG)
    return "\n".join([title, *lines, *page.paragraph(f"{len(outcomes)} scenarios: {total}")]) + "\n"


def verdict_word(outcome: Outcome) -> str:
    """The verdict, or why there is none."""
    if outcome.result is not None:
        return str(outcome.result.verdict)
    return "bad input" if outcome.faults else "internal error"


def comparison(outcome: Outcome) -> str:
    """Whether the result is what the scenario expects, and what is accepted."""
    if outcome.result is None:
        return ""
    expected = "not as expected" if missed(outcome.result) else "as expected"
    words = (expected if outcome.result.expectations else "", in_words(outcome.result))
    return ", ".join(word for word in words if word)


def render_problem(outcome: Outcome, detail: Detail) -> str:
    """What kept a scenario from being checked, for stderr; the traceback only where all is shown."""
    if outcome.result is not None:
        return ""
    lines = _faults(outcome, detail) if outcome.faults else _failure(outcome, detail)
    return "".join(printable(line) + "\n" for line in lines)


def _faults(outcome: Outcome, detail: Detail) -> list[str]:
    shown = outcome.faults if detail is Detail.VERBOSE else outcome.faults[:MOST_FAULTS]
    left = len(outcome.faults) - len(shown)
    more = [f"{outcome.source.label}: {left} more faults; -v shows them"] if left else []
    return [*shown, *more]


def _failure(outcome: Outcome, detail: Detail) -> list[str]:
    trace = outcome.trace.splitlines() if detail is Detail.VERBOSE else []
    hint = "; -v shows where" if outcome.trace and not trace else ""
    return [*trace, f"{outcome.source.label}: internal error: {outcome.failure}{hint}"]
