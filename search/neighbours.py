"""Documents and their dependants, by following the paths that the mapping names.

The record is anything that answers two questions (a graph store does): neither is asked
once a resource, but once a step for a whole batch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from ontology.model import Direction
from ontology.resource import At, Edge, Resource, ResourceId
from search.document import SearchDocument, document, shows
from search.mapping import Path, SearchMapping, Step

MAX_NEIGHBOURS = 2_000
"""Names that one resource takes over along one link at most (fields of a table)."""


class Record(Protocol):
    """What is asked of the record; the words are those of `graph.store.GraphStore`."""

    async def get_many(
        self, ids: Iterable[ResourceId], *, at: At = None
    ) -> Mapping[ResourceId, Resource]: ...

    async def links_many(
        self,
        ids: Sequence[ResourceId],
        types: Sequence[str] | None = None,
        way: Direction = Direction.FORWARD,
        *,
        at: At = None,
        limit: int = 100,
    ) -> Mapping[ResourceId, tuple[Edge, ...]]: ...


async def documents(
    resources: Sequence[Resource], record: Record, mapping: SearchMapping
) -> list[SearchDocument]:
    """Documents of living resources of classes that the mapping knows; others are left out.
    A neighbour is followed only where everyone who sees the resource sees it too."""
    known = [
        r for r in resources if r.type in mapping.types and not r.retired and not r.placeholder
    ]
    ends = await _neighbourhoods(known, record, mapping)
    return [
        document(r, {path: found.get(r.id, ()) for path, found in ends.items()}, mapping)
        for r in known
    ]


async def dependants(
    changed: Iterable[tuple[ResourceId, str]],
    record: Record,
    mapping: SearchMapping,
    *,
    at: At = None,
) -> set[ResourceId]:
    """Resources whose documents hold names of the changed ones (id, class), themselves not
    counted. Asked twice, as of before and after a change, it also finds those that a link
    no longer reaches."""
    starts: dict[Path, list[ResourceId]] = {}
    for id, type in changed:
        for path in mapping.dependants(type):
            starts.setdefault(path, []).append(id)
    found: set[ResourceId] = set()
    for path, ids in starts.items():
        for step in path:
            reached = await record.links_many(
                ids, (step.link,), step.way, at=at, limit=MAX_NEIGHBOURS
            )
            ids = list({_end(edge, step) for edges in reached.values() for edge in edges})
        found.update(ids)
    return found


async def _neighbourhoods(
    resources: Sequence[Resource], record: Record, mapping: SearchMapping
) -> Mapping[Path, Mapping[ResourceId, list[Resource]]]:
    """Path → resource → what stands at the path's end. Paths share their beginnings."""
    wanted: dict[Path, list[Resource]] = {}
    for resource in resources:
        for embedding in mapping.types[resource.type].embeddings:
            wanted.setdefault(embedding.path, []).append(resource)
    ends: dict[Path, Mapping[ResourceId, list[Resource]]] = {}
    for path in sorted(wanted, key=len):
        origins = wanted[path]
        if len(path) == 1:
            before = {r.id: [r] for r in origins}
        else:
            before = {r.id: ends[path[:-1]].get(r.id, []) for r in origins}
        ends[path] = await _step(before, path[-1], {r.id: r for r in origins}, record)
    return ends


async def _step(
    before: Mapping[ResourceId, Sequence[Resource]],
    step: Step,
    origins: Mapping[ResourceId, Resource],
    record: Record,
) -> Mapping[ResourceId, list[Resource]]:
    """One link further from each of the resources reached so far."""
    here = list({r.id for reached in before.values() for r in reached})
    if not here:
        return {}
    links = await record.links_many(here, (step.link,), step.way, limit=MAX_NEIGHBOURS)
    next_ids = {id: [_end(edge, step) for edge in edges] for id, edges in links.items()}
    known = await record.get_many({id for ids in next_ids.values() for id in ids})
    found: dict[ResourceId, list[Resource]] = {}
    for origin, reached in before.items():
        ids = dict.fromkeys(id for r in reached for id in next_ids.get(r.id, ()))
        living = (known[id] for id in ids if id in known)
        found[origin] = [
            n for n in living if not n.retired and not n.placeholder and shows(origins[origin], n)
        ]
    return found


def _end(edge: Edge, step: Step) -> ResourceId:
    return edge.target if step.way is Direction.FORWARD else edge.origin
