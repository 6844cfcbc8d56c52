"""What follows the record: the index of words, and the reach index (api/reaching.py). Kept up
with it, built anew, looked after, and told to those who wait.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass

from api.part import REST, Part
from api.reaching import Reaching
from graph.store import Flaw, GraphStore
from ingest.audit import audit_search
from ingest.projector import Projector, Told
from ontology.errors import Unavailable
from ontology.resource import Commit
from search.index import SearchIndex

log = logging.getLogger("mulu")

PAUSE = 0.02
"""Seconds between two looks for commits of other processes."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """Commit numbers: the record's head, and how far each projection has come. `missing` names
    the parts that do not answer now (record, search); their number is 0."""

    head: int
    search: int
    reach: int
    missing: tuple[str, ...] = ()

    @property
    def behind(self) -> int:
        return max(0, self.head - min(self.search, self.reach))


class Projections:
    """Both projections of one record, as one process holds them."""

    def __init__(
        self, store: GraphStore, index: SearchIndex, projector: Projector, reaching: Reaching
    ) -> None:
        self.store, self.index, self._projector = store, index, projector
        self.reaching = reaching
        self.record, self.search = reaching.record, Part("search")
        self._same = False  # whether the record is known to be the one that was followed
        self._feeding = asyncio.Lock()
        self._news = asyncio.Condition()
        self._catching: asyncio.Task[Freshness] | None = None  # for those who wait

    async def catch_up(self, told: Told | None = None) -> Freshness:
        """Bring the projections up to the head (another process may be feeding search). Both at
        once: while the index is written to disk there is time for links."""
        done = await asyncio.gather(self._fed(told), self._held(), return_exceptions=True)
        for failed in done:
            if failed is not None:
                raise failed
        return await self.freshness()

    async def _fed(self, told: Told | None) -> None:
        async with self._feeding:
            await self._go_after()
            await self._projector.catch_up(told)

    async def _held(self) -> None:
        if self.reaching.upto is not None:
            await self.reaching.held()

    async def _go_after(self) -> None:
        """Note which commit is followed. Where a backup was put in the place of the record, what
        followed the one before is built anew: looked for once in a process, since none may run
        meanwhile."""
        head = await self.record.ask(self.store.head)
        if head is None:
            return
        followed = self.reaching.followed
        if not self._same:
            if await followed.another(self.store, head):
                log.warning("账本是另一份：重建 / the record is another one: building anew")
                await self._projector.rebuild()
                await self.reaching.rebuild()
            self._same = True
        followed.note(head)

    async def reindex(self, told: Told | None = None) -> Freshness:
        """Build both projections anew; the old ones answer until the new ones are whole."""
        async with self._feeding:
            await self._projector.rebuild(told)
        await self.reaching.rebuild()
        return await self.freshness()

    async def verify(self, *, repair: bool = False) -> AsyncIterator[Flaw]:
        """What is not as it should be: in the record, then in each projection."""
        async for flaw in self.store.verify(repair=repair):
            yield flaw
        await self.catch_up()
        async for flaw in audit_search(self.store, self.index, self._projector, repair=repair):
            yield flaw
        for what in await self.reaching.audit(repair=repair):
            yield Flaw("reach", what, "")

    async def close(self) -> None:
        """End what is under way for those who wait."""
        if self._catching is not None:
            self._catching.cancel()

    async def freshness(self) -> Freshness:
        """How far each part is, and which do not answer."""
        asked = await asyncio.gather(
            self.reaching.top(), self.search.ask(self.index.position), return_exceptions=True
        )
        known: dict[str, int] = {}
        for part, number in zip(("record", "search"), asked, strict=True):
            if isinstance(number, int):
                known[part] = number
            elif not isinstance(number, Unavailable):
                raise number
        head, search = known.get("record", 0), known.get("search", 0)
        reach = self.reaching.upto
        missing = tuple(part for part in ("record", "search") if part not in known)
        return Freshness(head, search, head if reach is None else reach, missing)

    async def follow(self) -> None:
        """Runs as long as a server lives: feeds the projections, wakes subscribers. A store or
        index that is down is asked again until it is back."""
        seen = shown = -1
        down = False
        while True:
            try:
                number = await self.reaching.top()
                if number != seen:
                    seen = number
                    async with self._news:
                        self._news.notify_all()
                if self.search.damaged():  # found by a reader, deep inside
                    await self._mend_search()
                if number != shown:  # again, where another process was feeding just then
                    fresh = await self.catch_up()
                    shown = min(fresh.search, fresh.reach)
            except Unavailable as error:
                if not down:
                    log.warning("稍后再试 / trying again until it is back: %s", error)
                down = True
                await asyncio.sleep(REST)
                continue
            except Exception:  # of one commit or one moment: whoever follows must not die of it
                log.exception("稍后再试 / trying again")
                await asyncio.sleep(REST)
                continue
            if down:
                log.warning("已恢复 / back again, at commit %d", number)
                down = False
            await asyncio.sleep(PAUSE)

    async def _mend_search(self) -> None:
        """Build search anew, unless another process does."""
        log.warning("检索索引读不出，正在重建 / search cannot be read: it is built anew")
        async with self._feeding:
            await self._projector.rebuild()

    async def wait(self, upto: int, seconds: float) -> bool:
        """Whether search and reach show commit `upto` within so many seconds."""
        end = time.monotonic() + seconds
        while True:
            fresh = await self._caught_up(end - time.monotonic())
            if fresh is not None and min(fresh.search, fresh.reach) >= upto:
                return True
            if time.monotonic() >= end:
                return False
            await asyncio.sleep(PAUSE / 2)

    async def _caught_up(self, seconds: float) -> Freshness | None:
        """As `catch_up`; None where a projection is down or does not answer in time. Then it
        goes on all the same: what is half done must not be broken off."""
        if self._catching is None or self._catching.done():
            self._catching = asyncio.create_task(self.catch_up())
        task = self._catching
        await asyncio.wait({task}, timeout=max(seconds, 0.0))
        if not task.done():
            return None
        try:
            return task.result()
        except Unavailable:
            return None

    async def feed(self, after: int) -> AsyncIterator[Commit]:
        """Every commit after `after`, the coming ones too, without end."""
        while True:
            async for commit in self.store.commits(after):
                after = commit.number
                yield commit
            with suppress(TimeoutError):
                async with asyncio.timeout(1.0), self._news:
                    await self._news.wait()
