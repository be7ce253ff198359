"""The questions of a property: inquiries about every problem of a document, and how answers are confirmed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from verify import carrying, delivery, flapping, looping, traffic
from verify.announced import with_networks
from verify.carrying import Run
from verify.inquiry import Evidence, Inquiry
from verify.models.network import Configuration, Network
from verify.models.scenario import Document
from verify.problems import address_problems, convergence_problems

if TYPE_CHECKING:
    from verify.solve import Backend


class Asked(NamedTuple):
    """An inquiry, how its answers are confirmed, and what an example for a proof has to show.

    `sure` says whether an answer is known to be a violation without being confirmed.
    """

    inquiry: Inquiry
    confirm: Callable[[Configuration], Evidence | None]
    run: Run
    sure: Callable[[Configuration], bool] = lambda _: True


def _loops(_: Document, network: Network, backend: Backend) -> Iterator[Asked]:
    for problem in address_problems(network):
        inquiry = looping.inquire(problem, backend)
        yield Asked(inquiry, partial(looping.find_loop, problem), carrying.forwarding(problem))


def _flaps(_: Document, network: Network, backend: Backend) -> Iterator[Asked]:
    for problem in convergence_problems(network):
        inquiry = flapping.inquire(problem, backend)
        yield Asked(
            inquiry,
            partial(flapping.find_flap, problem),
            carrying.learning(problem),
            partial(flapping.certainly_flaps, problem),
        )


def _failures(document: Document, network: Network, backend: Backend) -> Iterator[Asked]:
    for task in traffic.tasks(document, network, forbidden=False):
        inquiry = delivery.inquire(task, backend)
        yield Asked(inquiry, partial(delivery.find_failure, task), carrying.traffic(task))


def _leaks(document: Document, network: Network, backend: Backend) -> Iterator[Asked]:
    for task in traffic.tasks(document, network, forbidden=True):
        inquiry = delivery.inquire(task, backend)
        yield Asked(inquiry, partial(delivery.find_failure, task), carrying.traffic(task))


METHODS: Mapping[str, Callable[[Document, Network, Backend], Iterator[Asked]]] = {
    "no-routing-loops": _loops,
    "no-route-flapping": _flaps,
    "no-ineffective-routes": _failures,
    "isolation": _leaks,
}


def questions(document: Document, property_id: str, backend: Backend) -> list[Asked]:
    """What is asked about a property, for every structure of a document.

    Raises AmbiguousNames, TooManyStructures and UniverseTooLarge.
    """
    candidates, networks = with_networks(document)
    return [each for network in networks for each in METHODS[property_id](candidates, network, backend)]
