"""Forms of information resources, as offices fill them in: two sheets of a workbook, an old .xls
under another name, or one table in GB18030."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import xlwt  # type: ignore[import-untyped]  # it has no stubs
from openpyxl import Workbook

from samples.city import faults
from samples.city.entries import OPENING, SHARING, Entry
from samples.city.form import Form, entries_of, provider, published
from samples.city.items import Item
from samples.city.plan import rows, systems
from samples.city.workbook import Cell, append, choices, groups, header, new_sheet, notes, save

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "名称与来源",
        (
            "*信息资源名称",
            "信息资源代码",
            "*提供方",
            "提供方代码",
            "编制机构",
            "*摘要",
            "关键词",
            "信息资源分类",
            "格式分类",
            "格式",
            "目录层级",
            "空间范围",
            "所属信息系统",
            "所属库",
            "产生于事项",
        ),
    ),
    (
        "共享与开放",
        ("*共享类型", "共享条件", "不予共享依据", "共享方式", "服务形式", "*开放类型", "开放条件"),
    ),
    ("安全", ("*安全等级", "个人信息", "是否重要数据", "涉密属性")),
    ("更新与状态", ("*更新周期", "发布日期", "目录状态")),
    ("联系", ("责任联系人", "联系电话")),
)
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

_LIBRARIES = {
    2: "人口基础库",
    3: "法人基础库",
    4: "自然资源和空间地理基础库",
    5: "城市部件与事件主题库",
    7: "应急管理主题库",
    9: "生态环保主题库",
    11: "经济基础库",
}
_LIBRARIES_OF = {
    "02": "社会信用基础库",
    "07": "一老一小主题库",
    "10": "社会保障主题库",
    "20": "医疗健康主题库",
    "26": "医疗健康主题库",
    "30": "社会保障主题库",
    "32": "澜东区数仓",
}


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
        e.title,
        e.code,
        office.short if short_only else office.name,
        "" if short_only else office.uscc,
        unit,
        e.abstract,
        "，".join(e.keywords),
        e.class_name,
        "数据库" if e.system else "电子表格",
        _format(e),
        "市级",
        "全市",
        e.system,
        library(e),
        e.matter,
        e.sharing,
        e.condition,
        refusal,
        "" if e.sharing == "不予共享" else "共享平台方式",
        SERVICE[e.sharing],
        opening,
        "登录公共数据开放平台实名认证后申请" if opening == "有条件开放" else "",
        level,
        e.personal,
        "否",
        "非涉密",
        e.cycle,
        published(e, form).strftime("%Y/%m/%d"),
        "已发布",
        office.post,
        office.phone,
    ]


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
        e.title,
        i.name,
        number,
        i.element,
        i.code_set,
        i.data_type,
        i.length,
        sharing,
        opening,
        "敏感数据" if i.sensitive else min(e.level, "内部数据", key=_RANKS.index),
        "敏感" if i.sensitive else "非敏感",
        "非涉密",
        "是" if i.key else "否",
    ]


_RANKS = ("公开数据", "内部数据", "敏感数据", "核心数据")


def write_workbook(form: Form, path: Path) -> None:
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
        append(sheet, row, blank=form.style == "blanks" and number % 7 == 6)
        for item in item_rows(e):
            append(items, item)
    save(book, path)


def write_xls(form: Form, path: Path) -> None:
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


def write_csv(form: Form, path: Path) -> None:
    """One table in GB18030, item names in one cell, as small offices send it."""
    names = [n.lstrip("*") for _, own in GROUPS for n in own] + ["信息项"]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(names)
    for e in entries_of(form):
        writer.writerow([*information_row(e, form), "；".join(i.name for i in e.items)])
    path.write_bytes(text.getvalue().encode("gb18030"))
