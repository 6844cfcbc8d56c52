"""Sheets read as rows of text, whatever file they are in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

MAX_COLUMNS = 1_000
MAX_ROWS = 1_048_576
MAX_CELL = 32_767
"""Characters of a cell: Excel's own limit. Longer text is cut, and its column named."""
MAX_BLANK_ROWS = 2_000
"""So many empty rows in a row end a sheet (a format dragged down to row 1,048,576)."""

_ERROR = re.compile(r"^#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!)$")

Coordinates = frozenset[tuple[int, int]]
"""Cells by row and column, counted from 1."""


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


def row_of(number: int, texts: list[str], unstored: Coordinates = frozenset()) -> Row:
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
