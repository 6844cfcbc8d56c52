"""The table that a statement writes: its name, alias, column list and schema."""

from __future__ import annotations

from sqlglot import exp

from ingest.sql.names import TableName
from ingest.sql.query import Reader, table_name
from ingest.sql.relation import Stored


def target_of(node: exp.Expr, reader: Reader) -> TableName:
    """The table written, without counting it as read."""
    table = node.this if isinstance(node, exp.Schema) else node
    name = table_name(table) if isinstance(table, exp.Table) else TableName.of(table.name)
    return name.within(*reader.home)


def alias_of(node: exp.Expr) -> str:
    """The alias of the target."""
    table = node.this if isinstance(node, exp.Schema) else node
    return str(table.alias)


def stored(target: TableName, reader: Reader) -> Stored:
    """It as something to read from, without counting it as read."""
    known = reader.columns(target)
    return Stored(target, None if known is None else tuple(known))


def listed_in(node: exp.Expr) -> list[str]:
    """The column list behind the target's name."""
    if not isinstance(node, exp.Schema):
        return []
    kinds = (exp.ColumnDef, exp.Identifier, exp.Column)
    return [part.name for part in node.expressions if isinstance(part, kinds)]


def into_of(tree: exp.Expr) -> exp.Table | None:
    """The table of SELECT … INTO, in the first branch of a union."""
    while isinstance(tree, exp.SetOperation | exp.Subquery):
        tree = tree.this
    into = tree.args.get("into")
    table = into.this if into is not None else None
    return table if isinstance(table, exp.Table) else None
