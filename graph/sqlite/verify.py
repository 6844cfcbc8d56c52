"""Whether the file says what was committed: chain, claims, views, links, counts."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping

from graph.form import pack_merged
from graph.sqlite.group import during, groups_of, held_on
from graph.sqlite.lexicon import Lexicon, names_of
from graph.sqlite.log import changes, commits, last_commit
from graph.sqlite.merged import State, View, hidden_now, remerge, row_of, states, views
from graph.sqlite.standin import held_aliases, refresh_all
from graph.store import Flaw
from graph.views import ALIAS, PROVISIONAL, counted
from ontology.alias import stand_ins
from ontology.digest import chain_flaws, claim_digest, content_digest
from ontology.model import Ontology

PIECE = 500

Found = tuple[list[Flaw], int | None]
"""Flaws, and where to go on (None: all is checked)."""

Check = Callable[[sqlite3.Connection, Lexicon, Ontology, int], Found]
"""One piece of a check, from a place on (0: the beginning). In pieces, so that no snapshot
is held for long: the write-ahead log could not be copied back meanwhile."""


def pages(db: sqlite3.Connection, lexicon: Lexicon, ontology: Ontology, place: int) -> Found:
    """SQLite's own check of the file."""
    rows = [text for (text,) in db.execute("PRAGMA quick_check(20)") if text != "ok"]
    return [Flaw("file", text, "") for text in rows], None


def chain(db: sqlite3.Connection, lexicon: Lexicon, ontology: Ontology, place: int) -> Found:
    """Hash chain: each commit's words, and that its changes are those that are stored."""
    before = next(iter(commits(db, place - 1, place, 1)), None)
    flaws: list[Flaw] = []
    piece = commits(db, place, None, PIECE)
    for commit in piece:
        content = content_digest(changes(db, commit.number - 1, commit.number))
        found = chain_flaws(before, commit, content)
        flaws += [Flaw("chain", what, str(commit.number)) for what in found]
        before = commit
    return flaws, piece[-1].number if len(piece) == PIECE else None


def claims(db: sqlite3.Connection, lexicon: Lexicon, ontology: Ontology, place: int) -> Found:
    """Each claim that was not purged still says what its digest says."""
    flaws: list[Flaw] = []
    last = last_commit(db)
    upto = min(place + PIECE, last)
    for number in range(place + 1, upto + 1):
        rows = db.execute(
            "SELECT c.resource, c.source, c.digest FROM claim c WHERE c.body IS NOT NULL "
            "AND c.id > coalesce((SELECT last_claim FROM log WHERE number = ?1 - 1), 0) "
            "AND c.id <= (SELECT last_claim FROM log WHERE number = ?1)",
            (number,),
        ).fetchall()
        held = held_on(db, lexicon, {row[0] for row in rows}, number)
        for resource, source, digest in rows:
            told_by = lexicon.source(db, source)
            said = [h for h in held[resource] if h.source == told_by and h.since == number]
            if [claim_digest(h.claim, h.source) for h in said] != [digest]:
                where = said[0].claim.resource if said else str(resource)
                what = f"the claim of {told_by.name} is not what commit {number} took"
                flaws.append(Flaw("chain", what, where))
    return flaws, upto if upto < last else None


SPANS = """
SELECT r.name, w.text FROM link l
  JOIN resource r ON r.number = l.origin JOIN word w ON w.id = l.type
  WHERE NOT EXISTS (SELECT 1 FROM claim c
                    WHERE c.resource = l.origin AND c.source = l.source AND c.since = l.since)
     OR NOT EXISTS (SELECT 1 FROM claim c
                    WHERE c.resource = l.origin AND c.source = l.source AND c.until IS l.until)
"""


def spans(db: sqlite3.Connection, lexicon: Lexicon, ontology: Ontology, place: int) -> Found:
    """Links begin and end where claims do (what is held between, the digests tell)."""
    what = "a link of type {} begins or ends where no claim does"
    return [Flaw("links", what.format(kind), name) for name, kind in db.execute(SPANS)], None


def names(db: sqlite3.Connection, lexicon: Lexicon, ontology: Ontology, place: int) -> Found:
    """Stand-ins are what the aliases make."""
    stored = dict(
        db.execute(
            "SELECT r.name, o.name FROM standin s JOIN resource r ON r.number = s.name "
            "JOIN resource o ON o.number = s.of WHERE s.until IS NULL"
        )
    )
    wanted = stand_ins(held_aliases(db, lexicon))
    return [
        Flaw("links", "the name that readers see is not what the aliases make", name)
        for name in sorted(stored.keys() | wanted.keys())
        if stored.get(name) != wanted.get(name)
    ], None


