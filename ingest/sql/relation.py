"""What stands in a FROM: relations, their cells, and the stored columns that each cell comes from.

A stored table gives cells of itself. A query gives cells that trace back to stored columns, so a
chain of subqueries, CTEs and temporary tables is followed by looking cells up, once each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, Protocol

from ingest.sql.names import ColumnName, TableName, fold


class Kind(StrEnum):
    """How a column enters another, as OpenLineage distinguishes (columnLineage facet).

    The first three are direct. A CASE's condition counts as a transformation, where OpenLineage
    says CONDITIONAL: what a label is computed from is its origin, and a level raised there goes on.
    """

    IDENTITY = "identity"
    TRANSFORMATION = "transformation"
    AGGREGATION = "aggregation"
    WINDOW = "window"
    JOIN = "join"
    FILTER = "filter"
    GROUP = "group"
    SORT = "sort"

    @property
    def direct(self) -> bool:
        """Whether the value itself goes on, and does not only decide about rows and order."""
        return self in (Kind.IDENTITY, Kind.TRANSFORMATION, Kind.AGGREGATION)


_ORDER: Final = {kind: number for number, kind in enumerate(Kind)}
RULE_LENGTH: Final = 2000
STAR: Final = "*"
"""Column name that stands for "all columns of a table whose columns are not known"."""


def through(inner: Kind, outer: Kind) -> Kind:
    """The kind of two steps in a row: the later in the list of kinds, so the weaker, wins."""
    return max(inner, outer, key=lambda kind: _ORDER[kind])


@dataclass(frozen=True, slots=True)
class Trace:
    """One stored column that a cell, or the choice of rows, comes from, and by what expression.

    `literals` are the values that the expression compares that column with.
    """

    origin: ColumnName
    kind: Kind
    rule: str = ""
    literals: tuple[str, ...] = ()

    def into(self, name: str, kind: Kind, rule: str, literals: tuple[str, ...] = ()) -> Trace:
        """The trace after `rule` used the cell `name` in the way `kind`."""
        if self.rule and (kind is Kind.IDENTITY or not self.kind.direct):
            rule = self.rule
        elif self.kind is not Kind.IDENTITY and self.rule not in ("", rule, name):
            rule = f"{rule}  [{name} = {self.rule}]"[:RULE_LENGTH]
        met = tuple(dict.fromkeys((*self.literals, *literals)))
        return Trace(self.origin, through(self.kind, kind), rule, met)


class Traces:
    """Traces by origin and directness; the strongest kind is kept, rules are joined."""

    def __init__(self, traces: Iterable[Trace] = ()) -> None:
        self._found: dict[tuple[ColumnName, bool], Trace] = {}
        self.add(traces)

    def add(self, traces: Iterable[Trace]) -> None:
        """Take these in."""
        for trace in traces:
            key = (trace.origin, trace.kind.direct)
            known = self._found.get(key)
            self._found[key] = trace if known is None else _both(known, trace)

    def __iter__(self) -> Iterator[Trace]:
        return iter(self._found.values())


def _both(one: Trace, other: Trace) -> Trace:
    first = min(one, other, key=lambda trace: _ORDER[trace.kind])
    literals = tuple(dict.fromkeys((*one.literals, *other.literals)))
    rules = dict.fromkeys((*one.rule.split("; "), *other.rule.split("; ")))
    rule = "; ".join(part for part in rules if part)[:RULE_LENGTH]
    return replace(first, rule=rule, literals=literals)


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of a relation. `sure`: every column it uses was found for certain.

    `named` is false for an expression without alias, whose name is up to the engine.
    """

    name: str
    traces: tuple[Trace, ...] = ()
    sure: bool = True
    named: bool = True

    @property
    def key(self) -> str:
        """What it is looked up by."""
        return fold(self.name)


class Relation(Protocol):
    """Anything that a query can select from."""

    @property
    def cells(self) -> Sequence[Cell]:
        """The columns that are known, in order."""
        ...

    @property
    def tails(self) -> Sequence[Relation]:
        """Where further columns may come from, because a `*` could not be resolved."""
        ...

    @property
    def influences(self) -> Sequence[Trace]:
        """What decides which rows it has."""
        ...

    def knows(self, key: str) -> bool:
        """Whether it has a column of that (lower-case) name for certain."""
        ...

    def lookup(self, name: str) -> Cell | None:
        """The column of that name; None if it has none, or if it is one of several guesses."""
        ...


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored table; `columns` None when its schema is not known."""

    name: TableName
    columns: tuple[str, ...] | None
    influences: tuple[Trace, ...] = ()
    _index: Mapping[str, Cell] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        index = {fold(column): self._cell(column) for column in self.columns or ()}
        object.__setattr__(self, "_index", index)

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Its columns as far as known."""
        return tuple(self._index.values())

    @property
    def tails(self) -> tuple[Relation, ...]:
        """Itself, when its columns are not known."""
        return (self,) if self.columns is None else ()

    def knows(self, key: str) -> bool:
        """Whether its schema has it."""
        return key in self._index

    def lookup(self, name: str) -> Cell | None:
        """Without a schema every name may be a column of it."""
        return self._cell(name) if self.columns is None else self._index.get(fold(name))

    def _cell(self, column: str) -> Cell:
        return Cell(column, (Trace(ColumnName.of(self.name, column), Kind.IDENTITY),))


