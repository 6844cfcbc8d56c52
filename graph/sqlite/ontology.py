"""Take on an ontology: refuse to lose what is stored."""

from __future__ import annotations

import sqlite3

from graph.guard import Use, lacks, refuse_loss
from graph.sqlite.lexicon import Lexicon
from graph.sqlite.schema import is_created
from ontology.model import Ontology


def adopted(db: sqlite3.Connection, lexicon: Lexicon, ontology: Ontology) -> bool:
    """Whether the tables are there; False asks for `create`. Raises OntologyError, with a
    count, if stored claims use what the ontology lacks."""
    if not is_created(db):
        return False
    uses = [Use(*row) for row in db.execute("SELECT kind, name, owner FROM use")]
    lost = {use: _count(db, lexicon, use) for use in uses if lacks(ontology, use)}
    refuse_loss({use: count for use, count in lost.items() if count})
    return True


def _count(db: sqlite3.Connection, lexicon: Lexicon, use: Use) -> int:
    """How many claims, past ones too, use it."""
    if use.kind == "class":
        sql = "SELECT count(*) FROM claim c JOIN word w ON w.id = c.type WHERE w.text = :name"
    elif use.kind == "link":
        sql = (
            "SELECT count(*) FROM (SELECT DISTINCT origin, source FROM link l "
            "JOIN word w ON w.id = l.type WHERE w.text = :name)"
        )
    else:
        of_owner = (
            "w.text = '' AND r.name > :owner AND r.name < replace(:owner, ':', ';')"
            if use.owner.endswith(":")
            else "w.text = :owner"
        )
        sql = (
            "SELECT count(*) FROM claim c JOIN word w ON w.id = c.type "
            f"JOIN resource r ON r.number = c.resource WHERE {of_owner} "
            "AND EXISTS (SELECT 1 FROM json_each(c.body) WHERE key = :name)"
        )
    (count,) = db.execute(sql, {"name": use.name, "owner": use.owner}).fetchone()
    return int(count)
