"""Erase what was said of some resources, for good and on the record."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from graph.chain import LEDGER
from graph.guard import nothing_known
from graph.sqlite.group import groups_of, stand_of
from graph.sqlite.lexicon import Lexicon, listed, names_of
from graph.sqlite.log import append, head
from graph.sqlite.merged import remerge
from ontology.model import Ontology
from ontology.resource import Change, ChangeSet, Commit, ResourceId


def purge(
    db: sqlite3.Connection,
    lexicon: Lexicon,
    ontology: Ontology,
    ids: Sequence[ResourceId],
    actor: str,
    reason: str,
) -> Commit:
    """Bodies, evidence and identifiers go, under all names of each resource; class, links
    as numbers, denials, digests and intervals stay, so that the chain verifies."""
    stand = stand_of(db, lexicon.numbers(db, set(ids)).values(), None)
    numbers = [n for names in groups_of(db, set(stand.values()), None).values() for n in names]
    if not numbers:
        raise nothing_known(ids)
    before = head(db)
    now = before.number + 1 if before else 1
    erase(db, lexicon, ontology, numbers, now)
    names = names_of(db, numbers)
    lines = [Change(now, names[n], "purge", LEDGER.name, "") for n in numbers]
    return append(db, before, ChangeSet(actor, LEDGER, reason), lines)


def erase(
    db: sqlite3.Connection, lexicon: Lexicon, ontology: Ontology, numbers: Sequence[int], now: int
) -> None:
    """Take the bodies away from the claims on these names, and end them."""
    wanted = {"names": listed(numbers), "now": now}
    among = "IN (SELECT value FROM json_each(:names))"
    db.execute(
        f"UPDATE claim SET body = NULL, until = coalesce(until, :now) WHERE resource {among}",
        wanted,
    )
    db.execute(
        f"UPDATE link SET properties = NULL, until = coalesce(until, :now) WHERE origin {among}",
        wanted,
    )
    db.execute(f"DELETE FROM identifier WHERE resource {among}", wanted)
    db.executemany(
        "INSERT INTO purge (number, resource) VALUES (?, ?)", [(now, n) for n in numbers]
    )
    remerge(db, lexicon, ontology, numbers, now)
