"""Lists of a tantivy index in the order of several columns, from a place on."""

from __future__ import annotations

from tantivy import DocAddress
from tantivy import Order as Direction

from search import clause as clauses
from search.tantivy_engine import Engine, View

Key = tuple[int, ...]


def in_order(
    engine: Engine,
    view: View,
    clause: clauses.Clause,
    columns: tuple[str, ...],
    way: Direction,
    after: Key | None,
    size: int,
) -> list[tuple[Key, DocAddress]]:
    """The first `size` documents by all columns, strictly after a key. The last column
    is unique, so whatever was added or removed since, none is left out or comes twice.
    The engine sorts by one column: documents that tie in it are sorted among
    themselves, and those that tie at the end of the page are asked for again."""
    first, rest = columns[0], columns[1:]
    found: list[tuple[Key, DocAddress]] = []

    def tied(value: int, behind: Key | None) -> None:
        same = _narrowed(clause, clauses.Between(first, value, value))
        keys = in_order(engine, view, same, rest, way, behind, size - len(found))
        found.extend(((value, *key), address) for key, address in keys)

    if after is not None:
        if rest:
            tied(after[0], after[1:])
        clause = _beyond(clause, first, after[0], way)
    while (wanted := size - len(found)) > 0:
        hits = view.searcher.search(
            engine.query(clause), wanted + 1, count=False, order_by_field=first, order=way
        ).hits
        cut = hits[-1][0] if len(hits) > wanted and rest else None
        whole = [address for value, address in hits[:wanted] if value != cut]
        values = [column(view, name, whole) for name in columns]
        keys = list(zip(zip(*values, strict=True), whole, strict=True))
        found += sorted(keys, key=lambda k: k[0], reverse=way == Direction.Desc)
        if cut is None:
            break
        tied(cut, None)
        clause = _beyond(clause, first, cut, way)
    return found


def column(view: View, name: str, addresses: list[DocAddress]) -> list[int]:
    """The column's values of these documents."""
    return [int(value or 0) for value in view.searcher.fast_field_values(name, addresses)]


def _narrowed(clause: clauses.Clause, condition: clauses.Clause) -> clauses.Clause:
    return clauses.Bool(must=(clause,), filters=(condition,))


def _beyond(clause: clauses.Clause, column: str, value: int, way: Direction) -> clauses.Clause:
    if way == Direction.Asc:
        return _narrowed(clause, clauses.Between(column, value, None, include_low=False))
    return _narrowed(clause, clauses.Between(column, None, value, include_high=False))
