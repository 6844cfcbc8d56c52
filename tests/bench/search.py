"""How fast search is, beside FTS5 on the same texts.

    python tests/bench/search.py [--documents 100000] [--seed 7]

Prints one JSON object. A page: 20 hits with highlights, four facets, the total. The
peer answers less: 20 hits of the same words (bigrams), without facets or highlights.
"""

# ruff: noqa: E501, SIM905  (rows of words)

from __future__ import annotations

import asyncio
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "search")]

import small_ledger

from ontology.resource import Resource, ResourceId
from search.document import SearchDocument, document
from search.index import Order, Page, Request
from search.mapping import SearchMapping, derive
from search.parse import parse
from search.query import OneOf
from search.tantivy_index import TantivyIndex
from search.text import fold, grams, lexicon
from tests.bench.figures import sizes, spread, tell

SUBJECTS = "人口 企业 社保 公积金 医保 婚姻 户籍 车辆 驾驶人 不动产 排污 空气 水质 学校 教师 学生 医院 药品 食品 道路 桥梁 管网 停车 公交 出租车 低保 高龄 残疾人 退役军人 法人 信用 处罚 许可 执法 应急 隐患 危化品 消防 气象 地名 地块 宗地 林地 耕地 农户 商户 税务 发票 预算 采购".split()
ASPECTS = "基本信息 登记信息 缴费记录 变更记录 注销信息 年检结果 监测数据 统计汇总 名册 明细 台账 清单 目录 档案 审批结果 检查记录 投诉记录 发放记录 参保登记 缴存明细".split()
PLACES = "澜东区 澜西区 栖霞湖县 云澜市 开发区 高新区 老城街道 滨湖街道 桥头镇 石泉乡".split()
PARTS = "姓名 公民身份号码 统一社会信用代码 性别 出生日期 联系电话 居住地址 登记日期 有效期 状态 金额 单位名称 法定代表人 行政区划代码 备注 更新时间 经办机构 审批文号 证照编号 数据来源".split()
QUERIES = '社保缴费;企业登记;人口 澜东区;公民身份号码;高龄 发放记录;"排污 许可";医保 -发票;车辆 变更记录 桥头镇;部门:公安局 户籍;身份号;不动产登记信息 云澜市;食品 检查记录;信用代码;公积金 缴存明细 高新区;危化品;教师 名册 栖霞湖县'.split(
    ";"
)
FACETS = ("type", "department", "sharingType", "securityLevel")


def city(count: int, seed: int, mapping: SearchMapping) -> Iterator[SearchDocument]:
    """Entries with items, a department, a system: four fifths items and fields."""
    pick = random.Random(seed)
    departments = [
        Resource(ResourceId(f"org:{n}"), "Department", {"name": f"云澜市{s}局"}, 1, n)
        for n, s in enumerate(SUBJECTS, 1)
    ]
    number = 1_000
    while number < count + 1_000:
        subject, place = pick.choice(SUBJECTS), pick.choice(PLACES)
        title = f"{place}{subject}{pick.choice(ASPECTS)}"
        items = [
            Resource(
                ResourceId(f"infoitem:{number}.{i}"),
                "InformationItem",
                {"name": name},
                1,
                number + i,
            )
            for i, name in enumerate(pick.sample(PARTS, 9), 1)
        ]
        entry = Resource(
            ResourceId(f"entry:990100/{number:08}"),
            "InformationResource" if pick.random() < 0.75 else "DataResource",
            {
                "title": title,
                "abstract": f"{place}{subject}的{'、'.join(pick.sample(PARTS, 5))}，由{subject}主管部门按{pick.choice(['日', '月', '年'])}更新。",
                "keyword": (subject, pick.choice(SUBJECTS)),
                "sharingType": pick.choice(["无条件共享", "有条件共享", "不予共享"]),
                "openingType": pick.choice(["无条件开放", "有条件开放", "不予开放"]),
                "securityLevel": pick.choice(["公开数据", "内部数据", "敏感数据"]),
                "updateCycle": pick.choice(["实时", "每日", "每月", "每年"]),
                "format": (pick.choice(["CSV", "数据库", "接口"]),),
                "recordCount": pick.randrange(10_000_000),
                "publishedAt": f"20{pick.randrange(15, 27)}-0{pick.randrange(1, 10)}-1{pick.randrange(10)}",
            },
            1,
            number,
        )
        embeddings = mapping.types[entry.type].embeddings
        paths = {e.field: e.path for e in embeddings}
        yield document(
            entry,
            {paths["hasItem"]: items, paths["providedBy"]: [pick.choice(departments)]},
            mapping,
        )
        for item in items:
            yield document(item, {}, mapping)
        number += 10


async def timed(times: int, work: Callable[[int], Awaitable[object]]) -> dict[str, float]:
    samples = []
    for i in range(times):
        start = time.perf_counter()
        await work(i)
        samples.append(1_000 * (time.perf_counter() - start))
    return spread(samples)


