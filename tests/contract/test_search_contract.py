"""What every search index does alike. An engine joins by a line in ENGINES."""

# ruff: noqa: E501  (rows of what is typed and what is found)

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "search"))

import small_ledger

from ontology.errors import CatalogError, InvalidInput, LimitExceeded
from ontology.resource import ResourceId
from ontology.viewer import Viewer
from search.document import SearchDocument
from search.index import Hit, Order, Page, Request, SearchIndex, SearchPage
from search.mapping import SearchMapping, derive
from search.open import open_index
from search.parse import parse
from search.query import ALL, Exists, FieldIs, Not, OneOf, Or, Range, Words, conjunction
from search.text import lexicon

ENGINES: dict[str, Callable[[Path], SearchIndex]] = {
    "tantivy": lambda folder: open_index(f"tantivy://{folder}/search"),
}
MAPPING = derive(small_ledger.ONTOLOGY)
WORDS = lexicon(small_ledger.names())
FACETS = ("type", "department", "sharingType", "securityLevel", "format")
Open = Callable[[], SearchIndex]


@pytest.fixture(params=sorted(ENGINES))
def open_here(request: pytest.FixtureRequest, tmp_path: Path) -> Open:
    """Opens the same stored index each time: another process would do just that."""
    return lambda: ENGINES[request.param](tmp_path)


@pytest.fixture
async def empty(open_here: Open) -> AsyncIterator[SearchIndex]:
    index = open_here()
    await index.ensure(MAPPING, WORDS)
    yield index
    await index.close()


@pytest.fixture
async def index(empty: SearchIndex) -> SearchIndex:
    """The small ledger, as of commit 7."""
    await empty.put(small_ledger.documents(MAPPING), upto=7)
    return empty


def docs(*rows: small_ledger.Row, first: int = 1) -> list[SearchDocument]:
    """Documents of rows, numbered from `first`."""
    return small_ledger.documents(MAPPING, rows, first)


def entry(id: str, title: str, **attributes: object) -> small_ledger.Row:
    return (f"entry:{id}", "InformationResource", {"title": title, **attributes}, {})


def entries(count: int, title: str = "人口台账", **attributes: object) -> list[SearchDocument]:
    rows = [
        entry(f"{n:04}", f"{title}{n:04}", recordCount=n % 7, **attributes) for n in range(count)
    ]
    return small_ledger.documents(MAPPING, rows)


async def ask(index: SearchIndex, text: str, **more: object) -> SearchPage:
    return await index.search(Request(parse(text, MAPPING.typed), **more))  # type: ignore[arg-type]


async def found(index: SearchIndex, text: str, **more: object) -> list[str]:
    return [hit.id for hit in (await ask(index, text, **more)).hits]


async def listed(index: SearchIndex, where: object, **more: object) -> set[str]:
    page = await index.search(Request(where=where, page=Page(200), **more))  # type: ignore[arg-type]
    assert page.total == len(page.hits)
    return {hit.id for hit in page.hits}


async def walk(
    index: SearchIndex, request: Request, between: Callable[[int], object] | None = None
) -> list[Hit]:
    """All pages of a request, with something happening between them."""
    hits: list[Hit] = []
    after: str | None = None
    while True:
        page = await index.search(
            Request(
                request.query,
                request.where,
                order=request.order,
                page=Page(request.page.size, after),
            )
        )
        hits += page.hits
        if page.after is None:
            return hits
        after = page.after
        if between is not None:
            await between(len(hits))  # type: ignore[misc]


def counts(page: SearchPage, facet: str) -> dict[str, int]:
    return {v.value: v.count for f in page.facets if f.name == facet for v in f.values}


# --- beginning, position, removal -----------------------------------------------------------


async def test_an_empty_index_answers(empty: SearchIndex) -> None:
    page = await ask(empty, "社保", facets=FACETS)
    assert (page.total, page.hits, page.after, page.position) == (0, (), None, 0)
    assert [f.values for f in page.facets] == [()] * len(FACETS)
    assert await empty.position() == 0
    assert await empty.count() == 0
    assert await empty.suggest("社") == ()
    assert await empty.stored() == []


async def test_before_ensure_it_says_so(open_here: Open) -> None:
    with pytest.raises(CatalogError):
        await open_here().search(Request())


