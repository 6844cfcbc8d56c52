"""Catalogue entries: 300 information resources of the plan and 100 data resources that mount
the tables below them."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from samples.city import faults
from samples.city.items import Item, column, expand, item
from samples.city.plan import PLAN, Department, departments, elements, matters, rows, systems
from samples.city.tables import LATER_COLUMNS, Base, Column, Table, bases, planned

ITEMS = 6_000
"""Information items over all 400 entries, the secret one apart."""
DATA_RESOURCES = 100

TAIL = (
    "数据来源单位",
    "更新时间",
    "有效标志",
    "入库时间",
    "行政区划代码",
    "经办机构名称",
    "登记日期",
    "备注",
)
"""Items that registers keep beside their own, in the order in which they are added."""

CYCLES = {"实时", "每小时", "每日", "每周", "每月", "每季度", "每半年", "每年", "静态"}
SHARING = {"无": "无条件共享", "有": "有条件共享", "不": "不予共享"}
OPENING = {"普": "无条件开放", "申": "有条件开放", "不": "不予开放"}
LEVEL = {"公": "公开数据", "内": "内部数据", "敏": "敏感数据", "核": "核心数据"}
CLASSES = (
    "基础信息数据",
    "人口信息数据",
    "法人信息数据",
    "空间地理信息数据",
    "城市部件与事件数据",
    "公共安全数据",
    "应急管理数据",
    "交通运行数据",
    "生态环境数据",
    "民生服务数据",
    "宏观经济数据",
    "政务服务数据",
)
"""The twelve classes of G 6.2.1, in its order."""

_BASE_CODES = {
    "人口基本信息": "101001",
    "法人单位基础信息": "102001",
    "企业登记基本信息": "102002",
    "不动产权利登记信息": "103001",
    "公共信用信息目录": "104001",
    "电子证照目录信息": "105001",
}

_CONDITIONS = {
    2: "限用于{use}中的身份与关系核验，一事一查、留痕可溯，不得批量下载",
    3: "限用于{use}等法定职责，须标明数据时点，不得转供第三方",
    4: "限用于{use}，涉及坐标的按测绘成果管理规定使用",
    5: "限用于{use}，须反馈处置结果",
    6: "限用于{use}，使用单位指定专人管理",
    7: "限用于{use}和应急处置，非应急状态须经{owner}同意",
    8: "限用于{use}，轨迹类数据须脱敏后使用",
    9: "限用于{use}，对外引用以{owner}发布为准",
    10: "限用于{use}的资格核验，经数据主体授权或有法定依据方可调用",
    11: "限用于{use}的分析研判，不得对外公布单户数据",
    12: "限用于{use}，按办件范围最小必要提供",
}
_REFUSALS = {
    "01": "《中华人民共和国政府信息公开条例》第十六条：内部事务信息可以不予公开",
    "18": "《政务数据共享条例》第十一条：涉及企业商业秘密，洽谈阶段不予共享",
    "21": "《中华人民共和国个人信息保护法》第二十八条：涉及军队移交安置人员敏感个人信息",
    "23": "《中华人民共和国审计法》第四十条：审计结果公布前须保守工作秘密",
    "25": "《中华人民共和国统计法》第二十八条：单个统计调查对象身份的资料不得对外提供",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """An information resource (`code` set) or a data resource (`table` set)."""

    title: str
    code: str
    department: Department
    abstract: str
    keywords: tuple[str, ...]
    cycle: str
    sharing: str
    opening: str
    level: str
    class_number: int
    system: str
    matter: str
    items: tuple[Item, ...]
    condition: str = ""
    refusal: str = ""
    table: Table | None = None
    of: str = ""

    @property
    def class_name(self) -> str:
        return CLASSES[self.class_number - 1]

    @property
    def personal(self) -> str:
        if not any(i.sensitive for i in self.items):
            return "无"
        return "敏感个人信息" if self.class_number == 10 else "一般个人信息"

    def item_sharing(self, i: Item) -> str:
        """At least one item carries the entry's own type; harmless ones are freer."""
        if (
            self.sharing == "有条件共享"
            and not i.sensitive
            and any(x.sensitive for x in self.items)
        ):
            return "无条件共享"
        return self.sharing

    def item_opening(self, i: Item) -> str:
        return "不予开放" if i.sensitive else self.opening


