"""Groups of names, and the claims held on them, at one commit or now.

`at` None means now: only open rows are looked at, which the indexes put first.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from graph.form import unpack, unpack_denial, unpack_properties
from graph.sqlite.lexicon import Lexicon, listed, names_of
from ontology.merge import asserts
from ontology.resource import (
    Claim,
    Held,
    Link,
)

Groups = Mapping[int, Sequence[int]]
"""The number that readers see → the numbers of all names of its group, itself first."""


def during(at: int | None, table: str = "") -> str:
    """SQL for "holds at that commit"; the number is our own, never a caller's text."""
    dot = f"{table}." if table else ""
    if at is None:
        return f"{dot}until IS NULL"
    return f"{dot}since <= {at:d} AND ({dot}until IS NULL OR {dot}until > {at:d})"


def is_plain(db: sqlite3.Connection) -> bool:
    """Whether no name ever stood for another, so that nobody need look for twins."""
    return db.execute("SELECT 1 FROM standin LIMIT 1").fetchone() is None


def stand_of(db: sqlite3.Connection, numbers: Iterable[int], at: int | None) -> dict[int, int]:
    """Number → the number that readers see for it."""
    numbers = list(numbers)
    stand = {n: n for n in numbers}
    stand.update(
        db.execute(
            f"SELECT name, of FROM standin WHERE {during(at)} "
            "AND name IN (SELECT value FROM json_each(?))",
            (listed(numbers),),
        )
    )
    return stand


def groups_of(db: sqlite3.Connection, canonical: Iterable[int], at: int | None) -> Groups:
    """The names of each group, given the numbers that readers see."""
    groups: dict[int, list[int]] = {n: [n] for n in canonical}
    rows = db.execute(
        f"SELECT of, name FROM standin WHERE {during(at)} "
        "AND of IN (SELECT value FROM json_each(?)) ORDER BY name",
        (listed(groups),),
    )
    for of, name in rows:
        groups[of].append(name)
    return groups


def held_on(
    db: sqlite3.Connection, lexicon: Lexicon, numbers: Iterable[int], at: int | None
) -> dict[int, list[Held]]:
    """Claims held on each of these very names, links and all."""
    rows = db.execute(
        "SELECT resource, source, since, until, type, body, denies FROM claim "
        f"WHERE {during(at)} AND resource IN (SELECT value FROM json_each(?))",
        (listed(numbers),),
    ).fetchall()
    return _held(db, lexicon, rows, at)


def _held(
    db: sqlite3.Connection,
    lexicon: Lexicon,
    rows: Sequence[tuple[int, int, int, int | None, int, str | None, str | None]],
    at: int | None,
) -> dict[int, list[Held]]:
    numbers = {row[0] for row in rows}
    names = names_of(db, numbers)
    links = links_on(db, lexicon, numbers, at)
    held: dict[int, list[Held]] = defaultdict(list)
    for number, source, since, until, kind, body, denies in rows:
        claim = Claim(
            resource=names[number],
            type=lexicon.text(db, kind) or None,
            attributes=unpack(body),
            links=tuple(links.get((number, source), ())),
            denies=unpack_denial(denies),
        )
        held[number].append(Held(claim, lexicon.source(db, source), since, until))
    return held


def links_on(
    db: sqlite3.Connection, lexicon: Lexicon, numbers: Iterable[int], at: int | None
) -> dict[tuple[int, int], list[Link]]:
    """(name, source) → the links that its claim holds."""
    links: dict[tuple[int, int], list[Link]] = defaultdict(list)
    rows = db.execute(
        "SELECT l.origin, l.source, l.type, r.name, l.properties, l.key "
        f"FROM link l JOIN resource r ON r.number = l.target WHERE {during(at, 'l')} "
        "AND l.origin IN (SELECT value FROM json_each(?))",
        (listed(numbers),),
    )
    for origin, source, kind, target, properties, key in rows:
        link = Link(lexicon.text(db, kind), target, unpack_properties(properties), key)
        links[origin, source].append(link)
    for several in links.values():
        several.sort(key=lambda link: (link.type, link.target, link.key))
    return links


def held_by_group(
    db: sqlite3.Connection, lexicon: Lexicon, groups: Groups, at: int | None
) -> dict[int, list[Held]]:
    """Claims held on each group."""
    held = held_on(db, lexicon, (n for names in groups.values() for n in names), at)
    return {
        of: [h for number in names for h in held.get(number, ())] for of, names in groups.items()
    }


def gone_from(
    db: sqlite3.Connection, lexicon: Lexicon, names: Sequence[int], at: int | None
) -> list[Held]:
    """The claims that the group held just before its last asserting claim ended."""
    bound = "" if at is None else f"AND until <= {at:d}"
    ends = db.execute(
        f"SELECT DISTINCT until FROM claim WHERE until IS NOT NULL {bound} "
        "AND resource IN (SELECT value FROM json_each(?)) ORDER BY until DESC",
        (listed(names),),
    ).fetchall()
    for (end,) in ends:
        held = [h for claims in held_on(db, lexicon, names, end - 1).values() for h in claims]
        if any(asserts(h.claim) and h.until == end for h in held):
            return held
    return []


def held_ever(
    db: sqlite3.Connection, lexicon: Lexicon, numbers: Sequence[int], after: int, limit: int
) -> list[Held]:
    """Claims on these names, past and present, in order of commit; the last commit whole."""
    asked = (
        "SELECT resource, source, since, until, type, body, denies FROM claim "
        "WHERE since {} ? AND resource IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT ?"
    )
    rows = db.execute(asked.format(">"), (after, listed(numbers), limit)).fetchall()
    if len(rows) == limit:
        last = rows[-1][2]
        rest = db.execute(asked.format("="), (last, listed(numbers), -1)).fetchall()
        rows = [row for row in rows if row[2] < last] + rest
    return [_held(db, lexicon, [row], row[2])[row[0]][0] for row in rows]
