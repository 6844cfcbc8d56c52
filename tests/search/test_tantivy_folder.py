# ruff: noqa: E501  (rows of cases)
"""What can happen to the folder of a tantivy index, and what is said then."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import small_ledger

from ontology.errors import (
    Busy,
    CatalogError,
    Damaged,
    InvalidInput,
    StorageReadOnly,
    Unavailable,
)
from search.generations import Generations, storage_error
from search.index import Request
from search.mapping import derive
from search.open import open_index
from search.query import Words
from search.tantivy_index import TantivyIndex

MAPPING = derive(small_ledger.ONTOLOGY)


async def made(folder: Path) -> None:
    index = TantivyIndex(folder)
    await index.ensure(MAPPING)
    await index.put(small_ledger.documents(MAPPING), upto=7)
    await index.close()


async def used(index: TantivyIndex) -> None:
    await index.ensure(MAPPING)
    await index.search(Request(Words("人口")))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def engine(folder: Path) -> Path:
    return folder / "gen-1" / "index"


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def scramble(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for place in range(len(data) // 4, 3 * len(data) // 4):
        data[place] ^= 0x5A
    path.write_bytes(data)


LOSSES: dict[str, Callable[[Path], object]] = {
    "pointer is gone": lambda f: (f / "current").unlink(),
    "pointer is empty": lambda f: (f / "current").write_text(""),
    "pointer is garbage": lambda f: (f / "current").write_bytes(b"\xff\xfe nonsense"),
    "pointer leads nowhere": lambda f: (f / "current").write_text("gen-9"),
    "pointer leads outside": lambda f: (f / "current").write_text("../../etc"),
}
DAMAGES: dict[str, Callable[[Path], None]] = {
    "description is gone": lambda f: (f / "gen-1" / "generation.json").unlink(),
    "description is cut": lambda f: truncate(f / "gen-1" / "generation.json"),
    "description is another": lambda f: (f / "gen-1" / "generation.json").write_text("[]"),
    "description is of the future": lambda f: (f / "gen-1" / "generation.json").write_text('{"format": 999}'),
    "engine's list is cut": lambda f: truncate(engine(f) / "meta.json"),
    "engine's list is empty": lambda f: (engine(f) / "meta.json").write_text(""),
    "terms are gone": lambda f: [p.unlink() for p in engine(f).glob("*.term")],
    "columns are gone": lambda f: [p.unlink() for p in engine(f).glob("*.fast")],
    "texts are gone": lambda f: [p.unlink() for p in engine(f).glob("*.store")],
    "terms are cut": lambda f: [truncate(p) for p in engine(f).glob("*.term")],
    "texts are cut": lambda f: [truncate(p) for p in engine(f).glob("*.store")],
    "texts are scrambled": lambda f: [scramble(p) for p in engine(f).glob("*.store")],
    "the engine's folder is gone": lambda f: shutil.rmtree(engine(f)),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
async def test_damage_is_said_and_mended_by_a_rebuild(tmp_path: Path, damage: str) -> None:
    await made(tmp_path)
    DAMAGES[damage](tmp_path)
    index = TantivyIndex(tmp_path)
    with pytest.raises(Damaged, match="reindex") as refused:
        await used(index)
    assert refused.value.part == "search"
    built = await index.rebuild(MAPPING, ())
    await built.put(small_ledger.documents(MAPPING), upto=7)
    await built.publish()
    assert (await index.search(Request(Words("人口")))).total > 0
    await index.close()


async def half_filled(folder: Path) -> None:
    """A generation beside the one that answers, whose filling was broken off."""
    index = TantivyIndex(folder)
    built = await index.rebuild(MAPPING, ())
    some = small_ledger.documents(MAPPING)[:3]
    await built.take(built.preparing(some))
    await built.keep(some[-1].id, 7)
    await built.leave()
    await index.close()


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("open_already", [False, True])
async def test_a_lost_pointer_costs_nothing(tmp_path: Path, loss: str, open_already: bool) -> None:
    """The generation that is whole is put to use again; a server need not be started anew."""
    await made(tmp_path)
    await half_filled(tmp_path)
    index = TantivyIndex(tmp_path)
    if open_already:
        await used(index)
    LOSSES[loss](tmp_path)
    if not open_already:
        await index.ensure(MAPPING)
    assert (await index.count(), await index.position()) == (len(small_ledger.LEDGER), 7)
    assert Generations(tmp_path).pointer() == "gen-1"
    assert names(tmp_path) == ["current", "gen-1", "gen-2"]
    assert await index.unfinished(MAPPING) is not None
    await index.close()


@pytest.mark.parametrize("loss", LOSSES)
async def test_nothing_whole_is_removed_before_the_next_is_whole(tmp_path: Path, loss: str) -> None:
    await made(tmp_path)
    await half_filled(tmp_path)
    LOSSES[loss](tmp_path)
    index = TantivyIndex(tmp_path)
    built = await index.rebuild(MAPPING, ())
    await built.publish()  # empty, so that there is something to ask
    assert "gen-1" in names(tmp_path)
    built = await index.rebuild(MAPPING, ())
    await built.put(small_ledger.documents(MAPPING), upto=7)
    await built.publish()
    assert len(names(tmp_path)) == 2
    await index.close()


def test_what_cannot_be_read_just_now_is_not_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_more(path: Path) -> bytes:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(Path, "read_bytes", no_more)
    with pytest.raises(Unavailable) as refused:
        Generations(tmp_path).read("gen-1")
    assert not isinstance(refused.value, Damaged)


async def test_one_feeder_at_a_time(tmp_path: Path) -> None:
    first, second = TantivyIndex(tmp_path), TantivyIndex(tmp_path)
    await first.ensure(MAPPING)
    await second.ensure(MAPPING)
    await first.put([], upto=1)
    with pytest.raises(Busy):
        await second.put([], upto=2)
    assert await second.position() == 1
    await first.close()
    await second.put([], upto=2)
    await second.close()


async def test_a_feeder_that_rests_leaves_after_a_while(tmp_path: Path) -> None:
    first, second = TantivyIndex(tmp_path), TantivyIndex(tmp_path)
    await first.ensure(MAPPING)
    await second.ensure(MAPPING)
    await first.put([], upto=1)
    await first.release(after=0.1)
    await first.put([], upto=2)  # and so it stays
    await asyncio.sleep(0.2)
    with pytest.raises(Busy):
        await second.put([], upto=3)
    await first.release(after=0.1)
    with pytest.raises(Busy):
        await second.put([], upto=3)
    async with asyncio.timeout(10):
        while await second.position() < 3:
            with suppress(Busy):
                await second.put([], upto=3)
            await asyncio.sleep(0.05)
    await first.close()
    await second.close()


async def test_a_generation_is_one_commit_whatever_its_batches(tmp_path: Path) -> None:
    index = TantivyIndex(tmp_path)
    await index.ensure(MAPPING)
    docs = small_ledger.documents(MAPPING)
    built = await index.rebuild(MAPPING, ())
    await built.put(docs[:3], upto=0)
    await built.put([docs[0]], upto=5)  # the same again
    await built.put([docs[3]], upto=7, deleted=[docs[1].id])
    assert await built.position() == 7
    await built.publish()
    assert (await index.count(), await index.position()) == (3, 7)
    await index.close()


async def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    index = TantivyIndex(tmp_path / "file" / "search")
    with pytest.raises(CatalogError):
        await index.ensure(MAPPING)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
async def test_a_read_only_folder(tmp_path: Path) -> None:
    await made(tmp_path)
    engine(tmp_path).chmod(0o500)
    index = TantivyIndex(tmp_path)
    try:
        await index.ensure(MAPPING)
        assert (await index.search(Request(Words("人口")))).total > 0
        with pytest.raises(StorageReadOnly):
            await index.put([], upto=8)
    finally:
        engine(tmp_path).chmod(0o700)


def test_what_the_system_says_becomes_ours() -> None:
    assert storage_error(28, Path("x")).code == "STORAGE_FULL"
    assert storage_error(30, Path("x")).code == "READ_ONLY"
    assert storage_error(5, Path("x")).code == "UNAVAILABLE"


async def test_only_the_generation_in_use_stays_on_disk(tmp_path: Path) -> None:
    await made(tmp_path)
    index = TantivyIndex(tmp_path)
    await index.ensure(MAPPING)
    for _ in range(3):
        built = await index.rebuild(MAPPING, ())
        await built.put(small_ledger.documents(MAPPING), upto=7)
        await built.publish()
        assert await index.count() == len(small_ledger.LEDGER)
    assert names(tmp_path) == ["current", "gen-4"]
    assert Generations(tmp_path).pointer() == "gen-4"
    await index.close()


async def test_searches_go_on_while_generations_change(tmp_path: Path) -> None:
    await made(tmp_path)
    index, other = TantivyIndex(tmp_path), TantivyIndex(tmp_path)
    await index.ensure(MAPPING)
    await other.ensure(MAPPING)
    done = asyncio.Event()

    async def read() -> int:
        times = 0
        while not done.is_set():
            page = await other.search(Request(Words("人口"), facets=("type",)))
            assert page.total > 0
            times += 1
        return times

    reader = asyncio.create_task(read())
    for _ in range(4):
        built = await index.rebuild(MAPPING, ())
        await built.put(small_ledger.documents(MAPPING), upto=7)
        await built.publish()
        await asyncio.sleep(0.02)
    done.set()
    assert await reader > 4
    await index.close()
    await other.close()


KILLED = """
import asyncio, os, sys
sys.path[:0] = {paths!r}
import small_ledger
from pathlib import Path
from search.mapping import derive
from search.tantivy_index import TantivyIndex

