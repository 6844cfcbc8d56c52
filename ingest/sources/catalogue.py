"""Lists of anything in the ontology, as CSV, JSON or JSON Lines, with whatever headers.

The class is told by `--type`, by the headers, or by a mapping that knows the list
(ingest/mapping.py). One file or a folder of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from ingest.columns import Vocabulary, class_of_rows
from ingest.csv_file import Flawed
from ingest.csv_file import rows as csv_rows
from ingest.folder import files, named
from ingest.layout import Layout, Table, headless, lay_out, unknown
from ingest.mapping import BadMapping, ColumnMapping, given_and_shipped
from ingest.rows import Rows
from ingest.sheet import Row
from ingest.source import Options, Place, Progress, Unread, Yielded
from ingest.table_json import read_document, read_lines, table_of
from ingest.table_sheet import find_table
from ontology.errors import InvalidInput
from ontology.model import Ontology
from ontology.problem import Problem, Severity
from ontology.resource import Rank

TEXTS = (".csv", ".tsv", ".txt")
LINES = (".jsonl", ".ndjson")
DOCUMENTS = (".json",)


@dataclass(frozen=True)
class Catalogue:
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
            kinds = " ".join((*TEXTS, *DOCUMENTS, *LINES))
            raise InvalidInput(f"{self.path} 中没有可读的文件 (nothing to read); 可读: {kinds}")
        _ = self._mappings  # says what is wrong with them

    def read(self, since: str = "") -> Iterator[Yielded]:
        vocabulary = Vocabulary.of(self.ontology)
        rows = Rows(self.ontology, self.options, self.name)
        paths = self._files()
        for number, path in enumerate(paths, 1):
            place = Place(self._named(path))
            try:
                yield from self._read(path, place, rows, vocabulary)
            except BadMapping:
                raise
            except (InvalidInput, OSError) as error:
                yield _problem(place, str(error), Severity.ERROR)
                yield Unread(place, str(error))
            yield Progress(number, len(paths), place.file)

    def _read(
        self, path: Path, place: Place, rows: Rows, vocabulary: Vocabulary
    ) -> Iterator[Yielded]:
        flaws: list[Flawed] = []
        table = self._table(path, place, vocabulary, flaws)
        for flaw in flaws:
            where = Place(place.file, row=flaw.number or None)
            yield _problem(where, flaw.what, Severity.ERROR if flaw.lost else Severity.WARNING)
            if flaw.lost:
                yield Unread(where, flaw.what)
        if table is None:
            if path.suffix.lower() in TEXTS and any(
                isinstance(row, Row) for row in csv_rows(path, self.options.encoding)
            ):
                yield from headless(place)
            return
        laid = lay_out(vocabulary, table, type=self.options.type, mappings=self._mappings)
        if isinstance(laid, Layout):
            yield laid.understood(table)
            yield from rows.records(table, laid)
            return
        yield unknown(table)
        mend = "请用 --type 指明类别，或用 --mapping 给出列的含义"
        yield Problem(f"未读取 (declined): {laid.why}", mend, file=place.file)
        yield Unread(place, laid.why)

    def _table(
        self, path: Path, place: Place, vocabulary: Vocabulary, flaws: list[Flawed]
    ) -> Table | None:
        encoding = self.options.encoding
        if path.suffix.lower() in TEXTS:
            flaws.extend(row for row in csv_rows(path, encoding) if isinstance(row, Flawed))

            def rows() -> Iterator[Row]:
                return (row for row in csv_rows(path, encoding) if isinstance(row, Row))

            type, mappings = self.options.type, self._mappings
            return find_table(place, rows, vocabulary, type=type, mappings=mappings)
        read = read_lines if path.suffix.lower() in LINES else read_document
        document = read(path, encoding)
        flaws.extend(Flawed(broken.number, broken.why, broken.lost) for broken in document.broken)
        return table_of(place, document) if document.records else None

    def _files(self) -> list[Path]:
        kinds = (*TEXTS[:2], *DOCUMENTS, *LINES)  # a .txt in a folder is a read-me
        return files(self.path, kinds)

    def _named(self, path: Path) -> str:
        return named(path, self.path)

    @cached_property
    def _mappings(self) -> tuple[ColumnMapping, ...]:
        return given_and_shipped(self.options.mapping)


def _problem(place: Place, what: str, severity: Severity) -> Problem:
    return Problem(what, "", severity, file=place.file, row=place.row)


def open(target: str, options: Options, ontology: Ontology) -> Catalogue:
    """`mulu ingest catalogue FILE_OR_FOLDER`."""
    path = Path(target)
    rank = Rank.AUTHORITATIVE if options.rank is None else options.rank
    options = replace(options, type=class_of_rows(ontology, options.type))
    return Catalogue(path, options.source or path.stem, rank, path.name, options, ontology)
