"""What the data platform exports of itself in the ledger's own form: foreign tables, services,
which columns follow which element, host names that mean one host."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from ontology.identity import dataset_id, field_id
from ontology.resource import ResourceId
from samples.city import faults, ledger, names
from samples.city.entries import information, tables
from samples.city.items import element_of
from samples.city.plan import PROVINCE, elements, rows
from samples.city.tables import Table, bases, planned

Line = Mapping[str, Any]

FILE_COLUMNS = {
    "qsxx": ("nsrsbh", "nsrmc", "sz", "qsje", "qsqj", "ggrq"),
    "kqz": ("zdbh", "zdmc", "jcsj", "so2", "no2", "pm10", "pm25", "co", "o3"),
}
TOPIC_COLUMNS = ("hphm", "clsbdh", "dwsj", "jd", "wd", "sssd", "xsfx", "zkzt", "zdbh")


def write(root: Path) -> None:
    """All exports below `root`/lists."""
    for delivery in ("2024-01", "2025-01"):
        _save(root / "lists" / delivery / "外部表对照.jsonl", _foreign(delivery))
    _save(root / "lists" / "2025-01" / "主机别名.jsonl", _hosts())
    _bindings(root)
    _save(root / "lists" / "2026-01" / "服务与应用登记.jsonl", _services())
    _save(root / "lists" / "2026-01" / "字段贯标清单.jsonl", _standards())
    _save(root / "lists" / "2026-01" / "一数一源清单.jsonl", _authorities())


def _save(path: Path, lines: Iterable[Line]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    path.write_text(text, encoding="utf-8", newline="\n")


def _alias(seen: ResourceId, real: ResourceId, columns: Iterable[str]) -> Iterator[Line]:
    """A second name of a dataset, and of its fields."""
    yield {"alias": seen, "of": real}
    for column in columns:
        yield {"alias": field_id(seen, column), "of": field_id(real, column)}


def _foreign(delivery: str) -> Iterator[Line]:
    """Foreign tables: a name in a database for a file or a topic."""
    if delivery == "2024-01":
        seen = _seen("dw", "ods", "ft_sw_qsxx")
        yield from _alias(seen, names.dataset("file qsxx"), FILE_COLUMNS["qsxx"])
    if delivery == "2025-01":
        seen = _seen("dw", "ods", "ft_hj_kqz")
        yield from _alias(seen, names.dataset("file kqz"), FILE_COLUMNS["kqz"])
        seen = dataset_id(bases()["jt"].namespace, "ods_jt.gps_taxi_kafka")
        yield from _alias(seen, names.dataset("topic jt.gps.taxi"), TOPIC_COLUMNS)


def _seen(base: str, schema: str, table: str) -> ResourceId:
    own = bases()[base]
    return dataset_id(own.namespace, f"{own.database}.{schema}.{table}")


SCHEMAS = {
    "dw1": ("hz", "hydj", "cszm", "qydj", "sjcf", "sb", "gjj", "yb", "bdc", "jycy", "rkk", "frk"),
    "dw2": ("rkk", "frk", "dws_jt"),
    "dw3": ("szcg", "wg", "yh", "zwfw", "rx12345", "frk"),
    "rkk": ("ods", "hz"),
    "frk": ("ods",),
}
"""Schemas of a folder of jobs that stand for another database (foreign data wrappers)."""


def _bindings(root: Path) -> None:
    """bindings.yaml beside the jobs: where the foreign schemas live."""
    for folder, schemas in SCHEMAS.items():
        told = {schema: _home(schema) for schema in schemas}
        text = yaml.safe_dump({"schemas": told}, allow_unicode=True, sort_keys=False)
        path = root / "sql" / folder / "bindings.yaml"
        head = "# 外部模式指向的库 (where foreign schemas live)\n"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(head + text, encoding="utf-8", newline="\n")


def _home(schema: str) -> dict[str, str]:
    own = {"ods": "dw", "dws_jt": "jt"}.get(schema, schema)
    base = next(t.base for t in tables().values() if t.base.short == own)
    home = {"namespace": base.namespace, "database": base.database, "schema": base.schema}
    if schema == "dws_jt":
        home["database"] = schema
    return {key: value for key, value in home.items() if value}


def _hosts() -> Iterator[Line]:
    """F17: the virtual host of the middle platform, and Kingbase reached by a PostgreSQL driver."""
    for short, namespace in (
        ("dw.ods.ods_ga_czrk_d", "postgres://dw-vip.yunlan.example:5432"),
        ("rkk.dwd_rk_jbxx", "postgres://rkk.yunlan.example:54321"),
    ):
        table = tables()[short]
        seen = dataset_id(namespace, table.dataset[1])
        yield from _alias(seen, names.dataset(short), (c.name for c in table.columns))


def _link(kind: str, target: str, **properties: str) -> Line:
    return {"type": kind, "target": target} | ({"properties": properties} if properties else {})


def _services() -> Iterator[Line]:
    yield from _files()
    for r in rows("apis.csv"):
        yield from _api(r)
    yield from _reports()
    yield from _scenarios()
    yield _corresponding()
    yield {
        "id": names.dataset("topic jt.gps.taxi"),
        "type": "Topic",
        "attributes": {
            "namespace": names.TOPIC[0],
            "name": names.TOPIC[1],
            "displayName": "出租汽车定位消息",
        },
        "links": [_link("hostedIn", names.system("出租车监管系统"))],
    }


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
        if short.startswith("kqzlrb"):
            origin = names.dataset("dw.ads.ads_hj_kqzl_rb")
            line["links"] = [
                _link("datasetDerivedFrom", origin, rule="按日导出"),
                _link("hostedIn", names.system("公共数据开放平台")),
            ]
        yield line


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
            *(_link("hasResponseField", field_id(id, c)) for c in columns),
            _link("hostedIn", names.system(r["系统"])),
            _link("managedBy", names.org(r["提供部门"])),
            _link("supportsScenario", _scenario(r["支撑场景"])),
        ],
    }
    yield {"id": source, "links": [_link("serves", id)]}
    for column in columns:
        yield {"id": field_id(id, column), "type": "Field", "attributes": {"physicalName": column}}
        yield {
            "id": field_id(source, column),
            "links": [_link("serves", field_id(id, column), derivation="identity")],
        }
    if r["支撑事项"]:
        yield {"id": names.matter(r["支撑事项"]), "links": [_link("calls", id)]}


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
                _link("reportOn", names.dataset(short)),
                *(_link("reportOn", names.node(f"{short}#{c}")) for c in columns),
                _link("managedBy", names.org(office)),
                _link("supportsScenario", _scenario(scenario)),
            ],
        }


def _corresponding() -> Line:
    """The local entry and the provincial one that it corresponds to (F20)."""
    local = next(e for e in information() if e.title == faults.PROVINCIAL[0])
    return {
        "id": names.entry(local),
        "links": [_link("correspondsTo", f"entry:{PROVINCE}/{names.PROVINCIAL_CODE}")],
    }


def _scenarios() -> Iterator[Line]:
    """Which entries and matters support which scenario."""
    entries = {e.title: names.entry(e) for e in information()}
    for n, r in enumerate(rows("scenarios.csv"), 1):
        link = _link("supportsScenario", f"scenario:YL-CJ-{n:03d}")
        for id in (
            *(entries[title] for title in r["支撑资源"].split()),
            *(names.matter(title) for title in r["相关事项"].split()),
        ):
            yield {"id": id, "links": [link]}


def _standards() -> Iterator[Line]:
    """The columns of planned tables that follow an element, as the platform checked them."""
    for short, table in planned().items():
        for column in table.columns:
            element = element_of(column.comment)
            if element and not _aggregated(table, column.name):
                links = [_link("conformsTo", names.element(element))]
                yield {"id": names.node(f"{short}#{column.name}"), "links": links}
    district = dataset_id("sqlite:rk_tz", "t_czrk")
    for name, title in ledger.POPULATION:
        links = [_link("conformsTo", names.element(elements()[title]))]
        yield {"id": field_id(district, name), "links": links}


def _aggregated(table: Table, column: str) -> bool:
    return column.endswith(("_avg", "_max"))


MASTERS = (
    # entity, code, the table that is authoritative for it
    ("法人", "FR", "qydj.t_qyjbxx"),
    ("人口", "RK", "hz.t_czrkxx"),
    ("城市部件", "BJ", "szcg.t_bj"),
    ("安全隐患", "YH", "yh.t_yhpc"),
)
AUTHORITIES = (
    ("注册资本", "xygs.t_gdcz", "zczb"),
    ("手机号码", "hz.t_czrkxx", "sjhm"),
    ("居住地址", "hz.t_czrkxx", "jzdz"),
)
"""Element, table, column: who is authoritative for what (一数一源). F14: the first, whose
system is retired without successor. F1: the district collects the other two again."""


def _authorities() -> Iterator[Line]:
    for title, code, short in MASTERS:
        id = f"object:YL-ZSJ-{code}"
        attributes = {"name": f"{title}主数据", "identifier": f"YL-ZSJ-{code}"}
        yield {"id": id, "type": "MasterDataEntity", "attributes": attributes}
        yield {"id": names.dataset(short), "links": [_link("authoritativeFor", id)]}
    for element, short, column in AUTHORITIES:
        link = _link("authoritativeFor", names.element(elements()[element]))
        yield {"id": names.node(f"{short}#{column}"), "links": [link]}