async def test_documents_and_position_move_together(empty: SearchIndex) -> None:
    await empty.put(docs(entry("a", "人口")), upto=3)
    assert (await ask(empty, "人口")).position == 3
    await empty.put((), upto=9)
    assert await empty.position() == 9
    assert await found(empty, "人口") == ["entry:a"]


async def test_the_position_is_no_document(index: SearchIndex) -> None:
    assert await index.count() == len(small_ledger.LEDGER)
    assert (await ask(index, "")).total == len(small_ledger.LEDGER)
    assert (await ask(index, "position")).total == 0


async def test_a_document_put_again_replaces_the_old_one(empty: SearchIndex) -> None:
    await empty.put(docs(entry("a", "户籍登记")), upto=1)
    await empty.put(docs(entry("a", "婚姻登记")), upto=2)
    assert await empty.count() == 1
    assert (await ask(empty, "户籍")).total == 0
    assert await found(empty, "婚姻") == ["entry:a"]


async def test_twice_in_one_batch_the_last_counts(empty: SearchIndex) -> None:
    await empty.put([*docs(entry("a", "户籍登记")), *docs(entry("a", "婚姻登记"))], upto=1)
    assert await empty.count() == 1
    assert await found(empty, "登记") == ["entry:a"]
    assert await found(empty, "婚姻") == ["entry:a"]


async def test_delete(index: SearchIndex) -> None:
    await index.delete([ResourceId("entry:sbjf"), ResourceId("entry:unknown")], upto=8)
    assert "entry:sbjf" not in await found(index, "社保 缴费")
    assert await index.position() == 8
    assert await index.count() == len(small_ledger.LEDGER) - 1


async def test_delete_and_put_in_one_step(index: SearchIndex) -> None:
    fresh = docs(entry("new", "社保缴费清册"), first=90)
    await index.put(fresh, upto=9, deleted=[ResourceId("entry:sbjf")])
    assert (await found(index, "社保缴费"))[0] == "entry:new"
    assert "entry:sbjf" not in await found(index, "社保缴费")


async def test_deleted_and_put_again_in_one_step_is_there(index: SearchIndex) -> None:
    fresh = docs(entry("sbjf", "社保缴费清册"), first=90)
    await index.put(fresh, upto=9, deleted=[ResourceId("entry:sbjf")])
    assert await found(index, "清册") == ["entry:sbjf"]


async def test_all_or_nothing(empty: SearchIndex) -> None:
    def broken() -> Iterable[ResourceId]:
        yield ResourceId("entry:a")
        raise RuntimeError("the caller's iterator broke")

    await empty.put(docs(entry("a", "户籍登记")), upto=1)
    with pytest.raises(RuntimeError):
        await empty.put(docs(entry("b", "婚姻登记")), upto=2, deleted=broken())
    assert await empty.position() == 1
    assert await found(empty, "登记") == ["entry:a"]
    await empty.put(docs(entry("c", "失业登记"), first=3), upto=3)
    assert set(await found(empty, "登记")) == {"entry:a", "entry:c"}


async def test_everything_is_there_after_a_restart(open_here: Open) -> None:
    first = open_here()
    await first.ensure(MAPPING, WORDS)
    await first.put(small_ledger.documents(MAPPING), upto=7)
    before = await found(first, "社保 缴费")
    await first.close()
    second = open_here()
    await second.ensure(MAPPING)
    assert await second.position() == 7
    assert await found(second, "社保 缴费") == before
    assert not second.outdated(MAPPING, WORDS)
    await second.close()


async def test_another_process_sees_what_is_put(index: SearchIndex, open_here: Open) -> None:
    reader = open_here()
    await reader.ensure(MAPPING)
    assert await reader.position() == 7
    await index.put(docs(entry("new", "社保缴费清册"), first=90), upto=8)
    assert (await found(reader, "清册"), await reader.position()) == (["entry:new"], 8)
    await reader.close()


async def test_release_lets_another_process_feed(index: SearchIndex, open_here: Open) -> None:
    other = open_here()
    await other.ensure(MAPPING)
    await index.release()
    await other.put(docs(entry("o", "他人所写"), first=90), upto=8)
    await other.release()
    await index.put(docs(entry("i", "自己所写"), first=91), upto=9)
    assert {*await found(other, "所写")} == {"entry:o", "entry:i"}
    await other.close()


