"""The search index on Elasticsearch: one generation answers (elastic_generations.py).

A view of the index is a point in time. It is shared by all searches until the position has
moved, which each search looks up beside its own question; so an answer is of one moment, and
pages have no gaps.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from ontology.errors import CatalogError, Unavailable
from ontology.problem import Problem
from ontology.resource import ResourceId
from ontology.viewer import Viewer
from search import tokens as t
from search.document import SearchDocument
from search.elastic_address import Address
from search.elastic_client import Conflict, Gone, connect, translated
from search.elastic_feed import Item
from search.elastic_generations import (
    ElasticGeneration,
    ElasticGenerations,
    Opened,
    View,
)
from search.elastic_lease import ElasticLease
from search.elastic_query import (
    KEPT,
    META,
    POSITION,
    Body,
    query,
)
from search.elastic_search import page, suggest
from search.generations import IndexDamaged
from search.index import Hit, Request, SearchPage, Stored
from search.mapping import SearchMapping
from search.plan import EVERYTHING
from search.question import Question

T = TypeVar("T")

KEEP = "2m"
"""How long the cluster keeps a point in time after its last use."""
_POSITION: Body = {
    "query": {"term": {META: POSITION}},
    "seq_no_primary_term": True,
    "_source": [KEPT],
    "size": 2,  # one of each generation that answers
}
PATIENCE, PAUSE = 30.0, 0.2
"""Seconds that `ensure` waits for another process to make the first index."""


class ElasticIndex:
    """See `search.index.SearchIndex`."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._client = connect(address)
        self.lease = ElasticLease(address, self._client)
        self._generations = ElasticGenerations(address, self._client)
        self._opened: Opened | None = None
        self._opening, self._writing = asyncio.Lock(), asyncio.Lock()

    # --- generations ----------------------------------------------------------------------

    async def ensure(self, mapping: SearchMapping, words: Sequence[str] = ()) -> None:
        """Of several servers that find none, one makes the first index; the others wait until
        it is described. Where its maker died in between, it is Damaged."""
        waited = 0.0
        while True:
            try:
                await self._current()
                return
            except Gone:
                with suppress(Conflict):
                    made = await self._generations.create(mapping, words, answering=True)
                    self._opened = made
                    return
            except IndexDamaged:
                if waited > PATIENCE:
                    raise
            await asyncio.sleep(PAUSE)
            waited += PAUSE

    def outdated(self, mapping: SearchMapping, words: Sequence[str] | None = None) -> bool:
        opened = self._opened
        if opened is None:
            return True
        changed = words is not None and tuple(words) != opened.words
        return changed or mapping.version != opened.mapping.version

    @property
    def mapping(self) -> SearchMapping:
        if self._opened is None:
            raise self._missing()
        return self._opened.mapping

    async def unfinished(self, mapping: SearchMapping) -> ElasticGeneration | None:
        if (left := await self._generations.unfinished(mapping)) is None:
            return None
        opened, place, begun = left
        return ElasticGeneration(
            self._generations, opened, self.lease, self._published, place=place, begun=begun
        )

    async def rebuild(self, mapping: SearchMapping, words: Sequence[str]) -> ElasticGeneration:
        await self._generations.tidy()
        made = await self._generations.create(mapping, words)
        return ElasticGeneration(self._generations, made, self.lease, self._published)

    def _published(self, made: Opened) -> None:
        self._opened = made

    async def _current(self, name: str | None = None) -> Opened:
        """The generation in use (or of that name); opened anew where another was published.
        Raises Gone where there is none."""
        name = name or (await self._stamp())[0]
        async with self._opening:
            if self._opened is None or self._opened.name != name:
                self._opened = await self._generations.open(name)
            return self._opened

    def _missing(self) -> Unavailable:
        where = f"{self.address.nodes[0]}/{self.address.prefix}"
        return Unavailable(f"检索索引尚未建立 · no search index yet: {where}", part="search")

    # --- feeding --------------------------------------------------------------------------

    async def put(
        self, docs: Sequence[SearchDocument], *, upto: int, deleted: Iterable[ResourceId] = ()
    ) -> Sequence[Problem]:
        gone = tuple(deleted)
        async with self._writing:
            self.lease.check()
            try:
                return await self._put(docs, gone, upto)
            except Gone:  # another generation was published in the meantime, or an alias is lost
                await self._generations.renamed()
                return await self._put(docs, gone, upto)

    async def _put(
        self, docs: Sequence[SearchDocument], gone: Sequence[ResourceId], upto: int
    ) -> Sequence[Problem]:
        name, _, position = await self._stamp()
        opened = await self._current(name)
        problems = await opened.store(docs, gone, upto)
        if upto == position:  # it is being mended
            await opened.feed.store(await self._strays([*gone, *(doc.id for doc in docs)]), upto)
        self.lease.check()
        await opened.feed.move(upto)
        return problems

    async def _strays(self, ids: Sequence[ResourceId]) -> list[Item]:
        """Documents of these resources under ids that are not ours, to be removed."""
        strays: list[Item] = []
        for start in range(0, len(ids), 1_000):
            some = list(ids[start : start + 1_000])
            asked: Body = {"query": {"terms": {t.KEY: some}}, "docvalue_fields": [t.KEY]}
            with translated(self.address):
                found = await self._client.search(
                    index=self.address.prefix, body=asked | {"size": 10_000, "_source": False}
                )
            for hit in found["hits"]["hits"]:
                due = Item(hit["fields"][t.KEY][0], None).stored_as
                strays += [Item(hit["_id"], None, own=True)] * (hit["_id"] != due)
        return strays

    async def delete(self, ids: Iterable[ResourceId], *, upto: int) -> None:
        await self.put((), upto=upto, deleted=ids)

    async def release(self, *, after: float = 0.0) -> None:
        """Nothing is held between puts but the lease."""

    async def close(self) -> None:
        opened, self._opened = self._opened, None
        if opened is not None:
            await self._forget(opened.view)
        await self._client.close()

    # --- asking ---------------------------------------------------------------------------

    async def search(self, request: Request, *, viewer: Viewer | None = None) -> SearchPage:
        async def answer(opened: Opened, newest: View) -> SearchPage:
            asked = Question.read(request, viewer, opened.planner)
            kept = opened.views.get(asked.cursor.snapshot) if asked.cursor else None
            if kept is not None:
                with suppress(Gone):  # it was asked for too late: the page is of today
                    return await self._page(asked, opened, kept)
            return await self._page(asked, opened, newest)

        return await self._ask(answer)

    async def _page(self, asked: Question, opened: Opened, view: View) -> SearchPage:
        return await page(asked, self._asking(view), view.position, lambda: opened.views.keep(view))

    async def suggest(
        self, prefix: str, *, viewer: Viewer | None = None, limit: int = 10
    ) -> tuple[Hit, ...]:
        async def answer(opened: Opened, view: View) -> tuple[Hit, ...]:
            return await suggest(prefix, viewer, limit, opened.planner, self._asking(view))

        return await self._ask(answer)

    async def _ask(self, question: Callable[[Opened, View], Awaitable[T]]) -> T:
        """Ask the last view, and in the same time whether it still is; if not, the next."""
        opened = self._opened
        if opened is not None and (view := opened.view) is not None:
            answer, stamp = await asyncio.gather(
                question(opened, view), self._stamp(), return_exceptions=True
            )
            if not isinstance(stamp, BaseException) and stamp[:2] == (opened.name, view.stamp):
                if not isinstance(answer, BaseException):
                    return answer
                if not isinstance(answer, Gone):
                    raise answer
                opened.view = None  # the cluster gave up the point in time
        for _ in range(2):  # once more where a generation is published in the midst of it
            with suppress(Gone):
                return await question(*await self._newest())
        raise self._missing()

    async def _newest(self) -> tuple[Opened, View]:
        name, stamp, position = await self._stamp()
        opened = await self._current(name)
        view = opened.view
        if view is None or view.stamp != stamp:
            with translated(self.address):
                made = await self._client.open_point_in_time(index=name, keep_alive=KEEP)
            before, view = view, View(made["id"], stamp, position)
            opened.view = view
            if before is not None and not opened.views.has(before):
                await self._forget(before)
        return opened, view

    async def _stamp(self) -> tuple[str, int, int]:
        """Of the newest state: the generation, the stamp of its position, the position. Where the
        alias is lost, or names two, it is put right first."""
        try:
            found = await self._stamps()
        except Gone:
            if not await self._generations.renamed():
                raise
            found = await self._stamps()
        if len(found) > 1:
            await self._generations.renamed()
            found = await self._stamps()
        for stamp in found:
            return stamp
        raise IndexDamaged(self.address.prefix, "no position")

    async def _stamps(self) -> list[tuple[str, int, int]]:
        """Of each generation that answers."""
        with translated(self.address):
            found = await self._client.search(
                index=self.address.prefix,
                body=_POSITION,
                allow_partial_search_results=False,
            )
        return [
            (hit["_index"], hit["_seq_no"], hit["_source"][KEPT]["upto"])
            for hit in found["hits"]["hits"]
        ]

    def _asking(self, view: View) -> Callable[[Body], Awaitable[Any]]:
        async def ask(asked: Body) -> Any:
            in_view = asked | {"pit": {"id": view.pit, "keep_alive": KEEP}}
            with translated(self.address):
                found = await self._client.search(body=in_view, allow_partial_search_results=False)
            return found.body

        return ask

    async def _forget(self, view: View | None) -> None:
        if view is not None:
            with suppress(CatalogError), translated(self.address):
                await self._client.close_point_in_time(id=view.pit)

    # --- for verify -----------------------------------------------------------------------

    async def stored(self, *, after: ResourceId | None = None, limit: int = 1_000) -> list[Stored]:
        index = self.address.prefix
        asked: Body = {"query": query(EVERYTHING), "sort": [{t.KEY: "asc"}], "size": limit}
        asked |= {"docvalue_fields": [t.KEY, t.DIGEST], "_source": False}
        if after is not None:
            asked["search_after"] = [after]
        with translated(self.address):
            if after is None:  # what was changed behind our back must come to light
                await self._client.indices.refresh(index=index)
            found = await self._client.search(index=index, body=asked)
        return [
            Stored(ResourceId(hit["fields"][t.KEY][0]), hit["fields"].get(t.DIGEST, [""])[0])
            for hit in found["hits"]["hits"]
        ]

    async def count(self) -> int:
        with translated(self.address):
            found = await self._client.count(index=self.address.prefix, query=query(EVERYTHING))
        return int(found["count"])

    async def position(self) -> int:
        try:
            name, _, position = await self._stamp()
            await self._current(name)
        except Gone:  # lost, or not there yet: the feeder builds it
            self._opened = None
            return 0
        return position
