"""Lists as offices keep them: CSV with their own headers, one row a thing."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

from samples.city import faults
from samples.city.entries import CLASSES, Entry, data, information
from samples.city.plan import (
    CITY,
    CodeSet,
    Department,
    System,
    code_sets,
    departments,
    matters,
    owned_elements,
    rows,
    systems,
)

DELIVERED = {
    "2024-01": date(2024, 1, 15),
    "2025-01": date(2025, 1, 15),
    "2026-01": date(2026, 1, 15),
}
Cells = Sequence[str | int | float | None]
_CYCLE_DAYS = {
    "实时": 0, "每小时": 0, "每日": 1, "每周": 4, "每月": 12, "每季度": 14, "每半年": 60, "每年": 200,
    "静态": 1500,
}  # fmt: skip


def written_code(office: Department) -> str:
    """The credit code as the list writes it: wrong twice on purpose (F10)."""
    if office.number == faults.WRONG_CHECK_DIGIT:
        return office.uscc[:-1] + ("0" if office.uscc[-1] != "0" else "1")
    if office.number == faults.LOWER_CASE:
        return office.uscc.lower()
    return office.uscc


def save(path: Path, head: Sequence[str], body: Iterable[Cells]) -> None:
    """A CSV file as spreadsheets save it: BOM, CRLF."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows(body)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.getvalue().encode("utf-8-sig"))


def write(root: Path) -> None:
    """All lists below `root`/lists, and the grants."""
    lists = root / "lists"
    for delivery in DELIVERED:
        _departments(lists / delivery / "部门.csv", delivery)
        _systems(lists / delivery / "信息系统.csv", delivery)
        _codes(lists / delivery / "代码.csv", delivery)
    base = lists / "2024-01"
    _regions(base / "行政区划.csv")
    _units(base / "内设机构.csv")
    _contacts(base / "联系岗位.csv")
    _standards(base / "标准.csv")
    _laws(base / "法规依据.csv")
    _duties(base / "职责.csv")
    _libraries(base / "基础库主题库.csv")
    _categories(base / "信息资源分类.csv")
    _elements(base / "数据元.csv")
    _code_sets(base / "代码集.csv")
    _matters(base / "事项.csv")
    last = lists / "2026-01"
    _scenarios(last / "应用场景.csv")
    _portal(last / "开放平台目录.csv")
    _freshness(last / "目录更新监测.csv")
    _resources(last / "信息资源与数据资源对应.csv")
    _province(last / "省级目录.csv")
    _new_tables(last / "新建库表登记.csv")
    _required(last / "事项所需数据.csv")
    _grants(root / "requests.csv")
    (lists / "映射.yaml").write_text(MAPPINGS, encoding="utf-8", newline="\n")


MAPPINGS = """\
# 清单中单看表头不能判断的列 (what headers alone do not tell; ingest/mapping.py)
- name: 机构名录
  when: [部门名称, 统一社会信用代码, 承接部门]
  columns: {承接部门: succeededBy, 简称: shortName}
- name: 信息系统清单
  when: [系统编码, 系统名称, 承接系统]
  columns: {承接系统: succeededBy}
- name: 内设机构
  when: [上级部门, 内设机构名称]
  columns: {上级部门: ^hasUnit}
- name: 联系岗位
  when: [部门名称, 岗位, 电话]
  columns: {部门名称: postIn, 岗位: name}
- name: 职责
  when: [职责编号, 职责名称, 承担部门]
  columns: {职责编号: code, 承担部门: heldBy}
- name: 代码集
  when: [代码集标识, 代码集名称, 是否分层]
  columns: {代码集标识: identifier}
- name: 代码
  when: [代码集名称, 代码集标识, 码值]
  columns: {代码集标识: whole.identifier, 代码集名称: whole.nameZh, 来源标准: whole.sourceStandard}
- name: 应用场景
  when: [场景编码, 牵头部门, 支撑资源]
  columns: {场景编码: code, 牵头部门: managedBy, 支撑资源: , 相关事项: }
- name: 省级目录
  when: [对应市级目录代码]
  columns: {对应市级目录代码:}
- name: 授权
  when: [授权编号, 使用部门, 信息资源代码]
  columns: {信息资源名称: , 信息资源代码: , 使用部门: }
"""


