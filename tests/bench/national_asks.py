"""What is asked of the national ledger: in one process over its parts, and of a server."""

# ruff: noqa: SIM905  (rows of words)

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from api.export import lines
from api.settings import settings
from api.wiring import open_ledger
from graph.numbered import AliasInterval, Numbered, RawEdge
from graph.open import open_store
from graph.reach.index import ReachIndex
from graph.reach.spread import UNBOUNDED
from graph.reach.trace import trace
from graph.state import bit
from graph.store import GraphStore
from ontology.load import load_ontology
from ontology.model import Direction, Kind
from ontology.resource import Commit, ResourceId
from ontology.viewer import LOCAL
from tests.bench.figures import spread
from tests.bench.nation import HUB, Nation, Start, column, entry
from tests.bench.national_peers import Peers
from tests.bench.national_steps import YEAR_AGO
from tests.bench.server import Client
from tests.conftest import known_server

REMOVE = bit(Kind.REMOVE)


patience = 4.0
"""Seconds that the rounds of one figure may take, once there are three."""


def timed(work: Callable[[], object], rounds: int) -> dict[str, float]:
    """Milliseconds of each round after a first; fewer rounds where these take long."""
    work()
    taken: list[float] = []
    end = time.perf_counter() + patience
    while len(taken) < rounds and (len(taken) < 3 or time.perf_counter() < end):
        begun = time.perf_counter()
        work()
        taken.append(1_000 * (time.perf_counter() - begun))
    return spread(taken)


async def awaited(work: Callable[[int], Awaitable[object]], rounds: int) -> dict[str, float]:
    await work(0)
    taken: list[float] = []
    end = time.perf_counter() + patience
    while len(taken) < rounds and (len(taken) < 3 or time.perf_counter() < end):
        begun = time.perf_counter()
        await work(len(taken) + 1)
        taken.append(1_000 * (time.perf_counter() - begun))
    return spread(taken)


def name_of(start: Start) -> str:
    return f"{start.size:,} {'scattered' if start.scattered else 'close'}"


async def head_of_first(folder: Path) -> int:
    """The last commit of the first delivery: a year ago."""
    store = open_store(f"sqlite:///{folder}/ledger.db")
    await store.ensure(load_ontology())
    number = await store.commit_at(YEAR_AGO)
    await store.close()
    return number


# --- reach -----------------------------------------------------------------------------


async def walks(folder: Path, nation: Nation, year_ago: int) -> dict[str, Any]:
    """The walk alone (kernel), and with sorting, counting and who answers for a page."""
    ontology = load_ontology()
    begun = time.perf_counter()
    index = ReachIndex.open(folder / "reach", ontology, merge=1 << 60)
    assert index is not None
    told: dict[str, Any] = {"open the snapshot, ms": 1_000 * (time.perf_counter() - begun)}
    store = open_store(f"sqlite:///{folder}/ledger.db")
    await store.ensure(ontology)
    starts = nation.starts()
    numbers = await store.numbers([ResourceId(start.id) for start in starts])
    peers = Peers(folder, timed)
    for way in ("numpy", "numba"):
        if way == "numba" and not index.warm():
            told["numba"] = "not installed"
            break
        for start in starts:
            number = numbers[ResourceId(start.id)]
            told |= await _walked(index, start, number, way, year_ago)
    for start in starts:
        if start.scattered:
            told[f"peer, SQL level by level, {name_of(start)}"] = peers.sql(
                numbers[ResourceId(start.id)]
            )
    told |= await peers.neo4j(
        [(name_of(s), numbers[ResourceId(s.id)]) for s in starts], known_server("MULU_TEST_NEO4J")
    )
    told |= peers.rustworkx([(name_of(s), numbers[ResourceId(s.id)]) for s in starts])
    told |= await overlay(index, numbers[ResourceId(starts[-1].id)])
    await store.close()
    return told


async def _walked(
    index: ReachIndex, start: Start, number: int, way: str, at: int
) -> dict[str, Any]:
    told: dict[str, Any] = {}
    _, view = index.seen()
    place, mask = view.places.of[np.array([number])], np.array([REMOVE], np.int64)
    name = f"{way}, {name_of(start)}"
    _, found = index.spreader.spread(view, place, mask, UNBOUNDED)
    told[f"found, {name_of(start)}"] = len(found.place)
    told[f"kernel {name}"] = timed(lambda: index.spreader.spread(view, place, mask, UNBOUNDED), 200)
    told[f"page {name}"] = await awaited(lambda _: paged(index, number), 100)
    told[f"page a year ago {name}"] = await awaited(lambda _: paged(index, number, at), 100)
    return told


