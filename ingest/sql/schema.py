"""Tables and views as DDL describes them: frozen values, spelled as written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from ingest.sql.names import TableName, fold
from ontology.problem import Problem


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `type` and `default` stand as written; `ordinal` counts from 1."""

    name: str
    type: str = ""
    nullable: bool = True
    default: str = ""
    comment: str = ""
    ordinal: int = 0
    line: int = 0

    @property
    def key(self) -> str:
        """What the column is known by: its name in lower case."""
        return fold(self.name)


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Columns that refer to another table's; `references` is empty for its primary key."""

    columns: tuple[str, ...]
    table: TableName
    references: tuple[str, ...] = ()
    name: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A table, or a view if `view`. `query` is its SELECT, for lineage; "" without one.

    `columns` of a view are those that it names itself. `file` and `line` are the evidence.
    """

    name: TableName
    columns: tuple[Column, ...] = ()
    comment: str = ""
    primary_key: tuple[str, ...] = ()
    unique_keys: tuple[tuple[str, ...], ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    view: bool = False
    query: str = ""
    file: str = ""
    line: int = 0

    def column(self, name: str) -> Column | None:
        """The column of that name, in any case."""
        key = fold(name)
        return next((column for column in self.columns if column.key == key), None)


@dataclass(frozen=True, slots=True)
class Schema:
    """What a set of scripts leaves behind, in the order of creation."""

    tables: Mapping[TableName, Table] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def keyed(table: Table) -> Table:
    """Columns of the primary key cannot be null."""
    keys = {fold(name) for name in table.primary_key}
    return replace(
        table,
        columns=tuple(
            replace(column, nullable=False) if column.key in keys else column
            for column in table.columns
        ),
    )


def numbered(table: Table) -> Table:
    """Columns by their place in the table, from 1."""
    columns: Iterable[tuple[int, Column]] = enumerate(table.columns, 1)
    return replace(table, columns=tuple(replace(c, ordinal=n) for n, c in columns))
