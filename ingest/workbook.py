"""Excel workbooks, opened safely and read as rows of text.

A workbook comes from somewhere else: it is looked at before it is parsed. A bomb (a small
file that unpacks to a huge one), a document type (entity bombs need one) and a file that is
no workbook are refused with InvalidInput; macros are never run, only mentioned. Cells come
as the text that a person sees: dates as ISO 8601, whole numbers without ".0", codes that are
only shown with leading zeros ("000") with them.

    with open_book(path) as book:
        for sheet in book.sheets:
            for row in sheet.rows():
                row.number, row.cells
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from zipfile import ZipFile

import openpyxl
import xlrd

from ingest.sheet import MAX_COLUMNS, Area, Coordinates, Row, Sheet, row_of
from ingest.xlsx_parts import has_macros, looked_through, refuse_unsafe
from ontology.errors import InvalidInput

OLE = bytes.fromhex("D0CF11E0A1B11AE1")


@dataclass(frozen=True, slots=True)
class Book:
    """An open workbook; a context manager."""

    path: Path
    sheets: tuple[Sheet, ...]
    macros: bool
    close: Callable[[], None]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_book(path: Path) -> Book:
    """The workbook at `path`, old (.xls) or new (.xlsx), whatever its name ends in."""
    try:
        with path.open("rb") as file:
            start = file.read(512)
    except OSError as error:
        raise InvalidInput(f"{path.name} 打不开 (cannot be opened): {error.strerror}") from error
    if start.startswith(b"PK"):
        return _open_xlsx(path)
    if start.startswith(OLE):
        return _open_xls(path)
    if start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        raise InvalidInput(
            f"{path.name} 是网页或 XML，不是 Excel 工作簿 (not a workbook)；"
            "请用 Excel 或 WPS 打开后另存为 .xlsx"
        )
    raise InvalidInput(
        f"{path.name} 不是 Excel 工作簿 (not a workbook)；若是文本，请改名为 .csv，"
        "否则请另存为 .xlsx"
    )


# --- .xlsx -----------------------------------------------------------------------------


def _open_xlsx(path: Path) -> Book:
    try:
        with ZipFile(path) as archive:
            refuse_unsafe(path, archive)
            macros = has_macros(archive)
            merged, unstored = looked_through(archive)
        book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except InvalidInput:
        raise
    except Exception as error:  # whatever a malformed file makes the parser raise
        raise InvalidInput(
            f"{path.name} 不能作为工作簿读出 (damaged workbook: {type(error).__name__})；"
            "请用 Excel 或 WPS 打开后另存为 .xlsx"
        ) from error
    sheets = tuple(
        Sheet(
            sheet.title,
            sheet.sheet_state != "visible",
            merged.get(sheet.title, ()),
            partial(_xlsx_rows, path, sheet, unstored.get(sheet.title, frozenset())),
        )
        for sheet in book.worksheets
    )
    return Book(path, sheets, macros, book.close)


def _xlsx_rows(path: Path, sheet: Any, unstored: Coordinates) -> Iterator[Row]:
    sheet.reset_dimensions()  # some programs write a wrong one
    number = 0
    try:
        for number, cells in enumerate(sheet.iter_rows(), 1):
            shown = [_shown(cell.value, cell.number_format) for cell in cells[:MAX_COLUMNS]]
            yield row_of(number, shown, unstored)
    except Exception as error:  # a sheet cut in the middle: what was read is kept
        raise InvalidInput(
            f"{path.name} › {sheet.title} 第 {number} 行之后读不出来 "
            f"(damaged sheet: {type(error).__name__})；请用 Excel 或 WPS 打开后另存"
        ) from error


# --- .xls ------------------------------------------------------------------------------


def _open_xls(path: Path) -> Book:
    try:
        book = xlrd.open_workbook(str(path), formatting_info=True, on_demand=True)
    except Exception as error:  # encrypted, a Word file, damaged
        raise InvalidInput(
            f"{path.name} 是旧格式 .xls 或带密码，读不出来 ({type(error).__name__}: {error})；"
            "请去掉密码并另存为 .xlsx"
        ) from error

    def rows(sheet: Any) -> Iterator[Row]:
        for index in range(sheet.nrows):
            yield row_of(index + 1, [_xls_cell(book, cell) for cell in sheet.row(index)])

    sheets = tuple(
        Sheet(
            sheet.name,
            sheet.visibility != 0,
            tuple(Area(c1 + 1, r1 + 1, c2, r2) for r1, r2, c1, c2 in sheet.merged_cells),
            partial(rows, sheet),
        )
        for sheet in book.sheets()
    )
    return Book(path, sheets, False, book.release_resources)


def _xls_cell(book: Any, cell: Any) -> str:
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return _shown(xlrd.xldate_as_datetime(cell.value, book.datemode), "")
        except (ValueError, OverflowError):
            return _shown(cell.value, "")
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, "#N/A"))
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return _shown(bool(cell.value), "")
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        style = book.format_map.get(book.xf_list[cell.xf_index].format_key)
        return _shown(cell.value, style.format_str if style is not None else "")
    return _shown(cell.value, "")


# --- both ------------------------------------------------------------------------------

_PADDED = re.compile(r'^"?(0{2,})"?$')


def _shown(value: object, style: str | None) -> str:
    """The text that a person sees in the cell."""
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat()
        case int() | float():
            if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
                value = int(value)
            padded = _PADDED.match(style or "")
            return str(value).zfill(len(padded[1])) if padded else str(value)
        case _:
            text = str(value).replace("\r\n", "\n").replace("_x000D_", "").replace("\x00", "")
            return text.strip()
