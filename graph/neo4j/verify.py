"""Whether the database says what was committed, and the repair of what only follows from it.

Claims and commits are never altered. Nodes, labels, visible links of past and present,
stand-ins and counts are made anew from them (graph/neo4j/replay.py) and compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable

from graph.neo4j.check import REMOVE, drift, mend
from graph.neo4j.connection import Database, Tx, rows
from graph.neo4j.log import changes, commits, counts, head, lock
from graph.neo4j.replay import Stood, stand_intervals
from graph.neo4j.scene import Scene
from graph.neo4j.standin import said_ever
from graph.store import Flaw
from graph.views import PROVISIONAL, counted
from ontology.digest import canonical, chain_flaws, content_digest
from ontology.model import Ontology

PIECE = 500

Found = tuple[list[Flaw], int | None]
"""Flaws, and where to go on (None: all is checked)."""
Check = Callable[[Tx, Ontology, int], Awaitable[Found]]
"""One piece of a check, from a place on (0: the beginning)."""


async def verify(database: Database, ontology: Ontology, *, repair: bool) -> AsyncIterator[Flaw]:
    """All flaws; see `GraphStore.verify`."""
    for check in CHECKS:
        place: int | None = 0
        while place is not None:
            flaws, place = await database.read(check, ontology, place)
            for flaw in flaws:
                yield flaw
    if repair:
        await _repair(database, ontology)


async def _chain(tx: Tx, ontology: Ontology, place: int) -> Found:
    """Hash chain: each commit's words, and that its changes are those that are stored."""
    before = next(iter(await commits(tx, place - 1, place, 1)), None)
    flaws: list[Flaw] = []
    piece = await commits(tx, place, None, PIECE)
    for commit in piece:
        content = content_digest(await changes(tx, commit.number - 1, commit.number))
        found = chain_flaws(before, commit, content)
        flaws += [Flaw("chain", what, str(commit.number)) for what in found]
        before = commit
    if len(piece) == PIECE:
        return flaws, piece[-1].number
    last = await head(tx)
    if (before.number if before else 0) != (last.number if last else 0):
        flaws.append(Flaw("chain", "the head is not the last commit", str(place)))
    return flaws, None


async def _names(tx: Tx, ontology: Ontology, place: int) -> Found:
    """Stand-ins, past and present, are what the aliases make."""
    stored, wanted = set(await _stood(tx)), stand_intervals(await said_ever(tx))
    what = "the name that readers see is not what the aliases make"
    return [Flaw("links", what, name) for name in sorted({s.name for s in stored ^ wanted})], None


async def _stood(tx: Tx) -> dict[Stood, str]:
    """Stand-ins as they are stored, each with its relationship."""
    found = await rows(
        tx,
        "MATCH (a)-[s:_STANDS_FOR]->(b) RETURN a.name, b.name, s.since, s.until, elementId(s)",
    )
    return {Stood(*columns[:4]): columns[4] for columns in found}


async def _counts(tx: Tx, ontology: Ontology, place: int) -> Found:
    """The counts are those of the nodes."""
    stored, there = await counts(tx), await _recounted(tx)
    return [
        Flaw("merge", f"counted {stored.get(name, 0)}, but there are {there.get(name, 0)}", name)
        for name in sorted(stored.keys() | there.keys())
        if stored.get(name, 0) != there.get(name, 0)
    ], None


async def _recounted(tx: Tx) -> Counter[str]:
    found: Counter[str] = Counter()
    for state, kind, weak, number in await rows(
        tx, "MATCH (r:_Resource) RETURN r.state, r.type, r.weak, count(*)"
    ):
        name = counted(state, kind)
        if name is not None:
            found[name] += number
        if weak:
            found[PROVISIONAL] += number
    return found


async def _groups(tx: Tx, ontology: Ontology, place: int) -> Found:
    """Claims against their digests; views and links of some names against their claims."""
    found, last = await drift(tx, Scene(tx, ontology, 0), ontology, place, PIECE)
    return found.flaws, last


CHECKS: tuple[Check, ...] = (_chain, _names, _counts, _groups)


async def _repair(database: Database, ontology: Ontology) -> None:
    """In short steps, so that others write meanwhile."""
    await database.write(_repair_names)
    place: int | None = 0
    while place is not None:
        place = await database.write(_repair_piece, ontology, place)
    await database.write(_recount)


PUT = """
UNWIND $rows AS row
MATCH (a:_Resource {name: row[0]}), (b:_Resource {name: row[1]})
CREATE (a)-[:_STANDS_FOR {since: row[2], until: row[3]}]->(b)
"""


async def _repair_names(tx: Tx) -> None:
    """Bring stand-ins to what the aliases make."""
    await lock(tx, "")
    stored, wanted = await _stood(tx), stand_intervals(await said_ever(tx))
    surplus = [element for stood, element in stored.items() if stood not in wanted]
    await rows(tx, REMOVE, elements=surplus)
    await rows(tx, PUT, rows=[list(stood) for stood in wanted - stored.keys()])


async def _repair_piece(tx: Tx, ontology: Ontology, place: int) -> int | None:
    """Mend the groups of one piece; where to go on."""
    held = await lock(tx, "")
    scene = Scene(tx, ontology, held.names)
    found, last = await drift(tx, scene, ontology, place, PIECE)
    await mend(scene, ontology, found)
    return last


async def _recount(tx: Tx) -> None:
    await lock(tx, "")
    there = canonical(await _recounted(tx)).decode()
    await rows(tx, "MATCH (h:_Head {id: 0}) SET h.counts = $counts", counts=there)
