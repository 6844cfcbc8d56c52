"""Filters, orders, pages, facets and viewers: alike in every search index."""

# ruff: noqa: E501, F401, F811  (rows of cases; fixtures come by import)

from __future__ import annotations

import sys
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import fields, replace
from pathlib import Path

import orjson
import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "search"))

import small_ledger
from search_engines import (
    FACETS,
    MAPPING,
    WORDS,
    Open,
    ask,
    counts,
    docs,
    empty,
    engine,
    entries,
    entry,
    found,
    kept,
    listed,
    open_here,
    walk,
)
from search_engines import kept_index as index

from ontology.errors import InvalidInput, LimitExceeded
from ontology.viewer import Viewer
from search.index import Order, Page, Request, SearchIndex
from search.paging import DEEPEST, Cursor
from search.parse import parse
from search.query import Exists, FieldIs, Not, OneOf, Or, Range, Words, conjunction

# --- filters and order ------------------------------------------------------------------------


async def test_one_of_is_exact(index: SearchIndex) -> None:
    assert await listed(index, OneOf("department", ("云澜市公安局",))) == {"entry:rk", "system:hz"}
    assert await listed(index, OneOf("department", ("公安局",))) == set()
    assert await listed(index, OneOf("providedBy", ("org:mzj",))) == {"entry:hy", "entry:gljt"}
    assert await listed(index, OneOf("title", ("婚姻登记信息", "人口基本信息"))) == {
        "entry:hy",
        "entry:rk",
    }
    assert await listed(index, OneOf("recordCount", (8_760, 12_400))) == {"entry:kq", "entry:jyb"}
    assert await listed(index, OneOf("important", (True,))) == {"entry:rk"}


async def test_filters_combine(index: SearchIndex) -> None:
    where = conjunction(
        OneOf("type", ("CatalogEntry",)),
        Or((OneOf("updateCycle", ("每月",)), Range("recordCount", high=10_000))),
        Not(OneOf("openingType", ("不予开放",))),
        Exists("sharingType"),
    )
    assert await listed(index, where) == {"entry:sbcb", "entry:gljt", "entry:kq"}


async def test_filters_do_not_rank_and_are_not_relaxed(index: SearchIndex) -> None:
    request = Request(Words("登记"), where=OneOf("type", ("Matter",)))
    assert [h.id for h in (await index.search(request)).hits] == ["matter:qysl"]


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize(
    ("field", "ids"),
    [
        ("recordCount", ["kq", "jyb", "gljt", "qy", "hy", "gjj", "sbjf", "sbcb", "rk"]),
        ("publishedAt", ["qy", "sbcb", "gjj", "rk", "sbjf"]),
        ("storageMB", ["sbjf", "rk"]),
    ],
)
async def test_order_by_value_and_what_has_none_comes_last(
    index: SearchIndex, field: str, ids: Sequence[str], descending: bool
) -> None:
    request = Request(
        where=OneOf("type", ("CatalogEntry",)), order=Order(field, descending), page=Page(4)
    )
    hits = [hit.id.removeprefix("entry:") for hit in await walk(index, request)]
    assert hits[: len(ids)] == (list(reversed(ids)) if descending else list(ids))
    assert len(hits) == len(set(hits)) == 9


async def test_order_by_title_is_by_pinyin(index: SearchIndex) -> None:
    request = Request(where=OneOf("type", ("Department",)), order=Order("title"))
    titles = [hit.title for hit in (await index.search(request)).hits]
    assert [t.removeprefix("云澜市")[:2] for t in titles] == [
        "公安",
        "民政",
        "人力",
        "市场",
        "住房",
    ]


async def test_codes_order_as_their_list_does(index: SearchIndex) -> None:
    request = Request(where=OneOf("type", ("CatalogEntry",)), order=Order("securityLevel"))
    ids = [hit.id.removeprefix("entry:") for hit in (await index.search(request)).hits]
    assert (set(ids[:2]), set(ids[2:5])) == ({"qy", "kq"}, {"sbjf", "sbcb", "gjj"})


