"""Certificates for what is proved: a query and a proof that it has no answer, one for each inquiry.

A property is proved if no inquiry of it finds a violation, under no assumption; each
inquiry is made as for the verdict, but written down in place of asked.

    found = list(certificates(loaded, options))
    write(folder, loaded, found)
    failures = [reason for _, reason in check_folder(folder) if reason]
    failures += foreign_queries(folder, loaded, options)

The last line is what ties a folder to a scenario: queries are made anew and compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from verify.announced import with_networks
from verify.asking import METHODS
from verify.certificates import explicit
from verify.certificates.certificate import Certificate, check_certificate
from verify.certificates.checker import check_folder
from verify.certificates.folder import identities, read_index, write
from verify.check import CheckOptions, check, under
from verify.inquiry import ExplicitInquiry, Inquiry, SolverInquiry
from verify.load import Loaded
from verify.models.scenario import Document
from verify.properties import documented_rules
from verify.refuting import of_rules
from verify.verdict import Verdict

if TYPE_CHECKING:
    from verify.encode import Formula

__all__ = ["Certificate", "certificates", "check_certificate", "check_folder", "foreign_queries", "write"]

Refute: TypeAlias = Callable[[list["Formula"], str], "Proof"]
Proof: TypeAlias = tuple[str, str, str, str]
"""The kind of a certificate, its query, its proof, and the query in SMT-LIB."""


def certificates(
    loaded: Loaded, options: CheckOptions | None = None, proved: Sequence[str] | None = None
) -> Iterator[Certificate]:
    """The certificates of all properties that are proved, or of those that are known to be.

    Raises SolversDisagree where a query that was refuted has a model after all, and what
    `check` raises.
    """
    wanted = options or CheckOptions()
    if proved is None:
        proved = [each.id for each in check(loaded, wanted).properties if each.verdict is Verdict.PROVED]
    yield from _made(under(loaded.document, wanted), proved, refuted)


def foreign_queries(folder: Path, loaded: Loaded, options: CheckOptions | None = None) -> list[str]:
    """In what the queries of a folder are not those of a scenario; no solver is asked.

    Raises OSError or ValueError where the folder has no index.
    """
    index = read_index(folder)
    document = under(loaded.document, options or CheckOptions())
    wanted = [each.identity() for each in queries(document, list(index["proved"]))]
    found = identities(index)
    if len(found) != len(wanted):
        return [f"{len(found)} queries where the scenario has {len(wanted)}"]
    pairs = zip(found, wanted, strict=True)
    return [f"query {number} is another" for number, (one, other) in enumerate(pairs, 1) if one != other]


def queries(document: Document, properties: Sequence[str]) -> Iterator[Certificate]:
    """The queries of properties, proved or not, as certificates without proofs; no solver is asked."""
    return _made(document, properties, _written)


def _made(document: Document, proved: Sequence[str], refute: Refute) -> Iterator[Certificate]:
    for property_id in proved:
        if property_id == documented_rules.ID:
            yield _of_rules(document, refute)
        else:
            yield from _of_inquiries(document, property_id, refute)


def _of_inquiries(document: Document, property_id: str, refute: Refute) -> Iterator[Certificate]:
    from verify.solve import Backend

    candidates, networks = with_networks(document)
    for network in networks:
        for asked in METHODS[property_id](candidates, network, Backend(())):
            inquiry = asked.inquiry
            problem = inquiry.problem
            yield Certificate(
                property_id,
                problem.covering[0],
                *_proof(property_id, inquiry, refute),
                structure=inquiry.structure,
                stands_for=problem.stands_for[1:],
            )


def _proof(property_id: str, inquiry: Inquiry, refute: Refute) -> Proof:
    if isinstance(inquiry, SolverInquiry):
        question = inquiry.question
        asks = question.encoder.literal(inquiry.asks, True)
        return refute([question.formula, asks], f"{property_id} of {inquiry.problem.covering[0]}")
    assert isinstance(inquiry, ExplicitInquiry)  # there is no third kind
    if not inquiry.problem.is_acyclic:
        return "boxes", *explicit.closing_boxes(inquiry), ""
    forwards = property_id == "no-routing-loops"
    order = explicit.forwarding_order if forwards else explicit.learning_order
    return "order", *order(inquiry.problem), ""


def _of_rules(document: Document, refute: Refute) -> Certificate:
    """That no values of what is open break a rule that decides."""
    from verify.solve import Backend

    question, asks = of_rules(document, Backend(()))
    formulas = [question.formula, question.encoder.literal(asks, True)]
    return Certificate(documented_rules.ID, "all rules", *refute(formulas, documented_rules.ID))


def refuted(formulas: list[Formula], what: str) -> Proof:
    """The refutation of formulas, trimmed.

    Raises SolversDisagree where they have a model.
    """
    from verify.certificates.clauses import clauses_of
    from verify.certificates.smtlib import script
    from verify.certificates.trimming import NotTrimmed, lrat
    from verify.solve import SolversDisagree, refutation

    smt2 = script(formulas)
    cnf = clauses_of(formulas)
    steps = refutation(cnf.clauses) if all(cnf.clauses) else []
    if steps is None:
        raise SolversDisagree(f"{what} is proved, but its clauses have a model", smt2)
    try:
        return "lrat", cnf.dimacs(), lrat(cnf.variables, cnf.clauses, steps), smt2
    except NotTrimmed as reason:
        return "unchecked", cnf.dimacs(), f"second solver only: {reason}\n", smt2


def _written(formulas: list[Formula], _: str) -> Proof:
    """The query alone."""
    from verify.certificates.clauses import clauses_of
    from verify.certificates.smtlib import script

    return "lrat", clauses_of(formulas).dimacs(), "", script(formulas)
