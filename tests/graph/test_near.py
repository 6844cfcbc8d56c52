"""Questions without a reach index, against the slow and obvious walk and against the index."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Collection
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from slow_impact import Record, Result, SlowImpact
from test_reach_random import CHANGES, NAMED, ONTOLOGY, _result, records

from graph.numbered import Numbered, RawEdge
from graph.reach import chains
from graph.reach.near import NearReach
from graph.reach.rows import NOW
from graph.reach.spread import UNBOUNDED
from graph.reach.trace import Trace, trace
from graph.state import bit
from ontology.model import Direction, Kind
from ontology.resource import ResourceId

pytestmark = pytest.mark.timeout(900)
QUICK = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))


async def near(record: Record, changes: dict[int, Kind], at: int | None, depth: int) -> Trace:
    sight = await NearReach(record, ONTOLOGY, 60.0).sight(at, [NAMED])  # type: ignore[arg-type]
    starts: dict[int, int] = {number: bit(kind) for number, kind in changes.items()}
    bounds = UNBOUNDED._replace(at=NOW if at is None else at, deepest=depth)
    return await trace(sight, starts, bounds)


def told(traced: Trace) -> dict[int, Result]:
    return {
        int(traced.view.places.number[place]): _result(
            int(seen), int(rank), int(traced.track.depth[event])
        )
        for place, seen, rank, event in zip(*traced.found, strict=True)
    }


@QUICK
@given(record=records(), changes=CHANGES, depth=st.sampled_from([1, 2, 3, 10**6]))
def test_what_is_fetched_answers_as_the_slow_walk(
    record: Record, changes: dict[int, Kind], depth: int
) -> None:
    for at in (None, 1, 3):
        slow = SlowImpact(ONTOLOGY, record, at, [NAMED])
        found = asyncio.run(near(record, changes, at, depth))
        assert told(found) == slow.impact(changes, depth)
        assert {cut.among for cut in found.cuts} == slow.cut(changes, depth)


def chain(length: int) -> Record:
    """Fields, each a copy of the one before, each the only one of its table."""
    nodes, edges = [], []
    for n in range(1, length + 1):
        table, field = 2 * n - 1, 2 * n
        nodes += [
            Numbered(table, ResourceId(f"dataset:{n}"), "Table", "", False),
            Numbered(field, ResourceId(f"field:{n}#a"), "Field", "", False),
        ]
        edges.append(RawEdge(table, "hasField", field, "", "", 0, "ddl", False, 1, None))
        if n > 1:
            edges.append(
                RawEdge(
                    field, "fieldDerivedFrom", field - 2, "", "identity", 0, "sql", False, 1, None
                )
            )
    return Record(1, tuple(nodes), tuple(edges))


class Slow(Record):
    """Answers about the first tables at once, and about the others never."""

    async def edges_of(
        self, numbers: Collection[int], types: Collection[str], way: Direction, *, at: int | None
    ) -> list[RawEdge]:
        if max(numbers) > 10:
            await asyncio.sleep(3600)
        return await super().edges_of(numbers, types, way, at=at)


def test_time_that_is_up_is_a_cut_that_says_where() -> None:
    whole = chain(20)
    record = Slow(whole.upto, whole.nodes, whole.edges)

    async def asked(seconds: float) -> Trace:
        sight = await NearReach(record, ONTOLOGY, seconds).sight()  # type: ignore[arg-type]
        return await trace(sight, {2: bit(Kind.REMOVE)}, UNBOUNDED)

    found = asyncio.run(asked(1.0))
    numbers = found.view.places.number
    assert {cut.limit for cut in found.cuts} == {"time"}
    behind = {int(numbers[place]) for cut in found.cuts for place in cut.places}
    assert 12 in behind  # the sixth field, of which nobody told the links
    reached = set(told(found))
    assert {4, 6, 8, 10, 12} <= reached
    assert reached <= set(SlowImpact(ONTOLOGY, whole).impact({2: Kind.REMOVE}))


class Following(Record):
    """A record that follows links by itself, and counts what it is asked."""

    asked = 0

    async def edges_of(
        self, numbers: Collection[int], types: Collection[str], way: Direction, *, at: int | None
    ) -> list[RawEdge]:
        Following.asked += 1
        return await super().edges_of(numbers, types, way, at=at)

    async def beyond(
        self,
        numbers: Collection[int],
        types: Collection[str],
        way: Direction,
        *,
        at: int,
        most: int,
    ) -> list[Numbered]:
        found: list[int] = []
        for start in numbers:
            met = [start]
            for here in met:  # grows as it is read: nearest first
                near = [e for e in self.edges if e.near(way) == here and e.type in types]
                ends = [
                    e.target if way is Direction.FORWARD else e.origin for e in near if e.holds(at)
                ]
                met += [end for end in dict.fromkeys(ends) if end not in met]
            found += met[1 : most + 1]
        return await self.numbered_of(found)


@QUICK
@given(record=records(), changes=CHANGES, first=st.sampled_from([1, 2, 1_000]))
def test_what_is_guessed_changes_no_answer(
    record: Record, changes: dict[int, Kind], first: int
) -> None:
    following = Following(record.upto, record.nodes, record.edges, record.names)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chains, "FIRST", first)
        for at in (None, 1, 3):
            slow = SlowImpact(ONTOLOGY, record, at, [NAMED])
            found = asyncio.run(near(following, changes, at, 10**6))
            assert told(found) == slow.impact(changes)


def test_a_long_chain_is_not_asked_for_link_by_link() -> None:
    record = chain(100)
    Following.asked = 0
    following = Following(record.upto, record.nodes, record.edges)
    found = asyncio.run(near(following, {2: Kind.REMOVE}, None, 10**6))
    assert len(told(found)) > 100
    assert Following.asked < 50  # level by level: four for each link


def test_a_short_way_is_not_guessed_beyond() -> None:
    """Who asks for the next three links is not given a thousand."""
    record = chain(100)
    following = Following(record.upto, record.nodes, record.edges)
    found = asyncio.run(near(following, {2: Kind.REMOVE}, None, 3))
    assert len(found.view.places.number) < 20


TABLES = [
    RawEdge(1, "hasField", 2, "", "", 0, "ddl", False, 1, None),
    RawEdge(1, "hasField", 3, "", "", 0, "ddl", False, 1, None),
    RawEdge(4, "hasField", 5, "", "", 0, "ddl", False, 1, None),
    RawEdge(7, "hasField", 8, "", "", 0, "ddl", False, 1, None),
]
HIDDEN = [  # a column edge between sisters of what is asked about explains the dataset edge
    RawEdge(5, "fieldDerivedFrom", 3, "", "identity", 0, "sql", True, 1, None),
    RawEdge(4, "datasetDerivedFrom", 1, "", "", 0, "sql", False, 1, None),
]
STATED = [  # the job says what it writes from, so that what it reads stands for nothing
    RawEdge(6, "reads", 1, "", "", 0, "sql", False, 1, None),
    RawEdge(6, "writes", 4, "", "", 0, "sql", False, 1, None),
    RawEdge(5, "fieldDerivedFrom", 8, "", "identity", 6, "sql", False, 1, None),
]


@pytest.mark.parametrize("edges", [HIDDEN, STATED], ids=["hidden", "stated"])
def test_links_that_the_change_never_meets_are_fetched_where_they_matter(
    edges: list[RawEdge],
) -> None:
    types = ("Table", "Field", "Field", "Table", "Field", "Job", "Table", "Field")
    nodes = [Numbered(n, ResourceId(f"x:{n}"), type, "", False) for n, type in enumerate(types, 1)]
    record, changes = Record(1, tuple(nodes), tuple(TABLES + edges)), {2: Kind.RETYPE}
    found = told(asyncio.run(near(record, changes, None, 10**6)))
    assert found == SlowImpact(ONTOLOGY, record).impact(changes)
    assert all(result.certainty != "coarse" for result in found.values())
