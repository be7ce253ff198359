"""Loading: each kind of fault at its exact spot, all at once, and no traceback whatever the input."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.faulty_documents import CASES, NETWORK, document, marked
from verify.load import Fault, InvalidScenario, Loaded, load
from verify.models.readings import BY_ID
from verify.oddities import HOLDERS


def loaded(text: str) -> Loaded:
    return load("x.json", text=text)


def faults_of(text: str) -> tuple[Fault, ...]:
    with pytest.raises(InvalidScenario) as caught:
        loaded(text)
    return caught.value.faults


def faults_or_none(text: str) -> tuple[Fault, ...]:
    """The faults, none where the text is a valid document."""
    try:
        loaded(text)
    except InvalidScenario as error:
        return error.faults or (Fault("", 0, 0, "", "an error", "its reason"),)
    return ()


@pytest.mark.parametrize("case", CASES)
def test_each_fault_points_at_its_spot(case: str) -> None:
    members, path, found = CASES[case]
    text, line, column = marked(document(members))
    at_spot = [fault for fault in faults_of(text) if (fault.line, fault.column) == (line, column)]
    assert [(fault.path, fault.found) for fault in at_spot] == [(path, found)]


@pytest.mark.parametrize("case", sorted(set(CASES) - {"broken JSON"}))
def test_a_fault_has_no_other_fault_in_its_train(case: str) -> None:
    text, _, _ = marked(document(CASES[case][0]))
    assert len(faults_of(text)) == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [("[]", "a list"), ("null", "null"), ("5", "5"), ('"x"', '"x"'), ("", "nothing")],
)
def test_a_text_that_is_no_document_is_one_fault(text: str, found: str) -> None:
    assert [(f.line, f.column, f.found) for f in faults_of(text)] == [(1, 1, found)]


@pytest.mark.parametrize("version", ["true", "2", '"1"', "1.0", "null"])
def test_only_version_1_is_understood(version: str) -> None:
    assert [f.path for f in faults_of(f'{{"version": {version}}}')] == ["version"]


def test_all_faults_of_all_kinds_come_together_in_the_order_of_the_text() -> None:
    text = """{"version": 1, "nmae": "x",
      "vpcs": [{"id": "v", "vswitches": [{"id": "s", "cidr": "10.0.0.1/24"}]}, {"id": "v"}],
      "vpn_gateways": [{"id": "g", "vpc": "w", "bgp_route_quota": -1 "auto_advertise": "yes"}],
      "expect": {"isolation": "proven"}}"""
    faults = faults_of(text)
    assert [(fault.line, fault.path) for fault in faults] == [
        (1, "nmae"), (2, "vpcs[0].vswitches[0].cidr"), (2, "vpcs[1].id"), (3, "vpn_gateways[0].vpc"),
        (3, "vpn_gateways[0].bgp_route_quota"), (3, "vpn_gateways[0]"), (3, "vpn_gateways[0].auto_advertise"),
        (4, "expect.isolation"),
    ]  # fmt: skip
    assert len(str(InvalidScenario(faults)).splitlines()) == len(faults)


def test_a_fault_reads_as_place_found_expected_hint() -> None:
    (fault,) = faults_of(document('"vpcs": [{"id": "v", "vswitch": []}]'))
    text = (
        'x.json:2:22: vpcs[0].vswitch: found the key "vswitch", expected a known key; did you mean vswitches?'
    )
    assert str(fault) == text


def test_lost_text_does_not_bring_faults_that_may_only_follow_from_it() -> None:
    faults = faults_of(document('"vpcs": [{"id": vpc-1}]', '"vpn_gateways": [{"id": "g", "vpc": "vpc-1"}]'))
    assert [fault.path for fault in faults] == ["vpcs[0].id"]


def test_a_value_that_the_documentation_forbids_is_no_fault() -> None:
    loaded(document(NETWORK.replace('"vpc": "vpc-1"', '"vpc": "vpc-1", "bgp_route_quota": 500'), (
        '"ipsec_connections": [{"id": "v", "vpn_gateway": "vgw-1", "tunnels": [{"customer_gateway": "cgw-1",'
        ' "local_asn": 0, "tunnel_cidr": "169.254.0.0/29", "local_bgp_ip": "169.254.0.0"}]}]'
    )))  # fmt: skip


@pytest.mark.parametrize(
    ("written", "asn"), [("0", 0), ("4294967295", 4294967295), ('"1.5"', 65541), ('"65001"', 65001)]
)
def test_asns_are_read_in_all_notations(written: str, asn: int) -> None:
    site = loaded(document(f'"data_centers": [{{"id": "d", "routers": [{{"id": "r", "asn": {written}}}]}}]'))
    assert site.document.data_centers[0].routers[0].asn == asn


def test_what_is_hardly_meant_is_a_warning() -> None:
    strange = NETWORK.replace('{"id": "vpc-2"}', (
        '{"id": "vpc-2", "readings": {"gateway_prefers": "bgp"},'
        ' "routes": [{"destination": "10.0.0.0/8", "next_hop": "vgw-1"}]}'
    ))  # fmt: skip
    warnings = loaded(document(strange)).warnings
    assert [warning.split(":")[0] for warning in warnings] == ["vpc-2", "vpc-2"]
    assert loaded(document(NETWORK)).warnings == ()


def test_every_reading_has_objects_that_may_pin_it() -> None:
    assert list(HOLDERS) == list(BY_ID)


def test_a_file_is_named_and_hashed(tmp_path: Path) -> None:
    file = tmp_path / "branch.scenario.json"
    file.write_bytes(b'\xef\xbb\xbf{"version": 1}')
    result = load(file)
    assert result.document.name == "branch"
    assert (result.file, len(result.sha256)) == (str(file), 64)


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"version": 1, "name": "piped"}')))
    assert load("-").document.name == "piped"


@pytest.mark.parametrize(
    ("content", "position", "hint"),
    [(b'{"a":\n "\xff"}', (2, 3), ""), ('{"version": 1}'.encode("utf-16"), (1, 1), "this looks like UTF-16")],
)
def test_bytes_that_are_no_utf_8_are_a_fault(
    content: bytes, position: tuple[int, int], hint: str, tmp_path: Path
) -> None:
    (tmp_path / "x.json").write_bytes(content)
    with pytest.raises(InvalidScenario) as caught:
        load(tmp_path / "x.json")
    (fault,) = caught.value.faults
    assert ((fault.line, fault.column), fault.hint) == (position, hint)


def test_a_file_that_cannot_be_read_is_a_fault_of_the_file(tmp_path: Path) -> None:
    for path in (tmp_path / "none.json", tmp_path, "a\0b"):
        with pytest.raises(InvalidScenario) as caught:
            load(path)
        assert caught.value.faults[0].line == 0


def test_a_file_without_end_is_not_read_to_the_end() -> None:
    with pytest.raises(InvalidScenario, match="a very large file"):
        load("/dev/zero")


EXAMPLE = json.loads(document(NETWORK))


ODD_VALUES: list[object] = [
    None, True, -1, 2**40, 1.5, "", "any", "vpc-1", [], {}, {"one_of": []}, {"between": [1]},
]  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> object:
    """The example with one value replaced, removed or renamed."""
    root = json.loads(json.dumps(EXAMPLE))
    here: object = root
    while True:
        keys = list(here) if isinstance(here, dict) else range(len(here))  # type: ignore[arg-type]  # a list
        key = draw(st.sampled_from(list(keys)))
        inner = here[key]  # type: ignore[index]  # a container
        if not isinstance(inner, dict | list) or not inner or draw(st.booleans()):
            break
        here = inner
    here[key] = draw(st.sampled_from(ODD_VALUES))  # type: ignore[index]  # a container
    return root


@settings(derandomize=True, max_examples=300)
@given(mutated())
def test_a_mutated_scenario_loads_or_is_invalid(root: object) -> None:
    faults = faults_or_none(json.dumps(root))
    assert all(fault.line >= 1 and fault.column >= 1 for fault in faults)


@settings(derandomize=True, max_examples=200)
@given(st.binary(max_size=60))
def test_random_bytes_are_invalid(raw: bytes) -> None:
    with pytest.raises(InvalidScenario):
        loaded(raw.decode("utf-8", "surrogateescape"))


@settings(derandomize=True, max_examples=200)
@given(st.integers(0, len(document(NETWORK)) - 1), st.sampled_from(list('{}[],:"x0\\\n')))
def test_a_damaged_text_loads_or_is_invalid(position: int, character: str) -> None:
    text = document(NETWORK)
    for damaged in (text[:position] + text[position + 1 :], text[:position] + character + text[position:]):
        faults = faults_or_none(damaged)
        assert all(fault.line >= 1 and fault.column >= 1 for fault in faults)
