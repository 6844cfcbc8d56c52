"""One page of links of one resource, batched with those of its neighbours on the page.

The first page of every resource comes from one call for all of them; a further page is a
call of its own. Links are read whole, and dropped where the viewer may not see the other
end: so a page knows whether it is the last.

A cursor is `n~place`: n links after a place that the store knows, so that every edge has
one although the store names places only at the end of a page.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from api.schema.limits import page_size
from api.schema.loaders import LinksOf
from api.schema.records import PageInfo, evidence
from graph.page import count_in
from ontology.errors import InvalidInput
from ontology.model import Direction, Ontology
from ontology.resource import At, Edge
from ontology.viewer import LOCAL

if TYPE_CHECKING:
    from api.schema.context import Context
    from api.schema.node import Node


@dataclass(frozen=True, slots=True)
class Asked:
    """Which links, and which page of them."""

    types: tuple[str, ...] | None
    way: Direction
    first: int
    after: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """Links with the nodes at their far ends (None: of a class outside the link's range,
    never: hidden from the viewer, those are left out), and whether there are more. `end` is
    the cursor of the last link that was read, hidden or not: from there it goes on."""

    edges: tuple[tuple[Edge, Node, str], ...]
    more: bool
    end: str | None


async def load(node: Node, context: Context, asked: Asked, at: At) -> Page:
    """The page. Raises LimitExceeded for one too large, InvalidInput for a bad cursor or
    link type."""
    page_size(asked.first, context.limits.page)
    types = _concrete(asked.types, context.types.ontology)
    when = at if at is not None else node.at
    if asked.after:
        edges, more = await _further(node, context, replace(asked, types=types), when)
    else:
        key = LinksOf(node.resource.id, types, asked.way, when, asked.first + 1)
        found = await context.loaders.links.load(key)
        more = len(found) > asked.first
        edges = [(edge, f"{i}~") for i, edge in enumerate(found[: asked.first], start=1)]
    context.budget.spend(len(edges))
    end = edges[-1][1] if edges else None
    return Page(await _with_nodes(edges, context, asked.way, when), more, end)


def _concrete(types: tuple[str, ...] | None, ontology: Ontology) -> tuple[str, ...] | None:
    """The link types that claims hold: a general one (derivedFrom) means all that
    specialise it."""
    if types is None:
        return None
    found: dict[str, None] = {}
    for name in types:
        if name not in ontology.links:
            raise InvalidInput(f"没有关联类型 {name!r} / there is no link type {name!r}")
        found[name] = None
        found.update(
            (link.name, None) for link in ontology.links.values() if link.specialises == name
        )
    return tuple(found)


async def _further(
    node: Node, context: Context, asked: Asked, at: At
) -> tuple[list[tuple[Edge, str]], bool]:
    skip, place = _read(asked.after or "")
    ledger, id = context.ledger, node.resource.id
    if skip:
        passed = await ledger.links(
            id, asked.types, asked.way, LOCAL, at=at, after=place, limit=skip
        )
        if passed.after is None:
            return [], False
        place = passed.after
    page = await ledger.links(
        id, asked.types, asked.way, LOCAL, at=at, after=place, limit=asked.first
    )
    edges = [(edge, f"{i}~{place or ''}") for i, edge in enumerate(page.edges, start=1)]
    if edges and page.after is not None:
        edges[-1] = (edges[-1][0], f"0~{page.after}")
    return edges, page.after is not None


def _read(cursor: str) -> tuple[int, str | None]:
    skip, tilde, place = cursor.partition("~")
    passed = count_in(skip)
    if not tilde or passed is None or passed > 10_000:
        raise InvalidInput(f"{cursor!r} 不是游标 / is no cursor of a page of links")
    return passed, place or None


async def _with_nodes(
    edges: list[tuple[Edge, str]], context: Context, way: Direction, at: At
) -> tuple[tuple[Edge, Node, str], ...]:
    far = [(edge.end(way), at) for edge, _ in edges]
    found = await context.loaders.resources.load_many(far)
    told = await context.ledger.legible([edge for edge, _ in edges], context.viewer, at)
    return tuple(
        (edge, context.types.node(resource, at), cursor)
        for edge, (_, cursor), resource in zip(told, edges, found, strict=True)
        if resource is not None
    )


def edges_of(page: Page, edge: type[Any], face: type[Node]) -> list[Any]:
    """The page's edges as objects of the type `edge`, whose nodes are declared as `face`."""
    return [
        edge(node=node if isinstance(node, face) else None, **evidence(link, cursor))
        for link, node, cursor in page.edges
    ]


def connection_of(page: Page, edges: list[Any], after: str | None) -> dict[str, Any]:
    """The fields of a connection over these edges."""
    info = PageInfo.of([edge.cursor for edge in edges], more=page.more, after=after)
    info.end_cursor = page.end
    return {
        "edges": edges,
        "nodes": [edge.node for edge in edges if edge.node is not None],
        "page_info": info,
        "total_count": None if page.more or after else len(edges),
    }