async def test_stored_lists_ids_in_order_with_digests(index: SearchIndex) -> None:
    expected = {doc.id: doc.digest for doc in small_ledger.documents(MAPPING)}
    seen: dict[str, str] = {}
    after: ResourceId | None = None
    while batch := await index.stored(after=after, limit=7):
        assert len(batch) <= 7
        seen |= {one.id: one.digest for one in batch}
        after = batch[-1].id
    assert seen == expected
    assert list(seen) == sorted(seen)


# --- words ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("社保缴费", "entry:sbjf"),
        ("人社局", "org:rsj"),
        ("社保参保登记", "entry:sbcb"),
        ("社保核心业务系统", "system:sb"),
        ("身份证号", "element:zjhm"),
        ("公民身份号码", "element:zjhm"),
        ("常住人口信息", "entry:rk"),
        ("高龄津贴", "entry:gljt"),
        ("信用代码", "element:xydm"),
        ("dwd_rk_jbxx", "dataset:kingbase8://rkk.yunlan.example:54321/rkk.dwd.dwd_rk_jbxx"),
        ("hyzk_dm", "field:rk#hyzk_dm"),
        ("qyJbxx", "dataset:mysql://qydj.yunlan.example:3306/qydj.t_qyjbxx"),
        ("entry:rk", "entry:rk"),
        ("dataset:mysql://qydj.yunlan.example:3306/qydj.t_qyjbxx", "dataset:mysql://qydj.yunlan.example:3306/qydj.t_qyjbxx"),
        ("3012003/000007", "entry:sbjf"),
        ("ＳＨＥ　社保缴费"[4:], "entry:sbjf"),
        ("空气质量", "entry:kq"),
        ("空氣質量", "entry:kq"),
        ("監管局", "org:scj"),
    ],
)  # fmt: skip
async def test_finds_first(index: SearchIndex, text: str, first: str) -> None:
    assert (await found(index, text))[0] == first


async def test_all_words_are_required_across_fields(index: SearchIndex) -> None:
    page = await ask(index, "人社局 缴费金额")
    assert [h.id for h in page.hits] == ["entry:sbjf"]
    assert not page.relaxed


async def test_names_around_a_resource_find_it(index: SearchIndex) -> None:
    assert "entry:sbjf" in await found(index, "缴费金额")  # its item
    assert "entry:rk" in await found(index, "户政管理系统")  # its system
    assert "entry:gljt" in await found(index, "民政局")  # the short name of its department
    assert "entry:rk" in await found(index, "人才购房资格")  # the matter that needs it
    assert "entry:rk" in await found(index, "身份证号")  # a synonym of its item's element
    assert "matter:qysl" in await found(index, "法人基本信息")  # backwards: what a matter needs


async def test_without_all_words_some_will_do_and_it_says_so(index: SearchIndex) -> None:
    page = await ask(index, "社保 缴费 火星")
    assert page.relaxed
    assert page.hits[0].id == "entry:sbjf"
    assert page.total == len(page.hits)
    strict = await ask(index, "社保 缴费")
    assert not strict.relaxed


async def test_relaxed_pages_go_on_relaxed(empty: SearchIndex) -> None:
    await empty.put(entries(30), upto=1)
    request = Request(Words("人口 台账 火星"), page=Page(7))
    hits = await walk(empty, request)
    assert len({h.id for h in hits}) == len(hits) == 30


async def test_what_is_required_is_not_relaxed(index: SearchIndex) -> None:
    assert (await ask(index, '"社保缴费" "火星"')).total == 0
    assert (await ask(index, "社保 部门:火星局")).total == 0


async def test_phrase(index: SearchIndex) -> None:
    assert "entry:sbjf" in await found(index, '"社保缴费"')
    assert (await ask(index, '"缴费社保"')).total == 0
    assert (await ask(index, '"登记基本" 类型:目录条目')).total == 1
    assert (await ask(index, '"市"')).total > 0


async def test_a_phrase_does_not_reach_from_one_value_into_the_next(empty: SearchIndex) -> None:
    await empty.put(docs(entry("a", "人口", keyword=("户籍", "登记"))), upto=1)
    assert (await ask(empty, '"户籍登记"')).total == 0
    assert (await ask(empty, "户籍 登记")).total == 1


