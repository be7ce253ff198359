"""Certificates of the shipped library, and of random networks: `python -m tests.certified --count 300`.

The long form makes, for each seed, the certificates of all that is proved of a random network,
and checks them; and it alters certificates of the library as often as `--mutations` says.
Prints what fails and exits with 1 if anything did.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from functools import cache
from pathlib import Path

from tests import random_networks, tiny_networks
from tests.mutated_certificates import mutations
from tests.shipped import SCENARIOS
from verify.certify import Certificate, certificates, check_certificate
from verify.check import check
from verify.load import Loaded, load
from verify.verdict import Verdict


@cache
def loaded(path: Path) -> Loaded:
    return load(str(path))


def proved(path: Path) -> tuple[str, ...]:
    """The properties that a scenario expects to be proved; `test_library` holds it to that."""
    return tuple(name for name, verdict in loaded(path).document.expect.items() if verdict == "proved")


@cache
def certified(path: Path) -> tuple[Certificate, ...]:
    """The certificates of a shipped scenario."""
    return tuple(certificates(loaded(path), None, proved(path)))


@cache
def library() -> tuple[Certificate, ...]:
    """All certificates of the shipped scenarios."""
    return tuple(found for path in SCENARIOS for found in certified(path))


def random_failures(seed: int) -> tuple[int, list[str]]:
    """How many certificates a random network has, and what is wrong with them."""
    documents = (random_networks.network(seed), random_networks.gadget(seed), tiny_networks.network(seed))
    count, failures = 0, []
    for document in documents:
        scenario = load("random.json", json.dumps(document))
        names = [each.id for each in check(scenario).properties if each.verdict is Verdict.PROVED]
        found = list(certificates(scenario, None, names))
        count += len(found)
        reasons = ((each, check_certificate(each)) for each in found)
        failures += [f"{seed} {each.property} {each.kind}: {reason}" for each, reason in reasons if reason]
    return count, failures


def main(words: list[str]) -> int:
    """Run the long form and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.certified", description=__doc__)
    parser.add_argument("--from", dest="start", type=int, default=0, metavar="SEED", help="the first seed")
    parser.add_argument("--count", type=int, default=300, metavar="N", help="how many random networks")
    parser.add_argument("--mutations", type=int, default=20000, metavar="N", help="how many alterations")
    arguments = parser.parse_args(words)
    failures, count = [], len(library())
    failures += [reason for reason in map(check_certificate, library()) if reason]
    for seed in range(arguments.start, arguments.start + arguments.count):
        more, found = random_failures(seed)
        count += more
        failures += found
    altered = mutations(library(), random.Random(arguments.start), arguments.mutations)
    failures += [f"accepted: {each.how}" for each in altered if not each.reason()]
    print("\n".join([*failures, f"{count} certificates, {arguments.mutations} altered ones"]))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
