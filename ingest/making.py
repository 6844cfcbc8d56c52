"""The documents of a whole ledger, made by several processes side by side.

Making a document (what stands around the resource, cutting its texts) costs ten times what
the engine takes to add it, and one interpreter does one at a time. So the names of the ledger
are dealt out in stretches; each process reads its stretch from the record and hands back
what the index takes as it is. They come in order, so a build knows how far it is.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from graph.store import GraphStore
from graph.whole import StretchStore
from ingest.beside import Beside
from ingest.neighbours import around
from ontology.model import Ontology
from ontology.resource import Resource, ResourceId
from search.document import SearchDocument, document, title_of
from search.index import Preparing
from search.mapping import SearchMapping
from search.text import names_as_words

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
        self._beside = Beside(_begin, workshop, mapping)

    async def __aenter__(self) -> Makers:
        return self

    async def __aexit__(self, *told: object) -> None:
        await self._beside.__aexit__(*told)

    def made(self, preparing: Preparing, after: ResourceId | None = None) -> AsyncIterator[Made]:
        """Every document behind a name, as the index takes it."""
        return self._beside.each(_made, self._stretches(after, preparing))

    def words(self) -> AsyncIterator[Counter[str]]:
        """The names that may become words, counted, stretch by stretch."""
        return self._beside.each(_words, self._stretches(None))

    async def _stretches(
        self, after: ResourceId | None, *told: Any
    ) -> AsyncIterator[tuple[Any, ...]]:
        begin: str = after or ""
        async for end in self._store.stretches(STRETCH, after=after):
            yield begin, end, *told
            begin = end


# --- within such a process -------------------------------------------------------------


class _Here(NamedTuple):
    run: Callable[[Coroutine[Any, Any, Any]], Any]
    store: Any  # a GraphStore and StretchStore in one
    mapping: SearchMapping


_here: _Here


def _begin(workshop: Workshop, mapping: SearchMapping) -> None:
    global _here
    loop, store = asyncio.new_event_loop(), workshop.open_store()
    loop.run_until_complete(store.ensure(workshop.make_ontology()))
    _here = _Here(loop.run_until_complete, store, mapping)


def _made(after: str, until: ResourceId, preparing: Preparing) -> Made:
    living = _here.run(_here.store.stretch(after, until))
    docs = _here.run(documents(_here.store, living, _here.mapping))
    return Made(preparing(docs), until, len(living))


def _words(after: str, until: ResourceId) -> Counter[str]:
    return words_of(_here.run(_here.store.stretch(after, until)), _here.mapping)