def _required(path: Path) -> None:
    """Which entries a matter needs: the opposite side of 产生于事项."""
    codes = {e.title: e.code for e in information()}
    needed: dict[str, list[str]] = {}
    for r in rows("requires.csv"):
        needed.setdefault(r["信息资源"], []).append(r["事项"])
    body = ((codes[title], title, "；".join(found)) for title, found in needed.items())
    save(path, ("信息资源代码", "信息资源名称", "支撑事项"), body)


def known(delivery: str) -> list[Department]:
    """The bodies at the time of a delivery: 招商局 is gone since 2025."""
    return [d for d in departments().values() if d.number != "18" or delivery == "2024-01"]


def _departments(path: Path, delivery: str) -> None:
    head = (
        "部门名称",
        "统一社会信用代码",
        "简称",
        "机构类型",
        "机构层级",
        "行政区划代码",
        "设立日期",
        "撤销日期",
        "承接部门",
    )
    body: list[Cells] = []
    for d in departments().values():
        gone = d.number == "18" and delivery != "2024-01"
        body.append(
            (d.name, written_code(d), d.short, d.kind, d.level, d.region, "2019-01-01",
             "2024-12-31" if gone else "", departments()["17"].name if gone else "")
        )  # fmt: skip
    save(path, head, body)


def status(own: System, delivery: str) -> str:
    """A system's status then: the two retired ones were in use in 2024."""
    return "已建" if own.status == "下线" and delivery == "2024-01" else own.status


def _systems(path: Path, delivery: str) -> None:
    head = (
        "系统编码",
        "系统名称",
        "主管单位",
        "系统状态",
        "建设层级",
        "等保级别",
        "验收日期",
        "承接系统",
    )
    save(
        path,
        head,
        (
            (s.code, s.name, _owner(s, delivery).name, status(s, delivery), s.vertical, s.grade,
             s.accepted, s.successor if status(s, delivery) == "下线" else "")
            for s in systems().values()
        ),
    )  # fmt: skip


def _owner(own: System, delivery: str) -> Department:
    merged = own.owner == "18" and delivery != "2024-01"
    return departments()["17" if merged else own.owner]


def codes_of(own: CodeSet, delivery: str) -> list[tuple[str, str]]:
    """The codes of a set at the time of a delivery: 婚姻状况 lost 9 with its second edition."""
    gone = own.name == "婚姻状况代码" and delivery != "2024-01"
    return [c for c in own.codes if not (gone and c[0] == "9")]


def _codes(path: Path, delivery: str) -> None:
    head = ("代码集名称", "代码集标识", "来源标准", "码值", "码值描述", "序号", "上级代码")
    save(
        path,
        head,
        (
            (s.name, s.identifier, s.standard, value, meaning, n, _parent(value, s))
            for s in code_sets().values()
            for n, (value, meaning) in enumerate(codes_of(s, delivery), 1)
        ),
    )


def _parent(value: str, own: CodeSet) -> str:
    if own.name != "行政区划代码":
        return ""
    if len(value) == 9:
        return value[:6]
    return "" if value == CITY else CITY


def _regions(path: Path) -> None:
    save(
        path,
        ("区划代码", "区划名称", "层级", "上级区划代码"),
        (tuple(r.values()) for r in rows("regions.csv")),
    )


def _units(path: Path) -> None:
    save(
        path,
        ("上级部门", "内设机构名称", "机构职责"),
        (tuple(r.values()) for r in rows("units.csv")),
    )


def _contacts(path: Path) -> None:
    body = ((d.name, d.post, d.phone) for d in departments().values())
    save(path, ("部门名称", "岗位", "电话"), body)


def _standards(path: Path) -> None:
    body = (tuple(r.values()) for r in rows("standards.csv"))
    save(path, ("标准编号", "标准名称", "标准类别", "标准分类", "标准状态"), body)


