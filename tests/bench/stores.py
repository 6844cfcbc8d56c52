"""The record on SQLite and on Neo4j, the same work in the same run: load, edit, read, impact.

    python tests/bench/stores.py [--resources 60000] [--edits 200] [--grown 300000] [--patience 60]

Needs the server of MULU_TEST_NEO4J (`make servers`), whose database it empties. Impact is what
the removal of a field reaches by column lineage, of about 100 and 10,000 resources and of all: by
the reach index; by the store itself (MULU_REACH=store), the same answer, level by level and, on
Neo4j, with closures; and, the closure alone without kinds and certainties, by the best single
statement of Cypher. Each is given --patience seconds; what needs more than a server gives it
(MULU_REACH_SECONDS) is asked once more with that limit, and what it has by then is told. At the
end the ledger is grown, so that a removal reaches 300,000: on Neo4j by fields and links put there
as they are stored, without claims (which would take many minutes).
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from pathlib import Path
from urllib.parse import urlsplit

sys.path[:0] = [str(Path(__file__).resolve().parents[2])]

from graph.impact import walked
from graph.neo4j.connection import Tx, row, rows
from graph.neo4j.cypher import FOREVER, NOW
from graph.neo4j.store import Neo4jStore
from graph.open import open_store
from graph.question import Change, Limits, Question
from graph.reach import chains
from graph.reach.index import ReachIndex
from graph.reach.near import SECONDS, NearReach
from graph.reach.trace import TIME, Trace
from graph.store import GraphStore
from ontology.load import load_ontology
from ontology.model import Direction, Kind
from ontology.resource import ResourceId
from ontology.viewer import LOCAL
from tests.bench.figures import sizes, spread, tell
from tests.bench.record import bulk, claims, edits
from tests.conftest import known_server
from tests.servers.emptied import emptied
from tests.servers.servers import FOLDER

ONTOLOGY = load_ontology()
LINEAGE = "fieldDerivedFrom"
GROWTH = 10_000
"""Fields put there at once."""
HUB = ResourceId("element:990100/DE00000")


async def timed(work: Callable[[], Awaitable[object]], rounds: int) -> dict[str, float]:
    """Milliseconds, after one round that is not counted."""
    taken = []
    for _ in range(rounds + 1):
        begun = time.perf_counter()
        await work()
        taken.append((time.perf_counter() - begun) * 1e3)
    return spread(taken[1:])


CLOSURE = f"""
MATCH p = (n:_Resource {{name: $id}})<-[rs:{LINEAGE}*1..60]-(m)
WHERE all(r IN rs WHERE r.since <= $at < r.until)
WITH m, min(length(p)) AS depth
RETURN count(m)
"""


async def by_statement(tx: Tx, start: ResourceId) -> object:
    """The same in one statement, with depth and interval."""
    return await row(tx, CLOSURE, id=start, at=NOW)


async def turn(store: Neo4jStore) -> object:
    """What no edit can be faster than: one property is changed, and synced to the disk."""
    text = "MATCH (h:_Head {id: 0}) SET h.turn = randomUUID()"
    return await store._database.write(lambda tx: row(tx, text))


async def impacts(
    store: GraphStore, resources: int, reaching: Iterable[int], patience: int
) -> dict[str, object]:
    begun = time.perf_counter()
    index = await ReachIndex.build(store, ONTOLOGY)
    found: dict[str, object] = {"reach index built (s)": round(time.perf_counter() - begun, 1)}
    fields = [claim.resource for claim in claims(0, max(3, 2 * resources // 100))]
    await asyncio.to_thread(index.warm)
    for size in sorted({min(size, resources) for size in reaching}):
        start = fields[max(1, resources // size)]
        found |= await impact_on(store, index, start, patience)
    return found


async def impact_on(
    store: GraphStore, index: ReachIndex, start: ResourceId, patience: int
) -> dict[str, object]:
    """By each way, the same answer."""
    question = Question((Change(start, Kind.REMOVE),), limits=Limits())
    answer = await walked(store, index, question, LOCAL)
    reached = sum(answer.counts.values())
    rounds = max(2, min(20, 100_000 // max(1, reached)))
    what = f"impact on {reached:,}"
    found: dict[str, object] = {
        f"{what}, reach index (ms)": await timed(
            lambda: walked(store, index, question, LOCAL), rounds
        )
    }
    asking = Asking(store, question, answer, patience)
    with guessing(0):
        found |= await asking.figures(f"{what}, level by level", max(1, rounds // 4))
    if isinstance(store, Neo4jStore):
        found |= await asking.figures(f"{what}, with closures", max(2, rounds // 4))
        ask = partial(store._database.read, by_statement, start)
        found |= await within(patience, f"{what}, one statement", ask, max(2, rounds // 2))
    return found


@contextmanager
def guessing(narrow: int) -> Iterator[None]:
    """Closures are asked of no more than so many names at once."""
    before, chains.NARROW = chains.NARROW, narrow
    try:
        yield
    finally:
        chains.NARROW = before


@dataclass(frozen=True)
class Asking:
    """One question to the store itself, whose answer is known."""

    store: GraphStore
    question: Question
    answer: Trace
    patience: int

    async def figures(self, what: str, rounds: int) -> dict[str, object]:
        """How long the whole takes, cut after `patience`; and, where that is beyond the limit that
        a server has, what it answers by then."""
        first = await self._told(self.patience)
        if first["found"] < first["of"]:
            found: dict[str, object] = {f"{what}, cut after {self.patience} s": first}
        elif first["ms"] > SECONDS * 1e3:
            found = {f"{what} (ms)": first["ms"]}  # once: more of it would tell nothing else
        else:
            return {f"{what} (ms)": await timed(partial(self._told, self.patience), rounds)}
        return found | {f"{what}, limit of {SECONDS:g} s": await self._told(SECONDS)}

    async def _told(self, seconds: float) -> dict[str, int]:
        near = NearReach(self.store, ONTOLOGY, seconds)
        begun = time.perf_counter()
        found = await walked(self.store, near, self.question, LOCAL)
        taken = time.perf_counter() - begun
        late = {int(place) for cut in found.cuts if cut.limit == TIME for place in cut.places}
        if not late and found.counts != self.answer.counts:
            raise SystemExit(f"{self.answer.counts} by the index, {found.counts} by the store")
        count, of = sum(found.counts.values()), sum(self.answer.counts.values())
        return {"ms": round(taken * 1e3), "found": count, "of": of, "cut behind": len(late)}


async def within(
    patience: int, what: str, work: Callable[[], Awaitable[object]], rounds: int
) -> dict[str, object]:
    try:
        async with asyncio.timeout(patience):
            return {f"{what} (ms)": await timed(work, rounds)}
    except TimeoutError:
        return {f"{what} (ms)": f"cut after {patience} s"}


GROW = "UNWIND $rows AS row CREATE (r:_Resource:Field) SET r = row"
JOIN = f"""
UNWIND $rows AS row
MATCH (a:_Resource {{number: row[0]}}), (b:_Resource {{number: row[1]}})
CREATE (a)-[l:{LINEAGE}]->(b)
SET l = {{key: '', source: 'bench', since: 1, until: {FOREVER}, derivation: 'identity'}}
"""


async def grow(store: GraphStore, have: int, want: int) -> None:
    """Fields from `have` to `want`, each from the one at half."""
    if isinstance(store, Neo4jStore):
        await put(store, have, want)
    else:
        await bulk(store, have, want - have)


async def put(store: Neo4jStore, have: int, want: int) -> None:
    """As they are stored, numbered after all others."""
    known = await store.numbers([claim.resource for claim in claims(0, have)])
    numbers = [known[claim.resource] for claim in claims(0, have)]
    last = await store._database.read(lambda tx: row(tx, "MATCH (h:_Head) RETURN h.names"))
    numbers += range((last or [0])[0] + 1, (last or [0])[0] + 1 + want - have)
    for first in range(have, want, GROWTH):
        told = list(enumerate(claims(first, min(GROWTH, want - first)), first))
        fields = [
            {"number": numbers[n], "name": claim.resource, "type": claim.type, "level": "",
             "retired": False, "born": 1, "changed": 1, "touched": 1}
            for n, claim in told
        ]  # fmt: skip
        links = [[numbers[n], numbers[n // 2]] for n, _ in told]

        async def work(tx: Tx, fields: object = fields, links: object = links) -> None:
            await rows(tx, GROW, rows=fields)
            await rows(tx, JOIN, rows=links)

        await store._database.write(work)


async def measure(
    url: str, resources: int, count: int, grown: int, patience: int
) -> dict[str, object]:
    store = open_store(url)
    await store.ensure(ONTOLOGY)
    seconds, longest = await bulk(store, 0, resources)
    found: dict[str, object] = {
        "load, resources/s": round(resources / seconds),
        "longest step of 2,000 (ms)": round(longest * 1e3),
        "edit (ms)": spread(await edits(store, count, among=resources)),
    }
    if isinstance(store, Neo4jStore):
        found["the emptiest durable transaction (ms)"] = await timed(partial(turn, store), count)
    ids = cycle([claim.resource for claim in claims(0, min(resources, 2_000))])

    async def page_of_hub() -> object:
        return await store.links(HUB, ["conformsTo"], Direction.BACKWARD, limit=50)

    found["point read (ms)"] = await timed(lambda: store.get_many([next(ids)]), count)
    found["1 hop (ms)"] = await timed(lambda: store.links(next(ids)), count)
    degree = resources // 500
    found[f"typed page of 50 out of {degree} (ms)"] = await timed(page_of_hub, count)
    found |= await impacts(store, resources, (100, 10_000, resources), patience)
    beside = await contended(url, count // 4, resources)
    found["edit beside three other writers (ms)"] = spread(beside)
    if grown > resources:
        await grow(store, resources, grown)
        found |= await impacts(store, grown, (grown,), patience)
    found["memory of this process (MB)"] = megabytes(os.getpid())
    await store.close()
    return found


async def contended(url: str, count: int, among: int) -> list[float]:
    """Milliseconds of each edit, four stores writing at once."""
    stores = [open_store(url) for _ in range(4)]
    for store in stores:
        await store.ensure(ONTOLOGY)
    taken = await asyncio.gather(*(edits(s, count, among=among) for s in stores))
    for store in stores:
        await store.close()
    return [one for each in taken for one in each]


def megabytes(process: int) -> int:
    """What a process holds in memory now."""
    status = Path(f"/proc/{process}/status").read_text()
    held = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(held.split()[1]) // 1024


def servers() -> dict[str, int]:
    """Memory of the servers that `make servers` started here and that run, in MB."""
    states = sorted(FOLDER.glob("*/state.json"))
    pids = {state.parent.name: json.loads(state.read_text())["pid"] for state in states}
    return {
        f"memory of {name} (MB)": megabytes(pid)
        for name, pid in pids.items()
        if Path(f"/proc/{pid}").exists()  # one that was killed leaves its state behind
    }


async def both(folder: Path, server: str, *asked: int) -> dict[str, object]:
    return {
        "sqlite": await measure(f"sqlite:///{folder}/ledger.db", *asked),
        "neo4j": await measure(await emptied(server), *asked),
        "servers": servers(),
        "load of the machine": round(os.getloadavg()[0], 1),
    }


def main() -> None:
    sized = sizes(__doc__, resources=60_000, edits=200, grown=300_000, patience=60).parse_args()
    asked = (sized.resources, sized.edits, sized.grown, sized.patience)
    server = known_server("MULU_TEST_NEO4J")
    if server is None:
        sys.exit("no Neo4j here: make servers, or set MULU_TEST_NEO4J")
    alone = Path(tempfile.gettempdir()) / f"mulu-neo4j-{urlsplit(server).port}.lock"
    with tempfile.TemporaryDirectory(prefix="mulu-bench-") as folder, alone.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # tests use the same database
        tell(asyncio.run(both(Path(folder), server, *asked)))


if __name__ == "__main__":
    main()
