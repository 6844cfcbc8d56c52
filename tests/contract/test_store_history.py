"""Contract of a store: its whole history can be read, and repeated in another as it was."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from graph.copy import copy
from graph.entry import Entry
from graph.history import entries, sightings
from graph.memory.store import MemoryStore
from graph.store import GraphStore, Run
from ontology.errors import Damaged, InvalidInput
from ontology.model import Direction, Ontology
from ontology.resource import Alias, ChangeSet, Denial, Edit, Rank, Source
from tests.contract.words import FORM, PERSON, SCAN, Ledger, claim, key, link, name

START = datetime(2024, 1, 1, 8, tzinfo=UTC)
LINEAGE = "datasetDerivedFrom"


@pytest.fixture
async def other(ontology: Ontology) -> AsyncIterator[GraphStore]:
    """A second ledger, empty."""
    made = MemoryStore()
    await made.ensure(ontology)
    yield made
    await made.close()


async def tell(store: GraphStore) -> None:
    """A history with everything that can be in one."""
    job = {"rule": "a+b", "job": "job:etl/nightly"}
    trusted = Source(SCAN.name, Rank.AUTHORITATIVE)
    alias = Alias(name("old"), name("a"))
    steps = [
        ChangeSet(
            "王工", SCAN, "first", (claim("b", "Table", link(LINEAGE, "z", **job)), claim("a"))
        ),
        ChangeSet("王工", SCAN, claims=(claim("a", name="甲"), claim("c")), key="run-1"),
        ChangeSet("李工", FORM, claims=(claim("a", name="乙", comment="说明"),)),
        ChangeSet("李工", PERSON, edits=(Edit(name("b"), unlink=frozenset({key(LINEAGE, "z")})),)),
        ChangeSet(
            "李工",
            PERSON,
            edits=(Edit(name("b"), allow=Denial(links=frozenset({key(LINEAGE, "z")}))),),
        ),
        ChangeSet("王工", SCAN, withdrawals=(name("c"),), aliases=(alias,)),
        ChangeSet("张工", PERSON, unaliases=(alias,)),
        ChangeSet("张工", PERSON, aliases=(Alias(name("other"), name("b")), alias)),
        ChangeSet("张工", PERSON, unaliases=(Alias(name("other"), name("b")),)),
        ChangeSet("王工", trusted, claims=(claim("a", "Table", link(LINEAGE, "b"), name="甲"),)),
        ChangeSet("王工", SCAN, claims=(claim("old", name="旧名"),)),
        ChangeSet("张工", PERSON, edits=(Edit(name("a"), retire=True),)),
    ]
    for day, changes in enumerate(steps):
        assert await store.commit(replace(changes, at=START + timedelta(days=day)))


async def facts(store: GraphStore) -> list[object]:
    """All that can be read of a ledger, now and at some commits."""
    head = await store.head()
    ids = [name(word) for word in ("a", "b", "c", "z", "old", "other")]
    found: list[object] = [
        [c async for c in store.commits(0)],
        [c async for c in store.changes(0)],
        [n async for n in store.numbered()],
        sorted([e async for e in store.raw_edges()], key=repr),
        sorted(await store.alias_intervals(), key=repr),
        await store.alias_claims(),
        {word: n for word, n in (await store.counts()).items() if n},
        [await store.history(id) for id in ids],
    ]
    for at in range(0, (head.number if head else 0) + 1, 3):
        found += [await store.get_many(ids, at=at), await store.held(ids, at=at)]
        found += [await store.links_many(ids, None, way, at=at) for way in Direction]
    return found


async def flaws(store: GraphStore) -> list[object]:
    return [flaw async for flaw in store.verify()]


async def test_a_ledger_is_copied_with_its_whole_history(
    store: GraphStore, other: GraphStore
) -> None:
    await tell(other)
    done = await copy(other, store, deep=True)
    assert done.differences == ()
    assert done.commits == done.head == 12
    assert await facts(store) == await facts(other)
    assert await flaws(store) == []


async def test_a_ledger_can_be_copied_from(store: GraphStore, other: GraphStore) -> None:
    await tell(store)
    done = await copy(store, other, deep=True)
    assert done.differences == ()
    assert await facts(other) == await facts(store)


async def test_what_goes_on_after_the_copy_is_the_same(
    store: GraphStore, other: GraphStore
) -> None:
    await tell(other)
    await copy(other, store)
    more = ChangeSet("王工", SCAN, claims=(claim("d", "Table", link(LINEAGE, "a")), claim("b")))
    again = ChangeSet("王工", SCAN, claims=(claim("x"),), key="run-1")
    made = [await s.commit(replace(more, at=START + timedelta(days=99))) for s in (store, other)]
    assert made[0] == made[1]
    assert made[0]
    assert [(await s.commit(again)) for s in (store, other)] == [await store.committed("run-1")] * 2
    assert await facts(store) == await facts(other)


async def test_a_broken_copy_goes_on_where_it_was(store: GraphStore, other: GraphStore) -> None:
    await tell(other)
    first = [entry async for entry in entries(other)][:7]
    await store.replay(first)
    assert await flaws(store) == []
    await store.replay(first[3:])  # again: nothing happens
    done = await copy(other, store, deep=True)
    assert (done.commits, done.differences) == (5, ())
    assert await facts(store) == await facts(other)


async def test_entries_can_be_read_from_anywhere(store: GraphStore) -> None:
    await tell(store)
    whole = [entry async for entry in entries(store)]
    assert [e.commit.number for e in whole] == list(range(1, 13))
    for after in range(13):
        assert [entry async for entry in entries(store, after)] == whole[after:]
    # z and the job are known by their mention alone; old only as an alias
    assert whole[0].born == (name("b"), name("z"), "job:etl/nightly", name("a"))
    assert whole[5].born == (name("old"),)


async def test_what_is_purged_stays_purged(store: GraphStore, other: GraphStore) -> None:
    await tell(other)
    await other.purge([name("b")], actor="张工", reason="依法")
    await other.commit(ChangeSet("王工", SCAN, claims=(claim("b", name="新的"),)))
    await other.purge([name("a")], actor="张工", reason="依法")
    assert (await copy(other, store, deep=True)).differences == ()
    assert await facts(store) == await facts(other)
    told = str([await store.history(name(word)) for word in ("a", "b")])
    assert "a+b" not in told
    assert "甲" not in told
    assert "新的" in told
    assert await flaws(store) == []


async def test_runs_and_sightings_go_along(store: GraphStore, other: GraphStore) -> None:
    await tell(other)
    first = Run("1", SCAN.name, "nightly", START, START, complete=True, seen=3)
    second = Run("2", SCAN.name, "nightly", START + timedelta(days=1), cursor="page 2")
    await other.saw(first, [name("a"), name("b"), name("old")])
    await other.saw(second, [name("b")])
    await other.save_run(first)
    await other.saw(first.calling, [name("old")])
    await copy(other, store)
    assert [i async for i in store.unseen(second.calling, claimed=False)] == [name("old")]
    assert await store.runs() == await other.runs() == (second, first)
    coming = Run("3", SCAN.name, "nightly", START + timedelta(days=2))
    for run in (first, second, coming):
        assert [i async for i in store.unseen(run)] == [i async for i in other.unseen(run)]
    assert [id async for id in store.unseen(coming)]
    assert [s async for s in sightings(store)] == [s async for s in sightings(other)]


async def test_a_ledger_with_a_history_of_its_own_is_no_target(
    ledger: Ledger, other: GraphStore
) -> None:
    await tell(other)
    await ledger.say(SCAN, claim("mine"))
    with pytest.raises(InvalidInput, match="history of its own"):
        await copy(other, ledger.store)
    with pytest.raises(InvalidInput):
        await ledger.store.replay([entry async for entry in entries(other)][1:2])
    head = await ledger.store.head()
    assert head
    assert head.number == 1


def _altered(entry: Entry) -> Entry:
    line = replace(entry.lines[0], digest="00" * 32)
    return replace(entry, lines=(line, *entry.lines[1:]))


async def test_what_the_hash_does_not_cover_is_refused_whole(
    store: GraphStore, other: GraphStore
) -> None:
    await tell(other)
    told = [entry async for entry in entries(other)]
    for wrong in (_altered(told[2]), replace(told[2], lines=())):
        with pytest.raises(Damaged, match="3"):
            await store.replay([*told[:2], wrong])
        assert await store.head() is None
    words = replace(told[1].commit, actor="somebody else")
    with pytest.raises(Damaged):
        await store.replay([told[0], replace(told[1], commit=words)])
    await store.replay(told)
    assert await facts(store) == await facts(other)


async def test_what_is_behind_is_not_copied_over_what_is_ahead(
    store: GraphStore, other: GraphStore
) -> None:
    await tell(other)
    await copy(other, store)
    await other.commit(ChangeSet("王工", SCAN, claims=(claim("late"),)))
    with pytest.raises(InvalidInput, match="history of its own"):
        await copy(store, other)
    assert (await copy(other, store)).commits == 1
