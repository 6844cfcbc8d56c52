"""Many change sets in one transaction: the way in for millions of claims.

The commits are those that `commit` makes, one a change set. What differs is what goes with
them: the run's place and its sightings are in the same transaction, so that a load that is
killed goes on exactly behind what was kept. Durable like any commit (synchronous FULL): with
some ten thousand claims a transaction, that costs nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from graph.bulk import Loaded, Prepared
from graph.sqlite import run as runs
from graph.sqlite.commit import carry_out
from graph.sqlite.lexicon import Lexicon
from graph.sqlite.step import unpacked
from graph.store import Run
from ontology.model import Ontology
from ontology.resource import ResourceId

CACHE_MIB = 512
"""Page cache of the writer during a load: names come in any order."""


def load(
    db: sqlite3.Connection,
    lexicon: Lexicon,
    ontology: Ontology,
    prepared: Sequence[Prepared],
    run: Run,
    seen: Sequence[ResourceId],
) -> list[Loaded]:
    """Carry out the change sets, then note how far the run has come and what it saw."""
    db.execute(f"PRAGMA cache_size = -{CACHE_MIB * 1024}")
    loaded = []
    for one in prepared:
        commit, step = carry_out(db, lexicon, ontology, one.changes, unpacked(one.ready))
        new = sum(step.numbers[said.resource] not in step.own for said in step.said)
        loaded.append(Loaded(commit, new, [said.resource for said in step.said]))
    runs.save(db, run)
    if seen:
        runs.sight(db, run, lexicon.numbers(db, seen).values())
    return loaded
