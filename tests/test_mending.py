"""The cheapest fix: every bad scenario of the library, and minimality against trying every cheaper set."""

from __future__ import annotations

import json
from itertools import combinations

import pytest

from tests.shipped import LIBRARY, Json, document
from verify.check import CheckOptions, check
from verify.faults import InvalidScenario
from verify.fixing import fix
from verify.load import Loaded, load
from verify.mending import BINDING, Mending, cheapest
from verify.models.choices import Choice
from verify.models.edits import Edit, applied
from verify.models.moves import moves_of
from verify.models.opening import all_choices
from verify.models.paths import spots_of
from verify.models.prices import Prices
from verify.models.repairs import repairs
from verify.models.values import Misfit
from verify.models.widening import widened, written
from verify.verdict import Result, Verdict

BAD = tuple(sorted(LIBRARY.glob("bad/*.json")))
NOT_TO_BE_MENDED = {
    "failure-both-tunnels": "needs another gateway",
    "failure-one-gateway": "needs another gateway",
    "failure-one-router": "needs another router",
    "failure-returns-in-another-state": "needs other sites or gateways",
}


def shipped(name: str) -> Loaded:
    return load(name, json.dumps(document(LIBRARY / "bad" / f"{name}.json")))


def mended(loaded: Loaded, prices: Prices | None = None) -> Mending:
    return cheapest(loaded, CheckOptions(), prices or Prices())


def after(loaded: Loaded, edits: tuple[Edit, ...]) -> Result | None:
    try:
        changed = load("changed", json.dumps(applied(loaded.root, edits)))
    except (InvalidScenario, Misfit):
        return None
    return check(changed, CheckOptions(remedies=False))


def is_fine(before: Result, found: Result | None) -> bool:
    """Whether everything is proved; what was vacuous before may still be."""
    if found is None:
        return False
    spared = {entry.id for entry in before.properties if entry.verdict is Verdict.VACUOUS}
    verdicts = [e.verdict is Verdict.PROVED or (e.verdict is Verdict.VACUOUS and e.id in spared)
                for e in found.properties]  # fmt: skip
    broken = any(r.kind in BINDING and r.status in ("broken", "open") for r in found.rules)
    return all(verdicts) and not broken


@pytest.mark.parametrize("path", BAD, ids=[path.stem for path in BAD])
def test_every_bad_scenario_is_fixed_or_cannot_be(path: object) -> None:
    loaded = load(str(path))
    before = check(loaded, CheckOptions(remedies=False))
    found = mended(loaded)
    assert found.smallest
    if loaded.file.rpartition("/")[2].removesuffix(".json") in NOT_TO_BE_MENDED:
        assert found.edits is None
        return
    assert found.edits
    assert is_fine(before, after(loaded, found.edits))
    assert found.cost == Prices().cost(found.edits)


def single_changes(loaded: Loaded) -> list[tuple[Edit, ...]]:
    """Every change that is considered, one at a time."""
    wide = widened(loaded.document)
    steps = {s.value.name: s.steps for s in spots_of(wide) if isinstance(s.value, Choice)}
    as_written = written(wide)
    found: dict[str, tuple[Edit, ...]] = {}
    for move in moves_of(wide, [c for c in all_choices(wide) if c.name in steps]):
        edits = []
        for name, value in move.values:
            shown, place = as_written(name, value), steps[name]
            if isinstance(shown, tuple):
                peer = {"peer": place[-2], "import": list(shown)}
                edits.append(Edit("add", place[:-2], peer))
            else:
                edits.append(Edit("set", place, shown))
        found.setdefault(repr(edits), tuple(edits))
    for repair in repairs(loaded.document):
        found.setdefault(repr(list(repair)), repair)
    return list(found.values())


SMALL = (
    "as-path-loss-1b-sites-with-peering",
    "custom-table-without-route",
    "r08-surplus-accepted",
    "r11-two-local-asns-on-one-gateway",
    "r14-different-local-asns-loop",
    "r15-different-site-asns-two-routers",
    "r15-equal-site-asns-path-lost",
    "r16-overlapping-routing-off",
    "r20-two-local-asns-in-one-connection",
    "static-black-hole",
)
MOST_TRIED = 90


