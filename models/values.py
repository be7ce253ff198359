"""How values are read from a document: prefixes, addresses, dates, and what is said when one does not fit.

A reader takes what JSON gives and returns the typed value, or raises `Misfit`
with what it found, what would be right and a hint.

IPv6 is not modelled, and the readers say so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import PydanticCustomError, core_schema

Place = tuple[str | int, ...]


@dataclass(eq=False)
class Misfit(Exception):
    """A value that does not fit its field; `at` leads from the field to the exact spot.

    Not frozen, because Python sets the traceback of an exception.
    """

    found: str
    expected: str
    hint: str = ""
    at: Place = ()


def several(misfits: list[Misfit]) -> PydanticCustomError:
    """The pydantic form of one or more misfits of a single field."""
    return PydanticCustomError("misfit", "the value does not fit", {"misfits": tuple(misfits)})


def printable(text: str, most: int = 60) -> str:
    """Text that is safe to show in one line: nothing invisible, and not longer than `most`."""
    cut = text if len(text) <= most else text[: most - 1] + "…"
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in cut)


def describe(raw: object) -> str:
    """A JSON value in a few words, for the `found` part of a fault."""
    if raw is None:
        return "null"
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, Mapping):
        return "an object"
    if isinstance(raw, list | tuple):
        return "a list"
    return f'"{printable(raw)}"' if isinstance(raw, str) else printable(str(raw))


@dataclass(frozen=True, slots=True)
class Reads:
    """Makes pydantic use a reader for a field, and tells the JSON Schema what it takes."""

    reader: Callable[[Any], Any]
    schema: Callable[[], dict[str, Any]]

    def __get_pydantic_core_schema__(
        self, _source: object, _handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self._validate)

    def __get_pydantic_json_schema__(
        self, _schema: core_schema.CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return self.schema()

    def _validate(self, raw: object) -> object:
        try:
            return self.reader(raw)
        except Misfit as misfit:
            raise several([misfit]) from None


def read_prefix(raw: object) -> IPv4Network:
    """An IPv4 prefix with its length and without host bits."""
    if isinstance(raw, IPv4Network):
        return raw
    expected = "an IPv4 prefix such as 10.0.0.0/16"
    if not isinstance(raw, str):
        raise Misfit(describe(raw), expected)
    address, slash, length = raw.partition("/")
    if _is_ipv6(address):
        raise Misfit(describe(raw), expected, "only IPv4 is modelled")
    try:
        start = IPv4Address(address)
    except AddressValueError:
        raise Misfit(describe(raw), expected) from None
    if not slash:
        raise Misfit(describe(raw), expected, f"add the length: {raw}/32 for one address")
    if not re.fullmatch(r"[12]?[0-9]|3[0-2]", length):
        raise Misfit(describe(raw), expected, "the length is a number from 0 to 32")
    network = IPv4Network((start, int(length)), strict=False)
    if network.network_address != start:
        raise Misfit(describe(raw), "a prefix without host bits", f"the network is {network}")
    return network


def read_address(raw: object) -> IPv4Address:
    """An IPv4 address."""
    if isinstance(raw, IPv4Address):
        return raw
    expected = "an IPv4 address such as 203.0.113.10"
    if not isinstance(raw, str):
        raise Misfit(describe(raw), expected)
    if _is_ipv6(raw):
        raise Misfit(describe(raw), expected, "only IPv4 is modelled")
    try:
        return IPv4Address(raw)
    except AddressValueError:
        hint = "an address has no length" if "/" in raw else ""
        raise Misfit(describe(raw), expected, hint) from None


def read_date(raw: object) -> date:
    """A calendar day, as YYYY-MM-DD."""
    if type(raw) is date:
        return raw
    try:
        if isinstance(raw, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", raw):
            return date.fromisoformat(raw)
    except ValueError:
        pass
    raise Misfit(describe(raw), "a date such as 2019-03-02")


def _is_ipv6(text: str) -> bool:
    try:
        IPv6Address(text)
    except ValueError:
        return False
    return True
