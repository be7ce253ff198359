"""JUnit XML: a suite for each scenario, a case for each property."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from verify.acceptance import acceptance_of, is_accepted, names_of
from verify.batch import Outcome
from verify.findings import accepted_by
from verify.render.layout import Page
from verify.render.text import Detail, render_result
from verify.status import missed
from verify.verdict import PropertyResult, Result, Verdict

UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def render_junit(outcomes: Sequence[Outcome], page: Page) -> str:
    """The document, with no times in it."""
    root = Element("testsuites", name="routeproof")
    names = Counter(_name(outcome) for outcome in outcomes)
    for outcome in outcomes:
        name = _name(outcome)
        unique = name if names[name] == 1 else f"{name} ({outcome.source.label})"
        suite = SubElement(root, "testsuite", name=_clean(unique))
        if outcome.result is None:
            case = SubElement(suite, "testcase", classname=_clean(outcome.source.label), name="scenario")
            text = "\n".join(outcome.faults) or outcome.failure
            error = SubElement(case, "error", message=_clean(text.splitlines()[0] if text else "no result"))
            error.text = _clean(text)
        else:
            _suite(suite, unique, outcome.result, page)
        kinds = {"failures": "failure", "errors": "error", "skipped": "skipped"}
        suite.set("tests", str(len(suite)))
        for name, tag in kinds.items():
            suite.set(name, str(sum(case.find(tag) is not None for case in suite)))
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _name(outcome: Outcome) -> str:
    return outcome.source.label if outcome.result is None else outcome.result.name


def _suite(suite: Element, name: str, result: Result, page: Page) -> None:
    unexpected = missed(result)
    for entry in result.properties:
        case = SubElement(suite, "testcase", classname=_clean(name), name=entry.id)
        failed = entry.id in unexpected if result.expectations else entry.verdict is not Verdict.PROVED
        if is_accepted(result, entry) and entry.id not in unexpected:
            SubElement(case, "skipped", message=_clean(_accepted(result, entry)))
        elif failed:
            wanted = next((e.expected for e in result.expectations if e.property == entry.id), "proved")
            message = f"{entry.verdict}, not {wanted}: {entry.summary}"
            failure = SubElement(case, "failure", type=str(entry.verdict), message=_clean(message))
            failure.text = _clean(_text(result, entry, page))
        else:
            SubElement(case, "system-out").text = _clean(f"{entry.verdict}: {entry.summary}")
    for stale in result.stale:
        about = f"acceptance of {stale.acceptance.finding}"
        case = SubElement(suite, "testcase", classname=_clean(name), name=_clean(about))
        SubElement(case, "failure", type=stale.problem, message=_clean(f"{stale.problem}: {stale.message}"))


def _accepted(result: Result, entry: PropertyResult) -> str:
    """What is accepted, by whom and why."""
    told = [
        f"{accepted_by(each)} [{name}]"
        for name in names_of(result, entry)
        if (each := acceptance_of(result, name))
    ]
    return "; ".join((f"{entry.verdict}: {entry.summary}", *told))


def _text(result: Result, entry: PropertyResult, page: Page) -> str:
    alone = replace(result, properties=(entry,), not_checked=(), warnings=())
    return render_result(alone, page, Detail.NORMAL)


def _clean(text: str) -> str:
    """Text that XML can hold."""
    return UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)
