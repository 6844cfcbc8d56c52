"""Impact on hand-written ledgers: cases/*.yaml, told through a store of claims."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from graph.impact import Affected, Change, ImpactAnswer, Limits, Question, impact
from graph.memory_store import MemoryStore
from graph.reach.index import ReachIndex
from ontology.load import load_ontology
from ontology.model import Certainty, Kind
from ontology.resource import Alias, ChangeSet, Claim, Link, Rank, ResourceId, Source
from ontology.viewer import LOCAL, Viewer

ONTOLOGY = load_ontology()
CASES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))
FAMILY_TYPE = {"dataset": "Table", "entry": "InformationResource"}


class Telling:
    """Tells a case to a store, commit by commit, a claim a resource and source."""

    def __init__(self, case: dict[str, Any]) -> None:
        self.store = MemoryStore()
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
            {"securityLevel": level} if level else {},
            tuple(
                Link(type, ResourceId(target), properties, str(properties.get("job", "")))
                for type, target, properties in self.links[source, id]
            ),
        )


async def answer(case: dict[str, Any], telling: Telling, index: ReachIndex) -> ImpactAnswer:
    limits = {"depth": case["depth"]} if "depth" in case else {}
    question = Question(
        tuple(Change(ResourceId(id), Kind(kind)) for id, kind in case["change"].items()),
        at=telling.commits[case["at"]] if "at" in case else None,
        limits=Limits(**limits, **case.get("limits", {})),
        only=frozenset(Certainty(c) for c in case.get("only", Certainty)),
        why=True,
    )
    viewer = Viewer("reader", case["clearance"]) if "clearance" in case else LOCAL
    return await impact(telling.store, index, question, viewer)


def _summary(listed: tuple[Affected, ...], expected: dict[str, str]) -> dict[str, str]:
    """As the case writes it; without the depth where the case leaves it out."""
    found = {}
    for one in listed:
        said = f"{one.certainty} {one.effect} {one.depth}"
        wanted = str(expected.get(one.id, said))
        found[str(one.id)] = said if wanted[-1:].isdigit() else said.rpartition(" ")[0]
    return found


@pytest.fixture(params=CASES, ids=lambda path: path.stem)
def case(request: pytest.FixtureRequest) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(request.param.read_text(encoding="utf-8"))
    return read


@pytest.mark.parametrize("way", ["built", "caught up", "compiled"])
async def test_case(case: dict[str, Any], way: str) -> None:
    telling = Telling(case)
    if way == "caught up":
        index = await ReachIndex.build(telling.store, ONTOLOGY)
        await telling.tell()
        await index.catch_up(telling.store)
    else:
        await telling.tell()
        index = await ReachIndex.build(telling.store, ONTOLOGY)
    if way == "compiled" and not index.warm():
        pytest.skip("the extra `fast` is not installed")
    said = await answer(case, telling, index)
    assert _summary(said.affected, case["affected"]) == case["affected"]
    assert {str(x.id): x.effect for x in said.touched} == case["touched"]
    assert not {str(x.id) for x in (*said.affected, *said.touched)} & set(case.get("never", []))
    assert [[cut.limit, cut.among] for cut in said.cut] == case.get("cut", [])
    assert said.complete is ("cut" not in case)
    assert {k: v for k, v in said.hidden.items() if v} == case.get("hidden", {})
    departments = {str(x.id): str(x.department) for x in (*said.affected, *said.touched)}
    wanted = case.get("department", {})
    assert {id: departments[id] for id in wanted} == wanted
    _paths_hold(said, case)


def _paths_hold(said: ImpactAnswer, case: dict[str, Any]) -> None:
    """Each path leads from a change to the resource, as long as the depth says."""
    for one in (*said.affected, *said.touched):
        ends = [(crossed.origin, crossed.target) for crossed in one.path]
        assert len(ends) == one.depth
        assert ends[-1][1] == one.id
        assert all(a[1] == b[0] for a, b in pairwise(ends))
        assert ends[0][0] in case["change"]
        assert one.path[-1].type == one.via
