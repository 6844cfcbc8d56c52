"""The 22 forms that offices hand in: information resources by office, data resources in three
batches, business objects; each with the habits and slips of real forms."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import xlwt
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from samples.city import faults
from samples.city.entries import OPENING, SHARING, Entry, data, information
from samples.city.items import Item
from samples.city.plan import Department, departments, rows, systems
from samples.city.workbook import Cell, choices, groups, header, new_sheet, notes, save

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("名称与来源", ("*信息资源名称", "信息资源代码", "*提供方", "提供方代码", "编制机构", "*摘要", "关键词",
               "信息资源分类", "格式分类", "格式", "目录层级", "空间范围", "所属信息系统", "所属库", "产生于事项")),
    ("共享与开放", ("*共享类型", "共享条件", "不予共享依据", "共享方式", "服务形式", "*开放类型", "开放条件")),
    ("安全", ("*安全等级", "个人信息", "是否重要数据", "涉密属性")),
    ("更新与状态", ("*更新周期", "发布日期", "目录状态")),
    ("联系", ("责任联系人", "联系电话")),
)  # fmt: skip
ITEM_COLUMNS = (
    "*信息资源名称",
    "*信息项名称",
    "序号",
    "数据元",
    "代码集",
    "*数据类型",
    "数据长度",
    "*共享类型",
    "*开放类型",
    "安全等级",
    "*敏感属性",
    "*涉密属性",
    "是否主键",
)
_NOTES = (
    "填报说明\n"
    "* 为必填项；信息项另填“信息项”表，用信息资源名称对应。\n"
    "共享类型为有条件共享的填写共享条件，为不予共享的填写不予共享依据，且开放类型应为不予开放。\n"
    "安全等级就高填写；不得填报涉密信息。联系人填写岗位，不填写个人姓名。"
)
SERVICE = {"无条件共享": "批量交换", "有条件共享": "服务调用", "不予共享": ""}
_COMPILED = {"06": 1, "10": 1, "20": 1, "24": 1}
"""Offices with units: which of their units compiles (units.csv)."""


@dataclass(frozen=True, slots=True)
class Form:
    """One form: which delivery, its file, and the offices or rows in it."""

    delivery: str
    name: str
    offices: tuple[str, ...] = ()
    style: str = "grouped"
    batch: tuple[int, int] = (0, 0)

    @property
    def path(self) -> str:
        return f"forms/{self.delivery}/{self.name}"


FORMS: tuple[Form, ...] = (
    Form("2024-01", "01信息资源目录_市政府办_发展改革委.xlsx", ("01", "02")),
    Form("2024-01", "02信息资源目录_教育局_科技局.xlsx", ("03", "04"), "xls"),
    Form("2024-01", "03信息资源目录_工信局_公安局.xlsx", ("05", "06")),
    Form("2024-01", "04信息资源目录_民政局_司法局.xlsx", ("07", "08"), "plain"),
    Form("2024-01", "05信息资源目录_财政局_人社局.xlsx", ("09", "10")),
    Form("2024-01", "06信息资源目录_自然资源局_生态环境局.xlsx", ("11", "12"), "plain"),
    Form("2024-01", "07信息资源目录_住建局_交通运输局.xlsx", ("13", "14"), "blanks"),
    Form("2024-01", "08信息资源目录_水务局_农业农村局.xlsx", ("15", "16")),
    Form("2024-01", "09信息资源目录_商务局.xlsx", ("17",), "plain"),
    Form("2024-01", "10信息资源目录_招商局.xlsx", ("18",)),
    Form("2024-01", "11数据资源目录_第一批.xlsx", batch=(0, 40)),
    Form("2025-01", "12信息资源目录_商务局承接招商局.xlsx", ("18",), "merged"),
    Form("2025-01", "13信息资源目录_文旅局_卫健委.xlsx", ("19", "20")),
    Form("2025-01", "14信息资源目录_退役军人局_应急管理局.xlsx", ("21", "22"), "plain"),
    Form("2025-01", "15信息资源目录_审计局_市场监管局.xlsx", ("23", "24")),
    Form("2025-01", "16数据资源目录_第二批.xlsx", batch=(40, 70)),
    Form("2026-01", "17信息资源目录_统计局_医保局.xlsx", ("25", "26")),
    Form("2026-01", "18信息资源目录_城管局_行政审批局.xlsx", ("27", "28"), "plain"),
    Form("2026-01", "19信息资源目录_数据局.xlsx", ("29",)),
    Form("2026-01", "20信息资源目录_公积金中心.csv", ("30",), "csv"),
    Form("2026-01", "21数据资源目录_第三批.xlsx", batch=(70, 100)),
    Form("2026-01", "22业务对象清单.xlsx", style="objects"),
)


def write(root: Path) -> None:
    """All forms below `root`."""
    for form in FORMS:
        path = root / form.path
        path.parent.mkdir(parents=True, exist_ok=True)
        if form.style == "objects":
            _objects(path)
        elif form.batch != (0, 0):
            _data_form(form, path)
        elif form.style == "csv":
            _csv_form(form, path)
        elif form.style == "xls":
            _xls_form(form, path)
        else:
            _information_form(form, path)


def entries_of(form: Form) -> list[Entry]:
    """The entries that a form states, in its order."""
    if form.batch != (0, 0):
        return list(data()[form.batch[0] : form.batch[1]])
    return [e for e in information() if e.department.number in form.offices]


def published(e: Entry, form: Form) -> date:
    """A day of publication in the weeks before the delivery."""
    year, month = map(int, form.delivery.split("-"))
    return date(year, month, 15) - timedelta(days=20 + sum(map(ord, e.title)) % 60)


# ── Information resources ────────────────────────────────────────────────────────────


_LIBRARIES = {
    2: "人口基础库", 3: "法人基础库", 4: "自然资源和空间地理基础库", 5: "城市部件与事件主题库",
    7: "应急管理主题库", 9: "生态环保主题库", 11: "经济基础库",
}  # fmt: skip
_LIBRARIES_OF = {
    "02": "社会信用基础库", "07": "一老一小主题库", "10": "社会保障主题库", "20": "医疗健康主题库",
    "26": "医疗健康主题库", "30": "社会保障主题库", "32": "澜东区数仓",
}  # fmt: skip


def library(e: Entry) -> str:
    """The base or theme library that an entry belongs to, by its class, else by its office."""
    if "信用" in e.title:
        return "信用体系主题库" if e.department.number != "02" else "社会信用基础库"
    if "电子证照" in e.title:
        return "电子证照基础库"
    return _LIBRARIES.get(e.class_number) or _LIBRARIES_OF.get(e.department.number, "")


def _format(e: Entry) -> str:
    """The engine of the system that holds it; what is kept by hand is a spreadsheet."""
    engine = systems()[e.system].engine if e.system else ""
    return engine if engine not in ("", "文件") else "CSV" if engine else "XLSX"


def information_row(e: Entry, form: Form) -> list[Cell]:
    """The row of an information resource, in the order of GROUPS."""
    office = provider(e, form.delivery)
    short_only = e.title == faults.SHORT_NAME
    unit = ""
    if e.department.number in _COMPILED and not short_only:
        own = [u["机构名称"] for u in rows("units.csv") if u["上级部门"] == e.department.name]
        unit = own[_COMPILED[e.department.number]]
    level, opening, refusal = e.level, e.opening, e.refusal
    if e.title == faults.LEVEL_TOO_LOW:
        level = "公开数据"
    if e.title == faults.REFUSED_YET_OPEN:
        opening = OPENING["普"]
    if e.title == faults.NO_BASIS:
        refusal = ""
    return [
        e.title, e.code, office.short if short_only else office.name,
        "" if short_only else office.uscc, unit, e.abstract, "，".join(e.keywords), e.class_name,
        "数据库" if e.system else "电子表格", _format(e), "市级", "全市", e.system, library(e), e.matter,
        e.sharing, e.condition, refusal,
        "" if e.sharing == "不予共享" else "共享平台方式", SERVICE[e.sharing], opening,
        "登录公共数据开放平台实名认证后申请" if opening == "有条件开放" else "",
        level, e.personal, "否", "非涉密",
        e.cycle, published(e, form).strftime("%Y/%m/%d"), "已发布",
        office.post, office.phone,
    ]  # fmt: skip


def successor_code(e: Entry) -> str:
    """The code under 商务局's own category that an entry of 招商局 got, after those there are."""
    front, _, number = e.code.partition("/")
    return f"{front.replace('307018', '307017')}/{int(number) + 10:06d}"


