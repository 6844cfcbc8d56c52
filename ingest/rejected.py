"""The rows that were kept out, to correct and hand in again: lines of JSON as they were read,
the rows of all other kinds as a workbook.

In it one sheet per sheet that they come from, with its headers as they were; beside each row what
is wrong and how to mend it. These last columns are not read when it is imported again.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ingest.jsonl import LINE
from ingest.report import RejectedRow

PLACE, WRONG, MEND = "【原位置】", "【问题】", "【如何改】"
"""Headers of the added columns."""

_BAD_TITLE = str.maketrans(dict.fromkeys("[]:*?/\\", "_"))


def ending_of(kind: str) -> str:
    """Of the file that a kind of source reads its refused rows from again."""
    return ".jsonl" if kind == "jsonl" else ".xlsx"


def write(path: Path, rows: Iterable[RejectedRow]) -> int:
    """Write the file, lines where its name ends so, and return the number of rows in it;
    none, no file."""
    return _write_lines(path, rows) if path.suffix == ".jsonl" else _write_book(path, rows)


def _write_lines(path: Path, rows: Iterable[RejectedRow]) -> int:
    """Each line once, though several claims of it were refused."""
    lines = {(row.file, row.row): row.raw[LINE].rstrip("\r\n") for row in rows}
    if lines:
        path.write_text("".join(f"{line}\n" for line in lines.values()), "utf-8")
    return len(lines)


def _write_book(path: Path, rows: Iterable[RejectedRow]) -> int:
    groups: dict[tuple[str, str], list[RejectedRow]] = {}
    for row in rows:
        groups.setdefault((row.file, row.sheet), []).append(row)
    if not groups:
        return 0
    book = Workbook()
    book.remove(book.worksheets[0])
    for (file, sheet), group in groups.items():
        _write_sheet(book.create_sheet(_title(book, sheet or Path(file).stem)), group)
    book.save(path)
    return sum(map(len, groups.values()))


def _title(book: Workbook, wished: str) -> str:
    """A title that Excel takes: at most 31 characters, none of []:*?/\\, each once."""
    base = wished.translate(_BAD_TITLE).strip("'")[:31] or "Sheet"
    title, count = base, 1
    while title in book.sheetnames:
        count += 1
        title = f"{base[:27]} {count}"
    return title


def _write_sheet(sheet: Worksheet, rows: list[RejectedRow]) -> None:
    headers = list(dict.fromkeys(header for row in rows for header in row.raw))
    for column, header in enumerate([*headers, PLACE, WRONG, MEND], 1):
        cell = put(sheet, 1, column, header)
        cell.font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = (
            20 if column <= len(headers) else 36
        )
    for number, row in enumerate(rows, 2):
        wrong = {problem.column for problem in row.problems}
        for column, header in enumerate(headers, 1):
            cell = put(sheet, number, column, row.raw.get(header, ""))
            if header in wrong:
                cell.fill = PatternFill("solid", fgColor="FFFFC7CE")
        place = "" if row.row is None else f"{row.file} 第 {row.row} 行"
        told = (place, _lines(p.what for p in row.problems), _lines(p.mend for p in row.problems))
        for column, text in enumerate(told, len(headers) + 1):
            put(sheet, number, column, text).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(dict.fromkeys(text for text in texts if text))


def put(sheet: Worksheet, row: int, column: int, text: str) -> Cell:
    """Set a cell to text, never to a formula, whatever it begins with; returns the cell."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)  # nothing is merged here
    cell.value = "".join(c for c in text if c >= " " or c in "\n\t")[:32_767]
    cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = text[:1] in "=+-@"
    return cell
