"""Fields that may be left open: what each takes, decided or open.

An open field reads `"any"`, `{"one_of": […]}` and `{"between": [low, high]}` as an
`OpenValue`, which becomes a `Choice` with a name and finitely many candidates
once the whole document is known (`models/opening.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .choices import Choice, Role
from .condition import Value
from .values import Misfit, Place, describe

MAX_ASN = 2**32 - 1


@dataclass(frozen=True, slots=True)
class OpenValue(Choice):
    """An open field as it was read: nameless, and for a range only its two ends in `values`."""

    kind: str
    spans: bool


@dataclass(frozen=True, slots=True)
class Domain:
    """What an open field takes.

    `kind` names the sort of number (or flag, word).  `values` are all words, or
    the lowest and highest number of the format; `undecided` is what "any" stands
    for, and may be narrower: the values that the documentation permits.
    """

    kind: str
    expected: str
    values: tuple[Value, ...]
    undecided: tuple[Value, ...]
    default: Value

    @property
    def counts(self) -> bool:
        """Whether the field takes numbers."""
        return self.kind not in ("flag", "word")

    def read(self, raw: object) -> Value:
        """A decided value of this domain."""
        if not self.counts:
            if isinstance(raw, bool | str) and any(raw == v and type(raw) is type(v) for v in self.values):
                return raw
            raise Misfit(describe(raw), self.expected, _spelling(raw, self))
        number = _asdot(raw) if self.kind == "asn" and isinstance(raw, str) else raw
        low, high = self.values
        if type(number) is int and int(low) <= number <= int(high):
            return number
        raise Misfit(describe(raw), self.expected, _number_hint(raw, self))

    def read_or_open(self, raw: object) -> Value | Choice:
        """A decided value or an open one."""
        if isinstance(raw, Choice):
            return raw
        if isinstance(raw, str) and raw == "any":
            return self.open(self.undecided, spans=self.counts)
        if isinstance(raw, Mapping):
            return self._range_or_list(raw)
        return self.read(raw)

    def open(self, values: tuple[Value, ...], *, spans: bool) -> OpenValue:
        """The open value over these candidates, or over the range between these two ends."""
        return OpenValue("", Role.OPEN, values, self.default, self.kind, spans)

    def _range_or_list(self, raw: Mapping[str, object]) -> OpenValue:
        keys = set(raw)
        if keys == {"one_of"}:
            return self.open(self._members(raw["one_of"]), spans=False)
        if keys == {"between"} and self.counts:
            low, high = self._ends(raw["between"])
            return self.open((low, high), spans=True)
        if keys == {"between"}:
            raise Misfit("between", self.expected, "only numbers have a range: use one_of", ("between",))
        raise Misfit("an object", f"{self.expected}, or one_of or between", "an open value has one key")

    def _members(self, raw: object) -> tuple[Value, ...]:
        if not isinstance(raw, list | tuple):
            raise Misfit(describe(raw), "a list of values", at=("one_of",))
        if not raw:
            raise Misfit("an empty list", "at least one value", "nothing is left to choose", ("one_of",))
        read = {self._element(item, ("one_of", position)) for position, item in enumerate(raw)}
        return tuple(sorted(read)) if self.counts else tuple(word for word in self.values if word in read)

    def _ends(self, raw: object) -> tuple[Value, Value]:
        if not isinstance(raw, list | tuple) or len(raw) != 2:
            raise Misfit(describe(raw), "a list of two numbers, lowest and highest", at=("between",))
        low, high = (self._element(item, ("between", position)) for position, item in enumerate(raw))
        if int(low) > int(high):
            hint = f"the lowest comes first: [{high}, {low}]"
            raise Misfit(f"{low} before {high}", "the lowest and then the highest value", hint, ("between",))
        return low, high

    def _element(self, raw: object, at: Place) -> Value:
        try:
            return self.read(raw)
        except Misfit as misfit:
            raise Misfit(misfit.found, misfit.expected, misfit.hint, at) from None

    def json_schema(self) -> dict[str, Any]:
        """The JSON Schema of a decided or open value."""
        decided: dict[str, Any]
        if not self.counts:
            decided = {"enum": list(self.values)}
        else:
            decided = {"type": "integer", "minimum": self.values[0], "maximum": self.values[1]}
            if self.kind == "asn":
                asdot = {"type": "string", "pattern": r"^[0-9]{1,10}(\.[0-9]{1,5})?$"}
                decided = {"anyOf": [decided, asdot]}
        members = {"type": "array", "items": decided, "minItems": 1}
        options = [decided, {"const": "any"}, _keyed("one_of", members)]
        if self.counts:
            ends = {"type": "array", "items": decided, "minItems": 2, "maxItems": 2}
            options.append(_keyed("between", ends))
        return {"anyOf": options}


def _keyed(key: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": {key: schema}, "required": [key], "additionalProperties": False}


def _asdot(raw: str) -> object:
    """The number of an ASN in asplain or asdot notation (RFC 5396); anything else unchanged."""
    if re.fullmatch(r"[0-9]{1,10}", raw):
        return int(raw)
    if re.fullmatch(r"[0-9]{1,5}\.[0-9]{1,5}", raw):
        high, low = (int(half) for half in raw.split("."))
        if high < 65536 and low < 65536:
            return high * 65536 + low
    return raw


def _spelling(raw: object, domain: Domain) -> str:
    if domain.kind == "flag" and isinstance(raw, str) and raw.lower() in ("true", "false"):
        return f"without quotes: {raw.lower()}"
    return ""


def _number_hint(raw: object, domain: Domain) -> str:
    if isinstance(raw, float) and domain.kind == "asn":
        return "write an asdot ASN as a string"
    if isinstance(raw, bool):
        return "a number is needed here"
    if isinstance(raw, str) and re.fullmatch(r"[0-9]{1,10}", raw):
        return f"without quotes: {raw}"
    return ""
