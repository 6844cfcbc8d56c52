"""A ledger on real servers, over a network that breaks all the time: nothing that was
acknowledged is lost, nothing is there twice, nobody waits for ever, and it recovers by itself.

MULU_FAULTS says how many faults (50).
"""

from __future__ import annotations

import asyncio
import os
import random
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from api.ledger import Ledger
from api.settings import settings
from api.wiring import followed, open_ledger
from ontology.errors import Unavailable
from ontology.resource import ChangeSet, Claim, Rank, ResourceId, Source
from ontology.viewer import LOCAL
from tests.faults.proxy import FAULTS, Proxy
from tests.servers.emptied import emptied

COUNT = int(os.environ.get("MULU_FAULTS", "50"))
SCAN = Source("scan", Rank.SCANNED)
HELD = 0.15
"""Seconds that a fault lasts, and that all is well between two."""
DEADLINE = 60.0
"""Seconds in which any request has ended, one way or the other."""


@asynccontextmanager
async def proxied(url: str) -> AsyncIterator[tuple[Proxy, str]]:
    """A proxy before a server, and the server's address by way of it."""
    parts = urlsplit(url)
    async with Proxy(parts.hostname or "", parts.port or 0) as proxy:
        host = f"{parts.hostname}:{parts.port}"
        yield proxy, url.replace(host, f"127.0.0.1:{proxy.port}")


class Writer:
    """Writes one resource after the other, each under a key, until it is acknowledged."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.acknowledged: list[ResourceId] = []
        self.refused, self.longest = 0, 0.0
        self.stopped = False

    async def run(self) -> None:
        while not self.stopped:
            number = len(self.acknowledged)
            id = ResourceId(f"org:faults-{number}")
            claim = Claim(id, "Department", {"name": f"第{number}局"})
            changes = ChangeSet("t", SCAN, claims=(claim,), key=f"key-{number}")
            while True:
                began = time.monotonic()
                try:
                    await self.ledger.commit(changes)
                    break
                except Unavailable:
                    self.refused += 1
                    await asyncio.sleep(0.02)
                finally:
                    self.longest = max(self.longest, time.monotonic() - began)
            self.acknowledged.append(id)
            await asyncio.sleep(0.01)


async def trouble(proxy: Proxy, seed: int = 1) -> None:
    """Faults of every kind, one after the other."""
    chance = random.Random(seed)
    begun, end = proxy.done, time.monotonic() + 240
    while proxy.done - begun < COUNT and time.monotonic() < end:
        proxy.set(chance.choice(FAULTS))
        await asyncio.sleep(HELD)
        proxy.set("none")
        await asyncio.sleep(HELD)
    assert proxy.done - begun >= COUNT


async def nothing_is_lost_or_doubled(ledger: Ledger, writer: Writer) -> None:
    seen = await ledger.store.get_many(writer.acknowledged)
    assert seen.keys() == set(writer.acknowledged)
    told = Counter([c.resource async for c in ledger.store.changes(0)])
    assert set(told.values()) == {1}, "each was committed once"
    assert [flaw async for flaw in ledger.store.verify()] == []
    assert writer.longest < DEADLINE


async def test_writes_go_on_while_search_breaks(elastic_url: str, tmp_path: Path) -> None:
    prefix = f"faults-{uuid.uuid4().hex[:8]}"
    async with proxied(elastic_url) as (proxy, url):
        chosen = settings(data=tmp_path, search=f"{url}/{prefix}")
        async with open_ledger(chosen) as ledger, followed(ledger):
            writer = Writer(ledger)
            writing = asyncio.create_task(writer.run())
            await trouble(proxy)
            proxy.set("cut")
            await asyncio.sleep(0.5)
            fresh = await ledger.projections.freshness()
            assert fresh.missing == ("search",)
            before = len(writer.acknowledged)
            began = time.monotonic()
            with pytest.raises(Unavailable):
                await ledger.search(ledger.query("局"), LOCAL)
            assert time.monotonic() - began < DEADLINE
            await asyncio.sleep(0.5)
            assert len(writer.acknowledged) > before, "writes go on"
            assert await ledger.resource(writer.acknowledged[-1], LOCAL), "and so do readings"
            writer.stopped = True
            await writing
            assert writer.refused == 0
            proxy.set("none")
            assert await ledger.projections.wait(await ledger.projections.top(), DEADLINE), (
                "it comes back by itself"
            )
            page = await ledger.search(ledger.query("局"), LOCAL)
            assert page.total == len(writer.acknowledged)
            await nothing_is_lost_or_doubled(ledger, writer)


async def test_what_was_acknowledged_is_kept_while_the_record_breaks(
    neo4j_database: str, tmp_path: Path
) -> None:
    await emptied(neo4j_database)
    async with proxied(neo4j_database) as (proxy, url):
        chosen = settings(data=tmp_path, graph=url)
        async with open_ledger(chosen) as ledger, followed(ledger):
            writer = Writer(ledger)
            writing = asyncio.create_task(writer.run())
            await trouble(proxy)
            writer.stopped = True
            await asyncio.wait_for(writing, DEADLINE)
            assert await ledger.projections.wait(await ledger.projections.top(), DEADLINE)
            page = await ledger.search(ledger.query("局"), LOCAL)
            assert page.total == len(writer.acknowledged)
            await nothing_is_lost_or_doubled(ledger, writer)
