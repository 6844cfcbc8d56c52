"""The log: commits, and the changes that they are made of (read back from the rows)."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from graph.chain import micros, moment_of, next_commit
from graph.guard import number_of
from ontology.resource import At, Change, ChangeSet, Commit

COLUMNS = "number, at, actor, source, reason, changes, content, parent, hash, key"


def _commit(row: Sequence[Any]) -> Commit:
    number, at, *words = row
    return Commit(number, moment_of(at), *words)


def head(db: sqlite3.Connection) -> Commit | None:
    row = db.execute(f"SELECT {COLUMNS} FROM log ORDER BY number DESC LIMIT 1").fetchone()
    return _commit(row) if row else None


def first_of_keys(db: sqlite3.Connection, beginning: str) -> Commit | None:
    row = db.execute(
        f"SELECT {COLUMNS} FROM log WHERE key >= ? AND key < ? ORDER BY number LIMIT 1",
        (beginning, beginning + chr(0x10FFFF)),
    ).fetchone()
    return _commit(row) if row else None


def commit_of_key(db: sqlite3.Connection, key: str) -> Commit | None:
    row = db.execute(f"SELECT {COLUMNS} FROM log WHERE key = ?", (key,)).fetchone()
    return _commit(row) if row else None


def commits(db: sqlite3.Connection, after: int, until: int | None, limit: int) -> list[Commit]:
    bound = "" if until is None else f"AND number <= {until:d}"
    rows = db.execute(
        f"SELECT {COLUMNS} FROM log WHERE number > ? {bound} ORDER BY number LIMIT ?",
        (after, limit),
    )
    return [_commit(row) for row in rows]


def last_commit(db: sqlite3.Connection) -> int:
    """The number of the head; 0 where there is none."""
    (number,) = db.execute("SELECT coalesce(max(number), 0) FROM log").fetchone()
    return int(number)


def moment(db: sqlite3.Connection, at: At) -> int:
    """The commit number that `at` means."""
    number = number_of(at, last_commit(db))
    if number is None:
        assert isinstance(at, datetime)
        (number,) = db.execute(
            "SELECT coalesce(max(number), 0) FROM log WHERE at <= ?", (micros(at),)
        ).fetchone()
    return int(number)


def past(db: sqlite3.Connection, at: At) -> int | None:
    """Like `moment`, but None where it is the present."""
    if at is None:
        return None
    number = moment(db, at)
    return None if number == last_commit(db) else number


def last_claim(db: sqlite3.Connection, commit: int) -> int:
    """The id of the last claim up to and with a commit."""
    row = db.execute(
        "SELECT last_claim FROM log WHERE number <= ? ORDER BY number DESC LIMIT 1", (commit,)
    ).fetchone()
    return int(row[0]) if row else 0


CHANGES = """
SELECT c.since, 'claim', r.name, lower(hex(c.digest))
  FROM claim c JOIN resource r ON r.number = c.resource
  WHERE c.id > :first AND c.id <= :last
UNION ALL
SELECT c.until, 'withdraw', r.name, ''
  FROM claim c JOIN resource r ON r.number = c.resource JOIN source s ON s.id = c.source
  WHERE c.until > :after AND c.until <= :until
    AND NOT EXISTS (SELECT 1 FROM claim d JOIN source t ON t.id = d.source
                    WHERE d.resource = c.resource AND d.since = c.until AND t.name = s.name)
    AND NOT EXISTS (SELECT 1 FROM purge p WHERE p.number = c.until AND p.resource = c.resource)
UNION ALL
SELECT a.number, a.action, r.name, lower(hex(a.digest))
  FROM called a JOIN resource r ON r.number = a.name
  WHERE a.number > :after AND a.number <= :until
UNION ALL
SELECT p.number, 'purge', r.name, ''
  FROM purge p JOIN resource r ON r.number = p.resource
  WHERE p.number > :after AND p.number <= :until
ORDER BY 1, 2, 3, 4
"""


def changes(db: sqlite3.Connection, after: int, until: int) -> list[Change]:
    """The lines of the commits in (after, until], by commit, action, name and digest."""
    sources = dict(
        db.execute(
            "SELECT number, source FROM log WHERE number > ? AND number <= ?", (after, until)
        )
    )
    bounds = {
        "after": after,
        "until": until,
        "first": last_claim(db, after),
        "last": last_claim(db, until),
    }
    return [
        Change(number, name, action, sources.get(number, ""), digest)
        for number, action, name, digest in db.execute(CHANGES, bounds)
    ]


def append(
    db: sqlite3.Connection, before: Commit | None, changes: ChangeSet, lines: Sequence[Change]
) -> Commit:
    """Add the commit to the log."""
    made = next_commit(before, changes, lines)
    insert(db, made)
    return made


def insert(db: sqlite3.Connection, made: Commit) -> None:
    """Add the commit's own row."""
    db.execute(
        "INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
        "(SELECT coalesce(max(id), 0) FROM claim), "
        "(SELECT coalesce(max(number), 0) FROM resource))",
        (
            made.number, micros(made.at), made.actor, made.source, made.reason, made.changes,
            made.content, made.parent, made.hash, made.key,
        ),
    )  # fmt: skip
