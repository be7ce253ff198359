"""How the platform passes routes on, with nothing to break: R04 to R07, R26 to R29."""

from __future__ import annotations

from ..choices import holds
from ..condition import all_of, negate
from ..scenario import Document
from . import sources
from .rule import Check, Finding, Kind, Rule
from .topology import bgp_gateways, by_id, enabled


def _gateways(document: Document) -> list[Finding]:
    return [Finding((gateway,), "") for gateway in bgp_gateways(document)]


def _vpcs(document: Document) -> list[Finding]:
    vpcs = dict.fromkeys(connections[0].gateway.vpc for connections in bgp_gateways(document).values())
    return [Finding((vpc,), "") for vpc in vpcs]


def _custom_tables(document: Document) -> list[Finding]:
    vpcs = by_id(document.vpcs)
    findings = []
    for (vpc,) in (finding.objects for finding in _vpcs(document)):
        for table in vpcs[vpc].custom_route_tables:
            findings.append(Finding((vpc, table.id), ""))
    return findings


def _switch(document: Document) -> list[Finding]:
    findings = _gateways(document)
    for gateway, connections in bgp_gateways(document).items():
        off = negate(holds(connections[0].gateway.auto_advertise))
        text = (
            f"automatic advertisement of {gateway} is off although it has BGP: the VPC gets no routes of the "
            "site, and the site none of the VPC"
        )
        findings.append(Finding((gateway,), text, all_of((enabled(connections), off)), advice=True))
    return findings


def _behaviour(id: str, title: str, texts: tuple[str, str, str, str], objects: str, check: Check) -> Rule:
    statement, source, consequence, modelled = texts
    return Rule(id, Kind.BEH, title, statement, source, consequence, objects, modelled, check)


WITH_BGP = "VPN gateways with BGP"

RULES = (
    _behaviour(
        "R04", "Announced routes reach the gateway",
        (
            "What a data centre announces in BGP reaches the BGP route table of the VPN gateway, whether "
            "or not automatic advertisement is on.",
            sources.ADVERTISING,
            "None: the routes are there, though the VPC may not have them.",
            "A tunnel with BGP passes routes from the data centre router to the gateway's table in every "
            "state of the switch.",
        ),
        WITH_BGP, _gateways,
    ),
    _behaviour(
        "R05", "The gateway advertises to the VPC's system table",
        (
            "With automatic advertisement on, the VPN gateway passes what it learned by BGP to the system "
            "route table of its VPC.",
            sources.ADVERTISING,
            "With the switch off the routes are absent from the VPC.",
            "The way from the gateway's table to the VPC's exists while auto_advertise is true, for "
            "VPN_BGP routes.",
        ),
        WITH_BGP, _gateways,
    ),
    _behaviour(
        "R06", "Custom route tables get no BGP routes",
        (
            "No BGP route is advertised to a custom route table.",
            sources.ADVERTISING,
            "vSwitches that are bound to a custom table do not reach the site.",
            "No way leads from any other table into a custom one.",
        ),
        "custom route tables of VPCs whose VPN gateways have BGP", _custom_tables,
    ),
    _behaviour(
        "R07", "The gateway advertises the VPC's routes to the site",
        (
            "With automatic advertisement on, the VPN gateway learns the routes of the VPC's system route "
            "table and propagates them to the data centre over BGP.",
            sources.ADVERTISING,
            "With the switch off the site has no way back to the VPC.",
            "The way exists while auto_advertise is true. Versions of the page differ on which routes of "
            "the table are meant; readings gateway_exports_custom_routes and gateway_exports_cen_routes "
            "cover them.",
        ),
        WITH_BGP, _gateways,
    ),
    _behaviour(
        "R26", "Automatic advertisement is a switch, and off at first",
        (
            "Automatic route advertisement is enabled for a VPN gateway as a whole, in a step of its own "
            "after its connections are configured.",
            sources.PROCEDURE,
            "Until then neither R05 nor R07 happens.",
            "auto_advertise is false where it is left out; a gateway with BGP that has it off gets a "
            "warning.",
        ),
        WITH_BGP, _switch,
    ),
    _behaviour(
        "R27", "Switching it off withdraws the routes",
        (
            "When automatic advertisement is disabled, the routes that the gateway learned from the VPC "
            "and those that it learned from the data centre are withdrawn.",
            sources.PROCEDURE,
            "Traffic between VPC and site stops.",
            "The stable states with auto_advertise false are those after the withdrawal.",
        ),
        WITH_BGP, _gateways,
    ),
    _behaviour(
        "R28", "Two sources in the gateway's BGP table",
        (
            "The BGP route table of a VPN gateway marks routes learned from the cloud as CLOUD and routes "
            "learned by BGP, from a data centre for example, as VPN_BGP.",
            sources.VIEW,
            "None: this is how the console shows the routes.",
            "Routes in a gateway's table carry one of the two sources, and counterexamples show it.",
        ),
        WITH_BGP, _gateways,
    ),
    _behaviour(
        "R29", "The site's routes are dynamic in the VPC",
        (
            "The system route table of the VPC shows what was learned from the data centre among its "
            "dynamic routes.",
            sources.VIEW,
            "None: this is how the console shows the routes.",
            "They rank below system and custom routes of the same prefix.",
        ),
        "VPCs whose VPN gateways have BGP", _vpcs,
    ),
)
