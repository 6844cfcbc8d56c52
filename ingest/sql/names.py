"""Names of tables and columns: spelled as written, compared in lower case.

How an engine folds case is a setting of the server that a script does not show (ontology §8), so
identity is lower case everywhere and the spelling is kept beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self


def fold(name: str) -> str:
    """The identity of a name: lower case, without surrounding blanks."""
    return name.strip().lower()


def phrases(text: str) -> frozenset[str]:
    """A set of key words, written as one text with "|" between them."""
    return frozenset(text.split("|"))


@dataclass(frozen=True, slots=True)
class TableName:
    """A table as a statement names it: one to four parts, the table last.

    Two names are equal where their parts are equal in lower case.
    """

    key: tuple[str, ...]
    parts: tuple[str, ...] = field(compare=False)

    @classmethod
    def of(cls, *parts: str) -> Self:
        """From its parts, outermost first; empty parts are left out."""
        kept = tuple(part for part in parts if part)
        return cls(tuple(fold(part) for part in kept), kept)

    @classmethod
    def parse(cls, dotted: str) -> Self:
        """From a dotted name without quotes, such as ``rkk.dwd_rk_jbxx``."""
        return cls.of(*dotted.split("."))

    @property
    def table(self) -> str:
        """The last part, as written."""
        return self.parts[-1]

    def within(self, *outer: str) -> TableName:
        """This name with missing outer parts taken from the right end of ``outer``.

        ``("t").within("db", "dbo")`` is ``db.dbo.t``; a name that has all its parts stays as it is.
        """
        scope = tuple(part for part in outer if part)
        missing = len(scope) + 1 - len(self.parts)
        if missing <= 0:
            return self
        return TableName.of(*scope[:missing], *self.parts)

    def ends(self, other: TableName) -> bool:
        """Whether ``other`` names the same table with fewer (or equally many) parts."""
        return self.key[-len(other.key) :] == other.key

    def __str__(self) -> str:
        return ".".join(self.parts)


@dataclass(frozen=True, slots=True)
class ColumnName:
    """A column of a table; equal in lower case, like the table."""

    table: TableName
    key: str
    column: str = field(compare=False)

    @classmethod
    def of(cls, table: TableName, column: str) -> Self:
        """The column of that table, spelled as written."""
        return cls(table, fold(column), column)

    def __str__(self) -> str:
        return f"{self.table}.{self.column}"