async def measure(folder: Path, count: int, seed: int) -> dict[str, object]:
    mapping = derive(small_ledger.ONTOLOGY)
    index = TantivyIndex(folder / "search")
    await index.ensure(mapping, lexicon([*SUBJECTS, *PLACES, *PARTS]))
    start = time.perf_counter()
    docs = list(city(count, seed, mapping))
    made = time.perf_counter() - start
    start = time.perf_counter()
    for at in range(0, len(docs), 10_000):
        await index.put(docs[at : at + 10_000], upto=at)
    put = time.perf_counter() - start
    await index.release()
    size = sum(f.stat().st_size for f in (folder / "search").rglob("*") if f.is_file())
    requests = [Request(parse(text, mapping.typed), facets=FACETS) for text in QUERIES]
    totals = {
        text: (await index.search(r)).total for text, r in zip(QUERIES, requests, strict=True)
    }
    chosen = [
        Request(
            r.query,
            facets=FACETS,
            selected={"sharingType": ("有条件共享", "不予共享"), "securityLevel": ("内部数据",)},
        )
        for r in requests
    ]
    listing = Request(
        where=OneOf("type", ("InformationResource",)),
        order=Order("recordCount", descending=True),
        page=Page(50),
        highlights=False,
    )
    deep = [listing]
    for _ in range(40):
        page = await index.search(deep[-1])
        deep.append(
            Request(
                where=listing.where,
                order=listing.order,
                page=Page(50, page.after),
                highlights=False,
            )
        )

    async def edit(i: int) -> None:
        await index.put([docs[i * 10]], upto=i)

    async def edit_and_release(i: int) -> None:
        await index.put([docs[i * 10]], upto=i)
        await index.release()

    async def sixteen(i: int) -> None:
        await asyncio.gather(*(index.search(requests[(i + j) % len(requests)]) for j in range(16)))

    result = {
        "documents": len(docs),
        "index_mb": round(size / 1e6, 1),
        "documents_made_per_s": round(len(docs) / made),
        "put_per_s": round(len(docs) / put),
        "page_ms": await timed(320, lambda i: index.search(requests[i % len(requests)])),
        "page_with_choices_ms": await timed(160, lambda i: index.search(chosen[i % len(chosen)])),
        "sixteen_pages_at_once_ms": await timed(20, sixteen),
        "typed_page_of_50_ms": await timed(80, lambda i: index.search(deep[0])),
        "typed_page_40_deep_ms": await timed(80, lambda i: index.search(deep[-1])),
        "all_ms": await timed(80, lambda i: index.search(Request(facets=FACETS))),
        "suggest_ms": await timed(
            160, lambda i: index.suggest(("社", "社保", "sb", "gongmin", "澜东区人")[i % 5])
        ),
        "nothing_found_ms": await timed(
            40,
            lambda i: index.search(Request(parse("社报缴废 qqqq", mapping.typed), facets=FACETS)),
        ),
        "edit_visible_ms": await timed(100, edit),
        "edit_visible_then_release_ms": await timed(60, edit_and_release),
        "page_after_edits_ms": await timed(
            320, lambda i: index.search(requests[i % len(requests)])
        ),
        "totals": totals,
    }
    await index.close()
    return result


def peer(folder: Path, docs: list[SearchDocument]) -> dict[str, object]:
    """FTS5 over bigrams, best first by bm25, 20 rows."""
    base = sqlite3.connect(folder / "fts.db")
    base.execute(
        "CREATE VIRTUAL TABLE t USING fts5(id UNINDEXED, title, body, tokenize='unicode61')"
    )
    start = time.perf_counter()
    rows = (
        (
            d.id,
            " ".join(grams(fold(d.title))),
            " ".join(" ".join(grams(fold(p.text))) for p in d.passages),
        )
        for d in docs
    )
    base.executemany("INSERT INTO t VALUES (?,?,?)", rows)
    base.commit()
    put = time.perf_counter() - start
    samples = []
    for i in range(160):
        words = [
            w.strip('"') for w in QUERIES[i % len(QUERIES)].split() if w[0] != "-" and ":" not in w
        ]
        match = " AND ".join(
            '"' + " ".join(g for g in grams(fold(w)) if len(g) > 1) + '"' for w in words
        )
        start = time.perf_counter()
        base.execute(
            "SELECT id, bm25(t, 0, 8, 1) s FROM t WHERE t MATCH ? ORDER BY s LIMIT 20", (match,)
        ).fetchall()
        samples.append(1_000 * (time.perf_counter() - start))
    return {"put_per_s": round(len(docs) / put), "hits_only_ms": spread(samples)}


def main() -> None:
    asked = sizes(__doc__, documents=100_000, seed=7).parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours = asyncio.run(measure(folder, asked.documents, asked.seed))
        docs = list(city(asked.documents, asked.seed, derive(small_ledger.ONTOLOGY)))
        tell({"search": ours, "fts5": peer(folder, docs)})


if __name__ == "__main__":
    main()
