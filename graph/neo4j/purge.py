"""Erase what was said of some resources, for good and on the record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from graph.chain import LEDGER
from graph.entry import bare
from graph.guard import nothing_known
from graph.neo4j.claim import Kept, kept, pack_links
from graph.neo4j.connection import Tx, rows
from graph.neo4j.cypher import type_text
from graph.neo4j.log import Head, append, lock
from graph.neo4j.merged import views
from graph.neo4j.scene import Scene
from graph.neo4j.write import write_views
from ontology.model import Ontology
from ontology.resource import Change, ChangeSet, Commit, ResourceId

CLAIMS = """
UNWIND $numbers AS number
MATCH (r:_Resource {number: number})-[:_SAID]->(c:_Claim)
RETURN elementId(c), r.name, properties(c)
"""
ERASE = """
UNWIND $rows AS row
MATCH (c:_Claim) WHERE elementId(c) = row[0]
SET c.body = null, c.links = row[1], c.until = coalesce(c.until, $now)
WITH c
OPTIONAL MATCH (c)-[x:_CARRIES]->(:_Identifier)
DELETE x
"""
FORGOTTEN = "MATCH (i:_Identifier) WHERE NOT EXISTS { (i)<-[:_CARRIES]-() } DELETE i"


async def purge(
    tx: Tx, ontology: Ontology, ids: Sequence[ResourceId], actor: str, reason: str, token: str
) -> Commit:
    """Bodies, evidence and identifiers go, under all names of each resource; class, ends of
    links, denials, digests and intervals stay, so that the chain verifies."""
    head = await lock(tx, token)
    if head.made:
        return head.made
    scene = Scene(tx, ontology, head.names)
    lines, counts = await erase(scene, ontology, ids, head)
    return await append(
        tx,
        head,
        ChangeSet(actor, LEDGER, reason),
        lines,
        scene.writes,
        token=token,
        names=head.names,
        counts=counts,
    )


async def erase(
    scene: Scene, ontology: Ontology, ids: Sequence[ResourceId], head: Head
) -> tuple[list[Change], Counter[str]]:
    """Take what was said away, under all names of each; the lines of the log, and the counts
    after it. Raises NotFound if none is known."""
    now = head.next
    await scene.meet(ids)
    canonical = {scene.stand[scene.numbers[id]] for id in ids if id in scene.numbers}
    if not canonical:
        raise nothing_known(ids)
    await scene.load(canonical)
    names = [scene.names[n] for of in sorted(canonical) for n in scene.groups[of]]
    for name in names:
        name.before = tuple(_bare(k) for k in name.before)
        name.after = ()
    await _erase(scene.tx, ontology, [name.number for name in names], now)
    touched = {of: _touched(scene, of, now) for of in canonical}
    made = await views(scene, ontology, touched)
    counts = Counter(head.counts)
    counts.update(await write_views(scene, ontology, made, now))
    return [Change(now, name.id, "purge", LEDGER.name, "") for name in names], counts


def _touched(scene: Scene, of: int, now: int) -> int:
    """The last commit that touched a group: this one, if it ends a claim."""
    names = [scene.names[n] for n in scene.groups[of]]
    if any(name.before for name in names):
        return now
    return max(name.stored.changed for name in names if name.stored is not None)


def _bare(kept: Kept) -> Kept:
    return replace(kept, held=replace(kept.held, claim=bare(kept.held.claim)))


async def _erase(tx: Tx, ontology: Ontology, numbers: Sequence[int], now: int) -> None:
    erased = []
    for element, name, stored in await rows(tx, CLAIMS, numbers=numbers):
        found = kept(name, stored)
        erased.append([element, pack_links(bare(found.held.claim).links, found.said)])
    await rows(tx, ERASE, rows=erased, now=now)
    await rows(tx, FORGOTTEN)
    await rows(
        tx,
        "UNWIND $numbers AS number "
        f"MATCH (:_Resource {{number: number}})-[l{type_text(ontology.links)}]->() "
        "SET l.properties = null, l.derivation = null, l.complete = null, l.job = null, "
        "l.literals = null",
        numbers=numbers,
    )
