"""The assumptions: what every proof takes for granted about the network, each with an id.

Readings are varied by a proof; assumptions are not.  A result lists those that it rests on.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something that the model takes for granted, and why it is reasonable."""

    id: str
    statement: str
    why: str


ASSUMPTIONS: tuple[Assumption, ...] = (
    Assumption(
        "split-horizon",
        "No table is offered a route that it fed itself: what a table learned from a neighbour is never "
        "passed back to that neighbour.",
        "Next to nothing converges without it. Implementations differ: FRR sends a route back to its "
        "origin when both peers share an update group, and relies on the AS_PATH to have it refused.",
    ),
    Assumption(
        "fifo-sessions",
        "Messages of one session arrive in the order in which they were sent, and none is lost for ever; "
        "how long each is on its way is arbitrary, and differs from session to session.",
        "BGP runs over TCP. For the tables inside the cloud the order is assumed to hold as well.",
    ),
    Assumption(
        "fixed-preference-order",
        "Where all documented criteria leave several routes equal, a table prefers its neighbours in a "
        "strict order that does not change with time. The order itself is unknown, and each one is covered.",
        "BGP ends its selection with router ids, which are fixed. A table that keeps the route it "
        "learned first is not covered by one order; its stable states are those of some order.",
    ),
    Assumption(
        "ebgp-only-between-cloud-and-site",
        "Each session between the cloud and a site is treated as external BGP, even where both ends show the "
        "same ASN.",
        "The vendor describes sessions between different ASNs only; what the platform does with an internal "
        "session is undocumented, and P08 warns of it.",
    ),
)

BY_ID = {assumption.id: assumption for assumption in ASSUMPTIONS}