def counts(db: sqlite3.Connection, lexicon: Lexicon, ontology: Ontology, place: int) -> Found:
    """The counts are those of the rows."""
    stored = dict(db.execute("SELECT name, count FROM tally WHERE count <> 0"))
    there = _recounted(db, lexicon)
    return [
        Flaw("merge", f"counted {stored.get(name, 0)}, but there are {there.get(name, 0)}", name)
        for name in sorted(stored.keys() | there.keys())
        if stored.get(name, 0) != there.get(name, 0)
    ], None


def _recounted(db: sqlite3.Connection, lexicon: Lexicon) -> Mapping[str, int]:
    found: Counter[str] = Counter()
    for state, kind, number in db.execute(
        "SELECT state, type, count(*) FROM resource GROUP BY state, type"
    ):
        name = counted(state, lexicon.text(db, kind))
        if name is not None:
            found[name] += number
    (weak,) = db.execute("SELECT count(*) FROM resource WHERE weak").fetchone()
    return found | ({PROVISIONAL: weak} if weak else {})


def merges(db: sqlite3.Connection, lexicon: Lexicon, ontology: Ontology, place: int) -> Found:
    """Views and hidden links of groups against their claims."""
    flawed, last = flawed_groups(db, lexicon, ontology, place)
    names = names_of(db, flawed)
    return [
        Flaw(part, what, names[of]) for of, found in flawed.items() for part, what in found
    ], last


CHECKS: tuple[Check, ...] = (pages, chain, claims, spans, names, counts, merges)


def flawed_groups(
    db: sqlite3.Connection, lexicon: Lexicon, ontology: Ontology, after: int
) -> tuple[dict[int, list[tuple[str, str]]], int | None]:
    rows = db.execute(
        "SELECT number FROM resource WHERE number > ? AND NOT EXISTS "
        f"(SELECT 1 FROM standin s WHERE s.name = number AND {during(None, 's')}) "
        "ORDER BY number LIMIT ?",
        (after, PIECE),
    ).fetchall()
    groups = groups_of(db, [number for (number,) in rows], None)
    stored = states(db, {n for names in groups.values() for n in names})
    flawed: dict[int, list[tuple[str, str]]] = {}
    for of, view in views(db, lexicon, ontology, groups).items():
        found = list(_flaws(db, lexicon, of, view, stored))
        if found:
            flawed[of] = found
    return flawed, rows[-1][0] if len(rows) == PIECE else None


def _flaws(
    db: sqlite3.Connection, lexicon: Lexicon, of: int, view: View, stored: Mapping[int, State]
) -> list[tuple[str, str]]:
    found = []
    for number in view.names:
        row = stored[number]
        wanted = row_of(view, number == of, row.changed, lambda text: lexicon.word(db, text) or 0)
        if row != wanted:
            what = "the name of an alias" if wanted.state == ALIAS else "the resource"
            found.append(("merge", f"{what} is not kept as its claims make it"))
    body = db.execute("SELECT body FROM merged WHERE resource = ?", (of,)).fetchone()
    if (body[0] if body else None) != (pack_merged(view.merged) if view.stored else None):
        found.append(("merge", "the merged view is not what its claims make"))
    if hidden_now(db, view.names) != view.hidden:
        found.append(("links", "visible links are not those that its claims make"))
    return found


# --- repair: claims and commits are never altered, what follows from them is made anew ---


def repair_names(db: sqlite3.Connection, lexicon: Lexicon, ontology: Ontology) -> None:
    """Bring stand-ins to what the aliases make, and merge the groups that this changes."""
    moved = refresh_all(db, lexicon, last_commit(db))
    remerge(db, lexicon, ontology, moved, last_commit(db))


def repair_piece(
    db: sqlite3.Connection, lexicon: Lexicon, ontology: Ontology, after: int
) -> int | None:
    """Merge flawed groups of one piece anew; where to go on."""
    flawed, place = flawed_groups(db, lexicon, ontology, after)
    if flawed:
        remerge(db, lexicon, ontology, flawed, last_commit(db))
    return place


def recount(db: sqlite3.Connection, lexicon: Lexicon) -> None:
    db.execute("DELETE FROM tally")
    db.executemany("INSERT INTO tally VALUES (?, ?)", _recounted(db, lexicon).items())
