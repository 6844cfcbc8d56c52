"""What only the SQLite store has: several processes, backup, damage behind our back, speed's
short cuts that must not show."""

from __future__ import annotations

import asyncio
import multiprocessing
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from graph.open import open_store
from graph.sqlite.connection import _opened
from graph.sqlite.lexicon import Lexicon
from graph.sqlite.store import SqliteStore
from graph.store import Flaw
from ontology.errors import Damaged, InvalidInput
from ontology.load import load_ontology
from ontology.model import Direction
from ontology.resource import Alias, ChangeSet, Claim, Edit, Link, LinkKey, Rank, ResourceId, Source

ONTOLOGY = load_ontology()
SCAN = Source("scan", Rank.SCANNED)
PERSON = Source("person", Rank.CURATED)


def table(n: object) -> ResourceId:
    return ResourceId(f"dataset:d/{n}")


def claim(n: object, *to: object, **attributes: str) -> Claim:
    links = tuple(Link("derivedFrom", table(t), {"rule": f"{t}"}) for t in to)
    return Claim(table(n), "Table", attributes, links)


def said(*claims: Claim, source: Source = SCAN) -> ChangeSet:
    return ChangeSet("t", source, claims=claims)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    opened = SqliteStore(tmp_path / "ledger.db")
    await opened.ensure(ONTOLOGY)
    yield opened
    await opened.close()


async def flaws(store: SqliteStore, *, repair: bool = False) -> list[Flaw]:
    return [flaw async for flaw in store.verify(repair=repair)]


# --- opening ---


async def test_a_ledger_is_there_when_it_is_opened_again(tmp_path: Path) -> None:
    for n in range(3):
        store = open_store(f"sqlite:///{tmp_path}/deep/er/ledger.db")
        await store.ensure(ONTOLOGY)
        assert await store.commit(said(claim(n)))
        assert len([r async for r in store.scan()]) == n + 1
        await store.close()


async def test_a_relative_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    store = open_store("sqlite:///here.db")
    await store.ensure(ONTOLOGY)
    await store.close()
    assert (tmp_path / "here.db").exists()


async def test_the_file_is_in_wal_mode_and_syncs_fully(store: SqliteStore) -> None:
    def ask(db: sqlite3.Connection) -> tuple[str, int]:
        (mode,) = db.execute("PRAGMA journal_mode").fetchone()
        (sync,) = db.execute("PRAGMA synchronous").fetchone()
        return mode, sync

    assert await store._write(ask) == ("wal", 2)


async def test_nothing_runs_on_the_event_loop(store: SqliteStore) -> None:
    seen: set[str] = set()

    def ask(db: sqlite3.Connection) -> None:
        seen.add(threading.current_thread().name)

    await store._write(ask)
    await store._read(ask)
    assert all(name.startswith("mulu-") for name in seen)


async def test_the_loop_goes_on_while_a_commit_waits(store: SqliteStore, tmp_path: Path) -> None:
    other = SqliteStore(tmp_path / "ledger.db")
    release = threading.Event()
    held = asyncio.create_task(other._write(lambda db: release.wait(5)))
    await asyncio.sleep(0.02)
    waiting = asyncio.create_task(store.commit(said(claim(1))))
    for _ in range(5):
        await asyncio.sleep(0.002)  # the loop turns
        assert await store.head() is None  # and readers read
    release.set()
    assert await held
    assert await waiting
    await other.close()


async def test_opening_an_existing_ledger_waits_for_nobody(
    store: SqliteStore, tmp_path: Path
) -> None:
    """A reading command starts at once, though an import holds the lock all the time."""
    await store.commit(said(claim(1)))
    release = threading.Event()
    held = asyncio.create_task(store._write(lambda db: release.wait(5)))
    await asyncio.sleep(0.02)
    other = SqliteStore(tmp_path / "ledger.db")
    await asyncio.wait_for(other.ensure(ONTOLOGY), 3)
    assert len([r async for r in other.scan()]) == 1
    release.set()
    assert await held
    await other.close()


# --- several at once ---


