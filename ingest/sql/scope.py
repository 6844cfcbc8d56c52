"""Which column a name in an expression means.

Known columns win over guesses: a name that a relation is known to have belongs to it; else to the
only relation whose columns are not known; else, in a subquery, to the query around it. What stays
ambiguous is reported, and never loses the rest of the statement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlglot import exp

from ingest.sql.names import ColumnName, TableName, fold
from ingest.sql.relation import (
    Cell,
    Computed,
    Derived,
    Kind,
    Relation,
    Stored,
    Trace,
    Traces,
    merged,
)


@dataclass(slots=True)
class Member:
    """One relation of a FROM under the name by which expressions call it."""

    alias: str
    relation: Relation
    table: TableName | None = None
    starred: bool = True  # whether `*` covers it: semi-joined ones are not

    def called(self, parts: Sequence[str]) -> bool:
        """Whether a qualifier of one or more parts means it."""
        if len(parts) == 1 and fold(parts[0]) == self.alias:
            return True
        name = TableName.of(*parts)
        return self.table is not None and self.table.ends(name)


@dataclass(slots=True)
class Scope:
    """The relations one SELECT (or UPDATE, MERGE …) can name, inside those around it."""

    parent: Scope | None = None
    members: list[Member] = field(default_factory=list)
    joined: dict[str, list[Member]] = field(default_factory=dict)  # by USING
    aliases: Mapping[str, Cell] = field(default_factory=dict)  # earlier projections, if usable
    influences: Traces = field(default_factory=Traces)  # of joins
    struct_fields: bool = False
    variables: bool = False  # a name that no known table has is a variable
    unsure: list[str] = field(default_factory=list)

    def add(self, member: Member) -> None:
        """Make one more relation nameable."""
        self.members.append(member)

    def find(self, name: str) -> Cell | None:
        """The column that an unqualified name means; None if that is not certain."""
        return self._bare(name)

    def knows(self, column: exp.Column) -> bool:
        """Whether some relation is known to have a column of that name."""
        key = fold(column.name)
        return bool(column.table) or any(member.relation.knows(key) for member in self.members)

    def chosen_by(self) -> Traces:
        """What chooses the rows of all members together."""
        found = Traces(self.influences)
        for member in self.members:
            found.add(member.relation.influences)
        return found

    def whole(self) -> Relation:
        """All members as one relation."""
        if len(self.members) == 1:
            return self.members[0].relation
        cells = tuple(cell for member in self.members for cell in member.relation.cells)
        tails = tuple(tail for member in self.members for tail in member.relation.tails)
        return Derived(cells, tails, tuple(self.chosen_by()))

    def resolve(self, column: exp.Column) -> Cell:
        """The cell that a column reference means; without traces and not sure if none does."""
        parts = [part.name for part in column.parts]
        found = self._qualified(parts) if len(parts) > 1 else self._bare(parts[0])
        if found is None and len(parts) > 1 and self.struct_fields:
            found = self._bare(parts[0])
        if found is None:
            self.unsure.append(".".join(parts))
            return Cell(parts[-1], sure=False)
        return found

    def _qualified(self, parts: Sequence[str]) -> Cell | None:
        *qualifier, name = parts
        scope: Scope | None = self
        while scope is not None:
            found = scope._called(qualifier)
            if found is not None:
                return self._column_of(found, name)
            scope = scope.parent
        if len(parts) > 2 and self.struct_fields:  # alias.column.field
            return self._qualified(parts[:-1])
        return None

    def _called(self, qualifier: Sequence[str]) -> Member | None:
        by_alias = [
            m for m in self.members if len(qualifier) == 1 and m.alias == fold(qualifier[0])
        ]
        if by_alias:
            return by_alias[0]
        return next((member for member in self.members if member.called(qualifier)), None)

    @staticmethod
    def _column_of(member: Member, name: str) -> Cell | None:
        found = member.relation.lookup(name)
        if found is None and isinstance(member.relation, Stored):
            # the script knows a column that the ledger's schema does not have (yet)
            origin = ColumnName.of(member.relation.name, name)
            return Cell(name, (Trace(origin, Kind.IDENTITY),))
        return found

    def _bare(self, name: str) -> Cell | None:
        scope: Scope | None = self
        while scope is not None:
            found, open_ = scope._here(name)
            if found is not None or open_:
                return found
            scope = scope.parent
        return self._stale(name)

    def _here(self, name: str) -> tuple[Cell | None, bool]:
        """The column among this scope's own relations, and whether the search ends here."""
        key = fold(name)
        shared = [cell for m in self.joined.get(key, ()) if (cell := m.relation.lookup(name))]
        if shared:
            return merged(shared, name), True
        known = [member for member in self.members if member.relation.knows(key)]
        if known:
            return known[0].relation.lookup(name), True
        if key in self.aliases:
            return self.aliases[key], True
        guesses = [member for member in self.members if member.relation.tails]
        if guesses:  # several may have it
            return (guesses[0].relation.lookup(name) if len(guesses) == 1 else None), True
        computed = [m for m in self.members if isinstance(m.relation, Computed)]
        if len(computed) == 1:
            return computed[0].relation.lookup(name), True
        return None, False

    def _stale(self, name: str) -> Cell | None:
        """A column that the only stored table here must have got since its schema was read."""
        if self.variables:
            return Cell(name)
        stored = [member for member in self.members if isinstance(member.relation, Stored)]
        return self._column_of(stored[0], name) if len(stored) == 1 else None
