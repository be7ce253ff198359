"""Open announcements of which something is decided: which prefixes they are, or how many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network

from .condition import Value
from .open_announcements import OpenEntry, open_entries
from .paths import updated
from .scenario import Document, OpenPrefix, SitePrefix
from .values import Misfit, describe, read_prefix

COUNT = ".count"
Given = Mapping[str, Value | tuple[str, ...]]


def concrete(document: Document, values: Given) -> Document:
    """The document with the prefixes, and the numbers of them, that are given for open entries.

    A key is the path of an entry, for one prefix or for all, or that path with
    ".count".  One prefix of an entry that stands for several leaves the others open.
    Raises `Misfit` for what the entry cannot be.
    """
    entries = {(each.site, id(each.entry)): each for each in open_entries(document)}
    if not any(each.name in values or each.name + COUNT in values for each in entries.values()):
        return document
    sites = []
    for site in document.data_centers:
        listed: list[SitePrefix | OpenPrefix] = []
        for old in site.prefixes:
            each = entries.get((site.id, id(old)))
            listed += [old] if each is None else _decided(each, values)
        sites.append(updated(site, {"prefixes": tuple(listed)}))
    return updated(document, {"data_centers": tuple(sites)})


def keys(document: Document) -> frozenset[str]:
    """The keys under which something can be said of open announcements."""
    return frozenset(each.name + end for each in open_entries(document) for end in ("", COUNT))


def _decided(each: OpenEntry, values: Given) -> Iterator[SitePrefix | OpenPrefix]:
    """What an entry becomes."""
    low, high = each.entry.count
    if each.name + COUNT in values:
        low = high = _number(each, values[each.name + COUNT])
    given = values.get(each.name)
    prefixes = given if isinstance(given, tuple) else () if given is None else (str(given),)
    for text in prefixes:
        yield SitePrefix(prefix=_prefix(each, text))
    rest = (max(low - len(prefixes), 0), max(high - len(prefixes), 0))
    if rest[1] and not isinstance(given, tuple):
        yield OpenPrefix(within=each.entry.within, length=each.entry.length, count=rest)


def _number(each: OpenEntry, value: Value | tuple[str, ...]) -> int:
    low, high = each.entry.count
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise Misfit(f"{each.name}{COUNT} = {describe(value)}", f"a number from {low} to {high}")
    return value


def _prefix(each: OpenEntry, text: str) -> IPv4Network:
    shortest, longest = each.entry.length
    prefix = read_prefix(text)
    if not each.takes(prefix):
        expected = f"a prefix inside {each.entry.within} of a length from {shortest} to {longest}"
        raise Misfit(f"{each.name} = {text}", expected)
    return prefix