@dataclass(frozen=True, slots=True)
class Derived:
    """The result of a query, or what a temporary table holds."""

    cells: tuple[Cell, ...] = ()
    tails: tuple[Relation, ...] = ()
    influences: tuple[Trace, ...] = ()
    _index: Mapping[str, Cell] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_index", {cell.key: cell for cell in reversed(self.cells)})
        # a table that is joined to itself many times over is still one place to look
        object.__setattr__(self, "tails", tuple({id(tail): tail for tail in self.tails}.values()))

    def knows(self, key: str) -> bool:
        """Whether its query names it."""
        return key in self._index

    def lookup(self, name: str) -> Cell | None:
        """A known column first, then what the only unresolved `*` may hold."""
        found = self._index.get(fold(name))
        if found is None and len(self.tails) == 1:
            return self.tails[0].lookup(name)
        return found

    def renamed(self, names: Sequence[str]) -> Derived:
        """With other column names, by position."""
        cells = tuple(
            replace(cell, name=name, named=True)
            for cell, name in zip(self.cells, names, strict=False)
        )
        return replace(self, cells=(*cells, *self.cells[len(cells) :]))


@dataclass(frozen=True, slots=True)
class United:
    """A union where a branch has an unresolved `*`: columns are found by name in every branch."""

    branches: tuple[Relation, ...]
    influences: tuple[Trace, ...] = ()
    cells: tuple[Cell, ...] = ()
    _found: dict[str, Cell | None] = field(default_factory=dict, compare=False, repr=False)

    @property
    def tails(self) -> tuple[Relation, ...]:
        """Itself: each branch may hold more."""
        return (self,)

    def knows(self, key: str) -> bool:
        """Whether every branch has it."""
        return all(branch.knows(key) for branch in self.branches)

    def lookup(self, name: str) -> Cell | None:
        """The column of that name in all branches together."""
        key = fold(name)
        if key not in self._found:
            cells = [cell for branch in self.branches if (cell := branch.lookup(name))]
            self._found[key] = merged(cells, name) if cells else None
        return self._found[key]


@dataclass(frozen=True, slots=True)
class Computed:
    """A table function: whatever column is asked of it comes from its arguments."""

    traces: tuple[Trace, ...] = ()
    sure: bool = True
    cells: tuple[Cell, ...] = ()
    tails: tuple[Relation, ...] = ()
    influences: tuple[Trace, ...] = ()

    def knows(self, key: str) -> bool:
        """Its columns are not known."""
        return False

    def lookup(self, name: str) -> Cell | None:
        """A cell from the arguments."""
        return Cell(name, self.traces, self.sure)


def merged(cells: Sequence[Cell], name: str) -> Cell:
    """One cell that holds what any of them holds."""
    traces = Traces(trace for cell in cells for trace in cell.traces)
    sure = all(cell.sure for cell in cells)
    return Cell(name, tuple(traces), sure, any(cell.named for cell in cells))


def union(branches: Sequence[Relation], excluded: Iterable[Trace] = ()) -> Relation:
    """All branches together: by position where every column is known, else by name.

    `excluded` are the traces of what an EXCEPT takes away.
    """
    influences = Traces(trace for branch in branches for trace in branch.influences)
    influences.add(excluded)
    if any(branch.tails for branch in branches):
        return United(tuple(branches), tuple(influences))
    rows = [branch.cells for branch in branches]
    cells = [
        merged([row[at] for row in rows if at < len(row)], cell.name)
        for at, cell in enumerate(rows[0])
    ]
    return Derived(tuple(cells), (), tuple(influences))


def together(one: Relation, other: Relation) -> Relation:
    """What two statements put into one table, by the names of its columns."""
    if one.tails or other.tails:
        return union((one, other))
    named: dict[str, list[Cell]] = {}
    for cell in (*one.cells, *other.cells):
        named.setdefault(cell.key, []).append(cell)
    cells = tuple(merged(same, same[0].name) for same in named.values())
    return Derived(cells, (), tuple(Traces((*one.influences, *other.influences))))


def bases(relation: Relation) -> Iterator[Stored]:
    """The stored tables of unknown schema behind an unresolved `*`."""
    seen: set[int] = set()
    waiting: list[Relation] = list(relation.tails)
    while waiting:
        tail = waiting.pop(0)
        if id(tail) in seen:
            continue
        seen.add(id(tail))
        if isinstance(tail, Stored):
            yield tail
        elif isinstance(tail, United):
            for branch in tail.branches:
                waiting += branch.tails
        else:
            waiting += tail.tails


def renamed(relation: Relation, names: Sequence[str]) -> Relation:
    """The relation under the column names that its alias gives."""
    if not names:
        return relation
    if isinstance(relation, Derived) and not relation.tails:
        return relation.renamed(names)
    if isinstance(relation, Stored) and relation.columns is not None:
        return Derived(relation.cells).renamed(names)
    cells = tuple(Cell(name, sure=False) for name in names)
    return Derived(cells, (), tuple(relation.influences))


def as_filter(relation: Relation) -> Iterator[Trace]:
    """What EXCEPT takes away only chooses rows."""
    for cell in relation.cells:
        for trace in cell.traces:
            yield replace(trace, kind=through(trace.kind, Kind.FILTER))
    yield from relation.influences
