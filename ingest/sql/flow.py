"""What one statement moves: into which table, from which tables and columns, by which rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlglot import exp

from ingest.sql.names import ColumnName, TableName, fold
from ingest.sql.query import Reader, table_name
from ingest.sql.relation import (
    STAR,
    Cell,
    Derived,
    Kind,
    Relation,
    Stored,
    Trace,
    Traces,
    bases,
    merged,
)
from ingest.sql.scope import Member, Scope


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


def written(tree: exp.Expr, reader: Reader, *, into: bool) -> Iterator[Written]:
    """What a statement writes. `into`: SELECT … INTO makes a table here.

    `reader` has collected the tables that it read when this is exhausted.
    """
    with_ = tree.args.get("with_")
    if with_ is not None and not isinstance(tree, exp.Query):
        reader.define(with_)
    if isinstance(tree, exp.Insert):
        yield from _insert(tree, reader)
    elif isinstance(tree, exp.MultitableInserts):
        yield from _inserts(tree, reader)
    elif isinstance(tree, exp.Create):
        yield from _create(tree, reader)
    elif isinstance(tree, exp.Update):
        yield from _update(tree, reader)
    elif isinstance(tree, exp.Merge):
        yield from _merge(tree, reader)
    elif isinstance(tree, exp.Delete):
        yield from _delete(tree, reader)
    elif isinstance(tree, exp.Cache):
        if tree.expression is not None:
            yield Written(_target(tree.this, reader), reader.query(tree.expression), True, False)
    elif isinstance(tree, exp.TruncateTable):
        for table in tree.expressions:
            yield Written(_target(table, reader), Derived(), True)
    elif isinstance(tree, exp.Copy | exp.LoadData):
        yield Written(_target(tree.this, reader), Derived(), False)
    elif isinstance(tree, exp.Query):
        relation = reader.query(tree)
        target = _into(tree) if into else None
        if target is not None:
            yield _named(_target(target, reader), relation, False)
        else:
            yield Written(None, relation, True)


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


# -- INSERT, CREATE --------------------------------------------------------------------------


def _insert(tree: exp.Insert, reader: Reader) -> Iterator[Written]:
    if isinstance(tree.this, exp.Directory):
        if tree.expression is not None:
            reader.query(tree.expression)
        return
    target = _target(tree.this, reader)
    relation = reader.query(tree.expression) if tree.expression is not None else Derived()
    item = _placed(tree, target, relation, reader)
    yield replace(item, adds=not tree.args.get("overwrite"))
    conflict = tree.args.get("conflict")
    if conflict is not None and conflict.expressions:
        scope = reader.scope()
        scope.add(Member("excluded", item.relation))
        scope.add(Member(fold(_alias(tree.this) or target.table), _stored(target, reader), target))
        sets = [equal.transform(_excluded) for equal in conflict.expressions]
        yield from _sets(sets, scope, target, reader)


def _excluded(node: exp.Expr) -> exp.Expr:
    """MySQL's VALUES(c) is the row that could not be inserted."""
    if isinstance(node, exp.Anonymous) and fold(node.name) == "values" and node.expressions:
        return exp.column(node.expressions[0].name, "excluded")
    return node


def _placed(tree: exp.Insert, target: TableName, relation: Relation, reader: Reader) -> Written:
    """The query's columns under the target's names."""
    listed = _listed(tree.this)
    fixed, dynamic = _partition(tree)
    if listed:
        return _positional(target, relation, [*listed, *dynamic], reader)
    if tree.args.get("by_name"):
        return _named(target, relation, True)
    known = reader.columns(target)
    if known is None:
        return _named(target, relation, False)
    return _positional(target, relation, [c for c in known if fold(c) not in fixed], reader)


def _partition(tree: exp.Insert) -> tuple[set[str], list[str]]:
    """Columns that PARTITION fixes to a value, and those that the query fills last."""
    table = tree.this.this if isinstance(tree.this, exp.Schema) else tree.this
    partition = table.args.get("partition") or tree.args.get("partition")
    if not isinstance(partition, exp.Partition):
        return set(), []
    fixed = {fold(p.this.name) for p in partition.expressions if isinstance(p, exp.EQ)}
    return fixed, [p.name for p in partition.expressions if isinstance(p, exp.Column)]


def _positional(
    target: TableName, relation: Relation, names: Sequence[str], reader: Reader
) -> Written:
    if relation.tails:  # how many columns a `*` has is not known
        return _named(target, relation, False)
    cells = relation.cells
    if len(cells) != len(names) and cells:
        reader.uneven.append(f"{target}: {len(cells)} ≠ {len(names)}")
    renamed = Derived(tuple(cells), (), tuple(relation.influences)).renamed(names)
    return Written(target, renamed, len(cells) == len(names))


def _named(target: TableName, relation: Relation, sure: bool) -> Written:
    """The query's own names."""
    return Written(target, relation, sure and all(cell.named for cell in relation.cells))


