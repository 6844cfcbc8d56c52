"""Contract of a store: several names of one thing."""

from __future__ import annotations

import pytest

from ontology.errors import InvalidInput
from ontology.model import Direction
from ontology.resource import Alias, ChangeSet, Denial, Edit
from tests.contract.words import FORM, JOBS, PERSON, SCAN, Ledger, claim, key, link, name, short

BACKWARD = Direction.BACKWARD


async def test_an_alias_makes_one_resource_of_two(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", name="a", comment="c"), claim("b", name="b"))
    await ledger.alias(("b", "a"))
    one, other = await ledger.see("a"), await ledger.see("b")
    assert one == other
    assert (one.id, one.names, one.number, one.version) == (name("a"), (name("b"),), 1, 2)
    assert one.attributes["comment"] == "c"
    assert [c.attribute for c in one.conflicts] == ["name"]
    assert await ledger.scanned() == ["a"]
    assert (await ledger.store.counts())["Table"] == 1


async def test_names_resolve_at_a_commit(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a"), claim("b"))
    await ledger.alias(("b", "a"))
    await ledger.unalias(("b", "a"))
    resolved = [await ledger.store.resolve([name("b")], at=n) for n in (0, 1, 2, 3)]
    assert resolved == [
        {},
        {name("b"): name("b")},
        {name("b"): name("a")},
        {name("b"): name("b")},
    ]


async def test_both_histories_remain(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", name="a"))
    await ledger.say(SCAN, claim("b", name="b"))
    await ledger.alias(("b", "a"))
    told = await ledger.store.history(name("a"))
    assert [(short(h.claim.resource), h.since) for h in told] == [("a", 1), ("b", 2)]
    assert await ledger.store.history(name("b")) == told
    held = await ledger.store.held([name("b")])
    assert [short(h.claim.resource) for h in held[name("b")]] == ["b", "a"]
    await ledger.unalias(("b", "a"))
    assert [h.since for h in await ledger.store.history(name("b"))] == [2]


async def test_pages_of_history_do_not_part_a_commit(ledger: Ledger) -> None:
    """The commit is the cursor: what a page left of it would never be told."""
    await ledger.alias(("b", "a"))
    for word in "xyz":
        await ledger.say(SCAN, claim("a", name=word), claim("b", name=word))
    whole = [h.since for h in await ledger.store.history(name("a"))]
    assert whole == [2, 2, 3, 3, 4, 4]
    for limit, first in ((1, 2), (2, 2), (3, 4)):
        page = await ledger.store.history(name("a"), limit=limit)
        rest = await ledger.store.history(name("a"), after=page[-1].since)
        assert [h.since for h in (*page, *rest)] == whole
        assert len(page) == first


async def test_an_alias_withdrawn_gives_both_back(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", name="a"), claim("b", "View", name="b"))
    await ledger.alias(("b", "a"))
    await ledger.unalias(("b", "a"))
    assert (await ledger.see("a")).attributes == {"name": "a"}
    seen = await ledger.see("b")
    assert (seen.id, seen.attributes) == (name("b"), {"name": "b"})
    assert (seen.type, seen.version) == ("View", 3)
    assert await ledger.scanned() == ["a", "b"]


async def test_the_past_is_read_with_the_names_it_had(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", name="a"), claim("b", name="b"))
    await ledger.alias(("b", "a"))
    assert (await ledger.see("b", at=1)).id == name("b")
    assert (await ledger.see("a", at=1)).names == ()
    assert await ledger.scanned(at=1) == ["a", "b"]
    assert await ledger.scanned(at=2) == ["a"]


async def test_a_claim_under_an_alias_counts_for_the_group(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", name="a"))
    await ledger.alias(("b", "a"))
    await ledger.say(FORM, claim("b", comment="said of b"))
    seen = await ledger.see("a")
    assert seen.attributes == {"name": "a", "comment": "said of b"}
    assert seen.version == 3


async def test_a_group_of_one_claim_under_its_other_name(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("b", "View", name="b"))
    await ledger.alias(("b", "a"))
    seen = await ledger.see("a")
    assert (seen.id, seen.type, seen.attributes) == (name("a"), "View", {"name": "b"})
    assert await ledger.scanned() == ["a"]


async def test_chains_are_followed_to_their_end(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a"), claim("b"), claim("c"))
    await ledger.alias(("a", "b"))
    await ledger.alias(("b", "c"))
    assert (await ledger.see("a")).id == name("c")
    assert (await ledger.see("a")).names == (name("a"), name("b"))
    await ledger.unalias(("b", "c"))
    assert (await ledger.see("a")).id == name("b")


async def test_a_circle_shows_its_first_name(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a"), claim("b"), claim("c"))
    await ledger.alias(("b", "a"), source=SCAN)
    await ledger.alias(("a", "b"), source=FORM)
    await ledger.alias(("c", "b"))
    assert {short((await ledger.see(n)).id) for n in "abc"} == {"a"}


async def test_of_two_aliases_of_one_name_the_higher_rank_wins(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a"), claim("b"), claim("c"))
    await ledger.alias(("a", "b"), source=FORM)
    await ledger.alias(("a", "c"), source=SCAN)
    assert (await ledger.see("a")).id == name("b")
    await ledger.unalias(("a", "b"), source=FORM)
    assert (await ledger.see("a")).id == name("c")


async def test_an_alias_is_held_while_any_source_holds_it(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a"), claim("b"))
    await ledger.alias(("b", "a"), source=FORM)
    await ledger.alias(("b", "a"), source=SCAN)
    await ledger.unalias(("b", "a"), source=SCAN)
    assert (await ledger.see("b")).id == name("a")


async def test_a_person_unties_for_good(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a"), claim("b"))
    await ledger.alias(("b", "a"), source=SCAN)
    await ledger.unalias(("b", "a"), source=PERSON)
    assert (await ledger.see("b")).id == name("b")
    assert await ledger.alias(("b", "a"), source=SCAN) is None  # it says so still
    assert (await ledger.see("b")).id == name("b")
    await ledger.alias(("b", "a"), source=PERSON)
    assert (await ledger.see("b")).id == name("a")


async def test_of_what_a_source_says_no_more_others_may_still_speak(ledger: Ledger) -> None:
    """Unlike an unalias, which also denies it."""
    await ledger.say(SCAN, claim("a"), claim("b"))
    for source in (SCAN, JOBS):
        await ledger.alias(("b", "a"), source=source)
    pair = Alias(name("b"), name("a"))
    made = await ledger.store.commit(ChangeSet("t", SCAN, unsaid=(pair,)))
    assert made is not None
    assert await ledger.store.aliases() == (pair,)
    assert await ledger.store.commit(ChangeSet("t", SCAN, unsaid=(pair,))) is None
    await ledger.store.commit(ChangeSet("t", JOBS, unsaid=(pair,)))
    assert await ledger.store.aliases() == ()
    assert (await ledger.see("b")).names == ()


async def test_an_alias_twice_and_an_unalias_of_nothing_make_no_commit(ledger: Ledger) -> None:
    assert await ledger.alias(("b", "a"))
    assert await ledger.alias(("b", "a")) is None
    assert await ledger.unalias(("x", "y")) is None
    assert not await ledger.knows("x")


async def test_aliases_are_listed_as_claimed(ledger: Ledger) -> None:
    await ledger.alias(("b", "c"), ("a", "b"))
    assert await ledger.store.aliases() == (
        Alias(name("a"), name("b")),
        Alias(name("b"), name("c")),
    )
    await ledger.unalias(("a", "b"))
    assert await ledger.store.aliases() == (Alias(name("b"), name("c")),)


@pytest.mark.parametrize(("one", "other"), [("a", "a"), ("a", "a.x")])
async def test_an_alias_that_cannot_be_is_refused(ledger: Ledger, one: str, other: str) -> None:
    with pytest.raises(InvalidInput):
        await ledger.alias((one, other))


async def test_aliases_and_claims_in_one_commit(ledger: Ledger) -> None:
    commit = await ledger.store.commit(
        ChangeSet(
            "t",
            SCAN,
            claims=(claim("a", name="a"), claim("b", comment="b")),
            aliases=(Alias(name("b"), name("a")),),
        )
    )
    assert commit
    assert commit.changes == 3
    assert (await ledger.see("a")).attributes == {"name": "a", "comment": "b"}


async def test_an_alias_of_names_nobody_claimed(ledger: Ledger) -> None:
    await ledger.alias(("b", "a"))
    seen = await ledger.see("b")
    assert (seen.id, seen.placeholder, seen.version) == (name("a"), True, 0)


# --- links of names ---


async def test_links_of_all_names_are_links_of_the_group(ledger: Ledger) -> None:
    await ledger.say(
        SCAN,
        claim("a", "Table", link("derivedFrom", "x")),
        claim("b", "Table", link("derivedFrom", "y")),
    )
    await ledger.alias(("b", "a"))
    assert await ledger.ends("b") == ["x", "y"]
    assert {e.origin for e in await ledger.edges("a")} == {name("a")}
    assert await ledger.ends("a", at=1) == ["x"]


async def test_links_to_all_names_are_links_to_the_group(ledger: Ledger) -> None:
    await ledger.say(
        SCAN,
        claim("p", "Table", link("derivedFrom", "a")),
        claim("q", "Table", link("derivedFrom", "b")),
    )
    await ledger.alias(("b", "a"))
    assert await ledger.ends("a", way=BACKWARD) == ["p", "q"]
    assert await ledger.ends("q") == ["a"]
    assert await ledger.ends("q", at=1) == ["b"]


async def test_the_same_link_under_two_names_is_one(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "x", rule="scan")))
    await ledger.say(FORM, claim("b", "Table", link("derivedFrom", "x", rule="form")))
    await ledger.say(JOBS, claim("c", "Table", link("derivedFrom", "y")))
    await ledger.alias(("b", "a"), ("y", "x"), ("c", "a"))
    (edge,) = await ledger.edges("a")
    assert (edge.target, edge.properties, edge.source) == (name("x"), {"rule": "form"}, "form")
    (back,) = await ledger.edges("y", way=BACKWARD)
    assert back == edge


@pytest.mark.parametrize("limit", [1, 2, 3])
async def test_pages_where_the_other_ends_have_several_names(ledger: Ledger, limit: int) -> None:
    links = [link("derivedFrom", f"x{n}") for n in range(8)]
    await ledger.say(SCAN, claim("a", "Table", *links[::2]), claim("b", "Table", *links[1::2]))
    await ledger.alias(("b", "a"), ("x7", "x0"), ("x1", "x6"), ("x3", "x2"))
    whole = await ledger.edges("a")
    assert [short(e.target) for e in whole] == ["x0", "x2", "x4", "x6", "x5"]
    found, after = [], None
    while True:
        page = await ledger.store.links(name("b"), after=after, limit=limit)
        found += page.edges
        if (after := page.after) is None:
            break
    assert found == whole


async def test_a_denial_under_one_name_hides_links_of_another(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("b", "Table", link("derivedFrom", "x")))
    denial = Denial(links=frozenset({key("derivedFrom", "x")}))
    await ledger.say(FORM, claim("a", None, denies=denial))
    assert await ledger.ends("b") == ["x"]
    await ledger.alias(("b", "a"))
    assert await ledger.ends("b") == []
    await ledger.unalias(("b", "a"))
    (edge,) = await ledger.edges("b")
    assert (edge.since, edge.until) == (4, None)


async def test_unlink_of_what_readers_see_denies_it_under_every_name(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("b", "Table", link("derivedFrom", "y")))
    await ledger.alias(("b", "a"), ("y", "x"))
    await ledger.edit(Edit(name("a"), unlink=frozenset({key("derivedFrom", "x")})))
    assert await ledger.ends("a") == []
    await ledger.say(SCAN, claim("b", "Table", link("derivedFrom", "y"), name="again"))
    assert await ledger.ends("a") == []


async def test_revive_under_another_name(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a"), claim("b"))
    await ledger.edit(Edit(name("b"), retire=True))
    await ledger.alias(("b", "a"))
    assert (await ledger.see("a")).retired
    await ledger.edit(Edit(name("a"), revive=True))
    assert not (await ledger.see("a")).retired


async def test_unset_of_what_the_person_said_under_another_name(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", name="a"))
    await ledger.edit(Edit(name("b"), type="Table", set={"comment": "mine"}))
    await ledger.alias(("b", "a"))
    await ledger.edit(Edit(name("a"), unset=frozenset({"comment"})))
    assert (await ledger.see("a")).attributes == {"name": "a"}


async def test_expected_versions_are_those_of_the_group(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a"), claim("b"))
    await ledger.alias(("b", "a"))
    edit = Edit(name("b"), set={"name": "x"})
    assert await ledger.edit(edit, expected={name("b"): 2, name("a"): 2})
