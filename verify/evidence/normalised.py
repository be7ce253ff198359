"""The document that was checked, as JSON: every default and every open value written out.

What a document says by leaving it out is written, with two exceptions: the ASN of a VBR
peer that is the open one of its router, which would be another open value if it stood
there, and the intents where those that are meant by default apply.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from verify.load import Loaded
from verify.models.choices import Choice
from verify.models.cloud import VbrPeer
from verify.models.domain import OpenValue
from verify.models.edits import KEYS
from verify.models.part import Part
from verify.models.paths import spots_of
from verify.models.scenario import Document

Json = dict[str, Any]
Steps = tuple[str, ...]
OF_NETWORKS = (
    *("vpcs", "vpn_gateways", "customer_gateways", "ipsec_connections", "data_centers"),
    *("virtual_border_routers", "cens", "assume"),
)


def normalised(loaded: Loaded) -> Json:
    """The JSON of a document, which reads as the same document; its open values are those of the file."""
    written = {spot.steps: spot.value for spot in spots_of(loaded.written)}
    opened = {
        spot.value.name: value
        for spot in spots_of(loaded.document)
        if isinstance(spot.value, Choice) and isinstance(value := written.get(spot.steps), OpenValue)
    }
    document = _Writer(opened).part(loaded.document)
    if loaded.document.gadget is not None:
        document = {key: value for key, value in document.items() if key not in OF_NETWORKS}
    return document


def plain(value: object) -> Any:
    """A value of a document as JSON."""
    return _Writer({}).value(value)


class _Writer:
    """Writes parts of a document; `opened` are open values as they were read, by the name of the choice."""

    def __init__(self, opened: Mapping[str, OpenValue]) -> None:
        self.opened = opened

    def part(self, part: Part) -> Json:
        """An object with all its keys; a key without a value is left out."""
        found: Json = {}
        for name in type(part).model_fields:
            value = getattr(part, name)
            if value is None or (isinstance(part, VbrPeer) and self._is_of_the_router(part, name)):
                continue
            paths = isinstance(part, Document) and name == "gadget"
            found[KEYS.get(name, name)] = _gadget(value) if paths else self.value(value)
        return found

    def _is_of_the_router(self, peer: VbrPeer, name: str) -> bool:
        left_out = name == "peer_asn" and name not in peer.model_fields_set
        return left_out and isinstance(peer.peer_asn, Choice)

    def value(self, value: object) -> Any:
        """Any value: an object, a list, an open value, or a plain one."""
        if isinstance(value, Part):
            return self.part(value)
        if isinstance(value, Choice):
            return self._open(value)
        if isinstance(value, Mapping):
            return {str(key): self.value(each) for key, each in value.items()}
        if isinstance(value, tuple | list):
            return [self.value(each) for each in value]
        if value is None or isinstance(value, bool | int):
            return value
        return value.isoformat() if isinstance(value, date) else str(value)

    def _open(self, choice: Choice) -> Json:
        """An open value: the range between two ends, or one of a list."""
        read = self.opened.get(choice.name)
        if read is not None and read.spans:
            return {"between": list(read.values)}
        return {"one_of": list(choice.values if read is None else read.values)}


def _gadget(paths: Mapping[str, tuple[tuple[str, ...], ...]]) -> Json:
    return {node: [" ".join(path) for path in listed] for node, listed in paths.items()}
