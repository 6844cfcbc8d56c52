"""Loading in bulk: the ledger that comes of it is the one that the ordinary way makes."""

from __future__ import annotations

import asyncio
import json
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from graph.memory.store import MemoryStore
from graph.open import open_store
from graph.sqlite.store import SqliteStore
from graph.store import GraphStore, Run
from ingest import bulk
from ingest.bulk import load
from ingest.pipeline import ingest
from ingest.registry import open_source
from ingest.source import Options, Source
from ontology.errors import InvalidInput
from ontology.load import load_ontology
from ontology.resource import ChangeSet, Claim, Rank, ResourceId
from ontology.resource import Source as Teller
from tests.bench.nation import SOURCE, Nation, write

ONTOLOGY = load_ontology()
DAY = datetime(2025, 11, 1, tzinfo=UTC)
NATION = Nation(0.0001, departments=60, elements=20, codesets=10)
YEAR_AFTER = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def deliveries(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return write(tmp_path_factory.mktemp("nation"), NATION)


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[GraphStore]:
    store = open_store(f"sqlite:///{folder}/ledger.db")
    await store.ensure(ONTOLOGY)
    try:
        yield store
    finally:
        await store.close()


def source(path: Path) -> Source:
    return open_source("jsonl", str(path), Options(source=SOURCE), ONTOLOGY)


async def said(store: GraphStore) -> list[object]:
    """All that a ledger says: resources, who claims what, links, counts; by name, since the
    steps in which it came to be may differ."""
    found: list[object] = [sorted((await store.counts()).items())]
    resources = [resource async for resource in store.scan()]
    ids = [resource.id for resource in resources]
    held, links = await store.held(ids), await store.links_many(ids, limit=500)
    for resource in resources:
        claims = [(h.claim, h.source) for h in held[resource.id]]
        edges = [(e.type, e.target, e.key, dict(e.properties)) for e in links[resource.id]]
        found.append((replace(resource, version=0, number=0), claims, edges))
    return found


async def test_a_ledger_loaded_in_bulk_is_the_one_that_the_ordinary_way_makes(
    deliveries: tuple[Path, Path], tmp_path: Path
) -> None:
    first, later = deliveries
    async with opened(tmp_path / "bulk") as bulk, opened(tmp_path / "plain") as plain:
        loaded = await load(bulk, source(first), load_ontology, actor="t", at=DAY)
        told = await ingest(plain, ONTOLOGY, source(first), actor="t", at=DAY)
        assert (loaded.counts, loaded.types) == (told.counts, told.types)
        assert loaded.counts.new == NATION.resources
        assert await said(bulk) == await said(plain)

        # A growing ledger: what is said a year after closes what was said before.
        loaded = await load(bulk, source(later), load_ontology, actor="t", at=YEAR_AFTER)
        told = await ingest(plain, ONTOLOGY, source(later), actor="t", at=YEAR_AFTER)
        assert loaded.counts == told.counts
        assert loaded.counts.changed > 0
        assert await said(bulk) == await said(plain)
        assert [flaw async for flaw in bulk.verify()] == []

        # Once more: nothing new, so nothing is committed.
        head = await bulk.head()
        again = await load(bulk, source(later), load_ontology, actor="t")
        assert (again.commits, again.counts.unchanged) == (None, loaded.counts.resources)
        assert await bulk.head() == head


async def test_the_same_change_sets_make_the_same_chain_in_the_same_rows(tmp_path: Path) -> None:
    teller = Teller("s", Rank.SCANNED)
    steps = [
        ChangeSet(
            "t",
            teller,
            claims=tuple(
                Claim(ResourceId(f"org:{n:03}"), "Department", {"name": f"局{n}", "level": said})
                for n in range(first, first + 40)
            ),
            at=DAY,
        )
        for first, said in ((0, "市"), (20, "省"), (20, "省"))
    ]
    run = Run("r", "s", "x", DAY)
    async with opened(tmp_path / "bulk") as bulk, opened(tmp_path / "plain") as plain:
        assert isinstance(bulk, SqliteStore)
        prepared = [bulk.preparing(step, ONTOLOGY) for step in steps]
        loaded = await bulk.load(prepared, run, [])
        commits = [await plain.commit(step) for step in steps]
        await plain.save_run(run)
        assert [one.commit for one in loaded] == commits
        assert [one.new for one in loaded] == [40, 20, 0]
    assert _rows(tmp_path / "bulk") == _rows(tmp_path / "plain")


def _rows(folder: Path) -> list[str]:
    with sqlite3.connect(folder / "ledger.db") as db:
        return list(db.iterdump())


async def test_what_is_gone_is_withdrawn_as_in_the_ordinary_way(
    deliveries: tuple[Path, Path], tmp_path: Path
) -> None:
    lines = deliveries[0].read_text("utf-8").splitlines(keepends=True)
    path = tmp_path / "some.jsonl"
    async with opened(tmp_path / "ledger") as store:
        path.write_text("".join(lines[:301]), "utf-8")
        await load(store, source(path), load_ontology, actor="t")
        path.write_text("".join(lines[:251]), "utf-8")
        report = await load(store, source(path), load_ontology, actor="t")
        assert report.counts.withdrawn == 50


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal on this system")
async def test_a_load_that_was_killed_goes_on_where_it_was(
    deliveries: tuple[Path, Path], tmp_path: Path
) -> None:
    folder = tmp_path / "killed"
    command = [sys.executable, "-c", KILLED, str(deliveries[0]), str(folder)]
    child = await asyncio.create_subprocess_exec(
        *command, cwd=Path(__file__).parents[2], stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout is not None
    assert (await child.stdout.readline()).strip() == b"kept"
    child.send_signal(signal.SIGKILL)
    await child.wait()
    async with opened(folder) as store, opened(tmp_path / "plain") as plain:
        (run,) = await store.runs()
        before = await store.counts()
        assert run.cursor
        assert 0 < sum(before.values()) < NATION.resources
        report = await load(store, source(deliveries[0]), load_ontology, actor="t", resume=True)
        assert report.counts.read < NATION.resources
        assert report.run == run.id
        await ingest(plain, ONTOLOGY, source(deliveries[0]), actor="t")
        assert await said(store) == await said(plain)
        assert [flaw async for flaw in store.verify()] == []


KILLED = """
import asyncio, sys, time
from pathlib import Path
from ingest.bulk import load
from ontology.load import load_ontology
from tests.ingest.test_bulk import opened, source

def kept(progress):
    print("kept", flush=True)
    time.sleep(60)  # to be killed in

async def main():
    async with opened(Path(sys.argv[2])) as store:
        path = Path(sys.argv[1])
        await load(store, source(path), load_ontology, actor="t", progress=kept, transaction=200)

if __name__ == "__main__":
    asyncio.run(main())
"""


async def test_what_has_no_bulk_way_is_told(deliveries: tuple[Path, Path], tmp_path: Path) -> None:
    path = tmp_path / "unsorted.jsonl"
    path.write_text('{"id":"org:1","type":"Department","attributes":{"name":"局"}}\n', "utf-8")
    async with opened(tmp_path / "ledger") as store:
        with pytest.raises(InvalidInput, match="sorted"):
            await load(store, source(path), load_ontology, actor="t")
    with pytest.raises(InvalidInput, match="--bulk"):
        await load(MemoryStore(), source(deliveries[0]), load_ontology, actor="t")


async def test_a_bad_line_is_kept_out_and_told(tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    lines = [
        {"mulu": "jsonl", "version": 1, "ontology": "", "sorted": True},
        {"id": "org:1", "type": "Department", "attributes": {"name": "局"}},
        {"id": "org:2", "type": "NoSuchClass", "attributes": {"name": "局"}},
        {"id": "org:3", "type": "Department", "attributes": {"name": "处"}},
    ]
    path.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    async with opened(tmp_path / "ledger") as store:
        report = await load(store, source(path), load_ontology, actor="t")
        assert (report.counts.new, report.counts.rejected) == (2, 1)
        assert report.problems[0].row == 3


async def test_a_large_sorted_file_is_worth_other_processes(
    deliveries: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = deliveries
    lines = first.read_text("utf-8").splitlines(keepends=True)
    unsorted = tmp_path / "unsorted.jsonl"
    unsorted.write_text("".join(lines).replace('"sorted":true', '"sorted":false', 1), "utf-8")
    async with opened(tmp_path) as store:
        assert not bulk.is_large(store, source(first)), "a few thousand lines"
        monkeypatch.setattr(bulk, "LARGE", len(lines) - 1)
        assert bulk.is_large(store, source(first))
        assert not bulk.is_large(store, source(unsorted)), "its lines may speak of one resource"
        assert not bulk.is_large(MemoryStore(), source(first)), "a store without a bulk way"
        monkeypatch.setattr(bulk, "LARGE", len(lines))
        assert not bulk.is_large(store, source(first))