@pytest.mark.parametrize("name", SMALL)
def test_nothing_cheaper_fixes_it(name: str) -> None:
    """By checking the design after every set of up to three changes that costs less."""
    loaded = shipped(name)
    before = check(loaded, CheckOptions(remedies=False))
    found = mended(loaded)
    singles, tried = single_changes(loaded), 0
    for size in range(3):
        for chosen in combinations(singles, size):
            edits = tuple(edit for change in chosen for edit in change)
            cost = Prices().cost(edits)
            places = [edit.steps for edit in edits if edit.op == "set"]
            if cost is None or cost >= found.cost or len(set(places)) < len(places):
                continue
            tried += 1
            assert not is_fine(before, after(loaded, edits)), edits
            if tried >= MOST_TRIED:
                return
    assert tried


def test_traffic_is_kept_where_a_fix_can_keep_it() -> None:
    """Switching BGP off would end the flapping, and the traffic; another ASN ends only the flapping."""
    found = mended(shipped("r15-different-site-asns-one-router"))
    assert found.edits == (
        Edit("set", ("virtual_border_routers", "vbr-1", "peers", "dc-1", "peer_asn"), 65002),
    )


@pytest.mark.parametrize(("key", "added"), [("import", "172.16.0.0/24"), ("export", "10.1.0.0/16")])
def test_a_filter_that_keeps_out_what_is_needed_lets_it_through(key: str, added: str) -> None:
    loaded = load("filtered", json.dumps(document(LIBRARY / "reasons" / f"{key}-filter.json")))
    found = mended(loaded)
    assert found.edits is not None
    (edit,) = found.edits
    assert edit.steps == ("data_centers", "dc-1", "peers", "vgw-1", key)
    assert isinstance(edit.value, list)
    assert edit.value[1:] == [added]
    assert is_fine(check(loaded, CheckOptions(remedies=False)), after(loaded, found.edits))


def test_what_is_forbidden_is_not_changed() -> None:
    loaded = shipped("r15-different-site-asns-one-router")
    found = mended(loaded, Prices(forbidden=("vbr-asn",)))
    assert found.edits
    assert all(edit.steps[0] != "virtual_border_routers" for edit in found.edits)
    dearer = mended(loaded)
    assert found.cost > dearer.cost


def test_a_price_of_the_user_changes_what_is_cheapest() -> None:
    loaded = shipped("r15-different-site-asns-one-router")
    found = mended(loaded, Prices(kinds={"customer-gateway": 1}))
    assert found.edits
    assert {edit.steps[0] for edit in found.edits} == {"customer_gateways"}
    assert found.cost == 1


def test_a_design_without_faults_has_nothing_to_mend() -> None:
    good: Json = document(LIBRARY / "good" / "r08-50-prefixes.json")
    assert mended(load("good", json.dumps(good))) == Mending((), 0, True, "")


def test_a_search_that_stops_says_so() -> None:
    from unittest.mock import patch

    with patch("verify.mending.MOST_DESIGNS", 1):
        found = mended(shipped("static-black-hole"))
    assert found.edits is None
    assert not found.smallest
    assert "stopped" in found.note


def test_lists_in_another_order_are_mended_at_the_same_cost() -> None:
    written_down = document(LIBRARY / "bad" / "r14-different-local-asns-loop.json")
    turned = {k: list(reversed(v)) if isinstance(v, list) else v for k, v in written_down.items()}
    costs = {mended(load("x", json.dumps(each))).cost for each in (written_down, turned)}
    assert len(costs) == 1


def test_of_two_sites_with_one_prefix_the_one_that_is_cut_off_is_said() -> None:
    written = document(LIBRARY / "bad" / "r18-two-sites-one-prefix.json")
    written.pop("intents", None)
    found = fix("x.json", json.dumps(written), CheckOptions(), Prices())
    off = {edit.steps[1] for edit in found.edits if edit.steps[-1] == "bgp_enabled"}
    assert len(off) == 1
    assert any("10.0.0.0/16 of dc-" in note and "no longer asked for" in note for note in found.notes)
