"""From answers to verdicts: cubes of readings, kinds of flapping, and witnesses that have to replay."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from itertools import product
from typing import Any

import pytest

from tests.ground_truth import TwoVpcs, connection, gateway, scenario, two_gateways, vpc
from verify.arguments import Source
from verify.batch import check_source
from verify.check import CheckOptions, check
from verify.fewest import Least
from verify.inquiry import Evidence, Inquiry, Undecided
from verify.judge import Findings, NotReplayed, explore
from verify.load import load
from verify.models.choices import Choice, Role
from verify.models.condition import Value
from verify.models.network import Configuration
from verify.simulate import Simulator
from verify.status import ExitStatus
from verify.verdict import PropertyResult

Json = dict[str, Any]
FLAGS: tuple[Value, ...] = (False, True)
LOOP = Evidence("forwarding-loop", "a loop", {})


class Told(Inquiry):
    """An inquiry whose answer is a function of its choices."""

    def __init__(self, violates: Callable[[Mapping[str, Value]], object], *choices: Choice) -> None:
        self._violates = violates
        self._choices = {choice.name: choice for choice in choices}

    @property
    def choices(self) -> Mapping[str, Choice]:
        return self._choices

    def answer(self, assumed: Mapping[str, Value]) -> Configuration | None:
        spaces = [
            [value for value in choice.values if assumed.get(name, value) == value]
            for name, choice in self._choices.items()
        ]
        for values in product(*spaces):
            named = dict(zip(self._choices, values, strict=True))
            if self._violates(named):
                return Configuration(named)
        return None

    def within(self, assumed: Mapping[str, Value], limits: Mapping[Role, int]) -> Configuration | None:
        raise AssertionError(f"nothing fails here: {assumed}, {limits}")

    def least(self, found: Configuration, _: Mapping[str, Value]) -> Least:
        return Least(found, (), exact=False)

    def has_stable_state(self, _: Mapping[str, Value]) -> bool:
        return True

    @property
    def structure(self) -> str:
        return ""

    def certificate(self) -> str:
        return "told"


def reading(name: str) -> Choice:
    return Choice(name, Role.READING, FLAGS, False)


def operator(name: str) -> Choice:
    return Choice(name, Role.OPEN, FLAGS, False)


def confirmed(_: Inquiry, __: Configuration) -> Evidence | None:
    return LOOP


def covered(findings: Findings, **readings: bool) -> tuple[bool, bool]:
    """Whether a combination of readings is among the safe ones and among the unsafe ones."""
    return tuple(  # type: ignore[return-value]  # two cubes give two answers
        any(all(readings[name] == value for name, value in cube.items()) for cube in cubes)
        for cubes in (findings.safe, findings.unsafe)
    )


# --- cubes -----------------------------------------------------------------------


def test_what_no_configuration_violates_is_safe_without_conditions() -> None:
    findings = explore([Told(lambda _: False, reading("a"))], confirmed)
    assert findings.safe == [{}]
    assert findings.violation is None
    assert findings.complete


def test_a_violation_that_no_reading_prevents_needs_none() -> None:
    findings = explore([Told(lambda _: True, reading("a"), reading("b"))], confirmed)
    assert findings.unsafe == [{}]
    assert not findings.safe
    assert findings.violation is not None
    assert findings.violation.readings == {}


def test_readings_that_interact_are_kept_together() -> None:
    both = Told(lambda v: v["a"] and v["b"], reading("a"), reading("b"), reading("c"))
    findings = explore([both], confirmed)
    assert findings.violation is not None
    assert findings.violation.readings == {"a": True, "b": True}
    assert findings.safe
    for a, b, c in product((False, True), repeat=3):
        safe, unsafe = covered(findings, a=a, b=b, c=c)
        assert not (safe and a and b)
        assert not (unsafe and not (a and b))


def test_readings_of_which_one_must_differ_from_the_other_are_not_generalised_one_by_one() -> None:
    findings = explore([Told(lambda v: v["a"] != v["b"], reading("a"), reading("b"))], confirmed)
    for a, b in product((False, True), repeat=2):
        safe, unsafe = covered(findings, a=a, b=b)
        assert not (safe and a != b)
        assert not (unsafe and a == b)


def test_violations_of_several_problems_add_up_to_every_reading() -> None:
    inquiries = [Told(lambda v: v["a"], reading("a")), Told(lambda v: not v["a"], reading("a"))]
    findings = explore(inquiries, confirmed)
    assert findings.violation is not None
    assert not findings.safe
    assert findings.complete
    assert all(covered(findings, a=a)[1] for a in (False, True))


def test_a_reading_helps_only_if_it_helps_every_problem() -> None:
    inquiries = [Told(lambda v, name=name: v[name], reading("a"), reading("b")) for name in ("a", "b")]  # type: ignore[misc]  # bound default
    findings = explore(inquiries, confirmed)
    assert findings.safe == [{"a": False, "b": False}]


def test_a_violation_that_is_not_confirmed_is_an_internal_error() -> None:
    with pytest.raises(NotReplayed):
        explore([Told(lambda _: True, reading("a"))], lambda _, __: None)


def test_a_violation_without_a_witness_stays_undecided() -> None:
    def undecided(_: Inquiry, __: Configuration) -> Evidence | None:
        raise Undecided("no run was found")

    findings = explore([Told(lambda _: True, reading("a"))], undecided)
    assert findings.violation is None
    assert findings.undecided
    assert not findings.safe


# --- kinds of flapping -----------------------------------------------------------


def results(document: Json) -> dict[str, PropertyResult]:
    options = CheckOptions(properties=("no-routing-loops", "no-route-flapping"))
    return {each.id: each for each in check(load("x", json.dumps(document)), options).properties}


def flapping(document: Json) -> tuple[str, str]:
    found = results(document)["no-route-flapping"]
    return str(found.verdict), found.kind


def growing(local_as_check: str, order: str = "cen") -> Json:
    """One router that goes by another ASN towards each of two gateways, which keep AS_PATHs."""
    document = two_gateways(
        "a route that goes round with an ever longer path",
        (45104, 45105),
        True,
        {
            "gateway_preserves_as_path": True,
            "gateway_exports_other_gateways_routes": True,
            "vpc_prefers": order,
            "local_as_check": local_as_check,
        },
    )
    document["data_centers"][0]["routers"] = [{"id": "r1", "asn": 65000}]
    document["customer_gateways"] = [
        {"id": f"cgw-{n}", "asn": 65000 + n, "data_center": "dc-1", "router": "r1"} for n in (1, 2)
    ]
    document["ipsec_connections"] = [connection(n, f"vgw-{n}", f"cgw-{n}", 45103 + n) for n in (1, 2)]
    return document


def test_a_path_that_nothing_checks_grows_for_ever_after_its_origin_is_gone() -> None:
    found = results(growing("session"))["no-route-flapping"]
    assert (str(found.verdict), found.kind) == ("violated", "count-to-infinity")
    assert found.counterexample is not None
    assert found.counterexample.withdrawn
    lengths = [
        len(change.after.as_path)
        for step in found.counterexample.cycle
        for change in step.changes
        if change.after is not None
    ]
    assert max(lengths) > min(lengths)


def test_a_path_does_not_grow_where_every_own_asn_is_checked() -> None:
    assert flapping(growing("all"))[1] != "count-to-infinity"


def test_a_path_does_not_grow_where_the_origin_never_goes() -> None:
    still = {**growing("session"), "environment": {"withdrawals": False}}
    assert flapping(still)[1] != "count-to-infinity"


def test_no_stable_state_is_told_from_several() -> None:
    oscillates = TwoVpcs(prefers="external", gateway_prefers="cloud")
    assert flapping(oscillates.document("oscillates")) == ("violated", "no-stable-state")
    two_states = TwoVpcs(readvertised=False)
    assert flapping(two_states.document("two states")) == ("violated", "several-stable-states")


def test_a_stable_state_that_a_schedule_never_reaches_is_told_from_none() -> None:
    document = scenario(
        "a site that takes its own ASN once",
        {"gateway_preserves_as_path": True, "gateway_exports_other_gateways_routes": True},
        vpcs=[vpc("vpc-a", "172.16.0.0/24"), vpc("vpc-b", "172.16.8.0/24")],
        vpn_gateways=[gateway("vgw-1", "vpc-a"), gateway("vgw-2", "vpc-a")],
        customer_gateways=[{"id": "cgw-1", "asn": 65001, "data_center": "dc-1"}],
        ipsec_connections=[connection(n, f"vgw-{n}", "cgw-1") for n in (1, 2)],
        data_centers=[
            {
                "id": "dc-1",
                "prefixes": ["10.0.0.0/16"],
                "readvertises": True,
                "prefers": "external",
                "allowas_in": 1,
            }
        ],
        cens=[{"id": "cen-1", "attachments": ["vpc-a", "vpc-b"]}],
    )
    found = results(document)["no-route-flapping"]
    assert str(found.verdict) == "violated"
    assert found.kind in ("unreached-stable-state", "no-stable-state")


def test_a_remedy_that_leaves_no_stable_state_is_not_a_proof() -> None:
    document = two_gateways("x", (45104, 45105), True, {"gateway_preserves_as_path": False})
    del document["assume"]["gateway_exports_other_gateways_routes"]
    document["environment"] = {"withdrawals": False}
    for remedies in results(document)["no-routing-loops"].proved_if:
        assumed = {remedy.set: remedy.to for remedy in remedies}
        pinned = {**document, "assume": {**document["assume"], **assumed}}
        assert str(results(pinned)["no-routing-loops"].verdict) == "proved"


# --- replay ------------------------------------------------------------------------


def test_a_loop_that_the_simulator_does_not_show_is_an_internal_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    document = growing("all")
    document["assume"]["gateway_preserves_as_path"] = False
    assert str(results(document)["no-routing-loops"].verdict) == "violated"
    monkeypatch.setattr("verify.looping.is_explicit", lambda *_: False)
    monkeypatch.setattr(Simulator, "loop", lambda *_: [])
    with pytest.raises(NotReplayed):
        results(document)
    path = tmp_path / "loop.json"
    path.write_text(json.dumps(document))
    outcome = check_source(Source(str(path)), CheckOptions())
    assert outcome.status == ExitStatus.INTERNAL