def _laws(path: Path) -> None:
    head = ("法规名称", "条款", "文种", "施行日期", "状态")
    save(path, head, ((*list(r.values())[1:], "有效") for r in rows("laws.csv")))


def _duties(path: Path) -> None:
    body = (
        (f"YL-ZZ-{d.number}-{n:02d}", duty, d.name)
        for d in departments().values()
        for n, duty in enumerate(d.duties, 1)
    )
    save(path, ("职责编号", "职责名称", "承担部门"), body)


def _libraries(path: Path) -> None:
    body = (
        (
            f"YL-KU-{n:02d}",
            r["库名称"],
            r["库类别"],
            r["主题"],
            departments()[r["主管部门"]].name,
            r["描述"],
        )
        for n, r in enumerate(rows("libraries.csv"), 1)
    )
    save(path, ("库编码", "库名称", "库类型", "库主题", "主管部门", "说明"), body)


def _categories(path: Path) -> None:
    body = [(f"G{n:02d}", name, "一网统管数据分类") for n, name in enumerate(CLASSES, 1)]
    save(path, ("分类编码", "分类名称", "分类体系"), body)


_FORMAT_TYPES = {"字符型", "整数型", "小数型", "日期型", "日期时间型"}
_LEVELS = {"公": "公开数据", "内": "内部数据", "敏": "敏感数据"}


def _elements(path: Path) -> None:
    head = (
        "标识符", "中文名称", "英文名称", "中文全拼", "数据元类型", "对象类词", "特性词", "表示词", "数据类型", "表示格式",
        "值域", "定义", "同义词", "标准分类", "来源标准", "安全等级", "版本", "状态", "提交机构",
    )  # fmt: skip
    body: list[Cells] = []
    for e in owned_elements():
        r = e.row
        core = "基础数据元" if e.standard_class == "国家标准" else "业务数据元"
        body.append(
            (e.identifier, e.name, e.name_en, r["标识符"], core, r["对象类词"], r["特性词"], r["表示词"], e.data_type,
             e.format, e.domain, r["说明"], "，".join(e.synonyms), e.standard_class, e.standard,
             _LEVELS[e.level], "2023", "现行", "云澜市数据局")
        )  # fmt: skip
    save(path, head, body)


def _code_sets(path: Path) -> None:
    head = (
        "代码集标识",
        "代码集名称",
        "英文名称",
        "标准分类",
        "来源标准",
        "版本",
        "说明",
        "状态",
        "是否分层",
    )
    body = (
        (s.identifier, s.name, s.name_en, s.standard_class, s.standard, s.version, s.note, "现行",
         "是" if s.name == "行政区划代码" else "否")
        for s in code_sets().values()
    )  # fmt: skip
    save(path, head, body)


def _matters(path: Path) -> None:
    head = ("事项名称", "事项类型", "实施编码", "行使层级", "实施主体", "主项名称")
    body = (
        (m.name, m.kind, m.code, "市级", departments()[m.owner].name, m.name) for m in matters()
    )
    save(path, head, body)


def _scenarios(path: Path) -> None:
    head = ("场景编码", "场景名称", "牵头部门", "应用领域", "说明", "支撑资源", "相关事项")
    body = (
        (f"YL-CJ-{n:03d}", r["场景名称"], departments()[r["牵头部门"]].name, r["场景类别"], r["描述"],
         "；".join(r["支撑资源"].split()), "；".join(r["相关事项"].split()))
        for n, r in enumerate(rows("scenarios.csv"), 1)
    )  # fmt: skip
    save(path, head, body)


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
        own.title, "307007/000012", "云岭省民政厅", "全省婚姻登记机关办理的婚姻登记信息。",
        own.cycle, "；".join(names), own.code,
    )  # fmt: skip
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
            (f"YL-SQ-{n:04d}", f"{user.short}使用{r['信息资源']}", r["信息资源"], codes[r["信息资源"]], user.name,
             r["用途"], r["服务形式"], r["起"], r["止"], "有效")
        )  # fmt: skip
    save(path, head, body)
