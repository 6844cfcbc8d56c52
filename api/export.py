"""The current state as a stream of JSON Lines (ingest/jsonl.py), for export and /export."""

from __future__ import annotations

from collections.abc import AsyncIterator

from api.ledger import Ledger
from graph.hidden import hidden
from ingest import jsonl
from ontology.model import Direction
from ontology.resource import Resource
from ontology.viewer import Viewer

BATCH = 1_000
LINKS = 10_000_000
"""Links of one resource in its line: all that any has."""


async def lines(ledger: Ledger, viewer: Viewer, *, type: str | None = None) -> AsyncIterator[bytes]:
    """A header, then a line a resource in order of id, then the aliases. Memory is constant.

    A viewer who may not see everything gets the merged view without the claims."""
    yield jsonl.write_header(jsonl.Header(ontology=ledger.ontology.digest))
    batch: list[Resource] = []
    async for resource in ledger.store.scan(type):
        batch.append(resource)
        if len(batch) >= BATCH:
            for line in await _written(ledger, viewer, batch):
                yield line
            batch = []
    for line in await _written(ledger, viewer, batch):
        yield line
    for alias in await ledger.aliases(viewer):
        yield jsonl.write_alias(alias)


async def _written(ledger: Ledger, viewer: Viewer, batch: list[Resource]) -> list[bytes]:
    unseen = await hidden(ledger.store, ledger.ontology, {r.id: r for r in batch}, viewer, None)
    batch = [r for r in batch if r.id not in unseen]
    whole = viewer.sees_all and viewer.personal
    held = await ledger.store.held([r.id for r in batch]) if whole else {}
    # A line that is one claim has its links from the claim: only the others are asked for.
    rest = [r.id for r in batch if not jsonl.is_plain(r, held.get(r.id, ()))]
    links = await ledger.links_whole(rest, None, Direction.FORWARD, viewer, most=LINKS)
    return [
        jsonl.write(
            ledger.shown(r, viewer),
            sorted(links.edges.get(r.id, ()), key=lambda e: (e.type, e.target, e.key)),
            tuple(reversed(held.get(r.id, ()))),  # as they were made: the last of equals wins
        )
        for r in batch
    ]
