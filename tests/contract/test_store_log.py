"""Contract of a store: commits, their chain and time, idempotency, reading the past."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest

from ontology.digest import chain_flaws, commit_hash, content_digest
from ontology.errors import InvalidInput
from ontology.resource import Alias, ChangeSet, Edit
from tests.contract.words import FORM, PERSON, SCAN, Ledger, claim, link, name, short

DAY = datetime(2024, 1, 1, 8, tzinfo=UTC)


async def test_a_commit_says_who_what_and_why(ledger: Ledger) -> None:
    before = datetime.now(UTC)
    commit = await ledger.store.commit(
        ChangeSet("王工", SCAN, "夜间扫描", claims=(claim("a"), claim("b")), key="run-1")
    )
    assert commit
    assert (commit.number, commit.actor, commit.source) == (1, "王工", "scan")
    assert (commit.reason, commit.changes, commit.key) == ("夜间扫描", 2, "run-1")
    assert before <= commit.at <= datetime.now(UTC)
    assert (commit.parent, commit.hash) == ("", commit_hash(commit))
    assert await ledger.store.head() == commit


async def test_commits_chain(ledger: Ledger) -> None:
    for word in "abc":
        await ledger.say(SCAN, claim(word))
    log = [c async for c in ledger.store.commits(0)]
    assert [c.number for c in log] == [1, 2, 3]
    assert [c.parent for c in log] == ["", log[0].hash, log[1].hash]
    for before, commit in zip([None, *log], log, strict=False):
        changes = ledger.store.changes(commit.number - 1, commit.number)
        content = content_digest([c async for c in changes])
        assert chain_flaws(before, commit, content) == []


async def test_commits_are_read_from_anywhere(ledger: Ledger) -> None:
    for word in "abcde":
        await ledger.say(SCAN, claim(word))
    assert [c.number async for c in ledger.store.commits(2)] == [3, 4, 5]
    assert [c.number async for c in ledger.store.commits(1, 3)] == [2, 3]
    assert [c async for c in ledger.store.commits(5)] == []
    assert [c.commit async for c in ledger.store.changes(3)] == [4, 5]


async def test_changes_list_each_line(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("b"), claim("a"))
    await ledger.store.commit(
        ChangeSet(
            "t",
            SCAN,
            claims=(claim("a", name="A"),),
            withdrawals=(name("b"),),
            aliases=(Alias(name("c"), name("a")),),
        )
    )
    await ledger.unalias(("c", "a"), source=SCAN)
    lines = [(c.commit, c.action, short(c.resource)) async for c in ledger.store.changes(0)]
    assert lines == [
        (1, "claim", "a"),
        (1, "claim", "b"),
        (2, "alias", "c"),
        (2, "claim", "a"),
        (2, "withdraw", "b"),
        (3, "unalias", "c"),
    ]
    assert {c.source async for c in ledger.store.changes(0)} == {"scan"}


async def test_digests_are_of_what_was_said(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b", rule="r"), name="a"))
    await ledger.withdraw(SCAN, "a")
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b", rule="r"), name="a"))
    first, gone, again = [c.digest async for c in ledger.store.changes(0)]
    assert first == again
    assert gone == ""


async def test_the_same_history_gives_the_same_hashes_on_every_store(ledger: Ledger) -> None:
    """So a copied ledger can be compared by its head alone, whatever engine holds it. The
    hash is written here: if it changes, ledgers that exist no longer verify."""
    said = (claim("b", altTitle=("x", "y")), claim("a", "Table", link("derivedFrom", "b")))
    await ledger.store.commit(ChangeSet("t", SCAN, "r", claims=said, at=DAY))
    await ledger.store.commit(
        ChangeSet("t", PERSON, edits=(Edit(name("a"), set={"name": "A"}),), at=DAY)
    )
    await ledger.store.commit(ChangeSet("t", SCAN, withdrawals=(name("b"),), at=DAY))
    await ledger.store.commit(
        ChangeSet("t", PERSON, aliases=(Alias(name("c"), name("a")),), at=DAY, key="k")
    )
    head = await ledger.store.head()
    assert head
    assert head.hash == "de8832e613810cdeaa368df1b237f97abc5d068fc6cf6765ba9c3555916b075c"


async def test_a_key_makes_a_commit_once(ledger: Ledger) -> None:
    first = await ledger.say(SCAN, claim("a", name="1"), key="k")
    again = await ledger.say(SCAN, claim("a", name="2"), key="k")
    assert first == again == await ledger.store.committed("k")
    assert (await ledger.see("a")).attributes == {"name": "1"}
    assert await ledger.store.committed("other") is None
    second = await ledger.say(SCAN, claim("a", name="3"), key="k2#x")
    assert [await ledger.store.committed(k) for k in ("k", "k2#")] == [first, second]


async def test_a_key_of_a_set_without_change_is_free(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a"))
    assert await ledger.say(SCAN, claim("a"), key="k") is None
    assert await ledger.store.committed("k") is None
    assert await ledger.say(SCAN, claim("b"), key="k")


async def test_a_delivery_may_be_dated(ledger: Ledger) -> None:
    commit = await ledger.say(SCAN, claim("a"), at=DAY)
    assert commit
    assert commit.at == DAY


async def test_time_never_runs_backwards(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a"), at=DAY)
    earlier = await ledger.say(SCAN, claim("b"), at=DAY - timedelta(days=1))
    assert earlier
    assert earlier.at == DAY


async def test_instants_of_any_zone(ledger: Ledger) -> None:
    zone = timezone(timedelta(hours=8))
    commit = await ledger.say(SCAN, claim("a"), at=DAY.astimezone(zone))
    assert commit
    assert commit.at == DAY
    assert await ledger.store.commit_at(DAY.astimezone(zone)) == 1


async def test_an_instant_without_a_zone_is_refused(ledger: Ledger) -> None:
    with pytest.raises(InvalidInput, match="zone"):
        await ledger.say(SCAN, claim("a"), at=DAY.replace(tzinfo=None))
    await ledger.say(SCAN, claim("a"))
    with pytest.raises(InvalidInput, match="zone"):
        await ledger.store.commit_at(DAY.replace(tzinfo=None))


async def test_commit_at_an_instant(ledger: Ledger) -> None:
    for n, word in enumerate("abc"):
        await ledger.say(SCAN, claim(word), at=DAY + timedelta(days=n))
    at = ledger.store.commit_at
    micro = timedelta(microseconds=1)
    assert await at(DAY - micro) == 0
    assert await at(DAY) == 1
    assert await at(DAY + timedelta(days=1) - micro) == 1
    assert await at(DAY + timedelta(days=1)) == 2
    assert await at(DAY + timedelta(days=99)) == 3


async def test_commit_at_a_number(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a"))
    assert [await ledger.store.commit_at(n) for n in (0, 1, None)] == [0, 1, 1]
    with pytest.raises(InvalidInput):
        await ledger.store.commit_at(-1)


async def test_a_number_beyond_the_head_is_refused(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a"))
    with pytest.raises(InvalidInput, match=r"ends at 1$"):
        await ledger.store.get_many([claim("a").resource], at=2)
    with pytest.raises(InvalidInput, match="a year is meant: 2024-01-01"):
        await ledger.store.links(claim("a").resource, at=2024)


async def test_the_past_stays_as_it_was(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b"), name="1"), at=DAY)
    await ledger.say(FORM, claim("a", None, name="2"), at=DAY + timedelta(days=1))
    await ledger.withdraw(SCAN, "a")
    await ledger.withdraw(FORM, "a")
    assert not await ledger.knows("a", at=0)
    assert (await ledger.see("a", at=1)).attributes == {"name": "1"}
    assert (await ledger.see("a", at=DAY)).sources == ("scan",)
    second = await ledger.see("a", at=2)
    assert (second.attributes, second.version) == ({"name": "2"}, 2)
    assert [c.attribute for c in second.conflicts] == ["name"]
    assert (await ledger.see("a", at=3)).type == "Dataset"  # only the form speaks, of no class
    assert (await ledger.see("a", at=4)).retired
    assert [await ledger.ends("a", at=n) for n in range(5)] == [[], ["b"], ["b"], [], []]


async def test_the_present_equals_the_past_at_the_head(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b"), name="1"), claim("c"))
    await ledger.say(FORM, claim("a", name="2"))
    await ledger.alias(("c", "a"))
    await ledger.withdraw(FORM, "a")
    ids = [name(n) for n in "abc"]
    assert await ledger.store.get_many(ids) == await ledger.store.get_many(ids, at=4)
    assert await ledger.edges("a") == await ledger.edges("a", at=4)


async def test_what_is_made_later_was_not_known(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a"))
    await ledger.say(SCAN, claim("b", "Table", link("derivedFrom", "c")))
    assert await ledger.knows("b")
    assert not await ledger.knows("b", at=1)
    assert not await ledger.knows("c", at=1)
    assert (await ledger.see("c", at=2)).placeholder


async def test_claims_of_the_past(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b"), name="1"))
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "c"), name="2"))
    ((then,),) = (await ledger.store.held([name("a")], at=1)).values()
    assert then.claim == claim("a", "Table", link("derivedFrom", "b"), name="1")
    assert (then.since, then.until) == (1, 2)


# --- scanning ---


async def test_scan_comes_in_order_of_id(ledger: Ledger) -> None:
    ids = ["org:9", "dataset:b", "dataset:a", "code:x/1", "codeset:x", "dataset:aa", "dataset:甲"]
    kinds = ["Department", "Table", "View", "Code", "CodeSet", "Table", "Table"]
    await ledger.say(SCAN, *(claim(i, k) for i, k in zip(ids, kinds, strict=True)))
    assert await ledger.scanned() == sorted(ids)


async def test_scan_of_a_class_has_its_subclasses(ledger: Ledger) -> None:
    kinds = {"a": "Table", "b": "View", "c": "Dataset", "a.x": "Field"}
    await ledger.say(SCAN, *(claim(id, kind) for id, kind in kinds.items()))
    assert await ledger.scanned("Dataset") == ["a", "b", "c"]
    assert await ledger.scanned("View") == ["b"]
    assert await ledger.scanned("DataItem") == ["a.x"]
    assert await ledger.scanned("Department") == []


async def test_scan_of_an_unknown_class_is_refused(ledger: Ledger) -> None:
    with pytest.raises(InvalidInput, match="NoSuchClass"):
        await ledger.scanned("NoSuchClass")


async def test_scan_goes_on_after_an_id(ledger: Ledger) -> None:
    await ledger.say(SCAN, *(claim(n) for n in "abcd"))
    assert await ledger.scanned(after=name("b")) == ["c", "d"]
    assert await ledger.scanned("Table", after=name("bb")) == ["c", "d"]
    assert await ledger.scanned(after=name("z")) == []


async def test_scan_leaves_out_placeholders_retired_and_aliases(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "p")), claim("b"), claim("c"))
    await ledger.withdraw(SCAN, "b")
    await ledger.alias(("c", "a"))
    assert await ledger.scanned() == ["a"]


async def test_scan_of_the_past(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a"), claim("b"))
    await ledger.say(SCAN, claim("b", "View"), claim("c"), withdrawals=(name("a"),))
    assert await ledger.scanned(at=1) == ["a", "b"]
    assert await ledger.scanned("Table", at=1) == ["a", "b"]
    assert await ledger.scanned("Table", at=2) == ["c"]
    assert await ledger.scanned(at=0) == []


async def test_scan_of_more_than_a_piece(ledger: Ledger) -> None:
    count = 100 if type(ledger.store).__name__ == "MemoryStore" else 1_700
    await ledger.say(SCAN, *(claim(f"t{n:04}") for n in range(count)))
    assert await ledger.scanned() == [f"t{n:04}" for n in range(count)]
    assert await ledger.scanned("Table", at=1) == await ledger.scanned()


async def test_counts_follow_what_happens(ledger: Ledger) -> None:
    async def counts() -> dict[str, int]:
        return {k: n for k, n in (await ledger.store.counts()).items() if n}

    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b")), claim("c", "Dataset"))
    assert await counts() == {"Table": 1, "Dataset": 1, "placeholder": 1}
    await ledger.say(FORM, claim("c", "View"), claim("b"))
    assert await counts() == {"Table": 2, "View": 1}
    await ledger.alias(("c", "b"))
    assert await counts() == {"Table": 2}  # b and c are one, and b says Table
    await ledger.withdraw(SCAN, "a")
    assert await counts() == {"retired": 1, "Table": 1}


# --- at the same time ---


async def test_commits_made_at_once_are_numbered_without_a_gap(ledger: Ledger) -> None:
    made = await asyncio.gather(*(ledger.say(SCAN, claim(f"t{n}")) for n in range(20)))
    assert sorted(c.number for c in made if c) == list(range(1, 21))
    assert [f async for f in ledger.store.verify()] == []


async def test_edits_made_at_once_are_all_kept(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a"))
    words = ["name", "comment", "description", "displayName", "originalName"]
    await asyncio.gather(*(ledger.edit(Edit(name("a"), set={w: w})) for w in words))
    assert (await ledger.see("a")).attributes == {w: w for w in words}


async def test_one_key_used_at_once_makes_one_commit(ledger: Ledger) -> None:
    made = await asyncio.gather(*(ledger.say(SCAN, claim("a"), key="k") for _ in range(5)))
    assert len({c.hash for c in made if c}) == 1
    assert len([c async for c in ledger.store.commits(0)]) == 1
