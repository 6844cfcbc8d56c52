"""What stands around resources, as far as the shapes of their classes look."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from graph.links import Links
from ontology.model import Direction, Ontology
from ontology.resource import Edge, Resource, ResourceId
from ontology.shapes import Ends, Focus, Hop, Route

MANY = 1_000
"""Links of one kind that are looked along from one resource."""

ReadLinks = Callable[[Sequence[ResourceId], Sequence[str], Direction], Awaitable[Links]]
ReadResources = Callable[[Iterable[ResourceId]], Awaitable[Mapping[ResourceId, Resource]]]
Said = Callable[[ResourceId, str, Direction], Iterable[ResourceId]]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Links by where they were asked from, the resources there and at their ends. `cut` are those
    that have more links than were read."""

    edges: Mapping[tuple[ResourceId, Hop], tuple[Edge, ...]]
    resources: Mapping[ResourceId, Resource]
    cut: frozenset[ResourceId]
    _ends: dict[tuple[str, Hop], Ends] = field(default_factory=dict)

    def around(self, id: str, link: str, way: Direction) -> Ends:
        """As shapes ask (ontology/shapes.py)."""
        hop = (link, way)
        if (id, hop) not in self._ends:
            ends = (edge.end(way) for edge in self.edges.get((ResourceId(id), hop), ()))
            self._ends[id, hop] = Ends(
                focus_of(self.resources[end]) for end in ends if end in self.resources
            )
        return self._ends[id, hop]


def focus_of(resource: Resource) -> Focus:
    return Focus(resource.id, resource.type, resource.attributes)


def routes_of(
    type: str, ontology: Ontology, touched: Collection[str] | None = None
) -> tuple[Route, ...]:
    """The ways that the shapes of a class look; of those alone that `touched` matters to."""
    shapes = [s for s in ontology.shapes if s.minds(touched) and ontology.is_a(type, s.target)]
    return tuple(dict.fromkeys(route for shape in shapes for route in shape.routes))


def nothing_said(id: ResourceId, link: str, way: Direction) -> Iterable[ResourceId]:
    return ()


async def surroundings(
    starts: Mapping[Route, Iterable[ResourceId]],
    links: ReadLinks,
    resources: ReadResources,
    said: Said = nothing_said,
) -> Surroundings:
    """Go every route from its starts, one hop of all of them at a time. `said` are links
    that the ledger does not have yet: they are followed like its own."""
    here = {route: dict.fromkeys(ids) for route, ids in starts.items()}
    edges: dict[tuple[ResourceId, Hop], tuple[Edge, ...]] = {}
    cut: set[ResourceId] = set()
    for depth in range(max(map(len, starts), default=0)):
        here = {route: ids for route, ids in here.items() if depth < len(route)}
        asked: dict[Hop, dict[ResourceId, None]] = {}
        for route, ids in here.items():
            asked.setdefault(route[depth], {}).update(ids)
        fresh = {hop: [id for id in ids if (id, hop) not in edges] for hop, ids in asked.items()}
        cut |= await _read(fresh, links, edges)
        for route, ids in here.items():
            hop = route[depth]
            here[route] = dict.fromkeys(
                end
                for id in ids
                for end in (*(e.end(hop[1]) for e in edges.get((id, hop), ())), *said(id, *hop))
            )
    ends = {edge.end(way) for (_, (_, way)), found in edges.items() for edge in found}
    ends |= {id for ids in starts.values() for id in ids}
    return Surroundings(edges, await resources(ends), frozenset(cut))


async def _read(
    asked: Mapping[Hop, Sequence[ResourceId]],
    links: ReadLinks,
    edges: dict[tuple[ResourceId, Hop], tuple[Edge, ...]],
) -> set[ResourceId]:
    """One question for all links that the same resources are asked for."""
    together: dict[tuple[Direction, tuple[ResourceId, ...]], list[str]] = {}
    for (link, way), ids in asked.items():
        if ids:
            together.setdefault((way, tuple(ids)), []).append(link)
    cut: set[ResourceId] = set()
    for (way, several), types in together.items():
        found = await links(several, types, way)
        cut |= found.cut
        for id in several:
            mine: dict[str, list[Edge]] = {type: [] for type in types}
            for edge in found.edges.get(id, ()):
                mine[edge.type].append(edge)
            edges |= {(id, (type, way)): tuple(those) for type, those in mine.items()}
    return cut