def _inserts(tree: exp.MultitableInserts, reader: Reader) -> Iterator[Written]:
    """Hive's FROM … INSERT … INSERT …, and Oracle's INSERT ALL … SELECT."""
    source = tree.args["source"]
    for item in tree.expressions:
        insert = item.this if isinstance(item, exp.ConditionalInsert) else item
        query = insert.expression
        if isinstance(query, exp.Select):
            if not query.args.get("from_"):
                query.set("from_", exp.From(this=source.copy()))
            yield from _insert(insert, reader)
            continue
        relation = reader.query(source)
        target = _target(insert.this, reader)
        if isinstance(query, exp.Values):
            scope = reader.scope()
            scope.add(Member(fold(source.alias_or_name), relation))
            row = query.expressions[0].expressions
            cells = tuple(_cell(value, scope, reader) for value in row)
            relation = Derived(cells, (), tuple(relation.influences))
        yield _placed(insert, target, relation, reader)


def _create(tree: exp.Create, reader: Reader) -> Iterator[Written]:
    if tree.kind not in ("TABLE", "VIEW"):
        return
    target = _target(tree.this, reader)
    listed = _listed(tree.this)
    properties = tree.args.get("properties")
    for item in properties.expressions if properties else ():
        if isinstance(item, exp.ToTableProperty):
            target = _target(item.this, reader)
        elif isinstance(item, exp.LikeProperty | exp.PartitionedOfProperty):
            reader.table(item.this)
            yield Written(target, Derived(), False)
            return
    clone = tree.args.get("clone")
    query = clone.this if clone is not None else tree.expression
    if isinstance(query, exp.Query | exp.Table):
        relation = reader.query(query)
        if listed:
            yield replace(_positional(target, relation, listed, reader), adds=False)
        else:
            yield replace(_named(target, relation, True), adds=False)
    else:
        yield Written(target, Derived(tuple(Cell(name) for name in listed)), True, False)


# -- UPDATE, MERGE, DELETE -------------------------------------------------------------------


def _update(tree: exp.Update, reader: Reader) -> Iterator[Written]:
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
    scope.influences.add(_where(tree, scope, reader))
    yield from _sets(tree.expressions, scope, target, reader)


def _sets(
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
            rows.setdefault(table, []).append(_cell(right, scope, reader, left.name))
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
        return [_cell(value, scope, reader) for value in node.expressions]
    if isinstance(node, exp.Query):
        relation = reader.query(node, scope)
        scope.influences.add(relation.influences)
        return relation.cells
    return [_cell(node, scope, reader)] * width


def _merge(tree: exp.Merge, reader: Reader) -> Iterator[Written]:
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
            scope.influences.add(_where(then, scope, reader))
            if any(isinstance(part, exp.Star) for part in then.expressions):
                cells += source.cells
                tails += source.tails
            for item in _sets(then.expressions, scope, target, reader):
                cells += item.relation.cells
        elif isinstance(then, exp.Insert):
            scope.influences.add(_where(then, scope, reader))
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
    cells = [_cell(value, scope, reader) for value in row]
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


def _delete(tree: exp.Delete, reader: Reader) -> Iterator[Written]:
    """A deletion moves no value; what it compares decides which rows stay."""
    scope = reader.scope()
    if tree.this is not None:
        reader.add(scope, tree.this)
    for using in tree.args.get("using") or ():
        reader.add(scope, using)
    scope.influences.add(_where(tree, scope, reader))
    influences = Traces(scope.influences)
    named = tree.args.get("tables") or [tree.this]
    for table in named:
        meant = [m.table for m in scope.members if m.called([p.name for p in table.parts])]
        target = meant[0] if meant and meant[0] else _target(table, reader)
        cells = tuple(Cell(column) for column in reader.columns(target) or ())
        yield Written(target, Derived(cells, (), tuple(influences)), bool(cells))


# -- parts -----------------------------------------------------------------------------------

_UNNAMED: Final = (exp.Column, exp.Alias, exp.Dot)


def _cell(node: exp.Expr, scope: Scope, reader: Reader, name: str = "") -> Cell:
    named = bool(name) or isinstance(node, _UNNAMED)
    return reader.expressions.cell(
        node, scope, name or node.alias_or_name or reader.expressions.text(node), named=named
    )


def _where(tree: exp.Expr, scope: Scope, reader: Reader) -> Iterator[Trace]:
    where = tree.args.get("where")
    return reader.expressions.conditions(where.this if where else None, scope, Kind.FILTER)


def _target(node: exp.Expr, reader: Reader) -> TableName:
    """The table written, without counting it as read."""
    table = node.this if isinstance(node, exp.Schema) else node
    name = table_name(table) if isinstance(table, exp.Table) else TableName.of(table.name)
    return name.within(*reader.home)


def _alias(node: exp.Expr) -> str:
    """The alias of the target."""
    table = node.this if isinstance(node, exp.Schema) else node
    return str(table.alias)


def _stored(target: TableName, reader: Reader) -> Stored:
    known = reader.columns(target)
    return Stored(target, None if known is None else tuple(known))


def _listed(node: exp.Expr) -> list[str]:
    """The column list behind the target's name."""
    if not isinstance(node, exp.Schema):
        return []
    kinds = (exp.ColumnDef, exp.Identifier, exp.Column)
    return [part.name for part in node.expressions if isinstance(part, kinds)]


def _into(tree: exp.Expr) -> exp.Table | None:
    """The table of SELECT … INTO, in the first branch of a union."""
    while isinstance(tree, exp.SetOperation | exp.Subquery):
        tree = tree.this
    into = tree.args.get("into")
    table = into.this if into is not None else None
    return table if isinstance(table, exp.Table) else None
