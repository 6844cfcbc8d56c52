"""The ledger as readers and writers meet it: one record, two projections, one viewer a read.

GraphQL, HTTP and the command line are all thin over this. Reads leave out what the viewer
may not see (api/record.py); answers that depend on a projection say which commit they reflect
(api/projections.py).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from api.projections import Projections, Where
from api.record import Record
from graph.store import GraphStore
from ingest.projector import Projector
from ontology.errors import InvalidInput
from ontology.model import Ontology
from ontology.resource import At, ChangeSet, Commit, Resource, ResourceId
from ontology.viewer import LOCAL, Viewer
from search.index import Hit, Request, SearchIndex, SearchPage
from search.mapping import SearchMapping
from search.parse import parse

if TYPE_CHECKING:
    from graph.affected import Affected
    from graph.business import BusinessAnswer
    from graph.columns import ColumnAnswer
    from graph.comparison import ComparisonAnswer, Shifted
    from graph.difference import DiffAnswer, Difference, DiffQuestion
    from graph.holders import Holders
    from graph.lineage import LineageAnswer, LineageQuestion
    from graph.origins import OriginsAnswer, OriginsQuestion
    from graph.question import ImpactAnswer, Question

PATIENCE = 0.5
"""Seconds that a search waits for the index to reach the head before it answers as it is."""
NEAR = 10
"""Commits that are worth waiting for. A delivery, or a new generation of the index, is not."""


class Ledger(Record):
    """Everything over one record. Opened and closed by `api/wiring.py`."""

    def __init__(
        self,
        ontology: Ontology,
        mapping: SearchMapping,
        store: GraphStore,
        index: SearchIndex,
        projector: Projector,
        snapshots: Path,
        where: Where = Where(),
    ) -> None:
        super().__init__(ontology, store)
        self.mapping, self.index = mapping, index
        self.projections = Projections(ontology, store, index, projector, snapshots, where)

    async def fed(self) -> datetime | None:
        """When something was last read or changed: a run that finds nothing new makes no
        commit. None: never."""
        head = await self.store.head()
        if head is None:
            return None
        runs = await self.store.runs(limit=50)
        return max(head.at, *(run.finished or head.at for run in runs if run.complete), head.at)

    async def commit(
        self, changes: ChangeSet, viewer: Viewer = LOCAL, *, wait: float = 0.0
    ) -> Commit | None:
        """Commit; with `wait`, return once search and reach show it (or time is up). Raises
        Forbidden where the viewer may not see what they would change."""
        await self.allowed(changes, viewer)
        commit = await self.store.commit(changes)
        if commit is not None and wait:
            await self.projections.wait(commit.number, wait)
        return commit

    # --- by words -------------------------------------------------------------------------

    async def search(self, request: Request, viewer: Viewer) -> SearchPage:
        """One page of hits. Waits a moment for commits just made; `position` tells which
        commit the answer reflects. Answers while the record is down, too."""
        fresh = await self.projections.freshness()
        if not fresh.missing and 0 < fresh.head - fresh.search <= NEAR:
            await self.projections.wait(fresh.head, PATIENCE)
        return await self.projections.search.ask(
            lambda: self.index.search(request, viewer=viewer), seconds=None
        )

    def query(self, text: str) -> Request:
        """The request that a person means by these words."""
        return Request(query=parse(text, self.index.mapping.typed))

    async def suggest(self, prefix: str, viewer: Viewer, *, limit: int = 10) -> tuple[Hit, ...]:
        return await self.projections.search.ask(
            lambda: self.index.suggest(prefix, viewer=viewer, limit=limit), seconds=None
        )

    # --- along links ------------------------------------------------------------------------

    async def impact(self, question: Question, viewer: Viewer) -> ImpactAnswer:
        """What a change reaches, from the reach index at the head. Raises NotFound for a
        start that the viewer may not see, as for one that is not there."""
        from graph.impact import impact

        await self._asked(question, viewer)
        return await impact(self.store, await self.projections.reach(), question, viewer)

    async def impacts(
        self, questions: Sequence[Question], viewer: Viewer
    ) -> AsyncIterator[ImpactAnswer]:
        """The answers to several questions, in their order: sooner than one after another."""
        from graph.impact import impacts

        for question in questions:
            await self._asked(question, viewer)
        reach = await self.projections.reach()
        async for answer in impacts(self.store, reach, questions, viewer):
            yield answer

    async def impact_lines(
        self, question: Question, viewer: Viewer
    ) -> AsyncIterator[ImpactAnswer | Affected]:
        """The same as a stream: the answer without results, then each result."""
        from graph.impact import impact_lines

        await self._asked(question, viewer)
        async for line in impact_lines(
            self.store, await self.projections.reach(), question, viewer
        ):
            yield line

    async def comparison(self, question: Question, against: At, viewer: Viewer) -> ComparisonAnswer:
        """What a change reaches at one moment and not at another."""
        from graph.comparison import comparison

        await self._asked(question, viewer)
        return await comparison(
            self.store, await self.projections.reach(), question, against, viewer
        )

    async def comparison_lines(
        self, question: Question, against: At, viewer: Viewer
    ) -> AsyncIterator[ComparisonAnswer | Shifted]:
        """The same as a stream: the answer without results, then each result."""
        from graph.comparison import comparison_lines

        await self._asked(question, viewer)
        async for line in comparison_lines(
            self.store, await self.projections.reach(), question, against, viewer
        ):
            yield line

    async def _asked(self, question: Question, viewer: Viewer) -> None:
        named = (*(change.resource for change in question.changes), *question.departments)
        await self.seen(named, viewer)

    async def lineage(self, question: LineageQuestion, viewer: Viewer) -> LineageAnswer:
        """Where data come from and where they go; starts as for `impact`."""
        from graph.lineage import lineage

        await self.seen([question.resource], viewer)
        return await lineage(self.store, await self.projections.reach(), question, viewer)

    async def derived(self, types: Collection[str], viewer: Viewer) -> int | None:
        """How many resources of these classes have a lineage; None where no reach index is
        held that could count them."""
        from graph.lineage import derived

        index = await self.projections.held()
        return None if index is None else await derived(index, types, viewer)

    async def underived(
        self, types: Collection[str], viewer: Viewer, *, after: ResourceId | None, limit: int
    ) -> tuple[Resource, ...]:
        """Those of these classes that have none. Raises InvalidInput where no reach index is
        held that knows them."""
        from graph.lineage import underived

        index = await self.projections.held()
        if index is None:
            raise InvalidInput(
                "内存中没有血缘索引，无从列出 / not listed: MULU_REACH keeps no links in memory"
            )
        behind = (await self.store.numbers([after])).get(after, 0) if after else 0
        found = await underived(self.store, index, types, viewer, after=behind, limit=limit)
        return tuple(self.shown(r, viewer) for r in found)

    async def origins(self, question: OriginsQuestion, viewer: Viewer) -> OriginsAnswer:
        """Where a datum comes from at last, and whether by right; starts as for `impact`."""
        from graph.origins import origins

        await self.seen([question.resource], viewer)
        return await origins(self.store, await self.projections.reach(), question, viewer)

    # --- between two moments ----------------------------------------------------------------

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

        return await holders(self.store, await self.projections.reach(), ids, at)

    async def columns(
        self, datasets: Sequence[ResourceId], viewer: Viewer, *, at: At = None
    ) -> ColumnAnswer:
        """The fields of these datasets and the lineage around them; ids as for `impact`."""
        from graph.columns import columns

        await self.seen(datasets, viewer)
        return await columns(self.store, await self.projections.reach(), datasets, viewer, at=at)

    async def business(
        self, datasets: Sequence[ResourceId], viewer: Viewer, *, at: At = None
    ) -> BusinessAnswer:
        """Entries, matters and scenarios that these datasets serve."""
        from graph.business import business

        await self.seen(datasets, viewer)
        return await business(self.store, self.ontology, datasets, viewer, at=at)
