"""What a customer gateway may say of the far end: P06."""

from __future__ import annotations

from ipaddress import IPv4Network

from ..choices import where
from ..condition import FALSE, constant
from ..scenario import CustomerGateway, Document
from . import sources
from .rule import Finding, Kind, Rule

CLOUD_ASN = 45104
LOWEST, HIGHEST = 1, 2**32 - 1
FORBIDDEN = tuple(
    IPv4Network(block)
    for block in ("100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "255.0.0.0/8")
)


def _permitted(document: Document) -> list[Finding]:
    return [finding for each in document.customer_gateways for finding in (_address(each), _asn(each))]


def _address(gateway: CustomerGateway) -> Finding:
    address = gateway.ip_address
    block = next((block for block in FORBIDDEN if address is not None and address in block), None)
    text = f"{gateway.id} has the address {address}, which lies in the forbidden range {block}"
    return Finding((gateway.id,), text, constant(block is not None))


def _asn(gateway: CustomerGateway) -> Finding:
    wrong = FALSE
    if gateway.asn is not None:
        wrong = where(gateway.asn, lambda asn: int(asn) == CLOUD_ASN or not LOWEST <= int(asn) <= HIGHEST)
    text = f"{gateway.id} has an ASN that is reserved ({CLOUD_ASN}) or outside {LOWEST} to {HIGHEST}"
    return Finding((gateway.id,), text, wrong)


RULES = (
    Rule(
        "P06", Kind.HARD, "Addresses and ASNs of customer gateways",
        "The address of a customer gateway lies in none of 100.64.0.0/10, 127.0.0.0/8, 169.254.0.0/16, "
        "224.0.0.0 to 239.255.255.255 and 255.0.0.0/8. Its ASN is 1 to 4294967295 and not 45104, which "
        "the cloud keeps for itself.",
        sources.CUSTOMER_GATEWAY,
        "The customer gateway cannot be created.",
        "customer gateways",
        "Addresses play no part in route propagation. An ASN of 45104 would make the default ASNs of "
        "cloud and site equal, and each end would refuse the other's routes.",
        _permitted,
    ),
)
