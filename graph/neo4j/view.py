"""Merged resources: from the node where they are kept, or merged for a past date."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from graph.form import unpack_merged
from graph.neo4j.claim import gone_from, held_by_group, versions
from graph.neo4j.connection import Tx, rows
from graph.neo4j.cypher import NOW, STANDS_FOR
from graph.neo4j.names import groups_of, names_of, seen
from graph.neo4j.write import identifier_key
from graph.views import LIVING, PLACEHOLDER, PROVISIONAL, RETIRED, resource
from ontology.merge import asserts, merge
from ontology.model import Ontology
from ontology.resource import Resource, ResourceId

KEPT = "r.number, r.name, r.type, r.changed, r.view, r.names, r.placeholder, r.retired"
"""The columns that `kept` reads."""

READ = f"""
UNWIND $ids AS id
MATCH (n:_Resource {{name: id}})
OPTIONAL MATCH (n)-[s:{STANDS_FOR}]->(of)
WITH id, coalesce(of, n) AS r
RETURN id, {KEPT}
"""


async def read_many(
    tx: Tx, ontology: Ontology, ids: Iterable[ResourceId], at: int
) -> dict[ResourceId, Resource]:
    """Resources under the ids asked for; unknown ones are left out."""
    if at == NOW:
        return {id: kept(columns) for id, *columns in await rows(tx, READ, ids=list(ids))}
    known = await seen(tx, ids, at)
    found = await read_at(tx, ontology, {of for _, of, _ in known.values()}, at)
    return {id: found[of] for id, (_, of, _) in known.items()}


def kept(columns: Sequence[Any]) -> Resource:
    """A resource as its node keeps it."""
    number, id, kind, changed, view, names, placeholder, retired = columns
    attributes, sources, conflicts = unpack_merged(view) if view else ({}, (), ())
    return Resource(
        id=id,
        type=kind,
        attributes=attributes,
        version=0 if placeholder else changed,
        number=number,
        names=tuple(names or ()),
        sources=sources,
        conflicts=conflicts,
        placeholder=placeholder,
        retired=retired,
    )


async def read_at(
    tx: Tx, ontology: Ontology, numbers: Collection[int], at: int
) -> dict[int, Resource]:
    """Resources merged from their claims, by the numbers that readers saw."""
    if not numbers:
        return {}
    groups = await groups_of(tx, numbers, at)
    held = await held_by_group(tx, groups, at)
    names = await names_of(tx, (n for group in groups.values() for n in group))
    last = await versions(tx, groups, at)
    found = {}
    for of, group in groups.items():
        alone = last[of] and not any(asserts(h.claim) for h in held[of])
        gone = await gone_from(tx, group, at) if alone else ()
        found[of] = resource(
            names[of],
            merge(names[of], held[of], ontology, gone=gone),
            version=last[of],
            number=of,
            names=tuple(sorted(names[n] for n in group if n != of)),
        )
    return found


CONFLICTS = f"""
MATCH (r:_Resource)
WHERE r.conflict = true AND r.name > $after AND r.state = {LIVING}
RETURN {KEPT} ORDER BY r.name LIMIT $limit
"""


async def conflicting(tx: Tx, after: ResourceId | None, limit: int) -> list[Resource]:
    """Living resources on which sources disagree, in order of id."""
    return [kept(columns) for columns in await rows(tx, CONFLICTS, after=after or "", limit=limit)]


COUNTED = {
    "placeholder": f"r.state = {PLACEHOLDER}",
    "retired": f"r.state = {RETIRED}",
    PROVISIONAL: f"r.state = {LIVING} AND r.weak",
}


async def counted(tx: Tx, name: str, after: ResourceId | None, limit: int) -> list[Resource]:
    """What is counted under a name, in order of id."""
    query = (
        f"MATCH (r:_Resource) WHERE {COUNTED[name]} AND r.name > $after "
        f"RETURN {KEPT} ORDER BY r.name LIMIT $limit"
    )
    return [kept(columns) for columns in await rows(tx, query, after=after or "", limit=limit)]


IDENTIFIED = """
UNWIND $keys AS key
MATCH (:_Identifier {key: key})<-[:_CARRIES]-(c:_Claim)<-[:_SAID]-(r:_Resource)
WHERE c.until IS NULL
RETURN key, collect(DISTINCT r.name)
"""


async def identified(
    tx: Tx, identifiers: Sequence[tuple[str, str, str]]
) -> dict[tuple[str, str, str], tuple[ResourceId, ...]]:
    """Names whose open claims carry each identifier, sorted."""
    by_key = {identifier_key(identifier): identifier for identifier in identifiers}
    found = await rows(tx, IDENTIFIED, keys=list(by_key))
    return {by_key[key]: tuple(sorted(names)) for key, names in found}
