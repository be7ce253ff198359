"""The words of a result, each defined once: properties, verdicts, kinds of violation, kinds of rule."""

from __future__ import annotations

from verify.properties.catalogue import ALL

PROPERTIES: dict[str, str] = {each.id: each.statement for each in ALL}

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
        "There is nothing over which it could hold: the network has no stable state at all, no route or "
        "packet is ever carried, or the assumptions contradict each other. This is not a proof."
    ),
}

KINDS: dict[str, str] = {kind: meaning for each in ALL for kind, meaning in each.kinds.items()}

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
