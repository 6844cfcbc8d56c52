"""Questions asked of Neo4j itself (MULU_REACH=store), against the slow and obvious walk.

MULU_RECORDS says how many random records (40).
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from slow_impact import Record, SlowImpact
from test_near import chain, near, told
from test_reach_random import CHANGES, NAMED, ONTOLOGY, records

from graph.neo4j.address import address_of
from graph.neo4j.connection import Database, Tx, rows
from graph.neo4j.cypher import FOREVER, quoted
from graph.neo4j.near import chains_text
from graph.neo4j.store import Neo4jStore
from graph.numbered import AliasInterval, Numbered, RawEdge
from graph.reach import chains
from graph.reach.near import NearReach
from graph.reach.spread import UNBOUNDED
from graph.reach.trace import trace
from graph.state import bit
from ontology.model import Direction, Kind
from tests.servers.emptied import emptied

pytestmark = pytest.mark.timeout(900)
LINEAGE = ("datasetDerivedFrom", "fieldDerivedFrom")


class OnNeo4j(Record):
    """A record whose links, aliases and names are told by a database that holds just these."""

    store: Neo4jStore

    async def numbered_of(self, numbers: Collection[int]) -> list[Numbered]:
        return list(await self.store.numbered_of(numbers))

    async def edges_of(
        self, numbers: Collection[int], types: Collection[str], way: Direction, *, at: int | None
    ) -> list[RawEdge]:
        return list(await self.store.edges_of(numbers, types, way, at=at))

    async def beyond(
        self,
        numbers: Collection[int],
        types: Collection[str],
        way: Direction,
        *,
        at: int,
        most: int,
    ) -> list[Numbered]:
        return list(await self.store.beyond(numbers, types, way, at=at, most=most))

    async def alias_intervals(self, *, after: int = 0) -> tuple[AliasInterval, ...]:
        return await self.store.alias_intervals(after=after)


async def put(record: Record, store: Neo4jStore) -> OnNeo4j:
    """Empty the database and write what the record says as mulu keeps it (schema.py): intervals
    as they come, which no commits could be found for."""

    async def work(tx: Tx) -> None:
        await rows(tx, "MATCH (n) DETACH DELETE n")
        await rows(
            tx,
            "UNWIND $nodes AS n CREATE (r:_Resource) SET r.number = n[0], r.name = n[1], "
            "r.type = n[2], r.level = n[3], r.retired = n[4]",
            nodes=[list(node) for node in record.nodes],
        )
        told = [(e.origin, e.type, e.target, _properties(e)) for e in record.edges]
        told += [
            (a.name, "_STANDS_FOR", a.of, {"since": a.since, "until": a.until or FOREVER})
            for a in record.names
        ]
        for type in {type for _, type, *_ in told}:
            await rows(
                tx,
                "UNWIND $links AS l MATCH (a:_Resource {number: l[0]}), "
                f"(b:_Resource {{number: l[1]}}) CREATE (a)-[r:{quoted(type)}]->(b) SET r = l[2]",
                links=[[a, b, values] for a, kind, b, values in told if kind == type],
            )

    await store._database.write(work)
    held = OnNeo4j(record.upto, record.nodes, record.edges, record.names)
    object.__setattr__(held, "store", store)
    return held


def _properties(edge: RawEdge) -> dict[str, Any]:
    """Of a relationship: what says nothing is not stored."""
    values = edge._asdict() | {"until": edge.until or FOREVER, "literals": list(edge.literals)}
    for name in ("origin", "type", "target"):
        del values[name]
    needed = {"key", "source", "since", "until"}
    return {name: value for name, value in values.items() if value or name in needed}


@pytest.mark.parametrize(("first", "narrow"), [(1, 1), (2, 32), (1_000, 32)])
def test_neo4j_answers_as_the_slow_walk(
    neo4j_database: str, monkeypatch: pytest.MonkeyPatch, first: int, narrow: int
) -> None:
    """Of random records: with guesses that fall short, from few places or many, and with such
    that go to the end."""
    monkeypatch.setattr(chains, "FIRST", first)
    monkeypatch.setattr(chains, "NARROW", narrow)
    asked: list[int] = []
    with asyncio.Runner() as runner:
        store = Neo4jStore(runner.run(emptied(neo4j_database)))
        runner.run(store.ensure(ONTOLOGY))

        @settings(
            max_examples=int(os.environ.get("MULU_RECORDS", "40")),
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(record=records(), changes=CHANGES, depth=st.sampled_from([1, 2, 10**6]))
        def holds(record: Record, changes: dict[int, Kind], depth: int) -> None:
            held = runner.run(put(record, store))
            for at in (None, 1, 3):
                slow = SlowImpact(ONTOLOGY, record, at, [NAMED])
                found = runner.run(near(held, changes, at, depth))
                assert told(found) == slow.impact(changes, depth)
                assert {cut.among for cut in found.cuts} == slow.cut(changes, depth)
                asked.append(len(told(found)))

        holds()
        runner.run(store.close())
    assert max(asked) >= 5  # not only such that reach nothing


@pytest.mark.parametrize("way", Direction)
async def test_a_closure_visits_every_node_once(neo4j_database: str, way: Direction) -> None:
    """By `VarLengthExpand(Pruning,BFS)`: any other plan follows every path there is."""
    database = Database(address_of(neo4j_database))

    async def plan(tx: Tx) -> list[str]:
        text = f"EXPLAIN {chains_text(LINEAGE, way)}"
        result = await tx.run(text, numbers=[1, 2], at=1, most=10)
        return list(_operators((await result.consume()).plan or {}))

    operators = await database.read(plan)
    assert [o for o in operators if "VarLength" in o] == ["VarLengthExpand(Pruning,BFS,All)"]
    assert "NodeUniqueIndexSeek" in operators
    assert not [o for o in operators if "Scan" in o or o in ("Eager", "Sort", "CartesianProduct")]
    await database.close()


def _operators(plan: dict[str, Any]) -> Iterator[str]:
    yield plan["operatorType"].partition("@")[0]
    for child in plan.get("children", ()):
        yield from _operators(child)


class Stalling(OnNeo4j):
    """Is out of time when it is asked for a second closure."""

    async def beyond(
        self,
        numbers: Collection[int],
        types: Collection[str],
        way: Direction,
        *,
        at: int,
        most: int,
    ) -> list[Numbered]:
        if most > chains.FIRST:
            raise TimeoutError
        return await super().beyond(numbers, types, way, at=at, most=most)


async def test_where_time_is_up_the_nearest_are_told(
    neo4j_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And behind whom nobody looked."""
    monkeypatch.setattr(chains, "FIRST", 10)
    store, whole = Neo4jStore(await emptied(neo4j_database)), chain(60)
    await store.ensure(ONTOLOGY)
    held = await put(whole, store)
    record = Stalling(held.upto, held.nodes, held.edges)
    object.__setattr__(record, "store", store)

    sight = await NearReach(record, ONTOLOGY, 600.0).sight()  # type: ignore[arg-type]
    found = await trace(sight, {2: bit(Kind.REMOVE)}, UNBOUNDED)
    reached, all_there_is = told(found), SlowImpact(ONTOLOGY, whole).impact({2: Kind.REMOVE})
    assert {cut.limit for cut in found.cuts} == {"time"}
    assert reached == {n: all_there_is[n] for n in reached}
    assert {2 * n for n in range(2, 12)} <= set(reached) < set(all_there_is)
    await store.close()
