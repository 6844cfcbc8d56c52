"""What the middle platform exports of itself: foreign tables, hosts with two names, the columns
that follow an element, and who is authoritative for what."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

from ontology.identity import dataset_id, field_id
from ontology.resource import ResourceId
from samples.city import ledger, names
from samples.city.entries import tables
from samples.city.items import element_of
from samples.city.lines import Line, alias, link, save
from samples.city.names import COLUMNS
from samples.city.plan import elements
from samples.city.tables import Table, bases, planned


def write(root: Path) -> None:
    """All exports below `root`/lists, and where foreign schemas live, beside the jobs."""
    lists = root / "lists"
    for delivery in ("2024-01", "2025-01"):
        save(lists / delivery / "外部表对照.jsonl", _foreign(delivery))
    save(lists / "2025-01" / "主机别名.jsonl", _hosts())
    save(lists / "2026-01" / "字段贯标清单.jsonl", _standards())
    save(lists / "2026-01" / "一数一源清单.jsonl", _authorities())
    _bindings(root)


def _foreign(delivery: str) -> Iterator[Line]:
    """Foreign tables: a name in a database for a file or a topic. Each delivery lists all."""
    seen = _seen("dw", "ods", "ft_sw_qsxx")
    yield from alias(seen, names.dataset("file qsxx"), COLUMNS["file qsxx"])
    if delivery == "2025-01":
        seen = _seen("dw", "ods", "ft_hj_kqz")
        yield from alias(seen, names.dataset("file kqz"), COLUMNS["file kqz"])
        seen = dataset_id(bases()["jt"].namespace, "ods_jt.gps_taxi_kafka")
        yield from alias(seen, names.dataset("topic jt.gps.taxi"), COLUMNS["topic jt.gps.taxi"])


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
        yield from alias(seen, names.dataset(short), (c.name for c in table.columns))


def _standards() -> Iterator[Line]:
    """The columns of planned tables that follow an element, as the platform checked them."""
    for short, table in planned().items():
        for column in table.columns:
            element = element_of(column.comment)
            if element and not _aggregated(table, column.name):
                links = [link("conformsTo", names.element(element))]
                yield {"id": names.node(f"{short}#{column.name}"), "links": links}
    district = dataset_id("sqlite:rk_tz", "t_czrk")
    for name, title in ledger.POPULATION:
        links = [link("conformsTo", names.element(elements()[title]))]
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
        yield {"id": names.dataset(short), "links": [link("authoritativeFor", id)]}
    for element, short, column in AUTHORITIES:
        links = [link("authoritativeFor", names.element(elements()[element]))]
        yield {"id": names.node(f"{short}#{column}"), "links": links}
