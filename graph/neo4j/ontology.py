"""Take on an ontology: indexes, labels, and a refusal to lose what is stored."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from contextlib import suppress

import orjson

from graph.guard import Use, count_lost, lacks, refuse_loss
from graph.neo4j.claim import kept
from graph.neo4j.connection import Database, Tx, row, rows
from graph.neo4j.cypher import label_text, labels
from graph.neo4j.schema import FORM, statements
from graph.neo4j.write import relabel
from ontology.digest import canonical
from ontology.errors import Busy, OntologyError, Unavailable
from ontology.model import Ontology
from ontology.resource import Claim

ONLINE = 120.0
"""Seconds to wait for indexes that are being filled."""
PIECE = 5_000


async def ensure(database: Database, ontology: Ontology) -> None:
    """Make what is missing, refuse a loss, bring labels up to the ontology."""
    await _indexes(database)
    if await database.read(lambda tx: _adopted(tx, ontology)):
        return
    wanted = _label_sets(ontology)
    stored = await database.write(_labelled)
    for kind in sorted(wanted.keys() & stored.keys()):
        gone = [x for x in stored[kind] if x not in wanted[kind]]
        if gone or set(wanted[kind]) - set(stored[kind]):
            await _relabel(database, kind, gone, wanted[kind])
    await database.write(lambda tx: _adopt(tx, wanted))


async def _indexes(database: Database) -> None:
    """Make the constraints and indexes that are missing, and wait until all are online."""
    wanted, last = statements(), time.monotonic() + ONLINE
    while True:
        found = await database.run(
            "SHOW INDEXES YIELD name, state WHERE name STARTS WITH 'mulu_' RETURN name, state"
        )
        states = dict(found)
        for name in sorted(wanted.keys() - states.keys()):
            with suppress(Busy):  # another server begins too; what it made is there next time
                await database.run(wanted[name])
        if all(states.get(name) == "ONLINE" for name in wanted):
            return
        if "FAILED" in states.values() or time.monotonic() > last:
            raise Unavailable(f"{database.address}: 索引未就绪 / indexes do not come online.")
        await asyncio.sleep(0.05)


def _label_sets(ontology: Ontology) -> dict[str, list[str]]:
    return {name: list(labels(ontology, name)) for name in sorted(ontology.types)}


async def _adopted(tx: Tx, ontology: Ontology) -> bool:
    """Whether the ledger is there and its labels are those of this ontology. Raises
    OntologyError for a newer form, or if stored claims use what the ontology lacks."""
    head = await row(tx, "MATCH (h:_Head {id: 0}) RETURN h.form, h.labels")
    if head is None:
        return False
    form, stored = head
    if form > FORM:
        raise OntologyError(
            f"数据由更新的版本写成 / the database is of a newer mulu (form {form}, this one knows "
            f"{FORM}). Use that version."
        )
    uses = [
        Use(*found) for found in await rows(tx, "MATCH (u:_Use) RETURN u.kind, u.name, u.owner")
    ]
    if any(lacks(ontology, use) for use in uses):
        refuse_loss(count_lost(ontology, await _claims(tx)))
    return bool(orjson.loads(stored) == _label_sets(ontology))


async def _claims(tx: Tx) -> Iterable[Claim]:
    """All claims ever made, past ones too."""
    found = await rows(tx, "MATCH (r:_Resource)-[:_SAID]->(c:_Claim) RETURN r.name, properties(c)")
    return (kept(name, stored).held.claim for name, stored in found)


async def _labelled(tx: Tx) -> dict[str, list[str]]:
    """The labels of each class as they were; makes the head where there is none."""
    found = await row(
        tx,
        "MERGE (h:_Head {id: 0}) ON CREATE SET h.form = $form, h.number = 0, h.names = 0, "
        "h.claims = 0, h.counts = '{}', h.labels = '{}', h.turn = 0 RETURN h.labels",
        form=FORM,
    )
    labelled: dict[str, list[str]] = orjson.loads(found[0]) if found else {}
    return labelled


async def _relabel(database: Database, kind: str, gone: list[str], made: list[str]) -> None:
    """Bring the nodes of one class to other labels, in short steps."""
    place = 0

    async def step(tx: Tx) -> int:
        found = await rows(
            tx,
            f"MATCH (r:_Resource{label_text([kind])}) WHERE r.number > $place AND r.type = $kind "
            "RETURN r.number ORDER BY r.number LIMIT $limit",
            place=place,
            kind=kind,
            limit=PIECE,
        )
        numbers = [number for (number,) in found]
        await relabel(tx, numbers, gone, made)
        return numbers[-1] if numbers else -1

    while (place := await database.write(step)) >= 0:
        pass


async def _adopt(tx: Tx, wanted: dict[str, list[str]]) -> None:
    stored = canonical(wanted).decode()
    await rows(tx, "MATCH (h:_Head {id: 0}) SET h.labels = $labels", labels=stored)