async def test_not(index: SearchIndex) -> None:
    assert "entry:gjj" in await found(index, "缴存")
    assert "entry:gjj" not in await found(index, "明细 -公积金")
    everything_else = (await ask(index, "-部门:公安局")).total
    assert everything_else == len(small_ledger.LEDGER) - (await ask(index, "部门:公安局")).total


async def test_either(index: SearchIndex) -> None:
    both = set(await found(index, "婚姻登记信息 | 空气质量"))
    assert {"entry:hy", "entry:kq"} <= both


async def test_words_cut_otherwise_are_found_by_their_characters(empty: SearchIndex) -> None:
    await empty.put(docs(entry("a", "智慧灯杆运维台账")), upto=1)
    for text in ("灯杆", "灯杆运维", "慧灯"):
        assert await found(empty, text) == ["entry:a"], text


async def test_prefix(index: SearchIndex) -> None:
    assert "field:rk#hyzk_dm" in await found(index, "hyz*")
    assert "entry:rk" in await found(index, "常住*")


async def test_a_word_alone_is_required_even_if_it_is_one_character(empty: SearchIndex) -> None:
    await empty.put(docs(entry("a", "用水量"), entry("b", "用电量")), upto=1)
    assert await found(empty, "水") == ["entry:a"]
    assert await found(empty, "电 量") == ["entry:b"]


# --- fields -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("部门:人社局", {"entry:sbjf", "entry:sbcb", "entry:jyb", "system:sb"}),
        ("提供方:人力资源", {"entry:sbjf", "entry:sbcb", "entry:jyb"}),
        ("department:org:gjj", {"entry:gjj"}),
        ("共享类型:不共享", set()),
        ("sharing:无条件共享", {"entry:sbcb", "entry:qy", "entry:kq"}),
        ("开放类型:普遍开放", {"entry:qy", "entry:kq"}),
        ("更新周期:每天", {"entry:rk", "entry:qy", "entry:hy", "entry:kq"}),
        ("类型:部门", {"org:rsj", "org:gaj", "org:mzj", "org:scj", "org:gjj"}),
        ("类型:CatalogEntry 津贴 -人口", {"entry:gljt"}),
        ("type:目录条目 格式类型:JSON", {"entry:kq"}),
        ("名称:婚姻 类型:目录条目", {"entry:hy"}),
        ("名称:人口基本信息", {"entry:rk", "dataset:kingbase8://rkk.yunlan.example:54321/rkk.dwd.dwd_rk_jbxx"}),
        ("信息项:缴费金额", {"entry:sbjf"}),
        ("记录数:>=900000", {"entry:rk", "entry:sbcb"}),
        ("记录数:>910000", {"entry:rk"}),
        ("记录数:12400..31000", {"entry:jyb", "entry:gljt"}),
        ("存储量:<1000", {"entry:sbjf"}),
        ("发布日期:2024", {"entry:rk", "entry:sbjf", "entry:gjj"}),
        ("发布日期:2024-05", {"entry:sbjf"}),
        ("发布日期:<2024", {"entry:sbcb", "entry:qy"}),
        ("发布日期:>2024-03-01", {"entry:sbjf"}),
        ("发布日期:>=2024-03-01", {"entry:rk", "entry:sbjf"}),
        ("发布日期:2023..2024-01-31", {"entry:sbcb", "entry:gjj"}),
        ("重要数据:true", {"entry:rk"}),
        ("安全等级:>=敏感数据 类型:目录条目", {"entry:rk", "entry:jyb", "entry:hy", "entry:gljt"}),
        ("安全等级:<内部数据 类型:目录条目", {"entry:qy", "entry:kq"}),
        ("存储量:*", {"entry:rk", "entry:sbjf"}),
        ("别名:*", {"entry:rk", "entry:sbjf", "entry:gjj", "entry:qy"}),
        ("记录数:很多", set()),
        ("发布日期:某日", set()),
        ("类型:没有这类", set()),
        ("标识:entry:rk", {"entry:rk"}),
    ],
)  # fmt: skip
async def test_field_and_value(index: SearchIndex, text: str, ids: set[str]) -> None:
    page = await ask(index, text, page=Page(100))
    assert {hit.id for hit in page.hits} == ids
    assert page.total == len(ids)


