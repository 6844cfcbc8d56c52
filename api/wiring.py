"""Puts the parts together from the settings. The only place that names them all."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from api.ledger import Ledger
from api.part import REST
from api.projections import Where
from api.settings import Settings
from graph.open import open_store
from graph.store import GraphStore
from ingest.making import Workshop
from ingest.projector import Projector
from ontology.errors import CatalogError, Damaged, Unavailable
from ontology.load import load_ontology
from ontology.model import Ontology
from search.index import SearchIndex
from search.mapping import SearchMapping, derive
from search.open import open_index

log = logging.getLogger("mulu")


@asynccontextmanager
async def open_ledger(settings: Settings, *, waiting: bool = False) -> AsyncIterator[Ledger]:
    """The ledger of these settings, closed at the end. Raises `CatalogError`s that say
    what cannot be opened and how to mend it. `waiting`: a record that cannot be reached is tried
    again behind the ledger, which answers without it until then."""
    ontology = await asyncio.to_thread(load_ontology, settings.ontology_files)
    mapping = derive(ontology, settings.zone.key)
    store = open_store(settings.graph_url)
    later: asyncio.Task[None] | None = None
    try:
        try:
            await store.ensure(ontology)
        except Unavailable as error:
            if not waiting or type(error) is not Unavailable:
                raise
            log.warning("记录暂缺 / starting without the record: %s", error)
            later = asyncio.create_task(_ensured(store, ontology))
        index = await _open_index(settings, mapping)
        try:
            workshop = Workshop(
                partial(open_store, settings.graph_url),
                partial(load_ontology, settings.ontology_files),
            )
            projector = Projector(store, index, mapping, workshop)
            where = Where(settings.reach, settings.reach_seconds)
            ledger = Ledger(
                ontology, mapping, store, index, projector, settings.data / "reach", where
            )
            try:
                yield ledger
            finally:
                await ledger.projections.close()
        finally:
            await index.close()
    finally:
        if later is not None:
            later.cancel()
        await store.close()


async def _ensured(store: GraphStore, ontology: Ontology) -> None:
    """Make the record ready as soon as it can be reached. Whatever else is wrong with it is
    logged, and looked at again: the record stays missing until it is mended."""
    said = ""
    while True:
        try:
            await store.ensure(ontology)
            return
        except Unavailable:
            pass
        except CatalogError as error:
            if str(error) != said:
                log.error("记录不可用 / the record cannot be used: %s", error)
            said = str(error)
        await asyncio.sleep(REST)


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
async def followed(ledger: Ledger) -> AsyncIterator[Ledger]:
    """Keep the ledger's projections up to date in the background, as a server does."""
    tasks = [
        asyncio.create_task(work)
        for work in (ledger.projections.follow(), ledger.projections.compile_walks())
    ]
    try:
        yield ledger
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
