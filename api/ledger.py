"""The ledger as readers and writers meet it: one record, two projections, one viewer a read.

GraphQL, HTTP and the command line are all thin over this. Reads leave out what the viewer
may not see (api/record.py); answers along links (api/linked.py) and by words say which commit
they reflect (api/projections.py).
"""

from __future__ import annotations

from api.linked import Linked
from api.projections import Projections
from api.reaching import Reaching
from ingest.projector import Projector
from ontology.resource import ChangeSet, Commit
from ontology.viewer import LOCAL, Viewer
from search.index import Hit, Request, SearchIndex, SearchPage
from search.mapping import SearchMapping
from search.parse import parse

PATIENCE = 0.5
"""Seconds that a search waits for the index to reach the head before it answers as it is."""
NEAR = 10
"""Commits that are worth waiting for. A delivery, or a new generation of the index, is not."""


class Ledger(Linked):
    """Everything over one record. Opened and closed by `api/wiring.py`."""

    def __init__(
        self, reaching: Reaching, mapping: SearchMapping, index: SearchIndex, projector: Projector
    ) -> None:
        super().__init__(reaching)
        self.mapping, self.index = mapping, index
        self.projections = Projections(self.store, index, projector, reaching)

    async def commit(
        self, changes: ChangeSet, viewer: Viewer = LOCAL, *, wait: float = 0.0
    ) -> Commit | None:
        """Commit; with `wait`, return once search and reach show it (or time is up). Raises
        Forbidden where the viewer may not see what they would change."""
        await self.allowed(changes, viewer)
        commit = await self.store.commit(changes)
        if commit is not None and wait:
            await self.projections.wait(commit.number, wait)
        return commit

    # --- by words -------------------------------------------------------------------------

    async def search(self, request: Request, viewer: Viewer) -> SearchPage:
        """One page of hits. Waits a moment for commits just made; `position` tells which
        commit the answer reflects. Answers while the record is down, too."""
        fresh = await self.projections.freshness()
        if not fresh.missing and 0 < fresh.head - fresh.search <= NEAR:
            await self.projections.wait(fresh.head, PATIENCE)
        return await self.projections.search.ask(
            lambda: self.index.search(request, viewer=viewer), seconds=None
        )

    def query(self, text: str) -> Request:
        """The request that a person means by these words."""
        return Request(query=parse(text, self.index.mapping.typed))

    async def suggest(self, prefix: str, viewer: Viewer, *, limit: int = 10) -> tuple[Hit, ...]:
        return await self.projections.search.ask(
            lambda: self.index.suggest(prefix, viewer=viewer, limit=limit), seconds=None
        )
