"""What a store may offer beside, for making the search documents of a whole ledger."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from typing import Protocol, runtime_checkable

from ontology.model import Direction
from ontology.resource import Resource, ResourceId


@runtime_checkable
class NearStore(Protocol):
    """The other ends of links alone, which spares an object for each link."""

    async def near(
        self, ids: Sequence[ResourceId], types: Sequence[str], way: Direction, *, limit: int
    ) -> Mapping[ResourceId, Mapping[str, Sequence[ResourceId]]] | None:
        """Of each, by type, what `links_many` would find now, in its order; an end may come
        more than once. None where it cannot be told so simply: ask `links_many`."""
        ...


@runtime_checkable
class StretchStore(Protocol):
    """The ledger dealt out, for several processes to read."""

    def stretches(self, size: int, *, after: ResourceId | None = None) -> AsyncIterator[ResourceId]:
        """The last name of every `size` names, in the order of `scan`."""
        ...

    async def stretch(self, after: str, until: ResourceId) -> Sequence[Resource]:
        """What `scan` gives behind `after` ("": from the beginning), up to and with `until`."""
        ...

    async def levelled(self) -> Collection[str]:
        """The classes of which anything is above the lowest level now."""
        ...
