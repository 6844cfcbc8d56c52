"""The items of a CREATE TABLE: columns, keys and foreign keys, in any dialect.

A column is its name, its type up to the first word of a constraint, and the constraints; words
that say nothing to a catalogue are passed over, so that every engine's own clauses are read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from sqlglot import TokenType

from ingest.sql.names import TableName, phrases
from ingest.sql.schema import Column, ForeignKey
from ingest.sql.tokens import Cursor

_STOPS: Final = phrases(
    "NOT|NULL|DEFAULT|COMMENT|PRIMARY KEY|PRIMARY|UNIQUE|REFERENCES|CONSTRAINT|CHECK|ON|AS|IDENTITY"
    "|AUTO_INCREMENT|AUTOINCREMENT|GENERATED|COLLATE|CHARSET|ENCODE|ENABLE|DISABLE|KEY|VIRTUAL"
    "|STORED|INVISIBLE|VISIBLE|FIRST|AFTER|CODEC|MASKED|SPARSE|ROWGUIDCOL|USING|ENCRYPT|OPTIONS"
    "|FOREIGN KEY|CLUSTER|DISTKEY|SORTKEY|TTL|FORMAT|COMPRESS|TITLE|HIDDEN"
    "|PERSISTED|WITHOUT DEFAULT|FOR"
)
_IGNORED: Final = phrases(
    "CHECK|EXCLUDE|PERIOD|SUPPLEMENTAL|PROJECTION|FULLTEXT|SPATIAL|VECTOR|PARTITION"
)
_AFTER_IGNORED: Final = phrases("(|KEY|INDEX|FOR|USING|LOG|NAME")


@dataclass(frozen=True, slots=True)
class PrimaryKey:
    """The columns of a table's primary key."""

    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UniqueKey:
    """The columns of another unique key."""

    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Like:
    """All columns of another table (PostgreSQL's LIKE inside the brackets)."""

    table: TableName


Item = Column | PrimaryKey | UniqueKey | ForeignKey | Like


def read_item(cursor: Cursor, line: int) -> tuple[Item, ...]:
    """What one item between commas says; a column may carry keys. Empty: nothing for a catalogue.

    `line` is the line of the statement in its file.
    """
    at = line + cursor.line - 1
    constraint = cursor.name() if cursor.take("CONSTRAINT") else ""
    key = _table_key(cursor, constraint, at)
    if key is not None:
        return key
    ignored = cursor.word() in _IGNORED and cursor.word(1) in _AFTER_IGNORED
    if constraint or ignored:
        return ()
    return read_column(cursor, at)


def _table_key(cursor: Cursor, name: str, line: int) -> tuple[Item, ...] | None:
    """A key of the table; () for a plain index, None if the item is none of these."""
    if cursor.take_any("NOT CLUSTER PRIMARY KEY", "CLUSTER PRIMARY KEY", "PRIMARY KEY"):
        cursor.take_any("CLUSTERED", "NONCLUSTERED")
        cursor.until(frozenset("("))
        return (PrimaryKey(cursor.names()),)
    if cursor.take("FOREIGN KEY"):
        cursor.until(frozenset("("))
        columns = cursor.names()
        cursor.until(frozenset(("REFERENCES",)))
        cursor.take("REFERENCES")
        return (_reference(cursor, columns, name, line),)
    if cursor.word() == "UNIQUE" and _opens_index(cursor):
        cursor.until(frozenset("("))
        return (UniqueKey(cursor.names()),)
    if cursor.word() in ("KEY", "INDEX") and _opens_index(cursor):
        return ()
    if cursor.take("LIKE"):
        return (Like(cursor.table()),)
    return None


def _opens_index(cursor: Cursor) -> bool:
    """Whether this is an index and not a column called key or unique: a column list follows."""
    probe = cursor.fork()
    probe.until(frozenset("("))
    if probe.word() != "(":
        return False
    inside = probe.group().token
    return inside is not None and inside.token_type != TokenType.NUMBER


def _reference(cursor: Cursor, columns: tuple[str, ...], name: str, line: int) -> ForeignKey:
    table = cursor.table()
    return ForeignKey(columns, table, cursor.names() if cursor.word() == "(" else (), name, line)


def read_column(cursor: Cursor, line: int) -> tuple[Item, ...]:
    """A column and the keys declared on it."""
    column = Column(cursor.name(), line=line)
    column = replace(column, type=_type(cursor))
    keys: list[Item] = []
    while cursor:
        column = _constraint(cursor, column, keys, line)
    return (column, *keys)


def _type(cursor: Cursor) -> str:
    parts = [cursor.until(_STOPS | {"WITH", "CHARACTER"})]
    while (cursor.word() == "WITH" and cursor.word(1) in ("TIME", "LOCAL")) or (
        cursor.word() == "CHARACTER" and cursor.word(1) != "SET"
    ):
        parts.append(cursor.until(_STOPS | {"CHARACTER"}, atleast=1))
    written = " ".join(" ".join(parts).split())
    return re.sub(r"(?<!\w)\[(\w+)\]", r"\1", written)  # SQL Server's [int]


def _constraint(cursor: Cursor, column: Column, keys: list[Item], line: int) -> Column:
    """Read one constraint, or pass over one word."""
    if cursor.take("NOT NULL"):
        return replace(column, nullable=False)
    if cursor.take("NULL"):
        return replace(column, nullable=True)
    if cursor.take("DEFAULT"):
        cursor.take("ON NULL")
        return replace(column, default=cursor.until(_STOPS, atleast=1))
    if cursor.take("COMMENT"):
        return replace(column, comment=cursor.text() or "")
    if cursor.take_any("NOT CLUSTER PRIMARY KEY", "CLUSTER PRIMARY KEY", "PRIMARY KEY", "PRIMARY"):
        keys.append(PrimaryKey((column.name,)))
        return replace(column, nullable=False)
    if cursor.take("UNIQUE"):
        cursor.take("KEY")
        keys.append(UniqueKey((column.name,)))
        return column
    if cursor.take("REFERENCES"):
        keys.append(_reference(cursor, (column.name,), "", line))
        return column
    if cursor.word() == "(":
        cursor.group()
    elif not cursor.take("CONSTRAINT"):
        cursor.skip()
    else:
        cursor.name()
    return column
