"""`coverage.json` and `assumptions.json` speak of every part of the input, and tell the truth about it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, get_args

import pytest

from tests.evidence_bundles import BAD, CONDITIONAL, EVERY, GADGET, GOOD, OPEN, bundle, content
from tests.evidence_witnesses import CHANGES
from tests.shipped import LIBRARY, SCENARIOS
from verify import cli
from verify.certify import queries
from verify.check import CheckOptions, under
from verify.evidence.dependence import dependence, unpinned
from verify.evidence.effects import EFFECTS
from verify.evidence.normalised import normalised
from verify.load import Loaded, load
from verify.models.edits import KEYS, Edit, applied, fields
from verify.models.part import Part
from verify.models.paths import spots_of
from verify.models.rulebook import review
from verify.models.scenario import Document

Json = dict[str, Any]
GROUPS = {
    "rules": ("documented-rules",),
    "routing": ("no-routing-loops", "no-route-flapping"),
    "traffic": ("no-ineffective-routes", "isolation"),
}
WITNESSES = [(".".join(fields(steps.split())), g, n, steps.split(), v) for g, n, steps, v in CHANGES]
CHANGED = sorted({(k, n, tuple(s), json.dumps(v)) for k, _, n, s, v in WITNESSES})


# --- the table of effects -----------------------------------------------------------


def kinds(part: type[Part], prefix: str = "") -> Iterator[str]:
    """Every kind of field of a document, from its classes."""
    for name, field in part.model_fields.items():
        path = prefix + KEYS.get(name, name)
        inner = [each for each in _types(field.annotation) if issubclass(each, Part)]
        if not inner or not prefix:
            yield path
        for each in inner:
            yield from kinds(each, f"{path}.")


def _types(annotation: Any) -> Iterator[type]:
    if isinstance(annotation, type) and not get_args(annotation):
        yield annotation
    for each in get_args(annotation):
        yield from _types(each)


def test_the_table_has_each_kind_of_field_of_a_document_and_no_other() -> None:
    lists = {"vpcs.vswitches", "vpcs.custom_route_tables", "vpcs.routes", "ipsec_connections.tunnels"}
    lists |= {f"data_centers.{name}" for name in ("prefixes", "routers", "static_routes", "peers")}
    lists |= {"virtual_border_routers.peers"}
    found = {kind for kind in kinds(Document) if not kind.startswith("accept.")} - {"environment"}
    assert found | lists == set(EFFECTS)


def test_each_kind_is_tried_out() -> None:
    """A list is changed by what is in it, an id by what refers to it; readings are tried out below."""
    tried = {kind for kind, *_ in WITNESSES}
    for kind, effect in EFFECTS.items():
        is_list = any(other.startswith(f"{kind}.") for other in EFFECTS) and kind != "intents"
        elsewhere = kind in ("assume", "gadget") or kind.endswith((".id", ".readings"))
        assert is_list or elsewhere or effect.on == "nothing" or kind in tried, kind


@cache
def original(name: str) -> Loaded:
    return load(LIBRARY / name)


@cache
def asked(name: str, group: str) -> str:
    return _asked(original(name).document, group)


def _asked(document: Document, group: str) -> str:
    """All that decides the verdicts of a group of properties, without solving anything."""
    if group == "rules":
        deciding = (each for each in review(document) if each.rule.decides)
        return str([(each.rule.id, f.objects, f.broken) for each in deciding for f in each.binding])
    return str([each.identity() for each in queries(document, GROUPS[group])])


def changed(name: str, steps: list[str], value: object) -> Document:
    root = applied(original(name).root, [Edit("set", tuple(steps), value)])
    return load("changed", json.dumps(root)).document


@pytest.mark.parametrize(("kind", "group", "name", "steps", "value"), WITNESSES)
def test_a_field_has_the_effect_that_the_table_says(
    kind: str, group: str, name: str, steps: list[str], value: object
) -> None:
    assert kind in EFFECTS
    assert _asked(changed(name, steps, value), group) != asked(name, group)


@pytest.mark.parametrize(("kind", "name", "steps", "value"), CHANGED)
def test_a_field_has_no_effect_where_the_table_says_none(
    kind: str, name: str, steps: tuple[str, ...], value: str
) -> None:
    if EFFECTS[kind].on == "routing":
        document = changed(name, list(steps), json.loads(value))
        assert _asked(document, "rules") == asked(name, "rules")
    if EFFECTS[kind].on in ("rules", "traffic"):
        document = changed(name, list(steps), json.loads(value))
        assert _asked(document, "routing") == asked(name, "routing")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", "x"),
        ("description", "x"),
        ("source", "x"),
        ("expect", {}),
        ("accept", [{"finding": "R14/violated@a,b", "reason": "y", "owner": "z", "expires": "2027-01-01"}]),
    ],
)
def test_what_is_said_to_have_no_effect_has_none(key: str, value: object) -> None:
    name = f"{CONDITIONAL}.json"
    assert EFFECTS[key].on == "nothing"
    document = changed(name, [key], value)
    assert all(_asked(document, group) == asked(name, group) for group in GROUPS)


def test_the_age_of_a_cen_has_an_effect_only_where_overlapping_routing_is_left_out() -> None:
    name = f"{CONDITIONAL}.json"
    old = changed(name, ["cens", "cen-1", "created"], "2018-01-01")
    assert _asked(old, "rules") != asked(name, "rules")
    root = applied(original(name).root, [Edit("set", ("cens", "cen-1", "overlapping_routing"), True)])
    older = applied(root, [Edit("set", ("cens", "cen-1", "created"), "2018-01-01")])
    one, other = (load("x", json.dumps(each)).document for each in (root, older))
    assert all(_asked(one, group) == _asked(other, group) for group in GROUPS)


def test_what_may_fail_has_no_effect_where_nothing_fails() -> None:
    name = f"{BAD}.json"
    other = changed(name, ["environment", "may_fail"], ["router", "cen_attachment"])
    assert all(_asked(other, group) == asked(name, group) for group in GROUPS)


# --- coverage.json ------------------------------------------------------------------


@pytest.mark.parametrize("name", EVERY)
def test_every_part_of_the_input_is_covered(name: str) -> None:
    parts = {each["path"]: each for each in content(bundle(name), "coverage.json")["parts"]}
    document = load(path(name)).document
    spots = [".".join(KEYS.get(step, step) for step in spot.steps) for spot in spots_of(document)]
    assert list(parts) == spots
    for each in parts.values():
        assert each["status"] in ("modelled", "over-approximated", "without effect")
        assert bool(each["properties"]) == (each["status"] != "without effect")
        assert ("why" in each) == (each["status"] != "modelled")


def path(name: str) -> str:
    return str(LIBRARY / f"{name}.json")


def test_an_open_value_on_which_nothing_depends_is_without_effect() -> None:
    """And that is so: each of its values gives the same questions."""
    (part,) = (
        each
        for each in content(bundle(CONDITIONAL), "coverage.json")["parts"]
        if each["path"] == "data_centers.dc-1.internal_peering"
    )
    assert part["status"] == "without effect"
    document = load(path(CONDITIONAL)).document
    given = ({"data_centers.dc-1.internal_peering": value} for value in (False, True))
    one, other = (under(document, CheckOptions(assume=each)) for each in given)
    assert all(_asked(one, group) == _asked(other, group) for group in GROUPS)


def test_a_property_that_is_not_checked_counts_for_nothing(tmp_path: Any) -> None:
    cli.run(["evidence", path(OPEN), "-o", str(tmp_path / "one"), "--property", "no-routing-loops"])
    parts = {each["path"]: each for each in content(tmp_path / "one", "coverage.json")["parts"]}
    addresses = [each for name, each in parts.items() if name.endswith(".ip_address")]
    assert addresses
    assert {each["status"] for each in addresses} == {"without effect"}


OVER = {
    "bad/aggregate-without-discard": ("data_centers.", ".prefix"),
    "bad/protected-flows-hide-bgp": ("ipsec_connections.", ".routing_mode"),
    "bad/r08-passed-on-prefixes": ("vpn_gateways.", ".bgp_route_quota"),
    "bad/r18-two-connections-to-one-site": ("ipsec_connections.", ".id"),
}


@pytest.mark.parametrize(("name", "ends"), OVER.items())
def test_what_is_over_approximated_is_named(name: str, ends: tuple[str, str]) -> None:
    from verify.check import check
    from verify.evidence.coverage import coverage
    from verify.evidence.given import Given
    from verify.render.json import result_document

    loaded = load(path(name))
    options = CheckOptions(remedies=False)
    made_from = Given(loaded, options, "scenario.json", ())
    found = coverage(made_from, result_document(check(loaded, options)))
    wider = [each["path"] for each in found["parts"] if each["status"] == "over-approximated"]
    assert any(each.startswith(ends[0]) and each.endswith(ends[1]) for each in wider)


def test_a_quota_that_cannot_be_exceeded_is_modelled_as_it_is() -> None:
    parts = content(bundle(GOOD), "coverage.json")["parts"]
    quotas = [each["status"] for each in parts if each["path"].endswith(".bgp_route_quota")]
    assert set(quotas) == {"modelled"}


# --- assumptions.json -----------------------------------------------------------------


def readings(name: str) -> Mapping[str, Json]:
    return {each["id"]: each for each in content(bundle(name), "assumptions.json")["readings"]}


def test_every_reading_is_named_with_what_rests_on_it() -> None:
    found = readings(CONDITIONAL)
    result = content(bundle(CONDITIONAL), "result.json")
    for entry in result["properties"]:
        for reading in entry.get("rests_on", {}).get("readings", ()):
            assert entry["id"] in found[reading]["proved_for_each_value"]
            assert entry["id"] in found[reading]["properties"]
        for reading in entry.get("counterexample", {}).get("readings", {}):
            assert entry["id"] in found[reading]["needed_to_fail"]
            assert entry["id"] in found[reading]["properties"]
    assert {each["state"] for each in found.values()} == {"open"}
    assert all(each["question"] and each["source"] for each in found.values())


def test_a_pinned_reading_says_who_pins_it(tmp_path: Any) -> None:
    root = json.loads((LIBRARY / f"{CONDITIONAL}.json").read_text())
    scenario = tmp_path / "pinned.json"
    scenario.write_text(json.dumps({**root, "expect": {}, "assume": {"cen_learns_vpn_routes": True}}))
    cli.run(["evidence", str(scenario), "-o", str(tmp_path / "one"), "--assume", "gateway_prefers@vgw-a=bgp"])
    listed = content(tmp_path / "one", "assumptions.json")["readings"]
    pinned = {each["id"]: each for each in listed if each["state"] == "pinned"}
    assert pinned["cen_learns_vpn_routes"]["pinned_by"] == "the scenario"
    assert pinned["gateway_prefers@vgw-a"]["pinned_by"] == "an option of the command"
    assert pinned["gateway_prefers@vgw-a"]["object"] == "vgw-a"
    assert "no-route-flapping" in pinned["cen_learns_vpn_routes"]["properties"]
    lines = (tmp_path / "one" / "SUMMARY.md").read_text().splitlines()
    assert all("taken as given" in line for line in lines if line.startswith("- **PROVED**"))


def test_a_gadget_has_no_readings() -> None:
    assert readings(GADGET) == {}


def test_a_reading_that_is_pinned_counts_for_what_would_depend_on_it() -> None:
    document = load(path("bad/r14-different-local-asns-loop")).document
    assert dependence(document, ["no-routing-loops"]).properties("gateway_preserves_as_path") == frozenset()
    free = dependence(unpinned(document), ["no-routing-loops"])
    assert free.properties("gateway_preserves_as_path") == {"no-routing-loops"}


# --- normalised.json --------------------------------------------------------------------


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda each: each.stem)
def test_the_normal_form_is_read_as_the_same_document(file: Any) -> None:
    loaded = load(file)
    again = load("again", json.dumps(normalised(loaded)))
    assert again.document == loaded.document
    assert normalised(again) == normalised(loaded)