async def paged(index: ReachIndex, number: int, at: int | None = None) -> object:
    """The walk, sorted and counted, and who answers for the first 50."""
    bounds = UNBOUNDED if at is None else UNBOUNDED._replace(at=at)
    found = await trace(await index.sight(at), {number: REMOVE}, bounds)
    return await found.answering(found.found.place[found.page(50, 0)])


class Commits:
    """A store of commits that are only told, each one a new derivation of a column: what
    catching up costs, without the record."""

    def __init__(self, first: int, numbers: Sequence[int], seed: int = 7) -> None:
        self.upto, self._numbers = first, numbers
        self._draw = random.Random(seed)
        self._edges: list[RawEdge] = []

    def add(self, count: int) -> None:
        for _ in range(count):
            self.upto += 1
            one, other = self._draw.sample(self._numbers, 2)
            key = f"job:{self.upto}"
            self._edges.append(
                RawEdge(one, "fieldDerivedFrom", other, key, "identity", 0, "bench", False,
                        self.upto, None)
            )  # fmt: skip

    async def head(self) -> Commit:
        return Commit(self.upto, None, "", "", "", 0, "", "", "")  # type: ignore[arg-type]

    async def numbered(self, *, after: int = 0) -> AsyncIterator[Numbered]:
        return
        yield

    async def raw_edges(self, *, after: int = 0) -> AsyncIterator[RawEdge]:
        for edge in self._edges[-(self.upto - after) :] if self.upto > after else ():
            yield edge

    async def alias_intervals(self, *, after: int = 0) -> tuple[AliasInterval, ...]:
        return ()


