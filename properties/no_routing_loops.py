"""The property `no-routing-loops`, and what a loop is.

A witness is a stable state and a forwarding cycle in it; replaying it means that
every table still holds its most preferred route, and that following the next hops
for an address leads back to a table that was passed before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from .property import Property

PROPERTY = Property(
    id="no-routing-loops",
    statement=(
        "In no stable state does a packet run in a circle: at each table the longest selected prefix "
        "decides, and all prefixes that cover the destination take part. Routes come and go, so every subset "
        "of the origins is tried, unless withdrawals are switched off."
    ),
    holds="no stable state forwards in a circle",
    kinds={
        "forwarding-loop": (
            "The tables are at rest, and yet each hands a packet on to the next until it is back where it "
            "was. The loop may outlive the route that started it: tables can keep a withdrawn route alive "
            "among themselves."
        ),
    },
)


def forwarding_cycle(tables: Iterable[str], next_hop: Callable[[str], str]) -> list[str]:
    """The first cycle that following next hops runs into, its first table again at the end; [] if none.

    `next_hop` gives the table to which a table forwards, or anything that is not a
    table where the packet ends.
    """
    known = dict.fromkeys(tables)
    for start in known:
        walked: list[str] = []
        here = start
        while here in known:
            if here in walked:
                return [*walked[walked.index(here) :], here]
            walked.append(here)
            here = next_hop(here)
    return []
