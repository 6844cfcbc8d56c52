"""Speed of the record: bulk claims, one edit idle, one edit beside a running import.

    python tests/bench/record.py [--resources 60000] [--edits 300]

Seeded; the figures of BENCHMARKS.md come from here. Nothing is asserted.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from multiprocessing.synchronize import Event
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[2])]

from graph.open import open_store
from graph.store import GraphStore
from ontology.load import load_ontology
from ontology.model import Direction
from ontology.resource import ChangeSet, Claim, Edit, Link, Rank, ResourceId, Source
from tests.bench.figures import sizes, spread, tell

SCAN = Source("scan", Rank.SCANNED)
PERSON = Source("person", Rank.CURATED)
STEP = 2_000


def claims(first: int, count: int) -> Iterator[Claim]:
    """Fields with ten attributes and two links each: its element, and the field it is from."""
    random_ = random.Random(first)
    for n in range(first, first + count):
        table = n // 20
        id = ResourceId(f"field:postgres://db.example:5432/city.s{table % 40}.t_{table}#c{n}")
        origin = ResourceId(
            f"field:postgres://db.example:5432/city.s{table // 2 % 40}.t_{table // 2}#c{n // 2}"
        )
        yield Claim(
            id,
            "Field",
            {
                "physicalName": f"c{n}",
                "originalName": f"C{n}",
                "comment": f"字段{n}的说明",
                "sqlType": f"varchar({random_.randint(1, 255)})",
                "ordinal": n % 20 + 1,
                "nullable": n % 2 == 0,
                "primaryKey": n % 20 == 0,
                "defaultExpr": "''",
                "securityLevel": "内部数据",
                "distinctCount": n % 1000,
            },
            (
                Link("conformsTo", ResourceId(f"element:990100/DE{n % 500:05}")),
                Link("fieldDerivedFrom", origin, {"derivation": "identity", "rule": "x"}),
            ),
        )


async def bulk(store: GraphStore, first: int, count: int, step: int = STEP) -> tuple[float, float]:
    """Seconds in all, and the longest single step."""
    begun, longest = time.perf_counter(), 0.0
    for start in range(first, first + count, step):
        batch = tuple(claims(start, min(step, first + count - start)))
        step_begun = time.perf_counter()
        await store.commit(ChangeSet("bench", SCAN, claims=batch))
        longest = max(longest, time.perf_counter() - step_begun)
    return time.perf_counter() - begun, longest


async def edits(
    store: GraphStore, count: int, pause: float = 0.0, among: int = 2_000
) -> list[float]:
    """Milliseconds of each of so many edits of one attribute, `among` so many resources."""
    random_, taken = random.Random(7), []
    known = [claim.resource for claim in claims(0, min(among, 2_000))]
    for n in range(count):
        edit = Edit(random_.choice(known), set={"comment": f"改 {n}"})
        begun = time.perf_counter()
        await store.commit(ChangeSet("person", PERSON, edits=(edit,)))
        taken.append((time.perf_counter() - begun) * 1e3)
        await asyncio.sleep(pause)
    return taken


def importing(url: str, first: int, step: int, stop: Event) -> None:
    """Another process that imports until it is told to stop."""

    async def work() -> None:
        store = open_store(url)
        await store.ensure(load_ontology())
        start = first
        while not stop.is_set():
            await store.commit(ChangeSet("bench", SCAN, claims=tuple(claims(start, step))))
            start += step
        await store.close()

    asyncio.run(work())


async def follow(store: GraphStore, after: int) -> AsyncIterator[int]:
    """The number of each further commit, as others make them."""
    while True:
        await asyncio.sleep(0.05)
        async for commit in store.commits(after):
            after = commit.number
            yield after


def size(folder: Path) -> int:
    """Bytes of the ledger, what is still in its write-ahead log too."""
    return sum(file.stat().st_size for file in folder.iterdir())


async def measure(resources: int, count: int, folder: Path) -> dict[str, object]:
    url = f"sqlite:///{folder}/ledger.db"
    store = open_store(url)
    await store.ensure(load_ontology())
    seconds, longest = await bulk(store, 0, resources)
    head = await store.head()
    assert head is not None
    found: dict[str, object] = {
        "bulk, resources/s": round(resources / seconds),
        "longest step of 2,000 (ms)": round(longest * 1e3),
        "bytes a resource": round(size(folder) / resources),
    }
    begun = time.perf_counter()
    await bulk(store, 0, min(resources, 20_000))
    found["unchanged, resources/s"] = round(min(resources, 20_000) / (time.perf_counter() - begun))
    found["edit, idle (ms)"] = spread(await edits(store, count))
    for step in (500, 1_000, STEP):
        context = multiprocessing.get_context("spawn")
        stop = context.Event()
        child = context.Process(target=importing, args=(url, 10_000_000 + step * 1000, step, stop))
        child.start()
        before = (await store.head() or head).number
        async for commit in follow(store, before):
            if commit >= before + 3:
                break
        found[f"edit beside an import in steps of {step} (ms)"] = spread(
            await edits(store, count, 0.02)
        )
        stop.set()
        child.join()
    ids = [claim.resource for claim in claims(0, 1_000)]
    begun = time.perf_counter()
    for _ in range(10):
        await store.get_many(ids)
    found["get_many of 1,000 (ms)"] = round((time.perf_counter() - begun) * 100, 1)
    begun = time.perf_counter()
    for id in ids[:200]:
        await store.links(id)
    found["links of one (ms)"] = round((time.perf_counter() - begun) * 5, 2)
    begun = time.perf_counter()
    for _ in range(20):
        await store.links_many(ids[:50], ["conformsTo"])
    found["links_many of 50 (ms)"] = round((time.perf_counter() - begun) * 50, 2)
    hub = ResourceId("element:990100/DE00000")
    begun = time.perf_counter()
    await store.links(hub, way=Direction.BACKWARD)
    found["page of a hub (ms)"] = round((time.perf_counter() - begun) * 1e3, 2)
    begun = time.perf_counter()
    edges = sum([1 async for _ in store.raw_edges()])
    found["raw edges/s"] = round(edges / (time.perf_counter() - begun))
    begun = time.perf_counter()
    scanned = sum([1 async for _ in store.scan()])
    found["scan, resources/s"] = round(scanned / (time.perf_counter() - begun))
    await store.close()
    return found


def main() -> None:
    asked = sizes(__doc__, resources=60_000, edits=300).parse_args()
    with tempfile.TemporaryDirectory(prefix="mulu-bench-") as folder:
        tell(asyncio.run(measure(asked.resources, asked.edits, Path(folder))))


if __name__ == "__main__":
    main()