async def main():
    mapping = derive(small_ledger.ONTOLOGY)
    index = TantivyIndex(Path({folder!r}))
    await index.ensure(mapping)
    docs = small_ledger.documents(mapping)
    at = await index.position()
    while True:
        at += 1
        await index.put([docs[at % len(docs)]], upto=at)
        print(at, flush=True)

asyncio.run(main())
"""


async def test_killed_while_writing_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    code = KILLED.format(paths=[str(root), str(Path(__file__).parent)], folder=str(tmp_path))
    for wait in (3, 11, 7):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout is not None
        acknowledged = [int(await process.stdout.readline()) for _ in range(wait)][-1]
        process.kill()
        await process.wait()
        index = TantivyIndex(tmp_path)
        await index.ensure(MAPPING)
        position = await index.position()
        assert position >= acknowledged
        assert await index.count() == min(position, len(small_ledger.LEDGER))
        await index.close()


@pytest.mark.parametrize("url", ["", "x", "tantivy:", "tantivy://", "tantivy://h/x"])
def test_what_is_no_search_url(url: str) -> None:
    with pytest.raises(InvalidInput, match="tantivy:///"):
        open_index(url)


def test_a_search_url(tmp_path: Path) -> None:
    assert open_index(f"tantivy://{tmp_path}/a%20b") is not None
