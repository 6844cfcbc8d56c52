"""What the sharing platform exports: files, topics, APIs, reports, and what supports which
scenario."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ontology.identity import field_id
from samples.city import faults, names
from samples.city.entries import information, tables
from samples.city.lines import Line, link, save
from samples.city.plan import PROVINCE, rows


def write(root: Path) -> None:
    """The register of services and uses below `root`/lists."""
    save(root / "lists" / "2026-01" / "服务与应用登记.jsonl", _services())


def _services() -> Iterator[Line]:
    yield from _files()
    for r in rows("apis.csv"):
        yield from _api(r)
    yield from _reports()
    yield from _scenarios()
    yield _corresponding()
    yield from _topic()


def _topic() -> Iterator[Line]:
    short = "topic jt.gps.taxi"
    namespace, name = names.TOPIC
    yield {
        "id": names.dataset(short),
        "type": "Topic",
        "attributes": {"namespace": namespace, "name": name, "displayName": "出租汽车定位消息"},
        "links": [
            link("hostedIn", names.system("出租车监管系统")),
            *(link("hasField", names.node(f"{short}#{c}")) for c in names.COLUMNS[short]),
        ],
    }
    yield from _fields(short)


def _fields(short: str) -> Iterator[Line]:
    """The columns of a file or a topic, with what they are called in the table behind it."""
    for ordinal, (name, title) in enumerate(names.COLUMNS[short].items(), 1):
        attributes = {"physicalName": name, "displayName": title, "ordinal": ordinal}
        yield {"id": names.node(f"{short}#{name}"), "type": "Field", "attributes": attributes}


def _files() -> Iterator[Line]:
    for short, (namespace, path, title) in names.FILES.items():
        line: dict[str, Any] = {
            "id": names.dataset(f"file {short}"),
            "type": "File",
            "attributes": {
                "namespace": namespace,
                "name": path,
                "displayName": title,
                "path": path,
            },
        }
        told = f"file {short}"
        line["links"] = [link("hasField", names.node(f"{told}#{c}")) for c in names.COLUMNS[told]]
        if short.startswith("kqzlrb"):
            origin = names.dataset("dw.ads.ads_hj_kqzl_rb")
            line["links"] += [
                link("datasetDerivedFrom", origin, rule="按日导出"),
                link("hostedIn", names.system("公共数据开放平台")),
            ]
        yield line
        yield from _fields(told)


def _api(r: Mapping[str, str]) -> Iterator[Line]:
    """An API with its response fields, the table it serves from, the matter that calls it."""
    id = names.dataset(f"api {r['服务编码']}")
    source = names.dataset(r["来源表"])
    columns = r["字段"].split()
    yield {
        "id": id,
        "type": "Api",
        "attributes": {
            "namespace": names.GATEWAY,
            "name": names.api_name(r["服务编码"]),
            "displayName": r["接口名称"],
            "serviceCode": r["服务编码"],
            "serviceMode": [r["服务形式"]],
            "method": r["方法"],
            "path": r["路径"],
        },
        "links": [
            *(link("hasResponseField", field_id(id, c)) for c in columns),
            link("hostedIn", names.system(r["系统"])),
            link("managedBy", names.org(r["提供部门"])),
            link("supportsScenario", _scenario(r["支撑场景"])),
        ],
    }
    yield {"id": source, "links": [link("serves", id)]}
    behind = tables().get(r["来源表"]) or tables()["frk.dwd_fr_jbxx"]  # the view selects from it
    titles = {c.name: c.comment for c in behind.columns}
    for column in columns:
        attributes = {"physicalName": column, "displayName": titles[column]}
        yield {"id": field_id(id, column), "type": "Field", "attributes": attributes}
        yield {
            "id": field_id(source, column),
            "links": [link("serves", field_id(id, column), derivation="identity")],
        }
    if r["支撑事项"]:
        yield {"id": names.matter(r["支撑事项"]), "links": [link("calls", id)]}


def _scenario(name: str) -> str:
    number = [r["场景名称"] for r in rows("scenarios.csv")].index(name) + 1
    return f"scenario:YL-CJ-{number:03d}"


def _reports() -> Iterator[Line]:
    sources = {
        "拥堵指数大屏": ("dw.ads.ads_jt_ydzs", ("ldbh", "tjxs", "ydzs", "yddj"), "拥堵治理"),
        "一网统管态势大屏": (
            "dw.ads.ads_ywtg_ts",
            ("xzqhdm", "zbz", "wjss", "zdyhs", "yjdj"),
            "一网统管态势",
        ),
        "高龄津贴发放看板": ("dw.ads.ads_gl_jt_tj", ("jtdc", "ffny", "rs", "ffje"), "一老一小"),
    }
    for title, (short, columns, scenario) in sources.items():
        code, office = names.REPORTS[title]
        yield {
            "id": f"report:{code}",
            "type": "Report",
            "attributes": {"name": title, "code": code},
            "links": [
                link("reportOn", names.dataset(short)),
                *(link("reportOn", names.node(f"{short}#{c}")) for c in columns),
                link("managedBy", names.org(office)),
                link("supportsScenario", _scenario(scenario)),
            ],
        }


def _corresponding() -> Line:
    """The local entry and the provincial one that it corresponds to (F20)."""
    local = next(e for e in information() if e.title == faults.PROVINCIAL[0])
    return {
        "id": names.entry(local),
        "links": [link("correspondsTo", f"entry:{PROVINCE}/{names.PROVINCIAL_CODE}")],
    }


def _scenarios() -> Iterator[Line]:
    """Which entries and matters support which scenario."""
    entries = {e.title: names.entry(e) for e in information()}
    for n, r in enumerate(rows("scenarios.csv"), 1):
        links = [link("supportsScenario", f"scenario:YL-CJ-{n:03d}")]
        for id in (
            *(entries[title] for title in r["支撑资源"].split()),
            *(names.matter(title) for title in r["相关事项"].split()),
        ):
            yield {"id": id, "links": links}
