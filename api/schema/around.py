"""What stands around a resource, as far as the shapes of its class look and its viewer sees."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial

from api.schema.context import Context
from graph.around import MANY, Surroundings, routes_of, surroundings
from graph.links import Links
from ontology.model import Direction
from ontology.resource import Claim, ResourceId


async def around(
    claim: Claim, type: str, context: Context, touched: Collection[str] | None = None
) -> Surroundings:
    """The neighbours that shapes may ask for, read beforehand: shapes are plain functions. The
    links that the claim is about to make are followed too. With `touched`: that shapes may ask
    for which these attributes matter to."""
    ledger, viewer = context.ledger, context.viewer

    async def links(ids: Sequence[ResourceId], types: Sequence[str], way: Direction) -> Links:
        return await ledger.links_whole(ids, types, way, viewer, most=MANY)

    def said(id: ResourceId, link: str, way: Direction) -> list[ResourceId]:
        made = claim.links if id == claim.resource and way is Direction.FORWARD else ()
        return [x.target for x in made if x.type == link]

    starts = dict.fromkeys(routes_of(type, context.types.ontology, touched), (claim.resource,))
    return await surroundings(starts, links, partial(ledger.resources, viewer=viewer), said)
