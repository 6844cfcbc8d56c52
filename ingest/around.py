"""What stands around the resources of one run, for shapes that look at it: as the run says, and
as the ledger has it from others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from graph.around import MANY, Surroundings, focus_of, routes_of, surroundings
from graph.links import Links, links_whole
from graph.store import GraphStore
from ontology.model import Direction, Ontology
from ontology.resource import Claim, Edge, Resource, ResourceId
from ontology.shapes import Around, Ends, Focus, Route

AT_ONCE = 1_000
"""Resources that the store is asked for together."""

Beside = Callable[["Delivery"], Surroundings]
"""What the ledger has around the resources of a run."""


class Delivery:
    """The claims of one source that are about to be written, and how they hang together."""

    def __init__(self, source: str, claims: Iterable[Claim]) -> None:
        self.source = source
        self.known: dict[str, Focus] = {}
        self._ahead: dict[tuple[str, str], dict[ResourceId, None]] = defaultdict(dict)
        self._back: dict[tuple[str, str], dict[ResourceId, None]] = defaultdict(dict)
        for claim in claims:
            if claim.type is not None or claim.resource not in self.known:
                self.known[claim.resource] = Focus(claim.resource, claim.type, claim.attributes)
            for link in claim.links:
                self._ahead[claim.resource, link.type][link.target] = None
                self._back[link.target, link.type][claim.resource] = None

    def said(self, id: str, link: str, way: Direction) -> Iterable[ResourceId]:
        """What the run says stands at the other end."""
        ends = self._ahead if way is Direction.FORWARD else self._back
        return ends.get((id, link), ())

    def around(self, ledger: Surroundings | None) -> Around:
        """As shapes ask. What the source said of a resource before, the run says anew."""
        made: dict[tuple[str, str, Direction], Ends] = {}

        def around(id: str, link: str, way: Direction) -> Sequence[Focus]:
            if (id, link, way) not in made:
                ends = dict.fromkeys(self.said(id, link, way))
                held = ledger.edges.get((ResourceId(id), (link, way)), ()) if ledger else ()
                ends |= dict.fromkeys(e.end(way) for e in held if not self._replaces(e))
                made[id, link, way] = Ends(self._focus(end, ledger) for end in ends)
            return made[id, link, way]

        return around

    def whole(self, claim: Claim, ledger: Surroundings | None) -> Claim:
        """The claim with what others told of its resource: a list that gives an update cycle
        takes no level away."""
        known = ledger.resources.get(claim.resource) if ledger else None
        if known is None:
            return claim
        return replace(claim, attributes={**known.attributes, **claim.attributes})

    def _replaces(self, edge: Edge) -> bool:
        return edge.source == self.source and edge.origin in self.known

    def _focus(self, id: ResourceId, ledger: Surroundings | None) -> Focus:
        here, there = self.known.get(id), ledger.resources.get(id) if ledger else None
        if here is None or there is None:
            return here or (focus_of(there) if there else Focus(id, None, {}))
        return Focus(id, here.type or there.type, {**there.attributes, **here.attributes})


async def beside(store: GraphStore, ontology: Ontology, run: Delivery) -> Surroundings:
    """What the ledger has around a run, as far as the shapes of its classes look."""
    of_class: dict[str, tuple[Route, ...]] = {}
    starts: dict[Route, list[ResourceId]] = defaultdict(list)
    for id, focus in run.known.items():
        if focus.type is not None:
            if focus.type not in of_class:
                of_class[focus.type] = routes_of(focus.type, ontology)
            for route in of_class[focus.type]:
                starts[route].append(ResourceId(id))

    async def links(ids: Sequence[ResourceId], types: Sequence[str], way: Direction) -> Links:
        edges: dict[ResourceId, tuple[Edge, ...]] = {}
        cut: set[ResourceId] = set()
        for start in range(0, len(ids), AT_ONCE):
            some = ids[start : start + AT_ONCE]
            found = await links_whole(store, some, types, way, most=MANY)
            edges.update(found.edges)
            cut |= found.cut
        return Links(edges, frozenset(cut))

    async def resources(ids: Iterable[ResourceId]) -> dict[ResourceId, Resource]:
        wanted, found = list(ids), dict[ResourceId, Resource]()
        for start in range(0, len(wanted), AT_ONCE):
            found.update(await store.get_many(wanted[start : start + AT_ONCE]))
        return found

    return await surroundings(starts, links, resources, run.said)
