"""Contract of a store: links, their visibility, order, pages, intervals, placeholders."""

from __future__ import annotations

import pytest

from graph.hidden import ranks
from ontology.errors import InvalidInput
from ontology.model import Direction, Ontology
from ontology.resource import Denial, Edit, LinkKey, Rank, Source
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

BACKWARD = Direction.BACKWARD


async def test_a_link_is_seen_from_both_ends(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b", rule="x + 1")))
    (out,) = await ledger.edges("a")
    (back,) = await ledger.edges("b", way=BACKWARD)
    assert out == back
    assert (out.origin, out.type, out.target, out.key) == (name("a"), "derivedFrom", name("b"), "")
    assert (out.properties, out.source) == ({"rule": "x + 1"}, "scan")
    assert (out.since, out.until) == (1, None)
    assert await ledger.edges("b") == []
    assert await ledger.edges("a", way=BACKWARD) == []


async def test_a_target_nobody_spoke_of_is_a_placeholder(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", "Table", link("hasField", "a.x")))
    seen = await ledger.see("a.x")
    assert (seen.placeholder, seen.retired, seen.type) == (True, False, "Field")
    assert (seen.version, seen.attributes, seen.sources) == (0, {}, ())
    assert await ledger.scanned() == ["a"]
    assert (await ledger.store.counts())["placeholder"] == 1


async def test_a_placeholder_is_filled_in_when_its_source_speaks(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b")))
    number = (await ledger.see("b")).number
    await ledger.say(FORM, claim("b", "View", name="b"))
    seen = await ledger.see("b")
    assert (seen.placeholder, seen.type, seen.number) == (False, "View", number)
    assert not (await ledger.store.counts()).get("placeholder", 0)
    assert (await ledger.edges("b", way=BACKWARD))[0].origin == name("a")


async def test_a_placeholder_outlives_the_link_that_named_it(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b")))
    await ledger.say(SCAN, claim("a"))
    assert (await ledger.see("b")).placeholder


async def test_a_link_onto_itself(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "a")))
    assert await ledger.ends("a") == ["a"]
    assert await ledger.ends("a", way=BACKWARD) == ["a"]


async def test_links_of_several_sources_add_up(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b")))
    await ledger.say(JOBS, claim("a", "Table", link("derivedFrom", "c")))
    assert await ledger.ends("a") == ["b", "c"]


async def test_one_link_of_two_sources_is_one_edge_with_the_better_evidence(
    ledger: Ledger,
) -> None:
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b", rule="scan")))
    await ledger.say(FORM, claim("a", "Table", link("derivedFrom", "b", rule="form")))
    (edge,) = await ledger.edges("a")
    assert (edge.source, edge.properties["rule"], edge.since) == ("form", "form", 2)
    await ledger.withdraw(FORM, "a")
    (edge,) = await ledger.edges("a")
    assert (edge.source, edge.properties["rule"], edge.since) == ("scan", "scan", 3)


async def test_a_link_is_seen_while_any_source_holds_it(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b")))
    await ledger.say(JOBS, claim("a", "Table", link("derivedFrom", "b")))
    await ledger.say(SCAN, claim("a"))
    (edge,) = await ledger.edges("a")
    assert edge.source == "jobs"
    await ledger.withdraw(JOBS, "a")
    assert await ledger.edges("a") == []


async def test_a_higher_denial_hides_a_link(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b"), link("derivedFrom", "c")))
    denial = Denial(links=frozenset({key("derivedFrom", "b")}))
    await ledger.say(FORM, claim("a", None, denies=denial))
    assert await ledger.ends("a") == ["c"]
    assert await ledger.ends("b", way=BACKWARD) == []
    await ledger.say(PERSON, claim("a", "Table", link("derivedFrom", "b")))
    assert await ledger.ends("a") == ["b", "c"]  # a still higher claim


async def test_a_denial_of_equal_rank_hides_too(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b")))
    denial = Denial(links=frozenset({key("derivedFrom", "b")}))
    await ledger.say(Source("other", Rank.SCANNED), claim("a", None, denies=denial))
    assert await ledger.ends("a") == []


async def test_a_lower_denial_hides_nothing(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b")))
    denial = Denial(links=frozenset({key("derivedFrom", "b")}))
    await ledger.say(JOBS, claim("a", None, denies=denial))
    assert await ledger.ends("a") == ["b"]


async def test_unlink_removes_and_denies(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b")))
    await ledger.edit(Edit(name("a"), unlink=frozenset({key("derivedFrom", "b")})))
    assert await ledger.ends("a") == []
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b"), name="again"))
    assert await ledger.ends("a") == []
    await ledger.edit(Edit(name("a"), link=(link("derivedFrom", "b"),)))
    assert await ledger.ends("a") == ["b"]


async def test_parallel_links_differ_by_key(ledger: Ledger) -> None:
    await ledger.say(
        SCAN,
        claim(
            "a",
            "Table",
            link("datasetDerivedFrom", "b", "j2", job="job:x/2"),
            link("datasetDerivedFrom", "b", "j1", job="job:x/1"),
        ),
    )
    assert [edge.key for edge in await ledger.edges("a")] == ["j1", "j2"]
    denied = frozenset({LinkKey("datasetDerivedFrom", name("b"), "j1")})
    await ledger.say(FORM, claim("a", None, denies=Denial(links=denied)))
    assert [edge.key for edge in await ledger.edges("a")] == ["j2"]


async def test_a_job_named_as_evidence_gets_a_number(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", "Table", link("datasetDerivedFrom", "b", "", job="job:x/1")))
    assert (await ledger.see("job:x/1")).placeholder
    (edge,) = [e async for e in ledger.store.raw_edges()]
    assert edge.job == (await ledger.see("job:x/1")).number


async def test_a_link_said_twice_in_one_claim_is_one(ledger: Ledger) -> None:
    twice = (link("derivedFrom", "b", rule="1"), link("derivedFrom", "b", rule="2"))
    await ledger.say(SCAN, claim("a", "Table", *twice))
    (edge,) = await ledger.edges("a")
    assert edge.properties == {"rule": "2"}
    assert [f async for f in ledger.store.verify()] == []


async def test_changed_evidence_is_a_new_interval(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b", rule="1")))
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b", rule="2")))
    (now,) = await ledger.edges("a")
    (then,) = await ledger.edges("a", at=1)
    assert (now.since, now.until, now.properties["rule"]) == (2, None, "2")
    assert (then.since, then.until, then.properties["rule"]) == (1, 2, "1")


async def test_a_restated_link_keeps_its_interval(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b", rule="1"), name="x"))
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b", rule="1"), name="y"))
    (edge,) = await ledger.edges("a")
    assert (edge.since, edge.until) == (1, None)


async def test_intervals_of_a_link_that_comes_and_goes(ledger: Ledger) -> None:
    said, silent = claim("a", "Table", link("derivedFrom", "b")), claim("a")
    for spoken in (said, silent, said, silent, said):
        await ledger.say(SCAN, spoken)
    seen = [await ledger.edges("a", at=n) for n in range(1, 6)]
    spans = [[(e.since, e.until) for e in edges] for edges in seen]
    assert spans == [[(1, 2)], [], [(3, 4)], [], [(5, None)]]


async def test_a_denial_cuts_an_interval_in_two(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b")))
    denial = Denial(links=frozenset({key("derivedFrom", "b")}))
    await ledger.say(FORM, claim("a", None, denies=denial))
    await ledger.withdraw(FORM, "a")
    spans = [[(e.since, e.until) for e in await ledger.edges("a", at=n)] for n in (1, 2, 3)]
    assert spans == [[(1, 2)], [], [(3, None)]]
    raw = [(e.since, e.until) async for e in ledger.store.raw_edges()]
    assert raw == [(1, 2), (3, None)]


async def test_links_come_by_type_then_as_the_ledger_met_the_other_end(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("z"), claim("m"))
    await ledger.say(
        SCAN,
        claim(
            "a",
            "Table",
            link("hasField", "a.x"),
            link("derivedFrom", "m"),
            link("derivedFrom", "b"),
            link("derivedFrom", "z"),
        ),
    )
    assert await ledger.ends("a") == ["z", "m", "b", "a.x"]


async def test_types_are_chosen(ledger: Ledger) -> None:
    both = (link("hasField", "a.x"), link("derivedFrom", "b"))
    await ledger.say(SCAN, claim("a", "Table", *both))
    assert await ledger.ends("a", types=["hasField"]) == ["a.x"]
    assert await ledger.ends("a", types=["derivedFrom", "hasField"]) == ["b", "a.x"]
    assert await ledger.ends("a", types=["mounts"]) == []
    assert await ledger.ends("a", types=[]) == []


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
async def test_pages_have_no_gap_and_no_double(ledger: Ledger, limit: int) -> None:
    await ledger.say(
        SCAN,
        claim("a", "Table", *(link("derivedFrom", f"b{n}") for n in range(9))),
        *(claim(f"c{n}", "Table", link("derivedFrom", "a")) for n in range(8)),
    )
    await ledger.say(JOBS, claim("a", "Table", link("derivedFrom", "b3"), link("hasField", "a.x")))
    for way, count in ((Direction.FORWARD, 10), (BACKWARD, 8)):
        found, after = [], None
        while True:
            page = await ledger.store.links(name("a"), way=way, after=after, limit=limit)
            assert len(page.edges) <= limit
            found += page.edges
            if page.after is None:
                break
            after = page.after
        assert found == await ledger.edges("a", way=way)
        assert len(found) == count


async def test_the_last_page_says_so(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b"), link("derivedFrom", "c")))
    assert (await ledger.store.links(name("a"), limit=2)).after is None
    assert (await ledger.store.links(name("a"), limit=1)).after is not None


async def test_a_page_goes_on_where_it_was_though_links_come_and_go(ledger: Ledger) -> None:
    links = [link("derivedFrom", f"b{n}") for n in range(6)]
    await ledger.say(SCAN, claim("a", "Table", *links))
    page = await ledger.store.links(name("a"), limit=3)
    await ledger.say(SCAN, claim("a", "Table", *links[1:], link("derivedFrom", "new")))
    rest = await ledger.store.links(name("a"), after=page.after)
    assert [e.target for e in rest.edges] == [name(n) for n in ("b3", "b4", "b5", "new")]


@pytest.mark.parametrize(
    "cursor",
    ["nonsense", "derivedFrom:²:x", f"derivedFrom:{2**64}:x", f"derivedFrom:{'9' * 5000}:x"],
)
async def test_a_cursor_that_is_none_is_refused(ledger: Ledger, cursor: str) -> None:
    with pytest.raises(InvalidInput, match="cursor"):
        await ledger.store.links(name("a"), after=cursor)


@pytest.mark.parametrize("limit", [0, -1])
async def test_a_page_of_nothing_is_refused(ledger: Ledger, limit: int) -> None:
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b")))
    with pytest.raises(InvalidInput):
        await ledger.store.links(name("a"), limit=limit)
    with pytest.raises(InvalidInput):
        await ledger.store.links_many([name("a")], limit=limit)


async def test_a_hub(ledger: Ledger) -> None:
    count = 200 if type(ledger.store).__name__ == "MemoryStore" else 3_000
    await ledger.say(
        SCAN, *(claim(f"t{n}", "Table", link("derivedFrom", "hub")) for n in range(count))
    )
    found, after = 0, None
    while True:
        page = await ledger.store.links(name("hub"), way=BACKWARD, after=after, limit=77)
        found += len(page.edges)
        after = page.after
        if after is None:
            break
    assert found == count


async def test_links_of_many_at_once(ledger: Ledger) -> None:
    await ledger.say(
        SCAN,
        claim("a", "Table", link("derivedFrom", "x"), link("derivedFrom", "y")),
        claim("b", "Table", link("derivedFrom", "x")),
        claim("c"),
    )
    ids = [name(n) for n in ("a", "b", "c", "nowhere")]
    found = await ledger.store.links_many(ids, ["derivedFrom"], limit=1)
    assert {id: [e.target for e in edges] for id, edges in found.items()} == {
        name("a"): [name("x")],
        name("b"): [name("x")],
        name("c"): [],
    }
    back = await ledger.store.links_many([name("x")], None, BACKWARD)
    assert [e.origin for e in back[name("x")]] == [name("a"), name("b")]
    assert await ledger.store.links_many([]) == {}


async def test_links_of_a_retired_target_stay(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b")), claim("b"))
    await ledger.withdraw(SCAN, "b")
    assert await ledger.ends("a") == ["b"]


async def test_links_close_when_their_resource_is_retired(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b")))
    await ledger.edit(Edit(name("a"), retire=True))
    assert await ledger.edges("a") == []
    (then,) = await ledger.edges("a", at=1)
    assert (then.since, then.until) == (1, 2)
    await ledger.edit(Edit(name("a"), revive=True))
    (now,) = await ledger.edges("a")
    assert (now.since, now.until) == (3, None)


async def test_a_part_is_as_secret_as_its_whole(ledger: Ledger, ontology: Ontology) -> None:
    """By links as they were at the moment asked about, upward to the whole of the whole."""
    shop = claim("database:postgres://h:5432/d", "Database", link("hasDataset", "a"))
    await ledger.say(SCAN, claim("a", "Table", link("hasField", "a.x")), claim("a.x", "Field"))
    await ledger.say(SCAN, shop)
    await ledger.say(FORM, claim(shop.resource, None, securityLevel="敏感数据"))

    async def rank(id: str, at: int | None = None) -> int:
        found = await ledger.store.get_many([name(id)], at=at)
        return (await ranks(ledger.store, ontology.parts, found, at))[name(id)]

    assert [await rank("a.x"), await rank("a"), await rank("a.x", 2)] == [2, 2, 0]
    await ledger.say(FORM, claim("a.x", None, securityLevel="核心数据"))
    assert [await rank("a.x"), await rank("a")] == [3, 2], "a whole is no more secret than it says"
