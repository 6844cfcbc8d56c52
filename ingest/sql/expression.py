"""What an expression is made of: traces to stored columns, and the text that stands as rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from sqlglot import exp
from sqlglot.errors import SqlglotError

from ingest.sql.dialect import Dialect
from ingest.sql.names import fold
from ingest.sql.relation import RULE_LENGTH, Cell, Computed, Kind, Relation, Trace, Traces, through
from ingest.sql.scope import Scope

Query = Callable[[exp.Expr, Scope], Relation]
"""Evaluates a subquery inside a scope."""

_PSEUDO: Final = frozenset(
    (
        "rownum",
        "rowid",
        "level",
        "sysdate",
        "systimestamp",
        "user",
        "uid",
        "sqlcode",
        "sqlerrm",
        "current_date",
        "current_timestamp",
        "sysdatetime",
        "connect_by_isleaf",
        "connect_by_iscycle",
        "nextval",
        "currval",
        "ctid",
        "row_count",
    )
)
"""Names that engines answer themselves, and that sqlglot takes for columns."""
_TRANSPARENT: Final = (exp.Alias, exp.Paren, exp.Ordered, exp.Prior)


class Expressions:
    """Traces expressions of one dialect; `query` evaluates what is nested in them."""

    def __init__(self, dialect: Dialect, query: Query) -> None:
        self._dialect = dialect
        self._query = query

    def cell(self, node: exp.Expr, scope: Scope, name: str, *, named: bool = True) -> Cell:
        """The value of an expression as a column called `name`."""
        before = len(scope.unsure)
        traces = self.traces(node, scope, Kind.IDENTITY, self.text(node))
        return Cell(name, traces, len(scope.unsure) == before and not _hidden(node), named)

    def value(self, node: exp.Expr, scope: Scope, name: str = "") -> Cell:
        """A value that goes into a column; without a name it is called as the expression says."""
        named = bool(name) or isinstance(node, exp.Column | exp.Alias | exp.Dot)
        return self.cell(node, scope, name or node.alias_or_name or self.text(node), named=named)

    def where(self, statement: exp.Expr, scope: Scope) -> Iterator[Trace]:
        """Traces of a statement's WHERE."""
        where = statement.args.get("where")
        return self.conditions(where.this if where else None, scope, Kind.FILTER)

    def conditions(self, node: exp.Expr | None, scope: Scope, kind: Kind) -> Iterator[Trace]:
        """Traces of a condition, each with the conjunct it stands in as rule."""
        if node is None:
            return
        parts = node.flatten() if isinstance(node, exp.And) else (node,)
        for part in parts:
            yield from self.traces(part, scope, kind, self.text(part))

    def traces(self, node: exp.Expr, scope: Scope, kind: Kind, rule: str) -> tuple[Trace, ...]:
        """All stored columns that an expression uses. `kind` is how its value is used."""
        found = Traces()
        waiting = [(node, kind)]
        while waiting:
            part, how = waiting.pop()
            if isinstance(part, exp.Column):
                found.add(self._column(part, scope, how, rule))
            elif isinstance(part, (exp.Query, exp.Exists)):
                found.add(self._nested(part, scope, how, rule))
            elif isinstance(part, exp.Window):
                waiting += _window(part, how)
            elif isinstance(part, exp.Lambda):
                waiting += _lambda(part, how)
            elif isinstance(part, exp.Identifier | exp.Var | exp.Literal | exp.DataType):
                continue
            else:
                waiting += [(child, _step(part, how)) for child in part.iter_expressions()]
        return tuple(found)

    def _column(self, node: exp.Column, scope: Scope, kind: Kind, rule: str) -> Iterator[Trace]:
        if isinstance(node, exp.Pseudocolumn) or isinstance(node.this, exp.Star):
            return
        if fold(node.name) in _PSEUDO and not scope.knows(node):
            return
        cell = scope.resolve(node)
        literals = _compared(node)
        for trace in cell.traces:
            yield trace.into(cell.name, kind, rule, literals)

    def _nested(self, node: exp.Expr, scope: Scope, kind: Kind, rule: str) -> Iterator[Trace]:
        """A scalar subquery, IN (SELECT …) or EXISTS (SELECT …)."""
        exists = isinstance(node, exp.Exists)
        relation = self._query(node.this if exists else node, scope)
        if not exists:
            for cell in relation.cells:
                for trace in cell.traces:
                    yield trace.into(cell.name, kind, rule)
        for trace in relation.influences:
            yield replace(trace, kind=through(trace.kind, kind), rule=trace.rule or rule)

    def text(self, node: exp.Expr) -> str:
        """The expression in the script's own dialect, without comments and alias."""
        node = node.unalias()
        try:
            return node.sql(dialect=self._dialect.grammar, comments=False)[:RULE_LENGTH]
        except (SqlglotError, RecursionError, ValueError, AttributeError, TypeError):
            return ""


def function(node: exp.Expr, scope: Scope, expressions: Expressions) -> Computed:
    """A table function: its columns come from its arguments."""
    before = len(scope.unsure)
    traces = expressions.traces(node, scope, Kind.TRANSFORMATION, expressions.text(node))
    return Computed(traces, len(scope.unsure) == before)


def _compared(column: exp.Column) -> tuple[str, ...]:
    """The literals that a column is compared with: c = '04', c IN ('1', '2'), CASE c WHEN '1',
    DECODE(c, '1', …); what makes a name or a number of it does not matter. What stands for a
    parameter (script.fill) is no literal.
    """
    node: exp.Expr = column
    while isinstance(node.parent, exp.Paren | exp.Cast | exp.Trim | exp.Upper | exp.Lower):
        node = node.parent
    around = node.parent
    if isinstance(around, exp.Case) and node is around.this:
        found = [branch.this for branch in around.args["ifs"]]
    elif isinstance(around, exp.DecodeCase) and node is around.expressions[0]:
        found = around.expressions[1:-1:2]
    elif isinstance(around, exp.Predicate):
        found = [part for part in around.iter_expressions() if part is not node]
    else:
        return ()
    literals = (part.name for part in found if isinstance(part, exp.Literal))
    return tuple(text for text in literals if not text.startswith(("${", "#{", "{{", "$[", ":")))


def _step(node: exp.Expr, kind: Kind) -> Kind:
    """How the children of a node are used."""
    if isinstance(node, _TRANSPARENT):
        return kind
    if isinstance(node, (exp.AggFunc, exp.Filter)):
        return through(Kind.AGGREGATION, kind)
    return through(Kind.TRANSFORMATION, kind)


def _window(node: exp.Window, kind: Kind) -> Iterator[tuple[exp.Expr, Kind]]:
    """The function's arguments are used directly, the window only decides rows and order."""
    yield node.this, through(Kind.TRANSFORMATION, kind)
    around = through(Kind.WINDOW, kind)
    for part in node.args.get("partition_by") or ():
        yield part, around
    order = node.args.get("order")
    if order is not None:
        yield order, around


def _lambda(node: exp.Lambda, kind: Kind) -> Iterator[tuple[exp.Expr, Kind]]:
    """The body without its parameters (sqlglot turns those into identifiers)."""
    yield node.this, through(Kind.TRANSFORMATION, kind)


def _hidden(node: exp.Expr) -> bool:
    """Whether the expression holds a `*` of a relation as a value, such as to_json(t.*)."""
    return any(
        isinstance(column.this, exp.Star) and not isinstance(column.parent, exp.Count)
        for column in node.find_all(exp.Column)
    )
