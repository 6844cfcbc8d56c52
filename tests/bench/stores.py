"""The record on SQLite and on Neo4j, the same work in the same run: load, edit, read, impact.

    python tests/bench/stores.py [--resources 60000] [--edits 200] [--json]

Needs the server of MULU_TEST_NEO4J (`make servers`), whose database it empties. Impact is the
closure of column lineage from three fields, of about 100 and 10,000 resources and of all:
by the reach index, by the store level by level, and by the best single statement of Cypher.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[2])]

from graph.impact import Change, Limits, Question, walked
from graph.neo4j.connection import Tx, row
from graph.neo4j.cypher import NOW
from graph.neo4j.store import Neo4jStore
from graph.open import open_store
from graph.reach.index import ReachIndex
from graph.store import GraphStore
from ontology.load import load_ontology
from ontology.model import Direction, Kind
from ontology.resource import ResourceId
from ontology.viewer import LOCAL
from tests.bench.figures import spread
from tests.bench.record import bulk, claims, edits
from tests.conftest import known_server
from tests.servers.emptied import emptied

ONTOLOGY = load_ontology()
LINEAGE = "fieldDerivedFrom"
HUB = ResourceId("element:990100/DE00000")


async def timed(work: Callable[[], Awaitable[object]], rounds: int) -> dict[str, float]:
    """Milliseconds, after one round that is not counted."""
    taken = []
    for _ in range(rounds + 1):
        begun = time.perf_counter()
        await work()
        taken.append((time.perf_counter() - begun) * 1e3)
    return spread(taken[1:])


async def by_levels(store: GraphStore, start: ResourceId) -> int:
    """The size of the closure, asked of the store level by level."""
    seen, level = {start}, [start]
    while level:
        found = await store.links_many(level, [LINEAGE], Direction.BACKWARD, limit=10_000)
        ends = {edge.origin for edges in found.values() for edge in edges}
        level = sorted(ends - seen)
        seen.update(level)
    return len(seen) - 1


CLOSURE = f"""
MATCH p = (n:_Resource {{name: $id}})<-[rs:{LINEAGE}*1..60]-(m)
WHERE all(r IN rs WHERE r.since <= $at < r.until)
WITH m, min(length(p)) AS depth
RETURN count(m)
"""


async def by_statement(tx: Tx, start: ResourceId) -> object:
    """The same in one statement, with depth and interval."""
    return await row(tx, CLOSURE, id=start, at=NOW)


async def impacts(store: GraphStore, resources: int) -> dict[str, object]:
    begun = time.perf_counter()
    index = await ReachIndex.build(store, ONTOLOGY)
    found: dict[str, object] = {"reach index built (s)": round(time.perf_counter() - begun, 1)}
    fields = [claim.resource for claim in claims(0, 2 * resources // 100)]
    await asyncio.to_thread(index.warm)
    for size in (100, 10_000, resources):
        start = fields[max(1, resources // size)]
        question = Question((Change(start, Kind.REMOVE),), limits=Limits())
        reached = await by_levels(store, start)

        async def walk(question: Question = question) -> object:
            return await walked(store, index, question, LOCAL)

        async def levels(start: ResourceId = start) -> object:
            return await by_levels(store, start)

        rounds = max(2, min(20, 100_000 // reached))
        what = f"impact on {reached:,}"
        found[f"{what}, reach index (ms)"] = await timed(walk, rounds)
        found[f"{what}, level by level (ms)"] = await timed(levels, max(2, rounds // 4))
        if isinstance(store, Neo4jStore):

            async def single(start: ResourceId = start, neo: Neo4jStore = store) -> object:
                return await neo._database.read(by_statement, start)

            found[f"{what}, one statement (ms)"] = await timed(single, max(2, rounds // 2))
    return found


async def measure(url: str, resources: int, count: int) -> dict[str, object]:
    store = open_store(url)
    await store.ensure(ONTOLOGY)
    seconds, longest = await bulk(store, 0, resources)
    found: dict[str, object] = {
        "load, resources/s": round(resources / seconds),
        "longest step of 2,000 (ms)": round(longest * 1e3),
        "edit (ms)": spread(await edits(store, count)),
    }
    ids = iter([claim.resource for claim in claims(0, 2_000)] * 2)

    async def page_of_hub() -> object:
        return await store.links(HUB, ["conformsTo"], Direction.BACKWARD, limit=50)

    found["point read (ms)"] = await timed(lambda: store.get_many([next(ids)]), count)
    found["1 hop (ms)"] = await timed(lambda: store.links(next(ids)), count)
    degree = resources // 500
    found[f"typed page of 50 out of {degree} (ms)"] = await timed(page_of_hub, count)
    found |= await impacts(store, resources)
    await store.close()
    return found


async def both(resources: int, count: int, folder: Path, server: str) -> dict[str, object]:
    return {
        "sqlite": await measure(f"sqlite:///{folder}/ledger.db", resources, count),
        "neo4j": await measure(await emptied(server), resources, count),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--resources", type=int, default=60_000)
    parser.add_argument("--edits", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    server = known_server("MULU_TEST_NEO4J")
    if server is None:
        sys.exit("no Neo4j here: make servers, or set MULU_TEST_NEO4J")
    with tempfile.TemporaryDirectory(prefix="mulu-bench-") as folder:
        found = asyncio.run(both(asked.resources, asked.edits, Path(folder), server))
    if asked.json:
        print(json.dumps(found, ensure_ascii=False))
        return
    for engine, figures in found.items():
        assert isinstance(figures, dict)
        for name, figure in figures.items():
            print(f"{engine:8} {name:44} {figure}")


if __name__ == "__main__":
    main()
