"""The verdict on the rules means what it says, for every scenario that is shipped and breaks one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rule_documents import result
from verify.judge_rules import judge_rules
from verify.load import load
from verify.models.opening import with_assumptions
from verify.models.scenario import Document, Vpc
from verify.verdict import Verdict

LIBRARY = Path(__file__).parent.parent / "scenarios"
FOLDERS = ("bad", "good", "open")
SHIPPED = {path.stem: path for folder in FOLDERS for path in sorted((LIBRARY / folder).glob("*.json"))}


@pytest.fixture(params=SHIPPED)
def shipped(request: pytest.FixtureRequest) -> Document:
    return load(SHIPPED[request.param]).document


def test_pinning_the_counterexample_leaves_the_violation(shipped: Document) -> None:
    judged = result(shipped)
    if judged.counterexample is None:
        assert judged.verdict is Verdict.PROVED
        return
    pinned = {**judged.counterexample.configuration, **judged.counterexample.readings}
    assert judged.counterexample.replayed
    assert result(with_assumptions(shipped, pinned)).verdict is Verdict.VIOLATED


def test_pinning_a_remedy_proves_the_property(shipped: Document) -> None:
    for remedies in result(shipped).proved_if:
        if all(remedy.who != "change" for remedy in remedies):
            pinned = with_assumptions(shipped, {remedy.set: remedy.to for remedy in remedies})
            assert result(pinned).verdict is Verdict.PROVED


def test_pinning_what_breaks_an_open_rule_breaks_it(shipped: Document) -> None:
    for status in judge_rules(shipped)[0]:
        if status.status == "open":
            pinned = judge_rules(with_assumptions(shipped, status.breaks_when))[0]
            assert next(each.status for each in pinned if each.id == status.id) == "broken"


def test_order_and_an_unconnected_vpc_change_nothing(shipped: Document) -> None:
    lists = ("vpcs", "vpn_gateways", "customer_gateways", "ipsec_connections", "data_centers", "cens")
    turned = {name: getattr(shipped, name)[::-1] for name in lists}
    turned["vpcs"] = (Vpc(id="vpc-unconnected"), *turned["vpcs"])
    mirrored = shipped.model_copy(update=turned)
    standings = [{s.id: s.status for s in judge_rules(each)[0]} for each in (shipped, mirrored)]
    assert standings[0] == standings[1]
    assert result(mirrored).verdict is result(shipped).verdict
