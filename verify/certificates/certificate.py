"""One certificate as a value."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from verify.certificates import checker
from verify.certificates.rejection import Rejected, Unchecked


@dataclass(frozen=True, slots=True)
class Certificate:
    """A query of one property, and the proof that it has no answer.

    `kind` is one of those that `verify.certificates.checker` explains. `problem` is the prefix
    asked about and `stands_for` are others for which the query is the same; `structure` tells
    networks of one document apart.  `smt2` is the query in SMT-LIB, "" where it is no formula.
    """

    property: str
    problem: str
    kind: str
    query: str
    proof: str
    smt2: str = ""
    structure: str = ""
    stands_for: tuple[str, ...] = ()

    def digest(self) -> str:
        """The SHA-256 digest of the query."""
        return sha256(self.query.encode()).hexdigest()

    def identity(self) -> tuple[object, ...]:
        """What the certificate is about: all but how it is proved, its texts by their digests."""
        smt2 = sha256(self.smt2.encode()).hexdigest() if self.smt2 else ""
        return self.property, self.problem, self.structure, self.stands_for, self.digest(), smt2


def check_certificate(certificate: Certificate, digest: str = "") -> str:
    """What is wrong with a certificate for the query with a digest (its own by default), "" for nothing."""
    try:
        checker.check(certificate.kind, digest or certificate.digest(), certificate.query, certificate.proof)
    except Unchecked as reason:
        return f"unchecked: {reason}"
    except Rejected as reason:
        return f"rejected: {reason}"
    return ""
