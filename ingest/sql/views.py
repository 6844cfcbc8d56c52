"""The lineage of views (and of tables made by a query), and the columns that it gives them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from ingest.source import Record
from ingest.sql.binding import Binding
from ingest.sql.dialect import Dialect
from ingest.sql.flow import Flow
from ingest.sql.job import read_query
from ingest.sql.lineage import Lineage
from ingest.sql.names import TableName, fold
from ingest.sql.schema import Column, Schema, Table
from ontology.problem import Problem, Severity


def with_views(
    schema: Schema, dialect: Dialect, binding: Binding, ledger: Mapping[str, tuple[str, ...]]
) -> tuple[Schema, list[Record | Problem]]:
    """The schema with the views' columns, then the views' lineage.

    Views on views are read in the order that they need each other; circular ones are a problem and
    keep what is certain. `ledger` tells the columns of datasets that the scripts do not define.
    """
    views = _Views(schema.tables, dialect, binding, ledger)
    for name, table in schema.tables.items():
        if table.query:
            views.read(name)
    found: list[Record | Problem] = [*views.problems]
    for name, flow in views.flows.items():
        lineage = Lineage(binding, file=schema.tables[name].file)
        lineage.add((flow,))
        found += lineage.records()
    return replace(schema, tables={**schema.tables, **views.tables}), found


@dataclass(slots=True)
class _Views:
    defined: Mapping[TableName, Table]
    dialect: Dialect
    binding: Binding
    ledger: Mapping[str, tuple[str, ...]]
    tables: dict[TableName, Table] = field(default_factory=dict)
    flows: dict[TableName, Flow] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    _reading: list[TableName] = field(default_factory=list)

    def read(self, name: TableName) -> None:
        """Read one view, once, after those that it selects from."""
        if name in self.tables:
            return
        table = self.defined[name]
        if name in self._reading:
            self._circular(table)
            return
        self._reading.append(name)
        found, problems = read_query(table, self.dialect, self._columns)
        self._reading.pop()
        self.problems += problems
        if found is not None and name not in self.tables:
            self.flows[name] = found
            self.tables[name] = _with_columns(table, found.written)

    def _circular(self, table: Table) -> None:
        self.problems.append(
            Problem(
                f"视图 {table.name} 直接或间接选自它自己 the view selects from itself",
                "核对这些视图的定义 check the definitions: " + "、".join(map(str, self._reading)),
                Severity.WARNING,
                file=table.file,
                row=table.line or None,
                rule="sql",
                digest=sha256(table.query.encode()).hexdigest(),
            )
        )

    def _columns(self, name: TableName) -> Sequence[str] | None:
        table = self.defined.get(name)
        if table is None:
            return self.ledger.get(self.binding.dataset(name))
        if table.query:
            self.read(name)
        columns = self.tables.get(name, table).columns
        return [column.name for column in columns] or None


def _with_columns(table: Table, names: Sequence[str]) -> Table:
    """The table with the columns of its query, each with what DDL told of it."""
    if not names:
        return table
    told = {column.key: column for column in table.columns}
    columns = {fold(name): replace(told.get(fold(name), Column(name)), name=name) for name in names}
    numbered = (replace(column, ordinal=n) for n, column in enumerate(columns.values(), 1))
    return replace(table, columns=tuple(numbered))