async def test_two_stores_on_one_file_see_each_other(store: SqliteStore, tmp_path: Path) -> None:
    other = SqliteStore(tmp_path / "ledger.db")
    await other.ensure(ONTOLOGY)
    for n in range(6):
        await (store, other)[n % 2].commit(said(claim(n, n - 1), claim(f"x{n}")))
        for reader in (store, other):
            assert table(n) in await reader.get_many([table(n)])
    assert [c.number async for c in other.commits(0)] == [1, 2, 3, 4, 5, 6]
    assert await store.numbers([table(n) for n in range(6)]) == await other.numbers(
        [table(n) for n in range(6)]
    )
    assert await flaws(store) == []
    await other.close()


def write_some(path: str, writer: str, count: int) -> None:
    async def work() -> None:
        store = SqliteStore(Path(path))
        await store.ensure(ONTOLOGY)
        for n in range(count):
            await store.commit(said(*(claim(f"{writer}/{n}/{i}", "hub") for i in range(60))))
            edit = Edit(table("one"), set={writer: str(n)})
            await store.commit(ChangeSet("t", PERSON, edits=(edit,)))
        await store.close()

    asyncio.run(work())


async def test_several_processes_write_at_once(store: SqliteStore) -> None:
    await store.commit(said(claim("one")))
    context = multiprocessing.get_context("fork")
    writers = ["name", "comment", "description"]
    children = [
        context.Process(target=write_some, args=(str(store.path), writer, 5)) for writer in writers
    ]
    for child in children:
        child.start()
    for child in children:
        await asyncio.to_thread(child.join)
        assert child.exitcode == 0
    head = await store.head()
    assert head
    assert head.number == 1 + 3 * 5 * 2
    seen = (await store.get_many([table("one")]))[table("one")]
    assert seen.attributes == dict.fromkeys(writers, "4")
    assert (await store.counts())["Table"] == 1 + 3 * 5 * 60
    assert await flaws(store) == []


async def test_a_read_is_one_moment(store: SqliteStore) -> None:
    """A reading never sees half of a commit made beside it."""
    await store.commit(said(claim(1, name="0"), claim(2, name="0")))

    async def write() -> None:
        for n in range(1, 40):
            await store.commit(said(claim(1, name=str(n)), claim(2, name=str(n))))

    writing = asyncio.create_task(write())
    while not writing.done():
        one, two = (await store.get_many([table(1), table(2)])).values()
        assert one.attributes == two.attributes
    await writing


async def test_a_failed_commit_leaves_no_trace_in_memory(store: SqliteStore) -> None:
    """Words, sources and numbers learnt in a transaction that is rolled back are forgotten."""
    await store.commit(said(claim(1)))

    def fail(db: sqlite3.Connection) -> None:
        store._writing.made(db, "a new word")
        store._writing.remember({table("ghost"): 77})
        raise InvalidInput("on purpose")

    with pytest.raises(InvalidInput):
        await store._write(fail)
    assert await store._write(lambda db: Lexicon().word(db, "a new word")) is None
    assert await store.commit(said(claim("ghost")))
    assert await store.numbers([table("ghost")]) == {table("ghost"): 2}


# --- no body twice ---


async def test_only_where_several_claims_meet_a_merge_is_stored(store: SqliteStore) -> None:
    def merges(db: sqlite3.Connection) -> list[str]:
        sql = "SELECT r.name FROM merged m JOIN resource r ON r.number = m.resource"
        return [name for (name,) in db.execute(sql)]

    await store.commit(said(claim(1, name="a"), claim(2, name="b"), claim(3)))
    assert await store._read(merges) == []
    await store.commit(said(claim(1, name="c"), source=PERSON))
    assert await store._read(merges) == [table(1)]
    await store.commit(ChangeSet("t", SCAN, aliases=(Alias(table(3), table(2)),)))
    assert sorted(await store._read(merges)) == [table(1), table(2)]
    await store.commit(ChangeSet("t", PERSON, withdrawals=(table(1),)))
    assert await store._read(merges) == [table(2)]


