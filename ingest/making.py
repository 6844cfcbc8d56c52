"""The documents of a whole ledger, made by several processes side by side.

Making a document (what stands around the resource, cutting its texts) costs ten times what
the engine takes to add it, and one interpreter does one at a time. So the names of the ledger
are dealt out in stretches; each process reads its stretch from the record and hands back
what the index takes as it is. They come in order, so a build knows how far it is.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from graph.hidden import ranks, telling
from graph.store import GraphStore
from graph.whole import StretchStore
from ingest.beside import Beside
from ingest.neighbours import around
from ontology.model import Ontology
from ontology.resource import Resource, ResourceId
from search.document import SearchDocument, document, title_of
from search.index import Preparing
from search.mapping import SearchMapping
from search.text import lexicon, names_as_words

STRETCH = 4_000
"""Names in one stretch; bounds memory."""
FEW = 30_000
"""Resources below which other processes would take longer to begin than to help."""
NAMES = 1_000_000
"""How many different names are counted at once."""


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
    store: GraphStore,
    living: Sequence[Resource],
    mapping: SearchMapping,
    parts: Mapping[str, Sequence[str]] | None = None,
) -> list[SearchDocument]:
    """The documents of living resources. `parts`: the links that may make one more secret than
    it says, where that is known to be fewer than those of the mapping (`graph.hidden.telling`)."""
    near = await around(store, living, mapping)
    met = (r for paths in near.values() for found in paths.values() for r in found)
    parts = mapping.parts if parts is None else parts
    secret = await ranks(store, parts, {r.id: r for r in (*living, *met)})
    return [document(r, near.get(r.id, {}), mapping, secret) for r in living]


def words_of(resources: Sequence[Resource], mapping: SearchMapping) -> Counter[str]:
    """Their names that may become words, counted."""
    return names_as_words(title_of(r, mapping.types.get(r.type)) for r in resources)


class Hands:
    """Makes what a new generation is filled with."""

    def __init__(self, store: GraphStore, mapping: SearchMapping) -> None:
        self._store, self._mapping = store, mapping

    async def words(self) -> tuple[str, ...]:
        """The words to freeze with it: names of the ledger."""
        counted = Counter[str]()
        async for some in self._counted():
            counted.update(some)
            if len(counted) > NAMES:  # the rare ones would not be kept anyway
                counted = Counter(dict(counted.most_common(NAMES // 2)))
        return lexicon(counted)

    async def _counted(self) -> AsyncIterator[Counter[str]]:
        async for batch in self._batches(None):
            yield words_of(batch, self._mapping)

    async def made(self, preparing: Preparing, after: ResourceId | None) -> AsyncIterator[Made]:
        """Every document behind a name, in order, as the index takes it."""
        async for batch in self._batches(after):
            docs = await documents(self._store, batch, self._mapping)
            yield Made(await asyncio.to_thread(preparing, docs), batch[-1].id, len(batch))

    async def _batches(self, after: ResourceId | None) -> AsyncIterator[list[Resource]]:
        batch: list[Resource] = []
        async for resource in self._store.scan(after=after):
            batch.append(resource)
            if len(batch) >= STRETCH:
                yield batch
                batch = []
        if batch:
            yield batch


class ManyHands(Hands):
    """The same with other processes, each with a stretch of the names at a time."""

    def __init__(self, store: GraphStore, mapping: SearchMapping, beside: Beside) -> None:
        super().__init__(store, mapping)
        self._beside = beside

    async def _counted(self) -> AsyncIterator[Counter[str]]:
        async for some in self._beside.each(_words, self._stretches(None)):
            yield some

    async def made(self, preparing: Preparing, after: ResourceId | None) -> AsyncIterator[Made]:
        async for made in self._beside.each(_made, self._stretches(after, preparing)):
            yield made

    async def _stretches(
        self, after: ResourceId | None, *told: Any
    ) -> AsyncIterator[tuple[Any, ...]]:
        assert isinstance(self._store, StretchStore)
        begin: str = after or ""
        async for end in self._store.stretches(STRETCH, after=after):
            yield begin, end, *told
            begin = end


@asynccontextmanager
async def making(
    store: GraphStore, mapping: SearchMapping, workshop: Workshop | None
) -> AsyncIterator[Hands]:
    """Many hands, where the store allows it and the ledger is large enough."""
    few = sum((await store.counts()).values()) < FEW
    if few or workshop is None or not isinstance(store, StretchStore):
        yield Hands(store, mapping)
        return
    async with Beside(_begin, workshop, mapping) as beside:
        yield ManyHands(store, mapping, beside)


# --- within such a process -------------------------------------------------------------


class _Here(NamedTuple):
    run: Callable[[Coroutine[Any, Any, Any]], Any]
    store: Any  # a GraphStore and StretchStore in one
    mapping: SearchMapping
    parts: Mapping[str, Sequence[str]]


_here: _Here


def _begin(workshop: Workshop, mapping: SearchMapping) -> None:
    global _here
    run = asyncio.new_event_loop().run_until_complete
    store: Any = workshop.open_store()
    ontology = workshop.make_ontology()
    run(store.ensure(ontology))
    # What is given a level from now on comes again with its parts, from the log.
    parts = telling(ontology, run(store.levelled()))
    _here = _Here(run, store, mapping, parts)


def _made(after: str, until: ResourceId, preparing: Preparing) -> Made:
    living = _here.run(_here.store.stretch(after, until))
    docs = _here.run(documents(_here.store, living, _here.mapping, _here.parts))
    return Made(preparing(docs), until, len(living))


def _words(after: str, until: ResourceId) -> Counter[str]:
    return words_of(_here.run(_here.store.stretch(after, until)), _here.mapping)