def item_rows(e: Entry) -> list[list[Cell]]:
    """The rows of an entry's items, in the order of ITEM_COLUMNS."""
    found = [
        _item_row(e, number, i, e.item_sharing(i), e.item_opening(i))
        for number, i in enumerate(e.items, 1)
    ]
    if e.title == faults.SECRET_ITEM[0]:
        secret = replace(e.items[-1], name=faults.SECRET_ITEM[1], element="", code_set="")
        row = _item_row(e, len(found) + 1, secret, e.sharing, e.opening)
        row[ITEM_COLUMNS.index("*涉密属性")] = "涉密"
        found.append(row)
    return found


def _item_row(e: Entry, number: int, i: Item, sharing: str, opening: str) -> list[Cell]:
    return [
        e.title, i.name, number, i.element, i.code_set, i.data_type, i.length, sharing, opening,
        "敏感数据" if i.sensitive else min(e.level, "内部数据", key=_RANKS.index),
        "敏感" if i.sensitive else "非敏感", "非涉密", "是" if i.key else "否",
    ]  # fmt: skip


_RANKS = ("公开数据", "内部数据", "敏感数据", "核心数据")


def _information_form(form: Form, path: Path) -> None:
    book = Workbook()
    sheet = new_sheet(book, "信息资源")
    names = [n for _, own in GROUPS for n in own]
    if form.style == "merged":
        names.append("关联资源代码")
    if form.style != "plain":
        notes(sheet, _NOTES, len(names))
        groups(sheet, [(caption, len(own)) for caption, own in GROUPS])
    header(sheet, names)
    first = sheet.max_row + 1
    choices(sheet, names.index("*共享类型") + 1, first, tuple(SHARING.values()))
    choices(sheet, names.index("*开放类型") + 1, first, tuple(OPENING.values()))
    items = new_sheet(book, "信息项")
    if form.style != "plain":
        notes(
            items,
            "填报说明\n信息资源名称须与“信息资源”表一致；数据元、代码集填写标准名称。",
            len(ITEM_COLUMNS),
        )
    header(items, ITEM_COLUMNS)
    for number, e in enumerate(entries_of(form)):
        row = information_row(e, form)
        if form.style == "merged":
            row.append(successor_code(e))
        _append(sheet, row, blank=form.style == "blanks" and number % 7 == 6)
        for item in item_rows(e):
            _append(items, item)
    save(book, path)