async def overlay(index: ReachIndex, number: int) -> dict[str, Any]:
    """One edit until impact shows it, with ever more commits lying over the base. They join fields
    at random, so the answer grows with them: `found` tells how large it has become, and the
    same question is asked of a base that has taken all of them in."""
    view = index.seen()[1]
    parts, wholes = view.places.number, len(view.parts.begin) - 1
    fields = parts[wholes : wholes + len(view.parts.whole)][:2_000_000:7]
    kind = index.transitions.type_number("Field")
    fields = [int(n) for n in fields if view.places.type[view.places.of[n]] == kind]
    store: Any = Commits(index.upto, fields)
    told: dict[str, Any] = {}
    for size in (1_000, min(100_000, index.links // 10)):
        store.add(size - index.overlay)
        await index.catch_up(store)

        async def once(_: int) -> None:
            store.add(1)
            await index.catch_up(store)

        told[f"edit visible, {size:,} commits in the overlay"] = await awaited(once, 30)
        told[f"page numba, {size:,} commits in the overlay"] = await _page(index, number)
    with TemporaryDirectory() as folder:
        await asyncio.to_thread(index.save, Path(folder))
        merged = ReachIndex.open(Path(folder), index.ontology, merge=1 << 60)
        assert merged is not None
        merged.spreader = index.spreader
        told["page numba, the same commits in the base"] = await _page(merged, number)
    return told


async def _page(index: ReachIndex, number: int) -> dict[str, float]:
    traced = await trace(await index.sight(), {number: REMOVE}, UNBOUNDED)
    taken = await awaited(lambda _: paged(index, number), 50)
    return {**taken, "found": len(traced.found.place)}


# --- record ----------------------------------------------------------------------------


async def pages(folder: Path, nation: Nation) -> dict[str, Any]:
    """Point reads, pages of a hub from first to last, a stream of everything."""
    async with open_ledger(settings(data=folder)) as ledger:
        store, draw = ledger.store, random.Random(7)
        some = [
            ResourceId(column(draw.randrange(nation.tables), draw.randrange(12)))
            for _ in range(301)
        ]
        hub = ResourceId(HUB)
        told: dict[str, Any] = {
            "point read": await awaited(lambda n: store.get_many([some[n]]), 300),
            "links of a column": await awaited(lambda n: store.links(some[n]), 300),
            "hub, first page of 100": await awaited(
                lambda _: store.links(hub, way=Direction.BACKWARD), 50
            ),
            "hub, page after page of 1,000": await _deep(store, hub),
            "counts": await awaited(lambda _: store.counts(), 50),
        }
        begun, written = time.perf_counter(), 0
        async for _ in lines(ledger, LOCAL):
            written += 1
            if time.perf_counter() - begun > 5 * patience:
                break
        told["export, lines a second"] = written / (time.perf_counter() - begun)
        return told


async def _deep(store: GraphStore, hub: ResourceId) -> dict[str, float]:
    """Pages of 1,000 until the end, as far as it is reached in a while."""
    taken: list[float] = []
    after, end = None, time.perf_counter() + 10 * patience
    while time.perf_counter() < end:
        begun = time.perf_counter()
        page = await store.links(hub, ["conformsTo"], Direction.BACKWARD, after=after, limit=1_000)
        taken.append(1_000 * (time.perf_counter() - begun))
        after = page.after
        if after is None:
            break
    return {**spread(taken), "pages": len(taken), "last": taken[-1]}


# --- server ----------------------------------------------------------------------------

IMPACT = """query($id: ID!, $at: At) { impact(ids: [$id], at: $at, first: 50, grouped: true) {
    counts { exact indirect coarse touched } next upto
    affected { id title type depth effect certainty department departmentTitle }
    departments { department title counts { exact touched } } } }"""
SHOW = """query($id: ID!) { resource(id: $id) { id title ... on InformationResource {
    abstract sharingType securityLevel publishedAt } } }"""
SEARCH = """query($query: String!) { search(query: $query, first: 20,
    facets: ["type", "sharingType", "securityLevel"]) {
    total hits { id type title score } facets { name values { value count } } } }"""
TYPED = """query($after: String) { informationResources(first: 50, after: $after,
    filter: {sharingType: {in: ["无条件共享"]}}) {
    totalCount pageInfo { hasNextPage endCursor } nodes { id title sharingType } } }"""
WORDS = "社保缴费 企业登记 人口 公民身份号码 车辆变更 法人信用 处罚 学校名册 排污许可".split()


async def served(port: int, nation: Nation, year_ago: int, seconds: float) -> dict[str, Any]:
    """Over GraphQL: impact of about 10,000, today and a year ago, pages, the mixed clients."""
    client = await Client.open(port)
    start = min(nation.starts(), key=lambda s: (abs(s.size - 10_000), s.scattered))
    told: dict[str, Any] = {}
    begun = time.perf_counter()
    await client.post(IMPACT, id=start.id)
    told["first answer, s"] = time.perf_counter() - begun
    await asyncio.sleep(patience)  # the walk is taken from what was compiled, see `walks`
    for name, at in (("today", None), ("a year ago", year_ago)):
        told[f"impact of {name_of(start)}, {name}"] = await awaited(
            lambda _, at=at: client.post(IMPACT, id=start.id, at=at),
            60,  # type: ignore[misc]
        )
    after: list[str | None] = [None]

    async def typed(_: int) -> None:
        page = json.loads(await client.post(TYPED, after=after[0]))["data"]["informationResources"]
        after[0] = page["pageInfo"]["endCursor"] if page["pageInfo"]["hasNextPage"] else None

    told["typed page of 50 with a filter"] = await awaited(typed, 60)
    told["search with facets"] = await awaited(
        lambda n: client.post(SEARCH, query=WORDS[n % len(WORDS)]), 60
    )
    client.close()
    told["16 clients, mixed"] = await mixed(port, nation, seconds)
    return told


async def mixed(port: int, nation: Nation, seconds: float) -> dict[str, Any]:
    """70 % search, 20 % show, 10 % impact of about 100."""
    taken: list[float] = []
    failed = 0
    small = [start.id for start in nation.starts() if start.size <= 1_000] or [
        nation.starts()[-1].id
    ]
    end = time.perf_counter() + seconds

    async def one(number: int) -> None:
        nonlocal failed
        client, draw = await Client.open(port), random.Random(number)
        while time.perf_counter() < end:
            chance = draw.random()
            begun = time.perf_counter()
            try:
                if chance < 0.7:
                    await client.post(SEARCH, query=draw.choice(WORDS))
                elif chance < 0.9:
                    await client.post(SHOW, id=entry(2 * draw.randrange(nation.tables) + 1))
                else:
                    await client.post(IMPACT, id=draw.choice(small))
            except (RuntimeError, OSError, EOFError):
                failed += 1
                client = await Client.open(port)
                continue
            taken.append(1_000 * (time.perf_counter() - begun))
        client.close()

    await asyncio.gather(*(one(n) for n in range(16)))
    return {**spread(taken), "per_second": round(len(taken) / seconds), "errors": failed}
