"""The search index on Elasticsearch: generations as indices, an alias for the one that answers.

    mulu            alias, for reading: the generation in use; swapped in one step
    mulu-gen-3      a generation: documents, position, and what it was built for
    mulu-gen-3-in   alias, for writing to this generation
    mulu-lease      who feeds (elastic_lease.py)

A view of the index is a point in time. It is shared by all searches until the position has
moved, which each search looks up beside its own question; so an answer is of one moment, and
pages have no gaps.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import orjson

from ontology.errors import CatalogError, Unavailable
from ontology.problem import Problem
from ontology.resource import ResourceId
from ontology.viewer import Viewer
from search import tokens as t
from search.cutter import Cutter
from search.document import SearchDocument
from search.elastic_address import Address
from search.elastic_client import Conflict, Gone, connect, translated
from search.elastic_feed import Feed, Item
from search.elastic_lease import ElasticLease
from search.elastic_query import (
    GENERATION,
    KEPT,
    META,
    POSITION,
    SETTINGS,
    Body,
    body,
    fields,
    query,
)
from search.elastic_search import page, suggest
from search.generations import IndexDamaged
from search.index import Hit, Request, SearchPage, Stored
from search.mapping import FORMAT, SearchMapping
from search.plan import EVERYTHING, Planner
from search.question import Question
from search.text import segmenter
from search.views import Views

T = TypeVar("T")

KEEP = "2m"
"""How long the cluster keeps a point in time after its last use."""
_POSITION: Body = {
    "query": {"term": {META: POSITION}},
    "seq_no_primary_term": True,
    "_source": [KEPT],
    "size": 1,
}
PATIENCE, PAUSE = 30.0, 0.2
"""Seconds that `ensure` waits for another process to make the first index."""


@dataclass(eq=False)
class View:
    """The index at one moment: a point in time, the stamp of its position document, and
    the position itself."""

    pit: str
    stamp: int
    position: int


@dataclass(frozen=True)
class Items:
    """Makes of documents what is sent, in any process; what it cuts with is made where it is."""

    mapping: SearchMapping
    words: tuple[str, ...]

    def __call__(self, docs: Sequence[SearchDocument]) -> list[Item]:
        return [Item(doc.id, orjson.dumps(body(self._cutter.physical(doc)))) for doc in docs]

    @cached_property
    def _cutter(self) -> Cutter:
        return Cutter(self.mapping, segmenter(self.words))

    def __getstate__(self) -> dict[str, Any]:
        return {"mapping": self.mapping, "words": self.words}


@dataclass
class Opened:
    """A generation, what makes its items, and its views."""

    name: str
    planner: Planner
    items: Items
    words: tuple[str, ...]
    feed: Feed
    views: Views[View] = field(default_factory=Views)
    view: View | None = None

    @property
    def mapping(self) -> SearchMapping:
        return self.planner.mapping

    async def store(
        self, docs: Sequence[SearchDocument], deleted: Iterable[ResourceId], upto: int
    ) -> list[Problem]:
        gone = [Item(id, None) for id in deleted]
        return await self.feed.store([*gone, *await asyncio.to_thread(self.items, docs)], upto)


class ElasticGeneration:
    """A generation being filled; see `search.index.Generation`."""

    def __init__(self, index: ElasticIndex, opened: Opened) -> None:
        self._index, self._opened = index, opened
        self.mapping = opened.mapping
        self.place: ResourceId | None = None
        self.begun = self._upto = 0

    @property
    def preparing(self) -> Items:
        return self._opened.items

    async def take(self, ready: Sequence[Item]) -> Sequence[Problem]:
        return await self._opened.feed.store(ready, 0)

    async def keep(self, place: ResourceId, begun: int) -> None:
        """The cluster keeps each request; but nothing here notes how far they came."""

    async def put(
        self, docs: Sequence[SearchDocument], *, upto: int, deleted: Iterable[ResourceId] = ()
    ) -> Sequence[Problem]:
        problems = await self._opened.store(docs, deleted, upto)
        self._upto = upto
        return problems

    async def position(self) -> int:
        return self._upto

    async def publish(self) -> None:
        await self._opened.feed.move(self._upto)
        await self._index.publish(self._opened)

    async def leave(self) -> None:
        await self.discard()

    async def discard(self) -> None:
        await self._index.remove(self._opened.name)


class ElasticIndex:
    """See `search.index.SearchIndex`."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._client = connect(address)
        self.lease = ElasticLease(address, self._client)
        self._name = re.compile(re.escape(address.prefix) + r"-gen-(\d+)")
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
                    self._opened = await self._create(mapping, words, answering=True)
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
        return None

    async def rebuild(self, mapping: SearchMapping, words: Sequence[str]) -> ElasticGeneration:
        for name, answers in (await self._generations()).items():
            if not answers:  # left unfinished by a crash
                await self.remove(name)
        return ElasticGeneration(self, await self._create(mapping, words))

    async def publish(self, made: Opened) -> None:
        """Let it answer, and remove the others, in one step."""
        others = [name for name in await self._generations() if name != made.name]
        actions: list[Body] = [{"add": {"index": made.name, "alias": self.address.prefix}}]
        actions += [{"remove_index": {"index": name}} for name in others]
        with translated(self.address):
            await self._client.indices.update_aliases(actions=actions)
        self._opened = made

    async def remove(self, name: str) -> None:
        with suppress(Gone), translated(self.address):
            await self._client.indices.delete(index=name)

    async def _create(
        self, mapping: SearchMapping, words: Sequence[str], *, answering: bool = False
    ) -> Opened:
        """An empty generation after all that are there. Raises Conflict where another process
        makes the same one."""
        prefix = self.address.prefix
        number = max(
            (int(name.rpartition("-")[2]) for name in await self._generations()), default=0
        )
        made = await self._open(f"{prefix}-gen-{number + 1}", mapping, tuple(words))
        aliases: Body = {made.feed.alias: {}} | ({prefix: {}} if answering else {})
        with translated(self.address):
            await self._client.indices.create(
                index=made.name,
                mappings=fields(mapping),
                settings=SETTINGS,
                aliases=aliases,
            )
        kept = {"format": FORMAT, "mapping": mapping.to_json(), "words": made.words}
        described = orjson.dumps({META: GENERATION, KEPT: kept})
        await made.feed.move(0, Item(GENERATION, described, own=True))
        return made

    async def _generations(self) -> dict[str, bool]:
        """Names of all that are there, and whether they answer."""
        prefix = self.address.prefix
        with translated(self.address):
            found = await self._client.indices.get(
                index=f"{prefix}-gen-*", features="aliases", expand_wildcards="all"
            )
        return {
            name: prefix in of["aliases"]
            for name, of in found.items()
            if self._name.fullmatch(name)
        }

    async def _open(self, name: str, mapping: SearchMapping, words: tuple[str, ...]) -> Opened:
        segments = await asyncio.to_thread(segmenter, words)
        feed = Feed(self.address, self._client, f"{name}-in")
        return Opened(name, Planner(mapping, segments), Items(mapping, words), words, feed)

    async def _current(self, name: str | None = None) -> Opened:
        """The generation in use (or of that name); opened anew where another was published.
        Raises Gone where there is none."""
        name = name or (await self._stamp())[0]
        async with self._opening:
            if self._opened is None or self._opened.name != name:
                with translated(self.address):
                    found = await self._client.get(index=name, id=GENERATION)
                self._opened = await self._described(name, found["_source"][KEPT])
            return self._opened

    async def _described(self, name: str, kept: Any) -> Opened:
        try:
            if kept["format"] != FORMAT:
                raise IndexDamaged(name, f"format {kept['format']}, this version reads {FORMAT}")
            mapping = SearchMapping.from_json(kept["mapping"])
            return await self._open(name, mapping, tuple(kept["words"]))
        except (KeyError, TypeError, ValueError) as error:
            raise IndexDamaged(name, str(error) or type(error).__name__) from error

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
            except Gone:  # another generation was published in the meantime
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
        """Of the newest state: the generation, the stamp of its position, the position."""
        with translated(self.address):
            found = await self._client.search(
                index=self.address.prefix,
                body=_POSITION,
                allow_partial_search_results=False,
            )
        for hit in found["hits"]["hits"]:
            return hit["_index"], hit["_seq_no"], hit["_source"][KEPT]["upto"]
        raise IndexDamaged(self.address.prefix, "no position")

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
