"""Puts the parts together from the settings. The only place that names them all."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from api.ledger import Ledger
from api.opening import open_reaching
from api.settings import Settings
from graph.open import open_store
from ingest.making import Workshop
from ingest.projector import Projector
from ontology.errors import Damaged, Unavailable
from ontology.load import load_ontology
from search.index import SearchIndex
from search.mapping import SearchMapping, derive
from search.open import open_index

log = logging.getLogger("mulu")


@asynccontextmanager
async def open_ledger(settings: Settings, *, waiting: bool = False) -> AsyncIterator[Ledger]:
    """The ledger of these settings, closed at the end. Raises as `open_reaching`, and waits for
    the record as that does."""
    async with open_reaching(settings, waiting=waiting) as reaching:
        mapping = derive(reaching.ontology, settings.zone.key)
        index = await _open_index(settings, mapping)
        try:
            workshop = Workshop(
                partial(open_store, settings.graph_url),
                partial(load_ontology, settings.ontology_files),
            )
            projector = Projector(reaching.store, index, mapping, workshop)
            ledger = Ledger(reaching, mapping, index, projector)
            try:
                yield ledger
            finally:
                await ledger.projections.close()
        finally:
            await index.close()


async def _open_index(settings: Settings, mapping: SearchMapping) -> SearchIndex:
    """The index, or an empty one where the stored one is damaged: it is only a projection,
    and catching up fills it again. One that cannot be reached keeps nobody from the record:
    it is looked for again whenever it is asked."""
    index = open_index(settings.search_url)
    try:
        await index.ensure(mapping)
    except Damaged as damage:
        log.warning("%s", damage)
        empty = await index.rebuild(mapping, ())
        await empty.publish()
        await index.release()
    except Unavailable as error:
        if type(error) is not Unavailable:  # a folder that is full or not ours to write
            await index.close()
            raise
        log.warning("检索暂缺 / going on without search: %s", error)
    return index


@asynccontextmanager
async def kept_up(ledger: Ledger) -> AsyncIterator[Ledger]:
    """Keep the ledger's projections up to date in the background, as a server does."""
    tasks = [
        asyncio.create_task(work)
        for work in (ledger.projections.follow(), ledger.reaching.compile_walks())
    ]
    try:
        yield ledger
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
