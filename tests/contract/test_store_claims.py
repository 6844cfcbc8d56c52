"""Contract of a store: claims, their merge, denial, withdrawal, edits."""

from __future__ import annotations

import pytest

from ontology.errors import InvalidInput, VersionConflict
from ontology.resource import Claim, Denial, Edit, Rank, ResourceId, Source
from tests.contract.words import (
    FORM,
    JOBS,
    PERSON,
    SCAN,
    Ledger,
    claim,
    key,
    link,
    name,
)


async def test_a_claim_makes_a_resource(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", name="A", recordCount=3))
    seen = await ledger.see("a")
    assert (seen.id, seen.type, seen.attributes) == (
        name("a"),
        "Table",
        {"name": "A", "recordCount": 3},
    )
    assert (seen.version, seen.number, seen.sources) == (1, 1, ("scan",))
    assert not seen.placeholder
    assert not seen.retired


async def test_an_empty_ledger_knows_nothing(ledger: Ledger) -> None:
    store = ledger.store
    assert await store.head() is None
    assert await store.commit_at(None) == 0
    assert await store.get_many([name("a")]) == {}
    assert [r async for r in store.scan()] == []
    assert [c async for c in store.commits(0)] == []
    assert [f async for f in store.verify()] == []
    assert await ledger.edges("a") == []
    assert {k: n for k, n in (await store.counts()).items() if n} == {}


async def test_unknown_ids_are_left_out(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a"))
    ids = [name("a"), name("b"), ResourceId("no colon"), ResourceId("dataset:\0"), ResourceId("")]
    assert list(await ledger.store.get_many(ids)) == [name("a")]
    assert list(await ledger.store.resolve(ids)) == [name("a")]


@pytest.mark.parametrize(
    ("stronger", "weaker"), [(PERSON, FORM), (FORM, SCAN), (SCAN, JOBS), (PERSON, JOBS)]
)
@pytest.mark.parametrize("weaker_is_newer", [False, True])
async def test_the_higher_rank_wins_whoever_is_newer(
    ledger: Ledger, stronger: Source, weaker: Source, weaker_is_newer: bool
) -> None:
    told = [(stronger, "strong"), (weaker, "weak")]
    for source, word in told if weaker_is_newer else reversed(told):
        await ledger.say(source, claim("a", name=word))
    assert (await ledger.see("a")).attributes == {"name": "strong"}


async def test_of_one_rank_the_newest_wins(ledger: Ledger) -> None:
    other = Source("other", Rank.SCANNED)
    await ledger.say(SCAN, claim("a", name="first"))
    await ledger.say(other, claim("a", name="second"))
    assert (await ledger.see("a")).attributes["name"] == "second"
    await ledger.say(SCAN, claim("a", name="third"))
    assert (await ledger.see("a")).attributes["name"] == "third"


async def test_attributes_of_several_sources_add_up(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", name="a", comment="seen"))
    await ledger.say(FORM, claim("a", displayName="甲表", recordCount=7))
    seen = await ledger.see("a")
    assert seen.attributes == {
        "name": "a",
        "comment": "seen",
        "displayName": "甲表",
        "recordCount": 7,
    }
    assert seen.sources == ("form", "scan")
    assert seen.conflicts == ()


async def test_many_values_win_whole(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", altTitle=("x", "y", "z")))
    await ledger.say(FORM, claim("a", altTitle=("p",)))
    assert (await ledger.see("a")).attributes["altTitle"] == ("p",)


async def test_sources_that_disagree_make_a_conflict(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", name="seen"))
    await ledger.say(FORM, claim("a", name="told"))
    (conflict,) = (await ledger.see("a")).conflicts
    assert conflict.attribute == "name"
    assert [(s.value, s.source, s.rank, s.commit) for s in conflict.said] == [
        ("told", "form", Rank.AUTHORITATIVE, 2),
        ("seen", "scan", Rank.SCANNED, 1),
    ]
    assert [r.id for r in await ledger.store.conflicts()] == [name("a")]


async def test_the_order_of_many_values_is_no_conflict(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", altTitle=("x", "y")))
    await ledger.say(FORM, claim("a", altTitle=("y", "x")))
    assert (await ledger.see("a")).conflicts == ()


async def test_a_conflict_ends_when_a_source_gives_way(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", name="seen"))
    await ledger.say(FORM, claim("a", name="told"))
    await ledger.say(SCAN, claim("a", name="told"))
    assert (await ledger.see("a")).conflicts == ()
    assert await ledger.store.conflicts() == ()


async def test_conflicts_come_in_pages(ledger: Ledger) -> None:
    ids = ["a", "b", "c", "d", "e"]
    await ledger.say(SCAN, *(claim(i, name="1") for i in ids))
    await ledger.say(FORM, *(claim(i, name="2") for i in ids))
    first = await ledger.store.conflicts(limit=2)
    rest = await ledger.store.conflicts(after=first[-1].id, limit=10)
    assert [r.id for r in (*first, *rest)] == [name(i) for i in ids]


async def test_the_more_specific_class_wins(ledger: Ledger) -> None:
    await ledger.say(FORM, claim("a", "Dataset"))
    assert (await ledger.see("a")).type == "Dataset"
    await ledger.say(JOBS, claim("a", "View"))
    seen = await ledger.see("a")
    assert seen.type == "View"
    assert seen.conflicts == ()


async def test_classes_that_exclude_each_other_are_a_conflict(ledger: Ledger) -> None:
    await ledger.say(FORM, claim("a", "Table"))
    await ledger.say(SCAN, claim("a", "View"))
    seen = await ledger.see("a")
    assert seen.type == "Table"
    (conflict,) = seen.conflicts
    assert (conflict.attribute, [s.value for s in conflict.said]) == ("type", ["Table", "View"])


async def test_a_claim_may_say_nothing_of_the_class(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", None, name="a"))
    assert (await ledger.see("a")).type == "Dataset"  # the root of its family


async def test_a_claim_is_replaced_whole(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", name="a", comment="old"))
    await ledger.say(SCAN, claim("a", name="b"))
    assert (await ledger.see("a")).attributes == {"name": "b"}


async def test_an_equal_claim_makes_no_commit(ledger: Ledger) -> None:
    said = claim("a", "Table", link("derivedFrom", "b", rule="x"), name="a", altTitle=("p", "q"))
    assert await ledger.say(SCAN, said)
    assert await ledger.say(SCAN, said) is None
    assert (await ledger.store.head()).number == 1  # type: ignore[union-attr]


async def test_only_what_differs_is_a_change(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", name="a"), claim("b", name="b"))
    commit = await ledger.say(SCAN, claim("a", name="a"), claim("b", name="B"))
    assert commit
    assert commit.changes == 1
    assert (await ledger.see("a")).version == 1
    assert (await ledger.see("b")).version == 2


async def test_the_same_source_may_come_to_be_trusted_more(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", name="scan"))
    await ledger.say(FORM, claim("a", name="form"))
    assert await ledger.say(Source("scan", Rank.CURATED), claim("a", name="scan"))
    assert (await ledger.see("a")).attributes["name"] == "scan"
    assert len((await ledger.store.held([name("a")]))[name("a")]) == 2


async def test_denied_attributes_vanish(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", name="a", comment="wrong"))
    await ledger.say(FORM, claim("a", None, denies=Denial(frozenset({"comment"}))))
    assert (await ledger.see("a")).attributes == {"name": "a"}
    await ledger.say(SCAN, claim("a", name="a", comment="wrong again"))
    assert (await ledger.see("a")).attributes == {"name": "a"}


async def test_a_denial_does_not_beat_a_higher_rank(ledger: Ledger) -> None:
    await ledger.say(FORM, claim("a", name="told", comment="told"))
    await ledger.say(SCAN, claim("a", None, denies=Denial(frozenset({"comment"}))))
    assert (await ledger.see("a")).attributes["comment"] == "told"


async def test_a_denial_beats_its_own_rank(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", name="a", comment="x"))
    denial = claim("a", None, denies=Denial(frozenset({"comment"})))
    await ledger.say(Source("other", Rank.SCANNED), denial)
    assert "comment" not in (await ledger.see("a")).attributes


async def test_what_a_denial_hid_comes_back_with_its_withdrawal(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", name="a", comment="x"))
    await ledger.say(FORM, claim("a", None, denies=Denial(frozenset({"comment"}))))
    await ledger.withdraw(FORM, "a")
    assert (await ledger.see("a")).attributes["comment"] == "x"


async def test_a_denied_resource_is_retired_and_keeps_its_attributes(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b"), name="a"))
    await ledger.say(FORM, claim("a", None, denies=Denial(resource=True)))
    seen = await ledger.see("a")
    assert seen.retired
    assert seen.attributes == {"name": "a"}
    assert await ledger.edges("a") == []
    assert await ledger.scanned() == []


async def test_a_weaker_denial_of_the_resource_is_not_heard(ledger: Ledger) -> None:
    await ledger.say(FORM, claim("a", name="a"))
    await ledger.say(SCAN, claim("a", None, denies=Denial(resource=True)))
    assert not (await ledger.see("a")).retired


async def test_of_claims_beaten_by_a_denial_of_the_resource_nothing_is_seen(
    ledger: Ledger,
) -> None:
    scanned = claim("a", "Table", link("derivedFrom", "b"), name="scan", comment="scan")
    await ledger.say(SCAN, scanned)
    await ledger.say(PERSON, claim("a", name="person"))
    await ledger.say(FORM, claim("a", None, denies=Denial(resource=True)))
    seen = await ledger.see("a")
    assert not seen.retired
    assert seen.attributes == {"name": "person"}
    assert await ledger.edges("a") == []


async def test_a_denial_may_come_before_what_it_denies(ledger: Ledger) -> None:
    await ledger.say(PERSON, claim("a", None, denies=Denial(resource=True)))
    assert (await ledger.see("a")).placeholder
    await ledger.say(SCAN, claim("a", name="a"))
    assert (await ledger.see("a")).retired


async def test_the_last_withdrawal_retires(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b"), name="a"))
    await ledger.say(FORM, claim("a", comment="c"))
    await ledger.withdraw(SCAN, "a")
    seen = await ledger.see("a")
    assert not seen.retired
    assert seen.attributes == {"comment": "c"}
    await ledger.withdraw(FORM, "a")
    seen = await ledger.see("a")
    assert seen.retired
    assert seen.attributes == {"comment": "c"}
    assert seen.version == 4
    assert seen.sources == ()
    assert await ledger.scanned() == []


async def test_a_retired_resource_keeps_its_class_and_number(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", "View", name="a"))
    await ledger.withdraw(SCAN, "a")
    seen = await ledger.see("a")
    assert (seen.type, seen.number, seen.retired) == ("View", 1, True)


async def test_what_is_claimed_again_lives_again(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b"), name="a"))
    await ledger.withdraw(SCAN, "a")
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b"), name="again"))
    seen = await ledger.see("a")
    assert (seen.retired, seen.attributes, seen.number) == (False, {"name": "again"}, 1)
    (edge,) = await ledger.edges("a")
    assert (edge.since, edge.until) == (3, None)


async def test_withdrawing_what_nobody_held_is_no_change(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a"))
    assert await ledger.withdraw(FORM, "a") is None
    assert await ledger.withdraw(SCAN, "nowhere") is None
    assert not await ledger.knows("nowhere")


async def test_a_claim_and_a_withdrawal_in_one_set(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", name="old"), claim("b"))
    commit = await ledger.say(SCAN, claim("a", name="new"), withdrawals=(name("a"), name("b")))
    assert commit
    assert commit.changes == 2
    assert (await ledger.see("a")).attributes == {"name": "new"}
    assert (await ledger.see("b")).retired


async def test_held_lists_claims_by_precedence(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b", rule="r"), name="s"))
    await ledger.say(JOBS, claim("a", name="j"))
    await ledger.say(PERSON, claim("a", name="p", denies=Denial(frozenset({"comment"}))))
    held = (await ledger.store.held([name("a")]))[name("a")]
    assert [(h.source, h.since, h.until) for h in held] == [
        (PERSON, 3, None),
        (SCAN, 1, None),
        (JOBS, 2, None),
    ]
    assert held[1].claim == claim("a", "Table", link("derivedFrom", "b", rule="r"), name="s")
    assert held[0].claim.denies == Denial(frozenset({"comment"}))


async def test_history_keeps_what_was_replaced(ledger: Ledger) -> None:
    for word in ("one", "two", "three"):
        await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", word), name=word))
    await ledger.withdraw(SCAN, "a")
    told = await ledger.store.history(name("a"))
    assert [(h.claim.attributes["name"], h.since, h.until) for h in told] == [
        ("one", 1, 2),
        ("two", 2, 3),
        ("three", 3, 4),
    ]
    assert [h.claim.links[0].target for h in told] == [name("one"), name("two"), name("three")]
    assert await ledger.store.history(name("a"), after=1, limit=1) == told[1:2]
    assert await ledger.store.history(name("nowhere")) == ()


# --- edits ---


async def test_an_edit_outlives_the_next_scan(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", name="scanned", comment="c"))
    await ledger.edit(Edit(name("a"), set={"name": "corrected"}))
    await ledger.say(SCAN, claim("a", name="scanned again", comment="d"))
    seen = await ledger.see("a")
    assert seen.attributes == {"name": "corrected", "comment": "d"}


async def test_edits_add_up(ledger: Ledger) -> None:
    await ledger.edit(Edit(name("a"), type="Table", set={"name": "a"}))
    await ledger.edit(Edit(name("a"), set={"comment": "c"}))
    assert (await ledger.see("a")).attributes == {"name": "a", "comment": "c"}
    assert (await ledger.see("a")).type == "Table"


async def test_unset_removes_and_denies(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", name="a", comment="wrong"))
    await ledger.edit(Edit(name("a"), set={"comment": "better"}))
    await ledger.edit(Edit(name("a"), unset=frozenset({"comment"})))
    assert (await ledger.see("a")).attributes == {"name": "a"}
    await ledger.say(SCAN, claim("a", name="a", comment="still wrong"))
    assert (await ledger.see("a")).attributes == {"name": "a"}


async def test_unset_of_what_only_the_person_said_leaves_no_denial(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", name="a"))
    await ledger.edit(Edit(name("a"), set={"comment": "mine"}))
    await ledger.edit(Edit(name("a"), unset=frozenset({"comment"})))
    assert [h.source for h in (await ledger.store.held([name("a")]))[name("a")]] == [SCAN]


async def test_set_takes_a_denial_back(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", comment="x"))
    await ledger.edit(Edit(name("a"), unset=frozenset({"comment"})))
    await ledger.edit(Edit(name("a"), set={"comment": "y"}))
    assert (await ledger.see("a")).attributes == {"comment": "y"}


async def test_allow_takes_a_denial_back(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b"), comment="x"))
    gone = Edit(
        name("a"),
        unset=frozenset({"comment"}),
        unlink=frozenset({key("derivedFrom", "b")}),
    )
    await ledger.edit(gone)
    assert (await ledger.see("a")).attributes == {}
    assert await ledger.edges("a") == []
    back = Denial(frozenset({"comment"}), frozenset({key("derivedFrom", "b")}))
    await ledger.edit(Edit(name("a"), allow=back))
    assert (await ledger.see("a")).attributes == {"comment": "x"}
    assert await ledger.ends("a") == ["b"]


async def test_retire_and_revive(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b"), name="a"))
    await ledger.edit(Edit(name("a"), retire=True))
    assert (await ledger.see("a")).retired
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b"), name="b"))
    assert (await ledger.see("a")).retired
    await ledger.edit(Edit(name("a"), revive=True))
    seen = await ledger.see("a")
    assert (seen.retired, seen.attributes) == (False, {"name": "b"})
    assert await ledger.ends("a") == ["b"]


async def test_an_edit_that_changes_nothing_makes_no_commit(ledger: Ledger) -> None:
    await ledger.edit(Edit(name("a"), type="Table", set={"name": "a"}))
    assert await ledger.edit(Edit(name("a"), set={"name": "a"})) is None
    assert await ledger.edit(Edit(name("nowhere"), unset=frozenset({"name"}))) is None
    assert not await ledger.knows("nowhere")


async def test_two_edits_of_one_resource_in_one_set(ledger: Ledger) -> None:
    await ledger.edit(
        Edit(name("a"), type="Table", set={"name": "a"}), Edit(name("a"), set={"comment": "c"})
    )
    assert (await ledger.see("a")).attributes == {"name": "a", "comment": "c"}


# --- preconditions and refusals ---


async def test_the_version_that_was_read_must_still_hold(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", name="a"))
    read = (await ledger.see("a")).version
    await ledger.say(SCAN, claim("a", name="b"))
    with pytest.raises(VersionConflict, match="version 2, not 1"):
        await ledger.edit(Edit(name("a"), set={"name": "c"}), expected={name("a"): read})
    assert (await ledger.see("a")).attributes == {"name": "b"}
    assert await ledger.edit(Edit(name("a"), set={"name": "c"}), expected={name("a"): 2})


async def test_version_0_means_must_not_exist(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b")))
    make = Edit(name("b"), type="Table", set={"name": "b"})
    assert await ledger.edit(make, expected={name("b"): 0})  # a placeholder is not there yet
    with pytest.raises(VersionConflict):
        await ledger.edit(make, expected={name("a"): 0})


@pytest.mark.parametrize(
    "wrong",
    [
        claim("a", "NoSuchClass"),
        claim("a", "Field"),  # a class of another family
        claim("a", "Table", nonsense="x"),
        claim("a", None, nonsense="x"),
        claim("a", "Table", link("noSuchLink", "b")),
        claim("a", "Table", link("derivedFrom", "nofamily:x")),
        claim("nofamily:x", None),
        claim("dataset:", None),
        claim("dataset:a\0b", None),
        claim("a", "Table", altTitle=()),
        claim("a", "Table", recordCount=float("nan")),
        claim("a", "Table", recordCount=2**70),
        claim("a", "Table", name="\ud800"),
    ],
    ids=lambda c: ascii(f"{c.resource}-{c.type}-{sorted(c.attributes)}"),
)
async def test_what_no_store_can_hold_is_refused_whole(ledger: Ledger, wrong: Claim) -> None:
    with pytest.raises(InvalidInput) as refused:
        await ledger.say(SCAN, claim("good", name="good"), wrong)
    assert refused.value.problems
    assert not await ledger.knows("good")
    assert await ledger.store.head() is None


async def test_two_claims_on_one_resource_are_refused(ledger: Ledger) -> None:
    with pytest.raises(InvalidInput):
        await ledger.say(SCAN, claim("a", name="1"), claim("a", name="2"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "中文，标点。",
        "𠮷野家😀",
        "e\u0301",
        "a\0b",
        "'; DROP TABLE claim; --",
        "\\u0000",
        "\u202e",
    ],
)
async def test_any_text_comes_back_as_it_was(ledger: Ledger, text: str) -> None:
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b", rule=text), name=text))
    assert (await ledger.see("a")).attributes == {"name": text}
    (edge,) = await ledger.edges("a")
    assert edge.properties == {"rule": text}


@pytest.mark.parametrize(
    "id", ["dataset:中文 表", "dataset:😀", "dataset:a'b\"c", "dataset:a%23b?"]
)
async def test_any_name_comes_back_as_it_was(ledger: Ledger, id: str) -> None:
    await ledger.say(SCAN, claim(id, name="x"), claim("a", "Table", link("derivedFrom", id)))
    assert (await ledger.see(id)).id == id
    assert (await ledger.edges("a"))[0].target == id


async def test_values_keep_their_kind(ledger: Ledger) -> None:
    await ledger.say(
        SCAN,
        claim(
            "a",
            recordCount=2**62,
            storageMB=0.1,
            secret=False,
            name="1",
            altTitle=("2", "3"),
        ),
    )
    found = (await ledger.see("a")).attributes
    assert found == {
        "recordCount": 2**62,
        "storageMB": 0.1,
        "secret": False,
        "name": "1",
        "altTitle": ("2", "3"),
    }
    assert found["secret"] is False


async def test_a_huge_value(ledger: Ledger) -> None:
    text = "汉" * 2_000_000
    await ledger.say(SCAN, claim("a", description=text))
    assert (await ledger.see("a")).attributes["description"] == text


async def test_a_large_change_set(ledger: Ledger) -> None:
    count = 300 if type(ledger.store).__name__ == "MemoryStore" else 5_000
    commit = await ledger.say(
        SCAN,
        *(claim(f"t{n}", "Table", link("derivedFrom", f"t{n // 2}")) for n in range(count)),
    )
    assert commit
    assert commit.changes == count
    assert (await ledger.store.counts())["Table"] == count
    assert await ledger.ends(f"t{count - 1}") == [f"t{(count - 1) // 2}"]
