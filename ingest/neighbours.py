"""The resources around a resource, found along declared paths, in few round trips."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TypeVar

from graph.store import GraphStore
from graph.whole import NearStore
from ontology.model import Direction
from ontology.resource import At, Edge, Resource, ResourceId
from search.mapping import Path, SearchMapping, Step

NEIGHBOURS = 2_000
"""Links of one kind that are followed from one resource; a hub has more, and is found by
its own name rather than by theirs."""


K = TypeVar("K", ResourceId, int)

Ends = dict[Path, dict[K, list[K]]]
"""Path → start → what stands at its end, without repetition; only where something does."""
Met = dict[Step, dict[K, list[K]]]
"""Step → start → what it leads to, maybe more than once."""
Asked = Mapping[Step, Mapping[K, None]]

Near = Mapping[ResourceId, Mapping[Path, Sequence[Resource]]]


async def around(store: GraphStore, resources: Sequence[Resource], mapping: SearchMapping) -> Near:
    """For each resource, what stands at the end of each path that its document embeds;
    only where something does."""
    if isinstance(store, NearStore):
        numbered = {r.number: r for r in resources}
        near = await _around(numbered, mapping, partial(_near, store), store.read)
        if near is not None:
            return near
    step = partial(_step, store, at=None, whole=False)
    near = await _around({r.id: r for r in resources}, mapping, step, store.get_many)
    assert near is not None
    return near


async def _around(
    starts: Mapping[K, Resource],
    mapping: SearchMapping,
    step: Callable[[Asked[K]], Awaitable[Met[K] | None]],
    read: Callable[[Collection[K]], Awaitable[Mapping[K, Resource]]],
) -> Near | None:
    """By names or by numbers; None where the step cannot be told."""
    wanted: dict[Path, list[K]] = {}
    for start, resource in starts.items():
        for path in _paths(mapping, resource.type):
            wanted.setdefault(path, []).append(start)
    ends = await _walked(wanted, step)
    if ends is None:
        return None
    known = await read({e for found in ends.values() for ids in found.values() for e in ids})
    near: dict[ResourceId, dict[Path, list[Resource]]] = {}
    for path, found in ends.items():
        for start, ids in found.items():
            there = [known[e] for e in ids if e in known]
            near.setdefault(starts[start].id, {})[path] = there
    return near


async def follow(
    store: GraphStore, wanted: Mapping[Path, Iterable[ResourceId]], *, at: At = None
) -> Ends[ResourceId]:
    """Walk every wanted path from its starts along every link, also of a hub."""
    ends = await _walked(wanted, partial(_step, store, at=at, whole=True))
    assert ends is not None
    return ends


async def _walked(
    wanted: Mapping[Path, Iterable[K]], step: Callable[[Asked[K]], Awaitable[Met[K] | None]]
) -> Ends[K] | None:
    """One step of all paths at a time."""
    starts: dict[Step, dict[K, None]] = {}
    for path, ids in wanted.items():
        starts.setdefault(path[0], {}).update(dict.fromkeys(ids))
    met = await step(starts)
    if met is None:
        return None
    # Of most starts, nothing stands on most of their paths: only what was met is gone through.
    first = {one: {id: list(dict.fromkeys(e)) for id, e in met[one].items()} for one in met}
    ends: Ends[K] = {}
    for path, ids in wanted.items():
        there = first.get(path[0], {})
        ends[path] = {id: there[id] for id in ids if id in there} if there else {}
    for depth in range(1, max(map(len, wanted), default=0)):
        longer = [path for path in ends if depth < len(path) and ends[path]]
        asked: dict[Step, dict[K, None]] = {}
        for path in longer:
            here = asked.setdefault(path[depth], {})
            for found in ends[path].values():
                here.update(dict.fromkeys(found))
        met = await step(asked)
        if met is None:
            return None
        for path in longer:
            there = met.get(path[depth], {})
            ends[path] = {
                start: further
                for start, found in ends[path].items()
                if (further := list(dict.fromkeys(e for id in found for e in there.get(id, ()))))
            }
    return ends


async def _near(store: NearStore, asked: Asked[int]) -> Met[int] | None:
    """One round trip a direction, by number; None where the store cannot tell it so simply."""
    met: Met[int] = {}
    for way, steps, numbers in _ways(asked):
        near = await store.near(numbers, [one.link for one in steps], way, limit=NEIGHBOURS)
        if near is None:
            return None
        met |= {
            one: {n: list(ends[one.link]) for n, ends in near.items() if one.link in ends}
            for one in steps
        }
    return met


async def _step(
    store: GraphStore, asked: Asked[ResourceId], *, at: At, whole: bool
) -> Met[ResourceId]:
    """One round trip a direction: all link types together, sorted out afterwards. `whole`: every
    link, also of a hub; otherwise the first NEIGHBOURS of each."""
    met: Met[ResourceId] = {}
    for way, steps, ids in _ways(asked):
        types = [one.link for one in steps]
        by_type: dict[str, dict[ResourceId, list[ResourceId]]] = {type: {} for type in types}
        links = await store.links_many(ids, types, way, at=at, limit=NEIGHBOURS)
        for id, edges in links.items():
            if whole and len(edges) >= NEIGHBOURS:
                edges = await _all(store, id, types, way, at)
            for edge in edges:
                by_type[edge.type].setdefault(id, []).append(edge.end(way))
        met |= {one: by_type[one.link] for one in steps}
    return met


def _ways(asked: Asked[K]) -> Iterator[tuple[Direction, list[Step], list[K]]]:
    """The steps of each direction, with where they start."""
    for way in Direction:
        steps = [one for one in asked if one.way is way]
        starts = list(dict.fromkeys(start for one in steps for start in asked[one]))
        if starts:
            yield way, steps, starts


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
