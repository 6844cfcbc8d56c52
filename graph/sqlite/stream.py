"""Long readings, in pieces: no read transaction stays open while the reader thinks."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from graph.form import unpack_properties
from graph.numbered import AliasInterval, Numbered, RawEdge
from graph.page import families
from graph.sqlite.group import during
from graph.sqlite.lexicon import Lexicon, listed, numbers_of
from graph.sqlite.log import last_claim
from graph.sqlite.view import read
from graph.views import ALIAS, LIVING, PLACEHOLDER, PROVISIONAL, RETIRED
from ontology.changes import job_in, literals_in
from ontology.model import Direction, Ontology
from ontology.resource import Resource, ResourceId
from ontology.viewer import rank_of

PIECE = 500
"""Resources read at a time."""
ROWS = 4_000
"""Names and origins of links read at a time."""


def scan_piece(
    db: sqlite3.Connection,
    lexicon: Lexicon,
    ontology: Ontology,
    type: str | None,
    after: str,
    at: int | None,
) -> tuple[list[Resource], str | None]:
    """Living resources behind a name, in order, and the name to go on from (None: done).

    Ids of one family stand together in the index of names, so a class costs no index of
    its own."""
    for family in families(ontology, type):
        start, end = max(after, f"{family}:"), f"{family};"  # ";" follows ":"
        if after >= end:
            continue
        found, last = _piece(db, lexicon, ontology, type, start, end, at)
        if last is not None:
            return found, last
        if found:
            return found, end
    return [], None


def _piece(
    db: sqlite3.Connection,
    lexicon: Lexicon,
    ontology: Ontology,
    type: str | None,
    start: str,
    end: str,
    at: int | None,
) -> tuple[list[Resource], str | None]:
    now = at is None
    wanted = ""
    if now:
        wanted = f"AND state = {LIVING}"
        if type is not None:
            words = [lexicon.word(db, name) for name in ontology.descendants(type)]
            kinds = ", ".join(str(w) for w in words if w is not None)
            wanted += f" AND type IN ({kinds})"
    else:
        wanted = (
            f"AND born <= {at:d} AND NOT EXISTS (SELECT 1 FROM standin s "
            f"WHERE s.name = number AND {during(at, 's')})"
        )
    rows = db.execute(
        f"SELECT number, name FROM resource WHERE name > ? AND name < ? {wanted} "
        "ORDER BY name LIMIT ?",
        (start, end, PIECE),
    ).fetchall()
    found = read(db, lexicon, ontology, [number for number, _ in rows], at)
    living = [
        r
        for number, _ in rows
        if not (r := found[number]).placeholder
        and not r.retired
        and (type is None or ontology.is_a(r.type, type))
    ]
    return living, rows[-1][1] if len(rows) == PIECE else None


def stretch_end(db: sqlite3.Connection, after: str, size: int) -> ResourceId | None:
    """The last of the `size` names behind a name, whatever they stand for."""
    (last,) = db.execute(
        "SELECT max(name) FROM (SELECT name FROM resource WHERE name > ? ORDER BY name LIMIT ?)",
        (after, size),
    ).fetchone()
    return last if last is None else ResourceId(last)


def stretch(
    db: sqlite3.Connection, lexicon: Lexicon, ontology: Ontology, after: str, until: ResourceId
) -> list[Resource]:
    """Living resources behind a name, up to and with another, in order."""
    rows = db.execute(
        f"SELECT number FROM resource WHERE name > ? AND name <= ? AND state = {LIVING} "
        "ORDER BY name",
        (after, until),
    )
    return _read(db, lexicon, ontology, rows)


def levelled(db: sqlite3.Connection, lexicon: Lexicon) -> set[str]:
    """Classes of which anything is above the lowest level; reads every resource's row."""
    rows = db.execute("SELECT DISTINCT type, level FROM resource").fetchall()
    return {lexicon.text(db, kind) for kind, level in rows if rank_of(lexicon.text(db, level))}


def _read(
    db: sqlite3.Connection, lexicon: Lexicon, ontology: Ontology, rows: Iterable[tuple[int]]
) -> list[Resource]:
    """The resources of these numbers, in their order."""
    numbers = [number for (number,) in rows]
    found = read(db, lexicon, ontology, numbers, None)
    return [found[number] for number in numbers]


