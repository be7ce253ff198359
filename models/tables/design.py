"""What every kind of table needs to know of the document while its links are built."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Network

from ..choices import Choice, Role, Term, equal, holds, possible, where
from ..condition import FALSE, TRUE, Condition, all_of, any_of, at_least, at_most, implies, negate
from ..opening import reading_term
from ..route import AsTerm, Path
from ..scenario import Cen, Document, SitePrefix, Vpc, VpcRoute
from ..sessions import Structure, TunnelPeering, VbrPeering, tunnel_peerings, vbr_peerings

LOCAL_PREFIX = IPv4Network("100.64.0.0/10")
DEFAULT_ROUTE = IPv4Network("0.0.0.0/0")


@dataclass
class Design:
    """A document in one of its structures, with the choices that the model itself adds.

    `choices` collects every choice that a guard mentions, by name.
    """

    document: Document
    structure: Structure
    choices: dict[str, Choice] = field(default_factory=dict)
    published: dict[str, Condition] = field(default_factory=dict)  # custom route -> when it goes to the CEN

    def __post_init__(self) -> None:
        self.tunnels: tuple[TunnelPeering, ...] = tuple(tunnel_peerings(self.document))
        self.vbr_sessions: tuple[VbrPeering, ...] = tuple(vbr_peerings(self.document))
        self._networks: dict[str, IPv4Network] = {}
        self._own: dict[tuple[AsTerm, tuple[AsTerm, ...]], Condition] = {}

    def network_of(self, prefix: str) -> IPv4Network:
        """The parsed form of a prefix that a route carries."""
        if prefix not in self._networks:
            self._networks[prefix] = IPv4Network(prefix)
        return self._networks[prefix]

    def note(self, term: Term | None) -> None:
        """Remember a choice that guards mention."""
        if isinstance(term, Choice):
            self.choices[term.name] = term

    def as_term(self, term: Term | None) -> AsTerm:
        """An ASN or a preference as it stands in a route: a number, or the name of its choice."""
        self.note(term)
        if isinstance(term, Choice):
            return term.name
        assert term is None or isinstance(term, int)  # the loader lets nothing else into these fields
        return 0 if term is None else term

    def value_of(self, term: AsTerm) -> Term:
        """The reverse of `as_term`."""
        return self.choices[term] if isinstance(term, str) else term

    def flag(self, flag: bool | Choice) -> Condition:
        """When a flag of the document is true."""
        self.note(flag)
        return holds(flag)

    def reading(self, reading: str, *owners: object) -> Term:
        """The value of a reading for some objects: pinned, or open."""
        term = reading_term(self.document, reading, *owners)
        self.note(term)
        return term

    def reads(self, reading: str, *owners: object, value: bool | str = True) -> Condition:
        """When a reading has a value."""
        return where(self.reading(reading, *owners), lambda found: found == value)

    def event(self, name: str) -> Choice:
        """The choice whether an origin is present."""
        choice = Choice(f"present:{name}", Role.EVENT, (False, True), True)
        self.choices[choice.name] = choice
        return choice

    def present(self, name: str) -> Condition:
        """When an origin is present; always, where nothing is ever withdrawn."""
        withdrawals = self.flag(self.document.environment.withdrawals)
        if withdrawals.is_false:
            return TRUE
        return any_of((negate(withdrawals), holds_event(self.event(name))))

    def failed(self, kind: str, name: str) -> Condition:
        """When a link or device of a kind that may fail is down."""
        environment = self.document.environment
        if max(int(v) for v in possible(environment.max_failures)) == 0 or kind not in environment.may_fail:
            return FALSE
        choice = Choice(f"failed:{kind}:{name}", Role.FAILURE, (False, True), False)
        self.choices[choice.name] = choice
        return choice.equals(True)

    def failure_constraints(self) -> tuple[Condition, ...]:
        """At most as many failures as the environment allows (after all tables are built)."""
        failures = [c.equals(True) for c in self.choices.values() if c.role is Role.FAILURE]
        allowed = self.document.environment.max_failures
        self.note(allowed)
        return tuple(
            implies(equal(allowed, most), at_most(int(most), failures)) for most in possible(allowed)
        )

    # --- AS_PATHs -----------------------------------------------------------

    def is_own(self, term: AsTerm, own: tuple[AsTerm, ...]) -> Condition:
        """When an ASN of a path is one of a speaker's own."""
        key = (term, own)
        if key not in self._own:
            self._own[key] = any_of(equal(self.value_of(term), self.value_of(mine)) for mine in own)
        return self._own[key]

    def refuses(self, path: Path, own: tuple[AsTerm, ...], allowed: Term) -> Condition:
        """When a speaker refuses a path: an own ASN occurs more than `allowed` times (RFC 4271, 9)."""
        occurrences = [found for term in path if not (found := self.is_own(term, own)).is_false]
        return any_of(
            all_of((where(allowed, lambda v, most=most: v == most), _more_than(occurrences, int(most))))  # type: ignore[misc]  # bound default
            for most in possible(allowed)
        )

    # --- what VPCs hold -----------------------------------------------------

    def cens_of(self, vpc: str) -> Iterator[Cen]:
        """The CENs that a VPC is attached to."""
        return (cen for cen in self.document.cens if vpc in cen.attachments)

    def vpc(self, id_: str) -> Vpc:
        return next(vpc for vpc in self.document.vpcs if vpc.id == id_)

    def shielded(self, vpc: str, prefix: str) -> Condition:
        """When a system route of a VPC keeps a learned route out of its table (P02)."""
        network = self.network_of(prefix)
        if network.subnet_of(LOCAL_PREFIX):
            return TRUE
        return any_of(
            self.present(vswitch.id)
            for vswitch in self.vpc(vpc).vswitches
            if network.subnet_of(vswitch.cidr) and network != vswitch.cidr
        )

    def overlap_off(self, cens: Iterable[Cen]) -> Condition:
        """When overlapping routing is off on one of some CENs."""
        return any_of(negate(self.flag(cen.overlapping_routing)) for cen in cens)


def holds_event(choice: Choice) -> Condition:
    """When the origin behind an event choice is present."""
    return choice.equals(True)


def _more_than(occurrences: list[Condition], most: int) -> Condition:
    return at_least(most + 1, occurrences)


def route_event(vpc: Vpc, route: VpcRoute, position: int) -> str:
    """The name of the event that a custom route is there."""
    return f"{vpc.id}.routes.{position}.{route.destination}"


def prefix_event(site: str, prefix: SitePrefix) -> str:
    """The name of the event that a site has a prefix."""
    return f"{site}.{prefix.prefix}"
