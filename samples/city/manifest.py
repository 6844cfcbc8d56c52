"""city.yaml: the deliveries of the city, in the order in which `mulu demo` runs them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from samples.city import names
from samples.city.ddl import written
from samples.city.entries import tables
from samples.city.form import FORMS
from samples.city.plan import CITY, systems
from samples.city.tables import bases, planned

AT = {"2024-01": "2024-01-15", "2025-01": "2025-01-15", "2026-01": "2026-01-15"}
Step = dict[str, Any]


def write(root: Path) -> None:
    """The manifest; what is not there is not delivered."""
    deliveries = [
        {"name": name, "at": at, "steps": list(_steps(root, name))} for name, at in AT.items()
    ]
    content = {"city": "云澜市", "node": CITY, "region": CITY, "deliveries": deliveries}
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=120)
    (root / "city.yaml").write_text(
        "# 云澜市样例的交付清单：按次序、按日期装载 (the deliveries, in order and by date)\n"
        + text,
        encoding="utf-8",
        newline="\n",
    )


def _step(kind: str, target: str, source: str, rank: str = "authoritative", **options: str) -> Step:
    return {"kind": kind, "target": target, "source": source, "rank": rank} | options


MAPPING = "lists/映射.yaml"


def _list(target: str, source: str, kind: str, rank: str = "authoritative") -> Step:
    """A list of one class. Only what is the city's own is put into its region; lists of bodies
    say it themselves, and lists that name bodies name the districts' as well."""
    where = {"region": CITY} if kind in ("Matter", "InformationResource") else {}
    return _step("catalogue", target, source, rank, type=kind, node=CITY, mapping=MAPPING, **where)


LISTS: tuple[tuple[str, str, str], ...] = (
    # file, source, class of the rows
    ("行政区划.csv", "民政区划表", "Region"),
    ("部门.csv", "编办机构名录", "Department"),
    ("内设机构.csv", "编办内设机构名录", "OrgUnit"),
    ("联系岗位.csv", "数据工作联系人名单", "ContactPoint"),
    ("标准.csv", "标准名录", "Standard"),
    ("代码集.csv", "市数据标准平台代码集", "CodeSet"),
    ("代码.csv", "市数据标准平台代码", "Code"),
    ("数据元.csv", "市数据标准平台数据元", "DataElement"),
    ("法规依据.csv", "法规依据清单", "LegalBasis"),
    ("职责.csv", "三定职责清单", "Duty"),
    ("信息系统.csv", "政务信息系统清单", "System"),
    ("基础库主题库.csv", "基础库主题库清单", "Library"),
    ("信息资源分类.csv", "数据分类", "Category"),
    ("事项.csv", "政务服务事项库", "Matter"),
    ("应用场景.csv", "数据应用场景清单", "Scenario"),
)
LATE_LISTS: tuple[tuple[str, str, str, str], ...] = (
    ("信息资源与数据资源对应.csv", "共享交换平台挂接清单", "InformationResource", "scanned"),
    ("事项所需数据.csv", "政务服务事项材料清单", "InformationResource", "scanned"),
    ("目录更新监测.csv", "共享交换平台监测", "InformationResource", "scanned"),
    ("开放平台目录.csv", "公共数据开放平台", "InformationResource", "scanned"),
)


def _steps(root: Path, delivery: str) -> list[Step]:
    lists = f"lists/{delivery}"
    steps = [
        _list(f"{lists}/{file}", source, kind)
        for file, source, kind in LISTS
        if (root / lists / file).exists()
    ]
    for short, own in written().items():
        if (root / "ddl" / delivery / short).exists():
            steps.append(_ddl(f"ddl/{delivery}/{short}", own[0].base.short, own[0].base.engine))
    if delivery == "2026-01":
        for name in ("wg", "rk_tz"):
            system = bases()["wg"].system if name == "wg" else "澜东区数据仓库"
            code = f"system:{systems()[system].code}"
            steps.append(
                _step(
                    "database",
                    f"ledger/{name}.sqlite",
                    f"{name} 库扫描",
                    "scanned",
                    namespace=f"sqlite:{name}",
                    system=code,
                )
            )
    if delivery == "2024-01":
        target = f"{lists}/目录节点与标准关系.jsonl"
        steps.append(_step("jsonl", target, "目录节点与标准关系"))
    steps += [
        _step("jsonl", f"{lists}/{file}", "数据中台元数据")
        for file in ("外部表对照.jsonl", "主机别名.jsonl")
        if (root / lists / file).exists()
    ]
    steps += [_sql(folder) for folder in SQL[delivery]]
    steps += [
        _step(
            "excel" if form.path.endswith(".xlsx") else "catalogue",
            form.path,
            "部门编目",
            node=CITY,
            region=CITY,
            **({} if form.path.endswith(".xlsx") else {"type": "InformationResource"}),
        )
        for form in FORMS
        if form.delivery == delivery
    ]
    if delivery == "2026-01":
        steps += [
            _step("excel", f"licences/{name}", "电子证照目录", node=CITY, region=CITY)
            for name in ("电子证照目录_自然人.xlsx", "电子证照目录_法人及其他.xlsx")
        ]
        steps += [
            _list(f"{lists}/{file}", source, kind, rank) for file, source, kind, rank in LATE_LISTS
        ]
        steps.append(
            _step(
                "catalogue",
                f"{lists}/省级目录.csv",
                "云岭省目录",
                type="InformationResource",
                node="990000",
                region="990000",
                mapping=MAPPING,
            )
        )
        steps += [
            _step("jsonl", f"{lists}/字段贯标清单.jsonl", "市数据标准平台贯标"),
            _step("jsonl", f"{lists}/服务与应用登记.jsonl", "共享平台服务登记"),
            _step("jsonl", f"{lists}/一数一源清单.jsonl", "一数一源清单"),
            _step("jsonl", f"{lists}/应编尽编对照.jsonl", "应编尽编对照"),
            _list("requests.csv", "数据共享授权台账", "UsageGrant"),
        ]
    return steps


SQL = {
    "2024-01": ("dw1", "rkk", "frk"),
    "2025-01": ("dw2", "hive"),
    "2026-01": ("dw3",),
}


def _sql(folder: str) -> Step:
    short = {"dw1": "dw", "dw2": "dw", "dw3": "dw", "hive": "jt"}.get(folder, folder)
    base = planned()[next(k for k in planned() if k.startswith(f"{short}."))].base
    return _step(
        "sql",
        f"sql/{folder}",
        names.jobs(folder),
        "scanned",
        **_bound(base.short, base.engine),
    )


def _bound(short: str, engine: str) -> dict[str, str]:
    """Where names without a host belong: --namespace, --database, --schema."""
    base = next(t.base for t in tables().values() if t.base.short == short)
    bound = {
        "dialect": engine,
        "namespace": base.namespace,
        "database": base.database,
        "schema": base.schema,
        "system": f"system:{systems()[base.system].code}",
    }
    return {key: value for key, value in bound.items() if value}


def _ddl(target: str, short: str, engine: str) -> Step:
    return _step("ddl", target, f"{short} 建库脚本", "scanned", **_bound(short, engine))
