"""Loading: every kind of fault at its exact place, all faults at once, and no traceback whatever the input."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.load import Fault, InvalidScenario, Loaded, load

MARK = "⟦"
SITE = (
    '"data_centers": [{"id": "dc-1", "prefixes": ["10.0.0.0/16"], "routers": [{"id": "r1", "asn": 65001}]}]'
)
NETWORK = f""""vpcs": [{{"id": "vpc-1", "custom_route_tables": [{{"id": "rtb-1"}}]}}, {{"id": "vpc-2"}}],
  "vpn_gateways": [{{"id": "vgw-1", "vpc": "vpc-1"}}],
  "customer_gateways": [{{"id": "cgw-1", "asn": 65001, "data_center": "dc-1"}}],
  {SITE}"""


def loaded(text: str) -> Loaded:
    return load("x.json", text=text)


def faults_of(text: str) -> tuple[Fault, ...]:
    with pytest.raises(InvalidScenario) as caught:
        loaded(text)
    return caught.value.faults


def document(*members: str) -> str:
    return "{" + ",\n".join(('"version": 1', *members)) + "}"


def marked(text: str) -> tuple[str, int, int]:
    """The text without its mark, and the line and column of the mark."""
    before = text[: text.index(MARK)]
    return text.replace(MARK, ""), before.count("\n") + 1, len(before) - before.rfind("\n")


CASES = {
    "broken JSON": ('"vpcs": [⟦}', "vpcs", "}"),
    "wrong type of the VPCs": ('"vpcs": ⟦5', "vpcs", "5"),
    "unknown key": ('"vpcs": [{"id": "v", ⟦"vswitch": []}]', "vpcs[0].vswitch", 'the key "vswitch"'),
    "missing key": ('"vpcs": [⟦{"vswitches": []}]', "vpcs[0]", "no id"),
    "wrong type of an object": ('"vpcs": [⟦"v"]', "vpcs[0]", '"v"'),
    "wrong type of a list": ('"cens": ⟦{}', "cens", "an object"),
    "wrong type of an id": ('"cens": [{"id": ⟦7}]', "cens[0].id", "7"),
    "wrong type of a text": ('"description": ⟦[]', "description", "a list"),
    "wrong type of a flag": ('"cens": [{"id": "c", "overlapping_routing": ⟦1}]', "cens[0].overlapping_routing", "1"),
    "a boolean for a number": (
        '"environment": {"max_failures": ⟦true}', "environment.max_failures", "true",
    ),
    "dangling reference": (
        NETWORK + ', "ipsec_connections": [{"id": "vco", "vpn_gateway": ⟦"vgw-9",'
        ' "tunnels": [{"customer_gateway": "cgw-1"}]}]',
        "ipsec_connections[0].vpn_gateway", 'no object "vgw-9"',
    ),
    "reference to the wrong kind": (
        NETWORK + ', "cens": [{"id": "cen", "attachments": ["vpc-1", ⟦"vgw-1"]}]',
        "cens[0].attachments[1]", '"vgw-1", which is a VPN gateway',
    ),
    "a router of another site": (
        NETWORK.replace(SITE, SITE[:-1] + ', {"id": "dc-2"}]')
        + ', "virtual_border_routers": [{"id": "vbr", "attached_to": "vpc-1",'
        ' "peers": [{"data_center": "dc-2", "router": ⟦"r1"}]}]',
        "virtual_border_routers[0].peers[0].router", '"r1", which belongs to "dc-1"',
    ),
    "a route table of another VPC": (
        '"vpcs": [{"id": "a", "custom_route_tables": [{"id": "rtb"}]},'
        ' {"id": "b", "vswitches": [{"id": "s", "cidr": "10.0.0.0/24", "route_table": ⟦"rtb"}]}]',
        "vpcs[1].vswitches[0].route_table", '"rtb", which belongs to "a"',
    ),
    "duplicate id": ('"vpcs": [{"id": "v"}], "cens": [{"id": ⟦"v"}]', "cens[0].id", '"v"'),
    "reserved id": ('"vpcs": [{"id": ⟦"system"}]', "vpcs[0].id", '"system"'),
    "duplicate key": ('"vpcs": [{"id": "v", ⟦"id": "w"}]', "vpcs[0].id", 'the key "id" again'),
    "host bits": (
        '"vpcs": [{"id": "v", "vswitches": [{"id": "s", "cidr": ⟦"10.0.0.1/24"}]}]',
        "vpcs[0].vswitches[0].cidr", '"10.0.0.1/24"',
    ),
    "IPv6": ('"data_centers": [{"id": "d", "prefixes": [⟦"fd00::/8"]}]', "data_centers[0].prefixes[0]", '"fd00::/8"'),
    "no prefix length": (
        '"data_centers": [{"id": "d", "prefixes": [⟦"10.0.0.0"]}]', "data_centers[0].prefixes[0]", '"10.0.0.0"',
    ),
    "bad address": (
        SITE + ', "customer_gateways": [{"id": "c", "data_center": "dc-1", "ip_address": ⟦"1.2.3.256"}]',
        "customer_gateways[0].ip_address", '"1.2.3.256"',
    ),
    "ASN above 32 bits": (
        SITE + ', "customer_gateways": [{"id": "c", "data_center": "dc-1", "asn": ⟦4294967296}]',
        "customer_gateways[0].asn", "4294967296",
    ),
    "negative ASN": (
        '"data_centers": [{"id": "d", "routers": [{"id": "r", "asn": ⟦-1}]}]',
        "data_centers[0].routers[0].asn", "-1",
    ),
    "ASN of 5000 digits": (
        '"data_centers": [{"id": "d", "routers": [{"id": "r", "asn": ⟦' + "9" * 5000 + "}]}]",
        "data_centers[0].routers[0].asn", "9" * 59 + "…",
    ),
    "ASN beyond all floats": (
        '"data_centers": [{"id": "d", "routers": [{"id": "r", "asn": ⟦1e400}]}]',
        "data_centers[0].routers[0].asn", "1e400",
    ),
    "bad asdot": (
        '"data_centers": [{"id": "d", "routers": [{"id": "r", "asn": ⟦"1.65536"}]}]',
        "data_centers[0].routers[0].asn", '"1.65536"',
    ),
    "negative quota": (
        NETWORK.replace('"vpc": "vpc-1"', '"vpc": "vpc-1", "bgp_route_quota": ⟦-1'),
        "vpn_gateways[0].bgp_route_quota", "-1",
    ),
    "empty one_of": (
        '"data_centers": [{"id": "d", "prefers": {"one_of": ⟦[]}}]', "data_centers[0].prefers.one_of", "an empty list",
    ),
    "one_of with a wrong value": (
        '"data_centers": [{"id": "d", "prefers": {"one_of": ["internal", ⟦"bgp"]}}]',
        "data_centers[0].prefers.one_of[1]", '"bgp"',
    ),
    "between upside down": (
        '"data_centers": [{"id": "d", "allowas_in": {"between": ⟦[3, 1]}}]',
        "data_centers[0].allowas_in.between", "3 before 1",
    ),
    "between for words": (
        '"data_centers": [{"id": "d", "prefers": {"between": ⟦["a", "b"]}}]',
        "data_centers[0].prefers.between", "between",
    ),
    "unknown property": ('"expect": {⟦"no-loops": "proved"}', "expect.no-loops", 'the property "no-loops"'),
    "unknown verdict": ('"expect": {"isolation": ⟦"proven"}', "expect.isolation", '"proven"'),
    "unknown reading": ('"assume": {⟦"conflicts": "identical"}', "assume.conflicts", 'the reading "conflicts"'),
    "unknown value of a reading": ('"assume": {"conflict": ⟦"same"}', "assume.conflict", '"same"'),
    "unknown reading of an object": (
        '"vpcs": [{"id": "v", "readings": {⟦"vpc_prefer": "vpn"}}]',
        "vpcs[0].readings.vpc_prefer", 'the reading "vpc_prefer"',
    ),
    "unknown kind of failure": ('"environment": {"may_fail": [⟦"tunnels"]}', "environment.may_fail[0]", '"tunnels"'),
    "bad date": ('"cens": [{"id": "c", "created": ⟦"2019-02-30"}]', "cens[0].created", '"2019-02-30"'),
    "three tunnels": (
        NETWORK + ', "ipsec_connections": [{"id": "v", "vpn_gateway": "vgw-1", "tunnels": ⟦['
        + ",".join(['{"customer_gateway": "cgw-1"}'] * 3) + "]}]",
        "ipsec_connections[0].tunnels", "3 tunnels",
    ),
    "customer gateway without a far end": ('"customer_gateways": [⟦{"id": "c"}]', "customer_gateways[0]", "no data_center"),
    "customer gateway with two far ends": (
        NETWORK.replace('"data_center": "dc-1"}', '"data_center": "dc-1", ⟦"vpn_gateway": "vgw-1"}'),
        "customer_gateways[0].vpn_gateway", "data_center and vpn_gateway",
    ),
    "VBR without an attachment": ('"virtual_border_routers": [⟦{"id": "v"}]', "virtual_border_routers[0]", "no attached_to"),
    "VBR peer without an ASN": (
        '"data_centers": [{"id": "d"}], "cens": [{"id": "c"}],'
        ' "virtual_border_routers": [{"id": "v", "attached_to": "c", "peers": [⟦{"data_center": "d"}]}]',
        "virtual_border_routers[0].peers[0]", "no peer_asn",
    ),
    "prefix twice": (
        '"data_centers": [{"id": "d", "prefixes": ["10.0.0.0/8", ⟦"10.0.0.0/8"]}]',
        "data_centers[0].prefixes[1]", '"10.0.0.0/8"',
    ),
    "a site that peers with itself": (
        '"data_centers": [{"id": "d", "peers": [{"peer": ⟦"d"}]}]', "data_centers[0].peers[0].peer", '"d"',
    ),
    "open prefix shorter than what holds it": (
        '"data_centers": [{"id": "d", "prefixes": [{"within": "10.0.0.0/16", "length": ⟦[8, 24]}]}]',
        "data_centers[0].prefixes[0].length", "[8, 24]",
    ),
    "intent of a gateway": (
        NETWORK + ', "intents": [{"from": ⟦"vgw-1", "to": "10.0.0.0/16"}]',
        "intents[0].from", '"vgw-1", which is a VPN gateway',
    ),
    "intent with host bits": (
        NETWORK + ', "intents": [{"from": "vpc-1", "to": ⟦"10.0.0.1/16"}]', "intents[0].to", '"10.0.0.1/16"',
    ),
    "gadget beside a network": ('⟦"vpcs": [], "gadget": {"1": ["1 0"]}', "vpcs", "vpcs beside gadget"),
    "gadget path that ends elsewhere": ('"gadget": {"1": [⟦"1 2"]}', 'gadget["1"][0]', '"1 2"'),
    "gadget path with a loop": (
        '"gadget": {"1": [⟦"1 2 1 0"], "2": ["2 0"]}', 'gadget["1"][0]', '"1 2 1 0"',
    ),
    "gadget path of another node": ('"gadget": {"1": [⟦"2 0"], "2": []}', 'gadget["1"][0]', '"2 0"'),
    "gadget path over an unknown node": ('"gadget": {"1": [⟦"1 9 0"]}', 'gadget["1"][0]', '"1 9 0"'),
    "half a surrogate pair": ('"name": ⟦"\\ud800"', "name", "\\ud800"),
    "escape sequence in an id": ('"cens": [{"id": ⟦"\\u001b[31m"}]', "cens[0].id", '"\\u001b[31m"'),
}  # fmt: skip


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
    [("[]", "a list"), ("null", "null"), ("5", "5"), ('"x"', '"x"'), ("", "nothing"), ("{}", "no version")],
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
    odd = st.sampled_from(
        [None, True, -1, 2**40, 1.5, "", "any", "vpc-1", [], {}, {"one_of": []}, {"between": [1]}]
    )
    here[key] = draw(odd)  # type: ignore[index]  # a container
    return root


@settings(derandomize=True, max_examples=300)
@given(mutated())
def test_a_mutated_scenario_loads_or_is_invalid(root: object) -> None:
    try:
        loaded(json.dumps(root))
    except InvalidScenario as error:
        assert error.faults
        assert all(fault.line >= 1 and fault.column >= 1 for fault in error.faults)


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
        try:
            loaded(damaged)
        except InvalidScenario as error:
            assert error.faults
