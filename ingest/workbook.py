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
from xml.parsers import expat
from zipfile import ZipFile

import openpyxl
import xlrd
from openpyxl.utils import range_boundaries
from openpyxl.utils.cell import coordinate_to_tuple

from ontology.errors import InvalidInput

MAX_UNPACKED = 256 * 2**20
"""Bytes that all parts of a workbook may unpack to."""
SUSPECT = (64 * 2**20, 400)
"""A part larger than this that was packed tighter than this many times is a bomb."""
MAX_PARTS = 5_000
MAX_COLUMNS = 1_000
MAX_ROWS = 1_048_576
MAX_CELL = 32_767
"""Characters of a cell: Excel's own limit. Longer text is cut, and its column named."""
MAX_BLANK_ROWS = 2_000
"""So many empty rows in a row end a sheet (a format dragged down to row 1,048,576)."""

OLE = bytes.fromhex("D0CF11E0A1B11AE1")


@dataclass(frozen=True, slots=True)
class Area:
    """A merged area, rows and columns counted from 1, all four included."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as a person counts, its cells ("" is empty), which cells
    (counted from 0) were longer than MAX_CELL and have been cut, and which ("" too) hold an
    error or a formula of which no value was stored."""

    number: int
    cells: tuple[str, ...]
    cut: tuple[int, ...] = ()
    flaws: tuple[tuple[int, str], ...] = ()

    @property
    def blank(self) -> bool:
        return not any(self.cells) and not self.flaws


@dataclass(frozen=True, slots=True)
class Sheet:
    """One visible or hidden sheet. `rows()` reads it from the top each time: rows that are
    wholly empty are left out, and a cell merged downwards stands in each of its rows."""

    name: str
    hidden: bool
    merged: tuple[Area, ...]
    read: Callable[[], Iterator[Row]]

    def rows(self) -> Iterator[Row]:
        return _filled(_bounded(self.read()), self.merged)

    def left_out(self) -> int | None:
        """The first row that is filled behind the blank ones that end the sheet."""
        last = 0
        for row in self.read():
            if not row.blank:
                if row.number - last > MAX_BLANK_ROWS:
                    return row.number
                last = row.number
        return None


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
            macros = _inspect(path, archive)
            merged, unstored = _looked_through(archive)
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


def _inspect(path: Path, archive: ZipFile) -> bool:
    """Refuse bombs and document types before anything is parsed; tell whether it has macros.
    Sizes are those of the directory: reading a part never yields more than it declares."""
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    bomb = any(
        part.file_size > SUSPECT[0] and part.file_size > SUSPECT[1] * max(part.compress_size, 1)
        for part in parts
    )
    if bomb or unpacked > MAX_UNPACKED or len(parts) > MAX_PARTS:
        raise InvalidInput(
            f"{path.name} 解开后有 {unpacked / 2**20:.0f} MB、{len(parts)} 个部件，超出上限 "
            f"{MAX_UNPACKED / 2**20:.0f} MB (zip bomb or too large)；请拆成几个较小的文件"
        )
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            _refuse_doctype(path, archive, part.filename)
    return any(part.filename.lower().endswith("vbaproject.bin") for part in parts)


class _Seen(Exception):
    """The root element has begun: no document type can follow."""


def _refuse_doctype(path: Path, archive: ZipFile, name: str) -> None:
    def doctype(*_: object) -> None:
        raise InvalidInput(
            f"{path.name} 的部件 {name} 声明了文档类型 (document type, entity bomb)，正常的工作簿"
            "没有；已拒绝读取"
        )

    def element(*_: object) -> None:
        raise _Seen

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = element
    with archive.open(name) as part:
        try:
            while chunk := part.read(65_536):
                parser.Parse(chunk, False)
        except (_Seen, expat.ExpatError):
            return  # a part that is not well-formed is the parser's to report


_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z]+\d+:[A-Z]+\d+)\"")
_UNSTORED = re.compile(
    rb"<(?:\w+:)?c\s(?![^>]*\bt=\"str\")[^>]*?\br=\"([A-Z]+\d+)\"[^>]*>\s*"
    rb"<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*(?:/>|></(?:\w+:)?v>))?\s*</(?:\w+:)?c>"
)
"""A cell with a formula and no value; one whose value is an empty text has one."""
_OVERLAP = 20_000
"""Bytes: more than any cell that is sought."""

_Unstored = frozenset[tuple[int, int]]
"""Row and column, counted from 1."""


