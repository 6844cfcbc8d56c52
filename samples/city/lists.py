"""Registers as offices keep them: CSV with their own headers, one row a thing."""

from __future__ import annotations

from pathlib import Path

from samples.city import faults
from samples.city.csv_list import DELIVERED, Cells, save
from samples.city.entries import CLASSES
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


def written_code(office: Department) -> str:
    """The credit code as the list writes it: wrong twice on purpose (F10)."""
    if office.number == faults.WRONG_CHECK_DIGIT:
        return office.uscc[:-1] + ("0" if office.uscc[-1] != "0" else "1")
    if office.number == faults.LOWER_CASE:
        return office.uscc.lower()
    return office.uscc


def write(root: Path) -> None:
    """All of them below `root`/lists."""
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
    _scenarios(lists / "2026-01" / "应用场景.csv")


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
            (
                d.name,
                written_code(d),
                d.short,
                d.kind,
                d.level,
                d.region,
                "2019-01-01",
                "2024-12-31" if gone else "",
                departments()["17"].name if gone else "",
            )
        )
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
            (
                s.code,
                s.name,
                _owner(s, delivery).name,
                status(s, delivery),
                s.vertical,
                s.grade,
                s.accepted,
                s.successor if status(s, delivery) == "下线" else "",
            )
            for s in systems().values()
        ),
    )


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
        ("部门名称", "内设机构名称", "机构职责"),
        (tuple(r.values()) for r in rows("units.csv")),
    )


def _contacts(path: Path) -> None:
    body = ((d.name, d.post, d.phone) for d in departments().values())
    save(path, ("所在部门", "岗位", "电话"), body)


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


_LEVELS = {"公": "公开数据", "内": "内部数据", "敏": "敏感数据"}


def _elements(path: Path) -> None:
    head = (
        "标识符",
        "中文名称",
        "英文名称",
        "中文全拼",
        "数据元类型",
        "对象类词",
        "特性词",
        "表示词",
        "数据类型",
        "表示格式",
        "值域",
        "定义",
        "同义词",
        "标准分类",
        "来源标准",
        "安全等级",
        "版本",
        "状态",
        "提交机构",
    )
    body: list[Cells] = []
    for e in owned_elements():
        r = e.row
        core = "基础数据元" if e.standard_class == "国家标准" else "业务数据元"
        body.append(
            (
                e.identifier,
                e.name,
                e.name_en,
                r["标识符"],
                core,
                r["对象类词"],
                r["特性词"],
                r["表示词"],
                e.data_type,
                e.format,
                e.domain,
                r["说明"],
                "，".join(e.synonyms),
                e.standard_class,
                e.standard,
                _LEVELS[e.level],
                "2023",
                "现行",
                "云澜市数据局",
            )
        )
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
        (
            s.identifier,
            s.name,
            s.name_en,
            s.standard_class,
            s.standard,
            s.version,
            s.note,
            "现行",
            "是" if s.name == "行政区划代码" else "否",
        )
        for s in code_sets().values()
    )
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
        (
            f"YL-CJ-{n:03d}",
            r["场景名称"],
            departments()[r["牵头部门"]].name,
            r["场景类别"],
            r["描述"],
            "；".join(r["支撑资源"].split()),
            "；".join(r["相关事项"].split()),
        )
        for n, r in enumerate(rows("scenarios.csv"), 1)
    )
    save(path, head, body)
