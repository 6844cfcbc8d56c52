"""Names, their numbers, and the groups that aliases make of them, at a commit (NOW: now)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from graph.neo4j.connection import Tx, gathered, rows
from graph.neo4j.cypher import STOOD_FOR
from ontology.resource import ResourceId

Groups = Mapping[int, Sequence[int]]
"""The number that readers see → the numbers of all names of its group, itself first."""


async def numbers_of(tx: Tx, names: Iterable[ResourceId]) -> dict[ResourceId, int]:
    """Name → number, of those that are known."""
    found = await gathered(
        tx,
        "UNWIND $names AS name MATCH (r:_Resource {name: name}) RETURN collect([name, r.number])",
        names=list(names),
    )
    return {columns[0]: columns[1] for columns in found}


async def names_of(tx: Tx, numbers: Iterable[int]) -> dict[int, ResourceId]:
    """Number → name, of those that are known."""
    found = await gathered(
        tx,
        "UNWIND $numbers AS number MATCH (r:_Resource {number: number}) "
        "RETURN collect([number, r.name])",
        numbers=list(numbers),
    )
    return {columns[0]: columns[1] for columns in found}


SEEN = f"""
UNWIND $names AS name
MATCH (r:_Resource {{name: name}}) WHERE r.born <= $at
OPTIONAL MATCH (r)-[s:{STOOD_FOR}]->(of)
RETURN name, r.number, coalesce(of, r).number, coalesce(of, r).name
"""


async def seen(
    tx: Tx, names: Iterable[ResourceId], at: int
) -> dict[ResourceId, tuple[int, int, ResourceId]]:
    """Known name → its number, and the number and name that readers see."""
    found = await rows(tx, SEEN, names=list(names), at=at)
    return {name: (number, of, called) for name, number, of, called in found}


MEMBERS = f"""
UNWIND $canonical AS number
MATCH (m:_Resource)-[s:{STOOD_FOR}]->(:_Resource {{number: number}})
RETURN number, m.number ORDER BY m.number
"""


async def groups_of(tx: Tx, canonical: Iterable[int], at: int) -> dict[int, list[int]]:
    """The names of each group, given the numbers that readers see."""
    groups = {number: [number] for number in canonical}
    for of, name in await rows(tx, MEMBERS, canonical=list(groups), at=at):
        groups[of].append(name)
    return groups
