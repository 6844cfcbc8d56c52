"""The first links of many resources in one reading: now, where no name stands for another.

A page of links is a few statements a resource; documents of a whole ledger need the links of
each. Where all rows of a thousand resources are few, they are read together. What that does not
hold for is left to `link.page`: hubs, past commits, aliases, and links that are partly hidden.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from graph.page import Place
from graph.sqlite.group import is_plain
from graph.sqlite.lexicon import Lexicon, listed
from graph.sqlite.link import Asked, Kinds, Row, best, edges, kinds_of
from ontology.model import Direction
from ontology.resource import Edge, ResourceId

ROWS, EACH = 10_000, 20
"""Rows read together at most, or so many a resource: more are a hub's."""


def fan(
    db: sqlite3.Connection,
    lexicon: Lexicon,
    numbers: Sequence[int],
    kinds: Kinds,
    way: Direction,
    limit: int,
) -> dict[int, tuple[Edge, ...]]:
    """By resource, its first links of these types; resources that need a look of their own
    are left out (of a hub none can be read this way)."""
    asked = Asked(db, lexicon, (), way, None, True)
    near, far = asked.ends
    words = ", ".join(str(word) for _, word in kinds)
    room = max(ROWS, EACH * len(numbers))
    rows = db.execute(
        f"SELECT type, {far}, key, {near}, source, since, since, until, properties FROM link "
        f"WHERE {near} IN (SELECT value FROM json_each(?)) AND type IN ({words}) "
        "AND until IS NULL LIMIT ?",
        (listed(numbers), room + 1),
    ).fetchall()
    if len(rows) > room:
        return {}
    text = {word: kind for kind, word in kinds}
    of: dict[int, list[tuple[Place, Row]]] = defaultdict(list)
    for word, *row in rows:
        made = Row._make(row)
        of[made.near].append((Place(text[word], made.far, made.key), made))
    partly = _hidden(db, of, way)
    found = []
    for number, placed in of.items():
        if number not in partly:
            placed.sort(key=lambda one: one[0])
            alike = groupby(placed, key=lambda one: one[0])
            first = [(place, best(asked, [row for _, row in same])) for place, same in alike]
            found += first[:limit]
    told: dict[int, list[Edge]] = {number: [] for number in numbers if number not in partly}
    for (_, row), edge in zip(found, edges(asked, found), strict=True):
        told[row.near].append(edge)
    return {number: tuple(links) for number, links in told.items()}


def near(
    db: sqlite3.Connection,
    lexicon: Lexicon,
    ids: Sequence[ResourceId],
    types: Sequence[str],
    way: Direction,
    limit: int,
) -> dict[ResourceId, dict[str, list[ResourceId]]] | None:
    """See `graph.whole.NearStore`: names alone, joined by the engine, no link made for each."""
    kinds = kinds_of(db, lexicon, types) or ()
    if not is_plain(db) or db.execute("SELECT 1 FROM hidden LIMIT 1").fetchone():
        return None
    here, far = ("origin", "target") if way is Direction.FORWARD else ("target", "origin")
    room = max(ROWS, EACH * len(ids))
    rows = db.execute(  # in this order; so the rows of each stand in the order of the index
        "SELECT n.name, l.type, f.name FROM json_each(?) j "
        "CROSS JOIN resource n ON n.name = j.value "
        f"CROSS JOIN link l ON l.{here} = n.number "
        f"AND l.type IN ({', '.join(str(word) for _, word in kinds)}) AND l.until IS NULL "
        f"CROSS JOIN resource f ON f.number = l.{far} LIMIT ?",
        (listed(id for id in ids if "\0" not in id), room + 1),
    ).fetchall()
    if len(rows) > room:
        return None
    text = {word: kind for kind, word in kinds}
    found: dict[ResourceId, dict[str, list[ResourceId]]] = defaultdict(lambda: defaultdict(list))
    for name, word, end in rows:
        found[name][text[word]].append(end)
    most = max((sum(map(len, ends.values())) for ends in found.values()), default=0)
    return None if most > limit else found


def _hidden(
    db: sqlite3.Connection, of: Mapping[int, Iterable[tuple[Place, Row]]], way: Direction
) -> set[int]:
    """Resources some of whose links were ever hidden."""
    if db.execute("SELECT 1 FROM hidden LIMIT 1").fetchone() is None:
        return set()
    forward = way is Direction.FORWARD
    origins = {
        number: {number} if forward else {row.far for _, row in placed}
        for number, placed in of.items()
    }
    rows = db.execute(
        "SELECT DISTINCT origin FROM hidden WHERE origin IN (SELECT value FROM json_each(?))",
        (listed({origin for ends in origins.values() for origin in ends}),),
    )
    doubtful = {origin for (origin,) in rows}
    return {number for number, ends in origins.items() if not ends.isdisjoint(doubtful)}
