"""Documents with one fault each, and the spot of the fault marked in the text."""

from __future__ import annotations

MARK = "⟦"
SITE = (
    '"data_centers": [{"id": "dc-1", "prefixes": ["10.0.0.0/16"], "routers": [{"id": "r1", "asn": 65001}]}]'
)
NETWORK = f""""vpcs": [{{"id": "vpc-1", "custom_route_tables": [{{"id": "rtb-1"}}]}}, {{"id": "vpc-2"}}],
  "vpn_gateways": [{{"id": "vgw-1", "vpc": "vpc-1"}}],
  "customer_gateways": [{{"id": "cgw-1", "asn": 65001, "data_center": "dc-1"}}],
  {SITE}"""

# What is wrong -> members of the document with the mark, path of the fault, what was found.
CASES = {
    "broken JSON": ('"vpcs": [⟦}', "vpcs", "}"),
    "wrong type of the VPCs": ('"vpcs": ⟦5', "vpcs", "5"),
    "unknown key": ('"vpcs": [{"id": "v", ⟦"vswitch": []}]', "vpcs[0].vswitch", 'the key "vswitch"'),
    "missing key": ('"vpcs": [⟦{"vswitches": []}]', "vpcs[0]", "no id"),
    "wrong type of an object": ('"vpcs": [⟦"v"]', "vpcs[0]", '"v"'),
    "wrong type of a list": ('"cens": ⟦{}', "cens", "an object"),
    "wrong type of an id": ('"cens": [{"id": ⟦7}]', "cens[0].id", "7"),
    "wrong type of a text": ('"description": ⟦[]', "description", "a list"),
    "wrong type of a flag": (
        '"cens": [{"id": "c", "overlapping_routing": ⟦1}]',
        "cens[0].overlapping_routing",
        "1",
    ),
    "a boolean for a number": (
        '"environment": {"max_failures": ⟦true}',
        "environment.max_failures",
        "true",
    ),
    "dangling reference": (
        NETWORK + ', "ipsec_connections": [{"id": "vco", "vpn_gateway": ⟦"vgw-9",'
        ' "tunnels": [{"customer_gateway": "cgw-1"}]}]',
        "ipsec_connections[0].vpn_gateway",
        'no object "vgw-9"',
    ),
    "reference to the wrong kind": (
        NETWORK + ', "cens": [{"id": "cen", "attachments": ["vpc-1", ⟦"vgw-1"]}]',
        "cens[0].attachments[1]",
        '"vgw-1", which is a VPN gateway',
    ),
    "a router of another site": (
        NETWORK.replace(SITE, SITE[:-1] + ', {"id": "dc-2"}]')
        + ', "virtual_border_routers": [{"id": "vbr", "attached_to": "vpc-1",'
        ' "peers": [{"data_center": "dc-2", "router": ⟦"r1"}]}]',
        "virtual_border_routers[0].peers[0].router",
        '"r1", which belongs to "dc-1"',
    ),
    "a route table of another VPC": (
        '"vpcs": [{"id": "a", "custom_route_tables": [{"id": "rtb"}]},'
        ' {"id": "b", "vswitches": [{"id": "s", "cidr": "10.0.0.0/24", "route_table": ⟦"rtb"}]}]',
        "vpcs[1].vswitches[0].route_table",
        '"rtb", which belongs to "a"',
    ),
    "duplicate id": ('"vpcs": [{"id": "v"}], "cens": [{"id": ⟦"v"}]', "cens[0].id", '"v"'),
    "reserved id": ('"vpcs": [{"id": ⟦"system"}]', "vpcs[0].id", '"system"'),
    "duplicate key": ('"vpcs": [{"id": "v", ⟦"id": "w"}]', "vpcs[0].id", 'the key "id" again'),
    "host bits": (
        '"vpcs": [{"id": "v", "vswitches": [{"id": "s", "cidr": ⟦"10.0.0.1/24"}]}]',
        "vpcs[0].vswitches[0].cidr",
        '"10.0.0.1/24"',
    ),
    "IPv6": (
        '"data_centers": [{"id": "d", "prefixes": [⟦"fd00::/8"]}]',
        "data_centers[0].prefixes[0]",
        '"fd00::/8"',
    ),
    "no prefix length": (
        '"data_centers": [{"id": "d", "prefixes": [⟦"10.0.0.0"]}]',
        "data_centers[0].prefixes[0]",
        '"10.0.0.0"',
    ),
    "bad address": (
        SITE + ', "customer_gateways": [{"id": "c", "data_center": "dc-1", "ip_address": ⟦"1.2.3.256"}]',
        "customer_gateways[0].ip_address",
        '"1.2.3.256"',
    ),
    "ASN above 32 bits": (
        SITE + ', "customer_gateways": [{"id": "c", "data_center": "dc-1", "asn": ⟦4294967296}]',
        "customer_gateways[0].asn",
        "4294967296",
    ),
    "negative ASN": (
        '"data_centers": [{"id": "d", "routers": [{"id": "r", "asn": ⟦-1}]}]',
        "data_centers[0].routers[0].asn",
        "-1",
    ),
    "ASN of 5000 digits": (
        '"data_centers": [{"id": "d", "routers": [{"id": "r", "asn": ⟦' + "9" * 5000 + "}]}]",
        "data_centers[0].routers[0].asn",
        "9" * 59 + "…",
    ),
    "ASN beyond all floats": (
        '"data_centers": [{"id": "d", "routers": [{"id": "r", "asn": ⟦1e400}]}]',
        "data_centers[0].routers[0].asn",
        "1e400",
    ),
    "bad asdot": (
        '"data_centers": [{"id": "d", "routers": [{"id": "r", "asn": ⟦"1.65536"}]}]',
        "data_centers[0].routers[0].asn",
        '"1.65536"',
    ),
    "negative quota": (
        NETWORK.replace('"vpc": "vpc-1"', '"vpc": "vpc-1", "bgp_route_quota": ⟦-1'),
        "vpn_gateways[0].bgp_route_quota",
        "-1",
    ),
    "empty one_of": (
        '"data_centers": [{"id": "d", "prefers": {"one_of": ⟦[]}}]',
        "data_centers[0].prefers.one_of",
        "an empty list",
    ),
    "one_of with a wrong value": (
        '"data_centers": [{"id": "d", "prefers": {"one_of": ["internal", ⟦"bgp"]}}]',
        "data_centers[0].prefers.one_of[1]",
        '"bgp"',
    ),
    "between upside down": (
        '"data_centers": [{"id": "d", "allowas_in": {"between": ⟦[3, 1]}}]',
        "data_centers[0].allowas_in.between",
        "3 before 1",
    ),
    "between for words": (
        '"data_centers": [{"id": "d", "prefers": {"between": ⟦["a", "b"]}}]',
        "data_centers[0].prefers.between",
        "between",
    ),
    "unknown property": ('"expect": {⟦"no-loops": "proved"}', "expect.no-loops", 'the property "no-loops"'),
    "unknown verdict": ('"expect": {"isolation": ⟦"proven"}', "expect.isolation", '"proven"'),
    "unknown reading": (
        '"assume": {⟦"conflicts": "identical"}',
        "assume.conflicts",
        'the reading "conflicts"',
    ),
    "unknown value of a reading": ('"assume": {"conflict": ⟦"same"}', "assume.conflict", '"same"'),
    "unknown reading of an object": (
        '"vpcs": [{"id": "v", "readings": {⟦"vpc_prefer": "vpn"}}]',
        "vpcs[0].readings.vpc_prefer",
        'the reading "vpc_prefer"',
    ),
    "unknown kind of failure": (
        '"environment": {"may_fail": [⟦"tunnels"]}',
        "environment.may_fail[0]",
        '"tunnels"',
    ),
    "bad date": ('"cens": [{"id": "c", "created": ⟦"2019-02-30"}]', "cens[0].created", '"2019-02-30"'),
    "three tunnels": (
        NETWORK
        + ', "ipsec_connections": [{"id": "v", "vpn_gateway": "vgw-1", "tunnels": ⟦['
        + ",".join(['{"customer_gateway": "cgw-1"}'] * 3)
        + "]}]",
        "ipsec_connections[0].tunnels",
        "3 tunnels",
    ),
    "customer gateway without a far end": (
        '"customer_gateways": [⟦{"id": "c"}]',
        "customer_gateways[0]",
        "no data_center",
    ),
    "customer gateway with two far ends": (
        NETWORK.replace('"data_center": "dc-1"}', '"data_center": "dc-1", ⟦"vpn_gateway": "vgw-1"}'),
        "customer_gateways[0].vpn_gateway",
        "data_center and vpn_gateway",
    ),
    "VBR without an attachment": (
        '"virtual_border_routers": [⟦{"id": "v"}]',
        "virtual_border_routers[0]",
        "no attached_to",
    ),
    "VBR peer without an ASN": (
        '"data_centers": [{"id": "d"}], "cens": [{"id": "c"}],'
        ' "virtual_border_routers": [{"id": "v", "attached_to": "c", "peers": [⟦{"data_center": "d"}]}]',
        "virtual_border_routers[0].peers[0]",
        "no peer_asn",
    ),
    "prefix twice": (
        '"data_centers": [{"id": "d", "prefixes": ["10.0.0.0/8", ⟦"10.0.0.0/8"]}]',
        "data_centers[0].prefixes[1]",
        '"10.0.0.0/8"',
    ),
    "a site that peers with itself": (
        '"data_centers": [{"id": "d", "peers": [{"peer": ⟦"d"}]}]',
        "data_centers[0].peers[0].peer",
        '"d"',
    ),
    "open prefix shorter than what holds it": (
        '"data_centers": [{"id": "d", "prefixes": [{"within": "10.0.0.0/16", "length": ⟦[8, 24]}]}]',
        "data_centers[0].prefixes[0].length",
        "[8, 24]",
    ),
    "intent of a gateway": (
        NETWORK + ', "intents": [{"from": ⟦"vgw-1", "to": "10.0.0.0/16"}]',
        "intents[0].from",
        '"vgw-1", which is a VPN gateway',
    ),
    "intent with host bits": (
        NETWORK + ', "intents": [{"from": "vpc-1", "to": ⟦"10.0.0.1/16"}]',
        "intents[0].to",
        '"10.0.0.1/16"',
    ),
    "gadget beside a network": ('⟦"vpcs": [], "gadget": {"1": ["1 0"]}', "vpcs", "vpcs beside gadget"),
    "gadget path that ends elsewhere": ('"gadget": {"1": [⟦"1 2"]}', 'gadget["1"][0]', '"1 2"'),
    "gadget path with a loop": (
        '"gadget": {"1": [⟦"1 2 1 0"], "2": ["2 0"]}',
        'gadget["1"][0]',
        '"1 2 1 0"',
    ),
    "gadget path of another node": ('"gadget": {"1": [⟦"2 0"], "2": []}', 'gadget["1"][0]', '"2 0"'),
    "gadget path over an unknown node": ('"gadget": {"1": [⟦"1 9 0"]}', 'gadget["1"][0]', '"1 9 0"'),
    "half a surrogate pair": ('"name": ⟦"\\ud800"', "name", "\\ud800"),
    "escape sequence in an id": ('"cens": [{"id": ⟦"\\u001b[31m"}]', "cens[0].id", '"\\u001b[31m"'),
}


def document(*members: str) -> str:
    return "{" + ",\n".join(('"version": 1', *members)) + "}"


def marked(text: str) -> tuple[str, int, int]:
    """The text without its mark, and the line and column of the mark."""
    before = text[: text.index(MARK)]
    return text.replace(MARK, ""), before.count("\n") + 1, len(before) - before.rfind("\n")
