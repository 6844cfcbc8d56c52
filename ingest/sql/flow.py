"""What one statement moves: into which table, from which tables and columns, by which rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.sql.names import ColumnName, TableName
from ingest.sql.relation import STAR, Kind, Relation, Trace, Traces, bases


@dataclass(frozen=True, slots=True)
class Derivation:
    """One column of the target comes from one stored column, by the expression `rule`."""

    target: ColumnName
    origin: ColumnName
    kind: Kind
    rule: str = ""
    literals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Flow:
    """One table written, or only read (`target` None), by one statement.

    `columns` are direct (and window) derivations; `influences` decide which rows arrive and so
    touch every column in `written` (of a statement that only reads: all columns that it uses).
    `complete`: all columns written, and all origins, are known for certain, so that these
    derivations may stand for the tables' own.
    """

    target: TableName | None
    origins: tuple[TableName, ...] = ()
    columns: tuple[Derivation, ...] = ()
    influences: tuple[Trace, ...] = ()
    written: tuple[str, ...] = ()
    complete: bool = False
    verb: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Written:
    """What a statement puts into one table, before temporary tables are followed.

    `relation` has the cells under the names of the target's columns; `sure` tells that these names
    are known and not guessed from the query's own. `adds`: earlier rows stay. Without a target the
    statement only reads.
    """

    target: TableName | None
    relation: Relation
    sure: bool
    adds: bool = True


def flow(item: Written, origins: Sequence[TableName], *, sure: bool) -> Flow:
    """The flow into a stored table. `sure`: no name of the statement stayed ambiguous."""
    target = item.target
    if target is None:
        used = Traces(trace for cell in item.relation.cells for trace in cell.traces)
        used.add(item.relation.influences)
        return Flow(None, tuple(origins), (), tuple(used))
    columns: list[Derivation] = []
    influences = Traces(item.relation.influences)
    complete = item.sure and sure
    for cell in item.relation.cells:
        complete = complete and cell.sure
        name = ColumnName.of(target, cell.name)
        columns += [
            Derivation(name, t.origin, t.kind, t.rule or t.origin.column, t.literals)
            for t in cell.traces
        ]
    for base in bases(item.relation):
        complete = False
        star = ColumnName.of(base.name, STAR)
        columns.append(Derivation(ColumnName.of(target, STAR), star, Kind.IDENTITY, STAR))
    return Flow(
        target,
        tuple(origins),
        tuple(columns),
        tuple(influences),
        tuple(cell.name for cell in item.relation.cells),
        complete,
    )
