"""Visible links, a page at a time, of one resource or of many in one round trip.

Links that say the same under several names of one thing are one edge: they are gathered by
what readers see, placed by the lowest number under which the other end is claimed, and told
by the best of them (graph/page.py, graph/store.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graph.form import unpack_properties
from graph.neo4j.connection import Tx, rows
from graph.neo4j.cypher import STOOD_FOR, type_text, until_of
from graph.page import Place
from graph.store import LinkPage
from ontology.model import Direction, Ontology
from ontology.resource import Edge, ResourceId


def page_text(ontology: Ontology, types: Sequence[str] | None, way: Direction) -> str:
    """The statement; it differs only by types and direction, so its plan is kept."""
    wanted = type_text(ontology.links if types is None else types)
    left, right = ("-", "->") if way is Direction.FORWARD else ("<-", "-")
    first, second = ("n", "far") if way is Direction.FORWARD else ("far", "n")
    return f"""
UNWIND $ids AS id
MATCH (r:_Resource {{name: id}}) WHERE r.born <= $at
OPTIONAL MATCH (r)-[s:{STOOD_FOR}]->(of)
WITH id, coalesce(of, r) AS seen
OPTIONAL MATCH (m)-[s:{STOOD_FOR}]->(seen)
WITH id, seen, collect(m) AS others
CALL (seen, others) {{
  UNWIND [seen] + others AS n
  MATCH (n){left}[l{wanted}]{right}(far) WHERE l.since <= $at < l.until
  OPTIONAL MATCH (far)-[s:{STOOD_FOR}]->(of)
  WITH l, far.number AS number, coalesce(of, far) AS end,
       {first}.number AS first, {second}.number AS second
  ORDER BY l.rank DESC, l.said DESC, first, second
  WITH type(l) AS type, end, l.key AS key, min(number) AS place, head(collect(l)) AS l
  WHERE type > $type OR (type = $type AND (place > $place OR (place = $place AND key > $key)))
  ORDER BY type, place, key LIMIT $limit
  RETURN collect([type, place, key, end.name, l.properties, l.source, l.since, l.until]) AS links
}}
RETURN id, seen.name, links
"""


async def page(
    tx: Tx,
    ontology: Ontology,
    id: ResourceId,
    types: Sequence[str] | None,
    way: Direction,
    at: int,
    start: Place | None,
    limit: int,
) -> LinkPage:
    """The first `limit` links after `start`."""
    found = await _pages(tx, ontology, [id], types, way, at, start, limit + 1)
    for _, seen, links in found:
        edges = tuple(_edge(seen, link, way) for link in links[:limit])
        return LinkPage(edges, str(Place(*links[limit - 1][:3])) if len(links) > limit else None)
    return LinkPage(())


async def pages(
    tx: Tx,
    ontology: Ontology,
    ids: Sequence[ResourceId],
    types: Sequence[str] | None,
    way: Direction,
    at: int,
    limit: int,
) -> dict[ResourceId, tuple[Edge, ...]]:
    """The first `limit` links of each known id."""
    found = await _pages(tx, ontology, ids, types, way, at, None, limit)
    return {id: tuple(_edge(seen, link, way) for link in links) for id, seen, links in found}


async def _pages(
    tx: Tx,
    ontology: Ontology,
    ids: Sequence[ResourceId],
    types: Sequence[str] | None,
    way: Direction,
    at: int,
    start: Place | None,
    limit: int,
) -> list[list[Any]]:
    if types is not None:
        types = sorted(set(types) & ontology.links.keys())
    after = start or Place("", -1, "")
    return await rows(
        tx,
        page_text(ontology, types, way),
        ids=list(ids),
        at=at,
        type=after.type,
        place=after.number,
        key=after.key,
        limit=limit,
    )


def _edge(near: ResourceId, link: Sequence[Any], way: Direction) -> Edge:
    kind, _, key, far, properties, source, since, until = link
    origin, target = (near, far) if way is Direction.FORWARD else (far, near)
    said = unpack_properties(properties)
    return Edge(origin, kind, target, key, said, source, since, until_of(until))
