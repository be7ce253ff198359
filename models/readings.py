"""The readings: platform behaviour on which the documentation is silent or contradicts itself."""

from __future__ import annotations

from dataclasses import dataclass

from .choices import Choice, Role
from .condition import Value

FLAG: tuple[Value, ...] = (False, True)


@dataclass(frozen=True, slots=True)
class Reading:
    """One undocumented behaviour: its values, the question it answers and where the doubt comes from.

    `per` names the kind of object that has its own copy; an empty `per` is one
    value for the whole platform.
    """

    id: str
    values: tuple[Value, ...]
    default: Value
    about: str
    source: str
    per: str = ""

    def choice(self, owner: str = "") -> Choice:
        """The choice that stands for this reading (of one object, where it has its own)."""
        name = f"{self.id}@{owner}" if owner else self.id
        return Choice(name, Role.READING, self.values, self.default)


READINGS: tuple[Reading, ...] = (
    Reading(
        "gateway_preserves_as_path", FLAG, True,
        "Does a CLOUD route leave a VPN gateway with the AS_PATH with which it entered the cloud?",
        "Undocumented for VPN gateways; Express Connect, scenarios in which VBRs should not be "
        "attached to a CEN, describes the loss for routes learned by a VPN gateway.",
    ),
    Reading(
        "vbr_preserves_as_path", FLAG, True,
        "Does a route leave a virtual border router with the AS_PATH with which it entered the cloud?",
        "Express Connect: some access devices replace the AS_PATH by the cloud's own ASN.",
        per="virtual_border_router",
    ),
    Reading(
        "gateway_exports_custom_routes", FLAG, False,
        "Does a VPN gateway advertise the custom routes of the VPC system route table over BGP?",
        "VPN Gateway, Configure BGP dynamic routing: the wording of 2021, 2024-03, 2024-10 and "
        "2025-04 differs (system routes, system and custom routes, routes of the system table).",
    ),
    Reading(
        "gateway_exports_cen_routes", FLAG, False,
        "Does a VPN gateway advertise what the VPC learned from its CEN, or from a VBR, over BGP?",
        "The 2021 notice says that VPN BGP integrates CEN route advertising; current pages are silent.",
    ),
    Reading(
        "gateway_exports_other_gateways_routes", FLAG, False,
        "Does a VPN gateway advertise what another gateway of its VPC put into the system table?",
        "VPN Gateway, Configure BGP dynamic routing, limits: it must not happen (R13b); nothing "
        "says that the platform prevents it.",
    ),
    Reading(
        "cen_learns_vpn_routes", FLAG, False,
        "Does a CEN learn the BGP routes that a VPN gateway put into the VPC system route table?",
        "CEN: routes to VPN gateways are not published by default; the 2021 notice says that BGP "
        "routes are. R17 makes sense only if they are.",
    ),
    Reading(
        "gateway_prefers", ("bgp", "cloud", "as_path"), "bgp",
        "Which route does a VPN gateway select when it knows a prefix by VPN_BGP and as CLOUD?",
        "No selection order is documented for the BGP route table of a VPN gateway. as_path: the "
        "shorter AS_PATH, and VPN_BGP at equal length.",
    ),
    Reading(
        "vpc_prefers", ("vpn", "cen"), "vpn",
        "Which dynamic route does a VPC select when its VPN gateway and its CEN both offer a prefix?",
        "VPC route tables: a table has one dynamic source; what happens with two is not said.",
    ),
    Reading(
        "conflict", ("identical", "overlapping"), "identical",
        "What is a conflict between the destinations that several connections learn (R18)?",
        "The limit says conflict; the gateway diagnosis checks for overlap.",
    ),
    Reading(
        "gateway_lookup", ("longest_prefix", "table_order"), "longest_prefix",
        "Does a VPN gateway look for the longest prefix first, or through its tables in order?",
        "VPN gateway route overview (longest prefix first) against Configure routes for a VPN "
        "gateway (policy-based, destination-based, BGP).",
    ),
    Reading(
        "over_quota", ("drop_excess", "close_session", "accept_all"), "drop_excess",
        "What happens to the routes of a BGP peer above the quota?",
        "Undocumented for VPN gateways; for VBRs an older page says alert and a newer one drop.",
    ),
    Reading(
        "local_as_check", ("session", "all"), "session",
        "Does a router that shows several ASNs refuse paths with any of them, or only the session's?",
        "Measured: FRR refuses its main ASN as well, BIRD only the ASN of the session.",
    ),
)

BY_ID = {reading.id: reading for reading in READINGS}
