"""Servers of their own that are paused (SIGSTOP), killed (SIGKILL), stopped and started again
under a stream of writes and reads. MULU_FAULTS says how many faults each test makes (25), one
in eight of which ends the process; the others leave it paused for a while.
"""

from __future__ import annotations

import asyncio
import random
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from api.app import app_of
from api.settings import settings
from api.wiring import kept_up, open_ledger
from graph.open import open_store
from ontology.errors import Unavailable
from ontology.resource import ChangeSet, Claim, ResourceId
from tests.faults.stream import COUNT, DEADLINE, SCAN, Stream, streaming, until
from tests.servers.own import begin, end, own
from tests.servers.servers import Server

pytestmark = pytest.mark.timeout(300 + 20 * COUNT)
ENDING = (signal.SIGKILL, signal.SIGTERM)
ENDS, PAUSE = 8, 0.4
"""One fault in so many ends the process; seconds that a pause lasts at most."""


@pytest.fixture
def elastic(elastic_url: str, tmp_path: Path) -> Iterator[Server]:
    with own("elastic", tmp_path / "elastic") as server:
        yield server


@pytest.fixture
def neo4j(neo4j_url: str, tmp_path: Path) -> Iterator[Server]:
    with own("neo4j", tmp_path / "neo4j") as server:
        yield server


async def trouble(server: Server, stream: Stream, *, writes_go_on: bool, seed: int = 1) -> None:
    """Faults one after the other; between two of them all is well for a moment."""
    chance, done = random.Random(seed), Counter[signal.Signals]()
    for number in range(COUNT):
        await stream.more(1)
        if number % ENDS == 1:
            sign = ENDING[number // ENDS % 2]
            await asyncio.to_thread(end, server, sign)
            if writes_go_on:
                await stream.more()
                assert (await stream.ledger.projections.freshness()).missing == ("search",)
            await asyncio.to_thread(begin, server)
        else:
            sign = signal.SIGSTOP
            server.send(sign)
            try:
                if writes_go_on:
                    await stream.more(1)
                await asyncio.sleep(PAUSE * chance.random())
            finally:
                server.send(signal.SIGCONT)
        done[sign] += 1
    assert done.total() == COUNT
    assert set(done) == {signal.SIGSTOP, *ENDING} or COUNT < ENDS + 2


async def test_search_is_paused_killed_and_started_again(elastic: Server, tmp_path: Path) -> None:
    chosen = settings(data=tmp_path / "data", search=f"{elastic.url}/faults")
    async with (
        open_ledger(chosen) as ledger,
        kept_up(ledger),
        streaming(ledger) as stream,
    ):
        await trouble(elastic, stream, writes_go_on=True)
        assert stream.refused["write"] == 0
        assert stream.refused["resource"] == 0


async def test_the_record_is_paused_killed_and_started_again(neo4j: Server, tmp_path: Path) -> None:
    chosen = settings(data=tmp_path / "data", graph=neo4j.url)
    async with (
        open_ledger(chosen) as ledger,
        kept_up(ledger),
        streaming(ledger) as stream,
    ):
        await trouble(neo4j, stream, writes_go_on=False)
    # Paused for long: nobody waits beyond the time that a transaction may take.
    store = open_store(f"{neo4j.url}?seconds=1")
    store._database.patience = 2.0  # type: ignore[attr-defined]
    assert await store.head() is not None
    neo4j.send(signal.SIGSTOP)
    try:
        async with asyncio.timeout(DEADLINE):
            with pytest.raises(Unavailable, match="did not answer"):
                await store.head()
    finally:
        neo4j.send(signal.SIGCONT)
    assert await store.head() is not None
    await store.close()


RENAME = """mutation { changeDepartment(id: "org:1", input: {shortName: ["一局"]}, key: "rename-1")
    { commit { number } } }"""
ASKED = """{
  search(query: "局") { missing hits { id } }
  resource(id: "org:1") { id }
}"""


@asynccontextmanager
async def client(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    over = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=over, base_url="http://127.0.0.1", timeout=DEADLINE) as asking,
    ):
        yield asking


