"""The words of a result, each defined once: properties, verdicts, kinds of violation, kinds of rule."""

from __future__ import annotations

PROPERTIES: dict[str, str] = {
    "documented-rules": (
        "The design keeps every documented rule of kind HARD or INV, for all of its open values. Broken "
        "recommendations are shown as advice and do not count."
    ),
    "no-routing-loops": (
        "In no stable state does a packet run in a circle: at each table the longest selected prefix "
        "decides, and all prefixes that cover the destination take part. Routes come and go, so every subset "
        "of the origins is tried, unless withdrawals are switched off."
    ),
    "no-route-flapping": (
        "Whatever the state the network starts from, and however long each message takes, it settles, and "
        "always in the same state."
    ),
    "no-ineffective-routes": (
        "In every stable state each intended flow arrives: no route is refused, lost to a preferred "
        "one, left without a next hop or caught in a loop on the way."
    ),
    "isolation": (
        "No flow that the design forbids (an intent with allowed: false) arrives in any stable state. "
        "Checked only where the design forbids one."
    ),
}

VERDICTS: dict[str, str] = {
    "proved": (
        "It holds for every reading of the documentation, every open value, every order of preference, every "
        "event in the environment and every timing. The result says what the proof rests on."
    ),
    "conditional": (
        "It depends on undocumented behaviour of the platform: it holds for some readings and fails for "
        "others. The counterexample names the readings that it needs."
    ),
    "violated": (
        "There are open values and events for which it fails, whatever the reading. The counterexample was "
        "re-run by the plain simulator before it was shown."
    ),
    "unknown": (
        "Not decided: a limit was reached, or the violation can neither be excluded nor shown as a run. "
        "The summary says which."
    ),
    "vacuous": (
        "There is nothing over which it could hold: the network has no stable state at all, or the "
        "assumptions contradict each other. This is not a proof."
    ),
}

KINDS: dict[str, str] = {
    "broken-rule": "The design breaks a rule that the vendor documents.",
    "forwarding-loop": (
        "The tables are at rest, and yet each hands a packet on to the next until it is back where it "
        "was. The loop may outlive the route that started it: tables can keep a withdrawn route alive "
        "among themselves."
    ),
    "no-stable-state": "No assignment of routes satisfies all tables at once, so the routes change for ever.",
    "several-stable-states": (
        "More than one assignment of routes satisfies all tables. Timing decides which is reached, the "
        "network can waver between them for long, and a failure that is repaired may leave it in another "
        "one than before."
    ),
    "unreached-stable-state": (
        "Exactly one assignment of routes satisfies all tables, but some sequence of delayed messages never "
        "leads to it: the network can flap for as long as that timing lasts."
    ),
    "count-to-infinity": (
        "A route runs in circles and its AS_PATH grows with each turn, because no table on the way "
        "refuses it. The routes never come to rest."
    ),
}

RULE_KINDS: dict[str, str] = {
    "HARD": "the platform refuses it, or it cannot work",
    "INV": "the customer must keep it, or the consequence follows",
    "REC": "a recommendation: advice that never changes the verdict",
    "BEH": "platform behaviour: part of the model, nothing that a design could break",
}

WHO: dict[str, str] = {
    "vendor": "The vendor must confirm",
    "operator": "You can decide",
    "change": "Change the design",
}
