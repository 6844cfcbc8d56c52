"""A ledger on real servers, over a network that breaks all the time: nothing that was
acknowledged is lost, nothing is there twice, nobody waits for ever, and it recovers by itself.

MULU_FAULTS says how many faults each test makes (25).
"""

from __future__ import annotations

import asyncio
import random
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from api.app import make_app
from api.ledger import Ledger
from api.schema.limits import Limits
from api.settings import settings
from api.wiring import kept_up, open_ledger
from ontology.errors import Unavailable
from ontology.resource import ChangeSet, Claim, ResourceId
from ontology.viewer import LOCAL
from tests.faults.proxy import FAULTS, Proxy
from tests.faults.stream import COUNT, DEADLINE, SCAN, streaming, until
from tests.servers.emptied import emptied

pytestmark = pytest.mark.timeout(300 + 20 * COUNT)
HELD = 0.15
"""Seconds that a fault lasts, and that all is well between two."""


@asynccontextmanager
async def proxied(url: str) -> AsyncIterator[tuple[Proxy, str]]:
    """A proxy before a server, and the server's address by way of it."""
    parts = urlsplit(url)
    async with Proxy(parts.hostname or "", parts.port or 0) as proxy:
        host = f"{parts.hostname}:{parts.port}"
        yield proxy, url.replace(host, f"127.0.0.1:{proxy.port}")


@pytest.fixture
def search_url(elastic_url: str) -> str:
    return f"{elastic_url}/faults-{uuid.uuid4().hex[:8]}"


async def trouble(proxy: Proxy, seed: int = 1) -> None:
    """Faults of every kind, one after the other."""
    chance = random.Random(seed)
    begun, end = proxy.done, time.monotonic() + 240 + 10 * COUNT
    while proxy.done - begun < COUNT and time.monotonic() < end:
        proxy.set(chance.choice(FAULTS))
        await asyncio.sleep(HELD)
        proxy.set("none")
        await asyncio.sleep(HELD)
    assert proxy.done - begun >= COUNT


def one(number: int) -> ChangeSet:
    claim = Claim(ResourceId(f"org:{number}"), "Department", {"name": f"第{number}局"})
    return ChangeSet("t", SCAN, claims=(claim,))


def search_is_missing(ledger: Ledger) -> Callable[[], Awaitable[bool]]:
    async def missing() -> bool:
        return (await ledger.projections.freshness()).missing == ("search",)

    return missing


async def test_writes_go_on_while_search_breaks(search_url: str, tmp_path: Path) -> None:
    async with proxied(search_url) as (proxy, url):
        chosen = settings(data=tmp_path, search=url)
        async with open_ledger(chosen) as ledger, kept_up(ledger):
            async with streaming(ledger) as stream:
                await trouble(proxy)
                proxy.set("cut")
                await until(search_is_missing(ledger))
                with pytest.raises(Unavailable):
                    await ledger.search(ledger.query("局"), LOCAL)
                await stream.more()
                assert await ledger.resource(stream.acknowledged[-1], LOCAL)
                proxy.set("none")
            assert stream.refused.keys() == {"search"}, "reads and writes by id were all answered"


async def test_what_was_acknowledged_is_kept_while_the_record_breaks(
    neo4j_database: str, tmp_path: Path
) -> None:
    await emptied(neo4j_database)
    async with proxied(neo4j_database) as (proxy, url):
        chosen = settings(data=tmp_path, graph=url)
        async with open_ledger(chosen) as ledger, kept_up(ledger), streaming(ledger):
            await trouble(proxy)


async def test_a_server_starts_while_search_is_down_and_finds_it_later(
    search_url: str, tmp_path: Path
) -> None:
    async with proxied(search_url) as (proxy, url):
        proxy.set("refuse")
        async with open_ledger(settings(data=tmp_path, search=url)) as ledger, kept_up(ledger):
            await ledger.commit(one(1))
            assert await ledger.resource(ResourceId("org:1"), LOCAL)
            assert (await ledger.projections.freshness()).missing == ("search",)
            proxy.set("none")
            assert await ledger.projections.wait(1, DEADLINE)
            page = await ledger.search(ledger.query("局"), LOCAL)
            assert [hit.id for hit in page.hits] == ["org:1"]


async def test_words_are_found_while_the_record_is_down(
    neo4j_database: str, tmp_path: Path
) -> None:
    await emptied(neo4j_database)
    async with proxied(neo4j_database) as (proxy, url):  # noqa: SIM117 - the proxy ends last
        async with open_ledger(settings(data=tmp_path, graph=url)) as ledger, kept_up(ledger):
            await ledger.commit(one(1), wait=DEADLINE)

            @asynccontextmanager
            async def opened() -> AsyncIterator[object]:
                yield ledger

            async def record_is_missing() -> bool:
                return (await ledger.projections.freshness()).missing == ("record",)

            async def ready_again() -> bool:
                return (await client.get("/readyz")).status_code == 200

            app = make_app(opened, limits=Limits(seconds=60.0))  # type: ignore[arg-type]
            over = httpx.ASGITransport(app)
            async with (
                app.router.lifespan_context(app),
                httpx.AsyncClient(transport=over, base_url="http://mulu", timeout=60) as client,
            ):
                await until(ready_again)
                proxy.set("cut")
                await until(record_is_missing)
                query = '{ search(query: "局") { total complete missing hits { id } } }'
                told = (await client.post("/graphql", json={"query": query})).json()
                assert told["data"]["search"] == {
                    "total": 1, "complete": False, "missing": ["record"], "hits": [{"id": "org:1"}],
                }  # fmt: skip
                assert told["extensions"]["missing"] == ["record"]
                ready = await client.get("/readyz")
                assert (ready.status_code, ready.json()) == (
                    503,
                    {"status": "unavailable", "missing": ["record"]},
                )
                proxy.set("none")
                await until(ready_again)
                told = (await client.post("/graphql", json={"query": query})).json()
                assert told["data"]["search"]["complete"] is True
