"""The property `no-route-flapping`, and the ways in which a network fails to settle.

A witness is two stable states; or a run whose complete state comes back after a
cycle in which something changed; or a run in which AS_PATHs grow by the same
amount again and again.  Each is replayed on the plain simulator.
"""

from __future__ import annotations

from .property import Property

PROPERTY = Property(
    id="no-route-flapping",
    statement=(
        "Whatever the state the network starts from, and however long each message takes, it settles, and "
        "always in the same state."
    ),
    holds="from every start and under every schedule each prefix settles in one and the same state",
    kinds={
        "no-stable-state": (
            "No assignment of routes satisfies all tables at once, so the routes change for ever."
        ),
        "several-stable-states": (
            "More than one assignment of routes satisfies all tables. Timing decides which is reached, the "
            "network can waver between them for long, and a failure that is repaired may leave it in another "
            "one than before."
        ),
        "unreached-stable-state": (
            "Exactly one assignment of routes satisfies all tables, but some sequence of delayed messages "
            "never leads to it: the network can flap for as long as that timing lasts."
        ),
        "count-to-infinity": (
            "A route runs in circles and its AS_PATH grows with each turn, because no table on the way "
            "refuses it. The routes never come to rest."
        ),
    },
)

STRONGEST_FIRST = ("no-stable-state", "count-to-infinity", "several-stable-states", "unreached-stable-state")
"""Kinds of flapping by how much they say: what always flaps before what can flap."""
