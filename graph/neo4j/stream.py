"""Long readings, in pieces: no read transaction stays open while the reader thinks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from graph.neo4j.connection import Row, Tx, gathered, rows
from graph.neo4j.cypher import FOREVER, NOW, STOOD_FOR, type_text, until_of
from graph.neo4j.view import KEPT, kept, read_at
from graph.numbered import AliasInterval, Numbered, RawEdge
from graph.page import families
from graph.views import LIVING
from ontology.model import Ontology
from ontology.resource import Resource

PIECE = 500
"""Resources read at a time."""
ROWS = 4_000
"""Names and origins of links read at a time."""


async def scan_piece(
    tx: Tx, ontology: Ontology, type: str | None, after: str, at: int
) -> tuple[list[Resource], str | None]:
    """Living resources behind a name, in order, and the name to go on from (None: done).

    Ids of one family stand together in the index of names, so a class costs no index of
    its own."""
    for family in families(ontology, type):
        start, end = max(after, f"{family}:"), f"{family};"  # ";" follows ":"
        if after >= end:
            continue
        piece = _piece_now if at == NOW else _piece_then
        found, last = await piece(tx, ontology, type, start, end, at)
        if last is not None:
            return found, last
        if found:
            return found, end
    return [], None


NAMED = "MATCH (r:_Resource) WHERE r.name > $start AND r.name < $end"


async def _piece_now(
    tx: Tx, ontology: Ontology, type: str | None, start: str, end: str, at: int
) -> tuple[list[Resource], str | None]:
    types = "" if type is None else "AND r.type IN $types"
    found = await rows(
        tx,
        f"{NAMED} AND r.state = {LIVING} {types} RETURN {KEPT} ORDER BY r.name LIMIT $limit",
        start=start,
        end=end,
        types=[] if type is None else list(ontology.descendants(type)),
        limit=PIECE,
    )
    resources = [kept(columns) for columns in found]
    return resources, resources[-1].id if len(found) == PIECE else None


async def _piece_then(
    tx: Tx, ontology: Ontology, type: str | None, start: str, end: str, at: int
) -> tuple[list[Resource], str | None]:
    found = await rows(
        tx,
        f"{NAMED} AND r.born <= $at AND NOT EXISTS {{ (r)-[s:{STOOD_FOR}]->() }} "
        "RETURN r.number, r.name ORDER BY r.name LIMIT $limit",
        start=start,
        end=end,
        at=at,
        limit=PIECE,
    )
    merged = await read_at(tx, ontology, [number for number, _ in found], at)
    living = [
        r
        for number, _ in found
        if not (r := merged[number]).placeholder
        and not r.retired
        and (type is None or ontology.is_a(r.type, type))
    ]
    return living, found[-1][1] if len(found) == PIECE else None


NODE = "r.number, r.name, r.type, r.level, r.retired"
ALL = "r.number > $start"
SINCE = "r.touched > $after AND r.number > $start"


async def numbered_piece(tx: Tx, after: int, start: int) -> list[Numbered]:
    """Names by number; `after` a commit, only those made or changed since."""
    found = await gathered(
        tx,
        f"MATCH (r:_Resource) WHERE {SINCE if after else ALL} "
        f"WITH r ORDER BY r.number LIMIT $limit RETURN collect([{NODE}])",
        after=after,
        start=start,
        limit=ROWS,
    )
    return [Numbered(*columns) for columns in found]


async def edges_piece(
    tx: Tx, ontology: Ontology, after: int, start: int
) -> tuple[list[RawEdge], int | None]:
    """Intervals of the visible links of some names, and the number to go on from."""
    origins: list[int] = await gathered(
        tx,
        f"MATCH (r:_Resource) WHERE {SINCE if after else ALL} "
        "WITH r.number AS number ORDER BY number LIMIT $limit RETURN collect(number)",
        after=after,
        start=start,
        limit=ROWS,
    )
    found = await _edges(tx, ontology, origins, after)
    return found, origins[-1] if len(origins) == ROWS else None


LINK = (
    "type(l), t.number, l.key, coalesce(l.derivation, ''), coalesce(l.job, 0), l.source, "
    f"coalesce(l.complete, false), l.since, CASE WHEN l.until < {FOREVER} THEN l.until END, "
    "l.literals"
)


async def _edges(tx: Tx, ontology: Ontology, origins: Sequence[int], after: int) -> list[RawEdge]:
    if not origins:
        return []
    found = await gathered(
        tx,
        "UNWIND $origins AS number "
        f"MATCH (:_Resource {{number: number}})-[l{type_text(ontology.links)}]->(t) "
        f"WHERE l.since > $after OR $after < l.until < {FOREVER} RETURN collect([number, {LINK}])",
        origins=list(origins),
        after=after,
    )
    found.sort(key=lambda columns: (columns[0], *columns[1:4], columns[8]))
    return edges(found)


def edges(found: Iterable[Row]) -> list[RawEdge]:
    """Rows of an origin and `LINK` as edges."""
    return [RawEdge._make((*told, tuple(literals or ()))) for *told, literals in found]


STOOD = f"""
MATCH (a)-[s:_STANDS_FOR]->(b)
WHERE s.since > $after OR $after < s.until < {FOREVER}
RETURN a.number, b.number, s.since, s.until ORDER BY a.number, s.since
"""


async def alias_intervals(tx: Tx, after: int) -> list[AliasInterval]:
    found = await rows(tx, STOOD, after=after)
    return [AliasInterval(name, of, since, until_of(until)) for name, of, since, until in found]
