"""Filling a new generation of the index: by several processes as by one, and behind a crash."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from graph.open import open_store
from graph.sqlite.store import SqliteStore
from ingest import making
from ingest.making import Workshop
from ingest.neighbours import around
from ingest.pipeline import ingest as take_in
from ingest.projector import Projector
from ingest.registry import open_source
from ingest.source import Options
from ontology.load import load_ontology
from ontology.model import Direction
from ontology.resource import ChangeSet, Edit, Link, Rank, ResourceId
from ontology.resource import Source as Teller
from search.index import SearchIndex
from search.mapping import derive
from search.open import open_index
from search.tantivy_index import TantivyIndex
from tests.bench.nation import SOURCE, Nation, dataset, write

ONTOLOGY = load_ontology()
MAPPING = derive(ONTOLOGY)
NATION = Nation(0.00004, departments=60, elements=20, codesets=10)
PERSON = Teller("人工", Rank.CURATED)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small nation in the record, and no index yet."""
    folder = tmp_path_factory.mktemp("nation")
    asyncio.run(load(folder))
    return folder


async def load(folder: Path) -> None:
    first, _ = write(folder, NATION)
    source = open_source("jsonl", str(first), Options(source=SOURCE), ONTOLOGY)
    async with opened(folder) as store:
        report = await take_in(
            store, ONTOLOGY, source, actor="t", at=datetime(2025, 11, 1, tzinfo=UTC)
        )
        assert not report.counts.errors


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[SqliteStore]:
    store = open_store(f"sqlite:///{folder}/ledger.db")
    assert isinstance(store, SqliteStore)
    await store.ensure(ONTOLOGY)
    try:
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def indexed(where: Path | str) -> AsyncIterator[SearchIndex]:
    """In a folder, or at an address."""
    index = TantivyIndex(where) if isinstance(where, Path) else open_index(where)
    await index.ensure(MAPPING)
    try:
        yield index
    finally:
        await index.close()


async def documents(index: SearchIndex) -> dict[ResourceId, str]:
    return {one.id: one.digest for one in await index.stored(limit=10_000)}


def workshop(folder: Path) -> Workshop:
    return Workshop(partial(open_store, f"sqlite:///{folder}/ledger.db"), load_ontology)


async def test_several_processes_make_the_index_that_one_makes(
    ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "FEW", 0)
    monkeypatch.setattr(making, "STRETCH", 100)
    told: list[int] = []
    async with (
        opened(ledger) as store,
        indexed(tmp_path / "one") as one,
        indexed(tmp_path / "several") as several,
    ):
        await Projector(store, one, MAPPING).catch_up()
        await Projector(store, several, MAPPING, workshop(ledger)).catch_up(
            lambda done, total: told.append(done)
        )
        assert await documents(several) == await documents(one)
        assert len(await documents(one)) == NATION.resources
        assert await several.position() == await one.position()
        assert isinstance(several, TantivyIndex)
        assert isinstance(one, TantivyIndex)
        assert several._current().folder.words == one._current().folder.words
    assert told == sorted(told)
    assert told[-1] == NATION.resources


@pytest.mark.parametrize("whole", [dataset(0), "database:990100/人口库"])
async def test_several_processes_know_how_secret_a_part_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: str
) -> None:
    """A table of a level, and one that is part of a part of what has one."""
    monkeypatch.setattr(making, "FEW", 0)
    await load(tmp_path)
    within = (
        Edit(ResourceId(whole), "Database", link=(Link("hasDataset", ResourceId(dataset(0))),))
        if whole.startswith("database:")
        else Edit(ResourceId(whole))
    )
    edits = (replace(within, set={"securityLevel": "敏感数据"}),)
    async with (
        opened(tmp_path) as store,
        indexed(tmp_path / "one") as one,
        indexed(tmp_path / "several") as several,
    ):
        await Projector(store, one, MAPPING).catch_up()
        before = await documents(one)
        await store.commit(ChangeSet("t", PERSON, edits=edits))
        await Projector(store, one, MAPPING).catch_up()
        await Projector(store, several, MAPPING, workshop(tmp_path)).catch_up()
        after = await documents(one)
        assert await documents(several) == after
    field = ResourceId(f"{dataset(0).replace('dataset:', 'field:')}#c0")
    assert after[field] != before[field]


