"""One typed list a class, answered by the search index: filters, order, counts, pages.

Lists speak of now. Nodes are read from the record, so what a page shows is never older
than its place in the list.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry

from api.schema.context import Context, Info
from api.schema.describe import paired
from api.schema.filters import Filters, make_filters
from api.schema.limits import page_size
from api.schema.names import plural
from api.schema.node import After, First, Node
from api.schema.records import PageInfo
from api.schema.types import Types
from search.index import Hit, Order, Page, Request
from search.mapping import TYPE
from search.query import OneOf, Query, conjunction


def list_fields(types: Types) -> dict[str, Any]:
    """The root fields of all typed lists, by name. Makes the connections they need."""
    ontology = types.ontology
    for name in ontology.types:
        node = (types.reference(name), strawberry.field())
        edge = types.declare(f"{name}Edge", (), {"cursor": (str, strawberry.field()), "node": node})
        strawberry.type(edge)
        types.connection(
            f"{name}Connection",
            name,
            f"{name}Edge",
            "一页资源 / a page of resources",
            "总数 / how many there are in all",
        )
    return {plural(name): _field(name, types) for name in ontology.types}


def _field(name: str, types: Types) -> Any:
    filters = make_filters(name, types)
    resolve = _resolver(name, filters)
    resolve.__name__ = resolve.__qualname__ = plural(name)
    return strawberry.field(
        resolver=resolve,
        name=plural(name),
        description=f"{paired(types.ontology.types[name].label)}: 列表 / list",
        graphql_type=types.reference(f"{name}Connection") | None,
    )


def _resolver(name: str, filters: Filters) -> Callable[..., Any]:
    async def resolve(
        self: Any,
        info: Info,
        filter: Any = None,
        order: Any = None,
        first: First = 50,
        after: After = None,
    ) -> object:
        where = filters.query(filter, info.context.ledger.index.mapping)
        return await _page(name, where, filters.ordered(order), first, after, info.context)

    resolve.__annotations__["filter"] = filters.filter | None
    resolve.__annotations__["order"] = filters.order | None
    return resolve


async def _page(
    name: str,
    where: Query | None,
    order: Order | None,
    first: int,
    after: str | None,
    context: Context,
) -> object:
    page_size(first, context.limits.page)
    request = Request(
        where=conjunction(OneOf(TYPE, (name,)), where),
        order=order,
        page=Page(first, after),
        highlights=False,
    )
    found = await context.ledger.search(request, context.viewer)
    shown = await nodes_of(found.hits, context)
    edge = context.types.named(f"{name}Edge")
    edges = [edge(cursor=hit.cursor, node=node) for hit, node in shown]
    return context.types.named(f"{name}Connection")(
        edges=edges,
        nodes=[node for _, node in shown],
        page_info=PageInfo.of([e.cursor for e in edges], more=found.after is not None, after=after),
        total_count=found.total,
    )


async def nodes_of(hits: tuple[Hit, ...], context: Context) -> list[tuple[Hit, Node]]:
    """The hits with their resources. What is gone since the index saw it is left out."""
    context.budget.spend(len(hits))
    # They come in a batch as they are: a promise for each would cost more than to read it.
    found = await context.ledger.resources([hit.id for hit in hits], context.viewer)
    return [
        (hit, context.types.node(resource))
        for hit in hits
        if (resource := found.get(hit.id)) is not None and not resource.retired
    ]