def _append(sheet: Worksheet, row: Sequence[Cell], *, blank: bool = False) -> None:
    """A row, after an empty one where the form has gaps; empty strings are no cells."""
    number = sheet.max_row + (2 if blank else 1)
    for column, value in enumerate(row, 1):
        if value not in ("", None):
            cell = sheet.cell(number, column, value)
            if isinstance(value, str):
                cell.number_format = "@"


def _xls_form(form: Form, path: Path) -> None:
    """An old .xls under the name .xlsx: dates are numbers, and trailing blanks remain."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("信息资源")
    names = [n for _, own in GROUPS for n in own]
    style = xlwt.easyxf(num_format_str="yyyy/m/d")
    for column, name in enumerate(names):
        sheet.write(0, column, name)
    for number, e in enumerate(entries_of(form), 1):
        for column, value in enumerate(information_row(e, form)):
            if names[column] == "发布日期":
                sheet.write(number, column, published(e, form), style)
            elif value not in ("", None):
                sheet.write(number, column, f"{value}  " if names[column] == "*摘要" else value)
    items = book.add_sheet("信息项")
    for column, name in enumerate(ITEM_COLUMNS):
        items.write(0, column, name)
    number = 0
    for e in entries_of(form):
        for row in item_rows(e):
            number += 1
            for column, value in enumerate(row):
                if value not in ("", None):
                    items.write(number, column, value)
    book.save(str(path))


def _csv_form(form: Form, path: Path) -> None:
    """One table in GB18030, item names in one cell, as small offices send it."""
    names = [n.lstrip("*") for _, own in GROUPS for n in own] + ["信息项"]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(names)
    for e in entries_of(form):
        writer.writerow([*information_row(e, form), "；".join(i.name for i in e.items)])
    path.write_bytes(text.getvalue().encode("gb18030"))


# ── Data resources, on the real form's shape ─────────────────────────────────────────

_DATA_GROUPS = (
    ("", 1),
    ("基本属性", 12),
    ("资源属性分类", 3),
    ("共享开放信息", 5),
    ("更多信息", 4),
)
_DATA_COLUMNS = (
    "挂接资源名称", "*数据资源目录名称", "数据资源来源部门", "*目录提供方", "所属信息系统", "*所属业务对象",
    "应用场景分类", "*数据所属事项", "*空间范围", "*数据时间范围", "*更新周期", "*数据分级",
    "*数据资源目录描述", "资源属性分类一", "资源属性分类二", "资源属性分类三", "*共享属性",
    "共享条件/不予共享依据", "共享方式", "*开放属性", "开放条件", "数据同步机制", "同步频率",
    "数据是否存在物理删除", "是否上线到超市",
)  # fmt: skip
_DATA_ITEM_COLUMNS = (
    "*数据资源目录名称", "*信息项业务名称", "*信息项技术名称", "关联数据标准", "关联码表", "*数据类型",
    "数据长度", "数据值域", "*共享属性", "*开放属性", "*敏感属性", "*涉密属性", "是否时间戳", "是否主键",
)  # fmt: skip
_DATA_NOTES = (
    "填表说明：带 * 的为必填。\n"
    "挂接资源名称填库表的中文名；一条目录挂接一个库表。\n"
    "多个业务对象、多个事项之间用“；”分隔；业务对象与其子类用“/”连接。\n"
    "有条件共享填共享条件，不予共享填依据。数据时间范围只填起始日期的，视为至今。"
)
_OBJECTS = (
    "信息资产/信息系统",
    "人口/户籍人口",
    "法人/企业",
    "不动产/房屋",
    "设施/城市部件",
    "城市运行/公共安全事件",
    "城市运行/安全隐患",
    "交通工具/车辆",
    "空间/环境要素",
    "服务对象/服务对象",
    "经济/经济活动",
    "政务活动/政务办件",
)
_SCENES = (
    "其他",
    "公共服务",
    "监管",
    "公共服务",
    "监管",
    "监管",
    "监管",
    "监管",
    "监管",
    "公共服务",
    "其他",
    "政务服务",
)
_FREQUENCY = {"实时": "准实时", "每小时": "每小时1次", "每日": "每日1次", "每周": "每周1次"}


def provider(e: Entry, delivery: str) -> Department:
    """Who hands the entry in: what 招商局 had is 商务局's since their merger in 2025."""
    merged = e.department.number == "18" and delivery >= "2025-01"
    return departments()["17"] if merged else e.department


