"""Tells a small ledger, written as data, to a store of claims (cases/README.md)."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from graph.memory.store import MemoryStore
from graph.store import GraphStore
from ontology.load import load_ontology
from ontology.resource import Alias, ChangeSet, Claim, Link, Rank, ResourceId, Source

ONTOLOGY = load_ontology()
FAMILY_TYPE = {"dataset": "Table", "entry": "InformationResource"}


class Telling:
    """Tells a case to a store, commit by commit, a claim a resource and source."""

    def __init__(self, case: dict[str, Any], store: GraphStore | None = None) -> None:
        self.store = store or MemoryStore()
        self.case = case
        self.links: dict[tuple[str, str], list[tuple[str, str, dict[str, Any]]]] = defaultdict(list)
        self.commits: dict[str, int] = {}

    async def tell(self) -> None:
        await self.store.ensure(ONTOLOGY)
        tables: dict[str, list[str]] = self.case.get("tables", {})
        contained = [
            [f"dataset:{name}", "hasField", f"field:{name}#{column}", {"source": "ddl"}]
            for name, columns in tables.items()
            for column in columns
        ]
        await self.step("first", {"links": contained + self.case.get("links", [])})
        for step in self.case.get("history", []):
            await self.step(step["name"], step)

    async def step(self, name: str, step: dict[str, Any]) -> None:
        touched: set[tuple[str, str]] = set()
        for origin, type, target, *rest in step.get("links", []):
            properties = dict(rest[0]) if rest else {}
            key = (properties.pop("source", "sql"), origin)
            self.links[key].append((type, target, properties))
            touched |= {key, (key[0], target)}
        for origin, type, target in step.get("remove", []):
            for key in [k for k in self.links if k[1] == origin]:
                self.links[key] = [x for x in self.links[key] if x[:2] != (type, target)]
                touched.add(key)
        for source in sorted({source for source, _ in touched}):
            ids = sorted(id for s, id in touched if s == source)
            await self.commit(source, claims=tuple(self.claim(source, id) for id in ids))
        for alias, of in step.get("alias", {}).items():
            await self.commit("sql", aliases=(Alias(ResourceId(alias), ResourceId(of)),))
        head = await self.store.head()
        self.commits[name] = head.number if head else 0

    async def commit(self, source: str, **said: Any) -> None:
        await self.store.commit(ChangeSet("test", Source(source, Rank.SCANNED), **said))

    def claim(self, source: str, id: str) -> Claim:
        family = id.partition(":")[0]
        type = self.case.get("classes", {}).get(id) or FAMILY_TYPE.get(family)
        level = self.case.get("levels", {}).get(id)
        return Claim(
            ResourceId(id),
            type or ONTOLOGY.families[family],
            {
                **({"securityLevel": level} if level else {}),
                **self.case.get("attributes", {}).get(id, {}),
            },
            tuple(
                Link(type, ResourceId(target), properties, str(properties.get("job", "")))
                for type, target, properties in self.links[source, id]
            ),
        )
