"""The documents of a whole ledger, made by several processes side by side.

Making a document (what stands around the resource, cutting its texts) costs ten times what
the engine takes to add it, and one interpreter does one at a time. So the names of the ledger
are dealt out in stretches; each process reads its stretch from the record and hands back
what the index takes as it is. They come in order, so a build knows how far it is.
"""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import signal
import threading
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from graph.store import GraphStore
from graph.whole import StretchStore
from ingest.collected import SELDOM
from ingest.neighbours import around
from ontology.errors import Unavailable
from ontology.model import Ontology
from ontology.resource import Resource, ResourceId
from search.document import SearchDocument, document, title_of
from search.index import Preparing
from search.mapping import SearchMapping
from search.text import names_as_words

T = TypeVar("T")

STRETCH = 4_000
"""Names in one stretch; bounds memory."""
FEW = 50_000
"""Resources below which other processes would take longer to begin than to help."""


class Made(NamedTuple):
    """A stretch of the ledger as the index takes it, up to and with the name `last`."""

    ready: Sequence[Any]
    last: ResourceId
    resources: int


@dataclass(frozen=True, slots=True)
class Workshop:
    """How another process comes to the record: plain functions, which can be sent there."""

    open_store: Callable[[], GraphStore]
    make_ontology: Callable[[], Ontology]


async def documents(
    store: GraphStore, living: Sequence[Resource], mapping: SearchMapping
) -> list[SearchDocument]:
    """The documents of living resources."""
    near = await around(store, living, mapping)
    return [document(r, near.get(r.id, {}), mapping) for r in living]


def words_of(resources: Sequence[Resource], mapping: SearchMapping) -> Counter[str]:
    """Their names that may become words, counted."""
    return names_as_words(title_of(r, mapping.types.get(r.type)) for r in resources)


class Makers:
    """The other processes. `async with`: they end with it, or with this process."""

    def __init__(self, store: StretchStore, workshop: Workshop, mapping: SearchMapping) -> None:
        self._store = store
        self._count = max(2, os.cpu_count() or 2)
        self._pool = ProcessPoolExecutor(
            self._count,
            multiprocessing.get_context("spawn"),
            initializer=_begin,
            initargs=(workshop, mapping),
        )

    async def __aenter__(self) -> Makers:
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self._pool.shutdown, cancel_futures=True)

    async def made(
        self, preparing: Preparing, after: ResourceId | None = None
    ) -> AsyncIterator[Made]:
        async for made in self._each(_made, preparing, after=after):
            yield made

    async def words(self) -> AsyncIterator[Counter[str]]:
        async for counted in self._each(_words):
            yield counted

    async def _each(
        self, work: Callable[..., T], *told: Any, after: ResourceId | None = None
    ) -> AsyncIterator[T]:
        """What the work makes of each stretch, in order; a few are under way at a time."""
        loop, under_way = asyncio.get_running_loop(), deque[asyncio.Future[T]]()
        begin: str = after or ""
        try:
            async for end in self._store.stretches(STRETCH, after=after):
                under_way.append(loop.run_in_executor(self._pool, work, begin, end, *told))
                begin = end
                if len(under_way) > 2 * self._count:
                    yield await under_way.popleft()
            while under_way:
                yield await under_way.popleft()
        except BrokenProcessPool:
            raise Unavailable(
                "建立检索文档的进程意外结束，请再试一次，将从中断处继续 / a process that makes "
                "search documents ended (out of memory?); run it again, it goes on from there"
            ) from None
        finally:
            for one in under_way:
                one.cancel()


# --- within such a process -------------------------------------------------------------


class _Here(NamedTuple):
    run: Callable[[Coroutine[Any, Any, Any]], Any]
    store: Any  # a GraphStore and StretchStore in one
    mapping: SearchMapping


_here: _Here


def _begin(workshop: Workshop, mapping: SearchMapping) -> None:
    global _here
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # told to the whole terminal: the other ends us
    threading.Thread(target=_end_with_parent, daemon=True).start()
    gc.set_threshold(*SELDOM)
    loop, store = asyncio.new_event_loop(), workshop.open_store()
    loop.run_until_complete(store.ensure(workshop.make_ontology()))
    _here = _Here(loop.run_until_complete, store, mapping)


def _end_with_parent() -> None:
    """A killed process tells nobody; we would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _made(after: str, until: ResourceId, preparing: Preparing) -> Made:
    living = _here.run(_here.store.stretch(after, until))
    docs = _here.run(documents(_here.store, living, _here.mapping))
    return Made(preparing(docs), until, len(living))


def _words(after: str, until: ResourceId) -> Counter[str]:
    return words_of(_here.run(_here.store.stretch(after, until)), _here.mapping)