def data_row(e: Entry, form: Form) -> list[Cell]:
    """The row of a data resource, in the order of the real form."""
    assert e.table
    office = provider(e, form.delivery).name
    n = e.class_number - 1
    cycle = "实时" if e.cycle == "每小时" else e.cycle  # the form knows no other
    mounted = e.table.comment if e.table.base.engine != "sqlite" else e.table.name
    return [
        mounted, e.title, office, office, e.system, _OBJECTS[n],
        _SCENES[n], e.matter, "全市", f"{2012 + len(e.title) % 9}/01/01", cycle, e.level,
        e.abstract, e.class_name, "", "", e.sharing, e.condition or e.refusal,
        "" if e.sharing == "不予共享" else "共享平台方式", e.opening,
        "登录公共数据开放平台实名认证后申请" if e.opening == "有条件开放" else "",
        "增量" if e.cycle in _FREQUENCY else "全量", _FREQUENCY.get(e.cycle, "按更新周期"),
        "否", "是" if e.opening == "无条件开放" else "否",
    ]  # fmt: skip


def _data_form(form: Form, path: Path) -> None:
    book = Workbook()
    sheet = new_sheet(book, "数据资源目录导入")
    notes(sheet, _DATA_NOTES, len(_DATA_COLUMNS))
    groups(sheet, _DATA_GROUPS)
    header(sheet, _DATA_COLUMNS)
    choices(sheet, 9, 4, ("全市", "市直", "区县（市）"))
    choices(sheet, 17, 4, tuple(SHARING.values()))
    choices(sheet, 20, 4, tuple(OPENING.values()))
    items = new_sheet(book, "信息项导入")
    notes(
        items,
        "填表说明：信息项按数据资源目录名称对应；技术名称填库表字段名。",
        len(_DATA_ITEM_COLUMNS),
    )
    header(items, _DATA_ITEM_COLUMNS)
    for e in entries_of(form):
        row = data_row(e, form)
        _append(sheet, row)
        if e.table and e.table.short == faults.DRAGGED:
            for tail in "123":
                _append(sheet, ["", e.title + tail, *row[2:]])
        for i in e.items:
            _append(items, _data_item_row(e, i))
    save(book, path)


