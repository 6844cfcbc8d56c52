"""Short words for what the cases of the contract say and see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graph.store import GraphStore
from ontology.model import Direction
from ontology.resource import (
    NO_DENIAL,
    Alias,
    At,
    ChangeSet,
    Claim,
    Commit,
    Denial,
    Edge,
    Edit,
    Link,
    LinkKey,
    Rank,
    Resource,
    ResourceId,
    Source,
    Value,
)

SCAN = Source("scan", Rank.SCANNED)
JOBS = Source("jobs", Rank.INFERRED)
FORM = Source("form", Rank.AUTHORITATIVE)
PERSON = Source("person", Rank.CURATED)


def name(short: str) -> ResourceId:
    """`a` is a table, `a.b` a field of it, anything with a colon stays as it is."""
    if ":" in short:
        return ResourceId(short)
    table, _, column = short.partition(".")
    id = f"postgres://h:5432/d.s.{table}"
    return ResourceId(f"field:{id}#{column}" if column else f"dataset:{id}")


def key(type: str, target: str, key: str = "") -> LinkKey:
    return LinkKey(type, name(target), key)


def link(type: str, target: str, key: str = "", /, **properties: str | bool) -> Link:
    return Link(type, name(target), properties, key)


def claim(
    id: str,
    type: str | None = "Table",
    *links: Link,
    denies: Denial = NO_DENIAL,
    **attributes: Value,
) -> Claim:
    return Claim(name(id), type, attributes, links, denies)


@dataclass
class Ledger:
    """Short words for what the cases do. The store itself is `store`."""

    store: GraphStore

    async def say(self, source: Source, *claims: Claim, **more: object) -> Commit | None:
        return await self.store.commit(ChangeSet("t", source, claims=claims, **more))  # type: ignore[arg-type]

    async def withdraw(self, source: Source, *ids: str) -> Commit | None:
        return await self.store.commit(
            ChangeSet("t", source, withdrawals=tuple(name(i) for i in ids))
        )

    async def edit(self, *edits: Edit, source: Source = PERSON, **more: object) -> Commit | None:
        return await self.store.commit(ChangeSet("t", source, edits=edits, **more))  # type: ignore[arg-type]

    async def alias(self, *pairs: tuple[str, str], source: Source = PERSON) -> Commit | None:
        made = tuple(Alias(name(a), name(b)) for a, b in pairs)
        return await self.store.commit(ChangeSet("t", source, aliases=made))

    async def unalias(self, *pairs: tuple[str, str], source: Source = PERSON) -> Commit | None:
        unmade = tuple(Alias(name(a), name(b)) for a, b in pairs)
        return await self.store.commit(ChangeSet("t", source, unaliases=unmade))

    async def see(self, id: str, at: At = None) -> Resource:
        return (await self.store.get_many([name(id)], at=at))[name(id)]

    async def knows(self, id: str, at: At = None) -> bool:
        return name(id) in await self.store.get_many([name(id)], at=at)

    async def edges(
        self,
        id: str,
        types: Sequence[str] | None = None,
        way: Direction = Direction.FORWARD,
        at: At = None,
    ) -> list[Edge]:
        return list((await self.store.links(name(id), types, way, at=at)).edges)

    async def ends(self, id: str, **asked: object) -> list[str]:
        """The other ends, each without the part that all share."""
        backward = asked.get("way") is Direction.BACKWARD
        found = await self.edges(id, **asked)  # type: ignore[arg-type]
        return [short(edge.origin if backward else edge.target) for edge in found]

    async def scanned(self, type: str | None = None, **asked: object) -> list[str]:
        return [short(r.id) async for r in self.store.scan(type, **asked)]  # type: ignore[arg-type]


def short(id: ResourceId) -> str:
    """The reverse of `name`."""
    return id.rpartition(".s.")[2].replace("#", ".") if ".s." in id else id
