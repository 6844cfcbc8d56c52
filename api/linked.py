"""The record with its links followed: what a change reaches, where data come from, what was
different at another moment. Needs no search index, so that a command which only asks such things
opens none.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from api.reaching import Reaching
from api.record import Record
from ontology.errors import InvalidInput
from ontology.resource import At, Resource, ResourceId
from ontology.viewer import Viewer

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


class Linked(Record):
    """Answers along links, each for a viewer. Opened and closed by `api/wiring.py`."""

    def __init__(self, reaching: Reaching) -> None:
        super().__init__(reaching.ontology, reaching.store)
        self.reaching = reaching

    async def fed(self) -> datetime | None:
        """When something was last read or changed: a run that finds nothing new makes no
        commit. None: never."""
        head = await self.store.head()
        if head is None:
            return None
        runs = await self.store.runs(limit=50)
        return max(head.at, *(run.finished or head.at for run in runs if run.complete), head.at)

    async def impact(self, question: Question, viewer: Viewer) -> ImpactAnswer:
        """What a change reaches, from the reach index at the head. Raises NotFound for a
        start that the viewer may not see, as for one that is not there."""
        from graph.impact import impact

        await self._asked(question, viewer)
        return await impact(self.store, await self.reaching.reach(), question, viewer)

    async def impacts(
        self, questions: Sequence[Question], viewer: Viewer
    ) -> AsyncIterator[ImpactAnswer]:
        """The answers to several questions, in their order: sooner than one after another."""
        from graph.impact import impacts

        for question in questions:
            await self._asked(question, viewer)
        reach = await self.reaching.reach()
        async for answer in impacts(self.store, reach, questions, viewer):
            yield answer

    async def impact_lines(
        self, question: Question, viewer: Viewer
    ) -> AsyncIterator[ImpactAnswer | Affected]:
        """The same as a stream: the answer without results, then each result."""
        from graph.impact import impact_lines

        await self._asked(question, viewer)
        async for line in impact_lines(self.store, await self.reaching.reach(), question, viewer):
            yield line

    async def comparison(self, question: Question, against: At, viewer: Viewer) -> ComparisonAnswer:
        """What a change reaches at one moment and not at another."""
        from graph.comparison import comparison

        await self._asked(question, viewer)
        return await comparison(self.store, await self.reaching.reach(), question, against, viewer)

    async def comparison_lines(
        self, question: Question, against: At, viewer: Viewer
    ) -> AsyncIterator[ComparisonAnswer | Shifted]:
        """The same as a stream: the answer without results, then each result."""
        from graph.comparison import comparison_lines

        await self._asked(question, viewer)
        async for line in comparison_lines(
            self.store, await self.reaching.reach(), question, against, viewer
        ):
            yield line

    async def _asked(self, question: Question, viewer: Viewer) -> None:
        named = (*(change.resource for change in question.changes), *question.departments)
        await self.seen(named, viewer)

    async def lineage(self, question: LineageQuestion, viewer: Viewer) -> LineageAnswer:
        """Where data come from and where they go; starts as for `impact`."""
        from graph.lineage import lineage

        await self.seen([question.resource], viewer)
        return await lineage(self.store, await self.reaching.reach(), question, viewer)

    async def derived(self, types: Collection[str], viewer: Viewer) -> int | None:
        """How many resources of these classes have a lineage; None where no reach index is
        held that could count them."""
        from graph.lineage import derived

        index = await self.reaching.held()
        return None if index is None else await derived(index, types, viewer)

    async def underived(
        self, types: Collection[str], viewer: Viewer, *, after: ResourceId | None, limit: int
    ) -> tuple[Resource, ...]:
        """Those of these classes that have none. Raises InvalidInput where no reach index is
        held that knows them."""
        from graph.lineage import underived

        index = await self.reaching.held()
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
        return await origins(self.store, await self.reaching.reach(), question, viewer)

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

        return await holders(self.store, await self.reaching.reach(), ids, at)

    async def columns(
        self, datasets: Sequence[ResourceId], viewer: Viewer, *, at: At = None
    ) -> ColumnAnswer:
        """The fields of these datasets and the lineage around them; ids as for `impact`."""
        from graph.columns import columns

        await self.seen(datasets, viewer)
        return await columns(self.store, await self.reaching.reach(), datasets, viewer, at=at)

    async def business(
        self, datasets: Sequence[ResourceId], viewer: Viewer, *, at: At = None
    ) -> BusinessAnswer:
        """Entries, matters and scenarios that these datasets serve."""
        from graph.business import business

        await self.seen(datasets, viewer)
        return await business(self.store, self.ontology, datasets, viewer, at=at)
