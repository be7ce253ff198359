"""The field types of the document: which values each field takes, and what "any" stands for there.

`any` covers what the documentation permits.  Two numbers that it leaves without
a limit are bounded so that AS_PATHs stay finite: an open prepend and an open
`allowas_in` go up to ten.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from ipaddress import IPv4Address, IPv4Network
from typing import Annotated, Any, Literal, TypeAlias

from .choices import Choice
from .condition import Value
from .domain import MAX_ASN, Domain
from .readings import BY_ID, Reading
from .values import (
    Misfit,
    Reads,
    describe,
    read_address,
    read_date,
    read_prefix,
    several,
)

FORMAT_VERSION = 1
DEFAULT_LOCAL_ASN = 45104
MAX_REPEATS = 255  # of an ASN in one AS_PATH segment, which is what prepend and allowas_in count
FAIL_BY_DEFAULT = ("tunnel", "vbr_peer", "gateway")
FAILURE_KINDS: tuple[Value, ...] = (
    *FAIL_BY_DEFAULT,
    "connection",  # an IPsec connection with all its tunnels
    "vbr",
    "router",  # of a data centre
    "site_link",  # BGP between two routers of one site or of two
    "cen_attachment",  # of a VPC or a VBR
    "link",  # of a gadget
)


def flag(default: bool = False) -> Domain:
    """A switch; `default` is its neutral position, from which small counterexamples depart."""
    return Domain("flag", "true or false", (False, True), (False, True), default)


def words(*values: str) -> Domain:
    """A choice among words, the first of which is the default."""
    expected = " or ".join(f'"{value}"' for value in values)
    return Domain("word", expected, values, values, values[0])


OFF = flag()
ON = flag(True)
TUNNEL_SUPPORT = words("dual", "single")
ROUTING_MODE = words("destination", "protected")
TUNNEL_ROLE = words("master", "slave")
PREFERENCE = words("internal", "external")
ASN = Domain("asn", f"an ASN from 0 to {MAX_ASN}", (0, MAX_ASN), (1, MAX_ASN), DEFAULT_LOCAL_ASN)
SITE_ASN = Domain("asn", f"an ASN from 0 to {MAX_ASN}", (0, MAX_ASN), (1, MAX_ASN), 65001)
LOCAL_PREF = Domain("local_pref", f"a number from 0 to {MAX_ASN}", (0, MAX_ASN), (0, MAX_ASN), 100)
PREPEND = Domain("prepend", f"a number from 0 to {MAX_REPEATS}", (0, MAX_REPEATS), (0, 10), 0)
ALLOWAS_IN = Domain("allowas_in", f"a number from 0 to {MAX_REPEATS}", (0, MAX_REPEATS), (0, 10), 0)
GATEWAY_QUOTA = Domain("quota", f"a number from 0 to {MAX_ASN}", (0, MAX_ASN), (50, 200), 50)
VBR_QUOTA = Domain("quota", f"a number from 0 to {MAX_ASN}", (0, MAX_ASN), (100, 110), 110)
FAILURES = Domain("failures", f"a number from 0 to {MAX_ASN}", (0, MAX_ASN), (0, MAX_ASN), 0)


def reading_domain(reading: Reading) -> Domain:
    """What `assume` and `readings` take for a reading."""
    if reading.values == (False, True):
        return flag(bool(reading.default))
    expected = " or ".join(f'"{value}"' for value in reading.values)
    return Domain("word", expected, reading.values, reading.values, reading.default)


def any_of_domain(domain: Domain) -> Callable[[], Any]:
    """The default of a field that is open where nothing is written."""
    return lambda: domain.read_or_open("any")


def any_if_single(written: dict[str, Any]) -> Any:
    """Whether BGP is supported where the VpnEnableBgp tag is not given: sure for dual tunnels only."""
    return True if written.get("tunnel_support") == "dual" else ON.read_or_open("any")


def overlap_by_age(written: dict[str, Any]) -> bool:
    """Overlapping routing where it is not given: off for a CEN that existed on 2019-03-01 (UTC+8)."""
    created = written.get("created")
    return created is None or created > date(2019, 3, 1)


def read_id(raw: object) -> str:
    """An id: printable text."""
    expected = "an id of 1 to 200 printable characters"
    if isinstance(raw, str) and 0 < len(raw) <= 200 and raw.isprintable() and raw.strip() == raw:
        return raw
    raise Misfit(describe(raw), expected)


def read_name(raw: object) -> str:
    """A name: one line of printable text, or nothing."""
    if isinstance(raw, str) and raw.isprintable() and len(raw) <= 200:
        return raw
    raise Misfit(describe(raw), "one line of text with at most 200 characters")


def read_version(raw: object) -> int:
    """The version of the format, of which there is one."""
    if type(raw) is int and raw == FORMAT_VERSION:
        return raw
    raise Misfit(
        describe(raw), f"the number {FORMAT_VERSION}", "the version of the format, not of the scenario"
    )


def read_certain_flag(raw: object) -> bool:
    """A switch whose open value means that it may be on, which covers off as well."""
    value = OFF.read_or_open(raw)
    return True in value.values if isinstance(value, Choice) else value is True


def read_most(raw: object) -> int:
    """A number of which "at most" is meant, so that an open one is its largest value."""
    value = FAILURES.read_or_open(raw)
    return max(int(v) for v in value.values) if isinstance(value, Choice) else int(value)


def read_kinds_of_failure(raw: object) -> tuple[str, ...]:
    """A list of the kinds of thing that may fail."""
    if raw == "any":
        return tuple(str(kind) for kind in FAILURE_KINDS)
    if not isinstance(raw, list | tuple):
        raise Misfit(describe(raw), "a list of kinds of failure")
    expected = ", ".join(f'"{kind}"' for kind in FAILURE_KINDS)
    wrong = [
        Misfit(describe(item), f"one of {expected}", at=(position,))
        for position, item in enumerate(raw)
        if item not in FAILURE_KINDS
    ]
    if wrong:
        raise several(wrong)
    return tuple(dict.fromkeys(str(item) for item in raw))


def read_extent(raw: object) -> tuple[int, int]:
    """The lowest and the highest of a range of lengths or counts."""
    domain = Domain("extent", "a number from 0 to 65536", (0, 65536), (0, 65536), 0)
    if not isinstance(raw, list | tuple):
        raise Misfit(describe(raw), "a list of two numbers, lowest and highest")
    try:
        low, high = domain.read_or_open({"between": raw}).values  # type: ignore[union-attr]  # a range is open
    except Misfit as misfit:
        raise Misfit(misfit.found, misfit.expected, misfit.hint, misfit.at[1:]) from None
    return int(low), int(high)


def read_readings(raw: object) -> Mapping[str, Value | Choice]:
    """Readings and their values; `reading@object` pins the copy that one object has."""
    if not isinstance(raw, Mapping):
        raise Misfit(describe(raw), "an object of readings")
    values: dict[str, Value | Choice] = {}
    wrong: list[Misfit] = []
    for key, item in raw.items():
        reading = BY_ID.get(str(key).partition("@")[0])
        if reading is None:
            continue  # reported, with the nearest known reading, where names are checked
        try:
            values[str(key)] = reading_domain(reading).read_or_open(item)
        except Misfit as misfit:
            wrong.append(Misfit(misfit.found, misfit.expected, misfit.hint, (str(key), *misfit.at)))
    if wrong:
        raise several(wrong)
    return values


def _open(domain: Domain) -> Reads:
    return Reads(domain.read_or_open, domain.json_schema)


def _text(pattern: str, words_for_it: str) -> Callable[[], dict[str, Any]]:
    return lambda: {"type": "string", "pattern": pattern, "description": words_for_it}


def _readings_schema() -> dict[str, Any]:
    known = {f"^{reading.id}(@.+)?$": reading_domain(reading).json_schema() for reading in BY_ID.values()}
    return {"type": "object", "patternProperties": known, "additionalProperties": False}


def _extent_schema() -> dict[str, Any]:
    number = {"type": "integer", "minimum": 0, "maximum": 65536}
    return {"type": "array", "items": number, "minItems": 2, "maxItems": 2}


def _kinds_schema() -> dict[str, Any]:
    return {"anyOf": [{"type": "array", "items": {"enum": list(FAILURE_KINDS)}}, {"const": "any"}]}


_PREFIX = r"^[0-9]{1,3}(\.[0-9]{1,3}){3}/[0-9]{1,2}$"
_ADDRESS = r"^[0-9]{1,3}(\.[0-9]{1,3}){3}$"

Id: TypeAlias = Annotated[str, Reads(read_id, lambda: {"type": "string", "minLength": 1, "maxLength": 200})]
Name: TypeAlias = Annotated[str, Reads(read_name, lambda: {"type": "string", "maxLength": 200})]
Prefix: TypeAlias = Annotated[IPv4Network, Reads(read_prefix, _text(_PREFIX, "IPv4 prefix"))]
Address: TypeAlias = Annotated[IPv4Address, Reads(read_address, _text(_ADDRESS, "IPv4 address"))]
Day: TypeAlias = Annotated[date, Reads(read_date, lambda: {"type": "string", "format": "date"})]
Version: TypeAlias = Annotated[int, Reads(read_version, lambda: {"const": FORMAT_VERSION})]
OffFlag: TypeAlias = Annotated[bool | Choice, _open(OFF)]
OnFlag: TypeAlias = Annotated[bool | Choice, _open(ON)]
TunnelSupport: TypeAlias = Annotated[Literal["dual", "single"] | Choice, _open(TUNNEL_SUPPORT)]
RoutingMode: TypeAlias = Annotated[Literal["destination", "protected"] | Choice, _open(ROUTING_MODE)]
TunnelRole: TypeAlias = Annotated[Literal["master", "slave"] | Choice, _open(TUNNEL_ROLE)]
Preference: TypeAlias = Annotated[Literal["internal", "external"] | Choice, _open(PREFERENCE)]
Asn: TypeAlias = Annotated[int | Choice, _open(ASN)]
SiteAsn: TypeAlias = Annotated[int | Choice, _open(SITE_ASN)]
LocalPref: TypeAlias = Annotated[int | Choice, _open(LOCAL_PREF)]
Prepend: TypeAlias = Annotated[int | Choice, _open(PREPEND)]
AllowasIn: TypeAlias = Annotated[int | Choice, _open(ALLOWAS_IN)]
GatewayQuota: TypeAlias = Annotated[int | Choice, _open(GATEWAY_QUOTA)]
VbrQuota: TypeAlias = Annotated[int | Choice, _open(VBR_QUOTA)]
CertainFlag: TypeAlias = Annotated[bool, Reads(read_certain_flag, OFF.json_schema)]
AtMost: TypeAlias = Annotated[int, Reads(read_most, FAILURES.json_schema)]
KindsOfFailure: TypeAlias = Annotated[tuple[str, ...], Reads(read_kinds_of_failure, _kinds_schema)]
Extent: TypeAlias = Annotated[tuple[int, int], Reads(read_extent, _extent_schema)]
Readings: TypeAlias = Annotated[Mapping[str, Value | Choice], Reads(read_readings, _readings_schema)]
