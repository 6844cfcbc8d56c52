"""The whole record in columns, for building the reach index: piece by piece, in numbers."""

from __future__ import annotations

import sqlite3
from collections import defaultdict

import orjson

from graph.numbered import EdgeColumns, Evidence, NodeColumns
from graph.sqlite.lexicon import Lexicon, numbers_of
from graph.sqlite.stream import shown
from ontology.changes import job_in, literals_in

NODES = 50_000
ORIGINS = 20_000
"""How many resources, and origins of links, are read at a time."""


def nodes_piece(db: sqlite3.Connection, lexicon: Lexicon, after: int) -> NodeColumns | None:
    """Resources behind a number; None behind the last. The row of an alias says the class and
    level of its group, as every other."""
    rows = db.execute(
        "SELECT number, type, level FROM resource WHERE number > ? ORDER BY number LIMIT ?",
        (after, NODES),
    ).fetchall()
    if not rows:
        return None
    number, kind, level = zip(*rows, strict=True)
    words = {word: lexicon.text(db, word) for word in {*kind, *level}}
    return NodeColumns(number, kind, level, words)


def edges_piece(
    db: sqlite3.Connection, lexicon: Lexicon, after: int
) -> tuple[EdgeColumns, int | None]:
    """Intervals of the visible links of some origins, and the origin to go on behind."""
    (last,) = db.execute("SELECT coalesce(max(number), 0) FROM resource").fetchone()
    end = min(after + ORIGINS, last)
    rows = db.execute(
        "SELECT origin, type, target, key, source, since, until, properties FROM link "
        "WHERE origin > ? AND origin <= ? ORDER BY origin, type, target, key, since, source",
        (after, end),
    ).fetchall()
    hidden = _hidden(db, after, end)
    if hidden:
        rows = [
            (*row[:5], since, until, row[7])
            for row in rows
            for since, until in shown(row[5], row[6], hidden.get(row[:6], ()))
        ]
    columns = list(zip(*rows, strict=True)) or [()] * 8
    origin, kind, target, key, source, since, until, properties = columns
    return EdgeColumns(
        origin, kind, target, key, source, since, until,
        _evidence(db, properties),
        {word: lexicon.text(db, word) for word in set(kind)},
        {number: lexicon.source(db, number).name for number in set(source)},
    ), end if end < last else None  # fmt: skip


def _hidden(
    db: sqlite3.Connection, after: int, end: int
) -> dict[tuple[object, ...], list[tuple[int, int | None]]]:
    found: dict[tuple[object, ...], list[tuple[int, int | None]]] = defaultdict(list)
    for *row, since, until in db.execute(
        "SELECT origin, type, target, key, source, link_since, since, until FROM hidden "
        "WHERE origin > ? AND origin <= ? ORDER BY since",
        (after, end),
    ):
        found[tuple(row)].append((since, until))
    return found


def _evidence(db: sqlite3.Connection, properties: tuple[str | None, ...]) -> dict[int, Evidence]:
    """What is known of each derivation; columns of one job repeat it, so it is read once."""
    stored = {text for text in properties if text}
    read = {text: orjson.loads(text) for text in stored}
    jobs = {text: job for text, p in read.items() if (job := job_in(p)) is not None}
    numbers = numbers_of(db, set(jobs.values())) if jobs else {}
    known = {
        text: Evidence(
            str(p.get("derivation", "")),
            numbers[jobs[text]] if text in jobs else 0,
            p.get("complete") is True,
            literals_in(p),
        )
        for text, p in read.items()
    }
    return {place: known[text] for place, text in enumerate(properties) if text}
