"""Tables as the ledger knows them, for scripts that change or use what they do not create.

The gate reads scripts in a worker thread; the question goes over to the event loop, and the
thread waits. What was read once is kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping

from api.gate.book import Attributes, Book
from ingest.sql.names import TableName
from ingest.sql.schema import Column, Table
from ontology.resource import ResourceId

PATIENCE = 60.0


class Standing(Mapping[str, tuple[str, ...]]):
    """Dataset id → column names in order. Must be made on the event loop and be read from
    other threads."""

    def __init__(self, book: Book) -> None:
        self._book, self._loop = book, asyncio.get_running_loop()
        self._known: dict[str, tuple[tuple[Column, ...], Attributes | None]] = {}

    def __getitem__(self, dataset: str) -> tuple[str, ...]:
        columns = self._columns(dataset)
        if not columns:
            raise KeyError(dataset)
        return tuple(column.name for column in columns)

    def __iter__(self) -> Iterator[str]:
        return (name for name, (columns, _) in self._known.items() if columns)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def table(self, dataset: ResourceId, name: TableName) -> Table | None:
        """The table under this name, as the ledger's sources last told of it; without columns
        where it is only mentioned."""
        columns, told = self._asked(dataset)
        if told is None and not columns:
            return None
        told = told or {}
        query = str(told.get("definitionSql", ""))
        return Table(name, columns, str(told.get("comment", "")), view=bool(query), query=query)

    def _columns(self, dataset: str) -> tuple[Column, ...]:
        return self._asked(dataset)[0]

    def _asked(self, dataset: str) -> tuple[tuple[Column, ...], Attributes | None]:
        """Its columns, and what is said of itself (None: not in the ledger)."""
        if dataset not in self._known:
            asked = self._ask(ResourceId(dataset))
            found = asyncio.run_coroutine_threadsafe(asked, self._loop).result(PATIENCE)
            self._known[dataset] = found
        return self._known[dataset]

    async def _ask(self, dataset: ResourceId) -> tuple[tuple[Column, ...], Attributes | None]:
        fields, told = await asyncio.gather(
            self._book.fields(dataset), self._book.resources([dataset])
        )
        columns = sorted(map(_column, fields), key=lambda c: (c.ordinal or 1 << 30, c.name))
        return tuple(columns), told.get(dataset)


def _column(told: Attributes) -> Column:
    ordinal = told.get("ordinal")
    return Column(
        name=str(told["physicalName"]),
        type=str(told.get("sqlType", "")),
        comment=str(told.get("comment", "")),
        ordinal=int(ordinal) if isinstance(ordinal, int | float) else 0,
    )
