"""What the data platform exports of itself in the ledger's own form: foreign tables, services,
which columns follow which element, host names that mean one host."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ontology.identity import dataset_id, field_id
from ontology.resource import ResourceId
from samples.city import names
from samples.city.entries import tables
from samples.city.items import element_of
from samples.city.plan import rows
from samples.city.tables import Table, bases, planned

Line = Mapping[str, Any]

FOREIGN: tuple[tuple[str, str, str, str], ...] = (
    # delivery, database and schema where it is seen, what it stands for
    ("2024-01", "dw", "hz", "hz.t_czrkxx"),
    ("2024-01", "dw", "hydj", "hydj.t_hydj"),
    ("2024-01", "dw", "cszm", "cszm.birth_cert"),
    ("2024-01", "dw", "qydj", "qydj.t_qyjbxx"),
    ("2024-01", "dw", "sjcf", "sjcf.t_xzcf"),
    ("2024-01", "dw", "sb", "sb.ac02"),
    ("2024-01", "dw", "gjj", "gjj.t_grzh"),
    ("2024-01", "dw", "gjj", "gjj.t_jcmx"),
    ("2024-01", "dw", "yb", "yb.t_cbxx"),
    ("2024-01", "dw", "bdc", "bdc.t_fwqs"),
    ("2024-01", "dw", "jycy", "jycy.t_rcrd"),
    ("2024-01", "dw", "rkk", "rkk.dwd_rk_jbxx"),
    ("2024-01", "dw", "frk", "frk.dwd_fr_jbxx"),
    ("2024-01", "rkk", "ods", "dw.ods.ods_ga_czrk_d"),
    ("2024-01", "rkk", "ods", "dw.ods.ods_mz_hydj_d"),
    ("2024-01", "rkk", "ods", "dw.ods.ods_wj_csyx_d"),
    ("2024-01", "rkk", "hz", "hz.t_swzx"),
    ("2024-01", "frk", "ods", "dw.ods.ods_sj_qy_d"),
    ("2025-01", "dw", "dws_jt", "jt.dws_jt.ldsd_h"),
    ("2026-01", "dw", "szcg", "szcg.t_bj"),
    ("2026-01", "dw", "szcg", "szcg.t_sj"),
    ("2026-01", "dw", "wg", "wg.t_sjsb"),
    ("2026-01", "dw", "yh", "yh.t_yhpc"),
    ("2026-01", "dw", "zwfw", "zwfw.t_zwfwbj"),
    ("2026-01", "dw", "rx12345", "rx12345.t_rxgd"),
)
VIEW_COLUMNS = ("tyshxydm", "dwmc", "fddbrxm", "gbhy", "zs", "clrq")
FILE_COLUMNS = {
    "qsxx": ("nsrsbh", "nsrmc", "sz", "qsje", "qsqj", "ggrq"),
    "kqz": ("zdbh", "zdmc", "jcsj", "so2", "no2", "pm10", "pm25", "co", "o3"),
}
TOPIC_COLUMNS = ("hphm", "clsbdh", "dwsj", "jd", "wd", "sssd", "xsfx", "zkzt", "zdbh")


def write(root: Path) -> None:
    """All exports below `root`/lists."""
    for delivery in ("2024-01", "2025-01", "2026-01"):
        _save(root / "lists" / delivery / "外部表对照.jsonl", _foreign(delivery))
    _save(root / "lists" / "2025-01" / "主机别名.jsonl", _hosts())
    _save(root / "lists" / "2026-01" / "服务与应用登记.jsonl", _services())
    _save(root / "lists" / "2026-01" / "字段贯标清单.jsonl", _standards())


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
    """Foreign tables: a name in one database for a table in another, a file or a topic."""
    for when, base, schema, short in FOREIGN:
        if when == delivery:
            table = tables()[short]
            seen = _seen(base, schema, table.name.rpartition(".")[2])
            yield from _alias(seen, names.dataset(short), (c.name for c in table.columns))
    if delivery == "2024-01":
        seen = _seen("dw", "frk", "v_fr_zx")
        yield from _alias(seen, names.dataset("frk.v_fr_zx"), VIEW_COLUMNS)
        yield from _alias(
            _seen("dw", "ods", "ft_sw_qsxx"), names.dataset("file qsxx"), FILE_COLUMNS["qsxx"]
        )
    if delivery == "2025-01":
        yield from _alias(
            _seen("dw", "ods", "ft_hj_kqz"), names.dataset("file kqz"), FILE_COLUMNS["kqz"]
        )
        seen = dataset_id(bases()["jt"].namespace, "ods_jt.gps_taxi_kafka")
        yield from _alias(seen, names.dataset("topic jt.gps.taxi"), TOPIC_COLUMNS)


def _seen(base: str, schema: str, table: str) -> ResourceId:
    own = bases()[base]
    return dataset_id(own.namespace, f"{own.database}.{schema}.{table}")


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


def _standards() -> Iterator[Line]:
    """The columns of planned tables that follow an element, as the platform checked them."""
    for short, table in planned().items():
        for column in table.columns:
            element = element_of(column.comment)
            if element and not _aggregated(table, column.name):
                links = [_link("conformsTo", names.element(element))]
                yield {"id": names.node(f"{short}#{column.name}"), "links": links}


def _aggregated(table: Table, column: str) -> bool:
    return column.endswith(("_avg", "_max"))
