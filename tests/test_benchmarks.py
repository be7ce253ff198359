"""Every family of the benchmarks is made of scenarios that load and can be decided."""

from __future__ import annotations

import json

import pytest

from benchmarks.__main__ import HEADER, line
from benchmarks.bad_scenarios import HEADER as LIBRARY_HEADER
from benchmarks.bad_scenarios import LIBRARY
from benchmarks.bad_scenarios import line as library_line
from benchmarks.certificates import costs, summary
from benchmarks.families import FAMILIES
from benchmarks.measure import PROPERTIES, Point, measure, measured_apart
from verify.load import load

DECIDED = {"proved", "conditional", "violated"}


@pytest.mark.parametrize("size", [1, 2])
@pytest.mark.parametrize("name", FAMILIES)
def test_a_small_scenario_of_a_family_is_decided(name: str, size: int) -> None:
    point = measure(FAMILIES[name].document(size))
    assert tuple(point.verdicts) == PROPERTIES
    assert set(point.verdicts.values()) <= DECIDED
    assert point.problems > 0 < point.routes
    assert 0 <= point.build + point.solve + point.replay <= point.total


@pytest.mark.parametrize("name", sorted(set(FAMILIES) - {"open-announcements"}))
def test_a_family_grows(name: str) -> None:
    small, large = (load("x.json", json.dumps(FAMILIES[name].document(size))).document for size in (1, 30))
    assert len(large.model_dump_json()) >= len(small.model_dump_json()) + 29 * len('"10.0.0.0/16"')


def test_open_announcements_grow_by_a_number_alone() -> None:
    documents = [FAMILIES["open-announcements"].document(size) for size in (1, 30)]
    unknown = [document["data_centers"][0]["prefixes"][-1] for document in documents]
    assert [entry["count"] for entry in unknown] == [[1, 1], [1, 30]]


def test_gateways_towards_one_site_are_not_decided_without_a_solver() -> None:
    assert measure(FAMILIES["gateways"].document(2)).nodes > 0


def test_a_point_is_measured_in_a_process_of_its_own_and_stopped_at_its_limit() -> None:
    assert measured_apart("branches", 1, timeout=60.0) is not None
    assert measured_apart("branches", 1, timeout=0.01) is None
    with pytest.raises(RuntimeError, match="nowhere 1"):
        measured_apart("nowhere", 1, timeout=60.0)


def test_a_line_of_the_table_fits_the_terminal() -> None:
    verdicts = {"a": "proved", "b": "violated"}
    point = Point(12345, 12345, 12345, 123456, 59.9, 59.9, 59.9, 59.9, 4321.0, verdicts)
    shown = line("connected-vpcs", 30, point, 60.0)
    assert shown.endswith("p v")
    assert max(len(shown), len(HEADER)) <= 100
    assert line("gateways", 30, None, 60.0).endswith("over 60 s")


def test_certificates_are_measured_beside_the_queries_that_they_are_for() -> None:
    scenario = load("x.json", json.dumps(FAMILIES["gateways"].document(2)))
    found = list(costs(scenario, ["no-routing-loops", "no-route-flapping", "no-ineffective-routes"]))
    assert len(found) > 1
    assert all(min(each) > 0 for each in found)
    assert summary(found)["queries"] == len(found)


def test_a_bad_scenario_is_measured_with_what_would_make_it_safe() -> None:
    shown, check, fix = library_line(LIBRARY / "r16-overlapping-routing-off.json")
    assert shown.split()[-1] == "1"
    assert "1/1" in shown
    assert check > 0 < fix
    assert len(shown) == len(LIBRARY_HEADER)
