"""The ledger as the gate asks it, wherever it lies: in a file beside the build, or served."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from api.ledger import Ledger
from graph.impact import ImpactAnswer, Question
from ontology.model import Direction, Ontology
from ontology.resource import ResourceId, Value
from ontology.viewer import Viewer

Attributes = Mapping[str, Value]

FIELDS = 5_000
"""Fields of one dataset."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """The ledger's last commit (0: none), and when it was last fed (`Ledger.fed`)."""

    commit: int
    latest: datetime | None


class Book(Protocol):
    """What the gate needs to know. All methods raise only `CatalogError`s: then it could not
    tell."""

    @property
    def ontology(self) -> Ontology: ...

    async def freshness(self) -> Freshness: ...

    async def resources(self, ids: Sequence[ResourceId]) -> Mapping[ResourceId, Attributes]:
        """The attributes of those that there are and that may be seen."""
        ...

    async def impact(self, question: Question) -> ImpactAnswer: ...

    async def fields(self, dataset: ResourceId) -> Sequence[Attributes]:
        """The attributes of a dataset's fields, in no order."""
        ...


@dataclass(frozen=True, slots=True)
class LocalBook:
    """A ledger in files that this process opens."""

    ledger: Ledger
    viewer: Viewer

    @property
    def ontology(self) -> Ontology:
        return self.ledger.ontology

    async def freshness(self) -> Freshness:
        return Freshness(await self.ledger.projections.top(), await self.ledger.fed())

    async def resources(self, ids: Sequence[ResourceId]) -> Mapping[ResourceId, Attributes]:
        found = await self.ledger.resources(ids, self.viewer)
        return {id: resource.attributes for id, resource in found.items()}

    async def impact(self, question: Question) -> ImpactAnswer:
        return await self.ledger.impact(question, self.viewer)

    async def fields(self, dataset: ResourceId) -> Sequence[Attributes]:
        links = await self.ledger.links_many(
            [dataset], ["hasField"], Direction.FORWARD, self.viewer, limit=FIELDS
        )
        ids = [edge.target for edges in links.values() for edge in edges]
        found = await self.ledger.resources(ids, self.viewer)
        return [named(r.id, r.attributes) for r in found.values() if not r.retired]


def named(id: ResourceId, attributes: Attributes) -> Attributes:
    """With a physical name, which a field that is only mentioned does not have."""
    return {"physicalName": id.rpartition("#")[2], **attributes}
