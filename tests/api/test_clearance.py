"""A viewer of low clearance: what is above it leaks nowhere, by no way of asking."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import openpyxl
import pytest

from api.export import lines
from api.ledger import Ledger
from api.metrics import Metrics
from api.report.changes import diff_report
from api.report.comparison import comparison_report
from api.report.format import Format, written
from api.report.impact import impact_report
from api.report.lineage import lineage_report
from api.report.origins import origins_report
from graph.difference import DiffQuestion
from graph.lineage import LineageQuestion
from graph.origins import OriginsQuestion
from graph.question import Change, Question
from ontology.errors import NotFound
from ontology.model import Direction, Kind
from ontology.resource import Alias, ChangeSet, Claim, Link, Rank, ResourceId, Source
from ontology.viewer import LEVELS, LOCAL, Viewer

FORM = Source("form", Rank.AUTHORITATIVE)
OTHER = Source("other", Rank.SCANNED)
LOW = Viewer("visitor", LEVELS[1], personal=False)

BASE = "dataset:postgres://secret.example:5432/s.public"
BUREAU, SECRET = ResourceId("org:bureau"), ResourceId(f"{BASE}.zhaoxue")
ORIGIN, USE = ResourceId(f"{BASE}.origin"), ResourceId(f"{BASE}.report")
ENTRY, HIDDEN = ResourceId("entry:demo/1"), ResourceId("entry:demo/2")
ITEM, POST = ResourceId("item:demo/2/1"), ResourceId("contact:bureau/post")

WORDS = ("昭雪", "zhaoxue", "王昭君", "13800000000", "demo/2")
"""What names the hidden ones, or is personal."""


def told() -> tuple[Claim, ...]:
    rule = {"rule": "SELECT zhaoxue.a FROM zhaoxue", "derivation": "transformation"}
    return (
        Claim(BUREAU, "Department", {"name": "云澜市公安局", "legalRepresentative": "王昭君"}),
        Claim(
            POST,
            "ContactPoint",
            {"name": "值班岗", "personName": "王昭君", "mobile": "13800000000"},
        ),
        Claim(
            ENTRY,
            "InformationResource",
            {"title": "人口信息", "securityLevel": LEVELS[1], "sharingType": "无条件共享"},
            (Link("providedBy", BUREAU), Link("mounts", ORIGIN), Link("mounts", SECRET)),
        ),
        Claim(
            HIDDEN,
            "InformationResource",
            {"title": "昭雪专案", "securityLevel": LEVELS[3], "sharingType": "不予共享"},
            (Link("providedBy", BUREAU), Link("mounts", SECRET)),
        ),
        Claim(ORIGIN, "Table", {"name": "s.public.origin", "displayName": "来源表"}),
        Claim(
            SECRET,
            "Table",
            {"name": "s.public.zhaoxue", "displayName": "昭雪表", "securityLevel": LEVELS[3]},
            (Link("datasetDerivedFrom", ORIGIN, rule),),
        ),
        Claim(
            USE,
            "View",
            {"name": "s.public.report", "displayName": "统计视图"},
            (Link("datasetDerivedFrom", SECRET, rule),),
        ),
    )


@pytest.fixture
async def guarded(ledger: Ledger) -> Ledger:
    alias = Alias(ResourceId("entry:demo/2x"), HIDDEN)
    await ledger.commit(ChangeSet("t", FORM, claims=told(), aliases=(alias,)))
    said = {"name": "云澜市公安局", "legalRepresentative": "王昭君二"}
    title = {"title": "昭雪案", "securityLevel": LEVELS[3]}
    others = (Claim(BUREAU, "Department", said), Claim(HIDDEN, "InformationResource", title))
    await ledger.commit(ChangeSet("t", OTHER, claims=others), wait=5.0)
    return ledger


def clean(answer: Any) -> None:
    for word in WORDS:
        assert word not in str(answer), f"{word} in {answer}"


async def test_the_words_are_there_for_who_may_see_them(guarded: Ledger) -> None:
    page = await guarded.search(guarded.query("昭雪"), LOCAL)
    assert {hit.id for hit in page.hits} >= {HIDDEN, SECRET}
    assert (await guarded.resource(BUREAU, LOCAL)).conflicts


@pytest.mark.parametrize("words", ["昭雪", "zhaoxue", "王昭君", "人口", "公安局", "s.public", ""])
async def test_search_and_facets(guarded: Ledger, words: str) -> None:
    request = replace(guarded.query(words), facets=guarded.mapping.facets)
    page = await guarded.search(request, LOW)
    clean(page)
    assert not {HIDDEN, SECRET} & {hit.id for hit in page.hits}
    counted = {v.value for f in page.facets for v in f.values}
    assert not {LEVELS[3], "不予共享"} & counted


@pytest.mark.parametrize("prefix", ["昭", "zhao", "zx", "王"])
async def test_suggestions(guarded: Ledger, prefix: str) -> None:
    clean(await guarded.suggest(prefix, LOW))


@pytest.mark.parametrize("id", [HIDDEN, SECRET, ResourceId("entry:demo/2x")])
async def test_what_is_hidden_is_as_if_it_were_not_there(guarded: Ledger, id: ResourceId) -> None:
    for ask in (
        guarded.resource(id, LOW),
        guarded.history(id, LOW),
        guarded.held(id, LOW),
        guarded.impact(Question((Change(id, Kind.REMOVE),)), LOW),
        guarded.lineage(LineageQuestion(id), LOW),
    ):
        with pytest.raises(NotFound) as refused:
            await ask
        assert str(refused.value) == f"账本中没有 / not in the ledger: {id}"


async def test_links_lead_to_nothing_hidden(guarded: Ledger) -> None:
    for id in (BUREAU, ENTRY, ORIGIN, USE):
        for way in Direction:
            clean(await guarded.links(id, None, way, LOW))
            clean(await guarded.links_many([id], None, way, LOW))


async def test_claims_show_neither_personal_data_nor_hidden_ends(guarded: Ledger) -> None:
    for id in (BUREAU, POST, ENTRY, ORIGIN, USE):
        for told in (await guarded.history(id, LOW), await guarded.held(id, LOW)):
            assert told
            clean(told)
    clean(await guarded.conflicts(LOW))
    assert "王昭君" in str(await guarded.held(POST, LOCAL))


async def test_impact_and_lineage_count_what_they_do_not_name(guarded: Ledger) -> None:
    reached = await guarded.impact(Question((Change(ORIGIN, Kind.REMOVE),), why=True), LOW)
    clean(reached)
    assert sum(reached.hidden.values())
    assert USE in {a.id for a in reached.affected}, "what lies behind the hidden one is told"
    followed = await guarded.lineage(LineageQuestion(USE), LOW)
    clean(followed)
    assert followed.hidden
    assert ORIGIN in {node.id for node in followed.nodes}


@pytest.mark.parametrize("format", Format)
async def test_reports(guarded: Ledger, format: Format) -> None:
    question = Question((Change(ORIGIN, Kind.REMOVE),), first=100)
    for parts in (
        impact_report(guarded, question, LOW),
        lineage_report(guarded, LineageQuestion(USE), LOW),
        comparison_report(guarded, question, 1, LOW),
        diff_report(guarded, DiffQuestion(1), LOW),
        origins_report(guarded, OriginsQuestion(USE), LOW),
    ):
        content = b"".join([chunk async for chunk in written(parts, format)])
        if format is Format.XLSX:
            sheets = openpyxl.load_workbook(io.BytesIO(content)).worksheets
            told = str([[c.value for c in row] for sheet in sheets for row in sheet.iter_rows()])
        else:
            told = content.decode()
        clean(told)
        assert "统计视图" in told or "公安局" in told or "来源表" in told


async def test_export(guarded: Ledger) -> None:
    told = b"".join([line async for line in lines(guarded, LOW)]).decode()
    clean(told)
    assert BUREAU in told


async def test_what_was_made_secret_is_not_told_by_asking_for_the_past(guarded: Ledger) -> None:
    before = await guarded.reaching.top()
    raised = {"title": "人口信息", "securityLevel": LEVELS[3]}
    await guarded.commit(
        ChangeSet("t", FORM, claims=(Claim(ENTRY, "InformationResource", raised),)), wait=5.0
    )
    with pytest.raises(NotFound):
        await guarded.resource(ENTRY, LOW, at=before)
    page = await guarded.links(ORIGIN, None, Direction.BACKWARD, LOW, at=before)
    assert ENTRY not in {edge.origin for edge in page.edges}
    reached = await guarded.impact(Question((Change(ORIGIN, Kind.REMOVE),), at=before), LOW)
    assert ENTRY not in {a.id for a in (*reached.affected, *reached.touched)}


async def test_commits_do_not_name_what_is_hidden(guarded: Ledger, run: Any) -> None:
    result = await run("{ commits(first: 9) { nodes { lines { id } } } }", viewer=LOW)
    assert not result.errors, result.errors
    clean(result.data)


async def raised(guarded: Ledger) -> int:
    """ENTRY made secret; the commit before."""
    before = await guarded.reaching.top()
    said = {"title": "人口信息", "securityLevel": LEVELS[3]}
    links = (Link("providedBy", BUREAU), Link("mounts", ORIGIN))
    claim = Claim(ENTRY, "InformationResource", said, links)
    await guarded.commit(ChangeSet("t", FORM, claims=(claim,)), wait=5.0)
    return before


async def test_business_lineage_of_the_past_keeps_what_is_secret_now(guarded: Ledger) -> None:
    before = await raised(guarded)
    assert ENTRY in {n.id for n in (await guarded.business([ORIGIN], LOCAL, at=before)).nodes}
    assert not (await guarded.business([ORIGIN], LOW, at=before)).nodes


async def test_columns_of_the_past_keep_what_is_secret_now(guarded: Ledger) -> None:
    field = ResourceId(f"field:{ORIGIN}#sfzh")
    whole = Claim(ORIGIN, "Table", {"name": "s.public.origin"}, (Link("hasField", field),))
    plain = {"physicalName": "sfzh"}
    (kind,) = guarded.ontology.links["hasField"].range
    made = (whole, Claim(field, kind, plain))
    await guarded.commit(ChangeSet("t", FORM, claims=made), wait=5.0)
    before = await guarded.reaching.top()
    secret = Claim(field, kind, {**plain, "securityLevel": LEVELS[3]})
    await guarded.commit(ChangeSet("t", FORM, claims=(secret,)), wait=5.0)
    assert (await guarded.columns([ORIGIN], LOCAL, at=before)).columns
    answer = await guarded.columns([ORIGIN], LOW, at=before)
    assert not answer.columns
    assert answer.hidden == 1


async def test_history_keeps_what_was_said_while_it_was_secret(guarded: Ledger) -> None:
    for number, level in ((1, 3), (2, 3), (3, 1)):
        said = {"title": f"人口信息{number}", "securityLevel": LEVELS[level]}
        claim = Claim(ENTRY, "InformationResource", said)
        await guarded.commit(ChangeSet("t", FORM, claims=(claim,)))

    def titles(held: Any) -> list[Any]:
        return [h.claim.attributes["title"] for h in held]

    told = titles(await guarded.history(ENTRY, LOCAL))
    assert told == ["人口信息", "人口信息1", "人口信息2", "人口信息3"]
    assert titles(await guarded.history(ENTRY, LOW)) == ["人口信息", "人口信息3"]
    first = await guarded.history(ENTRY, LOW, limit=1)
    assert titles(await guarded.history(ENTRY, LOW, after=first[0].since, limit=1)) == ["人口信息3"]


async def test_conflicts_go_on_behind_what_is_hidden(guarded: Ledger, run: Any) -> None:
    ids = [ResourceId(f"entry:demo/3{n}") for n in range(4)]
    for source, word in ((FORM, "甲"), (OTHER, "乙")):
        claims = [
            Claim(id, "InformationResource", {"title": word, "securityLevel": LEVELS[level]})
            for id, level in zip(ids, (3, 3, 1, 1), strict=True)
        ]
        await guarded.commit(ChangeSet("t", source, claims=tuple(claims)))
    ask = """query($after: String) { conflicts(first: 1, after: $after) {
        nodes { id } pageInfo { hasNextPage endCursor } } }"""
    found, after = [], None
    for _ in ids:
        page = (await run(ask, viewer=LOW, after=after)).data["conflicts"]
        found += [node["id"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert found == ids[2:]


async def test_pages_of_links_go_on_behind_what_is_hidden(guarded: Ledger, run: Any) -> None:
    ask = """query($id: ID!, $after: String) { resource(id: $id) {
        links(direction: BACKWARD, types: ["mounts"], first: 1, after: $after) {
            nodes { id } pageInfo { hasNextPage endCursor } } } }"""
    claims = [
        Claim(
            ResourceId(f"entry:demo/4{n}"),
            "InformationResource",
            {"title": f"目录{n}", "securityLevel": LEVELS[level]},
            (Link("mounts", USE),),
        )
        for n, level in enumerate((3, 3, 1))
    ]
    await guarded.commit(ChangeSet("t", FORM, claims=tuple(claims)))
    found, after = [], None
    for _ in claims:
        result = await run(ask, viewer=LOW, id=USE, after=after)
        page = result.data["resource"]["links"]
        found += [node["id"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert found == ["entry:demo/42"]


@pytest.mark.parametrize("counts", [True, False])
async def test_metrics_count_only_for_who_may_see_all(guarded: Ledger, counts: bool) -> None:
    metrics = Metrics()
    await metrics.text(guarded, counts=True)
    told = (await metrics.text(guarded, counts=counts)).decode()
    assert ("mulu_resources{" in told) is counts
    assert "mulu_position{" in told
