"""The search index on tantivy, in process: generations in a folder, one engine each.

Any number of processes may search one folder; one feeds it. Blocking calls run in
threads; opening a generation (its word list takes a while) and writing happen one at a
time, searching never waits for them.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from ontology.errors import Unavailable
from ontology.problem import Problem
from ontology.resource import ResourceId
from ontology.viewer import Viewer
from search.cutter import Cutter
from search.document import SearchDocument
from search.generations import GenerationFolder, Generations, IndexDamaged
from search.index import Hit, Request, SearchPage, Stored
from search.lease import FileLease, Lease
from search.mapping import SearchMapping
from search.plan import Planner
from search.tantivy_engine import Engine, Line, View, line
from search.tantivy_search import Search
from search.text import segmenter
from search.views import Views

log = logging.getLogger("mulu")
T = TypeVar("T")


class NoIndex(Unavailable):
    """There is no generation in use."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"检索索引尚未建立 · no search index yet: {folder}")


@dataclass(frozen=True)
class Lines:
    """Makes the lines of documents, in any process; what it cuts with is made where it is."""

    mapping: SearchMapping
    words: tuple[str, ...]

    def __call__(self, docs: Sequence[SearchDocument]) -> list[Line]:
        return [line(self._cutter.physical(doc)) for doc in docs]

    @cached_property
    def _cutter(self) -> Cutter:
        return Cutter(self.mapping, segmenter(self.words))

    def __getstate__(self) -> dict[str, Any]:
        return {"mapping": self.mapping, "words": self.words}


@dataclass(frozen=True, slots=True)
class Opened:
    """A generation with its engine and what makes its lines."""

    folder: GenerationFolder
    search: Search
    lines: Lines

    @staticmethod
    def of(folder: GenerationFolder) -> Opened:
        engine = Engine(folder.engine, folder.mapping)
        views: Views[View] = Views()
        planner = Planner(folder.mapping, segmenter(folder.words))
        lines = Lines(folder.mapping, folder.words)
        return Opened(folder, Search(engine, planner, views), lines)

    def put(self, docs: Sequence[SearchDocument], deleted: Iterable[str], upto: int) -> None:
        self.search.engine.write(self.lines(docs), deleted, upto)


class TantivyGeneration:
    """A generation being filled; see `search.index.Generation`. Nobody reads it yet, so there are
    few commits: tantivy indexes one batch while the next is being put together."""

    def __init__(
        self, generations: Generations, opened: Opened, place: str | None = None, begun: int = 0
    ) -> None:
        self._generations, self._opened = generations, opened
        self.mapping = opened.folder.mapping
        self.place, self.begun = ResourceId(place) if place else None, begun
        self._engine = opened.search.engine
        self._upto = 0

    @property
    def preparing(self) -> Lines:
        return self._opened.lines

    async def take(self, ready: Sequence[Line]) -> Sequence[Problem]:
        await asyncio.to_thread(self._engine.gather, ready, (), new=True)
        return ()

    async def keep(self, place: ResourceId, begun: int) -> None:
        await asyncio.to_thread(self._engine.keep, place, begun)
        self.place, self.begun = place, begun

    async def put(
        self, docs: Sequence[SearchDocument], *, upto: int, deleted: Iterable[ResourceId] = ()
    ) -> Sequence[Problem]:
        ready = await asyncio.to_thread(self._opened.lines, docs)
        await asyncio.to_thread(self._engine.gather, ready, deleted)
        self._upto = upto
        return ()

    async def position(self) -> int:
        return self._upto

    async def publish(self) -> None:
        await asyncio.to_thread(self._opened.put, (), (), self._upto)
        await asyncio.to_thread(self._engine.release)
        put_to_use = self._generations.publish if self._upto else self._generations.use
        await asyncio.to_thread(put_to_use, self._opened.folder)

    async def leave(self) -> None:
        await asyncio.to_thread(self._engine.give_up)

    async def discard(self) -> None:
        await asyncio.to_thread(self._engine.give_up)
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
        try:
            self._current()
        except NoIndex:
            made = self._generations.create(mapping, words)
            Engine(made.engine, mapping)  # there is something to open from the first moment
            self._generations.use(made)
            self._current()

    def outdated(self, mapping: SearchMapping, words: Sequence[str] | None = None) -> bool:
        folder = (self._opened or self._current()).folder
        changed = words is not None and tuple(words) != folder.words
        return changed or mapping.version != folder.mapping.version

    @property
    def mapping(self) -> SearchMapping:
        return (self._opened or self._current()).folder.mapping

    async def unfinished(self, mapping: SearchMapping) -> TantivyGeneration | None:
        return await asyncio.to_thread(self._unfinished, mapping)

    def _unfinished(self, mapping: SearchMapping) -> TantivyGeneration | None:
        for folder in self._generations.beside():
            if folder.mapping.version == mapping.version:
                with suppress(IndexDamaged):
                    opened = Opened.of(folder)
                    kept = opened.search.engine.kept()
                    if kept is not None:
                        return TantivyGeneration(self._generations, opened, *kept)
        return None

    async def rebuild(self, mapping: SearchMapping, words: Sequence[str]) -> TantivyGeneration:
        made = await asyncio.to_thread(self._generations.create, mapping, words)
        return TantivyGeneration(self._generations, await asyncio.to_thread(Opened.of, made))

    def _current(self) -> Opened:
        """The generation in use; opened anew where another one was published. Where the pointer
        leads to none, the newest that is whole: it is put to use again."""
        opened = self._opened
        with suppress(IndexDamaged):
            if opened is not None and opened.folder.path.name == self._generations.pointer():
                return opened
        with self._opening:
            for last_try in (False, True):
                name = None
                try:
                    name = self._generations.pointer()
                    if self._opened is not None and self._opened.folder.path.name == name:
                        return self._opened
                    if name is None:
                        raise NoIndex(self._generations.folder)
                    return self._turned_to(Opened.of(self._generations.read(name)))
                except (IndexDamaged, NoIndex):
                    if not last_try and name is not None and self._generations.pointer() != name:
                        continue  # it was published over while we were opening it
                    if (whole := self._whole()) is None:
                        raise
                    return self._turned_to(whole)
        raise AssertionError("unreachable")

    def _turned_to(self, opened: Opened) -> Opened:
        before, self._opened = self._opened, opened
        if before is not None:
            before.search.engine.release()
        return opened

    def _whole(self) -> Opened | None:
        """The newest generation beside that was filled to its end, put to use."""
        for folder in self._generations.beside():
            with suppress(IndexDamaged):
                opened = Opened.of(folder)
                if opened.search.engine.view().position:  # stored when all of it is there
                    log.warning("检索索引的指针已失，改用 / search goes on with %s", folder.path)
                    self._generations.use(folder)
                    return opened
        return None

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
