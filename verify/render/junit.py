"""JUnit XML: a suite for each scenario, a case for each property."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from verify.batch import Outcome
from verify.render.layout import Page
from verify.render.text import Detail, render_result
from verify.status import missed
from verify.verdict import PropertyResult, Result, Verdict

UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def render_junit(outcomes: Sequence[Outcome], page: Page) -> str:
    """The document, with no times in it."""
    root = Element("testsuites", name="routeproof")
    for outcome in outcomes:
        suite = SubElement(root, "testsuite", name=_clean(outcome.source.label))
        if outcome.result is None:
            case = SubElement(suite, "testcase", classname=_clean(outcome.source.label), name="scenario")
            text = "\n".join(outcome.faults) or outcome.failure
            error = SubElement(case, "error", message=_clean(text.splitlines()[0] if text else "no result"))
            error.text = _clean(text)
        else:
            _suite(suite, outcome.result, page)
        kinds = {"failures": "failure", "errors": "error"}
        suite.set("tests", str(len(suite)))
        for name, tag in kinds.items():
            suite.set(name, str(sum(case.find(tag) is not None for case in suite)))
    indent(root)
    return tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _suite(suite: Element, result: Result, page: Page) -> None:
    suite.set("name", _clean(result.name))
    unexpected = missed(result)
    for entry in result.properties:
        case = SubElement(suite, "testcase", classname=_clean(result.name), name=entry.id)
        failed = entry.id in unexpected if result.expectations else entry.verdict is not Verdict.PROVED
        if failed:
            wanted = next((e.expected for e in result.expectations if e.property == entry.id), "proved")
            message = f"{entry.verdict}, not {wanted}: {entry.summary}"
            failure = SubElement(case, "failure", type=str(entry.verdict), message=_clean(message))
            failure.text = _clean(_text(result, entry, page))
        else:
            SubElement(case, "system-out").text = _clean(f"{entry.verdict}: {entry.summary}")


def _text(result: Result, entry: PropertyResult, page: Page) -> str:
    alone = replace(result, properties=(entry,), not_checked=(), warnings=())
    return render_result(alone, page, Detail.NORMAL)


def _clean(text: str) -> str:
    """Text that XML can hold."""
    return UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)
