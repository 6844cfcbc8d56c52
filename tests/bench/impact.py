"""Speed of impact: 10,000 and 300 resources, live and as of a past commit, beside SQL.

    python tests/bench/impact.py [--tables 20000] [--rounds 200]

Seeded. The peer is one recursive statement of SQLite over the same steps with the same
rules (a table of states), without certainty, depth, paths and dataset edges. Nothing is
asserted.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "graph")]

from slow_impact import Record

from graph.numbered import Numbered, RawEdge
from graph.reach.answer import Answering
from graph.reach.index import ReachIndex
from graph.reach.spread import UNBOUNDED
from graph.reach.trace import trace
from graph.reach.view import Bounds
from graph.state import BITS, WIDTH, bit
from ontology.load import load_ontology
from ontology.model import Kind
from ontology.resource import ResourceId
from tests.bench.figures import sizes, spread, tell

FIELDS, DERIVED = 12, 3
LOOP = asyncio.new_event_loop()
"""One for all: asyncio.run begins a thread and sets signals, which costs more than a walk."""
SIZES = (10_000, 300)


class City:
    """Tables of twelve fields, each mounted by an entry of one of forty departments. A flow
    is a set of tables in which three fields of each derive from earlier tables."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.nodes: list[Numbered] = []
        self.edges: list[RawEdge] = []
        self.departments = [self.node("Department") for _ in range(40)]
        self.matters = [self.node("Matter") for _ in range(250)]

    def node(self, type: str) -> int:
        number = len(self.nodes) + 1
        self.nodes.append(Numbered(number, ResourceId(f"x:{number}"), type, "", False))
        return number

    def link(
        self, origin: int, type: str, target: int, *, derivation: str = "", job: int = 0,
        complete: bool = False, until: int | None = None,
    ) -> None:  # fmt: skip
        self.edges.append(
            RawEdge(origin, type, target, "", derivation, job, "sql", complete, 1, until)
        )

    def table(self) -> tuple[int, list[int]]:
        table, entry = self.node("Table"), self.node("InformationResource")
        fields = [self.node("Field") for _ in range(FIELDS)]
        for field in fields:
            self.link(table, "hasField", field)
        self.link(entry, "mounts", table)
        self.link(entry, "providedBy", self.random.choice(self.departments))
        self.link(entry, "requiredBy", self.random.choice(self.matters))
        return table, fields

    def flow(self, size: int) -> int:
        """Tables so that dropping the start reaches about `size` resources; some lineage has
        ended since. Returns the start."""
        first, fields = self.table()
        made = [(first, fields[:1], 0)]
        for _ in range(size // (DERIVED + 2)):
            table, fields = self.table()
            origin, sources, depth = self.random.choice(made[-200:])
            job = self.node("Job")
            for field in fields[:DERIVED]:
                kind = self.random.choice(["identity", "identity", "transformation", "filter"])
                source = self.random.choice(sources)
                self.link(
                    field, "fieldDerivedFrom", source, derivation=kind, job=job, complete=True
                )
            self.link(table, "datasetDerivedFrom", origin, job=job)
            self.link(fields[-1], "fieldDerivedFrom", sources[0], derivation="identity", until=2)
            made.append((table, fields[:DERIVED], depth + 1))
        return made[0][1][0]


def timed(work: Callable[[], object], rounds: int) -> dict[str, float]:
    work()
    taken = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - begun))
    return spread(taken)


def ask(index: ReachIndex, start: int, bounds: Bounds, at: int | None = None) -> Iterator[object]:
    """The walk alone, then with sorting, counting and the departments of a page of 50."""
    _, view = index.seen(at)
    place, mask = view.places.of[np.array([start])], np.array([bit(Kind.REMOVE)], np.int64)
    yield lambda: index.spreader.spread(view, place, mask, bounds)
    yield lambda: LOOP.run_until_complete(page(index, start, bounds, at))


async def page(index: ReachIndex, start: int, bounds: Bounds, at: int | None = None) -> Answering:
    """The walk, sorted and counted, and who answers for the first 50."""
    found = await trace(await index.sight(at), {start: bit(Kind.REMOVE)}, bounds)
    return await found.answering(found.found.place[found.page(50, 0)])


