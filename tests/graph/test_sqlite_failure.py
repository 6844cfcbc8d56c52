"""What can go wrong below the store comes out in the ledger's words, and nothing is lost."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import sqlite3
import tempfile
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from graph.open import open_store
from graph.sqlite import failure
from graph.sqlite.failure import translated, translating
from graph.sqlite.store import SqliteStore
from ontology.errors import (
    Busy,
    CatalogError,
    Damaged,
    InvalidInput,
    OntologyError,
    StorageFull,
    StorageReadOnly,
    Unavailable,
)
from ontology.load import load_ontology
from ontology.resource import ChangeSet, Claim, Rank, ResourceId, Source

ONTOLOGY = load_ontology()
SCAN = Source("scan", Rank.SCANNED)

EXPECTED = {
    "SQLITE_FULL": StorageFull,
    "SQLITE_READONLY": StorageReadOnly,
    "SQLITE_PERM": StorageReadOnly,
    "SQLITE_AUTH": StorageReadOnly,
    "SQLITE_CORRUPT": Damaged,
    "SQLITE_NOTADB": Damaged,
    "SQLITE_BUSY": Busy,
    "SQLITE_LOCKED": Busy,
    "SQLITE_PROTOCOL": Busy,
    "SQLITE_TOOBIG": InvalidInput,
}
"""Result codes that mean something to a user; every other one is Unavailable."""

GENERAL = {
    "SQLITE_ERROR", "SQLITE_INTERNAL", "SQLITE_ABORT", "SQLITE_NOMEM", "SQLITE_INTERRUPT",
    "SQLITE_IOERR", "SQLITE_NOTFOUND", "SQLITE_CANTOPEN", "SQLITE_EMPTY", "SQLITE_SCHEMA",
    "SQLITE_CONSTRAINT", "SQLITE_MISMATCH", "SQLITE_MISUSE", "SQLITE_NOLFS", "SQLITE_FORMAT",
    "SQLITE_RANGE", "SQLITE_NOTICE", "SQLITE_WARNING",
}  # fmt: skip
SUCCESS = {"SQLITE_OK", "SQLITE_ROW", "SQLITE_DONE"}
ACTIONS = {"SQLITE_DENY", "SQLITE_IGNORE"}  # answers of an authorizer, no result codes


def result_codes() -> dict[str, int]:
    """Result codes that the driver names, extended ones too. Its other SQLITE_ numbers are
    actions of an authorizer and limits: they are told by their names."""
    families = {name.split("_")[1] for name in (*EXPECTED, *GENERAL, *SUCCESS)}
    named = {n: v for n, v in vars(sqlite3).items() if n.startswith("SQLITE_")}
    return {n: v for n, v in named.items() if n.split("_")[1] in families and type(v) is int}


def test_every_result_code_is_considered() -> None:
    primary = {n for n, v in result_codes().items() if v == v & failure.PRIMARY}
    assert primary == EXPECTED.keys() | GENERAL | SUCCESS


@pytest.mark.parametrize("name", sorted(result_codes().keys() - SUCCESS))
def test_every_result_code_is_translated(name: str) -> None:
    code = result_codes()[name]
    names = {v: n for n, v in result_codes().items() if v == v & failure.PRIMARY}
    error = sqlite3.OperationalError("in SQLite's words")
    error.sqlite_errorcode, error.sqlite_errorname = code, name
    found = translated(error, "ledger.db")
    assert type(found) is EXPECTED.get(names[code & failure.PRIMARY], Unavailable)
    assert "ledger.db" in str(found)
    assert "in SQLite's words" in str(found)


def exceptions() -> list[type[Exception]]:
    return sorted(
        {e for e in vars(sqlite3).values() if isinstance(e, type) and issubclass(e, Exception)},
        key=lambda e: e.__name__,
    )


@pytest.mark.parametrize("error", exceptions())
def test_no_exception_of_the_driver_slips_through(error: type[Exception]) -> None:
    if error is sqlite3.Warning:
        pytest.skip("sqlite3.Warning is never raised by the driver itself")
    with pytest.raises(CatalogError), translating("ledger.db"):
        raise error("no code at all")


@pytest.mark.parametrize(
    ("error", "meant"),
    [
        (OSError(28, "No space left on device"), StorageFull),
        (PermissionError(13, "Permission denied"), StorageReadOnly),
        (OSError(30, "Read-only file system"), StorageReadOnly),
        (FileNotFoundError(2, "No such file or directory"), Unavailable),
    ],
)
def test_the_file_system_is_translated_too(error: OSError, meant: type[CatalogError]) -> None:
    assert type(translated(error, "ledger.db")) is meant


def changes(n: int, text: str = "x") -> ChangeSet:
    id = ResourceId(f"dataset:d/{n}")
    return ChangeSet("t", SCAN, claims=(Claim(id, "Table", {"name": f"{n}", "comment": text}),))


async def opened(path: Path) -> SqliteStore:
    store = open_store(f"sqlite:///{path}")
    assert isinstance(store, SqliteStore)
    await store.ensure(ONTOLOGY)
    return store


async def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    store = await opened(tmp_path / "ledger.db")
    await store.commit(changes(1))

    def limit(pages: int) -> None:
        connection = store._writer._connection
        assert connection is not None
        connection.execute(f"PRAGMA max_page_count = {pages}").fetchone()

    limit(1)  # SQLite then stops at the size it has: the very code of a full disk
    with pytest.raises(StorageFull, match="Nothing of this commit was kept"):
        await store.commit(changes(2, "字" * 20_000))
    assert [r.id async for r in store.scan()] == ["dataset:d/1"]
    assert [f async for f in store.verify()] == []
    limit(1_000_000)
    assert await store.commit(changes(99))
    assert [f async for f in store.verify()] == []
    await store.close()


async def test_a_ledger_that_cannot_be_written_can_be_read(tmp_path: Path) -> None:
    store = await opened(tmp_path / "ledger.db")
    await store.commit(changes(1))
    connection = store._writer._connection
    assert connection is not None
    connection.execute("PRAGMA query_only = ON")
    with pytest.raises(StorageReadOnly, match="cannot be written"):
        await store.commit(changes(2))
    assert [r.id async for r in store.scan()] == ["dataset:d/1"]
    await store.close()


def open_without_rights(path: str, answer: Connection) -> None:
    if os.geteuid() == 0:
        os.setuid(65534)  # rights do not bind the superuser

    async def work() -> str:
        try:
            store = open_store(f"sqlite:///{path}")
            await store.ensure(ONTOLOGY)
            await store.commit(changes(2))
        except CatalogError as error:
            return f"{type(error).__name__}: {error}"
        return "written"

    answer.send(asyncio.run(work()))


@pytest.mark.parametrize("there", [True, False])
async def test_a_folder_without_the_right_to_write(there: bool) -> None:
    with tempfile.TemporaryDirectory(prefix="mulu-rights-") as folder:
        path = Path(folder, "ledger.db")
        if there:
            store = await opened(path)
            await store.commit(changes(1))
            await store.close()
        os.chmod(folder, 0o555)
        context = multiprocessing.get_context("fork")
        receiving, sending = context.Pipe(duplex=False)
        child = context.Process(target=open_without_rights, args=(str(path), sending))
        child.start()
        said = await asyncio.to_thread(receiving.recv)
        child.join()
        os.chmod(folder, 0o755)
        assert said.startswith("StorageReadOnly: 数据目录不可写")
        assert str(path) in said


async def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CatalogError):
        open_store(f"sqlite:///{tmp_path}/file/ledger.db")


async def test_a_file_of_another_kind(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_bytes(b"no database at all" * 500)
    with pytest.raises(Damaged, match="put the last backup in its place"):
        await opened(tmp_path / "ledger.db")


async def test_damaged_pages_are_found_and_said(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    store = await opened(path)
    for n in range(1, 60):
        await store.commit(changes(n, "字" * 300))
    await store.close()
    with path.open("r+b") as file:
        size = path.stat().st_size
        for page in range(6, size // 4096, 2):
            file.seek(page * 4096)
            file.write(b"\xff" * 4096)
    store = SqliteStore(path)
    store._ontology = ONTOLOGY  # `ensure` may already meet a damaged page
    flaws = [f async for f in store.verify()]
    assert {f.part for f in flaws} >= {"file"}
    with pytest.raises(Damaged, match="put the last backup in its place"):
        await everything(store)
    await store.close()


async def everything(store: SqliteStore) -> int:
    return len([r async for r in store.scan()]) + len([c async for c in store.changes(0)])


async def test_a_file_locked_by_another_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph.sqlite.connection.WAIT", 0.05)
    store = await opened(tmp_path / "ledger.db")
    other = sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Busy, match="another program"):
        await store.commit(changes(1))
    other.execute("ROLLBACK")
    other.close()
    assert await store.commit(changes(1))
    await store.close()


async def test_a_newer_ledger_is_not_touched(tmp_path: Path) -> None:
    store = await opened(tmp_path / "ledger.db")
    await store.close()
    with sqlite3.connect(tmp_path / "ledger.db") as other:
        other.execute("PRAGMA user_version = 99")
    with pytest.raises(OntologyError, match="newer"):
        await opened(tmp_path / "ledger.db")


async def test_use_after_close_and_before_ensure(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "ledger.db")
    with pytest.raises(Unavailable, match="ensure"):
        await store.commit(changes(1))
    await store.close()
    with pytest.raises(Unavailable, match="closed"):
        await store.head()
    with pytest.raises(Unavailable, match="closed"):
        await store.ensure(ONTOLOGY)
    await store.close()


@pytest.mark.parametrize("url", ["", "sqlite:", "sqlite:///", "mysql://x", "ledger.db"])
def test_a_store_of_no_known_kind(url: str) -> None:
    with pytest.raises(InvalidInput, match="sqlite:///path"):
        open_store(url)
