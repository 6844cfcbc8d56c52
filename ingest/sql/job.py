"""A script of SQL read as a job: what flows from where to where, statement by statement.

Temporary tables (declared so, `#t`, or created and dropped again in the script) are chained away:
what is read from them comes from the stored tables behind. Renames are followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from sqlglot import exp

from ingest.sql.dialect import Dialect
from ingest.sql.flow import Derivation, Flow, Written, flow
from ingest.sql.names import ColumnName, TableName, fold
from ingest.sql.parse import parse, problem, problem_with
from ingest.sql.query import Columns, Reader, Temporary, table_name
from ingest.sql.relation import STAR, Derived, Kind, Relation, Traces, together
from ingest.sql.schema import Table
from ingest.sql.script import Statement, resplit, split
from ingest.sql.verbs import written
from ontology.problem import Problem, Severity


@dataclass(frozen=True, slots=True)
class Created:
    """A table or view that a script makes and leaves behind, as far as its columns are known."""

    name: TableName
    columns: tuple[str, ...]
    view: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """All flows of a script in order, what it creates, and what could not be read."""

    flows: tuple[Flow, ...] = ()
    created: tuple[Created, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def reads(self) -> tuple[TableName, ...]:
        """The stored tables that it reads."""
        return tuple(dict.fromkeys(name for item in self.flows for name in item.origins))

    @property
    def writes(self) -> tuple[TableName, ...]:
        """The stored tables that it writes."""
        return tuple(dict.fromkeys(item.target for item in self.flows if item.target))


def no_schema(_: TableName) -> None:
    """The columns of a table of which nothing is known."""
    return


def read_job(
    text: str,
    dialect: Dialect,
    columns: Columns = no_schema,
    file: str = "",
    home: tuple[str, ...] = (),
) -> Job:
    """The lineage of a script. `columns` tells the schemas known outside of it; `home` is where
    unqualified names live until the script says USE.
    """
    return _Script(dialect, columns, file, home).read(text)


def read_query(
    view: Table, dialect: Dialect, columns: Columns
) -> tuple[Flow | None, tuple[Problem, ...]]:
    """The flow into a view (or a table) from its query; unqualified names live beside the view.

    Its own columns name the query's, unless they are some of these: then they only carry comments.
    None, with the problem, if the query cannot be read.
    """
    name, file = view.name, view.file
    statement = Statement(_CHECK_OPTION.sub("", view.query), view.line, "CREATE")
    tree = parse(statement, dialect, file)
    if isinstance(tree, Problem):
        return None, (tree,)
    reader = Reader(dialect, columns, home=name.parts[:-1])
    try:
        relation = reader.query(tree)
    except RecursionError:
        return None, (problem(statement, file, "嵌套过深 nested too deep"),)
    own = [column.name for column in view.columns]
    known = {cell.key for cell in relation.cells}
    if not relation.tails and not {column.key for column in view.columns} <= known:
        sure = len(own) == len(relation.cells)
        relation = Derived(tuple(relation.cells), (), tuple(relation.influences)).renamed(own)
    else:
        sure = all(cell.named for cell in relation.cells)
    found = flow(Written(name, relation, sure), tuple(reader.tables), sure=not reader.unsure)
    return replace(found, verb="CREATE", line=view.line), unsure(statement, file, reader.unsure)


def unsure(statement: Statement, file: str, names: Sequence[str]) -> tuple[Problem, ...]:
    """A warning about columns that cannot be told to belong to a table."""
    if not names:
        return ()
    listed = "、".join(dict.fromkeys(names))[:200]
    return (
        problem_with(
            statement,
            file,
            f"这些字段属于哪张表不能确定 cannot tell whose columns these are: {listed}",
            "写明表名，或先导入这些表的结构 qualify them, or import the tables' DDL first",
            Severity.WARNING,
        ),
    )


def uneven(statement: Statement, file: str, targets: Sequence[str]) -> tuple[Problem, ...]:
    """A warning about targets that get another number of columns than they have."""
    return tuple(
        problem_with(
            statement,
            file,
            f"查询与目标表列数不同 the query has another number of columns: {target}",
            "写明目标列，或重新导入表结构 list the columns, or import the DDL again",
            Severity.WARNING,
        )
        for target in targets
    )


_CHECK_OPTION: Final = re.compile(
    r"\s+WITH\s+(?:(?:LOCAL\s+|CASCADED\s+)?CHECK\s+OPTION|READ\s+ONLY|(?:NO\s+)?DATA)\b.*\Z",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(slots=True)
class _Script:
    dialect: Dialect
    outside: Columns
    file: str
    home: tuple[str, ...]
    flows: list[Flow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    temporary: dict[TableName, Temporary] = field(default_factory=dict)
    passing: set[TableName] = field(default_factory=set)  # created and dropped by the script
    created: dict[TableName, Created] = field(default_factory=dict)
    cursors: dict[str, Relation] = field(default_factory=dict)

    def read(self, text: str) -> Job:
        trees = list(self._trees(text))
        self.passing = _passing(tree for _, tree in trees)
        for statement, tree in trees:
            try:
                self._apply(statement, tree)
            except RecursionError:
                self._problem(statement, "嵌套过深 nested too deep")
            except (AttributeError, KeyError, TypeError, IndexError, ValueError) as error:
                # a tree of a form never met: this statement is lost, the others are not
                self._problem(statement, f"{type(error).__name__}: {error}"[:200])
        lasting = (made for made in self.created.values() if made.name not in self.temporary)
        return Job(tuple(self.flows), tuple(lasting), tuple(self.problems))

    def _trees(self, text: str) -> Iterator[tuple[Statement, exp.Expr]]:
        filled: set[str] = set()
        for statement in split(text, self.dialect):
            rows = _ROWS.match(statement.text)
            if rows and not _QUERY.search(statement.text, rows.end()):
                if rows["target"] not in filled:
                    filled.add(rows["target"])
                    target = exp.to_table(rows["target"], dialect=self.dialect.grammar)
                    yield statement, exp.Insert(this=target)
                continue
            tree = parse(statement, self.dialect, self.file)
            if isinstance(tree, exp.Expr):
                yield statement, tree
                continue
            parts = list(resplit(statement, self.dialect))
            trees = [parse(part, self.dialect, self.file) for part in parts]
            good = [(p, t) for p, t in zip(parts, trees, strict=True) if isinstance(t, exp.Expr)]
            if len(good) == len(parts) > 1:
                yield from good
            else:
                self.problems.append(tree)

    def _problem(self, statement: Statement, why: str) -> None:
        self.problems.append(problem(statement, self.file, why))

    def _columns(self, name: TableName) -> Sequence[str] | None:
        made = self.created.get(name)
        return made.columns if made is not None else self.outside(name)

    def _reader(self, statement: Statement) -> Reader:
        return Reader(
            self.dialect,
            self._columns,
            self.temporary.get,
            self.home,
            bool(statement.routine),
            self.cursors if statement.routine else {},
        )

    def _apply(self, statement: Statement, tree: exp.Expr) -> None:
        if isinstance(tree, exp.Use):
            self._use(tree)
        elif isinstance(tree, exp.Alter):
            self._alter(statement, tree)
        elif statement.cursor:
            self._cursor(statement, tree)
        elif isinstance(tree, exp.Command):
            self._command(statement, tree)
        elif not isinstance(tree, exp.Drop):
            self._move(statement, tree)

    def _move(self, statement: Statement, tree: exp.Expr) -> None:
        """A statement that reads or writes data."""
        reader = self._reader(statement)
        into = self.dialect.into_makes_table and not (statement.routine and self.dialect.dollar)
        items = list(written(tree, reader, into=into))
        self._remember(tree, items)
        sure = not reader.unsure
        done: list[Flow] = []
        for item in items:
            updates = isinstance(tree, exp.Update | exp.Merge | exp.Delete)
            read = dict.fromkeys((*reader.tables, *(_used(item) if self.cursors else ())))
            origins = [name for name in read if not (updates and name == item.target)]
            if item.target is not None and self._is_temporary(item.target, tree):
                self._hold(item.target, item, origins)
            elif item.target is not None or origins:
                done.append(flow(item, origins, sure=sure))
        self.flows += [replace(f, verb=statement.verb, line=statement.line) for f in done]
        if done:
            self.problems += unsure(statement, self.file, reader.unsure)
            self.problems += uneven(statement, self.file, reader.uneven)

    def _cursor(self, statement: Statement, tree: exp.Expr) -> None:
        """Keep the rows that a loop goes over: a column of them is chosen by their conditions."""
        name = fold(statement.cursor)
        if isinstance(tree, exp.Column):
            known = self.cursors.get(fold(tree.name))
            if known is not None:
                self.cursors[name] = known
            return
        reader = self._reader(statement)
        relation = reader.query(tree)
        cells = (
            replace(cell, traces=tuple(Traces((*cell.traces, *relation.influences))))
            for cell in relation.cells
        )
        self.cursors[name] = Derived(tuple(cells), tuple(relation.tails))
        self.flows.append(Flow(None, tuple(reader.tables), verb="SELECT", line=statement.line))

    # -- temporary tables --------------------------------------------------------------------

    def _is_temporary(self, name: TableName, tree: exp.Expr) -> bool:
        if name in self.temporary or name.table[0] in "#@" or isinstance(tree, exp.Cache):
            return True
        if any(name.ends(passing) for passing in self.passing):
            return True
        properties = tree.args.get("properties") if isinstance(tree, exp.Create) else None
        into = tree.args.get("into") if isinstance(tree, exp.Select) else None
        return bool(
            (properties and properties.find(exp.TemporaryProperty))
            or (into is not None and into.args.get("temporary"))
        )

    def _hold(self, name: TableName, item: Written, origins: Sequence[TableName]) -> None:
        """Keep what a temporary table holds; further rows come on top."""
        known = self.temporary.get(name)
        relation = together(known.relation, item.relation) if known and item.adds else item.relation
        tables = dict.fromkeys((*(known.tables if known else ()), *origins))
        self.temporary[name] = Temporary(relation, tuple(tables))

    def _remember(self, tree: exp.Expr, items: Sequence[Written]) -> None:
        """The columns of what the script itself creates."""
        name = items[0].target if items else None
        if not isinstance(tree, exp.Create) or name is None:
            return
        relation = items[0].relation
        if relation.cells and not relation.tails and all(cell.named for cell in relation.cells):
            columns = tuple(dict.fromkeys(cell.name for cell in relation.cells))
            self.created[name] = Created(name, columns, tree.kind == "VIEW")

    # -- names -------------------------------------------------------------------------------

    def _use(self, tree: exp.Use) -> None:
        if isinstance(tree.this, exp.Table):
            home = tuple(part.name for part in tree.this.parts)
            mssql = self.dialect.grammar == "tsql"
            self.home = (*home, self.dialect.default_schema) if mssql else home

    def _alter(self, statement: Statement, tree: exp.Alter) -> None:
        if not isinstance(tree.this, exp.Table):
            return
        name = table_name(tree.this).within(*self.home)
        for action in tree.args.get("actions") or ():
            if isinstance(action, exp.AlterRename) and isinstance(action.this, exp.Table):
                new = table_name(action.this)
                self._rename(name, new if len(new.parts) > 1 else new.within(*name.parts[:-1]))
            elif isinstance(action, exp.SwapTable):
                self._exchange(name, table_name(action.this).within(*self.home), statement)

    def _exchange(self, target: TableName, origin: TableName, statement: Statement) -> None:
        """Partitions or whole tables that change places: all columns, by position."""
        star = Derivation(ColumnName.of(target, STAR), ColumnName.of(origin, STAR), Kind.IDENTITY)
        self.flows.append(
            Flow(target, (origin,), (star,), verb=statement.verb, line=statement.line)
        )

    def _command(self, statement: Statement, tree: exp.Command) -> None:
        """What sqlglot does not take apart."""
        exchange = _EXCHANGE.match(statement.text)
        rename = _RENAME.match(statement.text)
        if exchange:
            names = [_bare(exchange[at]).within(*self.home) for at in ("into", "from")]
            self._exchange(names[0], names[1], statement)
        elif rename:
            for pair in rename["pairs"].split(","):
                old, _, new = re.sub(r"\s+", " ", pair.strip()).partition(" ")
                self._rename(
                    _bare(old).within(*self.home), _bare(new.split(" ")[-1]).within(*self.home)
                )
        elif statement.verb in _MOVING:
            self._problem(statement, "sqlglot 不支持这种写法 does not support this form")

    def _rename(self, old: TableName, new: TableName) -> None:
        """What the script wrote under the old name it has written under the new one."""
        if old in self.temporary:
            self.temporary[new] = self.temporary.pop(old)
        if old in self.created:
            self.created[new] = replace(self.created.pop(old), name=new)
        self.flows = [
            replace(
                item,
                target=new,
                columns=tuple(
                    replace(c, target=ColumnName.of(new, c.target.column)) for c in item.columns
                ),
            )
            if item.target == old
            else item
            for item in self.flows
        ]


_ROWS: Final = re.compile(
    r"(?:INSERT|REPLACE)\s+(?:IGNORE\s+)?(?:INTO\s+)?(?:TABLE\s+)?"
    r"(?P<target>(?:[\w$#]+|`[^`]+`|\"[^\"]+\"|\[[^\]]+\])"
    r"(?:\s*\.\s*(?:[\w$#]+|`[^`]+`|\"[^\"]+\"|\[[^\]]+\]))*)"
    r"\s*(?:\([^()]*\)\s*)?VALUES\b",
    re.IGNORECASE,
)
"""Rows of a dump: thousands of statements that say of each table only that it is written."""
_QUERY: Final = re.compile(r"\b(?:SELECT|CONFLICT|DUPLICATE|\w+\.\w+)\b", re.IGNORECASE)
"""What may stand among rows of values and makes them say more."""
_MOVING: Final = frozenset(("SELECT", "WITH", "INSERT", "UPDATE", "MERGE", "DELETE", "CREATE"))
_NAME: Final = r"[\w.`\"\[\]#$]+"
_EXCHANGE: Final = re.compile(
    rf"ALTER\s+TABLE\s+(?P<into>{_NAME})\s+EXCHANGE\s+(?:SUB)?PARTITION\b.*?\bWITH\s+TABLE\s+"
    rf"(?P<from>{_NAME})",
    re.IGNORECASE | re.DOTALL,
)
_RENAME: Final = re.compile(r"RENAME\s+TABLE\s+(?P<pairs>.+)", re.IGNORECASE | re.DOTALL)


def _bare(name: str) -> TableName:
    return TableName.parse(re.sub(r"[`\"\[\]]", "", name))


def _used(item: Written) -> Iterator[TableName]:
    """The tables of all columns used: those behind a cursor were read before."""
    for cell in item.relation.cells:
        for trace in cell.traces:
            yield trace.origin.table


def _passing(trees: Iterator[exp.Expr]) -> set[TableName]:
    """Tables that the script creates and drops again, and does not create once more."""
    standing: set[TableName] = set()
    gone: set[TableName] = set()
    for tree in trees:
        if isinstance(tree, exp.Create) and tree.kind in ("TABLE", "VIEW"):
            table = tree.this.this if isinstance(tree.this, exp.Schema) else tree.this
            if isinstance(table, exp.Table):
                standing.add(table_name(table))
                gone.discard(table_name(table))
        elif isinstance(tree, exp.Drop) and tree.kind in ("TABLE", "VIEW"):
            for table in tree.args.get("tables") or ():
                if table_name(table) in standing:
                    gone.add(table_name(table))
    return gone