class Peer:
    """The same steps and rules in SQLite, asked by one recursive statement."""

    def __init__(self, index: ReachIndex) -> None:
        _, view = index.seen()
        self.places = view.places.of
        self.connection = sqlite3.connect(":memory:")
        run = self.connection.execute
        run("CREATE TABLE step (a INTEGER, class INTEGER, b INTEGER)")
        run("CREATE TABLE rule (class INTEGER, s INTEGER, t INTEGER)")
        live, parts = view.live, view.parts
        at = np.repeat(np.arange(len(live.begin) - 1), np.diff(live.begin))
        place = len(parts.begin) - 1 + np.arange(len(parts.whole))
        for a, step, b in (
            (at, live.step, live.to),
            (parts.whole, parts.down, place),
            (place, parts.up, parts.whole),
        ):
            rows = zip(a.tolist(), step.tolist(), b.tolist(), strict=True)
            self.connection.executemany("INSERT INTO step VALUES (?, ?, ?)", rows)
        table = view.tables.table[0]
        self.connection.executemany(
            "INSERT INTO rule VALUES (?, ?, ?)",
            [
                (step, s, t % WIDTH)
                for step in range(len(table))
                for s in range(WIDTH)
                for t in range(BITS)
                if table[step, s] >> t & 1
            ],
        )
        run("CREATE INDEX by_a ON step (a, class, b)")
        run("CREATE INDEX by_class ON rule (class, s, t)")
        run("ANALYZE")

    def ask(self, start: int) -> int:
        sql = """
            WITH RECURSIVE reached (n, s) AS (
                VALUES (?, 0) UNION
                SELECT step.b, rule.t FROM reached
                JOIN step ON step.a = reached.n
                JOIN rule ON rule.class = step.class AND rule.s = reached.s
            ) SELECT COUNT(DISTINCT n) FROM reached"""
        found: int = self.connection.execute(sql, (int(self.places[start]),)).fetchone()[0]
        return found


def measure(tables: int, rounds: int) -> dict[str, object]:
    city = City(7)
    starts = {size: city.flow(size) for size in SIZES}
    while len(city.nodes) < tables * (FIELDS + 2):
        city.flow(city.random.choice([50, 300, 1000]))
    record = Record(3, tuple(city.nodes), tuple(city.edges))
    begun = time.perf_counter()
    index = LOOP.run_until_complete(ReachIndex.build(record, load_ontology()))  # type: ignore[arg-type]
    built = time.perf_counter() - begun
    _, view = index.seen()
    told: dict[str, object] = {
        "resources": len(city.nodes),
        "links": len(city.edges),
        "build s": round(built, 2),
        "bytes a link": round(_bytes(view) / len(city.edges), 1),
    }
    peer = Peer(index)
    for way in ("numpy", "compiled"):
        if way == "compiled":
            begun = time.perf_counter()
            if not index.warm():
                break
            told["compile or load s"] = round(time.perf_counter() - begun, 2)
        for size, start in starts.items():
            _, found = index.spreader.spread(
                view, view.places.of[np.array([start])], np.array([bit(Kind.REMOVE)], np.int64)
            )
            for at in (None, 1):
                bounds = UNBOUNDED if at is None else UNBOUNDED._replace(at=at)
                walk, traced = ask(index, start, bounds, at)
                name = f"{way}, {size}" + ("" if at is None else ", as of")
                told[f"walk {name}"] = timed(walk, rounds)  # type: ignore[arg-type]
                told[f"page {name}"] = timed(traced, rounds)  # type: ignore[arg-type]
            told[f"found {size}"] = len(found.place)
    for size, start in starts.items():
        told[f"sqlite {size}"] = timed(lambda start=start: peer.ask(start), max(3, rounds // 20))  # type: ignore[misc]
        told[f"sqlite found {size}"] = found_too = peer.ask(start) - 1
        assert found_too == told[f"found {size}"], "the peer answers another question"
    told["edit seen, 2000 commits in the overlay"] = catching_up(city, index, starts[300], 2000)
    return told


def catching_up(city: City, index: ReachIndex, start: int, commits: int) -> dict[str, object]:
    """Milliseconds to see a commit of one new field, with ever more of them in the overlay;
    then the walk through all of these, and what laying a new base takes."""
    table, source = city.table()[0], start
    record = Record(3, tuple(city.nodes), tuple(city.edges))
    LOOP.run_until_complete(index.catch_up(_Commits(record, 4)))  # type: ignore[arg-type]
    taken = []
    for commit in range(5, 5 + commits):
        before, known = len(city.edges), len(city.nodes)
        field = city.node("Field")
        city.link(table, "hasField", field)
        city.link(field, "fieldDerivedFrom", source, derivation="identity")
        edges = tuple(replace(edge, since=commit) for edge in city.edges[before:])
        told = _Commits(Record(commit, tuple(city.nodes[known:]), edges), commit)
        begun = time.perf_counter()
        LOOP.run_until_complete(index.catch_up(told))  # type: ignore[arg-type]
        taken.append(1000 * (time.perf_counter() - begun))
    return dict(spread(taken[-100:]))


class _Commits(Record):
    """What one commit tells, so that the bench does not measure the record."""

    def __init__(self, record: Record, upto: int) -> None:
        super().__init__(upto, record.nodes, record.edges, record.names)


def _bytes(view: object) -> int:
    live, parts, closed = view.live, view.parts, view.closed  # type: ignore[attr-defined]
    return sum(array.nbytes for part in (live, parts, closed) for array in part)


def main() -> None:
    asked = sizes(__doc__, tables=20_000, rounds=200).parse_args()
    tell(measure(asked.tables, asked.rounds))


if __name__ == "__main__":
    main()
