"""A query evaluated to the relation it yields: columns with their origins, and what chooses rows.

sqlglot's own `qualify` and `lineage` are not used: they give up a whole statement over one name
that cannot be resolved, and know no columns for UPDATE and MERGE.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlglot import exp

from ingest.sql.dialect import Dialect
from ingest.sql.expression import Expressions, function
from ingest.sql.names import TableName, fold
from ingest.sql.relation import (
    Cell,
    Computed,
    Derived,
    Kind,
    Relation,
    Stored,
    Trace,
    Traces,
    as_filter,
    renamed,
    union,
)
from ingest.sql.scope import Member, Scope

Columns = Callable[[TableName], Sequence[str] | None]
"""The columns of a stored table in order, or None if its schema is not known."""
Named = Mapping[str, Relation]
"""CTEs that can be named, by lower-case name."""


@dataclass(frozen=True, slots=True)
class Temporary:
    """What a temporary table holds, and the stored tables that this was read from."""

    relation: Relation
    tables: tuple[TableName, ...] = ()


@dataclass(slots=True)
class Reader:
    """Evaluates the queries of one statement.

    `columns` tells the schemas of stored tables, `temporary` gives the script's temporary tables;
    `routine`: the statement stands in procedural code, where a name may be a variable and `cursors`
    are rows of queries before. `tables`
    collects the stored tables that were read, `unsure` the names that stayed ambiguous, `uneven`
    the targets that get another number of columns than they have.
    """

    dialect: Dialect
    columns: Columns
    temporary: Callable[[TableName], Temporary | None] = lambda _: None
    home: tuple[str, ...] = ()
    routine: bool = False
    cursors: Mapping[str, Relation] = field(default_factory=dict)
    tables: dict[TableName, None] = field(default_factory=dict)
    unsure: list[str] = field(default_factory=list)
    uneven: list[str] = field(default_factory=list)
    expressions: Expressions = field(init=False)
    _named: list[Named] = field(default_factory=lambda: [{}])

    def __post_init__(self) -> None:
        self.expressions = Expressions(self.dialect, self.query)

    def scope(self, parent: Scope | None = None) -> Scope:
        """A new scope that reports to this statement; around all stand the rows of cursors."""
        if parent is None and self.cursors:
            rows = [Member(name, relation) for name, relation in self.cursors.items()]
            parent = Scope(members=rows, variables=True, unsure=self.unsure)
        return Scope(
            parent,
            struct_fields=self.dialect.struct_fields,
            variables=self.routine,
            unsure=self.unsure,
        )

    # -- queries -----------------------------------------------------------------------------

    def query(self, node: exp.Expr, parent: Scope | None = None) -> Relation:
        """The relation that any query yields; `parent` is the scope around a correlated one."""
        with_ = node.args.get("with_")
        if with_ is None:
            return self._body(node, parent)
        self.define(with_, parent)
        try:
            return self._body(node, parent)
        finally:
            self._named.pop()

    def define(self, with_: exp.With, parent: Scope | None = None) -> None:
        """Make CTEs nameable until `forget`."""
        named = dict(self._named[-1])
        self._named.append(named)
        for cte in with_.expressions:
            key = fold(cte.alias)
            names = [column.name for column in cte.args["alias"].args.get("columns") or ()]
            if isinstance(cte.this, exp.SetOperation) and _names(cte.this, key):
                # recursive: the anchor gives the columns that the other branches start from
                named[key] = renamed(self.query(cte.this.left, parent), names)
            named[key] = renamed(self.query(cte.this, parent), names)

    def forget(self) -> None:
        """End what `define` began."""
        self._named.pop()

    def _body(self, node: exp.Expr, parent: Scope | None) -> Relation:
        if isinstance(node, exp.Select):
            return self._select(node, parent)
        if isinstance(node, exp.SetOperation):
            return self._set_operation(node, parent)
        if isinstance(node, exp.Subquery | exp.Table):
            scope = self.scope(parent)
            self.add(scope, node)
            return scope.whole()
        if isinstance(node, exp.Values):
            return self._values(node, parent)
        if isinstance(node, exp.Insert | exp.Update | exp.Delete) and node.args.get("returning"):
            return Computed(sure=False)  # WITH d AS (DELETE … RETURNING *): the rows of a change
        return Derived()

    def _set_operation(self, node: exp.SetOperation, parent: Scope | None) -> Relation:
        """Chains of UNIONs are as long as generators write them: walked, not recursed."""
        rights: list[exp.SetOperation] = []
        left: exp.Expr = node
        while isinstance(left, exp.SetOperation) and (left is node or not left.args.get("with_")):
            rights.append(left)
            left = left.left
        branches = [self.query(left, parent)]
        excluded: list[Trace] = []
        for operation in reversed(rights):
            relation = self.query(operation.right, parent)
            if isinstance(operation, exp.Except):
                excluded += as_filter(relation)
            else:
                branches.append(relation)
        return union(branches, excluded)

    def _values(self, node: exp.Values, parent: Scope | None) -> Relation:
        scope = self.scope(parent)
        rows = [
            row.expressions if isinstance(row, exp.Tuple) else [row] for row in node.expressions
        ]
        width = max((len(row) for row in rows), default=0)
        alias = node.args.get("alias")
        names = [column.name for column in (alias.args.get("columns") or ())] if alias else []
        names += [f"column{at + 1}" for at in range(len(names), width)]
        computed = [row for row in rows if any(not isinstance(v, exp.Literal) for v in row)]
        cells = []
        for at in range(width):
            found = Traces()
            for row in computed:
                if at < len(row):
                    found.add(self.expressions.cell(row[at], scope, names[at]).traces)
            cells.append(Cell(names[at], tuple(found), named=alias is not None))
        return Derived(tuple(cells))

    # -- SELECT ------------------------------------------------------------------------------

    def _select(self, node: exp.Select, parent: Scope | None) -> Relation:
        scope = self.scope(parent)
        from_ = node.args.get("from_")
        if from_ is not None:
            self.add(scope, from_.this)
        self._joins(scope, node)
        for lateral in node.args.get("laterals") or ():
            self.add(scope, lateral)
        cells, tails = self._projections(node, scope)
        scope.aliases = {cell.key: cell for cell in cells}
        influences = scope.chosen_by()
        influences.add(self._row_choice(node, scope, cells))
        return Derived(tuple(cells), tuple(tails), tuple(influences))

    def _row_choice(self, node: exp.Select, scope: Scope, cells: Sequence[Cell]) -> Iterator[Trace]:
        """Traces of WHERE, GROUP BY, HAVING, QUALIFY, ORDER BY, CONNECT BY, DISTINCT ON."""
        for name in ("where", "having", "qualify"):
            clause = node.args.get(name)
            if clause is not None:
                yield from self.expressions.conditions(clause.this, scope, Kind.FILTER)
        connect = node.args.get("connect")
        if connect is not None:
            for part in (connect.args.get("start"), connect.args.get("connect")):
                yield from self.expressions.conditions(part, scope, Kind.FILTER)
        group = node.args.get("group")
        if group is not None:
            for part in group.iter_expressions():
                yield from self._by(part, scope, cells, Kind.GROUP)
        distinct = node.args.get("distinct")
        if distinct is not None and distinct.args.get("on") is not None:
            yield from self._by(distinct.args["on"], scope, cells, Kind.GROUP)
        for name in ("order", "sort"):
            for part in (node.args.get(name) or exp.Order()).expressions:
                yield from self._by(part, scope, cells, Kind.SORT)

    def _by(
        self, node: exp.Expr, scope: Scope, cells: Sequence[Cell], kind: Kind
    ) -> Iterator[Trace]:
        """Traces of one item of GROUP BY or ORDER BY; a number means a projection."""
        bare = node.this if isinstance(node, exp.Ordered) else node
        if isinstance(bare, exp.Literal) and not bare.is_string:
            at = int(bare.this) - 1 if bare.is_int else -1
            if 0 <= at < len(cells):
                for trace in cells[at].traces:
                    yield trace.into(cells[at].name, kind, trace.rule)
            return
        yield from self.expressions.traces(bare, scope, kind, self.expressions.text(bare))

    def _projections(self, node: exp.Select, scope: Scope) -> tuple[list[Cell], list[Relation]]:
        cells: list[Cell] = []
        tails: list[Relation] = []
        for projection in node.expressions:
            star = projection.this if isinstance(projection, exp.Column) else projection
            if isinstance(star, exp.Star):
                self._star(star, projection, scope, cells, tails)
                continue
            name = projection.alias_or_name
            named = bool(name) and isinstance(projection, exp.Alias | exp.Column | exp.Dot)
            bare = projection.unalias()
            if isinstance(projection, exp.Aliases):  # several columns of one function
                cells += [
                    self.expressions.cell(projection.this, scope, alias.name)
                    for alias in projection.aliases
                ]
                continue
            if not named:
                name = name if isinstance(bare, exp.Cast) and name else self.expressions.text(bare)
            cells.append(self.expressions.cell(bare, scope, name, named=named))
            if self.dialect.lateral_alias and named:
                scope.aliases = {**scope.aliases, fold(name): cells[-1]}
        return cells, tails

    def _star(
        self,
        star: exp.Star,
        projection: exp.Expr,
        scope: Scope,
        cells: list[Cell],
        tails: list[Relation],
    ) -> None:
        """Expand `*` or `t.*`, with EXCEPT, REPLACE and RENAME; columns of USING come once."""
        members = [member for member in scope.members if member.starred]
        if isinstance(projection, exp.Column) and projection.table:
            qualifier = [part.name for part in projection.parts[:-1]]
            members = [member for member in scope.members if member.called(qualifier)][:1]
            if not members:
                scope.unsure.append(f"{'.'.join(qualifier)}.*")
        left_out = {fold(part.name) for part in star.args.get("except_") or ()}
        changed = {fold(part.alias): part for part in star.args.get("replace") or ()}
        renamed = {fold(part.this.name): part.alias for part in star.args.get("rename") or ()}
        seen: set[str] = set()
        for member in members:
            for cell in member.relation.cells:
                if cell.key in left_out or (cell.key in seen and cell.key in scope.joined):
                    continue
                seen.add(cell.key)
                if cell.key in changed:
                    cell = self.expressions.cell(changed[cell.key].this, scope, cell.name)
                elif cell.key in renamed:
                    cell = replace(cell, name=renamed[cell.key])
                elif cell.key in scope.joined and len(members) > 1:
                    cell = scope.find(cell.name) or cell
                cells.append(cell)
            tails += member.relation.tails

    # -- FROM --------------------------------------------------------------------------------

    def _joins(self, scope: Scope, node: exp.Expr) -> None:
        """Add the joined relations; what their conditions use influences the scope."""
        for join in node.args.get("joins") or ():
            before = len(scope.members)
            self.add(scope, join.this)
            for member in scope.members[before:]:
                member.starred = join.kind not in ("SEMI", "ANTI")
            on = self.expressions.conditions(join.args.get("on"), scope, Kind.JOIN)
            scope.influences.add(on)
            for column in join.args.get("using") or ():
                scope.influences.add(self._using(scope, column.name))

    def _using(self, scope: Scope, name: str) -> Iterator[Trace]:
        """A column that both sides share by USING."""
        having = [m for m in scope.members if m.starred and m.relation.lookup(name)]
        scope.joined[fold(name)] = having
        for member in having:
            cell = member.relation.lookup(name)
            for trace in cell.traces if cell else ():
                yield trace.into(name, Kind.JOIN, f"USING ({name})")

    def add(self, scope: Scope, node: exp.Expr) -> None:
        """Add what one item of a FROM yields, with the joins and laterals nested in it."""
        alias = node.args.get("alias")
        given = alias.args.get("columns") if isinstance(alias, exp.TableAlias) else None
        names = [column.name for column in given or ()]
        if isinstance(node, exp.Table) and not isinstance(node.this, exp.Func):
            relation, table = self.table(node)
            self._member(scope, node, node.alias or table.table, renamed(relation, names), table)
        elif isinstance(node, exp.Subquery) and isinstance(node.this, exp.Table | exp.Subquery):
            self._bracketed(scope, node)
        elif isinstance(node, exp.Subquery):
            relation = self.query(node.this, scope.parent)
            self._member(scope, node, node.alias, renamed(relation, names))
        elif isinstance(node, exp.Lateral) and isinstance(node.this, exp.Subquery):
            relation = self.query(node.this, scope)
            self._member(scope, node, node.alias, renamed(relation, names))
        elif isinstance(node, exp.Values):
            self._member(scope, node, node.alias, self._values(node, scope))
        else:
            argument = node.this if isinstance(node, exp.Table | exp.Lateral) else node
            relation = _named_columns(function(argument, scope, self.expressions), node, names)
            self._member(scope, node, node.alias or node.name, relation)
        self._joins(scope, node)
        for nested in node.args.get("laterals") or ():
            self.add(scope, nested)

    def _bracketed(self, scope: Scope, node: exp.Subquery) -> None:
        """`(a JOIN b ON …)`: its members can be named outside, unless the bracket has an alias."""
        if not node.alias:
            self.add(scope, node.this)
            return
        inner = self.scope(scope.parent)
        self.add(inner, node.this)
        self._member(scope, node, node.alias, inner.whole())

    def _member(
        self,
        scope: Scope,
        node: exp.Expr,
        alias: str,
        relation: Relation,
        table: TableName | None = None,
    ) -> None:
        for pivot in node.args.get("pivots") or ():
            relation = self._pivoted(pivot, relation)
            alias = pivot.alias or alias
        scope.add(Member(fold(alias), relation, table))

    def table(self, node: exp.Table) -> tuple[Relation, TableName]:
        """What a table's name means: a CTE, a temporary table, or a stored one."""
        name = table_name(node)
        if len(name.parts) == 1 and (cte := self._named[-1].get(name.key[0])) is not None:
            return cte, name
        full = name.within(*self.home)
        held = self.temporary(full)
        if held is not None:
            self.tables.update(dict.fromkeys(held.tables))
            return held.relation, full
        self.tables[full] = None
        columns = self.columns(full)
        return Stored(full, None if columns is None else tuple(columns)), full

    def _pivoted(self, pivot: exp.Pivot, relation: Relation) -> Relation:
        """PIVOT turns values into columns: these come from the aggregate and the pivot column."""
        scope = self.scope()
        scope.add(Member("", relation))
        used: set[str] = set()
        traces = Traces()
        fields = [part.this for part in pivot.args.get("fields") or ()]  # FOR m IN (…)
        for part in (*pivot.expressions, *fields):
            rule = self.expressions.text(part)
            traces.add(self.expressions.traces(part, scope, Kind.AGGREGATION, rule))
            used |= {fold(column.name) for column in part.find_all(exp.Column)}
        kept = [cell for cell in relation.cells if cell.key not in used]
        made = [Cell(column.name, tuple(traces)) for column in pivot.args.get("columns") or ()]
        return Derived((*kept, *made), tuple(relation.tails), tuple(relation.influences))