async def test_a_restated_link_is_not_written_again(store: SqliteStore) -> None:
    def rows(db: sqlite3.Connection) -> int:
        return int(db.execute("SELECT count(*) FROM link").fetchone()[0])

    await store.commit(said(claim(1, *range(2, 12), name="a")))
    await store.commit(said(claim(1, *range(3, 12), name="b")))
    assert await store._read(rows) == 10


# --- backup ---


async def test_a_backup_is_whole_and_opens(store: SqliteStore, tmp_path: Path) -> None:
    for n in range(5):
        await store.commit(said(claim(n, n + 1)))

    async def go_on() -> None:
        for n in range(100, 130):
            await store.commit(said(claim(n, 1)))

    writing = asyncio.create_task(go_on())
    await asyncio.sleep(0.01)
    await store.backup(str(tmp_path / "copies" / "copy.db"))
    await writing
    assert sorted(p.name for p in (tmp_path / "copies").iterdir()) == ["copy.db"]
    copy = SqliteStore(tmp_path / "copies" / "copy.db")
    await copy.ensure(ONTOLOGY)
    head, mine = await copy.head(), [c async for c in store.commits(0)]
    assert head
    assert head.number >= 5
    assert head == mine[head.number - 1]
    assert await flaws(copy) == []
    assert await copy.commit(said(claim("new")))
    await copy.close()


async def test_a_backup_never_overwrites(store: SqliteStore, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("precious")
    with pytest.raises(InvalidInput, match="already there"):
        await store.backup(str(tmp_path / "copy.db"))
    (tmp_path / "folder").mkdir()
    await store.backup(str(tmp_path / "folder"))
    assert (tmp_path / "folder" / "ledger.db").exists()


# --- verify ---

DAMAGE = {
    "a commit's reason": ("UPDATE log SET reason = 'other' WHERE number = 2", "chain"),
    "a commit's time": ("UPDATE log SET at = at - 1 WHERE number = 2", "chain"),
    "a commit removed": ("DELETE FROM log WHERE number = 2", "chain"),
    "a claim's body": ('UPDATE claim SET body = \'{"name":"x"}\' WHERE id = 1', "chain"),
    "a claim's denial": ("UPDATE claim SET denies = '[[\"name\"],[],false]' WHERE id = 1", "chain"),
    "a claim's digest": ("UPDATE claim SET digest = zeroblob(32) WHERE id = 1", "chain"),
    "a claim removed": ("DELETE FROM claim WHERE id = 2", "chain"),
    "a claim ended": ("UPDATE claim SET until = 3 WHERE id = 2", "chain"),
    "a claim's source": ("UPDATE source SET rank = 2 WHERE name = 'scan'", "chain"),
    "a link removed": ("DELETE FROM link WHERE origin = 1", "chain"),
    "a link's target": ("UPDATE link SET target = 3 WHERE origin = 1", "chain"),
    "a link's evidence": ("UPDATE link SET properties = '{}' WHERE origin = 1", "chain"),
    "a link begun late": ("UPDATE link SET since = 2 WHERE origin = 3", "chain"),
    "an alias line": ("DELETE FROM called", "chain"),
    "a class": ("UPDATE resource SET type = type + 1 WHERE number = 3", "merge"),
    "a level": ("UPDATE resource SET level = level + 1 WHERE number = 3", "merge"),
    "a state": ("UPDATE resource SET state = 2 WHERE number = 3", "merge"),
    "a merge's body": ("UPDATE merged SET body = '[{},[],[]]'", "merge"),
    "a merge removed": ("DELETE FROM merged", "merge"),
    "a merge too many": ("INSERT INTO merged VALUES (3, '[{},[],[]]', 0)", "merge"),
    "a count": ("UPDATE tally SET count = count + 1", "merge"),
    "a count removed": ("DELETE FROM tally", "merge"),
    "a stand-in removed": ("DELETE FROM standin", "links"),
    "a stand-in too many": ("INSERT INTO standin VALUES (3, 1, 2, NULL)", "links"),
    "a link shown": ("DELETE FROM hidden", "links"),
    "a link hidden": (
        "INSERT INTO hidden SELECT origin, type, target, key, source, since, 2, NULL FROM link "
        "WHERE origin = 3",
        "links",
    ),
}


async def lively(store: SqliteStore) -> None:
    """Claims that meet, a hidden link, an alias."""
    await store.commit(said(claim(1, 2, name="a"), claim(3, 2, name="c"), claim(4)))
    unlink = frozenset({LinkKey("derivedFrom", table(2))})
    edit = Edit(table(1), set={"name": "b"}, unlink=unlink)
    await store.commit(ChangeSet("t", PERSON, edits=(edit,)))
    await store.commit(ChangeSet("t", PERSON, aliases=(Alias(table(4), table(2)),)))


@pytest.mark.parametrize("what", DAMAGE)
async def test_verify_finds_damage_done_behind_our_back(store: SqliteStore, what: str) -> None:
    await lively(store)
    assert await flaws(store) == []
    statement, part = DAMAGE[what]
    assert await store._write(lambda db: db.execute(statement).rowcount)
    assert part in {flaw.part for flaw in await flaws(store)}


async def test_verify_finds_a_link_that_ends_before_its_claim(store: SqliteStore) -> None:
    await lively(store)
    end = "UPDATE link SET until = 2 WHERE origin = 3"
    assert await store._write(lambda db: db.execute(end).rowcount) == 1
    assert [(f.part, f.where) for f in await flaws(store)] == [("links", table(3))]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM word",
        "DELETE FROM source",
        "DELETE FROM resource WHERE number = 2",
        "UPDATE claim SET body = '{'",
        "UPDATE merged SET body = 'x'",
    ],
)
async def test_rows_that_point_nowhere_are_damage_and_no_bug(
    store: SqliteStore, statement: str
) -> None:
    await lively(store)
    assert await store._write(lambda db: db.execute(statement).rowcount)
    store._reading.forget()
    assert await flaws(store)
    with pytest.raises(Damaged):
        await everything(store)