async def test_negative_numbers_and_long_titles_order_well(empty: SearchIndex) -> None:
    rows = [
        entry(str(n), "云澜市人力资源和社会保障局" + "甲" * n, storageMB=value)
        for n, value in enumerate([-1.5, 3.0, 0.0, -20.0, 1e12])
    ]
    await empty.put(small_ledger.documents(MAPPING, rows), upto=1)
    hits = (await empty.search(Request(order=Order("storageMB")))).hits
    assert [h.id for h in hits] == ["entry:3", "entry:0", "entry:2", "entry:1", "entry:4"]


async def test_what_cannot_be_ordered_by_is_refused(index: SearchIndex) -> None:
    for field in ("keyword", "nonsense", "department"):
        with pytest.raises(InvalidInput):
            await index.search(Request(order=Order(field)))


# --- pages ------------------------------------------------------------------------------------

REQUESTS = {
    "ranked": Request(Words("人口"), page=Page(7)),
    "everything": Request(page=Page(7)),
    "by title": Request(order=Order("title"), page=Page(7)),
    "by title, falling": Request(order=Order("title", descending=True), page=Page(7)),
    "by a value that many share": Request(order=Order("recordCount"), page=Page(7)),
    "filtered": Request(where=OneOf("recordCount", (1, 2)), order=Order("recordCount"), page=Page(3)),
}  # fmt: skip


@pytest.fixture(params=sorted(REQUESTS))
def paged(request: pytest.FixtureRequest) -> Request:
    return REQUESTS[request.param]


async def test_pages_have_all_and_none_twice(empty: SearchIndex, paged: Request) -> None:
    await empty.put(entries(60), upto=1)
    whole = await empty.search(Request(paged.query, paged.where, order=paged.order, page=Page(500)))
    hits = await walk(empty, paged)
    assert [h.id for h in hits] == [h.id for h in whole.hits]
    assert len({h.id for h in hits}) == len(hits) == whole.total


async def test_every_hit_s_cursor_goes_on_after_it(empty: SearchIndex, paged: Request) -> None:
    await empty.put(entries(20), upto=1)
    whole = await empty.search(Request(paged.query, paged.where, order=paged.order, page=Page(500)))
    for place in (0, 2, len(whole.hits) - 2):
        after = whole.hits[place].cursor
        page = await empty.search(
            Request(paged.query, paged.where, order=paged.order, page=Page(1, after))
        )
        assert page.hits[0].id == whole.hits[place + 1].id


async def test_pages_while_the_index_changes(empty: SearchIndex, paged: Request) -> None:
    """What is there throughout comes once; what comes or goes meanwhile, at most once."""
    documents = entries(60)
    await empty.put(documents, upto=1)
    before = {h.id for h in await walk(empty, paged)}

    async def disturb(seen: int) -> None:
        fresh = docs(
            entry(f"new{seen}", f"人口台账新{seen}", recordCount=seen % 7), first=100 + seen
        )
        gone = documents[(seen * 7) % 60].id
        await empty.put(fresh, upto=seen, deleted=[gone])
        removed.add(gone)

    removed: set[str] = set()
    ids = [h.id for h in await walk(empty, paged, disturb)]
    assert len(ids) == len(set(ids))
    assert before - removed <= set(ids)


async def test_pages_go_on_after_a_restart(open_here: Open, paged: Request) -> None:
    first = open_here()
    await first.ensure(MAPPING, WORDS)
    await first.put(entries(40), upto=1)
    page = await first.search(paged)
    rest = (await walk(first, paged))[len(page.hits) :]
    await first.close()
    second = open_here()
    await second.ensure(MAPPING)
    after = Page(500, page.after)
    more = await second.search(Request(paged.query, paged.where, order=paged.order, page=after))
    assert [h.id for h in more.hits] == [h.id for h in rest]
    await second.close()


async def test_a_page_of_none_counts(index: SearchIndex) -> None:
    page = await ask(index, "登记", page=Page(0), facets=("type",))
    assert page.hits == ()
    assert page.total > 0
    assert counts(page, "type")


