"""Merged resources: from the one claim, from the stored merge, or merged for a past date."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence

from graph.form import unpack, unpack_merged
from graph.sqlite.group import gone_from, groups_of, held_by_group, is_plain, stand_of
from graph.sqlite.lexicon import Lexicon, listed, names_of, numbers_of
from graph.views import LIVING, PLACEHOLDER, RETIRED, resource
from ontology.merge import asserts, merge
from ontology.model import Ontology
from ontology.resource import Resource, ResourceId


def known(
    db: sqlite3.Connection, ids: Iterable[ResourceId], at: int | None
) -> dict[ResourceId, int]:
    """Names → numbers, of those that the ledger knew at that commit."""
    numbers = numbers_of(db, ids)
    if at is None or not numbers:
        return numbers
    born = dict(
        db.execute(
            "SELECT number, born FROM resource WHERE number IN (SELECT value FROM json_each(?))",
            (listed(numbers.values()),),
        )
    )
    return {name: n for name, n in numbers.items() if born[n] <= at}


def read_many(
    db: sqlite3.Connection,
    lexicon: Lexicon,
    ontology: Ontology,
    ids: Iterable[ResourceId],
    at: int | None,
) -> dict[ResourceId, Resource]:
    """Resources under the ids asked for; unknown ones are left out."""
    if at is None and is_plain(db):  # nobody has another name: one statement finds most
        ids = [id for id in ids if "\0" not in id]
        named = {r.id: r for r in _stored(db, lexicon, ids, by="name").values()}
        rest = [id for id in ids if id not in named]
        return named | (_read_many(db, lexicon, ontology, rest, at) if rest else {})
    return _read_many(db, lexicon, ontology, ids, at)


def _read_many(
    db: sqlite3.Connection,
    lexicon: Lexicon,
    ontology: Ontology,
    ids: Iterable[ResourceId],
    at: int | None,
) -> dict[ResourceId, Resource]:
    numbers = known(db, ids, at)
    stand = stand_of(db, numbers.values(), at)
    found = read(db, lexicon, ontology, set(stand.values()), at)
    return {id: found[stand[number]] for id, number in numbers.items()}


def read(
    db: sqlite3.Connection,
    lexicon: Lexicon,
    ontology: Ontology,
    numbers: Collection[int],
    at: int | None,
) -> dict[int, Resource]:
    """Resources by the numbers that readers see."""
    if at is not None:
        return _merged_at(db, lexicon, ontology, numbers, at)
    found = _stored(db, lexicon, numbers)
    rest = [n for n in numbers if n not in found]
    if rest:
        found |= _merged_at(db, lexicon, ontology, rest, None)
    return found


STORED = """
SELECT r.number, r.name, r.type, r.state, r.changed, c.source, c.body, m.body
  FROM resource r
  LEFT JOIN claim c ON NOT r.apart AND c.resource = r.number AND c.until IS NULL
  LEFT JOIN merged m ON r.apart AND m.resource = r.number
  WHERE r.{by} IN (SELECT value FROM json_each(?)) AND r.state <> {retired}
"""


def _stored(
    db: sqlite3.Connection, lexicon: Lexicon, wanted: Iterable[object], by: str = "number"
) -> dict[int, Resource]:
    """Those whose view needs no merge: one claim, a stored merge, or nothing ever said."""
    rows = db.execute(STORED.format(by=by, retired=RETIRED), (listed(wanted),)).fetchall()
    further = _further_names(db, [row[0] for row in rows if row[7] is not None])
    found: dict[int, Resource] = {}
    for number, name, word, state, changed, source, body, merged in rows:
        kind = lexicon.text(db, word)
        if state == PLACEHOLDER and not changed:
            found[number] = Resource(name, kind, {}, 0, number, placeholder=True)
        elif state == LIVING and body is not None:
            told = (lexicon.source(db, source).name,)
            found[number] = Resource(name, kind, unpack(body), changed, number, (), told)
        elif state == LIVING and merged is not None:
            attributes, sources, conflicts = unpack_merged(merged)
            names = further.get(number, ())
            found[number] = Resource(
                name, kind, attributes, changed, number, names, sources, conflicts
            )
    return found


def _further_names(
    db: sqlite3.Connection, numbers: Sequence[int]
) -> dict[int, tuple[ResourceId, ...]]:
    if not numbers:
        return {}
    groups = groups_of(db, numbers, None)
    names = names_of(db, (n for of, group in groups.items() for n in group[1:]))
    return {of: tuple(sorted(names[n] for n in group[1:])) for of, group in groups.items()}


def _merged_at(
    db: sqlite3.Connection,
    lexicon: Lexicon,
    ontology: Ontology,
    numbers: Iterable[int],
    at: int | None,
) -> dict[int, Resource]:
    """Resources merged from their claims: in the past, and where no view is stored."""
    groups = groups_of(db, numbers, at)
    held = held_by_group(db, lexicon, groups, at)
    names = names_of(db, (n for group in groups.values() for n in group))
    found = {}
    for of, group in groups.items():
        alone = not any(asserts(h.claim) for h in held[of])
        gone = gone_from(db, lexicon, group, at) if alone else ()
        merged = merge(names[of], held[of], ontology, gone=gone)
        found[of] = resource(
            names[of],
            merged,
            version=_version(db, group, at),
            number=of,
            names=tuple(sorted(names[n] for n in group if n != of)),
        )
    return found


def _version(db: sqlite3.Connection, group: Iterable[int], at: int | None) -> int:
    """The last commit up to `at` that touched the group: a claim or an alias of a name."""
    bound = "9223372036854775807" if at is None else f"{at:d}"
    (version,) = db.execute(
        "WITH name (n) AS (SELECT value FROM json_each(?)), touched (c) AS ("
        "SELECT since FROM claim JOIN name ON resource = n "
        "UNION ALL SELECT until FROM claim JOIN name ON resource = n "
        "UNION ALL SELECT since FROM standin s JOIN name ON s.name = n "
        "UNION ALL SELECT until FROM standin s JOIN name ON s.name = n "
        "UNION ALL SELECT since FROM standin s JOIN name ON s.of = n "
        "UNION ALL SELECT until FROM standin s JOIN name ON s.of = n) "
        f"SELECT coalesce(max(c), 0) FROM touched WHERE c <= {bound}",
        (listed(group),),
    ).fetchone()
    return int(version)


def counts(db: sqlite3.Connection) -> dict[str, int]:
    """Living resources by class, placeholders and retired ones, as they were counted."""
    return dict(db.execute("SELECT name, count FROM tally WHERE count > 0"))


def identified(
    db: sqlite3.Connection, lexicon: Lexicon, identifiers: Sequence[tuple[str, str, str]]
) -> dict[tuple[str, str, str], tuple[ResourceId, ...]]:
    """Names whose open claims carry each identifier, sorted."""
    found = {}
    for scheme, scope, value in identifiers:
        rows = db.execute(
            "SELECT DISTINCT r.name FROM identifier i JOIN resource r ON r.number = i.resource "
            "WHERE i.scheme = ? AND i.value = ? AND i.scope = ? ORDER BY r.name",
            (lexicon.word(db, scheme), value, scope),
        ).fetchall()
        if rows:
            found[scheme, scope, value] = tuple(name for (name,) in rows)
    return found
