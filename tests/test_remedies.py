"""What would make a property proved: complete and minimal, against checking every set of few moves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import combinations

import pytest

from tests.shipped import LIBRARY, Json, document
from verify.asking import questions
from verify.check import CheckOptions, check, under
from verify.load import Loaded, load
from verify.models.choices import Choice
from verify.models.condition import Value
from verify.models.edits import Edit, applied
from verify.models.moves import Move, moves_of
from verify.models.ordered import in_order
from verify.models.paths import spots_of
from verify.models.widening import widened, written
from verify.refuting import Refuter, of_inquiries, of_rules
from verify.remedies import RULES
from verify.solve import Backend
from verify.verdict import PropertyResult, Verdict

Pins = frozenset[tuple[str, object]]


def shipped(name: str) -> Loaded:
    return load(name, json.dumps(document(LIBRARY / name)))


def judged(loaded: Loaded, property_id: str, **options: object) -> PropertyResult:
    return check(loaded, CheckOptions(properties=(property_id,), **options)).properties[0]  # type: ignore[arg-type]  # options of a check


def with_values(loaded: Loaded, values: Mapping[str, object], property_id: str) -> PropertyResult:
    """The verdict where choices, those of a widened document included, have values."""
    wide = widened(in_order(loaded.document))
    steps = {s.value.name: s.steps for s in spots_of(wide) if isinstance(s.value, Choice)}
    edits, assume = [], {}
    for name, value in values.items():
        if isinstance(value, tuple):
            site, peer = name.split(".")[1:4:2]
            edits.append(Edit("add", ("data_centers", site, "peers"), {"peer": peer, "import": list(value)}))
        elif name in steps:
            edits.append(Edit("set", steps[name], value))
        else:
            assume[name] = value
    changed = load("changed", json.dumps(applied(loaded.root, edits)))
    return judged(changed, property_id, assume=assume, remedies=False)


def moves(loaded: Loaded, property_id: str) -> list[Move]:
    """Every move that is considered."""
    wide = widened(in_order(loaded.document))
    backend = Backend(symbolic=True)
    if property_id == RULES:
        refuter = Refuter([of_rules(wide, backend)])
    else:
        refuter = Refuter(of_inquiries(each.inquiry for each in questions(wide, property_id, backend)))
    return list(moves_of(wide, refuter.choices.values()))


def every_minimal_set(loaded: Loaded, property_id: str, most: int) -> set[Pins]:
    """By checking the document with each set of moves that do not touch each other."""
    shown = written(widened(in_order(loaded.document)))
    good: list[set[Move]] = []
    found: set[Pins] = set()
    for size in range(1, most + 1):
        for chosen in combinations(moves(loaded, property_id), size):
            names = [name for move in chosen for name in move.names]
            if len(set(names)) < len(names) or any(smaller <= set(chosen) for smaller in good):
                continue
            values = {name: shown(name, value) for move in chosen for name, value in move.values}
            if with_values(loaded, values, property_id).verdict is Verdict.PROVED:
                good.append(set(chosen))
                found.add(frozenset(values.items()))
    return found


SMALL = (
    ("bad/as-path-loss-3-without-reject-policy.json", "no-route-flapping", 2),
    ("bad/r16-overlapping-routing-off.json", RULES, 2),
    ("bad/r15-equal-site-asns-path-lost.json", "no-route-flapping", 2),
    ("bad/r01-gateway-without-bgp.json", "no-ineffective-routes", 2),
    ("open/as-path-loss-4-unknown-platform.json", "no-route-flapping", 1),
    ("bad/r14-different-local-asns.json", "no-routing-loops", 1),
)


@pytest.mark.parametrize(("name", "property_id", "most"), SMALL)
def test_the_sets_are_those_that_checking_every_set_finds(name: str, property_id: str, most: int) -> None:
    loaded = shipped(name)
    result = judged(loaded, property_id)
    assert result.remedies is not None
    assert result.remedies.complete
    found = {frozenset((r.set, r.to) for r in each) for each in result.proved_if}
    expected = every_minimal_set(loaded, property_id, most)
    assert expected
    assert {each for each in found if moves_in(each) <= most} == expected


def moves_in(values: Pins) -> int:
    """How many moves a set is: the tunnels of a connection are one."""
    return len({name.partition(".tunnels.")[0] for name, _ in values})


FAILING = sorted(
    (path, property_id)
    for path in (*LIBRARY.glob("bad/*.json"), *LIBRARY.glob("open/*.json"))
    for property_id, verdict in load(str(path)).document.expect.items()
    if verdict in ("conditional", "violated")
)
MOST_TRIED = 5  # sets of each property


@pytest.mark.parametrize(
    ("path", "property_id"), FAILING, ids=[f"{path.stem}-{property_id}" for path, property_id in FAILING]
)
def test_each_set_is_enough_and_no_part_of_it_is(path: object, property_id: str) -> None:
    loaded = load(str(path))
    result = judged(loaded, property_id)
    spots = spots_of(widened(in_order(loaded.document)))
    known = {spot.value.name for spot in spots if isinstance(spot.value, Choice)}
    for alternative in result.proved_if[:MOST_TRIED]:
        values = {remedy.set: remedy.to for remedy in alternative}
        assert result.remedies is not None
        assert moves_in(frozenset(values.items())) <= max(result.remedies.size, len(values))
        if any("." in name and name not in known for name in values):
            continue  # what a scenario has no place for, such as which flows are protected
        assert with_values(loaded, values, property_id).verdict is Verdict.PROVED, values
        for name in values:
            rest = {other: value for other, value in values.items() if not together(name, other)}
            if rest:
                assert with_values(loaded, rest, property_id).verdict is not Verdict.PROVED, (values, name)


def together(one: str, other: str) -> bool:
    return one.partition(".tunnels.")[0] == other.partition(".tunnels.")[0]


def test_who_has_to_act_is_told_apart() -> None:
    result = judged(shipped("bad/r14-different-local-asns.json"), "no-routing-loops")
    singles = {each[0].set: each[0].who for each in result.proved_if if len(each) == 1}
    assert singles["gateway_preserves_as_path"] == "vendor"
    assert singles["data_centers.dc-1.readvertises"] == "operator"
    assert singles["ipsec_connections.vco-1.bgp_enabled"] == "change"


def test_what_takes_something_out_of_service_comes_last() -> None:
    result = judged(shipped("bad/r14-different-local-asns.json"), "no-routing-loops")
    off = [any(r.to is False and r.who == "change" for r in each) for each in result.proved_if]
    assert off == sorted(off)
    assert True in off


def test_an_import_filter_is_among_the_changes() -> None:
    result = judged(shipped("bad/r15-equal-site-asns-path-lost.json"), "no-route-flapping")
    assert any(remedy.set.endswith(".import") for each in result.proved_if for remedy in each)


def test_a_bound_is_said() -> None:
    """Fewer questions than there are sets: what was found stands, and is not called complete."""
    from unittest.mock import patch

    loaded = shipped("bad/r14-different-local-asns.json")
    whole = judged(loaded, "no-route-flapping").remedies
    with patch("verify.remedies.MOST_ASKED", 12):
        cut = judged(loaded, "no-route-flapping").remedies
    assert whole is not None
    assert cut is not None
    assert not cut.complete
    assert set(cut.sets) < set(whole.sets)


def test_pinning_a_set_proves_on_the_command_line_too() -> None:
    loaded = shipped("bad/r14-different-local-asns.json")
    options = CheckOptions(assume={"gateway_preserves_as_path": True})
    assert under(loaded.document, options).assume["gateway_preserves_as_path"] is True
    pinned: dict[str, Value] = {"gateway_preserves_as_path": True}
    assert judged(loaded, "no-routing-loops", assume=pinned).verdict is Verdict.PROVED


def test_a_gadget_has_nothing_to_decide() -> None:
    written_down: Json = document(LIBRARY / "gadgets" / "disagree.json")
    result = judged(load("gadget", json.dumps(written_down)), "no-route-flapping")
    assert result.proved_if == ()
    assert result.remedies is not None
    assert result.remedies.complete
