"""What follows the record: the index of words, and the reach index. Kept up with it, opened,
built anew, looked after, and told to those who wait.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from api.part import REST, Part
from graph.store import Flaw, GraphStore
from ingest.audit import audit_search
from ingest.projector import Projector, Told
from ontology.errors import Unavailable
from ontology.model import Ontology
from ontology.resource import Commit
from search.index import SearchIndex

if TYPE_CHECKING:
    from graph.reach.index import ReachIndex
    from graph.reach.near import NearReach
    from graph.reach.sight import Reach

log = logging.getLogger("mulu")

PAUSE = 0.02
"""Seconds between two looks for commits of other processes."""
WORTH_KEEPING = 1_000
"""Link intervals since the last snapshot from which on a new one is written."""
WORTH_MAPPING = 1_000_000
"""Link intervals from which on an index just built is written and mapped at once."""


ROOMY = 40_000_000
"""Living resources up to which `auto` holds the reach index in memory."""


@dataclass(frozen=True, slots=True)
class Where:
    """Where links are looked for: in memory, in the store, or by the size of the ledger; and how
    long one answer may fetch them from the store, in seconds."""

    reach: Literal["memory", "store", "auto"] = "memory"
    seconds: float = 5.0


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
        self,
        ontology: Ontology,
        store: GraphStore,
        index: SearchIndex,
        projector: Projector,
        snapshots: Path,
        where: Where,
    ) -> None:
        self.ontology, self.store, self.index = ontology, store, index
        self._projector, self._snapshots = projector, snapshots
        self.record, self.search = Part("record"), Part("search")
        self._where = where
        self._near: NearReach | None = None  # where the store itself is asked
        self._reach: ReachIndex | None = None
        self._kept = True  # whether its base is on disk
        self._checking: asyncio.Task[None] | None = None  # whether what was on disk is sound
        self._feeding, self._reaching = asyncio.Lock(), asyncio.Lock()
        self._news = asyncio.Condition()
        self._catching: asyncio.Task[Freshness] | None = None  # for those who wait

    async def catch_up(self, told: Told | None = None) -> Freshness:
        """Bring the projections up to the head (another process may be feeding search)."""
        async with self._feeding:
            await self._projector.catch_up(told)
        if self._reach is not None:
            await self.reach()
        return await self.freshness()

    async def reach(self) -> Reach:
        """Who answers along links: the reach index at the head, or the store itself."""
        reach = await self.held() or self._near
        assert reach is not None
        return reach

    async def held(self) -> ReachIndex | None:
        """The reach index at the head: opened when first asked for, then caught up. None where
        the store is asked instead."""
        reach = self._reach
        if reach is not None and reach.upto == await self.top():
            return reach  # as mostly: nobody waits for another's question
        async with self._reaching:
            if self._near is None and self._reach is None and await self._too_large():
                from graph.reach.near import NearReach

                self._near = NearReach(self.store, self.ontology, self._where.seconds)
            if self._near is not None:
                return None
            reach = self._reach or await self._opened()
            if reach is None or reach.upto > await self.top():
                # None yet, or the record is older than the snapshot (a restored backup).
                reach = await self._built()
            self._reach = reach
            await reach.catch_up(self.store)
            return reach

    async def _too_large(self) -> bool:
        """Whether the links are not to be held in memory."""
        if self._where.reach != "auto":
            return self._where.reach == "store"
        counts = await self.store.counts()
        return sum(counts.get(name, 0) for name in self.ontology.types) > ROOMY

    async def _opened(self) -> ReachIndex | None:
        """The reach index as it was kept; its last byte is looked at while it answers."""
        from graph.reach.index import ReachIndex  # with numpy, which most commands do without

        reach = await asyncio.to_thread(ReachIndex.open, self._snapshots, self.ontology)
        if reach is not None:
            self._checking = asyncio.create_task(self._check_snapshot())
        return reach

    async def _check_snapshot(self) -> None:
        from graph.reach.index import ReachIndex

        if not await asyncio.to_thread(ReachIndex.intact, self._snapshots):
            log.warning(
                "影响索引的快照已损坏，正在重建 / the snapshot of reach is damaged: rebuilding"
            )
            async with self._reaching:
                self._reach = await self._built()

    async def _built(self) -> ReachIndex:
        """The reach index from the record. A large one is kept at once and mapped, so that what
        building took can be given back."""
        from graph.reach.index import ReachIndex

        reach, self._kept = await self._fresh_reach(), False
        if reach.links < WORTH_MAPPING:
            return reach
        await asyncio.to_thread(reach.save, self._snapshots)
        self._kept = True
        mapped = await asyncio.to_thread(ReachIndex.open, self._snapshots, self.ontology)
        return mapped or reach

    async def reindex(self, told: Told | None = None) -> Freshness:
        """Build both projections anew; the old ones answer until the new ones are whole."""
        async with self._feeding:
            await self._projector.rebuild(told)
        if self._near is None:
            async with self._reaching:
                self._reach = await self._built()
        return await self.freshness()

    async def verify(self, *, repair: bool = False) -> AsyncIterator[Flaw]:
        """What is not as it should be: in the record, then in each projection."""
        async for flaw in self.store.verify(repair=repair):
            yield flaw
        await self.catch_up()
        async for flaw in audit_search(self.store, self.index, self._projector, repair=repair):
            yield flaw
        held = await self.held()
        if held is None:
            return  # the record itself is asked: nothing that could differ from it
        fresh = await self._fresh_reach()
        for what in held.differences(fresh):
            yield Flaw("reach", what, "")
        if repair:
            async with self._reaching:
                self._reach, self._kept = fresh, False

    async def _fresh_reach(self) -> ReachIndex:
        from graph.reach.index import ReachIndex

        return await ReachIndex.build(self.store, self.ontology)

    async def close(self) -> None:
        """Keep the reach index as a snapshot where that saves the next start some work."""
        for task in (self._checking, self._catching):
            if task is not None:
                task.cancel()
        if self._reach and (not self._kept or self._reach.overlay > WORTH_KEEPING):
            await asyncio.to_thread(self._reach.save, self._snapshots)

    async def freshness(self) -> Freshness:
        """How far each part is, and which do not answer."""
        asked = await asyncio.gather(
            self.top(), self.search.ask(self.index.position), return_exceptions=True
        )
        known: dict[str, int] = {}
        for part, number in zip(("record", "search"), asked, strict=True):
            if isinstance(number, int):
                known[part] = number
            elif not isinstance(number, Unavailable):
                raise number
        head, search = known.get("record", 0), known.get("search", 0)
        reach = self._reach.upto if self._reach else head
        missing = tuple(part for part in ("record", "search") if part not in known)
        return Freshness(head, search, reach, missing)

    async def top(self) -> int:
        """Number of the last commit; 0: none yet."""
        head = await self.record.ask(self.store.head)
        return head.number if head else 0

    async def follow(self) -> None:
        """Runs as long as a server lives: feeds the projections, wakes subscribers. A store or
        index that is down is asked again until it is back."""
        seen = shown = -1
        down = False
        while True:
            try:
                number = await self.top()
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

    async def compile_walks(self) -> None:
        """Runs beside `follow`: has the walks of a ledger that is worth it compiled."""
        from graph.reach.compiled import compile_beside

        while True:
            reach = self._reach
            if reach is not None and reach.worth_compiling:
                if not await compile_beside():
                    return  # numba is not there
                await asyncio.to_thread(reach.warm)
            await asyncio.sleep(1.0)

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