def conflicting(
    db: sqlite3.Connection,
    lexicon: Lexicon,
    ontology: Ontology,
    after: ResourceId | None,
    limit: int,
) -> list[Resource]:
    """Living resources on which sources disagree, in order of id."""
    rows = db.execute(
        "SELECT r.number FROM merged m JOIN resource r ON r.number = m.resource "
        f"WHERE m.conflict AND r.state = {LIVING} AND r.name > ? ORDER BY r.name LIMIT ?",
        (after or "", limit),
    )
    return _read(db, lexicon, ontology, rows)


COUNTED = {
    "placeholder": f"state = {PLACEHOLDER}",
    "retired": f"state = {RETIRED}",
    PROVISIONAL: f"state = {LIVING} AND weak",
}


def counted(
    db: sqlite3.Connection,
    lexicon: Lexicon,
    ontology: Ontology,
    name: str,
    after: ResourceId | None,
    limit: int,
) -> list[Resource]:
    """What is counted under a name, in order of id. Names are walked, and most are counted as
    living: an index that few readers ask for would cost every import."""
    rows = db.execute(
        f"SELECT number FROM resource WHERE {COUNTED[name]} AND name > ? ORDER BY name LIMIT ?",
        (after or "", limit),
    )
    return _read(db, lexicon, ontology, rows)


NUMBERED = f"""
SELECT r.number, r.name, c.type, c.level, c.state = {RETIRED}
  FROM resource r
  LEFT JOIN standin s ON r.state = {ALIAS} AND s.name = r.number AND s.until IS NULL
  JOIN resource c ON c.number = coalesce(s.of, r.number)
"""


def numbered_piece(
    db: sqlite3.Connection, lexicon: Lexicon, after: int, from_number: int
) -> list[Numbered]:
    """Names by number; `after` a commit, only those made or changed since."""
    if after == 0:
        rows = db.execute(
            NUMBERED + "WHERE r.number > ? ORDER BY r.number LIMIT ?", (from_number, ROWS)
        )
    else:
        rows = db.execute(
            NUMBERED
            + f"WHERE r.number IN ({TOUCHED}) AND r.number > :from ORDER BY r.number LIMIT :limit",
            {
                "after": after,
                "first": last_claim(db, after),
                "last": _last_resource(db, after),
                "from": from_number,
                "limit": ROWS,
            },
        )
    return _numbered(db, lexicon, rows)


TOUCHED = """
WITH direct (n) AS (
  SELECT number FROM resource WHERE number > :last
  UNION SELECT resource FROM claim WHERE id > :first
  UNION SELECT resource FROM claim WHERE until > :after
  UNION SELECT name FROM standin WHERE since > :after OR until > :after
  UNION SELECT of FROM standin WHERE since > :after OR until > :after),
canonical (n) AS (
  SELECT n FROM direct
  UNION SELECT s.of FROM standin s JOIN direct d ON s.name = d.n WHERE s.until IS NULL)
SELECT n FROM canonical
UNION SELECT s.name FROM standin s JOIN canonical c ON s.of = c.n WHERE s.until IS NULL
"""


def numbered_of(
    db: sqlite3.Connection, lexicon: Lexicon, numbers: Collection[int]
) -> list[Numbered]:
    """These, by number."""
    rows = db.execute(
        NUMBERED + "WHERE r.number IN (SELECT value FROM json_each(?)) ORDER BY r.number",
        (listed(sorted(numbers)),),
    )
    return _numbered(db, lexicon, rows)


def _numbered(
    db: sqlite3.Connection, lexicon: Lexicon, rows: Iterable[Sequence[Any]]
) -> list[Numbered]:
    return [
        Numbered(number, name, lexicon.text(db, kind), lexicon.text(db, level), bool(retired))
        for number, name, kind, level, retired in rows
    ]


def _last_resource(db: sqlite3.Connection, commit: int) -> int:
    row = db.execute(
        "SELECT last_resource FROM log WHERE number <= ? ORDER BY number DESC LIMIT 1", (commit,)
    ).fetchone()
    return int(row[0]) if row else 0


ORIGINS = """
SELECT resource FROM claim WHERE id > :first
UNION SELECT resource FROM claim WHERE until > :after
UNION SELECT origin FROM hidden WHERE since > :after
UNION SELECT origin FROM hidden WHERE until > :after
"""


