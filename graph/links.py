"""All links of a resource, page by page, up to a bound that is told when it is met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from graph.store import GraphStore
from ontology.model import Direction
from ontology.resource import At, Edge, ResourceId

PAGE = 1_000
MOST = 100_000
"""Links of one resource that are read for one answer."""


@dataclass(frozen=True, slots=True)
class Links:
    """By resource; `cut` are those that have more links than were read."""

    edges: Mapping[ResourceId, tuple[Edge, ...]] = field(default_factory=dict)
    cut: frozenset[ResourceId] = frozenset()

    def all(self) -> list[Edge]:
        """The links of all of them."""
        return [edge for edges in self.edges.values() for edge in edges]


async def links_whole(
    store: GraphStore,
    ids: Sequence[ResourceId],
    types: Sequence[str] | None,
    way: Direction = Direction.FORWARD,
    *,
    at: At = None,
    most: int = MOST,
) -> Links:
    """The links of each, at most `most`: one question for all, and further pages for the
    few that have many."""
    ids = list(dict.fromkeys(ids))
    if not ids:
        return Links()
    page = min(PAGE, most + 1)  # one more than wanted tells whether there are more
    edges = dict(await store.links_many(ids, types, way, at=at, limit=page))
    cut = set()
    for id, first in edges.items():
        if len(first) == page:
            found = await _paged(store, id, types, way, at, most)
            edges[id] = tuple(found[:most])
            if len(found) > most:
                cut.add(id)
    return Links(edges, frozenset(cut))


async def _paged(
    store: GraphStore,
    id: ResourceId,
    types: Sequence[str] | None,
    way: Direction,
    at: At,
    most: int,
) -> list[Edge]:
    found: list[Edge] = []
    after: str | None = None
    while len(found) <= most:
        size = min(PAGE, most + 1 - len(found))
        page = await store.links(id, types, way, at=at, after=after, limit=size)
        found += page.edges
        after = page.after
        if after is None:
            break
    return found
