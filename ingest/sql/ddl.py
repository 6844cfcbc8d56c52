"""DDL applied statement by statement, as a database would: what tables and views are left.

A statement that cannot be read is a Problem with its line; everything else goes on.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Final

from sqlglot.errors import SqlglotError

from ingest.sql import alter
from ingest.sql.definition import Item, Like, PrimaryKey, UniqueKey, read_item
from ingest.sql.dialect import Dialect, detect
from ingest.sql.names import TableName, fold, phrases
from ingest.sql.parse import MAX_LENGTH
from ingest.sql.schema import Column, ForeignKey, Schema, Table, keyed
from ingest.sql.script import Statement, resplit, split
from ingest.sql.tables import Tables
from ingest.sql.tokens import Cursor, UnexpectedError


def parse_ddl(text: str, dialect: Dialect | None = None, file: str = "") -> Schema:
    """The tables and views that one script leaves behind; without a dialect it is detected."""
    builder = Builder(dialect or detect(text))
    builder.run(text, file)
    return builder.schema()


class Builder:
    """Reads statements into `tables`, over any number of scripts.

    A CREATE TABLE IF NOT EXISTS leaves a table of its own version alone, as a database would, and
    replaces one of an older version, because version folders create the whole schema again. `home`
    is where unqualified names live until a script says otherwise.
    """

    def __init__(
        self,
        dialect: Dialect,
        home: tuple[str, ...] = (),
        standing: Callable[[TableName], Table | None] = lambda name: None,
    ) -> None:
        self._dialect = dialect
        self._start = self._home = home
        self._temporary: set[TableName] = set()
        self.tables = Tables(standing)

    def run(self, text: str, file: str = "", version: str = "") -> None:
        """Apply every statement of a script; each script starts without a USE."""
        self.tables.file, self.tables.version, self._home = file, version, self._start
        parts = (resplit(whole, self._dialect) for whole in split(text, self._dialect))
        for statement in chain.from_iterable(parts):
            if statement.routine == "stored" or not _RELEVANT.match(statement.text):
                continue
            if len(statement.text) > MAX_LENGTH:
                self.tables.problem(statement, f"语句过长（{len(statement.text)} 字符）too long")
                continue
            try:
                self._apply(statement)
            except (UnexpectedError, SqlglotError) as error:
                at = statement.line + max(getattr(error, "line", 0) - 1, 0)
                self.tables.problem(replace(statement, line=at), str(error)[:200])

    def schema(self) -> Schema:
        """What stands now."""
        return self.tables.schema()

    def _apply(self, statement: Statement) -> None:
        text = " " * len(statement.verb) + statement.text[len(statement.verb) :]
        handler = _HANDLERS[statement.verb]
        handler(self, Cursor.of(text, self._dialect), statement)

    def _full(self, name: TableName) -> TableName:
        return name.within(*self._home)

    def _find(self, name: TableName, statement: Statement) -> TableName | None:
        full = self._full(name)
        return None if self._passing(full) else self.tables.find(full, name, statement)

    # -- CREATE ------------------------------------------------------------------------------

    def _create(self, cursor: Cursor, statement: Statement) -> None:
        view, words = False, set[str]()
        while word := cursor.word():
            cursor.skip()
            words.add(word)
            if word in ("TABLE", "VIEW"):
                view = word == "VIEW"
                break
            if word not in _BEFORE_TABLE:
                return  # an index, a sequence, a routine …
            if word == "DEFINER":
                cursor.until(frozenset(("SQL", "VIEW")))
        keep = cursor.take_any("IF NOT EXISTS")
        line = statement.line + cursor.line - 1
        name = self._full(cursor.table())
        if not view and self._goes(name, words):
            return
        table = Table(name, view=view, file=self.tables.file, line=line)
        if keep and self.tables.is_of_this_version(name):
            return
        if cursor.word() == "(" and cursor.word(1) not in ("SELECT", "WITH", "("):
            table = self._with_items(table, cursor.group(), statement)
        table = self._with_options(table, cursor, statement)
        self.tables.create(name, table)

    def _goes(self, name: TableName, words: set[str]) -> bool:
        """Whether the table goes with its session: then it is no dataset. Oracle's global
        temporary tables stay, only their rows go."""
        stays = self._dialect.q_quote and "GLOBAL" in words
        if words & _TEMPORARY and not stays:
            self._temporary.add(name)
        return self._passing(name)

    def _passing(self, name: TableName) -> bool:
        local = self._dialect.grammar == "tsql" and name.parts[-1:] and name.table[:1] == "#"
        return bool(local) or name in self._temporary

    def _select_into(self, cursor: Cursor, statement: Statement) -> None:
        """SELECT … INTO makes a table of a query; in procedural code it fills variables."""
        if self._dialect.grammar not in ("tsql", "postgres") or (
            statement.routine and self._dialect.grammar == "postgres"
        ):
            return
        what = cursor.until(frozenset(("INTO", "FROM")))
        if not cursor.take("INTO"):
            return
        words = {cursor.take_any("TEMPORARY", "TEMP", "UNLOGGED")}
        cursor.take("TABLE")
        name = self._full(cursor.table())
        if not self._goes(name, words):
            query = f"SELECT {what} {cursor.rest()}"
            made = Table(name, query=query, file=self.tables.file, line=statement.line)
            self.tables.create(name, made)

    def _with_items(self, table: Table, inside: Cursor, statement: Statement) -> Table:
        for item in inside.items():
            try:
                for part in read_item(item, statement.line):
                    table = self._with(table, part, statement)
            except UnexpectedError as error:
                at = statement.line + max(error.line - 1, 0)
                self.tables.problem(replace(statement, line=at), str(error))
        return table

    def _with(self, table: Table, item: Item, statement: Statement) -> Table:
        """The table with one more column or key."""
        match item:
            case Column():
                if table.column(item.name):
                    self.tables.doubt(
                        statement,
                        f"{table.name} 的字段 {item.name} 重复（只差大小写也算）column twice",
                        "删去一个，或改名 drop or rename one of them",
                        item.line,
                    )
                    return table
                return replace(table, columns=(*table.columns, item))
            case PrimaryKey():
                return keyed(replace(table, primary_key=item.columns))
            case UniqueKey():
                return replace(table, unique_keys=(*table.unique_keys, item.columns))
            case ForeignKey():
                key = replace(item, table=item.table.within(*table.name.parts[:-1]))
                return replace(table, foreign_keys=(*table.foreign_keys, key))
            case Like():
                return self._like(table, item.table, statement)

    def _like(
        self, table: Table, name: TableName, statement: Statement, *, follows: bool = False
    ) -> Table:
        found = self._find(name, statement)
        if found is None:
            return table
        if follows:
            self.tables.follow(table.name, found)
        other = self.tables[found]
        return replace(
            table,
            columns=(*table.columns, *other.columns),
            primary_key=table.primary_key or other.primary_key,
        )

    def _with_options(self, table: Table, cursor: Cursor, statement: Statement) -> Table:
        """What follows the brackets: comment, partition columns, a model, a query."""
        while cursor:
            if cursor.take("COMMENT"):
                cursor.take("=")
                table = replace(table, comment=cursor.text() or table.comment)
            elif cursor.word() in ("SELECT", "WITH") and (
                table.view or cursor.word() == "SELECT" or cursor.word(2) == "AS"
            ):
                return replace(table, query=cursor.rest())
            elif cursor.take("AS"):
                if cursor.word() in ("SELECT", "WITH", "(", "FROM", "VALUES", "TABLE"):
                    return replace(table, query=cursor.rest())
            elif how := cursor.take_any("LIKE", "INHERITS (", "PARTITION OF"):
                table = self._like(table, cursor.table(), statement, follows=how != "LIKE")
            elif cursor.take("PARTITIONED BY"):
                table = self._with_partitions(table, cursor.group(), statement)
            elif cursor.word() == "(":
                if cursor.word(1) == "SELECT":
                    return replace(table, query=cursor.rest())
                cursor.group()
            else:
                cursor.skip()
        return table

    def _with_partitions(self, table: Table, inside: Cursor, statement: Statement) -> Table:
        """Hive's partition columns are columns too; Spark names columns already there."""
        for item in inside.items():
            for part in read_item(item, statement.line):
                if isinstance(part, Column) and part.type and not table.column(part.name):
                    table = self._with(table, part, statement)
        return table

    # -- what changes tables -----------------------------------------------------------------

    def _alter(self, cursor: Cursor, statement: Statement) -> None:
        if cursor.take("SESSION SET CURRENT_SCHEMA ="):
            self._home = (cursor.name(),)
            return
        if not cursor.take_any("FOREIGN TABLE", "TABLE", "MATERIALIZED VIEW", "VIEW"):
            return
        cursor.take("IF EXISTS")
        cursor.take("ONLY")
        name = self._find(cursor.table(), statement)
        if name is None:
            return
        cursor.take_any("WITH CHECK", "WITH NOCHECK")
        table, moved = self.tables[name], name
        for change in alter.changes(cursor, statement.line, differences=self._dialect.q_quote):
            if isinstance(change, alter.Rename):
                moved = TableName.of(*name.parts[:-1], *change.name.parts[-1:])
            elif isinstance(change, alter.Move):
                moved = TableName.of(*name.parts[:-2], change.schema, name.table)
            elif isinstance(change, alter.Touch):
                self.tables.expect(table, change, statement)
                table = keyed(change.work(table))
                for below in self.tables.below(name):  # partitions, and what inherits
                    self.tables[below] = keyed(change.work(self.tables[below]))
            elif isinstance(change, alter.Add):
                item = change.item
                if change.unless and isinstance(item, Column) and table.column(item.name):
                    continue
                table = self._placed(self._with(table, change.item, statement), change)
                for below in self.tables.below(name):
                    if isinstance(item, Column) and not self.tables[below].column(item.name):
                        self.tables[below] = self._with(self.tables[below], item, statement)
            else:
                table = keyed(change(table))
        if moved == name:
            self.tables[name] = table
        else:
            self.tables.rename(name, moved, table)

    def _placed(self, table: Table, change: alter.Add) -> Table:
        if not isinstance(change.item, Column) or change.after is None:
            return table
        return alter.placed(table, change.item.key, change.after)

    def _rename_tables(self, cursor: Cursor, statement: Statement) -> None:
        cursor.take_any("TABLE", "TABLES")
        for pair in cursor.items():
            old = self._find(pair.table(), statement)
            pair.take("TO")
            if old is not None:
                new = pair.table()
                self.tables.rename(old, new if len(new.parts) > 1 else new.within(*old.parts[:-1]))

    def _drop(self, cursor: Cursor, statement: Statement) -> None:
        if not cursor.take_any("TABLE", "VIEW", "MATERIALIZED VIEW"):
            return
        cursor.take("IF EXISTS")
        for item in cursor.items():
            name = self._full(item.table())
            if self._passing(name):
                self._temporary.discard(name)
            else:
                self.tables.drop(name, statement)

    def _comment(self, cursor: Cursor, statement: Statement) -> None:
        cursor.take("ON")
        column = cursor.take("COLUMN")
        if not column and not cursor.take_any("TABLE", "VIEW", "MATERIALIZED VIEW"):
            return
        path = cursor.table()
        cursor.take("IS")
        text = "" if cursor.take("NULL") else cursor.text()
        if text is None:
            self.tables.problem(statement, "注释不是文本，没有采用 the comment is no plain text")
        else:
            self._set_comment(path, column, text, statement)

    def _set_comment(self, path: TableName, column: bool, text: str, statement: Statement) -> None:
        name = self._find(TableName.of(*path.parts[:-1]) if column else path, statement)
        if name is None:
            return
        table = self.tables[name]
        if not column:
            self.tables[name] = replace(table, comment=text)
        elif table.column(path.table):
            self.tables[name] = alter.changed(table, path.table, comment=text)
        elif not table.view:
            self.tables.doubt(
                statement,
                f"表 {name} 没有字段 {path.table}，注释略过 no such column, comment skipped",
                "核对字段名 check the column's name",
            )
        else:  # a view has its columns from its query
            added = Column(path.table, comment=text, line=statement.line)
            self.tables[name] = replace(table, columns=(*table.columns, added))

    # -- where we are ------------------------------------------------------------------------

    def _use(self, cursor: Cursor, statement: Statement) -> None:
        cursor.take_any("DATABASE", "SCHEMA", "CATALOG")
        home = cursor.table().parts
        mssql = self._dialect.grammar == "tsql"
        self._home = (*home, self._dialect.default_schema) if mssql else home

    def _set(self, cursor: Cursor, statement: Statement) -> None:
        if cursor.take("SCHEMA") or cursor.take("SEARCH_PATH"):
            cursor.take_any("TO", "=")
            self._home = (cursor.text() or cursor.name(),)

    def _execute(self, cursor: Cursor, statement: Statement) -> None:
        """SQL Server keeps comments as extended properties, and renames by procedure."""
        procedure = fold(cursor.table().table)
        values = [_argument(item) for item in cursor.items()]
        if procedure in _COMMENTING and len(values) >= 2:
            if fold(values[0]) == "ms_description":
                path = [value for value in values[3::2] if value]
                self._set_comment(TableName.of(*path), len(values) > 7, values[1], statement)
        elif procedure == "sp_rename" and len(values) >= 2:
            self._rename_object(values, statement)

    def _rename_object(self, values: list[str], statement: Statement) -> None:
        path = TableName.parse(re.sub(r"[\[\]]", "", values[0]))
        column = len(values) > 2 and fold(values[2]) == "column"
        name = self._find(TableName.of(*path.parts[:-1]) if column else path, statement)
        if name is None:
            return
        if column:
            touch = alter.Touch(
                (path.table,), partial(alter.renamed, old=path.table, new=values[1])
            )
            self.tables.expect(self.tables[name], touch, statement)
            self.tables[name] = touch.work(self.tables[name])
        else:
            self.tables.rename(name, TableName.of(*name.parts[:-1], values[1]))


