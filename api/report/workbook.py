"""Tables as Excel: a sheet of rows to sort and filter, and a sheet that says what they are."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from api.report.sheet import Cell, Row, Sheet, clean, is_formula

LONGEST = 32_000
"""Characters of a cell; Excel allows 32,767."""

MOST = 1_000_000
"""Rows of a sheet; Excel allows 1,048,576."""

CHUNK = 1 << 16
WIDE, NARROW = 48, 12


async def as_workbook(sheet: Sheet) -> AsyncIterator[bytes]:
    """An .xlsx file. Rows go to disk as they come, so memory does not grow with them."""
    book = Workbook(write_only=True)
    place, count = _started(book, sheet, 1), 0
    async for row in sheet.rows:
        if count and count % MOST == 0:
            place = _started(book, sheet, count // MOST + 1)
        place.append([_cell(place, value) for value in row])
        count += 1
    about = book.create_sheet("说明")
    about.column_dimensions["A"].width = 2 * WIDE
    for note in (sheet.title, *sheet.notes, *sheet.cut):
        about.append([_cell(about, note)])
    with tempfile.TemporaryFile() as file:
        await asyncio.to_thread(book.save, file)
        file.seek(0)
        while chunk := file.read(CHUNK):
            yield chunk


def _started(book: Any, sheet: Sheet, number: int) -> Any:
    """A sheet with its header row, which stays in sight."""
    place = book.create_sheet(f"清单{number}" if number > 1 else "清单")
    place.freeze_panes = "A2"
    for i, name in enumerate(sheet.columns, 1):
        wide = any(word in name for word in ("资源", "路径", "标识", "规则", "→"))
        place.column_dimensions[get_column_letter(i)].width = WIDE if wide else 1.5 * NARROW
    place.append(_header(place, sheet.columns))
    return place


def _header(place: Any, columns: Row) -> list[Any]:
    cells = [_cell(place, name) for name in columns]
    for cell in cells:
        cell.font = Font(bold=True)
    return cells


def _cell(place: Any, value: Cell) -> Any:
    if not isinstance(value, str):
        return WriteOnlyCell(place, value)
    text = clean(value)[:LONGEST]
    cell = WriteOnlyCell(place)
    cell.value = text
    cell.data_type = "s"  # never a formula, whatever it begins with
    if is_formula(text):
        cell.quotePrefix = True
    cell.alignment = Alignment(vertical="top", wrap_text="\n" in text)
    return cell
