"""What every search index finds, and what it makes of what people type."""

# ruff: noqa: E501, F401, F811  (rows of cases; fixtures come by import)

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "search"))

import small_ledger
from search_engines import (
    FACETS,
    MAPPING,
    ask,
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

from ontology.errors import InvalidInput
from ontology.resource import ResourceId
from search.index import Hit, Order, Page, Request, SearchIndex
from search.query import ALL, FieldIs, OneOf, Words

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


# --- highlights, suggestions, did-you-mean ----------------------------------------------------


def marks(hit: Hit) -> dict[str, list[str]]:
    shown: dict[str, list[str]] = {}
    for highlight in hit.highlights:
        text = highlight.text
        for start, end in reversed(highlight.spans):
            text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
        shown.setdefault(highlight.field, []).append(text)
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
