"""The reach index against the slow and obvious walk, on random ledgers: live and as of
each commit, built at once and caught up commit by commit, compiled and in numpy."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from slow_impact import SURENESS, Record, Result, SlowImpact

from graph.answerable import grouped
from graph.comparison import compared
from graph.numbered import AliasInterval, Numbered, RawEdge
from graph.reach.index import ReachIndex
from graph.reach.rows import NOW
from graph.reach.spread import UNBOUNDED, Spreader
from graph.reach.trace import Listing, Trace
from graph.reach.trace import trace as traced_on
from graph.reach.view import Bounds, View, stands_for
from graph.state import AFFECTED, KINDS, WIDTH, at_certainty, bit, breaks, kinds_of
from ontology.load import load_ontology
from ontology.model import Certainty, Kind

pytestmark = pytest.mark.timeout(900)  # a hundred ledgers, asked from every side

ONTOLOGY = load_ontology()
COMMITS = 5

TYPES = (
    ["Table", "View", "Table", "Api"]
    + ["Field"] * 8
    + ["Job", "Job", "InformationResource", "InformationItem", "DataElement", "CodeSet", "Code"]
    + ["System", "Database", "Matter", "Department", "Scenario", "Report", "Standard"]
)
NODES = tuple(Numbered(i, f"x:{i}", type, "", False) for i, type in enumerate(TYPES, 1))  # type: ignore[arg-type]
DATASETS, FIELDS, JOBS = range(1, 5), range(5, 13), range(13, 15)


def _fits(type: str, ends: tuple[str, ...]) -> bool:
    return any(ONTOLOGY.is_a(type, end) for end in ends)


def _homes(field: int) -> int:
    """Each field can lie in one dataset only: in the first four, two each."""
    return (field - FIELDS.start) // 2 + 1


WAYS = [
    (link.name, a.number, b.number)
    for link in ONTOLOGY.links.values()
    if link.spreads and not link.abstract
    for a in NODES
    for b in NODES
    if _fits(a.type, link.domain) and _fits(b.type, link.range)
    if not (link.part_of and b.number in FIELDS and _homes(b.number) != a.number)
]
DENSE = [way for way in WAYS if "erive" in way[0] or way[0] in ("reads", "writes", "hasField")]
CODED = (
    [("hasCode", 18, 19), ("valueDomain", 17, 18), ("conformsTo", 16, 17)]
    + [("conformsTo", field, 17) for field in FIELDS[:3]]
)  # fmt: skip
"""From a code to the fields of its set."""
NAMED = "04"
DERIVATIONS = ("", "identity", "transformation", "aggregation", "filter", "unheard of")


@st.composite
def intervals(draw: st.DrawFn) -> tuple[int, int | None]:
    since = draw(st.integers(1, COMMITS))
    return since, draw(st.none() | st.integers(since + 1, COMMITS + 1))


@st.composite
def edges(draw: st.DrawFn) -> RawEdge:
    type, origin, target = draw(st.sampled_from(WAYS) | st.sampled_from(DENSE))
    since, until = draw(intervals())
    lineage = ONTOLOGY.links[type].lineage
    return RawEdge(
        origin,
        type,
        target,
        draw(st.sampled_from(["", "k"])),
        draw(st.sampled_from(DERIVATIONS)),
        draw(st.sampled_from([0, *JOBS])) if lineage else 0,
        draw(st.sampled_from(["ddl", "sql"])),
        lineage and draw(st.booleans()),
        since,
        until if until is None or until <= COMMITS else None,
        draw(st.sampled_from([(), (), (NAMED,), ("01", NAMED), ("01",)])) if lineage else (),
    )


@st.composite
def containments(draw: st.DrawFn) -> RawEdge:
    field = draw(st.sampled_from(list(FIELDS)))
    since, until = draw(intervals())
    until = until if draw(st.booleans()) else None
    until = until if until is None or until <= COMMITS else None
    return RawEdge(_homes(field), "hasField", field, "", "", 0, "ddl", False, since, until)


@st.composite
def aliases(draw: st.DrawFn) -> AliasInterval:
    same = [(1, 2), (3, 2), (5, 7), (9, 7), (16, 16)]
    name, of = draw(st.sampled_from(same[:4]))
    since, until = draw(intervals())
    until = until if until is None or until <= COMMITS else None
    return AliasInterval(name, of, since, until)


def _distinct(listed: list[RawEdge]) -> tuple[RawEdge, ...]:
    """No two intervals of one link at the same time, as a store has it."""
    kept: dict[tuple[int, str, int, str], list[RawEdge]] = {}
    for edge in sorted(listed, key=lambda e: e.since):
        same = kept.setdefault((edge.origin, edge.type, edge.target, edge.key), [])
        if not same or (same[-1].until is not None and same[-1].until <= edge.since):
            same.append(edge)
    return tuple(edge for same in kept.values() for edge in same)


@st.composite
def records(draw: st.DrawFn) -> Record:
    held = [
        RawEdge(_homes(f), "hasField", f, "", "", 0, "ddl", False, 1, None)
        for f in draw(st.sets(st.sampled_from(list(FIELDS))))
    ]
    if draw(st.booleans()):
        held += [RawEdge(a, type, b, "", "", 0, "form", False, 1, None) for type, a, b in CODED]
    listed = (
        held + draw(st.lists(edges(), max_size=14)) + draw(st.lists(containments(), max_size=2))
    )
    names = draw(st.lists(aliases(), max_size=2, unique_by=lambda a: a.name))
    return Record(COMMITS, NODES, _distinct(listed), tuple(names))


def fast(
    index: ReachIndex, spreader: Spreader, changes: dict[int, Kind], at: int | None, depth: int
) -> dict[int, Result]:
    _, view = index.seen(at, [NAMED])
    of = view.places.of
    masks: dict[int, int] = {}
    for number, kind in changes.items():
        place = int(stands_for(view.names, of[np.array([number])])[0])
        masks[place] = masks.get(place, 0) | bit(kind)
    bounds = UNBOUNDED._replace(at=NOW if at is None else at, deepest=depth)
    places = np.array(list(masks), np.int32)
    track, found = spreader.spread(view, places, np.array(list(masks.values()), np.int64), bounds)
    assert _consistent(track, view)
    return {
        int(view.places.number[place]): _result(int(seen), int(rank), int(track.depth[event]))
        for place, seen, rank, event in zip(*found, strict=True)
    }


def trace(
    index: ReachIndex,
    starts: dict[int, int],
    bounds: Bounds,
    at: int | None = None,
    listing: Listing = Listing(),
) -> Trace:
    async def asked() -> Trace:
        return await traced_on(await index.sight(at, [NAMED]), starts, bounds, listing)

    return asyncio.run(asked())


def cut(index: ReachIndex, spreader: Spreader, changes: dict[int, Kind], depth: int) -> set[str]:
    index.spreader = spreader
    starts: dict[int, int] = {number: bit(kind) for number, kind in changes.items()}
    bounds = UNBOUNDED._replace(deepest=depth)
    return {c.among for c in trace(index, starts, bounds).cuts}


def _consistent(track: object, view: View) -> bool:
    depth, parent = track.depth, track.parent  # type: ignore[attr-defined]
    inner = parent >= 0
    return bool((depth[inner] == depth[parent[inner]] + 1).all() and (depth[~inner] == 0).all())


def _result(seen: int, rank: int, depth: int) -> Result:
    affected, certainty = rank < 3, rank % 3
    kinds = [k for k in kinds_of(seen) if (k in KINDS) == affected]
    surest = at_certainty(seen, certainty) & AFFECTED
    return Result(
        affected, SURENESS[certainty], depth, affected and breaks(surest), frozenset(kinds)
    )


CHANGES = st.dictionaries(
    st.integers(1, len(NODES)) | st.just(19),
    st.sampled_from([k for k in KINDS if k is not Kind.BROKEN]),
    min_size=1,
    max_size=4,
)
QUICK = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def compiled() -> Spreader:
    pytest.importorskip("numba", reason="the extra `fast` is not installed")
    spreader = Spreader()
    spreader.warm(asyncio.run(ReachIndex.build(Record(0, NODES, ()), ONTOLOGY)).seen()[1])
    return spreader


@QUICK
@given(record=records(), changes=CHANGES, depth=st.sampled_from([1, 2, 3, 10**6]))
def test_numpy_walk_equals_the_slow_one(
    record: Record, changes: dict[int, Kind], depth: int
) -> None:
    index = asyncio.run(ReachIndex.build(record, ONTOLOGY))
    for at in (None, 1, 3):
        slow = SlowImpact(ONTOLOGY, record, at, [NAMED]).impact(changes, depth)
        assert fast(index, Spreader(), changes, at, depth) == slow


@pytest.mark.xdist_group("compiled")
@QUICK
@given(record=records(), changes=CHANGES, depth=st.sampled_from([1, 2, 3, 10**6]))
def test_compiled_walk_equals_the_slow_one(
    compiled: Spreader, record: Record, changes: dict[int, Kind], depth: int
) -> None:
    index = asyncio.run(ReachIndex.build(record, ONTOLOGY))
    for at in (None, 1, 3):
        slow = SlowImpact(ONTOLOGY, record, at, [NAMED]).impact(changes, depth)
        assert fast(index, compiled, changes, at, depth) == slow


@pytest.mark.xdist_group("compiled")
@QUICK
@given(record=records(), changes=CHANGES, depth=st.integers(0, 3))
def test_a_cut_by_depth_tells_what_is_missing(
    compiled: Spreader, record: Record, changes: dict[int, Kind], depth: int
) -> None:
    index = asyncio.run(ReachIndex.build(record, ONTOLOGY))
    missing = SlowImpact(ONTOLOGY, record, None, [NAMED]).cut(changes, depth)
    assert cut(index, Spreader(), changes, depth) == missing
    assert cut(index, compiled, changes, depth) == missing


@pytest.mark.xdist_group("compiled")
@QUICK
@given(record=records(), changes=CHANGES, room=st.tuples(*[st.integers(0, 3)] * 4))
def test_a_cut_by_size_leaves_out_and_says_so(
    compiled: Spreader, record: Record, changes: dict[int, Kind], room: tuple[int, int, int, int]
) -> None:
    """What is there is as sure as said or surer without the limit; what has no cut above it
    is all there."""
    index = asyncio.run(ReachIndex.build(record, ONTOLOGY))
    slow = SlowImpact(ONTOLOGY, record, None, [NAMED]).impact(changes)
    for spreader in (Spreader(), compiled):
        index.spreader = spreader
        starts = {number: bit(kind) for number, kind in changes.items()}
        traced = trace(index, starts, UNBOUNDED._replace(room=room))
        numbers = traced.view.places.number[traced.found.place].tolist()
        assert set(numbers) <= set(slow)
        if not traced.cuts:
            assert set(numbers) == set(slow)
        if not any(c.among == "exact" for c in traced.cuts):
            exact = {n for n, r in slow.items() if r.affected and r.certainty == "exact"}
            ranks = dict(zip(numbers, traced.found.rank.tolist(), strict=True))
            assert {n for n, rank in ranks.items() if rank == 0} == exact


@QUICK
@given(record=records(), changes=CHANGES, begin=st.integers(0, COMMITS - 1))
def test_overlay_equals_rebuilt(record: Record, changes: dict[int, Kind], begin: int) -> None:
    async def caught_up() -> ReachIndex:
        index = await ReachIndex.build(record.until(begin), ONTOLOGY)
        for commit in range(begin + 1, COMMITS + 1):
            assert await index.catch_up(record.until(commit)) == commit
        return index

    index = asyncio.run(caught_up())
    assert not list(index.differences(asyncio.run(ReachIndex.build(record, ONTOLOGY))))
    for at in (None, 2, 4):
        slow = SlowImpact(ONTOLOGY, record, at, [NAMED]).impact(changes)
        assert fast(index, Spreader(), changes, at, 10**6) == slow


@QUICK
@given(
    record=records(),
    changes=CHANGES,
    only=st.sets(st.sampled_from(SURENESS), min_size=1).map(frozenset),
)
def test_only_what_is_so_sure(
    record: Record, changes: dict[int, Kind], only: frozenset[Certainty]
) -> None:
    """To follow only some certainties gives what is reached as surely, as long as nothing
    surer is left out: a path is as sure as its worst link. What is affected coarsely and
    touched exactly stays, as touched."""
    only = frozenset(SURENESS[: 1 + max(SURENESS.index(c) for c in only)])
    index = asyncio.run(ReachIndex.build(record, ONTOLOGY))
    starts, reached = SlowImpact(ONTOLOGY, record, None, [NAMED]).states(changes, 10**6)
    sure = {s.node for s in reached if SURENESS[s.certainty] in only} - {s.node for s in starts}
    allowed = sum(((1 << WIDTH) - 1) << WIDTH * SURENESS.index(c) for c in only)
    traced = trace(index, _starts(changes), UNBOUNDED._replace(allowed=allowed))
    numbers = traced.view.places.number[traced.found.place[traced.rows]].tolist()
    assert set(numbers) == sure


@QUICK
@given(record=records(), changes=CHANGES, types=st.sets(st.sampled_from(sorted(set(TYPES)))))
def test_what_is_listed_has_no_part_in_the_walk(
    record: Record, changes: dict[int, Kind], types: set[str]
) -> None:
    index = asyncio.run(ReachIndex.build(record, ONTOLOGY))
    slow = SlowImpact(ONTOLOGY, record, None, [NAMED]).impact(changes)
    traced = trace(index, _starts(changes), UNBOUNDED, listing=Listing(types=frozenset(types)))
    numbers = traced.view.places.number[traced.found.place[traced.rows]].tolist()
    assert set(numbers) == {n for n in slow if not types or NODES[n - 1].type in types}
    assert sum(traced.counts.values()) == len(numbers)
    groups = grouped(traced, asyncio.run(traced.answering(traced.found.place[traced.rows])))
    assert sorted(groups.rows.tolist()) == sorted(traced.rows.tolist())
    assert groups.counts.sum() == len(numbers)


@QUICK
@given(record=records(), changes=CHANGES, moments=st.tuples(*[st.integers(0, COMMITS)] * 2))
def test_two_moments_compared(
    record: Record, changes: dict[int, Kind], moments: tuple[int, int]
) -> None:
    """New and vanished are what the slow walks do not have in common; what is called the same
    is as sure, as far and of the same kinds."""
    index = asyncio.run(ReachIndex.build(record, ONTOLOGY))
    traces = [trace(index, _starts(changes), UNBOUNDED._replace(at=at), at=at) for at in moments]
    before, after = (SlowImpact(ONTOLOGY, record, at, [NAMED]).impact(changes) for at in moments)
    found = compared(*traces)
    assert found.counts["new"] == len(after.keys() - before.keys())
    assert found.counts["vanished"] == len(before.keys() - after.keys())
    told = {
        int(t.view.places.number[t.found.place[row]])
        for pair in found.shifts
        for t, row in zip(traces, pair, strict=True)
        if row >= 0
    }
    for number in (before.keys() & after.keys()) - told:
        assert before[number] == after[number]
    assert found.counts["same"] == len((before.keys() & after.keys()) - told)


COLUMN_EDGES = st.lists(
    st.tuples(
        st.sampled_from([7, 8]), st.sampled_from([5, 6]), st.integers(2, 4), st.integers(3, 6)
    ).filter(lambda e: e[2] < e[3]),
    min_size=1,
    max_size=4,
    unique_by=lambda e: e[:2],
)


@settings(QUICK, max_examples=30)
@given(columns=COLUMN_EDGES, others=st.lists(edges(), max_size=4))
def test_the_first_and_the_last_column_edge_flip_the_coarse_edge(
    columns: list[tuple[int, int, int, int]], others: list[RawEdge]
) -> None:
    """A job writes table 2 from table 1. While it says so of columns, and completely, a change
    of table 1 goes by them, and table 2 is not coarsely affected as a whole: live, as of each
    commit, caught up commit by commit or built at once."""
    homes = [RawEdge(_homes(f), "hasField", f, "", "", 0, "ddl", False, 1, None) for f in FIELDS]
    whole = RawEdge(2, "datasetDerivedFrom", 1, "", "", 13, "sql", False, 1, None)
    parts = [
        RawEdge(use, "fieldDerivedFrom", origin, "", "identity", 13, "sql", True, since,
                until if until <= COMMITS else None)
        for use, origin, since, until in columns
    ]  # fmt: skip
    pair = {1, 2, 5, 6, 7, 8}
    apart = [e for e in others if not {e.origin, e.target} & pair]
    record = Record(COMMITS, NODES, _distinct([*homes, whole, *parts, *apart]), ())

    async def each_commit() -> None:
        index = await ReachIndex.build(record.until(1), ONTOLOGY)
        for commit in range(1, COMMITS + 1):
            if commit > 1:
                await index.catch_up(record.until(commit))
            holds = any(since <= commit < until for _, _, since, until in columns)
            rebuilt = await ReachIndex.build(record, ONTOLOGY)
            slow = SlowImpact(ONTOLOGY, record, commit, [NAMED]).impact({1: Kind.VALUES})
            assert fast(index, Spreader(), {1: Kind.VALUES}, None, 10**6) == slow
            assert fast(index, Spreader(), {1: Kind.VALUES}, commit, 10**6) == slow
            assert fast(rebuilt, Spreader(), {1: Kind.VALUES}, commit, 10**6) == slow
            assert (2 in slow and slow[2].affected) is not holds

    asyncio.run(each_commit())


def _starts(changes: dict[int, Kind]) -> dict[int, int]:
    return {number: bit(kind) for number, kind in changes.items()}
