"""The first links of many resources in one reading, as they are now.

A page of links is a few statements a resource; documents of a whole ledger need the links of
each. Where all rows of a thousand resources are few, they are read together. What that does not
hold for is left to `link.page`: hubs, past commits, and links that are partly hidden.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from graph.page import Place
from graph.sqlite.group import is_plain, stand_of
from graph.sqlite.lexicon import Lexicon, listed
from graph.sqlite.link import Asked, Kinds, Row, best, edges, kinds_of
from ontology.model import Direction
from ontology.resource import Edge

ROWS, EACH = 10_000, 20
"""Rows read together at most, or so many a resource: more are a hub's."""


def fan(
    db: sqlite3.Connection,
    lexicon: Lexicon,
    groups: Collection[Sequence[int]],
    kinds: Kinds,
    way: Direction,
    limit: int,
) -> dict[int, tuple[Edge, ...]]:
    """Of each group of names, by its first, the first links of these types; those that need a
    look of their own are left out (where one is a hub, all)."""
    asked = Asked(db, lexicon, (), way, None, is_plain(db))
    near, far = asked.ends
    words = ", ".join(str(word) for _, word in kinds)
    first = {name: names[0] for names in groups for name in names}
    room = max(ROWS, EACH * len(first))
    rows = db.execute(
        f"SELECT type, {far}, key, {near}, source, since, since, until, properties FROM link "
        f"WHERE {near} IN (SELECT value FROM json_each(?)) AND type IN ({words}) "
        "AND until IS NULL LIMIT ?",
        (listed(first), room + 1),
    ).fetchall()
    if len(rows) > room:
        return {}
    text = {word: kind for kind, word in kinds}
    of: dict[int, list[tuple[str, Row]]] = defaultdict(list)
    for word, *row in rows:
        made = Row._make(row)
        of[first[made.near]].append((text[word], made))
    partly = _hidden(db, of, way)
    ends = {row.far for placed in of.values() for _, row in placed}
    stand = {n: n for n in ends} if asked.plain else stand_of(db, ends, None)
    found: list[tuple[Place, Row]] = []
    whose: list[int] = []
    for number, placed in of.items():
        if number not in partly:
            links = _once_each(asked, placed, stand)[:limit]
            found += links
            whose += [number] * len(links)
    told: dict[int, list[Edge]] = {names[0]: [] for names in groups if names[0] not in partly}
    for number, edge in zip(whose, edges(asked, found), strict=True):
        told[number].append(edge)
    return {number: tuple(links) for number, links in told.items()}


def _once_each(
    asked: Asked, placed: Iterable[tuple[str, Row]], stand: Mapping[int, int]
) -> list[tuple[Place, Row]]:
    """Links in order: each at its lowest place, by its best row (see `link`)."""
    alike: dict[tuple[str, int, str], list[Row]] = defaultdict(list)
    for kind, row in placed:
        alike[kind, stand[row.far], row.key].append(row)
    found = [
        (Place(kind, min(row.far for row in rows), key), best(asked, rows))
        for (kind, _, key), rows in alike.items()
    ]
    return sorted(found, key=lambda one: one[0])


def near(
    db: sqlite3.Connection,
    lexicon: Lexicon,
    numbers: Sequence[int],
    types: Sequence[str],
    way: Direction,
    limit: int,
) -> dict[int, dict[str, list[int]]] | None:
    """See `graph.whole.NearStore`: read from the index alone, no link made for each."""
    kinds = kinds_of(db, lexicon, types) or ()
    if not is_plain(db) or db.execute("SELECT 1 FROM hidden LIMIT 1").fetchone():
        return None
    here, far = ("origin", "target") if way is Direction.FORWARD else ("target", "origin")
    room = max(ROWS, EACH * len(numbers))
    rows = db.execute(  # in this order; so the rows of each stand in the order of the index
        f"SELECT {here}, link.type, {far} FROM json_each(?) n CROSS JOIN link "
        f"ON {here} = n.value AND link.type IN ({', '.join(str(word) for _, word in kinds)}) "
        "AND until IS NULL LIMIT ?",
        (listed(numbers), room + 1),
    ).fetchall()
    if len(rows) > room:
        return None
    text = {word: kind for kind, word in kinds}
    found: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for start, word, end in rows:
        found[start][text[word]].append(end)
    most = max((sum(map(len, ends.values())) for ends in found.values()), default=0)
    return None if most > limit else found


def _hidden(
    db: sqlite3.Connection, of: Mapping[int, Iterable[tuple[str, Row]]], way: Direction
) -> set[int]:
    """Groups some of whose links were ever hidden."""
    if db.execute("SELECT 1 FROM hidden LIMIT 1").fetchone() is None:
        return set()
    forward = way is Direction.FORWARD
    origins = {
        number: {row.near if forward else row.far for _, row in placed}
        for number, placed in of.items()
    }
    rows = db.execute(
        "SELECT DISTINCT origin FROM hidden WHERE origin IN (SELECT value FROM json_each(?))",
        (listed({origin for ends in origins.values() for origin in ends}),),
    )
    doubtful = {origin for (origin,) in rows}
    return {number for number, ends in origins.items() if not ends.isdisjoint(doubtful)}