def _plans() -> Iterator[Mapping[str, str]]:
    for path in sorted((PLAN / "entries").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)


def _matter_of(department: str, title: str) -> str:
    """The office's matter that shares most with the title: where the data arise."""
    own = [m.name for m in matters() if m.owner == department]
    words = {title[i : i + 2] for i in range(len(title) - 1)} - {"信息", "数据"}
    return max(own, key=lambda m: (sum(m[i : i + 2] in words for i in range(len(m) - 1)), -len(m)))


@cache
def information() -> tuple[Entry, ...]:
    """The 300 information resources; those with fewest items take the tail items first."""
    plans = list(_plans())
    names = [expand(p["信息项"]) for p in plans]
    missing = ITEMS - sum(len(e.items) for e in data()) - sum(map(len, names))
    step = 0
    while missing > 0:
        extra = TAIL[step]
        for own in sorted(names, key=len) if step >= 2 else names:
            if missing and extra not in own:
                own.append(extra)
                missing -= 1
        step += 1
    counts: dict[str, int] = {}
    found = []
    for plan, own in zip(plans, names, strict=True):
        office = departments()[plan["部门"]]
        front = _BASE_CODES.get(plan["名称"], f"307{int(office.number):03d}01")
        counts[front] = counts.get(front, 0) + 1
        found.append(_entry(plan, office, f"{front}/{counts[front]:06d}", own))
    return tuple(found)


def _entry(plan: Mapping[str, str], office: Department, code: str, names: list[str]) -> Entry:
    number = int(plan["类"])
    sharing = SHARING[plan["共享"]]
    use = "、".join(plan["关键词"].split()[:2]) + "业务"
    items = tuple(item(n, plan["级"], key=i == _key(names)) for i, n in enumerate(names))
    assert plan["周期"] in CYCLES, plan
    return Entry(
        title=plan["名称"],
        code=code,
        department=office,
        abstract=plan["摘要"] + "。",
        keywords=tuple(plan["关键词"].split()),
        cycle=plan["周期"],
        sharing=sharing,
        opening=OPENING[plan["开放"]],
        level=LEVEL[plan["级"]],
        class_number=number,
        system="" if plan["系统"] == "-" else plan["系统"],
        matter=_matter_of(office.number, plan["名称"]),
        items=items,
        condition=_CONDITIONS.get(number, "限用于{use}").format(use=use, owner=office.short)
        if sharing == "有条件共享"
        else "",
        refusal=_REFUSALS[office.number] if sharing == "不予共享" else "",
    )


def _key(names: list[str]) -> int:
    """Where the identifying item stands: a number or code among the first, else the first."""
    for i, name in enumerate(names[:5]):
        if name.endswith(("编号", "编码", "代码", "号码", "号", "文号")):
            return i
    return 0


@cache
def tables() -> dict[str, Table]:
    """Short name → every table of the city's systems, in a stable order."""
    found = dict(planned())
    for _, table in _mounted():
        found[table.short] = table
    return found


@cache
def _mounted() -> tuple[tuple[str, Table], ...]:
    """(information resource, table): those planned, then one table for further resources of
    systems with a database, office by office, until there are a hundred."""
    pairs = [(r["信息资源"], planned()[r["表"]]) for r in rows("mounts.csv")]
    taken = {title for title, _ in pairs}
    waiting: dict[str, list[Mapping[str, str]]] = {}
    for plan in _plans():
        if plan["系统"] != "-" and plan["名称"] not in taken and _base(plan["系统"]):
            waiting.setdefault(plan["部门"], []).append(plan)
    while len(pairs) < DATA_RESOURCES:
        for own in waiting.values():
            if own and len(pairs) < DATA_RESOURCES:
                plan = own.pop(0)
                pairs.append((plan["名称"], _following(plan)))
    return tuple(pairs)


def _following(plan: Mapping[str, str]) -> Table:
    """A table as engineers make it from an entry: initials of the names, comments in Chinese."""
    names = [*expand(plan["信息项"]), "更新时间"]
    columns: dict[str, Column] = {}
    for i, name in enumerate(names):
        own = column(name)
        while own in columns:
            own += "2"
        columns[own] = Column(own, _column_type(item(name, plan["级"])), name, key=i == _key(names))
    base = _base(plan["系统"])
    assert base
    title = plan["名称"]
    own = column(title.removesuffix("信息").removesuffix("数据"))
    return Table(base, f"t_{own}", f"{title}表", tuple(columns.values()))


