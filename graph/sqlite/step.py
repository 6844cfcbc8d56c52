"""A change set on its way into the rows: prepared outside the lock, carried out inside."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from typing import NamedTuple

from graph.identifiers import identifiers_in, is_provisional
from graph.sqlite.group import pack, pack_denial
from graph.sqlite.lexicon import Lexicon
from ontology.changes import check, own_claims
from ontology.digest import claim_digest
from ontology.model import Ontology
from ontology.resource import ChangeSet, Claim, Commit, ResourceId, Source

PATIENT = 50
"""A change set of more resources than this is a step of an import: it lets edits pass."""


class Said(NamedTuple):
    """A claim ready to be stored."""

    claim: Claim
    digest: bytes
    body: str
    denies: str | None
    identifiers: tuple[tuple[str, str, str], ...]
    weak: bool


class Open(NamedTuple):
    """An open claim on a name: enough to tell whether a new one differs."""

    id: int
    source: int
    digest: bytes


Ready = dict[ResourceId, Said | None]
"""What the source's own claim on each name shall be; None: withdrawn."""


@dataclass(slots=True)
class Step:
    """A change set on its way through one transaction."""

    db: sqlite3.Connection
    lexicon: Lexicon
    ontology: Ontology
    changes: ChangeSet
    before: Commit | None
    next_number: int
    numbers: dict[ResourceId, int] = field(default_factory=dict)
    open: dict[int, list[Open]] = field(default_factory=dict)
    own: dict[int, Open] = field(default_factory=dict)  # the source's open claim on a name
    changed: Ready = field(default_factory=dict)
    born: list[ResourceId] = field(default_factory=list)

    @property
    def number(self) -> int:
        return self.before.number + 1 if self.before else 1


def is_patient(changes: ChangeSet) -> bool:
    """Whether it is a step of an import rather than somebody's edit."""
    return len(changes.claims) + len(changes.withdrawals) > PATIENT


def prepare(changes: ChangeSet, ontology: Ontology) -> Ready:
    """Check a change set and make its claims ready. Pure: done outside the lock. Edits
    depend on what is held, so with them it is all done inside."""
    check(changes, ontology)
    if changes.edits:
        return {}
    own = own_claims(changes, lambda _: (), lambda a, b: a == b)
    return {name: make_ready(claim, changes.source, ontology) for name, claim in own.items()}


def make_ready(claim: Claim | None, source: Source, ontology: Ontology) -> Said | None:
    if claim is None:
        return None
    return Said(
        claim,
        claim_digest(claim, source),
        pack(claim.attributes, claim.resource),
        pack_denial(claim.denies),
        identifiers_in(claim, ontology),
        is_provisional((claim,), ontology),
    )
