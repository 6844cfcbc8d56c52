"""What a store may offer beside, for making the search documents of a whole ledger."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from typing import Protocol, runtime_checkable

from ontology.model import Direction
from ontology.resource import Resource, ResourceId


@runtime_checkable
class NearStore(Protocol):
    """The other ends of links alone, by `Resource.number`: no object for each link, and no name
    looked up to be found again."""

    async def near(
        self, numbers: Sequence[int], types: Sequence[str], way: Direction, *, limit: int
    ) -> Mapping[int, Mapping[str, Sequence[int]]] | None:
        """Of each, by type, what `links_many` would find now, in its order; an end may come
        more than once. None where it cannot be told so simply: ask `links_many`."""
        ...

    async def read(self, numbers: Collection[int]) -> Mapping[int, Resource]:
        """What readers see now under these numbers, which are those that readers see."""
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
