"""The resources around a resource, found along declared paths, in few round trips."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from graph.store import GraphStore
from ontology.model import Direction
from ontology.resource import At, Edge, Resource, ResourceId
from search.mapping import Path, SearchMapping, Step

NEIGHBOURS = 2_000
"""Links of one kind that are followed from one resource; a hub has more, and is found by
its own name rather than by theirs."""


async def around(
    store: GraphStore, resources: Sequence[Resource], mapping: SearchMapping
) -> Mapping[ResourceId, Mapping[Path, Sequence[Resource]]]:
    """For each resource, what stands at the end of each path that its document embeds."""
    wanted = {r.id: _paths(mapping, r.type) for r in resources}
    ends = await follow(store, wanted)
    met = {id for found in ends.values() for ids in found.values() for id in ids}
    known = await store.get_many(met)
    return {
        id: {path: [known[e] for e in ids if e in known] for path, ids in found.items()}
        for id, found in ends.items()
    }


async def follow(
    store: GraphStore,
    wanted: Mapping[ResourceId, Iterable[Path]],
    *,
    at: At = None,
    whole: bool = False,
) -> dict[ResourceId, dict[Path, list[ResourceId]]]:
    """Walk every wanted path from every id, one step of all of them at a time.

    `whole`: every link, also of a hub; otherwise the first NEIGHBOURS of each kind."""
    ends = {id: {path: [id] for path in paths} for id, paths in wanted.items()}
    longest = max((len(path) for paths in wanted.values() for path in paths), default=0)
    for depth in range(longest):
        asked: dict[Step, dict[ResourceId, None]] = {}
        for found in ends.values():
            for path, ids in found.items():
                if depth < len(path):
                    asked.setdefault(path[depth], {}).update(dict.fromkeys(ids))
        met = await _step(store, asked, at, whole)
        for found in ends.values():
            for path, ids in found.items():
                if depth < len(path):
                    step = path[depth]
                    found[path] = list(
                        dict.fromkeys(e for id in ids for e in met.get((step, id), ()))
                    )
    return ends


async def _step(
    store: GraphStore, asked: Mapping[Step, Mapping[ResourceId, None]], at: At, whole: bool
) -> dict[tuple[Step, ResourceId], list[ResourceId]]:
    """One round trip a direction: all link types together, sorted out afterwards."""
    met: dict[tuple[Step, ResourceId], list[ResourceId]] = {}
    for way in Direction:
        steps = [step for step in asked if step.way is way]
        if not steps:
            continue
        ids = list(dict.fromkeys(id for step in steps for id in asked[step]))
        types = [step.link for step in steps]
        links = await store.links_many(ids, types, way, at=at, limit=NEIGHBOURS)
        for id, edges in links.items():
            if whole and len(edges) >= NEIGHBOURS:
                edges = await _all(store, id, types, way, at)
            for edge in edges:
                met.setdefault((Step(edge.type, way), id), []).append(edge.end(way))
    return met


async def _all(
    store: GraphStore, id: ResourceId, types: Sequence[str], way: Direction, at: At
) -> tuple[Edge, ...]:
    found: list[Edge] = []
    after: str | None = None
    while True:
        page = await store.links(id, types, way, at=at, after=after, limit=NEIGHBOURS)
        found += page.edges
        after = page.after
        if after is None:
            return tuple(found)


def _paths(mapping: SearchMapping, type: str) -> tuple[Path, ...]:
    kept = mapping.types.get(type)
    return tuple(e.path for e in kept.embeddings) if kept else ()
