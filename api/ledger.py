"""The ledger as readers and writers meet it: one record, two projections, one viewer a read.

GraphQL, HTTP and the command line are all thin over this. Reads leave out what the viewer
may not see; answers that depend on a projection say which commit they reflect.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from api import shown
from graph.links import Links, links_whole
from graph.store import Flaw, GraphStore, LinkPage
from ingest.audit import audit_search
from ingest.projector import Projector, Told
from ontology.errors import Forbidden, NotFound, Unavailable
from ontology.model import Direction, Ontology
from ontology.resource import Alias, At, ChangeSet, Commit, Edge, Held, Resource, ResourceId
from ontology.viewer import LOCAL, Viewer
from search.index import Hit, Request, SearchIndex, SearchPage
from search.mapping import SearchMapping
from search.parse import parse

if TYPE_CHECKING:
    from graph.affected import Affected
    from graph.business import BusinessAnswer
    from graph.columns import ColumnAnswer
    from graph.comparison import ComparisonAnswer
    from graph.difference import DiffAnswer, Difference, DiffQuestion
    from graph.holders import Holders
    from graph.impact import ImpactAnswer, Question
    from graph.lineage import LineageAnswer, LineageQuestion
    from graph.origins import OriginsAnswer, OriginsQuestion
    from graph.reach.index import ReachIndex

log = logging.getLogger("mulu")

PAUSE = 0.02
"""Seconds between two looks for commits of other processes."""
WORTH_KEEPING = 1_000
"""Link intervals since the last snapshot from which on a new one is written."""
WORTH_MAPPING = 1_000_000
"""Link intervals from which on an index just built is written and mapped at once."""
ANSWER = 5.0
"""Seconds in which a projection that is up has answered."""
REST = 0.5
"""Seconds between two tries where a store or an index is down."""
PATIENCE = 0.05
"""Seconds that a search waits for the index to reach the head before it answers as it is."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """Commit numbers: the record's head, and how far each projection has come."""

    head: int
    search: int
    reach: int
    missing: tuple[str, ...] = ()  # parts that do not answer now; their number is 0

    @property
    def behind(self) -> int:
        return self.head - min(self.search, self.reach)


