"""Search on tantivy and on Elasticsearch, the same documents in the same run.

    python tests/bench/words.py [--documents 300000] [--rounds 320] [--only elasticsearch]

Needs the server of MULU_TEST_ELASTIC (`make servers`). A page: 20 hits with highlights, four
facets, the exact total; each is asked once, since answers are kept. Beside it, on Elasticsearch,
the bare query: the same bodies sent by the client alone, whose answers nobody reads, turn about
with the pages. What is more is what mulu adds.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[2])]

from search.elastic_index import ElasticIndex
from search.elastic_query import Body
from search.index import Request, SearchIndex
from search.mapping import derive
from search.open import open_index
from search.parse import parse
from search.text import lexicon
from tests.bench.figures import sizes, spread, tell
from tests.bench.search import FACETS, PARTS, PLACES, QUERIES, SUBJECTS, city, small_ledger
from tests.bench.stores import megabytes, servers
from tests.conftest import known_server

MAPPING = derive(small_ledger.ONTOLOGY)
WORDS = lexicon([*SUBJECTS, *PLACES, *PARTS])
REQUESTS = [Request(parse(text, MAPPING.typed), facets=FACETS) for text in QUERIES]
STEP = 5_000
ENGINES = ("tantivy", "elasticsearch")


async def fill(index: SearchIndex, count: int) -> dict[str, float]:
    """A generation of so many documents, as `mulu reindex` makes one, in this one process; and
    the share of it that cutting texts takes, which a server has other processes do. Putting
    documents together is not counted."""
    generation, cutting, storing, have = await index.rebuild(MAPPING, WORDS), 0.0, 0.0, 0
    docs = city(count, 7, MAPPING)
    while some := list(islice(docs, STEP)):
        begun = time.perf_counter()
        ready = generation.preparing(some)
        cut = time.perf_counter()
        if problems := await generation.take(ready):
            raise SystemExit(str(problems[0]))
        cutting, storing = cutting + cut - begun, storing + time.perf_counter() - cut
        have += len(some)
    begun = time.perf_counter()
    await generation.put((), upto=1)
    await generation.publish()
    storing += time.perf_counter() - begun
    return {
        "documents": have,
        "load, documents/s": round(have / (cutting + storing)),
        "load without cutting texts, documents/s": round(have / storing),
    }


def bodies_of(index: ElasticIndex) -> list[Body]:
    """Where the bodies of the queries that the index asks are noted from now on."""
    noted: list[Body] = []
    asking = index._asking

    def noting(view: Any) -> Callable[[Body], Awaitable[Any]]:
        ask = asking(view)

        async def asked(body: Body) -> Any:
            noted.append(body)
            return await ask(body)

        return asked

    index._asking = noting  # type: ignore[method-assign]
    return noted


async def pages(index: SearchIndex, rounds: int) -> dict[str, object]:
    """Pages, and turn about the bare queries behind them where the engine has a client."""
    noted = bodies_of(index) if isinstance(index, ElasticIndex) else []
    taken: dict[str, list[float]] = {"page (ms)": [], "bare query (ms)": []}

    async def timed(what: str, work: Awaitable[object]) -> None:
        begun = time.perf_counter()
        await work
        taken[what].append((time.perf_counter() - begun) * 1e3)

    async def bare(bodies: Sequence[Body]) -> None:
        assert isinstance(index, ElasticIndex)
        for body in bodies:
            await index._client.search(index=index.address.prefix, body=body)

    for request in REQUESTS:  # not counted
        await index.search(request)
    for number in range(rounds):
        noted.clear()
        turn, which = divmod(number, len(REQUESTS))
        request = replace(REQUESTS[which], facet_size=50 + turn)  # another, that costs the same
        await timed("page (ms)", index.search(request))
        if noted:
            await timed("bare query (ms)", bare(tuple(noted)))
    found: dict[str, object] = {what: spread(times) for what, times in taken.items() if times}
    if taken["bare query (ms)"]:
        page, alone = spread(taken["page (ms)"]), spread(taken["bare query (ms)"])
        found["page / bare query"] = {k: round(page[k] / alone[k], 2) for k in ("p50", "p95")}
    return found


async def measure(url: str, count: int, rounds: int) -> dict[str, object]:
    index = open_index(url)
    await index.ensure(MAPPING, WORDS)
    found: dict[str, object] = dict(await fill(index, count))
    found |= await pages(index, rounds)
    edits = []
    again = islice(city(count, 7, MAPPING), 0, None, 10)
    for number, doc in enumerate(islice(again, max(10, rounds // 8))):
        begun = time.perf_counter()
        await index.put([doc], upto=2 + number)
        await index.search(REQUESTS[0])
        edits.append((time.perf_counter() - begun) * 1e3)
    found["one edit put and seen by a page (ms)"] = spread(edits)
    found["memory of this process (MB)"] = megabytes(os.getpid())
    if isinstance(index, ElasticIndex):
        prefix = index.address.prefix
        kept = await index._client.indices.stats(index=f"{prefix}*", metric="store")
        found["index (MB)"] = kept["_all"]["total"]["store"]["size_in_bytes"] >> 20
        for name in await index._client.indices.get(index=f"{prefix}*"):
            await index._client.indices.delete(index=name)
    await index.close()
    return found


async def each(
    engines: Sequence[str], count: int, rounds: int, folder: Path, server: str
) -> dict[str, object]:
    where = {
        "tantivy": f"tantivy://{folder}/search",
        "elasticsearch": f"{server}/bench-{uuid.uuid4().hex[:8]}",
    }
    found = {name: await measure(where[name], count, rounds) for name in engines}
    return {**found, "servers": servers(), "load of the machine": round(os.getloadavg()[0], 1)}


def main() -> None:
    options = sizes(__doc__, documents=300_000, rounds=320)
    options.add_argument("--only", choices=ENGINES)
    asked = options.parse_args()
    engines = [asked.only] if asked.only else ENGINES
    server = known_server("MULU_TEST_ELASTIC")
    if server is None and "elasticsearch" in engines:
        sys.exit("no Elasticsearch here: make servers, or set MULU_TEST_ELASTIC")
    with tempfile.TemporaryDirectory(prefix="mulu-bench-") as folder:
        work = each(engines, asked.documents, asked.rounds, Path(folder), server or "")
        tell(asyncio.run(work))


if __name__ == "__main__":
    main()
