"""Whether the search index holds exactly what the record says, both ways."""

from __future__ import annotations

from collections.abc import AsyncIterator

from graph.store import Flaw, GraphStore
from ingest.projector import Projector
from ontology.resource import Resource, ResourceId
from search.index import SearchIndex, Stored

BATCH = 1_000


async def audit_search(
    store: GraphStore, index: SearchIndex, projector: Projector, *, repair: bool = False
) -> AsyncIterator[Flaw]:
    """Each document missing, stale or orphaned. With `repair` they are put right while the
    index goes on answering; the position stays where it was."""
    stored = _documents(index)
    found = await anext(stored, None)
    async for batch in _batches(store):
        wrong: list[ResourceId] = []
        docs, _ = await projector.documents([r.id for r in batch])
        for doc in sorted(docs, key=lambda d: d.id):
            while found and found.id < doc.id:
                yield Flaw("search", "多余 / orphan", found.id)
                wrong.append(found.id)
                found = await anext(stored, None)
            if found and found.id == doc.id:
                if found.digest != doc.digest:
                    yield Flaw("search", "陈旧 / stale", doc.id)
                    wrong.append(doc.id)
                found = await anext(stored, None)
            else:
                yield Flaw("search", "缺失 / missing", doc.id)
                wrong.append(doc.id)
        if repair and wrong:
            await projector.mend(wrong)
    left: list[ResourceId] = []
    while found:
        yield Flaw("search", "多余 / orphan", found.id)
        left.append(found.id)
        found = await anext(stored, None)
    if repair and left:
        await projector.mend(left)


async def _documents(index: SearchIndex) -> AsyncIterator[Stored]:
    after: ResourceId | None = None
    while page := await index.stored(after=after, limit=BATCH):
        for one in page:
            yield one
        after = page[-1].id


async def _batches(store: GraphStore) -> AsyncIterator[list[Resource]]:
    batch: list[Resource] = []
    async for resource in store.scan():
        batch.append(resource)
        if len(batch) >= BATCH:
            yield batch
            batch = []
    yield batch
