"""Excel forms and our own templates: a workbook, a CSV file, or a folder of them.

Every sheet is understood first (which class, what each column means) and told; then sheets
whose rows are parts of something (items of entries) are read after those that tell of it. A
sheet that is no list is declined with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from ingest.columns import Vocabulary, class_of_rows
from ingest.csv_file import Flawed
from ingest.csv_file import rows as csv_rows
from ingest.folder import files, named
from ingest.layout import Declined, Layout, Table, headless, lay_out, unknown
from ingest.mapping import BadMapping, ColumnMapping, given_and_shipped
from ingest.rows import Rows
from ingest.sheet import MAX_BLANK_ROWS, Row, Sheet
from ingest.source import Options, Place, Progress, Unread, Yielded
from ingest.table_sheet import find_table
from ingest.template import LISTS
from ingest.workbook import open_book
from ontology.errors import InvalidInput
from ontology.model import Ontology
from ontology.problem import Problem, Severity
from ontology.resource import Rank

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".et")
ASIDE = re.compile(r"说明|须知|封面|示例|样例|下拉|选项|字典|参数")
"""Sheets that stand beside the lists of a workbook and are none."""
TEXTS = (".csv", ".tsv", ".txt")


@dataclass(frozen=True)
class Found:
    """A table in a file, understood."""

    path: Path
    sheet: str
    layout: Layout


@dataclass(frozen=True)
class Excel:
    """One target: a file or a folder."""

    path: Path
    name: str
    rank: Rank
    scope: str
    options: Options
    ontology: Ontology

    def check(self) -> None:
        if not self.path.exists():
            raise InvalidInput(f"没有这个文件或文件夹 (no such file or folder): {self.path}")
        if not self._files():
            kinds = " ".join((*WORKBOOKS, *TEXTS))
            raise InvalidInput(f"{self.path} 中没有可读的文件 (nothing to read); 可读: {kinds}")
        _ = self._mappings  # says what is wrong with them
        if self.path.is_file() and self.path.suffix.lower() not in TEXTS:
            open_book(self.path).close()

    def read(self, since: str = "") -> Iterator[Yielded]:
        vocabulary = Vocabulary.of(self.ontology)
        found: list[Found] = []
        paths = self._files()
        for number, path in enumerate(paths, 1):
            yield from self._understand(path, vocabulary, found)
            yield Progress(number, 2 * len(paths), self._named(path))
        rows = Rows(self.ontology, self.options, self.name)
        for number, one in enumerate(sorted(found, key=self._depth), 1):
            try:
                yield from self._read(one, rows, vocabulary)
            except InvalidInput as error:
                place = Place(self._named(one.path), one.sheet)
                yield _problem(place, str(error), Severity.ERROR)
                yield Unread(place, str(error))
            done = len(paths) + number * len(paths) // len(found)
            yield Progress(done, 2 * len(paths), self._named(one.path))

    # --- understanding -------------------------------------------------------------------

    def _understand(
        self, path: Path, vocabulary: Vocabulary, found: list[Found]
    ) -> Iterator[Yielded]:
        place = Place(self._named(path))
        try:
            with _sheets(path, self.options.encoding) as (sheets, macros):
                if macros:
                    what = "工作簿含宏 (macros)：宏没有执行，只读取了单元格"
                    yield _problem(place, what, Severity.WARNING)
                for sheet in sheets:
                    if sheet.hidden and sheet.name != LISTS:
                        where = Place(place.file, sheet.name)
                        yield _problem(where, "隐藏的工作表没有读取 (hidden)", Severity.WARNING)
                    elif sheet.name != LISTS:
                        yield from self._understand_sheet(path, sheet, vocabulary, found)
        except BadMapping:
            raise
        except InvalidInput as error:
            yield _problem(place, str(error), Severity.ERROR)
            yield Unread(place, str(error))

    def _understand_sheet(
        self, path: Path, sheet: Sheet, vocabulary: Vocabulary, found: list[Found]
    ) -> Iterator[Yielded]:
        place = Place(self._named(path), sheet.name)
        table = self._table(place, sheet, vocabulary)
        if table is None:
            if not ASIDE.search(sheet.name) and next(sheet.rows(), None) is not None:
                yield from headless(place)
            return
        laid = lay_out(vocabulary, table, type=self.options.type, mappings=self._mappings)
        if isinstance(laid, Layout):
            found.append(Found(path, sheet.name, laid))
            yield laid.understood(table)
            return
        if ASIDE.search(sheet.name):
            return
        yield unknown(table)
        yield _declined(place, laid)
        if not laid.known:
            yield Unread(place, laid.why)

    def _table(self, place: Place, sheet: Sheet, vocabulary: Vocabulary) -> Table | None:
        return find_table(
            place,
            sheet.rows,
            vocabulary,
            merged=sheet.merged,
            type=self.options.type,
            mappings=self._mappings,
        )

    def _depth(self, found: Found) -> int:
        """Wholes before their parts: the number of wholes above."""
        depth, kind = 0, found.layout.type
        seen = {kind}
        while True:
            above = [
                end
                for link in self.ontology.links_to(kind)
                if link.part_of
                and any(link.name in s.scope for s in self.ontology.types[kind].identifiers)
                for end in link.domain
            ]
            if not above or above[0] in seen:
                return depth
            kind, depth = above[0], depth + 1
            seen.add(kind)

    # --- reading ---------------------------------------------------------------------------

    def _read(self, found: Found, rows: Rows, vocabulary: Vocabulary) -> Iterator[Yielded]:
        with _sheets(found.path, self.options.encoding) as (sheets, _):
            sheet = next(sheet for sheet in sheets if sheet.name == found.sheet)
            place = Place(self._named(found.path), sheet.name)
            table = self._table(place, sheet, vocabulary)
            assert table is not None  # it was found there a moment ago
            yield from rows.records(table, found.layout)
            left_out = sheet.left_out()
        if left_out is not None:
            where = Place(place.file, place.sheet, left_out)
            what = f"{MAX_BLANK_ROWS} 多个空行之后还有内容，未读取 (rows behind blank ones)"
            yield _problem(where, what, Severity.ERROR)
            yield Unread(where, what)
        if found.path.suffix.lower() in TEXTS:
            yield from _flaws(found.path, self.options.encoding, place)

    def _files(self) -> list[Path]:
        return files(self.path, (*WORKBOOKS, *TEXTS[:2]))  # a .txt in a folder is a read-me

    def _named(self, path: Path) -> str:
        return named(path, self.path)

    @cached_property
    def _mappings(self) -> tuple[ColumnMapping, ...]:
        return given_and_shipped(self.options.mapping)


@contextmanager
def _sheets(path: Path, encoding: str) -> Iterator[tuple[Sequence[Sheet], bool]]:
    """The sheets of a file, and whether it has macros; a text file has one, without a name."""
    if path.suffix.lower() in TEXTS:

        def rows() -> Iterator[Row]:
            return (row for row in csv_rows(path, encoding) if isinstance(row, Row))

        yield (Sheet("", False, (), rows),), False
        return
    with open_book(path) as book:
        yield book.sheets, book.macros


def _flaws(path: Path, encoding: str, place: Place) -> Iterator[Yielded]:
    """Lines of a text file that could be read only in part, or not at all."""
    for row in csv_rows(path, encoding):
        if isinstance(row, Flawed):
            where = Place(place.file, place.sheet, row.number)
            yield _problem(where, row.what, Severity.ERROR if row.lost else Severity.WARNING)
            if row.lost:
                yield Unread(where, row.what)


def _declined(place: Place, declined: Declined) -> Problem:
    if declined.known:
        return _problem(place, f"不是目录，未读取 (declined): {declined.why}", Severity.ERROR)
    return Problem(
        f"未读取 (declined): {declined.why}",
        "若确是目录，请用 --type 指明类别，或用 --mapping 给出列的含义",
        file=place.file,
        sheet=place.sheet,
    )


def _problem(place: Place, what: str, severity: Severity) -> Problem:
    return Problem(what, "", severity, file=place.file, sheet=place.sheet, row=place.row)


def open(target: str, options: Options, ontology: Ontology) -> Excel:
    """`mulu ingest excel FILE_OR_FOLDER`."""
    path = Path(target)
    rank = Rank.AUTHORITATIVE if options.rank is None else options.rank
    options = replace(options, type=class_of_rows(ontology, options.type))
    return Excel(path, options.source or path.stem, rank, path.name, options, ontology)
