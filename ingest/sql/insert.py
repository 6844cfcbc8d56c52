"""INSERT and CREATE: the query's columns under the target's names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlglot import exp

from ingest.sql.flow import Written
from ingest.sql.names import TableName, fold
from ingest.sql.query import Reader
from ingest.sql.relation import Cell, Derived, Relation
from ingest.sql.scope import Member
from ingest.sql.target import alias_of, listed_in, stored, target_of
from ingest.sql.update import assigned


def insert(tree: exp.Insert, reader: Reader) -> Iterator[Written]:
    if isinstance(tree.this, exp.Directory):
        if tree.expression is not None:
            reader.query(tree.expression)
        return
    target = target_of(tree.this, reader)
    relation = reader.query(tree.expression) if tree.expression is not None else Derived()
    item = _placed(tree, target, relation, reader)
    yield replace(item, adds=not tree.args.get("overwrite"))
    conflict = tree.args.get("conflict")
    if conflict is not None and conflict.expressions:
        scope = reader.scope()
        scope.add(Member("excluded", item.relation))
        scope.add(Member(fold(alias_of(tree.this) or target.table), stored(target, reader), target))
        sets = [equal.transform(_excluded) for equal in conflict.expressions]
        yield from assigned(sets, scope, target, reader)


def _excluded(node: exp.Expr) -> exp.Expr:
    """MySQL's VALUES(c) is the row that could not be inserted."""
    if isinstance(node, exp.Anonymous) and fold(node.name) == "values" and node.expressions:
        return exp.column(node.expressions[0].name, "excluded")
    return node


def _placed(tree: exp.Insert, target: TableName, relation: Relation, reader: Reader) -> Written:
    """The query's columns under the target's names."""
    listed = listed_in(tree.this)
    fixed, dynamic = _partition(tree)
    if listed:
        return _positional(target, relation, [*listed, *dynamic], reader)
    if tree.args.get("by_name"):
        return named(target, relation, True)
    known = reader.columns(target)
    if known is None:
        return named(target, relation, False)
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
        return named(target, relation, False)
    cells = relation.cells
    if len(cells) != len(names) and cells:
        reader.uneven.append(f"{target}: {len(cells)} ≠ {len(names)}")
    renamed = Derived(tuple(cells), (), tuple(relation.influences)).renamed(names)
    return Written(target, renamed, len(cells) == len(names))


def named(target: TableName, relation: Relation, sure: bool) -> Written:
    """The query's own names."""
    return Written(target, relation, sure and all(cell.named for cell in relation.cells))


def inserts(tree: exp.MultitableInserts, reader: Reader) -> Iterator[Written]:
    """Hive's FROM … INSERT … INSERT …, and Oracle's INSERT ALL … SELECT."""
    source = tree.args["source"]
    for item in tree.expressions:
        single = item.this if isinstance(item, exp.ConditionalInsert) else item
        query = single.expression
        if isinstance(query, exp.Select):
            if not query.args.get("from_"):
                query.set("from_", exp.From(this=source.copy()))
            yield from insert(single, reader)
            continue
        relation = reader.query(source)
        target = target_of(single.this, reader)
        if isinstance(query, exp.Values):
            scope = reader.scope()
            scope.add(Member(fold(source.alias_or_name), relation))
            row = query.expressions[0].expressions
            cells = tuple(reader.expressions.value(value, scope) for value in row)
            relation = Derived(cells, (), tuple(relation.influences))
        yield _placed(single, target, relation, reader)


def create(tree: exp.Create, reader: Reader) -> Iterator[Written]:
    if tree.kind not in ("TABLE", "VIEW"):
        return
    target = target_of(tree.this, reader)
    listed = listed_in(tree.this)
    properties = tree.args.get("properties")
    for item in properties.expressions if properties else ():
        if isinstance(item, exp.ToTableProperty):
            target = target_of(item.this, reader)
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
            yield replace(named(target, relation, True), adds=False)
    else:
        yield Written(target, Derived(tuple(Cell(name) for name in listed)), True, False)
