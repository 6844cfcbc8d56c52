"""Two states of SQL jobs compared, read and bound as `mulu ingest sql` does it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from api.gate.change import Changes
from api.gate.derivation import Derivations, compared, differing
from api.gate.state import path_of
from ingest.source import Options, Place, Record, Unread
from ingest.sources import sql as jobs
from ontology.model import Ontology
from ontology.problem import Problem


def sql_changes(old: Path, new: Path, options: Options, ontology: Ontology) -> Changes:
    """Derivations that vanish or change between two folders of jobs (or two scripts)."""
    options = replace(options, source="gate")
    read = [list(_read(target, options, ontology)) for target in (old, new)]
    before, after = (Derivations.of(r for r in side if isinstance(r, Record)) for side in read)
    problems = ([p for p in side if isinstance(p, Problem)] for side in read)
    found = compared(before, after)
    return replace(found, unread=tuple(differing(*problems)))


def _read(target: Path, options: Options, ontology: Ontology) -> Iterator[Record | Problem]:
    """Records with the path that the build knows, and what could not be read."""
    for item in jobs.open(str(target), options, ontology).read():
        if isinstance(item, Record):
            place = item.place
            yield replace(item, place=Place(path_of(target, place.file), row=place.row))
        elif isinstance(item, Problem):
            yield replace(item, file=path_of(target, item.file))
        elif isinstance(item, Unread):
            yield Problem(item.why, file=path_of(target, item.place.file), rule="sql")
