"""Visible links, a page at a time: no page costs more because a resource has more links.

A link is placed by its type, the lowest number under which its other end is claimed, and
its key (graph/page.py). Rows come in that order from the index; only a row whose other
end has further names needs a look at its twins under those names.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import merge as interleave
from itertools import groupby, islice
from typing import NamedTuple

from graph.form import unpack_properties
from graph.page import Place
from graph.sqlite.group import during, groups_of, stand_of
from graph.sqlite.lexicon import Lexicon, names_of
from graph.sqlite.view import known
from graph.store import LinkPage
from ontology.model import Direction
from ontology.resource import Edge, ResourceId

AHEAD = 64
"""Rows read at a time beyond what a page seems to need."""


class Row(NamedTuple):
    """A visible row of `link`: `near` is the end that was asked for, `far` the other."""

    far: int
    key: str
    near: int
    source: int
    link_since: int
    since: int
    until: int | None
    properties: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """One resource's links, one way, at one commit."""

    db: sqlite3.Connection
    lexicon: Lexicon
    names: Sequence[int]  # of the group of the resource
    way: Direction
    at: int | None
    plain: bool  # no name ever stood for another

    @property
    def ends(self) -> tuple[str, str]:
        return ("origin", "target") if self.way is Direction.FORWARD else ("target", "origin")


Kinds = Sequence[tuple[str, int]]
"""Link types by name, with the numbers of the words."""


def page(asked: Asked, kinds: Kinds | None, start: Place | None, limit: int) -> LinkPage:
    """The first `limit` links after `start`."""
    found: list[tuple[Place, Row]] = []
    for kind, word in _met(asked) if kinds is None else kinds:
        if start is not None and kind < start.type:
            continue
        after = start if start is not None and kind == start.type else None
        for place, row in _placed(asked, kind, word, after, limit + 1 - len(found)):
            found.append((place, row))
            if len(found) > limit:
                return LinkPage(edges(asked, found[:limit]), str(found[limit - 1][0]))
    return LinkPage(edges(asked, found))


def kinds_of(db: sqlite3.Connection, lexicon: Lexicon, types: Sequence[str] | None) -> Kinds | None:
    """Link types asked for that were ever used; None: all."""
    if types is None:
        return None
    pairs = [(kind, lexicon.word(db, kind)) for kind in set(types)]
    return sorted((kind, word) for kind, word in pairs if word is not None)


def _met(asked: Asked) -> Kinds:
    """The link types that the resource has."""
    near, _ = asked.ends
    words: set[int] = set()
    for name in asked.names:  # leap from type to type in the index
        rows = asked.db.execute(
            f"WITH RECURSIVE t (word) AS (SELECT min(type) FROM link WHERE {near} = ?1 "
            f"UNION ALL SELECT (SELECT min(type) FROM link WHERE {near} = ?1 AND type > word) "
            "FROM t WHERE word IS NOT NULL) SELECT word FROM t WHERE word IS NOT NULL",
            (name,),
        )
        words |= {word for (word,) in rows}
    return sorted((asked.lexicon.text(asked.db, word), word) for word in words)


def _placed(
    asked: Asked, kind: str, word: int, after: Place | None, wanted: int
) -> Iterator[tuple[Place, Row]]:
    """Links of one type after a place, each once, at its lowest place, by its best row."""
    rows = interleave(*(_rows(asked, word, name, after, wanted) for name in asked.names))
    together = groupby(rows, key=lambda row: row[:2])  # the same place under several names
    while batch := list(islice(((place, list(same)) for place, same in together), wanted + AHEAD)):
        twins = _twin_names(asked, [far for (far, _), _ in batch])
        for (far, key), alike in batch:
            if far in twins:
                alike = _alike(asked, word, twins[far], key)
                if min(row.far for row in alike) != far:
                    continue  # it stood at an earlier place
            yield Place(kind, far, key), best(asked, alike)