async def ask(
    asking: httpx.AsyncClient, query: str = ASKED, within: float = 9.0
) -> dict[str, object]:
    """What is told, a read long before the limit of ten seconds."""
    began = time.monotonic()
    told: dict[str, object] = (await asking.post("/graphql", json={"query": query})).json()
    assert time.monotonic() - began < within
    return told


def codes(told: dict[str, object]) -> list[str]:
    return [e["extensions"]["code"] for e in told.get("errors", ())]  # type: ignore[attr-defined]


def without_the_record(told: dict[str, object], *found: str) -> None:
    """Search is told, and that the record is missing, in the place of what needs it."""
    assert told["data"] == {
        "search": {"missing": ["record"], "hits": [{"id": id} for id in found]},
        "resource": None,
    }
    assert codes(told) == ["UNAVAILABLE"]


async def test_search_that_says_nothing_holds_up_nobody(elastic: Server, tmp_path: Path) -> None:
    """It takes what is sent; all else is answered meanwhile, and writes are taken."""
    chosen = settings(data=tmp_path / "data", search=f"{elastic.url}/silent")
    claim = Claim(ResourceId("org:1"), "Department", {"name": "第一局"})
    async with open_ledger(chosen) as ledger:
        await ledger.commit(ChangeSet("t", SCAN, claims=(claim,)))
    async with client(app_of(chosen)) as asking:

        async def found() -> bool:
            told = await ask(asking, within=DEADLINE)
            return told.get("data") == {
                "search": {"missing": [], "hits": [{"id": "org:1"}]},
                "resource": {"id": "org:1"},
            }

        await until(found)
        elastic.send(signal.SIGSTOP)
        try:
            for _ in range(2):
                told = await ask(asking)
                assert told["data"] == {"search": None, "resource": {"id": "org:1"}}
                assert told["extensions"]["missing"] == ["search"]  # type: ignore[index]
                assert codes(told) == ["UNAVAILABLE"]
            assert codes(await ask(asking, RENAME)) == []
            ready = await asking.get("/readyz")
            assert (ready.status_code, ready.json()["missing"]) == (200, ["search"])
        finally:
            elastic.send(signal.SIGCONT)
        await until(found)


async def test_a_server_starts_without_the_record_and_does_not_wait_for_it(
    neo4j: Server, tmp_path: Path
) -> None:
    chosen = settings(data=tmp_path / "data", graph=neo4j.url)
    claim = Claim(ResourceId("org:1"), "Department", {"name": "第一局"})
    await asyncio.to_thread(end, neo4j, signal.SIGTERM)
    async with client(app_of(chosen)) as asking:

        async def ready() -> bool:
            return (await asking.get("/readyz")).status_code == 200

        assert (await asking.get("/readyz")).status_code == 503
        without_the_record(await ask(asking))
        await asyncio.to_thread(begin, neo4j)
        await until(ready)
        async with open_ledger(chosen) as another:
            await another.commit(ChangeSet("t", SCAN, claims=(claim,)))

        async def found() -> bool:
            told = await ask(asking)
            return told.get("data") == {
                "search": {"missing": [], "hits": [{"id": "org:1"}]},
                "resource": {"id": "org:1"},
            }

        await until(found)
        neo4j.send(signal.SIGSTOP)  # it takes what is sent, and says nothing
        try:
            without_the_record(await ask(asking), "org:1")
            without_the_record(await ask(asking), "org:1")
            told = await ask(asking, RENAME, within=12.0)  # the limit, and no second more than that
            assert codes(told) in (["OUTCOME_UNKNOWN"], ["UNAVAILABLE"])
        finally:
            neo4j.send(signal.SIGCONT)
        await until(found)
        for _ in range(2):  # with its key, whoever is not sure may repeat it
            assert codes(await ask(asking, RENAME, within=DEADLINE)) == []
        told = await ask(asking, "{ commits(first: 9) { nodes { key } } }")
        keys = [node["key"] for node in told["data"]["commits"]["nodes"]]  # type: ignore[index]
        assert keys.count("rename-1") == 1
        await asyncio.to_thread(end, neo4j, signal.SIGKILL)
        without_the_record(await ask(asking), "org:1")
