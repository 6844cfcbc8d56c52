"""The current state as a stream of JSON Lines (ingest/jsonl.py), for export and /export."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace

from api.ledger import Ledger
from graph.hidden import hidden
from ingest import jsonl
from ontology.merge import key_of, visible
from ontology.model import Direction
from ontology.resource import Held, Link, LinkKey, Resource, ResourceId
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
    ids = [r.id for r in batch]
    if not (viewer.sees_all and viewer.personal):
        links = await ledger.links_whole(ids, None, Direction.FORWARD, viewer, most=LINKS)
        return [
            jsonl.write(
                ledger.shown(r, viewer),
                sorted(links.edges.get(r.id, ()), key=lambda e: (e.type, e.target, e.key)),
            )
            for r in batch
        ]
    held = await ledger.store.held(ids)
    shown = await _shown(
        ledger, {r.id: held[r.id] for r in batch if not jsonl.is_plain(r, held[r.id])}
    )
    return [
        # as they were made: the last of equals wins
        jsonl.write(r, shown.get(r.id, ()), tuple(reversed(held[r.id])))
        for r in batch
    ]


async def _shown(
    ledger: Ledger, held: Mapping[ResourceId, Sequence[Held]]
) -> dict[ResourceId, list[Link]]:
    """The links that readers see, from the claims themselves, under the names that they see."""
    seen = {id: visible(claims).values() for id, claims in held.items()}
    ends = {link.target for shown in seen.values() for _, link in shown}
    stand = await ledger.store.resolve(list(ends))
    found = {}
    for id, shown in seen.items():
        links: dict[LinkKey, Link] = {}
        for _, link in sorted(shown, key=lambda one: (-one[0].source.rank, -one[0].since)):
            named = replace(link, target=stand.get(link.target, link.target))
            links.setdefault(key_of(named), named)
        found[id] = sorted(links.values(), key=lambda x: (x.type, x.target, x.key))
    return found
