"""The ledger as the gate asks it, wherever it lies: in a file beside the build, or served."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from api.linked import Linked
from graph.question import ImpactAnswer, Question
from ontology.errors import InvalidInput
from ontology.model import Direction, Ontology
from ontology.resource import ResourceId, Value
from ontology.title import known_as
from ontology.viewer import Viewer

Attributes = Mapping[str, Value]

DEPARTMENT = "Department"
FIELDS = 5_000
"""Fields of one dataset."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """The ledger's last commit (0: none), and when it was last fed (`Linked.fed`)."""

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

    def impacts(self, questions: Sequence[Question]) -> AsyncIterator[ImpactAnswer]:
        """The answers, in the order of the questions."""
        ...

    async def fields(self, dataset: ResourceId) -> Sequence[Attributes]:
        """The attributes of a dataset's fields, in no order."""
        ...

    async def departments(self, title: str) -> Sequence[ResourceId]:
        """All that are called so."""
        ...


@dataclass(frozen=True, slots=True)
class LocalBook:
    """A ledger in files that this process opens."""

    ledger: Linked
    viewer: Viewer

    @property
    def ontology(self) -> Ontology:
        return self.ledger.ontology

    async def freshness(self) -> Freshness:
        return Freshness(await self.ledger.reaching.top(), await self.ledger.fed())

    async def resources(self, ids: Sequence[ResourceId]) -> Mapping[ResourceId, Attributes]:
        found = await self.ledger.resources(ids, self.viewer)
        return {id: resource.attributes for id, resource in found.items()}

    def impacts(self, questions: Sequence[Question]) -> AsyncIterator[ImpactAnswer]:
        return self.ledger.impacts(questions, self.viewer)

    async def fields(self, dataset: ResourceId) -> Sequence[Attributes]:
        links = await self.ledger.links_many(
            [dataset], ["hasField"], Direction.FORWARD, self.viewer, limit=FIELDS
        )
        ids = [edge.target for edges in links.values() for edge in edges]
        found = await self.ledger.resources(ids, self.viewer)
        return [named(r.id, r.attributes) for r in found.values() if not r.retired]

    async def departments(self, title: str) -> Sequence[ResourceId]:
        called = [
            each.id
            async for each in self.ledger.store.scan(DEPARTMENT)
            if known_as(each, self.ontology.types.get(each.type)) == title
        ]
        return list(await self.ledger.resources(called, self.viewer))


async def department_of(book: Book, said: str) -> ResourceId:
    """The department that an id or a title names. Raises InvalidInput where none or several are
    called so: another's break must not pass for one's own."""
    if ":" in said:
        return ResourceId(said)
    found = await book.departments(said)
    if len(found) != 1:
        told = "、".join(found) or "没有 / none"
        raise InvalidInput(f"--department {said}: 请写标识 / give the id: {told}")
    return found[0]


def named(id: ResourceId, attributes: Attributes) -> Attributes:
    """With a physical name, which a field that is only mentioned does not have."""
    return {"physicalName": id.rpartition("#")[2], **attributes}