def edges_piece(
    db: sqlite3.Connection, lexicon: Lexicon, after: int, from_origin: int
) -> tuple[list[RawEdge], int | None]:
    """Intervals of the visible links of some names, and the name to go on from."""
    if after == 0:
        (last,) = db.execute("SELECT coalesce(max(number), 0) FROM resource").fetchone()
        origins = list(range(from_origin + 1, min(from_origin + ROWS, last) + 1))
    else:
        rows = db.execute(
            f"SELECT resource FROM ({ORIGINS}) WHERE resource > :from ORDER BY 1 LIMIT :limit",
            {
                "first": last_claim(db, after),
                "after": after,
                "from": from_origin,
                "limit": ROWS,
            },
        )
        origins = [number for (number,) in rows]
    edges = _edges(db, lexicon, origins, after)
    return edges, origins[-1] if len(origins) == ROWS else None


def edges_of(
    db: sqlite3.Connection,
    lexicon: Lexicon,
    numbers: Collection[int],
    types: Collection[str],
    way: Direction,
    at: int | None,
) -> list[RawEdge]:
    """Intervals of the visible links of these types from (BACKWARD: to) these names that hold
    at a commit, or all there ever were."""
    words = [word for name in types if (word := lexicon.word(db, name)) is not None]
    near = "origin" if way is Direction.FORWARD else "target"
    held = "" if at is None else f"AND since <= {at:d} AND (until IS NULL OR until > {at:d})"
    rows = db.execute(
        f"SELECT {LINK} FROM json_each(?) n CROSS JOIN json_each(?) t CROSS JOIN link "
        f"WHERE {near} = n.value AND link.type = t.value {held}",
        (listed(sorted(numbers)), listed(words)),
    ).fetchall()
    return [edge for edge in _told(db, lexicon, rows) if edge.holds(at)]


def _edges(
    db: sqlite3.Connection, lexicon: Lexicon, origins: Sequence[int], after: int
) -> list[RawEdge]:
    rows = db.execute(
        f"SELECT {LINK} FROM link WHERE origin IN (SELECT value FROM json_each(?)) "
        "ORDER BY origin, link.type, target, link.key, since, source",
        (listed(origins),),
    ).fetchall()
    return [e for e in _told(db, lexicon, rows) if e.since > after or (e.until or 0) > after]


LINK = "origin, link.type, target, link.key, source, since, until, properties"


def _told(db: sqlite3.Connection, lexicon: Lexicon, rows: Sequence[Sequence[Any]]) -> list[RawEdge]:
    """What of these rows of `link` was shown, in their order."""
    hidings: dict[tuple[object, ...], list[tuple[int, int | None]]] = defaultdict(list)
    for *row, since, until in db.execute(
        "SELECT origin, type, target, key, source, link_since, since, until FROM hidden "
        "WHERE origin IN (SELECT value FROM json_each(?)) ORDER BY since",
        (listed(sorted({row[0] for row in rows})),),
    ):
        hidings[tuple(row)].append((since, until))
    evidence = [unpack_properties(row[7]) for row in rows]
    named = {job for p in evidence if (job := job_in(p)) is not None}
    jobs = numbers_of(db, named) if named else {}
    edges = []
    for (origin, kind, target, key, source, since, until, _), p in zip(rows, evidence, strict=True):
        hidden = hidings.get((origin, kind, target, key, source, since), ())
        job = job_in(p)
        for start, end in shown(since, until, hidden):
            edges.append(
                RawEdge(
                    origin=origin,
                    type=lexicon.text(db, kind),
                    target=target,
                    key=key,
                    derivation=str(p.get("derivation", "")),
                    job=jobs[job] if job is not None else 0,
                    source=lexicon.source(db, source).name,
                    complete=p.get("complete") is True,
                    since=start,
                    until=end,
                    literals=literals_in(p),
                )
            )
    return edges


def shown(
    since: int, until: int | None, hidden: Sequence[tuple[int, int | None]]
) -> list[tuple[int, int | None]]:
    """What is left of an interval between hidings, which come in order."""
    left: list[tuple[int, int | None]] = []
    start: int | None = since
    for begin, end in hidden:
        if start is not None and start < begin:
            left.append((start, begin))
        start = end
    if start is not None and (until is None or start < until):
        left.append((start, until))
    return left


def alias_intervals(db: sqlite3.Connection, after: int) -> list[AliasInterval]:
    rows = db.execute(
        "SELECT name, of, since, until FROM standin WHERE since > ?1 OR until > ?1 "
        "ORDER BY name, since",
        (after,),
    )
    return [AliasInterval(*row) for row in rows]
