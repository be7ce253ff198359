"""Why traffic does not arrive: stable codes, each with its meaning and the rules that it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from .network import Kind

Way: TypeAlias = tuple[Kind, ...]
"""The kinds of the two tables between which a route stops; empty where it is not about that."""

WAYS: dict[str, tuple[Way, ...]] = {
    "R05": ((Kind.GATEWAY, Kind.VPC),),
    "R07": ((Kind.VPC, Kind.GATEWAY), (Kind.GATEWAY, Kind.ROUTER), (Kind.GATEWAY, Kind.GATEWAY)),
    "R08": ((Kind.ROUTER, Kind.GATEWAY), (Kind.GATEWAY, Kind.ROUTER)),
    "P05": ((Kind.ROUTER, Kind.VBR), (Kind.VBR, Kind.ROUTER)),
}
"""The rules that are about some ways only."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason code; `rules` are the ids of the rules that speak of it."""

    id: str
    meaning: str
    rules: tuple[str, ...] = ()

    def rules_on(self, way: Way) -> tuple[str, ...]:
        """The rules that speak of it on one way."""
        return tuple(rule for rule in self.rules if not way or way in WAYS.get(rule, (way,)))


REASONS: tuple[Reason, ...] = (
    Reason(
        "no-bgp-session", "BGP is not supported, not enabled or not fully configured.", ("R01", "R21", "R22")
    ),
    Reason("failed", "A line or device on the way is down."),
    Reason("internal-peering-off", "The routers of the site do not exchange BGP routes."),
    Reason("auto-advertise-off", "The gateway does not advertise automatically.", ("R05", "R07", "R26")),
    Reason("not-announced", "The site does not announce the prefix."),
    Reason("not-readvertised", "The site does not pass on what it learned from the cloud."),
    Reason("export-filter", "A prefix filter of the sending site holds the route back."),
    Reason("import-filter", "A prefix filter of the receiving site turns the route down."),
    Reason("other-connection", "A gateway does not pass routes of one connection to another.", ("R12",)),
    Reason("not-passed-on", "A table of this kind does not pass on routes that it learned this way."),
    Reason("default-route", "A gateway does not receive 0.0.0.0/0.", ("R09",)),
    Reason("shared-address-space", "100.64.0.0/10 and below are not received.", ("R10",)),
    Reason("over-quota", "The peer announces more routes than its quota.", ("R08", "P05")),
    Reason("conflict", "Another connection of the gateway learned a conflicting prefix.", ("R18",)),
    Reason("shielded", "A system route contains the prefix.", ("P02",)),
    Reason("overlap-refused", "Overlapping routing is off and an overlapping route is there.", ("R16",)),
    Reason("own-asn", "The AS_PATH holds the receiver's own ASN."),
    Reason("custom-not-exported", "By reading, a gateway does not advertise custom routes."),
    Reason("cen-not-exported", "By reading, a gateway does not advertise CEN or VBR routes."),
    Reason(
        "other-gateway-not-exported", "By reading, a gateway does not advertise another's routes.", ("R13b",)
    ),
    Reason("cen-does-not-learn", "By reading, a CEN does not learn BGP routes of a VPC."),
    Reason("not-published", "The custom route is not published to the CEN."),
    Reason("hybrid-rejected", "The default policy keeps VPN and VBR routes from a VBR.", ("P04",)),
    Reason("custom-table", "Custom route tables never get BGP routes.", ("R06",)),
    Reason("withdrawn", "The site prefers a copy of its own prefix, and so no longer announces its own."),
    Reason("preferred-route", "Another route to the same prefix is preferred, which leads elsewhere."),
    Reason("more-specific-route", "A route to a more specific prefix leads elsewhere."),
    Reason("black-hole", "An entry discards the packet."),
    Reason("looped", "The packet goes round in a circle."),
    Reason("not-attached", "Nothing that knows the destination is attached to the place, directly or not."),
    Reason("unknown-destination", "No place of the scenario has the destination."),
)

SESSION = ("no-bgp-session", "failed", "internal-peering-off")
"""What keeps every route from passing, whichever it is."""

DELIBERATE = ("not-passed-on", "other-connection")
"""What every network does; the cause only where there is no other."""

UNCERTAIN = ("own-asn", "no-bgp-session")
"""What is often meant to be so; the cause only where nothing else is."""

BY_ID = {reason.id: reason for reason in REASONS}
