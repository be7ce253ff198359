"""The pictures of a report: the design by itself, and with each counterexample drawn on it."""

from __future__ import annotations

from dataclasses import dataclass

from verify.load import Loaded
from verify.models.network import Configuration
from verify.models.rulebook import choices_of
from verify.models.scenario import Document
from verify.models.sessions import Structure, structures
from verify.render.html.design_sketch import design_sketch
from verify.render.html.folding import folded
from verify.render.html.gadget_sketch import gadget_sketch
from verify.render.html.markup import Markup, code, joined, tag
from verify.render.html.overlay import STYLES, Overlay, overlay_of
from verify.render.html.picture import legend, picture
from verify.render.html.sketch import Sketch
from verify.render.html.tables import foldable, scrolling, table
from verify.render.html.values import Values, open_texts
from verify.verdict import Counterexample, Result


@dataclass(frozen=True, slots=True)
class Case:
    """A counterexample and what it is one of; `name` tells the cases of a page apart."""

    name: str
    summary: str
    property: str
    example: Counterexample


@dataclass(frozen=True)
class Drawing:
    """Makes pictures of one design; `loaded` is what was checked."""

    loaded: Loaded
    result: Result

    @property
    def document(self) -> Document:
        return self.loaded.document

    def design(self) -> Markup:
        """The design without evidence, and the same in words."""
        sketch = self._sketch(None)
        found = self.result.properties
        examples = [each for p in found if p.counterexample for each in (p.counterexample, *p.further)]
        overlays = [overlay_of(example, sketch, self.result.rules) for example in examples]
        broken = [rule for rule in self.result.rules if rule.status in ("broken", "open")]
        objects = {name for rule in broken for name in rule.objects}
        involved = objects.union(*(overlay.involved() for overlay in overlays))
        shown = folded(sketch, involved)
        description = "The objects and connections of the design; the two tables below the picture list them."
        drawn = picture(shown, Overlay(), "design-picture", f"The design {self.result.name}", description)
        words = tag("details", tag("summary", "The picture in words"), in_words(sketch))
        return joined((_framed(drawn, "The design", shown, Overlay()), words))

    def of(self, case: Case) -> Markup:
        """The design with a counterexample on it; nothing where there is nothing to draw."""
        sketch = self._sketch(case.example)
        overlay = overlay_of(case.example, sketch, self.result.rules)
        if not overlay.involved():
            return Markup()
        shown = folded(sketch, overlay.involved())
        title = f"{case.property}: {case.summary}"
        drawn = picture(shown, overlay, f"{case.name}-picture", title, _described(overlay))
        return _framed(drawn, f"The counterexample to {case.property} on the design", shown, overlay)

    def _sketch(self, example: Counterexample | None) -> Sketch:
        if self.document.gadget is not None:
            return gadget_sketch(self.document.gadget)
        chosen = example.configuration if example is not None else {}
        values = Values(open_texts(self.loaded), chosen)
        return design_sketch(self.document, values, _structure(self.document, example))


def _structure(document: Document, example: Counterexample | None) -> Structure | None:
    """The structure in which a counterexample happens: one that has its tables, and whose condition holds."""
    if example is None:
        return None
    sites = {site.id for site in document.data_centers}
    rows = (*example.routes, *example.other_routes)
    named = {name for row in rows for name in (row.table, row.next_hop) if name.partition("/")[0] in sites}
    found = [
        structure
        for structure in structures(document)
        if named <= {router.table for router in structure.routers}
    ]
    values = {**example.configuration, **example.readings}
    plain = {name: value for name, value in values.items() if not isinstance(value, tuple)}
    configuration = Configuration(plain, choices_of(document))
    fitting = [structure for structure in found if structure.when.holds(configuration)]
    return next(iter((*fitting, *found)), None)


def _framed(drawn: Markup, label: str, sketch: Sketch, overlay: Overlay) -> Markup:
    return tag(
        "figure",
        scrolling(drawn, label),
        tag("figcaption", legend(sketch, overlay), tag("p", sketch.note) if sketch.note else None),
        class_="picture",
    )


def _described(overlay: Overlay) -> str:
    """The arrows and marks of an overlay in words."""
    arrows = [f"{a.table} to {a.next_hop} ({STYLES[a.style]})" for a in overlay.arrows if a.now]
    words = [f"{name}: {word}" for name, word in overlay.words.items()]
    down = [f"{' to '.join(sorted(pair))}: failed" for pair in sorted(overlay.down, key=sorted)]
    return "; ".join((*arrows, *words, *down)) or "Nothing is drawn on the design."


def in_words(sketch: Sketch) -> Markup:
    """The boxes and wires of a sketch as two tables."""
    inside = sketch.inside()
    titles = {box.key: box.title for box in sketch.all_boxes()}
    boxes = [
        tag(
            "tr",
            tag("th", code(box.title), scope="row"),
            tag("td", box.kind),
            tag("td", code(titles[inside[box.key]]) if inside[box.key] != box.key else "-"),
            tag("td", "; ".join(label.text for label in box.labels) or "-"),
        )
        for box in sketch.all_boxes()
    ]
    wires = [
        tag("tr", tag("td", code(wire.source)), tag("td", code(wire.target)), tag("td", wire.about))
        for wire in sketch.wires
    ]
    objects = table("Objects", ("Object", "Kind", "Inside", "What it has"), joined(boxes))
    connections = table("Connections", ("From", "To", "What"), joined(wires))
    return joined(
        (
            foldable(objects, len(boxes), f"Objects: {len(boxes)}"),
            foldable(connections, len(wires), f"Connections: {len(wires)}"),
        )
    )
