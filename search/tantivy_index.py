"""The search index on tantivy, in process: generations in a folder, one engine each.

Any number of processes may search one folder; one feeds it. Blocking calls run in
threads; opening a generation (its word list takes a while) and writing happen one at a
time, searching never waits for them.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from ontology.errors import Unavailable
from ontology.problem import Problem
from ontology.resource import ResourceId
from ontology.viewer import Viewer
from search.document import SearchDocument
from search.generations import GenerationFolder, Generations, IndexDamaged
from search.index import Hit, Request, SearchPage, Stored
from search.lease import FileLease, Lease
from search.mapping import SearchMapping
from search.plan import Planner
from search.tantivy_engine import Engine, View
from search.tantivy_search import Search
from search.text import segmenter
from search.tokens import Physical, physical
from search.views import Views

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Opened:
    """A generation with its engine and what cuts its texts."""

    folder: GenerationFolder
    search: Search

    @staticmethod
    def of(folder: GenerationFolder) -> Opened:
        engine = Engine(folder.engine, folder.mapping)
        views: Views[View] = Views()
        planner = Planner(folder.mapping, segmenter(folder.words))
        return Opened(folder, Search(engine, planner, views))

    def put(self, docs: Sequence[SearchDocument], deleted: Iterable[str], upto: int) -> None:
        self.search.engine.write(self._cut(docs), deleted, upto)

    def gather(self, docs: Sequence[SearchDocument], deleted: Iterable[str], *, new: bool) -> None:
        self.search.engine.gather(self._cut(docs), deleted, new=new)

    def _cut(self, docs: Sequence[SearchDocument]) -> list[Physical]:
        cut = self.search.planner.segmenter
        return [physical(doc, self.folder.mapping, cut) for doc in docs]


class TantivyGeneration:
    """A generation being filled; see `search.index.Generation`. Nobody reads it yet, so all
    of it is one commit: tantivy indexes one batch while the next is being put together."""

    def __init__(self, generations: Generations, opened: Opened) -> None:
        self._generations, self._opened = generations, opened
        self.mapping = opened.folder.mapping
        self._upto = 0

    async def put(
        self, docs: Sequence[SearchDocument], *, upto: int, deleted: Iterable[ResourceId] = ()
    ) -> Sequence[Problem]:
        await asyncio.to_thread(self._opened.gather, docs, deleted, new=not upto)
        self._upto = upto
        return ()

    async def position(self) -> int:
        return self._upto

    async def publish(self) -> None:
        await asyncio.to_thread(self._opened.put, (), (), self._upto)
        await asyncio.to_thread(self._opened.search.engine.release)
        await asyncio.to_thread(self._generations.publish, self._opened.folder)

    async def discard(self) -> None:
        await asyncio.to_thread(self._opened.search.engine.release)
        await asyncio.to_thread(self._generations.discard, self._opened.folder)


class TantivyIndex:
    """See `search.index.SearchIndex`. `folder` is made if need be."""

    def __init__(self, folder: Path) -> None:
        self._generations = Generations(folder)
        self.lease: Lease = FileLease(folder / "feeder.lock")
        self._opened: Opened | None = None
        self._opening = threading.Lock()

    # --- generations ----------------------------------------------------------------------

    async def ensure(self, mapping: SearchMapping, words: Sequence[str] = ()) -> None:
        await asyncio.to_thread(self._ensure, mapping, words)

    def _ensure(self, mapping: SearchMapping, words: Sequence[str]) -> None:
        if self._generations.pointer() is None:
            made = self._generations.create(mapping, words)
            Engine(made.engine, mapping)  # there is something to open from the first moment
            self._generations.publish(made)
        self._current()

    def outdated(self, mapping: SearchMapping, words: Sequence[str] | None = None) -> bool:
        folder = (self._opened or self._current()).folder
        changed = words is not None and tuple(words) != folder.words
        return changed or mapping.version != folder.mapping.version

    @property
    def mapping(self) -> SearchMapping:
        return (self._opened or self._current()).folder.mapping

    async def rebuild(self, mapping: SearchMapping, words: Sequence[str]) -> TantivyGeneration:
        made = await asyncio.to_thread(self._generations.create, mapping, words)
        return TantivyGeneration(self._generations, await asyncio.to_thread(Opened.of, made))

    def _current(self) -> Opened:
        """The generation in use; opened anew where another one was published."""
        name = self._generations.pointer()
        opened = self._opened
        if opened is not None and opened.folder.path.name == name:
            return opened
        with self._opening:
            for last_try in (False, True):
                name = self._generations.pointer()
                if name is None:
                    raise Unavailable(
                        f"检索索引尚未建立 · no search index yet: {self._generations.folder}"
                    )
                if self._opened is not None and self._opened.folder.path.name == name:
                    return self._opened
                try:
                    before, self._opened = self._opened, Opened.of(self._generations.read(name))
                except IndexDamaged:
                    if last_try or self._generations.pointer() == name:
                        raise
                    continue  # it was published over while we were opening it
                if before is not None:
                    before.search.engine.release()
                return self._opened
        raise AssertionError("unreachable")

    # --- feeding --------------------------------------------------------------------------

    async def put(
        self, docs: Sequence[SearchDocument], *, upto: int, deleted: Iterable[ResourceId] = ()
    ) -> Sequence[Problem]:
        await asyncio.to_thread(lambda: self._current().put(docs, deleted, upto))
        return ()

    async def delete(self, ids: Iterable[ResourceId], *, upto: int) -> None:
        await self.put((), upto=upto, deleted=ids)

    async def release(self, *, after: float = 0.0) -> None:
        if self._opened is not None:
            await asyncio.to_thread(self._opened.search.engine.release, after)

    async def close(self) -> None:
        await self.release()
        if self._opened is not None:
            self._opened.search.views.clear()
        self._opened = None

    # --- asking ---------------------------------------------------------------------------

    async def search(self, request: Request, *, viewer: Viewer | None = None) -> SearchPage:
        return await asyncio.to_thread(self._ask, lambda search: search.page(request, viewer))

    async def suggest(
        self, prefix: str, *, viewer: Viewer | None = None, limit: int = 10
    ) -> tuple[Hit, ...]:
        return await asyncio.to_thread(
            self._ask, lambda search: search.suggest(prefix, viewer, limit)
        )

    async def stored(self, *, after: ResourceId | None = None, limit: int = 1_000) -> list[Stored]:
        return await asyncio.to_thread(self._ask, lambda search: search.stored(after, limit))

    async def count(self) -> int:
        return await asyncio.to_thread(self._ask, lambda search: search.count())

    async def position(self) -> int:
        return await asyncio.to_thread(self._ask, lambda search: search.engine.view().position)

    def _ask(self, question: Callable[[Search], T]) -> T:
        """Ask the generation in use; once more if it was replaced in the midst of it."""
        opened = self._current()
        try:
            return question(opened.search)
        except Unavailable:
            if self._generations.pointer() == opened.folder.path.name:
                raise
            return question(self._current().search)
