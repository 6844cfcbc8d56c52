"""The actions of an ALTER TABLE, as changes of a table value."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from ingest.sql.definition import Item, read_column, read_item
from ingest.sql.names import TableName, fold, phrases
from ingest.sql.schema import Column, Table
from ingest.sql.tokens import Cursor


@dataclass(frozen=True, slots=True)
class Add:
    """A new column or key; `after` names the column before it, "" puts it first.

    `unless`: only where there is no such column yet.
    """

    item: Item
    after: str | None = None
    unless: bool = False


@dataclass(frozen=True, slots=True)
class Rename:
    """The table gets another name."""

    name: TableName


@dataclass(frozen=True, slots=True)
class Move:
    """The table goes to another schema."""

    schema: str


@dataclass(frozen=True, slots=True)
class Touch:
    """Columns change or go. `unless`: only where they are there."""

    columns: tuple[str, ...]
    work: Callable[[Table], Table]
    unless: bool = False


Change = Add | Rename | Move | Touch | Callable[[Table], Table]

_VERBS: Final = ("ADD", "MODIFY", "CHANGE", "ALTER", "DROP", "RENAME", "COMMENT", "SET", "REPLACE")
_AGAIN: Final = phrases("ADD|MODIFY|DROP|RENAME")
"""Actions that Oracle takes one after the other, without a comma."""
_NOT_COLUMNS: Final = phrases("CONSTRAINT|INDEX|KEY|FOREIGN KEY|CHECK|PARTITION|TRIGGER|DEFAULT")


def changes(cursor: Cursor, line: int, *, differences: bool = False) -> Iterator[Change]:
    """The changes in order; actions that say nothing to a catalogue are left out.

    `line` is the statement's line in its file. `differences`: a MODIFY keeps what it does not
    name (Oracle, DM8); elsewhere it defines the column anew.
    """
    verb = ""
    for item in cursor.items():
        again = item.word() if item.word() in _VERBS else verb
        for action in item.cut(_AGAIN) if again in _AGAIN else (item,):
            verb = action.take_any(*_VERBS) or verb  # `ADD a int, b int` goes on adding
            if verb == "MODIFY":
                yield from _modify(action, line, differences)
            elif verb in _READERS:
                yield from _READERS[verb](action, line)


def _add(action: Cursor, line: int) -> Iterator[Change]:
    several = action.take("COLUMNS")
    action.take("COLUMN")
    unless = action.take("IF NOT EXISTS")
    if action.word() in ("PARTITION", "SUPPLEMENTAL"):
        return
    if several or action.word() == "(":
        for item in action.group().items():
            yield from (Add(part, None, unless) for part in read_item(item, line))
        return
    place = _place(action)
    yield from (Add(part, place, unless) for part in read_item(action, line))


def _place(action: Cursor) -> str | None:
    """FIRST or AFTER x at the end of a column."""
    probe = action.fork()
    probe.skip()
    while probe:
        if probe.take("AFTER"):
            return probe.name()
        if probe.take("FIRST"):
            return ""
        probe.group() if probe.word() == "(" else probe.skip()
    return None


def _modify(action: Cursor, line: int, differences: bool) -> Iterator[Change]:
    action.take("COLUMN")
    unless = action.take("IF EXISTS")
    if action.word() in _NOT_COLUMNS and action.word(1) != "":
        return
    inside = action.group().items() if action.word() == "(" else iter((action,))
    for item in inside:
        place = _place(item)
        keep = differences and "NULL" not in item.fork().rest().upper()
        parts = read_column(item, line + item.line - 1)
        yield from _redefined(parts, "", place, keep=keep, unless=unless)


def _change(action: Cursor, line: int) -> Iterator[Change]:
    action.take("COLUMN")
    unless = action.take("IF EXISTS")
    old = action.name()
    place = _place(action)
    yield from _redefined(read_column(action, line), old, place, unless=unless)


def _redefined(
    parts: tuple[Item, ...],
    old: str,
    place: str | None,
    *,
    keep: bool = False,
    unless: bool = False,
) -> Iterator[Change]:
    for part in parts:
        if not isinstance(part, Column):
            yield Add(part)
            continue
        name = old or part.name
        work = partial(_replaced, name=name, new=part, keep=keep)
        yield Touch((name,), work, unless)
        if place is not None:
            yield partial(placed, key=part.key, after=place)


def _replaced(table: Table, name: str, new: Column, keep: bool) -> Table:
    """The table with a column defined anew; `keep`: whether it may be null was not said."""
    old = table.column(name)
    if old is None:
        return replace(table, columns=(*table.columns, new))
    if fold(name) != new.key:
        table = renamed(table, name, new.name)
    return changed(
        table,
        new.name,
        name=new.name if fold(name) != new.key else old.name,
        type=new.type or old.type,
        nullable=old.nullable if keep else new.nullable,
        default=new.default or (old.default if keep or not new.type else ""),
        comment=new.comment or old.comment,
        line=new.line,
    )


def _alter(action: Cursor, line: int) -> Iterator[Change]:
    if action.take_any("INDEX", "CONSTRAINT", "CHECK"):
        return
    action.take("COLUMN")
    unless = action.take("IF EXISTS")
    definition = action.fork()
    name = action.name()
    fields: dict[str, Any] = {}
    if action.take("SET DEFAULT"):
        fields["default"] = action.rest()
    elif action.take("DROP DEFAULT"):
        fields["default"] = ""
    elif action.take("SET NOT NULL"):
        fields["nullable"] = False
    elif action.take("DROP NOT NULL"):
        fields["nullable"] = True
    elif action.take("COMMENT"):
        fields["comment"] = action.text() or ""
    elif action.take_any("SET DATA TYPE", "TYPE"):
        fields["type"] = action.until(frozenset(("USING", "COLLATE")))
    elif action.word() not in ("SET", "DROP", "ADD", "RESET", "RESTART"):  # SQL Server
        column = read_column(definition, line)[0]
        if isinstance(column, Column):
            fields = {"type": column.type, "nullable": column.nullable}
    if fields:
        yield Touch((name,), lambda table: changed(table, name, **fields), unless)


def _drop(action: Cursor, line: int) -> Iterator[Change]:
    if action.take("PRIMARY KEY"):
        yield lambda table: replace(table, primary_key=())
        return
    if action.word() in _NOT_COLUMNS and action.word(1) != "":
        return
    if action.take("UNUSED"):  # Oracle: those went when they were set unused
        return
    action.take_any("COLUMNS", "COLUMN")
    unless = action.take("IF EXISTS")
    names = action.names() if action.word() == "(" else (action.name(),)
    yield Touch(names, partial(_without, gone={fold(name) for name in names}), unless)


def _without(table: Table, gone: set[str]) -> Table:
    return replace(
        table,
        columns=tuple(column for column in table.columns if column.key not in gone),
        primary_key=tuple(name for name in table.primary_key if fold(name) not in gone),
        foreign_keys=tuple(
            key for key in table.foreign_keys if not gone & {fold(name) for name in key.columns}
        ),
    )


def _rename(action: Cursor, line: int) -> Iterator[Change]:
    if action.take_any("INDEX", "KEY", "CONSTRAINT", "PARTITION"):
        return
    if action.take("COLUMN") or (action.word() not in ("TO", "AS") and action.word(1) == "TO"):
        old = action.name()
        action.take("TO")
        new = action.name()
        yield Touch((old,), lambda table: renamed(table, old, new))
        return
    action.take_any("TO", "AS")
    yield Rename(action.table())


def _comment(action: Cursor, line: int) -> Iterator[Change]:
    action.take("=")
    text = action.text() or ""
    yield partial(_commented, text=text)


def _commented(table: Table, text: str) -> Table:
    return replace(table, comment=text)


def _set(action: Cursor, line: int) -> Iterator[Change]:
    if action.take("SCHEMA"):
        yield Move(action.name())
    elif action.take("UNUSED"):
        yield from _drop(action, line)
    elif action.take("TBLPROPERTIES"):
        for item in action.group().items():
            key, _, text = item.text(), item.take("="), item.text()
            if key and fold(key) == "comment" and text is not None:
                yield partial(_commented, text=text)


def _replace(action: Cursor, line: int) -> Iterator[Change]:
    if action.take("COLUMNS"):
        yield lambda table: replace(table, columns=())
        yield from _add(action, line)


_READERS: Final[dict[str, Callable[[Cursor, int], Iterator[Change]]]] = {
    "ADD": _add,
    "CHANGE": _change,
    "ALTER": _alter,
    "DROP": _drop,
    "RENAME": _rename,
    "COMMENT": _comment,
    "SET": _set,
    "REPLACE": _replace,
}


def changed(table: Table, name: str, /, **fields: Any) -> Table:
    """The table with some fields of one column changed."""
    key = fold(name)
    return replace(
        table,
        columns=tuple(
            replace(column, **fields) if column.key == key else column for column in table.columns
        ),
    )


def renamed(table: Table, old: str, new: str) -> Table:
    """The table with a column under a new name, in its keys too."""
    key = fold(old)

    def swap(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(new if fold(name) == key else name for name in names)

    return replace(
        changed(table, old, name=new),
        primary_key=swap(table.primary_key),
        unique_keys=tuple(swap(names) for names in table.unique_keys),
        foreign_keys=tuple(replace(k, columns=swap(k.columns)) for k in table.foreign_keys),
    )


def placed(table: Table, key: str, after: str) -> Table:
    """The table with a column moved behind another; "" puts it first."""
    moving = [column for column in table.columns if column.key == key]
    rest = [column for column in table.columns if column.key != key]
    at = next((n for n, column in enumerate(rest, 1) if column.key == fold(after)), None)
    if after == "":
        at = 0
    at = len(rest) if at is None else at
    return replace(table, columns=(*rest[:at], *moving, *rest[at:]))
