"""Workbooks whose bytes depend on their content only: fixed times inside and out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

Cell = str | int | float | None

WHEN = datetime(2024, 1, 8, 9, 0, 0)
_HEAD = PatternFill("solid", fgColor="DDEBF7")


def new_sheet(book: Workbook, title: str) -> Worksheet:
    """A sheet of that title; the book's first empty one is taken over."""
    first = book.worksheets[0]
    if first.title == "Sheet":
        first.title = title
        return first
    sheet: Worksheet = book.create_sheet(title)
    return sheet


def notes(sheet: Worksheet, text: str, columns: int) -> None:
    """Row 1: how to fill in the form, merged over all columns."""
    sheet.append([text])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=columns)
    sheet["A1"].alignment = Alignment(wrap_text=True, vertical="top")
    sheet.row_dimensions[1].height = 18 * (text.count("\n") + 1)


def groups(sheet: Worksheet, spans: Sequence[tuple[str, int]]) -> None:
    """A row of merged group captions: (caption, number of columns); "" leaves cells empty."""
    row, left = sheet.max_row + 1, 1
    for caption, width in spans:
        if caption:
            sheet.cell(row, left, caption).alignment = Alignment(horizontal="center")
            if width > 1:
                sheet.merge_cells(
                    start_row=row, start_column=left, end_row=row, end_column=left + width - 1
                )
        left += width


def header(sheet: Worksheet, names: Sequence[str]) -> None:
    """The header row, bold; columns as wide as their names need."""
    sheet.append(list(names))
    for index, name in enumerate(names, 1):
        cell = sheet.cell(sheet.max_row, index)
        cell.font, cell.fill = Font(bold=True), _HEAD
        sheet.column_dimensions[get_column_letter(index)].width = max(10, 2 * len(name) + 2)


def choices(sheet: Worksheet, column: int, first: int, values: Sequence[str]) -> None:
    """A drop-down down to Excel's last row, as real forms have them."""
    letter = get_column_letter(column)
    rule = DataValidation("list", formula1=f'"{",".join(values)}"', allow_blank=True)
    rule.add(f"{letter}{first}:{letter}1048576")
    sheet.add_data_validation(rule)


def append(sheet: Worksheet, row: Sequence[Cell], *, blank: bool = False) -> None:
    """A row, after an empty one where the form has gaps; empty strings are no cells."""
    number = sheet.max_row + (2 if blank else 1)
    for column, value in enumerate(row, 1):
        if value not in ("", None):
            cell = sheet.cell(number, column, value)
            if isinstance(value, str):
                cell.number_format = "@"


def save(book: Workbook, path: Path) -> None:
    """Write the workbook with fixed times, so that the same content gives the same file."""
    book.properties.creator = "云澜市数据局"
    book.properties.created = book.properties.modified = WHEN
    buffer = io.BytesIO()
    book.save(buffer)
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(path, "w") as target:
        for name in sorted(source.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _timeless(content)
            entry = zipfile.ZipInfo(name, WHEN.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, content)


def _timeless(core: bytes) -> bytes:
    """Saving stamps the time of day; put the fixed one back."""
    text = core.decode()
    for tag in ("created", "modified"):
        start = text.index(">", text.index(f"<dcterms:{tag}")) + 1
        end = text.index(f"</dcterms:{tag}>")
        text = text[:start] + WHEN.strftime("%Y-%m-%dT%H:%M:%SZ") + text[end:]
    return text.encode()