BUILD = """
import asyncio, sys, time
from pathlib import Path
from ingest import making, projector
from tests.ingest.test_making import MAPPING, Projector, indexed, opened

projector.KEEP = making.STRETCH = 200

def told(done, total):
    print(done, flush=True)
    if done >= 600:
        time.sleep(600)  # till it is killed

async def main(ledger, url):
    async with opened(ledger) as store, indexed(url) as index:
        await Projector(store, index, MAPPING).catch_up(told)

asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
"""


@pytest.fixture(params=["tantivy", "elastic"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an index that is not there yet."""
    if request.param == "tantivy":
        yield f"tantivy://{tmp_path}/search"
        return
    server, prefix = request.getfixturevalue("elastic_url"), f"t-{uuid4().hex[:12]}"
    yield f"{server}/{prefix}"
    for name in httpx.get(f"{server}/{prefix}-*", timeout=60).json():
        httpx.delete(f"{server}/{name}", timeout=60).raise_for_status()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal on this system")
async def test_a_build_that_was_killed_goes_on_and_misses_nothing(tmp_path: Path, url: str) -> None:
    ledger = tmp_path / "ledger"
    ledger.mkdir()
    await load(ledger)
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        BUILD,
        str(ledger),
        url,
        cwd=Path(__file__).parents[2],
        stdout=asyncio.subprocess.PIPE,
    )
    assert child.stdout is not None
    while int(await child.stdout.readline()) < 600:
        pass
    child.send_signal(signal.SIGKILL)
    await child.wait()
    if url.startswith("http"):  # its lease has run out: nobody renews it
        async with httpx.AsyncClient(timeout=60) as client:
            (await client.delete(f"{url}-lease")).raise_for_status()
    told: list[int] = []
    async with opened(ledger) as store:
        renamed = ResourceId(dataset(0))
        edit = Edit(renamed, set={"displayName": "改过的名字"})
        await store.commit(ChangeSet("t", PERSON, edits=(edit,)))  # of what it had already
        async with indexed(url) as index, indexed(tmp_path / "whole") as whole:
            left = await index.unfinished(MAPPING)
            assert left is not None
            assert left.place is not None
            assert left.begun == await store.commit_at(datetime(2025, 11, 1, tzinfo=UTC))
            await left.leave()
            await Projector(store, index, MAPPING).catch_up(lambda done, _: told.append(done))
            await Projector(store, whole, MAPPING).catch_up()
            assert await documents(index) == await documents(whole)
            assert await index.position() == await whole.position()
            assert await index.unfinished(MAPPING) is None
    assert told[0] < NATION.resources - 500  # it did not begin again


async def test_the_ledger_is_dealt_out_without_gaps(ledger: Path) -> None:
    async with opened(ledger) as store:
        whole = [resource async for resource in store.scan()]
        ends = [end async for end in store.stretches(70)]
        dealt = [
            resource
            for after, until in zip(["", *ends[:-1]], ends, strict=True)
            for resource in await store.stretch(after, until)
        ]
        assert dealt == whole


async def test_what_stands_near_is_told_as_links_tell_it(ledger: Path) -> None:
    async with opened(ledger) as store:
        whole = [resource async for resource in store.scan()]
        ids = [resource.id for resource in whole]
        number = await store.numbers(ids)
        for way in Direction:
            kinds = sorted(ONTOLOGY.links)
            near = await store.near([*number.values()], kinds, way, limit=1_000)
            links = await store.links_many(ids, kinds, way, limit=1_000)
            assert near is not None
            end_of = await store.numbers({e.end(way) for edges in links.values() for e in edges})
            assert links == await store.links_many(ids, None, way, limit=1_000)
            assert links[ids[0]] == (await store.links(ids[0], None, way, limit=1_000)).edges
            for id, edges in links.items():
                for kind in kinds:
                    ends = [edge.end(way) for edge in edges if edge.type == kind]
                    there = near.get(number[id], {}).get(kind, ())
                    assert list(there) == [end_of[end] for end in ends]
        hub = max(ids, key=lambda id: len(links[id]))
        assert await store.near([number[hub]], kinds, Direction.BACKWARD, limit=3) is None
        found = await around(store, whole, MAPPING)
        assert found
