"""Lists that the platform keeps of the catalogue: what is open, how fresh, who uses what; and the
mapping of columns whose headers do not tell enough."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

from samples.city import faults
from samples.city.csv_list import DELIVERED, Cells, save
from samples.city.entries import Entry, data, information
from samples.city.names import PROVINCIAL_CODE
from samples.city.plan import PLAN, departments, rows

_CYCLE_DAYS = {
    "实时": 0,
    "每小时": 0,
    "每日": 1,
    "每周": 4,
    "每月": 12,
    "每季度": 14,
    "每半年": 60,
    "每年": 200,
    "静态": 1500,
}


def write(root: Path) -> None:
    """All of them below `root`/lists, and the grants."""
    lists = root / "lists"
    last = lists / "2026-01"
    _portal(last / "开放平台目录.csv")
    _freshness(last / "目录更新监测.csv")
    _resources(last / "信息资源与数据资源对应.csv")
    _province(last / "省级目录.csv")
    _new_tables(last / "新建库表登记.csv")
    _required(last / "事项所需数据.csv")
    _grants(root / "requests.csv")
    shutil.copyfile(PLAN / "mappings.yaml", lists / "映射.yaml")


def _required(path: Path) -> None:
    """Which entries a matter needs: the opposite side of 产生于事项."""
    codes = {e.title: e.code for e in information()}
    needed: dict[str, list[str]] = {}
    for r in rows("requires.csv"):
        needed.setdefault(r["信息资源"], []).append(r["事项"])
    body = ((codes[title], title, "；".join(found)) for title, found in needed.items())
    save(path, ("信息资源代码", "信息资源名称", "支撑事项"), body)


def opened() -> list[Entry]:
    """What the portal lists: the open entries, and by mistake one that is not."""
    return [e for e in information() if e.opening == "无条件开放" or e.title == faults.CONFLICT]


def _portal(path: Path) -> None:
    """The portal's own list (F2): 企业登记基本信息 stands there as 无条件共享."""
    head = ("信息资源代码", "信息资源名称", "共享类型", "更新周期")
    body = (
        (e.code, e.title, "无条件共享" if e.title == faults.CONFLICT else e.sharing, e.cycle)
        for e in opened()
    )
    save(path, head, body)


def last_update(e: Entry) -> date:
    """When the data were last updated, seen from the last delivery (F4: 46 days ago)."""
    days = 46 if e.title == faults.OVERDUE else _CYCLE_DAYS[e.cycle]
    return DELIVERED["2026-01"] - timedelta(days=days)


def _freshness(path: Path) -> None:
    head = ("信息资源代码", "信息资源名称", "数据更新时间", "数据量（条）", "已共享数据量（条）")
    body: list[Cells] = []
    for e in information():
        count = 100 + sum(map(ord, e.title)) * len(e.items) % 900_000
        shared = 0 if e.sharing == "不予共享" else count
        body.append((e.code, e.title, last_update(e).isoformat(), count, shared))
    save(path, head, body)


def _resources(path: Path) -> None:
    """Which data resource materialises which information resource."""
    codes = {e.title: e.code for e in information()}
    body = ((codes[e.of], e.of, e.title) for e in data())
    save(path, ("信息资源代码", "信息资源名称", "数据资源"), body)


def _province(path: Path) -> None:
    """The provincial entry that one of ours corresponds to, with one item more (F20)."""
    own = next(e for e in information() if e.title == faults.PROVINCIAL[0])
    names = [i.name for i in own.items] + [faults.PROVINCIAL[1]]
    head = (
        "信息资源名称",
        "信息资源代码",
        "提供方",
        "摘要",
        "更新周期",
        "信息项",
        "对应市级目录代码",
    )
    row = (
        own.title,
        PROVINCIAL_CODE,
        "云岭省民政厅",
        "全省婚姻登记机关办理的婚姻登记信息。",
        own.cycle,
        "；".join(names),
        own.code,
    )
    save(path, head, [row])


NEW_TABLES = (
    (
        "dw",
        "数据中台",
        "ods.ods_zw_bj_d",
        "政务服务办件贴源表",
        "2025-06-03",
        "2025-06-06",
        "2025-06-10",
    ),
    (
        "rx12345",
        "12345政务服务便民热线平台",
        "t_rxgdbl",
        "热线工单办理表",
        "2025-07-14",
        "2025-07-15",
        "2025-07-21",
    ),
    ("wgpt", "网格事件管理系统", "t_sjpj", "网格事件评价表", "2025-09-26", "", "2025-10-15"),
    ("yjzh", "应急指挥平台", "t_wzdb", "应急物资调拨表", "2025-11-10", "2025-11-14", "2025-11-17"),
)
"""Base, system, table, comment, built on, entered on, checked on. F5: the third, nine working
days without entry over the holidays of October 2025 with their shifted working days."""


def _new_tables(path: Path) -> None:
    head = ("信息系统", "库表名", "中文表名", "建表日期", "编目日期", "核查日期")
    save(path, head, (row[1:] for row in NEW_TABLES))


def _grants(path: Path) -> None:
    codes = {e.title: e.code for e in information()}
    head = (
        "授权编号",
        "授权名称",
        "信息资源名称",
        "信息资源代码",
        "使用部门",
        "用途",
        "服务形式",
        "授权开始日期",
        "授权截止日期",
        "授权状态",
    )
    body: list[Cells] = []
    for n, r in enumerate(rows("requests.csv"), 1):
        user = departments()[r["使用部门"]]
        body.append(
            (
                f"YL-SQ-{n:04d}",
                f"{user.short}使用{r['信息资源']}",
                r["信息资源"],
                codes[r["信息资源"]],
                user.name,
                r["用途"],
                r["服务形式"],
                r["起"],
                r["止"],
                "有效",
            )
        )
    save(path, head, body)