def _data_item_row(e: Entry, i: Item) -> list[Cell]:
    return [
        e.title, i.name, i.column, i.element, i.code_set, i.data_type, i.length, "",
        e.item_sharing(i), e.item_opening(i), "敏感" if i.sensitive else "非敏感", "非涉密",
        "是" if i.stamp else "否", "是" if i.key else "否",
    ]  # fmt: skip


def _objects(path: Path) -> None:
    """The list of business objects: five levels in a row, blanks mean “as above”."""
    book = Workbook()
    sheet = new_sheet(book, "业务对象清单")
    names = (
        "*业务对象L1分组名称", "业务对象L1分组描述", "*业务对象L2分组名称", "*业务对象L2分组Owner",
        "业务对象L2分组描述", "*业务对象名称", "*业务对象Owner", "业务对象描述", "逻辑实体名称",
        "属性名称", "唯一标识", "分级标签",
    )  # fmt: skip
    notes(
        sheet, "填表说明：* 为必填；同一业务对象的多个属性分行填写，其余单元格可留空。", len(names)
    )
    sheet.append([""])
    for column, name in enumerate(names, 1):
        sheet.cell(3, column, name)
    for number, r in enumerate(rows("objects.csv"), 4):
        owner = departments()[r["主管部门"]].name if r["主管部门"] else ""
        values = (
            r["L1"], r["L1描述"], r["L2"], owner if r["L2"] else "", r["L2描述"], r["业务对象"],
            owner, r["描述"], r["逻辑实体"], r["属性"], r["唯一标识"], "",
        )  # fmt: skip
        for column, value in enumerate(values, 1):
            if value:
                sheet.cell(number, column, value)
    save(book, path)