def _looked_through(
    archive: ZipFile,
) -> tuple[dict[str, tuple[Area, ...]], dict[str, _Unstored]]:
    """What openpyxl does not tell when it streams: sheet name → its merged areas, and its
    formulas without a stored value."""
    targets = {
        _attribute(tag, b"Id"): _attribute(tag, b"Target")
        for tag in _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels"))
    }
    areas: dict[str, tuple[Area, ...]] = {}
    unstored: dict[str, _Unstored] = {}
    for tag in _SHEET.findall(archive.read("xl/workbook.xml")):
        target = targets.get(_attribute(tag, b"r:id"), "")
        name = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if name in archive.NameToInfo:
            sheet = _attribute(tag, b"name")
            areas[sheet], unstored[sheet] = _found_in(archive, name)
    return areas, unstored


def _attribute(tag: bytes, name: bytes) -> str:
    found = re.search(rb"\b" + name + rb"\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", tag)
    if found is None:
        return ""
    text = (found[1] or found[2] or b"").decode("utf-8", "replace")
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        text = text.replace(entity, character)
    return text


def _found_in(archive: ZipFile, name: str) -> tuple[tuple[Area, ...], _Unstored]:
    rest = b""
    areas: dict[Area, None] = {}
    unstored: set[tuple[int, int]] = set()
    with archive.open(name) as part:
        while chunk := part.read(2**20):
            text = rest + chunk
            for found in _MERGED.finditer(text):
                left, top, right, bottom = range_boundaries(found[1].decode())
                if left and top and right and bottom:
                    areas[Area(left, top, right, bottom)] = None
            for found in _UNSTORED.finditer(text):
                unstored.add(coordinate_to_tuple(found[1].decode()))
            rest = text[-_OVERLAP:]
    return tuple(areas), frozenset(unstored)


def _xlsx_rows(path: Path, sheet: Any, unstored: _Unstored) -> Iterator[Row]:
    sheet.reset_dimensions()  # some programs write a wrong one
    number = 0
    try:
        for number, cells in enumerate(sheet.iter_rows(), 1):
            shown = [_shown(cell.value, cell.number_format) for cell in cells[:MAX_COLUMNS]]
            yield _row(number, shown, unstored)
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
            yield _row(index + 1, [_xls_cell(book, cell) for cell in sheet.row(index)])

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
_ERROR = re.compile(r"^#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!)$")


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


def _row(number: int, texts: list[str], unstored: _Unstored = frozenset()) -> Row:
    """The row; an error is no text, but is told."""
    flaws: list[tuple[int, str]] = []
    for index, text in enumerate(texts):
        if _ERROR.match(text):
            texts[index] = ""
            flaws.append((index, f"单元格是错误值 {text} (an error)，该行未读取"))
        elif unstored and (number, index + 1) in unstored:
            flaws.append((index, "公式没有存下结果 (formula without a stored value)，该行未读取"))
    while texts and not texts[-1]:
        texts.pop()
    cut = tuple(index for index, text in enumerate(texts) if len(text) > MAX_CELL)
    for index in cut:
        texts[index] = texts[index][:MAX_CELL]
    return Row(number, tuple(texts), cut, tuple(flaws))


def _bounded(rows: Iterator[Row]) -> Iterator[Row]:
    last = 0
    for row in rows:
        if not row.blank:
            last = row.number
        elif row.number - last > MAX_BLANK_ROWS:
            return
        if row.number > MAX_ROWS:
            return
        yield row


def _filled(rows: Iterator[Row], merged: tuple[Area, ...]) -> Iterator[Row]:
    """Cells merged downwards repeat in each of their rows; blank rows fall out."""
    tall = sorted((a for a in merged if a.bottom > a.top), key=lambda a: a.top)
    open_areas: list[tuple[Area, str]] = []
    for row in rows:
        open_areas = [(area, text) for area, text in open_areas if area.bottom >= row.number]
        while tall and tall[0].top <= row.number:
            area = tall.pop(0)
            text = row.cells[area.left - 1] if area.left <= len(row.cells) else ""
            if area.top == row.number and text:
                open_areas.append((area, text))
        if row.blank:
            continue  # a merged area alone makes no row
        cells = list(row.cells)
        for area, text in open_areas:
            if area.left > len(cells):
                cells.extend("" for _ in range(area.left - len(cells)))
            if area.left <= MAX_COLUMNS and not cells[area.left - 1]:
                cells[area.left - 1] = text
        yield Row(row.number, tuple(cells), row.cut, row.flaws)
