"""UPDATE, MERGE and DELETE: columns that are set, and what chooses the rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from sqlglot import exp

from ingest.sql.flow import Written
from ingest.sql.names import TableName
from ingest.sql.query import Reader
from ingest.sql.relation import Cell, Derived, Kind, Relation, Traces, merged
from ingest.sql.scope import Scope
from ingest.sql.target import target_of


def update(tree: exp.Update, reader: Reader) -> Iterator[Written]:
    scope = reader.scope()
    from_ = tree.args.get("from_")
    if from_ is not None:
        reader.add(scope, from_.this)
        for join in from_.args.get("joins") or ():
            reader.add(scope, join.this)
    name = [part.name for part in tree.this.parts]
    meant = [m for m in scope.members if m.table is not None and m.called(name)]
    if meant and not tree.this.alias:  # T-SQL names the target by its alias in FROM
        target = meant[0].table
    else:
        before = len(scope.members)
        reader.add(scope, tree.this)
        target = scope.members[before].table
    if target is None:
        return
    scope.influences.add(reader.expressions.where(tree, scope))
    yield from assigned(tree.expressions, scope, target, reader)


def assigned(
    sets: Iterable[exp.Expr], scope: Scope, target: TableName, reader: Reader
) -> Iterator[Written]:
    """SET a = x, (b, c) = (SELECT …): one table each that a column of it is set."""
    rows: dict[TableName, list[Cell]] = {}
    for equal in sets:
        if not isinstance(equal, exp.EQ):
            continue
        left, right = equal.this, equal.expression
        if isinstance(left, exp.Tuple | exp.Paren):
            names = [column.name for column in left.expressions or (left.this,)]
            cells = _row(right, len(names), scope, reader)
            found = [replace(cell, name=name) for name, cell in zip(names, cells, strict=False)]
            rows.setdefault(target, []).extend(found)
        elif isinstance(left, exp.Column | exp.Dot):
            table = _table_of(left, scope, target)
            rows.setdefault(table, []).append(reader.expressions.value(right, scope, left.name))
    influences = Traces(scope.influences)
    for member in scope.members:
        influences.add(member.relation.influences)
    for table, row in rows.items():
        yield Written(table, Derived(_once(row), (), tuple(influences)), True)


def _once(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """Each column once, for a MERGE sets it in several branches."""
    found: dict[str, list[Cell]] = {}
    for cell in cells:
        found.setdefault(cell.key, []).append(cell)
    return tuple(merged(same, same[0].name) for same in found.values())


def _table_of(column: exp.Expr, scope: Scope, target: TableName) -> TableName:
    """MySQL may set columns of several tables; the qualifier tells which."""
    qualifier = column.text("table")
    if not qualifier:
        return target
    called = [m.table for m in scope.members if m.called([qualifier]) and m.table]
    return called[0] if called else target


def _row(node: exp.Expr, width: int, scope: Scope, reader: Reader) -> Sequence[Cell]:
    """The right side of (a, b) = …."""
    if isinstance(node, exp.Tuple):
        return [reader.expressions.value(value, scope) for value in node.expressions]
    if isinstance(node, exp.Query):
        relation = reader.query(node, scope)
        scope.influences.add(relation.influences)
        return relation.cells
    return [reader.expressions.value(node, scope)] * width


def merge(tree: exp.Merge, reader: Reader) -> Iterator[Written]:
    scope = reader.scope()
    reader.add(scope, tree.this)
    target = scope.members[0].table
    reader.add(scope, tree.args["using"])
    if target is None:
        return
    source = scope.members[-1].relation
    on = tree.args.get("on")
    scope.influences.add(reader.expressions.conditions(on, scope, Kind.JOIN))
    cells: list[Cell] = []
    tails: list[Relation] = []
    sure = True
    for when in tree.args["whens"].expressions:
        condition = when.args.get("condition")
        scope.influences.add(reader.expressions.conditions(condition, scope, Kind.FILTER))
        then = when.args.get("then")
        if isinstance(then, exp.Update):
            scope.influences.add(reader.expressions.where(then, scope))
            if any(isinstance(part, exp.Star) for part in then.expressions):
                cells += source.cells
                tails += source.tails
            for item in assigned(then.expressions, scope, target, reader):
                cells += item.relation.cells
        elif isinstance(then, exp.Insert):
            scope.influences.add(reader.expressions.where(then, scope))
            row, known = _merge_insert(then, scope, source, target, reader)
            cells += row
            sure = sure and known
            tails += source.tails if isinstance(then.this, exp.Star | exp.Var) else ()
    influences = Traces(scope.influences)
    influences.add(source.influences)
    yield Written(target, Derived(_once(cells), tuple(tails), tuple(influences)), sure)


def _merge_insert(
    then: exp.Insert, scope: Scope, source: Relation, target: TableName, reader: Reader
) -> tuple[list[Cell], bool]:
    """The columns of WHEN NOT MATCHED THEN INSERT, and whether their names are certain."""
    if isinstance(then.this, exp.Star | exp.Var):  # INSERT *, INSERT ROW: by name
        return list(source.cells), True
    values = then.expression
    row = values.expressions if isinstance(values, exp.Tuple) else [values] if values else []
    cells = [reader.expressions.value(value, scope) for value in row]
    columns = then.this
    if isinstance(columns, exp.Tuple | exp.Paren):
        names = [column.name for column in columns.expressions or (columns.this,)]
    elif columns is not None:
        names = [columns.name]
    else:
        known = reader.columns(target)
        if known is None:
            return cells, False
        names = list(known)
    pairs = zip(names, cells, strict=False)
    return [replace(cell, name=name, named=True) for name, cell in pairs], len(names) == len(cells)


def delete(tree: exp.Delete, reader: Reader) -> Iterator[Written]:
    """A deletion moves no value; what it compares decides which rows stay."""
    scope = reader.scope()
    if tree.this is not None:
        reader.add(scope, tree.this)
    for using in tree.args.get("using") or ():
        reader.add(scope, using)
    scope.influences.add(reader.expressions.where(tree, scope))
    influences = Traces(scope.influences)
    named = tree.args.get("tables") or [tree.this]
    for table in named:
        meant = [m.table for m in scope.members if m.called([p.name for p in table.parts])]
        target = meant[0] if meant and meant[0] else target_of(table, reader)
        cells = tuple(Cell(column) for column in reader.columns(target) or ())
        yield Written(target, Derived(cells, (), tuple(influences)), bool(cells))
