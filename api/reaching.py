"""Who answers along links: the reach index, held in memory and kept up with the record, or the
store itself where a ledger is too large for that.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from api.followed import Followed
from api.part import Part
from graph.store import GraphStore
from ontology.model import Ontology

if TYPE_CHECKING:
    from graph.reach.index import ReachIndex
    from graph.reach.near import NearReach
    from graph.reach.sight import Reach

log = logging.getLogger("mulu")

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


class Reaching:
    """The reach of one record, as one process holds it: opened when first asked for."""

    def __init__(
        self, ontology: Ontology, store: GraphStore, snapshots: Path, where: Where = Where()
    ) -> None:
        self.ontology, self.store = ontology, store
        self.record = Part("record")
        self._snapshots, self._where = snapshots, where
        self.followed = Followed(snapshots)
        self._near: NearReach | None = None  # where the store itself is asked
        self._reach: ReachIndex | None = None
        self._kept = True  # whether its base is on disk
        self._checking: asyncio.Task[None] | None = None  # whether what was on disk is sound
        self._reaching = asyncio.Lock()

    async def top(self) -> int:
        """Number of the last commit; 0: none yet."""
        head = await self.record.ask(self.store.head)
        return head.number if head else 0

    @property
    def upto(self) -> int | None:
        """The commit up to which the index is held; None: it is not."""
        return self._reach.upto if self._reach else None

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

        head = await self.store.head()
        if head is not None and await self.followed.another(self.store, head):
            return None  # of the record before a backup was put in its place
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

        reach, self._kept = await self._fresh(), False
        if reach.links < WORTH_MAPPING:
            return reach
        await asyncio.to_thread(reach.save, self._snapshots)
        self._kept = True
        mapped = await asyncio.to_thread(ReachIndex.open, self._snapshots, self.ontology)
        return mapped or reach

    async def rebuild(self) -> None:
        """Build the index anew; the old one answers until the new one is whole."""
        if self._near is None:
            async with self._reaching:
                self._reach = await self._built()

    async def audit(self, *, repair: bool = False) -> tuple[str, ...]:
        """What differs between the index held and one made anew from the record."""
        held = await self.held()
        if held is None:
            return ()  # the record itself is asked: nothing that could differ from it
        fresh = await self._fresh()
        found = tuple(held.differences(fresh))
        if repair:
            async with self._reaching:
                self._reach, self._kept = fresh, False
        return found

    async def _fresh(self) -> ReachIndex:
        from graph.reach.index import ReachIndex

        return await ReachIndex.build(self.store, self.ontology)

    async def compile_walks(self) -> None:
        """Runs as long as a server lives: has the walks of a ledger that is worth it compiled."""
        from graph.reach.compiled import compile_beside

        while True:
            reach = self._reach
            if reach is not None and reach.worth_compiling:
                if not await compile_beside():
                    return  # numba is not there
                await asyncio.to_thread(reach.warm)
            await asyncio.sleep(1.0)

    async def close(self) -> None:
        """Keep the index as a snapshot where that saves the next start some work."""
        if self._checking is not None:
            self._checking.cancel()
        if self._reach and (not self._kept or self._reach.overlay > WORTH_KEEPING):
            await asyncio.to_thread(self._reach.save, self._snapshots)