def _select(asked: Asked, where: str) -> str:
    """Visible rows of one type at one name, with the interval in which they were shown: it
    begins and ends at the hidings before and after, of which there are hardly ever any."""
    near, far = asked.ends
    at = asked.at
    same = (
        "h.origin = l.origin AND h.type = l.type AND h.target = l.target AND h.key = l.key "
        "AND h.source = l.source AND h.link_since = l.since"
    )
    upto = "" if at is None else f"AND h.until <= {at:d}"
    beyond = "AND 0" if at is None else f"AND h.since > {at:d}"
    return (
        f"SELECT l.{far}, l.key, l.{near}, l.source, l.since, max(l.since, coalesce("
        f"(SELECT max(h.until) FROM hidden h WHERE {same} {upto}), 0)), coalesce("
        f"(SELECT min(h.since) FROM hidden h WHERE {same} {beyond}), l.until), l.properties "
        f"FROM link l WHERE l.{near} = ? AND l.type = ? AND {where} AND {during(at, 'l')} "
        f"AND NOT EXISTS (SELECT 1 FROM hidden h WHERE {same} AND {during(at, 'h')}) "
        f"ORDER BY l.{far}, l.key"
    )


def _rows(asked: Asked, word: int, name: int, after: Place | None, wanted: int) -> Iterator[Row]:
    """Rows of one type at one name in the order of the index, read as they are needed."""
    _, far = asked.ends
    statement = _select(asked, f"(l.{far}, l.key) > (?, ?)") + " LIMIT ?"
    place = (after.number, after.key) if after else (-1, "")
    limit = wanted + AHEAD
    while True:
        rows = asked.db.execute(statement, (name, word, *place, limit)).fetchall()
        yield from map(Row._make, rows)
        if len(rows) < limit:
            return
        place = rows[-1][:2]


def _twin_names(asked: Asked, far: Sequence[int]) -> dict[int, Sequence[int]]:
    """Other ends that have several names → all of them."""
    if asked.plain:
        return {}
    stand = stand_of(asked.db, far, asked.at)
    groups = groups_of(asked.db, set(stand.values()), asked.at)
    return {n: groups[stand[n]] for n in far if len(groups[stand[n]]) > 1}


def _alike(asked: Asked, word: int, far: Sequence[int], key: str) -> list[Row]:
    """Rows with that key between any of our names and any of the other end's."""
    statement = _select(asked, f"l.{asked.ends[1]} = ? AND l.key = ?")
    return [
        Row._make(row)
        for name in asked.names
        for number in far
        for row in asked.db.execute(statement, (name, word, number, key))
    ]


def best(asked: Asked, alike: Sequence[Row]) -> Row:
    """The highest rank, then the newest, then the first names."""

    def order(row: Row) -> tuple[int, int, int, int]:
        origin, target = row.near, row.far
        if asked.way is Direction.BACKWARD:
            origin, target = target, origin
        rank = asked.lexicon.source(asked.db, row.source).rank
        return -rank, -row.link_since, origin, target

    return min(alike, key=order)


def edges(asked: Asked, found: Sequence[tuple[Place, Row]]) -> tuple[Edge, ...]:
    """Rows as edges, with the names that readers see."""
    if not found:
        return ()
    ends = {n for _, row in found for n in (row.near, row.far)}
    stand = {n: n for n in ends} if asked.plain else stand_of(asked.db, ends, asked.at)
    names = names_of(asked.db, stand.values())
    made = []
    for place, row in found:
        near, far = names[stand[row.near]], names[stand[row.far]]
        if asked.way is Direction.BACKWARD:
            near, far = far, near
        source = asked.lexicon.source(asked.db, row.source).name
        properties = unpack_properties(row.properties)
        made.append(Edge(near, place.type, far, row.key, properties, source, row.since, row.until))
    return tuple(made)


def names_asked(
    db: sqlite3.Connection, ids: Sequence[ResourceId], at: int | None
) -> dict[ResourceId, Sequence[int]]:
    """Each known id → the numbers of all names of its group."""
    numbers = known(db, ids, at)
    stand = stand_of(db, numbers.values(), at)
    groups = groups_of(db, set(stand.values()), at)
    return {id: groups[stand[number]] for id, number in numbers.items()}