async def test_pages_too_large_are_refused(index: SearchIndex) -> None:
    for size in (-1, 1_001):
        with pytest.raises(LimitExceeded):
            await ask(index, "登记", page=Page(size))


@pytest.mark.parametrize("cursor", ["x", "", "AAAA", "W10", "bnVsbA", "游标", "a" * 5000])
async def test_what_is_no_cursor_is_refused(index: SearchIndex, cursor: str) -> None:
    if cursor:
        with pytest.raises(InvalidInput):
            await ask(index, "登记", page=Page(2, cursor))


def forged(cursor: str | None, **parts: object) -> Page:
    """A page after a hit's cursor, with parts of it changed."""
    values = orjson.loads(urlsafe_b64decode((cursor or "").encode() + b"=="))
    names = [field.name for field in fields(Cursor)]
    told = dict(zip(names, values, strict=True)) | parts
    return Page(7, urlsafe_b64encode(orjson.dumps(list(told.values()))).decode().rstrip("="))


async def test_a_forged_rank_does_not_take_the_memory(empty: SearchIndex) -> None:
    """The engine would make room for every hit before the page."""
    await empty.put(entries(20), upto=1)
    ranked = REQUESTS["ranked"]
    after = (await empty.search(ranked)).after
    for rank in (DEEPEST + 1, 10**15, 2**53 - 1, 2**53, 2**64 - 1, -1):
        for other in ({}, {"snapshot": ""}):
            with pytest.raises((InvalidInput, LimitExceeded)):
                await empty.search(replace(ranked, page=forged(after, rank=rank, **other)))
    last = await empty.search(replace(ranked, page=forged(after, rank=DEEPEST)))
    assert last.total == 20


async def test_a_forged_key_is_a_place_or_is_refused(empty: SearchIndex, paged: Request) -> None:
    await empty.put(entries(20), upto=1)
    first = await empty.search(paged)
    for part in (0, 1, 7, 2**53 - 1):
        for value in (0, -1, 2**63 - 1, -(2**63), 2**63, 2**64 - 1):
            for width in range(8):
                page = forged(first.after, key=[value] * width, part=part)
                with suppress(InvalidInput):
                    assert (await empty.search(replace(paged, page=page))).total == first.total


async def test_a_cursor_of_another_query_is_refused(index: SearchIndex) -> None:
    after = (await ask(index, "登记", page=Page(2))).after
    with pytest.raises(InvalidInput):
        await ask(index, "人口", page=Page(2, after))


# --- facets -----------------------------------------------------------------------------------


async def test_facets_count_the_whole_answer(index: SearchIndex) -> None:
    page = await ask(index, "", facets=FACETS, page=Page(1))
    assert counts(page, "sharingType") == {"有条件共享": 6, "无条件共享": 3}
    assert counts(page, "type")["InformationResource"] == 7
    assert counts(page, "format") == {"数据库": 5, "接口": 3, "电子表格": 2, "CSV": 1, "JSON": 1}
    assert [f.name for f in page.facets] == list(FACETS)


async def test_facets_follow_the_words(index: SearchIndex) -> None:
    page = await ask(index, "公积金", facets=FACETS)
    assert sum(counts(page, "type").values()) == page.total
    assert counts(page, "department") == {"云澜市住房公积金管理中心": 1}


async def test_largest_first_then_by_value(index: SearchIndex) -> None:
    page = await ask(index, "", facets=("format",))
    values = page.facets[0].values
    assert [(v.count, v.value) for v in values] == sorted(
        ((v.count, v.value) for v in values), key=lambda pair: (-pair[0], pair[1])
    )


async def test_a_choice_does_not_narrow_its_own_facet(index: SearchIndex) -> None:
    page = await ask(
        index, "", facets=FACETS, selected={"sharingType": ("无条件共享",)}, page=Page(50)
    )
    assert page.total == 3
    assert counts(page, "sharingType") == {"有条件共享": 6, "无条件共享": 3}
    assert counts(page, "securityLevel") == {"公开数据": 2, "内部数据": 1}


