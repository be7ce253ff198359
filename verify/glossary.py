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

WHY_UNKNOWN: dict[str, str] = {
    "solver-limit": "A solver gave up: more steps or time would be needed.",
    "no-run-found": "A violation can neither be excluded nor shown as a run.",
    "too-many-structures": "Open ASNs leave more ways in which the network can be built than are looked at.",
    "too-many-routes": "More routes can occur than are looked at.",
    "too-many-readings": "Not every combination of readings could be decided.",
    "ambiguous-names": "Two different things of the model would have one name.",
    "open-announcements": "More open announcements can come together than the proof covers.",
}

ACCEPTED = (
    "Findings that somebody answers for until a day, each by the name that a result shows for it. A verdict "
    "stays what it is, and a finding stays visible; only the exit status leaves out a property all of whose "
    "findings are accepted."
)

HOW_TO_ACCEPT: tuple[tuple[str, str], ...] = (
    (
        "To write it",
        '"accept": [{"finding": "R14/violated@vgw-1,vgw-2", "reason": "…", "owner": "…", '
        '"expires": "2027-03-31"}] in the scenario, or {"accept": […]} in a file for --accept. An entry of '
        'such a file may name the one scenario that it is about: "scenario": "…".',
    ),
    (
        "The name",
        "SUBJECT/VERDICT/KIND@OBJECTS. The order of the file does not change it. Another verdict, kind or "
        "place is another finding. Each group of objects that breaks a rule is one, and documented-rules "
        "is accepted when all of them are.",
    ),
    (
        "What it covers",
        "The finding that is shown, and no proof that it is the only one: other violations of the property "
        "may hide behind it.",
    ),
    (
        "Errors",
        "An entry that has expired (after its day, in UTC or by --today) or that no finding of the scenario "
        "has is an error, with the exit status of a missed expectation, 1. Where only some properties are "
        "checked, entries about others are not looked at.",
    ),
    (
        "With expect",
        "A property that expect names has to come out as named, accepted or not; one that it does not name "
        "has to be proved or accepted.",
    ),
)

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
