"""Checks certificates; needs nothing but the standard library, and shares no code with what makes them.

    python -m verify.certificates.checker FOLDER

A certificate is a query (what is claimed to be impossible) and a proof of one kind:

    lrat    the query is a CNF in DIMACS form; each step of the proof is a clause that follows
            by unit propagation from the clauses that it names, and the last one is empty
    order   the query says what depends on what, or what forwards to what; the proof ranks all
            so that every arrow leads down, hence none lies on a circle
    boxes   the query says which routes cells learn from each other, under few configurations;
            the proof shrinks for each of them what every cell can hold, to a single value

What a query has to do with a design is not checked here: the same design gives the same query.
Prints a line for each certificate; exit status 0 if all are accepted, else 1.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from verify.certificates.closing_boxes import check_boxes
from verify.certificates.rejection import Rejected, Unchecked, demand

INDEX = "index.json"


# --- propositional proofs -----------------------------------------------------


def check_lrat(query: str, proof: str) -> None:
    """Accept a CNF and a refutation of it in LRAT form, without deletions."""
    clauses = dict(enumerate(_clauses(query), start=1))
    for line in proof.splitlines():
        number, *rest = map(int, line.split())
        end = rest.index(0)
        literals, hints = rest[:end], rest[end + 1 :]
        demand(bool(hints) and hints.pop() == 0, f"step {number} does not end")
        demand(number > len(clauses) and number not in clauses, f"step {number} is out of order")
        if any(hint < 0 for hint in hints):
            raise Unchecked(f"step {number} is not by unit propagation alone (RAT)")
        demand(_follows(literals, [clauses[hint] for hint in hints]), f"step {number} does not follow")
        if not literals:
            return
        clauses[number] = literals
    raise Rejected("the empty clause is missing")


def _follows(literals: list[int], hints: list[list[int]]) -> bool:
    """Whether a clause follows: were it false, each hint would force one more literal, the last one none."""
    true = {-literal for literal in literals}
    for position, clause in enumerate(hints, start=1):
        left = [literal for literal in clause if -literal not in true]
        if not left:
            return position == len(hints)
        if len(left) > 1 or left[0] in true:
            return False
        true.add(left[0])
    return False


def _clauses(dimacs: str) -> Iterator[list[int]]:
    lines = [line for line in dimacs.splitlines() if not line.startswith("c")]
    problem, cnf, variables, count = lines[0].split()
    demand((problem, cnf, int(count)) == ("p", "cnf", len(lines) - 1), "the CNF is not of the size it says")
    most = int(variables)
    for line in lines[1:]:
        *literals, end = map(int, line.split())
        fits = end == 0 and all(0 < abs(literal) <= most for literal in literals)
        demand(fits, f"no clause: {line}")
        yield literals


# --- rankings -----------------------------------------------------------------


def check_order(query: str, proof: str) -> None:
    """Accept arrows between things, and a rank for each: one more than the highest that an arrow leads to."""
    asked, ranks = json.loads(query), json.loads(proof)["ranks"]
    below: list[set[int]] = [set() for _ in asked["nodes"]]
    demand(len(ranks) == len(below), "there is not one rank for each")
    for begin, end in asked["arrows"]:
        below[begin].add(ranks[end])
    for name, rank, found in zip(asked["nodes"], ranks, below, strict=True):
        demand(type(rank) is int and rank == max(found, default=-1) + 1, f"{name} has the wrong rank")


# --- folders ------------------------------------------------------------------


def unchecked(_: str, proof: str) -> None:
    """Refuse a query that only solvers have refuted; the proof says why there is no certificate."""
    raise Unchecked(proof.strip())


CHECKS: Mapping[str, Callable[[str, str], None]] = {
    "lrat": check_lrat,
    "order": check_order,
    "boxes": check_boxes,
    "unchecked": unchecked,
}


def check(kind: str, digest: str, query: str, proof: str) -> None:
    """Accept one certificate for the query with a SHA-256 digest; raises Rejected."""
    demand(sha256(query.encode()).hexdigest() == digest, "the query is not that of the certificate")
    try:
        CHECKS[kind](query, proof)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise Rejected(f"malformed ({type(error).__name__})") from error


def check_folder(folder: Path) -> Iterator[tuple[str, str]]:
    """The certificates of a folder, each with what is wrong with it, "" for nothing."""
    index = json.loads((folder / INDEX).read_text("utf-8"))
    named = dict.fromkeys(index["proved"], 0)
    for entry in index["certificates"]:
        named[entry["property"]] = named.get(entry["property"], 0) + 1
        label = f"{entry['property']} {entry['problem']} ({entry['kind']})"
        try:
            texts = {part: _read(folder, found) for part, found in entry["files"].items()}
            check(entry["kind"], entry["files"]["query"]["sha256"], texts["query"], texts["proof"])
        except Unchecked as reason:
            yield label, f"unchecked: {reason}"
        except Rejected as reason:
            yield label, f"rejected: {reason}"
        else:
            yield label, ""
    for name, count in named.items():
        if count == 0 or count != index["proved"].get(name):
            yield name, f"rejected: {count} certificates, not {index['proved'].get(name, 'any')}"


def _read(folder: Path, found: Mapping[str, Any]) -> str:
    try:
        content = (folder / Path(found["file"]).name).read_bytes()
    except OSError as error:
        raise Rejected(f"{found['file']} cannot be read") from error
    demand(sha256(content).hexdigest() == found["sha256"], f"{found['file']} is not as it was written")
    return content.decode("utf-8", errors="replace")


def main(arguments: list[str]) -> int:
    """The command: check a folder."""
    if len(arguments) != 1:
        print("usage: python -m verify.certificates.checker FOLDER", file=sys.stderr)
        return 2
    try:
        found = list(check_folder(Path(arguments[0])))
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        print(f"{arguments[0]}: no index of certificates ({type(error).__name__})", file=sys.stderr)
        return 2
    for label, reason in found:
        print(f"{label}: {reason or 'accepted'}")
    accepted = sum(not reason for _, reason in found)
    print(f"{accepted} of {len(found)} certificates accepted")
    return 0 if found and accepted == len(found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