class Ledger:
    """Everything over one record. Opened and closed by `api/wiring.py`."""

    def __init__(
        self,
        ontology: Ontology,
        mapping: SearchMapping,
        store: GraphStore,
        index: SearchIndex,
        projector: Projector,
        snapshots: Path,
    ) -> None:
        self.ontology, self.mapping = ontology, mapping
        self.store, self.index = store, index
        self._projector, self._snapshots = projector, snapshots
        self._reach: ReachIndex | None = None
        self._kept = True  # whether its base is on disk
        self._checking: asyncio.Task[None] | None = None  # whether what was on disk is sound
        self._feeding, self._reaching = asyncio.Lock(), asyncio.Lock()
        self._news = asyncio.Condition()
        self._catching: asyncio.Task[Freshness] | None = None  # for those who wait

    # --- projections ------------------------------------------------------------------

    async def catch_up(self, told: Told | None = None) -> Freshness:
        """Bring the projections up to the head (another process may be feeding search)."""
        async with self._feeding:
            await self._projector.catch_up(told)
        if self._reach is not None:
            await self.reach()
        return await self.freshness()

    async def reach(self) -> ReachIndex:
        """The reach index at the head: opened when first asked for, then caught up."""
        async with self._reaching:
            reach = self._reach or await self._opened()
            if reach is None or reach.upto > await self.top():
                # None yet, or the record is older than the snapshot (a restored backup).
                reach = await self._built()
            self._reach = reach
            await reach.catch_up(self.store)
            return reach

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
        held = await self.reach()
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
        """Raises Unavailable where the record cannot be read; search may be missing."""
        head = await self.top()
        reach = self._reach.upto if self._reach else head
        try:
            async with asyncio.timeout(ANSWER):
                return Freshness(head, await self.index.position(), reach)
        except (Unavailable, TimeoutError):
            return Freshness(head, 0, reach, missing=("search",))

    async def top(self) -> int:
        """Number of the last commit; 0: none yet."""
        head = await self.store.head()
        return head.number if head else 0

    async def fed(self) -> datetime | None:
        """When something was last read or changed: a run that finds nothing new makes no
        commit. None: never."""
        head = await self.store.head()
        if head is None:
            return None
        runs = await self.store.runs(limit=50)
        return max(head.at, *(run.finished or head.at for run in runs if run.complete), head.at)

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
                if number != shown:  # again, where another process was feeding just then
                    fresh = await self.catch_up()
                    shown = min(fresh.search, fresh.reach)
            except Unavailable as error:
                if not down:
                    log.warning("稍后再试 / trying again until it is back: %s", error)
                down = True
                await asyncio.sleep(REST)
                continue
            if down:
                log.warning("已恢复 / back again, at commit %d", number)
                down = False
            await asyncio.sleep(PAUSE)

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
        await asyncio.wait({task}, timeout=max(seconds, ANSWER))
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

    # --- writes -----------------------------------------------------------------------

    async def commit(
        self, changes: ChangeSet, viewer: Viewer = LOCAL, *, wait: float = 0.0
    ) -> Commit | None:
        """Commit; with `wait`, return once search and reach show it (or time is up). Raises
        Forbidden where the viewer may not see what they would change."""
        await self.allowed(changes, viewer)
        commit = await self.store.commit(changes)
        if commit is not None and wait:
            await self.wait(commit.number, wait)
        return commit

    async def allowed(self, changes: ChangeSet, viewer: Viewer) -> None:
        """Raises Forbidden where the changes touch what the viewer may not see: who could
        write a level of their own to it, or make it one with something else, would see it."""
        if viewer.sees_all:
            return
        touched = {c.resource for c in changes.claims} | {e.resource for e in changes.edits}
        touched |= {n for a in (*changes.aliases, *changes.unaliases) for n in (a.name, a.of)}
        touched |= set(changes.withdrawals)
        hidden = await self._hidden_among(touched, viewer, None)
        if hidden:
            raise Forbidden(
                f"无权修改 / {viewer.name} may not change: {'、'.join(sorted(hidden)[:3])}"
            )

    # --- reads: by id -----------------------------------------------------------------

    async def resources(
        self, ids: Iterable[ResourceId], viewer: Viewer, *, at: At = None
    ) -> Mapping[ResourceId, Resource]:
        """Those that exist and that the viewer may see, under the ids asked for."""
        found = await self.store.get_many(ids, at=at)
        hidden = await self._hidden(found, viewer, at)
        return {id: self.shown(r, viewer) for id, r in found.items() if id not in hidden}

    async def resource(self, id: ResourceId, viewer: Viewer, *, at: At = None) -> Resource:
        """One resource. Raises NotFound: unknown, or not for this viewer (the same words,
        so that nobody learns what is hidden)."""
        found = await self.resources([id], viewer, at=at)
        if id not in found:
            raise NotFound(f"账本中没有 / not in the ledger: {id}")
        return found[id]

    def shown(self, resource: Resource, viewer: Viewer) -> Resource:
        """The resource without the attributes that this viewer may not see."""
        return shown.resource(resource, viewer, self.ontology)

    async def links_many(
        self,
        ids: Sequence[ResourceId],
        types: Sequence[str] | None,
        way: Direction,
        viewer: Viewer,
        *,
        at: At = None,
        limit: int = 100,
    ) -> Mapping[ResourceId, tuple[Edge, ...]]:
        """The first links of each, without those whose other end the viewer may not see."""
        found = await self.store.links_many(ids, types, way, at=at, limit=limit)
        if viewer.sees_all:
            return found
        ends = {e.end(way) for edges in found.values() for e in edges}
        hidden = await self._hidden_among(ends, viewer, at)
        return {
            id: tuple(e for e in edges if e.end(way) not in hidden) for id, edges in found.items()
        }

    async def links_whole(
        self,
        ids: Sequence[ResourceId],
        types: Sequence[str] | None,
        way: Direction,
        viewer: Viewer,
        *,
        most: int,
    ) -> Links:
        """Every link of each, up to `most`, and who has more; hidden ends are left out."""
        found = await links_whole(self.store, ids, types, way, most=most)
        if viewer.sees_all:
            return found
        hidden = await self._hidden_among({e.end(way) for e in found.all()}, viewer, None)
        return Links(
            {
                id: tuple(e for e in edges if e.end(way) not in hidden)
                for id, edges in found.edges.items()
            },
            found.cut,
        )

    async def links(
        self,
        id: ResourceId,
        types: Sequence[str] | None,
        way: Direction,
        viewer: Viewer,
        *,
        at: At = None,
        after: str | None = None,
        limit: int = 100,
    ) -> LinkPage:
        """One page of one resource's links; hidden ends are left out of the page."""
        page = await self.store.links(id, types, way, at=at, after=after, limit=limit)
        if viewer.sees_all:
            return page
        hidden = await self._hidden_among({e.end(way) for e in page.edges}, viewer, at)
        return LinkPage(tuple(e for e in page.edges if e.end(way) not in hidden), page.after)

    async def _hidden_among(
        self, ids: Iterable[ResourceId], viewer: Viewer, at: At
    ) -> set[ResourceId]:
        return await self._hidden(await self.store.get_many(ids, at=at), viewer, at)

    async def _hidden(
        self, found: Mapping[ResourceId, Resource], viewer: Viewer, at: At
    ) -> set[ResourceId]:
        """Those above the viewer's clearance, then or now: what was made secret since is
        not told by asking for the past."""
        if viewer.sees_all:
            return set()
        now = {} if at is None else await self.store.get_many(found)
        both = (*found.items(), *now.items())
        return {id for id, r in both if not viewer.sees(r.attributes)}

    async def history(
        self, id: ResourceId, viewer: Viewer, *, after: int = 0, limit: int = 100
    ) -> tuple[Held, ...]:
        """What sources have said of it, past and present, in order of commit."""
        await self.resource(id, viewer)
        return await self._told(await self.store.history(id, after=after, limit=limit), viewer)

    async def held(self, id: ResourceId, viewer: Viewer, *, at: At = None) -> tuple[Held, ...]:
        """The claims on it, highest precedence first: who says what."""
        await self.resource(id, viewer, at=at)
        return await self._told((await self.store.held([id], at=at)).get(id, ()), viewer)

    async def _told(self, held: tuple[Held, ...], viewer: Viewer) -> tuple[Held, ...]:
        """The claims as far as this viewer may see them."""
        if viewer.sees_all and viewer.personal:
            return held
        ends = shown.ends(held)
        seen = ends - await self._hidden_among(ends, viewer, None)
        return shown.claims(held, seen, viewer, self.ontology)

    async def aliases(self, viewer: Viewer) -> tuple[Alias, ...]:
        """The aliases in force, of what the viewer may see."""
        found = await self.store.aliases()
        hidden = await self._hidden_among({a.of for a in found}, viewer, None)
        return tuple(a for a in found if a.of not in hidden)

    async def conflicts(
        self, viewer: Viewer, *, after: ResourceId | None = None, limit: int = 100
    ) -> tuple[Resource, ...]:
        """Resources on which sources disagree (多源校核), in order of id."""
        found = await self.store.conflicts(after=after, limit=limit)
        told = tuple(self.shown(r, viewer) for r in found if viewer.sees(r.attributes))
        return told if viewer.personal else tuple(r for r in told if r.conflicts)

    # --- reads: by words --------------------------------------------------------------

    async def search(self, request: Request, viewer: Viewer) -> SearchPage:
        """One page of hits. Waits a moment for commits just made; `position` tells which
        commit the answer reflects."""
        if await self.index.position() < await self.top():
            await self.wait(await self.top(), PATIENCE)
        return await self.index.search(request, viewer=viewer)

    def query(self, text: str) -> Request:
        """The request that a person means by these words."""
        return Request(query=parse(text, self.index.mapping.typed))

    async def suggest(self, prefix: str, viewer: Viewer, *, limit: int = 10) -> tuple[Hit, ...]:
        return await self.index.suggest(prefix, viewer=viewer, limit=limit)

    # --- reads: along links -----------------------------------------------------------

    async def impact(self, question: Question, viewer: Viewer) -> ImpactAnswer:
        """What a change reaches, from the reach index at the head. Raises NotFound for a
        start that the viewer may not see, as for one that is not there."""
        from graph.impact import impact

        await self._asked(question, viewer)
        return await impact(self.store, await self.reach(), question, viewer)

    async def impact_lines(
        self, question: Question, viewer: Viewer
    ) -> AsyncIterator[ImpactAnswer | Affected]:
        """The same as a stream: the answer without results, then each result."""
        from graph.impact import impact_lines

        await self._asked(question, viewer)
        async for line in impact_lines(self.store, await self.reach(), question, viewer):
            yield line

    async def comparison(self, question: Question, against: At, viewer: Viewer) -> ComparisonAnswer:
        """What a change reaches at one moment and not at another."""
        from graph.comparison import comparison

        await self._asked(question, viewer)
        return await comparison(self.store, await self.reach(), question, against, viewer)

    async def _asked(self, question: Question, viewer: Viewer) -> None:
        named = (*(change.resource for change in question.changes), *question.departments)
        await self._seen(named, viewer)

    async def lineage(self, question: LineageQuestion, viewer: Viewer) -> LineageAnswer:
        """Where data come from and where they go; starts as for `impact`."""
        from graph.lineage import lineage

        await self._seen([question.resource], viewer)
        return await lineage(self.store, await self.reach(), question, viewer)

    async def derived(self, types: Collection[str], viewer: Viewer) -> int:
        """How many resources of these classes have a lineage."""
        from graph.lineage import derived

        return await derived(await self.reach(), types, viewer)

    async def origins(self, question: OriginsQuestion, viewer: Viewer) -> OriginsAnswer:
        """Where a datum comes from at last, and whether by right; starts as for `impact`."""
        from graph.origins import origins

        await self._seen([question.resource], viewer)
        return await origins(self.store, await self.reach(), question, viewer)

    # --- reads: between two moments ---------------------------------------------------

    async def diff(self, question: DiffQuestion, viewer: Viewer) -> DiffAnswer:
        """One page of what changed, of what the viewer may see."""
        from graph.difference import diff

        return await diff(
            self.store, self.ontology, question, viewer, lambda r: self.shown(r, viewer)
        )

    async def diff_lines(
        self, question: DiffQuestion, viewer: Viewer
    ) -> AsyncIterator[DiffAnswer | Difference]:
        """The same as a stream: the answer without differences, then each difference."""
        from graph.difference import diff_lines

        async for line in diff_lines(
            self.store, self.ontology, question, viewer, lambda r: self.shown(r, viewer)
        ):
            yield line

    async def holders(
        self, ids: Sequence[ResourceId], *, at: At = None
    ) -> Mapping[ResourceId, Holders]:
        """Whole, database, system and department of each, as ids: whoever shows more of them
        asks for that resource, as the viewer."""
        from graph.holders import holders

        return await holders(self.store, await self.reach(), ids, at)

    async def columns(
        self, datasets: Sequence[ResourceId], viewer: Viewer, *, at: At = None
    ) -> ColumnAnswer:
        """The fields of these datasets and the lineage around them; ids as for `impact`."""
        from graph.columns import columns

        await self._seen(datasets, viewer)
        return await columns(self.store, await self.reach(), datasets, viewer, at=at)

    async def business(
        self, datasets: Sequence[ResourceId], viewer: Viewer, *, at: At = None
    ) -> BusinessAnswer:
        """Entries, matters and scenarios that these datasets serve."""
        from graph.business import business

        await self._seen(datasets, viewer)
        return await business(self.store, self.ontology, datasets, viewer, at=at)

    async def _seen(self, ids: Iterable[ResourceId], viewer: Viewer) -> None:
        if not viewer.sees_all:
            for id in ids:
                await self.resource(id, viewer)
