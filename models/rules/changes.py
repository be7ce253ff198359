"""A document with some of its values changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv4Network

from ..paths import Spot, transformed
from ..scenario import Document
from .rule import Setting

ADDRESSES: dict[str, Callable[[object], object]] = {"tunnel_cidr": IPv4Network, "local_bgp_ip": IPv4Address}


def changed(document: Document, settings: Iterable[Setting]) -> Document:
    """The document with each setting made; a setting for a place that it does not have changes nothing."""
    values = {setting.steps: setting.value for setting in settings}

    def put(spot: Spot) -> object:
        if spot.steps not in values:
            return spot.value
        value = values[spot.steps]
        return ADDRESSES[spot.key](value) if spot.key in ADDRESSES else value

    return transformed(document, put)
