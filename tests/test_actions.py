"""Edits in the words of the console: what is one action, and that every field has a sentence."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from verify.actions import actions
from verify.clauses import ADDED, REMOVED, SET, clause
from verify.load import load
from verify.models.choices import Choice
from verify.models.edits import LISTS, Edit, applied, fields
from verify.models.opening import all_choices
from verify.models.paths import spots_of
from verify.models.prices import KINDS, kind_of
from verify.models.scenario import Document

Json = dict[str, Any]


def openable(model: type[BaseModel], before: tuple[str, ...] = ()) -> Iterator[str]:
    """Every field of the format that takes an open value, by its keys."""
    for name, field in model.model_fields.items():
        keys = (*before, field.alias or name)
        inner = [each for each in parts(field.annotation) if isinstance(each, type)]
        if any(issubclass(each, Choice) for each in inner):
            yield ".".join(keys)
        for each in inner:
            if issubclass(each, BaseModel):
                yield from openable(each, keys)


def parts(annotation: object) -> Iterator[object]:
    yield annotation
    for argument in get_args(annotation):
        yield from parts(argument)


NO_SETTINGS = ("environment", "assume", "readings")  # what is asked, and what the platform does
OPENABLE = sorted(f for f in set(openable(Document)) if not set(NO_SETTINGS) & set(f.split(".")))


def steps_of(field: str) -> tuple[str, ...]:
    """A place of a kind of field."""
    return tuple(step for key in field.split(".") for step in ((key, "0") if key in LISTS else (key,)))


def test_the_fields_that_can_be_open_are_found() -> None:
    assert "ipsec_connections.tunnels.local_asn" in OPENABLE
    assert "data_centers.prefixes.announced" in OPENABLE
    assert len(OPENABLE) >= 25


@pytest.mark.parametrize("field", OPENABLE)
def test_every_field_that_can_be_open_has_a_sentence_of_its_own(field: str) -> None:
    assert field in SET
    steps = steps_of(field)
    assert fields(steps) == tuple(field.split("."))
    for value in (True, False, 7, "dual", "internal"):
        assert clause(Edit("set", steps, value)).strip()


OPEN_TUNNEL: Json = {"customer_gateway": "cgw-1", "local_asn": "any", "role": "any"}
OPEN_PEER: Json = {"peer": "vgw-1", "local_pref": "any", "prepend": "any"}
OPEN_ROUTE: Json = {"destination": "10.9.0.0/16", "next_hop": "vgw-1", "publish_to_cen": "any"}


def opened(keys: str, **fields: Any) -> list[Json]:
    """A list of one object in which these keys are open."""
    return [{**fields, **dict.fromkeys(keys.split(), "any")}]


def every_part() -> Json:
    """A document with one object of every kind, in which all that can be open is."""
    peers = opened("peer_asn", data_center="dc-1")
    connected = {"vpn_gateway": "vgw-1", "tunnels": [OPEN_TUNNEL, OPEN_TUNNEL]}
    site = {
        "id": "dc-1",
        "prefixes": opened("announced", prefix="10.0.0.0/16"),
        "routers": opened("asn allowas_in", id="r1"),
        "peers": [OPEN_PEER],
    }
    return {
        "version": 1,
        "vpcs": [
            {"id": "vpc-1", "vswitches": [{"id": "vsw-1", "cidr": "172.16.0.0/24"}], "routes": [OPEN_ROUTE]}
        ],
        "vpn_gateways": opened(
            "tunnel_support bgp_supported auto_advertise bgp_route_quota", id="vgw-1", vpc="vpc-1"
        ),
        "customer_gateways": opened("asn", id="cgw-1", data_center="dc-1"),
        "ipsec_connections": opened("routing_mode bgp_enabled", id="vco-1", **connected),
        "data_centers": opened("internal_peering readvertises prefers allowas_in", **site),
        "virtual_border_routers": opened(
            "local_asn bgp_route_quota as_path_preserved", id="vbr-1", attached_to="cen-1", peers=peers
        ),
        "cens": opened("overlapping_routing rejects_hybrid_exchange", id="cen-1"),
        "intents": [{"from": "vpc-1", "to": "dc-1", "allowed": "any"}],
    }


def test_every_open_value_of_a_document_can_be_decided_in_words() -> None:
    raw = every_part()
    loaded = load("x.json", json.dumps(raw))
    names = {choice.name for choice in all_choices(loaded.document)}
    spots = [s for s in spots_of(loaded.document) if isinstance(s.value, Choice) and s.value.name in names]
    assert len(spots) == len(names) > 20
    for spot in spots:
        assert isinstance(spot.value, Choice)
        for value in spot.value.values[:3]:
            edit = Edit("set", spot.steps, value)
            (action,) = actions(raw, [edit])
            assert not action.text.startswith("Design")
            assert action.edits == (edit,)
            assert kind_of(edit) in KINDS
            load("x.json", json.dumps(applied(raw, [edit])))


def test_the_opened_fields_are_all_that_can_be_open() -> None:
    """What the document above leaves open is every field, but for what is a reading or a bound."""
    written = load("x.json", json.dumps(every_part())).written
    kinds = {".".join(fields(s.steps)) for s in spots_of(written) if isinstance(s.value, Choice)}
    assert set(OPENABLE) == kinds


def text(*edits: Edit, raw: Json | None = None) -> list[str]:
    return [action.text for action in actions(every_part() if raw is None else raw, edits)]


def test_the_local_asn_of_both_tunnels_is_said_once() -> None:
    place = ("ipsec_connections", "vco-1", "tunnels")
    both = [Edit("set", (*place, n, "local_asn"), 45105) for n in ("0", "1")]
    start = "VPN Gateway console > IPsec Connections > vco-1 > Edit: "
    assert text(*both) == [f"{start}set Local ASN of both tunnels to 45105"]
    assert text(both[1]) == [f"{start}set Local ASN of tunnel 2 to 45105"]
    other = Edit("set", both[1].steps, 45106)
    assert text(both[0], other) == [
        f"{start}set Local ASN of tunnel 1 to 45105; set Local ASN of tunnel 2 to 45106"
    ]


def test_a_customer_gateway_is_replaced_as_it_cannot_be_edited() -> None:
    (sentence,) = text(Edit("set", ("customer_gateways", "cgw-1", "asn"), 65002))
    assert "cannot be edited" in sentence
    assert "create a new customer gateway in place of cgw-1, with ASN 65002" in sentence
    assert "both tunnels of vco-1" in sentence
    assert sentence.endswith("delete the old customer gateway cgw-1")


def test_a_replacement_by_a_new_id_is_one_action() -> None:
    raw = every_part()
    tunnels = ("ipsec_connections", "vco-1", "tunnels")
    edits = [
        Edit("add", ("customer_gateways",), {"id": "cgw-2", "asn": 65002, "data_center": "dc-1"}),
        *(Edit("set", (*tunnels, n, "customer_gateway"), "cgw-2") for n in ("0", "1")),
        Edit("remove", ("customer_gateways",), raw["customer_gateways"][0]),
    ]
    (action,) = actions(raw, edits)
    assert action.edits == tuple(edits)
    for part in ("create customer gateway cgw-2", "tunnel 1 and tunnel 2", "delete the old customer gateway"):
        assert part in action.text


def test_what_is_done_on_one_router_towards_one_peer_is_one_action() -> None:
    policy = ("data_centers", "dc-1", "peers", "vgw-1")
    edits = [Edit("set", (*policy, "prepend"), 2), Edit("set", (*policy, "export"), ["10.0.0.0/16"])]
    assert text(*edits) == [
        "Routers of dc-1: prepend the router's ASN 2 times to what is advertised to vgw-1; "
        "advertise only 10.0.0.0/16 to vgw-1"
    ]


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (
            Edit(
                "add",
                ("data_centers", "dc-1", "static_routes"),
                {"destination": "10.0.0.0/8", "next_hop": "discard"},
            ),
            "Routers of dc-1: add a static route for 10.0.0.0/8 that discards (null interface)",
        ),
        (
            Edit("remove", ("vpcs", "vpc-1", "routes"), {"destination": "10.9.0.0/16", "next_hop": "vgw-1"}),
            "VPC console > Route Tables > vpc-1: delete a custom entry for 10.9.0.0/16 with next hop vgw-1",
        ),
        (
            Edit("set", ("vpn_gateways", "vgw-1", "auto_advertise"), True),
            "VPN Gateway console > VPN Gateways > vgw-1: turn Enable Automatic Route Advertisement on",
        ),
        (
            Edit("set", ("data_centers", "dc-1", "readvertises"), False),
            "Routers of dc-1: stop re-advertising routes that were learned from one cloud peer to the others",
        ),
        (
            Edit("set", ("vpn_gateways", "vgw-1", "bgp_route_quota"), 200),
            "Quota: submit a ticket so that vgw-1 takes 200 BGP routes from a peer",
        ),
        (
            Edit("add", ("data_centers", "dc-1", "peers"), {"peer": "vbr-1", "export": []}),
            "Routers of dc-1: advertise nothing to vbr-1",
        ),
        (
            Edit("add", ("vpn_gateways",), {"id": "vgw-2", "vpc": "vpc-1"}),
            "VPN Gateway console > VPN Gateways: create VPN gateway vgw-2 (vpc vpc-1)",
        ),
        (
            Edit("remove", ("virtual_border_routers", "vbr-1", "peers"), {"data_center": "dc-1"}),
            "Express Connect console > Virtual Border Routers > vbr-1: delete BGP peer dc-1",
        ),
        (
            Edit("set", ("vpcs", "vpc-1", "vswitches", "vsw-1", "cidr"), "172.16.9.0/24"),
            "Design: set vpcs.vpc-1.vswitches.vsw-1.cidr: 172.16.9.0/24",
        ),
        (
            Edit("set", ("intents", "0", "allowed"), False),
            "Decide what is asked of the design: traffic from vpc-1 to dc-1 must not pass",
        ),
    ],
)
def test_sentences(edit: Edit, said: str) -> None:
    assert text(edit) == [said]


def test_every_list_has_words_for_what_comes_and_goes() -> None:
    for known in (ADDED, REMOVED):
        for key, words in known.items():
            assert words({"id": "x", "peer": "p", "prefix": "10.0.0.0/8"}, ("a",)).strip()
            assert words("x", ("a",)).strip()
            assert key.split(".")[0] in LISTS
