"""What data are for: from datasets over entries and matters to scenarios (业务血缘).

The second lane of a lineage picture. Which links lead from one stage to the next follows
from the ontology: all that carry a change between two different stages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph.hidden import hidden
from graph.store import GraphStore
from ontology.model import Direction, Ontology
from ontology.resource import At, Edge, Resource, ResourceId
from ontology.title import known_as
from ontology.viewer import LOCAL, Viewer

STAGES = ("Dataset", "CatalogEntry", "Matter", "Scenario")
"""Root classes, from data to purpose."""
ROOM = 2_000
"""Resources beyond the datasets at most."""
NEAR = 200
"""Links of one resource and way at most."""


@dataclass(frozen=True, slots=True)
class BusinessNode:
    """A resource of a stage: 1 entry, 2 matter, 3 scenario."""

    id: ResourceId
    type: str
    title: str
    stage: int


@dataclass(frozen=True, slots=True)
class BusinessEdge:
    """Toward purpose: from a resource of one stage to one of a later."""

    origin: ResourceId
    target: ResourceId
    type: str


@dataclass(frozen=True, slots=True)
class BusinessAnswer:
    """`complete`: nothing was left out for want of ROOM, or of NEAR."""

    nodes: tuple[BusinessNode, ...]
    edges: tuple[BusinessEdge, ...]
    complete: bool


async def business(
    store: GraphStore,
    ontology: Ontology,
    datasets: Sequence[ResourceId],
    viewer: Viewer = LOCAL,
    *,
    at: At = None,
    room: int = ROOM,
) -> BusinessAnswer:
    """All that these datasets serve. What the viewer may not see is left out."""
    stages = _stages(ontology)
    types = _links(ontology, stages)
    stage = dict.fromkeys(datasets, 0)
    nodes: dict[ResourceId, BusinessNode] = {}
    edges: dict[BusinessEdge, None] = {}
    complete = True
    for level in range(len(STAGES) - 1):
        here = [id for id, of in stage.items() if of == level]
        pairs, whole = await _pairs(store, here, types, at)
        complete = complete and whole
        resources = await store.get_many(list({end for _, end, _ in pairs}), at=at)
        unseen = await hidden(store, ontology, resources, viewer, at)
        for near, end, type in pairs:
            found = resources.get(end)
            of = stages.get(found.type, 0) if found and end not in unseen else 0
            if found is None or of <= level:
                continue
            if end not in nodes and len(nodes) >= room:
                complete = False
                continue
            nodes.setdefault(end, _node(ontology, end, found, of))
            stage.setdefault(end, of)
            edges[BusinessEdge(near, end, type)] = None
    return BusinessAnswer(tuple(nodes.values()), tuple(edges), complete)


async def _pairs(
    store: GraphStore, ids: Sequence[ResourceId], types: Sequence[str], at: At
) -> tuple[list[tuple[ResourceId, ResourceId, str]], bool]:
    """From, to and type of the links at these; and whether none had more than NEAR."""
    whole = True
    found: list[tuple[ResourceId, ResourceId, str]] = []
    for way in Direction:
        links: Mapping[ResourceId, tuple[Edge, ...]] = (
            await store.links_many(ids, types, way, at=at, limit=NEAR + 1) if ids and types else {}
        )
        whole = whole and all(len(edges) <= NEAR for edges in links.values())
        found += [(id, e.end(way), e.type) for id, edges in links.items() for e in edges[:NEAR]]
    return found, whole


def _stages(ontology: Ontology) -> dict[str, int]:
    """Class → stage."""
    return {
        name: number
        for number, root in enumerate(STAGES)
        if root in ontology.types
        for name in ontology.descendants(root)
    }


def _links(ontology: Ontology, stages: Mapping[str, int]) -> list[str]:
    """The link types that carry a change from one stage to another."""
    return sorted(
        link.name
        for link in ontology.links.values()
        if not link.abstract
        and link.spreads
        and any(
            stages[origin] != stages[end]
            for origin in link.domain
            for end in link.range
            if origin in stages and end in stages
        )
    )


def _node(ontology: Ontology, id: ResourceId, found: Resource, stage: int) -> BusinessNode:
    return BusinessNode(id, found.type, known_as(found, ontology.types.get(found.type)), stage)
