"""Forms of data resources on the real form's shape, and the list of business objects."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook

from samples.city import faults
from samples.city.entries import OPENING, SHARING, Entry
from samples.city.form import Form, entries_of, provider
from samples.city.items import Item
from samples.city.plan import departments, rows
from samples.city.workbook import Cell, append, choices, groups, header, new_sheet, notes, save

_DATA_GROUPS = (
    ("", 1),
    ("基本属性", 12),
    ("资源属性分类", 3),
    ("共享开放信息", 5),
    ("更多信息", 4),
)
_DATA_COLUMNS = (
    "挂接资源名称",
    "*数据资源目录名称",
    "数据资源来源部门",
    "*目录提供方",
    "所属信息系统",
    "*所属业务对象",
    "应用场景分类",
    "*数据所属事项",
    "*空间范围",
    "*数据时间范围",
    "*更新周期",
    "*数据分级",
    "*数据资源目录描述",
    "资源属性分类一",
    "资源属性分类二",
    "资源属性分类三",
    "*共享属性",
    "共享条件/不予共享依据",
    "共享方式",
    "*开放属性",
    "开放条件",
    "数据同步机制",
    "同步频率",
    "数据是否存在物理删除",
    "是否上线到超市",
)
_DATA_ITEM_COLUMNS = (
    "*数据资源目录名称",
    "*信息项业务名称",
    "*信息项技术名称",
    "关联数据标准",
    "关联码表",
    "*数据类型",
    "数据长度",
    "数据值域",
    "*共享属性",
    "*开放属性",
    "*敏感属性",
    "*涉密属性",
    "是否时间戳",
    "是否主键",
)
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


def data_row(e: Entry, form: Form) -> list[Cell]:
    """The row of a data resource, in the order of the real form."""
    assert e.table
    office = provider(e, form.delivery).name
    n = e.class_number - 1
    cycle = "实时" if e.cycle == "每小时" else e.cycle  # the form knows no other
    mounted = e.table.comment if e.table.base.engine != "sqlite" else e.table.name
    return [
        mounted,
        e.title,
        office,
        office,
        e.system,
        _OBJECTS[n],
        _SCENES[n],
        e.matter,
        "全市",
        f"{2012 + len(e.title) % 9}/01/01",
        cycle,
        e.level,
        e.abstract,
        e.class_name,
        "",
        "",
        e.sharing,
        e.condition or e.refusal,
        "" if e.sharing == "不予共享" else "共享平台方式",
        e.opening,
        "登录公共数据开放平台实名认证后申请" if e.opening == "有条件开放" else "",
        "增量" if e.cycle in _FREQUENCY else "全量",
        _FREQUENCY.get(e.cycle, "按更新周期"),
        "否",
        "是" if e.opening == "无条件开放" else "否",
    ]


def write_workbook(form: Form, path: Path) -> None:
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
        append(sheet, row)
        if e.table and e.table.short == faults.DRAGGED:
            for tail in "123":
                append(sheet, ["", e.title + tail, *row[2:]])
        for i in e.items:
            append(items, _data_item_row(e, i))
    save(book, path)


def _data_item_row(e: Entry, i: Item) -> list[Cell]:
    return [
        e.title,
        i.name,
        i.column,
        i.element,
        i.code_set,
        i.data_type,
        i.length,
        "",
        e.item_sharing(i),
        e.item_opening(i),
        "敏感" if i.sensitive else "非敏感",
        "非涉密",
        "是" if i.stamp else "否",
        "是" if i.key else "否",
    ]


def write_objects(path: Path) -> None:
    """The list of business objects: five levels in a row, blanks mean “as above”."""
    book = Workbook()
    sheet = new_sheet(book, "业务对象清单")
    names = (
        "*业务对象L1分组名称",
        "业务对象L1分组描述",
        "*业务对象L2分组名称",
        "*业务对象L2分组Owner",
        "业务对象L2分组描述",
        "*业务对象名称",
        "*业务对象Owner",
        "业务对象描述",
        "逻辑实体名称",
        "属性名称",
        "唯一标识",
        "分级标签",
    )
    notes(
        sheet, "填表说明：* 为必填；同一业务对象的多个属性分行填写，其余单元格可留空。", len(names)
    )
    sheet.append([""])
    for column, name in enumerate(names, 1):
        sheet.cell(3, column, name)
    for number, r in enumerate(rows("objects.csv"), 4):
        owner = departments()[r["主管部门"]].name if r["主管部门"] else ""
        values = (
            r["L1"],
            r["L1描述"],
            r["L2"],
            owner if r["L2"] else "",
            r["L2描述"],
            r["业务对象"],
            owner,
            r["描述"],
            r["逻辑实体"],
            r["属性"],
            r["唯一标识"],
            "",
        )
        for column, value in enumerate(values, 1):
            if value:
                sheet.cell(number, column, value)
    save(book, path)
