"""Two states of SQL jobs compared, read and bound as `mulu ingest sql` does it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from api.gate.change import Changes
from api.gate.derivation import Derivations, compared, differing, wording
from api.gate.state import path_of
from ingest.source import Options, Place, Record, Unread
from ingest.sources import sql as jobs
from ingest.sql.binding import dialects_for
from ingest.sql.files import scripts, text_of
from ontology.model import Ontology
from ontology.problem import Problem


def sql_changes(old: Path, new: Path, options: Options, ontology: Ontology) -> Changes:
    """Derivations that vanish or change between two folders of jobs (or two scripts)."""
    options = replace(options, source="gate")
    read = [list(_read(target, options, ontology)) for target in (old, new)]
    before, after = (
        _derivations([r for r in side if isinstance(r, Record)], _wordings(target, options))
        for target, side in zip((old, new), read, strict=True)
    )
    problems = ([p for p in side if isinstance(p, Problem)] for side in read)
    found = compared(before, after)
    return replace(found, unread=tuple(differing(*problems)))


def _derivations(records: list[Record], wordings: Mapping[str, str]) -> Derivations:
    """Their derivations, and the wording of the script behind each dataset that is written."""
    made = Derivations.of(records)
    for record in records:
        for link in record.claim.links:
            if link.type == "writes":
                said = (wordings[record.place.file], record.place)
                made.texts.setdefault(link.target, []).append(said)
    return made


def _wordings(target: Path, options: Options) -> dict[str, str]:
    """Script → what it says."""
    texts = {
        script.name: item
        for script in scripts(target)
        for item in text_of(script, options.encoding)
        if isinstance(item, str)
    }
    return {
        path_of(target, name): wording(texts[name], dialect)
        for dialect, names in dialects_for(options, texts).items()
        for name in names
    }


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
