"""Golden copies: what the ontology makes of search, and how its ranking does.

The ranking copy holds, for each question an official might ask, the hit that should come
first, where it came, and the top five; `make golden` rewrites it, the diff is reviewed.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import small_ledger

from ontology.load import load_ontology
from search.index import Page, Request
from search.mapping import SearchMapping, derive
from search.parse import parse
from search.tantivy_index import TantivyIndex
from search.text import lexicon

WANTED = {
    "社保缴费": "entry:sbjf",
    "社保": "entry:sbjf",
    "缴费记录": "entry:sbjf",
    "养老保险缴费基数": "entry:sbjf",
    "参保": "entry:sbcb",
    "社会保险": "entry:sbcb",
    "人社局": "org:rsj",
    "人社局 失业": "entry:jyb",
    "人社局的数据": "entry:sbjf",
    "身份证号": "element:zjhm",
    "公民身份号码 人口": "entry:rk",
    "身份证 社保": "entry:sbjf",
    "常住人口": "entry:rk",
    "人口基本信息": "entry:rk",
    "户籍": "entry:rk",
    "公积金": "entry:gjj",
    "公积金中心": "org:gjj",
    "住房公积金缴存": "entry:gjj",
    "企业": "entry:qy",
    "法人": "entry:qy",
    "企业信用代码": "entry:qy",
    "统一社会信用代码": "element:xydm",
    "企业设立": "matter:qysl",
    "结婚": "entry:hy",
    "婚姻登记": "entry:hy",
    "婚姻状况": "element:hyzk",
    "高龄津贴": "entry:gljt",
    "高龄津贴发放": "matter:gljt",
    "老年人补贴金额": "entry:gljt",
    "空气质量": "entry:kq",
    "环保 监测": "entry:kq",
    "户政系统": "system:hz",
    "民政": "org:mzj",
    "人才购房": "matter:gfzg",
    "t_qyjbxx": "dataset:mysql://qydj.yunlan.example:3306/qydj.t_qyjbxx",
    "人口 表": "dataset:kingbase8://rkk.yunlan.example:54321/rkk.dwd.dwd_rk_jbxx",
}


# What officials of 云澜市 should find first: (class, title).
CITY = {
    "社保缴费": ("InformationResource", "社会保险缴费信息"),
    "社保": ("InformationResource", "社会保险缴费信息"),
    "医保": ("InformationResource", "医保结算信息"),
    "人社局": ("Department", "云澜市人力资源和社会保障局"),
    "市场监管局": ("Department", "云澜市市场监督管理局"),
    "数据局": ("Department", "云澜市数据局"),
    "公安局": ("Department", "云澜市公安局"),
    "身份证号": ("DataElement", "公民身份号码"),
    "统一社会信用代码": ("DataElement", "统一社会信用代码"),
    "婚姻状况": ("DataElement", "婚姻状况"),
    "注册资本": ("DataElement", "注册资本"),
    "人口基本信息": ("InformationResource", "人口基本信息"),
    "常住人口": ("InformationResource", "常住人口信息"),
    "企业登记": ("InformationResource", "企业登记基本信息"),
    "高龄津贴": ("InformationResource", "高龄津贴发放信息"),
    "公积金缴存": ("InformationResource", "住房公积金缴存明细信息"),
    "空气质量": ("InformationResource", "环境空气质量监测信息"),
    "排污": ("InformationResource", "排污许可证信息"),
    "网约车": ("InformationResource", "网约车经营许可信息"),
    "不动产抵押": ("InformationResource", "不动产抵押登记信息"),
    "失信": ("InformationResource", "失信惩戒名单信息"),
    "失业保险": ("InformationResource", "失业保险待遇信息"),
    "养老金": ("InformationResource", "养老待遇发放信息"),
    "教师资格": ("InformationResource", "教师资格信息"),
    "驾驶证": ("InformationResource", "机动车驾驶证信息"),
    "危化品": ("InformationResource", "危险化学品企业信息"),
    "公交线路": ("InformationResource", "公交线路站点信息"),
    "出生证明": ("InformationResource", "出生医学证明信息"),
    "疫苗": ("InformationResource", "预防接种信息"),
    "路灯": ("InformationResource", "市政照明设施信息"),
    "药店": ("InformationResource", "定点医药机构信息"),
    "食品经营许可": ("Matter", "食品经营许可"),
    "人才购房": ("Matter", "人才购房资格确认"),
    "营业执照": ("LicenceType", "营业执照"),
    "一老一小": ("Scenario", "一老一小"),
    "12345": ("System", "12345政务服务便民热线平台"),
    "户政": ("System", "户政管理系统"),
    "dwd_rk_jbxx": ("Table", "人口基本信息表"),
    "hz.t_czrkxx": ("Table", "常住人口信息表"),
    "人口 年龄 表": ("Table", "人口年龄结构表"),
    "990100": ("Region", "云澜市"),
    "GB 11643": ("Standard", "公民身份号码"),
    "GB11643": ("Standard", "公民身份号码"),
    "主数据": ("MasterDataEntity", "人口主数据"),
    "大数据局": ("Department", "云澜市数据局"),
    "低保": ("InformationResource", "最低生活保障对象信息"),
    "云澜市人社局": ("Department", "云澜市人力资源和社会保障局"),
    "企业信用代码": ("DataElement", "统一社会信用代码"),
    "社保 接口": ("InformationResource", "社会保险缴费信息"),
    "谁提供社保缴费数据": ("InformationResource", "社会保险缴费信息"),
    "哪个部门有婚姻登记数据": ("InformationResource", "婚姻登记信息"),
    "婚姻登记数据在哪个系统": ("InformationResource", "婚姻登记信息"),
    "类型:字段 公民身份号码": ("Field", "公民身份号码"),
}

# What is offered where nothing has all words.
MEANT = {
    "minzhengju": "民政局",
    "gonganju": "公安局",
    "市监局": "市场监管局",
    "个体户": "个体工商户",
    "五保": None,
    "类型:字段 身份证号": "type:字段 公民身份号码",
}


def agrees(copy: Path, text: str) -> None:
    if os.environ.get("MULU_GOLDEN") == "write":
        copy.write_text(text, encoding="utf-8")
    assert copy.read_text(encoding="utf-8") == text, (
        f"{copy.name} changed: run `make golden` and read the diff"
    )


async def test_golden_ranking(golden: Path, tmp_path: Path) -> None:
    mapping = derive(small_ledger.ONTOLOGY)
    index = TantivyIndex(tmp_path)
    await index.ensure(mapping, lexicon(small_ledger.names()))
    await index.put(small_ledger.documents(mapping), upto=1)
    judged = {}
    for text, wanted in WANTED.items():
        page = await index.search(Request(parse(text, mapping.typed), page=Page(20)))
        judged[text] = {
            "wanted": wanted,
            "rank": _rank([str(hit.id) for hit in page.hits], wanted),
            "relaxed": page.relaxed,
            "first": [f"{hit.title} ({hit.id.partition(':')[0]})" for hit in page.hits[:5]],
        }
    await index.close()
    agrees(golden / "search_ranking.json", _summed(judged))


async def test_golden_ranking_of_the_city(golden: Path, city: Path) -> None:
    mapping = derive(load_ontology())
    index = TantivyIndex(city / "search")
    await index.ensure(mapping)
    judged = {}
    for text, wanted in CITY.items():
        page = await index.search(Request(parse(text, mapping.typed), page=Page(20)))
        scores = [h.score for h in page.hits if (h.type, h.title) == wanted]
        better = sum(h.score > 1.01 * scores[0] for h in page.hits) if scores else None
        rank = None if better is None else better + 1  # near ties share a rank
        judged[text] = {"wanted": " ".join(wanted), "rank": rank, "relaxed": page.relaxed}
    for text, meant in MEANT.items():
        assert (await index.search(Request(parse(text, mapping.typed)))).suggestion == meant, text
    for spelt, title in (("gonganju", "公安局"), ("rsj", "人力资源"), ("renshe", "人力资源")):
        assert title in (await index.suggest(spelt))[0].title
    await index.close()
    assert all(judged[text]["rank"] == 1 for text in ("社保缴费", "人社局", "身份证号"))
    agrees(golden / "search_ranking_city.json", _summed(judged))


def _rank(found: list[Any], wanted: object) -> int | None:
    return found.index(wanted) + 1 if wanted in found else None


def _summed(judged: dict[str, dict[str, Any]]) -> str:
    """Recall and mean reciprocal rank first, then question by question."""
    ranks = [one["rank"] for one in judged.values()]
    summary = {
        "questions": len(ranks),
        "first": ranks.count(1),
        "among five": sum(rank is not None and rank <= 5 for rank in ranks),
        "mean reciprocal rank": round(sum(1 / rank for rank in ranks if rank) / len(ranks), 3),
    }
    assert summary["mean reciprocal rank"] >= 0.9
    lines = [
        f" {json.dumps(text, ensure_ascii=False)}: {json.dumps(one, ensure_ascii=False)}"
        for text, one in judged.items()
    ]
    head = json.dumps(summary, ensure_ascii=False)
    return f'{{"summary": {head},\n"judged": {{\n' + ",\n".join(lines) + "\n}}\n"


def test_golden_mapping(golden: Path) -> None:
    agrees(golden / "search_mapping.md", told(derive(load_ontology())))


def told(mapping: SearchMapping) -> str:
    """The mapping as tables for a reviewer."""
    lines = ["# Search mapping (derived; do not edit)", "", f"Bands: {mapping.bands}", ""]
    lines += [
        "## Fields",
        "",
        "| Field | Form | Looks in | Facet | Sorts | Typed as |",
        "|---|---|---|---|---|---|",
    ]
    for name, f in mapping.fields.items():
        typed = ", ".join(t for t, target in mapping.typed.items() if target == name)
        within = ", ".join(f.within)
        form = f.form.value if f.form else "text"
        lines.append(
            f"| {name} | {form} | {within} | {_yes(f.facet)} | {_yes(f.sortable)} | {typed} |"
        )
    for name, kept in mapping.types.items():
        lines += ["", f"## {kept.label} {name} (prior {kept.prior:g})", ""]
        texts = ", ".join(f"{a} {w:g}" for a, w in kept.texts.items())
        lines += [
            f"Title: {kept.title}. Names: {', '.join(kept.names) or '-'}.",
            f"Texts: {texts}.",
        ]
        for e in kept.embeddings:
            path = " / ".join(
                f"{s.link}{'' if s.way == 'forward' else ' (against)'}" for s in e.path
            )
            facet = f", facet {e.facet}" if e.facet else ""
            lines.append(f"- {path}: {e.field} {e.weight:g}{facet}")
        for path_ in kept.dependants:
            steps = " / ".join(
                f"{s.link}{'' if s.way == 'forward' else ' (against)'}" for s in path_
            )
            lines.append(f"- dependants over {steps}")
    return "\n".join(lines) + "\n"


def _yes(value: bool) -> str:
    return "yes" if value else ""
