"""Aliases: what sources claim of names, and the flattened table that readers use."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping

from graph.sqlite.lexicon import Lexicon, listed, names_of, numbers_of
from ontology.alias import HeldAlias, by_commit, settle, stand_ins
from ontology.digest import alias_digest
from ontology.resource import Alias, Change, ChangeSet, ResourceId, Source

Words = Mapping[Alias, bool | None]


def held_aliases(
    db: sqlite3.Connection, lexicon: Lexicon, numbers: Iterable[int] | None = None
) -> list[HeldAlias]:
    """Alias claims held now: those that touch these names, or all."""
    where = "until IS NULL"
    parameters: tuple[str, ...] = ()
    if numbers is not None:
        where += (
            " AND (name IN (SELECT value FROM json_each(?1))"
            " OR of IN (SELECT value FROM json_each(?1)))"
        )
        parameters = (listed(numbers),)
    rows = db.execute(
        f"SELECT name, of, source, denied, since FROM alias WHERE {where}", parameters
    ).fetchall()
    names = names_of(db, {n for row in rows for n in row[:2]})
    return [
        HeldAlias(Alias(names[name], names[of]), lexicon.source(db, source), since, None, bool(no))
        for name, of, source, no, since in rows
    ]


def said_ever(db: sqlite3.Connection, lexicon: Lexicon) -> list[HeldAlias]:
    """Every word on an alias, past ones too."""
    rows = db.execute("SELECT name, of, source, denied, since, until FROM alias").fetchall()
    names = names_of(db, {n for row in rows for n in row[:2]})
    found = [
        HeldAlias(Alias(names[n], names[of]), lexicon.source(db, source), since, until, bool(no))
        for n, of, source, no, since, until in rows
    ]
    return sorted(found, key=by_commit)


def settled(
    db: sqlite3.Connection,
    lexicon: Lexicon,
    changes: ChangeSet,
    numbers: Mapping[ResourceId, int],
) -> Words:
    """On which aliases the source's word changes, and to what."""
    if not changes.called:
        return {}
    named = {a.name for a in changes.called}
    held = held_aliases(db, lexicon, [numbers[n] for n in named if n in numbers])
    return settle(held, changes)


def call(
    db: sqlite3.Connection,
    lexicon: Lexicon,
    source: Source,
    words: Words,
    numbers: Mapping[ResourceId, int],
    commit: int,
) -> list[Change]:
    """Store the source's new words; the lines of the log."""
    lines = []
    for alias, word in words.items():
        pair = (numbers[alias.name], numbers[alias.of])
        db.execute(
            "UPDATE alias SET until = ? WHERE name = ? AND of = ? AND until IS NULL "
            "AND source IN (SELECT id FROM source WHERE name = ?)",
            (commit, *pair, source.name),
        )
        if word is not None:
            db.execute(
                "INSERT INTO alias (name, of, source, denied, since) VALUES (?, ?, ?, ?, ?)",
                (*pair, lexicon.source_made(db, source), not word, commit),
            )
        digest, action = alias_digest(alias, source), "alias" if word else "unalias"
        db.execute(
            "INSERT INTO called (number, name, action, digest) VALUES (?, ?, ?, ?)",
            (commit, pair[0], action, digest),
        )
        lines.append(Change(commit, alias.name, action, source.name, digest.hex()))
    return lines


def refresh(
    db: sqlite3.Connection,
    lexicon: Lexicon,
    words: Words,
    numbers: Mapping[ResourceId, int],
    commit: int,
) -> set[int]:
    """Bring `standin` up to what is claimed now; the names whose group changed."""
    if not words:
        return set()
    reached = {numbers[n] for alias in words for n in (alias.name, alias.of)}
    held = held_aliases(db, lexicon, reached)
    known = dict(numbers)
    while True:  # follow chains until no further name appears
        known.update(_numbers(db, held, known))
        further = {known[n] for h in held for n in (h.alias.name, h.alias.of)}
        if further <= reached:
            break
        reached |= further
        held = held_aliases(db, lexicon, reached)
    standing = dict(
        db.execute(
            "SELECT name, of FROM standin WHERE until IS NULL "
            "AND name IN (SELECT value FROM json_each(?))",
            (listed(reached),),
        )
    )
    wanted = {known[name]: known[of] for name, of in stand_ins(held).items()}
    return _stand(db, standing, wanted, commit)


def refresh_all(db: sqlite3.Connection, lexicon: Lexicon, commit: int) -> set[int]:
    """The same for every name: a repair."""
    held = held_aliases(db, lexicon)
    known = _numbers(db, held, {})
    wanted = {known[name]: known[of] for name, of in stand_ins(held).items()}
    standing = dict(db.execute("SELECT name, of FROM standin WHERE until IS NULL"))
    return _stand(db, standing, wanted, commit)


def _stand(
    db: sqlite3.Connection, standing: Mapping[int, int], wanted: Mapping[int, int], commit: int
) -> set[int]:
    """Close and open stand-ins so that `wanted` holds; the names whose group changed."""
    moved: set[int] = set()
    for name in standing.keys() | wanted.keys():
        before, after = standing.get(name), wanted.get(name)
        if before == after:
            continue
        moved |= {n for n in (name, before, after) if n is not None}
        db.execute("UPDATE standin SET until = ? WHERE name = ? AND until IS NULL", (commit, name))
        if after is not None:
            db.execute(
                "INSERT OR REPLACE INTO standin (name, of, since) VALUES (?, ?, ?)",
                (name, after, commit),
            )
    return moved


def _numbers(
    db: sqlite3.Connection, held: Iterable[HeldAlias], known: Mapping[ResourceId, int]
) -> dict[ResourceId, int]:
    return numbers_of(db, {n for h in held for n in (h.alias.name, h.alias.of)} - known.keys())
