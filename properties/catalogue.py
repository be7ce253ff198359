"""All properties, in the order in which results show them."""

from __future__ import annotations

from . import no_route_flapping, no_routing_loops
from .property import Property

DOCUMENTED_RULES = Property(
    id="documented-rules",
    statement=(
        "The design keeps every documented rule of kind HARD or INV, for all of its open values. Broken "
        "recommendations are shown as advice and do not count."
    ),
    holds="every rule that applies is kept",
    kinds={"broken-rule": "The design breaks a rule that the vendor documents."},
)
NO_INEFFECTIVE_ROUTES = Property(
    id="no-ineffective-routes",
    statement=(
        "In every stable state each intended flow arrives: no route is refused, lost to a preferred "
        "one, left without a next hop or caught in a loop on the way."
    ),
    holds="every intended flow arrives in every stable state",
    kinds={
        "undelivered": (
            "A packet that is meant to arrive does not, though nothing moves any more: the finding names the "
            "table where it ends and why."
        ),
    },
)
ISOLATION = Property(
    id="isolation",
    statement=(
        "No flow that the design forbids (an intent with allowed: false) arrives in any stable state. "
        "Checked only where the design forbids one."
    ),
    holds="no forbidden flow arrives in any stable state",
    kinds={"forbidden-delivery": "A packet arrives where the design says that none may."},
)

ALL: tuple[Property, ...] = (
    DOCUMENTED_RULES,
    no_routing_loops.PROPERTY,
    no_route_flapping.PROPERTY,
    NO_INEFFECTIVE_ROUTES,
    ISOLATION,
)
BY_ID = {each.id: each for each in ALL}