_RELEVANT: Final = re.compile(
    r"(?:CREATE|ALTER|DROP|RENAME|USE)\b|COMMENT\s+ON\b|SET\s+(?:SCHEMA|search_path)\b"
    r"|EXEC(?:UTE)?\s+(?:sys\.)?sp_(?:(?:add|update)extendedproperty|rename)\b"
    r"|SELECT\b[\s\S]*?\bINTO\b",
    re.IGNORECASE,
)
_TEMPORARY: Final = phrases("TEMPORARY|TEMP|VOLATILE")
_COMMENTING: Final = frozenset(("sp_addextendedproperty", "sp_updateextendedproperty"))
_BEFORE_TABLE: Final = phrases(
    "OR|REPLACE|ALTER|GLOBAL|LOCAL|TEMPORARY|TEMP|EXTERNAL|UNLOGGED|TRANSIENT|VOLATILE|FOREIGN|HUGE"
    "|COLUMN|ROW|MATERIALIZED|FORCE|NO|NOFORCE|EDITIONABLE|NONEDITIONABLE|RECURSIVE|ALGORITHM|=|SQL"
    "|UNDEFINED|MERGE|TEMPTABLE|DEFINER|SECURITY|INVOKER|MULTISET|SET|PRIVATE|SHARDED|DUPLICATED"
    "|OR REPLACE|IMMUTABLE|BLOCKCHAIN|MANAGED"
)
_Handler = Callable[[Builder, Cursor, Statement], None]
_HANDLERS: Final[dict[str, _Handler]] = {
    "CREATE": Builder._create,
    "SELECT": Builder._select_into,
    "ALTER": Builder._alter,
    "DROP": Builder._drop,
    "RENAME": Builder._rename_tables,
    "COMMENT": Builder._comment,
    "USE": Builder._use,
    "SET": Builder._set,
    "EXEC": Builder._execute,
    "EXECUTE": Builder._execute,
}


def _argument(item: Cursor) -> str:
    """The value of a procedure's argument, with or without `@name =`."""
    while item:
        text = item.text()
        if text is not None:
            return text
        word = item.skip().text
        if not item:
            return "" if word.upper() == "NULL" else word
    return ""
