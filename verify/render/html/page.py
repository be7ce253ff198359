"""The report as one page: everything inside, nothing from outside, and a policy that forbids the rest."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files

from verify.load import Loaded
from verify.render.html.drawing import Drawing
from verify.render.html.evidence import evidence
from verify.render.html.markup import Markup, anchor, joined, raw, tag
from verify.render.html.parts import texts
from verify.render.html.reference import (
    assumptions_section,
    explanations_section,
    readings_section,
    rules_section,
)
from verify.render.html.summary import facts, headline, verdicts
from verify.verdict import Result


def render_report(loaded: Loaded, result: Result) -> str:
    """The HTML of one result, in ASCII; `loaded` holds the document that was checked, with assumptions."""
    style, script = (
        files(__package__).joinpath(f"report.{kind}").read_text("utf-8") for kind in ("css", "js")
    )
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", attributes={"http-equiv": "Content-Security-Policy"}, content=_policy(style, script)),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", f"{result.name}: {result.verdict.upper()}"),
        tag("style", raw(style)),
    )
    body = tag("body", _body(loaded, result), tag("script", raw(script)))
    page = f"<!DOCTYPE html>\n{tag('html', head, body, lang='en')}\n"
    return page.encode("ascii", "xmlcharrefreplace").decode("ascii")


def _policy(style: str, script: str) -> str:
    """Nothing is loaded and nothing runs but the style sheet and the script of this package."""
    return (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _body(loaded: Loaded, result: Result) -> Markup:
    drawing = Drawing(loaded, result)
    top = tag(
        "header",
        headline(result),
        tag("button", "Dark theme", type="button", id="theme", aria_pressed="false", hidden=True),
    )
    readings = loaded.document.gadget is None  # a gadget has no platform of which anything is read
    sections = (
        _section("verdicts", "Verdicts", verdicts(result, loaded)),
        _section("design", "The design", joined((facts(result, loaded.document), drawing.design()))),
        *(evidence(entry, result.rules, drawing) for entry in result.properties),
        _section("rules", "Rules", rules_section(result)),
        *([_section("readings", "Readings", readings_section(result, loaded.document))] if readings else []),
        _section("assumptions", "Assumptions", assumptions_section(result)),
        *([_section("warnings", "Warnings", texts(result.warnings))] if result.warnings else []),
    )
    linked = joined(sections)
    known = _section("explanations", "Explanations", explanations_section(linked))
    main = tag("main", linked, known, id="main", tabindex="-1")
    skip = tag("a", "Skip to the verdicts", href="#verdicts", class_="skip")
    foot = tag("footer", tag("p", "Written by routeproof (verify report)."))
    return joined((skip, top, _contents(result, readings), main, foot))


def _section(name: str, title: str, content: Markup) -> Markup:
    head = tag("h2", title, id=f"{name}-title")
    return tag("section", head, content, id=name, aria_labelledby=f"{name}-title")


def _contents(result: Result, readings: bool) -> Markup:
    """The table of contents."""
    fixed = {"rules": "Rules", **({"readings": "Readings"} if readings else {}), "assumptions": "Assumptions"}
    fixed |= {"warnings": "Warnings"} if result.warnings else {}
    entries = {"design": "The design", **{anchor(p.id): p.id for p in result.properties}, **fixed}
    links = [
        tag("li", tag("a", title, href=f"#{name}"))
        for name, title in {**entries, "explanations": "Explanations"}.items()
    ]
    return tag("nav", tag("ul", *links), aria_label="Contents")
