"""The record of the settings, and who follows its links: what every command needs, and all that
most of them do. `api/wiring.py` adds search.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from api.part import REST
from api.reaching import Reaching, Where
from api.settings import Settings
from graph.open import open_store
from graph.store import GraphStore
from ontology.errors import CatalogError, Unavailable
from ontology.load import load_ontology
from ontology.model import Ontology

log = logging.getLogger("mulu")


@asynccontextmanager
async def open_reaching(settings: Settings, *, waiting: bool = False) -> AsyncIterator[Reaching]:
    """The record of these settings and its links, closed at the end. Raises `CatalogError`s that
    say what cannot be opened and how to mend it. `waiting`: a record that cannot be reached is
    tried again behind what is opened, which answers without it until then."""
    ontology = await asyncio.to_thread(load_ontology, settings.ontology_files)
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
        where = Where(settings.reach, settings.reach_seconds)
        reaching = Reaching(ontology, store, settings.data / "reach", where)
        try:
            yield reaching
        finally:
            await reaching.close()
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
