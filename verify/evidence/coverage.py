"""What became of every part of the input: modelled, over-approximated, or without effect on any property.

What an open value can have an effect on is found in the questions that are asked; of a
decided one the table in `effects.py` says who looks at fields of its kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from verify.evidence.dependence import Dependence, dependence, reading_name
from verify.evidence.effects import EFFECTS, NOTHING_FAILS, PROPERTIES_OF, Effect
from verify.evidence.given import Given
from verify.evidence.normalised import plain
from verify.models.choices import Choice
from verify.models.edits import KEYS, fields
from verify.models.paths import Spot, spots_of

Json = dict[str, Any]
MODELLED, OVER, WITHOUT = "modelled", "over-approximated", "without effect"
MEANING = {
    MODELLED: "The model has it as it is: as it is written, or, if it is open, with all that it can be.",
    OVER: "The model allows more than can happen: a proof holds, a counterexample may need what is more.",
    WITHOUT: "The verdict of no property that was checked depends on it.",
}
LONG_PATHS = (
    "Of AS_PATHs longer than any in a stable state only the members are known, so such paths are not "
    "compared by length."
)


def coverage(made_from: Given, result: Mapping[str, Any]) -> Json:
    """The content of `coverage.json`, for a result in its JSON form."""
    document = made_from.checked.document
    checked = [entry["id"] for entry in result["properties"]]
    found = dependence(document, checked)
    spots = list(spots_of(document))
    wider = dict(_wider(found, spots))
    return {
        "meaning": MEANING,
        "parts": [_part(spot, found, checked, wider) for spot in spots],
        "beside_the_input": [
            {"what": LONG_PATHS, "status": OVER, "properties": sorted(found.long_paths)}
        ]
        if found.long_paths
        else [],
    }


def _part(spot: Spot, found: Dependence, checked: list[str], wider: Mapping[str, str]) -> Json:
    path = ".".join(KEYS.get(step, step) for step in spot.steps)
    about: Json = {"path": path, "value": _shown(spot.value)}
    if isinstance(spot.value, Choice):
        properties = found.properties(spot.value.name)
        why = "" if properties else "no rule and no question that was asked depends on its value"
    else:
        effect = effect_of(spot)
        properties = PROPERTIES_OF[effect.on] & frozenset(checked)
        why = effect.why or ("" if properties else "only properties that were not checked look at it")
    if not properties:
        return {**about, "status": WITHOUT, "why": why, "properties": []}
    why = wider.get(path, "")
    status = {"status": OVER, "why": why} if why else {"status": MODELLED}
    return {**about, **status, "properties": sorted(properties)}


def effect_of(spot: Spot) -> Effect:
    """Who looks at a decided value."""
    if reading_name(spot):
        return EFFECTS["assume"]
    kind = ".".join(fields(spot.steps))
    if kind == "environment.may_fail" and not getattr(spot.holder, "max_failures", 0):
        return NOTHING_FAILS
    if kind == "cens.created" and "overlapping_routing" not in spot.holder.model_fields_set:
        return EFFECTS["cens.overlapping_routing"]
    return EFFECTS[kind] if kind in EFFECTS else EFFECTS[spot.steps[0]]


def _shown(value: object) -> Any:
    """A value as JSON; an open one by what it can be, paths of a gadget as they are written."""
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return [" ".join(path) for path in value]
    return plain(value)


# --- over-approximations --------------------------------------------------------

CONNECTION_CONFLICT = (
    "R18: each of the routes that are in conflict may or may not take effect, as the documentation does not "
    "say which do; a route that the other connection can learn counts as learned."
)
QUOTA = (
    "Routes that are passed on, or hidden by a preferred one, may be any number up to all that can come in, "
    "and which ones are dropped above the quota is open."
)
AGGREGATE = "Whether it is one network or only sums up longer ones is open: the format has no place for it."
PROTECTED = "Which flows are protected is open: the format has no place for it."
POLICY = "Which of several connections' policy-based routes for one destination decides is open."
STATIC = "Over which of several connections without BGP an entry leads is open."
VBR_RANK = "How routes of a VBR rank among dynamic routes of the VPC is open."


def _wider(found: Dependence, spots: list[Spot]) -> Iterator[tuple[str, str]]:
    """The parts of the input that are over-approximated here, each with how."""
    paths = [".".join(spot.steps) for spot in spots]
    for name in found.of:
        kind, _, rest = name.partition(":")
        owner = rest.partition(":")[0]
        match kind:
            case "inactive":
                yield f"ipsec_connections.{owner}.id", CONNECTION_CONFLICT
            case "policy":
                yield f"vpn_gateways.{owner}.id", POLICY
            case "static":
                yield f"vpn_gateways.{owner}.id", STATIC
            case "vbr_rank":
                yield f"vpcs.{rest}.id", VBR_RANK
            case "many" | "kept":
                yield from ((path, QUOTA) for path in paths if path.endswith(".bgp_route_quota"))
            case "aggregate":
                yield f"{rest.removesuffix('.aggregate')}.prefix", AGGREGATE
        if name.startswith("data_centers.") and name.endswith(".aggregate"):
            yield f"{name.removesuffix('.aggregate')}.prefix", AGGREGATE
        if name.startswith("ipsec_connections.") and ".protected." in name:
            yield f"{name.partition('.protected.')[0]}.routing_mode", PROTECTED
