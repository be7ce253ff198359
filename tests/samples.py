"""Hand-made results that show everything a result can say; no engine takes part."""

from __future__ import annotations

from verify.verdict import (
    Change,
    Counterexample,
    Expectation,
    PropertyResult,
    Remedies,
    Remedy,
    RestsOn,
    Result,
    RouteRow,
    RuleStatus,
    Step,
    Verdict,
)

LEARNED = RouteRow("vgw-1", "10.9.0.0/16", "VPN_BGP", "dc-1/r1", (65001, 45105), "selected")
COPIED = RouteRow("dc-1/r1", "10.9.0.0/16", "bgp", "vgw-2", (45105,), "selected")
UNUSED = RouteRow("dc-1/r1", "10.9.0.0/16", "bgp", "vgw-1", (45104,), "not preferred")

LOOP = Counterexample(
    configuration={
        "data_centers.dc-1.readvertises": True,
        "ipsec_connections.vco-2.tunnels.0.local_asn": 45105,
    },
    readings={"gateway_exports_cen_routes": True, "vbr_preserves_as_path@vbr-1": False},
    withdrawn=("10.9.0.0/16 at cen-1",),
    orders=("vpc-prod prefers vgw-2 to vgw-1",),
    prefix="10.9.0.0/16",
    routes=(LEARNED, COPIED, UNUSED),
    loop=("vpc-prod", "vgw-2", "dc-1/r1", "vgw-1", "vpc-prod"),
    replayed=True,
)
CYCLE = Counterexample(
    configuration={},
    readings={},
    prefix="10.9.0.0/16",
    stem=(Step("vgw-1", (Change("vgw-1", "10.9.0.0/16", None, LEARNED),)),),
    cycle=(
        Step("vgw-1", (Change("vgw-1", "10.9.0.0/16", None, LEARNED),), ("dc-1/r1",)),
        Step("vpc-prod", ()),
        Step("dc-1/r1", (Change("dc-1/r1", "10.9.0.0/16", COPIED, UNUSED),)),
        Step("vgw-1", (Change("vgw-1", "10.9.0.0/16", LEARNED, None),)),
    ),
    replayed=True,
)
TWO_STATES = Counterexample(
    configuration={},
    readings={},
    prefix="10.9.0.0/16",
    routes=(LEARNED, COPIED),
    other_routes=(LEARNED, UNUSED),
    replayed=True,
)
RULES = (
    RuleStatus("R01", "kept", "HARD", ("vgw-1",), "BGP is supported", "a page"),
    RuleStatus("R14", "broken", "INV", ("vgw-1", "vgw-2"), "the local ASNs 45104 and 45105 differ", "a page"),
    RuleStatus("R19", "broken", "REC", ("vco-1",), "uses protected data flows", "a page"),
    RuleStatus(
        "R20", "open", "INV", ("vco-2",), "the ASNs may differ", "a page",
        {"ipsec_connections.vco-2.tunnels.1.local_asn": 45105},
    ),
    RuleStatus("R16", "not-applicable", "INV", (), "", "a page"),
)  # fmt: skip
REMEDIES = Remedies((
    (Remedy("gateway_exports_cen_routes", False, "vendor"),),
    (Remedy("data_centers.dc-1.readvertises", False, "operator"),),
    (Remedy("ipsec_connections.vco-2.tunnels.0.local_asn", 45104, "change"),),
    (Remedy("gateway_prefers", "bgp", "vendor"), Remedy("data_centers.dc-1.prefers", "internal", "operator")),
), 3, complete=True)  # fmt: skip
RULES_BROKEN = PropertyResult(
    "documented-rules",
    Verdict.VIOLATED,
    "R14 is broken: two gateways of vpc-prod show different ASNs to one customer gateway",
    kind="broken-rule",
    counterexample=Counterexample({}, {}, broken_rules=("R14",), replayed=True),
)
LOOPS = PropertyResult(
    "no-routing-loops",
    Verdict.CONDITIONAL,
    "10.9.0.0/16 loops: vpc-prod > vgw-2 > dc-1/r1 > vgw-1 > vpc-prod",
    kind="forwarding-loop",
    counterexample=LOOP,
    remedies=REMEDIES,
)
FLAPS = PropertyResult(
    "no-route-flapping",
    Verdict.VIOLATED,
    "10.9.0.0/16 never settles",
    kind="no-stable-state",
    counterexample=CYCLE,
)
SETTLES = PropertyResult(
    "no-route-flapping",
    Verdict.PROVED,
    "Every schedule ends in the same state.",
    rests_on=RestsOn(
        ("split-horizon",), ("gateway_prefers", "vpc_prefers"), {"prepend": 10}, "boxes, 7 rounds",
        ("some choices have no stable state",),
    ),
)  # fmt: skip


def result(
    *properties: PropertyResult, verdict: Verdict = Verdict.PROVED, expected: dict[str, str] | None = None
) -> Result:
    """A result with these properties; `expected` is the scenario's `expect`."""
    found = {entry.id: str(entry.verdict) for entry in properties}
    return Result(
        "two gateways, one VPC",
        "ab" * 32,
        verdict,
        RULES if verdict is not Verdict.PROVED else (),
        properties,
        not_checked=(("no-ineffective-routes", "intents are not modelled"),),
        warnings=("0.0.0.0/1 and 128.0.0.0/1 together are a default route",),
        expectations=tuple(
            Expectation(name, verdict, found.get(name, "not checked"))
            for name, verdict in (expected or {}).items()
        ),
    )


PROVED = result(SETTLES)
VIOLATED = result(RULES_BROKEN, LOOPS, FLAPS, verdict=Verdict.VIOLATED)
CONDITIONAL = result(LOOPS, verdict=Verdict.CONDITIONAL)
AS_EXPECTED = result(LOOPS, verdict=Verdict.CONDITIONAL, expected={"no-routing-loops": "conditional"})
MISSED = result(SETTLES, expected={"no-route-flapping": "violated"})
SILENT_MISS = result(SETTLES, LOOPS, verdict=Verdict.CONDITIONAL, expected={"no-route-flapping": "proved"})
