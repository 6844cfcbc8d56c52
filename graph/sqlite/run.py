"""Runs and sightings: what a source saw and when, outside the commits."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from graph.sqlite.lexicon import numbers_of
from graph.store import Run
from ontology.digest import instant
from ontology.resource import ResourceId

COLUMNS = "id, source, scope, started, finished, complete, seen, problems, cursor"


def save(db: sqlite3.Connection, run: Run) -> None:
    """Add a run or replace what is known of it."""
    finished = instant(run.finished) if run.finished else None
    values = (
        run.source, run.scope, instant(run.started), finished, run.complete, run.seen,
        run.problems, run.cursor,
    )  # fmt: skip
    db.execute(
        "INSERT INTO run VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, "
        "(SELECT coalesce(max(number), 0) + 1 FROM run)) ON CONFLICT (id) DO UPDATE SET "
        "(source, scope, started, finished, complete, seen, problems, cursor) = "
        "(excluded.source, excluded.scope, excluded.started, excluded.finished, "
        "excluded.complete, excluded.seen, excluded.problems, excluded.cursor)",
        (run.id, *values),
    )


def runs(db: sqlite3.Connection, source: str | None, limit: int) -> list[Run]:
    """Newest first."""
    where = "" if source is None else "WHERE source = :source"
    rows = db.execute(
        f"SELECT {COLUMNS} FROM run {where} ORDER BY started DESC, id DESC LIMIT :limit",
        {"source": source, "limit": limit},
    )
    return [
        Run(
            id,
            told_by,
            scope,
            datetime.fromisoformat(started),
            datetime.fromisoformat(finished) if finished else None,
            bool(complete),
            seen,
            problems,
            cursor,
        )
        for id, told_by, scope, started, finished, complete, seen, problems, cursor in rows
    ]


def saw(db: sqlite3.Connection, run: Run, ids: Iterable[ResourceId]) -> None:
    """Note the sightings; the run itself is saved if it is not yet."""
    if db.execute("SELECT 1 FROM run WHERE id = ?", (run.id,)).fetchone() is None:
        save(db, run)
    sight(db, run, numbers_of(db, ids).values())


def sight(db: sqlite3.Connection, run: Run, resources: Iterable[int]) -> None:
    """The same by number, for a run that is saved."""
    (number,) = db.execute("SELECT number FROM run WHERE id = ?", (run.id,)).fetchone()
    pair = (run.source, run.scope)
    db.execute("INSERT OR IGNORE INTO scope (source, scope) VALUES (?, ?)", pair)
    (scope,) = db.execute("SELECT id FROM scope WHERE source = ? AND scope = ?", pair).fetchone()
    db.executemany(
        "INSERT INTO sighting (scope, resource, run) VALUES (?, ?, ?) "
        "ON CONFLICT (scope, resource) DO UPDATE SET run = excluded.run",
        [(scope, resource, number) for resource in sorted(resources)],
    )


def unseen(
    db: sqlite3.Connection, run: Run, claimed: bool, after: int, limit: int
) -> list[tuple[int, ResourceId]]:
    """Names of the run's scope that it did not see, `claimed`: that its source still claims."""
    return db.execute(
        "SELECT r.number, r.name FROM scope o JOIN sighting g ON g.scope = o.id "
        "JOIN resource r ON r.number = g.resource "
        "WHERE o.source = ?1 AND o.scope = ?2 AND g.resource > ?4 "
        "AND g.run IS NOT (SELECT number FROM run WHERE id = ?3) "
        "AND (NOT ?6 OR EXISTS (SELECT 1 FROM claim c JOIN source s ON s.id = c.source "
        "WHERE c.resource = g.resource AND c.until IS NULL AND s.name = ?1)) "
        "ORDER BY g.resource LIMIT ?5",
        (run.source, run.scope, run.id, after, limit, claimed),
    ).fetchall()
