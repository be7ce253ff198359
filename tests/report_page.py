"""A report as its markup is: elements, ids, links, and what breaks the rules of a page that stands alone."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "br", "hr", "col", "input"}
SHAPES = {"path", "rect", "circle"}
OUTSIDE = re.compile(r"(?:https?:)?//|url\(|@import|javascript:", re.IGNORECASE)


@dataclass
class Element:
    """An element with its attributes, the text in it, and the names of the elements around it."""

    name: str
    attributes: dict[str, str]
    around: tuple[str, ...]
    text: str = ""


@dataclass
class ReportPage(HTMLParser):
    """A parsed report; `faults` are tags that do not match."""

    elements: list[Element] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    _open: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.faults.append(f"{tag} has an attribute twice")
        around = tuple(element.name for element in self._open)
        element = Element(tag, {name: value or "" for name, value in attrs}, around)
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1].name != tag:
            self.faults.append(f"</{tag}> does not close {self._open[-1].name if self._open else 'anything'}")
            return
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def named(self, *names: str) -> list[Element]:
        """The elements with these names, in the order of the page."""
        return [element for element in self.elements if element.name in names]

    def with_class(self, word: str) -> list[Element]:
        """The elements of a class."""
        return [each for each in self.elements if word in each.attributes.get("class", "").split()]

    def problems(self) -> list[str]:
        """What is wrong with the page as a page: tags, ids, links, headings, tables, things from outside."""
        return [*self.faults, *self._open_at_the_end(), *self._links(), *self._structure(), *self._outside()]

    def _open_at_the_end(self) -> list[str]:
        return [f"{element.name} is not closed" for element in self._open]

    def _links(self) -> list[str]:
        ids = [each.attributes["id"] for each in self.elements if "id" in each.attributes]
        found = [f"the id {name} occurs twice" for name in set(ids) if ids.count(name) > 1]
        for each in self.elements:
            wanted = [each.attributes.get("href", "")] if each.name == "a" else []
            wanted += [f"#{n}" for n in each.attributes.get("aria-labelledby", "").split()]
            wanted += [f"#{n}" for n in each.attributes.get("aria-describedby", "").split()]
            found += [f"nothing is called {name}" for name in wanted if name.removeprefix("#") not in ids]
        return found

    def _structure(self) -> list[str]:
        found = []
        last = 0
        for heading in self.named("h1", "h2", "h3", "h4"):
            level = int(heading.name[1])
            if level > last + 1 or not heading.text.strip():
                found.append(f"the heading {heading.text!r} follows one of level {last}")
            last = level
        found += [f"a th without scope: {th.text}" for th in self.named("th") if "scope" not in th.attributes]
        if len(self.named("caption")) != len(self.named("table")):
            found.append("a table has no caption")
        nameless = [each for each in self.named("a", "button", "summary") if not each.text.strip()]
        return [*found, *(f"a {each.name} has no text" for each in nameless)]

    def _outside(self) -> list[str]:
        found = [
            f"{each.name} {key}={value}"
            for each in self.elements
            for key, value in each.attributes.items()
            if key in ("src", "srcset", "style", "data", "action", "xlink:href") or key.startswith("on")
        ]
        return found + [f"style: {m.group()}" for e in self.named("style") for m in OUTSIDE.finditer(e.text)]


def parsed(page: str) -> ReportPage:
    """The parsed report."""
    found = ReportPage()
    found.feed(page)
    found.close()
    return found
