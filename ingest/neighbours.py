"""The resources around a resource, found along declared paths, in few round trips."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from graph.store import GraphStore
from graph.whole import NearStore
from ontology.model import Direction
from ontology.resource import At, Edge, Resource, ResourceId
from search.mapping import Path, SearchMapping, Step

NEIGHBOURS = 2_000
"""Links of one kind that are followed from one resource; a hub has more, and is found by
its own name rather than by theirs."""


Ends = dict[Path, dict[ResourceId, list[ResourceId]]]
"""Path → start → what stands at its end, without repetition; only where something does."""


async def around(
    store: GraphStore, resources: Sequence[Resource], mapping: SearchMapping
) -> Mapping[ResourceId, Mapping[Path, Sequence[Resource]]]:
    """For each resource, what stands at the end of each path that its document embeds;
    only where something does."""
    wanted: dict[Path, list[ResourceId]] = {}
    for resource in resources:
        for path in _paths(mapping, resource.type):
            wanted.setdefault(path, []).append(resource.id)
    ends = await follow(store, wanted)
    known = await store.get_many(
        {e for found in ends.values() for ids in found.values() for e in ids}
    )
    near: dict[ResourceId, dict[Path, list[Resource]]] = {}
    for path, found in ends.items():
        for id, ids in found.items():
            near.setdefault(id, {})[path] = [known[e] for e in ids if e in known]
    return near


async def follow(
    store: GraphStore,
    wanted: Mapping[Path, Iterable[ResourceId]],
    *,
    at: At = None,
    whole: bool = False,
) -> Ends:
    """Walk every wanted path from its starts, one step of all of them at a time.

    `whole`: every link, also of a hub; otherwise the first NEIGHBOURS of each kind."""
    starts: dict[Step, dict[ResourceId, None]] = {}
    for path, ids in wanted.items():
        starts.setdefault(path[0], {}).update(dict.fromkeys(ids))
    met = await _step(store, starts, at, whole)
    # Of most starts, nothing stands on most of their paths: only what was met is gone through.
    first = {step: {id: list(dict.fromkeys(e)) for id, e in met[step].items()} for step in met}
    ends: Ends = {}
    for path, ids in wanted.items():
        there = first.get(path[0], {})
        ends[path] = {id: there[id] for id in ids if id in there} if there else {}
    for depth in range(1, max(map(len, wanted), default=0)):
        longer = [path for path in ends if depth < len(path) and ends[path]]
        asked: dict[Step, dict[ResourceId, None]] = {}
        for path in longer:
            here = asked.setdefault(path[depth], {})
            for found in ends[path].values():
                here.update(dict.fromkeys(found))
        met = await _step(store, asked, at, whole)
        for path in longer:
            there = met.get(path[depth], {})
            ends[path] = {
                start: further
                for start, found in ends[path].items()
                if (further := list(dict.fromkeys(e for id in found for e in there.get(id, ()))))
            }
    return ends


async def _step(
    store: GraphStore, asked: Mapping[Step, Mapping[ResourceId, None]], at: At, whole: bool
) -> dict[Step, dict[ResourceId, list[ResourceId]]]:
    """One round trip a direction: all link types together, sorted out afterwards."""
    met: dict[Step, dict[ResourceId, list[ResourceId]]] = {}
    for way in Direction:
        steps = [step for step in asked if step.way is way]
        ids = list(dict.fromkeys(id for step in steps for id in asked[step]))
        if not ids:
            continue
        types = [step.link for step in steps]
        if at is None and not whole and isinstance(store, NearStore):
            near = await store.near(ids, types, way, limit=NEIGHBOURS)
            if near is not None:
                met |= {
                    step: {
                        id: list(ends[step.link]) for id, ends in near.items() if step.link in ends
                    }
                    for step in steps
                }
                continue
        by_type: dict[str, dict[ResourceId, list[ResourceId]]] = {type: {} for type in types}
        links = await store.links_many(ids, types, way, at=at, limit=NEIGHBOURS)
        for id, edges in links.items():
            if whole and len(edges) >= NEIGHBOURS:
                edges = await _all(store, id, types, way, at)
            for edge in edges:
                by_type[edge.type].setdefault(id, []).append(edge.end(way))
        met |= {step: by_type[step.link] for step in steps}
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
