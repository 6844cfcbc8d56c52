"""Contract of a store: what projections read (numbers, edges, aliases), identifiers, runs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from graph.numbered import AliasInterval, NearStore, Numbered, RawEdge
from graph.store import GraphStore, Run
from ontology.identity import identifiers_of
from ontology.model import Direction, Ontology
from ontology.resource import Denial, ResourceId
from tests.contract.words import FORM, JOBS, SCAN, Ledger, claim, key, link, name, short

DAY = datetime(2026, 1, 1, tzinfo=UTC)


async def edges(ledger: Ledger, after: int = 0) -> list[tuple[int, int, int, int | None]]:
    found = [e async for e in ledger.store.raw_edges(after=after)]
    return sorted(((e.origin, e.target, e.since, e.until) for e in found), key=repr)


async def numbers(ledger: Ledger, after: int = 0) -> list[int]:
    return [n.number async for n in ledger.store.numbered(after=after)]


async def test_numbers_are_given_in_order_of_mention(ledger: Ledger) -> None:
    await ledger.say(
        SCAN,
        claim("a", "Table", link("hasField", "a.x"), link("hasField", "a.y")),
        claim("a.y", "Field"),
        claim("b", "Table", link("derivedFrom", "c")),
    )
    found = await ledger.store.numbers([name(n) for n in ("a", "a.x", "a.y", "b", "c", "nowhere")])
    assert {short(id): n for id, n in found.items()} == {"a": 1, "a.x": 2, "a.y": 3, "b": 4, "c": 5}
    assert await ledger.store.named([5, 1, 99]) == {5: name("c"), 1: name("a")}


async def test_numbers_are_never_used_again(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a"))
    await ledger.withdraw(SCAN, "a")
    await ledger.say(SCAN, claim("b"))
    assert await ledger.store.numbers([name("a"), name("b")]) == {name("a"): 1, name("b"): 2}


async def test_a_commit_that_fails_uses_no_number(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a"))
    try:
        await ledger.say(SCAN, claim("b"), expected={name("a"): 9})
    except Exception:
        await ledger.say(SCAN, claim("c"))
    assert await ledger.store.numbers([name("b"), name("c")]) == {name("c"): 2}


async def test_numbered_lists_every_name(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "p"), securityLevel="敏感数据"))
    await ledger.say(SCAN, claim("r", "View"), claim("n"))
    await ledger.withdraw(SCAN, "r")
    await ledger.alias(("n", "a"))
    assert [n async for n in ledger.store.numbered()] == [
        Numbered(1, name("a"), "Table", "敏感数据", False),
        Numbered(2, name("p"), "Dataset", "", False),
        Numbered(3, name("r"), "View", "", True),
        Numbered(4, name("n"), "Table", "敏感数据", False),
    ]


async def test_numbered_since_a_commit(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a"), claim("b"), claim("c"))
    await ledger.say(SCAN, claim("b", name="b"), claim("d", "Table", link("derivedFrom", "e")))
    await ledger.alias(("c", "a"))
    assert await numbers(ledger, 1) == [1, 2, 3, 4, 5]
    assert await numbers(ledger, 2) == [1, 3]
    assert await numbers(ledger, 3) == []
    await ledger.withdraw(SCAN, "d")
    assert await numbers(ledger, 3) == [4]


async def test_a_claim_on_an_alias_touches_all_names(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a"), claim("b"))
    await ledger.alias(("b", "a"))
    await ledger.say(SCAN, claim("b", name="new"))
    assert await numbers(ledger, 2) == [1, 2]


async def test_raw_edges_carry_what_the_reach_index_needs(ledger: Ledger) -> None:
    derived = link(
        "datasetDerivedFrom", "b", "j", job="job:x/1", derivation="aggregation", complete=True
    )
    await ledger.say(JOBS, claim("a", "Table", derived))
    assert [e async for e in ledger.store.raw_edges()] == [
        RawEdge(1, "datasetDerivedFrom", 2, "j", "aggregation", 3, "jobs", True, 1, None)
    ]


async def test_raw_edges_carry_the_literals_that_rules_name(ledger: Ledger) -> None:
    named = link("datasetDerivedFrom", "b", literals="04\n它")
    await ledger.say(JOBS, claim("a", "Table", named, link("datasetDerivedFrom", "c")))
    assert [edge.literals async for edge in ledger.store.raw_edges()] == [("04", "它"), ()]


async def test_raw_edges_since_a_commit(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b")), claim("c"))
    await ledger.say(SCAN, claim("c", "Table", link("derivedFrom", "b")))
    await ledger.say(SCAN, claim("a"))
    assert await edges(ledger) == [(1, 2, 1, 3), (3, 2, 2, None)]
    assert await edges(ledger, 1) == [(1, 2, 1, 3), (3, 2, 2, None)]
    assert await edges(ledger, 2) == [(1, 2, 1, 3)]
    assert await edges(ledger, 3) == []


async def test_raw_edges_of_a_link_that_is_denied_and_comes_back(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b")))
    denial = Denial(links=frozenset({key("derivedFrom", "b")}))
    await ledger.say(FORM, claim("a", None, denies=denial))
    assert await edges(ledger, 1) == [(1, 2, 1, 2)]
    await ledger.withdraw(FORM, "a")
    assert await edges(ledger, 2) == [(1, 2, 3, None)]


async def test_raw_edges_that_were_never_seen_are_none(ledger: Ledger) -> None:
    denial = Denial(links=frozenset({key("derivedFrom", "b")}))
    await ledger.say(FORM, claim("a", None, denies=denial))
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b")))
    assert await edges(ledger) == []


async def test_raw_edges_keep_the_names_claimed(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "x")))
    await ledger.say(SCAN, claim("b", "Table", link("derivedFrom", "y")))
    await ledger.alias(("b", "a"), ("y", "x"))
    assert await edges(ledger) == [(1, 2, 1, None), (3, 4, 2, None)]


async def test_an_alias_can_hide_and_show_edges(ledger: Ledger) -> None:
    denial = Denial(links=frozenset({key("derivedFrom", "x")}))
    await ledger.say(FORM, claim("a", None, denies=denial))
    await ledger.say(SCAN, claim("b", "Table", link("derivedFrom", "x")))
    await ledger.alias(("b", "a"))
    await ledger.unalias(("b", "a"))
    origin, target = (await ledger.see("b")).number, (await ledger.see("x")).number
    assert await edges(ledger) == [(origin, target, 2, 3), (origin, target, 4, None)]
    assert await edges(ledger, 2) == [(origin, target, 2, 3), (origin, target, 4, None)]


async def test_alias_intervals_are_flat(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a"), claim("b"), claim("c"))
    await ledger.alias(("a", "b"))
    await ledger.alias(("b", "c"))
    await ledger.unalias(("b", "c"))
    found = sorted(await ledger.store.alias_intervals(), key=lambda a: (a.name, a.since))
    assert found == [
        AliasInterval(1, 2, 2, 3),
        AliasInterval(1, 3, 3, 4),
        AliasInterval(1, 2, 4, None),
        AliasInterval(2, 3, 3, 4),
    ]
    later = await ledger.store.alias_intervals(after=3)
    assert {(a.name, a.since) for a in later} == {(1, 3), (1, 4), (2, 3)}


# --- identifiers ---

OFFICE = ResourceId("org:990100/云澜市商务局")
USCC = "91350211M000100Y43"  # the check digit is right, the body is nobody


async def test_resources_are_found_by_their_identifiers(ledger: Ledger, ontology: Ontology) -> None:
    office = claim(OFFICE, "Department", name="云澜市商务局", orgCode=("M0001", "M0002"))
    await ledger.say(FORM, office)
    wanted = identifiers_of(ontology, office.type, office.attributes, office.links)
    assert len(wanted) >= 2
    found = await ledger.store.identified([*wanted, ("orgCode", "", "nobody")])
    assert found == dict.fromkeys(wanted, (OFFICE,))


async def test_two_names_may_carry_one_identifier(ledger: Ledger, ontology: Ontology) -> None:
    other = ResourceId("org:M0001")
    await ledger.say(FORM, claim(OFFICE, "Department", orgCode=("M0001",)))
    await ledger.say(SCAN, claim(other, "Department", orgCode=("M0001",)))
    (one,) = identifiers_of(ontology, "Department", {"orgCode": ("M0001",)})
    assert await ledger.store.identified([one]) == {one: tuple(sorted([OFFICE, other]))}
    await ledger.withdraw(SCAN, other)
    assert await ledger.store.identified([one]) == {one: (OFFICE,)}
    await ledger.say(FORM, claim(OFFICE, "Department", orgCode=("M0009",)))
    assert await ledger.store.identified([one]) == {}


async def test_weakly_named_resources_are_counted_as_provisional(ledger: Ledger) -> None:
    in_region = link("inRegion", "region:990100")
    await ledger.say(FORM, claim(OFFICE, "Department", in_region, name="云澜市商务局"))
    assert (await ledger.store.counts()).get("provisional", 0) == 1
    await ledger.say(SCAN, claim(OFFICE, None, orgCode=("M0001",)))
    assert (await ledger.store.counts()).get("provisional", 0) == 1  # of no class: not known
    await ledger.say(SCAN, claim(OFFICE, "Department", orgCode=("M0001",)))
    assert (await ledger.store.counts()).get("provisional", 0) == 0
    await ledger.withdraw(SCAN, OFFICE)
    await ledger.withdraw(FORM, OFFICE)
    assert (await ledger.store.counts()).get("provisional", 0) == 0


async def test_what_is_counted_is_listed(ledger: Ledger) -> None:
    """Each number of `counts` has its list, in order of id, in pages."""
    await ledger.say(SCAN, claim("a", "Table", link("datasetDerivedFrom", "z")), claim("b"))
    await ledger.say(SCAN, claim("c", "Table", link("datasetDerivedFrom", "y")), claim("d"))
    await ledger.say(FORM, claim(OFFICE, "Department", name="云澜市商务局"))
    await ledger.alias(("e", "a"))
    await ledger.withdraw(SCAN, "b", "d")
    listed = {
        counted: [r.id for r in await ledger.store.counted(counted)]
        for counted in ("placeholder", "retired", "provisional")
    }
    assert listed == {
        "placeholder": [name("y"), name("z")],
        "retired": [name("b"), name("d")],
        "provisional": [OFFICE],
    }
    counts = await ledger.store.counts()
    assert {counted: counts[counted] for counted in listed} == {
        k: len(v) for k, v in listed.items()
    }
    (first,) = await ledger.store.counted("retired", limit=1)
    assert (first.id, first.retired) == (name("b"), True)
    assert [r.id for r in await ledger.store.counted("retired", after=first.id)] == [name("d")]


# --- runs ---


def run(id: str, hour: int, scope: str = "db") -> Run:
    return Run(id, "scan", scope, DAY + timedelta(hours=hour))


async def test_runs_are_kept_newest_first(ledger: Ledger) -> None:
    one, two = run("1", 1), run("2", 2)
    done = Run("1", "scan", "db", one.started, DAY + timedelta(hours=3), True, 5, 2, "c")
    for saved in (one, two, done, Run("3", "form", "f", DAY)):
        await ledger.store.save_run(saved)
    assert await ledger.store.runs("scan") == (two, done)
    assert [r.id for r in await ledger.store.runs(limit=2)] == ["2", "1"]


async def test_sightings_make_no_commit(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a"))
    await ledger.store.saw(run("1", 1), [name("a"), name("nowhere")])
    assert (await ledger.store.head()).number == 1  # type: ignore[union-attr]
    assert [r.id for r in await ledger.store.runs()] == ["1"]


async def unseen(ledger: Ledger, of: Run) -> list[str]:
    return [short(id) async for id in ledger.store.unseen(of)]


async def test_unseen_is_what_earlier_runs_saw_and_this_one_did_not(ledger: Ledger) -> None:
    await ledger.say(SCAN, *(claim(n) for n in "abcd"))
    await ledger.store.saw(run("1", 1), [name(n) for n in "abc"])
    assert await unseen(ledger, run("1", 1)) == []
    await ledger.store.saw(run("2", 2), [name("b")])
    assert await unseen(ledger, run("2", 2)) == ["a", "c"]  # d was never in this scope
    assert await unseen(ledger, run("3", 3)) == ["a", "b", "c"]


async def test_what_a_run_calls_is_noted_beside_what_it_saw(ledger: Ledger) -> None:
    """A name that is only an alias is claimed by nobody."""
    await ledger.say(SCAN, claim("a"), claim("b"))
    await ledger.alias(("old", "a"), source=SCAN)
    first, second = run("1", 1), run("2", 2)
    await ledger.store.saw(first, [name("a"), name("b")])
    await ledger.store.saw(first.calling, [name("old"), name("b")])
    assert await ledger.store.runs() == (first,)
    await ledger.store.saw(second, [name("a"), name("b")])
    called = [short(id) async for id in ledger.store.unseen(second.calling, claimed=False)]
    assert sorted(called) == ["b", "old"]
    assert await unseen(ledger, second) == []


async def test_unseen_stays_within_the_scope(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a"), claim("b"))
    await ledger.store.saw(run("1", 1, "one"), [name("a")])
    await ledger.store.saw(run("2", 1, "two"), [name("b")])
    assert await unseen(ledger, run("3", 2, "one")) == ["a"]
    assert await unseen(ledger, run("3", 2, "three")) == []


async def test_unseen_leaves_out_what_the_source_no_longer_claims(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a"), claim("b"))
    await ledger.say(FORM, claim("a"))
    await ledger.store.saw(run("1", 1), [name("a"), name("b")])
    await ledger.withdraw(SCAN, "a")
    assert await unseen(ledger, run("2", 2)) == ["b"]


def near(store: GraphStore) -> NearStore:
    assert isinstance(store, NearStore)
    return store


async def test_links_of_some_names_are_those_of_all(ledger: Ledger) -> None:
    """From either end, of some types, at a commit or whenever they held."""
    part, made = link("hasField", "a.x"), link("datasetDerivedFrom", "b", "j", job="job:x/1")
    await ledger.say(SCAN, claim("a", "Table", part, made), claim("c", "Table", made))
    await ledger.say(SCAN, claim("a", "Table", part))
    denial = Denial(links=frozenset({key("datasetDerivedFrom", "b", "j")}))
    await ledger.say(FORM, claim("c", None, denies=denial))
    every = [e async for e in ledger.store.raw_edges()]
    assert len(every) == 3
    for types in (["hasField"], ["datasetDerivedFrom"], ["hasField", "datasetDerivedFrom"]):
        for way in Direction:
            for numbers in ([1], [2, 3], [1, 2, 3, 4, 5]):
                for at in (None, 1, 2, 3):
                    found = await near(ledger.store).edges_of(numbers, types, way, at=at)
                    assert sorted(found, key=repr) == sorted(
                        (
                            e
                            for e in every
                            if e.type in types and e.near(way) in numbers and e.holds(at)
                        ),
                        key=repr,
                    )


async def test_some_names_are_told_as_all_are(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "p"), securityLevel="敏感数据"))
    await ledger.say(SCAN, claim("r", "View"), claim("n"))
    await ledger.withdraw(SCAN, "r")
    await ledger.alias(("n", "a"))
    every = [n async for n in ledger.store.numbered()]
    for some in ([1], [2, 4], [1, 2, 3, 4]):
        found = await near(ledger.store).numbered_of(some)
        assert sorted(found, key=repr) == [n for n in every if n.number in some]
