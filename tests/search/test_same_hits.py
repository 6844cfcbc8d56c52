"""Elasticsearch and tantivy answer alike: over the sample city, and over the 940 datasets of a
real portal.

Hits, totals, facet counts, advice and suggestions are equal. The order may differ among near
ties; how much is a golden copy: the share of the first ten that both have.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from search_engines import where
from test_search_golden import CITY, agrees

from graph.open import open_store
from graph.store import GraphStore
from ingest.pipeline import ingest
from ingest.projector import Projector
from ingest.registry import open_source
from ingest.source import Options
from ontology.load import load_ontology
from ontology.viewer import Viewer
from search.index import Order, Page, Request, SearchIndex, SearchPage
from search.mapping import derive
from search.open import open_index
from search.parse import parse

ONTOLOGY = load_ontology()
MAPPING = derive(ONTOLOGY)
FACETS = ("type", "department", "sharingType", "securityLevel", "format", "updateCycle")
CLERK = Viewer("clerk", clearance="内部数据")

CITY_QUERIES = (
    *CITY,
    *("人口 基本信息", "社报缴费", "shebao", '"登记信息"', "医保 -结算", "部门:公安局 户籍"),
    *("信息项:姓名", "类型:目录条目 更新周期:每天", "安全等级:>=敏感数据", "hz*", "人口 火星 登记"),
    *("公民身份号码 | 统一社会信用代码", "", "发布日期:>=2024", "企业 信用 处罚", "数据"),
)
PORTAL_QUERIES = (
    *("道路", "橋梁", "空气质量", "地震", "人口统计", "預算", "医院", "公車", "農業 補助", "水質"),
    *(
        "格式类型:CSV",
        "更新周期:每月",
        "登山 步道",
        "道路 封闭",
        "统计 资料",
        "旅遊景點",
        "",
        "kml",
    ),
    *("學校 名單", "水庫", "开放数据 火星", "政府採購", '"空氣品質"', "气象 -雨量"),
)
PREFIXES = ("社", "人口", "sbjf", "gongan", "登记", "云澜市", "dwd_", "信息")


async def both(store: GraphStore, elastic: str, folder: Path) -> tuple[SearchIndex, SearchIndex]:
    """The same ledger in both indexes, with the same words."""
    made = []
    for url in (f"tantivy://{folder}/fresh", elastic):
        index = open_index(url)
        await index.ensure(MAPPING)
        await Projector(store, index, MAPPING).rebuild()
        made.append(index)
    return made[0], made[1]


def facets(page: SearchPage) -> list[Any]:
    return [(f.name, {v.value: v.count for v in f.values}, f.others) for f in page.facets]


async def compared(one: SearchIndex, other: SearchIndex, queries: Sequence[str]) -> dict[str, Any]:
    """Per query: how many hits, and which share of the first ten both have."""
    shares: dict[str, Any] = {}
    for text in queries:
        query = parse(text, MAPPING.typed)
        request = Request(query, facets=FACETS, page=Page(1_000), facet_size=1_000)
        for viewer in (None, CLERK):
            a = await one.search(request, viewer=viewer)
            b = await other.search(request, viewer=viewer)
            assert (a.total, a.relaxed, a.suggestion) == (b.total, b.relaxed, b.suggestion), text
            assert facets(a) == facets(b), text
            if a.total <= 1_000:
                assert {h.id: h.highlights for h in a.hits} == {h.id: h.highlights for h in b.hits}
        a, b = await one.search(request), await other.search(request)
        first = [{hit.id for hit in page.hits[:10]} for page in (a, b)]
        share = len(first[0] & first[1]) / len(first[0]) if first[0] else 1.0
        shares[text] = {"total": a.total, "share": round(share, 2)}
    return shares


async def alike(one: SearchIndex, other: SearchIndex) -> None:
    """Where an order is asked for, it is the same to the last place, page by page; under
    choices too."""
    for order in (None, Order("title"), Order("updateCycle", descending=True)):
        pages = [
            [hit.id for hit in (await index.search(Request(order=order, page=Page(300)))).hits]
            for index in (one, other)
        ]
        assert pages[0] == pages[1], order
    chosen = {"sharingType": ("无条件共享",), "format": ("数据库", "CSV")}
    request = Request(facets=FACETS, selected=chosen, page=Page(500), facet_size=1_000)
    a, b = await one.search(request), await other.search(request)
    assert (a.total, facets(a)) == (b.total, facets(b))
    for prefix in PREFIXES:
        suggested = [
            {hit.title for hit in await index.suggest(prefix, limit=3)} for index in (one, other)
        ]
        assert bool(suggested[0]) == bool(suggested[1]), prefix


def summed(shares: dict[str, Any]) -> str:
    mean = sum(one["share"] for one in shares.values()) / len(shares)
    assert mean >= 0.95
    assert min(one["share"] for one in shares.values()) >= 0.8
    found = {"mean_share_of_first_ten": round(mean, 3), "queries": shares}
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


@pytest.fixture
def elastic(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    yield from where("elastic", request, tmp_path)


async def test_golden_same_hits_in_the_city(
    golden: Path, city: Path, elastic: str, tmp_path: Path
) -> None:
    shutil.copy(city / "ledger.db", tmp_path / "ledger.db")
    store = open_store(f"sqlite:///{tmp_path / 'ledger.db'}")
    await store.ensure(ONTOLOGY)
    one, other = await both(store, elastic, tmp_path)
    assert await one.count() == await other.count() > 5_000
    shares = await compared(one, other, CITY_QUERIES)
    await alike(one, other)
    for opened in (one, other, store):
        await opened.close()
    agrees(golden / "search_same_hits_city.json", summed(shares))


async def test_golden_same_hits_in_a_portal(
    golden: Path, shared_data: Path, elastic: str, tmp_path: Path
) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'ledger.db'}")
    await store.ensure(ONTOLOGY)
    folder = shared_data / "open_data_catalogs"
    source = open_source("catalogue", str(folder), Options(), ONTOLOGY)
    await ingest(store, ONTOLOGY, source, actor="tester")
    one, other = await both(store, elastic, tmp_path)
    assert await one.count() == await other.count() > 940
    shares = await compared(one, other, PORTAL_QUERIES)
    await alike(one, other)
    for opened in (one, other, store):
        await opened.close()
    agrees(golden / "search_same_hits_portal.json", summed(shares))