def table_name(node: exp.Table) -> TableName:
    """The name as written; T-SQL's temporary tables keep their mark."""
    parts = [part.name for part in node.parts if part.name]
    last = node.this
    if isinstance(last, exp.Identifier) and last.args.get("temporary"):
        parts[-1] = f"#{parts[-1]}"
    elif isinstance(last, exp.Identifier) and last.args.get("global_"):
        parts[-1] = f"##{parts[-1]}"
    elif isinstance(last, exp.Parameter):
        parts = [f"@{last.name}"]
    if len(parts) == 1 and "." in parts[0] and not parts[0].startswith("."):
        parts = parts[0].split(".")
    return TableName.of(*parts)


def _names(node: exp.Expr, key: str) -> bool:
    """Whether a query selects from a table of that name."""
    return any(len(t.parts) == 1 and fold(t.name) == key for t in node.find_all(exp.Table))


def _named_columns(computed: Computed, node: exp.Expr, names: Sequence[str]) -> Relation:
    """A table function whose alias names its columns, or the one column that its alias names."""
    offset = node.args.get("offset")
    listed = [*names, *([offset.name] if isinstance(offset, exp.Identifier) else [])]
    if not listed:
        return replace(computed, cells=())
    return Derived(tuple(Cell(name, computed.traces, computed.sure) for name in listed))
