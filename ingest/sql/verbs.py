"""Which kind of statement writes what."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from ingest.sql.flow import Written
from ingest.sql.insert import create, insert, inserts, named
from ingest.sql.query import Reader
from ingest.sql.relation import Derived
from ingest.sql.target import into_of, target_of
from ingest.sql.update import delete, merge, update


def written(tree: exp.Expr, reader: Reader, *, into: bool) -> Iterator[Written]:
    """What a statement writes. `into`: SELECT … INTO makes a table here.

    `reader` has collected the tables that it read when this is exhausted.
    """
    with_ = tree.args.get("with_")
    if with_ is not None and not isinstance(tree, exp.Query):
        reader.define(with_)
    if isinstance(tree, exp.Insert):
        yield from insert(tree, reader)
    elif isinstance(tree, exp.MultitableInserts):
        yield from inserts(tree, reader)
    elif isinstance(tree, exp.Create):
        yield from create(tree, reader)
    elif isinstance(tree, exp.Update):
        yield from update(tree, reader)
    elif isinstance(tree, exp.Merge):
        yield from merge(tree, reader)
    elif isinstance(tree, exp.Delete):
        yield from delete(tree, reader)
    elif isinstance(tree, exp.Cache):
        if tree.expression is not None:
            yield Written(target_of(tree.this, reader), reader.query(tree.expression), True, False)
    elif isinstance(tree, exp.TruncateTable):
        for table in tree.expressions:
            yield Written(target_of(table, reader), Derived(), True)
    elif isinstance(tree, exp.Copy | exp.LoadData):
        yield Written(target_of(tree.this, reader), Derived(), False)
    elif isinstance(tree, exp.Query):
        relation = reader.query(tree)
        target = into_of(tree) if into else None
        if target is not None:
            yield named(target_of(target, reader), relation, False)
        else:
            yield Written(None, relation, True)
