"""What the ledger knows of datasets' columns, asked for one dataset at a time.

SQL needs them for `*` and for names without a table. A source runs in a worker thread,
so the question goes over to the event loop of the store and the thread waits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping

from graph.hidden import hidden
from graph.store import GraphStore
from ontology.model import Direction, Ontology
from ontology.resource import ResourceId
from ontology.viewer import LOCAL, Viewer

COLUMNS = 5_000
PATIENCE = 30.0


class LedgerSchemas(Mapping[str, tuple[str, ...]]):
    """Dataset id → column names in order. Must be made on the store's event loop and be
    read from other threads; what was read once is kept. What the viewer may not see has no
    columns: a view over it would show them."""

    def __init__(self, store: GraphStore, ontology: Ontology, viewer: Viewer = LOCAL) -> None:
        self._store, self._loop = store, asyncio.get_running_loop()
        self._ontology, self._viewer = ontology, viewer
        self._known: dict[str, tuple[str, ...]] = {}

    def __getitem__(self, dataset: str) -> tuple[str, ...]:
        if dataset not in self._known:
            asked = asyncio.run_coroutine_threadsafe(self._columns(dataset), self._loop)
            self._known[dataset] = asked.result(PATIENCE)
        if not self._known[dataset]:
            raise KeyError(dataset)
        return self._known[dataset]

    def __iter__(self) -> Iterator[str]:
        return (name for name, columns in self._known.items() if columns)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    async def _columns(self, dataset: str) -> tuple[str, ...]:
        links = await self._store.links_many(
            [ResourceId(dataset)], ["hasField"], Direction.FORWARD, limit=COLUMNS
        )
        fields = [edge.target for edges in links.values() for edge in edges]
        found = dict(await self._store.get_many([ResourceId(dataset), *fields]))
        unseen = await hidden(self._store, self._ontology, found, self._viewer, None)
        if found.pop(ResourceId(dataset), None) is None or ResourceId(dataset) in unseen:
            return ()
        ordered = sorted(
            (r for id, r in found.items() if not r.retired and id not in unseen),
            key=lambda r: (_ordinal(r.attributes.get("ordinal")), r.id),
        )
        return tuple(
            str(r.attributes.get("physicalName", r.id.rpartition("#")[2])) for r in ordered
        )


def _ordinal(value: object) -> int:
    return value if isinstance(value, int) else 1 << 30