async def test_personal_attributes_find_nothing(index: SearchIndex) -> None:
    assert (await ask(index, "王某某")).total == 0
    with pytest.raises(InvalidInput):
        await index.search(Request(FieldIs("contactName", "王某某")))


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


# --- highlights, suggestions, did-you-mean ----------------------------------------------------


def marks(hit: Hit) -> dict[str, list[str]]:
    shown: dict[str, list[str]] = {}
    for highlight in hit.highlights:
        shown.setdefault(highlight.field, []).append(highlight.marked("[", "]"))
    return shown


async def test_highlights_show_the_original_text(index: SearchIndex) -> None:
    hit = (await ask(index, "空气质量")).hits[0]
    assert marks(hit)["title"] == ["[空氣質量]日報"]
    hit = (await ask(index, "社保 缴费金额")).hits[0]
    assert marks(hit)["hasItem"] == ["[缴费金额]"]
    assert marks(hit)["keyword"][0] == "[社保]"


async def test_no_highlights_where_none_are_wanted_or_nothing_is_asked(index: SearchIndex) -> None:
    assert (await ask(index, "社保", highlights=False)).hits[0].highlights == ()
    assert (await ask(index, "部门:公安局")).hits[0].highlights == ()


@pytest.mark.parametrize(
    ("prefix", "first"),
    [
        ("社保", "社保缴费信息"),
        ("社", "社保缴费信息"),
        ("人社", "云澜市人力资源和社会保障局"),
        ("sbjf", "社保缴费信息"),
        ("gaoling", "高龄津贴发放名册"),
        ("GLJT", "高龄津贴发放名册"),
        ("身份证", "公民身份号码"),
        ("dwd_rk", "人口基本信息表"),
        ("空气", "空氣質量日報"),
        ("缴存明细", "住房公积金缴存明细"),
    ],
)
async def test_suggests(index: SearchIndex, prefix: str, first: str) -> None:
    assert (await index.suggest(prefix))[0].title == first


async def test_suggestions_are_few_and_each_title_once(index: SearchIndex) -> None:
    titles = [hit.title for hit in await index.suggest("公民身份")]
    assert titles == ["公民身份号码"]
    assert len(await index.suggest("云", limit=3)) == 3


@pytest.mark.parametrize(
    "prefix", ["", "   ", "，", "\0", "火星来客", ".*", "(", "[a", "x" * 10_000]
)
async def test_suggests_nothing_for_nothing(index: SearchIndex, prefix: str) -> None:
    assert await index.suggest(prefix) == ()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("社报缴费", "社保缴费"),  # a homophone
        ("公绩金", "公积金"),
        ("shebao", "社保"),  # pinyin left as typed
        ("高龄津帖发放", "高龄津贴发放"),  # one character
        ("社报缴费 -公积金", "社保缴费 -公积金"),
    ],
)
async def test_did_you_mean(index: SearchIndex, typed: str, meant: str) -> None:
    assert (await ask(index, typed)).suggestion == meant


async def test_no_advice_where_it_is_found_or_nothing_is_like_it(index: SearchIndex) -> None:
    assert (await ask(index, "社保缴费")).suggestion is None
    assert (await ask(index, "火星殖民")).suggestion is None


# --- what people (and attackers) put in ---------------------------------------------------------

