"""What stands around a resource, as far as the shapes of its class look."""

from __future__ import annotations

from collections.abc import Sequence

from api.schema.context import Context
from ontology.model import Direction, Ontology
from ontology.resource import Resource, ResourceId
from ontology.shapes import Around, Focus, Shape

MANY = 1_000
"""Links of one resource that are looked along, each way."""


async def around(
    id: ResourceId, type: str, context: Context
) -> tuple[Around, frozenset[ResourceId]]:
    """The neighbours that shapes may ask for, read beforehand: shapes are plain functions.
    With them the resources that have more neighbours than were read."""
    shapes = _shapes_of(type, context.types.ontology)
    links = tuple(sorted({link for shape in shapes for link in shape.links}))
    known: dict[tuple[str, str, Direction], tuple[Focus, ...]] = {}
    here: list[ResourceId] = [id]
    cut: set[ResourceId] = set()
    for _ in range(max((shape.hops for shape in shapes), default=0)):
        here = await _step(here, links, known, cut, context)

    def neighbours(of: str, link: str, way: Direction) -> Sequence[Focus]:
        return known.get((of, link, way), ())

    return neighbours, frozenset(cut)


def _shapes_of(type: str, ontology: Ontology) -> list[Shape]:
    return [
        shape
        for shape in ontology.shapes
        if isinstance(shape, Shape) and ontology.is_a(type, shape.target)
    ]


async def _step(
    here: list[ResourceId],
    links: tuple[str, ...],
    known: dict[tuple[str, str, Direction], tuple[Focus, ...]],
    cut: set[ResourceId],
    context: Context,
) -> list[ResourceId]:
    ends: dict[tuple[str, str, Direction], list[ResourceId]] = {}
    for way in Direction:
        found = await context.ledger.links_whole(here, links, way, context.viewer, most=MANY)
        cut |= found.cut
        for id, edges in found.edges.items():
            for edge in edges:
                ends.setdefault((id, edge.type, way), []).append(edge.end(way))
    wanted = list(dict.fromkeys(end for others in ends.values() for end in others))
    resources = await context.ledger.resources(wanted, context.viewer)
    for key, others in ends.items():
        known[key] = tuple(_focus(resources[end]) for end in others if end in resources)
    return wanted


def _focus(resource: Resource) -> Focus:
    return Focus(resource.id, resource.type, resource.attributes)
