"""The tables that statements change, and what could not be made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from ingest.sql.alter import Touch
from ingest.sql.names import TableName
from ingest.sql.parse import problem
from ingest.sql.schema import Schema, Table, numbered
from ingest.sql.script import Statement
from ontology.problem import Problem, Severity


class Tables:
    """The state of a database while scripts run.

    `standing` tells the tables that were there before the scripts; `met` are all that they create,
    change or drop. `file` and `version` are those of the script being run.
    """

    def __init__(self, standing: Callable[[TableName], Table | None]) -> None:
        self._standing = standing
        self.met: dict[TableName, None] = {}
        self.file, self.version = "", ""
        self._tables: dict[TableName, Table] = {}
        self._versions: dict[TableName, str] = {}
        self._wholes: dict[TableName, TableName] = {}
        self._problems: list[Problem] = []
        self._unknown: dict[TableName, Problem] = {}
        self._absent: list[Problem] = []

    def __contains__(self, name: TableName) -> bool:
        return name in self._tables

    def __getitem__(self, name: TableName) -> Table:
        return self._tables[name]

    def __setitem__(self, name: TableName, table: Table) -> None:
        self._tables[name] = table

    def schema(self) -> Schema:
        """What stands now, ordinals counted anew."""
        return Schema(
            {name: numbered(table) for name, table in self._tables.items()}, tuple(self._problems)
        )

    def is_of_this_version(self, name: TableName) -> bool:
        """Whether the table is there, made by scripts of the version being run."""
        return name in self._tables and self._versions[name] == self.version

    def create(self, name: TableName, table: Table) -> None:
        """In the place of one of that name, and behind all others."""
        self._tables.pop(name, None)
        self._tables[name], self._versions[name] = table, self.version
        self.met[name] = None

    def follow(self, part: TableName, whole: TableName) -> None:
        """A partition, or what inherits: its columns change with those of the other."""
        self._wholes[part] = whole

    def below(self, whole: TableName) -> list[TableName]:
        """What follows the table, and what follows that."""
        found = [whole]
        for one in found:
            found += [p for p, of in self._wholes.items() if of == one and p not in found]
        return [part for part in found[1:] if part in self._tables]

    def rename(self, old: TableName, new: TableName, table: Table | None = None) -> None:
        self._tables[new] = replace(table or self._tables[old], name=new)
        del self._tables[old]
        moved = {old: new}
        self._wholes = {moved.get(p, p): moved.get(w, w) for p, w in self._wholes.items()}
        self._versions[new] = self._versions.pop(old)

    def drop(self, name: TableName, statement: Statement) -> None:
        """Whether it is there or not: scripts drop what they are about to create."""
        if name not in self.met and name not in self._tables and self._standing(name) is None:
            self._unknown[name] = self._warning(
                statement,
                f"删除的表 {name} 不为人知 a table is dropped that is not known",
                "核对 --namespace --database --schema check the binding, or ingest it first",
            )
        self.met[name] = None
        self._tables.pop(name, None)
        self._versions.pop(name, None)
        self._wholes.pop(name, None)

    def find(self, full: TableName, name: TableName, statement: Statement) -> TableName | None:
        """The table meant by a name and its full form; a missing one is a warning, for its CREATE
        may be elsewhere."""
        if full in self._tables:
            return full
        if full not in self.met and (table := self._standing(full)) is not None:
            self.create(full, table)
            return full
        near = [known for known in self._tables if known.ends(name) or full.ends(known)]
        if len(near) == 1:
            return near[0]
        self.doubt(
            statement,
            f"表 {name} 在此之前没有建立，语句略过 table not created before, statement skipped",
            "补上建表语句，或核对脚本先后 add its CREATE TABLE, or check the order of scripts",
        )
        return None

    def expect(self, table: Table, touch: Touch, statement: Statement) -> None:
        """Note the columns that are not there to be touched, or that follow from a query."""
        for name in touch.columns:
            if not table.query and (touch.unless or table.column(name)):
                continue
            what = "的字段出自查询 has its columns from a query" if table.query else "没有 has no"
            self._absent.append(
                self._warning(
                    statement,
                    f"改不了字段：表 {table.name} {what} {name}: column cannot be changed",
                    "核对字段名，或改写查询 check its name, ingest again, or rewrite the query",
                )
            )

    def doubts(self) -> Iterator[Problem]:
        """Tables and columns that are dropped or altered though nobody knows them. An import
        passes over them; who asks what a script breaks must not."""
        yield from self._absent
        yield from (said for name, said in self._unknown.items() if name not in self._tables)

    def problem(self, statement: Statement, why: str) -> None:
        self._problems.append(problem(statement, self.file, why))

    def doubt(self, statement: Statement, what: str, mend: str, line: int = 0) -> None:
        self._problems.append(self._warning(statement, what, mend, line))

    def _warning(self, statement: Statement, what: str, mend: str, line: int = 0) -> Problem:
        return Problem(
            what,
            mend,
            Severity.WARNING,
            file=self.file,
            row=line or statement.line,
            rule="sql",
            digest=statement.digest,
        )