ODD = [
    "*", "?", "+", "-", "!", "(", ")", "[", "]", "{", "}", "^", '"', "~", ":", "\\", "/", "|", "&&",
    "a AND OR NOT", "title:[a TO z]", "(((", "\"\"\"", "社保~2", "社保^9", "社?保", "\\u0000", "\0",
    "<script>alert(1)</script>", "'; DROP TABLE t; --", "${jndi:ldap://x}", "{{7*7}}", "%s%n", "..",
    "🏛️", "👨‍👩‍👧", "\u202e社保", "\ufeff社保", "\ud83d社保", "\udfff", "Ω≈ç√", "हिन्दी", "العربية", "가나다",
    "名称:", ":名称", "名称:\"", "名称:*:*", "记录数:1..", "记录数:..", "记录数:>=", "发布日期:9999-99-99",
    "记录数:>99999999999999999999999999", "重要数据:maybe", "id:" + "x" * 70_000, "a " * 3_000,
    "社" * 5_000, "-" * 2_000, "(" * 2_000, "¶", "title=人口", "x" * 70_000,
]  # fmt: skip


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
async def test_nothing_typed_breaks_it(index: SearchIndex, text: str) -> None:
    page = await ask(index, text, facets=FACETS)
    assert page.total >= len(page.hits)
    assert isinstance(await index.suggest(text), tuple)


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
async def test_nothing_stored_breaks_it(empty: SearchIndex, text: str) -> None:
    row = entry(
        "odd",
        text or "空",
        altTitle=(text,),
        abstract=text,
        keyword=(text, text),
        format=(text,),
        catalogueCode=(text,),
    )
    odd = small_ledger.documents(MAPPING, [row, entry("plain", "社保缴费")])
    await empty.put(odd, upto=1)
    assert await empty.count() == 2
    assert "entry:plain" in await found(empty, "社保缴费")
    shown = (await ask(empty, "id:entry:odd")).hits[0].title.strip()
    assert shown == (text.strip() or "odd").encode(errors="replace").decode()[:20_000]


async def test_a_huge_text_is_stored_and_found_by_its_beginning(empty: SearchIndex) -> None:
    huge = "排污许可" + "甲乙丙丁" * 2_000_000
    await empty.put(docs(entry("a", "大文本", abstract=huge)), upto=1)
    page = await ask(empty, "排污许可")
    assert [h.id for h in page.hits] == ["entry:a"]
    assert len(page.hits[0].highlights[0].text) < 200


async def test_a_table_with_thousands_of_fields(empty: SearchIndex) -> None:
    fields: list[small_ledger.Row] = [
        (f"field:t#c{n}", "Field", {"comment": f"字段{n}", "physicalName": f"c{n}"}, {})
        for n in range(3_000)
    ]
    table: small_ledger.Row = (
        "dataset:t", "Table", {"comment": "宽表", "physicalName": "t"}, {"hasField": [f[0] for f in fields]},
    )  # fmt: skip
    await empty.put(small_ledger.documents(MAPPING, [*fields, table]), upto=1)
    assert await empty.count() == 3_001
    assert "dataset:t" in await found(empty, "c1999")


async def test_ids_with_odd_characters(empty: SearchIndex) -> None:
    ids = [
        "dataset:pg://h:1/a b#c",
        "dataset:x%23y",
        "entry:中文/（一）",
        "field:a#b=c",
        "org:<x>&\"'",
    ]
    rows: list[small_ledger.Row] = [
        (id, "Region", {"name": f"名{n}"}, {}) for n, id in enumerate(ids)
    ]
    await empty.put(small_ledger.documents(MAPPING, rows), upto=1)
    for id in ids:
        assert await listed(empty, OneOf("id", (id,))) == {id}
    await empty.delete([ResourceId(id) for id in ids[:3]], upto=2)
    assert await listed(empty, ALL) == set(ids[3:])


async def test_unknown_fields_are_refused_with_what_there_is(index: SearchIndex) -> None:
    with pytest.raises(InvalidInput, match="sharingType"):
        await index.search(Request(where=OneOf("nonsense", ("x",))))


async def test_values_beyond_the_index_s_numbers_are_left_out(empty: SearchIndex) -> None:
    rows = [
        entry("a", "甲", recordCount=2**80, storageMB=float("inf")),
        entry("b", "乙", recordCount=-(2**80), storageMB=float("nan"), publishedAt="某日"),
        entry("c", "丙", recordCount=5),
    ]
    await empty.put(small_ledger.documents(MAPPING, rows), upto=1)
    hits = (await empty.search(Request(order=Order("recordCount")))).hits
    assert hits[0].id == "entry:c"
    assert len(hits) == 3


# --- generations --------------------------------------------------------------------------------


def changed() -> SearchMapping:
    """The mapping after the ontology gave abstracts more weight."""
    text = MAPPING.types["InformationResource"]
    data = MAPPING.to_json()
    for kept in data["types"].values():
        if "abstract" in kept["texts"]:
            kept["texts"] = {**kept["texts"], "abstract": 16.0}
    data["bands"] = [16.0, *data["bands"]]
    assert text.texts["abstract"] == 2
    return SearchMapping.from_json(data)


