"""The links of some resources, for questions that are answered without a reach index."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from graph.neo4j.connection import Tx, gathered
from graph.neo4j.cypher import type_text
from graph.neo4j.stream import LINK, NODE, edges
from graph.numbered import Numbered, RawEdge
from ontology.model import Direction

NUMBERED = (
    f"UNWIND $numbers AS number MATCH (r:_Resource {{number: number}}) RETURN collect([{NODE}])"
)


async def numbered_of(tx: Tx, numbers: Collection[int]) -> list[Numbered]:
    """These, in any order."""
    found = await gathered(tx, NUMBERED, numbers=list(numbers))
    return [Numbered(*columns) for columns in found]


def chains_text(types: Iterable[str], way: Direction) -> str:
    """Breadth first from each name, every node once: the plan is `VarLengthExpand(Pruning,BFS)`
    (a test watches it). Ordered, aggregated or asked for paths, it would follow all paths."""
    left, right = ("-", "->") if way is Direction.FORWARD else ("<-", "-")
    return f"""
UNWIND $numbers AS number
CALL (number) {{
  MATCH (near:_Resource {{number: number}})
  MATCH (near){left}[links{type_text(types)}*1..]{right}(far)
  WHERE all(l IN links WHERE l.since <= $at < l.until)
  RETURN DISTINCT far LIMIT $most
}}
WITH DISTINCT far AS r RETURN collect([{NODE}])
"""


async def beyond(
    tx: Tx, numbers: Collection[int], types: Collection[str], way: Direction, at: int, most: int
) -> list[Numbered]:
    """Names that chains of links lead to, the nearest of each."""
    text = chains_text(types, way)
    found = await gathered(tx, text, numbers=list(numbers), at=at, most=most)
    return [Numbered(*columns) for columns in found]


def edges_text(types: Iterable[str], way: Direction, *, ever: bool) -> str:
    """Each name by its index, then along its own links: no scan, however large the ledger."""
    near = "o" if way is Direction.FORWARD else "t"
    return (
        f"UNWIND $numbers AS number MATCH ({near}:_Resource {{number: number}}) "
        f"MATCH (o)-[l{type_text(types)}]->(t) "
        + ("" if ever else "WHERE l.since <= $at < l.until ")
        + f"RETURN collect([o.number, {LINK}])"
    )


async def edges_of(
    tx: Tx, numbers: Collection[int], types: Collection[str], way: Direction, at: int | None
) -> list[RawEdge]:
    """Intervals of the visible links of these types from (BACKWARD: to) these names that hold
    at a commit, or all there ever were."""
    text = edges_text(types, way, ever=at is None)
    found = await gathered(tx, text, numbers=list(numbers), at=at)
    return edges(found)
