"""Document to routing problem.

One direction, no state kept: `networks(document)` gives one `Network` for each
structure that the document leaves possible.
"""

from __future__ import annotations

from collections.abc import Iterator

from . import gadget_routing
from .choices import possible
from .network import Network
from .route import AsTerm, Path
from .scenario import Document
from .sessions import MOST_STRUCTURES, Structure, structures
from .tables import cen, gateway, own_prefixes, site, static, vbr, vpc
from .tables.design import Design


class AmbiguousNames(Exception):
    """Two tables have one name."""


class TooManyStructures(Exception):
    """The open ASNs leave more structures than are looked at."""


def networks(document: Document) -> tuple[Network, ...]:
    """The routing problems of a document, one for each of its structures.

    Raises TooManyStructures where a proof would have to skip some.
    """
    if document.gadget is not None:
        return (gadget_routing.network(document.gadget, document.environment),)
    found = structures(document)
    if len(found) > MOST_STRUCTURES:
        raise TooManyStructures(f"more than {MOST_STRUCTURES} ways in which open ASNs can be equal or differ")
    return tuple(_network(document, structure) for structure in found)


def _network(document: Document, structure: Structure) -> Network:
    design = Design(document, structure)
    kinds = (site, gateway, vpc, cen, vbr)
    listed = [table for kind in kinds for table in kind.tables(design)]
    tables = {table.id: table for table in listed}
    if len(tables) < len(listed):
        raise AmbiguousNames("a router, as site/router, has the same name as another table")
    links = tuple(link for kind in (site, gateway, cen, vbr) for link in kind.links(design))
    origins = (*own_prefixes.origins(design), *vpc.origins(design))
    statics = (*site.statics(design), *vpc.statics(design), *static.statics(design))
    inhibitions = tuple(vpc.inhibitions(design))
    announcements = tuple(own_prefixes.announcements(design))
    constraints = (structure.when, *design.failure_constraints())
    return Network(
        tables=tables,
        links=links,
        origins=origins,
        choices=design.choices,
        statics=statics,
        inhibitions=inhibitions,
        constraints=tuple(c for c in constraints if not c.is_true),
        announcements=announcements,
        length_bound=_length_bound(design),
        count_bound=1 + max((int(v) for r in structure.routers for v in possible(r.allowas_in)), default=0),
        canonical=_sorted_path,
        variant=structure.name,
    )


def _length_bound(design: Design) -> int:
    """No stable route has a longer AS_PATH: it passes each prepending table once (see `Network`)."""
    document = design.document
    speakers = len(design.structure.routers) * (1 + site.longest_prepend(design))
    return speakers + len(document.vpn_gateways) + len(document.virtual_border_routers)


def _sorted_path(path: Path) -> Path:
    """An AS_PATH without its order, which nothing observes: only lengths and members count."""
    return tuple(sorted(path, key=_term_order))


def _term_order(term: AsTerm) -> tuple[bool, str]:
    return (isinstance(term, str), f"{term:>12}")


def prefixes(network: Network) -> Iterator[str]:
    """Every prefix that a routing problem mentions, in a fixed order."""
    mentioned = dict.fromkeys(origin.route.prefix for origin in network.origins)
    mentioned.update(dict.fromkeys(entry.prefix for entry in network.statics))
    yield from mentioned
