"""Golden copies: what the ontology makes of search, and how its ranking does.

The ranking copy holds, for each question an official might ask, the hit that should come
first, where it came, and the top five; `make golden` rewrites it, the diff is reviewed.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
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
    judged, ranks = {}, []
    for text, wanted in WANTED.items():
        page = await index.search(Request(parse(text, mapping.typed), page=Page(20)))
        ids = [hit.id for hit in page.hits]
        rank = ids.index(wanted) + 1 if wanted in ids else None  # type: ignore[arg-type]
        ranks.append(rank)
        judged[text] = {
            "wanted": wanted,
            "rank": rank,
            "relaxed": page.relaxed,
            "first": [f"{hit.title} ({hit.id.partition(':')[0]})" for hit in page.hits[:5]],
        }
    await index.close()
    summary = {
        "questions": len(WANTED),
        "first": sum(rank == 1 for rank in ranks),
        "among five": sum(rank is not None and rank <= 5 for rank in ranks),
        "mean reciprocal rank": round(sum(1 / rank for rank in ranks if rank) / len(ranks), 3),
    }
    text = json.dumps({"summary": summary, "judged": judged}, ensure_ascii=False, indent=1) + "\n"
    assert summary["mean reciprocal rank"] >= 0.9
    agrees(golden / "search_ranking.json", text)


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


@pytest.mark.parametrize("name", ["社保缴费", "人社局", "身份证号"])
def test_the_three_questions_of_the_issue_are_judged(name: str) -> None:
    assert name in WANTED