async def everything(store: SqliteStore) -> None:
    ids = [table(n) for n in range(1, 5)]
    await store.get_many(ids)
    await store.held(ids)
    await store.links_many(ids)


@pytest.mark.parametrize("what", [w for w, (_, part) in DAMAGE.items() if part != "chain"])
async def test_repair_mends_what_follows_from_the_claims(store: SqliteStore, what: str) -> None:
    await lively(store)
    ids = [table(n) for n in range(1, 5)]
    before = await store.get_many(ids), await store.links_many(ids), await store.counts()
    assert await store._write(lambda db: db.execute(DAMAGE[what][0]).rowcount)
    assert await flaws(store, repair=True) != []
    assert await flaws(store) == []
    resources, links, counts = before
    mended = await store.get_many(ids)
    assert {i: r.attributes for i, r in mended.items()} == {
        i: r.attributes for i, r in resources.items()
    }
    assert (await store.links_many(ids)).keys() == links.keys()
    assert await store.counts() == counts


# --- pages of hubs ---


async def test_a_page_of_a_hub_reads_only_a_page(store: SqliteStore) -> None:
    await store.commit(said(*(claim(n, "hub") for n in range(4_000))))
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    async def cost(after: str | None, limit: int = 10) -> int:
        nonlocal steps

        def watch(db: sqlite3.Connection) -> None:
            db.set_progress_handler(count, 10)

        for _ in range(8):  # every reader's connection
            await store._read(watch)
        steps = 0
        await store.links(table("hub"), way=Direction.BACKWARD, after=after, limit=limit)
        return steps

    first = await cost(None)
    late = await cost("derivedFrom:3900:")
    whole = await cost(None, 4_000)
    assert late <= first * 2
    assert first * 10 < whole


def test_a_new_file_waits_for_its_readers_before_it_turns_to_wal(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    reader = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    reader.execute("CREATE TABLE t (x)")
    reader.execute("INSERT INTO t VALUES (1)")
    reader.execute("BEGIN")
    reader.execute("SELECT x FROM t").fetchall()  # holds the file as readers do
    release = threading.Timer(0.2, lambda: reader.execute("COMMIT"))
    release.start()
    opened = _opened(path)
    assert opened.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    release.join()
    opened.close()
    reader.close()