def _column_type(i: Item) -> str:
    if i.data_type == "小数型" and i.element:
        return elements()[i.element].format.replace("n..", "n").replace(",", ".")
    if i.data_type == "字符型":
        return f"k{i.length}" if i.length in (1, 2) else f"c{i.length}"
    return {"日期型": "d", "日期时间型": "t", "整数型": "i", "小数型": "n18.2"}[i.data_type]


_ENGINES = {
    "MySQL": ("mysql", "mysql://{0}.yunlan.example:3306", "{0}", ""),
    "Oracle": ("oracle", "oracle://{0}.yunlan.example:1521", "{0}db", "{0}"),
    "达梦": ("dm", "dm://{0}.yunlan.example:5236", "", "{0}"),
    "人大金仓": ("kingbase", "kingbase8://{0}.yunlan.example:54321", "{0}", "public"),
    "SQL Server": ("sqlserver", "mssql://{0}.yunlan.example:1433", "{0}", "dbo"),
}


def _base(system: str) -> Base | None:
    """The database of a system, planned or after its engine; None where the plan has none."""
    own = systems()[system]
    if own.short in bases():
        return bases()[own.short] if own.short not in ("dw",) else None
    if own.engine not in _ENGINES:
        return None
    engine, *rest = _ENGINES[own.engine]
    namespace, database, schema = (part.format(own.short) for part in rest)
    return Base(own.short, engine, namespace, database, schema, system)


@cache
def data() -> tuple[Entry, ...]:
    """The 100 data resources, each with the table that it mounts and items for its columns; in
    the order in which the tables came."""
    plans = {p["名称"]: p for p in _plans()}
    mounted = sorted(_mounted(), key=lambda pair: _whole_since(pair[1]))
    return tuple(_data_entry(plans[title], table) for title, table in mounted)


def _whole_since(table: Table) -> str:
    """The delivery with which the last column of a table came."""
    return max(table.stage, "2025-01" if table.short in LATER_COLUMNS else "")


def _data_entry(plan: Mapping[str, str], table: Table) -> Entry:
    office = departments()[plan["部门"]]
    level = plan["级"]
    items = tuple(_mounted_item(c, level) for c in table.columns if not c.partition)
    sharing, opening = SHARING[plan["共享"]], OPENING[plan["开放"]]
    number = int(plan["类"])
    use = "、".join(plan["关键词"].split()[:2]) + "业务"
    title = table.comment.removesuffix("表")
    return Entry(
        title=f"{title}_{table.base.system}",
        code="",
        department=office,
        abstract=f"{table.base.system}中的{table.comment}，对应信息资源“{plan['名称']}”，"
        f"含{'、'.join(i.name for i in items[:3])}等{len(items)}个信息项。",
        keywords=tuple(plan["关键词"].split()),
        cycle=plan["周期"],
        sharing=sharing,
        opening=opening,
        level=LEVEL[level],
        class_number=number,
        system="" if table.short == faults.NO_SYSTEM else table.base.system,
        matter=_matter_of(office.number, plan["名称"]),
        items=items,
        condition=_CONDITIONS.get(number, "限用于{use}").format(use=use, owner=office.short)
        if sharing == "有条件共享"
        else "",
        refusal=_REFUSALS[office.number] if sharing == "不予共享" else "",
        table=table,
        of=plan["名称"],
    )


def _mounted_item(c: Column, level: str) -> Item:
    """The item of a column: what its comment says, with the length that the column has."""
    i = item(c.comment, level, key=c.key)
    kind = c.type[0]
    length = int(c.type[1:]) if kind in "ck" else None
    data_type = {
        "c": "字符型",
        "k": "字符型",
        "x": "字符型",
        "n": "小数型",
        "i": "整数型",
        "l": "整数型",
        "d": "日期型",
        "t": "日期时间型",
    }[kind]
    return Item(i.name, data_type, length, i.element, i.code_set, i.sensitive, c.name, c.key)
