"""The address space as the prefixes of a document divide it.

What a prefix does to the network depends on few things: which prefixes of the
document contain it, which it equals, in some designs which it contains, and how
it nests with other open ones.  So the lengths at which it covers an address fall
into classes that nothing can tell apart.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Network
from itertools import groupby
from typing import NamedTuple

from .scenario import Document, OpenPrefix

LOCAL = IPv4Network("100.64.0.0/10")
EVERYTHING = IPv4Network("0.0.0.0/0")
BITS = 32
HALVES = tuple(EVERYTHING.subnets())


class Block(NamedTuple):
    """What an open entry can be: a prefix within another, of a length between two."""

    within: IPv4Network
    shortest: int
    longest: int

    def takes(self, prefix: IPv4Network) -> bool:
        """Whether a prefix is one of these."""
        return self.shortest <= prefix.prefixlen <= self.longest and prefix.subnet_of(self.within)


def landmarks(document: Document) -> tuple[IPv4Network, ...]:
    """Every prefix with which another can be compared, in order, each once."""
    known = [EVERYTHING, LOCAL, *HALVES]
    for vpc in document.vpcs:
        known += [vswitch.cidr for vswitch in vpc.vswitches]
        known += [route.destination for route in vpc.routes]
    for site in document.data_centers:
        known += [e.within if isinstance(e, OpenPrefix) else e.prefix for e in site.prefixes]
        known += [route.destination for route in site.static_routes]
        for peer in site.peers:
            known += [*(peer.import_ or ()), *(peer.export or ())]
    for intent in document.intents or ():
        known += [IPv4Network(end) for end in (intent.from_, intent.to) if "/" in end]
    return tuple(sorted(set(known)))


@dataclass(frozen=True)
class AddressSpace:
    """The prefixes of a document, in order, and the open entries among which others are chosen.

    `most` is how many prefixes of one class can matter together, and `containment`
    whether it matters which prefixes of the document an open one contains.
    """

    marks: tuple[IPv4Network, ...]
    entries: tuple[Block, ...]
    most: int
    containment: bool

    @cached_property
    def _starts(self) -> list[int]:
        return [int(mark.network_address) for mark in self.marks]

    @cached_property
    def _marked(self) -> frozenset[tuple[int, int]]:
        return frozenset((int(mark.network_address), mark.prefixlen) for mark in self.marks)

    @cached_property
    def candidates(self) -> tuple[IPv4Network, ...]:
        """The prefixes that stand for all, in order."""
        found: set[IPv4Network] = set()
        for address in sorted(set(self._addresses())):
            around = [IPv4Network((address, length), strict=False) for length in range(BITS + 1)]
            for _, alike in groupby(around, self._class):
                possible = [prefix for prefix in alike if any(each.takes(prefix) for each in self.entries)]
                found.update(possible[: self.most])
        return tuple(sorted(found))

    def met(self, prefix: IPv4Network) -> int:
        """How many prefixes of the document a prefix is equal to or contains, or is inside of."""
        return sum(mark.overlaps(prefix) for mark in self.marks)

    def _class(self, prefix: IPv4Network) -> tuple[object, ...]:
        """What the network can observe of a prefix, among those that cover one address."""
        start, length = int(prefix.network_address), prefix.prefixlen
        starts = (start >> (BITS - k) << (BITS - k) for k in range(length + 1))
        covering = tuple(k for k, block in enumerate(starts) if (block, k) in self._marked)
        allowed = tuple(each.takes(prefix) for each in self.entries)
        return covering, covering[-1] == length, allowed, self._inside(prefix)

    def _inside(self, block: IPv4Network) -> int:
        """How many prefixes of the document start in a block; around an address this tells the sets apart."""
        if not self.containment:
            return 0
        first, last = self._span(block)
        return last - first

    def _span(self, block: IPv4Network) -> tuple[int, int]:
        start = int(block.network_address)
        return bisect_left(self._starts, start), bisect_left(self._starts, start + block.num_addresses)

    def _addresses(self) -> Iterator[int]:
        """One address in every prefix, outside those that it contains; more where containment matters."""
        for mark in self.marks:
            inner = [other for other in self.marks if other != mark and other.subnet_of(mark)]
            block = outside(mark, inner, BITS)
            if block is not None:
                yield int(block.network_address)
            if not self.containment:
                continue
            for beside in self._beside(mark):
                yield int(beside.network_address)
                yield int(beside.broadcast_address)
            if block is not None:
                yield int(block.broadcast_address)

    def _beside(self, mark: IPv4Network) -> Iterator[IPv4Network]:
        """Blocks that hang off the way from everything to a prefix, the first and last of each class."""
        siblings = [_sibling(mark.supernet(new_prefix=length)) for length in range(1, mark.prefixlen + 1)]
        free = [block for block in siblings if not self._holds_any(block)]

        def around(block: IPv4Network) -> tuple[object, ...]:
            return self._class(block.supernet())

        for _, found in groupby(free, around):
            blocks = list(found)
            yield blocks[0]
            yield blocks[-1]

    def _holds_any(self, block: IPv4Network) -> bool:
        """Whether a block contains, or is, a prefix of the document."""
        first, last = self._span(block)
        return any(mark.prefixlen >= block.prefixlen for mark in self.marks[first:last])


def containment_matters(document: Document) -> bool:
    """Whether it can matter to routes which prefixes of the document an open one contains."""
    refused = any(cen.overlapping_routing is not True for cen in document.cens)
    return refused or several_dual_tunnels(document)


def several_dual_tunnels(document: Document) -> bool:
    """Whether some gateway has several dual-tunnel connections, whose routes can conflict (R18)."""
    gateways = [c.vpn_gateway for c in document.ipsec_connections if len(c.tunnels) == 2]
    return len(set(gateways)) < len(gateways)


def _sibling(block: IPv4Network) -> IPv4Network:
    """The other half of the block around a block."""
    return next(half for half in block.supernet().subnets() if half != block)


def outside(block: IPv4Network, others: Iterable[IPv4Network], longest: int) -> IPv4Network | None:
    """The largest prefix in a block (the first of them), up to `longest`, that meets none of the others."""
    met = [other for other in others if other.overlaps(block)]
    if not met:
        return block
    if block.prefixlen >= longest or any(block.subnet_of(other) for other in met):
        return None
    halves = (outside(half, met, longest) for half in block.subnets())
    return next((found for found in halves if found is not None), None)
