"""A stream of writes and reads over a ledger, and what must be true of it in the end."""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from api.ledger import Ledger
from ontology.errors import Unavailable
from ontology.resource import ChangeSet, Claim, Rank, ResourceId, Source
from ontology.viewer import LOCAL

COUNT = int(os.environ.get("MULU_FAULTS", "25"))
"""Faults of each test."""
DEADLINE = 60.0
"""Seconds in which any request has ended, one way or the other."""
GROWTH = 300 << 20
"""Bytes by which this process may grow meanwhile: a queue without bound would pass them."""
SCAN = Source("scan", Rank.SCANNED)


@dataclass
class Stream:
    """Writes one resource after the other, each under a key, until it is acknowledged; beside
    it asks all the time. Being refused is no failure; not being answered is."""

    ledger: Ledger
    acknowledged: list[ResourceId] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    longest: float = 0.0
    grown: int = 0
    stopped: bool = False

    async def write(self) -> None:
        while not self.stopped:
            number = len(self.acknowledged)
            id = ResourceId(f"org:faults-{number}")
            claim = Claim(id, "Department", {"name": f"第{number}局"})
            changes = ChangeSet("t", SCAN, claims=(claim,), key=f"key-{number}")
            while True:
                if await self._answered("write", self.ledger.commit(changes)):
                    break
                await asyncio.sleep(0.02)
            self.acknowledged.append(id)
            await asyncio.sleep(0.02)

    async def read(self) -> None:
        before = resident()
        while not self.stopped:
            await self._answered("search", self._search())
            if self.acknowledged:
                last = self.acknowledged[-1]
                await self._answered("resource", self.ledger.resource(last, LOCAL))
            self.grown = max(self.grown, resident() - before)
            await asyncio.sleep(0.02)

    async def _search(self) -> None:
        page = await self.ledger.search(self.ledger.query("局"), LOCAL)
        assert page.total <= len(self.acknowledged) + 1

    async def _answered(self, what: str, asked: Awaitable[object]) -> bool:
        began = time.monotonic()
        try:
            await asked
        except Unavailable:
            self.refused[what] += 1
            return False
        finally:
            self.longest = max(self.longest, time.monotonic() - began)
        return True

    async def more(self, count: int = 3) -> None:
        """Until so many further writes are acknowledged."""
        wanted = len(self.acknowledged) + count

        async def enough() -> bool:
            return len(self.acknowledged) >= wanted

        await until(enough)


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Ask until it holds. Raises TimeoutError after DEADLINE."""
    async with asyncio.timeout(DEADLINE):
        while True:
            if await holds():
                return
            await asyncio.sleep(0.01)


@asynccontextmanager
async def streaming(ledger: Ledger) -> AsyncIterator[Stream]:
    """A stream while the block runs; then what it must have come to."""
    stream = Stream(ledger)
    tasks = [asyncio.create_task(work) for work in (stream.write(), stream.read())]
    try:
        yield stream
        stream.stopped = True
        await asyncio.wait_for(asyncio.gather(*tasks), 2 * DEADLINE)
    finally:
        for task in tasks:
            task.cancel()
    assert stream.longest < DEADLINE, "no request hangs"
    assert stream.grown < GROWTH, "memory is bounded"
    projections = ledger.projections
    assert await projections.wait(await ledger.reaching.top(), DEADLINE), "it comes back by itself"
    page = await ledger.search(ledger.query("局"), LOCAL)
    assert page.total == len(stream.acknowledged), "everything is found"
    seen = await ledger.store.get_many(stream.acknowledged)
    assert seen.keys() == set(stream.acknowledged), "nothing acknowledged is lost"
    told = Counter([c.resource async for c in ledger.store.changes(0)])
    assert set(told.values()) == {1}, "each was committed once"
    assert [flaw async for flaw in projections.verify()] == []


def resident(process: int | None = None) -> int:
    """Bytes of memory that a process holds now; None: this one."""
    pages = int(Path(f"/proc/{process or 'self'}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
