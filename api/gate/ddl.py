"""Two DDL states compared: tables and columns that go, are renamed or change.

A script says "drop this, add that" also where it means a rename. Where what came has the shape of
what went (same type, and the same comment or place), it is told as a rename, and said so.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from api.gate.change import Changed, Changes
from api.gate.derivation import Derivations, compared, differing
from api.gate.standing import Standing
from api.gate.state import State, against_ledger, read_state
from ingest.source import Options, Place
from ingest.sql.schema import Column, Table
from ontology.model import Kind
from ontology.naming import field_id
from ontology.resource import ResourceId

ALIKE = 0.8
"""Share of columns (name and type) from which on a new table is an old one under a new name."""
NAMED = 5
"""Names that a note gives."""


def ddl_changes(old: Path, new: Path, options: Options) -> Changes:
    """What the second state changes in the first, each with file and line."""
    return _compared(read_state(old, options), read_state(new, options))


def migration_changes(folder: Path, options: Options, standing: Standing) -> Changes:
    """What the scripts of a folder change in the tables as the ledger knows them. A table that
    they neither create nor mention stays as it is."""
    return _compared(*against_ledger(folder, options, standing))


def _compared(before: State, after: State) -> Changes:
    tables = Changes(
        (*_tables(before, after), *_turned(before, after)),
        tuple(differing(before.problems, after.problems)),
        tuple(_notes(before, after)),
    )
    turned = {change.resource for change in _turned(before, after)}
    lasting = (before.tables.keys() & after.tables.keys()) - turned
    worded = (before.wordings.keys() & after.wordings.keys()) - turned
    views = compared(*(_views(state, lasting, worded) for state in (before, after)))
    told = {change.resource for change in tables.changed}  # a view's column renamed is no loss
    return tables + replace(
        views, changed=tuple(c for c in views.changed if c.resource not in told)
    )


def _views(
    state: State, lasting: Container[ResourceId], worded: Iterable[ResourceId]
) -> Derivations:
    made = Derivations.of(state.lineage, lasting)
    made.texts = {id: [(state.wordings[id], _at(state.tables[id]))] for id in worded}
    return made


def _turned(before: State, after: State) -> Iterator[Changed]:
    """Tables that are views now, and views that are tables (or of which nobody knows what they
    were): their rows may be others."""
    for id, old in before.tables.items():
        now = after.tables.get(id)
        if now is not None and now.view != old.view:
            note = "成为视图 / a view now" if now.view else "不再是视图 / a view no more"
            yield Changed(id, Kind.VALUES, _at(now), note)


def _notes(before: State, after: State) -> Iterator[str]:
    """What a reader should know of, so that a wrong binding or folder does not go unseen."""
    if new := [str(t.name) for id, t in after.tables.items() if id not in before.tables]:
        yield f"新表 / new tables: {_some(new)}"
    if after.left:
        yield f"不是脚本，未读 / not scripts, not read: {_some(after.left)}"


def _some(names: list[str]) -> str:
    return "、".join(names[:NAMED]) + (f" …… {len(names)}" if len(names) > NAMED else "")


def _tables(before: State, after: State) -> Iterator[Changed]:
    gone = {id: table for id, table in before.tables.items() if id not in after.tables}
    come = {id: table for id, table in after.tables.items() if id not in before.tables}
    renamed = dict(_renamed_tables(gone, come))
    for id, table in before.tables.items():
        now = after.tables.get(id) or after.tables.get(renamed.get(id, id))
        name = table.name.table
        if now is None:
            place = after.place(name) or _at(table)
            yield Changed(id, Kind.REMOVE, place, f"删除表 {name} / table dropped")
            continue
        if id in renamed:
            place = after.place(name) or _at(now)
            yield Changed(
                id,
                Kind.RENAME,
                place,
                f"表 {name} 改名为 {now.name.table}（据列推断）/ renamed, told by its columns",
            )
        yield from _columns(id, table, now, after)


def _renamed_tables(
    gone: dict[ResourceId, Table], come: dict[ResourceId, Table]
) -> Iterator[tuple[ResourceId, ResourceId]]:
    """Pairs of which each is the other's only likeness."""
    alike = [(g, c) for g, old in gone.items() for c, new in come.items() if _alike(old, new)]
    for old_id, new_id in alike:
        if sum(old_id == g or new_id == c for g, c in alike) == 1:
            yield old_id, new_id


def _alike(old: Table, new: Table) -> bool:
    shapes = [{(c.key, _type(c)) for c in table.columns} for table in (old, new)]
    most = max(map(len, shapes))
    return most > 0 and len(shapes[0] & shapes[1]) >= ALIKE * most


def _columns(id: ResourceId, old: Table, new: Table, after: State) -> Iterator[Changed]:
    gone = [c for c in old.columns if new.column(c.name) is None]
    come = [c for c in new.columns if old.column(c.name) is None]
    renamed = dict(_renamed_columns(gone, come))
    for column in old.columns:
        field, name = field_id(id, column.name), f"{old.name.table}.{column.name}"
        now = new.column(column.name)
        if now is not None:
            yield from _altered(field, name, column, now, new, after)
            continue
        place = after.place(old.name.table, column.name) or after.place(new.name.table, column.name)
        if column.key in renamed:
            to = renamed[column.key]
            yield Changed(
                field,
                Kind.RENAME,
                place or Place(new.file, row=to.line or new.line or None),
                f"{name} 改名为 {to.name}（据类型与注释或位置推断）/ renamed, told by type and "
                "comment or place",
            )
        else:
            yield Changed(
                field, Kind.REMOVE, place or _at(new), f"删除字段 {name} / column dropped"
            )


def _renamed_columns(gone: list[Column], come: list[Column]) -> Iterator[tuple[str, Column]]:
    """Pairs of which each is the other's only likeness: by comment, else by place."""
    for same in (_same_comment, _same_place):
        pairs = [(g, c) for g in gone for c in come if _type(g) == _type(c) and same(g, c)]
        for old, new in pairs:
            if sum(old is g or new is c for g, c in pairs) == 1:
                yield old.key, new
                gone, come = [g for g in gone if g is not old], [c for c in come if c is not new]


def _same_comment(old: Column, new: Column) -> bool:
    return bool(old.comment) and old.comment == new.comment


def _same_place(old: Column, new: Column) -> bool:
    """The same position; a comment that says something else tells them apart."""
    return old.ordinal == new.ordinal and not (old.comment and new.comment)


def _altered(
    field: ResourceId, name: str, old: Column, new: Column, table: Table, after: State
) -> Iterable[Changed]:
    here = Place(table.file, row=new.line or table.line or None)
    if _type(new) and _type(old) != _type(new):
        told = after.place(table.name.table, new.name)
        if _type(old) or told:  # a statement retypes it, whatever it was
            was = old.type or "?"
            yield Changed(
                field, Kind.RETYPE, told or here, f"{name} 类型 / type: {was} → {new.type}"
            )
    if old.comment and new.comment and old.comment != new.comment:
        yield Changed(
            field, Kind.MEANING, here, f"{name} 含义 / meaning: {old.comment} → {new.comment}"
        )


def _type(column: Column) -> str:
    return re.sub(r"\s+", "", column.type).lower()


def _at(table: Table) -> Place:
    return Place(table.file, row=table.line or None)
