"""Derivations compared: what jobs and views no longer write, and what they compute otherwise.

Fields that are written otherwise change their *values*, as a job whose logic changes
(domain/spreading.md, `writes`); what nothing writes any more is gone for those who use it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256

import sqlglot
from sqlglot import TokenType
from sqlglot.errors import SqlglotError

from api.gate.change import Changed, Changes
from ingest.source import Place, Record
from ingest.sql.dialect import Dialect
from ontology.model import Kind
from ontology.naming import dataset_of
from ontology.problem import Problem
from ontology.resource import ResourceId

_AS_WRITTEN = frozenset((TokenType.STRING, TokenType.NATIONAL_STRING, TokenType.RAW_STRING))
_LINE = re.compile(r"（第 \d+ 行 .* near line \d+）$")
DERIVED = ("fieldDerivedFrom", "datasetDerivedFrom")


@dataclass(slots=True)
class Derivations:
    """Field or dataset → its origins, each with how it is derived; and where that is said."""

    found: dict[ResourceId, dict[ResourceId, tuple[str, str]]] = field(default_factory=dict)
    places: dict[ResourceId, Place] = field(default_factory=dict)
    texts: dict[ResourceId, list[tuple[str, Place]]] = field(default_factory=dict)
    """Dataset → the `wording` of each script (or view) that writes it, and where that is."""

    @classmethod
    def of(
        cls, records: Iterable[Record], among: Container[ResourceId] | None = None
    ) -> Derivations:
        """From the claims of a source; `among`: only these datasets and their fields."""
        made = cls()
        for record in records:
            id = record.claim.resource
            if among is not None and (dataset_of(id) or id) not in among:
                continue
            for link in record.claim.links:
                if link.type in DERIVED:
                    how = (
                        str(link.properties.get("derivation", "")),
                        str(link.properties.get("rule", "")),
                    )
                    origins = made.found.setdefault(id, {})
                    origins[link.target] = _both(origins.get(link.target), how)
                    made.places.setdefault(id, record.place)
        return made


def _both(known: tuple[str, str] | None, how: tuple[str, str]) -> tuple[str, str]:
    """Several jobs may derive one field from one origin."""
    if known is None or known == how:
        return how
    kinds, rules = (
        sorted({*a.split("; "), *b.split("; ")}) for a, b in zip(known, how, strict=True)
    )
    return "; ".join(kinds), "; ".join(rules)


def compared(old: Derivations, new: Derivations) -> Changes:
    """What vanishes and what changes; what appears is only noted, for nobody uses it yet."""
    changed = tuple(_changed(old, new))
    told = {change.resource for change in changed}
    changed = (*changed, *_worded(old, new, told))
    appeared = [id for id in new.found if id not in old.found]
    notes = [f"新增派生 / new derivation: {id} ← {'、'.join(new.found[id])}" for id in appeared]
    return Changes(changed, notes=tuple(notes))


def _changed(old: Derivations, new: Derivations) -> Iterator[Changed]:
    for id, origins in old.found.items():
        now, table = new.found.get(id), dataset_of(id)
        if now is None:
            # Where nothing writes the dataset either, that is told once, of the dataset.
            if table is None or table in new.found or table not in old.found:
                place = new.places.get(table or id) or old.places[id]
                yield Changed(id, Kind.REMOVE, place, "不再写入 / no longer written")
            continue
        if table is None:  # fields, where they are known, tell it more closely
            differs = now.keys() != origins.keys() and not _fields(id, old, new)
        else:
            differs = now != origins
        if differs:
            yield Changed(id, Kind.VALUES, new.places[id], _told(origins, now))


def _worded(old: Derivations, new: Derivations, told: Container[ResourceId]) -> Iterator[Changed]:
    """Datasets that are written by statements that say something else: another kind of join,
    DISTINCT, HAVING, a constant, a TRUNCATE before. Beside a column that is told, too: the one
    may hide the other."""
    for id, before in old.texts.items():
        after = new.texts.get(id, [])
        if id not in told and Counter(w for w, _ in before) != Counter(w for w, _ in after):
            same = {wording for wording, _ in before}
            place = next((p for w, p in after if w not in same), (after or before)[0][1])
            note = "语句改变（粗略）/ other statements (coarse)"
            yield Changed(id, Kind.VALUES, place, note)


def wording(text: str, dialect: Dialect) -> str:
    """A digest of what SQL says, whatever its comments, spaces and case."""
    try:
        tokens = sqlglot.tokenize(text, read=dialect.grammar)
        words = [t.text if t.token_type in _AS_WRITTEN else t.text.upper() for t in tokens]
        words = [f"{t.token_type} {word}" for t, word in zip(tokens, words, strict=True)]
    except SqlglotError:
        words = text.split()
    return sha256("\n".join(words).encode()).hexdigest()


def _fields(dataset: ResourceId, *sides: Derivations) -> bool:
    """Whether fields of the dataset tell the same more closely."""
    return any(dataset_of(id) == dataset for side in sides for id in side.found)


def _told(old: dict[ResourceId, tuple[str, str]], new: dict[ResourceId, tuple[str, str]]) -> str:
    gone = [f"－{id}" for id in old if id not in new]
    come = [f"＋{id}" for id in new if id not in old]
    other = [
        f"{id}: {' '.join(old[id])} → {' '.join(new[id])}"
        for id in old
        if id in new and old[id] != new[id]
    ]
    return "派生改变 / derived otherwise: " + "；".join((*gone, *come, *other))[:500]


def differing(old: Iterable[Problem], new: Iterable[Problem]) -> Iterator[Problem]:
    """Problems of one state that the other does not have, or not as often: only what cannot be
    read in both alike, whole and as many times, has not changed."""
    before, after = ([(_said(p), p) for p in side] for side in (old, new))
    for side, other in ((after, before), (before, after)):
        left = Counter(key for key, _ in other)
        for key, problem in side:
            if left[key]:
                left[key] -= 1
            else:
                yield problem


def _said(problem: Problem) -> tuple[str, ...]:
    """What makes two problems one; the statement may have moved to another line or file."""
    return _LINE.sub("", problem.what), problem.digest or problem.value
