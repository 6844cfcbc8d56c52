"""Batches within one request: however many resources a page shows, each level of the
question costs one call a link type, and one for the resources at its ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from strawberry.dataloader import DataLoader

from graph.holders import Holders
from ontology.model import Direction
from ontology.resource import At, Commit, Edge, Resource, ResourceId
from ontology.viewer import LOCAL, Viewer

if TYPE_CHECKING:
    from api.ledger import Ledger


NEAR = 20
"""Commits that are read on beside one that is asked for."""


@dataclass(frozen=True, slots=True)
class LinksOf:
    """The first `limit` links of one resource."""

    id: ResourceId
    types: tuple[str, ...] | None
    way: Direction
    at: At
    limit: int


class Loaders:
    """Everything that one request loads, each thing once."""

    def __init__(self, ledger: Ledger, viewer: Viewer) -> None:
        self._ledger, self._viewer = ledger, viewer
        self.resources: DataLoader[tuple[ResourceId, At], Resource | None] = DataLoader(
            self._resources
        )
        self.commits: DataLoader[int, Commit | None] = DataLoader(self._commits)
        self.holders: DataLoader[tuple[ResourceId, At], Holders] = DataLoader(self._holders)
        self.links: DataLoader[LinksOf, tuple[Edge, ...]] = DataLoader(self._links)

    def forget(self) -> None:
        """What was loaded may have changed: load it again."""
        self.resources.clear_all()
        self.links.clear_all()

    async def _resources(self, keys: list[tuple[ResourceId, At]]) -> Sequence[Resource | None]:
        found: dict[tuple[ResourceId, At], Resource] = {}
        for at in dict.fromkeys(at for _, at in keys):
            ids = [id for id, of in keys if of == at]
            known = await self._ledger.resources(ids, self._viewer, at=at)
            found.update({(id, at): resource for id, resource in known.items()})
        return [found.get(key) for key in keys]

    async def _holders(self, keys: list[tuple[ResourceId, At]]) -> Sequence[Holders]:
        found: dict[tuple[ResourceId, At], Holders] = {}
        for at in dict.fromkeys(at for _, at in keys):
            known = await self._ledger.holders([id for id, of in keys if of == at], at=at)
            found.update({(id, at): holders for id, holders in known.items()})
        return [found.get(key, Holders()) for key in keys]

    async def _commits(self, numbers: list[int]) -> Sequence[Commit | None]:
        """Neighbours in the log come with one look: a timeline shows many at once."""
        found: dict[int, Commit] = {}
        for number in sorted(numbers):
            if number not in found:
                async for commit in self._ledger.store.commits(number - 1, number + NEAR):
                    found[commit.number] = commit
        return [found.get(number) for number in numbers]

    async def _links(self, keys: list[LinksOf]) -> Sequence[tuple[Edge, ...]]:
        found: dict[LinksOf, tuple[Edge, ...]] = {}
        for kind in dict.fromkeys((k.types, k.way, k.at, k.limit) for k in keys):
            types, way, at, limit = kind
            asked = {k.id: k for k in keys if (k.types, k.way, k.at, k.limit) == kind}
            # Every link, so that a page knows whether it is the last; those whose other end
            # this viewer may not see are dropped with that end (links.py).
            known = await self._ledger.links_many(
                list(asked), types, way, LOCAL, at=at, limit=limit
            )
            found.update({asked[id]: edges for id, edges in known.items()})
        return [found.get(key, ()) for key in keys]
