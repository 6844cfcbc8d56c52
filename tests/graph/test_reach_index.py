"""The reach index beside its store: snapshots, catching up, new bases, readers."""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from slow_impact import Record
from telling import ONTOLOGY

from graph.numbered import AliasInterval, EdgeColumns, Evidence, NodeColumns, Numbered, RawEdge
from graph.reach import snapshot
from graph.reach.compiled import forget_stale
from graph.reach.index import ReachIndex
from graph.reach.snapshot import FILE
from graph.reach.spread import UNBOUNDED, Spreader
from graph.reach.trace import Trace
from graph.reach.trace import trace as traced_on
from graph.reach.view import Bounds
from graph.state import bit
from ontology.errors import Unavailable
from ontology.model import Kind, Ontology
from ontology.resource import ResourceId

REMOVE = bit(Kind.REMOVE)
COMMITS = 40


def chain(fields: int = 60) -> Record:
    """Tables of three fields, each field derived from one of an earlier table; each table
    comes with a commit of its own, and every fifth edge ends later."""
    pick, nodes, edges = random.Random(3), [], []

    def node(type: str) -> int:
        nodes.append(Numbered(len(nodes) + 1, ResourceId(f"x:{len(nodes) + 1}"), type, "", False))
        return len(nodes)

    made = [node("Field")]
    for n in range(fields // 3):
        since = min(COMMITS, 1 + n * 2)
        table = node("Table")
        for _ in range(3):
            field = node("Field")
            origin = pick.choice(made[-9:])
            until = since + 7 if pick.random() < 0.2 and since + 7 <= COMMITS else None
            edges.append(RawEdge(table, "hasField", field, "", "", 0, "ddl", False, since, None))
            edges.append(
                RawEdge(field, "fieldDerivedFrom", origin, "", "identity", 0, "sql", True, since,
                        until)
            )  # fmt: skip
            made.append(field)
    return Record(COMMITS, tuple(nodes), tuple(edges), (AliasInterval(3, 7, 9, 30),))


def build(record: Record, **options: int) -> ReachIndex:
    return asyncio.run(ReachIndex.build(record, ONTOLOGY, **options))  # type: ignore[arg-type]


def trace(
    index: ReachIndex, starts: dict[int, int], bounds: Bounds, at: int | None = None
) -> Trace:
    async def asked() -> Trace:
        return await traced_on(await index.sight(at), starts, bounds)

    return asyncio.run(asked())


def answer(index: ReachIndex, at: int | None = None) -> set[tuple[int, int]]:
    bounds = UNBOUNDED if at is None else UNBOUNDED._replace(at=at)
    traced = trace(index, {1: REMOVE}, bounds, at=at)
    place, event = traced.found.place, traced.found.event
    numbers = traced.view.places.number[place]
    return set(zip(numbers.tolist(), traced.track.depth[event].tolist(), strict=True))


async def aside(index: ReachIndex) -> set[tuple[int, int]]:
    """The answer, asked in a thread with a loop of its own."""
    return await asyncio.to_thread(answer, index)


def test_a_snapshot_is_what_was_saved(tmp_path: Path) -> None:
    built = build(chain())
    built.save(tmp_path)
    opened = ReachIndex.open(tmp_path, ONTOLOGY)
    assert opened is not None
    assert opened.upto == built.upto
    assert not list(opened.differences(built))
    assert [answer(opened, at) for at in (None, 5, 20)] == [
        answer(built, at) for at in (None, 5, 20)
    ]
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_what_lies_over_the_base_is_saved_too(tmp_path: Path) -> None:
    index = build(chain().until(10))
    asyncio.run(index.catch_up(chain()))  # type: ignore[arg-type]
    index.save(tmp_path)
    opened = ReachIndex.open(tmp_path, ONTOLOGY)
    assert opened is not None
    assert opened.overlay == 0
    assert answer(opened) == answer(build(chain()))


def test_a_snapshot_is_caught_up(tmp_path: Path) -> None:
    build(chain().until(15)).save(tmp_path)
    opened = ReachIndex.open(tmp_path, ONTOLOGY)
    assert opened is not None
    asyncio.run(opened.catch_up(chain()))  # type: ignore[arg-type]
    assert not list(opened.differences(build(chain())))


def test_no_snapshot(tmp_path: Path) -> None:
    assert ReachIndex.open(tmp_path, ONTOLOGY) is None
    assert ReachIndex.open(tmp_path / "nowhere", ONTOLOGY) is None


@pytest.mark.parametrize("where", [0.0, 0.01, 0.3, 0.6, 0.99])
def test_a_flipped_bit_is_noticed(tmp_path: Path, where: float) -> None:
    build(chain()).save(tmp_path)
    raw = bytearray((tmp_path / FILE).read_bytes())
    position = int(where * len(raw))
    while raw[position] == 0:  # padding is not covered, and does not matter
        position += 1
    raw[position] ^= 4
    (tmp_path / FILE).write_bytes(raw)
    assert ReachIndex.open(tmp_path, ONTOLOGY) is None


def test_a_large_snapshot_is_read_through_beside_the_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "EAGER", 0)
    build(chain()).save(tmp_path)
    assert ReachIndex.open(tmp_path, ONTOLOGY) is not None
    assert ReachIndex.intact(tmp_path)
    raw = bytearray((tmp_path / FILE).read_bytes())
    raw[len(raw) * 9 // 10] ^= 4
    (tmp_path / FILE).write_bytes(raw)
    assert ReachIndex.open(tmp_path, ONTOLOGY) is not None  # only the frame is looked at
    assert not ReachIndex.intact(tmp_path)
    assert not ReachIndex.intact(tmp_path / "nowhere")


def test_columns_make_the_index_that_edges_make() -> None:
    record = chain()
    assert not list(build(record).differences(build(Columns(record))))


class Columns(Record):
    """A record that offers itself in columns, as the SQLite store does."""

    def __init__(self, record: Record) -> None:
        super().__init__(record.upto, record.nodes, record.edges, record.names)

    async def node_columns(self) -> AsyncIterator[NodeColumns]:
        words = dict(enumerate(sorted({text for n in self.nodes for text in (n.type, n.level)})))
        number = {text: n for n, text in words.items()}
        yield NodeColumns(
            [n.number for n in self.nodes],
            [number[n.type] for n in self.nodes],
            [number[n.level] for n in self.nodes],
            words,
        )

    async def edge_columns(self) -> AsyncIterator[EdgeColumns]:
        edges = self.edges
        words = dict(enumerate(sorted({e.type for e in edges})))
        sources = dict(enumerate(sorted({e.source for e in edges})))
        kind = {text: n for n, text in words.items()}
        teller = {text: n for n, text in sources.items()}
        evidence = {
            place: Evidence(e.derivation, e.job, e.complete, e.literals)
            for place, e in enumerate(edges)
            if e.derivation or e.job or e.complete or e.literals
        }
        yield EdgeColumns(
            [e.origin for e in edges], [kind[e.type] for e in edges], [e.target for e in edges],
            [e.key for e in edges], [teller[e.source] for e in edges], [e.since for e in edges],
            [e.until for e in edges], evidence, words, sources,
        )  # fmt: skip


@pytest.mark.parametrize("left", [0, 5, 40, 5_000])
def test_a_short_file_is_noticed(tmp_path: Path, left: int) -> None:
    build(chain()).save(tmp_path)
    raw = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(raw[:left])
    assert ReachIndex.open(tmp_path, ONTOLOGY) is None


def test_a_snapshot_of_another_ontology_is_thrown_away(tmp_path: Path) -> None:
    build(chain()).save(tmp_path)
    other: Ontology = replace(ONTOLOGY, digest="another")
    assert ReachIndex.open(tmp_path, other) is None


@pytest.mark.parametrize("merge", [1, 20, 10_000])
async def test_new_bases_are_laid_beside_the_commits(merge: int) -> None:
    record = chain()
    index = await ReachIndex.build(record.until(1), ONTOLOGY, merge=merge)  # type: ignore[arg-type]
    overlays = []
    for commit in range(2, COMMITS + 1):
        await index.catch_up(record.until(commit))  # type: ignore[arg-type]
        await asyncio.sleep(0.005)
        overlays.append(index.overlay)
    fresh = await ReachIndex.build(record, ONTOLOGY)  # type: ignore[arg-type]
    assert not list(index.differences(fresh))
    assert await aside(index) == await aside(fresh)
    assert any(b < a for a, b in pairwise(overlays)) is (merge < 10_000)


async def test_a_base_that_cannot_be_laid_leaves_the_old_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The index goes on, and tries again when the overlay has doubled."""
    record, laid, failed = chain(), ReachIndex._laid, []

    def full(index: ReachIndex, state: Any) -> Any:
        if not failed:
            failed.append(index.overlay)
            raise MemoryError
        return laid(index, state)

    monkeypatch.setattr(ReachIndex, "_laid", full)
    index = await ReachIndex.build(record.until(1), ONTOLOGY, merge=5)  # type: ignore[arg-type]
    for commit in range(2, COMMITS + 1):
        await index.catch_up(record.until(commit))  # type: ignore[arg-type]
        await asyncio.sleep(0.005)
    fresh = await ReachIndex.build(record, ONTOLOGY)  # type: ignore[arg-type]
    assert not list(index.differences(fresh))
    assert failed
    assert index.overlay < len(fresh._state.base.rows)


async def test_a_reader_keeps_the_view_it_began_with() -> None:
    record = chain()
    index = await ReachIndex.build(record.until(10), ONTOLOGY)  # type: ignore[arg-type]
    upto, view = index.seen()
    place, mask = view.places.of[np.array([1])], np.array([REMOVE])
    before = Spreader().spread(view, place, mask)[1].place.tolist()
    await index.catch_up(record)  # type: ignore[arg-type]
    assert upto == 10
    assert index.seen()[0] == COMMITS
    assert Spreader().spread(view, place, mask)[1].place.tolist() == before
    assert len(await aside(index)) > len(before)


async def test_walks_beside_commits_see_whole_commits() -> None:
    """Threads walk while commits come in: each answer is that of some commit."""
    record = chain()
    known = {
        frozenset(await aside(await ReachIndex.build(record.until(n), ONTOLOGY)))  # type: ignore[arg-type]
        for n in range(1, COMMITS + 1)
    }
    index = await ReachIndex.build(record.until(1), ONTOLOGY, merge=5)  # type: ignore[arg-type]
    done = False

    def walking() -> set[frozenset[tuple[int, int]]]:
        seen = set()
        while not done:
            seen.add(frozenset(answer(index)))
        return seen

    walks = [asyncio.create_task(asyncio.to_thread(walking)) for _ in range(2)]
    for commit in range(2, COMMITS + 1):
        await index.catch_up(record.until(commit))  # type: ignore[arg-type]
        await asyncio.sleep(0.002)
    done = True
    for seen in await asyncio.gather(*walks):
        assert seen <= known


@pytest.mark.xdist_group("compiled")
def test_a_hub_larger_than_any_room() -> None:
    """A department with 20,000 entries: the scratch grows, and gives the same as numpy."""
    nodes = [Numbered(1, ResourceId("org:1"), "Department", "", False)]
    edges = []
    for n in range(2, 20_002):
        nodes.append(Numbered(n, ResourceId(f"entry:{n}"), "InformationResource", "", False))
        edges.append(RawEdge(n, "providedBy", 1, "", "", 0, "form", False, 1, None))
    index = build(Record(1, tuple(nodes), tuple(edges)))
    reorganise = bit(Kind.REORGANISE)
    in_numpy = trace(index, {1: reorganise}, UNBOUNDED).counts
    assert in_numpy["touched"] == 20_000
    if index.warm():
        assert trace(index, {1: reorganise}, UNBOUNDED).counts == in_numpy
        room = UNBOUNDED._replace(room=(9, 9, 9, 500))
        cut = trace(index, {1: reorganise}, room)
        assert cut.counts["touched"] == 500
        assert [(c.limit, c.among) for c in cut.cuts] == [("size", "touched")]


def test_a_start_newer_than_the_index() -> None:
    index = build(chain().until(1))
    with pytest.raises(Unavailable, match="catch up"):
        trace(index, {10_000_000: REMOVE}, UNBOUNDED)


def test_what_was_compiled_of_other_code_is_forgotten(tmp_path: Path) -> None:
    cache, source = tmp_path / "cache", tmp_path / "view.py"
    cache.mkdir()
    compiled, other = cache / "walk.spread-1.py311.nbi", cache / "levels.cpython-311.pyc"

    def made(code: str) -> bool:
        """Whether what was compiled is still there once the code says this."""
        source.write_text(code)
        forget_stale(cache, [source])
        return compiled.exists()

    compiled.write_bytes(b"1")
    other.write_bytes(b"2")
    assert not made("a"), "nobody knows of what it was made"
    compiled.write_bytes(b"1")
    assert made("a")
    assert not made("b")
    assert other.exists()


def test_without_numba_walks_run_in_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)
    monkeypatch.delitem(sys.modules, "graph.reach.walk", raising=False)
    monkeypatch.delattr("graph.reach.walk", raising=False)
    index = build(chain())
    assert not index.warm()
    assert not index.worth_compiling
    assert answer(index) == answer(build(chain()))
