"""The catalogue of electronic licences: two workbooks of two sheets, joined by name."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook

from samples.city import names
from samples.city.items import item
from samples.city.plan import departments, rows
from samples.city.workbook import header, new_sheet, save

BOOKS = (("电子证照目录_自然人.xlsx", True), ("电子证照目录_法人及其他.xlsx", False))


def write(root: Path) -> None:
    """Both workbooks below `root`/licences."""
    for name, natural in BOOKS:
        book = Workbook()
        sheet = new_sheet(book, "电子证照")
        header(
            sheet,
            (
                "证照名称",
                "发证级别",
                "行业",
                "证照主体",
                "管理部门",
                "证照编号",
                "有效期",
                "更新时间",
                "状态",
            ),
        )
        items = new_sheet(book, "信息项")
        header(items, ("证照名称", "信息项名称", "数据类型", "数据长度"))
        for number, r in enumerate(rows("licences.csv"), 1):
            if (r["证照主体"] == "自然人") != natural:
                continue
            office = departments()[r["管理部门"]]
            sheet.append(
                [
                    r["证照名称"],
                    r["发证级别"],
                    r["行业"],
                    r["证照主体"],
                    office.name,
                    names.licence_code(number),
                    r["有效期"],
                    "2025-12-20",
                    "已发布",
                ]
            )
            for label in r["信息项"].split():
                i = item(label, "内")
                items.append([r["证照名称"], label, i.data_type, i.length])
        save(book, root / "licences" / name)
