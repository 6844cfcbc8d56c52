"""Tables as text: CSV for spreadsheets, Markdown for a merge request or a wiki."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Iterable

from api.report.sheet import Cell, Row, Sheet, clean, is_formula

BOM = "\ufeff"
"""Without it Excel reads Chinese in CSV as gibberish."""


async def as_csv(sheet: Sheet) -> AsyncIterator[bytes]:
    """RFC 4180, UTF-8 with a mark. Where the table stops short its last lines say so."""
    yield (BOM + _line(sheet.columns)).encode()
    async for row in sheet.rows:
        yield _line(row).encode()
    for text in sheet.cut:
        yield _line((text,)).encode()


def _line(row: Row) -> str:
    text = io.StringIO()
    csv.writer(text).writerow([_safe(cell) for cell in row])
    return text.getvalue()


def _safe(cell: Cell) -> Cell:
    if not isinstance(cell, str):
        return cell
    text = clean(cell)
    return f"'{text}" if is_formula(text) else text


async def as_markdown(sheet: Sheet) -> AsyncIterator[bytes]:
    """A heading, what it is about, the table."""
    lines = [f"# {escaped(sheet.title)}", ""]
    lines += [f"- {escaped(note)}" for note in (*sheet.notes, *sheet.cut)]
    lines += ["", _cells(sheet.columns), "|" + "---|" * len(sheet.columns)]
    yield ("\n".join(lines) + "\n").encode()
    async for row in sheet.rows:
        yield (_cells(row) + "\n").encode()


def _cells(row: Iterable[Cell]) -> str:
    return "| " + " | ".join(escaped("" if c is None else str(c)) for c in row) + " |"


def escaped(text: str) -> str:
    """The text as Markdown shows it, and nothing that Markdown or HTML would act on."""
    text = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace("\\", "\\\\")
    for mark in "|*_`[]":
        text = text.replace(mark, f"\\{mark}")
    return " ".join(text.split())