async def test_choices_within_a_facet_add_up_and_across_facets_narrow(index: SearchIndex) -> None:
    chosen = {"format": ("CSV", "接口"), "securityLevel": ("公开数据",)}
    page = await ask(index, "", facets=FACETS, selected=chosen)
    assert {h.id for h in page.hits} == {"entry:kq", "entry:qy"}
    assert counts(page, "format") == {"数据库": 1, "接口": 1, "CSV": 1, "JSON": 1}
    assert counts(page, "securityLevel") == {"公开数据": 2, "内部数据": 2}
    assert counts(page, "type") == {"InformationResource": 2}


async def test_a_class_may_be_chosen_with_all_below_it(index: SearchIndex) -> None:
    page = await ask(index, "", facets=("type",), selected={"type": ("CatalogEntry",)})
    assert page.total == 9
    assert counts(page, "type")["Department"] == 5


async def test_choosing_what_nothing_has_gives_nothing(index: SearchIndex) -> None:
    page = await ask(index, "", facets=("format",), selected={"format": ("羊皮纸",)})
    assert page.total == 0
    assert counts(page, "format")["数据库"] == 5
    assert (await ask(index, "", selected={"format": ()})).total == len(small_ledger.LEDGER)


async def test_facets_of_relaxed_answers_match_them(index: SearchIndex) -> None:
    page = await ask(index, "社保 缴费 火星", facets=("type",), page=Page(100))
    assert sum(counts(page, "type").values()) == page.total


async def test_many_values_are_cut_and_counted(empty: SearchIndex) -> None:
    rows = [entry(str(n), f"条目{n}", format=(f"F{n:02}",)) for n in range(30)]
    await empty.put(small_ledger.documents(MAPPING, rows), upto=1)
    page = await ask(empty, "", facets=("format",), facet_size=10)
    assert (len(page.facets[0].values), page.facets[0].others) == (10, 20)


async def test_what_is_no_facet_is_refused(index: SearchIndex) -> None:
    with pytest.raises(InvalidInput):
        await ask(index, "", facets=("recordCount",))
    with pytest.raises(InvalidInput):
        await ask(index, "", selected={"nonsense": ("x",)})


# --- viewers ----------------------------------------------------------------------------------

PUBLIC = Viewer("citizen", clearance="公开数据")
INTERNAL = Viewer("clerk", clearance="内部数据")


async def test_nobody_finds_what_he_may_not_see(index: SearchIndex) -> None:
    request = Request(parse("目录条目", MAPPING.typed), facets=FACETS, page=Page(100))
    for viewer, entries_seen in ((PUBLIC, 2), (INTERNAL, 5), (None, 9)):
        page = await index.search(request, viewer=viewer)
        everything = await index.search(Request(facets=FACETS, page=Page(100)), viewer=viewer)
        seen = [h for h in everything.hits if h.id.startswith("entry:")]
        assert len(seen) == entries_seen
        assert sum(counts(everything, "sharingType").values()) == entries_seen
        assert page.total == len(page.hits)
    hidden = await index.search(Request(parse("婚姻登记信息", MAPPING.typed)), viewer=INTERNAL)
    assert "entry:hy" not in {h.id for h in hidden.hits}


async def test_suggestions_and_ids_are_hidden_as_well(index: SearchIndex) -> None:
    assert await index.suggest("婚姻登", viewer=INTERNAL) == ()
    page = await index.search(Request(FieldIs("id", "entry:hy")), viewer=PUBLIC)
    assert page.total == 0
    misspelt = await index.search(Request(Words("婚因登记信息")), viewer=PUBLIC)
    assert "婚姻登记" not in (misspelt.suggestion or "")


async def test_a_neighbour_lends_its_name_only_to_those_who_may_see_it(index: SearchIndex) -> None:
    """entry:sbjf is internal, one of its items sensitive: its name does not show there."""
    assert "entry:sbjf" not in await found(index, "信息项:公民身份号码")
    assert "entry:rk" in await found(index, "信息项:公民身份号码")
