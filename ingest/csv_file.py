"""CSV files as rows of text, like the sheets of a workbook.

A quote that is never closed would swallow the rest of the file: a record may span only so
many lines; beyond that its first line is a flaw and reading goes on with the next. A quote
within a cell (管径5"以上) is a character like any other.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from ingest.sheet import MAX_CELL, Row
from ingest.text_file import Line, encoding_of, lines

MAX_SPAN = 200
"""Lines that one record may span."""
DELIMITERS = (",", "\t", ";", "|")
VOTERS = 15
"""Filled lines that the delimiter is told from: the first may be a title."""
_QUOTED = re.compile(r'"[^"]*"')


@dataclass(frozen=True, slots=True)
class Flawed:
    """A line that could be read only in part, or not at all (`lost`)."""

    number: int
    what: str
    lost: bool


def rows(path: Path, encoding: str = "") -> Iterator[Row | Flawed]:
    """The rows of the file, blank ones left out; `Row.number` is that of its first line."""
    encoding = encoding or encoding_of(path)
    delimiter = _delimiter(path, encoding)
    waiting: deque[Line] = deque()
    source = lines(path, encoding)
    while True:
        first = waiting.popleft() if waiting else next(source, None)
        if first is None:
            return
        if first.flaw:
            yield Flawed(first.number, first.flaw, not first.text)
        if not first.text.strip():
            continue
        record, rest = _record(first, waiting, source, delimiter)
        waiting = rest
        if record is None:
            what = f"引号没有闭合 (quote never closed within {MAX_SPAN} lines)"
            yield Flawed(first.number, what, True)
            continue
        row = _parsed(first.number, record, delimiter)
        if row is None:
            yield Flawed(first.number, "不是合法的 CSV 行 (not a CSV record)", True)
        elif not row.blank:
            yield row


def _record(
    first: Line, waiting: deque[Line], source: Iterator[Line], delimiter: str
) -> tuple[list[str] | None, deque[Line]]:
    """The lines of the record that begins with `first`, and the lines read but not used."""
    taken = [first]
    open = _left_open(delimiter + first.text, delimiter, False)
    while open:
        following = waiting.popleft() if waiting else next(source, None)
        if following is None or len(taken) >= MAX_SPAN:
            rest = deque(taken[1:])
            if following is not None:
                rest.append(following)
            rest.extend(waiting)
            return None, rest
        taken.append(following)
        open = _left_open(following.text, delimiter, True)
    return [line.text for line in taken], waiting


def _left_open(text: str, delimiter: str, open: bool) -> bool:
    """Whether a quoted cell goes on behind the line; one begins right behind a delimiter."""
    at = 0
    while True:
        mark = '"' if open else f'{delimiter}"'
        at = text.find(mark, at)
        if at < 0:
            return open
        at += len(mark)
        if open and text[at : at + 1] == '"':  # two quotes are one, and close nothing
            at += 1
        else:
            open = not open


def _parsed(number: int, record: list[str], delimiter: str) -> Row | None:
    csv.field_size_limit(2**31 - 1)  # lines are bounded already; the module's limit is global
    try:
        cells = next(csv.reader(["\n".join(record)], delimiter=delimiter))
    except (csv.Error, StopIteration):
        return None
    cells = [cell.strip() for cell in cells]
    while cells and not cells[-1]:
        cells.pop()
    cut = tuple(index for index, cell in enumerate(cells) if len(cell) > MAX_CELL)
    for index in cut:
        cells[index] = cells[index][:MAX_CELL]
    return Row(number, tuple(cells), cut)


def _delimiter(path: Path, encoding: str) -> str:
    """The character that cuts most of the first lines into the same number of cells."""
    filled = (line.text for line in lines(path, encoding) if line.text.strip())
    voters = [_QUOTED.sub("", text) for text in islice(filled, VOTERS)]

    def votes(delimiter: str) -> tuple[int, int]:
        counts = Counter(count for text in voters if (count := text.count(delimiter)))
        return max(((lines, count) for count, lines in counts.items()), default=(0, 0))

    return max(DELIMITERS, key=votes)
