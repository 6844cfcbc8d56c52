"""A part is at least as secret as its whole, and a rule as what it names, whoever asks how."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from api.export import lines
from api.ledger import Ledger
from graph.difference import DiffQuestion
from graph.lineage import LineageQuestion, derived, lineage
from graph.question import Change, Question
from graph.reach.near import NearReach
from ingest.schemas import LedgerSchemas
from ontology.errors import Forbidden, NotFound
from ontology.model import Direction, Kind
from ontology.resource import ChangeSet, Claim, Link, Rank, ResourceId, Source
from ontology.viewer import LEVELS, LOCAL, Viewer

FORM, SCAN = Source("form", Rank.AUTHORITATIVE), Source("scan", Rank.SCANNED)
LOW = Viewer("visitor", LEVELS[1], roles=frozenset({"editor"}), personal=False)

BASE = "dataset:postgres://city.example:5432/s.public"
DATABASE = ResourceId("database:postgres://city.example:5432/s")
SECRET, OPEN, USE = (ResourceId(f"{BASE}.{name}") for name in ("zhaoxue", "open", "use"))
INSIDE, BESIDE, READING = (ResourceId(f"field:{t}#c") for t in (SECRET, OPEN, USE))
ENTRY, ITEM, ELEMENT = (
    ResourceId("entry:x/1"),
    ResourceId("infoitem:x/1/1"),
    ResourceId("element:x/1"),
)
WORDS = ("昭雪", "zhaoxue")


def column(table: ResourceId, name: str, *links: Link, **said: Any) -> tuple[Claim, ...]:
    """A table with one column."""
    field = ResourceId(f"field:{table}#c")
    return (
        Claim(table, "Table", {"name": name, **said}, (Link("hasField", field),)),
        Claim(field, "Field", {"physicalName": "c", "displayName": f"{name}列"}, links),
    )


def told(level: str) -> tuple[Claim, ...]:
    rule = {"rule": "zhaoxue.c || open.c", "derivation": "transformation"}
    both = [Link("fieldDerivedFrom", end, rule) for end in (INSIDE, BESIDE)]
    said = {"title": "昭雪专案", "securityLevel": level, "sharingType": "不予共享"}
    return (
        *column(SECRET, "昭雪表", Link("conformsTo", ELEMENT), securityLevel=level),
        *column(OPEN, "来源表"),
        *column(USE, "统计表", *both),
        Claim(ENTRY, "InformationResource", said, (Link("hasItem", ITEM),)),
        Claim(ITEM, "InformationItem", {"name": "昭雪项"}, (Link("mapsTo", BESIDE),)),
        Claim(ELEMENT, "DataElement", {"nameZh": "姓名"}),
    )


@pytest.fixture
async def guarded(ledger: Ledger) -> Ledger:
    await ledger.commit(ChangeSet("t", FORM, claims=told(LEVELS[3])), wait=5.0)
    return ledger


def clean(answer: Any) -> None:
    for word in WORDS:
        assert word not in str(answer), f"{word} in {answer}"


async def hits(ledger: Ledger, words: str, viewer: Viewer) -> set[ResourceId]:
    return {hit.id for hit in (await ledger.search(ledger.query(words), viewer)).hits}


async def test_by_id(guarded: Ledger) -> None:
    for id in (SECRET, INSIDE, ENTRY, ITEM):
        for ask in (guarded.resource, guarded.history, guarded.held):
            assert await ask(id, LOCAL)
            with pytest.raises(NotFound):
                await ask(id, LOW)


async def test_by_words(guarded: Ledger) -> None:
    assert {INSIDE, ITEM} <= await hits(guarded, "昭雪", LOCAL)
    for words in ("昭雪", "zhaoxue", "", "姓名", "来源表"):
        request = replace(guarded.query(words), facets=guarded.mapping.facets)
        page = await guarded.search(request, LOW)
        clean(page)
        assert not {INSIDE, ITEM} & {hit.id for hit in page.hits}
    clean(await guarded.suggest("昭", LOW))


async def test_names_of_secret_parts_find_nothing_open(guarded: Ledger) -> None:
    """Documents hold the names around them: those of a part only as those of its whole."""
    assert not await hits(guarded, "昭雪", LOW)


@pytest.mark.parametrize("start", [SECRET, ENTRY])
async def test_a_change_of_the_whole_reaches_the_parts(guarded: Ledger, start: ResourceId) -> None:
    part = {SECRET: INSIDE, ENTRY: ITEM}[start]
    for level, seen in ((LEVELS[0], True), (LEVELS[2], False), (LEVELS[1], True)):
        claims = tuple(c for c in told(level) if c.resource == start)
        await guarded.commit(ChangeSet("t", FORM, claims=claims), wait=5.0)
        assert (part in await hits(guarded, "昭雪", LOW)) is seen
        reached = await guarded.impact(Question((Change(OPEN, Kind.REMOVE),)), LOW)
        assert (ITEM in {a.id for a in (*reached.affected, *reached.touched)}) is (
            part is ITEM and seen
        )
    assert [flaw async for flaw in guarded.projections.verify()] == []


async def test_the_whole_of_a_whole_counts(guarded: Ledger) -> None:
    database = Claim(DATABASE, "Database", {"name": "s"}, (Link("hasDataset", OPEN),))
    await guarded.commit(ChangeSet("t", SCAN, claims=(database,)), wait=5.0)
    assert await guarded.resource(BESIDE, LOW)
    raised = replace(database, attributes={"name": "s", "securityLevel": LEVELS[2]})
    await guarded.commit(ChangeSet("t", SCAN, claims=(raised,)), wait=5.0)
    with pytest.raises(NotFound):
        await guarded.resource(BESIDE, LOW)
    assert BESIDE not in await hits(guarded, "来源表列", LOW)
    assert BESIDE in await hits(guarded, "来源表列", LOCAL)


async def test_along_links(guarded: Ledger, run: Any) -> None:
    for id in (OPEN, BESIDE, READING, ELEMENT):
        for way in Direction:
            clean(await guarded.links(id, None, way, LOW))
            clean(await guarded.links_many([id], None, way, LOW))
            clean(await guarded.links_whole([id], None, way, LOW, most=9))
        clean(await guarded.held(id, LOW))
        clean(await guarded.history(id, LOW))
    ask = """query($id: ID!) { resource(id: $id) { links(first: 9) {
        edges { rule properties { value } } nodes { id } } } }"""
    clean((await run(ask, viewer=LOW, id=READING)).data)
    assert "zhaoxue.c" in str((await run(ask, id=READING)).data)


@pytest.mark.parametrize("near", [False, True])
async def test_impact_and_lineage(guarded: Ledger, near: bool, monkeypatch: Any) -> None:
    if near:
        reach = NearReach(guarded.store, guarded.ontology)

        async def asked() -> NearReach:
            return reach

        monkeypatch.setattr(guarded.reaching, "reach", asked)
    question = Question((Change(BESIDE, Kind.REMOVE),), why=True)
    reached = await guarded.impact(question, LOW)
    clean(reached)
    assert READING in {a.id for a in reached.affected}
    assert sum(reached.hidden.values())
    assert "zhaoxue.c" in str(await guarded.impact(question, LOCAL))
    clean(await guarded.comparison(question, 1, LOW))
    followed = await guarded.lineage(LineageQuestion(READING), LOW)
    clean(followed)
    assert followed.hidden == 1
    assert BESIDE in {node.id for node in followed.nodes}
    clean(await guarded.columns([USE, OPEN], LOW))


async def test_the_coverage_of_lineage(guarded: Ledger) -> None:
    index = await guarded.reaching.held()
    assert index is not None
    assert await derived(index, ["Field"], LOCAL) == 3
    assert await derived(index, ["Field"], LOW) == 2


async def test_exports_and_differences(guarded: Ledger) -> None:
    written = b"".join([line async for line in lines(guarded, LOW)]).decode()
    clean(written)
    assert READING in written
    found = await guarded.diff(DiffQuestion(1), LOW)
    clean(found)
    assert READING in {d.id for d in found.differences}


async def test_parts_may_not_be_changed(guarded: Ledger) -> None:
    lowered = Claim(INSIDE, "Field", {"securityLevel": LEVELS[0]})
    with pytest.raises(Forbidden):
        await guarded.commit(ChangeSet("t", SCAN, claims=(lowered,)), LOW)


async def test_a_view_learns_no_secret_columns(guarded: Ledger) -> None:
    import asyncio

    for viewer, columns in ((LOCAL, ("c",)), (LOW, ())):
        schemas = LedgerSchemas(guarded.store, guarded.ontology, viewer)
        assert await asyncio.to_thread(schemas.get, SECRET, ()) == columns


async def test_what_was_secret_then_is_not_told_of_then(guarded: Ledger) -> None:
    then = await guarded.reaching.top()
    await guarded.commit(ChangeSet("t", FORM, claims=told(LEVELS[0])), wait=5.0)
    reached = await guarded.impact(Question((Change(BESIDE, Kind.REMOVE),), at=then), LOW)
    clean(reached)
    assert ITEM in {
        a.id for a in (await guarded.impact(Question((Change(BESIDE, Kind.REMOVE),)), LOW)).affected
    }
    index = await guarded.reaching.reach()
    clean(await lineage(guarded.store, index, LineageQuestion(READING, at=then), LOW))