async def test_a_mapping_reads_back_what_it_wrote() -> None:
    assert SearchMapping.from_json(MAPPING.to_json()) == MAPPING
    assert SearchMapping.from_json(MAPPING.to_json()).version == MAPPING.version


async def test_a_new_generation_is_built_beside_the_old(
    index: SearchIndex, open_here: Open
) -> None:
    reader, mapping = open_here(), changed()
    await reader.ensure(mapping)
    assert index.outdated(mapping)
    assert reader.outdated(mapping)
    assert index.outdated(MAPPING, (*WORDS, "新词"))
    built = await index.rebuild(mapping, (*WORDS, "新词"))
    assert await built.position() == 0
    await built.put(small_ledger.documents(mapping)[:10], upto=3)
    assert await built.position() == 3
    assert await index.count() == len(small_ledger.LEDGER)  # the old one answers
    await index.put(docs(entry("late", "迟来的社保缴费"), first=90), upto=8)
    assert "entry:late" in await found(reader, "迟来")  # … and is still fed
    await built.put(small_ledger.documents(mapping)[10:], upto=8)
    await built.publish()
    for one in (index, reader):
        assert await one.count() == len(small_ledger.LEDGER)
        assert await one.position() == 8
        assert not one.outdated(mapping, (*WORDS, "新词"))
        assert one.mapping == mapping
        assert (await found(one, "社保缴费"))[0] == "entry:sbjf"
    await index.put(docs(entry("later", "更迟的条目"), first=91), upto=9)
    assert "entry:later" in await found(reader, "更迟")
    await reader.close()


async def test_a_generation_given_up_leaves_nothing(index: SearchIndex) -> None:
    built = await index.rebuild(changed(), ())
    await built.put([], upto=3)
    await built.discard()
    assert await index.position() == 7
    assert not index.outdated(MAPPING, WORDS)


async def test_one_left_unfinished_by_a_crash_is_in_nobody_s_way(
    index: SearchIndex, open_here: Open
) -> None:
    crashed = await index.rebuild(changed(), ())
    await crashed.put(small_ledger.documents(changed()), upto=3)
    del crashed
    await index.close()
    again = open_here()
    await again.ensure(MAPPING)
    assert await again.position() == 7
    built = await again.rebuild(MAPPING, WORDS)
    await built.put(small_ledger.documents(MAPPING), upto=9)
    await built.publish()
    assert await again.position() == 9
    await again.close()


async def test_new_names_are_found_before_and_after_they_become_words(empty: SearchIndex) -> None:
    await empty.put(docs(entry("a", "云澜通办一件事清单")), upto=1)
    assert await found(empty, "澜通办") == ["entry:a"]
    built = await empty.rebuild(MAPPING, ("澜通办",))
    await built.put(docs(entry("a", "云澜通办一件事清单")), upto=1)
    await built.publish()
    assert await found(empty, "澜通办") == ["entry:a"]


async def test_an_empty_generation_starts_all_over(index: SearchIndex) -> None:
    await (await index.rebuild(MAPPING, WORDS)).publish()
    assert (await index.count(), await index.position()) == (0, 0)
    await index.put(docs(entry("a", "人口")), upto=1)
    assert await found(index, "人口") == ["entry:a"]


# --- at once ------------------------------------------------------------------------------------


async def test_searches_and_writes_at_once(index: SearchIndex) -> None:
    async def write(n: int) -> None:
        await index.put(docs(entry(f"w{n}", f"社保缴费第{n}批"), first=100 + n), upto=100 + n)

    async def read() -> int:
        page = await ask(index, "社保缴费", facets=FACETS)
        assert page.hits[0].id.startswith("entry:")
        assert sum(counts(page, "type").values()) == page.total
        return page.total

    totals = await asyncio.gather(*(read() if n % 2 else write(n) for n in range(24)))
    assert all(t is None or t >= 2 for t in totals)
    assert (await ask(index, "社保缴费")).total >= 14


async def test_put_is_visible_to_the_next_search(index: SearchIndex) -> None:
    for n in range(20):
        await index.put(docs(entry("v", f"可见性检验{n}"), first=90), upto=8 + n)
        assert (await ask(index, "id:entry:v")).hits[0].title == f"可见性检验{n}"
        assert await index.position() == 8 + n
