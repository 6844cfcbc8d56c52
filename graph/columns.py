"""Column lineage around datasets: their fields, and all that joins those to others.

For a picture of datasets in which some are unfolded; `lineage` of one field gives its whole
path instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from graph.hidden import hidden, silent, untold
from graph.lineage import LineageEdge
from graph.links import Links, links_whole
from graph.reach.sight import Reach
from graph.state import CERTAINTIES
from graph.store import GraphStore
from graph.transition import Transitions
from ontology.model import Direction
from ontology.resource import At, Edge, Resource, ResourceId
from ontology.title import ending, known_as
from ontology.viewer import LOCAL, Viewer

ROOM = 5_000
"""Fields at most; what lies beyond is told by `complete`."""


@dataclass(frozen=True, slots=True)
class Column:
    """A field and the dataset that it is part of ("" where none is known)."""

    id: ResourceId
    type: str
    title: str
    name: str
    dataset: ResourceId


@dataclass(frozen=True, slots=True)
class ColumnAnswer:
    """The fields of the datasets asked for, in order; the fields elsewhere that lineage joins
    to them; and the edges. `hidden` fields are those that the viewer may not see."""

    columns: tuple[Column, ...]
    edges: tuple[LineageEdge, ...]
    complete: bool
    hidden: int


async def columns(
    store: GraphStore,
    index: Reach,
    datasets: Sequence[ResourceId],
    viewer: Viewer = LOCAL,
    *,
    at: At = None,
    room: int = ROOM,
) -> ColumnAnswer:
    """The fields of these datasets and the edges between them and others."""
    kinds = sorted(index.transitions.containment)
    parts = await links_whole(store, datasets, kinds, at=at, most=room + 1)
    inside = {edge.target: edge.origin for edge in parts.all()}
    own = list(inside)[:room]
    both = await _joining(store, index.transitions, own, at)
    found = list({(e.origin, e.type, e.target, e.key): e for x in both for e in x.all()}.values())
    far = {id for edge in found for id in (edge.origin, edge.target)} - inside.keys()
    outside = await _datasets(store, kinds, far, at)
    ids = [*own, *sorted(far)]
    resources = await store.get_many(ids, at=at)
    unseen = await hidden(store, index.ontology, resources, viewer, at)
    origins = {edge.origin for edge in found if "rule" in edge.properties}
    closed = await untold(store, index.ontology, origins, viewer, at)
    seen = {id: r for id, r in resources.items() if id not in unseen}
    of = {**outside, **inside}
    return ColumnAnswer(
        columns=tuple(
            _column(index, id, seen[id], of.get(id, ResourceId("")))
            for id in sorted((id for id in ids if id in seen), key=lambda id: seen[id].number)
        ),
        edges=tuple(
            _edge(index.transitions, silent(edge) if edge.origin in closed else edge)
            for edge in found
            if edge.origin in seen and edge.target in seen
        ),
        complete=len(inside) <= room and not any(links.cut for links in both),
        hidden=len(resources) - len(seen),
    )


async def _joining(
    store: GraphStore, transitions: Transitions, fields: Sequence[ResourceId], at: At
) -> list[Links]:
    """The lineage links of these fields, toward the origin and toward use."""
    types = sorted(transitions.lineage)
    return [await links_whole(store, fields, types, way, at=at) for way in Direction]


async def _datasets(
    store: GraphStore, kinds: Sequence[str], fields: Iterable[ResourceId], at: At
) -> Mapping[ResourceId, ResourceId]:
    found = await store.links_many(sorted(fields), kinds, Direction.BACKWARD, at=at, limit=1)
    return {id: edges[0].origin for id, edges in found.items() if edges}


def _column(index: Reach, id: ResourceId, resource: Resource, dataset: ResourceId) -> Column:
    name = str(resource.attributes.get("physicalName") or ending(id))
    kind = index.ontology.types.get(resource.type)
    return Column(id, resource.type, known_as(resource, kind), name, dataset)


def _edge(transitions: Transitions, edge: Edge) -> LineageEdge:
    said = edge.properties
    derivation = str(said.get("derivation", ""))
    sort = transitions.sorts[transitions.sort(edge.type, derivation)]
    return LineageEdge(
        origin=edge.target,
        use=edge.origin,
        type=edge.type,
        rule=str(said.get("rule", "")),
        job=str(said.get("job", "")),
        kind=derivation,
        source=edge.source,
        commit=edge.since,
        certainty=CERTAINTIES[int(transitions.sure[sort.forward])],
    )
