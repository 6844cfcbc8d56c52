"""Sheets and CSV files as tables: the row of headers is found, whatever stands above it.

Forms have notes in row 1, groups merged over several columns, headers in row 2 or 3. Each of
the first rows is tried; the one whose cells are best understood is the header. Validations
are never looked at: in real forms they are left over from other forms (ontology §9).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from ingest.columns import Vocabulary, fold_header
from ingest.layout import LOOKED_AT, Table, TableRow
from ingest.mapping import ColumnMapping
from ingest.sheet import Area, Row
from ingest.source import Place

LONG = 60
"""Characters beyond which a cell is a note and no header."""


def find_table(
    place: Place,
    rows: Callable[[], Iterator[Row]],
    vocabulary: Vocabulary,
    *,
    merged: Sequence[Area] = (),
    type: str = "",
    mappings: Sequence[ColumnMapping] = (),
) -> Table | None:
    """The table in a sheet; None where nothing looks like a row of headers (an empty sheet,
    a page of text)."""
    first = list(islice(rows(), LOOKED_AT))
    best: tuple[float, Row, tuple[str, ...]] | None = None
    for index, row in enumerate(first):
        above = first[index - 1] if index else None
        headers = _headers(row, above, merged)
        score = _score(headers, vocabulary, place, type, mappings)
        if best is None or score > best[0]:
            best = (score, row, headers)
    if best is None or sum(bool(header) for header in best[2]) < (1 if type else 2):
        return None
    _, header_row, headers = best

    def below() -> Iterator[TableRow]:
        for row in rows():
            if row.number > header_row.number:
                yield _table_row(row, headers)

    return Table(place, headers, below)


def _headers(row: Row, above: Row | None, merged: Sequence[Area]) -> tuple[str, ...]:
    """The row as headers: notes and merged groups are none; a column without a header takes
    the cell above it, if that is not a group over several."""
    wide = {(a.top, a.left) for a in merged if a.right > a.left}
    headers: list[str] = []
    for index, text in enumerate(row.cells):
        group = (row.number, index + 1) in wide
        if not text and above is not None and (above.number, index + 1) not in wide:
            text = next(iter(above.cells[index : index + 1]), "")
        headers.append("" if group or len(text) > LONG else _once(text.strip(), headers))
    return tuple(headers)


def _once(header: str, before: Sequence[str]) -> str:
    """Headers must differ, to be told apart in problems: the second 名称 is 名称 (2)."""
    if header not in before or not header:
        return header
    count = 2
    while f"{header} ({count})" in before:
        count += 1
    return f"{header} ({count})"


def _score(
    headers: Sequence[str],
    vocabulary: Vocabulary,
    place: Place,
    type: str,
    mappings: Sequence[ColumnMapping],
) -> float:
    """How well the row is understood as headers; 0 for not at all, and then the number of
    cells filled decides a little."""
    filled = sum(bool(header) for header in headers)
    floor = min(filled, 50) / 1000
    if filled == 0:
        return 0.0
    folded = {fold_header(header) for header in headers}
    told = max((len(m.when) for m in mappings if m.when and folded >= set(m.when)), default=0)
    names = (place.sheet, place.file)
    reading = vocabulary.read(headers, type) if type else vocabulary.best(headers, names)
    return floor + told + (reading.score if reading is not None else 0.0)


def _table_row(row: Row, headers: Sequence[str]) -> TableRow:
    cells = {
        header: text for header, text in zip(headers, row.cells, strict=False) if header and text
    }
    cut = tuple(headers[i] for i in row.cut if i < len(headers) and headers[i])
    flaws = {headers[i]: why for i, why in row.flaws if i < len(headers) and headers[i]}
    last = max((i for i, header in enumerate(headers, 1) if header), default=0)
    return TableRow(row.number, cells, cut, flaws, next(filter(None, row.cells[last:]), ""))
